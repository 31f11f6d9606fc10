//! The frame of a page for whoever sits there: their name, their places, their language.

use super::{Desk, House, Seat};
use crate::pages::{Frame, Person, Place};
use crm::staff::{Actor, Right, Role};
use kernel::{Locale, sentence::say};

impl Desk {
    /// The frame every page of this person begins with; the handler adds the place and the title.
    pub fn frame(&self) -> Frame {
        let seat = Seat { session: Some(self.session.clone()), locale: self.locale, unread: self.unread };
        self.house.frame(&seat)
    }
}

impl House {
    /// The frame for a seat that may be empty.
    pub fn frame(&self, seat: &Seat) -> Frame {
        let csrf = seat.session.as_ref().map_or("", |session| session.csrf.as_str());
        let frame = Frame::new(seat.locale, self.zone.clone(), &*self.organisation, csrf);
        let Some(session) = &seat.session else { return frame };
        let actor = session.user.actor("");
        let roles: Vec<String> = actor.roles.iter().map(|role| role_name(*role, seat.locale)).collect();
        let person = Person { name: actor.name.clone(), role: roles.join(", ") };
        frame.signed_in(person, self.places(&actor)).with_unread(seat.unread)
    }

    /// The places somebody's rights open, in the order of the navigation.
    pub fn places(&self, actor: &Actor) -> Vec<Place> {
        Place::ALL.iter().copied().filter(|place| self.opens(*place, actor)).collect()
    }

    fn opens(&self, place: Place, actor: &Actor) -> bool {
        match place {
            Place::Dashboard => actor.may(Right::SeeDashboard),
            Place::Contacts => actor.may(Right::SeeContacts),
            Place::Campaigns => actor.may(Right::SeeCampaigns),
            Place::Segments => actor.may(Right::SeeSegments),
            Place::Import => actor.may(Right::ImportData),
            Place::Users => actor.may(Right::ManageUsers),
            Place::Access => actor.may(Right::ManageTokens),
            Place::Tracking => actor.may(Right::ManageTracking),
            Place::Log => actor.may(Right::SeeAudit),
            Place::Postbox => self.caught.is_some() && (actor.may(Right::SeeCampaigns) || actor.may(Right::SeeSystem)),
        }
    }
}

/// A role in the reader's language.
pub fn role_name(role: Role, locale: Locale) -> String {
    say(locale, &format!("role-{}", role.code()), None)
}

/// A right in the reader's language.
pub fn right_name(right: Right, locale: Locale) -> String {
    say(locale, &format!("right-{}", right.code()), None)
}

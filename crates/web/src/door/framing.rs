//! The frame of a page for whoever sits there: their name, their places, their language.

use super::{Desk, House, Seat};
use crate::pages::{Command, Frame, Person, Place};
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
        let commands = commands(&actor, seat.locale);
        frame.signed_in(person, self.places(&actor)).with_commands(commands).with_unread(seat.unread)
    }

    /// The places somebody's rights open, in the order of the navigation.
    pub fn places(&self, actor: &Actor) -> Vec<Place> {
        Place::ALL.iter().copied().filter(|place| self.opens(*place, actor)).collect()
    }

    fn opens(&self, place: Place, actor: &Actor) -> bool {
        match place {
            Place::Dashboard => actor.may(Right::SeeDashboard),
            Place::Agenda | Place::Contacts => actor.may(Right::SeeContacts),
            Place::Campaigns => actor.may(Right::SeeCampaigns),
            Place::Segments => actor.may(Right::SeeSegments),
            Place::Import => actor.may(Right::ImportData),
            Place::Users => actor.may(Right::ManageUsers),
            Place::Access => actor.may(Right::ManageTokens),
            Place::Tracking => actor.may(Right::ManageTracking),
            Place::Attributes => actor.may(Right::ManageAttributes),
            Place::Quality => actor.may(Right::SeeQuality),
            Place::Privacy => actor.may(Right::HandlePrivacy),
            Place::Log => actor.may(Right::SeeAudit),
            Place::Postbox => self.caught.is_some() && (actor.may(Right::SeeCampaigns) || actor.may(Right::SeeSystem)),
        }
    }
}

/// What can be done from anywhere: the right it takes, its name, where it is done, its sign.
const COMMANDS: [(Right, &str, &str, &str); 8] = [
    (Right::EditContacts, "finding-do-contact", "/kontakte/neu", "user-plus"),
    (Right::EditCampaigns, "finding-do-campaign", "/kampagnen/neu", "speakerphone"),
    (Right::EditSegments, "finding-do-segment", "/segmente/neu", "filter"),
    (Right::ImportData, "finding-do-import", "/import", "file-import"),
    (Right::SeeDashboard, "finding-do-arrange", "/?anordnen=1", "layout-dashboard"),
    (Right::SeeDashboard, "finding-do-targets", "/ziele", "target"),
    (Right::SeeDashboard, "finding-do-changes", "/veraenderungen", "trending-up"),
    (Right::ManageUsers, "finding-do-user", "/verwaltung/benutzer", "user-check"),
];

/// The commands of this person; what everybody may do to themselves comes last.
fn commands(actor: &Actor, locale: Locale) -> Vec<Command> {
    let command = |key: &str, href: &str, icon| Command { label: say(locale, key, None), href: href.into(), icon };
    let given = COMMANDS.iter().filter(|(right, ..)| actor.may(*right));
    let mut commands: Vec<Command> = given.map(|(_, key, href, icon)| command(key, href, icon)).collect();
    commands.push(command("finding-do-notifications", "/benachrichtigungen", "bell"));
    commands.push(command("shell-password", "/passwort", "lock"));
    commands
}

/// A role in the reader's language.
pub fn role_name(role: Role, locale: Locale) -> String {
    say(locale, &format!("role-{}", role.code()), None)
}

/// A right in the reader's language.
pub fn right_name(right: Right, locale: Locale) -> String {
    say(locale, &format!("right-{}", right.code()), None)
}

//! Who an event is about: the ids it carries are looked up once for a whole delivery, in the unit that records it, because
//! another request of the same browser may be in the unit before.

use super::{
    sources::Source,
    traits,
    wire::{Call, Event},
};
use crate::{
    customers::erased::{Erased, Traits},
    interactions::visitors::{self, Evidence, FirstTie, Visitor},
};
use kernel::{ContactId, EdgeId, Fault, Timestamp, VisitorId, Zone};
use std::collections::{HashMap, HashSet};
use store::{Rows, Write, values};

/// Customer numbers among the ids of a delivery.
pub type Numbers = HashMap<String, ContactId>;

/// Contacts by these customer numbers, the archived apart; served by the unique key.
pub async fn numbers(rows: &Rows, events: &[&Event]) -> Result<Numbers, Fault> {
    let ids: HashSet<&str> = events.iter().filter_map(|event| event.user_id.as_deref()).collect();
    by_name(rows, "SELECT number AS name, id FROM contact WHERE archived_at IS NULL AND number", &ids).await
}

/// Products by their article numbers; served by the unique key.
pub async fn products(rows: &Rows, skus: &HashSet<&str>) -> Result<HashMap<String, i64>, Fault> {
    let found = by_name(rows, "SELECT sku AS name, id FROM product WHERE sku", skus).await?;
    Ok(found.into_iter().map(|(sku, id)| (sku, id.0)).collect())
}

async fn by_name(rows: &Rows, select: &str, names: &HashSet<&str>) -> Result<HashMap<String, ContactId>, Fault> {
    let mut names: Vec<&str> = names.iter().copied().collect();
    names.sort_unstable();
    let found: Vec<(String, i64)> = rows.keyed(&["name", "id"], select, &names).await?;
    Ok(found.into_iter().map(|(name, id)| (name, ContactId(id))).collect())
}

/// What somebody is known as who is named by the sender's id alone.
fn known_as(user: &str) -> String {
    format!("user:{user}")
}

/// The sender's id of the person, unless it is the customer number of somebody erased: who that was is not asked again.
fn user_of<'e>(erased: &Erased, event: &'e Event) -> Option<&'e str> {
    let stays = |user: &&str| erased.trait_of(&Traits { number: user, ..Traits::default() }).is_none();
    event.user_id.as_deref().filter(stays)
}

/// Who an event turned out to be about.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Who {
    pub visitor: Option<VisitorId>,
    /// The event itself names the contact.
    pub contact: Option<ContactId>,
    /// A contact was made for it.
    pub lead: bool,
    /// It carried nothing that says who it was.
    pub nobody: bool,
}

/// Visitors and contacts of one delivery, as they become known event by event.
pub struct People<'a> {
    unit: &'a Write,
    source: &'a Source,
    numbers: &'a Numbers,
    erased: Erased,
    visitors: HashMap<String, Visitor>,
    /// Visitors of this delivery that another person took over from.
    before: Vec<Visitor>,
    /// Visitors that began in this unit and have something to be written: what the person is called by the sender.
    fresh: HashMap<VisitorId, Option<String>>,
    /// Their ties, written all at once at the end.
    ties: Vec<FirstTie>,
    /// Ties somebody took back: not asked for again.
    refused: HashSet<(VisitorId, ContactId)>,
    now: Timestamp,
    zone: &'a Zone,
}

impl<'a> People<'a> {
    /// Looks up everybody a delivery names.
    pub async fn meet(
        unit: &'a Write,
        source: &'a Source,
        numbers: &'a Numbers,
        events: &[&Event],
        zone: &'a Zone,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let users = events.iter().filter_map(|event| event.user_id.as_deref());
        let users: Vec<Traits<'_>> = users.map(|number| Traits { number, ..Traits::default() }).collect();
        let erased = Erased::among(unit, &users).await?;
        let mut wanted: HashSet<String> = HashSet::new();
        let mut needed: HashSet<String> = HashSet::new();
        for event in events {
            let user = user_of(&erased, event).filter(|user| !numbers.contains_key(*user));
            wanted.extend(user.map(known_as));
            for id in [&event.anonymous_id, &event.previous_id].into_iter().flatten() {
                if !wanted.contains(id) {
                    wanted.insert(id.clone());
                }
            }
            match (&event.anonymous_id, user) {
                (Some(id), _) => needed.insert(id.clone()),
                (None, Some(user)) => needed.insert(known_as(user)),
                (None, None) => false,
            };
        }
        let mut wanted: Vec<String> = wanted.into_iter().collect();
        wanted.sort_unstable();
        let mut visitors = visitors::present(unit, source.id, &wanted).await?;
        let mut fresh: Vec<String> = needed.into_iter().filter(|name| !visitors.contains_key(name)).collect();
        fresh.sort_unstable();
        let made = visitors::begin(unit, source.id, &fresh, now).await?;
        let fresh = made.values().map(|visitor| (visitor.id, None)).collect();
        visitors.extend(made);
        let (before, ties, refused) = (Vec::new(), Vec::new(), HashSet::new());
        Ok(Self { unit, source, numbers, erased, visitors, before, fresh, ties, refused, now, zone })
    }

    /// Takes in what an event says about its person and answers who that is. Contacts of visitors may still change with later
    /// events: ask [`People::contacts`] at the end.
    pub async fn take(&mut self, event: &Event) -> Result<Who, Fault> {
        let user = user_of(&self.erased, event);
        let mut said = self.said(event).await?;
        let mut lead = false;
        if said.is_none() && event.call == Call::Identify && self.source.switches.creates_leads {
            let named = event.anonymous_id.is_some() || event.user_id.is_some();
            if named && traits::email(event).is_some() && self.addressees(event).await?.is_empty() {
                let told = traits::told(event, false);
                let made = traits::lead(self.unit, &self.source.name, &told, self.zone, self.now).await?;
                lead = made.is_some();
                said = made.map(|contact| (contact, Evidence::Lead));
            }
        }
        let mut who = Who { lead, ..Who::default() };
        if let Some(name) = event.anonymous_id.clone() {
            who.visitor = Some(self.settle(&name, user, said).await?);
        }
        if let (Call::Alias, Some(name)) = (event.call, event.previous_id.clone())
            && self.visitors.contains_key(&name)
        {
            self.settle(&name, user, said).await?;
        }
        // An id that is no customer number and now has a contact is remembered, so that servers can use it alone.
        if let Some(user) = user.filter(|user| !self.numbers.contains_key(*user)) {
            let name = known_as(user);
            let knows = self.visitors.get(&name).is_some_and(|visitor| visitor.contact.is_some());
            if who.visitor.is_none() || (said.is_some() && !knows) {
                if !self.visitors.contains_key(&name) {
                    let made =
                        visitors::begin(self.unit, self.source.id, std::slice::from_ref(&name), self.now).await?;
                    self.fresh.extend(made.values().map(|visitor| (visitor.id, None)));
                    self.visitors.extend(made);
                }
                let id = self.settle(&name, Some(user), said).await?;
                who.visitor = who.visitor.or(Some(id));
            }
        }
        let number = event.user_id.as_ref().and_then(|user| self.numbers.get(user));
        who.contact = number.copied();
        who.nobody = who.visitor.is_none() && who.contact.is_none();
        let group = event.call == Call::Group;
        if (group || event.call == Call::Identify) && self.source.switches.fills_contacts {
            let contact = who.contact.or(said.map(|(contact, _)| contact));
            if let Some(contact) = contact.filter(|_| !lead) {
                traits::fill(self.unit, contact, &traits::told(event, group), self.zone, self.now).await?;
            }
        }
        Ok(who)
    }

    /// Writes what is left to be written; the contact a visitor belongs to now, and the edge that says so.
    pub async fn contacts(mut self) -> Result<HashMap<VisitorId, (ContactId, EdgeId)>, Fault> {
        let tied: HashSet<VisitorId> = self.ties.iter().map(|tie| tie.visitor).collect();
        self.fresh.retain(|visitor, user| user.is_some() || tied.contains(visitor));
        let edges = visitors::settle_new(self.unit, &self.fresh, &self.ties, self.now).await?;
        let edges: HashMap<VisitorId, EdgeId> = self.ties.iter().map(|tie| tie.visitor).zip(edges).collect();
        for visitor in self.before.iter_mut().chain(self.visitors.values_mut()) {
            visitor.edge = edges.get(&visitor.id).copied().or(visitor.edge);
        }
        let known = |visitor: &Visitor| Some((visitor.id, (visitor.contact?, visitor.edge?)));
        Ok(self.before.iter().chain(self.visitors.values()).filter_map(known).collect())
    }

    /// The contact an event names, and by what.
    async fn said(&self, event: &Event) -> Result<Option<(ContactId, Evidence)>, Fault> {
        if let Some(user) = &event.user_id {
            if let Some(contact) = self.numbers.get(user) {
                return Ok(Some((*contact, Evidence::CustomerNumber)));
            }
            if let Some(contact) = self.visitors.get(&known_as(user)).and_then(|visitor| visitor.contact) {
                return Ok(Some((contact, Evidence::UserId)));
            }
        }
        if event.call != Call::Identify {
            return Ok(None);
        }
        match self.addressees(event).await?.as_slice() {
            [only] => Ok(Some((ContactId(*only), Evidence::Email))),
            _ => Ok(None),
        }
    }

    /// Contacts with the e-mail address of an identify, two at most; served by `contact_email` and `contact_point_text`.
    async fn addressees(&self, event: &Event) -> Result<Vec<i64>, Fault> {
        let Some(email) = traits::email(event) else { return Ok(Vec::new()) };
        const SQL: &str = "SELECT id FROM contact WHERE email_key = $1 AND archived_at IS NULL UNION \
             SELECT c.id FROM contact_point p JOIN contact c ON c.id = p.contact_id \
             WHERE p.text_key = $1 AND p.what = 'email' AND c.archived_at IS NULL ORDER BY 1 LIMIT 2";
        self.unit.numbers(SQL, values![email.key()]).await
    }

    /// Ties a visitor to the person who was named, or begins a new one where that is somebody else.
    async fn settle(
        &mut self,
        name: &str,
        user: Option<&str>,
        said: Option<(ContactId, Evidence)>,
    ) -> Result<VisitorId, Fault> {
        let (unit, now) = (self.unit, self.now);
        let Some(visitor) = self.visitors.get_mut(name) else {
            return Err(Fault::Unreadable("a visitor of this delivery".to_owned()));
        };
        let other_contact = matches!((said, visitor.contact), (Some((new, _)), Some(old)) if new != old);
        let other_user = matches!((user, visitor.user.as_deref()), (Some(new), Some(old)) if new != old);
        let same_contact = said.is_some_and(|(contact, _)| visitor.contact == Some(contact));
        if other_contact || (other_user && !same_contact) {
            let fresh = visitors::another_person(unit, self.source.id, name, visitor.id, now).await?;
            self.fresh.insert(fresh.id, None);
            self.before.push(std::mem::replace(visitor, fresh));
        }
        if let Some(user) = user
            && visitor.user.as_deref() != Some(user)
            && !(other_user && same_contact)
        {
            match self.fresh.get_mut(&visitor.id) {
                Some(called) => (*called, visitor.user) = (Some(user.to_owned()), Some(user.to_owned())),
                None => visitors::call_by(unit, visitor, user).await?,
            }
        }
        let Some((contact, evidence)) = said.filter(|_| visitor.contact.is_none()) else { return Ok(visitor.id) };
        if self.fresh.contains_key(&visitor.id) {
            self.ties.push(FirstTie { visitor: visitor.id, contact, evidence, user: user.map(str::to_owned) });
            visitor.contact = Some(contact);
        } else if !self.refused.contains(&(visitor.id, contact))
            && !visitors::stitch(unit, visitor, contact, evidence, user, now).await?
        {
            self.refused.insert((visitor.id, contact));
        }
        Ok(visitor.id)
    }
}

//! The definitions read plainly: loops over everything, no index, no engine.

use super::drawn::{Campaign, Event, Mail, Order, World};
use crm::evaluation::Figures;
use kernel::time::DAY;
use std::collections::BTreeSet;

/// The last mail before an instant among those that fit: by when it was sent, then by its number.
fn last(world: &World, contact: i64, at: i64, fits: impl Fn(&Mail) -> bool) -> Option<&Mail> {
    let before = world.mails.iter().filter(|mail| mail.contact == contact && mail.sent.is_some_and(|sent| sent <= at));
    before.filter(|mail| fits(mail)).max_by_key(|mail| (mail.sent, mail.id))
}

fn named(event: &Event, mail: &Mail) -> bool {
    event.campaign.is_none_or(|campaign| campaign == mail.campaign)
}

/// Noted at the mail, named by a report, or the last mail before a report that names none.
fn came_back(world: &World, mail: &Mail) -> bool {
    let reported = |event: &Event| match event.message {
        Some(message) => message == mail.id,
        None => event.contact.is_some_and(|contact| {
            last(world, contact, event.at, |mail| named(event, mail)).is_some_and(|last| last.id == mail.id)
        }),
    };
    mail.bounced.is_some() || world.events.iter().any(|event| event.kind == "bounced" && reported(event))
}

fn campaign(world: &World, id: i64) -> &Campaign {
    world.campaigns.iter().find(|campaign| campaign.id == id).unwrap()
}

fn open_at(world: &World, mail: &Mail, at: i64) -> bool {
    let days = campaign(world, mail.campaign).days;
    mail.sent.is_some_and(|sent| sent <= at && at < sent + days * DAY)
}

/// Of the campaign's mails that arrived, the one an answer belongs to.
fn answered<'a>(world: &'a World, event: &Event) -> Option<&'a Mail> {
    let contact = event.contact?;
    let mail = match event.message {
        Some(id) => world.mails.iter().find(|mail| mail.id == id && mail.contact == contact)?,
        None => last(world, contact, event.at, |mail| named(event, mail) && mail.bounced.is_none())?,
    };
    (open_at(world, mail, event.at) && !came_back(world, mail)).then_some(mail)
}

fn touched<'a>(world: &'a World, order: &Order) -> Option<&'a Mail> {
    last(world, order.contact, order.at, |mail| open_at(world, mail, order.at) && !came_back(world, mail))
}

pub fn counted(world: &World, id: i64) -> Figures {
    let sent: Vec<&Mail> = world.mails.iter().filter(|mail| mail.campaign == id && mail.sent.is_some()).collect();
    let people = |kinds: &[&str], verdicts: &[&str]| {
        let mine = world.events.iter().filter(|event| event.campaign == Some(id));
        let did = mine.filter(|event| kinds.contains(&event.kind) && verdicts.contains(&event.verdict));
        did.filter_map(|event| event.contact).collect::<BTreeSet<_>>().len() as i64
    };
    let answers = world.events.iter().filter(|event| ["replied", "call_in"].contains(&event.kind));
    let answers = answers.filter(|event| event.verdict == "human").filter_map(|event| answered(world, event));
    let responded: BTreeSet<i64> = answers.filter(|mail| mail.campaign == id).map(|mail| mail.contact).collect();
    let stand: Vec<&Order> = world.orders.iter().filter(|order| !order.cancelled).collect();
    let inside = |order: &&&Order| {
        let mine = sent.iter().filter(|mail| mail.contact == order.contact && !came_back(world, mail));
        mine.into_iter().any(|mail| open_at(world, mail, order.at))
    };
    let ordered: Vec<&&Order> = stand.iter().filter(inside).collect();
    let attributed: Vec<&&Order> =
        stand.iter().filter(|order| touched(world, order).is_some_and(|mail| mail.campaign == id)).collect();
    let control: BTreeSet<i64> =
        world.control.iter().filter(|(campaign, _)| *campaign == id).map(|(_, contact)| *contact).collect();
    let Campaign { launched, days, .. } = campaign(world, id);
    let control_orders: Vec<&&Order> = stand
        .iter()
        .filter(|order| control.contains(&order.contact))
        .filter(|order| *launched <= order.at && order.at < launched + days * DAY)
        .collect();
    let buyers = |orders: &[&&Order]| orders.iter().map(|order| order.contact).collect::<BTreeSet<_>>().len() as i64;
    let worth = |orders: &[&&Order]| orders.iter().map(|order| order.worth).sum();
    let (human, not_machine) = (["human"], ["human", "unknown"]);
    Figures {
        sent: sent.len() as i64,
        bounced: sent.iter().filter(|mail| came_back(world, mail)).count() as i64,
        opened: people(&["opened", "clicked"], &human),
        clicked: people(&["clicked"], &human),
        machine_opened: people(&["opened"], &["machine"]),
        viewed: people(&["page_viewed", "product_viewed"], &human),
        responded: responded.len() as i64,
        converted: buyers(&ordered),
        unsubscribed: people(&["unsubscribed"], &not_machine),
        complained: people(&["complained"], &not_machine),
        orders: attributed.len() as i64,
        revenue: worth(&attributed),
        revenue_in_window: worth(&ordered),
        control: control.len() as i64,
        control_converted: buyers(&control_orders),
        control_revenue: worth(&control_orders),
        fixed_cost: 10_000,
        unit_cost: 10,
        margin_ppm: 500_000,
        ..Figures::default()
    }
}

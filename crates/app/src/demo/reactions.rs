//! How people reacted to the campaigns of the past: most not at all, some warmly, and machines beside them.

use super::{World, journeys::Journey, orders};
use anyhow::Result;
use crm::{
    customers,
    execution::{self, MessageState},
    intake::ImportKind,
    interactions::{Kind, NewInteraction, Reason, Verdict},
    sales::OrderImport,
    selection::freeze::{self, Fate},
};
use kernel::{
    CampaignId, ContactId, MessageId, Timestamp,
    time::{DAY, HOUR, MINUTE, SECOND},
};
use rand::Rng;
use std::collections::HashMap;

/// What a reaction can name of the mail.
pub struct Told {
    pub subject: String,
    pub url: String,
}

/// One mail that arrived, or a member of the control group that got none.
struct Recipient {
    contact: ContactId,
    message: Option<MessageId>,
    number: String,
    person: usize,
}

pub async fn draw(
    world: &mut World<'_>,
    campaign: CampaignId,
    at: Timestamp,
    pull: f64,
    journey: &Journey,
    told: &Told,
) -> Result<()> {
    let mut bookings = Vec::new();
    let mut unsubscribed = Vec::new();
    for recipient in recipients(world, campaign).await? {
        let warmth = world.people[recipient.person].warmth;
        // Without any campaign people book as well: that is what the control group shows.
        let chance =
            0.006 + warmth * 0.012 + if recipient.message.is_some() { pull * (0.5 + 1.5 * warmth) } else { 0.0 };
        let booked = world.rng.random_bool(chance.min(1.0));
        if booked {
            let after = world.rng.random_range(1..21) * DAY;
            bookings.push((recipient.number.clone(), at.plus(after)));
        }
        if recipient.message.is_some() {
            let left = mail_reactions(world, campaign, &recipient, at, warmth, booked, told);
            unsubscribed.extend(left.map(|when| (recipient.contact, when)));
        }
    }
    let unit = world.ground.db.write().await?;
    for (contact, when) in unsubscribed.into_iter().filter(|(_, when)| *when < world.now) {
        execution::withdraw_email(&unit, contact, "unsubscribe", &told.subject, when).await?;
    }
    unit.save().await?;
    book(world, campaign, bookings, journey).await
}

async fn recipients(world: &World<'_>, campaign: CampaignId) -> Result<Vec<Recipient>> {
    let positions: HashMap<&str, usize> =
        world.people.iter().enumerate().map(|(i, p)| (p.number.as_str(), i)).collect();
    let rows = world.ground.db.read().await?;
    let mut all = Vec::new();
    let lines = execution::lines(&rows, campaign, MessageState::Sent, 0, i64::MAX).await?;
    let treated = lines.into_iter().map(|line| (line.contact_id, Some(MessageId(line.id)), line.number));
    let members = freeze::members(&rows, campaign, Fate::Control, 0, i64::MAX).await?;
    let control = members.into_iter().map(|member| (member.contact_id, None, member.number));
    for (contact, message, number) in treated.chain(control) {
        if let Some(person) = positions.get(number.as_str()) {
            all.push(Recipient { contact: ContactId(contact), message, number, person: *person });
        }
    }
    Ok(all)
}

/// Draws what happened to one mail; answers when the person unsubscribed, if they did.
fn mail_reactions(
    world: &mut World<'_>,
    campaign: CampaignId,
    recipient: &Recipient,
    at: Timestamp,
    warmth: f64,
    booked: bool,
    told: &Told,
) -> Option<Timestamp> {
    let event = |kind: Kind, when: Timestamp| NewInteraction {
        campaign: Some(campaign),
        message: recipient.message,
        subject: Some(told.subject.clone()),
        ..NewInteraction::new(kind, when).of(recipient.contact)
    };
    if world.rng.random_bool(0.018) {
        world.log.push(event(Kind::Bounced, at.plus(world.rng.random_range(2..90) * SECOND)));
        return None;
    }
    if world.rng.random_bool(0.13) {
        let when = at.plus(world.rng.random_range(200..1_900) * 1_000);
        world.log.push(NewInteraction {
            verdict: Verdict::Machine,
            reasons: vec![Reason::AtHandOver],
            ..event(Kind::Opened, when)
        });
    }
    let opens = world.rng.random_bool((0.24 + 0.5 * warmth).min(0.9)) || (booked && world.rng.random_bool(0.8));
    if !opens {
        return None;
    }
    // Half of all opens fall into the first hours, the rest trails off over a week.
    let delay = (world.rng.random::<f64>().powi(4) * 7.0 * DAY as f64) as i64 + 6 * MINUTE;
    let opened = at.plus(delay);
    world.log.push(event(Kind::Opened, opened));
    if world.rng.random_bool(0.2) {
        world.log.push(event(Kind::Opened, opened.plus(world.rng.random_range(1..30) * HOUR)));
    }
    if world.rng.random_bool(0.2 + 0.25 * warmth) || (booked && world.rng.random_bool(0.7)) {
        let clicked = opened.plus(world.rng.random_range(8..70) * SECOND);
        world.log.push(NewInteraction { url: Some(told.url.clone()), ..event(Kind::Clicked, clicked) });
        for page in 0..world.rng.random_range(1..4) {
            let when = clicked.plus((2 + page * world.rng.random_range(20..140)) * SECOND);
            let visit = NewInteraction { url: Some(told.url.clone()), ..event(Kind::PageViewed, when) };
            world.log.push(visit);
        }
    }
    if world.rng.random_bool(0.02 + 0.06 * warmth) {
        let kind = if world.rng.random_bool(0.4) { Kind::Replied } else { Kind::CallIn };
        let when = opened.plus(world.rng.random_range(1..90) * HOUR);
        world.log.push(NewInteraction::new(kind, when).of(recipient.contact));
    }
    if world.rng.random_bool(0.004) {
        let when = opened.plus(20 * SECOND);
        world.log.push(event(Kind::Unsubscribed, when));
        return Some(when);
    }
    None
}

/// The bookings that followed, brought in as the ERP would export them.
async fn book(
    world: &mut World<'_>,
    campaign: CampaignId,
    bookings: Vec<(String, Timestamp)>,
    journey: &Journey,
) -> Result<()> {
    let mut lines = Vec::new();
    let zone = &world.ground.zone;
    for (n, (number, when)) in bookings.iter().filter(|(_, when)| *when < world.now).enumerate() {
        let day = zone.day(*when);
        let travellers = 1 + world.rng.random_range(0..2);
        let status = if world.rng.random_bool(0.05) { "storniert" } else { "gebucht" };
        lines.push(format!(
            "{};{number};{:02}.{:02}.{};{};{};{};{travellers};{},{:02};{status}",
            700_000 + campaign.0 * 1_000 + n as i64,
            day.day(),
            day.month(),
            day.year(),
            journey.sku,
            journey.name,
            journey.category,
            journey.price / 100,
            journey.price % 100,
        ));
    }
    if lines.is_empty() {
        return Ok(());
    }
    world.import(OrderImport, ImportKind::Orders, &format!("buchungen-{campaign}.csv"), orders::HEADER, lines).await
}

/// Contact ids of everybody in the order of the people; for what happens without a campaign.
pub async fn contacts(world: &World<'_>) -> Result<Vec<Option<ContactId>>> {
    let numbers: Vec<&str> = world.people.iter().map(|p| p.number.as_str()).collect();
    let ids = customers::ids_by_number(&world.ground.db.read().await?, &numbers).await?;
    Ok(numbers.iter().map(|number| ids.get(*number).copied()).collect())
}

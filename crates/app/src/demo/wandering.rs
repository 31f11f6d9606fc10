//! What people do when nobody writes to them: they look at pages, call, comment, and leave.

use super::{
    World,
    journeys::{CATEGORIES, JOURNEYS, Journey},
    reactions,
};
use anyhow::Result;
use crm::interactions::{Kind, NewInteraction};
use kernel::{
    ContactId, Money, Timestamp,
    time::{DAY, HOUR, MINUTE},
};
use rand::{Rng, seq::IndexedRandom};

const DAYS: i64 = 120;

pub async fn draw(world: &mut World<'_>) -> Result<()> {
    let contacts = reactions::contacts(world).await?;
    for (person, contact) in contacts.into_iter().enumerate() {
        let Some(contact) = contact else { continue };
        let (warmth, taste) = (world.people[person].warmth, world.people[person].taste);
        let visits = (warmth * 14.0 + world.rng.random_range(-0.6..1.6)).max(0.0) as usize;
        for _ in 0..visits {
            let when = moment(world);
            visit(world, contact, taste, when);
        }
    }
    Ok(())
}

/// A time of the last days, by day more often than by night, in the evening most.
fn moment(world: &mut World<'_>) -> Timestamp {
    let day = world.rng.random_range(0..DAYS);
    let hour =
        *[8, 9, 10, 11, 12, 14, 16, 17, 18, 19, 19, 20, 20, 20, 21, 21, 22].choose(&mut world.rng).unwrap_or(&20);
    let start = world.ground.zone.start_of(world.ground.zone.day(world.now.plus(-day * DAY)));
    start.plus(hour * HOUR + world.rng.random_range(0..60) * MINUTE + world.rng.random_range(0..60_000_000))
}

fn visit(world: &mut World<'_>, contact: ContactId, taste: usize, when: Timestamp) {
    let favourites: Vec<&Journey> = JOURNEYS.iter().filter(|j| j.category == CATEGORIES[taste]).collect();
    let any = world.rng.random_bool(0.25);
    let journey = if any { JOURNEYS.choose(&mut world.rng) } else { favourites.choose(&mut world.rng).copied() };
    let Some(journey) = journey else { return };
    let named = |kind: Kind, at: Timestamp| NewInteraction {
        subject: Some(journey.name.to_owned()),
        url: Some(format!("https://almara.example/reisen/{}", journey.sku.to_lowercase())),
        ..NewInteraction::new(kind, at).of(contact)
    };
    match world.rng.random_range(0..100) {
        0..70 => {
            for page in 0..world.rng.random_range(1..5) {
                let kind = if page == 0 { Kind::PageViewed } else { Kind::ProductViewed };
                world.log.push(named(kind, when.plus(page * 45_000_000)));
            }
            if world.rng.random_bool(0.12) {
                let value = Some(Money::eur(journey.price * 2));
                world.log.push(NewInteraction { value, ..named(Kind::BasketChanged, when.plus(4 * MINUTE)) });
                if world.rng.random_bool(0.7) {
                    let at = when.plus(24 * HOUR + 4 * MINUTE);
                    world.log.push(NewInteraction { value, ..named(Kind::BasketAbandoned, at) });
                }
            }
        }
        70..80 => {
            let kind = *[Kind::CallIn, Kind::CallIn, Kind::CallOut, Kind::CallMissed]
                .choose(&mut world.rng)
                .unwrap_or(&Kind::CallIn);
            world.log.push(NewInteraction::new(kind, when).of(contact));
        }
        80..93 => {
            let kind = *[Kind::Liked, Kind::Liked, Kind::Commented, Kind::Shared]
                .choose(&mut world.rng)
                .unwrap_or(&Kind::Liked);
            world.log.push(NewInteraction { url: None, ..named(kind, when) });
        }
        _ => {
            let kind = if world.rng.random_bool(0.6) { Kind::TicketOpened } else { Kind::FeedbackGiven };
            world.log.push(NewInteraction { url: None, ..named(kind, when) });
        }
    }
}

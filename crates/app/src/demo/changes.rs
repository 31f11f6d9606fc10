//! What the watch of the night finds: somebody who suddenly cannot let go, a regular who has fallen silent, a day on which
//! a post goes round; and the targets it looks at.

use super::{
    World,
    journeys::{JOURNEYS, Journey},
    reactions,
};
use crate::command::said;
use anyhow::{Context, Result};
use crm::{
    agenda::{self, AgendaDraft},
    evaluation::{self, TargetDraft, watch},
    interactions::{Kind, NewInteraction},
    mining::Window,
};
use kernel::{
    ContactId, Timestamp,
    time::{DAY, HOUR, MINUTE},
};
use rand::{Rng, seq::IndexedRandom};
use store::RowLens;

/// How long the regulars have been looking in, in days.
const BACK: i64 = 115;
/// Likes and shares of the post that goes round.
const POST: usize = 160;

pub async fn draw(world: &mut World<'_>) -> Result<()> {
    let known: Vec<ContactId> = reactions::contacts(world).await?.into_iter().flatten().collect();
    let regulars: Vec<ContactId> = known.iter().copied().skip(40).step_by(97).take(6).collect();
    for (place, contact) in regulars.into_iter().enumerate() {
        // Three become restless in the last days, three have been silent for four weeks.
        let restless = place < 3;
        for day in 1..BACK {
            let visits = match (restless, day) {
                (true, 1..=3) => world.rng.random_range(7..12),
                (false, 1..=26) => 0,
                _ => world.rng.random_range(0..3),
            };
            for _ in 0..visits {
                look_in(world, contact, day);
            }
        }
    }
    let journey = &JOURNEYS[0];
    for _ in 0..POST {
        let Some(contact) = known.choose(&mut world.rng).copied() else { break };
        let kind =
            *[Kind::Liked, Kind::Liked, Kind::Shared, Kind::Commented].choose(&mut world.rng).unwrap_or(&Kind::Liked);
        let at = moment(world, 1);
        world.log.push(NewInteraction {
            subject: Some(journey.name.to_owned()),
            ..NewInteraction::new(kind, at).of(contact)
        });
    }
    Ok(())
}

fn look_in(world: &mut World<'_>, contact: ContactId, day: i64) {
    let Some(journey): Option<&Journey> = JOURNEYS.choose(&mut world.rng) else { return };
    let at = moment(world, day);
    world.log.push(NewInteraction {
        subject: Some(journey.name.to_owned()),
        url: Some(format!("https://almara.example/reisen/{}", journey.sku.to_lowercase())),
        ..NewInteraction::new(Kind::ProductViewed, at).of(contact)
    });
}

/// A time of day, so many days ago.
fn moment(world: &mut World<'_>, days: i64) -> Timestamp {
    let start = world.ground.zone.start_of(world.ground.zone.day(world.now.plus(-days * DAY)));
    start.plus(world.rng.random_range(8..22) * HOUR + world.rng.random_range(0..60) * MINUTE)
}

/// What is on Jana's desk this week.
pub async fn agenda(world: &World<'_>) -> Result<()> {
    let (now, zone) = (world.now, &world.ground.zone);
    let unit = world.ground.db.write().await?;
    for (number, kind, title, days, time, until, remind) in [
        (1, "follow_up", "Nach dem Reisebericht Provence fragen", -2, "", "", ""),
        (2, "follow_up", "Rückruf wegen Kabine auf der Donau", 0, "10:30", "", "30"),
        (0, "appointment", "Abstimmung Herbstkatalog mit der Agentur", 0, "14:00", "15:00", "10"),
        (3, "task", "Visum für Vietnam nachreichen", 1, "", "", "0"),
        (0, "task", "Betreff der Adventskampagne festlegen", 4, "", "", ""),
        (4, "task", "Adresse nach Umzug erfragen", 30, "", "", ""),
    ] {
        let draft = AgendaDraft {
            kind: kind.to_owned(),
            title: title.to_owned(),
            contact: (number > 0).then_some(number),
            day: zone.day(now.plus(days * DAY)).to_string(),
            time: time.to_owned(),
            until: until.to_owned(),
            remind: remind.to_owned(),
            ..AgendaDraft::default()
        };
        agenda::add(&unit, &world.jana, &draft, zone, now).await.map_err(said)?;
    }
    unit.save().await?;
    Ok(())
}

/// What Jana wants to reach, and the first night's look at everything.
pub async fn watch(world: &World<'_>) -> Result<()> {
    let (db, now, zone) = (&world.ground.db, world.now, &world.ground.zone);
    let unit = db.write().await?;
    for (metric, span, days, value) in [
        ("interactions", "days", "30", "5000"),
        ("revenue", "quarter", "", "900000"),
        ("open_rate", "days", "90", "40"),
    ] {
        let draft = TargetDraft { metric, span, days, value, decimal: ',', segment: "" };
        evaluation::set_target(&unit, &world.jana, &draft, now).await.map_err(said)?;
    }
    unit.save().await?;
    let lens = RowLens(db.clone());
    watch::look(&lens, db, Window::yesterday(now, zone), now, zone).await.context("the first look at what changed")?;
    Ok(())
}

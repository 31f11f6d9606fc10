//! The campaigns of the past year, planned, approved and sent by the house's own rooms on a clock that stands in the past.

use super::{World, courier::PastCourier, journeys::CATEGORIES, reactions};
use crate::command::said;
use anyhow::{Result, bail};
use channels::RenderPool;
use crm::{
    execution::{self, MailConfig, Mailroom, Send},
    planning::{Campaign, Content, Goal, Plan, State},
    selection,
};
use kernel::{CampaignId, EmailAddress, SegmentId, Timestamp, chance, time::DAY};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use store::tasks::Tasks;
use tokio::sync::watch;

struct Past {
    name: &'static str,
    goal: Goal,
    segment: usize,
    days_ago: i64,
    subject: &'static str,
    teaser: &'static str,
    link: &'static str,
    fixed_cost: i64,
    control_ppm: i64,
    target: i64,
    /// Share of the treated that book because of it, for a person of average warmth.
    pull: f64,
    sku: usize,
    evaluated: bool,
}

/// Oldest first: the clock of the past only moves forward.
const PAST: &[Past] = &[
    Past {
        name: "Gewinnspiel Reisemesse",
        goal: Goal::NewCustomers,
        segment: 3,
        days_ago: 71,
        subject: "Gewinnen Sie eine Woche auf Kreta",
        teaser: "Besuchen Sie uns auf der Reisemesse und drehen Sie am Glücksrad.",
        link: "https://almara.example/gewinnspiel",
        fixed_cost: 480_000,
        control_ppm: 0,
        target: 20,
        pull: 0.002,
        sku: 6,
        evaluated: true,
    },
    Past {
        name: "Toskana Frühling 2027",
        goal: Goal::CrossSell,
        segment: 1,
        days_ago: 47,
        subject: "{{ contact.first_name }}, Ihr Frühling in der Toskana",
        teaser: "Im Mai blühen die Hügel um Siena. Wir gehen sie zu Fuß, acht Tage, mit leichtem Gepäck.",
        link: "https://almara.example/toskana",
        fixed_cost: 392_000,
        control_ppm: 100_000,
        target: 60,
        pull: 0.045,
        sku: 0,
        evaluated: true,
    },
    Past {
        name: "Frühbucher Sommer 2027",
        goal: Goal::Loyalty,
        segment: 0,
        days_ago: 19,
        subject: "Sommer 2027: bis zum 15. Dezember 10 % sparen",
        teaser: "Wer jetzt bucht, sucht sich die schönsten Zimmer aus und zahlt weniger.",
        link: "https://almara.example/fruehbucher",
        fixed_cost: 310_000,
        control_ppm: 100_000,
        target: 90,
        pull: 0.03,
        sku: 3,
        evaluated: false,
    },
    Past {
        name: "Wiederkehrer Kanaren",
        goal: Goal::WinBack,
        segment: 2,
        days_ago: 9,
        subject: "{{ contact.first_name }}, Teneriffa vermisst Sie",
        teaser: "Es ist eine Weile her. Der Teide steht noch, und das Meer hat 22 Grad.",
        link: "https://almara.example/teneriffa",
        fixed_cost: 150_000,
        control_ppm: 50_000,
        target: 25,
        pull: 0.01,
        sku: 3,
        evaluated: false,
    },
];

pub async fn run(world: &mut World<'_>) -> Result<()> {
    let segments = segments(world).await?;
    let mailroom = mailroom(world)?;
    for past in PAST {
        let noon =
            world.ground.zone.start_of(world.ground.zone.day(world.now)).plus(10 * 3_600_000_000 + 7 * 60_000_000);
        let at = noon.plus(-past.days_ago * DAY);
        world.clock = kernel::Clock::standing(at);
        let campaign = send(world, &mailroom, past, segments[past.segment], at).await?;
        let journey = &super::journeys::JOURNEYS[past.sku];
        let told = reactions::Told {
            subject: past.subject.replace("{{ contact.first_name }}, ", ""),
            url: past.link.to_owned(),
        };
        reactions::draw(world, campaign, at, past.pull, journey, &told).await?;
        if past.evaluated {
            execution::evaluate(&world.ground.db, &world.jana, campaign, at.plus(40 * DAY)).await.map_err(said)?;
        }
    }
    drafts(world, &segments).await
}

/// The segments a marketing manager of this house would have.
async fn segments(world: &World<'_>) -> Result<Vec<SegmentId>> {
    let consent = json!({ "field": "consent.email.marketing", "op": "eq", "value": true });
    let booked = |category: &str, at_least: i64| {
        json!({ "did": { "kind": "order_placed", "at_least": at_least,
            "where": [{ "field": "category", "op": "eq", "value": category }] } })
    };
    let all = [
        ("Stammkunden", json!({ "all": [{ "metric": "orders", "op": "gte", "value": 2 }, consent] })),
        (
            "Toskana-Interesse",
            json!({ "all": [{ "field": "age", "op": "between", "value": [40, 75] }, consent,
            { "any": [booked(CATEGORIES[0], 1), { "did": { "kind": "page_viewed", "at_least": 2, "within_days": 180 } },
                { "metric": "orders", "op": "gte", "value": 1 }] }] }),
        ),
        (
            "Lange nicht gebucht",
            json!({ "all": [consent, { "metric": "orders", "op": "gte", "value": 1 },
            { "not": { "did": { "kind": "order_placed", "at_least": 1, "within_days": 365 } } }] }),
        ),
        (
            "Interessenten ohne Buchung",
            json!({ "all": [consent, { "not": { "did": { "kind": "order_placed", "at_least": 1 } } }] }),
        ),
        (
            "Griechenland, Österreich und Deutschland",
            json!({ "all": [{ "field": "country", "op": "in", "value": ["DE", "AT"] },
            consent, booked("Griechenland", 1)] }),
        ),
    ];
    let unit = world.ground.db.write().await?;
    let mut ids = Vec::new();
    for (name, definition) in all {
        let draft = selection::Draft { name: name.to_owned(), description: String::new(), definition };
        ids.push(selection::create(&unit, &world.jana, &draft, world.clock.now()).await.map_err(said)?);
    }
    unit.save().await?;
    Ok(ids)
}

fn mailroom(world: &World<'_>) -> Result<Mailroom> {
    let Some(from) = EmailAddress::parse("reisen@almara.example") else { bail!("the demo's sender is no address") };
    Ok(Mailroom {
        db: world.ground.db.clone(),
        clock: world.clock.clone(),
        zone: world.ground.zone.clone(),
        seal: world.ground.seal.clone(),
        renderer: Arc::new(RenderPool::new(std::env::current_exe()?, vec!["render-worker".into()], 1)),
        courier: Arc::new(PastCourier),
        config: Arc::new(MailConfig::new("http://127.0.0.1:8080", "Almara Reisen", from)),
    })
}

fn content(past: &Past) -> Content {
    Content {
        from_name: "Almara Reisen".to_owned(),
        from_address: "reisen@almara.example".to_owned(),
        reply_to: None,
        subject: past.subject.to_owned(),
        body: format!(
            "# {}\n\n{{{{ contact.salutation_line }}}}\n\n{}\n\n[[Termine und Preise ansehen]({})]\n\nLieber persönlich? Wir sind \
             von 8 bis 20 Uhr da: [Rückruf vereinbaren](https://almara.example/rueckruf).\n\nIhre Jana Hoffmann\nAlmara Reisen",
            past.name, past.teaser, past.link
        ),
    }
}

async fn send(
    world: &World<'_>,
    mailroom: &Mailroom,
    past: &Past,
    segment: SegmentId,
    at: Timestamp,
) -> Result<CampaignId> {
    let db = &world.ground.db;
    let plan = Plan {
        segment: Some(segment),
        target_orders: Some(past.target),
        fixed_cost_minor: past.fixed_cost,
        unit_cost_minor: 2,
        margin_ppm: 220_000,
        control_ppm: past.control_ppm,
        goal_text: format!("{} Buchungen", past.target),
        ..Plan::named(past.name, past.goal)
    };
    let unit = db.write().await?;
    let campaign = Campaign::create(&unit, &world.jana, at.plus(-3 * DAY), plan, content(past)).await.map_err(said)?;
    unit.save().await?;
    execution::approve(db, &world.jana, campaign.id, at.plus(-DAY)).await.map_err(said)?;
    execution::launch(db, &world.jana, campaign.id, at, &mut chance::seeded(past.days_ago as u64))
        .await
        .map_err(said)?;

    let room = Mailroom { clock: world.clock.clone(), ..mailroom.clone() };
    let mut tasks = Tasks::new(db.clone(), world.clock.clone(), format!("demo {}", past.days_ago), &[execution::TASK]);
    tasks.add(Send::new(room));
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(tasks.run(stopping));
    loop {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let state = Campaign::get(&db.read().await?, campaign.id).await.map_err(said)?.state;
        match state {
            State::Finished => break,
            State::Launching | State::Running => {}
            other => bail!("the campaign {} came to be {}", past.name, other.code()),
        }
    }
    stop.send_replace(true);
    running.await?;
    Ok(campaign.id)
}

/// What is being prepared right now.
async fn drafts(world: &mut World<'_>, segments: &[SegmentId]) -> Result<()> {
    let at = world.now.plus(-DAY);
    let greece =
        Past { name: "Griechenland im Herbst", subject: "{{ contact.first_name }}, Kreta wartet", ..PAST_DRAFT };
    for (past, segment) in [(&PAST_DRAFT, None), (&greece, Some(segments[4]))] {
        let plan = Plan { segment, control_ppm: 100_000, margin_ppm: 220_000, ..Plan::named(past.name, past.goal) };
        let unit = world.ground.db.write().await?;
        Campaign::create(&unit, &world.jana, at, plan, content(past)).await.map_err(said)?;
        unit.save().await?;
    }
    Ok(())
}

const PAST_DRAFT: Past = Past {
    name: "Nordkap Winterlicht",
    goal: Goal::Loyalty,
    segment: 0,
    days_ago: 0,
    subject: "Zwölf Tage Licht",
    teaser: "Wenn es hier früh dunkel wird, beginnt am Nordkap die Zeit der Farben.",
    link: "https://almara.example/nordkap",
    fixed_cost: 0,
    control_ppm: 0,
    target: 0,
    pull: 0.0,
    sku: 11,
    evaluated: false,
};

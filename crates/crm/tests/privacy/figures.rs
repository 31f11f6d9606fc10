//! Erasing people changes no figure that was published, whoever they are and whatever they did.

use super::world::petra;
use crm::{
    evaluation::{
        Campaigns, Metric, Period, clicks_per_link, figures, funnel, reactions_per_day, tiles, top_campaigns,
    },
    privacy::{erasure, erasure::Eraser},
};
use jiff::civil::date;
use kernel::{CampaignId, ContactId, time::DAY};
use proptest::{prelude::*, test_runner::TestRunner};
use store::{Batch, values};
use testkit::{House, house::NOON};

const URLS: [&str; 3] =
    ["https://shop.example/kreta", "https://shop.example/rhodos", "https://shop.example/konto?id=7"];
const KINDS: [(&str, &str); 8] = [
    ("email", "sent"),
    ("email", "opened"),
    ("email", "clicked"),
    ("email", "unsubscribed"),
    ("web", "page_viewed"),
    ("phone", "call_in"),
    ("social", "liked"),
    ("shop", "basket_changed"),
];

/// Person, kind, days ago, link, machine, order in cents.
type Event = (u8, u8, u8, u8, bool, u16);

async fn furnish(house: &House, people: u8, events: &[Event]) {
    let unit = house.db.write().await.unwrap();
    const CAMPAIGN: &str = "INSERT INTO campaign (id, name, goal, state, attribution_days, launched_at, created_at, updated_at) \
         VALUES (1, 'Kreta', 'loyalty', 'running', 30, $1, 1, 1)";
    unit.run(CAMPAIGN, values![NOON.0 - 25 * DAY]).await.unwrap();
    const STEP: &str = "INSERT INTO campaign_step (id, campaign_id, position, channel, from_name, from_address, subject, body) \
         VALUES (1, 1, 1, 'email', 'x', 'x', 'x', 'x')";
    unit.run(STEP, values![]).await.unwrap();
    for (position, url) in URLS.iter().take(2).enumerate() {
        const LINK: &str = "INSERT INTO campaign_link (step_id, position, url) VALUES (1, $1, $2)";
        unit.run(LINK, values![position as i64, *url]).await.unwrap();
    }
    for id in 1..=i64::from(people) {
        const PERSON: &str = "INSERT INTO contact (id, number, kind, first_name, last_name, name_key, first_key, email, email_key, \
             created_at, updated_at) VALUES ($1, $2, 'customer', 'Ada', $2, $2, 'ada', $3, $3, $4, 1)";
        let number = format!("K-{id}x");
        let binds = values![id, number, format!("p{id}@post.example"), NOON.0 - id * 6 * DAY];
        unit.run(PERSON, binds).await.unwrap();
        const MAIL: &str = "INSERT INTO message (id, campaign_id, step_id, contact_id, address, domain, state, due_at, sent_at) \
             VALUES ($1, 1, 1, $1, $2, 'post.example', 'sent', 1, $3)";
        unit.run(MAIL, values![id, format!("p{id}@post.example"), NOON.0 - 24 * DAY]).await.unwrap();
    }
    let columns = [
        "occurred_at",
        "received_at",
        "contact_id",
        "channel",
        "kind",
        "campaign_id",
        "message_id",
        "url",
        "subject",
        "verdict",
    ];
    let mut log = Batch::new("interaction", &columns, "");
    for (n, (who, kind, ago, link, machine, order)) in events.iter().enumerate() {
        let person = i64::from(who % people) + 1;
        let (channel, kind) = KINDS[usize::from(*kind) % KINDS.len()];
        let at = NOON.0 - i64::from(ago % 24) * DAY + n as i64;
        let mail = (channel == "email").then_some(1_i64);
        let url = URLS[usize::from(*link) % URLS.len()];
        let verdict = if *machine { "machine" } else { "human" };
        let message = mail.map(|_| person);
        log.push(values![at, at, person, channel, kind, mail, message, url, format!("Ada K-{person}x"), verdict]);
        if *order % 3 == 0 {
            const ORDER: &str = "INSERT INTO purchase (number, contact_id, placed_at, total_minor, currency, source, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, 'EUR', 'x', 1, 1)";
            unit.run(ORDER, values![format!("A{n}"), person, at, i64::from(*order)]).await.unwrap();
        }
    }
    if !log.is_empty() {
        log.write(&unit).await.unwrap();
    }
    unit.save().await.unwrap();
}

/// Every published figure, written down.
async fn published(house: &House) -> String {
    let rows = house.db.read().await.unwrap();
    let lens = house.lens();
    let period = Period::days(date(2026, 10, 26), date(2026, 11, 24), &house.zone);
    let before = period.before(&house.zone);
    let campaigns = Campaigns::of(&lens, &rows, &[period, before], None).await.unwrap();
    let tiles = tiles(&lens, &campaigns, period, before, None, NOON).await.unwrap();
    let one = CampaignId(1);
    let evaluated = figures(&lens, &[one], None).await.unwrap();
    let values: Vec<String> =
        Metric::ALL.iter().map(|metric| format!("{metric:?} {:?}", evaluated[&one].value(*metric))).collect();
    let links = clicks_per_link(&rows, one).await.unwrap();
    let days = reactions_per_day(&rows, one, &house.zone).await.unwrap();
    let (steps, best) = (funnel(&campaigns, period), top_campaigns(&campaigns, 5));
    let channels =
        crm::evaluation::channels(&lens, period, &house.zone, crm::evaluation::Step::Day, None).await.unwrap();
    format!(
        "{values:#?}\n{tiles:#?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        links.rows, days.rows, steps.rows, best.rows, channels.rows
    )
}

#[test]
fn erasing_people_changes_no_published_figure() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() });
    let event = (any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>(), any::<bool>(), any::<u16>());
    let worlds =
        (2_u8..7, prop::collection::vec(event, 0..40), prop::collection::vec(any::<u8>(), 1..3), any::<bool>());
    let tried = runner.run(&worlds, |(people, events, gone, archived)| {
        runtime.block_on(async {
            for house in House::both().await {
                furnish(&house, people, &events).await;
                if archived {
                    let unit = house.db.write().await.unwrap();
                    unit.run("UPDATE contact SET archived_at = 7 WHERE id = 1", values![]).await.unwrap();
                    unit.save().await.unwrap();
                }
                let before = published(&house).await;
                for person in &gone {
                    let contact = ContactId(i64::from(person % people) + 1);
                    let unit = house.db.write().await.unwrap();
                    let Ok(id) = erasure::begin(&unit, &petra(), contact, "request", &house.clock).await else {
                        continue;
                    };
                    unit.save().await.unwrap();
                    Eraser { caught: None }.erase(&house.db, &house.clock, id, None).await.unwrap();
                }
                prop_assert_eq!(published(&house).await, before, "on {:?}", house.engine());
            }
            Ok(())
        })
    });
    tried.unwrap();
}

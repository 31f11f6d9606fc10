//! The evaluation of a small world counted by hand, on both engines.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::evaluation::{
    Campaigns, MailBehaviour, Metric, Overview, Period, Step, Tile, TileMetric, channels, clicks_per_link, evaluate,
    figures, funnel, mail_behaviour, overview, people, people_condition, reactions_per_day, tiles, top_campaigns,
};
use crm::interactions::Kind;
use jiff::civil::date;
use kernel::{CampaignId, Cell, ContactId, Lens, Seq, Timestamp, time::DAY, time::HOUR, time::SECOND};
use store::{
    Batch, Write,
    sea_query::{Condition, Query},
    values,
};
use testkit::{House, house::NOON};

/// 4 November 2026, noon in Berlin: the first campaign goes out.
const T: Timestamp = Timestamp(NOON.0 - 20 * DAY);
const SPRING: CampaignId = CampaignId(1);
const SUMMER: CampaignId = CampaignId(2);
const CRETE: &str = "https://shop.example/kreta";

/// Contact, days after the first mail, kind, verdict, campaign, message.
type Event = (i64, f64, Kind, &'static str, Option<i64>, Option<i64>);

const EVENTS: &[Event] = &[
    (1, 0.1, Kind::Opened, "human", Some(1), Some(1)),
    (1, 0.2, Kind::Clicked, "human", Some(1), Some(1)),
    (1, 1.2, Kind::Clicked, "human", Some(1), Some(1)),
    (2, 0.0, Kind::Opened, "machine", Some(1), Some(2)),
    (2, 0.0, Kind::Clicked, "unknown", Some(1), Some(2)),
    // A click without an open counts as an open.
    (3, 2.0, Kind::Clicked, "human", Some(1), Some(3)),
    // A report that names nothing belongs to the last mail before it.
    (5, 0.04, Kind::Bounced, "human", None, None),
    (6, 2.0, Kind::Replied, "human", None, None),
    (7, 31.0, Kind::CallIn, "human", None, None),
    (8, 2.0, Kind::Replied, "machine", None, None),
    (8, 2.5, Kind::PageViewed, "human", Some(1), None),
    (8, 3.0, Kind::Unsubscribed, "human", Some(1), Some(8)),
    (8, 3.0, Kind::Complained, "human", Some(1), Some(8)),
    // After the second campaign: an answer that names none goes to it, one that names the first stays there.
    (1, 11.0, Kind::CallIn, "human", None, None),
    (1, 11.0, Kind::Replied, "human", Some(1), None),
    (2, 12.0, Kind::CallIn, "human", None, None),
    // The second mail to 3 never arrived, so the answer belongs to the first.
    (3, 11.0, Kind::Replied, "human", None, None),
    (12, 5.0, Kind::Liked, "human", None, None),
];

/// Contact, days after the first mail, cents, cancelled.
const ORDERS: &[(i64, f64, i64, bool)] = &[
    (1, 5.0, 100_000, false),
    (1, 12.0, 20_000, false),
    (2, 18.0, 5_000, false),
    (3, 11.0, 3_000, false),
    (4, 1.0, 900, false),
    (6, 3.0, 77_700, true),
    (7, 30.0, 50_000, false),
    (7, 29.999, 700, false),
    (8, -1.0, 60_000, false),
    (11, 1.0, 40_000, false),
    (12, 31.0, 40_000, false),
];

fn after(days: f64) -> i64 {
    T.0 + (days * DAY as f64) as i64
}

async fn campaign(unit: &Write, id: CampaignId, launched: i64, days: i64) {
    const SQL: &str = "INSERT INTO campaign (id, name, goal, state, fixed_cost_minor, unit_cost_minor, margin_ppm, attribution_days, \
         launched_at, created_at, updated_at) VALUES ($1, $2, 'loyalty', 'running', 10000, 10, 500000, $3, $4, 1, 1)";
    unit.run(SQL, values![id.0, format!("Kampagne {id}"), days, launched]).await.unwrap();
    const STEP: &str = "INSERT INTO campaign_step (id, campaign_id, position, channel, from_name, from_address, subject, body) \
         VALUES ($1, $1, 1, 'email', 'x', 'x', 'x', 'x')";
    unit.run(STEP, values![id.0]).await.unwrap();
    for (position, url) in [(1_i64, CRETE), (2, "https://shop.example/rhodos")] {
        const LINK: &str = "INSERT INTO campaign_link (step_id, position, url, label) VALUES ($1, $2, $3, 'x')";
        unit.run(LINK, values![id.0, position, url]).await.unwrap();
    }
}

async fn furnish(house: &House) {
    let unit = house.db.write().await.unwrap();
    let columns =
        ["id", "number", "kind", "first_name", "last_name", "name_key", "first_key", "created_at", "updated_at"];
    let mut people = Batch::new("contact", &columns, "");
    for id in 1..=12_i64 {
        people.push(values![
            id,
            format!("{id}"),
            "customer",
            "A",
            "B",
            "b a",
            "a",
            if id == 12 { T.0 } else { 1 },
            1_i64
        ]);
    }
    people.write(&unit).await.unwrap();
    campaign(&unit, SPRING, T.0 - HOUR, 30).await;
    campaign(&unit, SUMMER, after(10.0) - HOUR, 7).await;
    let columns =
        ["id", "campaign_id", "step_id", "contact_id", "address", "domain", "state", "due_at", "sent_at", "bounced_at"];
    let mut mails = Batch::new("message", &columns, "");
    let mut mail = |id: i64, campaign: CampaignId, contact: i64, state: &str, at: i64, bounced: bool| {
        let sent = (state == "sent").then_some(at);
        mails.push(values![
            id,
            campaign.0,
            campaign.0,
            contact,
            "x",
            "x",
            state,
            1_i64,
            sent,
            bounced.then_some(at + 9)
        ]);
    };
    for contact in 1..=10_i64 {
        let state = if contact == 9 {
            "failed"
        } else if contact == 10 {
            "in_doubt"
        } else {
            "sent"
        };
        mail(contact, SPRING, contact, state, T.0, contact == 4);
    }
    for contact in 1..=3_i64 {
        mail(100 + contact, SUMMER, contact, "sent", after(10.0), contact == 3);
    }
    mails.write(&unit).await.unwrap();
    for control in [11_i64, 12] {
        unit.run("INSERT INTO audience (campaign_id, contact_id, fate) VALUES (1, $1, 'control')", values![control])
            .await
            .unwrap();
    }
    let columns =
        ["occurred_at", "received_at", "contact_id", "channel", "kind", "campaign_id", "message_id", "url", "verdict"];
    let mut events = Batch::new("interaction", &columns, "");
    for (contact, days, kind, verdict, campaign, message) in EVENTS {
        let url = (*kind == Kind::Clicked).then_some(CRETE);
        let at = after(*days);
        events.push(values![at, at, *contact, kind.channel().code(), kind.code(), *campaign, *message, url, *verdict]);
    }
    events.write(&unit).await.unwrap();
    let columns = [
        "id",
        "number",
        "contact_id",
        "placed_at",
        "cancelled_at",
        "total_minor",
        "currency",
        "source",
        "created_at",
        "updated_at",
    ];
    let mut orders = Batch::new("purchase", &columns, "");
    for (n, (contact, days, total, cancelled)) in ORDERS.iter().enumerate() {
        let at = after(*days);
        let id = n as i64;
        orders.push(values![
            id,
            format!("{id}"),
            *contact,
            at,
            cancelled.then_some(at + 1),
            *total,
            "EUR",
            "x",
            1_i64,
            1_i64
        ]);
    }
    orders.write(&unit).await.unwrap();
    unit.save().await.unwrap();
}

#[tokio::test]
async fn every_figure_as_counted_by_hand() {
    for house in House::both().await {
        furnish(&house).await;
        let both = figures(&house.lens(), &[SPRING, SUMMER], None).await.unwrap();
        let spring = &both[&SPRING];
        let counted = [
            (Metric::Sent, 8),
            (Metric::Bounced, 2),
            (Metric::Delivered, 6),
            (Metric::Opened, 2),
            (Metric::Clicked, 2),
            (Metric::MachineOpened, 1),
            (Metric::Viewed, 1),
            (Metric::Responded, 3),
            (Metric::Converted, 4),
            (Metric::Unsubscribed, 1),
            (Metric::Complained, 1),
            (Metric::Orders, 4),
            (Metric::Revenue, 108_700),
            (Metric::Cost, 10_080),
            (Metric::Contribution, 54_350),
            (Metric::Control, 2),
            (Metric::ControlConverted, 1),
            (Metric::IncrementalRevenue, 8_700),
        ];
        for (metric, value) in counted {
            assert_eq!(spring.value(metric), Cell::Int(value), "{metric:?} on {:?}", house.engine());
        }
        let shares = [
            (Metric::BounceRate, 2.0 / 8.0),
            (Metric::OpenRate, 2.0 / 6.0),
            (Metric::ClickToOpenRate, 1.0),
            (Metric::ResponseRate, 3.0 / 6.0),
            (Metric::ConversionRate, 4.0 / 6.0),
            (Metric::ControlConversionRate, 0.5),
            (Metric::Lift, 4.0 / 6.0 - 0.5),
            (Metric::Roi, (54_350.0 - 10_080.0) / 10_080.0),
        ];
        for (metric, share) in shares {
            let Cell::Real(found) = spring.value(metric) else { panic!("{metric:?}") };
            assert!((found - share).abs() < 1e-12, "{metric:?}: {found} {share}");
        }
        let summer = &both[&SUMMER];
        let of = |metric| summer.value(metric);
        assert_eq!([of(Metric::Sent), of(Metric::Bounced), of(Metric::Responded)], [3, 1, 2].map(Cell::Int));
        assert_eq!([of(Metric::Converted), of(Metric::Revenue)], [1, 20_000].map(Cell::Int));
        assert_eq!([of(Metric::Lift), of(Metric::IncrementalRevenue)], [Cell::Empty, Cell::Empty]);
        assert_eq!(evaluate(&house.lens(), CampaignId(99)).await.unwrap(), None);
        assert_eq!(evaluate(&house.lens(), SPRING).await.unwrap().as_ref(), Some(spring));
        let table = spring.table();
        assert_eq!((table.int(0, "revenue"), table.columns.len()), (108_700, Metric::ALL.len()));
    }
}

#[tokio::test]
async fn every_figure_leads_to_its_people() {
    for house in House::both().await {
        furnish(&house).await;
        let lens = house.lens();
        let behind = [
            (Metric::Bounced, vec![4, 5]),
            (Metric::Delivered, vec![1, 2, 3, 6, 7, 8]),
            (Metric::OpenRate, vec![1, 3]),
            (Metric::MachineOpened, vec![2]),
            (Metric::Responded, vec![1, 3, 6]),
            (Metric::Revenue, vec![1, 2, 3, 7]),
            (Metric::Control, vec![11, 12]),
            (Metric::ControlConverted, vec![11]),
        ];
        for (metric, ids) in behind {
            let table = lens.ask(&people(metric, SPRING).unwrap(), Seq(0)).await.unwrap();
            let mut found: Vec<i64> = (0..table.rows.len()).map(|row| table.int(row, "contact")).collect();
            found.sort_unstable();
            assert_eq!(found, ids, "{metric:?}");
        }
        assert!(people_condition(Metric::Cost, SPRING).is_none());
        let rows = house.db.read().await.unwrap();
        let evaluated = evaluate(&house.lens(), SPRING).await.unwrap().unwrap();
        for metric in Metric::ALL.iter().filter(|metric| **metric != Metric::Orders) {
            let (Some(condition), Cell::Int(value)) = (people_condition(*metric, SPRING), evaluated.value(*metric))
            else {
                continue;
            };
            if *metric != Metric::Revenue {
                let select = Query::select()
                    .expr(store::sea_query::Expr::cust("COUNT(*) AS n"))
                    .from("contact")
                    .cond_where(condition)
                    .to_owned();
                let counted: Vec<Counted> = rows.select(&select).await.unwrap();
                assert_eq!(counted[0].n, value, "{metric:?}");
            }
        }
    }
}

#[derive(store::FromQueryResult)]
struct Counted {
    n: i64,
}

#[tokio::test]
async fn the_course_of_a_campaign_adds_up_to_its_figures() {
    for house in House::both().await {
        furnish(&house).await;
        let rows = house.db.read().await.unwrap();
        let table = reactions_per_day(&rows, SPRING, &house.zone).await.unwrap();
        let days: Vec<(String, i64, i64)> = (0..table.rows.len())
            .map(|row| (table.text(row, "day").to_owned(), table.int(row, "opened"), table.int(row, "clicked")))
            .collect();
        assert_eq!(
            days,
            [("2026-11-04".to_owned(), 1, 1), ("2026-11-05".to_owned(), 0, 0), ("2026-11-06".to_owned(), 1, 1)]
        );
        let links = clicks_per_link(&rows, SPRING).await.unwrap();
        assert_eq!((links.text(0, "url"), links.int(0, "people"), links.int(0, "clicks")), (CRETE, 2, 3));
        assert_eq!((links.int(1, "people"), links.int(1, "clicks")), (0, 0));
        assert_eq!(reactions_per_day(&rows, SUMMER, &house.zone).await.unwrap().rows.len(), 0);
    }
}

#[tokio::test]
async fn the_overview_of_thirty_days_beside_the_thirty_before() {
    for house in House::both().await {
        furnish(&house).await;
        let rows = house.db.read().await.unwrap();
        let period = Period::last_days(30, NOON, &house.zone);
        assert_eq!(period, Period::days(date(2026, 10, 26), date(2026, 11, 24), &house.zone));
        // The clocks went back on 25 October: thirty days of the zone, not 720 hours.
        assert_eq!(period.before(&house.zone), Period::days(date(2026, 9, 26), date(2026, 10, 25), &house.zone));
        let campaigns = Campaigns::of(&house.lens(), &rows, &[period, period.before(&house.zone)], None).await.unwrap();
        let tiles = tiles(&house.lens(), &campaigns, period, period.before(&house.zone), None, NOON).await.unwrap();
        let tile = |metric: TileMetric| tiles.iter().find(|tile| tile.metric == metric).unwrap();
        let value = |metric| tile(metric).value.clone();
        assert_eq!(value(TileMetric::Interactions), Cell::Int(14));
        assert_eq!(value(TileMetric::InteractionsPerContact), Cell::Real(14.0 / 7.0));
        assert_eq!(value(TileMetric::Revenue), Cell::Int(228_900));
        assert_eq!(value(TileMetric::Orders), Cell::Int(7));
        assert_eq!(value(TileMetric::NewContacts), Cell::Int(1));
        assert_eq!(value(TileMetric::SocialEngagement), Cell::Real(1.0 / 12.0));
        assert_eq!(value(TileMetric::OpenRate), Cell::Real(2.0 / 8.0));
        assert_eq!(value(TileMetric::ConversionRate), Cell::Real(5.0 / 8.0));
        assert_eq!(tile(TileMetric::Interactions).before, Cell::Int(0));
        assert_eq!(tile(TileMetric::OpenRate).before, Cell::Empty);

        let funnel = funnel(&campaigns, period);
        let stages: Vec<(&str, i64)> =
            (0..5).map(|row| (funnel.text(row, "stage"), funnel.int(row, "people"))).collect();
        assert_eq!(stages, [("delivered", 8), ("opened", 2), ("clicked", 2), ("responded", 5), ("converted", 5)]);

        let weeks = channels(&house.lens(), period, &house.zone, Step::Week, None).await.unwrap();
        assert_eq!(weeks.rows.len(), 5);
        let sum: i64 =
            ["email", "web", "phone", "social"].iter().map(|c| (0..5).map(|row| weeks.int(row, c)).sum::<i64>()).sum();
        assert_eq!((weeks.text(0, "from"), sum, weeks.columns.len()), ("2026-10-26", 14, 5));
        assert_eq!(weeks.int(1, "web"), 1);
        let day = channels(&house.lens(), period, &house.zone, Step::Day, None).await.unwrap();
        assert_eq!(day.rows.len(), 30);

        let top = top_campaigns(&campaigns, 1);
        assert_eq!((top.rows.len(), top.text(0, "name"), top.int(0, "revenue")), (1, "Kampagne 1", 108_700));
    }
}

#[test]
fn every_metric_has_a_name_and_a_formula() {
    for locale in kernel::Locale::ALL {
        let names = Metric::ALL.iter().flat_map(|metric| [metric.label(), metric.formula()]);
        let tiles = TileMetric::ALL.iter().flat_map(|metric| [metric.label(), metric.formula()]);
        for sentence in names.chain(tiles) {
            assert!(kernel::sentence::knows(locale, &sentence.key), "{} lacks {}", locale.code(), sentence.key);
        }
    }
    assert_eq!(SECOND * 86_400, DAY);
}

#[tokio::test]
async fn a_persons_mails_count_what_the_person_did_and_not_what_their_mail_program_did() {
    for house in House::both().await {
        furnish(&house).await;
        let rows = house.db.read().await.unwrap();
        let of = async |contact: i64| mail_behaviour(&rows, ContactId(contact)).await.unwrap();
        let reader =
            MailBehaviour { sent: 2, delivered: 2, opened: 1, clicked: 1, last_reaction: Some(Timestamp(after(11.0))) };
        assert_eq!(of(1).await, reader);
        assert_eq!((reader.open_rate(), reader.click_rate()), (Some(0.5), Some(0.5)));
        let machine = of(2).await;
        assert_eq!((machine.delivered, machine.opened, machine.clicked, machine.last_reaction), (2, 0, 0, None));
        let unreachable = of(4).await;
        assert_eq!((unreachable.sent, unreachable.delivered, unreachable.open_rate()), (1, 0, None));
        assert_eq!(of(12).await, MailBehaviour::default());
    }
}

#[tokio::test]
async fn a_basket_counts_a_day_after_its_last_change_and_is_abandoned_when_nobody_ordered() {
    for house in House::both().await {
        furnish(&house).await;
        let unit = house.db.write().await.unwrap();
        const SQL: &str = "INSERT INTO interaction (occurred_at, received_at, contact_id, visitor_id, channel, kind, verdict) \
             VALUES ($1, $1, $2, $3, 'shop', $4, $5)";
        let hours = |hours: i64| NOON.0 - hours * HOUR;
        let events: [(i64, Option<i64>, Option<i64>, &str, &str); 8] = [
            (hours(100), Some(1), None, "basket_changed", "human"),
            (hours(76), Some(1), None, "basket_abandoned", "human"),
            // One basket, changed twice, of a visitor nobody knows; and another of a known person who ordered.
            (hours(60), None, Some(5), "basket_changed", "unknown"),
            (hours(58), None, Some(5), "basket_changed", "unknown"),
            (hours(50), Some(2), None, "basket_changed", "human"),
            (hours(49), Some(2), None, "order_placed", "human"),
            (hours(48), Some(3), None, "basket_changed", "machine"),
            // Not decided yet.
            (hours(2), Some(4), None, "basket_changed", "human"),
        ];
        for (at, contact, visitor, kind, verdict) in events {
            unit.run(SQL, values![at, contact, visitor, kind, verdict]).await.unwrap();
        }
        unit.save().await.unwrap();
        let period = Period::last_days(7, NOON, &house.zone);
        let none = Campaigns::default();
        let rate = async |who: Option<&Condition>| {
            let all = tiles(&house.lens(), &none, period, period.before(&house.zone), who, NOON).await.unwrap();
            all.into_iter().find(|tile| tile.metric == TileMetric::BasketAbandonment).unwrap().value
        };
        assert_eq!(rate(None).await, Cell::Real(1.0 / 3.0));
        let buyer = Condition::all().add(store::sea_query::Expr::cust("contact.id = 2"));
        assert_eq!(rate(Some(&buyer)).await, Cell::Real(0.0));
    }
}

#[tokio::test]
async fn the_courses_add_up_to_the_figures_beside_them() {
    for house in House::both().await {
        furnish(&house).await;
        let rows = house.db.read().await.unwrap();
        let period = Period::days(date(2026, 11, 1), date(2026, 11, 30), &house.zone);
        let campaigns = Campaigns::of(&house.lens(), &rows, &[period, period.before(&house.zone)], None).await.unwrap();
        let (lens, zone) = (house.lens(), &house.zone);
        let Overview { tiles, courses } =
            overview(&lens, &campaigns, period, period.before(zone), zone, None, NOON).await.unwrap();
        for metric in [TileMetric::Interactions, TileMetric::Orders, TileMetric::Revenue] {
            let tile = tiles.iter().find(|tile| tile.metric == metric).unwrap();
            let course = &courses[metric.code()];
            let sum: f64 = course.iter().sum();
            assert_eq!((course.len(), &tile.value), (10, &Cell::Int(sum as i64)), "{metric:?}");
        }
        // One point for each campaign, the older one first.
        assert_eq!(courses[TileMetric::OpenRate.code()].len(), 2);
        assert!((courses[TileMetric::OpenRate.code()][0] - 2.0 / 6.0).abs() < 1e-9);
    }
}

#[tokio::test]
async fn the_overview_of_some_people_and_of_the_others_adds_up_to_that_of_all() {
    for house in House::both().await {
        furnish(&house).await;
        let rows = house.db.read().await.unwrap();
        let period = Period::days(date(2026, 11, 1), date(2026, 11, 30), &house.zone);
        let before = period.before(&house.zone);
        let some = Condition::all().add(store::sea_query::Expr::cust("contact.id <= 3"));
        let lens = house.lens();
        let of = async |who: Option<Condition>| {
            let campaigns = Campaigns::of(&lens, &rows, &[period, before], who.as_ref()).await.unwrap();
            let tiles = tiles(&lens, &campaigns, period, before, who.as_ref(), NOON).await.unwrap();
            (tiles, funnel(&campaigns, period))
        };
        let (all, _) = of(None).await;
        let (these, stages) = of(Some(some.clone())).await;
        let (others, _) = of(Some(some.clone().not())).await;
        for metric in [TileMetric::Interactions, TileMetric::Orders, TileMetric::Revenue, TileMetric::NewContacts] {
            let of = |tiles: &[Tile]| match tiles.iter().find(|tile| tile.metric == metric).map(|tile| &tile.value) {
                Some(Cell::Int(n)) => *n,
                other => panic!("{metric:?}: {other:?}"),
            };
            assert_eq!(of(&these) + of(&others), of(&all), "{metric:?}");
        }
        assert_eq!((stages.int(0, "people"), stages.int(1, "people")), (5, 2));
        let weeks = channels(&house.lens(), period, &house.zone, Step::Week, Some(&some)).await.unwrap();
        let sum: i64 = (0..weeks.rows.len()).map(|row| weeks.int(row, "email")).sum();
        assert!(sum > 0);
    }
}

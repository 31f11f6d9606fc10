//! Every figure of campaigns, from rows and from columns, on both databases: the same as a plain reading of the definitions
//! gives, over worlds that are drawn.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

#[path = "metrics/by_hand.rs"]
mod by_hand;
#[path = "metrics/drawn.rs"]
mod drawn;

use by_hand::counted;
use crm::evaluation::{self, Campaigns, Figures, Metric, Overview, Period, Step, Tile, figures};
use drawn::World;
use kernel::{CampaignId, Cell, Fault, Lens, People, Question, Seq, Table};
use knowledge::{Knowledge, Limits, Shelf};
use std::collections::BTreeMap;
use store::sea_query::{Condition, Expr};
use testkit::House;

/// The columns alone: a question they cannot answer is a defect here.
struct Columns(Knowledge);

#[async_trait::async_trait]
impl Lens for Columns {
    async fn ask(&self, question: &Question, _seq: Seq) -> Result<Table, Fault> {
        let sql = question.select.to_string(store::sea_query::PostgresQueryBuilder);
        Ok(self.0.columns(question).await?.unwrap_or_else(|| panic!("the columns do not answer {sql}")))
    }

    async fn people(&self, _question: &Question, _seq: Seq) -> Result<People, Fault> {
        unreachable!("figures are not people")
    }

    fn scans_freely(&self) -> bool {
        self.0.scans_freely()
    }

    async fn stamp(&self) -> Result<u64, Fault> {
        self.0.stamp().await
    }
}

async fn opened(house: &House) -> Columns {
    let shelf = Shelf::folder(&house.folder().join("knowledge")).unwrap();
    let knowledge = Knowledge::new(house.db.clone(), house.clock.clone(), shelf, Limits::default()).unwrap();
    knowledge.prepare().await.unwrap();
    Columns(knowledge)
}

const ALL: [CampaignId; 4] = [CampaignId(1), CampaignId(2), CampaignId(3), CampaignId(4)];

fn told(figures: &BTreeMap<CampaignId, Figures>) -> Vec<(i64, Vec<(&'static str, Cell)>)> {
    let values = |figures: &Figures| Metric::ALL.iter().map(|metric| (metric.code(), figures.value(*metric))).collect();
    figures.iter().map(|(id, figures)| (id.0, values(figures))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_is_what_its_definition_says_from_rows_and_from_columns() {
    for seed in 1..=12 {
        let world = World::drawn(seed);
        let by_hand: BTreeMap<CampaignId, Figures> = ALL.iter().map(|id| (*id, counted(&world, id.0))).collect();
        if seed == 1 {
            let some = |of: fn(&Figures) -> i64| by_hand.values().any(|figures| of(figures) > 0);
            assert!(
                some(|f| f.bounced) && some(|f| f.responded) && some(|f| f.orders) && some(|f| f.control_converted)
            );
        }
        for house in House::both().await {
            world.write(&house).await;
            let columns = opened(&house).await;
            let from_rows = figures(&house.lens(), &ALL, None).await.unwrap();
            assert_eq!(told(&from_rows), told(&by_hand), "rows of world {seed} on {:?}", house.engine());
            let from_columns = figures(&columns, &ALL, None).await.unwrap();
            assert_eq!(told(&from_columns), told(&by_hand), "columns of world {seed} on {:?}", house.engine());
            let few = figures(&columns, &ALL[1..3], None).await.unwrap();
            assert_eq!(told(&few), told(&by_hand)[1..3], "two campaigns of world {seed} on {:?}", house.engine());
            let some = Condition::all().add(Expr::cust("contact.id <= 15"));
            let one = &ALL[1..2];
            let rows = figures(&house.lens(), one, Some(&some)).await.unwrap();
            assert_eq!(told(&figures(&columns, one, Some(&some)).await.unwrap()), told(&rows), "of some in {seed}");
        }
    }
}

/// Everything the overview draws of a period.
async fn overview(
    lens: &dyn Lens,
    house: &House,
    days: i64,
    who: Option<&Condition>,
) -> (Vec<Tile>, BTreeMap<&'static str, Vec<f64>>, Table) {
    let (now, zone) = (house.now(), &house.zone);
    let period = Period::last_days(days, now, zone);
    let earlier = period.before(zone);
    let rows = house.db.read().await.unwrap();
    let campaigns = Campaigns::of(lens, &rows, &[period, earlier], who).await.unwrap();
    let Overview { tiles, courses } =
        evaluation::overview(lens, &campaigns, period, earlier, zone, who, now).await.unwrap();
    let alone = evaluation::tiles(lens, &campaigns, period, earlier, who, now).await.unwrap();
    assert_eq!(tiles, alone, "counted together with their course, and alone");
    (tiles, courses, evaluation::channels(lens, period, zone, Step::Day, who).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_is_the_same_from_rows_and_columns_for_every_period_and_for_some_people() {
    let some = Condition::all().add(Expr::cust("contact.id <= 15 AND contact.archived_at IS NULL"));
    let nobody = Condition::all().add(Expr::cust("contact.id < 0"));
    for seed in 1..=3 {
        for house in House::both().await {
            World::drawn(seed).write(&house).await;
            let columns = opened(&house).await;
            for days in [1, 9, 35, 400] {
                let mut told = Vec::new();
                for who in [None, Some(&some), Some(&nobody)] {
                    let from_columns = overview(&columns, &house, days, who).await;
                    let from_rows = overview(&house.lens(), &house, days, who).await;
                    assert_eq!(from_columns, from_rows, "{days} days of world {seed} on {:?}", house.engine());
                    told.push(from_columns);
                }
                assert!(days < 35 || told[0] != told[1] && told[1] != told[2], "it matters who is looked at");
            }
            // Another interaction of the same people, and one of somebody else.
            const VIEWED: &str =
                "INSERT INTO interaction (occurred_at, received_at, contact_id, channel, kind, verdict)";
            run(&house, &format!("{VIEWED} VALUES ({0}, {0}, 3, 'web', 'page_viewed', 'human')", house.now().0)).await;
            run(&house, &format!("{VIEWED} VALUES ({0}, {0}, 999, 'web', 'page_viewed', 'human')", house.now().0))
                .await;
            run(&house, "UPDATE contact SET archived_at = 1 WHERE id = 4").await;
            for who in [None, Some(&some)] {
                let from_columns = overview(&columns, &house, 35, who).await;
                assert_eq!(from_columns, overview(&house.lens(), &house, 35, who).await, "afterwards, world {seed}");
            }
        }
    }
}

async fn run(house: &House, sql: &str) {
    let unit = house.db.write().await.unwrap();
    unit.run(sql, Vec::new()).await.unwrap();
    unit.save().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_follow_whatever_becomes_of_interactions_messages_and_orders() {
    for house in House::both().await {
        World::drawn(7).write(&house).await;
        let columns = opened(&house).await;
        let mut before = Vec::new();
        let changes = [
            "UPDATE interaction SET verdict = 'machine' WHERE kind = 'opened' AND contact_id < 20",
            "DELETE FROM interaction WHERE contact_id = 3",
            "UPDATE interaction SET contact_id = contact_id + 7 WHERE contact_id < 15 AND campaign_id IS NOT NULL",
            "UPDATE message SET bounced_at = sent_at + 5 WHERE id < 20 AND state = 'sent'",
            "UPDATE purchase SET cancelled_at = placed_at + 1 WHERE id < 12",
            "UPDATE campaign SET attribution_days = 2 WHERE id = 1",
            "DELETE FROM audience WHERE campaign_id = 2",
            "INSERT INTO interaction (occurred_at, received_at, contact_id, channel, kind, campaign_id, verdict) \
             SELECT sent_at + 1, sent_at + 1, contact_id, 'email', 'unsubscribed', campaign_id, 'human' FROM message \
             WHERE state = 'sent' AND contact_id < 9",
        ];
        for change in changes {
            run(&house, change).await;
            let columns = told(&figures(&columns, &ALL, None).await.unwrap());
            assert_eq!(columns, told(&figures(&house.lens(), &ALL, None).await.unwrap()), "after {change}");
            assert_ne!(columns, before, "{change} changed nothing");
            before = columns;
        }
        columns.0.write_down().await.unwrap();
        let again = opened(&house).await;
        assert_eq!(told(&figures(&again, &ALL, None).await.unwrap()), before, "read from the files");
        let compared = again.0.verify().await.unwrap();
        assert!(compared.iter().all(knowledge::Compared::is_equal), "{compared:?}");
    }
}

//! What the bench of segments tells: why, how many line by line, what two have in common, what was before.

use super::world::World;
use crm::{
    Refusal, Trouble,
    selection::{
        Change, Definition, Draft, Names, Workbench, change, compare, create,
        daily::CountSegments,
        daily::trend,
        restore_version, versions,
        workbench::{Overlap, Reader, Solved, number, sample},
    },
};
use kernel::{ContactId, Fault, Lens, Locale, People, Question, Seq, Table, time::DAY};
use serde_json::{Value as Json, json};
use std::sync::{Arc, Mutex};
use store::{RowLens, values};
use testkit::{House, house::NOON};

fn definition(json: &Json) -> Definition {
    Definition::parse(json, &Names::default()).unwrap()
}

async fn furnished() -> Vec<House> {
    let houses = House::both().await;
    for house in &houses {
        World::new(NOON).furnish(house).await;
    }
    houses
}

async fn solved(bench: &Workbench, house: &House, json: &Json) -> Solved {
    bench.solve(&house.db, &definition(json), NOON, &house.zone).await.unwrap()
}

/// Notes what it was asked.
struct Listening {
    rows: RowLens,
    asked: Arc<Mutex<Vec<String>>>,
}

#[async_trait::async_trait]
impl Lens for Listening {
    async fn ask(&self, question: &Question, seq: Seq) -> Result<Table, Fault> {
        self.rows.ask(question, seq).await
    }

    async fn people(&self, question: &Question, seq: Seq) -> Result<People, Fault> {
        self.asked.lock().unwrap().push(question.select.to_string(sea_query::SqliteQueryBuilder));
        self.rows.people(question, seq).await
    }

    async fn stamp(&self) -> Result<u64, Fault> {
        self.rows.stamp().await
    }
}

#[tokio::test]
async fn a_line_that_did_not_change_is_not_asked_again_until_something_happens() {
    for house in furnished().await {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let bench = Workbench::new(Arc::new(Listening { rows: house.lens(), asked: asked.clone() }));
        let lines = |country: &str| {
            json!({ "all": [
                { "field": "country", "op": "eq", "value": country },
                { "did": { "kind": "opened", "at_least": 2 } },
                { "not": { "did": { "kind": "opened", "at_least": 2 } } },
            ] })
        };
        let taken = || std::mem::take(&mut *asked.lock().unwrap());
        solved(&bench, &house, &lines("DE")).await;
        assert_eq!(taken().len(), 3, "everybody, the country, and one question for two lines");
        solved(&bench, &house, &lines("AT")).await;
        let again = taken();
        assert!(again.iter().any(|asked| asked.contains("'AT'")), "{again:?}");
        // On PostgreSQL any transaction of the server may have changed what is true, those of other tests, too.
        let alone = house.db.engine() == store::Engine::Sqlite;
        assert!(again.len() == 1 || !alone, "{again:?}");
        solved(&bench, &house, &lines("DE")).await;
        assert!(taken().is_empty() || !alone);

        let before = number(&solved(&bench, &house, &json!({ "all": [] })).await.people);
        let unit = house.db.write().await.unwrap();
        const SQL: &str =
            "UPDATE contact SET archived_at = 1 WHERE id = (SELECT MIN(id) FROM contact WHERE archived_at IS NULL)";
        unit.run(SQL, values![]).await.unwrap();
        unit.save().await.unwrap();
        let after = number(&solved(&bench, &house, &json!({ "all": [] })).await.people);
        assert_eq!(after, before - 1, "what was kept is no longer true");
    }
}

#[tokio::test]
async fn each_line_has_its_own_count_and_its_path() {
    for house in furnished().await {
        let bench = Workbench::new(Arc::new(house.lens()));
        let json = json!({ "any": [
            { "field": "country", "op": "eq", "value": "DE" },
            { "not": { "all": [{ "field": "country", "op": "in", "value": ["DE", "AT"] }] } },
        ] });
        let found = solved(&bench, &house, &json).await;
        let paths: Vec<&str> = found.lines.iter().map(|line| line.path.as_str()).collect();
        assert_eq!(paths, ["", "any[0]", "any[1]", "any[1].not", "any[1].not.all[0]"]);
        let n = |at: usize| number(&found.lines[at].people);
        assert_eq!(n(0), n(1) + n(2));
        assert_eq!(n(2) + n(3), number(&found.living));
        assert!(n(1) > 0 && n(3) > n(1));
    }
}

#[tokio::test]
async fn why_somebody_is_in_says_what_is_true_of_them() {
    for house in furnished().await {
        let bench = Workbench::new(Arc::new(house.lens()));
        let json = json!({ "all": [
            { "field": "country", "op": "in", "value": ["DE", "AT"] },
            { "metric": "orders", "op": "gte", "value": 3 },
            { "any": [
                { "did": { "kind": "opened", "at_least": 1, "within_days": 30 } },
                { "field": "consent.email.marketing", "op": "eq", "value": true },
                { "field": "age", "op": "gte", "value": 18 },
            ] },
        ] });
        let found = solved(&bench, &house, &json).await;
        let reader = |locale| Reader { locale, zone: &house.zone, now: NOON };
        for id in (1..=60).map(ContactId) {
            let why = bench.why(&house.db, &definition(&json), id, reader(Locale::De)).await.unwrap().unwrap();
            assert_eq!(why.holds, found.people.contains(id));
            assert_eq!(why.reasons.len(), 7);
            let held: Vec<bool> = why.reasons.iter().map(|reason| reason.holds).collect();
            assert_eq!(held[0], held[1] && held[2] && held[3]);
            assert_eq!(held[3], held[4] || held[5] || held[6]);
            for reason in &why.reasons {
                let said = reason.actual.as_deref().unwrap_or_default();
                assert!(!said.contains('⟨') && !reason.text.contains('⟨'), "{reason:?}");
            }
            const ORDERS: &str = "SELECT COUNT(*) FROM purchase WHERE contact_id = $1 AND cancelled_at IS NULL";
            let orders = house.db.read().await.unwrap().number(ORDERS, values![id.0]).await.unwrap();
            assert_eq!(why.reasons[2].actual, Some(orders.to_string()));
            assert_eq!(held[2], orders >= 3 && !why.archived);
            assert_eq!((why.reasons[2].depth, why.reasons[4].depth), (1, 2));
        }
        assert!(
            bench.why(&house.db, &definition(&json), ContactId(9_999), reader(Locale::En)).await.unwrap().is_none()
        );
    }
}

#[tokio::test]
async fn every_field_figure_and_behaviour_says_what_is_true_of_a_person() {
    let mut leaves: Vec<Json> = Vec::new();
    for field in crm::selection::catalogue() {
        leaves.push(json!({ "field": field.key(), "op": "eq", "value": match field.shape().code() {
            "flag" => json!(true),
            "number" | "money" | "segment" | "user" | "tag" => json!(1),
            "day" | "instant" => json!("2026-01-01"),
            "choice" => json!(crm::selection::choices(&field)[0].0),
            _ => json!("x"),
        } }));
    }
    for metric in crm::selection::Metric::ALL {
        leaves.push(json!({ "metric": metric.code(), "op": "gte", "value": 1, "within_days": 365 }));
    }
    for kind in ["opened", "order_placed", "call_in"] {
        leaves.push(json!({ "did": { "kind": kind } }));
    }
    let all = definition(&json!({ "any": leaves }));
    for house in furnished().await {
        let bench = Workbench::new(Arc::new(house.lens()));
        let mut said = std::collections::BTreeSet::new();
        for id in (1..=60).map(ContactId) {
            for locale in Locale::ALL {
                let reader = Reader { locale, zone: &house.zone, now: NOON };
                let why = bench.why(&house.db, &all, id, reader).await.unwrap().unwrap();
                let silent = why.reasons.iter().filter(|reason| reason.actual.is_none()).count();
                assert_eq!(silent, 2, "the group and the membership: {:?}", why.reasons);
                said.extend(why.reasons.into_iter().filter_map(|reason| reason.actual));
            }
        }
        assert!(said.iter().all(|text| !text.contains('⟨')), "{said:?}");
        assert!(said.contains("nie gefragt") || said.iter().any(|text| text.starts_with("erteilt am")), "{said:?}");
        assert!(said.contains("Deutschland") && said.contains("Germany") && said.contains("nicht angegeben"));
    }
}

#[tokio::test]
async fn two_segments_overlap_and_a_sample_is_the_same_for_its_seed() {
    for house in furnished().await {
        let bench = Workbench::new(Arc::new(house.lens()));
        let a = solved(&bench, &house, &json!({ "field": "country", "op": "eq", "value": "DE" })).await.people;
        let b = solved(&bench, &house, &json!({ "metric": "orders", "op": "gte", "value": 1 })).await.people;
        let overlap = Overlap::of(&a, &b);
        assert_eq!(overlap.both + overlap.only_first, number(&a));
        assert_eq!(overlap.both + overlap.only_second, number(&b));
        assert_eq!(overlap.both, a.iter().filter(|id| b.contains(*id)).count() as i64);

        let drawn = sample(&a, 7, 5);
        assert_eq!(drawn.len(), 5);
        assert!(drawn.iter().all(|id| a.contains(*id)));
        assert_eq!(drawn, sample(&a, 7, 5));
        assert_ne!(drawn, sample(&a, 8, 5));
        assert_eq!(sample(&a, 7, 1_000).len() as i64, number(&a));
        assert_eq!(sample(&People::default(), 7, 5), []);
    }
}

fn draft(name: &str, definition: Json) -> Draft {
    Draft { name: name.into(), description: "d".into(), definition }
}

#[tokio::test]
async fn every_save_is_kept_compared_in_words_and_comes_back_as_a_new_version() {
    for house in House::both().await {
        let jana = house.jana();
        let country = |code: &str| json!({ "field": "country", "op": "eq", "value": code });
        let unit = house.db.write().await.unwrap();
        let id = create(&unit, &jana, &draft("Erst", json!({ "all": [country("DE")] })), house.now()).await.unwrap();
        let both = json!({ "all": [country("AT"), { "metric": "orders", "op": "gte", "value": 2 }] });
        change(&unit, &jana, id, 1, &draft("Dann", both), house.now().plus(DAY)).await.unwrap();
        let found = versions(&unit, id).await.unwrap();
        let said: Vec<_> = found.iter().map(|v| (v.version, v.name.as_str(), v.saved_by.as_str())).collect();
        assert_eq!(said, [(2, "Dann", "Jana Hoffmann"), (1, "Erst", "Jana Hoffmann")]);

        let words = compare(&unit, &found[1].definition, &found[0].definition, Locale::De, &house.zone).await.unwrap();
        let told: Vec<_> = words.iter().map(|w| (w.change, w.phrase.text.as_str())).collect();
        assert_eq!(
            told,
            [
                (Change::Same, "Alle diese Bedingungen:"),
                (Change::Gone, "Land ist Deutschland"),
                (Change::New, "Land ist Österreich"),
                (Change::New, "Buchungen mindestens 2"),
            ]
        );

        let late = restore_version(&unit, &jana, id, 1, 1, house.now()).await;
        assert!(matches!(late, Err(Trouble::Refusal(Refusal::Stale))));
        let missing = restore_version(&unit, &jana, id, 2, 9, house.now()).await;
        assert!(matches!(missing, Err(Trouble::Refusal(Refusal::Missing))));
        assert_eq!(restore_version(&unit, &jana, id, 2, 1, house.now()).await.unwrap(), 3);
        let found = versions(&unit, id).await.unwrap();
        assert_eq!((found[0].version, found[0].name.as_str(), &found[0].definition), (3, "Erst", &found[2].definition));
        let denied = restore_version(&unit, &house.aylin(), id, 3, 1, house.now()).await;
        assert!(matches!(denied, Err(Trouble::Refusal(Refusal::Right(_)))));
        unit.save().await.unwrap();
    }
}

#[tokio::test]
async fn a_segment_is_counted_once_a_day() {
    for house in furnished().await {
        let unit = house.db.write().await.unwrap();
        let id = create(&unit, &house.jana(), &draft("Alle", json!({ "all": [] })), house.now()).await.unwrap();
        unit.save().await.unwrap();
        let task = CountSegments {
            db: house.db.clone(),
            clock: house.clock.clone(),
            zone: house.zone.clone(),
            workbench: Workbench::new(Arc::new(house.lens())),
        };
        assert!(task.one().await.unwrap());
        assert!(!task.one().await.unwrap(), "once a day is enough");
        let unit = house.db.write().await.unwrap();
        unit.run("UPDATE contact SET archived_at = 1 WHERE archived_at IS NULL AND id <= 10", values![]).await.unwrap();
        unit.save().await.unwrap();
        house.clock.forward(DAY);
        assert!(task.one().await.unwrap());
        let course = trend(&house.db.read().await.unwrap(), id, house.now(), &house.zone).await.unwrap().days;
        assert_eq!(course.len(), 2);
        assert!(course[0].people > course[1].people && course[0].day < course[1].day);
        house.clock.forward(40 * DAY);
        assert_eq!(trend(&house.db.read().await.unwrap(), id, house.now(), &house.zone).await.unwrap().days, []);
    }
}

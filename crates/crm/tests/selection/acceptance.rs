//! Case A: who of the imported customers is meant.

use crm::{
    customers::ContactImport,
    intake::runs::{self, ImportWorker, Importer, Progress},
    sales::OrderImport,
    selection::{Draft, count, create, find, members},
};
use kernel::Currency;
use serde_json::Value as Json;
use std::path::PathBuf;
use store::{FromQueryResult, values};
use testkit::House;

fn case_a(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/acceptance/case-a")).join(name)
}

fn json(name: &str) -> Json {
    serde_json::from_str(&std::fs::read_to_string(case_a(name)).unwrap()).unwrap()
}

async fn import<I: Importer>(house: &House, importer: I, name: &str) {
    let run = runs::prepare(&house.db, &house.jana(), I::KIND, name, &case_a(name), &house.clock).await.unwrap();
    let worker = ImportWorker::new(importer, house.zone.clone(), Currency::EUR);
    worker.perform(&house.db, &house.clock, run.id, false, Progress::Silent).await.unwrap();
}

#[derive(FromQueryResult)]
struct Numbered {
    number: String,
}

#[tokio::test]
async fn the_segment_of_case_a_has_the_members_it_must_have() {
    let expected = json("expected.json");
    for house in House::both().await {
        import(&house, ContactImport, "contacts.csv").await;
        import(&house, OrderImport, "orders.csv").await;
        let unit = house.db.write().await.unwrap();
        let draft = Draft { name: "A".into(), description: String::new(), definition: json("segment.json") };
        let id = create(&unit, &house.jana(), &draft, house.now()).await.unwrap();
        unit.save().await.unwrap();

        let rows = house.db.read().await.unwrap();
        let segment = find(&rows, id).await.unwrap().unwrap();
        let counted = count(&rows, &segment.definition, house.now(), &house.zone).await.unwrap();
        assert_eq!(Json::from(counted), expected["segment"]["count"]);
        let mut numbers = Vec::new();
        let mut after = None;
        loop {
            let page = members(&rows, &segment.definition, after, 20, house.now(), &house.zone).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(*last);
            for contact in page {
                let found: Option<Numbered> =
                    rows.one("SELECT number FROM contact WHERE id = $1", values![contact.0]).await.unwrap();
                numbers.push(found.unwrap().number);
            }
        }
        numbers.sort();
        assert_eq!(Json::from(numbers), expected["segment"]["numbers"]);
    }
}

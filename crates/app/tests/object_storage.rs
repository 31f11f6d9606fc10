//! The files of the knowledgebase in a bucket: made, followed, written down, killed, rebuilt and verified there; and while the
//! storage is away the product answers from its rows and says so.

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use testkit::{
    api::Api,
    bucket::{Bucket, SECRET},
};

const PEOPLE: usize = 300;

async fn house(bucket: &Bucket) -> Api {
    let mut settings = bucket.settings("crm/one");
    settings.push(("KUNDENKREIS_KNOWLEDGE_WRITE_AFTER_SECONDS".to_owned(), "0.1".to_owned()));
    Api::start(&settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>()).await
}

fn people() -> Vec<u8> {
    let mut file = "Kundennr;Vorname;Nachname\n".to_owned();
    for n in 0..PEOPLE {
        file += &format!("{n:06};Person;Nummer {n}\n");
    }
    file.into_bytes()
}

fn visits(turn: usize) -> Value {
    let visit = |n: usize| {
        let at = format!("2026-{:02}-{:02}T10:00:00Z", 6 + n % 5, 1 + turn % 28);
        json!({ "id": format!("{turn}-{n}"), "kind": "page_viewed", "contact_number": format!("{:06}", n * 7 % PEOPLE), "occurred_at": at })
    };
    Value::Array((0..100).map(visit).collect())
}

async fn said(api: &Api, log: &str, times: usize) {
    let since = Instant::now();
    while api.product.log().matches(log).count() < times {
        assert!(since.elapsed() < Duration::from_secs(60), "not said: {log}\n{}", api.product.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn verified(api: &Api, when: &str) {
    let output = api.product.command(&["knowledge", "verify"]).output().await.expect("the program");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("interaction"), "{when}: {said}");
}

async fn viewers(api: &Api) -> Value {
    api.post("segments/count", json!({ "definition": { "did": { "kind": "page_viewed" } } })).await["count"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn truth_and_the_copy_in_a_bucket_are_equal_however_often_the_server_is_killed() {
    let bucket = Bucket::start().await;
    let mut api = house(&bucket).await;
    said(&api, "The knowledgebase is ready", 1).await;
    api.import("contacts", "people.csv", &people()).await;
    let mut moment = 3_u64;
    for turn in 0..10 {
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let busy = async {
            for n in 0.. {
                api.try_post("interactions", &visits(turn * 1_000 + n)).await;
            }
        };
        // Work goes on until the kill tears it apart; what it is in the middle of does not matter.
        let _ = tokio::time::timeout(Duration::from_millis(200 + (moment >> 33) % 400), busy).await;
        api.product.kill().await;
        let files = bucket.names().await;
        if files.iter().any(|name| name == "crm/one/manifest.json") {
            verified(&api, &format!("after kill {turn}")).await;
        }
        api.product.restart().await;
        said(&api, "The knowledgebase is ready", turn + 2).await;
    }
    verified(&api, "beside the running server").await;
    assert_eq!(viewers(&api).await, PEOPLE.min(100));
    api.product.stop().await;
    verified(&api, "after a graceful stop").await;
    let files = bucket.names().await;
    let months = files.iter().filter(|name| name.starts_with("crm/one/interaction/2026-")).count();
    assert!(months >= 5 && files.iter().all(|name| name.starts_with("crm/one/")), "{files:?}");
    assert!(!api.product.data().join("knowledge").exists(), "nothing lies in the data folder");

    for name in files.iter().filter(|name| name.contains("/interaction/")) {
        bucket.remove(name).await;
    }
    let rebuilt = api.product.command(&["knowledge", "rebuild"]).output().await.expect("the program");
    assert!(rebuilt.status.success(), "{}", String::from_utf8_lossy(&rebuilt.stderr));
    verified(&api, "after it was made anew").await;

    let config = api.product.command(&["config"]).output().await.expect("the program");
    assert!(String::from_utf8_lossy(&config.stdout).contains("knowledge.s3_secret_key"));
    for text in [api.product.log(), String::from_utf8_lossy(&config.stdout).into_owned()] {
        assert!(!text.contains(SECRET), "the secret key is written somewhere");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_bucket_is_away_rows_answer_and_the_log_says_why() {
    let bucket = Bucket::start().await;
    bucket.shut();
    let api = house(&bucket).await;
    api.import("contacts", "people.csv", &people()).await;
    api.post("interactions", visits(1)).await;
    assert_eq!(viewers(&api).await, 100, "from the rows, from the start");
    said(&api, "cannot be made ready; rows answer meanwhile", 1).await;
    bucket.reopen();
    said(&api, "The knowledgebase is ready", 1).await;
    assert_eq!(viewers(&api).await, 100);
    while !bucket.names().await.iter().any(|name| name == "crm/one/manifest.json") {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    bucket.shut();
    let more = json!([{ "id": "late", "kind": "page_viewed", "contact_number": "000001" }]);
    api.post("interactions", more).await;
    said(&api, "could not be written down", 1).await;
    let fresh = json!({ "id": "later", "kind": "page_viewed", "contact_number": "000299", "occurred_at": "2026-10-01T00:00:00Z" });
    assert_eq!(viewers(&api).await, 100);
    api.post("interactions", fresh).await;
    assert_eq!(viewers(&api).await, 101, "whoever was never seen before, although nothing can be written down");
    bucket.reopen();
    verified(&api, "when the storage is back").await;
    assert!(!api.product.log().contains("panicked"), "{}", api.product.log());
}

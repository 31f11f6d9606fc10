//! The copy that answers questions survives being killed: fifty times `kill -9` while events come in and files are written,
//! and every time truth and copy are equal.

use serde_json::{Value, json};
use std::time::Duration;
use testkit::api::Api;

const PEOPLE: usize = 400;
const KILLS: usize = 50;

fn people(budget: usize) -> Vec<u8> {
    let mut file = "Kundennr;Vorname;Nachname;E-Mail;Einwilligung E-Mail;Budget\n".to_owned();
    for n in 0..PEOPLE {
        file += &format!("{n:06};Person;Nummer {n};p{n}@d{}.example;ja;{}\n", n % 7, budget + n);
    }
    file.into_bytes()
}

/// A list of events of the last months, so that files of several months are written.
fn events(turn: usize) -> Value {
    let event = |n: usize| {
        let kind = ["page_viewed", "call_in", "liked"][n % 3];
        let at = format!("2026-{:02}-{:02}T10:00:00Z", 6 + n % 5, 1 + turn % 28);
        json!({ "id": format!("{turn}-{n}"), "kind": kind, "contact_number": format!("{:06}", n * 7 % PEOPLE), "occurred_at": at })
    };
    Value::Array((0..200).map(event).collect())
}

async fn verified(api: &Api, when: &str) {
    let output = api.product.command(&["knowledge", "verify"]).output().await.expect("the program");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("interaction"), "{when}: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn truth_and_copy_are_equal_however_often_the_server_is_killed() {
    let mut api = Api::start(&[("KUNDENKREIS_KNOWLEDGE_WRITE_AFTER_SECONDS", "0.03")]).await;
    api.import("contacts", "people.csv", &people(1_000)).await;
    let status = || api.product.command(&["knowledge", "status"]).output();
    while !String::from_utf8_lossy(&status().await.expect("the program").stdout).contains("interaction") {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut moment = 11_u64;
    for turn in 0..KILLS {
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pause = Duration::from_millis((moment >> 33) % 250);
        {
            // Work goes on until the kill tears it apart; what it is in the middle of does not matter.
            let busy = async {
                let mut n = 0;
                loop {
                    n += 1;
                    api.try_post("interactions", &events(turn * 1_000 + n)).await;
                    let name = format!("Person {n}");
                    let contact = json!({ "number": format!("N{turn}-{n}"), "first_name": "Neue", "last_name": name });
                    api.try_post("contacts", &contact).await;
                }
            };
            let _ = tokio::time::timeout(pause, busy).await;
        }
        api.product.kill().await;
        verified(&api, &format!("after kill {turn}")).await;
        api.product.restart().await;
    }
    api.import("contacts", "people.csv", &people(2_000)).await;
    verified(&api, "after everybody changed, beside the running server").await;
    api.product.stop().await;
    verified(&api, "after a graceful stop").await;
    let rebuilt = api.product.command(&["knowledge", "rebuild"]).output().await.expect("the program");
    assert!(rebuilt.status.success(), "{}", String::from_utf8_lossy(&rebuilt.stderr));
    verified(&api, "after it was made anew").await;
}

//! Who gets a mail, who does not, and what the ledger knows afterwards.

use crate::story::{Story, later, refused};
use crm::{
    execution::{self, MessageState, Resolution},
    planning::{Campaign, State},
    selection::{self, Definition, freeze},
};
use kernel::{
    CampaignId, EmailAddress, MessageId, Sentence,
    mail::{Handover, RefusalClass},
    time::MINUTE,
};
use std::time::Duration;
use store::values;

#[tokio::test]
async fn a_campaign_goes_from_approval_to_its_end_and_everybody_gets_one_mail() {
    for story in Story::both(2).await {
        story.people(&["Ada", "Bo", "Cy", "Di", "Ed"]).await;
        let id = story.launched().await;
        story.until(id, State::Finished).await;
        let all = ["ada@kunde.example", "bo@kunde.example", "cy@kunde.example", "di@kunde.example", "ed@kunde.example"];
        assert_eq!(story.script.received(), all);
        assert_eq!(story.ledger(id).await, "5 sent");
        let sent =
            story.number("SELECT COUNT(*) FROM interaction WHERE kind = 'sent' AND message_id IS NOT NULL").await;
        assert_eq!(sent, 5);
        let mail = story.script.delivered.lock().unwrap()[0].0.clone();
        assert!(mail.content.subject.starts_with("Hallo "));
        assert!(mail.content.html.contains("href=\"https:&#x2f;&#x2f;k.example&#x2f;c&#x2f;"), "{}", mail.content.html);
        assert!(mail.content.text.contains("Kreta: https://k.example/c/"));
        assert!(mail.headers["List-Unsubscribe"].starts_with("<https://k.example/u/"));
        assert_eq!(mail.headers["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click");
        assert!(!mail.headers.contains_key("Precedence"));
        assert_eq!(
            execution::bounced_message(&story.house.seal, &mail.return_path),
            Some((id, mail.message)),
            "{}",
            mail.return_path
        );
        assert!(EmailAddress::parse(&mail.return_path).is_some());
    }
}

#[tokio::test]
async fn the_waterfall_says_where_everybody_went_and_preview_and_freeze_agree() {
    for story in Story::both(10).await {
        story.people(&["Ada", "Bo", "Cy", "Di", "Ed", "Flo"]).await;
        story.person("Twin", Some("ADA@kunde.example")).await;
        story.person("Nobody", None).await;
        story
            .run("UPDATE consent SET granted = 0 WHERE contact_id = (SELECT id FROM contact WHERE number = 'Bo')")
            .await;
        story
            .run("INSERT INTO suppression (email_key, reason, at) VALUES ('cy@kunde.example', 'hard_bounce', 1)")
            .await;
        let id = story.campaign("s", "b", 250_000).await;
        let campaign = Campaign::get(&story.house.db.read().await.unwrap(), id).await.unwrap();
        let flight = execution::pre_flight(&story.mailroom(), &campaign).await.unwrap();
        assert!(flight.clear(), "{:?}", flight.findings);
        story.launch(id).await;
        story.until(id, State::Finished).await;
        let read = story.house.db.read().await.unwrap();
        let frozen = freeze::waterfall(&read, id).await.unwrap();
        assert_eq!(frozen, flight.waterfall);
        let counts =
            [frozen.no_consent, frozen.no_address, frozen.suppressed, frozen.duplicate_address, frozen.control];
        assert_eq!((frozen.matched, counts, frozen.treated), (8, [1, 1, 1, 1, 1], 3));
        assert_eq!(freeze::members(&read, id, freeze::Fate::DuplicateAddress, 0, 9).await.unwrap()[0].number, "Twin");
        drop(read);
        assert_eq!(story.script.received().len(), 3);
    }
}

#[tokio::test]
async fn the_same_seed_draws_the_same_control_group_of_exactly_the_share() {
    for story in Story::both(10).await {
        let unit = story.house.db.write().await.unwrap();
        for n in 0..3 {
            let sql = "INSERT INTO campaign (name, goal, state, created_at, updated_at) VALUES ($1, 'loyalty', 'draft', 1, 1)";
            unit.run(sql, values![format!("c{n}")]).await.unwrap();
        }
        unit.save().await.unwrap();
        for n in 0..200 {
            story.person(&format!("P{n:03}"), Some(&format!("p{n}@kunde.example"))).await;
        }
        let unit = story.house.db.write().await.unwrap();
        let everybody = Definition::everybody();
        let question = selection::question(&unit, &everybody, story.house.now(), &story.house.zone).await.unwrap();
        let mut groups = Vec::new();
        for (campaign, seed) in [(1, 7), (2, 7), (3, 8)] {
            let waterfall =
                freeze::freeze(&unit, CampaignId(campaign), question.select.clone(), 100_000, seed).await.unwrap();
            assert_eq!((waterfall.control, waterfall.treated), (20, 180));
            let sql = "SELECT contact_id FROM audience WHERE campaign_id = $1 AND fate = 'control' ORDER BY contact_id";
            groups.push(unit.numbers(sql, values![campaign]).await.unwrap());
        }
        assert_eq!(groups[0], groups[1]);
        assert_ne!(groups[0], groups[2]);
    }
}

#[tokio::test]
async fn a_withdrawn_person_is_left_out_at_the_last_moment() {
    for story in Story::both(1).await {
        story.people(&["Ada", "Bo", "Cy"]).await;
        // Two mails wait at the courier's; by then the audience is frozen and the third mail is ready to go.
        *story.script.closed.lock().unwrap() = true;
        let id = story.launched().await;
        let withdraw = async {
            while story.number("SELECT COUNT(*) FROM message WHERE state = 'sending'").await < 2 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            let last = "UPDATE consent SET granted = 0 WHERE contact_id IN (SELECT contact_id FROM message WHERE state = 'planned')";
            story.run(last).await;
            *story.script.closed.lock().unwrap() = false;
        };
        tokio::join!(story.until(id, State::Finished), withdraw);
        assert_eq!(story.ledger(id).await, "2 sent, 1 skipped (no_consent)");
        assert_eq!(story.script.received().len(), 2);
    }
}

#[tokio::test]
async fn a_process_that_dies_in_the_hand_over_leaves_doubt_and_nobody_gets_two() {
    for story in Story::both(2).await {
        story.people(&["Ada", "Bo", "Cy", "Di", "Ed", "Flo", "Gus"]).await;
        *story.script.dies.lock().unwrap() = true;
        let id = story.launched().await;
        let sending = "SELECT COUNT(*) FROM message WHERE state = 'sending'";
        story.process("one", async |story: &Story| story.number(sending).await == 4).await;
        *story.script.dies.lock().unwrap() = false;
        story.process("two", async |story: &Story| story.state(id).await == State::Finished).await;
        assert_eq!(story.ledger(id).await, "4 in_doubt (interrupted), 3 sent");
        assert_eq!(story.script.received().len(), 3);

        let read = story.house.db.read().await.unwrap();
        let doubtful = execution::lines(&read, id, MessageState::InDoubt, 0, 10).await.unwrap();
        drop(read);
        let (jana, now) = (story.house.jana(), story.house.now());
        let resolve = |n: usize, how| execution::resolve(&story.house.db, &jana, MessageId(doubtful[n].id), how, now);
        resolve(0, Resolution::Sent).await.unwrap();
        resolve(1, Resolution::NotSent).await.unwrap();
        assert!(resolve(1, Resolution::Sent).await.is_err());
        let expected = "1 failed (resolved_not_sent), 2 in_doubt (interrupted), 3 sent, 1 sent (resolved_sent)";
        assert_eq!(story.ledger(id).await, expected);
        assert_eq!(story.number("SELECT COUNT(*) FROM interaction WHERE kind = 'sent'").await, 4);
    }
}

#[tokio::test]
async fn what_the_server_says_decides_over_another_try() {
    for story in Story::both(10).await {
        story.people(&["Ada", "Bo", "Cy", "Di", "Ed"]).await;
        story.script.at("ada@kunde.example", &[later(450), later(450)]);
        story.script.at("bo@kunde.example", &[refused(RefusalClass::Address)]);
        story.script.at("cy@kunde.example", &[refused(RefusalClass::Mailbox)]);
        story.script.at("di@kunde.example", &[Handover::InDoubt { reply: "connection reset".into() }]);
        let id = story.launched().await;
        let first = async |story: &Story| story.number("SELECT COUNT(*) FROM message WHERE state = 'sent'").await == 1;
        story.process("one", first).await;
        let after = "1 failed (refused_address), 1 failed (refused_mailbox), 1 in_doubt (connection_lost), 1 planned (deferred), 1 sent";
        assert_eq!(story.ledger(id).await, after);
        assert_eq!(
            story.number("SELECT due_at FROM message WHERE state = 'planned'").await,
            story.house.now().0 + MINUTE
        );
        story.house.clock.forward(MINUTE);
        let again =
            async |story: &Story| story.number("SELECT attempts FROM message WHERE state = 'planned'").await == 2;
        story.process("one", again).await;
        assert_eq!(story.state(id).await, State::Running);
        story.house.clock.forward(5 * MINUTE);
        story.until(id, State::Finished).await;
        assert_eq!(story.script.received(), ["ada@kunde.example", "ed@kunde.example"]);
        let suppressed = "SELECT COUNT(*) FROM suppression WHERE email_key = 'bo@kunde.example'";
        assert_eq!((story.number(suppressed).await, story.number("SELECT COUNT(*) FROM suppression").await), (1, 1));
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_costs_no_try_and_a_domain_with_a_policy_rests() {
    for story in Story::both(10).await {
        story.people(&["Ada", "Bo"]).await;
        story.script.at("ada@kunde.example", &[later(0), refused(RefusalClass::Policy)]);
        story.script.at("bo@kunde.example", &[later(0), later(450), later(450)]);
        let id = story.launched().await;
        let away = "SELECT COUNT(*) FROM message WHERE reason = 'no_connection' AND attempts = 0";
        story.process("one", async |story: &Story| story.number(away).await == 2).await;
        story.house.clock.forward(MINUTE);
        let blocked = "SELECT COUNT(*) FROM message WHERE state = 'failed' AND reason = 'refused_policy'";
        story.process("one", async |story: &Story| story.number(blocked).await == 1).await;
        assert_eq!(story.number("SELECT COUNT(*) FROM suppression").await, 0);
        let rest = "SELECT due_at FROM message WHERE state = 'planned' AND reason = 'policy_pause'";
        assert_eq!(story.number(rest).await, story.house.now().0 + 60 * MINUTE);
        assert_eq!(story.state(id).await, State::Running);
    }
}

#[tokio::test]
async fn a_template_that_costs_too_much_stops_the_campaign_with_a_sentence() {
    for story in Story::both(10).await {
        story.people(&["Ada"]).await;
        let id = story.campaign("s", "bomb", 0).await;
        story.launch(id).await;
        story.until(id, State::Stopped).await;
        let campaign = Campaign::get(&story.house.db.read().await.unwrap(), id).await.unwrap();
        assert_eq!(campaign.stop_reason, Some(Sentence::new("mail-template-too-costly")));
        assert_eq!(story.ledger(id).await, "1 planned");
    }
}

#[tokio::test]
async fn a_paused_campaign_waits_and_a_cancelled_one_never_goes_on() {
    for story in Story::both(1).await {
        story.people(&["Ada", "Bo", "Cy"]).await;
        let id = story.launched().await;
        story.script.at("ada@kunde.example", &[later(450)]);
        story.script.at("bo@kunde.example", &[later(450)]);
        let one = async |story: &Story| story.number("SELECT COUNT(*) FROM message WHERE state = 'sent'").await == 1;
        story.process("one", one).await;
        let (db, jana) = (story.house.db.clone(), story.house.jana());
        execution::pause(&db, &jana, id, story.house.now()).await.unwrap();
        story.house.clock.forward(10 * MINUTE);
        let other = story.launched().await;
        story.until(other, State::Finished).await;
        assert_eq!(story.ledger(id).await, "2 planned (deferred), 1 sent");
        execution::resume(&db, &jana, id, story.house.now()).await.unwrap();
        execution::cancel(&db, &jana, id, story.house.now()).await.unwrap();
        let skipped = "SELECT COUNT(*) FROM message WHERE state = 'skipped' AND reason = 'cancelled'";
        story.process("one", async |story: &Story| story.number(skipped).await == 2).await;
        assert_eq!(story.state(id).await, State::Cancelled);
    }
}

#[tokio::test]
async fn a_test_mail_goes_to_colleagues_and_leaves_no_trace_in_the_ledger() {
    for story in Story::both(1).await {
        let ada = story.person("Ada", Some("ada@kunde.example")).await;
        let id = story.campaign("Hallo {{ contact.first_name }}", "[Kreta](https://shop.example/kreta)", 0).await;
        let campaign = Campaign::get(&story.house.db.read().await.unwrap(), id).await.unwrap();
        let to = ["jana@almara.example".to_owned()];
        let reader = Some(kernel::ContactId(ada));
        let sent = execution::test_send(&story.mailroom(), &story.house.jana(), &campaign, reader, &to).await.unwrap();
        assert!(sent[0].accepted);
        let mail = story.script.delivered.lock().unwrap()[0].0.clone();
        assert_eq!(mail.content.subject, "Test: Hallo Ada");
        assert!(mail.content.text.contains("Kreta: https://shop.example/kreta"));
        assert!(mail.headers.is_empty());
        assert_eq!(story.number("SELECT COUNT(*) FROM message").await, 0);
        assert_eq!(story.number("SELECT COUNT(*) FROM interaction").await, 0);
        let nobody = ["keine Adresse".to_owned()];
        assert!(execution::test_send(&story.mailroom(), &story.house.jana(), &campaign, None, &nobody).await.is_err());
    }
}

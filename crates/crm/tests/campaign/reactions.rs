//! What comes back: opens, clicks, bounces, complaints, unsubscriptions.

use crate::story::Story;
use crm::{
    evaluation::evaluate,
    execution::{Asked, Reactions},
    interactions::{Kind, NewInteraction, Recorder, RecorderConfig, verdict::Rejudge},
    planning::State,
};
use kernel::{ContactId, Locale, mail::Handover, time::MINUTE};
use serde_json::json;
use store::FromQueryResult;

const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36";

fn by(agent: &str) -> Asked {
    Asked { head: false, agent: agent.into() }
}

/// The last part of a tracked address.
fn token(url: &str) -> String {
    url.rsplit('/').next().unwrap().trim_end_matches(".gif").trim_end_matches('>').to_owned()
}

/// For everything at once, as mail gateways do.
async fn a_gateway_asks_for(reactions: &Reactions, links: &[String]) {
    for link in links {
        let url = reactions.target(link).await.unwrap().unwrap();
        reactions.clicked(link, &url, by(BROWSER)).await.unwrap();
    }
}

impl Story {
    fn reactions(&self) -> Reactions {
        let (db, clock) = (self.house.db.clone(), self.house.clock.clone());
        let recorder = Recorder::start(db.clone(), clock.clone(), RecorderConfig::default());
        Reactions { db, clock, recorder, tokens: self.mailroom().tokens(), locale: Locale::De }
    }

    /// The tracked addresses of the mail to somebody: pixel, links in order, unsubscribe.
    fn addresses(&self, to: &str) -> (String, Vec<String>, String) {
        let delivered = self.script.delivered.lock().unwrap();
        let (mail, _) = delivered.iter().find(|(_, address)| address == to).unwrap();
        let html = mail.content.html.replace("&#x2f;", "/");
        let quoted: Vec<&str> = html.split('"').filter(|part| part.starts_with("https://k.example/")).collect();
        let find =
            |kind: &str| quoted.iter().filter(|url| url.contains(kind)).map(|url| token(url)).collect::<Vec<_>>();
        (find("/o/").pop().unwrap(), find("/c/"), find("/u/").pop().unwrap())
    }

    /// Kind and verdict of everything after the sending, in order.
    async fn log(&self) -> Vec<String> {
        #[derive(FromQueryResult)]
        struct Row {
            kind: String,
            verdict: String,
        }
        let sql = "SELECT kind, verdict FROM interaction WHERE kind <> 'sent' ORDER BY seq";
        let rows: Vec<Row> = store::Rows::all(&self.house.db.read().await.unwrap(), sql, vec![]).await.unwrap();
        rows.iter().map(|row| format!("{} {}", row.kind, row.verdict)).collect()
    }
}

#[tokio::test]
async fn opens_and_clicks_are_judged_and_a_target_comes_from_the_database() {
    for story in Story::both(10).await {
        story.people(&["Ada", "Bo"]).await;
        let body = "[A](https://shop.example/kreta) [B](https://shop.example/rhodos?b=1&a=ä#s)";
        let id = story.campaign("s", body, 0).await;
        story.launch(id).await;
        story.until(id, State::Finished).await;
        let reactions = story.reactions();
        let (pixel, links, _) = story.addresses("ada@kunde.example");
        a_gateway_asks_for(&reactions, &links).await;
        story.house.clock.forward(5 * MINUTE);
        assert!(reactions.opened(&pixel, by(BROWSER)).await.unwrap());
        let url = reactions.target(&links[1]).await.unwrap().unwrap();
        assert_eq!(url, "https://shop.example/rhodos?b=1&a=%C3%A4#s");
        reactions.clicked(&links[1], &url, by(BROWSER)).await.unwrap();
        reactions.clicked(&links[1], &url, Asked { head: true, agent: BROWSER.into() }).await.unwrap();
        let expected = ["clicked machine", "clicked machine", "opened human", "clicked human", "clicked machine"];
        assert_eq!(story.log().await, expected);
        let attached = "SELECT COUNT(*) FROM interaction WHERE kind <> 'sent' AND campaign_id IS NOT NULL AND message_id IS NOT NULL AND contact_id IS NOT NULL";
        assert_eq!(story.number(attached).await, 5);
    }
}

#[tokio::test]
async fn better_rules_judge_the_mails_of_the_past_again_and_the_figures_with_them() {
    for story in Story::both(10).await {
        story.people(&["Ada", "Bo", "Cy"]).await;
        let body = "[A](https://shop.example/kreta) [B](https://shop.example/rhodos)";
        let id = story.campaign("s", body, 0).await;
        story.launch(id).await;
        story.until(id, State::Finished).await;
        let reactions = story.reactions();
        let (pixel, links, _) = story.addresses("ada@kunde.example");
        a_gateway_asks_for(&reactions, &links).await;
        story.house.clock.forward(5 * MINUTE);
        assert!(reactions.opened(&pixel, by("Mozilla/5.0")).await.unwrap());
        let (pixel, links, _) = story.addresses("bo@kunde.example");
        assert!(reactions.opened(&pixel, by(BROWSER)).await.unwrap());
        let url = reactions.target(&links[0]).await.unwrap().unwrap();
        reactions.clicked(&links[0], &url, by(BROWSER)).await.unwrap();
        // Told by another system, which names no program: it stays as it was told.
        let (now, cy) = (story.house.now(), ContactId(3));
        let told = NewInteraction { campaign: Some(id), ..NewInteraction::new(Kind::Opened, now).of(cy) };
        reactions.record_all(vec![told]).await.unwrap().pop().unwrap().unwrap();
        let judged =
            ["clicked machine", "clicked machine", "opened machine", "opened human", "clicked human", "opened human"];
        assert_eq!(story.log().await, judged);
        let figures = async || {
            let figures = evaluate(&story.house.lens(), id).await.unwrap().unwrap();
            (figures.opened, figures.clicked, figures.machine_opened)
        };
        let right = figures().await;
        assert_eq!(right.1, 1, "only Bo clicked");

        // As rules that knew neither gateways nor privacy proxies had left them.
        story.run("UPDATE interaction SET verdict = 'human', reasons = NULL WHERE kind <> 'sent'").await;
        assert_eq!(figures().await.1, 2, "a gateway's clicks counted as Ada's");
        let rejudge = Rejudge::new(story.house.db.clone(), story.house.clock.clone());
        while rejudge.page().await.unwrap() {}
        assert_eq!(story.log().await, judged);
        assert_eq!(figures().await, right);
        let because = "SELECT COUNT(*) FROM interaction WHERE verdict = 'machine' AND reasons IS NOT NULL";
        assert_eq!(story.number(because).await, 3);

        story.run("UPDATE interaction SET verdict = 'human', reasons = NULL WHERE kind <> 'sent'").await;
        assert!(!rejudge.page().await.unwrap());
        assert_eq!(figures().await.1, 2, "the same rules do not judge twice");
        let better = Rejudge { rules: rejudge.rules + 1, ..rejudge };
        while better.page().await.unwrap() {}
        assert_eq!(story.log().await, judged);
    }
}

#[tokio::test]
async fn forged_truncated_and_foreign_tokens_lead_nowhere_and_leave_no_trace() {
    for story in Story::both(10).await {
        story.people(&["Ada"]).await;
        let id = story.launched().await;
        story.until(id, State::Finished).await;
        let reactions = story.reactions();
        let (pixel, links, leave) = story.addresses("ada@kunde.example");
        let stranger = kernel::Seal::new(&[9; 32]).close_ids("click", &[1, 1]);
        let elsewhere = story.house.seal.close_ids("click", &[1, 4711]);
        for bad in [&links[0][1..], &links[0][..links[0].len() - 1], &pixel, &stranger, &elsewhere, "", "…"] {
            assert_eq!(reactions.target(bad).await.unwrap(), None, "{bad}");
            assert!(!reactions.opened(&leave, by(BROWSER)).await.unwrap());
            assert!(!reactions.unsubscribe(bad).await.unwrap());
        }
        let nobody = story.house.seal.close_ids("open", &[999_999]);
        assert!(!reactions.opened(&nobody, by(BROWSER)).await.unwrap());
        assert_eq!(story.log().await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn an_unsubscription_counts_once_is_proved_and_can_be_taken_back() {
    for story in Story::both(10).await {
        story.people(&["Ada"]).await;
        let id = story.launched().await;
        story.until(id, State::Finished).await;
        let reactions = story.reactions();
        let (_, _, leave) = story.addresses("ada@kunde.example");
        let before = reactions.unsubscription(&leave).await.unwrap().unwrap();
        assert_eq!(
            (before.address_hint.as_str(), before.subscribed, before.can_undo),
            ("a…@kunde.example", true, false)
        );
        assert!(reactions.unsubscribe(&leave).await.unwrap());
        assert!(reactions.unsubscribe(&leave).await.unwrap());
        assert_eq!(story.log().await, ["unsubscribed human"]);
        let withdrawn = "SELECT COUNT(*) FROM consent WHERE current = 1 AND granted = 0 AND source = 'unsubscribe' AND wording LIKE '%Frühling%'";
        assert_eq!(story.number(withdrawn).await, 1);
        let after = reactions.unsubscription(&leave).await.unwrap().unwrap();
        assert_eq!((after.subscribed, after.can_undo), (false, true));
        assert!(reactions.resubscribe(&leave).await.unwrap());
        assert!(reactions.unsubscription(&leave).await.unwrap().unwrap().subscribed);
        // Who withdrew by another road is not brought back by an old link.
        story.run("UPDATE consent SET granted = 0, source = 'agent' WHERE current = 1").await;
        reactions.resubscribe(&leave).await.unwrap();
        assert!(!reactions.unsubscription(&leave).await.unwrap().unwrap().subscribed);
    }
}

#[tokio::test]
async fn a_bounce_goes_to_the_last_mail_and_a_hard_one_suppresses_the_address() {
    for story in Story::both(10).await {
        story.people(&["Ada", "Bo", "Cy"]).await;
        let id = story.launched().await;
        story.until(id, State::Finished).await;
        story.house.clock.forward(MINUTE);
        let reactions = story.reactions();
        let now = story.house.now();
        let of = |kind, contact| NewInteraction::new(kind, now).of(ContactId(contact));
        let soft = NewInteraction { props: Some(json!({ "status": "4.2.2" })), ..of(Kind::Bounced, 2) };
        let twice = NewInteraction { event_id: Some("x-1".into()), ..of(Kind::Bounced, 1) };
        let items = vec![twice.clone(), soft, of(Kind::Complained, 3), twice, of(Kind::CallIn, 1)];
        let places = reactions.record_all(items).await.unwrap();
        let duplicates: Vec<bool> = places.into_iter().map(|place| place.unwrap().duplicate).collect();
        assert_eq!(duplicates, [false, false, false, true, false]);
        assert_eq!(story.number("SELECT COUNT(*) FROM message WHERE bounced_at IS NOT NULL").await, 2);
        let reasons = "SELECT COUNT(*) FROM suppression WHERE (email_key = 'ada@kunde.example' AND reason = 'hard_bounce') \
             OR (email_key = 'cy@kunde.example' AND reason = 'complaint')";
        assert_eq!((story.number(reasons).await, story.number("SELECT COUNT(*) FROM suppression").await), (2, 2));
        let bounced = "SELECT COUNT(*) FROM interaction WHERE kind = 'bounced' AND campaign_id IS NOT NULL AND message_id IS NOT NULL";
        assert_eq!(story.number(bounced).await, 2);
        assert_eq!(story.number("SELECT COUNT(*) FROM consent WHERE current = 1 AND granted = 0").await, 1);
    }
}

#[tokio::test]
async fn whoever_opens_a_mail_in_doubt_has_got_it() {
    for story in Story::both(10).await {
        story.people(&["Ada"]).await;
        story.script.at("ada@kunde.example", &[Handover::InDoubt { reply: String::new() }]);
        let id = story.launched().await;
        story.until(id, State::Finished).await;
        assert_eq!(story.ledger(id).await, "1 in_doubt (connection_lost)");
        story.house.clock.forward(MINUTE);
        let message = story.number("SELECT id FROM message").await;
        let pixel = story.house.seal.close_ids("open", &[message]);
        assert!(story.reactions().opened(&pixel, by(BROWSER)).await.unwrap());
        assert_eq!(story.ledger(id).await, "1 sent (resolved_sent)");
        assert_eq!(story.number("SELECT COUNT(*) FROM interaction WHERE kind = 'sent'").await, 1);
        assert_eq!(story.log().await, ["opened human"]);
    }
}

//! Stories of the log, on both engines.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::interactions::{
    Channel, Errand, Follower, ForgetKeys, Incoming, Kind, NewInteraction, Reason, Recorder, RecorderConfig, Verdict,
    append, feed, rejudge, resolve, timeline,
};
use kernel::{ContactId, Fault, Seq, time::DAY, time::MINUTE};
use std::sync::Arc;
use store::{
    tasks::{Task, Tasks},
    values,
};
use testkit::House;

async fn person(house: &House, number: &str) -> ContactId {
    let unit = house.db.write().await.unwrap();
    const SQL: &str = "INSERT INTO contact (number, kind, first_name, last_name, name_key, first_key, created_at, updated_at) \
         VALUES ($1, 'customer', 'Ada', $1, $1, 'ada', 1, 1) RETURNING id";
    let id = unit.insert(SQL, values![number]).await.unwrap();
    unit.save().await.unwrap();
    ContactId(id)
}

fn named(kind: Kind, house: &House, id: &str) -> NewInteraction {
    NewInteraction { event_id: Some(id.to_owned()), ..NewInteraction::new(kind, house.now()) }
}

async fn count(house: &House, sql: &str) -> i64 {
    house.db.read().await.unwrap().number(sql, vec![]).await.unwrap()
}

#[tokio::test]
async fn a_second_delivery_changes_nothing_even_inside_one_batch() {
    for house in House::both().await {
        let unit = house.db.write().await.unwrap();
        let items = [
            named(Kind::CallIn, &house, "a"),
            named(Kind::CallIn, &house, "b"),
            named(Kind::CallIn, &house, "a"),
            NewInteraction::new(Kind::CallMissed, house.now()),
        ];
        let first = append(&unit, &items, house.now()).await.unwrap();
        unit.save().await.unwrap();
        assert_eq!(first.iter().map(|a| a.duplicate).collect::<Vec<_>>(), [false, false, true, false]);
        assert_eq!(first[0].seq, first[2].seq);
        assert!(first[0].seq < first[1].seq && first[1].seq < first[3].seq);
        assert_eq!(*house.db.committed().borrow(), first[3].seq);

        let unit = house.db.write().await.unwrap();
        let again = append(&unit, &items[..2], house.now()).await.unwrap();
        unit.save().await.unwrap();
        assert!(again.iter().all(|a| a.duplicate));
        assert_eq!(again[1].seq, first[1].seq);
        assert_eq!(count(&house, "SELECT COUNT(*) FROM interaction").await, 3);
    }
}

#[tokio::test]
async fn what_goes_in_comes_out_in_the_timeline_page_by_page() {
    for house in House::both().await {
        let ada = person(&house, "10001").await;
        let mut items: Vec<NewInteraction> =
            (0..5).map(|n| NewInteraction::new(Kind::PageViewed, house.now().plus(-n / 2 * MINUTE)).of(ada)).collect();
        let whole = NewInteraction {
            event_id: Some("whole".into()),
            value: Some(kernel::Money::eur(129_900)),
            subject: Some("Kreta & mehr 'x'".into()),
            url: Some("https://shop.example/kreta?a=ä".into()),
            verdict: Verdict::Machine,
            reasons: vec![Reason::HeadRequest, Reason::KnownScanner],
            props: Some(serde_json::json!({ "link": 3 })),
            ..NewInteraction::new(Kind::Clicked, house.now().plus(-DAY)).of(ada)
        };
        items.push(whole.clone());
        let unit = house.db.write().await.unwrap();
        append(&unit, &items, house.now()).await.unwrap();
        unit.save().await.unwrap();

        let rows = house.db.read().await.unwrap();
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let page = timeline(&rows, ada, None, before, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.place());
            seen.extend(page);
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.windows(2).all(|w| (w[0].occurred_at, w[0].seq) > (w[1].occurred_at, w[1].seq)));
        let last = seen.last().unwrap();
        assert_eq!(
            (last.kind, last.value, last.subject.clone(), last.reasons.clone(), last.verdict),
            (whole.kind, whole.value, whole.subject, whole.reasons, whole.verdict)
        );
        assert_eq!(last.props.as_deref(), Some(r#"{"link":3}"#));
        let emails = timeline(&rows, ada, Some(Channel::Email), None, 10).await.unwrap();
        assert_eq!(emails.len(), 1);
        let shown = feed(&rows, 10).await.unwrap();
        assert_eq!(shown.len(), 5, "machines are not news");
    }
}

#[tokio::test]
async fn a_follower_goes_on_where_its_work_was_saved() {
    for house in House::both().await {
        const RULES: Follower = Follower("rules");
        let unit = house.db.write().await.unwrap();
        let items: Vec<_> = (0..5).map(|_| NewInteraction::new(Kind::CallIn, house.now())).collect();
        append(&unit, &items, house.now()).await.unwrap();
        unit.save().await.unwrap();

        let unit = house.db.write().await.unwrap();
        let first = RULES.next(&unit, 3).await.unwrap();
        RULES.advance(&unit, first[2].seq).await.unwrap();
        drop(unit);
        let unit = house.db.write().await.unwrap();
        let again = RULES.next(&unit, 3).await.unwrap();
        assert_eq!(again, first, "an unsaved reaction has not happened");
        RULES.advance(&unit, again[2].seq).await.unwrap();
        RULES.advance(&unit, again[0].seq).await.unwrap();
        unit.save().await.unwrap();
        let rows = house.db.read().await.unwrap();
        assert_eq!(RULES.next(&rows, 10).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_verdict_can_be_mended() {
    for house in House::both().await {
        let ada = person(&house, "1").await;
        let unit = house.db.write().await.unwrap();
        let click =
            NewInteraction { verdict: Verdict::Unknown, ..NewInteraction::new(Kind::Clicked, house.now()).of(ada) };
        let seq = append(&unit, &[click], house.now()).await.unwrap()[0].seq;
        rejudge(&unit, &[seq], Verdict::Machine, &[Reason::AllLinksAtHandOver]).await.unwrap();
        unit.save().await.unwrap();
        let page = timeline(&house.db.read().await.unwrap(), ada, None, None, 1).await.unwrap();
        assert_eq!((page[0].verdict, page[0].reasons.clone()), (Verdict::Machine, vec![Reason::AllLinksAtHandOver]));
    }
}

#[tokio::test]
async fn many_senders_share_commits_and_each_gets_its_own_answer() {
    for house in House::both().await {
        let recorder = Recorder::start(house.db.clone(), house.clock.clone(), RecorderConfig::default());
        let senders = (0..200).map(|n| {
            let (recorder, item) = (recorder.clone(), named(Kind::PageViewed, &house, &format!("e{}", n % 150)));
            tokio::spawn(async move { recorder.record(item).await.unwrap() })
        });
        let mut answers = Vec::new();
        for sender in senders.collect::<Vec<_>>() {
            answers.push(sender.await.unwrap());
        }
        assert_eq!(answers.iter().filter(|a| a.duplicate).count(), 50);
        recorder.close().await;
        assert_eq!(count(&house, "SELECT COUNT(*) FROM interaction").await, 150);
        let after = recorder.record(named(Kind::PageViewed, &house, "late")).await;
        assert!(matches!(after, Err(Fault::Busy(_))));
    }
}

#[tokio::test]
async fn a_bad_item_does_not_take_its_neighbours_down() {
    for house in House::both().await {
        let recorder = Recorder::start(house.db.clone(), house.clock.clone(), RecorderConfig::default());
        let items = (0..20).map(|n| named(Kind::CallIn, &house, &format!("n{n}"))).collect();
        let bad: Errand = Arc::new(|unit| {
            Box::pin(async move {
                unit.run("INSERT INTO follower (name, seq) VALUES ('bad', NULL)", vec![]).await?;
                Ok(Vec::new())
            })
        });
        let (good, bad, more) = tokio::join!(
            recorder.record_all(items),
            recorder.run(bad),
            recorder.record(named(Kind::CallIn, &house, "m"))
        );
        assert!(good.unwrap().iter().all(|answer| answer.is_ok()));
        assert!(bad.is_err());
        assert!(!more.unwrap().duplicate);
        assert_eq!(count(&house, "SELECT COUNT(*) FROM interaction").await, 21);
        recorder.close().await;
    }
}

#[tokio::test]
async fn a_full_queue_says_so_and_takes_all_or_nothing() {
    let house = House::sqlite().await;
    let recorder = Recorder::start(house.db.clone(), house.clock.clone(), RecorderConfig { queue: 10, group: 5 });
    let items = |n: i32| (0..n).map(|k| named(Kind::CallIn, &house, &format!("q{k}"))).collect::<Vec<_>>();
    assert!(matches!(recorder.record_all(items(11)).await, Err(Fault::Busy(_))));
    assert_eq!(recorder.waiting(), 0);
    assert_eq!(recorder.record_all(items(10)).await.unwrap().len(), 10);
    recorder.close().await;
    assert_eq!(count(&house, "SELECT COUNT(*) FROM interaction").await, 10);
}

#[tokio::test]
async fn an_errand_sees_what_was_recorded_before_it_in_the_same_commit() {
    for house in House::both().await {
        let recorder = Recorder::start(house.db.clone(), house.clock.clone(), RecorderConfig::default());
        let now = house.now();
        let errand: Errand = Arc::new(move |unit| {
            Box::pin(async move {
                let before = unit.number("SELECT COUNT(*) FROM interaction", vec![]).await?;
                let item = NewInteraction {
                    value: Some(kernel::Money::eur(before)),
                    ..NewInteraction::new(Kind::CallOut, now)
                };
                append(unit, &[item], now).await
            })
        });
        let first = recorder.record_all((0..7).map(|n| named(Kind::CallIn, &house, &format!("x{n}"))).collect());
        let (_, placed) = tokio::join!(first, recorder.run(errand));
        assert_eq!(placed.unwrap().len(), 1);
        assert_eq!(count(&house, "SELECT value_minor FROM interaction WHERE kind = 'call_out'").await, 7);
        recorder.close().await;
    }
}

#[tokio::test]
async fn senders_ids_are_forgotten_after_thirty_days() {
    for house in House::both().await {
        let unit = house.db.write().await.unwrap();
        append(&unit, &[named(Kind::CallIn, &house, "old")], house.now().plus(-31 * DAY)).await.unwrap();
        append(&unit, &[named(Kind::CallIn, &house, "young")], house.now().plus(-29 * DAY)).await.unwrap();
        unit.save().await.unwrap();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let task = ForgetKeys { db: house.db.clone(), clock: house.clock.clone() };
        let mut tasks = Tasks::new(house.db.clone(), house.clock.clone(), "one".into(), &[ForgetKeys::NAME]);
        assert_eq!(task.name(), ForgetKeys::NAME);
        tasks.add(task);
        let running = tokio::spawn(tasks.run(stopped));
        while count(&house, "SELECT COUNT(*) FROM interaction_key").await > 1 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!(count(&house, "SELECT COUNT(*) FROM interaction_key WHERE event_id = 'young'").await, 1);
        assert_eq!(count(&house, "SELECT COUNT(*) FROM interaction").await, 2);
    }
}

#[tokio::test]
async fn strangers_entries_are_read_or_refused_in_words() {
    for house in House::both().await {
        let ada = person(&house, "10067").await;
        let now = house.now();
        let of =
            |kind: &str| Incoming { kind: kind.into(), contact_number: Some("10067".into()), ..Incoming::default() };
        let at = |time: &str| Incoming { occurred_at: Some(time.into()), ..of("replied") };
        let entries = [
            Incoming { id: Some("r-1".into()), occurred_at: Some("2026-11-24T11:00:00+01:00".into()), ..of("replied") },
            at("2026-11-24T12:04:00+01:00"),
            at("2026-11-24T12:06:00+01:00"),
            at("2019-01-01T00:00:00Z"),
            at("yesterday"),
            of("teleported"),
            of("order_placed"),
            Incoming { channel: Some("web".into()), ..of("replied") },
            Incoming { contact_number: None, ..of("call_in") },
            Incoming { contact_number: Some("no\0body".into()), ..of("call_in") },
            Incoming { url: Some("javascript:alert(1)".into()), ..of("page_viewed") },
            Incoming { url: Some("https://shop.example/".into()), ..of("page_viewed") },
            Incoming { subject: Some("a\0b".into()), ..of("page_viewed") },
            Incoming { subject: Some("x".repeat(501)), ..of("page_viewed") },
            Incoming { product: Some("KRE-7".into()), ..of("product_viewed") },
            Incoming { campaign: Some(99), message: Some(98), ..of("replied") },
            Incoming { props: Some(serde_json::json!({ "a": "\u{0}" })), ..of("page_viewed") },
            Incoming { id: Some(" ".into()), ..of("page_viewed") },
        ];
        let rows = house.db.read().await.unwrap();
        let read = resolve(&rows, &entries, now, |n| format!("[{n}].")).await.unwrap();
        assert_eq!(read[0].as_ref().unwrap().contact, Some(ada));
        assert_eq!(read[0].as_ref().unwrap().occurred_at, now.plus(-60 * MINUTE));
        let codes: Vec<String> = read
            .iter()
            .map(|entry| match entry {
                Ok(_) => "ok".to_owned(),
                Err(complaints) => {
                    complaints.iter().map(|c| format!("{} {}", c.field, c.code)).collect::<Vec<_>>().join(", ")
                }
            })
            .collect();
        let expected = [
            "ok",
            "ok",
            "[2].occurred_at future",
            "[3].occurred_at too_old",
            "[4].occurred_at not_a_time",
            "[5].kind unknown_kind",
            "[6].kind order",
            "[7].channel other_channel",
            "[8].contact required",
            "[9].contact unknown",
            "[10].url not_a_web_address",
            "ok",
            "[12].subject control_character",
            "[13].subject too_long",
            "[14].product unknown",
            "[15].message unknown, [15].campaign unknown",
            "[16].props control_character",
            "[17].id empty",
        ];
        assert_eq!(codes, expected);
        for complaint in read.iter().filter_map(|entry| entry.as_ref().err()).flatten() {
            assert!(!complaint.sentence.say(kernel::Locale::De).contains('⟨'), "{complaint:?}");
        }
        assert_eq!(Follower("nobody").position(&rows).await.unwrap(), Seq(0));
    }
}

//! The watch of the night on a small world: what is found, who is told, once, and who gets a mail.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::{
    evaluation::{
        TargetDraft, set_target,
        watch::{Post, TASK, Watch, look, look_again, why},
    },
    interactions::{Kind, NewInteraction, append},
    mining::{Alert, Direction, Subject, Window, alert},
    staff::{
        Actor, Role,
        notifications::{self, Topic, Wish},
        users::{self, NewUser},
    },
};
use kernel::{
    ContactId, EmailAddress, Locale, Timestamp, UserId,
    time::{DAY, HOUR},
};
use std::{collections::BTreeSet, sync::Arc};
use store::{tasks::Tasks, values};
use testkit::{House, house::NOON, letterbox::Letterbox};

/// Fifty people look in on most days; the first does so ten times a day since yesterday week, the second has been silent for
/// four weeks.
async fn furnish(house: &House) {
    let unit = house.db.write().await.unwrap();
    let mut log = Vec::new();
    for id in 1..=50_i64 {
        const CONTACT: &str = "INSERT INTO contact (id, number, kind, first_name, last_name, name_key, first_key, created_at, \
             updated_at) VALUES ($1, $2, 'customer', 'Ada', $2, $2, 'ada', 1, 1)";
        unit.run(CONTACT, values![id, format!("N{id}")]).await.unwrap();
        for day in 1..=112_i64 {
            let usual = if (id * 7 + day * 3) % 4 == 0 { 0 } else { 1 + (id + day) % 2 };
            let visits = match (id, day) {
                (1, 1..=8) => 10,
                (2, 1..=28) => 0,
                _ => usual,
            };
            for visit in 0..visits {
                let at = house.zone.days_before(NOON, day).plus((8 + visit) * HOUR);
                log.push(NewInteraction::new(Kind::PageViewed, at).of(ContactId(id)));
            }
        }
    }
    log.sort_by_key(|one| one.occurred_at);
    for part in log.chunks(2_000) {
        append(&unit, part, NOON).await.unwrap();
    }
    unit.save().await.unwrap();
}

async fn hire(house: &House, login: &str, role: Role) -> UserId {
    let unit = house.db.write().await.unwrap();
    let new = NewUser { login, name: "Jana Hoffmann", roles: &[role], locale: Locale::De };
    let id = users::create(&unit, &Actor::system("test"), new, NOON).await.unwrap();
    unit.save().await.unwrap();
    id
}

async fn found(house: &House) -> Vec<Alert> {
    alert::recent(&house.db.read().await.unwrap(), Subject::ALL, Timestamp(0), 100).await.unwrap()
}

async fn told(house: &House, user: UserId) -> Vec<Topic> {
    let rows = house.db.read().await.unwrap();
    notifications::list(&rows, user, None, 100).await.unwrap().into_iter().map(|one| one.topic).collect()
}

#[tokio::test]
async fn a_rise_and_a_silence_are_found_once_and_told_to_who_may_know() {
    for house in House::both().await {
        furnish(&house).await;
        let jana = hire(&house, "jana@almara.example", Role::MarketingManager).await;
        let sabine = hire(&house, "sabine@almara.example", Role::Administrator).await;
        let last = Window::yesterday(NOON, &house.zone);
        assert!(look(&house.lens(), &house.db, last, NOON, &house.zone).await.unwrap() >= 2);
        let people: Vec<(String, Direction)> = found(&house)
            .await
            .into_iter()
            .filter(|alert| alert.subject == Subject::Contact)
            .map(|alert| (alert.key, alert.direction))
            .collect();
        let mut sorted = people.clone();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(sorted, [("1".to_owned(), Direction::Rise), ("2".to_owned(), Direction::Fall)]);
        assert_eq!(told(&house, jana).await.iter().filter(|topic| **topic == Topic::Person).count(), 2);
        assert_eq!(told(&house, sabine).await, [], "an administrator sees no customer content");
        // The same night again, and the next one, in which it goes on: nothing is told twice.
        let (before, count) = (found(&house).await.len(), told(&house, jana).await.len());
        assert_eq!(look(&house.lens(), &house.db, last, NOON, &house.zone).await.unwrap(), 0);
        look(&house.lens(), &house.db, last.tomorrow().unwrap(), NOON.plus(DAY), &house.zone).await.unwrap();
        let again = found(&house).await;
        let of = |key: &str| again.iter().filter(|a| a.subject == Subject::Contact && a.key == key).count();
        assert_eq!((of("1"), of("2")), (1, 1), "{again:?}");
        assert!(again.len() >= before && told(&house, jana).await.len() >= count);
    }
}

#[tokio::test]
async fn the_picture_shows_what_was_seen_beside_what_is_usual() {
    let house = House::sqlite().await;
    furnish(&house).await;
    look(&house.lens(), &house.db, Window::yesterday(NOON, &house.zone), NOON, &house.zone).await.unwrap();
    let rise =
        found(&house).await.into_iter().find(|alert| alert.key == "1" && alert.subject == Subject::Contact).unwrap();
    assert_eq!((rise.days(), rise.observed), (7, 70.0));
    assert!(rise.expected < 20.0 && rise.strength() > 300, "{rise:?}");
    let picture = why(&house.lens(), &house.db.read().await.unwrap(), &rise, NOON, &house.zone).await.unwrap();
    let last = picture.table.rows.len() - 1;
    let real = |key: &str| match picture.table.cell(last, key) {
        kernel::Cell::Real(x) => *x,
        other => panic!("{other:?}"),
    };
    assert_eq!((real("observed"), picture.since), (10.0, last + 1 - 7));
    assert!(real("low") <= real("expected") && real("expected") <= real("high") && real("high") < 10.0);
    let words = rise.sentence("Ada", Locale::De).say(Locale::De);
    assert!(words.starts_with("Ada: 70 Interaktionen in 7 Tagen"), "{words}");
}

#[tokio::test]
async fn everybody_is_told_only_what_they_want_and_may_mark_it_read() {
    for house in House::both().await {
        furnish(&house).await;
        let jana = hire(&house, "jana@almara.example", Role::MarketingManager).await;
        let karl = hire(&house, "karl@almara.example", Role::SalesManager).await;
        let unit = house.db.write().await.unwrap();
        let wish = Wish { topics: BTreeSet::from([Topic::Person]), strength: 200, ..Wish::default() };
        notifications::set_wish(&unit, jana, &wish).await.unwrap();
        assert_eq!(notifications::wish(&unit, jana).await.unwrap(), wish);
        let nothing = Wish { topics: BTreeSet::new(), mail: false, ..Wish::default() };
        notifications::set_wish(&unit, karl, &nothing).await.unwrap();
        unit.save().await.unwrap();
        look(&house.lens(), &house.db, Window::yesterday(NOON, &house.zone), NOON, &house.zone).await.unwrap();
        // The silence is a change of 100 %, the rise of far more than 200 %.
        assert_eq!(told(&house, jana).await, [Topic::Person]);
        assert_eq!(told(&house, karl).await, []);
        let unit = house.db.write().await.unwrap();
        assert_eq!(notifications::unread(&unit, jana).await.unwrap(), 1);
        let one = notifications::list(&unit, jana, None, 1).await.unwrap().remove(0);
        assert_eq!(notifications::mark_read(&unit, karl, Some(one.id), NOON).await.unwrap(), None, "somebody else's");
        let link = notifications::mark_read(&unit, jana, Some(one.id), NOON).await.unwrap().unwrap();
        assert!(link.starts_with("/veraenderungen/"));
        assert_eq!(notifications::unread(&unit, jana).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_missed_target_is_told_when_its_period_is_over() {
    for house in House::both().await {
        furnish(&house).await;
        let jana = hire(&house, "jana@almara.example", Role::MarketingManager).await;
        let unit = house.db.write().await.unwrap();
        let draft = TargetDraft { metric: "orders", span: "month", days: "", value: "5", decimal: ',', segment: "" };
        set_target(&unit, &house.jana(), &draft, NOON).await.unwrap();
        let refused = TargetDraft { value: "-3", ..draft.clone() };
        assert!(set_target(&unit, &house.jana(), &refused, NOON).await.is_err());
        assert!(set_target(&unit, &house.aylin(), &draft, NOON).await.is_err(), "an agent sets no targets");
        unit.save().await.unwrap();
        for _ in 0..2 {
            look(&house.lens(), &house.db, Window::yesterday(NOON, &house.zone), NOON, &house.zone).await.unwrap();
        }
        let rows = house.db.read().await.unwrap();
        let words: Vec<String> = notifications::list(&rows, jana, None, 100)
            .await
            .unwrap()
            .into_iter()
            .filter(|one| one.topic == Topic::Target)
            .map(|one| one.what.say(Locale::De))
            .collect();
        assert_eq!(words.len(), 2, "October was missed, November is off track, each told once: {words:?}");
        assert!(words.iter().any(|w| w.starts_with("Ziel verfehlt")), "{words:?}");
    }
}

#[tokio::test]
async fn one_mail_a_day_sums_up_what_is_unread_and_goes_to_nobody_who_switched_it_off() {
    for house in House::both().await {
        furnish(&house).await;
        hire(&house, "jana@almara.example", Role::MarketingManager).await;
        let karl = hire(&house, "karl@almara.example", Role::SalesManager).await;
        let unit = house.db.write().await.unwrap();
        notifications::set_wish(&unit, karl, &Wish { mail: false, ..Wish::default() }).await.unwrap();
        unit.save().await.unwrap();
        let letterbox = Arc::new(Letterbox::default());
        // Each round is another life of the house: whatever the last one remembered is gone.
        for round in 0..3 {
            if round == 2 {
                look_again(&house.db).await.unwrap();
            }
            let mut tasks = Tasks::new(house.db.clone(), house.clock.clone(), format!("life {round}"), &[TASK]);
            let post = Post {
                courier: letterbox.clone(),
                from_name: "Almara Reisen".into(),
                from: EmailAddress::parse("reisen@almara.example").unwrap(),
                base_url: "https://kunden.almara.example".into(),
            };
            tasks.add(Watch {
                db: house.db.clone(),
                lens: Arc::new(house.lens()),
                clock: house.clock.clone(),
                zone: house.zone.clone(),
                post,
            });
            let (stop, stopped) = tokio::sync::watch::channel(false);
            let running = tokio::spawn(tasks.run(stopped));
            const MAILED: &str = "SELECT COUNT(*) FROM notification_digest WHERE state = 'sent'";
            while house.db.read().await.unwrap().number(MAILED, vec![]).await.unwrap() == 0 {
                tokio::task::yield_now().await;
            }
            stop.send(true).unwrap();
            running.await.unwrap();
        }
        let mails = letterbox.mails.lock().unwrap();
        let to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
        assert_eq!(to, ["jana@almara.example"]);
        assert_eq!(mails[0].headers["Auto-Submitted"], "auto-generated");
        assert!(
            mails[0].content.text.contains("N1") || mails[0].content.text.contains("Ada"),
            "{}",
            mails[0].content.text
        );
        assert!(mails[0].content.text.contains("https://kunden.almara.example/veraenderungen/"));
    }
}

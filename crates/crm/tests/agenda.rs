//! Stories of the agenda: put there, done, taken back, reminded of once, read by a calendar program.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::{
    Refusal, Trouble,
    agenda::{self, AgendaDraft, Remind, Whose},
    customers::{ContactDraft, archive_contacts, create_contact},
    history::Cause,
    staff::{
        Actor, Role,
        notifications::{self, Topic},
        users::{self, NewUser},
    },
};
use kernel::{Locale, UserId, time::HOUR};
use store::values;
use testkit::House;

async fn hired(house: &House, login: &str, name: &str, role: Role) -> Actor {
    let unit = house.db.write().await.unwrap();
    let new = NewUser { login, name, roles: &[role], locale: Locale::De };
    let id = users::create(&unit, &Actor::system("test"), new, house.now()).await.unwrap();
    let user = users::find(&unit, id).await.unwrap().unwrap();
    unit.save().await.unwrap();
    user.actor("")
}

fn call(day: &str, time: &str) -> AgendaDraft {
    AgendaDraft {
        kind: "follow_up".into(),
        title: "  Frau Müller\nzurückrufen ".into(),
        day: day.into(),
        time: time.into(),
        remind: "60".into(),
        ..AgendaDraft::default()
    }
}

fn fields(trouble: Trouble) -> Vec<String> {
    let Trouble::Refusal(Refusal::Invalid(complaints)) = trouble else { panic!("{trouble:?}") };
    complaints.into_iter().map(|one| one.field).collect()
}

#[tokio::test]
async fn an_entry_is_written_changed_done_removed_and_every_step_taken_back() {
    for house in House::both().await {
        let jana = hired(&house, "jana@almara.example", "Jana", Role::MarketingManager).await;
        let aylin = hired(&house, "aylin@almara.example", "Aylin", Role::Agent).await;
        let other = hired(&house, "rolf@almara.example", "Rolf", Role::SalesRepresentative).await;
        let (now, zone) = (house.now(), &house.zone);
        let unit = house.db.write().await.unwrap();
        let draft = ContactDraft { last_name: "Müller".into(), ..ContactDraft::default() };
        let contact = create_contact(&unit, &jana, draft, now, zone.day(now)).await.unwrap();
        let draft = AgendaDraft { contact: Some(contact.id), assignee: aylin.user(), ..call("2026-12-01", "10:30") };
        let id = agenda::add(&unit, &jana, &draft, zone, now).await.unwrap();
        let later = AgendaDraft { title: "Irgendwann".into(), ..AgendaDraft::default() };
        agenda::add(&unit, &aylin, &later, zone, now).await.unwrap();

        let mine = agenda::open(&unit, &aylin, Whose::Of(aylin.user().unwrap())).await.unwrap();
        let titles: Vec<&str> = mine.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(titles, ["Frau Müller zurückrufen", "Irgendwann"], "what has no day comes last");
        assert_eq!(mine[0].due_at.unwrap() - mine[0].remind_at.unwrap(), HOUR);
        assert_eq!(agenda::open(&unit, &jana, Whose::Of(jana.user().unwrap())).await.unwrap(), []);
        assert_eq!(agenda::open(&unit, &jana, Whose::Everybody).await.unwrap().len(), 2);
        assert_eq!(agenda::of_contact(&unit, &jana, contact.contact_id()).await.unwrap().len(), 1);

        let refused = agenda::complete(&unit, &other, id, true, now).await;
        assert!(matches!(refused, Err(Trouble::Refusal(Refusal::State(_)))), "{refused:?}");
        agenda::complete(&unit, &aylin, id, true, now).await.unwrap();
        agenda::complete(&unit, &aylin, id, true, now).await.unwrap();
        assert_eq!(agenda::open(&unit, &aylin, Whose::Of(aylin.user().unwrap())).await.unwrap().len(), 1);
        assert_eq!(agenda::recently_done(&unit, &jana, Whose::Everybody, now).await.unwrap().len(), 1);
        agenda::complete(&unit, &jana, id, false, now).await.unwrap();

        let item = agenda::find(&unit, &jana, id).await.unwrap().unwrap();
        let stale = agenda::change(&unit, &jana, id, item.version - 1, &draft, zone, now).await;
        assert!(matches!(stale, Err(Trouble::Refusal(Refusal::Stale))), "{stale:?}");
        let moved = AgendaDraft { day: "2026-12-02".into(), time: String::new(), ..draft.clone() };
        agenda::change(&unit, &jana, id, item.version, &moved, zone, now).await.unwrap();
        let item = agenda::find(&unit, &jana, id).await.unwrap().unwrap();
        assert_eq!((item.whole_day, item.contact_id), (1, Some(contact.id)));
        assert_eq!(zone.civil(kernel::Timestamp(item.remind_at.unwrap())).hour(), 7, "an hour before eight");

        agenda::remove(&unit, &jana, id, true, now).await.unwrap();
        assert_eq!(agenda::of_contact(&unit, &jana, contact.contact_id()).await.unwrap(), []);
        agenda::remove(&unit, &jana, id, false, now).await.unwrap();
        archive_contacts(&unit, &jana, &[contact.contact_id()], true, Cause::Form, now).await.unwrap();
        assert_eq!(
            agenda::open(&unit, &jana, Whose::Everybody).await.unwrap().len(),
            1,
            "nothing of whoever is put away"
        );
        let deeds = "SELECT COUNT(*) FROM audit_entry WHERE action LIKE 'agenda.%'";
        assert_eq!(unit.number(deeds, values![]).await.unwrap(), 7);
    }
}

#[tokio::test]
async fn what_cannot_be_is_said_field_by_field() {
    for house in House::both().await {
        let jana = hired(&house, "jana@almara.example", "Jana", Role::MarketingManager).await;
        let admin = hired(&house, "it@almara.example", "IT", Role::Administrator).await;
        let unit = house.db.write().await.unwrap();
        let add = async |draft: AgendaDraft| agenda::add(&unit, &jana, &draft, &house.zone, house.now()).await;
        let wrong = AgendaDraft {
            kind: "appointment".into(),
            note: "x".repeat(2_001),
            time: "25:00".into(),
            remind: "7".into(),
            ..AgendaDraft::default()
        };
        assert_eq!(fields(add(wrong).await.unwrap_err()), ["title", "note", "time", "day", "remind"]);
        let early = AgendaDraft { kind: "appointment".into(), until: "10:00".into(), ..call("2026-12-01", "10:30") };
        assert_eq!(fields(add(early).await.unwrap_err()), ["until"]);
        assert_eq!(fields(add(call("31.12.2026", "")).await.unwrap_err()), ["day"]);
        assert_eq!(fields(add(call("", "")).await.unwrap_err()), ["remind"]);
        let nobody = AgendaDraft { assignee: Some(UserId(77)), ..call("2026-12-01", "") };
        assert_eq!(fields(add(nobody).await.unwrap_err()), ["assignee"]);
        let unseeing = AgendaDraft { assignee: admin.user(), ..call("2026-12-01", "") };
        assert_eq!(fields(add(unseeing).await.unwrap_err()), ["assignee"]);
        let stranger = AgendaDraft { contact: Some(77), ..call("2026-12-01", "") };
        assert_eq!(fields(add(stranger).await.unwrap_err()), ["contact"]);
        let refused = agenda::add(&unit, &admin, &call("2026-12-01", ""), &house.zone, house.now()).await;
        assert!(matches!(refused, Err(Trouble::Refusal(Refusal::Right(_)))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_reminder_comes_once_even_when_the_house_stood_still() {
    for house in House::both().await {
        let jana = hired(&house, "jana@almara.example", "Jana", Role::MarketingManager).await;
        let user = jana.user().unwrap();
        let unit = house.db.write().await.unwrap();
        let today = house.zone.day(house.now()).to_string();
        let id = agenda::add(&unit, &jana, &call(&today, "18:00"), &house.zone, house.now()).await.unwrap();
        let done = agenda::add(&unit, &jana, &call(&today, "18:00"), &house.zone, house.now()).await.unwrap();
        agenda::complete(&unit, &jana, done, true, house.now()).await.unwrap();
        unit.save().await.unwrap();
        let remind = || Remind { db: house.db.clone(), clock: house.clock.clone() };
        assert_eq!(remind().once().await.unwrap(), 0, "too early");
        house.clock.forward(30 * HOUR);
        assert_eq!((remind().once().await.unwrap(), remind().once().await.unwrap()), (1, 0));
        let rows = house.db.read().await.unwrap();
        let told = notifications::list(&rows, user, None, 9).await.unwrap();
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].topic, told[0].link.as_str()), (Topic::Agenda, format!("/aufgaben/{id}").as_str()));
        drop(rows);
        let unit = house.db.write().await.unwrap();
        let item = agenda::find(&unit, &jana, id).await.unwrap().unwrap();
        let again = call(&house.zone.day(house.now()).to_string(), "20:00");
        agenda::change(&unit, &jana, id, item.version, &again, &house.zone, house.now()).await.unwrap();
        unit.save().await.unwrap();
        house.clock.forward(24 * HOUR);
        assert_eq!(remind().once().await.unwrap(), 1, "another time is reminded of anew");
    }
}

#[tokio::test]
async fn a_calendar_reads_what_its_owner_sees_until_the_link_is_closed() {
    for house in House::both().await {
        let jana = hired(&house, "jana@almara.example", "Jana", Role::MarketingManager).await;
        let (now, seal) = (house.now(), &house.seal);
        let unit = house.db.write().await.unwrap();
        assert_eq!(agenda::feed_of(&unit, seal, &jana).await.unwrap(), None);
        agenda::add(&unit, &jana, &call("2026-12-01", "10:30"), &house.zone, now).await.unwrap();
        agenda::renew_feed(&unit, &jana, now).await.unwrap();
        let first = agenda::feed_of(&unit, seal, &jana).await.unwrap().unwrap();
        let feed = agenda::feed(&unit, seal, &first, now).await.unwrap().unwrap();
        assert_eq!((feed.name.as_str(), feed.items.len()), ("Jana", 1));
        agenda::renew_feed(&unit, &jana, now).await.unwrap();
        assert!(agenda::feed(&unit, seal, &first, now).await.unwrap().is_none());
        let second = agenda::feed_of(&unit, seal, &jana).await.unwrap().unwrap();
        assert!(agenda::feed(&unit, seal, &second, now).await.unwrap().is_some());
        assert!(agenda::feed(&unit, seal, &second[1..], now).await.unwrap().is_none());
        agenda::close_feed(&unit, &jana, now).await.unwrap();
        assert_eq!(agenda::feed_of(&unit, seal, &jana).await.unwrap(), None);
        agenda::renew_feed(&unit, &jana, now).await.unwrap();
        for old in [first, second] {
            assert!(agenda::feed(&unit, seal, &old, now).await.unwrap().is_none(), "a closed link stays closed");
        }
    }
}

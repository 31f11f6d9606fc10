//! Stories of the ledger of changes: what was changed is known field by field, and is taken back without undoing others' work.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::{
    Refusal, Trouble,
    customers::{self, Contact, ContactDraft, archive_contacts, create_contact, edit_contact, take_back},
    history::{self, Cause, RECORD, Subject},
};
use jiff::civil::{Date, date};
use kernel::{ChangeSetId, ContactId, time::MINUTE};
use proptest::{
    prelude::{Strategy, any},
    prop_assume,
    test_runner::{Config, TestRunner},
};
use testkit::House;

const TODAY: Date = date(2026, 11, 24);

async fn made(house: &House, draft: ContactDraft) -> Contact {
    let unit = house.db.write().await.unwrap();
    house.clock.forward(MINUTE);
    let contact = create_contact(&unit, &house.jana(), draft, house.now(), TODAY).await.unwrap();
    unit.save().await.unwrap();
    contact
}

async fn now(house: &House, id: i64) -> Contact {
    customers::find_contact(&house.db.read().await.unwrap(), ContactId(id)).await.unwrap().unwrap()
}

async fn edited(house: &House, id: i64, change: impl FnOnce(&mut ContactDraft)) -> ChangeSetId {
    let before = now(house, id).await;
    let mut draft = ContactDraft::from(&before);
    change(&mut draft);
    let unit = house.db.write().await.unwrap();
    house.clock.forward(MINUTE);
    edit_contact(&unit, &house.jana(), ContactId(id), before.version, draft, house.now(), TODAY).await.unwrap();
    let newest = history::of_record(&unit, Subject::Contact(id), None, 1).await.unwrap();
    unit.save().await.unwrap();
    ChangeSetId(newest[0].set_id)
}

async fn undone(house: &House, set: ChangeSetId) -> customers::TakenBack {
    let unit = house.db.write().await.unwrap();
    house.clock.forward(MINUTE);
    let done = take_back(&unit, &house.jana(), set, house.now()).await.unwrap();
    unit.save().await.unwrap();
    done
}

fn katharina() -> ContactDraft {
    let text = str::to_owned;
    ContactDraft {
        first_name: text("Katharina"),
        last_name: text("Lindner"),
        city: text("Hamburg"),
        email: text("k.lindner@kunde.example"),
        company: text("Praxis Lindner"),
        budget_minor: Some(250_000),
        ..ContactDraft::default()
    }
}

#[tokio::test]
async fn an_edit_is_taken_back_but_not_what_somebody_changed_since() {
    for house in House::both().await {
        let id = made(&house, katharina()).await.id;
        let moved = edited(&house, id, |draft| {
            draft.city = "Köln".to_owned();
            draft.occupation = "Ärztin".to_owned();
            draft.company.clear();
            draft.budget_minor = None;
        })
        .await;
        edited(&house, id, |draft| draft.city = "Bonn".to_owned()).await;
        let done = undone(&house, moved).await;
        assert_eq!((done.contacts, done.kept.len(), done.kept[0].field.as_str()), (1, 1, "city"));
        let after = now(&house, id).await;
        assert_eq!(after.city.as_deref(), Some("Bonn"), "somebody meant that");
        assert_eq!((after.occupation.as_deref(), after.company.as_deref()), (None, Some("Praxis Lindner")));
        assert_eq!((after.budget_minor, after.budget_currency.as_deref()), (Some(250_000), Some("EUR")));

        let unit = house.db.write().await.unwrap();
        let again = take_back(&unit, &house.jana(), moved, house.now()).await.unwrap_err();
        assert!(matches!(again, Trouble::Refusal(Refusal::State(_))), "{again:?}");
        let unknown = take_back(&unit, &house.jana(), ChangeSetId(999), house.now()).await.unwrap_err();
        assert!(matches!(unknown, Trouble::Refusal(Refusal::Missing)), "{unknown:?}");
    }
}

#[tokio::test]
async fn every_value_knows_where_it_comes_from() {
    for house in House::both().await {
        let id = made(&house, katharina()).await.id;
        let entered = house.now();
        edited(&house, id, |draft| draft.city = "Köln".to_owned()).await;
        let origins = history::origins(&house.db.read().await.unwrap(), Subject::Contact(id)).await.unwrap();
        assert_eq!(origins.len(), 2);
        assert_eq!((origins[RECORD].at, origins[RECORD].cause.as_str()), (entered.0, "form"));
        assert_eq!((origins["city"].at, origins["city"].actor_name.clone()), (house.now().0, house.jana().name));
    }
}

#[tokio::test]
async fn what_was_put_away_comes_back_and_what_was_made_is_put_away() {
    for house in House::both().await {
        let (one, other) = (made(&house, katharina()).await.id, made(&house, katharina()).await.id);
        let unit = house.db.write().await.unwrap();
        let both = [ContactId(one), ContactId(other)];
        let set = archive_contacts(&unit, &house.jana(), &both, true, Cause::Bulk, house.now()).await.unwrap();
        unit.save().await.unwrap();
        assert!(now(&house, one).await.archived_at.is_some() && now(&house, other).await.archived_at.is_some());
        let back = undone(&house, set).await;
        assert_eq!((back.contacts, back.kept.len()), (2, 0));
        assert!(now(&house, one).await.archived_at.is_none() && now(&house, other).await.archived_at.is_none());
        // Taking the taking back back puts them away again.
        undone(&house, back.set).await;
        assert!(now(&house, one).await.archived_at.is_some());

        let third = made(&house, katharina()).await.id;
        let rows = house.db.read().await.unwrap();
        let making = history::of_record(&rows, Subject::Contact(third), None, 1).await.unwrap()[0].set_id;
        drop(rows);
        undone(&house, ChangeSetId(making)).await;
        assert!(now(&house, third).await.archived_at.is_some());
    }
}

#[tokio::test]
async fn a_set_of_many_contacts_is_read_in_pages_that_split_nobody() {
    for house in House::both().await {
        let unit = house.db.write().await.unwrap();
        let set = history::begin(&unit, &house.jana(), Cause::Bulk, house.now()).await.unwrap();
        let change =
            |id: i64, field: &str| history::Change::new(Subject::Contact(id), field, None, Some("x".to_owned()));
        let all: Vec<_> = (1..=5).flat_map(|id| [change(id, "city"), change(id, "title")]).collect();
        history::note(&unit, set, &all).await.unwrap();
        let (mut after, mut pages) = (None, Vec::new());
        loop {
            let page = history::changes(&unit, set, after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.subject);
            pages.push(page);
        }
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 2]);
        assert_eq!(pages.concat(), all);
    }
}

#[test]
fn a_change_and_its_undoing_are_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let houses = runtime.block_on(House::both());
    let text = || "[a-zA-Zäöüß]{0,8}";
    let drawn = (text(), text(), text(), text(), any::<Option<u16>>(), proptest::sample::select(&["lead", "customer"]));
    let draft = drawn.prop_map(|(first_name, city, occupation, company, budget, kind)| ContactDraft {
        first_name,
        last_name: "Vogel".to_owned(),
        city,
        occupation,
        company,
        budget_minor: budget.map(i64::from),
        kind: (*kind).to_owned(),
        ..ContactDraft::default()
    });
    let mut runner = TestRunner::new(Config::with_cases(24));
    runner
        .run(&(draft.clone(), draft), |(first, second)| {
            prop_assume!(first != second);
            for house in &houses {
                runtime.block_on(async {
                    let before = made(house, first.clone()).await;
                    let set = edited(house, before.id, |draft| {
                        let number = std::mem::take(&mut draft.number);
                        *draft = ContactDraft { number, ..second.clone() };
                    })
                    .await;
                    let done = undone(house, set).await;
                    assert!(done.kept.is_empty());
                    let after = now(house, before.id).await;
                    let same = |contact: &Contact| Contact { version: 0, updated_at: 0, ..contact.clone() };
                    assert_eq!(same(&after), same(&before));
                });
            }
            Ok(())
        })
        .unwrap();
}

//! What moves, what wins, what is refused.

use super::world::{Belongings, TODAY, contents, furnish, give, made, merged};
use crm::{
    Refusal, Trouble,
    customers::{
        ContactDraft, ContactPoint, Tie, consents, current_consent, edit_contact, find_contact, ids_by_number,
        merge::{self, MOVED, STAYING, Wish, preview, survivor_of, undo},
        tie, tied_to,
    },
    interactions::visitors,
};
use kernel::{ContactId, MergeId, time::MINUTE};
use std::time::Instant;
use store::{Engine, FromQueryResult, values};
use testkit::House;

fn named(first: &str, last: &str) -> ContactDraft {
    ContactDraft { first_name: first.into(), last_name: last.into(), ..ContactDraft::default() }
}

#[tokio::test]
async fn everything_moves_and_old_numbers_and_links_lead_to_the_survivor() {
    for house in House::both().await {
        furnish(&house).await;
        let ada = made(&house, ContactDraft { number: "7".into(), ..named("Ada", "Lovelace") }).await;
        let twin = ContactDraft {
            number: "8".into(),
            email: "ada@example.org".into(),
            kind: "customer".into(),
            ..named("A.", "Lovelace")
        };
        let twin = made(&house, twin).await;
        give(&house, ada, &Belongings { campaigns: vec![1], interactions: 2, ..Belongings::default() }).await;
        let rich =
            Belongings { interactions: 3, purchases: 2, visitors: 1, campaigns: vec![1, 2], ..Belongings::default() };
        give(&house, twin, &rich).await;
        let rows = house.db.read().await.unwrap();
        let looked = preview(&rows, &house.jana(), ada, twin).await.unwrap();
        assert_eq!((looked.moves["interaction"], looked.moves["purchase"], looked.moves["visitor"]), (4, 2, 1));
        assert_eq!((looked.moves["message"], looked.moves["audience"]), (1, 1), "the other mail both got");
        drop(rows);
        let id = merged(&house, ada, twin).await;

        let unit = house.db.write().await.unwrap();
        let survivor = find_contact(&unit, ada).await.unwrap().unwrap();
        assert_eq!(
            (survivor.first_name.as_str(), survivor.email.as_deref(), survivor.kind.as_str()),
            ("Ada", Some("ada@example.org"), "customer")
        );
        let of = async |table: &str, contact: ContactId| {
            unit.number(&format!("SELECT COUNT(*) FROM {table} WHERE contact_id = $1"), values![contact.0])
                .await
                .unwrap()
        };
        for (table, mine, theirs) in [
            ("interaction", 6, 0),
            ("purchase", 2, 0),
            ("visitor", 1, 0),
            ("identity_edge", 1, 0),
            ("message", 2, 1),
            ("audience", 2, 1),
        ] {
            assert_eq!((of(table, ada).await, of(table, twin).await), (mine, theirs), "{table}");
        }
        let gone = find_contact(&unit, twin).await.unwrap().unwrap();
        assert!(gone.archived_at.is_some());
        assert_eq!(survivor_of(&unit, twin).await.unwrap(), Some(ada));
        assert_eq!(ids_by_number(&unit, &["7", "8"]).await.unwrap()["8"], ada, "an order with the old number");

        // A tie to a visitor can still be taken back, and is not brought back by taking the merge back.
        let edge = visitors::edges_of(&unit, ada, 5).await.unwrap()[0].id;
        visitors::undo(&unit, &house.jana(), ada, edge, house.now()).await.unwrap();
        undo(&unit, &house.jana(), id, house.now()).await.unwrap();
        assert_eq!((of("interaction", ada).await, of("interaction", twin).await), (2, 3));
        unit.save().await.unwrap();
    }
}

#[tokio::test]
async fn what_was_not_chosen_stays_a_further_way_and_ties_move_there_and_back() {
    for house in House::both().await {
        let ada = made(&house, ContactDraft { email: "ada@home.example".into(), ..named("Ada", "Lovelace") }).await;
        let work = ContactPoint {
            what: "phone".into(),
            kind: "work".into(),
            text: "+493065013800".into(),
            ..ContactPoint::default()
        };
        let twin =
            ContactDraft { email: "ada@work.example".into(), points: vec![work.clone()], ..named("Adda", "Lovelace") };
        let twin = made(&house, twin).await;
        let bo = made(&house, named("Bo", "Babbage")).await;
        let jana = house.jana();
        let unit = house.db.write().await.unwrap();
        tie(&unit, &jana, bo, twin, Tie::Household, house.now()).await.unwrap();
        tie(&unit, &jana, ada, twin, Tie::Companion, house.now()).await.unwrap();
        unit.save().await.unwrap();
        let names = async |of: ContactId| {
            let tied = tied_to(&house.db.read().await.unwrap(), &jana, of).await.unwrap();
            tied.into_iter().map(|one| one.who.first_name).collect::<Vec<_>>().join(", ")
        };

        let id = merged(&house, ada, twin).await;
        let one = find_contact(&house.db.read().await.unwrap(), ada).await.unwrap().unwrap();
        assert_eq!(one.email.as_deref(), Some("ada@home.example"));
        let ways: Vec<&str> = one.points.iter().map(|point| point.text.as_str()).collect();
        assert_eq!(ways, ["ada@work.example", "+493065013800"]);
        assert_eq!((names(ada).await, names(bo).await), ("Bo".to_owned(), "Ada".to_owned()));

        let unit = house.db.write().await.unwrap();
        undo(&unit, &jana, id, house.now()).await.unwrap();
        unit.save().await.unwrap();
        let rows = house.db.read().await.unwrap();
        assert!(find_contact(&rows, ada).await.unwrap().unwrap().points.is_empty());
        assert_eq!(find_contact(&rows, twin).await.unwrap().unwrap().points, [work]);
        assert_eq!((names(ada).await, names(bo).await), ("Adda".to_owned(), "Adda".to_owned()));
    }
}

#[tokio::test]
async fn a_withdrawal_is_never_lost() {
    for house in House::both().await {
        furnish(&house).await;
        let (ada, twin) = (made(&house, named("Ada", "Lovelace")).await, made(&house, named("Ada", "Lovelace")).await);
        let with = |consents: Vec<(&'static str, bool)>| Belongings { consents, ..Belongings::default() };
        give(&house, ada, &with(vec![("email", false), ("letter", true), ("phone", true)])).await;
        give(&house, twin, &with(vec![("email", true), ("letter", false)])).await;
        let holds = async |contact, channel| {
            let rows = house.db.read().await.unwrap();
            current_consent(&rows, contact, channel, "marketing").await.unwrap().map(|entry| entry.granted)
        };
        let id = merged(&house, ada, twin).await;
        assert_eq!(
            (holds(ada, "email").await, holds(ada, "letter").await, holds(ada, "phone").await),
            (Some(0), Some(0), Some(1))
        );
        let unit = house.db.read().await.unwrap();
        assert_eq!(consents(&unit, ada).await.unwrap().len(), 5, "the whole history came along");
        drop(unit);
        // The person withdraws after the merge; taking it back does not bring back what one of the two records allowed.
        give(&house, ada, &with(vec![("phone", false), ("letter", true), ("letter", false)])).await;
        let unit = house.db.write().await.unwrap();
        undo(&unit, &house.jana(), id, house.now()).await.unwrap();
        unit.save().await.unwrap();
        assert_eq!((holds(ada, "email").await, holds(twin, "email").await), (Some(0), Some(1)), "as it was");
        assert_eq!((holds(ada, "phone").await, holds(ada, "letter").await), (Some(0), Some(0)));
        assert_eq!(holds(twin, "letter").await, None, "something newer was said: nothing is allowed");
    }
}

fn refused<T>(outcome: Result<T, Trouble>) -> Refusal {
    match outcome {
        Err(Trouble::Refusal(refusal)) => refusal,
        Err(Trouble::Fault(fault)) => panic!("{fault}"),
        Ok(_) => panic!("nothing was refused"),
    }
}

fn key(refusal: Refusal) -> String {
    match refusal {
        Refusal::State(sentence) => sentence.key.into_owned(),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn what_cannot_be_merged_is_refused_in_words() {
    for house in House::both().await {
        let mut ids = Vec::new();
        for first in ["Ada", "Bo", "Cy"] {
            ids.push(made(&house, named(first, "Lovelace")).await);
        }
        let [ada, bo, cy] = ids[..] else { unreachable!() };
        let unit = house.db.write().await.unwrap();
        let jana = house.jana();
        assert_eq!(key(refused(preview(&unit, &jana, ada, ada).await)), "merge-with-itself");
        assert_eq!(refused(preview(&unit, &jana, ada, ContactId(999)).await), Refusal::Missing);
        let wish = Wish::suggested(&preview(&unit, &jana, ada, bo).await.unwrap());
        let stale = Wish { versions: (1, 0), ..wish.clone() };
        drop(unit);
        let try_it = async |actor: &crm::staff::Actor, wish: &Wish| {
            let unit = house.db.write().await.unwrap();
            merge::merge(&unit, actor, wish, house.now()).await
        };
        assert_eq!(refused(try_it(&jana, &stale).await), Refusal::Stale);
        let odd = Wish { from_merged: ["id".to_owned()].into(), ..wish.clone() };
        assert!(matches!(refused(try_it(&jana, &odd).await), Refusal::Invalid(_)));
        assert!(matches!(refused(try_it(&house.sabine(), &wish).await), Refusal::Right(_)));

        let first = merged(&house, ada, bo).await;
        let unit = house.db.write().await.unwrap();
        assert_eq!(key(refused(preview(&unit, &jana, cy, bo).await)), "merge-already");
        drop(unit);
        let second = merged(&house, cy, ada).await;
        let rows = house.db.read().await.unwrap();
        assert_eq!(survivor_of(&rows, bo).await.unwrap(), Some(cy), "over two merges");
        drop(rows);
        let take_back = async |id: MergeId| {
            let unit = house.db.write().await.unwrap();
            let outcome = undo(&unit, &jana, id, house.now()).await;
            unit.save().await.unwrap();
            outcome
        };
        assert_eq!(key(refused(take_back(first).await)), "merge-merged-since");
        take_back(second).await.unwrap();
        take_back(first).await.unwrap();
        assert_eq!(key(refused(take_back(first).await)), "merge-undone-already");
        assert_eq!(refused(take_back(MergeId(77)).await), Refusal::Missing);
        let unit = house.db.write().await.unwrap();
        unit.run("UPDATE contact SET archived_at = 1 WHERE id = $1", values![bo.0]).await.unwrap();
        assert_eq!(key(refused(preview(&unit, &jana, ada, bo).await)), "merge-archived");
    }
}

#[tokio::test]
async fn an_edit_made_since_stays_when_a_merge_is_taken_back() {
    for house in House::both().await {
        let ada = made(&house, named("Ada", "Lovelace")).await;
        let twin = ContactDraft { phone: "0221 1".into(), title: "Dr.".into(), ..named("Ada", "Lovelace") };
        let twin = made(&house, twin).await;
        let id = merged(&house, ada, twin).await;
        let unit = house.db.write().await.unwrap();
        let contact = find_contact(&unit, ada).await.unwrap().unwrap();
        assert_eq!((contact.phone.as_deref(), contact.title.as_deref()), (Some("0221 1"), Some("Dr.")));
        let draft = ContactDraft { phone: "0221 2".into(), ..ContactDraft::from(&contact) };
        house.clock.forward(MINUTE);
        edit_contact(&unit, &house.jana(), ada, contact.version, draft, house.now(), TODAY).await.unwrap();
        undo(&unit, &house.jana(), id, house.now()).await.unwrap();
        let contact = find_contact(&unit, ada).await.unwrap().unwrap();
        assert_eq!((contact.phone.as_deref(), contact.title.as_deref()), (Some("0221 2"), None));
        unit.save().await.unwrap();
    }
}

/// Every table that names a contact is decided about: a new one that is forgotten would lose its rows in a merge.
#[tokio::test]
async fn every_table_with_a_contact_is_moved_or_stays_on_purpose() {
    #[derive(FromQueryResult)]
    struct Named {
        name: String,
    }
    for house in House::both().await {
        let rows = house.db.read().await.unwrap();
        let sql = match house.engine() {
            Engine::Sqlite => {
                "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'contact_id' WHERE m.type = 'table'"
            }
            Engine::Postgres => {
                "SELECT CAST(c.table_name AS TEXT) AS name FROM information_schema.columns c JOIN information_schema.tables t \
                 ON t.table_name = c.table_name AND t.table_schema = c.table_schema \
                 WHERE c.column_name = 'contact_id' AND t.table_type = 'BASE TABLE' AND c.table_schema = current_schema()"
            }
        };
        let found: Vec<Named> = rows.all(sql, vec![]).await.unwrap();
        assert!(found.len() >= MOVED.len());
        for Named { name } in found {
            let decided = MOVED.iter().any(|moved| moved.table == name) || STAYING.contains(&name.as_str());
            assert!(decided, "{name} has a contact_id: add it to MOVED or STAYING in customers/merge/moving.rs");
        }
    }
}

#[tokio::test]
async fn ten_thousand_interactions_move_and_move_back_at_once() {
    for house in House::both().await {
        let (ada, twin) = (made(&house, named("Ada", "Lovelace")).await, made(&house, named("Ada", "Lovelace")).await);
        give(&house, twin, &Belongings { interactions: 10_000, ..Belongings::default() }).await;
        let before = contents(&house, &[ada, twin]).await;
        let since = Instant::now();
        let id = merged(&house, ada, twin).await;
        let merging = since.elapsed();
        let since = Instant::now();
        let unit = house.db.write().await.unwrap();
        let undone = undo(&unit, &house.jana(), id, house.now()).await.unwrap();
        unit.save().await.unwrap();
        println!("{:?}: merged in {merging:?}, taken back in {:?}", house.engine(), since.elapsed());
        assert_eq!(undone.rows, 10_000);
        assert_eq!(contents(&house, &[ada, twin]).await, before);
    }
}

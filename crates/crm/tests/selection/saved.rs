//! The life of a saved segment.

use super::world::World;
use crm::{
    Refusal, Trouble,
    selection::{Definition, Draft, Use, archive, change, count, create, find, list, phrases, restore, where_used},
};
use kernel::{Locale, SegmentId};
use serde_json::{Value as Json, json};
use store::values;
use testkit::{House, house::NOON};

fn draft(name: &str, definition: Json) -> Draft {
    Draft { name: name.into(), description: String::new(), definition }
}

fn complaints(trouble: Trouble) -> Vec<(String, &'static str)> {
    match trouble {
        Trouble::Refusal(Refusal::Invalid(complaints)) => {
            for complaint in &complaints {
                assert!(!complaint.sentence.say(Locale::De).contains('⟨'), "{complaint:?}");
            }
            complaints.into_iter().map(|c| (c.field, c.code)).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn of_greece() -> Json {
    json!({ "all": [
        { "field": "country", "op": "in", "value": ["DE", "AT"] },
        { "did": { "kind": "order_placed", "at_least": 1, "before": "2026-01-01",
                   "where": [{ "field": "category", "op": "eq", "value": "Griechenland" }] } },
        { "not": { "did": { "kind": "order_placed", "at_least": 1, "from": "2026-01-01" } } },
    ] })
}

#[tokio::test]
async fn a_segment_is_saved_with_ids_and_said_with_names() {
    for house in House::both().await {
        World::new(NOON).furnish(&house).await;
        let unit = house.db.write().await.unwrap();
        let id = create(&unit, &house.jana(), &draft(" Griechenland \n", of_greece()), house.now()).await.unwrap();
        unit.save().await.unwrap();
        let rows = house.db.read().await.unwrap();
        let segment = find(&rows, id).await.unwrap().unwrap();
        assert_eq!(segment.name, "Griechenland");
        assert_eq!(segment.definition.to_json()["all"][1]["did"]["where"][0]["value"], json!(1));
        let lines = phrases(&rows, &segment.definition, Locale::De, &house.zone).await.unwrap();
        let text: Vec<String> = lines.iter().map(|l| format!("{}{}", "  ".repeat(l.depth), l.text)).collect();
        assert_eq!(
            text,
            [
                "Alle diese Bedingungen:",
                "  Land ist eines von Deutschland, Österreich",
                "  Gebucht, mindestens 1 Mal, vor 01.01.2026, Kategorie ist „Griechenland“",
                "  Nicht:",
                "    Gebucht, mindestens 1 Mal, ab 01.01.2026",
            ]
        );
        let audited =
            rows.number("SELECT COUNT(*) FROM audit_entry WHERE action = 'segment.created'", vec![]).await.unwrap();
        assert_eq!(audited, 1);
    }
}

#[tokio::test]
async fn the_second_save_of_a_stale_version_is_refused() {
    for house in House::both().await {
        let everybody = json!({ "all": [] });
        let unit = house.db.write().await.unwrap();
        let id = create(&unit, &house.jana(), &draft("A", everybody.clone()), house.now()).await.unwrap();
        assert_eq!(change(&unit, &house.jana(), id, 1, &draft("B", everybody.clone()), house.now()).await.unwrap(), 2);
        let stale = change(&unit, &house.jana(), id, 1, &draft("C", everybody.clone()), house.now()).await;
        assert!(matches!(stale, Err(Trouble::Refusal(Refusal::Stale))));
        let denied = create(&unit, &house.aylin(), &draft("D", everybody), house.now()).await;
        assert!(matches!(denied, Err(Trouble::Refusal(Refusal::Right(_)))));
        unit.save().await.unwrap();
        assert_eq!(find(&house.db.read().await.unwrap(), id).await.unwrap().unwrap().name, "B");
    }
}

#[tokio::test]
async fn a_segment_may_hold_others_but_not_itself() {
    for house in House::both().await {
        let jana = house.jana();
        let of = |id: i64| json!({ "all": [{ "not": { "field": "segment", "op": "in", "value": [id] } }] });
        let unit = house.db.write().await.unwrap();
        let first = create(&unit, &jana, &draft("1", json!({ "any": [] })), house.now()).await.unwrap();
        let second = create(&unit, &jana, &draft("2", of(first.0)), house.now()).await.unwrap();
        let circle = change(&unit, &jana, first, 1, &draft("1", of(second.0)), house.now()).await.unwrap_err();
        assert_eq!(complaints(circle), [("all[0].not.value".to_owned(), "circle")]);
        let unknown = create(&unit, &jana, &draft("3", of(99)), house.now()).await.unwrap_err();
        assert_eq!(complaints(unknown), [("all[0].not.value".to_owned(), "unknown_segment")]);
        assert_eq!(where_used(&unit, first).await.unwrap(), [Use::Segment { id: second, name: "2".into() }]);

        archive(&unit, &jana, first, house.now()).await.unwrap();
        assert_eq!(list(&unit, false).await.unwrap().len(), 1);
        assert_eq!(list(&unit, true).await.unwrap()[0].id, first);
        restore(&unit, &jana, first, house.now()).await.unwrap();
        assert_eq!(list(&unit, false).await.unwrap().len(), 2);
        assert!(archive(&unit, &jana, SegmentId(99), house.now()).await.is_err());
    }
}

#[tokio::test]
async fn a_name_nobody_knows_is_refused_where_it_stands() {
    for house in House::both().await {
        let unit = house.db.write().await.unwrap();
        let wrong = create(&unit, &house.jana(), &draft("", of_greece()), house.now()).await.unwrap_err();
        let expected = [("name", "required"), ("all[1].did.where[0].value", "unknown_category")];
        assert_eq!(complaints(wrong), expected.map(|(field, code)| (field.to_owned(), code)));
    }
}

#[tokio::test]
async fn an_archived_contact_never_matches_and_a_hostile_value_is_only_a_value() {
    for house in House::both().await {
        let world = World::new(NOON);
        world.furnish(&house).await;
        let rows = house.db.read().await.unwrap();
        let living = world.people.iter().filter(|p| !p.archived).count() as i64;
        assert!(living < world.people.len() as i64);
        assert_eq!(count(&rows, &Definition::everybody(), NOON, &house.zone).await.unwrap(), living);
        let json = json!({ "any": [
            { "field": "city", "op": "eq", "value": "'; DROP TABLE contact; --" },
            { "field": "source", "op": "contains", "value": "$1 ? \" \\ '" },
        ] });
        let definition = Definition::parse(&json, &Default::default()).unwrap();
        assert_eq!(count(&rows, &definition, NOON, &house.zone).await.unwrap(), 0);
        assert_eq!(rows.number("SELECT COUNT(*) FROM contact WHERE id > $1", values![0_i64]).await.unwrap(), 60);
    }
}

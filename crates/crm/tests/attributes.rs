//! Stories of the house's own attributes and of tags: defined with a purpose, filled, asked for, taken back.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::{
    Refusal, Trouble,
    customers::{
        self, AttributeChoice, AttributeKind, Contact, ContactDraft, attributes, attributes::AttributeDraft,
        create_contact, edit_contact, take_back,
    },
    history::{self, Subject},
    selection::{Definition, Names, members},
};
use jiff::civil::{Date, date};
use kernel::{ChangeSetId, ContactId, time::MINUTE};
use serde_json::{Value as Json, json};
use testkit::House;

const TODAY: Date = date(2026, 11, 24);

fn meal() -> AttributeDraft {
    let choice = |de: &str, en: &str| AttributeChoice { code: String::new(), de: de.into(), en: en.into() };
    AttributeDraft {
        kind: AttributeKind::Choice,
        label_de: "Verpflegung".into(),
        label_en: "Meals".into(),
        choices: vec![choice("Vegetarisch", "Vegetarian"), choice("Alles", "Everything")],
        purpose: "Damit es unterwegs das Richtige gibt".into(),
        basis: "contract".into(),
        ..AttributeDraft::default()
    }
}

async fn defined(house: &House, draft: AttributeDraft) {
    let unit = house.db.write().await.unwrap();
    attributes::create_attribute(&unit, &house.jana(), draft, house.now()).await.unwrap();
    unit.save().await.unwrap();
}

fn draft(values: &[(&str, &str)], tags: &[&str]) -> ContactDraft {
    ContactDraft {
        last_name: "Vogel".into(),
        attributes: values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..ContactDraft::default()
    }
}

async fn made(house: &House, draft: ContactDraft) -> Result<Contact, Trouble> {
    let unit = house.db.write().await.unwrap();
    let contact = create_contact(&unit, &house.jana(), draft, house.now(), TODAY).await?;
    unit.save().await.unwrap();
    Ok(contact)
}

async fn meant(house: &House, json: Json) -> Result<Vec<i64>, Refusal> {
    let rows = house.db.read().await.unwrap();
    let names = Names::look_up(&rows, &json).await.unwrap();
    let definition = Definition::parse(&json, &names)?;
    let stored = Definition::parse(&definition.to_json(), &Names::default()).unwrap();
    assert_eq!(stored, definition, "what is stored reads back without looking anything up");
    let found = members(&rows, &definition, None, 100, house.now(), &house.zone).await.unwrap();
    Ok(found.into_iter().map(i64::from).collect())
}

fn codes(refusal: &Refusal) -> Vec<(&str, &str)> {
    match refusal {
        Refusal::Invalid(wrong) => wrong.iter().map(|complaint| (complaint.field.as_str(), complaint.code)).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_attribute_is_filled_asked_for_and_taken_back() {
    for house in House::both().await {
        defined(&house, meal()).await;
        let veggie =
            made(&house, draft(&[("verpflegung", "vegetarisch")], &["Wanderer", " messe 2026 "])).await.unwrap();
        let other = made(&house, draft(&[], &[])).await.unwrap();
        assert_eq!(veggie.attributes["verpflegung"], "vegetarisch", "the code of what was written");
        assert_eq!(veggie.tags.iter().map(String::as_str).collect::<Vec<_>>(), ["Wanderer", "messe 2026"]);

        let asked = json!({ "field": "attribute.verpflegung", "op": "eq", "value": "vegetarisch" });
        assert_eq!(meant(&house, asked.clone()).await.unwrap(), [veggie.id]);
        let tagged = json!({ "field": "tag", "op": "eq", "value": "wanderer" });
        assert_eq!(meant(&house, tagged).await.unwrap(), [veggie.id], "a tag is found however it is written");
        let nobody = json!({ "field": "tag", "op": "is_empty" });
        assert_eq!(meant(&house, nobody).await.unwrap(), [other.id]);
        let unknown = meant(&house, json!({ "field": "attribute.verpflegung", "op": "eq", "value": "fisch" })).await;
        assert_eq!(codes(&unknown.unwrap_err()), [("value", "choice")]);
        let unknown = meant(&house, json!({ "field": "attribute.hobby", "op": "is_set" })).await;
        assert_eq!(codes(&unknown.unwrap_err()), [("field", "unknown_field")]);

        let unit = house.db.write().await.unwrap();
        house.clock.forward(MINUTE);
        let change = ContactDraft { attributes: Default::default(), ..ContactDraft::from(&veggie) };
        let (id, jana) = (ContactId(veggie.id), house.jana());
        edit_contact(&unit, &jana, id, veggie.version, change, house.now(), TODAY).await.unwrap();
        let set = history::of_record(&unit, Subject::Contact(veggie.id), None, 1).await.unwrap().remove(0);
        assert_eq!(
            (set.field.as_str(), set.before.as_deref(), set.after),
            ("attribute.verpflegung", Some("vegetarisch"), None)
        );
        unit.save().await.unwrap();
        assert_eq!(meant(&house, asked.clone()).await.unwrap(), [] as [i64; 0]);
        let unit = house.db.write().await.unwrap();
        take_back(&unit, &jana, ChangeSetId(set.set_id), house.now()).await.unwrap();
        unit.save().await.unwrap();
        assert_eq!(meant(&house, asked).await.unwrap(), [veggie.id]);
        let back = customers::find_contact(&house.db.read().await.unwrap(), id).await.unwrap().unwrap();
        assert_eq!((back.attributes, back.tags), (veggie.attributes, veggie.tags));
    }
}

#[tokio::test]
async fn what_does_not_fit_an_attribute_is_said_beside_it() {
    for house in House::both().await {
        defined(&house, meal()).await;
        let children = AttributeDraft {
            kind: AttributeKind::Number,
            label_de: "Kinder".into(),
            choices: Vec::new(),
            minimum: Some(0),
            maximum: Some(20),
            ..meal()
        };
        defined(&house, children).await;
        let wrong = [("verpflegung", "fisch"), ("kinder", "21"), ("hobby", "Segeln")];
        let Err(Trouble::Refusal(refusal)) = made(&house, draft(&wrong, &[])).await else { panic!() };
        let mut said = codes(&refusal);
        said.sort_unstable();
        let expected = [
            ("attributes.hobby", "unknown_attribute"),
            ("attributes.kinder", "range"),
            ("attributes.verpflegung", "choice"),
        ];
        assert_eq!(said, expected);
    }
}

#[tokio::test]
async fn an_attribute_keeps_its_key_and_the_choices_people_have() {
    for house in House::both().await {
        defined(&house, meal()).await;
        let unit = house.db.write().await.unwrap();
        let twice = attributes::create_attribute(&unit, &house.jana(), meal(), house.now()).await.unwrap_err();
        assert_eq!(codes(twice.refusal().unwrap()), [("key", "taken")]);
        drop(unit);
        made(&house, draft(&[("verpflegung", "alles")], &[])).await.unwrap();
        let unit = house.db.write().await.unwrap();
        let fewer = AttributeDraft { choices: meal().choices[..1].to_vec(), ..meal() };
        let refused =
            attributes::change_attribute(&unit, &house.jana(), "verpflegung", fewer, house.now()).await.unwrap_err();
        assert_eq!(codes(refused.refusal().unwrap()), [("choices", "used")]);
        let renamed = AttributeDraft { key: "anders".into(), label_de: "Essen".into(), ..meal() };
        let after =
            attributes::change_attribute(&unit, &house.jana(), "verpflegung", renamed, house.now()).await.unwrap();
        assert_eq!((after.key.as_str(), after.label_de.as_str()), ("verpflegung", "Essen"));
        attributes::archive_attribute(&unit, &house.jana(), "verpflegung", true, house.now()).await.unwrap();
        assert!(customers::attributes(&unit, false).await.unwrap().is_empty());
        assert_eq!(customers::attributes(&unit, true).await.unwrap().len(), 1);
    }
}

//! Stories of contacts: made, edited, listed, on both engines.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::{
    Refusal, Trouble,
    customers::{
        ContactDraft, ContactPage, ContactQuery, Sort, contact_page, count_contacts, create_contact, edit_contact,
    },
    interactions::{Kind, NewInteraction, append},
};
use jiff::civil::{Date, date};
use kernel::{ContactId, time::MINUTE};
use store::values;
use testkit::House;

const TODAY: Date = date(2026, 11, 24);

async fn made(house: &House, draft: ContactDraft) -> i64 {
    let unit = house.db.write().await.unwrap();
    house.clock.forward(MINUTE);
    let contact = create_contact(&unit, &house.jana(), draft, house.now(), TODAY).await.unwrap();
    unit.save().await.unwrap();
    contact.id
}

fn named(first: &str, last: &str, city: &str) -> ContactDraft {
    ContactDraft { first_name: first.into(), last_name: last.into(), city: city.into(), ..ContactDraft::default() }
}

async fn listed(house: &House, query: &ContactQuery) -> ContactPage {
    let unit = house.db.read().await.unwrap();
    contact_page(&unit, &house.jana(), query).await.unwrap()
}

/// First names on all pages of two lines, in their order.
async fn all_pages(house: &House, sort: Sort, search: Option<&str>) -> String {
    let mut query = ContactQuery { sort, search: search.map(str::to_owned), limit: 2, ..ContactQuery::default() };
    let mut names = Vec::new();
    loop {
        let page = listed(house, &query).await;
        assert!(page.lines.len() <= 2);
        names.extend(page.lines.iter().map(|line| line.first_name.clone()));
        query.after = page.next;
        if query.after.is_none() {
            return names.join(" ");
        }
    }
}

async fn five(house: &House) -> Vec<i64> {
    let mut ids = Vec::new();
    for (first, last, city) in [
        ("Ada", "Müller", "Köln"),
        ("Bo", "Mueller", "Bremen"),
        ("Cy", "Álvarez", "Kassel"),
        ("Di", "Zobel", "Köln"),
        ("Eva", "Maier", "Aachen"),
    ] {
        ids.push(made(house, named(first, last, city)).await);
    }
    ids
}

#[tokio::test]
async fn the_list_is_read_page_by_page_in_each_order() {
    for house in House::both().await {
        let ids = five(&house).await;
        assert_eq!(all_pages(&house, Sort::Name, None).await, "Cy Eva Ada Bo Di");
        assert_eq!(all_pages(&house, Sort::Created, None).await, "Eva Di Cy Bo Ada");
        assert_eq!(all_pages(&house, Sort::Number, None).await, "Ada Bo Cy Di Eva");
        let unit = house.db.write().await.unwrap();
        let called = |index: usize, minutes: i64| {
            NewInteraction::new(Kind::CallIn, house.now().plus(minutes * MINUTE)).of(ContactId(ids[index]))
        };
        append(&unit, &[called(1, 1), called(3, 2), called(4, 2), called(1, 3)], house.now()).await.unwrap();
        unit.save().await.unwrap();
        assert_eq!(all_pages(&house, Sort::LastInteraction, None).await, "Bo Eva Di Cy Ada");
        assert_eq!(all_pages(&house, Sort::LastInteraction, Some("k")).await, "Di Cy Ada");
    }
}

#[tokio::test]
async fn a_search_finds_the_beginning_of_name_city_company_and_address() {
    for house in House::both().await {
        five(&house).await;
        let ada = ContactDraft {
            number: "K-77".into(),
            email: "Ada.L@example.org".into(),
            company: "Öl & Söhne".into(),
            ..named("Ada", "Lovelace", "London")
        };
        made(&house, ada).await;
        for (text, found) in [
            ("mül", "Ada Bo"),
            ("Mueller", "Ada Bo"),
            ("köln", "Ada Di"),
            ("ada", "Ada Ada"),
            ("Ada Lovelace", "Ada"),
            ("lovelace ada", "Ada"),
            ("K-7", "Ada"),
            ("ada.l@", "Ada"),
            ("öl &", "Ada"),
            ("100%", ""),
            ("a\0", "Cy Eva Ada Bo Ada Di"),
        ] {
            let expected: Vec<&str> = found.split(' ').filter(|name| !name.is_empty()).collect();
            let names = all_pages(&house, Sort::Name, Some(text)).await;
            let mut names: Vec<&str> = names.split(' ').filter(|name| !name.is_empty()).collect();
            let mut expected = expected.clone();
            names.sort_unstable();
            expected.sort_unstable();
            assert_eq!(names, expected, "{text}");
        }
    }
}

#[tokio::test]
async fn a_circle_limits_the_list_and_its_count() {
    for house in House::both().await {
        five(&house).await;
        let circle = sea_query::Condition::all().add(sea_query::Expr::cust("contact.city_key = 'koeln'"));
        let query = ContactQuery { circle: Some(circle), limit: 50, ..ContactQuery::default() };
        let names: Vec<String> = listed(&house, &query).await.lines.iter().map(|l| l.first_name.clone()).collect();
        assert_eq!(names, ["Ada", "Di"]);
        let unit = house.db.read().await.unwrap();
        assert_eq!(count_contacts(&unit, &house.jana(), &query, 1_000).await.unwrap(), 2);
        let refused = contact_page(&unit, &house.sabine(), &query).await;
        assert!(matches!(refused, Err(Trouble::Refusal(Refusal::Right(_)))));
        let query = ContactQuery { after: Some("nonsense".into()), ..ContactQuery::default() };
        assert!(matches!(contact_page(&unit, &house.jana(), &query).await, Err(Trouble::Refusal(Refusal::Invalid(_)))));
    }
}

#[tokio::test]
async fn the_second_of_two_editors_is_told_and_loses_nothing() {
    for house in House::both().await {
        let id = ContactId(made(&house, named("Ada", "Lovelace", "London")).await);
        let edit = |last: &'static str, version: i64| {
            let house = &house;
            async move {
                let unit = house.db.write().await.unwrap();
                let draft = ContactDraft { company: "Analytical".into(), ..named("Ada", last, "London") };
                let outcome = edit_contact(&unit, &house.jana(), id, version, draft, house.now(), TODAY).await;
                unit.save().await.unwrap();
                outcome
            }
        };
        let first = edit("Byron", 1).await.unwrap();
        assert_eq!(
            (first.version, first.last_name.as_str(), first.company.as_deref()),
            (2, "Byron", Some("Analytical"))
        );
        assert!(matches!(edit("King", 1).await, Err(Trouble::Refusal(Refusal::Stale))));
        let unit = house.db.read().await.unwrap();
        let audit = "SELECT COUNT(*) FROM audit_entry WHERE subject_kind = 'contact' AND subject_id = $1";
        assert_eq!(unit.number(audit, values![id.0]).await.unwrap(), 2);
    }
}

#[tokio::test]
async fn what_does_not_fit_is_said_field_by_field() {
    for house in House::both().await {
        made(&house, ContactDraft { number: "7".into(), ..named("Ada", "Lovelace", "London") }).await;
        let unit = house.db.write().await.unwrap();
        let wrong = ContactDraft {
            salutation: "sir".into(),
            birth_date: "2199-01-01".into(),
            email: "a@b@c".into(),
            country: "Atlantis".into(),
            city: "Lon\ndon".into(),
            ..ContactDraft::default()
        };
        let refused = create_contact(&unit, &house.jana(), wrong, house.now(), TODAY).await.unwrap_err();
        let Some(Refusal::Invalid(complaints)) = refused.refusal() else { panic!("{refused:?}") };
        let fields: Vec<&str> = complaints.iter().map(|c| c.field.as_str()).collect();
        assert_eq!(fields, ["city", "salutation", "birth_date", "email", "country"]);
        let taken = ContactDraft { number: "7".into(), ..named("Bo", "Öz", "") };
        let refused = create_contact(&unit, &house.jana(), taken, house.now(), TODAY).await.unwrap_err();
        let Some(Refusal::Invalid(complaints)) = refused.refusal() else { panic!("{refused:?}") };
        assert_eq!(complaints[0].code, "taken");
    }
}

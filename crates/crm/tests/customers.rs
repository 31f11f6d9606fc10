//! Stories of contacts: made, edited, listed, on both engines.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::{
    Refusal, Trouble,
    customers::{
        ContactDraft, ContactPage, ContactPoint, ContactQuery, Sort, Tie, alike, contact_page, count_contacts,
        create_contact, edit_contact, find_contact, tie, tied_to, untie,
    },
    interactions::{Kind, NewInteraction, append},
};
use jiff::civil::{Date, date};
use kernel::{ContactId, Locale, time::MINUTE};
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

fn further(what: &str, kind: &str, text: &str) -> ContactPoint {
    ContactPoint { what: what.into(), kind: kind.into(), text: text.into(), ..ContactPoint::default() }
}

#[tokio::test]
async fn somebody_has_further_ways_to_be_reached_and_every_change_of_them_can_be_taken_back() {
    for house in House::both().await {
        let summer = ContactPoint {
            street: "Strandweg 5".into(),
            postal_code: "D-25980".into(),
            city: "Sylt".into(),
            country: "Deutschland".into(),
            valid_from: "2026-06-01".into(),
            valid_until: "2026-12-31".into(),
            ..further("address", "temporary", "")
        };
        let draft = ContactDraft {
            salutation: "ms".into(),
            title: "Dr.".into(),
            street: "Lindenhof 12".into(),
            postal_code: "20999".into(),
            country: "DE".into(),
            points: vec![
                summer,
                further("phone", "mobile", "0171 1234567"),
                further("email", "work", "ada@werk.example"),
            ],
            ..named("Ada", "Lovelace", "Hamburg")
        };
        let id = ContactId(made(&house, draft).await);
        let rows = house.db.read().await.unwrap();
        let ada = find_contact(&rows, id).await.unwrap().unwrap();
        let ways: Vec<&str> = ada.points.iter().map(|point| point.what.as_str()).collect();
        assert_eq!(ways, ["address", "email", "phone"]);
        assert_eq!((ada.points[0].postal_code.as_str(), ada.points[0].country.as_str()), ("25980", "DE"));
        assert_eq!(ada.points[2].text, "+491711234567");
        // Letters go to the sea in the summer and home afterwards.
        let away = ada.address_block(Locale::De, TODAY);
        assert_eq!(away, ["Frau Dr. Ada Lovelace", "Strandweg 5", "25980 Sylt"]);
        let home = ada.address_block(Locale::De, date(2027, 1, 1));
        assert_eq!(home, ["Frau Dr. Ada Lovelace", "Lindenhof 12", "20999 Hamburg"]);
        // Whoever is entered with the address of work is somebody we know.
        let again = ContactDraft { email: "Ada@Werk.example".into(), ..ContactDraft::default() };
        let known = alike(&rows, &house.jana(), &again).await.unwrap();
        assert_eq!(known.iter().map(|one| one.id).collect::<Vec<_>>(), [id.0]);
        drop(rows);

        let fewer = ContactDraft { points: vec![ada.points[1].clone()], ..ContactDraft::from(&ada) };
        let unit = house.db.write().await.unwrap();
        let now = edit_contact(&unit, &house.jana(), id, ada.version, fewer, house.now(), TODAY).await.unwrap();
        assert_eq!(now.points, ada.points[1..2]);
        let past = crm::history::of_record(&unit, crm::history::Subject::Contact(id.0), None, 9).await.unwrap();
        let set = kernel::ChangeSetId(past[0].set_id);
        let done = crm::customers::take_back(&unit, &house.jana(), set, house.now()).await.unwrap();
        assert!(done.kept.is_empty());
        assert_eq!(find_contact(&unit, id).await.unwrap().unwrap().points, ada.points);

        let wrong = ContactDraft {
            points: vec![
                further("email", "work", "niemand"),
                further("fax", "", "030 1"),
                ContactPoint { city: "Rom".into(), valid_from: "bald".into(), ..further("address", "other", "") },
                ContactPoint {
                    city: "Rom".into(),
                    valid_from: "2026-05-02".into(),
                    valid_until: "2026-05-01".into(),
                    ..further("address", "other", "")
                },
            ],
            ..ContactDraft::from(&ada)
        };
        let version = find_contact(&unit, id).await.unwrap().unwrap().version;
        let refused = edit_contact(&unit, &house.jana(), id, version, wrong, house.now(), TODAY).await.unwrap_err();
        let Trouble::Refusal(Refusal::Invalid(complaints)) = refused else { panic!("{refused:?}") };
        let fields: Vec<&str> = complaints.iter().map(|complaint| complaint.field.as_str()).collect();
        assert_eq!(fields, ["points.0.text", "points.1.what", "points.2.valid_from", "points.3.valid_until"]);
    }
}

#[tokio::test]
async fn letters_abroad_name_the_country_in_capitals() {
    for house in House::both().await {
        let draft = ContactDraft {
            salutation: "mr".into(),
            street: "Via Roma 3".into(),
            postal_code: "50122".into(),
            country: "IT".into(),
            ..named("Bo", "Neri", "Firenze")
        };
        let id = ContactId(made(&house, draft).await);
        let rows = house.db.read().await.unwrap();
        let bo = find_contact(&rows, id).await.unwrap().unwrap();
        assert_eq!(bo.address_block(Locale::De, TODAY), ["Herrn Bo Neri", "Via Roma 3", "50122 Firenze", "ITALIEN"]);
        assert_eq!(bo.addressee().salutation_line(Locale::De), "Sehr geehrter Herr Neri,");
        let nowhere = ContactId(made(&house, named("Cy", "Nemo", "")).await);
        let nemo = find_contact(&house.db.read().await.unwrap(), nowhere).await.unwrap().unwrap();
        assert!(nemo.address_block(Locale::De, TODAY).is_empty());
    }
}

#[tokio::test]
async fn a_household_is_seen_from_both_sides_and_a_tie_is_undone_and_restored() {
    for house in House::both().await {
        let mut ids = Vec::new();
        for first in ["Ada", "Bo", "Cy", "Adda"] {
            ids.push(ContactId(made(&house, named(first, "Lovelace", "Köln")).await));
        }
        let [ada, bo, cy, twin] = ids[..] else { unreachable!() };
        let jana = house.jana();
        let names = async |of: ContactId| {
            let tied = tied_to(&house.db.read().await.unwrap(), &jana, of).await.unwrap();
            tied.iter().map(|one| format!("{} {}", one.tie.code(), one.who.first_name)).collect::<Vec<_>>().join(", ")
        };
        let unit = house.db.write().await.unwrap();
        let link = tie(&unit, &jana, ada, bo, Tie::Household, house.now()).await.unwrap();
        assert_eq!(tie(&unit, &jana, bo, ada, Tie::Household, house.now()).await.unwrap(), link, "once for both");
        tie(&unit, &jana, twin, cy, Tie::Companion, house.now()).await.unwrap();
        tie(&unit, &jana, twin, ada, Tie::Companion, house.now()).await.unwrap();
        assert!(tie(&unit, &jana, ada, ada, Tie::Companion, house.now()).await.is_err());
        unit.save().await.unwrap();
        assert_eq!(names(ada).await, "household Bo, companion Adda");
        assert_eq!(names(bo).await, "household Ada");

        let unit = house.db.write().await.unwrap();
        let (one, other) = untie(&unit, &jana, link, true, house.now()).await.unwrap();
        assert_eq!((one, other), (ada, bo));
        unit.save().await.unwrap();
        assert_eq!(names(bo).await, "");
        let unit = house.db.write().await.unwrap();
        untie(&unit, &jana, link, false, house.now()).await.unwrap();
        unit.save().await.unwrap();
        assert_eq!(names(bo).await, "household Ada");
    }
}

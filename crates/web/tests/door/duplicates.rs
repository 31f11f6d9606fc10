//! Contacts that are there twice: found in the list, compared, merged, taken back, and every wrong way answered.

use super::furnished::{Place, csrf};
use axum::http::StatusCode;
use crm::{
    customers::{ContactDraft, create_contact, duplicates::KeepDuplicates, merge::merges_of},
    staff::{Actor, Role},
};
use kernel::ContactId;

const JANA: &str = "jana@almara.example";

async fn enter(place: &Place, first: &str, last: &str, born: &str, email: &str) -> i64 {
    let draft = ContactDraft {
        first_name: first.into(),
        last_name: last.into(),
        birth_date: born.into(),
        email: email.into(),
        phone: "0221 998877".into(),
        ..ContactDraft::default()
    };
    let unit = place.house.db.write().await.unwrap();
    let (by, now) = (Actor::system("test"), place.house.now());
    let contact = create_contact(&unit, &by, draft, now, place.house.zone.day(now)).await.unwrap();
    unit.save().await.unwrap();
    contact.id
}

/// Somebody twice, and the list that knows it.
async fn furnished(place: &Place) -> (String, i64, i64) {
    place.hire(JANA, "Jana Hoffmann", &[Role::MarketingManager]).await;
    let cookie = place.sign_in(JANA).await;
    let one = enter(place, "Anna", "Müller", "1980-04-03", "").await;
    let other = enter(place, "Ana <b>", "Mueller", "1980-04-03", "ana@example.org").await;
    let task = KeepDuplicates { db: place.house.db.clone(), clock: place.house.clock.clone() };
    task.look(None).await.unwrap();
    (cookie, one, other)
}

fn version_fields(page: &str) -> (String, String) {
    let of = |name: &str| {
        let after = page.split(&format!("name=\"{name}-version\" value=\"")).nth(1).expect("a version");
        after.split('"').next().unwrap().to_owned()
    };
    (of("bleibt"), of("geht"))
}

#[tokio::test]
async fn a_pair_is_compared_merged_and_taken_back() {
    for place in Place::both().await {
        let (cookie, one, other) = furnished(&place).await;
        let contacts = place.get("/kontakte", &cookie).await;
        assert!(contacts.text.contains("Dubletten (1)"), "{}", contacts.text);
        let list = place.get("/kontakte/dubletten", &cookie).await;
        assert_eq!(list.status, StatusCode::OK, "{}", list.text);
        for words in ["Ein Paar offen", "Telefon gleich", "gleicher Geburtstag", "Ana &#60;b&#62; Mueller"] {
            assert!(list.text.to_lowercase().contains(&words.to_lowercase()), "{words}: {}", list.text);
        }
        let compare = format!("/kontakte/zusammenfuehren?bleibt={one}&geht={other}&von=liste");
        let page = place.get(&compare, &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(!page.text.contains('⟨') && page.text.contains("ana@example.org"), "{}", page.text);
        let (secret, versions) = (csrf(&page.text), version_fields(&page.text));
        let (one_id, other_id) = (one.to_string(), other.to_string());
        let fields = [
            ("csrf", secret.as_str()),
            ("bleibt", &one_id),
            ("geht", &other_id),
            ("bleibt-version", &versions.0),
            ("geht-version", &versions.1),
            ("f-email", "geht"),
            ("f-name", "bleibt"),
            ("von", "liste"),
        ];
        let stale: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (*name, if *name == "geht-version" { "0" } else { *value })).collect();
        let refused = place.post("/kontakte/zusammenfuehren", &cookie, &stale).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
        let kept = "name=\"f-email\" value=\"geht\" checked";
        assert!(refused.text.contains("inzwischen geändert") && refused.text.contains(kept), "{}", refused.text);

        let done = place.post("/kontakte/zusammenfuehren", &cookie, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let next = place.get(done.header("location"), &cookie).await;
        assert!(next.text.contains("Anna Müller wurde zusammengeführt"), "{}", next.text);
        let gone = place.get(&format!("/kontakte/{other}"), &cookie).await;
        assert_eq!(
            (gone.status, gone.header("location")),
            (StatusCode::SEE_OTHER, format!("/kontakte/{one}").as_str())
        );
        let survivor = place.get(&format!("/kontakte/{one}"), &cookie).await;
        assert!(survivor.text.contains("ana@example.org"), "{}", survivor.text);
        let again = place.get(&compare, &cookie).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
        assert!(again.text.contains("schon in Anna Müller aufgegangen"), "{}", again.text);

        let history = place.get("/kontakte/dubletten/verlauf", &cookie).await;
        assert!(history.text.contains("ging in Anna Müller auf"), "{}", history.text);
        let made = merges_of(&place.house.db.read().await.unwrap(), ContactId(one)).await.unwrap();
        let undo = format!("/kontakte/zusammenfuehrung/{}/zurueck", made[0].id);
        assert!(history.text.contains(&undo));
        let undone = place.post(&undo, &cookie, &[("csrf", &secret)]).await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text);
        let page = place.get(undone.header("location"), &cookie).await;
        assert!(page.text.contains("zurückgenommen"), "{}", page.text);
        assert_eq!(place.get(&format!("/kontakte/{other}"), &cookie).await.status, StatusCode::OK);
        let twice = place.post(&undo, &cookie, &[("csrf", &secret)]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "{}", twice.text);
    }
}

#[tokio::test]
async fn a_pair_of_two_people_leaves_the_list_and_comes_back_by_undo() {
    for place in Place::both().await {
        let (cookie, one, other) = furnished(&place).await;
        let list = place.get("/kontakte/dubletten", &cookie).await;
        let secret = csrf(&list.text);
        let (one, other) = (one.to_string(), other.to_string());
        let fields = [("csrf", secret.as_str()), ("a", &one), ("b", &other)];
        let done = place.post("/kontakte/dubletten/verschieden", &cookie, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let list = place.get(done.header("location"), &cookie).await;
        let undo = format!("/kontakte/dubletten/oeffnen?a={one}&#38;b={other}");
        assert!(list.text.contains("Keine Dubletten") && list.text.contains(&undo), "{}", list.text);
        let dismissed = place.get("/kontakte/dubletten?stand=verschieden", &cookie).await;
        assert!(dismissed.text.contains("Wieder öffnen"), "{}", dismissed.text);
        let back = place.post(&format!("/kontakte/dubletten/oeffnen?a={one}&b={other}"), &cookie, &fields[..1]).await;
        let list = place.get(back.header("location"), &cookie).await;
        assert!(list.text.contains("Telefon gleich"), "{}", list.text);
    }
}

#[tokio::test]
async fn wrong_ways_are_answered_in_words() {
    for place in Place::both().await {
        let (cookie, one, other) = furnished(&place).await;
        let ask = async |path: String| place.get(&path, &cookie).await;
        let same = ask(format!("/kontakte/zusammenfuehren?bleibt={one}&geht={one}")).await;
        assert_eq!(same.status, StatusCode::CONFLICT);
        assert!(same.text.contains("zweimal derselbe Kontakt"), "{}", same.text);
        for query in ["bleibt=1", "bleibt=x&geht=y", "bleibt=1&geht=999999"] {
            let missing = ask(format!("/kontakte/zusammenfuehren?{query}")).await;
            assert_eq!(missing.status, StatusCode::NOT_FOUND, "{query}");
        }
        for query in ["nach=unsinn", "ab=abc", "kontakt=-1", "stand=nie", "nach=1_2_3"] {
            assert_eq!(ask(format!("/kontakte/dubletten?{query}")).await.status, StatusCode::OK, "{query}");
        }
        let list = place.get("/kontakte/dubletten", &cookie).await;
        let secret = csrf(&list.text);
        for from in ["500", "viel"] {
            let fields = [("csrf", secret.as_str()), ("ab", from)];
            let refused = place.post("/kontakte/dubletten/automatik", &cookie, &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{from}");
        }
        let fields = [("csrf", secret.as_str()), ("ab", "999")];
        let set = place.post("/kontakte/dubletten/automatik", &cookie, &fields).await;
        assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text);
        place.hire("sabine@almara.example", "Sabine Ritter", &[Role::Administrator]).await;
        let sabine = place.sign_in("sabine@almara.example").await;
        for path in [
            "/kontakte/dubletten",
            "/kontakte/dubletten/verlauf",
            &format!("/kontakte/zusammenfuehren?bleibt={one}&geht={other}"),
        ] {
            assert_eq!(place.get(path, &sabine).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
}

//! The list in the browser: columns in the address, views that are kept, many changed at once, and the list as a file.

use super::furnished::{Answer, Place, csrf};
use axum::http::StatusCode;
use crm::{
    customers::{ContactDraft, create_contact},
    staff::{Actor, Role, audit},
};

const JANA: &str = "jana@almara.example";

async fn enter(place: &Place, draft: ContactDraft) -> i64 {
    let unit = place.house.db.write().await.unwrap();
    let (by, now) = (Actor::system("test"), place.house.now());
    let contact = create_contact(&unit, &by, draft, now, place.house.zone.day(now)).await.unwrap();
    unit.save().await.unwrap();
    contact.id
}

fn person(last: &str, kind: &str) -> ContactDraft {
    ContactDraft { last_name: last.into(), kind: kind.into(), ..ContactDraft::default() }
}

async fn furnished(place: &Place) -> (String, String) {
    place.hire(JANA, "Jana Hoffmann", &[Role::MarketingManager]).await;
    let cookie = place.sign_in(JANA).await;
    let secret = csrf(&place.get("/kontakte", &cookie).await.text);
    (cookie, secret)
}

/// Follows a form to the page it leads to.
async fn posted(place: &Place, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let answer = place.post(path, cookie, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text);
    let then = answer.header("location").to_owned();
    let page = place.get(&then, cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{then}: {}", page.text);
    page
}

#[tokio::test]
async fn the_columns_are_those_of_the_address() {
    for place in Place::both().await {
        let (cookie, _) = furnished(&place).await;
        enter(&place, ContactDraft { phone: "040 1234".into(), city: "Kiel".into(), ..person("Vogel", "lead") }).await;
        let usual = place.get("/kontakte", &cookie).await.text;
        assert!(
            usual.contains("<td class=\"hide-c\" data-l=\"Ort\">Kiel</td>") && !usual.contains("data-l=\"Telefon\"")
        );
        let chosen = place.get("/kontakte?spalten=telefon,art", &cookie).await.text;
        assert!(chosen.contains("data-l=\"Telefon\"") && !chosen.contains("data-l=\"Ort\""), "{chosen}");
        assert!(chosen.find("data-l=\"Telefon\"") < chosen.find("data-l=\"Art\""));
    }
}

#[tokio::test]
async fn a_view_keeps_what_was_asked_for_and_opens_the_list() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        enter(&place, person("Vogel", "lead")).await;
        enter(&place, person("Kaiser", "customer")).await;
        let fields = [("csrf", secret.as_str()), ("name", "Nur Leads"), ("liste", "art=lead&spalten=telefon&fremd=1")];
        let page = posted(&place, &cookie, "/kontakte/ansichten", &fields).await.text;
        assert!(page.contains("Vogel") && !page.contains("Kaiser") && page.contains("Nur Leads"), "{page}");
        let usual = [("csrf", secret.as_str()), ("deed", "usual")];
        posted(&place, &cookie, "/kontakte/ansichten/1", &usual).await;
        let opened = place.get("/kontakte", &cookie).await;
        assert_eq!(opened.header("location"), "/kontakte?art=lead&spalten=telefon&ansicht=1");
        let removed = posted(&place, &cookie, "/kontakte/ansichten/1/weg", &[("csrf", &secret)]).await.text;
        assert!(removed.contains("/kontakte/ansichten/1/zurueck") && !removed.contains("Nur Leads"), "{removed}");
        let back = posted(&place, &cookie, "/kontakte/ansichten/1/zurueck", &[("csrf", &secret)]).await.text;
        assert!(back.contains("Nur Leads"));
    }
}

#[tokio::test]
async fn many_are_changed_after_a_look_and_taken_back_from_the_toast() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let vogel = enter(&place, person("Vogel", "lead")).await.to_string();
        enter(&place, person("Brandt", "lead")).await;
        enter(&place, person("Kaiser", "customer")).await;
        let fields =
            [("csrf", secret.as_str()), ("was", "kind:customer"), ("liste", ""), ("alle", "1"), ("kontakt", &vogel)];
        let look = posted(&place, &cookie, "/kontakte/sammel", &fields).await.text;
        assert!(look.contains("3 Kontakte: einer ändert sich nicht."), "{look}");
        let done = posted(&place, &cookie, "/kontakte/sammel/1/los", &[("csrf", &secret)]).await.text;
        assert!(done.contains("2 Kontakte geändert") && done.contains("/kontakte/sammel/1/zurueck"), "{done}");
        let leads = place.get("/kontakte/anzahl?art=lead", &cookie).await.text;
        assert_eq!(leads.trim(), "0");
        let back = posted(&place, &cookie, "/kontakte/sammel/1/zurueck", &[("csrf", &secret)]).await.text;
        assert!(back.contains("Bei 2 Kontakten zurückgenommen"), "{back}");
        assert_eq!(place.get("/kontakte/anzahl?art=lead", &cookie).await.text.trim(), "2");
    }
}

#[tokio::test]
async fn who_was_put_away_is_only_in_the_archive_and_comes_back() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let id = enter(&place, person("Vogel", "lead")).await.to_string();
        let fields = [("csrf", secret.as_str()), ("was", "archived:1"), ("liste", ""), ("kontakt", &id)];
        posted(&place, &cookie, "/kontakte/sammel", &fields).await;
        let list = posted(&place, &cookie, "/kontakte/sammel/1/los", &[("csrf", &secret)]).await.text;
        assert!(!list.contains("Vogel"));
        let archive = place.get("/kontakte?archiv=1", &cookie).await.text;
        assert!(archive.contains("Vogel") && archive.contains("Aus dem Archiv zurückholen"), "{archive}");
        let fields = [("csrf", secret.as_str()), ("was", "archived:"), ("liste", "archiv=1"), ("alle", "1")];
        posted(&place, &cookie, "/kontakte/sammel", &fields).await;
        posted(&place, &cookie, "/kontakte/sammel/2/los", &[("csrf", &secret)]).await;
        assert!(place.get("/kontakte", &cookie).await.text.contains("Vogel"));
    }
}

#[tokio::test]
async fn the_list_leaves_as_it_is_seen_and_leaves_an_entry() {
    for place in Place::both().await {
        let (cookie, _) = furnished(&place).await;
        for (last, city) in [("Vogel", "=1+1"), ("Brandt", "Kiel; Nord"), ("Kaiser", "")] {
            enter(&place, ContactDraft { city: city.into(), ..person(last, "lead") }).await;
        }
        enter(&place, person("Nicht", "customer")).await;
        let csv = place.get("/kontakte/export/csv?art=lead&spalten=ort,art", &cookie).await;
        assert_eq!(csv.status, StatusCode::OK, "{}", csv.text);
        assert!(csv.header("content-disposition").contains("kontakte.csv"));
        let expected = "\u{feff}Name;Ort;Art\r\nBrandt;\"Kiel; Nord\";Lead\r\nKaiser;;Lead\r\nVogel;'=1+1;Lead\r\n";
        assert_eq!(csv.text, expected);
        let xlsx = place.get("/kontakte/export/xlsx?art=lead&spalten=ort", &cookie).await;
        assert!(xlsx.status == StatusCode::OK && xlsx.text.starts_with("PK"));
        let rows = place.house.db.read().await.unwrap();
        let entries = audit::entries(&rows, &audit::Filter::default(), None, 2).await.unwrap();
        assert!(entries.iter().all(|entry| entry.action == "contact.exported"), "{entries:?}");
        assert!(entries[1].detail.contains("\"contacts\":3"), "{entries:?}");
        drop(rows);
        place.hire("aylin@almara.example", "Aylin Demir", &[Role::Agent]).await;
        let aylin = place.sign_in("aylin@almara.example").await;
        let refused = place.get("/kontakte/export/csv", &aylin).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.text.contains("Kontakte ausgeben"), "the missing right is named");
        assert!(!place.get("/kontakte", &aylin).await.text.contains("/kontakte/export"));
    }
}

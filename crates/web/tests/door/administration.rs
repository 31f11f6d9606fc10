//! Administration: inviting people, giving roles, closing accounts, tokens for programs, and the log of it all.

use super::furnished::{GOOD, Place, csrf};
use axum::http::StatusCode;
use crm::staff::{Role, users};

const SABINE: &str = "sabine@almara.example";

async fn office(place: &Place) -> (String, String) {
    place.hire(SABINE, "Sabine Ritter", &[Role::Administrator]).await;
    let cookie = place.sign_in(SABINE).await;
    let secret = csrf(&place.get("/verwaltung/benutzer", &cookie).await.text);
    (cookie, secret)
}

/// What a page shows once, in its marked element.
fn secret_of(page: &str) -> String {
    let after = page.split("class=\"secret\"").nth(1).expect("a secret").split_once('>').unwrap().1;
    after.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_invited_person_chooses_a_password_and_works_with_the_roles_given() {
    for place in Place::both().await {
        let (cookie, secret) = office(&place).await;
        let jana = [
            ("csrf", secret.as_str()),
            ("name", "Jana <b>Hoffmann"),
            ("login", "jana@almara.example"),
            ("rolle", "agent"),
            ("rolle", "analyst"),
        ];
        let made = place.post("/verwaltung/benutzer", &cookie, &jana).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        assert!(made.text.contains("Jana &#60;b&#62;Hoffmann") && !made.text.contains("<b>Hoffmann"));
        let link = secret_of(&made.text);
        let path = link.strip_prefix("http://localhost:8080").expect("a link of this house");
        let again = place.post("/verwaltung/benutzer", &cookie, &jana).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the login is taken");
        let came_in = place.post(path, "", &[("passwort", GOOD), ("wiederholung", GOOD)]).await;
        assert_eq!(came_in.status, StatusCode::SEE_OTHER, "{}", came_in.text);
        let theirs = came_in.cookie().unwrap();
        assert_eq!(place.get("/verwaltung/benutzer", &theirs).await.status, StatusCode::FORBIDDEN);

        let rows = place.house.db.read().await.unwrap();
        let id = users::by_login(&rows, "jana@almara.example").await.unwrap().unwrap().id;
        drop(rows);
        let change = format!("/verwaltung/benutzer/{id}/aendern");
        let fields = [("csrf", secret.as_str()), ("name", "Jana Hoffmann"), ("rolle", "administrator")];
        assert_eq!(place.post(&change, &cookie, &fields).await.status, StatusCode::SEE_OTHER);
        let fresh = place.get("/verwaltung/benutzer", &theirs).await;
        assert_eq!(fresh.status, StatusCode::OK);
        let theirs = fresh.cookie().expect("another cookie for other roles");
        let close = format!("/verwaltung/benutzer/{id}/aktiv");
        place.post(&close, &cookie, &[("csrf", secret.as_str()), ("aktiv", "0")]).await;
        assert_eq!(place.get("/verwaltung/benutzer", &theirs).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn the_last_administrator_cannot_be_closed_from_the_page() {
    for place in Place::both().await {
        let (cookie, secret) = office(&place).await;
        let id = users::list(&place.house.db.read().await.unwrap()).await.unwrap()[0].id;
        let close = format!("/verwaltung/benutzer/{id}/aktiv");
        let refused = place.post(&close, &cookie, &[("csrf", secret.as_str()), ("aktiv", "0")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("das letzte Konto mit der Rolle Administration"), "{}", refused.text);
    }
}

#[tokio::test]
async fn a_token_is_shown_once_works_and_can_be_revoked() {
    for place in Place::both().await {
        let (cookie, secret) = office(&place).await;
        let none = [("csrf", secret.as_str()), ("name", "Webshop")];
        let refused = place.post("/verwaltung/zugaenge", &cookie, &none).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a token needs a role");
        let fields = [("csrf", secret.as_str()), ("name", "Webshop"), ("rolle", "marketing_manager")];
        let token = secret_of(&place.post("/verwaltung/zugaenge", &cookie, &fields).await.text);
        assert_eq!(place.call("GET", "/api/v1/me", &token, "").await.json()["name"], "Webshop");
        let page = place.get("/verwaltung/zugaenge", &cookie).await;
        assert!(page.text.contains("Webshop") && !page.text.contains(&token));
        let revoke = page.text.split("action=\"/verwaltung/zugaenge/").nth(1).unwrap().split('"').next().unwrap();
        place.post(&format!("/verwaltung/zugaenge/{revoke}"), &cookie, &[("csrf", secret.as_str())]).await;
        assert_eq!(place.call("GET", "/api/v1/me", &token, "").await.status, StatusCode::UNAUTHORIZED);
        let log = place.get("/verwaltung/protokoll", &cookie).await.text;
        for word in ["Zugangstoken angelegt", "Zugangstoken widerrufen", "Angemeldet", "Sabine Ritter"] {
            assert!(log.contains(word), "{word}");
        }
        assert!(!log.contains(&token) && !log.contains(GOOD));
    }
}

//! People: login, sessions, forms, and the pages that say no.

use super::furnished::{GOOD, Place, csrf};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use crm::staff::{Actor, Role, links, users};
use kernel::{
    chance,
    time::{HOUR, MINUTE, SECOND},
};

const JANA: &str = "jana@almara.example";

#[tokio::test]
async fn somebody_is_led_to_the_login_and_back_to_the_page_they_wanted() {
    for place in Place::both().await {
        place.hire(JANA, "Jana Hoffmann", &[Role::Administrator]).await;
        let asked = place.get("/verwaltung/benutzer?seite=2", "").await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER);
        assert_eq!(asked.header("location"), "/anmelden?weiter=%2Fverwaltung%2Fbenutzer%3Fseite%3D2");
        let fields = [("email", JANA), ("passwort", GOOD), ("weiter", "/verwaltung/benutzer?seite=2")];
        let came_in = place.post("/anmelden", "", &fields).await;
        assert_eq!(came_in.header("location"), "/verwaltung/benutzer?seite=2");
        let set = came_in.header("set-cookie");
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"), "{set}");
        let page = place.get("/verwaltung/benutzer", &came_in.cookie().unwrap()).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("Jana Hoffmann"));
        let elsewhere = [("email", JANA), ("passwort", GOOD), ("weiter", "//evil.example/")];
        assert_eq!(place.post("/anmelden", "", &elsewhere).await.header("location"), "/verwaltung/benutzer");
    }
}

#[tokio::test]
async fn a_fragment_sends_the_whole_page_to_the_login() {
    for place in Place::both().await {
        let request = Request::get("/verwaltung/benutzer")
            .header("hx-request", "true")
            .header("hx-current-url", "http://localhost:8080/verwaltung/protokoll?vor=9");
        let answer = place.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("hx-redirect"), "/anmelden?weiter=%2Fverwaltung%2Fprotokoll%3Fvor%3D9");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    for place in Place::both().await {
        place.hire(JANA, "Jana Hoffmann", &[Role::Administrator]).await;
        let wrong = place.post("/anmelden", "", &[("email", JANA), ("passwort", "Übermorgen nach Rhodos")]).await;
        let unknown = place.post("/anmelden", "", &[("email", "x@y.example"), ("passwort", GOOD)]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(unknown.status, wrong.status);
        assert_eq!(unknown.text.replace("x@y.example", JANA), wrong.text);
        assert!(wrong.cookie().is_none());
        assert!(!wrong.text.contains("Rhodos"));
    }
}

#[tokio::test]
async fn the_sixth_try_in_a_row_has_to_wait_and_then_the_right_password_opens() {
    for place in Place::both().await {
        place.hire(JANA, "Jana Hoffmann", &[Role::Administrator]).await;
        for _ in 0..5 {
            place.post("/anmelden", "", &[("email", JANA), ("passwort", "falsch-falsch")]).await;
        }
        let sixth = place.post("/anmelden", "", &[("email", JANA), ("passwort", GOOD)]).await;
        assert_eq!(sixth.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(sixth.header("retry-after"), "1");
        place.test.clock.forward(SECOND);
        place.sign_in(JANA).await;
    }
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    for place in Place::both().await {
        place.hire(JANA, "Jana Hoffmann", &[Role::Administrator]).await;
        let cookie = place.sign_in(JANA).await;
        let secret = csrf(&place.get("/passwort", &cookie).await.text);
        let form = |headers: &[(&str, &str)], fields: &[(&str, &str)]| {
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            let mut request = Request::post("/abmelden")
                .header(header::COOKIE, &cookie)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            place.send(request.body(Body::from(body)).unwrap())
        };
        let right = [("csrf", secret.as_str())];
        let refused = [
            form(&[], &[]).await,
            form(&[], &[("csrf", "forged")]).await,
            form(&[("sec-fetch-site", "cross-site")], &right).await,
            form(&[("sec-fetch-site", "same-site")], &right).await,
            form(&[("origin", "https://evil.example"), ("host", "localhost:8080")], &right).await,
            form(&[("x-csrf-token", "forged")], &right).await,
        ];
        for answer in refused {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
        }
        assert_eq!(place.get("/passwort", &cookie).await.status, StatusCode::OK);
        let ours = form(&[("origin", "http://localhost:8080"), ("host", "localhost:8080")], &right).await;
        assert_eq!(ours.header("location"), "/anmelden");
        assert_eq!(place.get("/passwort", &cookie).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn a_missing_right_is_named_with_the_roles_that_bring_it_and_whom_to_ask() {
    for place in Place::both().await {
        place.hire(JANA, "Jana Hoffmann", &[Role::Agent]).await;
        place.hire("sabine@almara.example", "Sabine Ritter", &[Role::Administrator]).await;
        let cookie = place.sign_in(JANA).await;
        let page = place.get("/verwaltung/benutzer", &cookie).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        for word in ["Benutzer verwalten", "manage_users", "Administration", "Sabine Ritter"] {
            assert!(page.text.contains(word), "{word}: {}", page.text);
        }
    }
}

#[tokio::test]
async fn a_closed_account_is_out_with_the_next_click() {
    for place in Place::both().await {
        let jana = place.hire(JANA, "Jana Hoffmann", &[Role::Agent]).await;
        let cookie = place.sign_in(JANA).await;
        assert_eq!(place.get("/passwort", &cookie).await.status, StatusCode::OK);
        let unit = place.house.db.write().await.unwrap();
        users::set_active(&unit, &Actor::system("test"), jana, false, place.house.now()).await.unwrap();
        unit.save().await.unwrap();
        assert_eq!(place.get("/passwort", &cookie).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn a_session_lasts_while_it_is_used() {
    for place in Place::both().await {
        place.hire(JANA, "Jana Hoffmann", &[Role::Agent]).await;
        let cookie = place.sign_in(JANA).await;
        for _ in 0..3 {
            place.test.clock.forward(7 * HOUR);
            assert_eq!(place.get("/passwort", &cookie).await.status, StatusCode::OK);
        }
        place.test.clock.forward(8 * HOUR + MINUTE);
        assert_eq!(place.get("/passwort", &cookie).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn other_roles_bring_another_cookie_and_the_old_one_is_worthless() {
    for place in Place::both().await {
        let jana = place.hire(JANA, "Jana Hoffmann", &[Role::Agent]).await;
        let old = place.sign_in(JANA).await;
        let unit = place.house.db.write().await.unwrap();
        users::set_roles(&unit, &Actor::system("test"), jana, &[Role::Analyst], place.house.now()).await.unwrap();
        unit.save().await.unwrap();
        let fresh = place.get("/passwort", &old).await.cookie().expect("another cookie");
        assert_ne!(fresh, old);
        assert_eq!(place.get("/passwort", &old).await.status, StatusCode::SEE_OTHER);
        assert_eq!(place.get("/passwort", &fresh).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_made_up_cookie_opens_nothing() {
    for place in Place::both().await {
        for value in ["", "x", &"A".repeat(43), &"'".repeat(43), "%00"] {
            let answer = place.get("/passwort", &format!("kundenkreis={value}")).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{value}");
        }
    }
}

#[tokio::test]
async fn the_first_administrator_comes_in_by_the_link_of_the_console() {
    for place in Place::both().await {
        let unit = place.house.db.write().await.unwrap();
        let secret =
            links::first_administrator(&unit, place.house.now(), &mut chance::system()).await.unwrap().unwrap();
        unit.save().await.unwrap();
        let path = format!("/einladung/{secret}");
        assert_eq!(place.get(&path, "").await.status, StatusCode::OK);
        let choose = async |password: &str, again: &str| {
            let fields = [
                ("name", "Sabine Ritter"),
                ("email", "sabine@almara.example"),
                ("passwort", password),
                ("wiederholung", again),
            ];
            place.post(&path, "", &fields).await
        };
        assert_eq!(choose("kurz", "kurz").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(choose(GOOD, "anders-anders").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let came_in = choose(GOOD, GOOD).await;
        assert_eq!(came_in.header("location"), "/verwaltung/benutzer");
        let page = place.get("/verwaltung/benutzer", &came_in.cookie().unwrap()).await;
        assert!(page.text.contains("sabine@almara.example"), "{}", page.text);
        assert_eq!(choose(GOOD, GOOD).await.status, StatusCode::GONE);
        place.sign_in("sabine@almara.example").await;
    }
}

#[tokio::test]
async fn a_changed_password_counts_at_once() {
    for place in Place::both().await {
        place.hire(JANA, "Jana Hoffmann", &[Role::Agent]).await;
        let cookie = place.sign_in(JANA).await;
        let secret = csrf(&place.get("/passwort", &cookie).await.text);
        let change = async |old: &str, new: &str| {
            let fields = [("csrf", secret.as_str()), ("bisher", old), ("passwort", new), ("wiederholung", new)];
            place.post("/passwort", &cookie, &fields).await
        };
        let wrong = change("falsch-falsch", "Nächstes Jahr Rhodos").await;
        assert!(wrong.text.contains("Das bisherige Passwort stimmt nicht"), "{}", wrong.text);
        let changed = change(GOOD, "Nächstes Jahr Rhodos").await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER);
        assert_eq!(place.get("/passwort", &changed.cookie().unwrap()).await.status, StatusCode::OK);
        assert_eq!(place.get("/passwort", &cookie).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn every_page_says_what_a_browser_may_do_with_it() {
    for test in testkit::House::both().await {
        let place = Place::at(test, "https://kunden.almara.example");
        let page = place.get("/anmelden", "").await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(
            page.header("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
             img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
             base-uri 'none'; frame-src 'self'"
        );
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert!(!page.header("strict-transport-security").is_empty());
        place.hire(JANA, "Jana Hoffmann", &[Role::Agent]).await;
        let came_in = place.post("/anmelden", "", &[("email", JANA), ("passwort", GOOD)]).await;
        let set = came_in.header("set-cookie");
        assert!(set.starts_with("__Host-kundenkreis=") && set.contains("; Secure"), "{set}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_readers_language() {
    for place in Place::both().await {
        let ask = async |language: &str| {
            let request = Request::get("/gibt-es-nicht").header(header::ACCEPT_LANGUAGE, language);
            place.send(request.body(Body::empty()).unwrap()).await
        };
        let (german, english) = (ask("de-AT,de;q=0.9").await, ask("en-GB").await);
        assert_eq!((german.status, english.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert!(german.text.contains("lang=\"de\"") && english.text.contains("lang=\"en\""));
        assert_eq!(place.get("/kontakte?suche=%00", "").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(place.post("/healthz", "", &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}

//! Programs: tokens, problem documents, repeated calls.

use super::furnished::Place;
use axum::http::StatusCode;
use crm::staff::{Actor, Role, tokens};
use serde_json::{Value, json};

const CALL: &str = r#"{"id": "pbx-1", "kind": "call_in", "contact_number": "10014"}"#;

/// Every operation of the description, as method, path, right.
async fn operations(place: &Place) -> Vec<(String, String, Option<String>)> {
    let api = place.call("GET", "/api/openapi.json", "", "").await.json();
    assert_eq!(api["openapi"].as_str().map(|v| &v[..3]), Some("3.1"));
    let mut all = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let right = operation["x-right"].as_str().map(str::to_owned);
            all.push((
                method.to_uppercase(),
                path.replace("{id}", "1").replace("{key}", "1").replace("{version}", "1"),
                right,
            ));
        }
    }
    assert!(!all.is_empty());
    all
}

#[tokio::test]
async fn no_operation_answers_without_a_token_or_without_its_right() {
    for place in Place::both().await {
        let useless = place.token(&[Role::DataProtectionOfficer]).await;
        let useful = place.token(&[Role::MarketingManager]).await;
        for (method, path, right) in operations(&place).await {
            let stranger = place.call(&method, &path, "", "{}").await;
            assert_eq!(stranger.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            assert_eq!(stranger.header("www-authenticate"), "Bearer realm=\"Kundenkreis\"");
            let Some(right) = right else {
                assert_eq!(path, "/api/v1/me");
                continue;
            };
            let token = if right == "see_contacts" { place.token(&[Role::Analyst]).await } else { useless.clone() };
            let refused = place.call(&method, &path, &token, "{}").await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{method} {path}: {}", refused.text);
            assert_eq!(refused.json()["right"], json!(right), "{method} {path}");
            let admitted = place.call(&method, &path, &useful, "{}").await;
            assert!(
                !matches!(admitted.status.as_u16(), 401 | 403 | 405 | 500..),
                "{method} {path}: {} {}",
                admitted.status,
                admitted.text
            );
        }
    }
}

#[tokio::test]
async fn a_token_says_who_it_is_until_it_is_revoked() {
    for place in Place::both().await {
        let secret = place.token(&[Role::Agent]).await;
        let me = place.call("GET", "/api/v1/me", &secret, "").await.json();
        let rights = json!(["see_contacts", "edit_contacts", "record_interactions"]);
        assert_eq!(me, json!({ "name": "ERP", "roles": ["agent"], "rights": rights }));
        let unit = place.house.db.write().await.unwrap();
        let id = tokens::list(&unit).await.unwrap()[0].id;
        assert_eq!(tokens::list(&unit).await.unwrap()[0].last_used_at, Some(place.house.now()));
        tokens::revoke(&unit, &Actor::system("test"), id, place.house.now()).await.unwrap();
        unit.save().await.unwrap();
        let answer = place.call("GET", "/api/v1/me", &secret, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn a_forged_token_or_a_cookie_opens_nothing() {
    for place in Place::both().await {
        for token in ["kk_", "kk_AAAA", "'; DROP TABLE contact", &"k".repeat(9000)] {
            let answer = place.call("GET", "/api/v1/me", token, "").await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        }
        place.hire("jana@almara.example", "Jana", &[Role::MarketingManager]).await;
        let cookie = place.sign_in("jana@almara.example").await;
        assert_eq!(place.get("/api/v1/me", &cookie).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn json_that_does_not_fit_is_refused_with_a_sentence() {
    for place in Place::both().await {
        let token = place.token(&[Role::MarketingManager]).await;
        let send = async |body: &str| place.call("POST", "/api/v1/interactions", &token, body).await;
        let deep = format!("{{\"props\": {}1{}}}", "[".repeat(200), "]".repeat(200));
        let cases: &[(&str, u16, &str)] = &[
            (&deep, 400, "unreadable"),
            ("{", 400, "unreadable"),
            ("\u{1}", 400, "unreadable"),
            (r#"{"kind": "call_in", "colour": "red"}"#, 422, "invalid"),
            (r#"{"kind": 7}"#, 422, "invalid"),
            (r#"{"kind": "call_in", "subject": "a\u0000b"}"#, 422, "invalid"),
            ("[]", 422, "invalid"),
        ];
        for (body, status, code) in cases {
            let answer = send(body).await;
            let problem: Value = answer.json();
            assert_eq!((answer.status.as_u16(), problem["code"].as_str()), (*status, Some(*code)), "{body}: {problem}");
            assert!(!problem["detail"].as_str().unwrap().contains('⟨'), "{problem}");
        }
        let unknown = send(r#"{"kind": "call_in", "colour": "red"}"#).await.json();
        assert_eq!(unknown["errors"][0]["field"], "colour");
        assert_eq!(unknown["errors"][0]["code"], "unknown_field");
        let kind = send(r#"[{"kind": "teleported", "contact": 1}]"#).await.json();
        assert_eq!(kind["errors"][0]["field"], "[0].kind");
        let plain = place.call_with("POST", "/api/v1/interactions", &token, "kind=call_in", &[]).await;
        assert_eq!(plain.status, StatusCode::BAD_REQUEST);
        let large = send(&format!("\"{}\"", "x".repeat(5_000_000))).await;
        assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(large.json()["code"], "too_large");
    }
}

#[tokio::test]
async fn a_call_delivered_twice_is_done_once() {
    for place in Place::both().await {
        let token = place.token(&[Role::MarketingManager]).await;
        let call = async |key: &str, body: &str| {
            place.call_with("POST", "/api/v1/contacts", &token, body, &[("idempotency-key", key)]).await
        };
        let ada = r#"{"number": "1", "last_name": "Lovelace"}"#;
        let first = call("k1", ada).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
        let again = call("k1", ada).await;
        assert_eq!((again.status, again.header("idempotency-replayed")), (StatusCode::CREATED, "true"));
        assert_eq!(again.json(), first.json());
        let other = call("k1", r#"{"number": "2", "last_name": "Byron"}"#).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(other.json()["errors"][0]["code"], "reused");
        let fresh = call("k2", ada).await;
        assert_eq!(fresh.status, StatusCode::UNPROCESSABLE_ENTITY, "the number is taken");
        let somebody_else = place.token(&[Role::MarketingManager]).await;
        let theirs = [("idempotency-key", "k1")];
        let body = r#"{"number": "3", "last_name": "King"}"#;
        let answer = place.call_with("POST", "/api/v1/contacts", &somebody_else, body, &theirs).await;
        assert_eq!(answer.status, StatusCode::CREATED, "keys of another token are its own");
        place.test.clock.forward(kernel::time::DAY + 1);
        assert_eq!(call("k1", r#"{"number": "4", "last_name": "Noel"}"#).await.status, StatusCode::CREATED);
    }
}

#[tokio::test]
async fn a_call_that_is_still_running_is_not_begun_again() {
    use crm::staff::repeats::{self, Turn};
    for place in Place::both().await {
        let (db, now) = (&place.house.db, place.house.now());
        assert_eq!(repeats::take(db, "token 1", "k", "f", now).await.unwrap(), Turn::First);
        assert_eq!(repeats::take(db, "token 1", "k", "f", now).await.unwrap(), Turn::Running);
        assert_eq!(repeats::take(db, "token 1", "k", "g", now).await.unwrap(), Turn::Other);
        let later = now.plus(3 * kernel::time::MINUTE);
        assert_eq!(repeats::take(db, "token 1", "k", "f", later).await.unwrap(), Turn::Unknown);
        repeats::forget(db, "token 1", "k").await.unwrap();
        assert_eq!(repeats::take(db, "token 1", "k", "f", later).await.unwrap(), Turn::First);
        repeats::keep(db, "token 1", "k", 201, "{}").await.unwrap();
        let again = Turn::Again { status: 201, body: "{}".to_owned() };
        assert_eq!(repeats::take(db, "token 1", "k", "f", later).await.unwrap(), again);
    }
}

#[tokio::test]
async fn a_calls_second_delivery_is_recognised_by_the_senders_id() {
    for place in Place::both().await {
        let token = place.token(&[Role::MarketingManager]).await;
        place.call("POST", "/api/v1/contacts", &token, r#"{"number": "10014", "last_name": "Winkler"}"#).await;
        let first = place.call("POST", "/api/v1/interactions", &token, CALL).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
        let second = place.call("POST", "/api/v1/interactions", &token, CALL).await;
        assert_eq!(second.status, StatusCode::OK);
        assert_eq!(second.json()["recorded"][0]["seq"], first.json()["recorded"][0]["seq"]);
        assert_eq!(second.json()["recorded"][0]["duplicate"], true);
    }
}

#[tokio::test]
async fn the_description_is_a_page_that_names_every_operation_and_leads_nowhere_else() {
    for place in Place::both().await {
        let page = place.get("/api", "").await;
        assert_eq!(page.status, StatusCode::OK);
        let api = place.call("GET", "/api/openapi.json", "", "").await.json();
        for (path, item) in api["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                assert!(page.text.contains(&format!("<code>{path}</code>")), "{path}");
                let summary = operation["summary"].as_str().unwrap_or_default();
                assert!(!summary.is_empty(), "{method} {path} has no summary");
                for status in ["401", "403", "422", "500"] {
                    assert!(!operation["responses"][status].is_null(), "{method} {path} {status}");
                }
            }
        }
        for address in page.text.split("src=\"").skip(1).chain(page.text.split("<link ").skip(1)) {
            assert!(!address.split('>').next().unwrap().contains("://"), "{address}");
        }
    }
}

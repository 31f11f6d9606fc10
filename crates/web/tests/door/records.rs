//! Programs and records: contacts, consents, orders, imports and segments through the API.

use super::furnished::Place;
use axum::http::StatusCode;
use crm::staff::Role;
use serde_json::{Value, json};

async fn shop(place: &Place) -> String {
    place.token(&[Role::MarketingManager]).await
}

async fn ada(place: &Place, token: &str) -> Value {
    let body = json!({ "number": "10014", "first_name": "Ada", "last_name": "Lovelace", "country": "Deutschland",
        "email": "ada@kunde.example", "phone": "+49 30 1" });
    let made = place.call("POST", "/api/v1/contacts", token, &body.to_string()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    made.json()
}

#[tokio::test]
async fn a_contact_is_changed_from_the_version_it_was_read_in() {
    for place in Place::both().await {
        let token = shop(&place).await;
        let contact = ada(&place, &token).await;
        assert_eq!((contact["country"].as_str(), contact["version"].as_i64()), (Some("DE"), Some(1)));
        let path = format!("/api/v1/contacts/{}", contact["id"]);
        let patch = json!({ "version": 1, "email": "lovelace@kunde.example", "phone": null }).to_string();
        let changed = place.call("PATCH", &path, &token, &patch).await.json();
        assert_eq!(changed["email"], "lovelace@kunde.example");
        assert_eq!((&changed["phone"], &changed["first_name"]), (&Value::Null, &json!("Ada")));
        let stale = place.call("PATCH", &path, &token, &patch).await;
        assert_eq!((stale.status, stale.json()["code"].as_str()), (StatusCode::CONFLICT, Some("stale")));
        let wrong = json!({ "version": changed["version"], "email": "kein-at", "shoe_size": 43 }).to_string();
        assert_eq!(place.call("PATCH", &path, &token, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let same = place.call("GET", "/api/v1/contacts/by-number/10014", &token, "").await.json();
        assert_eq!(same, changed);
        assert_eq!(place.call("GET", "/api/v1/contacts/999", &token, "").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_list_is_read_page_by_page_to_its_end() {
    for place in Place::both().await {
        let token = shop(&place).await;
        for n in 0..5 {
            let body = json!({ "number": format!("{n}"), "last_name": format!("Name {n}") });
            place.call("POST", "/api/v1/contacts", &token, &body.to_string()).await;
        }
        let mut seen = Vec::new();
        let mut path = "/api/v1/contacts?sort=number&limit=2".to_owned();
        loop {
            let page = place.call("GET", &path, &token, "").await.json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|c| c["number"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/api/v1/contacts?sort=number&limit=2&cursor={next}");
        }
        assert_eq!(seen, ["0", "1", "2", "3", "4"]);
        for wrong in ["cursor=x", "limit=0", "limit=x", "sort=size", "serach=ada"] {
            let answer = place.call("GET", &format!("/api/v1/contacts?{wrong}"), &token, "").await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
    }
}

#[tokio::test]
async fn consents_form_a_history() {
    for place in Place::both().await {
        let token = shop(&place).await;
        let path = format!("/api/v1/contacts/{}/consents", ada(&place, &token).await["id"]);
        let say = async |granted: bool| {
            let body = json!({ "channel": "email", "granted": granted, "source": "form", "wording": "Ja, gern." });
            place.call("POST", &path, &token, &body.to_string()).await.status
        };
        assert_eq!(say(true).await, StatusCode::CREATED);
        assert_eq!(say(true).await, StatusCode::OK);
        assert_eq!(say(false).await, StatusCode::CREATED);
        let list = place.call("GET", &path, &token, "").await.json();
        let held: Vec<_> = list["items"].as_array().unwrap().iter().map(|c| (&c["granted"], &c["current"])).collect();
        assert_eq!(held, [(&json!(false), &json!(true)), (&json!(true), &json!(false))]);
    }
}

#[tokio::test]
async fn an_order_is_placed_and_cancelled() {
    for place in Place::both().await {
        let token = shop(&place).await;
        ada(&place, &token).await;
        let order = json!({ "number": "A-1", "contact_number": "10014", "items": [
            { "sku": "KRE-7", "name": "Kreta", "category": "Griechenland", "quantity": 3, "unit_price": 89900 }] });
        let placed = place.call("POST", "/api/v1/orders", &token, &order.to_string()).await;
        assert_eq!(placed.status, StatusCode::CREATED, "{}", placed.text);
        let placed = placed.json();
        assert_eq!((&placed["total"], &placed["items"][0]["sku"]), (&json!(269_700), &json!("KRE-7")));
        let again = place.call("POST", "/api/v1/orders", &token, &order.to_string()).await;
        assert_eq!((again.status, again.json()), (StatusCode::OK, placed.clone()));
        let cancel = format!("/api/v1/orders/{}/cancel", placed["id"]);
        let cancelled = place.call("POST", &cancel, &token, "").await.json();
        assert_eq!(cancelled["cancelled_at"], json!(place.house.now().rfc3339()));
        let list = place.call("GET", "/api/v1/orders?contact_number=10014", &token, "").await.json();
        assert_eq!(list["items"], json!([cancelled]));
        let products = place.call("GET", "/api/v1/products", &token, "").await.json();
        assert_eq!(products["items"][0]["category"], "Griechenland");
        let timeline = format!("/api/v1/contacts/{}/interactions", placed["contact"]);
        let kinds = place.call("GET", &timeline, &token, "").await.json();
        assert_eq!(kinds["items"][0]["kind"], "order_cancelled");
    }
}

#[tokio::test]
async fn a_file_comes_in_plain_or_as_a_form_and_its_guesses_can_be_corrected() {
    for place in Place::both().await {
        let token = shop(&place).await;
        let csv = "Kundennummer;Nachname;E-Mail\n1;Lovelace;ada@kunde.example\n2;Byron;x\n";
        let plain = [("content-type", "text/csv")];
        let path = "/api/v1/imports?kind=contacts&name=kunden.csv";
        let came = upload(&place, path, &token, csv, &plain).await;
        assert_eq!(came["mapping"], json!(["number", "last_name", "email"]));
        assert_eq!((&came["state"], &came["file_name"]), (&json!("prepared"), &json!("kunden.csv")));
        let form = format!(
            "--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\ncontacts\r\n\
             --x\r\nContent-Disposition: form-data; name=\"mapping\"\r\n\r\n[\"number\", null, \"email\"]\r\n\
             --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"k.csv\"\r\n\r\n{csv}\r\n--x--\r\n"
        );
        let multipart = [("content-type", "multipart/form-data; boundary=x")];
        let formed = upload(&place, "/api/v1/imports", &token, &form, &multipart).await;
        assert_eq!(formed["mapping"], json!(["number", null, "email"]));
        let one = format!("/api/v1/imports/{}", formed["id"]);
        let correct = json!({ "mapping": ["number", "last_name", "email"] }).to_string();
        let corrected = place.call("PATCH", &one, &token, &correct).await.json();
        assert_eq!(corrected["mapping"], came["mapping"]);
        let run = place.call("POST", &format!("{one}/run"), &token, "").await;
        assert_eq!((run.status, &run.json()["state"]), (StatusCode::ACCEPTED, &json!("running")));
        let busy = place.call("POST", &format!("{one}/run"), &token, "").await;
        assert_eq!(busy.status, StatusCode::CONFLICT);
        let pdf = send(&place, path, &token, "%PDF-1.7\n\u{0}\u{1}", &plain).await;
        assert_eq!(pdf.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", pdf.text);
        assert_eq!(pdf.json()["errors"][0]["field"], "file");
    }
}

async fn send(place: &Place, path: &str, token: &str, body: &str, more: &[(&str, &str)]) -> super::furnished::Answer {
    use axum::{body::Body, http::Request};
    let mut request = Request::post(path).header("authorization", format!("Bearer {token}"));
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    place.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn upload(place: &Place, path: &str, token: &str, body: &str, more: &[(&str, &str)]) -> Value {
    let answer = send(place, path, token, body, more).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn a_segment_is_counted_saved_listed_and_put_away() {
    for place in Place::both().await {
        let token = shop(&place).await;
        ada(&place, &token).await;
        let germans = json!({ "field": "country", "op": "in", "value": ["DE", "AT"] });
        let count = json!({ "definition": germans }).to_string();
        let counted = place.call("POST", "/api/v1/segments/count", &token, &count).await;
        assert_eq!(counted.json(), json!({ "count": 1 }));
        let unknown =
            json!({ "definition": { "all": [{ "field": "shoe_size", "op": "eq", "value": 43 }] } }).to_string();
        let refused = place.call("POST", "/api/v1/segments/count", &token, &unknown).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json()["errors"][0]["field"], "all[0].field");
        let wish = json!({ "name": "DACH", "definition": germans }).to_string();
        let made = place.call("POST", "/api/v1/segments", &token, &wish).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let path = format!("/api/v1/segments/{}", made.json()["id"]);
        let members = place.call("GET", &format!("{path}/members?sort=number"), &token, "").await.json();
        assert_eq!(members["items"][0]["number"], "10014");
        assert_eq!(place.call("GET", &format!("{path}/count"), &token, "").await.json()["count"], 1);
        let change = json!({ "name": "Österreich", "version": 1,
            "definition": { "field": "country", "op": "eq", "value": "AT" } });
        let changed = place.call("PUT", &path, &token, &change.to_string()).await;
        assert_eq!(changed.json()["version"], 2, "{}", changed.text);
        assert_eq!(place.call("PUT", &path, &token, &change.to_string()).await.status, StatusCode::CONFLICT);
        assert_eq!(place.call("DELETE", &path, &token, "").await.status, StatusCode::NO_CONTENT);
        assert_eq!(place.call("GET", "/api/v1/segments", &token, "").await.json()["items"], json!([]));
    }
}

#[tokio::test]
async fn companies_are_listed_by_name_in_any_spelling() {
    for place in Place::both().await {
        let token = shop(&place).await;
        for (number, company) in [("1", "Öztürk Bau"), ("2", "Albers & Co"), ("3", "Zander")] {
            let body = json!({ "number": number, "last_name": "Person", "company": company, "industry": "Bau" });
            place.call("POST", "/api/v1/contacts", &token, &body.to_string()).await;
        }
        let names = async |query: &str| {
            let page = place.call("GET", &format!("/api/v1/companies?{query}"), &token, "").await.json();
            let names: Vec<_> = page["items"].as_array().unwrap().iter().map(|c| c["name"].clone()).collect();
            (json!(names), page["next"].as_str().unwrap_or_default().to_owned())
        };
        let (first, next) = names("limit=2").await;
        assert_eq!(first, json!(["Albers & Co", "Öztürk Bau"]));
        assert_eq!(names(&format!("limit=2&cursor={next}")).await.0, json!(["Zander"]));
        assert_eq!(names("search=oeztuerk").await.0, json!(["Öztürk Bau"]));
    }
}

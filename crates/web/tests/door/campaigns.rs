//! Programs and campaigns: planned, checked, approved, launched, asked for their figures.

use super::furnished::Place;
use axum::http::StatusCode;
use crm::staff::Role;
use serde_json::{Value, json};

async fn circle(place: &Place, token: &str) -> Value {
    for (number, granted) in [("1", true), ("2", true), ("3", false)] {
        let body = json!({ "number": number, "last_name": format!("Name {number}"), "email": format!("p{number}@kunde.example") });
        let contact = place.call("POST", "/api/v1/contacts", token, &body.to_string()).await.json();
        let consent = json!({ "channel": "email", "granted": granted, "source": "form", "wording": "Ja." }).to_string();
        place.call("POST", &format!("/api/v1/contacts/{}/consents", contact["id"]), token, &consent).await;
    }
    let wish = json!({ "name": "Alle", "definition": { "field": "number", "op": "is_set" } }).to_string();
    let segment = place.call("POST", "/api/v1/segments", token, &wish).await;
    assert_eq!(segment.status, StatusCode::CREATED, "{}", segment.text);
    segment.json()["id"].clone()
}

fn wish(segment: &Value) -> Value {
    json!({
        "name": "Frühbucher Griechenland", "goal": "win_back", "channel": "email", "attribution_days": 30,
        "fixed_cost": 25000, "unit_cost": 2, "currency": "EUR", "margin_rate": 0.2, "control_share": 0,
        "subject": "{{ contact.first_name }}, Kreta wartet: 15 % bis zum Jahresende",
        "links": ["https://shop.example/kreta", "https://shop.example/rhodos?b=1&a=ä", "https://shop.example/katalog.pdf#s12"],
        "segment": segment,
    })
}

#[tokio::test]
async fn a_campaign_is_planned_checked_approved_and_launched() {
    for place in Place::both().await {
        let token = place.token(&[Role::MarketingManager]).await;
        let segment = circle(&place, &token).await;
        let made = place.call("POST", "/api/v1/campaigns", &token, &wish(&segment).to_string()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let campaign = made.json();
        assert_eq!((&campaign["margin_rate"], &campaign["state"]), (&json!(0.2), &json!("draft")));
        let positions: Vec<_> = campaign["links"].as_array().unwrap().iter().map(|l| l["position"].as_i64()).collect();
        assert_eq!(positions, [Some(0), Some(1), Some(2)]);
        let path = format!("/api/v1/campaigns/{}", campaign["id"]);

        let mut change = wish(&segment);
        change["version"] = campaign["version"].clone();
        change["unit_cost"] = json!(3);
        let changed = place.call("PUT", &path, &token, &change.to_string()).await;
        assert_eq!((changed.status, &changed.json()["unit_cost"]), (StatusCode::OK, &json!(3)), "{}", changed.text);
        assert_eq!(place.call("PUT", &path, &token, &change.to_string()).await.status, StatusCode::CONFLICT);

        let flight = place.call("GET", &format!("{path}/pre-flight"), &token, "").await.json();
        assert_eq!((&flight["clear"], &flight["recipients"]), (&json!(true), &json!(2)), "{flight}");
        assert_eq!(flight["waterfall"]["no_consent"], 1);
        let step = async |name: &str| place.call("POST", &format!("{path}/{name}"), &token, "").await;
        assert_eq!(step("launch").await.status, StatusCode::CONFLICT, "nobody has approved it");
        assert_eq!(step("approve").await.json()["state"], "approved");
        let twice = step("approve").await;
        assert_eq!((twice.status, twice.json()["code"].as_str()), (StatusCode::CONFLICT, Some("state")));
        assert_eq!(step("launch").await.json()["state"], "launching");
        let state = place.call("GET", &path, &token, "").await.json();
        assert_eq!(state["progress"]["sent"], 0);
        assert_eq!(step("cancel").await.json()["state"], "cancelled");
    }
}

#[tokio::test]
async fn figures_are_asked_for_by_their_names() {
    for place in Place::both().await {
        let token = place.token(&[Role::MarketingManager]).await;
        let segment = circle(&place, &token).await;
        let id =
            place.call("POST", "/api/v1/campaigns", &token, &wish(&segment).to_string()).await.json()["id"].clone();
        let figures = place.call("GET", &format!("/api/v1/campaigns/{id}/evaluation"), &token, "").await.json();
        for name in [
            "sent",
            "bounced",
            "opened",
            "clicked",
            "responded",
            "converted",
            "unsubscribed",
            "revenue",
            "machine_opened",
            "delivered",
            "cost",
            "contribution",
            "bounce_rate",
            "open_rate",
            "click_rate",
            "click_to_open_rate",
            "response_rate",
            "conversion_rate",
            "unsubscribe_rate",
            "roi",
        ] {
            assert!(figures.get(name).is_some(), "{name} in {figures}");
        }
        assert_eq!((&figures["cost"], &figures["open_rate"]), (&json!(25_000), &Value::Null));
    }
}

#[tokio::test]
async fn a_campaign_that_does_not_fit_is_refused_field_by_field() {
    for place in Place::both().await {
        let token = place.token(&[Role::MarketingManager]).await;
        let segment = circle(&place, &token).await;
        let refused = async |name: &str, value: Value| {
            let mut wish = wish(&segment);
            wish[name] = value;
            let answer = place.call("POST", "/api/v1/campaigns", &token, &wish.to_string()).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.text);
            answer.json()["errors"][0]["field"].as_str().unwrap_or_default().to_owned()
        };
        assert_eq!(refused("goal", json!("world_domination")).await, "goal");
        assert_eq!(refused("channel", json!("pigeon")).await, "channel");
        assert_eq!(refused("margin_rate", json!(1.5)).await, "margin_rate");
        assert_eq!(refused("control_share", json!(0.95)).await, "control_share");
        assert_eq!(refused("segment", json!(999)).await, "segment");
        assert_eq!(refused("links", json!(["javascript:alert(1)"])).await, "links[0]");
        assert_eq!(refused("subject", json!("{{ contact.shoe_size }}")).await, "subject");
        assert_eq!(refused("body", json!("Hallo")).await, "links");
        assert_eq!(refused("colour", json!("red")).await, "colour");
    }
}

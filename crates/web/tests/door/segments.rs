//! Building a segment in the browser.

use super::furnished::{Place, csrf};
use axum::http::StatusCode;
use crm::{
    customers::{ContactDraft, create_contact},
    staff::{Actor, Role},
};

const JANA: &str = "jana@almara.example";

async fn furnished(place: &Place) -> (String, String) {
    place.hire(JANA, "Jana Hoffmann", &[Role::MarketingManager]).await;
    let unit = place.house.db.write().await.unwrap();
    let (by, now) = (Actor::system("test"), place.house.now());
    for (name, country) in [("Müller", "DE"), ("Huber", "AT"), ("Meier", "DE")] {
        let draft = ContactDraft { last_name: name.into(), country: country.into(), ..ContactDraft::default() };
        create_contact(&unit, &by, draft, now, place.house.zone.day(now)).await.unwrap();
    }
    unit.save().await.unwrap();
    let cookie = place.sign_in(JANA).await;
    let page = place.get("/segmente/neu", &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let secret = csrf(&page.text);
    (cookie, secret)
}

const GERMANS: [(&str, &str); 6] = [
    ("n0.is", "all"),
    ("n1.is", "attribute"),
    ("n1.parent", "0"),
    ("n1.field", "country"),
    ("n1.op", "eq"),
    ("n1.v", "DE"),
];

fn form<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    GERMANS.iter().copied().chain(more.iter().copied()).collect()
}

#[tokio::test]
async fn a_segment_is_built_counted_saved_archived_and_brought_back() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let counted = place.post("/segmente/zaehlen", &cookie, &form(&[("csrf", &secret)])).await;
        assert!(counted.text.contains("<b>2</b>") && counted.text.contains("Land ist"), "{}", counted.text);

        let saved = place
            .post("/segmente/neu", &cookie, &form(&[("csrf", &secret), ("name", "Aus <b>Deutschland"), ("save", "1")]))
            .await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let home = saved.header("location").split('?').next().unwrap().to_owned();
        let page = place.get(&home, &cookie).await;
        assert!(!page.text.contains("<b>Deutschland") && page.text.contains("Deutschland"));
        let list = place.get("/segmente", &cookie).await;
        assert!(list.text.contains("Jana Hoffmann") && list.text.contains(&format!("{home}/anzahl")), "{}", list.text);
        assert_eq!(place.get(&format!("{home}/anzahl"), &cookie).await.text, "2");

        let archived = place.post(&format!("{home}/archiv"), &cookie, &[("csrf", &secret)]).await;
        let list = place.get(archived.header("location"), &cookie).await;
        assert!(list.text.contains(&format!("action=\"{home}/zurueck\"")), "{}", list.text);
        let back = place.post(&format!("{home}/zurueck"), &cookie, &[("csrf", &secret)]).await;
        assert_eq!(place.get(back.header("location"), &cookie).await.status, StatusCode::OK);
        assert!(place.get("/segmente", &cookie).await.text.contains(&format!("{home}/anzahl")));
    }
}

#[tokio::test]
async fn a_wrong_line_is_answered_beside_the_line_and_nothing_typed_is_lost() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let wrong =
            [("n2.is", "attribute"), ("n2.parent", "0"), ("n2.field", "age"), ("n2.op", "gte"), ("n2.v", "alt")];
        let mut fields = form(&wrong);
        fields.extend([("csrf", secret.as_str()), ("name", ""), ("save", "1")]);
        let answer = place.post("/segmente/neu", &cookie, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let beside = |id: &str| {
            let line = answer.text.split(&format!("id=\"{id}-e\">")).nth(1).unwrap_or_default();
            line.split('<').next().unwrap_or_default().to_owned()
        };
        assert!(beside("n2").contains("ganze Zahl"), "{}", answer.text);
        assert_eq!(beside("n1"), "");
        assert!(beside("s-name").contains("fehlt"));
        assert!(answer.text.contains("value=\"alt\""));
        let counted = place.post("/segmente/zaehlen", &cookie, &fields).await;
        assert!(counted.text.contains("id=\"n2-e\" hx-swap-oob=\"true\">Hier"), "{}", counted.text);
    }
}

#[tokio::test]
async fn somebody_who_saves_an_old_version_sees_both_and_loses_nothing() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let saved =
            place.post("/segmente/neu", &cookie, &form(&[("csrf", &secret), ("name", "Erstes"), ("save", "1")])).await;
        let home = saved.header("location").split('?').next().unwrap().to_owned();
        let change = |name, version| form(&[("csrf", &secret), ("name", name), ("version", version), ("save", "1")]);
        place.post(&home, &cookie, &change("Ihres", "1")).await;
        let late = place.post(&home, &cookie, &change("Meines", "1")).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text.contains("„Ihres“") && late.text.contains("value=\"Meines\""), "{}", late.text);
        let again = place.post(&home, &cookie, &change("Meines", "2")).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn who_only_sees_segments_cannot_change_them() {
    for place in Place::both().await {
        let (_, _) = furnished(&place).await;
        place.hire("anna@almara.example", "Anna Lytik", &[Role::Analyst]).await;
        let cookie = place.sign_in("anna@almara.example").await;
        let page = place.get("/segmente", &cookie).await;
        assert!(page.status == StatusCode::OK && !page.text.contains("href=\"/segmente/neu\""));
        let secret = csrf(&page.text);
        let refused =
            place.post("/segmente/neu", &cookie, &form(&[("csrf", &secret), ("name", "x"), ("save", "1")])).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(place.get("/import", &cookie).await.status, StatusCode::FORBIDDEN);
    }
}

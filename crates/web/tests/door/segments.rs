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

/// The form of a segment of Germans.
pub fn form<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
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

/// What stands between two texts.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split(from).nth(1).unwrap_or_default().split(to).next().unwrap_or_default()
}

async fn germans(place: &Place, cookie: &str, secret: &str) -> String {
    let fields = form(&[("csrf", secret), ("name", "Deutsche"), ("save", "1")]);
    let saved = place.post("/segmente/neu", cookie, &fields).await;
    saved.header("location").split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn each_line_says_how_many_fit_it_and_why_a_person_does_or_does_not() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let more = [("n2.is", "metric"), ("n2.parent", "0"), ("n2.field", "orders"), ("n2.op", "gte"), ("n2.v", "3")];
        let mut fields = form(&more);
        fields.extend([("csrf", secret.as_str()), ("warum", "1"), ("id", "7")]);
        let counted = place.post("/segmente/zaehlen", &cookie, &fields).await;
        let mark =
            |node: &str| between(&counted.text, &format!("id=\"{node}-n\" hx-swap-oob=\"true\">"), "</p>").to_owned();
        assert!(
            mark("n0").contains(">0<") && mark("n1").contains(">2<") && mark("n2").contains(">0<"),
            "{}",
            counted.text
        );
        assert!(mark("n1").contains("trifft zu") && mark("n1").contains("Tatsächlich: Deutschland"), "{}", mark("n1"));
        assert!(mark("n2").contains("trifft nicht zu") && mark("n2").contains("Tatsächlich: 0"), "{}", mark("n2"));
        assert!(counted.text.contains("gehört nicht dazu"));
        assert_eq!(counted.header("hx-replace-url"), "/segmente/7?warum=1");

        let home = germans(&place, &cookie, &secret).await;
        let page = place.get(&format!("{home}?warum=1&wer=Hub"), &cookie).await;
        assert!(page.text.contains("gehört dazu.") && page.text.contains("id=\"warum-2\""), "{}", page.text);
        let list = place.get("/segmente?warum=2", &cookie).await;
        assert!(
            list.text.contains("gehört nicht dazu") && list.text.contains(&format!("{home}?warum=2")),
            "{}",
            list.text
        );

        place.hire("anna@almara.example", "Anna Lytik", &[Role::Analyst]).await;
        let anna = place.sign_in("anna@almara.example").await;
        let page = place.get(&format!("{home}?warum=1"), &anna).await;
        assert!(page.status == StatusCode::OK && !page.text.contains("Müller") && !page.text.contains("id=\"wer\""));
        assert_eq!(place.get("/segmente/wer?wer=M", &anna).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn an_unfinished_line_does_not_stop_the_count_and_a_circle_is_refused_beside_its_line() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let home = germans(&place, &cookie, &secret).await;
        let id = home.rsplit('/').next().unwrap();
        let waits = form(&[("csrf", &secret), ("n2.is", "behaviour"), ("n2.parent", "0")]);
        let counted = place.post("/segmente/zaehlen", &cookie, &waits).await;
        assert!(counted.text.contains("<b>2</b>") && counted.text.contains("noch nicht fertig"), "{}", counted.text);

        let own = [("n2.is", "attribute"), ("n2.parent", "0"), ("n2.field", "segment"), ("n2.op", "eq"), ("n2.v", id)];
        let mut fields = form(&own);
        fields.extend([("csrf", secret.as_str()), ("id", id)]);
        let counted = place.post("/segmente/zaehlen", &cookie, &fields).await;
        let beside = between(&counted.text, "id=\"n2-e\" hx-swap-oob=\"true\">", "<");
        assert!(beside.contains("„Deutsche“ führt auf dieses Segment zurück"), "{}", counted.text);
    }
}

#[tokio::test]
async fn a_removed_line_comes_back_and_a_moved_one_stays_in_the_hand() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let more = [("n2.is", "attribute"), ("n2.parent", "0"), ("n2.field", "city"), ("n2.op", "eq"), ("n2.v", "Ulm")];
        let mut fields = form(&more);
        fields.extend([("csrf", secret.as_str()), ("do", "remove:2")]);
        let gone = place.post("/segmente/bauen", &cookie, &fields).await;
        assert!(
            !gone.text.contains("value=\"Ulm\"") && gone.text.contains("data-focus=\"n1-field\" data-jump"),
            "{}",
            gone.text
        );
        let before = between(&gone.text, "name=\"vorher\" value=\"", "\"").replace("&#38;", "&").replace("&amp;", "&");
        let undo = form(&[("csrf", &secret), ("vorher", &before), ("do", "undo")]);
        let back = place.post("/segmente/bauen", &cookie, &undo).await;
        assert!(back.text.contains("value=\"Ulm\"") && back.text.contains("data-focus=\"n2-field\""), "{}", back.text);

        *fields.last_mut().unwrap() = ("do", "up:2");
        let moved = place.post("/segmente/bauen", &cookie, &fields).await;
        assert!(moved.text.contains("data-focus=\"n2-field\">"), "{}", moved.text);
        assert!(moved.text.find("value=\"Ulm\"") < moved.text.find("n1.field"));
    }
}

#[tokio::test]
async fn the_people_behind_a_segment_are_sampled_reached_and_compared() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let home = germans(&place, &cookie, &secret).await;
        let everybody = [
            ("csrf", secret.as_str()),
            ("name", "Alle"),
            ("save", "1"),
            ("n0.is", "all"),
            ("n1.is", "attribute"),
            ("n1.field", "last_name"),
            ("n1.op", "is_set"),
        ];
        let all = place.post("/segmente/neu", &cookie, &everybody).await;
        let other = all.header("location").split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        let page = place.get(&format!("{home}/menschen?mit={other}&los=4"), &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(
            page.text.contains("Müller") && page.text.contains("Meier") && page.text.contains("los=5&#38;mit="),
            "{}",
            page.text
        );
        assert_eq!(
            page.text.matches("href=\"/kontakte?bedingung=").count(),
            9,
            "three parts, and three bars drawn wide and narrow: {}",
            page.text
        );
        let links: Vec<&str> = page
            .text
            .split("href=\"/kontakte?bedingung=")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        for link in links {
            let list = place.get(&format!("/kontakte?bedingung={}", link.replace("&#38;", "&")), &cookie).await;
            assert_eq!(list.status, StatusCode::OK, "{link}");
        }
        for path in ["reichweite", "stichprobe"] {
            let part = place.post(&format!("/segmente/{path}"), &cookie, &form(&[("csrf", &secret)])).await;
            assert!(
                part.status == StatusCode::OK && (path == "reichweite") == part.text.contains("class=\"chart"),
                "{}",
                part.text
            );
        }
        assert_eq!(place.get("/kontakte?bedingung=%7B", &cookie).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn versions_are_compared_and_brought_back_and_a_copy_is_a_segment_of_its_own() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let home = germans(&place, &cookie, &secret).await;
        let mut change = form(&[("csrf", &secret), ("name", "Österreicher"), ("version", "1"), ("save", "1")]);
        change.retain(|(name, _)| *name != "n1.v");
        change.push(("n1.v", "AT"));
        assert_eq!(place.post(&home, &cookie, &change).await.status, StatusCode::SEE_OTHER);
        let page = place.get(&format!("{home}/versionen?alt=1"), &cookie).await;
        assert!(between(&page.text, "<li class=\"gone\"", "</li>").contains("Land ist Deutschland"), "{}", page.text);
        assert!(between(&page.text, "<li class=\"new\"", "</li>").contains("Land ist Österreich"), "{}", page.text);
        let back = [("csrf", secret.as_str()), ("alt", "1"), ("version", "2")];
        let back = place.post(&format!("{home}/versionen"), &cookie, &back).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
        assert!(place.get(&home, &cookie).await.text.contains("value=\"Deutsche\""));

        let copy = place.post(&format!("{home}/kopie"), &cookie, &[("csrf", &secret)]).await;
        let page = place.get(copy.header("location"), &cookie).await;
        assert!(copy.header("location") != home && page.text.contains("Kopie von Deutsche"), "{}", page.text);
    }
}

#[tokio::test]
async fn a_segment_is_read_as_sql_and_changed_as_json() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let home = germans(&place, &cookie, &secret).await;
        let sql = place.get(&format!("{home}/sql"), &cookie).await;
        assert!(sql.text.contains("\nWHERE contact.archived_at IS NULL\n"), "{}", sql.text);
        let page = place.get(&format!("{home}/json"), &cookie).await;
        assert!(page.text.contains("&#34;country&#34;"), "{}", page.text);
        let json = format!("{home}/json");
        let typed = |definition, what| {
            [("csrf", secret.as_str()), ("name", "Neu"), ("version", "1"), ("definition", definition), (what, "1")]
        };
        let broken = place.post(&json, &cookie, &typed("{\"all\": [", "save")).await;
        assert!(
            broken.status == StatusCode::UNPROCESSABLE_ENTITY && broken.text.contains("Zeile 1"),
            "{}",
            broken.text
        );
        let wrong = r#"{ "all": [{ "field": "land", "op": "eq", "value": "DE" }, { "field": "age", "op": "gte", "value": "alt" }] }"#;
        let wrong = place.post(&json, &cookie, &typed(wrong, "open")).await;
        assert!(
            wrong.text.contains("<code>all[0].field</code>") && wrong.text.contains("<code>all[1].value</code>"),
            "{}",
            wrong.text
        );
        assert!(wrong.text.contains("&#34;alt&#34;"), "what was pasted is still there");
        let good = r#"{ "any": [{ "field": "age", "op": "gte", "value": 60 }] }"#;
        let open = place.post(&json, &cookie, &typed(good, "open")).await;
        assert!(
            open.status == StatusCode::OK
                && open.text.contains("noch nicht gespeichert")
                && open.text.contains("value=\"60\"")
        );
        assert!(place.get(&home, &cookie).await.text.contains("value=\"Deutsche\""), "opening saves nothing");
        assert_eq!(place.post(&json, &cookie, &typed(good, "save")).await.status, StatusCode::SEE_OTHER);
        let late = place.post(&json, &cookie, &typed(good, "save")).await;
        assert!(late.status == StatusCode::CONFLICT && late.text.contains("„Neu“"), "{}", late.text);
        let new = place.post("/segmente/neu/json", &cookie, &typed(good, "save")).await;
        assert_eq!(new.status, StatusCode::SEE_OTHER, "{}", new.text);
    }
}

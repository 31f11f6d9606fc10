//! The overview: what its address says, the people behind each figure, its arrangement, targets, and the live stream.

use super::furnished::{Place, csrf};
use crm::{
    evaluation::TileMetric,
    interactions::{Kind, NewInteraction},
    staff::Role,
};
use kernel::{ContactId, time::DAY};
use store::values;

/// Three people; Ada (1) was on the website yesterday, Bo (2) bought, Cy (3) did nothing.
async fn furnish(place: &Place) {
    let now = place.house.now();
    let unit = place.house.db.write().await.unwrap();
    for (id, name, country, birth) in
        [(1_i64, "Ada", "DE", Some("1966-05-01")), (2, "Bo", "AT", Some("1999-01-01")), (3, "Cy", "DE", None)]
    {
        const CONTACT: &str = "INSERT INTO contact (id, number, kind, first_name, last_name, name_key, first_key, country, \
             birth_date, created_at, updated_at) VALUES ($1, $2, 'customer', $3, 'Beer', $3, $3, $4, $5, 1, 1)";
        unit.run(CONTACT, values![id, id.to_string(), name, country, birth]).await.unwrap();
    }
    const ORDER: &str = "INSERT INTO purchase (number, contact_id, placed_at, total_minor, currency, source, created_at, \
         updated_at) VALUES ('A1', 2, $1, 89900, 'EUR', 'x', 1, 1)";
    unit.run(ORDER, values![now.0 - 2 * DAY]).await.unwrap();
    unit.save().await.unwrap();
    let visit = NewInteraction::new(Kind::PageViewed, now.plus(-DAY)).of(ContactId(1));
    place.house.recorder.record(visit).await.unwrap();
}

/// The addresses of the links with this class.
fn links(page: &str, class: &str) -> Vec<String> {
    let open = format!("<a class=\"{class}\" href=\"");
    page.split(&open).skip(1).filter_map(|after| after.split('"').next()).map(|l| l.replace("&#38;", "&")).collect()
}

/// Who stands in the list of contacts.
fn names(page: &str) -> Vec<&str> {
    ["Ada", "Bo", "Cy"].into_iter().filter(|name| page.contains(&format!(">{name} Beer<"))).collect()
}

#[tokio::test]
async fn every_tile_leads_to_its_people() {
    for place in Place::both().await {
        furnish(&place).await;
        place.hire("jana@almara.example", "Jana Hoffmann", &[Role::MarketingManager]).await;
        let jana = place.sign_in("jana@almara.example").await;
        let page = place.get("/", &jana).await.text;
        let tiles = links(&page, "stat");
        assert_eq!(tiles.len(), 8, "{page}");
        let behind = async |code: &str| {
            let link = tiles.iter().find(|link| link.contains(&format!("kennzahl={code}&"))).expect(code);
            let list = place.get(link, &jana).await.text;
            names(&list).join(" ")
        };
        assert_eq!(behind("interactions").await, "Ada");
        assert_eq!(behind("basket_abandonment").await, "");
        assert_eq!(behind("revenue").await, "Bo");
        assert_eq!(behind("social_engagement").await, "");
        let bars = page.matches("kennzahl=interactions").count();
        assert!(bars > 3, "the bars of the chart lead to people, too");
    }
}

#[tokio::test]
async fn filters_stand_in_the_address_and_odd_ones_are_told() {
    let place = Place::both().await.remove(0);
    furnish(&place).await;
    place.hire("jana@almara.example", "Jana Hoffmann", &[Role::MarketingManager]).await;
    let jana = place.sign_in("jana@almara.example").await;
    let austria = place.get("/?land=AT&tage=7&vergleich=vorjahr", &jana).await.text;
    assert!(austria.contains("Österreich") && austria.contains("Letzte 7 Tage") && austria.contains("Vorjahr"));
    let revenue = links(&austria, "stat").into_iter().find(|l| l.contains("kennzahl=revenue")).unwrap();
    assert!(revenue.contains("land=AT"), "{revenue}");
    assert!(austria.contains("899\u{a0}€"), "Bo's order counts in Austria");
    let germany = place.get("/?land=DE", &jana).await.text;
    assert!(!germany.contains("899\u{a0}€"), "and not in Germany");
    let old = place.get("/?alter=45-70", &jana).await.text;
    assert!(old.contains("Ein Kontakt hat kein Geburtsdatum"), "{old}");
    assert_eq!(names(&place.get("/kontakte?alter=45-70", &jana).await.text), ["Ada"]);
    let odd = place.get("/?tage=abc&segment=99&kanal=fax", &jana).await;
    assert_eq!(odd.status, 200);
    assert!(odd.text.contains("Nicht berücksichtigt: tage, kanal."), "{}", odd.text);
    assert!(odd.text.contains("gelöscht"));
}

#[tokio::test]
async fn tiles_are_arranged_by_buttons_and_reset() {
    for place in Place::both().await {
        furnish(&place).await;
        place.hire("jana@almara.example", "Jana Hoffmann", &[Role::MarketingManager]).await;
        let jana = place.sign_in("jana@almara.example").await;
        let order = async || {
            let page = place.get("/", &jana).await.text;
            let codes = links(&page, "stat").into_iter().filter_map(|link| {
                link.split("kennzahl=").nth(1).and_then(|rest| rest.split('&').next()).map(str::to_owned)
            });
            codes.collect::<Vec<_>>()
        };
        let usual = order().await;
        assert_eq!(&usual[..2], ["interactions", "interactions_per_contact"]);
        let arranging = place.get("/?tage=7&anordnen=1", &jana).await.text;
        let secret = csrf(&arranging);
        let step = async |name: &str, value: &str| {
            let fields = [("csrf", secret.as_str()), ("hier", "/?tage=7&anordnen=1"), (name, value)];
            let answer = place.post("/uebersicht/kacheln", &jana, &fields).await;
            assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/?tage=7&anordnen=1"));
        };
        step("links", "interactions_per_contact").await;
        step("weg", "basket_abandonment").await;
        step("dazu", "new_contacts").await;
        let mine = order().await;
        assert_eq!(&mine[..2], ["interactions_per_contact", "interactions"]);
        assert!(!mine.contains(&"basket_abandonment".to_owned()) && mine.last().unwrap() == "new_contacts", "{mine:?}");
        step("reihe", "revenue,new_contacts").await;
        assert_eq!(&order().await[..2], ["revenue", "new_contacts"]);
        step("zurueck", "1").await;
        assert_eq!(order().await, usual);
        assert_eq!(usual.len() + 2, TileMetric::ALL.len());
    }
}

#[tokio::test]
async fn a_target_is_set_shown_on_its_tile_and_removed_by_who_may() {
    for place in Place::both().await {
        furnish(&place).await;
        place.hire("jana@almara.example", "Jana Hoffmann", &[Role::MarketingManager]).await;
        place.hire("karl@almara.example", "Karl Kern", &[Role::SalesRepresentative]).await;
        let jana = place.sign_in("jana@almara.example").await;
        let secret = csrf(&place.get("/ziele", &jana).await.text);
        let set = async |value: &str| {
            let fields = [
                ("csrf", secret.as_str()),
                ("kennzahl", "revenue"),
                ("zeitraum", "month"),
                ("wert", value),
                ("segment", ""),
            ];
            place.post("/ziele", &jana, &fields).await
        };
        let refused = set("viel").await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("Bitte eine Zahl größer als null"));
        assert_eq!(set("1.000 €").await.status, 303);
        let page = place.get("/", &jana).await.text;
        assert!(page.contains("Ziel 1.000\u{a0}€, noch 101\u{a0}€"), "{page}");
        assert!(page.contains("0 von 1 Zielen erreicht"));
        assert_eq!(set("800").await.status, 303);
        let page = place.get("/", &jana).await.text;
        assert!(
            page.contains("1 von 1 Zielen erreicht"),
            "a second target of the same kind takes the place of the first"
        );
        let list = place.get("/ziele", &jana).await.text;
        let remove = list.split("action=\"/ziele/").nth(1).unwrap().split('"').next().unwrap();
        let karl = place.sign_in("karl@almara.example").await;
        let secret_of_karl = csrf(&place.get("/ziele", &karl).await.text);
        let path = format!("/ziele/{remove}");
        assert_eq!(place.post(&path, &karl, &[("csrf", &secret_of_karl)]).await.status, 403);
        assert_eq!(place.post(&path, &jana, &[("csrf", &secret)]).await.status, 303);
        assert!(place.get("/ziele", &jana).await.text.contains("Noch ist kein Ziel gesetzt"));
    }
}

#[tokio::test]
async fn everybody_begins_where_their_work_is() {
    let place = Place::both().await.remove(0);
    furnish(&place).await;
    let begins = [
        (Role::MarketingManager, 200, ""),
        (Role::SalesManager, 200, ""),
        (Role::SalesRepresentative, 200, ""),
        (Role::Analyst, 200, ""),
        (Role::Agent, 303, "/kontakte"),
        (Role::DataProtectionOfficer, 303, "/kontakte"),
        (Role::Administrator, 303, "/verwaltung/benutzer"),
    ];
    for (role, status, location) in begins {
        let login = format!("{}@almara.example", role.code().replace('_', "-"));
        place.hire(&login, "Ida Brandt", &[role]).await;
        let cookie = place.sign_in(&login).await;
        let answer = place.get("/", &cookie).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (status, location), "{role:?}");
        if !location.is_empty() {
            assert_eq!(place.get(location, &cookie).await.status, 200, "{role:?}");
        }
    }
}

#[tokio::test]
async fn the_stream_tells_of_what_came_and_asks_for_the_right() {
    use axum::{body::Body, http::Request};
    use futures::StreamExt;
    use tower::ServiceExt;
    for place in Place::both().await {
        furnish(&place).await;
        place.hire("jana@almara.example", "Jana Hoffmann", &[Role::MarketingManager]).await;
        place.hire("aylin@almara.example", "Aylin Demir", &[Role::Agent]).await;
        let jana = place.sign_in("jana@almara.example").await;
        let aylin = place.sign_in("aylin@almara.example").await;
        assert_eq!(place.get("/live", &aylin).await.status, 403);
        let stream = async |last: &str| {
            let mut request = Request::get("/live?seit=1").header("cookie", jana.as_str());
            request = request.header("accept-encoding", "gzip, br");
            if !last.is_empty() {
                request = request.header("last-event-id", last);
            }
            let response = place.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(response.headers()["content-type"], "text/event-stream");
            assert!(response.headers().get("content-encoding").is_none(), "events are not held back to be packed");
            response.into_body().into_data_stream()
        };
        // Somebody who knows less than the log is told at once.
        let mut behind = stream("0").await;
        let event = String::from_utf8(behind.next().await.unwrap().unwrap().to_vec()).unwrap();
        assert!(event.contains("event: neu") && event.contains("id: 1"), "{event}");
        let mut waiting = stream("").await;
        let visit = NewInteraction::new(Kind::PageViewed, place.house.now()).of(ContactId(1));
        place.house.recorder.record(visit).await.unwrap();
        let event = String::from_utf8(waiting.next().await.unwrap().unwrap().to_vec()).unwrap();
        assert!(event.contains("id: 2"), "{event}");
        // A house that closes ends its streams.
        place.house.end_streams();
        assert!(waiting.next().await.is_none());
    }
}

#[tokio::test]
async fn the_bell_counts_what_waits_and_a_change_says_why_it_was_told() {
    use crm::{
        evaluation::{Idea, watch},
        mining::Window,
        staff::notifications::{Wish, set_wish},
    };
    for place in Place::both().await {
        furnish(&place).await;
        let now = place.house.now();
        let jana_id = place.hire("jana@almara.example", "Jana Hoffmann", &[Role::MarketingManager]).await;
        place.hire("sabine@almara.example", "Sabine Ritter", &[Role::Administrator]).await;
        let mut log = Vec::new();
        for day in 1..=112_i64 {
            for visit in 0..if day <= 4 { 14 } else { 1 + day % 2 } {
                let at = now.plus(-day * DAY + visit * 60_000_000);
                log.push(NewInteraction::new(Kind::ProductViewed, at).of(ContactId(1)));
            }
        }
        log.sort_by_key(|one| one.occurred_at);
        let unit = place.house.db.write().await.unwrap();
        crm::interactions::append(&unit, &log, now).await.unwrap();
        unit.save().await.unwrap();
        let (house, zone) = (&place.house, &place.house.zone);
        watch::look(&*house.lens, &house.db, Window::yesterday(now, zone), now, zone).await.unwrap();

        let jana = place.sign_in("jana@almara.example").await;
        let page = place.get("/", &jana).await.text;
        assert!(page.contains("ungelesen"), "the bell says so");
        let panel = page.split("Verhaltensänderungen").nth(1).unwrap();
        assert!(panel.contains(">Ada Beer</a>"), "{panel}");
        let link = panel.split("href=\"/veraenderungen/").nth(1).unwrap().split('"').next().unwrap();
        let why = place.get(&format!("/veraenderungen/{link}"), &jana).await;
        assert_eq!(why.status, 200);
        assert!(why.text.contains("Warum das gemeldet wurde") && why.text.contains("<svg"));
        let sabine = place.sign_in("sabine@almara.example").await;
        assert_eq!(place.get(&format!("/veraenderungen/{link}"), &sabine).await.status, 403);

        let centre = place.get("/benachrichtigungen", &jana).await.text;
        assert!(centre.contains("Ada Beer:"), "the name is looked up when it is read: {centre}");
        let secret = csrf(&centre);
        let id = centre.split("action=\"/benachrichtigungen/").nth(2).unwrap().split('"').next().unwrap();
        let opened = place.post(&format!("/benachrichtigungen/{id}"), &jana, &[("csrf", &secret)]).await;
        assert!(opened.header("location").starts_with("/veraenderungen/"), "{:?}", opened.headers);
        assert_eq!(place.post("/benachrichtigungen/gelesen", &jana, &[("csrf", &secret)]).await.status, 303);
        assert!(!place.get("/benachrichtigungen", &jana).await.text.contains("ungelesen"));

        let fields = [("csrf", secret.as_str()), ("thema", "target"), ("staerke", "100")];
        assert_eq!(place.post("/benachrichtigungen/einstellungen", &jana, &fields).await.status, 303);
        let form = place.get("/benachrichtigungen/einstellungen", &jana).await.text;
        let ticked = |name: &str, value: &str| form.contains(&format!("name=\"{name}\" value=\"{value}\" checked"));
        assert!(ticked("thema", "target") && !ticked("thema", "person") && !ticked("mail", "1"), "{form}");
        let unit = place.house.db.write().await.unwrap();
        set_wish(&unit, jana_id, &Wish::default()).await.unwrap();
        Idea::Curious.keep(&unit, 1).await.unwrap();
        unit.save().await.unwrap();

        // From the insight to the campaign in one step, and a second time to the same segment.
        assert!(place.get("/", &jana).await.text.contains("Eine Person schaut immer wieder"));
        for _ in 0..2 {
            let fields = [("csrf", secret.as_str()), ("idee", "curious"), ("ziel", "kampagne")];
            let made = place.post("/uebersicht/folge", &jana, &fields).await;
            assert!(made.header("location").starts_with("/kampagnen/"), "{}", made.text);
        }
        let segments = place.get("/segmente", &jana).await.text;
        assert_eq!(segments.matches(">Schauen immer wieder<").count(), 1, "{segments}");
    }
}

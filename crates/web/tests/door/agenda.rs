//! The day at the door: put there from the contact's page, ticked off with a way back, read by a calendar program.

use super::furnished::{Place, csrf};
use axum::http::StatusCode;
use crm::{
    customers::{ContactDraft, create_contact},
    staff::{Actor, Role},
};

const JANA: &str = "jana@almara.example";

async fn furnished(place: &Place) -> (String, String, i64) {
    place.hire(JANA, "Jana Hoffmann", &[Role::MarketingManager]).await;
    let unit = place.house.db.write().await.unwrap();
    let (by, now) = (Actor::system("test"), place.house.now());
    let draft = ContactDraft { number: "K-1".into(), last_name: "Mül<b>ler".into(), ..ContactDraft::default() };
    let contact = create_contact(&unit, &by, draft, now, place.house.zone.day(now)).await.unwrap();
    unit.save().await.unwrap();
    let cookie = place.sign_in(JANA).await;
    let secret = csrf(&place.get("/mein-tag", &cookie).await.text);
    (cookie, secret, contact.id)
}

#[tokio::test]
async fn an_entry_from_the_contact_is_on_the_day_done_and_back() {
    for place in Place::both().await {
        let (cookie, secret, contact) = furnished(&place).await;
        let id = contact.to_string();
        let today = place.house.zone.day(place.house.now()).to_string();
        let fields = [("csrf", secret.as_str()), ("contact", &id), ("title", "Rückruf <i>"), ("day", &today)];
        let added = place.post("/mein-tag", &cookie, &fields).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
        let page = place.get(added.header("location"), &cookie).await;
        assert!(page.text.contains("Rückruf &#60;i&#62;") && page.text.contains("/aufgaben/1/weg"), "{}", page.text);

        let day = place.get("/mein-tag", &cookie).await;
        assert!(day.text.contains("Heute") && day.text.contains("Mül&#60;b&#62;ler"), "{}", day.text);
        let done = place.post("/aufgaben/1/erledigt", &cookie, &[("csrf", &secret)]).await;
        let day = place.get(done.header("location"), &cookie).await;
        assert!(day.text.contains("Heute erledigt") && day.text.contains("/aufgaben/1/wieder"), "{}", day.text);
        place.post("/aufgaben/1/wieder", &cookie, &[("csrf", &secret)]).await;

        let item = place.get("/aufgaben/1", &cookie).await;
        assert!(item.text.contains(&format!("value=\"{today}\"")), "{}", item.text);
        let version =
            item.text.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let wrong =
            [("csrf", secret.as_str()), ("version", &version), ("title", " "), ("note", "bleibt"), ("time", "9")];
        let refused = place.post("/aufgaben/1", &cookie, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.text.contains("bleibt</textarea>") && refused.text.contains("Uhrzeit wie 14:30"),
            "{}",
            refused.text
        );
        let fields = [("csrf", secret.as_str()), ("version", "1"), ("title", "Später"), ("contact", &id)];
        let stale = place.post("/aufgaben/1", &cookie, &fields).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);
        assert!(stale.text.contains("value=\"Später\""), "{}", stale.text);
        let fields = [("csrf", secret.as_str()), ("version", &version), ("title", "Später"), ("contact", &id)];
        assert_eq!(place.post("/aufgaben/1", &cookie, &fields).await.status, StatusCode::SEE_OTHER);
        let day = place.get("/mein-tag", &cookie).await;
        assert!(day.text.contains("Ohne Termin"), "{}", day.text);
    }
}

#[tokio::test]
async fn what_was_typed_wrongly_stays_and_a_number_names_the_contact() {
    for place in Place::both().await {
        let (cookie, secret, _) = furnished(&place).await;
        let wrong = [("csrf", secret.as_str()), ("title", "Anruf"), ("number", "K-77"), ("note", "dringend <b>")];
        let refused = place.post("/mein-tag", &cookie, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let kept = ["Diesen Kontakt gibt es nicht", "value=\"K-77\"", "dringend &#60;b&#62;", "value=\"Anruf\""];
        assert!(kept.iter().all(|text| refused.text.contains(text)), "{}", refused.text);
        let right = [("csrf", secret.as_str()), ("title", "Anruf"), ("number", "K-1")];
        assert_eq!(place.post("/mein-tag", &cookie, &right).await.status, StatusCode::SEE_OTHER);
        place.hire("aylin@almara.example", "Aylin Demir", &[Role::Agent]).await;
        let aylin = place.sign_in("aylin@almara.example").await;
        let own = place.get("/mein-tag", &aylin).await.text;
        assert!(!own.contains("Anruf</a>"), "{own}");
        let all = place.get("/mein-tag?wer=alle", &aylin).await.text;
        assert!(all.contains("Anruf</a>") && all.contains("Jana Hoffmann"), "{all}");
        let theirs = place.post("/aufgaben/1/erledigt", &aylin, &[("csrf", &csrf(&own))]).await;
        assert_eq!(theirs.status, StatusCode::CONFLICT, "{}", theirs.text);
    }
}

#[tokio::test]
async fn a_calendar_program_reads_the_day_until_the_link_is_closed() {
    for place in Place::both().await {
        let (cookie, secret, _) = furnished(&place).await;
        let fields = [("csrf", secret.as_str()), ("title", "Anruf, Herr Groß; dringend"), ("day", "2026-12-24")];
        place.post("/mein-tag", &cookie, &fields).await;
        place.post("/mein-tag/kalender", &cookie, &[("csrf", &secret), ("aktion", "neu")]).await;
        let page = place.get("/mein-tag", &cookie).await.text;
        let link = page.split("http://localhost:8080/kalender/").nth(1).unwrap().split('"').next().unwrap();
        let link = format!("/kalender/{link}");
        let calendar = place.get(&link, "").await;
        assert_eq!(calendar.header("content-type"), "text/calendar; charset=utf-8");
        assert!(calendar.text.contains("SUMMARY:Anruf\\, Herr Groß\\; dringend\r\n"), "{}", calendar.text);
        assert!(calendar.text.contains("DUE;VALUE=DATE:20261224\r\n"), "{}", calendar.text);
        for wrong in [link.replace(".ics", ""), format!("{link}x"), "/kalender/AAAA.ics".to_owned()] {
            assert_eq!(place.get(&wrong, "").await.status, StatusCode::NOT_FOUND, "{wrong}");
        }
        place.post("/mein-tag/kalender", &cookie, &[("csrf", &secret), ("aktion", "zu")]).await;
        assert_eq!(place.get(&link, "").await.status, StatusCode::NOT_FOUND);
    }
}

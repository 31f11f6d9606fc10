//! Data protection at the door: a request from the phone to the answer, who may see what, and the link of a consent.

use super::furnished::{Place, csrf};
use axum::http::StatusCode;
use crm::{
    customers::{ContactDraft, create_contact},
    privacy::{erasure::Eraser, opt_in},
    staff::{Actor, Role},
};
use kernel::ContactId;

const PETRA: &str = "petra@almara.example";
const AYLIN: &str = "aylin@almara.example";

async fn thomas(place: &Place) -> ContactId {
    let unit = place.house.db.write().await.unwrap();
    let draft = ContactDraft {
        number: "K-4711".into(),
        first_name: "Thomas".into(),
        last_name: "Engel".into(),
        email: "t.engel@post.example".into(),
        ..ContactDraft::default()
    };
    let (now, today) = (place.house.now(), place.house.zone.day(place.house.now()));
    let made = create_contact(&unit, &Actor::system("test"), draft, now, today).await.unwrap();
    unit.save().await.unwrap();
    made.contact_id()
}

/// The data protection officer with her cookie and the secret of her forms.
async fn office(place: &Place) -> (String, String) {
    place.hire(PETRA, "Petra Sommer", &[Role::DataProtectionOfficer]).await;
    let cookie = place.sign_in(PETRA).await;
    let secret = csrf(&place.get("/verwaltung/datenschutz", &cookie).await.text);
    (cookie, secret)
}

#[tokio::test]
async fn a_call_becomes_a_request_and_the_request_an_erasure_with_its_protocol() {
    for place in Place::both().await {
        let id = thomas(&place).await;
        place.hire(AYLIN, "Aylin Demir", &[Role::Agent]).await;
        let aylin = place.sign_in(AYLIN).await;
        let form = format!("/kontakte/{id}/datenschutz");
        let secret = csrf(&place.get(&form, &aylin).await.text);
        let wanted = |received| {
            [
                ("csrf", secret.as_str()),
                ("kind", "erasure"),
                ("channel", "phone"),
                ("received", received),
                ("note", "bitte alles"),
            ]
        };
        let future = place.post(&form, &aylin, &wanted("2031-01-01")).await;
        assert_eq!(future.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(future.text.contains("liegt in der Zukunft") && future.text.contains("bitte alles"));
        assert_eq!(place.post(&form, &aylin, &wanted("2026-11-20")).await.status, StatusCode::SEE_OTHER);

        let (cookie, secret) = office(&place).await;
        let list = place.get("/verwaltung/datenschutz", &cookie).await.text;
        assert!(
            list.contains("Thomas Engel") && list.contains("Löschung (Art. 17)") && list.contains("noch 26 Tage"),
            "{list}"
        );
        let here = "/verwaltung/datenschutz/anfragen/1";
        let early = place.post(&format!("{here}/ausfuehren"), &cookie, &[("csrf", &secret)]).await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        place.post(&format!("{here}/identitaet"), &cookie, &[("csrf", &secret), ("how", "Rückruf")]).await;
        let acted = place.post(&format!("{here}/ausfuehren"), &cookie, &[("csrf", &secret)]).await;
        assert_eq!(acted.status, StatusCode::SEE_OTHER, "{}", acted.text);
        assert_eq!(place.get(&format!("/kontakte/{id}"), &aylin).await.status, StatusCode::FORBIDDEN);
        Eraser { caught: None }.erase(&place.house.db, &place.house.clock, 1, None).await.unwrap();
        assert_eq!(place.get(&format!("/kontakte/{id}"), &cookie).await.status, StatusCode::NOT_FOUND);
        let protocol = place.get("/verwaltung/datenschutz/loeschungen/1", &cookie).await.text;
        assert!(protocol.contains("Nichts mehr gefunden") && !protocol.contains("Engel"), "{protocol}");
        let outcome = [("csrf", secret.as_str()), ("outcome", "gelöscht")];
        place.post(&format!("{here}/abschluss"), &cookie, &outcome).await;
        let list = place.get("/verwaltung/datenschutz", &cookie).await.text;
        assert!(list.contains("gelöschte Person") && !list.contains("Engel"), "{list}");

        let secret = csrf(&place.get("/kontakte/neu", &aylin).await.text);
        let again = [("csrf", secret.as_str()), ("first_name", "Tom"), ("email", "t.engel@post.example")];
        let again = place.post("/kontakte/neu", &aylin, &again).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text.contains("verlangt, gelöscht zu werden"));
    }
}

#[tokio::test]
async fn only_data_protection_opens_its_pages() {
    for place in Place::both().await {
        let id = thomas(&place).await;
        let others = [Role::Administrator, Role::MarketingManager, Role::Agent, Role::Analyst, Role::SalesManager];
        place.hire(AYLIN, "Alle Anderen", &others).await;
        let (other, (cookie, secret)) = (place.sign_in(AYLIN).await, office(&place).await);
        let theirs = csrf(&place.get("/passwort", &other).await.text);
        let home = "/verwaltung/datenschutz";
        let mut pages = vec![home.to_owned()];
        pages.extend(
            ["einwilligungen", "fristen", "verzeichnis", "verzeichnis.csv"].map(|part| format!("{home}/{part}")),
        );
        pages.push(format!("{home}/person/{id}"));
        for page in &pages {
            assert_eq!(place.get(page, &other).await.status, StatusCode::FORBIDDEN, "{page}");
            let open = place.get(page, &cookie).await;
            assert_eq!(open.status, StatusCode::OK, "{page}: {}", open.text);
        }
        for deed in ["paket", "einschraenken", "freigeben", "halten", "loslassen", "loeschen"] {
            let path = format!("{home}/person/{id}/{deed}");
            let refused = place.post(&path, &other, &[("csrf", &theirs), ("reason", "x")]).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
            let nobody = place.post(&format!("{home}/person/999/{deed}"), &cookie, &[("csrf", &secret)]).await;
            assert!(matches!(nobody.status, StatusCode::NOT_FOUND | StatusCode::SEE_OTHER), "{deed}");
        }
        for file in ["1.zip", "x.zip", "../1"] {
            let path = format!("{home}/pakete/{file}");
            assert!(place.get(&path, &other).await.status.is_client_error(), "{path}");
        }
    }
}

#[tokio::test]
async fn a_scanner_that_opens_the_link_agrees_to_nothing() {
    for place in Place::both().await {
        let id = thomas(&place).await;
        let (cookie, secret) = office(&place).await;
        let texts = [
            ("csrf", secret.as_str()),
            ("purpose", "marketing"),
            ("channel", "email"),
            ("text_de", "Ja zu <b>Angeboten</b>"),
            ("text_en", "Yes"),
        ];
        let saved = place.post("/verwaltung/datenschutz/einwilligungen/wortlaut", &cookie, &texts).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let unit = place.house.db.write().await.unwrap();
        let (by, now) = (Actor::system("test"), place.house.now());
        let asked = opt_in::ask(&unit, &by, id, "marketing", "email", now).await.unwrap();
        unit.save().await.unwrap();
        let link = format!("/e/{}", place.house.seal.close_ids("opt-in", &[asked]));
        let confirmed = async || {
            let rows = place.house.db.read().await.unwrap();
            rows.number("SELECT COUNT(*) FROM consent WHERE granted = 1", vec![]).await.unwrap()
        };
        let page = place.get(&link, "").await;
        assert!(
            page.text.contains("Ja zu &#60;b&#62;Angeboten") && page.text.contains("Ja, ich stimme zu"),
            "{}",
            page.text
        );
        assert_eq!(confirmed().await, 0);
        assert_eq!(place.get(&format!("{link}x"), "").await.status, StatusCode::NOT_FOUND);
        let thanks = place.post(&link, "", &[]).await;
        assert!(thanks.text.contains("Vielen Dank"), "{}", thanks.text);
        assert_eq!(confirmed().await, 1);
    }
}

#[tokio::test]
async fn the_log_says_who_looked_and_can_be_asked() {
    for place in Place::both().await {
        let id = thomas(&place).await;
        place.hire(AYLIN, "Aylin Demir", &[Role::Agent]).await;
        let aylin = place.sign_in(AYLIN).await;
        for _ in 0..3 {
            assert_eq!(place.get(&format!("/kontakte/{id}"), &aylin).await.status, StatusCode::OK);
        }
        let (cookie, _) = office(&place).await;
        let log = place.get("/verwaltung/protokoll?person=K-4711&wer=Aylin+Demir&was=contact.seen", &cookie).await.text;
        assert_eq!(log.matches("Kontakt angesehen").count(), 1, "{log}");
        let file = place.get("/verwaltung/protokoll.csv?wer=Aylin+Demir", &cookie).await;
        assert!(
            file.header("content-disposition").contains("protokoll.csv") && file.text.contains("Kontakt angesehen")
        );
        let none = place.get("/verwaltung/protokoll?person=K-1", &cookie).await.text;
        assert!(!none.contains("Kontakt angesehen"));
    }
}

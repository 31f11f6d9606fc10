//! Contacts from signatures, mails and vCards, at the door.

use super::furnished::{Place, csrf};
use axum::http::StatusCode;
use crm::staff::Role;

const JANA: &str = "jana@almara.example";
const CARDS: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nEMAIL:ada@engine.example\r\nTEL:030 650138\r\nORG:Engine GmbH\r\n\
    END:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nN:Babbage;Charles;;;\r\nEMAIL:charles@engine.example\r\nEND:VCARD\r\n";

/// The value of a field of the form.
fn field<'a>(page: &'a str, name: &str) -> &'a str {
    let start = format!("name=\"{name}\"");
    let after = page.split(&start).nth(1).unwrap_or_else(|| panic!("{name}: {page}"));
    after.split("value=\"").nth(1).unwrap().split('"').next().unwrap()
}

#[tokio::test]
async fn of_several_cards_one_follows_the_other_and_colleagues_say_the_company() {
    for place in Place::both().await {
        place.hire(JANA, "Jana Hoffmann", &[Role::MarketingManager]).await;
        let cookie = place.sign_in(JANA).await;
        let secret = csrf(&place.get("/kontakte/karte", &cookie).await.text);
        let first = place.upload("/kontakte/karte", &cookie, &secret, "", "karten.vcf", CARDS.as_bytes()).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.text);
        assert_eq!(field(&first.text, "last_name"), "Lovelace");
        assert_eq!(field(&first.text, "phone"), "+49 30 650138");
        assert!(first.text.contains("Danach folgt noch eine Karte"), "{}", first.text);
        let rest = field(&first.text, "rest").replace("&#13;", "\r").replace("&#10;", "\n");
        let fields = [
            ("csrf", secret.as_str()),
            ("card", "1"),
            ("rest", rest.as_str()),
            ("last_name", "Lovelace"),
            ("first_name", "Ada"),
            ("email", "ada@engine.example"),
            ("phone", "030 650138"),
            ("company", "Engine GmbH"),
        ];
        let second = place.post("/kontakte/neu", &cookie, &fields).await;
        assert_eq!(second.status, StatusCode::OK, "{}", second.text);
        assert_eq!(field(&second.text, "last_name"), "Babbage");
        assert_eq!(field(&second.text, "company"), "Engine GmbH");
        let again = place.upload("/kontakte/karte", &cookie, &secret, "", "karten.vcf", CARDS.as_bytes()).await;
        assert!(again.text.contains("Gleiche E-Mail-Adresse"), "{}", again.text);
    }
}

#[tokio::test]
async fn what_names_nobody_is_said_so_and_who_may_not_enter_contacts_is_not_asked() {
    for place in Place::both().await {
        place.hire(JANA, "Jana Hoffmann", &[Role::MarketingManager]).await;
        let cookie = place.sign_in(JANA).await;
        let secret = csrf(&place.get("/kontakte/karte", &cookie).await.text);
        let nobody = place.upload("/kontakte/karte", &cookie, &secret, "", "x.txt", b"nur worte").await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nobody.text.contains("id=\"card-text-e\"") && nobody.text.contains("nur worte"), "{}", nobody.text);
        let evil = place
            .upload("/kontakte/karte", &cookie, &secret, "", "x.txt", b"<script>alert(1)</script> a@b.example")
            .await;
        assert!(!evil.text.contains("<script>alert"), "{}", evil.text);
        place.hire("analyst@almara.example", "Anna List", &[Role::Analyst]).await;
        let cookie = place.sign_in("analyst@almara.example").await;
        assert_eq!(place.get("/kontakte/karte", &cookie).await.status, StatusCode::FORBIDDEN);
    }
}

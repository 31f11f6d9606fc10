//! What a mail's addresses answer to people, mail programs and machines, without a login.

use crate::furnished::{Answer, Place};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use crm::planning::{Campaign, Content, Goal, Plan, links};
use kernel::{LinkId, MessageId, time::MINUTE};
use store::values;

const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36";

/// Paths of pixel, links and unsubscribe page of a mail to Ada.
pub struct Mail {
    pixel: String,
    links: Vec<String>,
    leave: String,
    preferences: String,
}

impl Place {
    pub async fn mailed(&self, language: &str) -> Mail {
        let (jana, now) = (self.test.jana(), self.house.now());
        let unit = self.house.db.write().await.unwrap();
        let body =
            "[A](https://shop.example/rhodos?b=1&a=ä) [B](https://shop.example/katalog.pdf#s12) [C](https://c.example)";
        let content = Content { subject: "Kreta".into(), body: body.into(), ..Content::default() };
        let campaign =
            Campaign::create(&unit, &jana, now, Plan::named("Frühling", Goal::Loyalty), content).await.unwrap();
        let contact = "INSERT INTO contact (number, kind, first_name, last_name, name_key, first_key, email, email_key, language, created_at, updated_at) \
             VALUES ('1', 'customer', 'Ada', 'L', 'l ada', 'ada', 'ada@kunde.example', 'ada@kunde.example', $1, 1, 1) RETURNING id";
        let contact = unit.insert(contact, values![language]).await.unwrap();
        let consent = "INSERT INTO consent (contact_id, channel, purpose, granted, source, wording, at, recorded_at) \
             VALUES ($1, 'email', 'marketing', 1, 'form', 'w', 1, 1)";
        unit.run(consent, values![contact]).await.unwrap();
        let message = "INSERT INTO message (campaign_id, step_id, contact_id, address, domain, state, due_at, sent_at) \
             VALUES ($1, $2, $3, 'ada@kunde.example', 'kunde.example', 'sent', 1, $4) RETURNING id";
        let binds = values![campaign.id.0, campaign.step.id.0, contact, now.0];
        let message = MessageId(unit.insert(message, binds).await.unwrap());
        let targets = links(&unit, campaign.step.id).await.unwrap();
        unit.save().await.unwrap();
        self.test.clock.forward(5 * MINUTE);
        let tokens = self.house.mailroom().tokens();
        let path = |url: String| url.strip_prefix("http://localhost:8080").unwrap().to_owned();
        Mail {
            pixel: path(tokens.pixel_url(message)),
            links: targets.iter().map(|link| path(tokens.click_url(message, LinkId(link.id)))).collect(),
            leave: path(tokens.unsubscribe_url(message)),
            preferences: path(tokens.preferences_url(message)),
        }
    }

    async fn ask(&self, method: Method, path: &str, body: &str) -> Answer {
        let request = Request::builder().method(method).uri(path).header(header::USER_AGENT, BROWSER);
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    async fn count(&self, sql: &str) -> i64 {
        self.house.db.read().await.unwrap().number(sql, values![]).await.unwrap()
    }
}

#[tokio::test]
async fn the_pixel_is_a_picture_nobody_keeps() {
    for place in Place::both().await {
        let mail = place.mailed("de").await;
        let answer = place.ask(Method::GET, &mail.pixel, "").await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "image/gif"));
        assert!(answer.header("cache-control").contains("no-store"));
        assert!(answer.text.starts_with("GIF89a"));
        assert_eq!(
            place.count("SELECT COUNT(*) FROM interaction WHERE kind = 'opened' AND verdict = 'human'").await,
            1
        );
    }
}

#[tokio::test]
async fn a_link_leads_exactly_where_it_was_meant_to_and_head_never_counts() {
    for place in Place::both().await {
        let mail = place.mailed("de").await;
        for (link, target) in mail.links.iter().zip([
            "https://shop.example/rhodos?b=1&a=%C3%A4",
            "https://shop.example/katalog.pdf#s12",
            "https://c.example",
        ]) {
            let answer = place.ask(Method::GET, link, "").await;
            assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, target));
            let answer = place.ask(Method::HEAD, &format!("{link}?url=https://evil.example"), "").await;
            assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, target));
        }
        assert_eq!(
            place.count("SELECT COUNT(*) FROM interaction WHERE kind = 'clicked' AND verdict = 'human'").await,
            3
        );
        assert_eq!(place.count("SELECT COUNT(*) FROM interaction WHERE verdict = 'machine'").await, 3);
    }
}

#[tokio::test]
async fn a_broken_or_foreign_seal_is_not_found_and_leaves_no_trace() {
    for place in Place::both().await {
        let mail = place.mailed("de").await;
        let token = mail.pixel.strip_prefix("/o/").unwrap().strip_suffix(".gif").unwrap();
        for path in [
            format!("/c/{token}"),
            format!("/u/{token}"),
            format!("/p/{token}"),
            format!("/o/x{token}.gif"),
            mail.links[0][..mail.links[0].len() - 2].to_owned(),
            "/c/AAAA".to_owned(),
            "/c/https:%2F%2Fevil.example".to_owned(),
        ] {
            let answer = place.ask(Method::GET, &path, "").await;
            assert_eq!((answer.status, answer.header("location")), (StatusCode::NOT_FOUND, ""), "{path}");
        }
        assert_eq!(place.ask(Method::POST, "/u/AAAA", "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(place.count("SELECT COUNT(*) FROM interaction").await, 0);
    }
}

#[tokio::test]
async fn looking_does_not_unsubscribe_one_click_does_and_it_can_be_taken_back() {
    for place in Place::both().await {
        let mail = place.mailed("de").await;
        let granted = "SELECT CAST(granted AS BIGINT) FROM consent WHERE current = 1";
        let looked = place.ask(Method::GET, &mail.leave, "").await;
        assert!(looked.text.contains("<button") && looked.text.contains("a…@kunde.example"), "{}", looked.text);
        assert_eq!(place.count(granted).await, 1);
        let left = place.ask(Method::POST, &mail.leave, "List-Unsubscribe=One-Click").await;
        assert_eq!((left.status, left.header("location"), left.header("set-cookie")), (StatusCode::OK, "", ""));
        assert_eq!(place.count(granted).await, 0);
        assert!(left.text.contains("Sie sind abgemeldet") && left.text.contains("value=\"zurueck\""));
        let back = place.ask(Method::POST, &mail.leave, "aktion=zurueck").await;
        assert!(back.text.contains("wieder angemeldet"), "{}", back.text);
        assert_eq!(place.count(granted).await, 1);
        assert_eq!(place.count("SELECT COUNT(*) FROM interaction WHERE kind = 'unsubscribed'").await, 1);
    }
}

#[tokio::test]
async fn the_page_speaks_the_language_of_the_person() {
    let place = Place::at(testkit::House::sqlite().await, "http://localhost:8080");
    let mail = place.mailed("en").await;
    let page = place.ask(Method::GET, &mail.leave, "").await;
    assert!(page.text.contains("<html lang=\"en\">") && page.text.contains("No more e-mails?"), "{}", page.text);
    assert_eq!(place.ask(Method::GET, "/u/test", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_own_page_asks_before_it_shows_and_keeps_what_was_typed() {
    for place in Place::both().await {
        let mail = place.mailed("de").await;
        let page = place.ask(Method::GET, &mail.preferences, "").await;
        assert!(page.text.contains("a…@kunde.example") && !page.text.contains("ada@kunde.example"), "{}", page.text);
        let sent = place.ask(Method::POST, &mail.preferences, "aktion=schicken").await;
        assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
        assert_eq!(place.count("SELECT COUNT(*) FROM confirmation_request WHERE state = 'asked'").await, 1);
        let again = place.ask(Method::POST, &mail.preferences, "aktion=schicken").await;
        assert_eq!((again.status, again.text.contains("den Link gleich")), (StatusCode::OK, true));

        let request = place.count("SELECT id FROM confirmation_request").await;
        let own = format!("/p/{}", place.house.seal.close_ids("preferences", &[request]));
        let page = place.ask(Method::GET, &own, "").await;
        assert!(page.text.contains("ada@kunde.example") && page.text.contains("value=\"Ada\""), "{}", page.text);
        let wrong = "aktion=speichern&version=1&country=Entenhausen&street=Weg+%3Cb%3E&note=Hallo";
        let refused = place.ask(Method::POST, &own, wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.text.contains("Weg &#60;b&#62;") && refused.text.contains("Hallo</textarea>"),
            "{}",
            refused.text
        );
        assert!(refused.text.contains("aria-invalid"), "{}", refused.text);
        let stale = place.ask(Method::POST, &own, "aktion=speichern&version=77&street=Weg").await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        let saved = place.ask(Method::POST, &own, "aktion=speichern&version=1&street=Neuer+Weg+1&country=DE").await;
        assert!(saved.text.contains("sind gespeichert") && saved.text.contains("Neuer Weg 1"), "{}", saved.text);
        assert_eq!(place.count("SELECT CAST(granted AS BIGINT) FROM consent WHERE current = 1").await, 0);
        let no_more = place.ask(Method::POST, &own, "aktion=widersprechen").await;
        assert!(no_more.text.contains("keine Werbung mehr"), "{}", no_more.text);
        assert_eq!(place.count("SELECT COUNT(*) FROM consent WHERE current = 1 AND granted = 0").await, 5);
        assert_eq!(place.ask(Method::GET, &format!("{own}x"), "").await.status, StatusCode::NOT_FOUND);
    }
}

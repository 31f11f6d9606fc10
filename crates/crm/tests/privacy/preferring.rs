//! Data that may be old, and the person who looks through it.

use super::{
    asking::asking,
    world::{TODAY, furnish, petra},
};
use crm::{
    Refusal, Trouble,
    customers::{
        self, AttributeKind, ContactDraft, MARKETING, attributes, create_contact, current_consent, find_contact,
    },
    execution::Tokens,
    privacy::{
        accuracy::{self, Detail, Doubt, OLD},
        opt_in,
        preferences::{self, AskConfirmation, Said, VALID},
        requests,
    },
};
use kernel::{ContactId, MessageId, time::DAY};
use std::{collections::BTreeMap, sync::Arc};
use store::values;
use testkit::{House, letterbox::Letterbox};

/// Asks somebody and answers the token of the link that was sent.
async fn asked(house: &House, contact: ContactId) -> String {
    let letters = Arc::new(Letterbox::default());
    let unit = house.db.write().await.unwrap();
    preferences::ask(&unit, &house.jana(), contact, house.now()).await.unwrap();
    unit.save().await.unwrap();
    let sender = AskConfirmation(asking(house, &letters));
    assert!(sender.send_next().await.unwrap() && !sender.send_next().await.unwrap());
    let text = letters.mails.lock().unwrap()[0].content.text.clone();
    text.split("/p/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
}

/// The address bounced once and takes mail again.
async fn reachable(house: &House) {
    let unit = house.db.write().await.unwrap();
    unit.run("DELETE FROM suppression", values![]).await.unwrap();
    unit.save().await.unwrap();
}

fn tokens(house: &House) -> Tokens {
    Tokens::new(house.seal.clone(), "https://crm.example")
}

#[tokio::test]
async fn a_person_corrects_confirms_and_chooses() {
    for house in House::both().await {
        let (one, _) = furnish(&house).await;
        reachable(&house).await;
        let now = house.now();
        let unit = house.db.write().await.unwrap();
        let own = attributes::AttributeDraft {
            key: "reiseart".into(),
            kind: AttributeKind::Text,
            label_de: "Liebste Reiseart".into(),
            purpose: "Passende Angebote".into(),
            basis: "consent".into(),
            ..attributes::AttributeDraft::default()
        };
        attributes::create_attribute(&unit, &house.jana(), own, now).await.unwrap();
        for channel in ["email", "letter"] {
            let texts = ["Ja zu Angeboten", "Yes to offers"];
            opt_in::word(&unit, &petra(), MARKETING, channel, texts, now).await.unwrap();
        }
        unit.save().await.unwrap();
        let token = asked(&house, one).await;
        let (seal, tokens) = (&house.seal, tokens(&house));
        let rows = house.db.read().await.unwrap();
        let shown = preferences::opened(&rows, seal, &tokens, &token, now).await.unwrap().unwrap();
        assert!(shown.personal && shown.answered_at.is_none() && shown.interests.len() == 1);
        let granted = |name: &str| shown.permissions.iter().find(|one| one.name() == name).map(|one| one.granted);
        assert_eq!(
            [granted("marketing.email"), granted("marketing.phone"), granted("marketing.letter")],
            [Some(true), Some(true), Some(false)]
        );
        assert!(preferences::opened(&rows, seal, &tokens, &token[1..], now).await.unwrap().is_none());
        assert!(preferences::opened(&rows, seal, &tokens, &token, now.plus(VALID)).await.unwrap().is_none());
        drop(rows);

        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let said = Said {
            version: shown.contact.version,
            fields: BTreeMap::from([field("street", "Neuer Weg 1"), field("email", "boese@fremd.example")]),
            interests: BTreeMap::from([field("reiseart", "Wandern"), field("fremd", "x")]),
            allowed: ["marketing.email", "marketing.letter", "marketing.web"].map(str::to_owned).into(),
            note: "Mein Geburtstag ist falsch".into(),
        };
        let unit = house.db.write().await.unwrap();
        let wrong = Said { fields: BTreeMap::from([field("country", "Entenhausen")]), ..said.clone() };
        let refused = preferences::answer(&unit, &shown, &wrong, "", &house.zone, now).await;
        assert!(matches!(refused, Err(Trouble::Refusal(Refusal::Invalid(_)))), "{refused:?}");
        drop(unit);
        let unit = house.db.write().await.unwrap();
        let old = Said { version: said.version - 1, ..said.clone() };
        let refused = preferences::answer(&unit, &shown, &old, "", &house.zone, now).await;
        assert!(matches!(refused, Err(Trouble::Refusal(Refusal::Stale))), "{refused:?}");
        drop(unit);
        let unit = house.db.write().await.unwrap();
        let later = now.plus(DAY);
        preferences::answer(&unit, &shown, &said, "198.51.100.7", &house.zone, later).await.unwrap();
        unit.save().await.unwrap();

        let rows = house.db.read().await.unwrap();
        let contact = find_contact(&rows, one).await.unwrap().unwrap();
        assert_eq!(contact.street.as_deref(), Some("Neuer Weg 1"));
        assert_eq!(contact.email.as_deref(), Some("t.engel@post.example"), "consents hang on the address");
        assert_eq!(contact.attributes.get("reiseart").map(String::as_str), Some("Wandern"));
        for (channel, granted) in [("email", 1), ("phone", 0), ("letter", 1)] {
            let held = current_consent(&rows, one, channel, MARKETING).await.unwrap().unwrap();
            assert_eq!((channel, held.granted), (channel, granted));
        }
        assert!(current_consent(&rows, one, "web", MARKETING).await.unwrap().is_none(), "nobody worded it");
        let letter = current_consent(&rows, one, "letter", MARKETING).await.unwrap().unwrap();
        assert_eq!((letter.source.as_str(), letter.wording.as_str()), ("preferences", "Ja zu Angeboten (v1)"));
        let standings = accuracy::standings(&rows, &contact, later).await.unwrap();
        assert!(standings.iter().all(|one| one.confirmed_by.as_deref() == Some("person") && one.said_at == later.0));
        let cause = |row: &crm::history::Past| row.field == "street" && row.cause == "person";
        let past = crm::history::of_record(&rows, crm::history::Subject::Contact(one.0), None, 50).await.unwrap();
        assert!(past.iter().any(cause));
        let open = rows.number(
            "SELECT COUNT(*) FROM privacy_request WHERE kind = 'rectification' AND channel = 'page' AND note LIKE '%Geburtstag%'",
            values![],
        );
        assert_eq!(open.await.unwrap(), 1);
        assert!(requests::CHANNELS.contains(&"page"));
    }
}

#[tokio::test]
async fn a_forwarded_mail_shows_nothing_and_gives_no_consent() {
    for house in House::both().await {
        let (one, _) = furnish(&house).await;
        reachable(&house).await;
        let (now, tokens) = (house.now(), tokens(&house));
        let rows = house.db.read().await.unwrap();
        let message = rows.number("SELECT MIN(id) FROM message WHERE contact_id = $1", values![one.0]).await.unwrap();
        drop(rows);
        let url = tokens.preferences_url(MessageId(message));
        let token = url.rsplit('/').next().unwrap().to_owned();
        let unit = house.db.write().await.unwrap();
        opt_in::word(&unit, &petra(), MARKETING, "letter", ["Ja", "Yes"], now).await.unwrap();
        let shown = preferences::opened(&unit, &house.seal, &tokens, &token, now).await.unwrap().unwrap();
        assert!(!shown.personal);
        let said = Said {
            version: shown.contact.version,
            fields: BTreeMap::from([("last_name".to_owned(), "Teufel".to_owned())]),
            allowed: ["marketing.letter"].map(str::to_owned).into(),
            note: "x".into(),
            ..Said::default()
        };
        preferences::answer(&unit, &shown, &said, "", &house.zone, now).await.unwrap();
        let done = preferences::opened(&unit, &house.seal, &tokens, &token, now).await.unwrap();
        assert!(done.unwrap().permissions.iter().all(|one| !one.granted), "taken away, none given");
        assert_eq!(find_contact(&unit, one).await.unwrap().unwrap().last_name, "Engel");
        preferences::ask_for_oneself(&unit, &shown, now).await.unwrap();
        assert!(preferences::ask(&unit, &house.jana(), one, now).await.is_err(), "asked already");
        preferences::object(&unit, &shown, now).await.unwrap();
        for channel in customers::CHANNELS {
            let held = current_consent(&unit, one, channel, MARKETING).await.unwrap().unwrap();
            assert_eq!((channel, held.granted), (channel, 0));
        }
    }
}

#[tokio::test]
async fn old_returned_and_bounced_details_are_doubted_until_somebody_confirms() {
    for house in House::both().await {
        let (now, jana) = (house.now(), house.jana());
        let unit = house.db.write().await.unwrap();
        let draft = ContactDraft {
            last_name: "Alt".into(),
            email: "alt@post.example".into(),
            phone: "+49 40 555777".into(),
            street: "Weg 1".into(),
            city: "Hamburg".into(),
            ..ContactDraft::default()
        };
        let contact = create_contact(&unit, &jana, draft, now, TODAY).await.unwrap();
        let id = contact.contact_id();
        let doubts = async |at| {
            let found = accuracy::standings(&unit, &contact, at).await.unwrap();
            found.into_iter().map(|one| one.doubt).collect::<Vec<_>>()
        };
        assert_eq!(doubts(now).await, [None; 3]);
        let late = now.plus(OLD + DAY);
        assert_eq!(doubts(late).await, [Some(Doubt::Old); 3]);
        accuracy::confirm(&unit, &jana, id, &[Detail::Phone], late).await.unwrap();
        assert_eq!(doubts(late).await, [Some(Doubt::Old), None, Some(Doubt::Old)]);
        let returned = "INSERT INTO interaction (occurred_at, received_at, contact_id, channel, kind, verdict) \
             VALUES ($1, $1, $2, 'letter', 'returned', 'human')";
        unit.run(returned, values![now.0 + DAY, id.0]).await.unwrap();
        let bounced = "INSERT INTO suppression (email_key, reason, at) VALUES ('alt@post.example', 'hard_bounce', 1)";
        unit.run(bounced, values![]).await.unwrap();
        let soon = now.plus(2 * DAY);
        assert_eq!(doubts(soon).await, [Some(Doubt::Bounced), None, Some(Doubt::Returned)]);
        accuracy::confirm(&unit, &jana, id, &Detail::ALL, soon).await.unwrap();
        assert_eq!(
            doubts(soon).await,
            [Some(Doubt::Bounced), None, None],
            "an address that bounces is not mended by words"
        );
        let refused = preferences::ask(&unit, &jana, id, soon).await;
        assert!(matches!(refused, Err(Trouble::Refusal(Refusal::State(_)))), "{refused:?}");
    }
}

use super::{
    asking::asking,
    world::{furnish, petra},
};
use crm::{
    customers::{self, MARKETING},
    privacy::opt_in::{self, AskConsent, VALID},
};
use kernel::time::DAY;
use std::sync::Arc;
use testkit::{House, letterbox::Letterbox};

#[tokio::test]
async fn only_the_button_gives_a_consent_and_the_proof_stays() {
    for house in House::both().await {
        let (one, _) = furnish(&house).await;
        let letters = Arc::new(Letterbox::default());
        let sender = AskConsent(asking(&house, &letters));
        let (now, jana) = (house.now(), house.jana());
        let unit = house.db.write().await.unwrap();
        customers::object(&unit, &jana, one, "nein", now).await.unwrap();
        assert!(opt_in::ask(&unit, &jana, one, MARKETING, "email", now).await.is_err(), "no wording yet");
        assert!(opt_in::word(&unit, &jana, MARKETING, "email", ["Ja?", "Yes?"], now).await.is_err(), "not her right");
        for texts in [["Erste Fassung", "First"], ["Ich möchte Angebote von Almara", "I want offers"]] {
            opt_in::word(&unit, &petra(), MARKETING, "email", texts, now).await.unwrap();
        }
        opt_in::ask(&unit, &jana, one, MARKETING, "email", now).await.unwrap();
        assert!(opt_in::ask(&unit, &jana, one, MARKETING, "email", now).await.is_err(), "asked already");
        unit.save().await.unwrap();
        assert!(sender.send_next().await.unwrap() && !sender.send_next().await.unwrap());

        let text = letters.mails.lock().unwrap()[0].content.text.clone();
        assert!(text.contains("Ich möchte Angebote von Almara"), "{text}");
        let token = text.split("/e/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let rows = house.db.read().await.unwrap();
        let seen = opt_in::opened(&rows, &house.seal, &token, now).await.unwrap().unwrap();
        assert_eq!((seen.version, seen.confirmed_at), (2, None));
        assert_eq!(opt_in::opened(&rows, &house.seal, &token[1..], now).await.unwrap(), None);
        let late = now.plus(VALID + DAY);
        assert_eq!(opt_in::opened(&rows, &house.seal, &token, late).await.unwrap(), None);
        let held = customers::current_consent(&rows, one, "email", MARKETING).await.unwrap().unwrap();
        assert_eq!(held.granted, 0, "looking at the page gives nothing");
        drop(rows);

        let unit = house.db.write().await.unwrap();
        for _ in 0..2 {
            opt_in::confirm(&unit, &house.seal, &token, "198.51.100.7", now).await.unwrap().unwrap();
        }
        unit.save().await.unwrap();
        let rows = house.db.read().await.unwrap();
        let held = customers::current_consent(&rows, one, "email", MARKETING).await.unwrap().unwrap();
        assert_eq!((held.granted, held.source.as_str()), (1, "double_opt_in"));
        assert_eq!(held.wording, "Ich möchte Angebote von Almara (v2)");
        let proof = opt_in::proofs(&rows, one).await.unwrap().remove(0);
        assert_eq!(proof.confirmed_from.as_deref(), Some("198.51.100.7"));
        assert_eq!((proof.asked_by.as_str(), proof.state.as_str()), ("Jana Hoffmann", "confirmed"));
    }
}

//! Finding anything from anywhere: what somebody remembers is enough, and nobody finds what they may not see.

use super::furnished::Place;
use crm::{
    customers::{Contact, ContactDraft, ContactPoint, archive_contacts, create_contact, edit_contact},
    history::Cause,
    staff::{Actor, Role},
};

const JANA: &str = "jana@almara.example";

async fn enter(place: &Place, draft: ContactDraft) -> Contact {
    let unit = place.house.db.write().await.unwrap();
    let (by, now) = (Actor::system("test"), place.house.now());
    let contact = create_contact(&unit, &by, draft, now, place.house.zone.day(now)).await.unwrap();
    unit.save().await.unwrap();
    contact
}

fn person(first: &str, last: &str) -> ContactDraft {
    ContactDraft { first_name: first.into(), last_name: last.into(), ..ContactDraft::default() }
}

/// Names of the hits, in their order.
async fn hits(place: &Place, cookie: &str, words: &str) -> Vec<String> {
    let words: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
    let answer = place.get(&format!("/suche?q={words}"), cookie).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let named = answer.text.split("<span>").skip(1);
    named.map(|rest| rest.split("</span>").next().unwrap().to_owned()).collect()
}

async fn furnished(place: &Place) -> String {
    place.hire(JANA, "Jana Hoffmann", &[Role::MarketingManager]).await;
    place.sign_in(JANA).await
}

#[tokio::test]
async fn whatever_somebody_remembers_is_enough() {
    for place in Place::both().await {
        let cookie = furnished(&place).await;
        enter(&place, ContactDraft { city: "Köln".into(), ..person("Beate", "Müller") }).await;
        place.house.finder.prepare().await.unwrap();
        // Saved after the index was made: known at once all the same.
        let reached = ContactDraft {
            email: "k.lindner@praxis-nord.example".into(),
            phone: "+49 (0)40 123456-78".into(),
            company: "Praxis Lindner".into(),
            number: "K4711".into(),
            ..person("Katharina", "Lindner")
        };
        enter(&place, reached).await;
        for words in ["Müller", "mueller", "Muller", "MÜL", "mulelr", "Beate Müler", "köln muller", "koeln beate"] {
            assert_eq!(hits(&place, &cookie, words).await, ["Beate Müller"], "{words}");
        }
        for words in [
            "040 1234",
            "+49 40 123456 78",
            "0049 40 / 12345678",
            "345678",
            "K4711",
            "k471",
            "lindner@praxis",
            "praxis-nord.ex",
            "lindner katharina",
            "Lindnre",
        ] {
            assert_eq!(hits(&place, &cookie, words).await[0], "Katharina Lindner", "{words}");
        }
        assert!(hits(&place, &cookie, "lindner").await.contains(&"Praxis Lindner".to_owned()), "the company, too");
        assert!(hits(&place, &cookie, "zzzzz").await.is_empty());
        assert!(hits(&place, &cookie, "0301111111").await.is_empty(), "a number with other digits is another number");
    }
}

#[tokio::test]
async fn further_ways_lead_to_somebody_until_they_are_taken_away() {
    let way = |what: &str, text: &str| ContactPoint { what: what.into(), text: text.into(), ..ContactPoint::default() };
    for place in Place::both().await {
        let cookie = furnished(&place).await;
        let ways = vec![way("email", "beate@nebenweg.example"), way("phone", "0171 9988776")];
        let beate = enter(&place, ContactDraft { points: ways, ..person("Beate", "Müller") }).await;
        place.house.finder.prepare().await.unwrap();
        let late = ContactDraft { points: vec![way("email", "emil@seitenweg.example")], ..person("Emil", "Vogel") };
        enter(&place, late).await;
        for (words, who) in [("nebenweg", "Beate Müller"), ("9988776", "Beate Müller"), ("seitenweg", "Emil Vogel")] {
            assert_eq!(hits(&place, &cookie, words).await, [who], "{words}");
        }
        let bare = ContactDraft { points: Vec::new(), ..ContactDraft::from(&beate) };
        let unit = place.house.db.write().await.unwrap();
        let (by, now) = (Actor::system("test"), place.house.now());
        let today = place.house.zone.day(now);
        edit_contact(&unit, &by, beate.contact_id(), beate.version, bare, now, today).await.unwrap();
        unit.save().await.unwrap();
        assert!(hits(&place, &cookie, "nebenweg").await.is_empty());
    }
}

#[tokio::test]
async fn who_is_meant_comes_before_who_is_like_it() {
    for place in Place::both().await {
        let cookie = furnished(&place).await;
        place.house.finder.prepare().await.unwrap();
        for last in ["Meyar", "Meyerhof", "Meyer"] {
            enter(&place, person("Ute", last)).await;
        }
        let found = hits(&place, &cookie, "meyer").await;
        assert_eq!(found, ["Ute Meyer", "Ute Meyerhof", "Ute Meyar"]);
    }
}

#[tokio::test]
async fn a_change_counts_at_once_and_who_is_gone_is_gone() {
    for place in Place::both().await {
        let cookie = furnished(&place).await;
        place.house.finder.prepare().await.unwrap();
        let before = enter(&place, person("Ines", "Wagner")).await;
        assert_eq!(hits(&place, &cookie, "wagner").await, ["Ines Wagner"]);
        let unit = place.house.db.write().await.unwrap();
        let (by, now) = (Actor::system("test"), place.house.now());
        let draft = ContactDraft { last_name: "Brandt".into(), ..ContactDraft::from(&before) };
        let today = place.house.zone.day(now);
        edit_contact(&unit, &by, before.contact_id(), before.version, draft, now, today).await.unwrap();
        unit.save().await.unwrap();
        assert!(hits(&place, &cookie, "wagner").await.is_empty());
        assert_eq!(hits(&place, &cookie, "brandt").await, ["Ines Brandt"]);
        let unit = place.house.db.write().await.unwrap();
        archive_contacts(&unit, &by, &[before.contact_id()], true, Cause::Form, now).await.unwrap();
        unit.save().await.unwrap();
        assert!(hits(&place, &cookie, "brandt").await.is_empty());
        assert_eq!(place.house.finder.people(), 0);
    }
}

#[tokio::test]
async fn each_finds_only_what_their_rights_open() {
    for place in Place::both().await {
        place.house.finder.prepare().await.unwrap();
        enter(&place, ContactDraft { company: "Importhaus Nord".into(), ..person("Ilse", "Importa") }).await;
        place.hire("sabine@almara.example", "Sabine Ritter", &[Role::Administrator]).await;
        let sabine = place.sign_in("sabine@almara.example").await;
        assert!(hits(&place, &sabine, "import").await.is_empty(), "neither people nor the page");
        assert_eq!(hits(&place, &sabine, "protokol").await, ["Protokoll"]);
        let jana = furnished(&place).await;
        let found = hits(&place, &jana, "import").await;
        for name in ["Import", "Ilse Importa", "Importhaus Nord"] {
            assert!(found.iter().any(|hit| hit == name), "{name}: {found:?}");
        }
        assert_eq!(hits(&place, &jana, "kontakt anlegn").await, ["Kontakt anlegen"]);
    }
}

#[tokio::test]
async fn what_was_opened_last_is_named_only_for_who_may_see_it() {
    for place in Place::both().await {
        let jana = furnished(&place).await;
        let id = enter(&place, person("Ines", "Wagner")).await.id;
        let latest = |id: i64| format!("/suche?zuletzt=kontakte/{id},kampagnen/99,fremd/1,kontakte/x");
        assert!(place.get(&latest(id), &jana).await.text.contains("Ines Wagner"));
        place.hire("sabine@almara.example", "Sabine Ritter", &[Role::Administrator]).await;
        let sabine = place.sign_in("sabine@almara.example").await;
        let answer = place.get(&latest(id), &sabine).await;
        assert!(answer.status == 200 && !answer.text.contains("Wagner"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_company_leads_to_its_people_and_its_papers() {
    for place in Place::both().await {
        let cookie = furnished(&place).await;
        place.house.finder.prepare().await.unwrap();
        let praxis = |first: &str| ContactDraft {
            company: "Praxis Lindner".into(),
            industry: "Gesundheit".into(),
            ..person(first, "Lindner")
        };
        let ada = enter(&place, praxis("Ada")).await;
        enter(&place, praxis("Bert")).await;
        let away = enter(&place, praxis("Cora")).await;
        let unit = place.house.db.write().await.unwrap();
        let by = Actor::system("test");
        archive_contacts(&unit, &by, &[away.contact_id()], true, Cause::Form, place.house.now()).await.unwrap();
        unit.save().await.unwrap();

        let found = place.get("/suche?q=praxis+lindner", &cookie).await;
        let href = found.text.split('"').find(|part| part.starts_with("/firmen/")).expect("the company").to_owned();
        let page = place.get(&href, &cookie).await;
        assert_eq!(page.status, 200, "{}", page.text);
        for shown in ["<h1>Praxis Lindner</h1>", "Gesundheit", "2 Kontakte", "Ada Lindner", "Bert Lindner"] {
            assert!(page.text.contains(shown), "{shown}: {}", page.text);
        }
        assert!(!page.text.contains("Cora"), "who is put away is not shown");
        assert!(page.text.contains(&format!("hx-get=\"{href}/dokumente\"")), "{}", page.text);
        let contact = place.get(&format!("/kontakte/{}", ada.id), &cookie).await;
        assert!(contact.text.contains(&format!("<a class=\"link\" href=\"{href}\">Praxis Lindner</a>")));
        let papers = place.get(&format!("{href}/dokumente"), &cookie).await;
        assert!(papers.text.contains(&format!("href=\"{href}\"")), "and back: {}", papers.text);
        assert_eq!(place.get("/firmen/999", &cookie).await.status, 404);

        place.hire("it@almara.example", "Ida Brandt", &[Role::Administrator]).await;
        let cookie = place.sign_in("it@almara.example").await;
        assert_eq!(place.get(&href, &cookie).await.status, 403, "contacts are not for everybody");
    }
}

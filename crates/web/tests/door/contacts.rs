//! Contacts in the browser: found, turned page by page, entered, changed by two at once.

use super::furnished::{Answer, Place, csrf};
use axum::http::StatusCode;
use crm::{
    customers::{ContactDraft, create_contact},
    staff::{Actor, Role},
};
use std::collections::BTreeSet;

const JANA: &str = "jana@almara.example";
const EVIL: &str = "<script>alert(1)</script>";

async fn enter(place: &Place, draft: ContactDraft) -> i64 {
    let unit = place.house.db.write().await.unwrap();
    let (by, now) = (Actor::system("test"), place.house.now());
    let contact = create_contact(&unit, &by, draft, now, place.house.zone.day(now)).await.unwrap();
    unit.save().await.unwrap();
    contact.id
}

async fn furnished(place: &Place) -> (String, String) {
    place.hire(JANA, "Jana Hoffmann", &[Role::MarketingManager]).await;
    let cookie = place.sign_in(JANA).await;
    let page = place.get("/kontakte/neu", &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let secret = csrf(&page.text);
    (cookie, secret)
}

fn leads_to(answer: &Answer) -> &str {
    answer.headers["location"].to_str().unwrap()
}

fn listed(page: &str) -> Vec<String> {
    let rows = page.split("<span><a href=\"/kontakte/").skip(1);
    rows.map(|row| row.split('"').next().unwrap().to_owned()).collect()
}

fn address_of_more(page: &str) -> Option<String> {
    let link = page.split("<a class=\"btn ghost block\" href=\"").nth(1)?;
    Some(link.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&"))
}

#[tokio::test]
async fn a_name_is_found_however_it_is_spelt() {
    for place in Place::both().await {
        let (cookie, _) = furnished(&place).await;
        for (first, last) in [("Beate", "Müller"), ("Emil", "Vogel")] {
            let draft = ContactDraft { first_name: first.into(), last_name: last.into(), ..ContactDraft::default() };
            enter(&place, draft).await;
        }
        for search in ["mueller", "M%C3%BCll", "beate+mueller"] {
            let found = place.get(&format!("/kontakte?q={search}"), &cookie).await;
            assert_eq!(listed(&found.text).len(), 1, "{search}: {}", found.text);
            assert!(found.text.contains("Beate Müller"));
            let palette = place.get(&format!("/suche?q={search}"), &cookie).await;
            assert!(palette.text.contains("Beate Müller") && !palette.text.contains("Vogel"), "{}", palette.text);
        }
        let nobody = place.get("/kontakte?q=zzz", &cookie).await;
        assert!(listed(&nobody.text).is_empty() && nobody.text.contains("Niemand passt dazu"));
    }
}

#[tokio::test]
async fn turning_the_pages_shows_everybody_exactly_once() {
    for place in Place::both().await {
        let (cookie, _) = furnished(&place).await;
        for number in 0..120 {
            let country = if number % 2 == 0 { "DE" } else { "AT" };
            let last_name = format!("Name{}", number / 3);
            enter(&place, ContactDraft { last_name, country: country.into(), ..ContactDraft::default() }).await;
        }
        for (list, all) in [
            ("/kontakte", 120),
            ("/kontakte?sort=seit", 120),
            ("/kontakte?sort=letzte", 120),
            ("/kontakte?land=AT", 60),
        ] {
            let (mut seen, mut next) = (Vec::new(), Some(list.to_owned()));
            while let Some(address) = next {
                let page = place.get(&address, &cookie).await;
                assert_eq!(page.status, StatusCode::OK, "{address}");
                seen.extend(listed(&page.text));
                next = address_of_more(&page.text);
            }
            assert_eq!(seen.len(), all, "{list}");
            assert_eq!(seen.into_iter().collect::<BTreeSet<_>>().len(), all, "{list}");
        }
        assert_eq!(place.get("/kontakte/anzahl?land=AT", &cookie).await.text.trim(), "60");
    }
}

#[tokio::test]
async fn a_script_in_a_field_is_only_text() {
    for place in Place::both().await {
        let (cookie, _) = furnished(&place).await;
        let evil = || EVIL.to_owned();
        let draft = ContactDraft {
            title: evil(),
            first_name: evil(),
            last_name: evil(),
            phone: evil(),
            street: evil(),
            city: evil(),
            company: evil(),
            industry: evil(),
            source: evil(),
            ..ContactDraft::default()
        };
        let id = enter(&place, draft).await;
        let pages = [
            "/kontakte".to_owned(),
            format!("/kontakte/{id}"),
            format!("/kontakte/{id}/bearbeiten"),
            "/suche?q=%3Cscript".to_owned(),
        ];
        for path in pages {
            let page = place.get(&path, &cookie).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(!page.text.contains("<script>alert"), "{path}: {}", page.text);
            assert!(page.text.contains("script"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_contact_is_entered_and_what_does_not_fit_is_said_beside_its_field() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let wrong = [
            ("csrf", secret.as_str()),
            ("last_name", "Kessler"),
            ("email", "marlene@"),
            ("budget", "viel"),
            ("country", "Atlantis"),
        ];
        let answer = place.post("/kontakte/neu", &cookie, &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            answer.text.contains("id=\"budget-e\"") && answer.text.contains("value=\"marlene@\""),
            "{}",
            answer.text
        );
        let wrong =
            [("csrf", secret.as_str()), ("last_name", "Kessler"), ("email", "marlene@"), ("country", "Atlantis")];
        let answer = place.post("/kontakte/neu", &cookie, &wrong).await;
        assert!(answer.text.contains("id=\"email-e\"") && answer.text.contains("id=\"country-e\""), "{}", answer.text);
        let right =
            [("csrf", secret.as_str()), ("last_name", "Kessler"), ("country", "Österreich"), ("budget", "1.234,50")];
        let entered = place.post("/kontakte/neu", &cookie, &right).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
        let page = place.get(entered.header("location"), &cookie).await;
        assert!(page.text.contains("Kessler") && page.text.contains("Österreich"));
        let home = entered.header("location").split('?').next().unwrap().to_owned();
        let form = place.get(&format!("{home}/bearbeiten"), &cookie).await;
        assert!(form.text.contains("value=\"1.234,50\""), "{}", form.text);
    }
}

#[tokio::test]
async fn two_who_change_one_contact_both_see_what_the_other_wrote() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let id =
            enter(&place, ContactDraft { last_name: "Kessler".into(), city: "Ulm".into(), ..ContactDraft::default() })
                .await;
        let path = format!("/kontakte/{id}/bearbeiten");
        let change = |city: &'static str, version: &'static str| {
            [
                ("csrf", secret.clone()),
                ("last_name", "Kessler".into()),
                ("kind", "prospect".into()),
                ("city", city.into()),
                ("version", version.into()),
            ]
        };
        let post = |fields: [(&'static str, String); 5]| {
            let (place, path, cookie) = (&place, &path, &cookie);
            async move {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                place.post(path, cookie, &fields).await
            }
        };
        assert_eq!(post(change("Köln", "1")).await.status, StatusCode::SEE_OTHER);
        let late = post(change("Bonn", "1")).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text.contains("Köln") && late.text.contains("value=\"Bonn\""), "{}", late.text);
        assert!(late.text.contains("name=\"version\" value=\"2\""));
        assert_eq!(post(change("Bonn", "2")).await.status, StatusCode::SEE_OTHER);
        assert!(place.get(&format!("/kontakte/{id}"), &cookie).await.text.contains("Bonn"));
    }
}

#[tokio::test]
async fn a_consent_is_written_down_with_its_wording_and_withdrawn() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let id = enter(&place, ContactDraft { last_name: "Kessler".into(), ..ContactDraft::default() }).await;
        let path = format!("/kontakte/{id}/einwilligung");
        let say = |granted: &'static str, wording: &'static str| {
            [
                ("csrf", secret.as_str()),
                ("channel", "email"),
                ("purpose", "marketing"),
                ("granted", granted),
                ("wording", wording),
            ]
        };
        assert_eq!(place.post(&path, &cookie, &say("1", " ")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        place.post(&path, &cookie, &say("1", "Ja, gern Angebote.")).await;
        let allowed = place.get("/kontakte?email=ja", &cookie).await;
        assert_eq!(listed(&allowed.text), [id.to_string()]);
        assert!(place.get(&format!("/kontakte/{id}"), &cookie).await.text.contains("Ja, gern Angebote."));
        place.post(&path, &cookie, &say("0", "Doch nicht.")).await;
        assert!(listed(&place.get("/kontakte?email=ja", &cookie).await.text).is_empty());
        assert_eq!(listed(&place.get("/kontakte?email=nein", &cookie).await.text), [id.to_string()]);
    }
}

#[tokio::test]
async fn a_call_is_noted_on_the_record_by_whoever_may() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let id = enter(&place, ContactDraft { last_name: "Kessler".into(), ..ContactDraft::default() }).await;
        let path = format!("/kontakte/{id}/anruf");
        let say = |kind: &'static str, text: &str| {
            let fields = [("csrf", secret.as_str()), ("kind", kind), ("text", text)];
            fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        let post = async |fields: [(String, String); 3]| {
            let fields = fields.each_ref().map(|(name, value)| (name.as_str(), value.as_str()));
            place.post(&path, &cookie, &fields).await
        };
        let long = "ä".repeat(300);
        for wrong in [say("clicked", "kein Anruf"), say("shouted", ""), say("call_in", &long)] {
            assert_eq!(post(wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let record = format!("/kontakte/{id}");
        assert!(!place.get(&record, &cookie).await.text.contains("kein Anruf"));
        let noted = post(say("call_out", "Möchte <b>Kreta</b> im Mai")).await;
        assert_eq!(noted.header("location"), format!("{record}?da=anruf#verlauf"));
        let page = place.get(&format!("{record}?da=anruf"), &cookie).await;
        for shown in ["Anruf festgehalten", "Angerufen", "Möchte &#60;b&#62;Kreta"] {
            assert!(page.text.contains(shown), "{shown}: {}", page.text);
        }
        assert!(place.get(&format!("{record}?kanal=phone"), &cookie).await.text.contains("Kreta"));

        place.hire("petra@almara.example", "Petra Sommer", &[Role::DataProtectionOfficer]).await;
        let cookie = place.sign_in("petra@almara.example").await;
        let page = place.get(&record, &cookie).await;
        assert!(page.text.contains("Kreta") && !page.text.contains("Anruf notieren"), "she reads and writes nothing");
    }
}

#[tokio::test]
async fn an_administrator_sees_no_contact() {
    for place in Place::both().await {
        let id = enter(&place, ContactDraft { last_name: "Kessler".into(), ..ContactDraft::default() }).await;
        place.hire("sabine@almara.example", "Sabine Ritter", &[Role::Administrator]).await;
        let cookie = place.sign_in("sabine@almara.example").await;
        for path in [
            "/kontakte".to_owned(),
            "/kontakte/anzahl".to_owned(),
            format!("/kontakte/{id}"),
            format!("/kontakte/{id}/bearbeiten"),
            "/postfang".to_owned(),
        ] {
            let page = place.get(&path, &cookie).await;
            assert!([StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&page.status), "{path}");
            assert!(!page.text.contains("Kessler"), "{path}");
        }
        let palette = place.get("/suche?q=kessler", &cookie).await;
        assert!(!palette.text.contains("Kessler"), "the palette knows pages for everybody, people for some");
    }
}

#[tokio::test]
async fn an_address_that_names_no_record_is_a_page_that_is_not_there() {
    for place in Place::both().await {
        let (cookie, _) = furnished(&place).await;
        for path in ["/kontakte/abc", "/kontakte/1.5", "/kampagnen/abc", "/kampagnen/x/auswertung", "/segmente/%20"] {
            assert_eq!(place.get(path, &cookie).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}

#[tokio::test]
async fn a_change_is_shown_with_both_values_and_taken_back_from_the_toast() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let draft = ContactDraft { last_name: "Vogel".into(), city: "Bonn".into(), ..ContactDraft::default() };
        let id = enter(&place, draft).await;
        let number = format!("N{id}");
        let form = [
            ("csrf", secret.as_str()),
            ("version", "1"),
            ("kind", "customer"),
            ("number", &number),
            ("last_name", EVIL),
            ("city", "Köln"),
        ];
        let saved = place.post(&format!("/kontakte/{id}/bearbeiten"), &cookie, &form).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let page = place.get(leads_to(&saved), &cookie).await;
        let undo = page.text.split("action=\"/kontakte/aenderungen/").nth(1).unwrap().split('"').next().unwrap();
        let past = place.get(&format!("/kontakte/{id}/aenderungen"), &cookie).await;
        assert!(past.text.contains("Bonn") && past.text.contains("Köln") && past.text.contains("Interessent"));
        assert!(!past.text.contains(EVIL), "what people wrote is never markup");

        let back = place.post(&format!("/kontakte/aenderungen/{undo}"), &cookie, &[("csrf", &secret)]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
        let page = place.get(leads_to(&back), &cookie).await;
        assert!(page.text.contains("Bonn") && page.text.contains("Änderung zurückgenommen"), "{}", page.text);
        let twice = place.post(&format!("/kontakte/aenderungen/{undo}"), &cookie, &[("csrf", &secret)]).await;
        assert!(twice.text.contains("schon rückgängig"), "{}", twice.text);
        let nothing = place.post("/kontakte/aenderungen/99999/zurueck", &cookie, &[("csrf", &secret)]).await;
        assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn further_ways_are_typed_beside_the_main_ones_and_what_is_wrong_stands_beside_its_row() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let form = |until| {
            [
                ("csrf", secret.as_str()),
                ("last_name", "Lindner"),
                ("kind", "customer"),
                ("email", "k@lindner.example"),
                ("point.0.what", "email"),
                ("point.0.kind", "work"),
                ("point.0.text", "k@praxis.example"),
                ("point.1.what", "phone"),
                ("point.1.kind", "mobile"),
                ("point.1.text", ""),
                ("point.2.what", "address"),
                ("point.2.kind", "temporary"),
                ("point.2.street", "Strandweg 5"),
                ("point.2.city", "Sylt"),
                ("point.2.valid_until", until),
            ]
        };
        let wrong = place.post("/kontakte/neu", &cookie, &form("irgendwann")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("ist kein Tag") && wrong.text.contains("Strandweg 5"), "{}", wrong.text);
        assert!(wrong.text.contains("name=\"point.1.street\""), "the empty row between them is gone");
        let made = place.post("/kontakte/neu", &cookie, &form("2027-08-31")).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let page = place.get(leads_to(&made), &cookie).await;
        for said in ["E-Mail, beruflich", "k@praxis.example", "Strandweg 5", "bis 31.08.2027", "Anschrift im Brief"] {
            assert!(page.text.contains(said), "{said}: {}", page.text);
        }
        let home = leads_to(&made).split('?').next().unwrap().to_owned();
        // The other address finds them, too.
        let palette = place.get("/suche?q=k@praxis", &cookie).await;
        assert!(palette.text.contains("Lindner"), "{}", palette.text);
        let edit = place.get(&format!("{home}/bearbeiten"), &cookie).await;
        assert!(edit.text.contains("value=\"k@praxis.example\""));
        let past = place.get(&format!("{home}/aenderungen"), &cookie).await;
        assert_eq!(past.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn somebody_is_found_tied_and_untied_with_a_way_back() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let ada = enter(&place, ContactDraft { last_name: "Lindner".into(), ..ContactDraft::default() }).await;
        let draft = ContactDraft { first_name: EVIL.into(), last_name: "Brenner".into(), ..ContactDraft::default() };
        let bo = enter(&place, draft).await;
        let search = place.get(&format!("/kontakte/{ada}/verbindungen?q=brenn"), &cookie).await;
        assert!(search.text.contains("value=\"household\"") && !search.text.contains(EVIL), "{}", search.text);
        let nobody = place.get(&format!("/kontakte/{ada}/verbindungen?q=lindner"), &cookie).await;
        assert!(nobody.text.contains("Niemand passt dazu"), "oneself is not offered");
        let (mine, theirs) = (ada.to_string(), bo.to_string());
        let form = [("csrf", secret.as_str()), ("other", theirs.as_str()), ("tie", "household")];
        let tied = place.post(&format!("/kontakte/{ada}/verbindungen"), &cookie, &form).await;
        assert_eq!(tied.status, StatusCode::SEE_OTHER, "{}", tied.text);
        let page = place.get(&format!("/kontakte/{bo}"), &cookie).await;
        assert!(page.text.contains("Lindner") && page.text.contains("Haushalt"), "seen from the other side");
        let link = leads_to(&tied).split("verbindung=").nth(1).unwrap().split('#').next().unwrap().to_owned();
        let form = [("csrf", secret.as_str())];
        let away = place.post(&format!("/kontakte/{bo}/verbindungen/{link}/weg"), &cookie, &form).await;
        let toast = place.get(leads_to(&away).split('#').next().unwrap(), &cookie).await;
        assert!(toast.text.contains(&format!("/kontakte/{bo}/verbindungen/{link}/zurueck")), "{}", toast.text);
        let back = place.post(&format!("/kontakte/{bo}/verbindungen/{link}/zurueck"), &cookie, &form).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER);
        let ties = format!("/kontakte/{ada}/verbindungen");
        for (path, other, tie) in [
            (ties.clone(), mine.as_str(), "household"),
            (ties.clone(), "999", "household"),
            (ties.clone(), theirs.as_str(), "enemy"),
            (format!("{ties}/999/weg"), "", ""),
        ] {
            let form = [("csrf", secret.as_str()), ("other", other), ("tie", tie)];
            let refused = place.post(&path, &cookie, &form).await;
            assert!(refused.status.is_client_error(), "{path} {other} {tie}: {}", refused.status);
        }
    }
}

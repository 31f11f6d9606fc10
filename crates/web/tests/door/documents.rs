//! Documents at the door: attached, shown without anything of them running, refused in words, and a record that opens although its
//! store is away.

use super::furnished::{Answer, Place, csrf};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use crm::{
    customers::{ContactDraft, create_contact},
    documents::{Cabinet, Linked},
    staff::Role,
};
use std::sync::Arc;
use testkit::drawer::Drawer;

const JANA: &str = "jana@almara.example";
const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\nendobj\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";

struct Office {
    place: Place,
    own: Arc<Drawer>,
    theirs: Arc<Drawer>,
    cookie: String,
    secret: String,
    /// Path of a contact.
    ada: String,
}

impl Office {
    async fn both() -> Vec<Self> {
        let mut offices = Vec::new();
        for mut place in Place::both().await {
            let (own, theirs) = (Arc::new(Drawer::default()), Arc::new(Drawer::default()));
            let linked = Some(Linked { name: Arc::from("Altes Archiv"), repository: theirs.clone() });
            let cabinet = Cabinet { own: own.clone(), linked, largest: 50_000 };
            place.house = place.house.clone().with_cabinet(cabinet);
            place.router = web::router(place.house.clone());
            place.hire(JANA, "Jana Hoffmann", &[Role::MarketingManager]).await;
            let cookie = place.sign_in(JANA).await;
            let unit = place.house.db.write().await.unwrap();
            let draft =
                ContactDraft { first_name: "Ada".into(), last_name: "Lovelace".into(), ..ContactDraft::default() };
            let now = place.house.now();
            let today = place.house.zone.day(now);
            let ada = create_contact(&unit, &place.test.jana(), draft, now, today).await.unwrap();
            unit.save().await.unwrap();
            let ada = format!("/kontakte/{}", ada.id);
            let secret = csrf(&place.get(&ada, &cookie).await.text);
            offices.push(Self { place, own, theirs, cookie, secret, ada });
        }
        offices
    }

    fn home(&self) -> String {
        format!("{}/dokumente", self.ada)
    }

    async fn get(&self, path: &str) -> Answer {
        self.place.get(path, &self.cookie).await
    }

    async fn upload(&self, name: &str, file: &[u8]) -> Answer {
        self.place.upload(&self.home(), &self.cookie, &self.secret, "", name, file).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", self.secret.as_str())];
        all.extend(fields);
        self.place.post(path, &self.cookie, &all).await
    }

    /// A fragment as htmx asks for it.
    async fn panel(&self) -> Answer {
        let request = Request::get(self.home()).header(header::COOKIE, &self.cookie).header("hx-request", "true");
        self.place.send(request.body(Body::empty()).unwrap()).await
    }
}

#[tokio::test]
async fn a_document_is_attached_shown_renamed_removed_and_brought_back() {
    for office in Office::both().await {
        let page = office.get(&office.ada).await;
        assert!(page.text.contains(&format!("hx-get=\"{}\" hx-trigger=\"load\"", office.home())), "{}", page.text);
        let sent = office.upload("C:\\Daten\\Angebot Kreta.pdf", PDF).await;
        assert_eq!(
            (sent.status, sent.header("location")),
            (StatusCode::SEE_OTHER, &*format!("{}?da=neu", office.home()))
        );
        let panel = office.panel().await;
        assert!(panel.text.starts_with("<section class=\"panel\" id=\"dokumente\""), "{}", panel.text);
        assert!(panel.text.contains("Angebot Kreta.pdf") && panel.text.contains("PDF · "), "{}", panel.text);

        let page = office.get("/dokumente/1").await;
        assert!(page.text.contains("<iframe class=\"doc-frame\""), "{}", page.text);
        let shown = office.get("/dokumente/1/inhalt?version=1").await;
        assert_eq!((shown.status, shown.header("content-type")), (StatusCode::OK, "application/pdf"));
        assert_eq!(
            (shown.header("x-content-type-options"), shown.header("content-disposition")),
            ("nosniff", "inline")
        );
        assert!(shown.header("content-security-policy").starts_with("default-src 'none'; object-src 'self'"));
        let file = office.get("/dokumente/1/datei").await;
        assert!(file.header("content-disposition").starts_with("attachment; filename=\"Angebot Kreta.pdf\""));
        assert!(file.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
        assert_eq!(file.header("content-length"), PDF.len().to_string());

        let renamed = office.post("/dokumente/1/name", &[("name", "Angebot 2027.pdf")]).await;
        assert_eq!(renamed.header("location"), "/dokumente/1?da=name");
        let empty = office.post("/dokumente/1/name", &[("name", "\u{200b}")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text.contains("Bitte geben Sie dem Dokument einen Namen."), "{}", empty.text);

        let removed = office.post("/dokumente/1/entfernen", &[]).await;
        let after = office.get(removed.header("location")).await;
        assert!(after.text.contains("„Angebot 2027.pdf“ entfernt.") && after.text.contains("/dokumente/1/zurueck"));
        assert!(after.text.contains("Noch keine Dokumente."));
        let back = office.post("/dokumente/1/zurueck", &[]).await;
        assert_eq!(back.header("location"), format!("{}#dokumente", office.ada));
        assert!(office.panel().await.text.contains("Angebot 2027.pdf"));
        let gone = office.get("/dokumente/99").await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn versions_are_kept_and_a_picture_is_shown_in_its_place() {
    for office in Office::both().await {
        office.upload("Foto.png", PNG).await;
        let mut other = PNG.to_vec();
        other.push(7);
        let (cookie, secret) = (&office.cookie, &office.secret);
        let sent = office.place.upload("/dokumente/1/version", cookie, secret, "", "neu.png", &other).await;
        assert_eq!(sent.header("location"), "/dokumente/1?da=version", "{}", sent.text);
        let same = office.place.upload("/dokumente/1/version", cookie, secret, "", "neu.png", &other).await;
        assert_eq!(same.status, StatusCode::CONFLICT);
        assert!(same.text.contains("Genau diese Datei ist schon die neueste Version."));
        let page = office.get("/dokumente/1?version=1").await;
        assert!(page.text.contains("src=\"/dokumente/1/inhalt?version=1\"") && page.text.contains("Version 2"));
        let first = office.get("/dokumente/1/inhalt?version=1").await;
        assert!(first.header("content-security-policy").starts_with("sandbox;"));
        assert_eq!(first.header("content-type"), "image/png");
        assert_eq!(office.get("/dokumente/1?version=3").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_drawing_with_a_script_is_never_shown_and_goes_out_without_a_kind() {
    for office in Office::both().await {
        for name in ["bild.png", "bild.svg", "seite.html"] {
            office.upload(name, SVG).await;
        }
        for id in 1..=3 {
            let page = office.get(&format!("/dokumente/{id}")).await;
            assert!(page.text.contains("zeigt der Browser nicht sicher an") && !page.text.contains("/inhalt"));
            let shown = office.get(&format!("/dokumente/{id}/inhalt")).await;
            assert_eq!(shown.status, StatusCode::CONFLICT);
            assert!(!shown.text.contains("<script>alert"));
            let file = office.get(&format!("/dokumente/{id}/datei")).await;
            assert_eq!(file.header("content-type"), "application/octet-stream");
            assert!(file.header("content-disposition").starts_with("attachment;"));
        }
    }
}

#[tokio::test]
async fn what_is_not_taken_is_said_beside_the_file_and_leaves_nothing() {
    for office in Office::both().await {
        for (name, file, said) in [
            ("rechnung.pdf", &b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0"[..], "Programme und Skripte"),
            ("gross.txt", &[b'a'; 60_000], "höchstens 1 MB"),
            ("leer.pdf", b"", "Die Datei ist leer."),
            ("", b"", "Bitte wählen Sie eine Datei."),
        ] {
            let refused = office.upload(name, file).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert!(refused.text.contains(said), "{name}: {}", refused.text);
        }
        // What its head says already is refused before it is read.
        let told = Request::post(office.home())
            .header(header::COOKIE, &office.cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=grenze")
            .header(header::CONTENT_LENGTH, "250000")
            .header("x-csrf-token", &office.secret);
        let much = office.place.send(told.body(Body::empty()).unwrap()).await;
        assert_eq!(much.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(much.text.contains("Das ist zu viel auf einmal"), "{}", much.text);
        assert!(office.own.paths().is_empty());
        let waiting = std::fs::read_dir(office.place.test.folder().join("uploads")).unwrap().count();
        assert_eq!(waiting, 0);
        let forged = office.place.upload(&office.home(), &office.cookie, "falsch", "", "a.pdf", PDF).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn the_record_opens_while_the_store_is_away_and_says_so() {
    for office in Office::both().await {
        office.upload("Angebot.pdf", PDF).await;
        office.own.shut();
        assert_eq!(office.get(&office.ada).await.status, StatusCode::OK);
        let panel = office.panel().await;
        assert_eq!(panel.status, StatusCode::OK);
        assert!(panel.text.contains("Der Dokumentenspeicher antwortet gerade nicht"), "{}", panel.text);
        assert!(panel.text.contains("Angebot.pdf"), "the list needs no store");
        let page = office.get("/dokumente/1").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("antwortet gerade nicht") && !page.text.contains("<iframe"));
        for path in ["/dokumente/1/inhalt", "/dokumente/1/datei"] {
            let away = office.get(path).await;
            assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
            assert!(away.text.contains("Der Dokumentenspeicher antwortet gerade nicht."), "{}", away.text);
        }
        let refused = office.upload("Zweites.pdf", PDF).await;
        assert!(refused.text.contains("„Zweites.pdf“: Der Dokumentenspeicher antwortet gerade nicht."));
        office.own.reopen();
        assert_eq!(office.get("/dokumente/1/datei").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn files_of_the_linked_store_are_listed_opened_and_linked() {
    for office in Office::both().await {
        office.theirs.lay("Kunden/Vertrag.pdf", PDF);
        office.theirs.lay("Kunden/<b>böse.svg", SVG);
        let top = office.get("/dokumente/speicher?zu=contact-1").await;
        assert!(top.text.contains("pfad=Kunden") && top.text.contains("Altes Archiv"), "{}", top.text);
        let folder = office.get("/dokumente/speicher?zu=contact-1&pfad=Kunden").await;
        assert!(folder.text.contains("Vertrag.pdf") && !folder.text.contains("<b>böse"), "{}", folder.text);
        let seen = office.get("/dokumente/speicher/datei?zu=contact-1&pfad=Kunden%2FVertrag.pdf").await;
        assert_eq!((seen.status, seen.header("content-type")), (StatusCode::OK, "application/pdf"));
        let drawing = office.get("/dokumente/speicher/datei?zu=contact-1&pfad=Kunden%2F%3Cb%3Eb%C3%B6se.svg").await;
        assert!(drawing.header("content-disposition").starts_with("attachment;"));
        let link = [("zu", "contact-1"), ("pfad", "Kunden/Vertrag.pdf")];
        let linked = office.post("/dokumente/speicher", &link).await;
        assert_eq!(linked.header("location"), format!("{}?da=verknuepft", office.home()), "{}", linked.text);
        let again = office.post("/dokumente/speicher", &link).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(again.text.contains("„Vertrag.pdf“ ist hier schon verknüpft."));
        assert!(office.panel().await.text.contains("verknüpft"));
        let nowhere = office.get("/dokumente/speicher?zu=contact-1&pfad=..%2F..").await;
        assert!(nowhere.text.contains("In diesem Ordner liegt nichts.") || nowhere.status == StatusCode::CONFLICT);
        for strange in ["", "?zu=contact-999", "?zu=planet-1", "?zu=contact-x"] {
            assert_eq!(office.get(&format!("/dokumente/speicher{strange}")).await.status, StatusCode::NOT_FOUND);
        }
        office.theirs.shut();
        let away = office.get("/dokumente/speicher?zu=contact-1").await;
        assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(away.text.contains("antwortet gerade nicht"), "{}", away.text);
    }
}

#[tokio::test]
async fn only_who_may_see_the_record_gets_its_documents() {
    for office in Office::both().await {
        office.upload("Angebot.pdf", PDF).await;
        let place = &office.place;
        for (login, role, sees, changes) in [
            ("sabine@almara.example", Role::Administrator, false, false),
            ("nora@almara.example", Role::Analyst, false, false),
            ("dsb@almara.example", Role::DataProtectionOfficer, true, false),
            ("aylin@almara.example", Role::Agent, true, true),
        ] {
            place.hire(login, "Wer", &[role]).await;
            let cookie = place.sign_in(login).await;
            let secret = csrf(&place.get("/passwort", &cookie).await.text);
            let expected = if sees { StatusCode::OK } else { StatusCode::FORBIDDEN };
            for path in [&*office.home(), "/dokumente/1", "/dokumente/1/inhalt", "/dokumente/1/datei"] {
                assert_eq!(place.get(path, &cookie).await.status, expected, "{role:?} {path}");
            }
            let expected = if changes { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(place.get("/dokumente/speicher?zu=contact-1", &cookie).await.status, expected, "{role:?}");
            if !changes {
                for path in ["/dokumente/1/name", "/dokumente/1/entfernen", "/dokumente/1/zurueck"] {
                    let form = [("csrf", secret.as_str()), ("name", "x")];
                    assert_eq!(place.post(path, &cookie, &form).await.status, StatusCode::FORBIDDEN, "{role:?} {path}");
                }
                for path in [&*office.home(), "/dokumente/1/version"] {
                    let sent = place.upload(path, &cookie, &secret, "", "x.pdf", PDF).await;
                    assert_eq!(sent.status, StatusCode::FORBIDDEN, "{role:?} {path}");
                }
                let link = [("csrf", secret.as_str()), ("zu", "contact-1"), ("pfad", "x.pdf")];
                assert_eq!(place.post("/dokumente/speicher", &cookie, &link).await.status, StatusCode::FORBIDDEN);
            }
        }
        assert_eq!(
            place.get("/dokumente/1/datei", "").await.status,
            StatusCode::SEE_OTHER,
            "a stranger signs in first"
        );
        let panel = place.get(&office.home(), &place.sign_in("dsb@almara.example").await).await;
        assert!(!panel.text.contains("type=\"file\"") && !panel.text.contains("entfernen"), "{}", panel.text);
    }
}

#[tokio::test]
async fn programs_list_attach_download_and_remove() {
    for office in Office::both().await {
        let place = &office.place;
        let token = place.token(&[Role::SalesRepresentative]).await;
        let bearer = format!("Bearer {token}");
        let send = |path: String, bytes: &'static [u8]| {
            let request = Request::post(path).header(header::AUTHORIZATION, &bearer);
            place.send(request.header(header::CONTENT_TYPE, "application/pdf").body(Body::from(bytes)).unwrap())
        };
        let made = send("/api/v1/contacts/1/documents?name=Angebot.pdf".into(), PDF).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let id = made.json()["id"].as_i64().unwrap();
        assert_eq!((&made.json()["content_type"], &made.json()["version"]), (&"application/pdf".into(), &1.into()));
        let list = place.call("GET", "/api/v1/contacts/1/documents", &token, "").await;
        assert_eq!(list.json()["items"][0]["name"], "Angebot.pdf");
        let file = place.call("GET", &format!("/api/v1/documents/{id}/content"), &token, "").await;
        assert!(file.header("content-disposition").starts_with("attachment;") && file.text.starts_with("%PDF"));
        let refused = send("/api/v1/contacts/1/documents?name=x.exe".into(), PDF).await;
        assert_eq!(
            (refused.status, &refused.json()["errors"][0]["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &"program".into())
        );
        static MUCH: [u8; 60_000] = [b'a'; 60_000];
        let much = send("/api/v1/contacts/1/documents?name=x.txt".into(), &MUCH).await;
        assert_eq!((much.status, &much.json()["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &"too_large".into()));
        assert_eq!(send("/api/v1/contacts/99/documents".into(), PDF).await.status, StatusCode::NOT_FOUND);
        assert_eq!(send("/api/v1/campaigns/1/documents".into(), PDF).await.status, StatusCode::FORBIDDEN);
        office.own.shut();
        let away = place.call("GET", &format!("/api/v1/documents/{id}/content"), &token, "").await;
        assert_eq!((away.status, &away.json()["code"]), (StatusCode::SERVICE_UNAVAILABLE, &"away".into()));
        let gone = place.call("DELETE", &format!("/api/v1/documents/{id}"), &token, "").await;
        assert!(gone.status == StatusCode::OK && gone.json()["removed_at"].is_string(), "{}", gone.text);
        let list = place.call("GET", "/api/v1/contacts/1/documents", &token, "").await;
        assert_eq!(list.json()["items"].as_array().unwrap().len(), 0);
    }
}

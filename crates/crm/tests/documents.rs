//! Documents of a record: taken in, kept in versions, removed and brought back, linked, and erased with everything they leave.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::{
    Refusal, Trouble,
    customers::{ContactDraft, create_contact},
    documents::{
        self, Cabinet, Document, Linked, Opened, Purpose, Subject, SubjectKind, Sweep, Upload, attach, find, open,
        remove, rename, renew, restore, versions,
    },
    staff::audit,
};
use kernel::{
    DocumentId, Timestamp,
    time::{DAY, HOUR},
};
use std::{path::PathBuf, sync::Arc};
use testkit::{House, drawer::Drawer};

const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\nAngebot\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// A house with a cabinet, and one contact in it.
struct Room {
    house: House,
    own: Arc<Drawer>,
    theirs: Arc<Drawer>,
    cabinet: Cabinet,
    ada: Subject,
}

impl Room {
    async fn both() -> Vec<Self> {
        let mut rooms = Vec::new();
        for house in House::both().await {
            let (own, theirs) = (Arc::new(Drawer::default()), Arc::new(Drawer::default()));
            let linked = Some(Linked { name: Arc::from("Altes Archiv"), repository: theirs.clone() });
            let cabinet = Cabinet { own: own.clone(), linked, largest: 100_000 };
            let unit = house.db.write().await.unwrap();
            let draft = ContactDraft { last_name: "Lovelace".into(), ..ContactDraft::default() };
            let today = house.zone.day(house.now());
            let ada = create_contact(&unit, &house.jana(), draft, house.now(), today).await.unwrap();
            unit.save().await.unwrap();
            let ada = Subject::new(SubjectKind::Contact, ada.id);
            rooms.push(Self { house, own, theirs, cabinet, ada });
        }
        rooms
    }

    fn file(&self, bytes: &[u8]) -> PathBuf {
        let path = self.house.folder().join("upload");
        std::fs::write(&path, bytes).unwrap();
        path
    }

    async fn attach(&self, name: &str, bytes: &[u8]) -> Result<Document, Trouble> {
        let file = self.file(bytes);
        let upload = Upload { name, file: &file };
        attach(&self.house.db, &self.cabinet, &self.house.jana(), self.ada, upload, self.house.now()).await
    }

    async fn renew(&self, id: DocumentId, bytes: &[u8]) -> Result<Document, Trouble> {
        let file = self.file(bytes);
        let upload = Upload { name: "egal.pdf", file: &file };
        renew(&self.house.db, &self.cabinet, &self.house.jana(), id, upload, self.house.now()).await
    }

    async fn open(&self, id: DocumentId, version: Option<i64>, purpose: Purpose) -> Result<Opened, Trouble> {
        let (db, jana, now) = (&self.house.db, self.house.jana(), self.house.now());
        open(db, &self.cabinet, &jana, id, version, purpose, now).await.map(|(_, opened)| opened)
    }

    async fn listed(&self) -> Vec<Document> {
        documents::of(&self.house.db.read().await.unwrap(), &self.house.jana(), self.ada).await.unwrap()
    }

    /// What the log says was done, the newest first.
    async fn deeds(&self) -> Vec<String> {
        let entries =
            audit::entries(&self.house.db.read().await.unwrap(), &audit::Filter::default(), None, 50).await.unwrap();
        entries.into_iter().map(|entry| entry.action).filter(|action| action.starts_with("document.")).collect()
    }

    async fn number(&self, sql: &str) -> i64 {
        self.house.db.read().await.unwrap().number(sql, Vec::new()).await.unwrap()
    }

    /// Lets the task work until it rests.
    async fn sweep(&self) {
        let (db, clock, cabinet) = (self.house.db.clone(), self.house.clock.clone(), self.cabinet.clone());
        let task = Sweep { db, clock, cabinet };
        while task.once().await.unwrap() {}
    }
}

async fn bytes(mut opened: Opened) -> Vec<u8> {
    let mut bytes = opened.head;
    while let Some(piece) = opened.rest.next().await.unwrap() {
        bytes.extend(piece);
    }
    assert_eq!(bytes.len() as u64, opened.size);
    bytes
}

fn code(trouble: Trouble) -> String {
    match trouble {
        Trouble::Refusal(Refusal::Invalid(complaints)) => complaints[0].code.to_owned(),
        Trouble::Refusal(Refusal::State(sentence) | Refusal::Away(sentence)) => sentence.key.into_owned(),
        Trouble::Refusal(other) => other.to_string(),
        Trouble::Fault(fault) => panic!("{fault}"),
    }
}

fn refused<T>(answer: Result<T, Trouble>) -> String {
    match answer {
        Ok(_) => panic!("not refused"),
        Err(trouble) => code(trouble),
    }
}

#[tokio::test]
async fn an_offer_is_attached_looked_at_corrected_and_its_first_version_stays() {
    for room in Room::both().await {
        let offer = room.attach("Angebot Kreta.pdf", PDF).await.unwrap();
        assert_eq!((offer.name.as_str(), offer.content_type.as_str()), ("Angebot Kreta.pdf", "application/pdf"));
        assert_eq!((offer.size, offer.current, offer.added_by.as_str()), (PDF.len() as i64, 1, "Jana Hoffmann"));
        let id = offer.document_id();
        let mut corrected = PDF.to_vec();
        corrected.extend(b"% Preis berichtigt\n".repeat(5_000));
        let second = room.renew(id, &corrected).await.unwrap();
        assert_eq!((second.current, second.name.as_str()), (2, "Angebot Kreta.pdf"));
        assert_eq!(bytes(room.open(id, None, Purpose::Look).await.unwrap()).await, corrected);
        assert_eq!(bytes(room.open(id, Some(1), Purpose::Download).await.unwrap()).await, PDF);
        assert_eq!(refused(room.open(id, Some(3), Purpose::Look).await), "not found");
        assert_eq!(refused(room.renew(id, &corrected).await), "documents-same");

        // The first content again is a version of its own, and lies there once.
        room.renew(id, PDF).await.unwrap();
        assert_eq!(room.own.paths().len(), 2);
        let all = versions(&room.house.db.read().await.unwrap(), id).await.unwrap();
        assert_eq!(all.iter().map(|version| version.number).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!(all[0].path, all[2].path);
        assert!(all.iter().all(|version| version.path.is_ascii() && !version.path.contains("Kreta")));
        let deeds = room.deeds().await;
        assert_eq!(
            deeds,
            ["document.renewed", "document.downloaded", "document.viewed", "document.renewed", "document.added"]
        );
        assert_eq!(room.number("SELECT COUNT(*) FROM document_loose").await, 0);
    }
}

#[tokio::test]
async fn what_is_removed_can_be_brought_back_for_thirty_days_and_is_then_gone_with_its_bytes() {
    for room in Room::both().await {
        let (jana, id) = (room.house.jana(), room.attach("Foto.png", PNG).await.unwrap().document_id());
        let gone = room.attach("Notiz.txt", b"Ruft zurueck").await.unwrap().document_id();
        for id in [id, gone] {
            let unit = room.house.db.write().await.unwrap();
            remove(&unit, &jana, id, room.house.now()).await.unwrap();
            unit.save().await.unwrap();
        }
        assert!(room.listed().await.is_empty());
        assert_eq!(refused(room.renew(id, PDF).await), "documents-removed");
        room.sweep().await;
        assert_eq!(room.own.paths().len(), 2, "what was removed just now stays");

        let unit = room.house.db.write().await.unwrap();
        let back = restore(&unit, &jana, id, room.house.now()).await.unwrap();
        unit.save().await.unwrap();
        assert_eq!((back.removed_at, back.removed_by), (None, None));
        room.house.clock.forward(documents::KEPT_DAYS * DAY);
        room.sweep().await;
        assert_eq!(room.listed().await.len(), 1);
        assert_eq!(room.own.paths().len(), 1, "{:?}", room.own.paths());
        let missing = find(&room.house.db.read().await.unwrap(), &jana, gone).await;
        assert_eq!(refused(missing), "not found");
        assert_eq!(room.number("SELECT COUNT(*) FROM document_loose").await, 0);
    }
}

#[tokio::test]
async fn a_store_that_is_away_loses_nothing_and_leaves_nothing_half() {
    for room in Room::both().await {
        let offer = room.attach("Angebot.pdf", PDF).await.unwrap();
        room.own.shut();
        assert_eq!(refused(room.attach("Zweites.pdf", PNG).await), "documents-store-away");
        assert_eq!(refused(room.open(offer.document_id(), None, Purpose::Look).await), "documents-store-away");
        assert_eq!(room.listed().await.len(), 1, "the list needs no store");
        assert_eq!(room.number("SELECT COUNT(*) FROM document_loose").await, 1);
        room.house.clock.forward(3 * HOUR);
        room.sweep().await;
        assert_eq!(room.number("SELECT COUNT(*) FROM document_loose").await, 1, "it is tried again later");
        room.own.reopen();
        room.sweep().await;
        assert_eq!(room.number("SELECT COUNT(*) FROM document_loose").await, 0);
        assert_eq!(bytes(room.open(offer.document_id(), None, Purpose::Look).await.unwrap()).await, PDF);
    }
}

#[tokio::test]
async fn bytes_of_a_process_that_died_before_the_row_are_swept() {
    for room in Room::both().await {
        // What is in the database and the store when the process dies between the two.
        let unit = room.house.db.write().await.unwrap();
        let due = room.house.now().plus(2 * HOUR).0;
        let sql = "INSERT INTO document_loose (path, due_at) VALUES ($1, $2)";
        unit.run(sql, store::values!["2026-11/orphan", due]).await.unwrap();
        unit.save().await.unwrap();
        room.own.lay("2026-11/orphan", PDF);
        room.sweep().await;
        assert_eq!(room.own.paths(), ["2026-11/orphan"], "perhaps it is still being laid there");
        room.house.clock.forward(2 * HOUR);
        room.sweep().await;
        assert!(room.own.paths().is_empty());
    }
}

#[tokio::test]
async fn what_is_no_document_is_refused_and_leaves_nothing() {
    for room in Room::both().await {
        for (name, content, why) in [
            ("rechnung.pdf", &b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0"[..], "program"),
            ("rechnung.pdf.exe", PDF, "program"),
            ("leer.pdf", b"", "empty"),
            ("daten.bin", b"\0\x01\x02\x03", "unknown_kind"),
            ("gross.txt", &[b'a'; 100_001], "too_large"),
        ] {
            assert_eq!(refused(room.attach(name, content).await), why, "{name}");
        }
        assert!(room.own.paths().is_empty() && room.listed().await.is_empty());
        let drawing =
            room.attach("bild.png", b"<svg onload=\"alert(1)\" xmlns=\"http://www.w3.org/2000/svg\"/>").await.unwrap();
        assert_eq!(drawing.content_type, "image/svg+xml");
        assert_eq!(refused(room.open(drawing.document_id(), None, Purpose::Look).await), "documents-no-preview");
        room.open(drawing.document_id(), None, Purpose::Download).await.unwrap();
        let odd = room.attach("../../etc/rechnung\u{202e}fdp.png", PNG).await.unwrap();
        assert_eq!(odd.name, "rechnungfdp.png");
    }
}

#[tokio::test]
async fn names_are_changed_and_an_empty_one_is_refused() {
    for room in Room::both().await {
        let (jana, id) = (room.house.jana(), room.attach("scan0001.pdf", PDF).await.unwrap().document_id());
        let unit = room.house.db.write().await.unwrap();
        let renamed = rename(&unit, &jana, id, " Reisepass\u{200b}.pdf ", room.house.now()).await.unwrap();
        assert_eq!(renamed.name, "Reisepass.pdf");
        assert_eq!(refused(rename(&unit, &jana, id, "\u{202e}..", room.house.now()).await), "required");
        unit.save().await.unwrap();
        assert_eq!(room.listed().await[0].name, "Reisepass.pdf");
    }
}

#[tokio::test]
async fn a_file_of_another_store_is_listed_linked_and_opened_where_it_lies() {
    for room in Room::both().await {
        room.theirs.lay("Kunden/Lovelace/Vertrag.pdf", PDF);
        room.theirs.lay("Kunden/Lovelace/setup.exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0");
        let (db, cabinet, jana, now) = (&room.house.db, &room.cabinet, room.house.jana(), room.house.now());
        let folder = documents::browse(cabinet, &jana, room.ada, "Kunden").await.unwrap();
        assert_eq!((folder.entries[0].name.as_str(), folder.entries[0].folder), ("Lovelace", true));
        let path = "Kunden/Lovelace/Vertrag.pdf";
        let contract = documents::link(db, cabinet, &jana, room.ada, path, now).await.unwrap();
        assert!(contract.is_linked());
        assert_eq!(refused(documents::link(db, cabinet, &jana, room.ada, path, now).await), "documents-linked-already");
        let program = documents::link(db, cabinet, &jana, room.ada, "Kunden/Lovelace/setup.exe", now).await;
        assert_eq!(refused(program), "program");
        let nothing = documents::link(db, cabinet, &jana, room.ada, "Kunden/nichts.pdf", now).await;
        assert_eq!(refused(nothing), "documents-bytes-missing");
        assert_eq!(refused(room.renew(contract.document_id(), PNG).await), "documents-linked-elsewhere");

        // Somebody puts something else there: what lies there now decides what may be shown.
        room.theirs.lay(path, b"<script>alert(1)</script>");
        assert_eq!(refused(room.open(contract.document_id(), None, Purpose::Look).await), "documents-no-preview");
        room.theirs.shut();
        assert_eq!(refused(room.open(contract.document_id(), None, Purpose::Look).await), "documents-store-away");
        room.theirs.reopen();

        let unit = db.write().await.unwrap();
        documents::erase_all(&unit, &jana, room.ada, now).await.unwrap();
        unit.save().await.unwrap();
        room.sweep().await;
        assert_eq!(room.theirs.paths().len(), 2, "a store of others is only read");
        let gone = Cabinet { linked: None, ..cabinet.clone() };
        assert_eq!(refused(documents::browse(&gone, &jana, room.ada, "").await), "not found");
    }
}

#[tokio::test]
async fn everything_of_a_person_is_given_and_erased_also_what_was_removed() {
    for room in Room::both().await {
        let jana = room.house.jana();
        let secret = room.attach("Ada Lovelace Pass.png", PNG).await.unwrap().document_id();
        let offer = room.attach("Angebot.pdf", PDF).await.unwrap().document_id();
        room.renew(offer, b"neu").await.unwrap();
        let unit = room.house.db.write().await.unwrap();
        remove(&unit, &jana, secret, room.house.now()).await.unwrap();
        unit.save().await.unwrap();
        let all = documents::everything(&room.house.db.read().await.unwrap(), &jana, room.ada).await.unwrap();
        assert_eq!(all.iter().map(|(_, versions)| versions.len()).collect::<Vec<_>>(), [1, 2]);

        let unit = room.house.db.write().await.unwrap();
        assert_eq!(documents::erase_all(&unit, &jana, room.ada, room.house.now()).await.unwrap(), 2);
        unit.save().await.unwrap();
        room.sweep().await;
        assert!(room.own.paths().is_empty(), "{:?}", room.own.paths());
        for table in ["document", "document_version", "document_loose"] {
            assert_eq!(room.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
        let told = "SELECT COUNT(*) FROM audit_entry WHERE detail LIKE '%Lovelace%' OR detail LIKE '%Angebot%'";
        assert_eq!(room.number(told).await, 0, "the log names documents by number");
    }
}

#[tokio::test]
async fn whoever_may_not_see_the_record_sees_no_document_of_it() {
    for room in Room::both().await {
        let (aylin, sabine, now) = (room.house.aylin(), room.house.sabine(), room.house.now());
        let id = room.attach("Angebot.pdf", PDF).await.unwrap().document_id();
        let (db, cabinet) = (&room.house.db, &room.cabinet);
        let no = |answer: Result<(), Trouble>| matches!(answer, Err(Trouble::Refusal(Refusal::Right(_))));
        assert!(no(documents::of(&db.read().await.unwrap(), &sabine, room.ada).await.map(drop)));
        assert!(no(find(&db.read().await.unwrap(), &sabine, id).await.map(drop)));
        assert!(no(open(db, cabinet, &sabine, id, None, Purpose::Download, now).await.map(drop)));
        assert!(no(documents::browse(cabinet, &sabine, room.ada, "").await.map(drop)));
        let file = room.file(PDF);
        let upload = Upload { name: "x.pdf", file: &file };
        assert!(no(attach(db, cabinet, &sabine, room.ada, upload, now).await.map(drop)));
        assert!(no(renew(db, cabinet, &sabine, id, upload, now).await.map(drop)));
        let unit = db.write().await.unwrap();
        assert!(no(remove(&unit, &sabine, id, now).await.map(drop)));
        assert!(no(rename(&unit, &sabine, id, "x", now).await.map(drop)));
        assert!(no(restore(&unit, &sabine, id, now).await.map(drop)));
        drop(unit);
        // An agent works with contacts and not with campaigns.
        attach(db, cabinet, &aylin, room.ada, upload, now).await.unwrap();
        let campaign = Subject::new(SubjectKind::Campaign, 1);
        assert!(no(attach(db, cabinet, &aylin, campaign, upload, now).await.map(drop)));
        let nobody = Subject::new(SubjectKind::Contact, 999);
        assert_eq!(refused(attach(db, cabinet, &aylin, nobody, upload, now).await), "not found");
        assert_eq!(room.deeds().await.len(), 2);
        assert!(Timestamp(room.listed().await[0].added_at) == now);
    }
}

use super::world::{TODAY, furnish, petra};
use crm::{
    Refusal, Trouble, customers,
    documents::{self, Cabinet, Subject, SubjectKind, Upload},
    privacy::{
        package::{self, KEPT, Packer},
        requests::{self, NewRequest, Request, RequestKind},
    },
};
use kernel::{ContactId, Locale, time::DAY};
use std::{io::Read, sync::Arc};
use store::{Batch, values};
use testkit::{House, drawer::Drawer};

fn wanted(contact: ContactId, kind: RequestKind) -> NewRequest {
    NewRequest { contact, kind, channel: "email".into(), received: TODAY, note: "bitte".into() }
}

async fn taken(house: &House, contact: ContactId, kind: RequestKind) -> i64 {
    let unit = house.db.write().await.unwrap();
    let new = wanted(contact, kind);
    let id = requests::take_in(&unit, &house.aylin(), &new, &house.zone, house.now()).await.unwrap();
    unit.save().await.unwrap();
    id
}

async fn found(house: &House, id: i64) -> Request {
    requests::find(&house.db.read().await.unwrap(), &petra(), id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_request_has_a_month_and_two_more_with_a_reason() {
    for house in House::both().await {
        let (one, _) = furnish(&house).await;
        let id = taken(&house, one, RequestKind::Erasure).await;
        let request = found(&house, id).await;
        assert_eq!(house.zone.day(kernel::Timestamp(request.due_at - 1)).to_string(), "2026-12-24");
        let unit = house.db.write().await.unwrap();
        let (now, petra) = (house.now(), petra());
        assert!(requests::check_identity(&unit, &house.jana(), id, "x", now).await.is_err(), "not her right");
        let early = requests::act(&unit, &petra, id, &house.clock).await;
        assert!(matches!(early, Err(Trouble::Refusal(Refusal::State(_)))), "identity first");
        requests::check_identity(&unit, &petra, id, "Rückruf", now).await.unwrap();
        assert!(requests::extend(&unit, &petra, id, " ", &house.zone, now).await.is_err(), "without a reason");
        requests::extend(&unit, &petra, id, "viele Daten", &house.zone, now).await.unwrap();
        assert!(requests::extend(&unit, &petra, id, "noch mehr", &house.zone, now).await.is_err(), "once");
        requests::act(&unit, &petra, id, &house.clock).await.unwrap();
        assert!(requests::close(&unit, &petra, id, true, "", now).await.is_err(), "a refusal needs a reason");
        requests::close(&unit, &petra, id, false, "gelöscht", now).await.unwrap();
        unit.save().await.unwrap();
        let request = found(&house, id).await;
        assert_eq!(house.zone.day(kernel::Timestamp(request.due_at - 1)).to_string(), "2027-02-24");
        assert_eq!((request.state.as_str(), request.handled_by.as_str()), ("done", "Petra Sommer"));
        let rows = house.db.read().await.unwrap();
        assert_eq!(rows.number("SELECT COUNT(*) FROM job WHERE kind = 'erase_contact'", vec![]).await.unwrap(), 1);
        assert!(requests::open(&rows, &petra, 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_objection_holds_on_every_channel_at_once() {
    for house in House::both().await {
        let (one, other) = furnish(&house).await;
        taken(&house, one, RequestKind::Objection).await;
        let rows = house.db.read().await.unwrap();
        let allowed = customers::allows("c.id", "email", customers::MARKETING);
        let sql = format!("SELECT c.id FROM contact c WHERE {allowed}");
        assert_eq!(rows.numbers(&sql, vec![]).await.unwrap(), [other.0]);
        for channel in customers::CHANNELS {
            let held = customers::current_consent(&rows, one, channel, customers::MARKETING).await.unwrap().unwrap();
            assert_eq!((held.granted, held.source.as_str()), (0, "objection"), "{channel}");
        }
    }
}

#[tokio::test]
async fn a_package_holds_everything_and_expires() {
    for house in House::both().await {
        let (one, _) = furnish(&house).await;
        let unit = house.db.write().await.unwrap();
        let columns = ["occurred_at", "received_at", "contact_id", "channel", "kind", "subject", "verdict"];
        let mut many = Batch::new("interaction", &columns, "");
        for n in 0..10_000_i64 {
            let subject = format!("=HYPERLINK(\"x\";\"{n}\")");
            many.push(values![house.now().0 + n, house.now().0, one.0, "phone", "call_in", subject, "human"]);
        }
        many.write(&unit).await.unwrap();
        let id = package::begin(&unit, &petra(), one, &house.clock).await.unwrap();
        unit.save().await.unwrap();
        let folder = house.folder().join("packages");
        let own = Arc::new(Drawer::default());
        let cabinet = Cabinet { own: own.clone(), linked: None, largest: 1_000_000 };
        let paper = house.folder().join("angebot.pdf");
        for _ in 0..2 {
            std::fs::write(&paper, b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n").unwrap();
            let upload = Upload { name: "../Angebot Kreta.pdf", file: &paper };
            let subject = Subject::new(SubjectKind::Contact, one);
            documents::attach(&house.db, &cabinet, &house.jana(), subject, upload, house.now()).await.unwrap();
        }
        let packer = Packer {
            cabinet,
            zone: house.zone.clone(),
            organisation: "Almara".into(),
            folder: folder.clone(),
            locale: Locale::De,
        };
        let began = std::time::Instant::now();
        packer.make(&house.db, &house.clock, id, None).await.unwrap();
        println!("10,000 events packed in {:?} on {:?}", began.elapsed(), house.engine());

        let unit = house.db.write().await.unwrap();
        assert!(package::hand_out(&unit, &house.jana(), id, house.now()).await.is_err(), "not her right");
        let (_, path) = package::hand_out(&unit, &petra(), id, house.now()).await.unwrap();
        unit.save().await.unwrap();
        let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
        let names: Vec<String> = zip
            .file_names()
            .map(|name| name.unwrap().into_owned())
            .filter(|name| name.starts_with("dokumente"))
            .collect();
        assert_eq!(names.len(), 2, "{names:?}");
        for name in &names {
            assert!(!name.contains("..") && name.ends_with("Angebot Kreta.pdf"), "{name}");
            let mut bytes = Vec::new();
            zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
            assert!(bytes.starts_with(b"%PDF-1.7"));
        }
        let mut file = |name: &str| {
            let mut text = String::new();
            zip.by_name(name).unwrap_or_else(|_| panic!("{name}")).read_to_string(&mut text).unwrap();
            text
        };
        let page = file("Auskunft.html");
        for part in ["t.engel@post.example", "Buchungen", "1.200,00", "Berechtigtes Interesse", "K-4711", "Messe"] {
            assert!(page.contains(part), "{part}");
        }
        assert!(!page.contains("anna@post.example"));
        let data: serde_json::Value = serde_json::from_str(&file("Daten.json")).unwrap();
        assert_eq!(data["tables"]["interaction"]["records"].as_array().unwrap().len(), 10_003);
        assert_eq!(data["tables"]["contact"]["records"][0]["email"], "t.engel@post.example");
        let calls = file("csv/interaction.csv");
        assert_eq!(calls.lines().count(), 10_004);
        assert!(calls.contains("\"'=HYPERLINK(\"\"x\"\";\"\"0\"\")\"") && !calls.contains(";=HYPERLINK"));
        for name in
            ["csv/consent.csv", "csv/visitor.csv", "csv/identity_edge.csv", "csv/audit_entry.csv", "csv/message.csv"]
        {
            assert!(file(name).lines().count() > 1, "{name}");
        }

        own.shut();
        let unit = house.db.write().await.unwrap();
        let without = package::begin(&unit, &petra(), one, &house.clock).await.unwrap();
        unit.save().await.unwrap();
        packer.make(&house.db, &house.clock, without, None).await.unwrap();
        let unit = house.db.write().await.unwrap();
        let (_, path) = package::hand_out(&unit, &petra(), without, house.now()).await.unwrap();
        unit.save().await.unwrap();
        let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
        let mut missing = String::new();
        zip.by_name("dokumente/_fehlt-missing.txt").unwrap().read_to_string(&mut missing).unwrap();
        assert!(missing.contains("Angebot Kreta.pdf"), "{missing}");

        house.clock.forward(KEPT + DAY);
        let unit = house.db.write().await.unwrap();
        assert!(matches!(
            package::hand_out(&unit, &petra(), id, house.now()).await,
            Err(Trouble::Refusal(Refusal::Missing))
        ));
        drop(unit);
        assert_eq!(package::forget_expired(&house.db, house.now()).await.unwrap(), 2);
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
    }
}

use super::world::{TODAY, everything, furnish, petra, thomas, traces};
use crm::{
    Refusal, Trouble,
    customers::{
        self, ContactDraft, ContactImport, create_contact, edit_contact,
        merge::{self, Wish},
    },
    intake::{
        ImportKind,
        runs::{self, ImportWorker, Progress},
    },
    privacy::{self, Protocol, erasure, erasure::Eraser, restriction},
};
use kernel::{ContactId, Currency};
use store::values;
use testkit::House;

async fn erased(house: &House, contact: ContactId) -> Protocol {
    let unit = house.db.write().await.unwrap();
    let id = erasure::begin(&unit, &petra(), contact, "request", &house.clock).await.unwrap();
    unit.save().await.unwrap();
    Eraser { caught: None }.erase(&house.db, &house.clock, id, None).await.unwrap();
    privacy::protocol(&house.db.read().await.unwrap(), &petra(), id).await.unwrap().unwrap()
}

fn refused_as(result: Result<customers::Contact, Trouble>) -> &'static str {
    match result {
        Err(Trouble::Refusal(Refusal::Invalid(wrong))) => wrong[0].code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn whoever_is_erased_stands_nowhere_any_more() {
    for house in House::both().await {
        let (one, other) = furnish(&house).await;
        assert!(traces(&everything(&house).await).len() > 12);
        let protocol = erased(&house, one).await;
        let all = everything(&house).await;
        assert_eq!(traces(&all), Vec::<&str>::new(), "on {:?}", house.engine());
        assert!(all.contains("Bruder [gelöscht] lässt grüßen, Engelhardt auch"), "{all}");
        assert!(all.contains(r#"{"number":"[gelöscht]","value":4711}"#));
        // What the family shares stays with the sister.
        let rows = house.db.read().await.unwrap();
        let sister = customers::find_contact(&rows, other).await.unwrap().unwrap();
        assert_eq!((sister.phone.as_deref(), sister.last_name.as_str()), (Some("+4940555777"), "Engel"));
        let husk = customers::find_contact(&rows, one).await.unwrap().unwrap();
        assert_eq!((husk.kind.as_str(), husk.country.as_deref()), ("customer", Some("DE")));
        assert!(husk.archived_at.is_some() && husk.erased_at.is_some());
        assert_eq!(husk.shown_to(&petra()), Err(Refusal::Missing));
        // What figures are counted by stays.
        const CLICKED: &str = "SELECT COUNT(*) FROM interaction WHERE url = 'https://shop.example/kreta'";
        assert_eq!(rows.number(CLICKED, vec![]).await.unwrap(), 1);
        const BOUGHT: &str = "SELECT COUNT(*) FROM purchase WHERE contact_id = $1";
        assert_eq!(rows.number(BOUGHT, values![one.0]).await.unwrap(), 1);
        assert_eq!((protocol.state.as_str(), protocol.left_over), ("done", Some(0)));
        assert!(protocol.is_untouched());
        let counts = protocol.counts().unwrap();
        assert_eq!(
            (counts["consent.deleted"], counts["interaction.emptied"], counts["interaction.blotted"]),
            (2, 3, 1)
        );
        assert_eq!(protocol.fingerprints, 4);
    }
}

#[tokio::test]
async fn nobody_comes_back_by_mistake_and_whoever_wants_to_may() {
    for house in House::both().await {
        let (one, other) = furnish(&house).await;
        let protocol = erased(&house, one).await;
        let unit = house.db.write().await.unwrap();
        let (jana, now) = (house.jana(), house.now());
        let same_mail = ContactDraft { number: "N-9".into(), birth_date: String::new(), ..thomas() };
        let same_birth = ContactDraft { number: "N-9".into(), email: String::new(), ..thomas() };
        let at_work = ContactDraft {
            email: "Engel@Schreinerei.example".into(),
            last_name: "E".into(),
            ..ContactDraft::default()
        };
        for draft in [thomas(), same_mail.clone(), same_birth, at_work] {
            assert_eq!(refused_as(create_contact(&unit, &jana, draft, now, TODAY).await), "erased");
        }
        let sister = customers::find_contact(&unit, other).await.unwrap().unwrap();
        let taken = ContactDraft { email: "T.Engel@post.example".into(), ..ContactDraft::from(&sister) };
        assert_eq!(refused_as(edit_contact(&unit, &jana, other, sister.version, taken, now, TODAY).await), "erased");
        drop(unit);

        let path = house.folder().join("again.csv");
        std::fs::write(&path, "Kundennr;Vorname;Nachname;E-Mail\nK-4711;Tom;Engel;neu@post.example\nK-9;Tom;E;t.engel@post.example\nK-10;Bo;Berg;bo@post.example\n").unwrap();
        let run =
            runs::prepare(&house.db, &jana, ImportKind::Contacts, "again.csv", &path, &house.clock).await.unwrap();
        let worker = ImportWorker::new(ContactImport, house.zone.clone(), Currency::EUR);
        worker.perform(&house.db, &house.clock, run.id, false, Progress::Silent).await.unwrap();
        let run = runs::find(&house.db.read().await.unwrap(), run.id).await.unwrap().unwrap();
        assert_eq!((run.created, run.lines), (1, 3));
        assert_eq!(run.outcome.unwrap()["further"]["erased_kept_out"], 2);

        let unit = house.db.write().await.unwrap();
        erasure::let_back(&unit, &petra(), protocol.id, &house.clock).await.unwrap();
        create_contact(&unit, &jana, same_mail, now, TODAY).await.unwrap();
        unit.save().await.unwrap();
    }
}

#[tokio::test]
async fn rows_of_imported_files_go_too() {
    for house in House::both().await {
        let (one, _) = furnish(&house).await;
        let path = house.folder().join("upload");
        let text = "Kundennr;Vorname;Nachname\nK-4711;Thomas;Engel\n1;Engel;Thomas\n2;Bo;Berg\n";
        std::fs::write(&path, text).unwrap();
        runs::prepare(&house.db, &house.jana(), ImportKind::Contacts, "a.csv", &path, &house.clock).await.unwrap();
        let protocol = erased(&house, one).await;
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "Kundennr;Vorname;Nachname\n\n\n2;Bo;Berg\n");
        assert_eq!(protocol.counts().unwrap()["uploads.rows"], 2);
    }
}

#[tokio::test]
async fn whoever_is_restricted_is_kept_and_not_used() {
    for house in House::both().await {
        let (one, other) = furnish(&house).await;
        let (jana, now) = (house.jana(), house.now());
        let unit = house.db.write().await.unwrap();
        assert!(restriction::restrict(&unit, &jana, other, "Streit", now).await.is_err(), "not her right");
        restriction::restrict(&unit, &petra(), other, "Streit", now).await.unwrap();
        let sister = customers::find_contact(&unit, other).await.unwrap().unwrap();
        assert!(sister.archived_at.is_some());
        assert!(matches!(sister.clone().shown_to(&jana), Err(Refusal::Right(_))));
        assert!(sister.clone().shown_to(&petra()).is_ok());
        let draft = ContactDraft::from(&sister);
        let edited = edit_contact(&unit, &jana, other, sister.version, draft, now, TODAY).await;
        assert!(matches!(edited, Err(Trouble::Refusal(Refusal::Right(_)))));
        const SKIPPED: &str = "SELECT COUNT(*) FROM message WHERE contact_id = $1 AND state = 'skipped'";
        assert_eq!(unit.number(SKIPPED, values![other.0]).await.unwrap(), 1);
        restriction::lift(&unit, &petra(), other, now).await.unwrap();
        assert_eq!(customers::find_contact(&unit, other).await.unwrap().unwrap().archived_at, None);
        restriction::hold(&unit, &petra(), one, "Klage", now).await.unwrap();
        let held = erasure::begin(&unit, &petra(), one, "request", &house.clock).await;
        assert!(matches!(held, Err(Trouble::Refusal(Refusal::State(_)))));
    }
}

#[tokio::test]
async fn whoever_was_merged_into_somebody_is_erased_with_them() {
    for house in House::both().await {
        let (one, _) = furnish(&house).await;
        let unit = house.db.write().await.unwrap();
        let twin = ContactDraft { number: "K-5000".into(), email: "tom@zwilling.example".into(), ..thomas() };
        let twin = create_contact(&unit, &house.jana(), twin, house.now(), TODAY).await.unwrap().contact_id();
        let preview = merge::preview(&unit, &house.jana(), one, twin).await.unwrap();
        merge::merge(&unit, &house.jana(), &Wish::suggested(&preview), house.now()).await.unwrap();
        unit.save().await.unwrap();
        erased(&house, one).await;
        let rows = house.db.read().await.unwrap();
        const RUNNING: &str = "SELECT id FROM erasure WHERE state = 'running'";
        let others = rows.numbers(RUNNING, vec![]).await.unwrap();
        drop(rows);
        assert_eq!(others.len(), 1, "a protocol for each record");
        Eraser { caught: None }.erase(&house.db, &house.clock, others[0], None).await.unwrap();
        let all = everything(&house).await;
        assert_eq!(traces(&all), Vec::<&str>::new(), "on {:?}", house.engine());
        assert!(!all.contains("tom@zwilling.example"), "on {:?}", house.engine());
        let rows = house.db.read().await.unwrap();
        let husk = customers::find_contact(&rows, twin).await.unwrap().unwrap();
        assert!(husk.erased_at.is_some());
    }
}

//! Imports of contacts that are taken back, on both engines.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::{
    customers::{self, ContactDraft, ContactImport, MARKETING, Statement},
    intake::{
        ImportKind,
        runs::{self, ImportRun, ImportState, ImportWorker, Progress, Reverted},
    },
};
use kernel::{ContactId, Currency};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRng, TestRunner},
};
use store::jobs::Outcome;
use testkit::House;

/// What a contact, its company and its consents say, whatever their ids and versions are.
async fn state(house: &House) -> Vec<String> {
    #[derive(store::FromQueryResult)]
    struct Line {
        line: String,
    }
    let rows = house.db.read().await.unwrap();
    let text = |column: &str| format!("COALESCE({column}, '-')");
    let columns = [
        "contact.number",
        "contact.kind",
        "contact.salutation",
        "contact.title",
        "contact.first_name",
        "contact.last_name",
        "contact.name_key",
        "contact.first_key",
        "contact.birth_date",
        "contact.email",
        "contact.email_key",
        "contact.phone",
        "contact.street",
        "contact.postal_code",
        "contact.city",
        "contact.city_key",
        "contact.country",
        "company.name",
        "contact.language",
        "contact.source",
        "contact.budget_currency",
    ];
    let whole = columns.map(text).join(" || '|' || ");
    let mut all = Vec::new();
    for sql in [
        format!(
            "SELECT {whole} || '|' || COALESCE(CAST(contact.budget_minor AS TEXT), '-') AS line FROM contact \
             LEFT JOIN company ON company.id = contact.company_id ORDER BY contact.number"
        ),
        "SELECT name || '|' || COALESCE(industry, '-') AS line FROM company ORDER BY name_key".to_owned(),
        "SELECT contact.number || '|' || consent.channel || '|' || consent.source || '|' || CAST(consent.granted AS TEXT) || '|' \
         || CAST(consent.current AS TEXT) AS line FROM consent JOIN contact ON contact.id = consent.contact_id ORDER BY consent.id"
            .to_owned(),
    ] {
        let lines: Vec<Line> = rows.all(&sql, vec![]).await.unwrap();
        all.push("--".to_owned());
        all.extend(lines.into_iter().map(|line| line.line));
    }
    all
}

async fn import(house: &House, name: &str, content: &str) -> ImportRun {
    let path = house.folder().join(name);
    std::fs::write(&path, content).unwrap();
    let run = runs::prepare(&house.db, &house.jana(), ImportKind::Contacts, name, &path, &house.clock).await.unwrap();
    let worker = ImportWorker::new(ContactImport, house.zone.clone(), Currency::EUR);
    let outcome = worker.perform(&house.db, &house.clock, run.id, false, Progress::Silent).await.unwrap();
    assert!(matches!(outcome, Outcome::Done(_)));
    runs::find(&house.db.read().await.unwrap(), run.id).await.unwrap().unwrap()
}

async fn revert(house: &House, run: &ImportRun) -> Reverted {
    let unit = house.db.write().await.unwrap();
    runs::begin_revert(&unit, &house.jana(), run.id, &house.clock).await.unwrap();
    unit.save().await.unwrap();
    customers::revert_import(&house.db, &house.clock, run.id).await.unwrap()
}

async fn id_of(house: &House, number: &str) -> ContactId {
    let rows = house.db.read().await.unwrap();
    customers::contact_by_number(&rows, number).await.unwrap().unwrap().contact_id()
}

const HEAD: &str =
    "Kundennr;Anrede;Vorname;Nachname;PLZ;Ort;Land;E-Mail;Telefon;Firma;Branche;Einwilligung E-Mail;Budget\n";

#[tokio::test]
async fn an_import_that_was_a_mistake_leaves_nothing_behind() {
    for house in House::both().await {
        let first = format!(
            "{HEAD}1;Frau;Ada;Lovelace;10115;Berlin;DE;ada@engine.example;030 650138;Engine GmbH;;ja;4.000,00\n\
             2;Herr;Charles;Babbage;1010;Wien;AT;;;;;nein;\n"
        );
        import(&house, "gut.csv", &first).await;
        let before = state(&house).await;
        let mistake = format!(
            "{HEAD}1;Herr;Adam;Liebknecht;99999;Bonn;DE;adam@falsch.example;030 1;Falsch AG;Handwerk;nein;1,00\n\
             2;Herr;Charles;Babbage;1010;Wien;AT;;;Engine GmbH;Maschinenbau;ja;\n\
             3;Frau;Grace;Hopper;;;;grace@navy.example;;Navy KG;;ja;\n"
        );
        let run = import(&house, "falsch.csv", &mistake).await;
        assert_ne!(state(&house).await, before);
        let done = revert(&house, &run).await;
        assert_eq!((done.removed, done.restored, done.kept), (1, 2, 0), "{done:?}");
        assert_eq!(state(&house).await, before);
        let run = runs::find(&house.db.read().await.unwrap(), run.id).await.unwrap().unwrap();
        assert_eq!(run.state, ImportState::Reverted);
        assert_eq!(run.reverted, Some(done));
        // Taken back once more it finds nothing.
        let unit = house.db.write().await.unwrap();
        assert!(runs::begin_revert(&unit, &house.jana(), run.id, &house.clock).await.is_err());
        drop(unit);
        customers::revert_import(&house.db, &house.clock, run.id).await.unwrap();
        assert_eq!(state(&house).await, before);
    }
}

#[tokio::test]
async fn what_people_did_since_stays_and_is_named() {
    for house in House::both().await {
        import(&house, "gut.csv", &format!("{HEAD}1;Frau;Ada;Lovelace;10115;Berlin;DE;;;;;;\n")).await;
        let file = format!(
            "{HEAD}1;Frau;Ada;Lovelace;20095;Hamburg;DE;;;;;ja;\n3;;Grace;Hopper;;;;;;;;;\n4;;Kurt;Gödel;;;;;;;;ja;\n5;;Alan;Turing;;;;;;;;;\n"
        );
        let run = import(&house, "neu.csv", &file).await;
        let (ada, grace, kurt) = (id_of(&house, "1").await, id_of(&house, "3").await, id_of(&house, "4").await);
        let (now, today) = (house.now(), house.zone.day(house.now()));
        for (id, city) in [(ada, "Bremen"), (grace, "Arlington")] {
            let unit = house.db.write().await.unwrap();
            let contact = customers::find_contact(&unit, id).await.unwrap().unwrap();
            let draft = ContactDraft { city: city.into(), ..ContactDraft::from(&contact) };
            customers::edit_contact(&unit, &house.jana(), id, contact.version, draft, now, today).await.unwrap();
            unit.save().await.unwrap();
        }
        let unit = house.db.write().await.unwrap();
        let withdrawn = Statement {
            contact: kurt,
            channel: "email",
            purpose: MARKETING,
            granted: false,
            source: "unsubscribe",
            wording: "Abmelden",
            at: now,
        };
        customers::record_consent(&unit, &house.jana(), &withdrawn, now).await.unwrap();
        unit.save().await.unwrap();

        let done = revert(&house, &run).await;
        assert_eq!((done.removed, done.restored, done.kept), (1, 1, 3), "{done:?}");
        let named: Vec<(i64, Vec<String>)> = done.named.into_iter().map(|one| (one.id, one.fields)).collect();
        assert!(named.contains(&(ada.0, vec!["city".to_owned()])), "{named:?}");
        assert!(named.contains(&(grace.0, vec![])) && named.contains(&(kurt.0, vec![])), "{named:?}");
        let rows = house.db.read().await.unwrap();
        let ada = customers::find_contact(&rows, ada).await.unwrap().unwrap();
        assert_eq!((ada.city.as_deref(), ada.postal_code.as_deref()), (Some("Bremen"), Some("10115")));
        let held = customers::current_consent(&rows, kurt, "email", MARKETING).await.unwrap().unwrap();
        assert_eq!((held.granted, held.source.as_str()), (0, "unsubscribe"));
        assert!(customers::contact_by_number(&rows, "5").await.unwrap().is_none());
    }
}

/// A file of contacts with few numbers and few values, so that rows meet.
fn some_file() -> impl Strategy<Value = String> {
    let cell = |values: &'static [&'static str]| proptest::sample::select(values).prop_map(str::to_owned);
    let row = (
        cell(&["1", "2", "3", "4", "5"]),
        cell(&["", "Frau", "Herr"]),
        cell(&["", "Ada", "Jörg"]),
        cell(&["Lovelace", "Müller", "von der Heide"]),
        cell(&["", "10115", "1010"]),
        cell(&["", "Berlin", "Wien"]),
        cell(&["", "DE", "AT"]),
        cell(&["", "ada@engine.example", "Joerg@Mueller.example"]),
        cell(&["", "030 650138", "keine"]),
        (
            cell(&["", "Engine GmbH", "ENGINE GMBH", "Müller KG"]),
            cell(&["", "Bau", "Handel"]),
            cell(&["", "ja", "nein"]),
        ),
        cell(&["", "1.000,00", "12,50"]),
    );
    proptest::collection::vec(row, 1..8).prop_map(|rows| {
        let line = |(a, b, c, d, e, f, g, h, i, (j, k, l), m): (_, _, _, _, _, _, _, _, _, (_, _, _), _)| {
            [a, b, c, d, e, f, g, h, i, j, k, l, m].map(|cell: String| cell).join(";")
        };
        format!("{HEAD}{}\n", rows.into_iter().map(line).collect::<Vec<_>>().join("\n"))
    })
}

#[tokio::test]
async fn importing_and_taking_back_is_nothing() {
    let config = Config { cases: 1, ..Config::default() };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha));
    for house in House::both().await {
        for round in 0..24 {
            // What lies there grows from round to round.
            let first = some_file().new_tree(&mut runner).unwrap().current();
            let second = some_file().new_tree(&mut runner).unwrap().current();
            import(&house, "bestand.csv", &first).await;
            let before = state(&house).await;
            let run = import(&house, "danach.csv", &second).await;
            let done = revert(&house, &run).await;
            assert_eq!(done.kept, 0, "round {round}: {done:?}\n{second}");
            assert_eq!(state(&house).await, before, "round {round}\n{first}\n{second}");
        }
    }
}

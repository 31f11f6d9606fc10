//! Imports of contacts and orders, on both engines.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::{
    customers::{self, ContactImport},
    intake::{
        ImportKind, Rejection,
        runs::{self, ImportRun, ImportState, ImportWorker, Importer, Progress},
    },
    interactions::Kind,
    sales::{self, OrderImport},
};
use kernel::{ContactId, Currency, Locale, OrderId};
use std::path::{Path, PathBuf};
use store::{jobs::Outcome, values};
use testkit::House;

fn case_a(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/acceptance/case-a")).join(name)
}

async fn import<I: Importer>(house: &House, importer: I, path: &Path) -> ImportRun {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let run = runs::prepare(&house.db, &house.jana(), I::KIND, &name, path, &house.clock).await.unwrap();
    perform(house, importer, &run, false).await
}

async fn perform<I: Importer>(house: &House, importer: I, run: &ImportRun, dry: bool) -> ImportRun {
    let worker = ImportWorker::new(importer, house.zone.clone(), Currency::EUR);
    let outcome = worker.perform(&house.db, &house.clock, run.id, dry, Progress::Silent).await.unwrap();
    assert!(matches!(outcome, Outcome::Done(_)));
    runs::find(&house.db.read().await.unwrap(), run.id).await.unwrap().unwrap()
}

fn counts(run: &ImportRun) -> [i64; 5] {
    [run.lines, run.created, run.updated, run.unchanged, run.rejected]
}

async fn rejected(house: &House, run: &ImportRun) -> Vec<Rejection> {
    runs::rejections(&house.db.read().await.unwrap(), run.id, 0, 100).await.unwrap()
}

async fn number(house: &House, sql: &str) -> i64 {
    house.db.read().await.unwrap().number(sql, vec![]).await.unwrap()
}

/// Every table an import may write, counted and with the newest change.
async fn state(house: &House) -> Vec<i64> {
    let mut all = Vec::new();
    for sql in [
        "SELECT COUNT(*) FROM contact",
        "SELECT CAST(SUM(version) AS BIGINT) FROM contact",
        "SELECT MAX(updated_at) FROM contact",
        "SELECT COUNT(*) FROM company",
        "SELECT MAX(updated_at) FROM company",
        "SELECT COUNT(*) FROM consent",
        "SELECT COUNT(*) FROM product",
        "SELECT MAX(updated_at) FROM product",
        "SELECT COUNT(*) FROM purchase",
        "SELECT MAX(updated_at) FROM purchase",
        "SELECT COUNT(*) FROM purchase_item",
        "SELECT COUNT(*) FROM interaction",
    ] {
        all.push(number(house, sql).await);
    }
    all
}

fn file(house: &House, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = house.folder().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[tokio::test]
async fn case_a_is_imported_to_the_last_figure_and_a_second_time_changes_nothing() {
    for house in House::both().await {
        let contacts = import(&house, ContactImport, &case_a("contacts.csv")).await;
        assert_eq!(counts(&contacts), [308, 300, 3, 0, 5]);
        let expected: serde_json::Value =
            serde_json::from_slice(&std::fs::read(case_a("expected.json")).unwrap()).unwrap();
        let rejections = rejected(&house, &contacts).await;
        let lines: Vec<i64> = rejections.iter().map(|r| r.line).collect();
        let reasons: Vec<&str> = rejections.iter().map(|r| r.reason.code()).collect();
        assert_eq!(serde_json::json!(lines), expected["import"]["rejected_lines"]);
        assert_eq!(serde_json::json!(reasons), expected["import"]["rejected_reasons"]);
        assert_eq!(number(&house, "SELECT COUNT(*) FROM contact WHERE city = 'Bremen'").await, 3 + in_file("Bremen"));

        let orders = import(&house, OrderImport, &case_a("orders.csv")).await;
        assert_eq!(counts(&orders), [754, 468, 0, 0, 4]);
        assert!(rejected(&house, &orders).await.iter().all(|r| r.reason.code() == "unknown_customer"));
        assert_eq!(number(&house, "SELECT COUNT(*) FROM purchase_item").await, 750);
        let revenue = "SELECT CAST(SUM(total_minor) AS BIGINT) FROM purchase WHERE cancelled_at IS NULL";
        assert_eq!(number(&house, revenue).await, 152_180_904);
        let items = "SELECT CAST(SUM(i.quantity * i.unit_price_minor) AS BIGINT) FROM purchase_item i \
             JOIN purchase p ON p.id = i.purchase_id WHERE p.cancelled_at IS NULL";
        assert_eq!(number(&house, items).await, 152_180_904);
        let placed = "SELECT COUNT(*) FROM interaction WHERE kind = 'order_placed'";
        assert_eq!(number(&house, placed).await, 468);

        let before = state(&house).await;
        house.clock.forward(kernel::time::DAY);
        let again = import(&house, ContactImport, &case_a("contacts.csv")).await;
        assert_eq!(counts(&again), [308, 0, 0, 303, 5]);
        let again = import(&house, OrderImport, &case_a("orders.csv")).await;
        assert_eq!(counts(&again), [754, 0, 0, 468, 4]);
        assert_eq!(state(&house).await, before);
    }
}

/// Contacts of case A that live in a city from the start.
fn in_file(city: &str) -> i64 {
    let bytes = std::fs::read(case_a("contacts.csv")).unwrap();
    let text: String = bytes.iter().map(|b| char::from(*b)).collect();
    let moved = ["10093", "10439", "10611"];
    let lives = |line: &&str| line.split(';').nth(8) == Some(city) && !moved.iter().any(|n| line.starts_with(n));
    text.lines().filter(lives).count() as i64
}

#[tokio::test]
async fn a_dry_run_counts_the_same_and_writes_nothing() {
    for house in House::both().await {
        let path = case_a("contacts.csv");
        let jana = house.jana();
        let run =
            runs::prepare(&house.db, &jana, ImportKind::Contacts, "contacts.csv", &path, &house.clock).await.unwrap();
        let before = state(&house).await;
        let checked = perform(&house, ContactImport, &run, true).await;
        assert_eq!(checked.state, ImportState::Checked);
        assert_eq!(state(&house).await, before);
        let done = perform(&house, ContactImport, &run, false).await;
        assert_eq!(done.state, ImportState::Done);
        assert_eq!(counts(&done), counts(&checked));
        assert_eq!(done.outcome, checked.outcome);
    }
}

#[tokio::test]
async fn the_rejected_rows_come_back_corrected() {
    for house in House::both().await {
        let run = import(&house, ContactImport, &case_a("contacts.csv")).await;
        let unit = house.db.read().await.unwrap();
        let errors = runs::error_file_of(&unit, &run, Locale::De).await.unwrap();
        let text: String = errors.iter().map(|b| char::from(*b)).collect();
        assert_eq!(text.lines().count(), 6);
        let mended = text
            .replace("keine-adresse", "petra.lang@kunde.example")
            .replace(";eine Spalte zu viel", "")
            .replace(";1.1.2199;", ";1.1.1999;")
            .replace("a@b@c.example", "a@c.example")
            .replace(";31.02.1980;", ";28.02.1980;");
        let bytes: Vec<u8> = mended.chars().map(|c| c as u8).collect();
        let run = import(&house, ContactImport, &file(&house, "mended.csv", bytes)).await;
        assert_eq!(counts(&run), [5, 5, 0, 0, 0]);
    }
}

const CONTACTS: &str = "Kundennr;Vorname;Nachname;E-Mail;Firma;Branche;Einwilligung E-Mail\n\
    1;Ada;Lovelace;ada@example.org;Analytical GmbH;Rechenzentrum;ja\n\
    2;Bo;Öz;bo@example.org;ANALYTICAL  GMBH;;nein\n";

#[tokio::test]
async fn a_consent_is_written_when_it_differs_and_a_withdrawal_is_not_overruled() {
    for house in House::both().await {
        import(&house, ContactImport, &file(&house, "a.csv", CONTACTS)).await;
        assert_eq!(number(&house, "SELECT COUNT(*) FROM company").await, 1);
        let unit = house.db.read().await.unwrap();
        let ids = customers::ids_by_number(&unit, &["1", "2"]).await.unwrap();
        drop(unit);
        let ada = ids["1"];
        assert!(granted(&house, ada).await);
        assert!(!granted(&house, ids["2"]).await);

        import(
            &house,
            ContactImport,
            &file(&house, "b.csv", CONTACTS.replace(";ja", ";nein").replace("Rechenzentrum;nein", "X;ja")),
        )
        .await;
        assert_eq!(number(&house, "SELECT COUNT(*) FROM consent").await, 2);
        let changed = import(&house, ContactImport, &file(&house, "c.csv", CONTACTS.replace(";nein", ";ja"))).await;
        assert_eq!(counts(&changed), [2, 0, 1, 1, 0]);
        assert!(granted(&house, ids["2"]).await);

        let unit = house.db.write().await.unwrap();
        let withdrawal = customers::Statement {
            contact: ada,
            channel: "email",
            purpose: customers::MARKETING,
            granted: false,
            source: "unsubscribe",
            wording: "Abmeldelink",
            at: house.now(),
        };
        assert!(customers::note_consent(&unit, &house.jana(), &withdrawal, house.now()).await.unwrap());
        unit.save().await.unwrap();
        let kept = import(&house, ContactImport, &file(&house, "d.csv", CONTACTS)).await;
        assert_eq!(kept.outcome.unwrap()["further"]["withdrawals_kept"], 1);
        assert!(!granted(&house, ada).await);
    }
}

async fn granted(house: &House, contact: ContactId) -> bool {
    let unit = house.db.read().await.unwrap();
    let current = customers::current_consent(&unit, contact, "email", customers::MARKETING).await.unwrap();
    current.unwrap().granted == 1
}

#[tokio::test]
async fn columns_that_are_not_in_the_file_are_left_alone() {
    for house in House::both().await {
        import(&house, ContactImport, &file(&house, "a.csv", CONTACTS)).await;
        let run =
            import(&house, ContactImport, &file(&house, "b.csv", "Kundennr;Nachname;Ort\n1;Byron;London\n")).await;
        assert_eq!(counts(&run), [1, 0, 1, 0, 0]);
        let sql = "SELECT COUNT(*) FROM contact WHERE last_name = 'Byron' AND first_name = 'Ada' AND city_key = 'london' \
             AND company_id IS NOT NULL AND email = 'ada@example.org' AND name_key = 'byron ada' AND version = 2";
        assert_eq!(number(&house, sql).await, 1);
    }
}

#[tokio::test]
async fn lines_of_one_order_may_stand_apart_and_a_cancellation_is_told() {
    for house in House::both().await {
        import(&house, ContactImport, &file(&house, "a.csv", CONTACTS)).await;
        let orders = "Auftragsnr;Kundennr;Datum;Artikelnr;Artikel;Kategorie;Menge;Einzelpreis;Status\n\
            7;1;1.2.2026;KRE;Kreta;Griechenland;2;899,00;gebucht\n\
            8;2;1.2.2026;KRE;Kreta;Griechenland;1;899,00;gebucht\n\
            7;1;1.2.2026;VER;Versicherung;;2;49,99;gebucht\n\
            9;3;1.2.2026;KRE;Kreta;Griechenland;1;899,00;gebucht\n\
            7;1;1.2.2026;KRE;Kreta;Griechenland;1;999,00;gebucht\n";
        let run = import(&house, OrderImport, &file(&house, "orders.csv", orders)).await;
        assert_eq!(counts(&run), [5, 2, 0, 0, 1]);
        let unit = house.db.read().await.unwrap();
        let order = sales::order_by_number(&unit, "7").await.unwrap().unwrap();
        assert_eq!(order.total_minor, 2 * 89_900 + 2 * 4_999 + 99_900);
        let items = sales::items_of(&unit, OrderId(order.id)).await.unwrap();
        assert_eq!(items.iter().map(|i| i.sku.as_str()).collect::<Vec<_>>(), ["KRE", "VER", "KRE"]);
        assert_eq!(items[1].category, None);
        drop(unit);
        assert_eq!(number(&house, "SELECT COUNT(*) FROM contact WHERE kind = 'customer'").await, 2);

        let cancelled = orders.replace("999,00;gebucht", "999,00;storniert");
        let run = import(&house, OrderImport, &file(&house, "cancelled.csv", cancelled)).await;
        assert_eq!(counts(&run), [5, 0, 1, 1, 1]);
        let unit = house.db.read().await.unwrap();
        let order = sales::order_by_number(&unit, "7").await.unwrap().unwrap();
        assert_eq!(order.cancelled_at, Some(house.now().0));
        let told = "SELECT COUNT(*) FROM interaction WHERE kind = $1 AND value_minor = $2";
        let values = values![Kind::OrderCancelled.code(), order.total_minor];
        assert_eq!(unit.number(told, values).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_file_that_is_no_table_is_refused_at_the_door() {
    let house = House::sqlite().await;
    let path = file(&house, "kunden.csv", "%PDF-1.7\n%âãÏÓ\n");
    let refused =
        runs::prepare(&house.db, &house.jana(), ImportKind::Contacts, "kunden.csv", &path, &house.clock).await;
    let trouble = refused.unwrap_err();
    let Some(crm::Refusal::Invalid(complaints)) = trouble.refusal() else { panic!("{trouble:?}") };
    assert_eq!((complaints[0].field.as_str(), complaints[0].code), ("file", "not_a_table"));
    let path = case_a("contacts.csv");
    let refused =
        runs::prepare(&house.db, &house.sabine(), ImportKind::Contacts, "contacts.csv", &path, &house.clock).await;
    assert!(matches!(refused.unwrap_err().refusal(), Some(crm::Refusal::Right(_))));
}

#[tokio::test]
async fn an_import_begins_when_its_mapping_is_complete_and_can_be_called_off() {
    for house in House::both().await {
        let path = file(&house, "a.csv", CONTACTS);
        let jana = house.jana();
        let run = runs::prepare(&house.db, &jana, ImportKind::Contacts, "a.csv", &path, &house.clock).await.unwrap();
        let mut mapping = run.mapping.clone();
        mapping.0[0] = None;
        let run = runs::adjust(&house.db, &jana, run.id, run.dialect, Some(mapping.clone())).await.unwrap();
        let unit = house.db.write().await.unwrap();
        let refused = runs::begin(&unit, &jana, run.id, false, &house.clock).await.unwrap_err();
        let Some(crm::Refusal::Invalid(complaints)) = refused.refusal() else { panic!("{refused:?}") };
        assert_eq!(complaints[0].sentence.key, "intake-mapping-missing");
        drop(unit);

        mapping.0[0] = Some("number".into());
        runs::adjust(&house.db, &jana, run.id, run.dialect, Some(mapping)).await.unwrap();
        let unit = house.db.write().await.unwrap();
        runs::begin(&unit, &jana, run.id, true, &house.clock).await.unwrap();
        let busy = runs::begin(&unit, &jana, run.id, false, &house.clock).await.unwrap_err();
        assert!(matches!(busy.refusal(), Some(crm::Refusal::State(_))));
        runs::cancel(&unit, &jana, run.id, &house.clock).await.unwrap();
        unit.save().await.unwrap();
        let run = runs::find(&house.db.read().await.unwrap(), run.id).await.unwrap().unwrap();
        assert_eq!(run.state, ImportState::Cancelled);
        let preview = runs::preview_of(&run, 20, house.zone.day(house.now())).await.unwrap();
        assert_eq!(preview.rows.len(), 2);
        assert!(preview.rows.iter().all(|row| row.rejection.is_none()));
    }
}

#[tokio::test]
async fn columns_that_were_mapped_once_are_mapped_the_same_way_the_next_time() {
    for house in House::both().await {
        let content = "Kundennr;Rufname;Nachname\n1;Ada;Lovelace\n";
        let prepare = async |name: &str| {
            let path = file(&house, name, content);
            runs::prepare(&house.db, &house.jana(), ImportKind::Contacts, name, &path, &house.clock).await.unwrap()
        };
        let first = prepare("erste.csv").await;
        assert_eq!(first.mapping.0[1], None);
        let mut mapping = first.mapping.clone();
        mapping.0[1] = Some("first_name".to_owned());
        runs::adjust(&house.db, &house.jana(), first.id, first.dialect, Some(mapping.clone())).await.unwrap();
        assert_eq!(prepare("noch-nicht.csv").await.mapping.0[1], None, "only an import that was run is a model");
        let unit = house.db.write().await.unwrap();
        runs::begin(&unit, &house.jana(), first.id, false, &house.clock).await.unwrap();
        unit.save().await.unwrap();
        assert_eq!(prepare("zweite.csv").await.mapping, mapping);
    }
}

#[tokio::test]
async fn a_workbook_is_imported_like_any_table_and_its_other_sheet_can_be_chosen() {
    for house in House::both().await {
        let book = include_bytes!("../../../testdata/workbooks/kunden-1900.xlsx");
        let run = import(&house, ContactImport, &file(&house, "kunden.xlsx", book)).await;
        assert_eq!(counts(&run), [3, 3, 0, 0, 0]);
        assert_eq!(run.dialect.sheet.as_deref(), Some("Kunden"));
        let rows = house.db.read().await.unwrap();
        let contact = customers::contact_by_number(&rows, "10001").await.unwrap().unwrap();
        assert_eq!(contact.postal_code.as_deref(), Some("04109"));
        assert_eq!(contact.birth_date.as_deref(), Some("1980-04-13"));
        assert_eq!((contact.phone.as_deref(), contact.budget_minor), (Some("+4930650138"), Some(400_050)));
        drop(rows);
        let path = file(&house, "nochmal.xlsx", book);
        let jana = house.jana();
        let again = runs::prepare(&house.db, &jana, ImportKind::Contacts, "nochmal.xlsx", &path, &house.clock);
        let again = again.await.unwrap();
        let other = runs::choose_sheet(&house.db, &house.jana(), again.id, "Notizen").await.unwrap();
        assert_eq!(other.dialect.sheet.as_deref(), Some("Notizen"));
    }
}

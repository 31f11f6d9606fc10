//! Importing in the browser: from a file to its result, and the files that are no tables.

use super::furnished::{Place, csrf};
use axum::http::StatusCode;
use crm::staff::Role;

const JANA: &str = "jana@almara.example";

async fn furnished(place: &Place) -> (String, String) {
    place.hire(JANA, "Jana Hoffmann", &[Role::MarketingManager]).await;
    let cookie = place.sign_in(JANA).await;
    let page = place.get("/import", &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let secret = csrf(&page.text);
    (cookie, secret)
}

/// The figure under a label of the result.
fn figure(page: &str, label: &str) -> String {
    let after =
        page.split(&format!("<span class=\"l\">{label}</span>")).nth(1).unwrap_or_else(|| panic!("{label}: {page}"));
    let value = after.split("</span>").next().unwrap();
    value.rsplit('>').next().unwrap().to_owned()
}

fn result(page: &str) -> [String; 4] {
    ["Neu", "Geändert", "Unverändert", "Abgelehnt"].map(|label| figure(page, label))
}

#[tokio::test]
async fn a_file_goes_from_the_drop_zone_to_its_result_and_the_rejected_rows_come_back() {
    let file = include_bytes!("../../../../testdata/acceptance/case-a/contacts.csv");
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let sent = place.upload("/import", &cookie, &secret, "contacts", "C:\\Daten\\kunden.csv", file).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let home = sent.header("location").to_owned();

        let mapping = place.get(&home, &cookie).await;
        assert!(mapping.text.contains("<h1>kunden.csv</h1>"), "{}", mapping.text);
        assert_eq!(mapping.text.matches("<td class=\"num dim\">").count(), 20);
        assert!(mapping.text.contains("value=\"email\" selected"));

        let tried = place.post(&format!("{home}/deutung"), &cookie, &every_select(&mapping.text, &secret)).await;
        assert_eq!(tried.status, StatusCode::SEE_OTHER, "{}", tried.text);
        let fragment = place.get(&format!("{home}/fortschritt"), &cookie).await;
        assert!(fragment.text.contains("id=\"import-progress\""), "{}", fragment.text);
        place.work().await;
        let fragment = place.get(&format!("{home}/fortschritt"), &cookie).await;
        assert_eq!(fragment.header("hx-refresh"), "true");

        let dry = place.get(&home, &cookie).await;
        assert_eq!(result(&dry.text), ["300", "3", "0", "5"]);

        place.post(&format!("{home}/start"), &cookie, &[("csrf", &secret)]).await;
        place.work().await;
        let done = place.get(&home, &cookie).await;
        assert_eq!(result(&done.text), ["300", "3", "0", "5"]);

        let errors = place.get(&format!("{home}/fehler.csv"), &cookie).await;
        assert!(errors.header("content-disposition").starts_with("attachment; filename=\"kunden-Fehler.csv\""));
        assert_eq!(errors.text.lines().count(), 6, "{}", errors.text);
        let history = place.get("/import", &cookie).await;
        assert!(history.text.contains("kunden.csv") && history.text.contains("Jana Hoffmann"));
    }
}

/// What a browser posts when nothing is changed and the dry run is asked for.
fn every_select(page: &str, secret: &str) -> Vec<(&'static str, &'static str)> {
    let mut fields: Vec<(&'static str, &'static str)> = Vec::new();
    let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    for select in page.split("<select ").skip(1) {
        let select = select.split("</select>").next().unwrap();
        let name = select.split("name=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let chosen = select.split("<option value=\"").skip(1).find(|option| option.contains("\" selected>"));
        let value = chosen.map_or("", |option| option.split('"').next().unwrap());
        fields.push((leak(name), leak(value)));
    }
    fields.push(("csrf", leak(secret)));
    fields.push(("weiter", "1"));
    fields
}

#[tokio::test]
async fn a_file_that_is_no_table_is_refused_in_one_sentence_and_leaves_nothing_behind() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let wide = format!("{}\n{}\n", vec!["a"; 10_000].join(";"), vec!["1"; 10_000].join(";"));
        let files: [(&str, &[u8], &str); 4] = [
            ("kunden.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"),
            ("breit.csv", wide.as_bytes(), "10000 Spalten"),
            ("leer.csv", b"", "leer"),
            ("", b"", "Bitte wählen Sie eine Datei."),
        ];
        for (name, file, said) in files {
            let refused = place.upload("/import", &cookie, &secret, "orders", name, file).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            let hint = refused.text.split("id=\"i-file-e\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
            assert!(hint.contains(said), "{name}: {hint}");
            assert!(refused.text.contains("value=\"orders\" selected"));
        }
        let folder = place.test.folder().join("uploads");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn an_upload_without_the_secret_of_its_form_is_refused() {
    for place in Place::both().await {
        let (cookie, _) = furnished(&place).await;
        let forged = place.upload("/import", &cookie, "falsch", "contacts", "kunden.csv", b"Nr;Name\n1;Ada\n").await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn other_signs_make_other_columns_and_what_is_missing_is_said() {
    for place in Place::both().await {
        let (cookie, secret) = furnished(&place).await;
        let file = b"Kunden-Nr.;Nachname\n1;<script>alert(1)</script>\n";
        let sent = place.upload("/import", &cookie, &secret, "contacts", "<b>k.csv", file).await;
        let home = sent.header("location").to_owned();
        let page = place.get(&home, &cookie).await;
        assert!(
            !page.text.contains("<script>alert") && page.text.contains("&lt;script&gt;alert")
                || page.text.contains("&#60;script&#62;alert")
        );
        let wrong = [("csrf", secret.as_str()), ("delimiter", "pipe"), ("weiter", "1")];
        let answer = place.post(&format!("{home}/deutung"), &cookie, &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("Dem Pflichtfeld „Kundennummer“ ist keine Spalte zugeordnet."), "{}", answer.text);
        let right = [("csrf", secret.as_str()), ("delimiter", "semicolon")];
        let answer = place.post(&format!("{home}/deutung"), &cookie, &right).await;
        assert!(answer.text.contains("value=\"number\" selected"), "{}", answer.text);
    }
}

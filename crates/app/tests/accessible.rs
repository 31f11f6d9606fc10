//! axe-core looks at every page that links lead to, light and dark, on the furnished house of the demonstration.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};
use testkit::{browser::Theme, person::Person, process::Product};

/// Colours fade over a fifth of a second; halfway they are nobody's.
const FADED: Duration = Duration::from_millis(400);

/// Pages of one kind look alike: two contacts, two campaigns are one.
fn kind(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let part = |part: &str| if part.bytes().any(|b| b.is_ascii_digit()) { "…".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_open_to_everybody() {
    let folder = tempfile::Builder::new().prefix("kundenkreis-test-").tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let filled = Product::command_on(&data, &[], &["demo", "--fill-only"]).output().await.expect("the program");
    assert!(filled.status.success(), "{filled:?}");
    let product = Product::start_on(&data, &[]).await;
    let roles = ["marketing_manager", "administrator", "data_protection_officer"];
    let person = Person::hired(&product, "ida@almara.example", "Ida Brandt", &roles).await;

    let ahead = [
        "/",
        "/?anordnen=1&land=DE&alter=45-70",
        "/kontakte/neu",
        "/kontakte/dubletten",
        "/kontakte/dubletten/verlauf",
        "/kampagnen/neu",
        "/segmente/neu",
        "/passwort",
        "/nirgends",
        "/ziele",
        "/veraenderungen",
        "/benachrichtigungen",
        "/benachrichtigungen/einstellungen",
        "/verwaltung/datenschutz/person/1",
        "/verwaltung/datenschutz/fristen?regel=leads",
        "/kontakte/1/datenschutz",
        "/firmen/1",
    ];
    let mut ahead: VecDeque<String> = ahead.map(str::to_owned).into();
    let mut seen: BTreeMap<String, bool> = ahead.iter().map(|path| (kind(path), false)).collect();
    let mut found = Vec::new();
    const LOOK: &str =
        "return { whole: !!document.querySelector('main'), links: [...document.links].map((a) => a.href) }";
    while let Some(path) = ahead.pop_front() {
        person.goto(&path).await;
        let page = person.browser.script(LOOK, &[]).await;
        if page["whole"] != true {
            continue;
        }
        seen.insert(kind(&path), true);
        for theme in [Theme::Light, Theme::Dark] {
            person.browser.theme(theme).await;
            tokio::time::sleep(FADED).await;
            found.extend(person.browser.axe().await.into_iter().map(|violation| format!("{path}: {violation}")));
        }
        person.browser.theme(Theme::Light).await;
        for link in page["links"].as_array().into_iter().flatten().filter_map(|link| link.as_str()) {
            let Some(path) = link.strip_prefix(&product.url("")) else { continue };
            let download = [".csv", ".json", ".zip"].iter().any(|end| kind(path).ends_with(end));
            let leaves = ["/c/", "/o/", "/p/", "/u/", "/static/", "/api"].iter().any(|start| path.starts_with(start));
            if !download && !leaves && !seen.contains_key(&kind(path)) {
                seen.insert(kind(path), false);
                ahead.push_back(path.to_owned());
            }
        }
    }
    let pages: Vec<&String> = seen.iter().filter(|(_, whole)| **whole).map(|(kind, _)| kind).collect();
    println!("{} kinds of page: {pages:?}", pages.len());
    assert!(found.is_empty(), "{}", found.join("\n\n"));
    assert!(pages.len() >= 20, "only these were found: {pages:?}");
}

//! Every address of the house, every role: who comes through. The addresses are read from the sources, so that none is
//! forgotten; what comes out is compared with `rights.txt`, which people read and compare with `domain.md`.

use super::{
    furnished::{Place, csrf},
    segments,
};
use axum::http::{Method, Request, StatusCode, header};
use crm::{
    customers::{AttributeKind, ContactDraft, attributes, create_contact},
    documents::{Cabinet, Linked},
    staff::{Actor, Role},
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use testkit::drawer::Drawer;

/// One letter for each role, in the order of `Role::ALL`.
const LETTERS: &str = "AMRSCNP";
/// Whoever needs no account: mails, trackers, signing in, and whoever watches the machine.
const OPEN: [&str; 14] = [
    "/kalender/",
    "/o/",
    "/c/",
    "/e/",
    "/p/",
    "/u/",
    "/v1/",
    "/sourceConfig",
    "/k.js",
    "/anmelden",
    "/einladung/",
    "/healthz",
    "/readyz",
    "/metrics",
];
/// How programs speak to the house; it tells nothing of anybody.
const MANUAL: [&str; 2] = ["/api", "/api/openapi.json"];
/// Never ends.
const STREAMS: [&str; 2] = ["/live", "/verwaltung/tracking/{id}/ereignisse"];
/// What takes something away that the others need; tried last.
const LAST: [&str; 9] = [
    "/aktiv",
    "/archiv",
    "/entfernen",
    "/entziehen",
    "/abbruch",
    "/loeschen",
    "/einschraenken",
    "/passwort",
    "/abmelden",
];
/// Fields that name a record beside the address.
const TYPED: [(&str, &str); 11] = [
    ("bleibt", "1"),
    ("geht", "2"),
    ("other", "2"),
    ("tie", "household"),
    ("a", "1"),
    ("b", "2"),
    ("edge", "1"),
    ("alt", "1"),
    ("version", "1"),
    ("idee", "win_back"),
    ("table", "interaction"),
];
/// An id nobody has.
const NOBODY: &str = "987654";

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() { sources(&entry.path(), found) } else { found.push(entry.path()) }
    }
}

/// Method and path of everything that is routed.
fn routes() -> Vec<(Method, String)> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut routes = Vec::new();
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        for call in source.split(".route(").skip(1) {
            // The address may have parentheses of its own; the methods follow the first comma.
            let (address, rest) = call.split_once(", ").unwrap();
            let path = path(address).unwrap_or_else(|| panic!("{}: whose address is {address}?", file.display()));
            let methods = rest.split(".route(").next().unwrap();
            let methods = methods.split([';', '\n']).next().unwrap();
            for (name, method) in [
                ("get(", Method::GET),
                ("post(", Method::POST),
                ("put(", Method::PUT),
                ("patch(", Method::PATCH),
                ("delete(", Method::DELETE),
            ] {
                if methods.starts_with(name) || methods.contains(&format!(".{name}")) {
                    routes.push((method, path.clone()));
                }
            }
        }
    }
    routes.sort_by(|(one, path), (other, other_path)| (path, one.as_str()).cmp(&(other_path, other.as_str())));
    routes.dedup();
    routes
}

fn path(address: &str) -> Option<String> {
    const HOME: &str = "/verwaltung/datenschutz";
    let quoted = |text: &str| text.split('"').nth(1).map(str::to_owned);
    if address == "HOME" {
        return Some(HOME.to_owned());
    }
    if address.starts_with("&request(") {
        return Some(format!("{HOME}/anfragen/{{id}}{}", quoted(address)?));
    }
    if address.starts_with("&person(") {
        return Some(format!("{HOME}/person/{{id}}{}", quoted(address)?));
    }
    address.starts_with('"').then(|| quoted(address)).flatten()
}

fn is_open(path: &str) -> bool {
    MANUAL.contains(&path) || OPEN.iter().any(|open| path.starts_with(open))
}

/// The address with a record of the furnished house, or with one nobody has.
fn filled(path: &str, there: bool) -> String {
    let mut out = String::new();
    for part in path.split('/').skip(1) {
        out.push('/');
        out += match part {
            "{id}" | "{set}" | "{message}" | "{version}" if there => "1",
            "{id}" | "{set}" | "{message}" | "{version}" => NOBODY,
            "{link}" if there => "1",
            "{link}" => NOBODY,
            "{key}" if path.contains("merkmale") && there => "reiseart",
            "{key}" if there => "1",
            "{key}" => "nobody",
            "{rule}" if there => "address_shared",
            "{rule}" => "nobody",
            "{format}" => "csv",
            "{file}" if there => "1.zip",
            "{file}" => "987654.zip",
            "{code}" => "interaction",
            part => part,
        };
    }
    match path {
        "/kontakte/zusammenfuehren" if there => "/kontakte/zusammenfuehren?bleibt=1&geht=2".to_owned(),
        "/kontakte/dubletten/oeffnen" if there => "/kontakte/dubletten/oeffnen?a=1&b=2".to_owned(),
        "/" => path.to_owned(),
        _ => out,
    }
}

/// A house with one of everything.
async fn furnish(place: &mut Place) {
    let linked = Some(Linked { name: Arc::from("Archiv"), repository: Arc::new(Drawer::default()) });
    let cabinet = Cabinet { own: Arc::new(Drawer::default()), linked, largest: 50_000 };
    place.house = place.house.clone().with_cabinet(cabinet);
    place.router = web::router(place.house.clone());
    place.mailed("de").await;
    place.hire("mia@almara.example", "Mia Vogt", &[Role::MarketingManager]).await;
    let cookie = place.sign_in("mia@almara.example").await;
    let unit = place.house.db.write().await.unwrap();
    let (by, now) = (Actor::system("test"), place.house.now());
    let own = attributes::AttributeDraft {
        key: "reiseart".into(),
        kind: AttributeKind::Text,
        label_de: "Reiseart".into(),
        purpose: "Angebote".into(),
        basis: "consent".into(),
        ..attributes::AttributeDraft::default()
    };
    attributes::create_attribute(&unit, &by, own, now).await.unwrap();
    let draft = ContactDraft { last_name: "Müller".into(), company: "Hafen GmbH".into(), ..ContactDraft::default() };
    create_contact(&unit, &by, draft, now, place.house.zone.day(now)).await.unwrap();
    for sql in [
        "INSERT INTO agenda_item (kind, title, note, contact_id, assignee_id, created_by, whole_day, created_at) \
         VALUES ('task', 'Anruf', '', 1, 1, 1, 1, 1)",
        "INSERT INTO finding (rule, subject_id, contact_id, found_at, seen_at) VALUES ('address_shared', 1, 1, 1, 1)",
        "INSERT INTO finding_report (rule, text, reporter_id, assignee_id, state, created_at) VALUES ('address_shared', 'x', 1, 1, 'open', 1)",
        "INSERT INTO tracking_source (name, write_key, origins, created_at, updated_at) VALUES ('Shop', 'wk', '[]', 1, 1)",
        "INSERT INTO contact_link (contact_id, other_id, kind, created_at) VALUES (1, 2, 'companion', 1)",
        "INSERT INTO visitor (source_id, known_as, contact_id, first_seen_at) VALUES (1, 'user:1', 1, 1)",
        "INSERT INTO identity_edge (visitor_id, contact_id, at, evidence) VALUES (1, 1, 1, 'customer_number')",
        "INSERT INTO purchase (number, contact_id, placed_at, total_minor, currency, source, created_at, updated_at) \
         VALUES ('A-1', 1, 8, 120000, 'EUR', 'erp', 8, 8)",
        "INSERT INTO target (metric, span, millionths, created_at) VALUES ('clicked', 'month', 1, 1)",
        "INSERT INTO alert (subject, subject_key, direction, first_day, last_day, expected, observed, p, q, found_at) \
         VALUES ('channel', 'email', 'fall', '2026-11-01', '2026-11-02', 9, 1, 0.01, 0.01, 1)",
        "INSERT INTO contact_bulk (field, value, list, state, total, created_at) VALUES ('kind', 'customer', '', 'planned', 1, 1)",
        "INSERT INTO duplicate_pair (one_id, other_id, probability, evidence, state, seen_at) VALUES (1, 2, 0.9, '[]', 'open', 1)",
    ] {
        unit.run(sql, vec![]).await.unwrap_or_else(|fault| panic!("{sql}: {fault}"));
    }
    unit.save().await.unwrap();
    let secret = csrf(&place.get("/import", &cookie).await.text);
    let file = "Kundennr;Nachname\n77;Huber\n".as_bytes();
    place.upload("/import", &cookie, &secret, "contacts", "kunden.csv", file).await;
    let pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\nendobj\n%%EOF\n";
    place.upload("/kontakte/1/dokumente", &cookie, &secret, "", "brief.pdf", pdf).await;
    let segment = segments::form(&[("csrf", secret.as_str()), ("name", "Deutsche"), ("save", "1")]);
    assert_eq!(place.post("/segmente/neu", &cookie, &segment).await.status, StatusCode::SEE_OTHER);
    let request = [("csrf", secret.as_str()), ("kind", "access"), ("channel", "phone"), ("received", "2026-11-20")];
    assert_eq!(place.post("/kontakte/1/datenschutz", &cookie, &request).await.status, StatusCode::SEE_OTHER);
}

/// Somebody at work: a session with the secret of its forms, and a token of the same role.
struct Worker<'a> {
    place: &'a Place,
    cookie: String,
    secret: String,
    token: String,
}

impl Worker<'_> {
    async fn ask(&self, method: &Method, path: &str) -> StatusCode {
        if path.starts_with("/api/") {
            return self.place.call(method.as_str(), path, &self.token, "{}").await.status;
        }
        match *method {
            Method::GET => self.place.get(path, &self.cookie).await.status,
            _ => {
                let fields: Vec<(&str, &str)> = [("csrf", self.secret.as_str())].into_iter().chain(TYPED).collect();
                self.place.post(path, &self.cookie, &fields).await.status
            }
        }
    }

    /// Whether they come through; whoever does gets no answer that breaks.
    async fn passes(&self, method: &Method, path: &str) -> bool {
        let foreign = self.ask(method, &filled(path, false)).await;
        assert!(!foreign.is_server_error(), "{method} {path} of nobody: {foreign}");
        if foreign == StatusCode::FORBIDDEN {
            return false;
        }
        assert!(!(path.contains("{id}") && foreign.is_success()), "{method} {path} of nobody: {foreign}");
        let own = self.ask(method, &filled(path, true)).await;
        assert!(!own.is_server_error(), "{method} {path}: {own}");
        ![StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&own)
    }
}

#[tokio::test]
async fn every_role_comes_through_where_the_table_says_and_nowhere_else() {
    let mut routes = routes();
    assert!(routes.len() > 200, "{}", routes.len());
    let closed = |path: &str| !is_open(path) && !STREAMS.contains(&path);
    routes.sort_by_key(|(method, path)| (*method != Method::GET, LAST.iter().position(|last| path.ends_with(last))));
    let mut table: BTreeMap<(String, String), String> = BTreeMap::new();
    for (role, letter) in Role::ALL.iter().zip(LETTERS.chars()) {
        let mut place = Place::at(testkit::House::sqlite().await, "http://localhost:8080");
        furnish(&mut place).await;
        place.hire("x@almara.example", "X", &[*role]).await;
        let cookie = place.sign_in("x@almara.example").await;
        let secret = csrf(&place.get("/passwort", &cookie).await.text);
        let token = place.token(&[*role]).await;
        let worker = Worker { place: &place, cookie, secret, token };
        for (method, path) in routes.iter().filter(|(_, path)| closed(path)) {
            let passes = worker.passes(method, path).await;
            let line = table.entry((path.clone(), method.to_string())).or_default();
            line.push(if passes { letter } else { '.' });
        }
    }
    let found: String = table.iter().map(|((path, method), roles)| format!("{roles} {method} {path}\n")).collect();
    let kept: String =
        include_str!("rights.txt").lines().filter(|l| !l.starts_with('#')).map(|l| format!("{l}\n")).collect();
    let differ: Vec<&str> = found.lines().filter(|line| !kept.lines().any(|kept| kept == *line)).collect();
    let gone: Vec<&str> = kept.lines().filter(|line| !found.lines().any(|found| found == *line)).collect();
    assert!(differ.is_empty() && gone.is_empty(), "now:\n{}\nin rights.txt:\n{}", differ.join("\n"), gone.join("\n"));
}

#[tokio::test]
async fn nobody_comes_in_without_an_account_or_a_token() {
    for mut place in Place::both().await {
        furnish(&mut place).await;
        // The language can be chosen, and the looks are loaded, before anybody signs in.
        let early = |path: &str| is_open(path) || path == "/sprache" || path.starts_with("/static/");
        for (method, path) in routes().iter().filter(|(_, path)| !early(path)) {
            let request = Request::builder().method(method).uri(filled(path, true));
            let request = request.header("sec-fetch-site", "same-origin");
            let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let answer = place.send(request.body(axum::body::Body::empty()).unwrap()).await;
            let sent_away =
                answer.status == StatusCode::SEE_OTHER && answer.header("location").starts_with("/anmelden");
            let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&answer.status);
            assert!(sent_away || refused, "{method} {path}: {} {}", answer.status, answer.header("location"));
        }
    }
}

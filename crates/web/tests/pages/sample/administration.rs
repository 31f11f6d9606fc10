//! Users, accesses of programs, the log.

use super::{Drawn, draw, frame};
use kernel::Locale;
use web::pages::{staff::*, *};

const ROLES: [(&str, &str); 4] = [
    ("administrator", "Administration"),
    ("marketing_manager", "Marketing"),
    ("agent", "Callcenter"),
    ("x", "Analyse"),
];

fn choices(chosen: &str) -> Vec<Choice> {
    ROLES.map(|(code, label)| Choice::new(code, label, code == chosen)).into()
}

fn users(locale: Locale) -> UsersPage {
    let user = |id, name: &str, login: &str, active, invited| UserRow {
        id,
        name: name.into(),
        login: login.into(),
        roles: vec!["Marketing".into()],
        choices: choices("marketing_manager"),
        last: "vor 4 Min".into(),
        active,
        invited,
        is_self: id == 1,
    };
    let right = |label: &str, given: [bool; 4]| RightRow { label: label.into(), given: given.into() };
    UsersPage {
        frame: frame(locale).at_place(Place::Users),
        users: vec![
            user(1, "Jana Hoffmann", "jana.hoffmann@example.org", true, false),
            user(2, "Jonas Weidner", "jonas.weidner@example.org", true, true),
            user(3, "<b>böse</b>", "administrator", false, false),
        ],
        subtitle: frame(locale).say_with("users-subtitle", "count", 3),
        fresh_link: None,
        notice: None,
        new_name: String::new(),
        new_login: String::new(),
        new_roles: choices(""),
        new_error: String::new(),
        roles: ROLES.map(|(_, label)| label.into()).into(),
        rights: vec![
            right("Übersicht ansehen", [false, true, false, true]),
            right("Benutzer verwalten", [true, false, false, false]),
        ],
    }
}

fn access(locale: Locale) -> AccessPage {
    let token = |id, name: &str, revoked| TokenRow {
        id,
        name: name.into(),
        roles: vec!["Marketing".into()],
        created: "20.11.2026".into(),
        last: "vor 4 Min".into(),
        revoked,
    };
    AccessPage {
        frame: frame(locale).at_place(Place::Access),
        tokens: vec![token(1, "Webshop", false), token(2, "Altes Buchungssystem", true)],
        fresh: Some(FreshToken { name: "Webshop".into(), secret: "kk_0a1b2c3d4e5f".into() }),
        notice: None,
        new_name: String::new(),
        new_roles: choices("marketing_manager"),
        new_error: String::new(),
    }
}

fn log(locale: Locale) -> LogPage {
    let row = |who: &str, by, deed: &str, href: &str| LogRow {
        at: "24.11.2026, 09:42".into(),
        iso: "2026-11-24T08:42:00Z".into(),
        who: who.into(),
        by,
        deed: deed.into(),
        subject: "Dr. Katharina Lindner".into(),
        href: href.into(),
        detail: "Ort: Köln → Bonn".into(),
        address: "192.0.2.7".into(),
    };
    LogPage {
        frame: frame(locale).at_place(Place::Log),
        rows: vec![
            row("Jana Hoffmann", "user", "Kontakt geändert", "/kontakte/101"),
            row("Webshop", "token", "Buchung angelegt", ""),
            row("Kundenkreis", "system", "Kampagne beendet", ""),
        ],
        older: Some("/verwaltung/protokoll?vor=812".into()),
        deeds: vec![Choice::new("", "Alles", true), Choice::new("contact.seen", "Angesehen", false)],
        person: String::new(),
        who: "Jana Hoffmann".into(),
        from: "2026-11-01".into(),
        to: String::new(),
        file: "/verwaltung/protokoll.csv?wer=Jana+Hoffmann".into(),
    }
}

pub fn pages(locale: Locale) -> Drawn {
    let link = FreshLink {
        name: "Jonas Weidner".into(),
        url: "https://crm.example.org/passwort/einmal/abc".into(),
        until: "27.11.2026, 09:42".into(),
    };
    let notice = Some(Banner::info("Benutzer angelegt.", ""));
    let with_link = UsersPage { fresh_link: Some(link), notice, ..users(locale) };
    let no_tokens = AccessPage { tokens: Vec::new(), fresh: None, ..access(locale) };
    let no_log = LogPage { rows: Vec::new(), older: None, ..log(locale) };
    vec![
        ("benutzer", draw(&users(locale))),
        ("benutzer-link", draw(&with_link)),
        ("zugaenge", draw(&access(locale))),
        ("zugaenge-leer", draw(&no_tokens)),
        ("protokoll", draw(&log(locale))),
        ("protokoll-leer", draw(&no_log)),
    ]
}

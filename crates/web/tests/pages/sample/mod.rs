//! Sample data: an invented tour operator on an invented morning.

mod administration;
pub mod agenda;
mod documents;
mod overview;
mod people;
mod quality;

use askama::Template;
use kernel::{Locale, Zone};
use web::pages::{login::*, *};

pub type Drawn = Vec<(&'static str, String)>;

pub fn frame(locale: Locale) -> Frame {
    let person = Person { name: "Jana Hoffmann".into(), role: "Marketing".into() };
    let command = |label: &str, href: &str, icon| Command { label: label.into(), href: href.into(), icon };
    Frame::new(locale, Zone::berlin(), "Almara Reisen", "c2FtcGxl")
        .signed_in(person, Place::ALL)
        .with_count(Place::Contacts, 48_902)
        .with_count(Place::Campaigns, 7)
        .with_commands(vec![
            command("Kontakt anlegen", "/kontakte/neu", "user-plus"),
            command("Kampagne planen", "/kampagnen/neu", "speakerphone"),
        ])
}

fn guest(locale: Locale, title: &str) -> Frame {
    let frame = Frame::new(locale, Zone::berlin(), "Almara Reisen", "c2FtcGxl");
    let title = frame.say(title);
    frame.titled(title)
}

pub fn draw(page: &impl Template) -> String {
    page.render().expect("the page")
}

pub fn pages(locale: Locale) -> Drawn {
    let rooms = [
        before_login,
        agenda::pages,
        people::pages,
        quality::pages,
        overview::pages,
        administration::pages,
        documents::pages,
    ];
    rooms.iter().flat_map(|room| room(locale)).collect()
}

pub fn fragments(locale: Locale) -> Drawn {
    people::fragments(locale).into_iter().chain(documents::fragments(locale)).collect()
}

fn before_login(locale: Locale) -> Drawn {
    let refused = || {
        let frame = guest(locale, "login-title");
        Banner::bad(frame.say("login-refused"), frame.say("login-refused-text"))
    };
    let toast = Toast { text: "Gespeichert".into(), undo: Some("/kontakte/7/zurueck".into()) };
    vec![
        (
            "anmelden",
            draw(&LoginPage {
                frame: guest(locale, "login-title"),
                email: "jana.hoffmann@example.org".into(),
                next: "/kontakte?sort=name".into(),
                notice: None,
            }),
        ),
        (
            "anmelden-abgelehnt",
            draw(&LoginPage {
                frame: guest(locale, "login-title"),
                email: "\"><b>böse</b>".into(),
                next: String::new(),
                notice: Some(refused()),
            }),
        ),
        (
            "passwort-einmal",
            draw(&SetPasswordPage {
                frame: guest(locale, "password-welcome"),
                action: "/passwort/einmal/abc".into(),
                email: "admin@example.org".into(),
                asks_name: true,
                name: String::new(),
                error: guest(locale, "password-welcome").say("password-short"),
                notice: None,
            }),
        ),
        ("passwort-vorbei", draw(&LinkGonePage { frame: guest(locale, "password-gone") })),
        (
            "passwort",
            draw(&ChangePasswordPage {
                frame: frame(locale).titled(frame(locale).say("password-change")).with_toast(Some(toast)),
                error_old: String::new(),
                error_new: frame(locale).say("password-short"),
            }),
        ),
        (
            "kein-zugriff",
            draw(&ForbiddenPage {
                frame: frame(locale).titled(frame(locale).say("forbidden-title")),
                right: "Benutzer verwalten".into(),
                right_code: "manage_users".into(),
                roles: vec!["Administration".into()],
                administrators: vec![Granter { name: "Sabine Ritter".into(), email: "s.ritter@example.org".into() }],
            }),
        ),
        ("nicht-gefunden", draw(&StoppedPage::not_found(frame(locale)))),
        ("fehler", draw(&StoppedPage::fault(frame(locale), "7F3A-11"))),
        ("beschaeftigt", draw(&StoppedPage::busy(frame(locale)))),
    ]
}

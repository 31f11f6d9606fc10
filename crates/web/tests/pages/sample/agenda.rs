//! The day of somebody and one entry of it.

use super::{Drawn, draw, frame};
use kernel::Locale;
use web::pages::{agenda::*, *};

pub fn row(title: &str) -> AgendaRow {
    AgendaRow {
        id: 7,
        title: title.into(),
        icon: "phone",
        when: "Heute, 10:30".into(),
        late: true,
        note: "Kabine <b>böse</b> frei?".into(),
        who: String::new(),
        contact: Some((101, "Dr. Katharina Lindner".into())),
        done: false,
        own: true,
    }
}

pub fn form(locale: Locale) -> AgendaForm {
    AgendaForm {
        action: "/mein-tag".into(),
        kinds: vec![Choice::new("task", frame(locale).say("agenda-kind-task"), true)],
        reminders: vec![Choice::new("", frame(locale).say("agenda-remind-none"), true)],
        assignees: vec![Choice::new("1", "Jana Hoffmann", true)],
        ..AgendaForm::default()
    }
}

pub fn pages(locale: Locale) -> Drawn {
    let done = AgendaRow { done: true, late: false, own: true, contact: None, ..row("Katalog bestellt") };
    let foreign = AgendaRow { own: false, late: false, who: "Aylin Demir".into(), ..row("Visum nachreichen") };
    let section = |key: &'static str, rows| AgendaSection { label: frame(locale).say(key), rows };
    let day = AgendaPage {
        frame: frame(locale).at_place(Place::Agenda),
        notice: None,
        today: "Dienstag, 24. November 2026".into(),
        everybody: true,
        sections: vec![
            section("agenda-overdue", vec![row("Nach dem Reisebericht fragen")]),
            section("agenda-today", vec![row("Rückruf <b>böse</b>"), foreign.clone()]),
            section("agenda-done-today", vec![done]),
        ],
        entry: form(locale),
        feed: Some("https://crm.example/kalender/AbC.ics".into()),
    };
    let wrong = AgendaForm {
        title: String::new(),
        number: "K-4711".into(),
        errors: vec![("title".into(), frame(locale).say("agenda-title-missing"))],
        ..form(locale)
    };
    let item = |row: AgendaRow, entry| AgendaItemPage {
        frame: frame(locale).at(Place::Agenda, row.title.clone()),
        notice: None,
        id: row.id,
        version: 1,
        row,
        removed: false,
        entry,
    };
    vec![
        ("agenda", draw(&day)),
        ("agenda-item", draw(&item(row("Rückruf"), wrong))),
        ("agenda-item-foreign", draw(&item(foreign, form(locale)))),
    ]
}

//! Documents of an invented person.

use super::{Drawn, draw, frame};
use kernel::Locale;
use web::pages::{Place, documents::*};

fn part(away: bool) -> DocumentsPart {
    let line = |id, name: &str, icon, linked| DocumentLine {
        id,
        name: name.into(),
        icon,
        under: "PDF · 1,2 MB · 24.11.2026, Jana Hoffmann".into(),
        linked,
    };
    DocumentsPart {
        home: "/kontakte/7/dokumente".into(),
        lines: vec![line(1, "Angebot <b>böse.pdf", "file-type-pdf", false), line(2, "Vertrag.pdf", "file-text", true)],
        may_change: true,
        largest: 26_214_400,
        limit: 25,
        away,
        errors: vec!["„rechnung.exe“: Programme werden nicht angenommen.".into()],
        store: "Altes Archiv".into(),
        store_href: "/dokumente/speicher?zu=contact-7".into(),
    }
}

fn document(locale: Locale, preview: Preview) -> DocumentPage {
    let version = |number, shown| VersionLine {
        number,
        by: "24.11.2026, 09:42, Jana Hoffmann".into(),
        what: "PDF · 1,2 MB".into(),
        shown,
    };
    DocumentPage {
        frame: frame(locale).at(Place::Contacts, "Angebot.pdf"),
        id: 1,
        name: "Angebot <b>böse.pdf".into(),
        what: "PDF · 1,2 MB".into(),
        preview,
        version: 2,
        versions: vec![version(2, true), version(1, false)],
        may_change: true,
        linked: if preview == Preview::None { "Altes Archiv".into() } else { String::new() },
        gone_on: if preview == Preview::Text { "24.12.2026".into() } else { String::new() },
        subject: "Ada Lovelace".into(),
        record: "/kontakte/7".into(),
        digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
        largest: 26_214_400,
        limit: 25,
        name_error: if preview == Preview::Away {
            "Bitte geben Sie dem Dokument einen Namen.".into()
        } else {
            String::new()
        },
        file_error: if preview == Preview::Away { "Die Datei ist leer.".into() } else { String::new() },
        typed: "Angebot.pdf".into(),
    }
}

pub fn pages(locale: Locale) -> Drawn {
    let line = |name: &str, icon, path: &str| StoreLine {
        name: name.into(),
        icon,
        href: "/dokumente/speicher?zu=contact-7&pfad=Kunden".into(),
        path: path.into(),
        size: "1,2 MB".into(),
    };
    let store = StorePage {
        frame: frame(locale).at(Place::Contacts, "Altes Archiv"),
        store: "Altes Archiv".into(),
        subject: "Ada Lovelace".into(),
        to: "contact-7".into(),
        home: "/kontakte/7/dokumente".into(),
        steps: vec![("Oben".into(), "/dokumente/speicher?zu=contact-7".into()), ("Kunden".into(), "/x".into())],
        lines: vec![line("Kunden", "folder", ""), line("<b>böse.pdf", "file-text", "Kunden/<b>böse.pdf")],
        more: true,
        error: "Der Dokumentenspeicher antwortet gerade nicht.".into(),
    };
    let all = DocumentsPage {
        frame: frame(locale).at(Place::Contacts, "Dokumente"),
        part: part(false),
        subject: "Ada Lovelace".into(),
        record: "/kontakte/7".into(),
    };
    vec![
        ("dokumente", draw(&all)),
        ("dokument-pdf", draw(&document(locale, Preview::Pdf))),
        ("dokument-bild", draw(&document(locale, Preview::Image))),
        ("dokument-text", draw(&document(locale, Preview::Text))),
        ("dokument-ohne", draw(&document(locale, Preview::None))),
        ("dokument-weg", draw(&document(locale, Preview::Away))),
        ("dokumentenspeicher", draw(&store)),
    ]
}

pub fn fragments(locale: Locale) -> Drawn {
    vec![("dokumente-feld", draw(&DocumentsPanel { frame: frame(locale), part: part(true) }))]
}

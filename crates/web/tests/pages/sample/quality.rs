//! What the rules found, and one rule's findings.

use super::{Drawn, draw, frame};
use kernel::Locale;
use web::pages::{quality::*, *};

fn rule(code: &'static str, name: &str, open: i64) -> RuleRow {
    RuleRow {
        code,
        name: name.into(),
        why: "Kundenzahlen und Umsatz je Kunde stimmen nicht.".into(),
        open: open.to_string(),
        any: open > 0,
        looked: true,
        share: if open > 0 { "0,6 % von 2.011".into() } else { String::new() },
        exempt: if open > 0 { "3 Ausnahmen".into() } else { String::new() },
        course: "31 → 14 → 12".into(),
        ran: "vor 4 Min".into(),
        reported: open > 100,
    }
}

pub fn pages(locale: Locale) -> Drawn {
    let report = |id, state: &str| ReportRow {
        id,
        rule: "Import bleibt aus".into(),
        text: "Seit Montag <b>böse</b> keine Buchungen.".into(),
        under: "Jana Hoffmann → Sabine Ritter, 23.11.2026, 09:41".into(),
        state: state.into(),
        label: frame(locale).say_with("quality-show-one", "name", state),
    };
    let all = QualityPage {
        frame: frame(locale).at_place(Place::Quality),
        notice: None,
        subtitle: frame(locale).say_with("quality-subtitle", "n", 312),
        rules: vec![
            rule("order_without_customer", "Buchung ohne Kunden", 12),
            rule("address_bounced", "E-Mail-Adresse unzustellbar", 300),
            rule("impossible_age", "Älter als 120 Jahre", 0),
        ],
        touched: vec![TouchedRow {
            figure: "Umsatz".into(),
            rule: "Buchung ohne Kunden".into(),
            code: "order_without_customer",
            size: "12 betroffen (0,6 %)".into(),
        }],
        reports: vec![report(1, "open"), report(2, "mended")],
        mends: true,
    };
    let row = |id, exempt: &str| FindingRow {
        id,
        name: "Thomas <b>böse</b> Engel".into(),
        href: format!("/kontakte/{id}"),
        found: "vor 3 Tagen".into(),
        exempt: exempt.into(),
    };
    let one = |exempt: bool, reported| QualityRulePage {
        frame: frame(locale).at(Place::Quality, "Buchung ohne Kunden"),
        notice: None,
        code: "order_without_customer".into(),
        name: "Buchung ohne Kunden".into(),
        why: "Wer gebucht hat, ist noch Lead.".into(),
        advice: "Die Art des Kontakts auf Kunde setzen.".into(),
        exempt,
        rows: vec![row(7, if exempt { "Jana Hoffmann: Reisebüro" } else { "" })],
        older: Some("/verwaltung/datenqualitaet/order_without_customer?nach=7".into()),
        text: "Buchung ohne Kunden. Beispiele: 7".into(),
        reported,
    };
    vec![
        ("datenqualitaet", draw(&all)),
        ("datenqualitaet-regel", draw(&one(false, false))),
        ("datenqualitaet-ausnahmen", draw(&one(true, true))),
    ]
}

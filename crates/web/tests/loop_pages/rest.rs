//! Sample segments, imports and caught mails.

use crate::{Drawn, EVIL, frame, tree};
use askama::Template;
use kernel::{ImportId, Locale, SegmentId, Sentence, Timestamp};
use web::pages::{Choice, Place, imports::*, postbox::*, segments::*, segments_tree::Draft};

const AT: Timestamp = Timestamp(1_795_424_520_000_000);

fn fragment(locale: Locale) -> TreeFragment {
    TreeFragment {
        frame: frame(locale),
        draft: Draft::from_json(&tree::example(), &tree::catalogue()),
        catalogue: tree::catalogue(),
        errors: vec![(2, Sentence::new("fault-busy"))],
    }
}

fn count(locale: Locale, alone: bool) -> CountFragment {
    CountFragment {
        frame: frame(locale),
        count: Some(3_184),
        of: 48_902,
        sentence: "Personen von 45 bis 70 mit Einwilligung E-Mail.".into(),
        nodes: vec![0, 1, 2],
        errors: vec![(2, Sentence::new("fault-busy"))],
        alone,
    }
}

fn segment(locale: Locale, id: Option<SegmentId>) -> SegmentPage {
    SegmentPage {
        frame: frame(locale).at(Place::Segments, "Toskana-Interesse"),
        id,
        version: "2".into(),
        name: EVIL.into(),
        name_error: String::new(),
        notice: None,
        tree: fragment(locale),
        count: if id.is_some() { count(locale, false) } else { CountFragment { count: None, ..count(locale, false) } },
        uses: vec![Use { label: "Toskana Frühling 2027".into(), href: "/kampagnen/12/selektion".into() }],
        may_edit: true,
    }
}

fn segments(locale: Locale, any: bool) -> SegmentsPage {
    let row = SegmentRow {
        id: SegmentId(7),
        name: "Toskana-Interesse 45 bis 70".into(),
        sentence: EVIL.into(),
        count: Some(3_184),
        campaigns: 1,
        changed: AT,
        changed_by: "Jana Hoffmann".into(),
    };
    SegmentsPage {
        frame: frame(locale).at(Place::Segments, frame(locale).say("segments-title")),
        query: String::new(),
        rows: if any { vec![SegmentRow { count: None, ..row.clone() }, row] } else { Vec::new() },
        any,
        may_edit: true,
    }
}

fn imports(locale: Locale, full: bool) -> ImportsPage {
    let row = ImportRow {
        id: ImportId(3),
        file: EVIL.into(),
        kind: "Kontakte".into(),
        at: AT,
        by: "Jana Hoffmann".into(),
        state: "fertig".into(),
        tone: "good",
        taken: 48_902,
        rejected: 14,
    };
    ImportsPage {
        frame: frame(locale).at(Place::Import, frame(locale).say("imports-title")),
        kinds: vec![Choice::new("contacts", "Kontakte", true), Choice::new("orders", "Buchungen", false)],
        error: if full { "Das ist ein PDF.".into() } else { String::new() },
        history: if full { vec![row] } else { Vec::new() },
        may_import: true,
    }
}

fn mapping(locale: Locale) -> MappingPage {
    let one = |value: &str| vec![Choice::new(value, value, true)];
    let column = |index, heading: &str, error: &str| ColumnRow {
        index,
        heading: heading.into(),
        samples: vec!["K-1001".into(), EVIL.into()],
        fields: vec![Choice::new("", "nicht übernehmen", false), Choice::new("number", "Kundennummer", true)],
        error: error.into(),
    };
    let cell = |text: &str, error: &str| PreviewCell { text: text.into(), error: error.into() };
    MappingPage {
        frame: frame(locale).at(Place::Import, "kunden.csv"),
        id: ImportId(3),
        file: "kunden.csv".into(),
        about: "Kontakte, 4,2 MB".into(),
        encodings: one("UTF-8"),
        delimiters: one(";"),
        headers: one("ja"),
        dates: one("TT.MM.JJJJ"),
        numbers: one("1.234,56"),
        columns: vec![column(0, "Kundennr", ""), column(1, "E-Mail", "Schon vergeben.")],
        preview_heads: vec!["Kundennummer".into(), "E-Mail".into()],
        preview: vec![
            PreviewRow {
                line: 2,
                cells: vec![cell("K-1001", ""), cell("ada@", "keine Adresse")],
                error: String::new(),
            },
            PreviewRow { line: 3, cells: vec![cell("K-1002", ""), cell(EVIL, "")], error: "zu viele Spalten".into() },
        ],
        errors: vec!["Keine Spalte ist der Nachname.".into()],
    }
}

fn progress(locale: Locale) -> ImportProgressFragment {
    let progress =
        ImportProgress { rows: 12_000, percent: 40, rest: "noch 10 s".into(), doing: "Zeilen werden geprüft".into() };
    ImportProgressFragment { frame: frame(locale), id: ImportId(3), progress }
}

fn result(locale: Locale, stage: ImportStage) -> ImportResultPage {
    let rejection =
        Rejection { line: 17, field: "E-Mail".into(), value: EVIL.into(), reason: "Das ist keine Adresse.".into() };
    ImportResultPage {
        frame: frame(locale).at(Place::Import, "kunden.csv"),
        id: ImportId(3),
        file: "kunden.csv".into(),
        about: "Kontakte, 4,2 MB".into(),
        stage,
        rejections: vec![rejection],
        records: "/kontakte".into(),
    }
}

fn caught(locale: Locale, has_html: bool) -> CaughtMailPage {
    CaughtMailPage {
        frame: frame(locale).at(Place::Postbox, "Termine im Mai"),
        id: "5".into(),
        at: AT,
        subject: EVIL.into(),
        headers: vec![
            ("From".into(), "Almara Reisen <post@example.org>".into()),
            ("List-Unsubscribe".into(), "<https://example.org/u>".into()),
        ],
        has_html,
        text: "Liebe Katharina".into(),
        bytes: 12_345,
    }
}

pub fn pages(locale: Locale) -> Drawn {
    let tally = Tally { created: 40_000, updated: 800, unchanged: 8_102, rejected: 14 };
    let row = CaughtRow { id: "5".into(), at: AT, to: "k.lindner@example.org".into(), subject: String::new() };
    let postbox = |rows: Vec<CaughtRow>| PostboxPage {
        frame: frame(locale).at(Place::Postbox, frame(locale).say("postbox-title")),
        query: EVIL.into(),
        total: rows.len() as i64,
        rows,
        more: Some("/postfang?seite=2".into()),
    };
    vec![
        ("segments", segments(locale, true).render().unwrap()),
        ("segments-empty", segments(locale, false).render().unwrap()),
        ("segment", segment(locale, Some(SegmentId(7))).render().unwrap()),
        ("segment-new", segment(locale, None).render().unwrap()),
        ("imports", imports(locale, true).render().unwrap()),
        ("imports-empty", imports(locale, false).render().unwrap()),
        ("import-mapping", mapping(locale).render().unwrap()),
        ("import-working", result(locale, ImportStage::Working(progress(locale))).render().unwrap()),
        ("import-tried", result(locale, ImportStage::Tried(tally)).render().unwrap()),
        ("import-done", result(locale, ImportStage::Done(tally)).render().unwrap()),
        ("import-cancelled", result(locale, ImportStage::Cancelled(tally)).render().unwrap()),
        ("import-failed", result(locale, ImportStage::Failed(EVIL.into())).render().unwrap()),
        ("postbox", postbox(vec![row]).render().unwrap()),
        ("postbox-empty", postbox(Vec::new()).render().unwrap()),
        ("postbox-mail", caught(locale, true).render().unwrap()),
        ("postbox-text", caught(locale, false).render().unwrap()),
    ]
}

pub fn fragments(locale: Locale) -> Drawn {
    vec![
        ("segment-tree", fragment(locale).render().unwrap()),
        ("segment-count", count(locale, true).render().unwrap()),
        ("import-progress", progress(locale).render().unwrap()),
    ]
}

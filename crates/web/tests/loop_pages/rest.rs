//! Sample segments, imports and caught mails.

use crate::{Drawn, EVIL, frame, tree};
use askama::Template;
use kernel::{ImportId, Locale, SegmentId, Sentence, Timestamp};
use web::pages::{
    Banner, Choice, Place, Tab, imports::*, postbox::*, segments::*, segments_people::*, segments_text::*,
    segments_tree::Draft,
};

const AT: Timestamp = Timestamp(1_795_424_520_000_000);

fn fragment(locale: Locale) -> TreeFragment {
    TreeFragment {
        frame: frame(locale),
        draft: Draft::from_json(&tree::example(), &tree::catalogue()),
        catalogue: tree::catalogue(),
        errors: vec![(2, Sentence::new("fault-busy"))],
        marks: marks(),
        before: "n0.is=all".into(),
        focus: Some(2),
        jump: true,
        removed: true,
        alone: true,
    }
}

fn marks() -> Vec<Mark> {
    let one = Mark { node: 1, count: Some(48_902), holds: Some(true), actual: EVIL.into() };
    vec![
        Mark { node: 0, count: Some(3_184), holds: Some(false), actual: String::new() },
        one,
        Mark { node: 2, ..Mark::default() },
    ]
}

fn head(locale: Locale, id: Option<SegmentId>, here: &str) -> Head {
    let tab = |path: &str| Tab {
        label: path.into(),
        href: format!("/segmente/7/{path}"),
        current: path == here,
        count: None,
    };
    let title = if id.is_some() { EVIL.into() } else { frame(locale).say("segments-new") };
    Head { id, title, lead: frame(locale).say("segment-lead"), tabs: ["", "menschen", "json"].map(tab).into() }
}

fn hit(id: i64) -> Hit {
    Hit { id, name: EVIL.into(), under: "Kunde · 10001 · Graz".into() }
}

fn who(locale: Locale) -> Who {
    Who { frame: frame(locale), search: EVIL.into(), chosen: Some(hit(1)), hits: vec![hit(2), hit(3)] }
}

fn people(locale: Locale) -> PeoplePage {
    let bar = |label: &str, people, falls| ReachBar {
        label: label.into(),
        people,
        falls,
        href: "/kontakte?segment=7".into(),
    };
    let again = "/segmente/7/menschen?los=2".to_owned();
    PeoplePage {
        frame: frame(locale).at(Place::Segments, "Toskana-Interesse"),
        head: head(locale, Some(SegmentId(7)), "menschen"),
        reach: ReachFragment {
            frame: frame(locale),
            bars: vec![bar("Alle", 100, false), bar("Ohne Adresse", 3, true), bar("Erreichbar", 97, false)],
        },
        sample: Some(SampleFragment { frame: frame(locale), people: vec![hit(1)], next: 2, again }),
        lot: 1,
        others: vec![Choice::new("8", EVIL, true)],
        overlap: Some(OverlapView {
            parts: vec![("In beiden".into(), 5, "/kontakte?segment=7".into()), (EVIL.into(), 3, String::new())],
            note: "41,2 %".into(),
        }),
    }
}

fn json(locale: Locale) -> JsonPage {
    JsonPage {
        frame: frame(locale).at(Place::Segments, "Toskana-Interesse"),
        head: head(locale, Some(SegmentId(7)), "json"),
        version: "2".into(),
        name: EVIL.into(),
        name_error: String::new(),
        json: EVIL.into(),
        errors: vec![("all[0].op".into(), EVIL.into()), (String::new(), "x".into())],
        notice: Some(Banner::info("Übernommen", "")),
        may_edit: true,
    }
}

fn versions(locale: Locale) -> VersionsPage {
    let row = |version: i64, compare: &str| VersionRow {
        version,
        name: EVIL.into(),
        at: AT,
        by: "Jana Hoffmann".into(),
        compare: compare.into(),
        chosen: version == 1,
    };
    let line = |change, text: &str| ComparedLine { change, depth: 1, text: text.into() };
    VersionsPage {
        frame: frame(locale).at(Place::Segments, "Toskana-Interesse"),
        head: head(locale, Some(SegmentId(7)), "versionen"),
        versions: vec![row(2, ""), row(1, "/segmente/7/versionen?alt=1")],
        compared: Some((1, vec![line("same", "Alle"), line("gone", EVIL), line("new", "Land")])),
        current: 2,
        may_edit: true,
    }
}

fn sql(locale: Locale) -> SqlPage {
    SqlPage {
        frame: frame(locale).at(Place::Segments, "x"),
        head: head(locale, Some(SegmentId(7)), "sql"),
        sql: EVIL.into(),
    }
}

fn count(locale: Locale, alone: bool) -> CountFragment {
    CountFragment {
        frame: frame(locale),
        count: Some(3_184),
        of: 48_902,
        sentence: "Personen von 45 bis 70 mit Einwilligung E-Mail.".into(),
        href: "/kontakte?bedingung=%7B%7D".into(),
        unfinished: true,
        marks: marks(),
        verdict: Some(Verdict { href: "/kontakte/1".into(), name: EVIL.into(), holds: true, archived: false }),
        errors: vec![(2, Sentence::new("fault-busy"))],
        alone,
    }
}

fn segment(locale: Locale, id: Option<SegmentId>) -> SegmentPage {
    SegmentPage {
        frame: frame(locale).at(Place::Segments, "Toskana-Interesse"),
        head: head(locale, id, ""),
        version: "2".into(),
        name: EVIL.into(),
        name_error: String::new(),
        notice: None,
        tree: fragment(locale),
        count: if id.is_some() { count(locale, false) } else { CountFragment { count: None, ..count(locale, false) } },
        uses: vec![Use { label: "Toskana Frühling 2027".into(), href: "/kampagnen/12/selektion".into() }],
        course: Course {
            text: "12 mehr".into(),
            spark: charts::spark(&[1.0, 2.0], charts::Colour::C1),
            note: "Von 1 zu 2".into(),
        },
        who: id.map(|_| who(locale)),
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
        holds: Some(true),
    };
    SegmentsPage {
        frame: frame(locale).at(Place::Segments, frame(locale).say("segments-title")),
        query: String::new(),
        rows: if any { vec![SegmentRow { count: None, holds: None, ..row.clone() }, row] } else { Vec::new() },
        any,
        may_edit: true,
        person: any.then(|| (3, EVIL.to_owned())),
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
        sheets: one("Kunden"),
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
        may_revert: true,
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
    let stayed = vec![Stayed { id: 7, name: EVIL.into(), why: "seitdem geändert: Ort".into() }];
    let reverted = Reverted { removed: 40_000, restored: 799, kept: 1, stayed };
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
        ("segment-people", people(locale).render().unwrap()),
        ("segment-json", json(locale).render().unwrap()),
        ("segment-sql", sql(locale).render().unwrap()),
        ("segment-versions", versions(locale).render().unwrap()),
        ("segment-new", segment(locale, None).render().unwrap()),
        ("imports", imports(locale, true).render().unwrap()),
        ("imports-empty", imports(locale, false).render().unwrap()),
        ("import-mapping", mapping(locale).render().unwrap()),
        ("import-working", result(locale, ImportStage::Working(progress(locale))).render().unwrap()),
        ("import-tried", result(locale, ImportStage::Tried(tally)).render().unwrap()),
        ("import-done", result(locale, ImportStage::Done(tally)).render().unwrap()),
        ("import-cancelled", result(locale, ImportStage::Cancelled(tally)).render().unwrap()),
        ("import-reverted", result(locale, ImportStage::Reverted(reverted)).render().unwrap()),
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
        ("segment-who", who(locale).render().unwrap()),
        ("segment-count", count(locale, true).render().unwrap()),
        ("import-progress", progress(locale).render().unwrap()),
    ]
}

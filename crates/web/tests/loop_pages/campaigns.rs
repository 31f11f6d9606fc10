//! Sample campaigns of an invented tour operator.

use crate::{Drawn, EVIL, frame};
use askama::Template;
use kernel::{CampaignId, ContactId, Currency, Locale, MessageId, Timestamp};
use web::pages::{
    Choice, Place, campaigns::*, campaigns_evaluation::*, campaigns_execution::*, campaigns_planning::*,
    campaigns_selection::*, quality::TouchedRow,
};

const AT: Timestamp = Timestamp(1_795_424_520_000_000);

fn head(here: Phase, now: Phase) -> CampaignHead {
    CampaignHead {
        id: CampaignId(12),
        name: "Toskana Frühling 2027".into(),
        subtitle: "Kunden binden, E-Mail · Jana Hoffmann · ab 6. Oktober 2026".into(),
        now,
        here,
        notes: ["Ziel 200 Buchungen", "11.206 von 12.480 Personen", "10.086 versandt", "214 Buchungen, ROI +136 %"]
            .map(Into::into),
    }
}

fn figures(sent: i64, roi: Option<f64>) -> CampaignFigures {
    CampaignFigures {
        sent,
        opened: Some(0.437),
        clicked: Some(0.12),
        bookings: 214,
        revenue: 48_730_000,
        currency: Currency::EUR,
        roi,
    }
}

fn list(locale: Locale, any: bool) -> CampaignsPage {
    let row = |id, name: &str, phase, figures| CampaignRow {
        id: CampaignId(id),
        name: name.into(),
        period: "6. 10. – 17. 11.".into(),
        phase,
        state: String::new(),
        figures,
        next: "Zielgruppe wählen, 4.120 Treffer".into(),
    };
    let rows = vec![
        row(1, "Toskana Frühling 2027", Phase::Evaluation, Some(figures(10_086, Some(1.36)))),
        row(2, "Frühbucher Sommer 2027", Phase::Execution, Some(figures(18_420, Some(0.88)))),
        row(3, "Nordkap Winterlicht", Phase::Selection, None),
        row(4, EVIL, Phase::Planning, None),
        row(5, "Gewinnspiel Reisemesse", Phase::Evaluation, Some(figures(2_870, Some(-0.38)))),
        row(6, "Ohne Kosten", Phase::Evaluation, Some(CampaignFigures { opened: None, ..figures(0, None) })),
    ];
    let card = |phase| PhaseCard { phase, count: 2, note: "Nordkap Winterlicht".into() };
    CampaignsPage {
        frame: frame(locale).at(Place::Campaigns, frame(locale).say("campaigns-title")),
        phases: Phase::ALL.map(card),
        chosen: None,
        query: if any { String::new() } else { EVIL.into() },
        rows: if any { rows } else { Vec::new() },
        total: any.then(|| figures(38_890, None)),
        any,
        may_plan: true,
    }
}

fn preview() -> Preview {
    Preview {
        subject: "Katharina, Termine im Mai".into(),
        html: "<!doctype html><html><body style=\"font-family:sans-serif;padding:24px\"><h1>Liebe Katharina,</h1><p>die Toskana im Mai.</p></body></html>".into(),
        text: "Liebe Katharina,\n\ndie Toskana im Mai.".into(),
        trouble: String::new(),
        missing: vec!["Vorname".into()],
    }
}

fn plan(locale: Locale, trouble: bool) -> PlanningPage {
    let frame = frame(locale).at(Place::Campaigns, "Toskana Frühling 2027");
    let form = PlanForm {
        version: "3".into(),
        name: "Toskana Frühling 2027".into(),
        goal: "loyalty".into(),
        goal_text: "Termine im Mai füllen".into(),
        target_bookings: "200".into(),
        segment: "7".into(),
        fixed_cost: "1.250,00".into(),
        unit_cost: "0,02".into(),
        currency: "EUR".into(),
        margin: "22".into(),
        attribution_days: "30".into(),
        control: "1".into(),
        control_share: "10".into(),
        sender_name: "Almara Reisen".into(),
        sender_address: "post@example.org".into(),
        reply_to: String::new(),
        subject: "{{ contact.first_name }}, Termine im Mai".into(),
        body: format!("# Liebe {{{{ contact.first_name }}}},\n\ndie Toskana im Mai.\n\n{EVIL}"),
    };
    let error = |field, text: &str| FieldError { field, text: text.into() };
    let errors = vec![
        error("sender_address", "Die Adresse endet nach dem @. Beispiel: name@firma.de"),
        error("body", "In Zeile 3 fehlt die schließende Klammer."),
        error("segment", "Bitte ein Segment wählen."),
    ];
    PlanningPage {
        frame,
        head: head(Phase::Planning, Phase::Planning),
        form,
        errors: if trouble { errors } else { Vec::new() },
        conflict: trouble.then(|| Conflict {
            by: "Kai Lorenz hat um 09:41 gespeichert.".into(),
            version: "4".into(),
            fields: vec![Difference {
                label: "Betreff".into(),
                theirs: "Mai in der Toskana".into(),
                mine: EVIL.into(),
            }],
        }),
        segments: vec![Choice::new("7", "Toskana-Interesse 45 bis 70", true), Choice::new("8", "Stammkunden", false)],
        segment_note: "12.480 Personen".into(),
        merge_fields: vec![
            MergeField { name: "contact.first_name".into(), label: "Vorname".into() },
            MergeField { name: "contact.last_name".into(), label: "Nachname".into() },
        ],
        people: vec![Choice::new("1", "Dr. Katharina Lindner", true), Choice::new("2", "Ingrid Schäfer", false)],
        preview: if trouble { Preview { trouble: "In Zeile 3 …".into(), ..Preview::default() } } else { preview() },
        editable: true,
    }
}

fn selection(locale: Locale, verdict: Verdict) -> SelectionPage {
    let bar = |label: &str, left, taken| WaterfallBar {
        label: label.into(),
        left,
        taken,
        href: people_href(CampaignId(12), "x"),
    };
    let check =
        |verdict, text: &str| CheckItem { verdict, text: text.into(), link: Some(("Ansehen".into(), "/x".into())) };
    SelectionPage {
        frame: frame(locale).at(Place::Campaigns, "Toskana Frühling 2027"),
        head: head(Phase::Selection, Phase::Selection),
        segment: Some(SegmentBrief {
            name: "Toskana-Interesse".into(),
            href: "/segmente/7".into(),
            sentence: "Personen von 45 bis 70 Jahren mit Einwilligung E-Mail.".into(),
        }),
        waterfall: vec![
            bar("Passen zum Segment", 12_480, 0),
            bar("mit Einwilligung", 11_760, 720),
            bar("ohne Mehrfachadressen", 11_500, 260),
            bar("ohne Kontrollgruppe", 10_350, 1_150),
            bar("Empfänger", 10_350, 0),
        ],
        recipients: 10_350,
        control: 1_150,
        control_share: 10.0,
        sample: vec![SamplePerson {
            name: "Dr. Katharina Lindner".into(),
            href: "/kontakte/1".into(),
            email: EVIL.into(),
            kind: "Kundin".into(),
            last_order: String::new(),
        }],
        checks: vec![
            check(Verdict::Good, "Abmeldelink ist enthalten."),
            check(Verdict::Warn, "Bei 41 Personen fehlt der Vorname."),
            check(verdict, "Alle Links sind erreichbar."),
        ],
        approved: String::new(),
        may_approve: true,
        may_reopen: false,
        frozen: false,
        version: "3".into(),
    }
}

fn live(locale: Locale, running: bool) -> LiveFragment {
    let reason = |label: &str, count| LedgerReason { label: label.into(), count, href: "/kontakte?gruppe=r".into() };
    let state = |label: &str, count, tone, reasons| LedgerState {
        label: label.into(),
        count,
        href: "/kontakte?gruppe=s".into(),
        tone,
        reasons,
    };
    LiveFragment {
        frame: frame(locale),
        address: "/kampagnen/12/fortschritt".into(),
        progress: Progress {
            done: 6_240,
            total: 10_086,
            rest: "noch 4 Minuten".into(),
            state: if running { "Läuft".into() } else { "Angehalten".into() },
            running,
            tone: "warn",
        },
        ledger: vec![
            state("Geplant", 3_846, "", vec![]),
            state("Wird versandt", 100, "accent", vec![]),
            state("Versandt", 6_000, "good", vec![]),
            state("Fehlgeschlagen", 100, "bad", vec![reason("Adresse unbekannt", 80), reason("Postfach voll", 20)]),
            state("Ausgelassen", 138, "", vec![reason("keine Einwilligung", 138)]),
            state("Ungewiss", 2, "warn", vec![]),
        ],
    }
}

fn reactions() -> Vec<Reaction> {
    let one = |id, name: &str, text: &str, channel, icon| Reaction {
        id,
        name: name.into(),
        href: "/kontakte/4".into(),
        channel,
        icon,
        text: text.into(),
        time: "09:41".into(),
        at: AT,
    };
    vec![
        one(9, "Hannelore Weiß", "ruft an", "phone", "phone"),
        one(8, "Matthias Brenner", EVIL, "email", "click"),
        one(7, "Claudia Baumann", "bucht, 2.740 €", "sale", "plane"),
    ]
}

fn execution(locale: Locale, running: bool) -> ExecutionPage {
    let doubt = Doubt {
        message: MessageId(77),
        contact: ContactId(5),
        name: "Ingrid Schäfer".into(),
        email: "ingrid@example.org".into(),
        since: AT,
    };
    ExecutionPage {
        frame: frame(locale).at(Place::Campaigns, "Toskana Frühling 2027"),
        head: head(Phase::Execution, Phase::Execution),
        levers: Levers { launch: !running, pause: running, resume: !running, cancel: true, test: true },
        recipients: 10_086,
        draft: false,
        version: "5".into(),
        live: live(locale, running),
        test_address: "jana@example.org".into(),
        test_error: String::new(),
        doubts: vec![doubt],
        reactions: reactions(),
    }
}

fn evaluation(locale: Locale, effect: bool) -> EvaluationPage {
    let statistic = |channel, icon, label: &str, value: &str| Statistic {
        channel,
        icon,
        label: label.into(),
        value: value.into(),
        note: "97,9 % zugestellt".into(),
        href: "/kontakte?kampagne=12".into(),
        lines: vec![("Zugestellt".into(), "9.871".into()), ("Rückläufer".into(), "215".into())],
    };
    let group = |rate, low, high| Group { rate, low, high, href: "/kontakte".into() };
    let metric = |label: &str| MetricRow {
        label: label.into(),
        count: "4.312".into(),
        rate: "43,7 %".into(),
        formula: "Personen mit mindestens einer Öffnung / zugestellt".into(),
        href: "/kontakte".into(),
    };
    EvaluationPage {
        frame: frame(locale).at(Place::Campaigns, "Toskana Frühling 2027"),
        head: head(Phase::Evaluation, Phase::Evaluation),
        as_of: AT,
        touched: vec![TouchedRow {
            figure: "Umsatz".into(),
            rule: "Bestellung ohne Kunden".into(),
            code: "order_without_customer",
            size: "12 betroffen (0,4 %)".into(),
        }],
        begun: true,
        may_conclude: true,
        statistics: vec![
            statistic("email", "mail", "Versand-Statistik", "10.086"),
            statistic("web", "world", "View-Statistik", "4.312"),
            statistic("phone", "phone", "Erfolg-Statistik", "486"),
            statistic("sale", "plane", "Sales-Statistik", "214"),
        ],
        effect: effect.then(|| Effect {
            treated: group(0.0217, 0.019, 0.0247),
            control: group(0.0098, 0.004, 0.0156),
            verdict: "+117 Buchungen".into(),
            verdict_rest: "gegenüber der Kontrollgruppe: 2,2-mal so viele wie ohne Kampagne.".into(),
            tone: "good",
            footnote: "Unterschied +1,19 Prozentpunkte, belastbar.".into(),
        }),
        no_effect: "Diese Kampagne hatte keine Kontrollgruppe.".into(),
        earnings: Earnings {
            roi: effect.then_some(1.36),
            attributed_roi: effect.then_some(2.08),
            attributed_revenue: 34_120_000,
            currency: Currency::EUR,
            incremental: effect,
            revenue: 26_640_900,
            margin: 0.22,
            contribution: 5_861_000,
            cost: 2_486_000,
            profit: 3_375_000,
        },
        metrics: vec![metric("Öffnungsrate"), metric("Klickrate")],
        course: Course {
            labels: (6..20).map(|d| format!("{d}. 10.")).collect(),
            opens: (0..14).map(|d| 4_312.0 * (1.0 - 0.6_f64.powi(d + 1))).collect(),
            clicks: (0..14).map(|d| 1_187.0 * (1.0 - 0.7_f64.powi(d + 1))).collect(),
        },
        links: vec![LinkRow {
            label: "Termine im Mai".into(),
            url: EVIL.into(),
            people: 901,
            clicks: 1_104,
            href: "/kontakte".into(),
        }],
        machine_opens: 21,
        machine_clicks: 1,
    }
}

pub fn pages(locale: Locale) -> Drawn {
    let no_segment = SelectionPage { segment: None, ..selection(locale, Verdict::Good) };
    let frozen =
        SelectionPage { approved: "Freigegeben von Jana Hoffmann.".into(), ..selection(locale, Verdict::Good) };
    let closed = PlanningPage { editable: false, ..plan(locale, false) };
    let silent = EvaluationPage { begun: false, ..evaluation(locale, false) };
    vec![
        ("campaigns", list(locale, true).render().unwrap()),
        ("campaigns-empty", list(locale, false).render().unwrap()),
        ("campaign-planning", plan(locale, false).render().unwrap()),
        ("campaign-planning-trouble", plan(locale, true).render().unwrap()),
        ("campaign-planning-closed", closed.render().unwrap()),
        ("campaign-selection", selection(locale, Verdict::Good).render().unwrap()),
        ("campaign-selection-blocked", selection(locale, Verdict::Bad).render().unwrap()),
        ("campaign-selection-none", no_segment.render().unwrap()),
        ("campaign-selection-frozen", frozen.render().unwrap()),
        ("campaign-execution", execution(locale, true).render().unwrap()),
        ("campaign-execution-still", execution(locale, false).render().unwrap()),
        ("campaign-evaluation", evaluation(locale, true).render().unwrap()),
        ("campaign-evaluation-plain", evaluation(locale, false).render().unwrap()),
        ("campaign-evaluation-empty", silent.render().unwrap()),
    ]
}

pub fn fragments(locale: Locale) -> Drawn {
    vec![
        ("live", live(locale, true).render().unwrap()),
        ("preview", PreviewFragment { frame: frame(locale), preview: preview() }.render().unwrap()),
        ("reactions", ReactionsFragment { frame: frame(locale), reactions: reactions() }.render().unwrap()),
    ]
}

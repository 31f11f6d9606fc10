//! The overview with its charts and its feed.

use super::{Drawn, draw, frame};
use charts::{Colour, Funnel, Series, StackV, Step};
use kernel::Locale;
use web::pages::{changes::*, contacts::FilterMenu, dashboard::*, notifications::*, *};

fn tile(label: &str, value: &str, up: bool, tone: Tone, change: &str, values: &[f64]) -> Tile {
    Tile {
        label: label.into(),
        value: value.into(),
        href: Some("/kontakte".into()),
        trend: Some(Trend { up, tone, text: change.into() }),
        note: "zuvor 42.880".into(),
        target: Some(Aim { met: tone == Tone::Good, off_track: tone == Tone::Bad, text: "Ziel 45.000".into() }),
        spark: charts::spark(values, if tone == Tone::Bad { Colour::C8 } else { Colour::C1 }),
    }
}

fn feed() -> Vec<FeedLine> {
    let line = |id: i64, channel, kind, name: &str, text: &str, time: &str| FeedLine {
        id: id.to_string(),
        sign: Sign::of(channel, kind),
        name: name.into(),
        href: if name.is_empty() { String::new() } else { format!("/kontakte/{id}") },
        text: text.into(),
        time: time.into(),
        iso: "2026-11-24T08:42:00Z".into(),
    };
    vec![
        line(912, "web", "page_viewed", "Dr. Katharina Lindner", "sieht „Toskana zu Fuß, 8 Tage“", "09:42"),
        line(911, "phone", "call_in", "Hannelore Weiß", "ruft an", "09:41"),
        line(910, "email", "clicked", "<b>böse</b>", "klickt „Frühbucher Sommer 2027“", "09:41"),
        line(909, "shop", "order_placed", "Petra Sander", "bucht Madeira, 2.180 €", "09:40"),
    ]
}

fn channels(locale: Locale) -> ChannelPanel {
    let names = ["E-Mail", "Web", "Social", "Telefon", "Käufe", "Service"];
    let colours = [Colour::C1, Colour::C2, Colour::C4, Colour::C3, Colour::C5, Colour::C7];
    let sizes: [f64; 6] = [41.0, 36.0, 13.0, 9.0, 4.0, 3.0];
    let weeks: Vec<String> = (36..48).map(|week| format!("KW {week}")).collect();
    let course = [96.0, 96.0, 99.0, 103.0, 155.0, 141.0, 123.0, 115.0, 117.0, 122.0, 130.0, 114.0];
    let series = (0..6).map(|i| Series {
        label: names[i].into(),
        colour: colours[i],
        values: course.iter().map(|n| (n * sizes[i]).round()).collect(),
    });
    let mut chart = StackV::new("Interaktionen", weeks, series.collect(), locale);
    chart.hrefs = (36..48).map(|week| format!("/kontakte?woche={week}")).collect();
    chart.hot = Some(4);
    let numbers = [1, 2, 4, 3, 5, 7];
    let legend = (0..6).map(|i| LegendLine {
        label: names[i].into(),
        colour: numbers[i],
        count: locale.count((sizes[i] * 460.0) as i64),
        share: locale.percent(sizes[i] / 106.0, 1),
        href: format!("/kontakte?kanal={i}"),
    });
    ChannelPanel {
        subtitle: frame(locale).say("dashboard-channels-text"),
        chart: charts::stack_v(&chart),
        legend: legend.collect(),
        note: String::new(),
    }
}

fn change(up: bool) -> ChangeLine {
    ChangeLine {
        id: 17,
        sign: Sign::of("web", ""),
        name: "Dr. Katharina Lindner <b>böse</b>".into(),
        text: "9 an einem Tag, üblich: 1".into(),
        people: "/kontakte/7".into(),
        up,
        strength: "+184 %".into(),
        day: "23.11.2026".into(),
        href: "/veraenderungen/17".into(),
    }
}

fn told(locale: Locale) -> Drawn {
    let row = |id, read| NotificationRow {
        id,
        icon: "user",
        topic: "Verhalten einer Person".into(),
        text: "<b>böse</b>: 9 Interaktionen an einem Tag".into(),
        when: "vor 2 Stunden".into(),
        iso: "2026-11-24T08:42:00Z".into(),
        read,
    };
    let titled = |key: &str| frame(locale).titled(frame(locale).say(key)).with_unread(3);
    let centre = NotificationsPage {
        frame: titled("notification-title"),
        rows: vec![row(2, false), row(1, true)],
        any_unread: true,
        next: Some("/benachrichtigungen?vor=1".into()),
        sees_changes: true,
    };
    let choice = || vec![Choice::new("1", "<b>böse</b>", true)];
    let wish = NotificationWishPage {
        frame: titled("notification-wish"),
        topics: choice(),
        strengths: choice(),
        segments: choice(),
        channels: choice(),
        mail: true,
    };
    let why = WhyPage {
        frame: titled("change-title"),
        line: change(true),
        chart: charts::spark(&[1.0, 2.0, 9.0], Colour::C1),
        days: "23.11.2026".into(),
        chance: frame(locale).say("change-chance-tiny"),
        method: frame(locale).say("change-method-person"),
        people_label: frame(locale).say("change-to-person"),
        sees_people: true,
        makes_segment: true,
        plans: true,
    };
    vec![
        ("benachrichtigungen", draw(&centre)),
        ("benachrichtigungen-einstellungen", draw(&wish)),
        ("veraenderungen", draw(&ChangesPage { frame: titled("change-title"), lines: vec![change(true)] })),
        ("veraenderungen-keine", draw(&ChangesPage { frame: titled("change-title"), lines: Vec::new() })),
        ("veraenderung", draw(&why)),
    ]
}

fn dashboard(locale: Locale) -> DashboardPage {
    let frame = frame(locale).at_place(Place::Dashboard);
    let up = [1.0, 2.0, 2.0, 4.0, 3.0, 6.0, 7.0];
    let down = [7.0, 6.0, 6.0, 4.0, 5.0, 2.0, 2.0];
    let steps =
        [("reached", 14_180.0), ("opened", 5_246.0), ("clicked", 1_733.0), ("ordered", 397.0)].map(|(key, n)| Step {
            label: frame.say(&format!("dashboard-funnel-{key}")),
            value: n,
            href: Some("/kontakte".into()),
        });
    let campaign = |name: &str, arc, roi: &str, roi_tone| CampaignLine {
        name: name.into(),
        href: "/kampagnen/3".into(),
        arc,
        sent: "10.086".into(),
        opened: "43,7 %".into(),
        orders: "214".into(),
        orders_href: "/kontakte?kampagne=3".into(),
        revenue: "487.300 €".into(),
        roi: roi.into(),
        roi_tone,
    };
    let periods = ["7", "30", "90", "365"].map(|days| Tab {
        label: frame.say(&format!("dashboard-last-{days}")),
        href: format!("/?tage={days}"),
        current: days == "30",
        count: None,
    });
    DashboardPage {
        greeting: DashboardPage::greeting(&frame, 9, "Jana Hoffmann"),
        today: "Dienstag, 24. November 2026".into(),
        periods: periods.into(),
        period: frame.say("dashboard-last-30"),
        compared_name: frame.say("dashboard-before"),
        compared: "26.09. bis 25.10.".into(),
        comparisons: vec![Tab {
            label: "Vorjahr".into(),
            href: "/?vergleich=vorjahr".into(),
            current: false,
            count: None,
        }],
        first_day: "2026-10-26".into(),
        last_day: "2026-11-24".into(),
        kept: vec![("segment".into(), "7".into())],
        filters: vec![FilterChip { label: "Alter".into(), value: "45–70".into(), remove: "/".into() }],
        more_filters: vec![FilterMenu {
            key: "kanal",
            label: "Kanal".into(),
            choices: vec![Tab {
                label: "<b>böse</b>".into(), href: "/?kanal=web".into(), current: false, count: None
            }],
        }],
        live_url: "/stand".into(),
        seq: 912,
        as_of: "09:42:13".into(),
        may_plan: true,
        may_set_targets: true,
        arrange: None,
        arrange_url: "/?anordnen=1".into(),
        notice: None,
        touched: vec![web::pages::quality::TouchedRow {
            figure: "Umsatz".into(),
            rule: "Buchung ohne Kunden".into(),
            code: "order_without_customer",
            size: "12 betroffen (0,6 %)".into(),
        }],
        tiles: vec![
            tile("Interaktionen", "48.216", true, Tone::Good, "12,4 %", &up),
            tile("Interaktionen je Kontakt", "3,4", true, Tone::Good, "0,3", &up),
            tile("Conversion-Rate", "2,8 %", true, Tone::Good, "0,4 PP", &up),
            tile("Umsatz", "1,24 Mio. €", true, Tone::Good, "8,1 %", &up),
            tile("E-Mail-Öffnungsrate", "41,2 %", false, Tone::Bad, "1,8 PP", &down),
            tile("Klickrate", "12,1 %", true, Tone::Good, "0,5 PP", &up),
            tile("Buchungen", "397", true, Tone::Good, "5,2 %", &up),
            tile("Warenkorbabbrüche", "68,4 %", true, Tone::Bad, "2,2 PP", &up),
        ],
        channels: Some(channels(locale)),
        funnel: Some(ChartPanel {
            subtitle: "Personen in 30 Tagen".into(),
            chart: charts::funnel(&Funnel::new("Conversion-Trichter", steps.into(), locale)),
        }),
        campaigns: vec![
            campaign("Toskana Frühling 2027", 4, "+136 %", "good"),
            campaign("Gewinnspiel Reisemesse", 5, "−38 %", "bad"),
        ],
        sees_campaigns: true,
        feed: feed(),
        sees_feed: true,
        lines: vec![change(true), change(false)],
        next_steps: vec![
            NextStep { icon: "users", head: "12 Stille".into(), idea: "silent", plans: true, ..NextStep::default() },
            NextStep {
                icon: "shopping-cart-x",
                head: "418 offene Körbe".into(),
                text: "Im Schnitt 1.790 €".into(),
                label: "Erinnerung planen".into(),
                href: "/kampagnen/neu".into(),
                ..NextStep::default()
            },
        ],
        frame,
    }
}

pub fn pages(locale: Locale) -> Drawn {
    let quiet = DashboardPage {
        feed: Vec::new(),
        campaigns: Vec::new(),
        channels: None,
        funnel: None,
        next_steps: Vec::new(),
        ..dashboard(locale)
    };
    let new = DashboardPage { tiles: Vec::new(), ..dashboard(locale) };
    let tile = |code: &str, is_first, is_last| ArrangeTile {
        code: code.into(),
        label: format!("Kachel {code}"),
        is_first,
        is_last,
    };
    let arrange = ArrangePanel {
        tiles: vec![tile("orders", true, false), tile("revenue", false, true)],
        more: vec![Choice::new("open_rate", "Öffnungsrate", false)],
        back: "/?anordnen=1".into(),
        done: "/".into(),
    };
    let arranging = DashboardPage { arrange: Some(arrange), ..dashboard(locale) };
    let target = |id, met| TargetRow {
        id,
        metric: "Umsatz".into(),
        span: "Quartal".into(),
        segment: "Alle Kontakte".into(),
        goal: "1.200.000 €".into(),
        value: "1.240.000 €".into(),
        met,
        state: "Erreicht".into(),
    };
    let targets = TargetsPage {
        frame: frame(locale).at(Place::Dashboard, frame(locale).say("target-title")),
        rows: vec![target(1, true), target(2, false)],
        may_set: true,
        metrics: vec![Choice::new("revenue", "Umsatz", true)],
        spans: vec![Choice::new("month", "Monat", true)],
        segments: vec![Choice::new("", "Alle Kontakte", true)],
        days: "30".into(),
        value: "abc".into(),
        error_days: String::new(),
        error_value: frame(locale).say("target-value-odd"),
    };
    let mut pages = told(locale);
    pages.extend([
        ("uebersicht-anordnen", draw(&arranging)),
        ("ziele", draw(&targets)),
        ("uebersicht", draw(&dashboard(locale))),
        ("uebersicht-still", draw(&quiet)),
        ("uebersicht-neu", draw(&new)),
    ]);
    pages
}

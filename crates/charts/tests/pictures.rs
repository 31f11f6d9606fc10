//! Every chart, whatever it is given, is well-formed and holds no figure that is not a number.

use charts::*;
use kernel::{Cell, Column, Currency, Locale, Table, Unit};
use proptest::prelude::*;

/// Checks tags for balance, attributes for quoting and text for bare markup; `Err` says where it breaks.
fn well_formed(xml: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        text_ok(&rest[..at])?;
        let end = rest[at..].find('>').ok_or("a tag without end")? + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> closes nothing"));
            }
            continue;
        }
        let (body, closed) = tag.strip_suffix('/').map_or((tag, false), |body| (body, true));
        let (name, attributes) = body.split_once(' ').unwrap_or((body, ""));
        let parts: Vec<&str> = attributes.split('"').collect();
        if parts.len().is_multiple_of(2) {
            return Err(format!("odd quotes in <{tag}>"));
        }
        for pair in parts.chunks(2).filter(|p| p.len() == 2) {
            if !pair[0].trim().ends_with('=') {
                return Err(format!("{:?} is no attribute", pair[0]));
            }
            text_ok(pair[1])?;
        }
        if !closed {
            open.push(name);
        }
    }
    text_ok(rest)?;
    if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}")) }
}

fn text_ok(text: &str) -> Result<(), String> {
    for (at, _) in text.match_indices('&') {
        if !["&amp;", "&lt;", "&gt;", "&quot;"].iter().any(|e| text[at..].starts_with(e)) {
            return Err(format!("a bare & in {text:?}"));
        }
    }
    if text.chars().any(|c| c < ' ' || c == '<') { Err(format!("forbidden in {text:?}")) } else { Ok(()) }
}

fn sound(svg: &str) {
    well_formed(svg).unwrap_or_else(|e| panic!("{e}\n{svg}"));
    // Labels cannot hold these words in the tests below, so they could only be figures.
    for word in ["NaN", "inf"] {
        assert!(!svg.contains(word), "{word} in {svg}");
    }
    for number in svg.split(&['"', ' ', ','][..]).filter_map(|t| t.parse::<f64>().ok()) {
        assert!(number.is_finite());
    }
}

fn bar(label: &str, value: f64) -> Bar {
    Bar { label: label.into(), value, text: "t".into(), href: Some("/kontakte?a=1&b=\"2\"".into()), ..Bar::default() }
}

fn every_chart(labels: &[String], values: &[f64]) -> Vec<String> {
    let pairs = || labels.iter().zip(values);
    let href = Some("/x".to_owned());
    let bars = pairs().map(|(l, v)| bar(l, *v)).collect();
    let slices = pairs().map(|(l, v)| Slice { label: l.clone(), value: *v, href: href.clone(), ..Slice::default() });
    let steps = pairs().map(|(l, v)| Step { label: l.clone(), value: *v, href: href.clone() });
    let line = Line { label: "a".into(), values: values.to_vec(), dashed: true, ..Line::default() };
    let series = || vec![Series { label: "s".into(), values: values.to_vec(), ..Series::default() }; 3];
    let groups = pairs().map(|(l, v)| Group { label: l.clone(), values: vec![*v, 1.0, 0.0], ..Group::default() });
    let interval = |(l, v): (&String, &f64)| Interval {
        label: l.clone(),
        value: *v,
        low: v - 0.1,
        high: v + 0.1,
        ..Interval::default()
    };
    let first = labels.first().cloned().unwrap_or_default();
    vec![
        bars_h(&BarsH { target: values.first().map(|v| (*v, first.clone())), ..BarsH::new(&first, bars) }),
        donut(&Donut {
            center: Some((first.clone(), first.clone())),
            ..Donut::new(&first, slices.collect(), Locale::De)
        }),
        funnel(&Funnel::new(&first, steps.collect(), Locale::De)),
        lift(&Lift::new(&first, pairs().map(interval).collect(), Locale::De)),
        lines(&Lines::new(&first, labels.to_vec(), vec![line.clone(), line], Locale::En)),
        stack_v(&StackV { hrefs: vec!["/y".into()], ..StackV::new(&first, labels.to_vec(), series(), Locale::De) }),
        stack_h(&StackH { shares: false, ..StackH::new(&first, groups.clone().collect(), series(), Locale::De) }),
        stack_h(&StackH::new(&first, groups.collect(), series(), Locale::De)),
        spark(values, Colour::Sun),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn whatever_it_is_given(
        rows in proptest::collection::vec(("[^Nni]{0,12}", proptest::num::f64::ANY), 0..14)
    ) {
        let (labels, values): (Vec<String>, Vec<f64>) = rows.into_iter().unzip();
        for svg in every_chart(&labels, &values) {
            sound(&svg);
        }
    }
}

#[test]
fn nothing_zeros_one_and_the_monstrous() {
    let label = |n: usize| (0..n).map(|i| format!("r{i}")).collect::<Vec<_>>();
    for values in [vec![], vec![0.0], vec![0.0; 5], vec![7.0], vec![f64::MAX; 3], vec![-1.0, 3.0], vec![1e15, 1.0]] {
        for svg in every_chart(&label(values.len()), &values) {
            sound(&svg);
        }
    }
}

#[test]
fn a_name_with_markup_stays_text() {
    let svg = bars_h(&BarsH::new("<b>\"&", vec![bar("<script>alert(1)</script>\u{0}", 1.0)]));
    sound(&svg);
    assert!(!svg.contains("<script"));
    assert!(svg.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

fn table() -> Table {
    let columns = [
        ("channel", Unit::Text),
        ("orders", Unit::Count),
        ("revenue", Unit::Money(Currency::EUR)),
        ("rate", Unit::Share),
        ("low", Unit::Share),
        ("high", Unit::Share),
    ];
    let mut table = Table::new(columns.into_iter().map(|(key, unit)| Column::new(key, unit)).collect());
    let row = |name: &str, orders, revenue, rate, low, high| {
        let (rate, low, high) = (Cell::Real(rate), Cell::Real(low), Cell::Real(high));
        vec![Cell::Text(name.into()), Cell::Int(orders), Cell::Int(revenue), rate, low, high]
    };
    table.rows.push(row("Angesprochen", 214, 48_730_000, 0.0217, 0.019, 0.0247));
    table.rows.push(row("Kontrollgruppe", 11, 2_504_700, 0.0098, 0.004, 0.0156));
    table
}

#[test]
fn bars_of_a_table() {
    insta::assert_snapshot!(bars_h(&bars_of("Umsatz", &table(), "channel", "revenue", Locale::De)));
}

#[test]
fn stacked_columns_of_a_table() {
    insta::assert_snapshot!(stack_v(&stack_v_of(
        "Buchungen",
        &table(),
        "channel",
        &[("orders", "Buchungen")],
        Locale::De
    )));
}

#[test]
fn stacked_bars_of_a_table() {
    insta::assert_snapshot!(stack_h(&stack_h_of(
        "Bookings",
        &table(),
        "channel",
        &[("orders", "Bookings"), ("revenue", "Revenue")],
        Locale::En
    )));
}

#[test]
fn a_ring_of_a_table() {
    insta::assert_snapshot!(donut(&donut_of("Buchungen", &table(), "channel", "orders", Locale::De)));
}

#[test]
fn a_funnel_of_a_table() {
    insta::assert_snapshot!(funnel(&funnel_of("Trichter", &table(), "channel", "orders", Locale::De)));
}

#[test]
fn a_lift_of_a_table() {
    insta::assert_snapshot!(lift(&lift_of("Buchungsquote", &table(), "channel", ["rate", "low", "high"], Locale::De)));
}

#[test]
fn lines_and_a_spark_of_a_table() {
    let table = table();
    insta::assert_snapshot!(lines(&lines_of("Bookings", &table, "channel", &[("orders", "Bookings")], Locale::En)));
    insta::assert_snapshot!(spark_of(&table, "orders", Colour::C1));
}

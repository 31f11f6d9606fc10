//! Further ways to reach somebody: rows of the form, and lines beside the master data.

use super::form::Typed;
use crate::{
    door::Desk,
    pages::{
        Choice,
        contact::{Mark, MasterLine},
        contact_form::PointRow,
    },
};
use crm::{
    customers::{Contact, ContactPoint, POINT_KINDS, POINT_WHATS},
    intake::{country, phone},
};
use kernel::{Locale, Sentence, sentence::say};
use std::collections::BTreeMap;

/// How the names of these inputs begin, followed by the number of the row and the part.
pub const PREFIX: &str = "point.";
const PARTS: [&str; 9] =
    ["what", "kind", "text", "street", "postal_code", "city", "country", "valid_from", "valid_until"];

fn part<'a>(point: &'a mut ContactPoint, name: &str) -> &'a mut String {
    match name {
        "what" => &mut point.what,
        "kind" => &mut point.kind,
        "text" => &mut point.text,
        "street" => &mut point.street,
        "postal_code" => &mut point.postal_code,
        "city" => &mut point.city,
        "country" => &mut point.country,
        "valid_from" => &mut point.valid_from,
        _ => &mut point.valid_until,
    }
}

/// Rows that say something, in the order of the form; their numbers are the positions in the draft.
pub fn read(typed: &Typed) -> Vec<ContactPoint> {
    let mut rows: BTreeMap<u32, ContactPoint> = BTreeMap::new();
    for (name, value) in typed {
        let named = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once('.'));
        let Some((n, name)) = named.and_then(|(n, part)| Some((n.parse().ok()?, part))) else { continue };
        if PARTS.contains(&name) {
            value.clone_into(part(rows.entry(n).or_default(), name));
        }
    }
    rows.into_values().filter(|row| !row.is_blank()).collect()
}

/// Puts points into the form.
pub fn write(points: &[ContactPoint], typed: &mut Typed) {
    for (n, point) in points.iter().enumerate() {
        let mut point = point.clone();
        if point.what == "phone" {
            point.text = phone::international(&point.text);
        }
        for name in PARTS {
            typed.insert(format!("{PREFIX}{n}.{name}"), std::mem::take(part(&mut point, name)));
        }
    }
}

/// The rows that stand in the form, and an empty one for each kind of way.
pub fn rows(typed: &Typed, errors: &BTreeMap<String, String>, locale: Locale) -> Vec<PointRow> {
    let standing = read(typed);
    let blank = POINT_WHATS.map(|what| ContactPoint { what: what.to_owned(), ..ContactPoint::default() });
    let count = standing.len();
    let row = |(n, point): (usize, ContactPoint)| PointRow {
        n,
        is_blank: n >= count,
        label: say(locale, &format!("customers-point-of-{}", point.what), None),
        kinds: POINT_KINDS
            .map(|kind| {
                Choice::new(kind, say(locale, &format!("customers-point-kind-{kind}"), None), kind == point.kind)
            })
            .into(),
        // A code reads as the country it stands for.
        country: country::read(&point.country).map_or(point.country, |code| country::name(code, locale).to_owned()),
        what: point.what,
        text: point.text,
        street: point.street,
        postal_code: point.postal_code,
        city: point.city,
        valid_from: point.valid_from,
        valid_until: point.valid_until,
        error: errors
            .iter()
            .find(|(field, _)| field.starts_with(&format!("points.{n}.")))
            .map(|(_, said)| said.clone()),
    };
    standing.into_iter().chain(blank).enumerate().map(row).collect()
}

/// What a point says, line by line.
fn told(point: &ContactPoint, locale: Locale) -> Vec<String> {
    let place = format!("{} {}", point.postal_code, point.city).trim().to_owned();
    let land = country::read(&point.country).map_or("", |code| country::name(code, locale)).to_owned();
    let text = if point.what == "phone" { phone::shown(&point.text, phone::HOME) } else { point.text.clone() };
    [text, point.street.clone(), place, land].into_iter().filter(|line| !line.is_empty()).collect()
}

/// The same on one line, with its use and its days.
pub fn said(point: &ContactPoint, locale: Locale) -> String {
    let said = told(point, locale).join(", ");
    let kind = say(locale, &format!("customers-point-kind-{}", point.kind), None);
    let valid = valid(point, locale);
    format!("{said} ({kind}{}{valid})", if valid.is_empty() { "" } else { ", " })
}

fn valid(point: &ContactPoint, locale: Locale) -> String {
    let day = |text: &str| text.parse().map_or_else(|_| text.to_owned(), |day| locale.day(day));
    let (from, until) = (day(&point.valid_from), day(&point.valid_until));
    let sentence = match (from.is_empty(), until.is_empty()) {
        (true, true) => return String::new(),
        (false, true) => Sentence::new("contacts-point-since").with("from", from),
        (true, false) => Sentence::new("contacts-point-to").with("until", until),
        (false, false) => Sentence::new("contacts-point-between").with("from", from).with("until", until),
    };
    sentence.say(locale)
}

/// Lines beside the master data: every further way, and how a letter to the person begins.
pub fn lines(desk: &Desk, contact: &Contact) -> Vec<MasterLine> {
    let (locale, today) = (desk.locale, desk.zone.day(desk.now()));
    let now = today.to_string();
    let further = contact.points.iter().map(|point| {
        let key = match point.what.as_str() {
            "email" => "contacts-email",
            "phone" => "contacts-phone",
            _ => "contacts-address",
        };
        let kind = say(locale, &format!("customers-point-kind-{}", point.kind), None);
        let mark = (!point.holds(today)).then(|| {
            let over = !point.valid_until.is_empty() && point.valid_until < now;
            let key = if over { "contacts-point-over" } else { "contacts-point-later" };
            Mark { label: say(locale, key, None), tone: "line", icon: "" }
        });
        MasterLine {
            label: format!("{}, {kind}", say(locale, key, None)),
            lines: told(point, locale),
            mark,
            under: valid(point, locale),
        }
    });
    let letter = [
        ("contacts-letter-address", contact.address_block(desk.house.mail.locale, today)),
        (
            "contacts-letter-salutation",
            vec![contact.addressee().salutation_line(contact.locale(desk.house.mail.locale))],
        ),
    ];
    let letter = letter.into_iter().filter(|(_, lines)| !lines.is_empty()).map(|(key, lines)| MasterLine {
        label: say(locale, key, None),
        lines,
        mark: None,
        under: String::new(),
    });
    further.chain(letter).collect()
}

//! The house's own attributes of a contact: shown beside the master data, asked for in the form.

use crate::pages::{Choice, contact_form::OwnField};
use crm::customers::{Attribute, AttributeKind};
use kernel::{Currency, Locale, Money, sentence::say};
use std::collections::BTreeMap;

/// A stored value as people read it.
pub fn own_value(own: &Attribute, value: &str, locale: Locale) -> String {
    let shown = match own.kind {
        AttributeKind::Text => None,
        AttributeKind::Choice => own.choice(value, locale).map(str::to_owned),
        AttributeKind::Number => value.parse().ok().map(|n| locale.count(n)),
        AttributeKind::Money => value.parse().ok().map(|minor| locale.money(minor, Currency::EUR)),
        AttributeKind::Day => value.parse().ok().map(|day| locale.day(day)),
        AttributeKind::Flag => {
            Some(say(locale, if value == "1" { "segments-fields-yes" } else { "segments-fields-no" }, None))
        }
    };
    shown.unwrap_or_else(|| value.to_owned())
}

/// How the names of these inputs begin.
pub const PREFIX: &str = "attribute.";

/// What a field of the form is called when it is posted.
pub fn name(own: &Attribute) -> String {
    format!("{PREFIX}{}", own.key)
}

/// The inputs of the form with what stands in them; attributes that were put away are shown where they have a value.
pub fn fields(
    known: &[Attribute],
    typed: &BTreeMap<String, String>,
    errors: &BTreeMap<String, String>,
    locale: Locale,
) -> Vec<OwnField> {
    let shown =
        known.iter().filter(|own| !own.archived || typed.get(&name(own)).is_some_and(|value| !value.is_empty()));
    let field = |own: &Attribute| {
        let value = typed.get(&name(own)).map_or("", String::as_str);
        let mut choices = Vec::new();
        if matches!(own.kind, AttributeKind::Choice | AttributeKind::Flag) {
            choices.push(Choice::new("", say(locale, "attributes-nothing", None), value.is_empty()));
        }
        match own.kind {
            AttributeKind::Choice => choices.extend(own.choices.iter().map(|choice| {
                let label = own.choice(&choice.code, locale).unwrap_or_default().to_owned();
                Choice::new(choice.code.clone(), label, value == choice.code)
            })),
            AttributeKind::Flag => {
                choices.extend(["1", "0"].map(|code| Choice::new(code, own_value(own, code, locale), value == code)))
            }
            _ => {}
        }
        OwnField {
            name: name(own),
            label: own.label(locale).to_owned(),
            kind: if own.kind == AttributeKind::Day { "date" } else { "text" },
            value: value.to_owned(),
            choices,
            hint: own.purpose.clone(),
            error: errors.get(&own.key).cloned().unwrap_or_default(),
        }
    };
    shown.map(field).collect()
}

/// What stands in the form for a stored value: money and numbers as people write them.
pub fn written(own: &Attribute, value: &str, locale: Locale) -> String {
    match own.kind {
        AttributeKind::Money => {
            let minor = value.parse::<i64>().unwrap_or_default();
            let sign = locale.decimal();
            format!("{}{}{sign}{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100)
        }
        _ => value.to_owned(),
    }
}

/// What a posted input means; what cannot be read stays as it is typed and is refused by the room.
pub fn read(own: &Attribute, typed: &str, locale: Locale) -> String {
    let typed = typed.trim();
    match own.kind {
        AttributeKind::Money if !typed.is_empty() => {
            let decimal = locale.decimal();
            Money::parse(typed, decimal, Currency::EUR)
                .map_or_else(|| typed.to_owned(), |money| money.minor.to_string())
        }
        AttributeKind::Number => {
            let thousands = if locale == Locale::De { '.' } else { ',' };
            typed.replace(thousands, "")
        }
        _ => typed.to_owned(),
    }
}

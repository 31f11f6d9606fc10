//! The value of a leaf: what fits its field's shape and its operator.

use super::super::{Names, Op, Shape, Value, field::Target};
use jiff::civil::Date;
use kernel::Sentence;
use serde_json::Value as Json;

/// Most values in a list, longest text in bytes.
const MANY: usize = 1_000;
const LONG: usize = 300;

type Complaint = (&'static str, Sentence);

/// A bare day, `2026-01-01`, in the years the house can count with.
pub fn day(text: &str) -> Option<Date> {
    let day: Date = text.parse().ok()?;
    (text.len() == 10 && (1800..=9000).contains(&day.year())).then_some(day)
}

pub fn read(shape: Shape, op: Op, json: &Json, names: &Names) -> Result<Value, Complaint> {
    match op {
        Op::IsEmpty | Op::IsSet => match json {
            Json::Null => Ok(Value::Nothing),
            _ => Err(("no_value", "segments-fields-no-value".into())),
        },
        Op::WithinDays | Op::OlderThanDays | Op::AnniversaryWithinDays => {
            let days = json.as_i64().filter(|n| (1..=36_500).contains(n));
            let complaint = || Sentence::new("segments-fields-number-between").with("least", 1).with("most", 36_500);
            days.map(Value::Int).ok_or_else(|| ("number", complaint()))
        }
        Op::In | Op::NotIn => list(shape, json, names),
        Op::Between => range(shape, json, names),
        Op::Contains | Op::StartsWith => match one(shape, json, names)? {
            Value::Text(text) if text.is_empty() => Err(("required", "segments-fields-required".into())),
            value => Ok(value),
        },
        _ => one(shape, json, names),
    }
}

fn one(shape: Shape, json: &Json, names: &Names) -> Result<Value, Complaint> {
    match shape {
        Shape::Text => text(json).map(Value::Text),
        Shape::Choice(codes) => {
            let complaint = || Sentence::new("segments-fields-choice").with("fits", codes.join(", "));
            let code = json.as_str().filter(|code| codes.is_empty() || codes.contains(code));
            code.map(|code| Value::Text(code.to_owned())).ok_or_else(|| ("choice", complaint()))
        }
        Shape::Number | Shape::Money => {
            let whole = json.as_i64().filter(|n| n.abs() <= 1_000_000_000_000_000);
            let key = if shape == Shape::Money { "segments-fields-money" } else { "segments-fields-whole-number" };
            whole.map(Value::Int).ok_or_else(|| ("number", key.into()))
        }
        Shape::Share => {
            let share = json.as_f64().filter(|x| (0.0..=1.0).contains(x));
            share.map(Value::Share).ok_or_else(|| ("share", "segments-fields-share".into()))
        }
        Shape::Day | Shape::Instant => {
            let day = json.as_str().and_then(day);
            day.map(Value::Day).ok_or_else(|| ("day", "segments-fields-day".into()))
        }
        Shape::Flag => json.as_bool().map(Value::Flag).ok_or_else(|| ("flag", "segments-fields-flag".into())),
        Shape::Reference(target) => reference(target, json, names).map(Value::Int),
    }
}

fn text(json: &Json) -> Result<String, Complaint> {
    let Some(text) = json.as_str() else { return Err(("text", "segments-fields-text".into())) };
    if text.len() > LONG || text.contains('\0') {
        return Err(("text", Sentence::new("segments-fields-text-too-long").with("most", LONG)));
    }
    Ok(text.to_owned())
}

fn reference(target: Target, json: &Json, names: &Names) -> Result<i64, Complaint> {
    if let Some(id) = json.as_i64().filter(|id| *id > 0) {
        return Ok(id);
    }
    match (target, json.as_str()) {
        (Target::Product, Some(sku)) => names
            .product(sku)
            .ok_or_else(|| ("unknown_product", Sentence::new("segments-fields-unknown-product").with("product", sku))),
        (Target::Category, Some(name)) => names.category(name).ok_or_else(|| {
            ("unknown_category", Sentence::new("segments-fields-unknown-category").with("category", name))
        }),
        (Target::Tag, Some(name)) => names
            .tag(name)
            .ok_or_else(|| ("unknown_tag", Sentence::new("segments-fields-unknown-tag").with("tag", name))),
        _ => Err(("id", "segments-fields-id".into())),
    }
}

fn list(shape: Shape, json: &Json, names: &Names) -> Result<Value, Complaint> {
    let items = json.as_array().filter(|list| !list.is_empty() && list.len() <= MANY);
    let complaint = || Sentence::new("segments-fields-list").with("most", MANY);
    let items = items.ok_or_else(|| ("list", complaint()))?;
    let mut texts = Vec::new();
    let mut numbers = Vec::new();
    for item in items {
        match one(shape, item, names)? {
            Value::Text(text) => texts.push(text),
            Value::Int(n) => numbers.push(n),
            _ => return Err(("list", complaint())),
        }
    }
    Ok(if texts.is_empty() { Value::Ints(numbers) } else { Value::Texts(texts) })
}

fn range(shape: Shape, json: &Json, names: &Names) -> Result<Value, Complaint> {
    let complaint = || ("range", Sentence::new("segments-fields-range"));
    let [from, to] = json.as_array().map(Vec::as_slice).unwrap_or_default() else { return Err(complaint()) };
    let value = match (one(shape, from, names)?, one(shape, to, names)?) {
        (Value::Int(a), Value::Int(b)) if a <= b => Value::IntRange(a, b),
        (Value::Share(a), Value::Share(b)) if a <= b => Value::ShareRange(a, b),
        (Value::Day(a), Value::Day(b)) if a <= b => Value::DayRange(a, b),
        _ => return Err(complaint()),
    };
    Ok(value)
}

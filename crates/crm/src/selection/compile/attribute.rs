//! Master data, company, consent, membership.

use super::{
    super::{Attribute, Field, Op, Value, days, days::Period, field::Plain},
    Circle, Context, always,
    comparison::{Spelling, number, text, within},
    living, node,
};
use crate::customers::AttributeKind;
use jiff::civil::Date;
use sea_query::{Condition, Expr, ExprTrait, Func, Query, SelectStatement};

pub fn compile(leaf: &Attribute, context: &Context, trail: &mut Vec<i64>) -> Condition {
    match leaf.op.denies() {
        Some(op) => Condition::all().add(affirm(&leaf.field, op, &leaf.value, context, trail).not()),
        None => affirm(&leaf.field, leaf.op, &leaf.value, context, trail),
    }
}

fn affirm(field: &Field, op: Op, value: &Value, context: &Context, trail: &mut Vec<i64>) -> Condition {
    let expr = match field {
        Field::Plain(Plain::Segment) => return membership(value, context, trail),
        Field::Consent { channel, purpose } => consent(channel, purpose, value),
        Field::Plain(plain) => master(*plain, op, value, context),
        Field::Own { key, kind } => {
            let mut held = own(key, *kind, "1", "one", op, value, context);
            held.and_where(Expr::cust("attribute_value.contact_id = contact.id"));
            let held = Expr::exists(held);
            if *value == Value::Flag(false) { held.not() } else { held }
        }
    };
    Condition::all().add(expr)
}

/// Whom the leaf means by a select of its own; `None` where it means other segments.
pub fn circle(leaf: &Attribute, context: &Context) -> Option<Circle> {
    let op = leaf.op.denies().unwrap_or(leaf.op);
    let mut others = leaf.op.denies().is_some();
    let select = match &leaf.field {
        Field::Plain(Plain::Segment) => return None,
        Field::Consent { channel, purpose } => {
            others ^= leaf.value != Value::Flag(true);
            given("consent.contact_id", "contact", channel, purpose)
        }
        Field::Own { key, kind } => {
            others ^= leaf.value == Value::Flag(false);
            own(key, *kind, "attribute_value.contact_id", "contact", op, &leaf.value, context)
        }
        Field::Plain(plain) => living().and_where(master(*plain, op, &leaf.value, context)).to_owned(),
    };
    Some(if others { Circle::Others(select) } else { Circle::Those(select) })
}

fn master(plain: Plain, op: Op, value: &Value, context: &Context) -> Expr {
    use Spelling::{AsWritten, Folded, Lower};
    match plain {
        Plain::Number => text(&Expr::cust("contact.number"), AsWritten, op, value),
        Plain::Kind => text(&Expr::cust("contact.kind"), AsWritten, op, value),
        Plain::Salutation => text(&Expr::cust("contact.salutation"), AsWritten, op, value),
        Plain::Title => text(&Expr::cust("contact.title"), AsWritten, op, value),
        Plain::FirstName => text(&Expr::cust("contact.first_key"), Folded, op, value),
        Plain::LastName => text(&Expr::cust(LAST_NAME), Folded, op, value),
        Plain::Email => text(&Expr::cust("contact.email_key"), Lower, op, value),
        Plain::EmailDomain => domain(op, value),
        Plain::Phone => text(&Expr::cust("contact.phone"), AsWritten, op, value),
        Plain::Street => text(&Expr::cust("contact.street"), AsWritten, op, value),
        Plain::PostalCode => text(&Expr::cust("contact.postal_code"), AsWritten, op, value),
        Plain::City => text(&Expr::cust("contact.city_key"), Folded, op, value),
        Plain::Country => text(&Expr::cust("contact.country"), AsWritten, op, value),
        Plain::Language => text(&Expr::cust("contact.language"), AsWritten, op, value),
        Plain::Source => text(&Expr::cust("contact.source"), AsWritten, op, value),
        Plain::CompanyName => company(text(&Expr::cust("company.name_key"), Folded, op, value)),
        Plain::CompanyIndustry => company(text(&Expr::cust("company.industry"), AsWritten, op, value)),
        Plain::Budget => number(&Expr::cust("contact.budget_minor"), op, value),
        Plain::Occupation => text(&Expr::cust("contact.occupation"), AsWritten, op, value),
        Plain::Tag => tagged(op, value),
        Plain::Owner => number(&Expr::cust("contact.owner_id"), op, value),
        Plain::CreatedAt => instant(&Expr::cust("contact.created_at"), op, value, context),
        Plain::UpdatedAt => instant(&Expr::cust("contact.updated_at"), op, value, context),
        Plain::BirthDate => day(&Expr::cust("contact.birth_date"), op, value, context.today()),
        Plain::Age => age(op, value, context.today()),
        Plain::Segment => always(false),
    }
}

/// The folded last name: `name_key` is "last first".
const LAST_NAME: &str = "(CASE WHEN contact.first_key = '' THEN contact.name_key \
     WHEN LENGTH(contact.name_key) > LENGTH(contact.first_key) \
     THEN SUBSTR(contact.name_key, 1, LENGTH(contact.name_key) - LENGTH(contact.first_key) - 1) ELSE '' END)";

/// What follows the `@`. An address has exactly one (`kernel::EmailAddress`).
fn domain(op: Op, value: &Value) -> Expr {
    const DOMAIN: &str = "(CASE WHEN contact.email_key IS NULL THEN NULL \
         ELSE SUBSTR(contact.email_key, LENGTH(RTRIM(contact.email_key, REPLACE(contact.email_key, '@', ''))) + 1) END)";
    text(&Expr::cust(DOMAIN), Spelling::Lower, op, value)
}

fn company(holds: Expr) -> Expr {
    let select = Query::select().expr(Expr::cust("company.id")).from("company").and_where(holds).to_owned();
    Expr::cust("contact.company_id").is_not_null().and(Expr::cust("contact.company_id").in_subquery(select))
}

/// Carrying any of the tags.
fn tagged(op: Op, value: &Value) -> Expr {
    let mut select = Query::select();
    select.expr(Expr::cust("1")).from("contact_tag").and_where(Expr::cust("contact_tag.contact_id = contact.id"));
    if op != Op::IsSet {
        select.and_where(number(&Expr::cust("contact_tag.tag_id"), op, value));
    }
    Expr::exists(select)
}

/// The values of one of the house's attributes that fit; a flag asks for those that say yes.
fn own(
    key: &str,
    kind: AttributeKind,
    column: &'static str,
    name: &'static str,
    op: Op,
    value: &Value,
    context: &Context,
) -> SelectStatement {
    let text_key = Expr::cust("attribute_value.text_key");
    let fits = match kind {
        AttributeKind::Text => text(&text_key, Spelling::Folded, op, value),
        AttributeKind::Choice => text(&text_key, Spelling::AsWritten, op, value),
        AttributeKind::Number | AttributeKind::Money => number(&Expr::cust("attribute_value.number"), op, value),
        AttributeKind::Day => day(&text_key, op, value, context.today()),
        AttributeKind::Flag => Expr::cust("attribute_value.number = 1"),
    };
    Query::select()
        .expr_as(Expr::cust(column), name)
        .from("attribute_value")
        .inner_join("attribute", Expr::cust("attribute.id = attribute_value.attribute_id"))
        .and_where(Expr::cust("attribute.key").eq(key))
        .and_where(fits)
        .to_owned()
}

/// Looked up person by person: a page of a list then asks for as many as it shows, and a narrow segment for few.
fn consent(channel: &str, purpose: &str, value: &Value) -> Expr {
    let mut given = given("1", "one", channel, purpose);
    given.and_where(Expr::cust("consent.contact_id = contact.id"));
    let given = Expr::exists(given);
    if *value == Value::Flag(true) { given } else { given.not() }
}

/// The consents that hold.
fn given(column: &'static str, name: &'static str, channel: &str, purpose: &str) -> SelectStatement {
    Query::select()
        .expr_as(Expr::cust(column), name)
        .from("consent")
        .and_where(Expr::cust("consent.current = 1 AND consent.granted = 1"))
        .and_where(Expr::cust("consent.channel").eq(channel))
        .and_where(Expr::cust("consent.purpose").eq(purpose))
        .to_owned()
}

/// Being in any of the segments.
fn membership(value: &Value, context: &Context, trail: &mut Vec<i64>) -> Condition {
    let ids = match value {
        Value::Int(id) => std::slice::from_ref(id),
        Value::Ints(ids) => ids,
        _ => &[],
    };
    let mut any = Condition::any().add(always(false));
    for id in ids {
        if let Some(definition) = context.segment(*id)
            && !trail.contains(id)
        {
            trail.push(*id);
            any = any.add(node(&definition.root, context, trail));
            trail.pop();
        }
    }
    any
}

/// Days mean whole days of the zone.
fn instant(column: &Expr, op: Op, value: &Value, context: &Context) -> Expr {
    let start = |day: Date| context.zone.start_of(day);
    let after = |day: Date| context.zone.start_of(days::plus(day, 1));
    let period = match (op, value) {
        (Op::IsSet, _) => Period::default(),
        (Op::Eq, Value::Day(day)) => Period { from: Some(start(*day)), to: Some(after(*day)) },
        (Op::Lt, Value::Day(day)) => Period { from: None, to: Some(start(*day)) },
        (Op::Lte, Value::Day(day)) => Period { from: None, to: Some(after(*day)) },
        (Op::Gt, Value::Day(day)) => Period { from: Some(after(*day)), to: None },
        (Op::Gte, Value::Day(day)) => Period { from: Some(start(*day)), to: None },
        (Op::Between, Value::DayRange(a, b)) => Period { from: Some(start(*a)), to: Some(after(*b)) },
        (Op::WithinDays, Value::Int(n)) => Period::last(*n, context.now, &context.zone),
        (Op::OlderThanDays, Value::Int(n)) => {
            Period { from: None, to: Period::last(*n, context.now, &context.zone).from }
        }
        _ => return always(false),
    };
    within(column, period)
}

/// A column of days as `YYYY-MM-DD`, whose order is the order of the days.
fn day(column: &Expr, op: Op, value: &Value, today: Date) -> Expr {
    let column = column.clone();
    let set = column.clone().is_not_null().and(column.clone().ne(""));
    let comparison = match (op, value) {
        (Op::IsSet, _) => return set,
        (Op::Eq, Value::Day(day)) => column.eq(day.to_string()),
        (Op::Lt, Value::Day(day)) => column.lt(day.to_string()),
        (Op::Lte, Value::Day(day)) => column.lte(day.to_string()),
        (Op::Gt, Value::Day(day)) => column.gt(day.to_string()),
        (Op::Gte, Value::Day(day)) => column.gte(day.to_string()),
        (Op::Between, Value::DayRange(a, b)) => column.clone().gte(a.to_string()).and(column.lte(b.to_string())),
        (Op::WithinDays, Value::Int(n)) => {
            let first = days::plus(today, 1 - n);
            column.clone().gte(first.to_string()).and(column.lte(today.to_string()))
        }
        (Op::OlderThanDays, Value::Int(n)) => column.lt(days::plus(today, 1 - n).to_string()),
        (Op::AnniversaryWithinDays, Value::Int(n)) => {
            let month_day: Expr = Func::cust("SUBSTR").args([column, Expr::cust("6"), Expr::cust("5")]).into();
            let ranges = days::anniversaries(today, *n).into_iter();
            ranges
                .map(|(a, b)| month_day.clone().gte(a).and(month_day.clone().lte(b)))
                .fold(always(false), |any, range| any.or(range))
        }
        _ => always(false),
    };
    set.and(comparison)
}

/// Somebody is n years old from the day n years after the birth to the day before n + 1 years after it.
fn age(op: Op, value: &Value, today: Date) -> Expr {
    let column = Expr::cust("contact.birth_date");
    let set = column.clone().is_not_null().and(column.clone().ne(""));
    let at_least = |age: i64| {
        if age <= 0 {
            column.clone().lte(today.to_string())
        } else {
            column.clone().lte(days::born_by(today, age).to_string())
        }
    };
    let is = |age: i64| if age < 0 { always(false) } else { at_least(age).and(at_least(age + 1).not()) };
    let comparison = match (op, value) {
        (Op::IsSet, _) => return set,
        (Op::Eq, Value::Int(n)) => is(*n),
        (Op::In, Value::Ints(list)) => list.iter().fold(always(false), |any, n| any.or(is(*n))),
        (Op::Lt, Value::Int(n)) => at_least(*n).not().and(at_least(0)),
        (Op::Lte, Value::Int(n)) => at_least(n.saturating_add(1)).not().and(at_least(0)),
        (Op::Gt, Value::Int(n)) => at_least(n.saturating_add(1)),
        (Op::Gte, Value::Int(n)) => at_least(*n),
        (Op::Between, Value::IntRange(a, b)) => at_least(*a).and(at_least(b.saturating_add(1)).not()),
        _ => always(false),
    };
    set.and(comparison)
}

//! A definition read plainly, person by person, in memory: what the SQL must agree with.

use super::world::{COMPANIES, Event, OWN, Order, PRODUCTS, Person, World};
use crm::interactions::Kind;
use crm::selection::{
    Attribute, Definition, Did, Field, Measured, Metric, Moment, Node, Op, Plain, Value, Where, WhereField,
};
use jiff::{ToSpan, civil::Date};
use kernel::{Timestamp, text::fold};
use std::collections::HashMap;

pub struct Plainly<'a> {
    pub world: &'a World,
    pub segments: HashMap<i64, Definition>,
}

impl Plainly<'_> {
    pub fn members(&self, definition: &Definition) -> Vec<i64> {
        self.world.people.iter().filter(|p| !p.archived && self.node(&definition.root, p)).map(|p| p.id).collect()
    }

    fn node(&self, node: &Node, p: &Person) -> bool {
        match node {
            Node::All(nodes) => nodes.iter().all(|n| self.node(n, p)),
            Node::Any(nodes) => nodes.iter().any(|n| self.node(n, p)),
            Node::Not(inner) => !self.node(inner, p),
            Node::Attribute(leaf) => self.attribute(leaf, p),
            Node::Did(did) => self.did(did, p),
            Node::Measured(leaf) => self.measured(leaf, p),
        }
    }

    fn today(&self) -> Date {
        self.world.zone.day(self.world.now)
    }

    fn attribute(&self, leaf: &Attribute, p: &Person) -> bool {
        let op = leaf.op;
        let affirmed = |op| self.affirm(&leaf.field, op, &leaf.value, p);
        match op {
            Op::Ne => !affirmed(Op::Eq),
            Op::NotIn => !affirmed(Op::In),
            Op::IsEmpty => !affirmed(Op::IsSet),
            op => affirmed(op),
        }
    }

    fn affirm(&self, field: &Field, op: Op, value: &Value, p: &Person) -> bool {
        let written = |text: Option<&str>| text_fits(text.map(str::to_owned), |t| t.to_owned(), op, value);
        let folded = |text: Option<&str>| text_fits(text.map(fold), fold, op, value);
        let plain = match field {
            Field::Plain(plain) => plain,
            Field::Consent { channel, .. } => {
                return (*value == Value::Flag(true)) == p.consents.contains(channel);
            }
            Field::Own { key, .. } => {
                let n = OWN.iter().position(|(_, own)| own == key).unwrap();
                let held = p.own[n];
                let number = || held.map(|text| text.parse::<i64>().unwrap());
                return match OWN[n].0 {
                    "text" => folded(held),
                    "choice" => written(held),
                    "number" | "money" => number_fits(number(), op, value),
                    "day" => self.day_fits(held.map(|text| text.parse().unwrap()), op, value),
                    _ => (*value == Value::Flag(true)) == (held == Some("1")),
                };
            }
        };
        let lower = |t: &str| t.trim().to_lowercase();
        match plain {
            Plain::Number => written(Some(&p.number)),
            Plain::Kind => written(Some(p.kind)),
            Plain::Salutation => written(p.salutation),
            Plain::Title => written(p.title),
            Plain::FirstName => folded(Some(p.first)),
            Plain::LastName => folded(Some(p.last)),
            Plain::Email => text_fits(p.email.as_deref().map(lower), lower, op, value),
            Plain::EmailDomain => {
                let domain = p.email.as_deref().map(|email| lower(email.split('@').nth(1).unwrap()));
                text_fits(domain, lower, op, value)
            }
            Plain::Phone => written(p.phone),
            Plain::Street => written(p.street),
            Plain::PostalCode => written(p.postal),
            Plain::City => folded(p.city),
            Plain::Country => written(p.country),
            Plain::Language => written(p.language),
            Plain::Source => written(p.source),
            Plain::Occupation => written(p.occupation),
            Plain::Tag if op == Op::IsSet => !p.tags.is_empty(),
            Plain::Tag => p.tags.iter().any(|tag| number_fits(Some(*tag), op, value)),
            Plain::CompanyName => folded(p.company.map(|n| COMPANIES[n].0)),
            Plain::CompanyIndustry => written(p.company.and_then(|n| COMPANIES[n].1)),
            Plain::Budget => number_fits(p.budget, op, value),
            Plain::Owner => number_fits(p.owner, op, value),
            Plain::CreatedAt | Plain::UpdatedAt => self.day_fits(Some(self.world.zone.day(p.created)), op, value),
            Plain::BirthDate => self.day_fits(p.birth, op, value),
            Plain::Age => number_fits(p.birth.map(|birth| age(birth, self.today())), op, value),
            Plain::Segment => ids(value).iter().any(|id| self.node(&self.segments[id].root, p)),
        }
    }

    fn day_fits(&self, day: Option<Date>, op: Op, value: &Value) -> bool {
        let Some(day) = day else { return false };
        let back = |n: &i64| self.today().checked_sub((n - 1).days()).unwrap();
        match (op, value) {
            (Op::IsSet, _) => true,
            (Op::Eq, Value::Day(d)) => day == *d,
            (Op::Lt, Value::Day(d)) => day < *d,
            (Op::Lte, Value::Day(d)) => day <= *d,
            (Op::Gt, Value::Day(d)) => day > *d,
            (Op::Gte, Value::Day(d)) => day >= *d,
            (Op::Between, Value::DayRange(a, b)) => (*a..=*b).contains(&day),
            (Op::WithinDays, Value::Int(n)) => (back(n)..=self.today()).contains(&day),
            (Op::OlderThanDays, Value::Int(n)) => day < back(n),
            (Op::AnniversaryWithinDays, Value::Int(n)) => (0..*n).any(|ahead| {
                let on = self.today().checked_add(ahead.days()).unwrap();
                let leap = day.month() == 2 && day.day() == 29;
                (on.month(), on.day()) == (day.month(), day.day())
                    || (leap && !on.in_leap_year() && on.month() == 3 && on.day() == 1)
            }),
            other => unreachable!("{other:?}"),
        }
    }

    fn did(&self, did: &Did, p: &Person) -> bool {
        let zone = &self.world.zone;
        let in_time = |at: Timestamp| {
            did.from.is_none_or(|from| at >= instant(from, zone))
                && did.before.is_none_or(|before| at < instant(before, zone))
                && self.recent(at, did.within_days)
        };
        let count = if did.kind == Kind::OrderPlaced {
            let orders = self.world.orders.iter().filter(|o| o.contact == p.id && !o.cancelled && in_time(o.at));
            orders.filter(|o| did.wheres.iter().all(|w| order_fits(w, o))).count()
        } else {
            let events = self.world.events.iter().filter(|e| e.contact == Some(p.id) && e.kind == did.kind);
            events.filter(|e| e.human && in_time(e.at) && did.wheres.iter().all(|w| event_fits(w, e))).count()
        } as i64;
        match (did.at_least, did.at_most) {
            (None, None) => count >= 1,
            (least, most) => count >= least.unwrap_or(0) && most.is_none_or(|most| count <= most),
        }
    }

    fn recent(&self, at: Timestamp, days: Option<i64>) -> bool {
        let Some(days) = days else { return true };
        let day = self.world.zone.day(at);
        (self.today().checked_sub((days - 1).days()).unwrap()..=self.today()).contains(&day)
    }

    fn measured(&self, leaf: &Measured, p: &Person) -> bool {
        let orders: Vec<&Order> = (self.world.orders.iter())
            .filter(|o| o.contact == p.id && !o.cancelled && self.recent(o.at, leaf.within_days))
            .collect();
        let sum: i64 = orders.iter().map(|o| o.total).sum();
        let count = orders.len() as i64;
        let whole = |n: i64| number_fits(Some(n), leaf.op, &leaf.value);
        match leaf.metric {
            Metric::Revenue | Metric::Monetary => whole(sum),
            Metric::Orders | Metric::Frequency => whole(count),
            Metric::Interactions => {
                let mine = self.world.events.iter().filter(|e| e.contact == Some(p.id) && e.human);
                whole(mine.filter(|e| self.recent(e.at, leaf.within_days)).count() as i64)
            }
            Metric::AverageOrder => count > 0 && real_fits(sum as f64, count as f64, leaf.op, &leaf.value),
            Metric::Recency => {
                let last = orders.iter().map(|o| self.world.zone.day(o.at)).max();
                last.is_some_and(|last| whole(i64::from((self.today() - last).get_days())))
            }
            Metric::OpenRate => self.rate(leaf, p, &[Kind::Opened, Kind::Clicked]),
            Metric::ClickRate => self.rate(leaf, p, &[Kind::Clicked]),
        }
    }

    fn rate(&self, leaf: &Measured, p: &Person, kinds: &[Kind]) -> bool {
        let arrived = (self.world.mails.iter())
            .filter(|m| m.contact == p.id && !m.bounced)
            .filter(|m| m.sent.is_some_and(|at| self.recent(at, leaf.within_days)));
        let arrived: Vec<i64> = arrived.map(|m| m.id).collect();
        let acted = arrived.iter().filter(|mail| {
            self.world.events.iter().any(|e| e.message == Some(**mail) && e.human && kinds.contains(&e.kind))
        });
        !arrived.is_empty() && real_fits(acted.count() as f64, arrived.len() as f64, leaf.op, &leaf.value)
    }
}

fn instant(moment: Moment, zone: &kernel::Zone) -> Timestamp {
    match moment {
        Moment::Day(day) => zone.start_of(day),
        Moment::At(at) => at,
    }
}

fn age(birth: Date, today: Date) -> i64 {
    let had = (today.month(), today.day()) >= (birth.month(), birth.day());
    i64::from(today.year() - birth.year()) - i64::from(!had)
}

fn ids(value: &Value) -> Vec<i64> {
    match value {
        Value::Int(id) => vec![*id],
        Value::Ints(ids) => ids.clone(),
        _ => vec![],
    }
}

fn text_fits(text: Option<String>, spell: impl Fn(&str) -> String, op: Op, value: &Value) -> bool {
    let Some(text) = text else { return false };
    match (op, value) {
        (Op::IsSet, _) => !text.is_empty(),
        (Op::Eq, Value::Text(t)) => text == spell(t),
        (Op::In, Value::Texts(list)) => list.iter().any(|t| text == spell(t)),
        (Op::Contains, Value::Text(t)) => text.contains(&spell(t)),
        (Op::StartsWith, Value::Text(t)) => text.starts_with(&spell(t)),
        other => unreachable!("{other:?}"),
    }
}

fn number_fits(n: Option<i64>, op: Op, value: &Value) -> bool {
    let Some(n) = n else { return false };
    match (op, value) {
        (Op::IsSet, _) => true,
        (Op::Eq, Value::Int(v)) => n == *v,
        (Op::Ne, Value::Int(v)) => n != *v,
        (Op::Lt, Value::Int(v)) => n < *v,
        (Op::Lte, Value::Int(v)) => n <= *v,
        (Op::Gt, Value::Int(v)) => n > *v,
        (Op::Gte, Value::Int(v)) => n >= *v,
        (Op::Between, Value::IntRange(a, b)) => (*a..=*b).contains(&n),
        (Op::In, Value::Ints(list)) => list.contains(&n),
        other => unreachable!("{other:?}"),
    }
}

/// `part / whole` against a value, without dividing.
fn real_fits(part: f64, whole: f64, op: Op, value: &Value) -> bool {
    let times = |x: f64| x * whole;
    match (op, value) {
        (op, Value::Int(n)) => real_fits(part, whole, op, &Value::Share(*n as f64)),
        (op, Value::IntRange(a, b)) => real_fits(part, whole, op, &Value::ShareRange(*a as f64, *b as f64)),
        (Op::Eq, Value::Share(x)) => part == times(*x),
        (Op::Ne, Value::Share(x)) => part != times(*x),
        (Op::Lt, Value::Share(x)) => part < times(*x),
        (Op::Lte, Value::Share(x)) => part <= times(*x),
        (Op::Gt, Value::Share(x)) => part > times(*x),
        (Op::Gte, Value::Share(x)) => part >= times(*x),
        (Op::Between, Value::ShareRange(a, b)) => part >= times(*a) && part <= times(*b),
        other => unreachable!("{other:?}"),
    }
}

fn denial(op: Op) -> (bool, Op) {
    match op {
        Op::Ne => (true, Op::Eq),
        Op::NotIn => (true, Op::In),
        Op::IsEmpty => (true, Op::IsSet),
        op => (false, op),
    }
}

fn event_fits(w: &Where, e: &Event) -> bool {
    let (denied, op) = denial(w.op);
    let text = |text: Option<&str>| text_fits(text.map(str::to_owned), |t| t.to_owned(), op, &w.value);
    let holds = match w.field {
        WhereField::Campaign => number_fits(e.campaign, op, &w.value),
        WhereField::Message => number_fits(e.message, op, &w.value),
        WhereField::Product => number_fits(e.product, op, &w.value),
        WhereField::Category => number_fits(e.product.and_then(|p| PRODUCTS[p as usize - 1]), op, &w.value),
        WhereField::Value => number_fits(e.value, op, &w.value),
        WhereField::Channel => text(Some(e.kind.channel().code())),
        WhereField::Url => text(e.url),
        WhereField::Subject => text(e.subject),
    };
    holds != denied
}

fn order_fits(w: &Where, o: &Order) -> bool {
    let (denied, op) = denial(w.op);
    let holds = match w.field {
        WhereField::Product => o.products.iter().any(|p| number_fits(Some(*p), op, &w.value)),
        WhereField::Category => o.products.iter().any(|p| number_fits(PRODUCTS[*p as usize - 1], op, &w.value)),
        WhereField::Value => number_fits(Some(o.total), op, &w.value),
        other => unreachable!("{other:?}"),
    };
    holds != denied
}

//! Why somebody is in or out, line by line: whether the line holds for the person, from the same sets as the count, and
//! what is true of the person instead.

use super::{
    super::{
        Attribute, Context, Definition, Did, Field, Measured, Metric, Node, Op, Shape, Value,
        compile::{deeds, parts},
        days,
        field::Plain,
        phrases,
        wording::{Speaker, labels},
    },
    Workbench,
};
use crate::customers::{AttributeKind, Contact, current_consent, find_contact};
use jiff::civil::Date;
use kernel::{ContactId, Fault, Locale, Sentence, Timestamp, Zone};
use sea_query::SelectStatement;
use store::{Db, FromQueryResult, Rows};

/// Whether a person belongs to a segment, and each line's part in it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Why {
    pub holds: bool,
    /// Who is in the archive belongs to no segment, whatever the lines say.
    pub archived: bool,
    pub reasons: Vec<Reason>,
}

/// One line of the definition and one person.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Reason {
    /// Where the line stands: `all[2].not`; empty for the top.
    pub path: String,
    pub depth: usize,
    /// The line in words.
    pub text: String,
    pub holds: bool,
    /// What is true of the person; only leaves have it.
    pub actual: Option<String>,
}

/// Who reads it, and when.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub locale: Locale,
    pub zone: &'a Zone,
    pub now: Timestamp,
}

impl Workbench {
    /// `None` where there is no such contact.
    pub async fn why(
        &self,
        db: &Db,
        definition: &Definition,
        contact: ContactId,
        reader: Reader<'_>,
    ) -> Result<Option<Why>, Fault> {
        let solved = self.solve(db, definition, reader.now, reader.zone).await?;
        let rows = db.read().await?;
        let Some(person) = find_contact(&rows, contact).await? else { return Ok(None) };
        let context = Context::new(reader.now, reader.zone);
        let mut nodes = Vec::new();
        definition.root.visit(&mut |node| nodes.push(node.clone()));
        let words = phrases(&rows, definition, reader.locale, reader.zone).await?;
        let mut reasons = Vec::new();
        for ((line, node), phrase) in solved.lines.iter().zip(&nodes).zip(words) {
            reasons.push(Reason {
                path: line.path.clone(),
                depth: phrase.depth,
                text: phrase.text,
                holds: line.people.contains(contact),
                actual: actual(&rows, node, &person, &context, reader).await?,
            });
        }
        let archived = person.archived_at.is_some();
        Ok(Some(Why { holds: solved.people.contains(contact), archived, reasons }))
    }
}

/// What is true of the person where a line asks; nothing for groups and for other segments.
async fn actual(
    rows: &Rows,
    node: &Node,
    person: &Contact,
    context: &Context,
    reader: Reader<'_>,
) -> Result<Option<String>, Fault> {
    let say = |sentence: Sentence| sentence.say(reader.locale);
    Ok(match node {
        Node::All(_) | Node::Any(_) | Node::Not(_) => None,
        Node::Attribute(leaf) => match &leaf.field {
            Field::Plain(Plain::Segment) => None,
            Field::Plain(plain) => Some(attribute(rows, *plain, person, context, reader).await?),
            field @ Field::Own { key, kind } => {
                let held = person.attributes.get(key).and_then(|held| own(*kind, held));
                Some(shown(rows, field, held, reader).await?)
            }
            Field::Consent { channel, purpose } => {
                let consent = current_consent(rows, person.contact_id(), channel, purpose).await?;
                Some(say(match consent {
                    Some(consent) => {
                        let key = if consent.granted == 1 { "workbench-consent-yes" } else { "workbench-consent-no" };
                        Sentence::new(key).with("day", day(Timestamp(consent.at), reader))
                    }
                    None => "workbench-consent-none".into(),
                }))
            }
        },
        Node::Did(did) => Some(say(behaviour(rows, did, person, context, reader).await?)),
        Node::Measured(leaf) => Some(figure(rows, leaf, person, context, reader).await?),
    })
}

fn day(at: Timestamp, reader: Reader<'_>) -> String {
    reader.locale.day(reader.zone.day(at))
}

async fn attribute(
    rows: &Rows,
    plain: Plain,
    person: &Contact,
    context: &Context,
    reader: Reader<'_>,
) -> Result<String, Fault> {
    let moment = |at: i64| reader.locale.moment(Timestamp(at), reader.zone);
    let value = match plain {
        Plain::CreatedAt => return Ok(moment(person.created_at)),
        Plain::UpdatedAt => return Ok(moment(person.updated_at)),
        plain => value(plain, person, reader.zone.day(context.now)),
    };
    let value = match plain {
        Plain::Tag => {
            let tags: Vec<&str> = person.tags.iter().map(String::as_str).collect();
            (!tags.is_empty()).then(|| Value::Text(tags.join(", ")))
        }
        _ => value,
    };
    shown(rows, &Field::Plain(plain), value, reader).await
}

/// A value of one of the house's attributes as a definition says it.
fn own(kind: AttributeKind, held: &str) -> Option<Value> {
    match kind {
        AttributeKind::Text | AttributeKind::Choice => Some(Value::Text(held.to_owned())),
        AttributeKind::Number | AttributeKind::Money => held.parse().ok().map(Value::Int),
        AttributeKind::Day => held.parse().ok().map(Value::Day),
        AttributeKind::Flag => Some(Value::Flag(held == "1")),
    }
}

async fn shown(rows: &Rows, field: &Field, value: Option<Value>, reader: Reader<'_>) -> Result<String, Fault> {
    let Some(value) = value else { return Ok(Sentence::new("workbench-empty").say(reader.locale)) };
    let leaf = Node::Attribute(Attribute { field: field.clone(), op: Op::Eq, value: value.clone() });
    let labels = labels(rows, &Definition { root: leaf }).await?;
    Ok(Speaker::new(reader.locale, reader.zone, labels).value(field.shape(), Op::Eq, &value, Some(field)))
}

/// The person's own value; `None` where it is empty.
fn value(plain: Plain, person: &Contact, today: Date) -> Option<Value> {
    let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(|text| Value::Text(text.to_owned()));
    let born = || person.birth_date.as_deref().and_then(|text| text.parse::<Date>().ok());
    match plain {
        Plain::Number => text(Some(&person.number)),
        Plain::Kind => text(Some(&person.kind)),
        Plain::Salutation => text(person.salutation.as_deref()),
        Plain::Title => text(person.title.as_deref()),
        Plain::FirstName => text(Some(&person.first_name)),
        Plain::LastName => text(Some(&person.last_name)),
        Plain::Email => text(person.email.as_deref()),
        Plain::EmailDomain => text(person.email.as_deref().and_then(|email| email.rsplit_once('@')).map(|(_, d)| d)),
        Plain::Phone => text(person.phone.as_deref()),
        Plain::Street => text(person.street.as_deref()),
        Plain::PostalCode => text(person.postal_code.as_deref()),
        Plain::City => text(person.city.as_deref()),
        Plain::Country => text(person.country.as_deref()),
        Plain::Language => text(person.language.as_deref()),
        Plain::Source => text(person.source.as_deref()),
        Plain::CompanyName => text(person.company.as_deref()),
        Plain::CompanyIndustry => text(person.industry.as_deref()),
        Plain::Budget => person.budget_minor.map(Value::Int),
        Plain::Owner => person.owner_id.map(Value::Int),
        Plain::BirthDate => born().map(Value::Day),
        Plain::Age => born().map(|born| Value::Int(days::age(born, today))),
        Plain::Occupation => text(person.occupation.as_deref()),
        Plain::CreatedAt | Plain::UpdatedAt | Plain::Segment | Plain::Tag => None,
    }
}

/// Sum or acts, how many there are, and when the last was.
#[derive(FromQueryResult)]
struct Parts {
    sum: Option<i64>,
    n: i64,
    last: Option<i64>,
}

async fn made_of(rows: &Rows, select: SelectStatement) -> Result<Parts, Fault> {
    let found = rows.select::<Parts>(&select).await?.into_iter().next();
    Ok(found.unwrap_or(Parts { sum: None, n: 0, last: None }))
}

async fn behaviour(
    rows: &Rows,
    did: &Did,
    person: &Contact,
    context: &Context,
    reader: Reader<'_>,
) -> Result<Sentence, Fault> {
    let found = made_of(rows, deeds(did, context, person.id)).await?;
    Ok(match found.last {
        Some(last) => Sentence::new("workbench-times").with("n", found.n).with("day", day(Timestamp(last), reader)),
        None => "workbench-never".into(),
    })
}

async fn figure(
    rows: &Rows,
    leaf: &Measured,
    person: &Contact,
    context: &Context,
    reader: Reader<'_>,
) -> Result<String, Fault> {
    let found = made_of(rows, parts(leaf, context, person.id)).await?;
    let sum = found.sum.unwrap_or(0);
    let value = match leaf.metric {
        Metric::Revenue | Metric::Monetary => Some(Value::Int(sum)),
        Metric::Orders | Metric::Frequency | Metric::Interactions => Some(Value::Int(found.n)),
        Metric::AverageOrder => (found.n > 0).then(|| Value::Int((sum + found.n / 2).div_euclid(found.n.max(1)))),
        Metric::Recency => found.last.map(|last| {
            let (last, today) = (reader.zone.day(Timestamp(last)), reader.zone.day(context.now));
            Value::Int(days::between(last, today))
        }),
        Metric::OpenRate | Metric::ClickRate => (found.n > 0).then(|| Value::Share(sum as f64 / found.n as f64)),
    };
    Ok(match value {
        Some(value) => Speaker::new(reader.locale, reader.zone, Default::default()).value(
            leaf.metric.shape(),
            Op::Eq,
            &value,
            None,
        ),
        None if leaf.metric.shape() == Shape::Share => Sentence::new("workbench-no-mail").say(reader.locale),
        None => Sentence::new("workbench-no-order").say(reader.locale),
    })
}

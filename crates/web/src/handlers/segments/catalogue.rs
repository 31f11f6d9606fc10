//! What the builder offers: the catalogue of the room below with the names of the house's own records.

use crate::{
    door::Desk,
    pages::segments_catalogue::{Catalogue, FieldDescriptor, ValueKind},
};
use crm::{
    customers::{self, Attribute},
    intake::country,
    interactions::{Channel, Kind},
    planning, sales,
    selection::{self, Field, Metric, Op, Plain, Shape, Target, WhereField},
    staff::users,
};
use kernel::{Fault, Sentence};
use std::collections::HashMap;
use store::Rows;

/// Most campaigns offered to choose from, newest first.
const CAMPAIGNS: i64 = 200;

type Choices = Vec<(String, String)>;

/// The names of the records a line can refer to, looked up once.
struct Records {
    users: Choices,
    segments: Choices,
    campaigns: Choices,
    products: Choices,
    categories: Choices,
    tags: Choices,
    own: Vec<Attribute>,
}

impl Records {
    async fn load(rows: &Rows) -> Result<Self, Fault> {
        let pair = |id: i64, name: String| (id.to_string(), name);
        let narrowed = planning::Narrowed::default();
        Ok(Self {
            users: users::list(rows).await?.into_iter().map(|u| pair(u.id.0, u.name)).collect(),
            segments: selection::list(rows, false).await?.into_iter().map(|s| pair(s.id.0, s.name)).collect(),
            campaigns: planning::list(rows, &narrowed, None, CAMPAIGNS)
                .await?
                .into_iter()
                .map(|c| pair(c.id, c.name))
                .collect(),
            products: sales::products(rows).await?.into_iter().map(|p| pair(p.id, p.name)).collect(),
            categories: sales::categories(rows).await?.into_iter().map(|c| pair(c.id, c.name)).collect(),
            tags: customers::tags(rows).await?.into_iter().map(|t| pair(t.id, t.name)).collect(),
            own: customers::attributes(rows, false).await?,
        })
    }

    fn of(&self, target: Target) -> Choices {
        match target {
            Target::User => self.users.clone(),
            Target::Segment => self.segments.clone(),
            Target::Campaign => self.campaigns.clone(),
            Target::Product => self.products.clone(),
            Target::Category => self.categories.clone(),
            Target::Tag => self.tags.clone(),
            Target::Message => Vec::new(),
        }
    }
}

/// The catalogue in the reader's language.
pub async fn load(desk: &Desk, rows: &Rows) -> Result<Catalogue, Fault> {
    let records = Records::load(rows).await?;
    let say = |sentence: Sentence| sentence.say(desk.locale);
    let kind =
        |kind: &Kind| (kind.code().to_owned(), format!("{}: {}", say(kind.channel().label()), say(kind.label())));
    Ok(Catalogue {
        fields: selection::catalogue()
            .iter()
            .map(|field| attribute(desk, field, &records))
            .chain(records.own.iter().map(|own| own_attribute(desk, own)))
            .collect(),
        behaviours: Channel::ALL.iter().flat_map(|channel| channel.kinds()).map(|k| kind(&k)).collect(),
        channels: Channel::ALL.iter().map(|channel| (channel.code().to_owned(), say(channel.label()))).collect(),
        behaviour_fields: WhereField::ALL
            .iter()
            .map(|field| FieldDescriptor {
                key: field.code().to_owned(),
                label: say(field.label()),
                group: say("segment-group-of-behaviour".into()),
                kind: value_kind(field.shape()),
                ops: codes(field.shape().ops()),
                choices: match field.shape() {
                    Shape::Reference(target) => records.of(target),
                    Shape::Choice(_) => {
                        Channel::ALL.iter().map(|channel| (channel.code().to_owned(), say(channel.label()))).collect()
                    }
                    _ => Vec::new(),
                },
            })
            .collect(),
        metrics: Metric::ALL
            .iter()
            .map(|metric| FieldDescriptor {
                key: metric.code().to_owned(),
                label: say(metric.label()),
                group: say("segment-group-of-metrics".into()),
                kind: value_kind(metric.shape()),
                ops: codes(Metric::ops()),
                choices: Vec::new(),
            })
            .collect(),
    })
}

fn attribute(desk: &Desk, field: &Field, records: &Records) -> FieldDescriptor {
    let country = *field == Field::Plain(Plain::Country);
    let named =
        || country::all(desk.locale).into_iter().map(|(code, name)| (code.to_owned(), name.to_owned())).collect();
    let shape = field.shape();
    let ops = match shape {
        // Countries are chosen from a list: nobody knows what the codes contain.
        _ if country => vec!["eq", "ne", "in", "not_in", "is_empty", "is_set"],
        shape => codes(shape.ops()),
    };
    FieldDescriptor {
        key: field.key(),
        label: field.label().say(desk.locale),
        group: Sentence::new(group(field)).say(desk.locale),
        kind: if country { ValueKind::Choice } else { value_kind(shape) },
        ops,
        choices: match shape {
            _ if country => named(),
            Shape::Reference(target) => records.of(target),
            _ => {
                let choices = selection::choices(field).into_iter();
                choices.map(|(code, label)| (code.to_owned(), label.say(desk.locale))).collect()
            }
        },
    }
}

/// An attribute of the house.
fn own_attribute(desk: &Desk, own: &Attribute) -> FieldDescriptor {
    let field = Field::Own { key: own.key.clone(), kind: own.kind };
    let named = |code: &String| own.choice(code, desk.locale).unwrap_or(code).to_owned();
    FieldDescriptor {
        key: field.key(),
        label: own.label(desk.locale).to_owned(),
        group: Sentence::new(group(&field)).say(desk.locale),
        kind: value_kind(field.shape()),
        ops: codes(field.shape().ops()),
        choices: own.choices.iter().map(|choice| (choice.code.clone(), named(&choice.code))).collect(),
    }
}

fn group(field: &Field) -> &'static str {
    match field {
        Field::Consent { .. } => "segment-group-of-consents",
        Field::Own { .. } => "segment-group-of-attributes",
        Field::Plain(Plain::CompanyName | Plain::CompanyIndustry) => "segment-group-of-company",
        Field::Plain(
            Plain::Segment | Plain::Owner | Plain::Tag | Plain::CreatedAt | Plain::UpdatedAt | Plain::Source,
        ) => "segment-group-of-record",
        Field::Plain(_) => "segment-group-of-person",
    }
}

fn value_kind(shape: Shape) -> ValueKind {
    match shape {
        Shape::Text => ValueKind::Text,
        Shape::Choice(_) => ValueKind::Choice,
        Shape::Number | Shape::Share => ValueKind::Number,
        Shape::Money => ValueKind::Money,
        Shape::Day | Shape::Instant => ValueKind::Date,
        Shape::Flag => ValueKind::Boolean,
        Shape::Reference(_) => ValueKind::Reference,
    }
}

fn codes(ops: &[Op]) -> Vec<&'static str> {
    ops.iter().map(|op| op.code()).collect()
}

/// Operators by field, for lines whose field was changed a moment ago.
pub fn operators(catalogue: &Catalogue) -> HashMap<&str, &[&'static str]> {
    let all = catalogue.fields.iter().chain(&catalogue.behaviour_fields).chain(&catalogue.metrics);
    all.map(|field| (field.key.as_str(), field.ops.as_slice())).collect()
}

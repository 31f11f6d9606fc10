//! The catalogue of what may be asked of a contact: master data, consents, membership, behaviour and figures.

use super::Op;
use crate::{customers::AttributeKind, interactions::coded};
use kernel::Sentence;

/// What the values of a field are; which operators fit follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Words. Names, places and addresses are compared folded (`kernel::text::fold`), everything else as written.
    Text,
    /// One of a list of codes; an empty list stands for the choices of an attribute of the house.
    Choice(&'static [&'static str]),
    /// A whole number.
    Number,
    /// Minor units of the organisation's currency.
    Money,
    /// A share between 0 and 1.
    Share,
    /// A calendar day.
    Day,
    /// A point in time, asked for by days of the organisation's zone.
    Instant,
    /// Yes or no.
    Flag,
    /// Another record's id.
    Reference(Target),
}

/// What a reference points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    User,
    Segment,
    Campaign,
    Message,
    Product,
    Category,
    Tag,
}

impl Shape {
    pub fn ops(self) -> &'static [Op] {
        use Op::*;
        match self {
            Self::Text => &[Eq, Ne, In, NotIn, Contains, StartsWith, IsEmpty, IsSet],
            Self::Choice(_) => &[Eq, Ne, In, NotIn, IsEmpty, IsSet],
            Self::Number | Self::Money => &[Eq, Ne, In, NotIn, Lt, Lte, Gt, Gte, Between, IsEmpty, IsSet],
            Self::Share => &[Eq, Ne, Lt, Lte, Gt, Gte, Between],
            Self::Day => {
                &[Eq, Ne, Lt, Lte, Gt, Gte, Between, IsEmpty, IsSet, WithinDays, OlderThanDays, AnniversaryWithinDays]
            }
            Self::Instant => &[Eq, Ne, Lt, Lte, Gt, Gte, Between, IsEmpty, IsSet, WithinDays, OlderThanDays],
            Self::Flag => &[Eq, Ne],
            Self::Reference(Target::Segment) => &[Eq, Ne, In, NotIn],
            Self::Reference(_) => &[Eq, Ne, In, NotIn, IsEmpty, IsSet],
        }
    }

    /// Stable name for programs and pages.
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Choice(_) => "choice",
            Self::Number => "number",
            Self::Money => "money",
            Self::Share => "share",
            Self::Day => "day",
            Self::Instant => "instant",
            Self::Flag => "flag",
            Self::Reference(Target::User) => "user",
            Self::Reference(Target::Segment) => "segment",
            Self::Reference(Target::Campaign) => "campaign",
            Self::Reference(Target::Message) => "message",
            Self::Reference(Target::Product) => "product",
            Self::Reference(Target::Category) => "category",
            Self::Reference(Target::Tag) => "tag",
        }
    }
}

/// Channels and purposes a consent can be asked for.
const CONSENT_CHANNELS: [&str; 5] = ["email", "letter", "phone", "web", "social"];

coded! {
    /// A field of the contact itself or of its company.
    Plain, "segments-fields-field" {
        Number = "number",
        Kind = "kind",
        Salutation = "salutation",
        Title = "title",
        FirstName = "first_name",
        LastName = "last_name",
        BirthDate = "birth_date",
        Age = "age",
        Email = "email",
        EmailDomain = "email_domain",
        Phone = "phone",
        Street = "street",
        PostalCode = "postal_code",
        City = "city",
        Country = "country",
        Occupation = "occupation",
        Language = "language",
        Source = "source",
        Budget = "budget",
        CompanyName = "company.name",
        CompanyIndustry = "company.industry",
        Owner = "owner",
        Tag = "tag",
        CreatedAt = "created_at",
        UpdatedAt = "updated_at",
        Segment = "segment",
    }
}

impl Plain {
    pub fn shape(self) -> Shape {
        match self {
            Self::Kind => Shape::Choice(&["lead", "prospect", "customer", "former"]),
            Self::Salutation => Shape::Choice(&["ms", "mr", "mx"]),
            Self::BirthDate => Shape::Day,
            Self::Age => Shape::Number,
            Self::Budget => Shape::Money,
            Self::Owner => Shape::Reference(Target::User),
            Self::Tag => Shape::Reference(Target::Tag),
            Self::CreatedAt | Self::UpdatedAt => Shape::Instant,
            Self::Segment => Shape::Reference(Target::Segment),
            _ => Shape::Text,
        }
    }
}

/// A field of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    Plain(Plain),
    /// Whether the current consent for a channel and a purpose is given.
    Consent {
        channel: &'static str,
        purpose: String,
    },
    /// An attribute of the house, by its key. The kind stands in the definition as well, so that it can be read by itself.
    Own {
        key: String,
        kind: AttributeKind,
    },
}

impl Field {
    /// Reads `country`, `consent.email.marketing` or `attribute.choice.meal`.
    pub fn parse(key: &str) -> Option<Self> {
        if let Some(plain) = Plain::parse(key) {
            return Some(Self::Plain(plain));
        }
        let named = |text: &str| {
            (1..=40).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        if let Some((kind, key)) = key.strip_prefix("attribute.").and_then(|rest| rest.split_once('.')) {
            let kind = AttributeKind::of(kind)?;
            return named(key).then(|| Self::Own { key: key.to_owned(), kind });
        }
        let (channel, purpose) = key.strip_prefix("consent.")?.split_once('.')?;
        let channel = CONSENT_CHANNELS.iter().copied().find(|known| *known == channel)?;
        let wellformed =
            (1..=40).contains(&purpose.len()) && purpose.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        wellformed.then(|| Self::Consent { channel, purpose: purpose.to_owned() })
    }

    pub fn key(&self) -> String {
        match self {
            Self::Plain(plain) => plain.code().to_owned(),
            Self::Consent { channel, purpose } => format!("consent.{channel}.{purpose}"),
            Self::Own { key, kind } => format!("attribute.{}.{key}", kind.code()),
        }
    }

    pub fn shape(&self) -> Shape {
        match self {
            Self::Plain(plain) => plain.shape(),
            Self::Consent { .. } => Shape::Flag,
            Self::Own { kind, .. } => match kind {
                AttributeKind::Text => Shape::Text,
                AttributeKind::Choice => Shape::Choice(&[]),
                AttributeKind::Number => Shape::Number,
                AttributeKind::Money => Shape::Money,
                AttributeKind::Day => Shape::Day,
                AttributeKind::Flag => Shape::Flag,
            },
        }
    }

    pub fn label(&self) -> Sentence {
        match self {
            // A key of Fluent has no dots.
            Self::Plain(Plain::CompanyName) => "segments-fields-field-company_name".into(),
            Self::Plain(Plain::CompanyIndustry) => "segments-fields-field-company_industry".into(),
            Self::Plain(plain) => plain.label(),
            // Its name is the house's own; whoever has the records says that instead.
            Self::Own { key, .. } => Sentence::new("segments-fields-own").with("key", key),
            Self::Consent { channel, purpose } => {
                let known = CONSENT_LABELS.iter().find(|(known, _)| known == channel);
                Sentence::new(known.map_or("segments-fields-consent-email", |(_, key)| key)).with("purpose", purpose)
            }
        }
    }
}

const CONSENT_LABELS: [(&str, &str); 5] = [
    ("email", "segments-fields-consent-email"),
    ("letter", "segments-fields-consent-letter"),
    ("phone", "segments-fields-consent-phone"),
    ("web", "segments-fields-consent-web"),
    ("social", "segments-fields-consent-social"),
];

/// All fields every house has, in order.
pub fn catalogue() -> Vec<Field> {
    let plain = Plain::ALL.iter().copied().map(Field::Plain);
    let consents = CONSENT_CHANNELS.map(|channel| Field::Consent { channel, purpose: "marketing".to_owned() });
    plain.chain(consents).collect()
}

/// The name of a choice's code for people.
pub fn choice_label(field: &Field, code: &str) -> Option<Sentence> {
    let key = match (field, code) {
        (Field::Plain(Plain::Kind), "lead") => "segments-fields-kind-lead",
        (Field::Plain(Plain::Kind), "prospect") => "segments-fields-kind-prospect",
        (Field::Plain(Plain::Kind), "customer") => "segments-fields-kind-customer",
        (Field::Plain(Plain::Kind), "former") => "segments-fields-kind-former",
        (Field::Plain(Plain::Salutation), "ms") => "segments-fields-salutation-ms",
        (Field::Plain(Plain::Salutation), "mr") => "segments-fields-salutation-mr",
        (Field::Plain(Plain::Salutation), "mx") => "segments-fields-salutation-mx",
        _ => return None,
    };
    Some(Sentence::new(key))
}

coded! {
    /// What may be asked of the interactions or orders of a `did`.
    WhereField, "segments-fields-where" {
        Campaign = "campaign",
        Message = "message",
        Product = "product",
        Category = "category",
        Channel = "channel",
        Url = "url",
        Subject = "subject",
        Value = "value",
    }
}

impl WhereField {
    pub fn shape(self) -> Shape {
        match self {
            Self::Campaign => Shape::Reference(Target::Campaign),
            Self::Message => Shape::Reference(Target::Message),
            Self::Product => Shape::Reference(Target::Product),
            Self::Category => Shape::Reference(Target::Category),
            Self::Channel => Shape::Choice(CHANNELS),
            Self::Url | Self::Subject => Shape::Text,
            Self::Value => Shape::Money,
        }
    }

    /// The fields an order has.
    pub fn of_orders() -> &'static [Self] {
        &[Self::Product, Self::Category, Self::Value]
    }
}

const CHANNELS: &[&str] = &["email", "web", "shop", "phone", "letter", "social", "support", "event", "offer", "sales"];

coded! {
    /// A figure of one person.
    Metric, "segments-fields-metric" {
        Revenue = "revenue",
        Orders = "orders",
        AverageOrder = "average_order",
        Recency = "recency",
        Frequency = "frequency",
        Monetary = "monetary",
        Interactions = "interactions",
        OpenRate = "open_rate",
        ClickRate = "click_rate",
    }
}

impl Metric {
    pub fn shape(self) -> Shape {
        match self {
            Self::Revenue | Self::Monetary | Self::AverageOrder => Shape::Money,
            Self::Orders | Self::Frequency | Self::Recency | Self::Interactions => Shape::Number,
            Self::OpenRate | Self::ClickRate => Shape::Share,
        }
    }

    pub fn ops() -> &'static [Op] {
        &[Op::Eq, Op::Ne, Op::Lt, Op::Lte, Op::Gt, Op::Gte, Op::Between]
    }
}

//! What a document belongs to. Each kind of record brings its own rights.

use crate::{
    Refusal,
    customers::find_contact,
    planning::Campaign,
    staff::{Actor, Right},
};
use kernel::{CampaignId, ContactId, Fault};
use serde::Serialize;
use std::{fmt, str::FromStr};
use store::{FromQueryResult, Rows, values};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    Contact,
    Company,
    Campaign,
}

impl SubjectKind {
    pub const ALL: [Self; 3] = [Self::Contact, Self::Company, Self::Campaign];

    pub fn code(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Company => "company",
            Self::Campaign => "campaign",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The right to see such a record, and with it its documents.
    pub fn seen_with(self) -> Right {
        match self {
            Self::Contact | Self::Company => Right::SeeContacts,
            Self::Campaign => Right::SeeCampaigns,
        }
    }

    /// The right to change such a record, and with it its documents.
    pub fn changed_with(self) -> Right {
        match self {
            Self::Contact | Self::Company => Right::EditContacts,
            Self::Campaign => Right::EditCampaigns,
        }
    }
}

/// One record documents belong to; as text `contact-17`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    pub kind: SubjectKind,
    pub id: i64,
}

impl Subject {
    pub fn new(kind: SubjectKind, id: impl Into<i64>) -> Self {
        Self { kind, id: id.into() }
    }

    pub(super) fn must_see(self, actor: &Actor) -> Result<(), Refusal> {
        actor.must(self.kind.seen_with())
    }

    pub(super) fn must_change(self, actor: &Actor) -> Result<(), Refusal> {
        actor.must(self.kind.changed_with())
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.kind.code(), self.id)
    }
}

impl FromStr for Subject {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let (kind, id) = text.split_once('-').ok_or(Refusal::Missing)?;
        let kind = SubjectKind::parse(kind).ok_or(Refusal::Missing)?;
        Ok(Self { kind, id: id.parse().map_err(|_| Refusal::Missing)? })
    }
}

#[derive(FromQueryResult)]
struct Named {
    name: String,
}

/// The name of the record; nothing where there is none (any more).
pub async fn title(rows: &Rows, subject: Subject) -> Result<Option<String>, Fault> {
    Ok(match subject.kind {
        SubjectKind::Contact => find_contact(rows, ContactId(subject.id)).await?.map(|contact| contact.display_name()),
        SubjectKind::Company => {
            let named: Option<Named> = rows.one("SELECT name FROM company WHERE id = $1", values![subject.id]).await?;
            named.map(|company| company.name)
        }
        SubjectKind::Campaign => Campaign::find(rows, CampaignId(subject.id)).await?.map(|campaign| campaign.plan.name),
    })
}

/// Refuses where there is no such record.
pub(super) async fn must_exist(rows: &Rows, subject: Subject) -> Result<(), crate::Trouble> {
    match title(rows, subject).await? {
        Some(_) => Ok(()),
        None => Err(Refusal::Missing.into()),
    }
}

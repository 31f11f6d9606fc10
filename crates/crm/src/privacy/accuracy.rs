//! Whether what is kept to reach a person is still right (Art. 5 (1) (d) GDPR): who said it when, who confirmed it since, and
//! what speaks against it.

use crate::{
    Refusal, Trouble,
    customers::{self, Contact},
    history::{self, Origin, RECORD, Subject},
    staff::{Actor, Right, audit},
};
use kernel::{ContactId, Fault, Timestamp, time::DAY};
use serde_json::json;
use store::{FromQueryResult, Rows, Write, values};

/// What nobody changed or confirmed for this long is doubted.
pub const OLD: i64 = 3 * 365 * DAY;

/// What a person is reached by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    Email,
    Phone,
    Address,
}

impl Detail {
    pub const ALL: [Self; 3] = [Self::Email, Self::Phone, Self::Address];

    /// Stable name in storage.
    pub fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
        }
    }

    /// Fields of the ledger it consists of.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Email => &["email"],
            Self::Phone => &["phone"],
            Self::Address => &["street", "postal_code", "city", "country"],
        }
    }

    /// Whether the contact has it at all.
    pub fn is_known(self, contact: &Contact) -> bool {
        match self {
            Self::Email => contact.email.is_some(),
            Self::Phone => contact.phone.is_some(),
            Self::Address => contact.street.is_some() || contact.city.is_some(),
        }
    }
}

/// What speaks against a detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// A mail to this address came back for good.
    Bounced,
    /// A letter came back since it was last said.
    Returned,
    /// Nobody said anything about it for [`OLD`].
    Old,
}

impl Doubt {
    /// Key of its words: `accuracy-…`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Returned => "returned",
            Self::Old => "old",
        }
    }
}

/// How a detail stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub detail: Detail,
    /// When it was last changed or confirmed.
    pub said_at: i64,
    /// Where the value comes from; nothing for records older than the ledger.
    pub origin: Option<Origin>,
    /// Who confirmed the value that stands there now: `person`, or the name of a member of staff.
    pub confirmed_by: Option<String>,
    pub doubt: Option<Doubt>,
}

#[derive(FromQueryResult)]
struct Confirmed {
    detail: String,
    at: i64,
    confirmed_by: String,
}

/// How the details a contact has stand.
pub async fn standings(rows: &Rows, contact: &Contact, now: Timestamp) -> Result<Vec<Standing>, Fault> {
    let origins = history::origins(rows, Subject::Contact(contact.id)).await?;
    const CONFIRMED: &str =
        "SELECT detail, at, confirmed_by FROM data_confirmation WHERE contact_id = $1 ORDER BY at, id";
    let confirmed: Vec<Confirmed> = rows.all(CONFIRMED, values![contact.id]).await?;
    const RETURNED: &str =
        "SELECT COALESCE(MAX(occurred_at), 0) FROM interaction WHERE contact_id = $1 AND kind = 'returned'";
    let returned = rows.number(RETURNED, values![contact.id]).await?;
    const BOUNCED: &str = "SELECT COUNT(*) FROM suppression WHERE reason = 'hard_bounce' \
         AND email_key = (SELECT c.email_key FROM contact c WHERE c.id = $1)";
    let bounced = rows.number(BOUNCED, values![contact.id]).await? > 0;
    let standing = |detail: Detail| {
        let named = detail.fields().iter().filter_map(|field| origins.get(*field)).max_by_key(|origin| origin.at);
        let origin = named.or_else(|| origins.get(RECORD)).cloned();
        let said_at = origin.as_ref().map_or(contact.created_at, |origin| origin.at);
        let last = confirmed.iter().rfind(|one| one.detail == detail.code() && one.at >= said_at);
        let said_at = last.map_or(said_at, |one| one.at);
        let doubt = match detail {
            Detail::Email if bounced => Some(Doubt::Bounced),
            Detail::Address if returned > said_at => Some(Doubt::Returned),
            _ => (now.0 - said_at > OLD).then_some(Doubt::Old),
        };
        Standing { detail, said_at, origin, confirmed_by: last.map(|one| one.confirmed_by.clone()), doubt }
    };
    Ok(Detail::ALL.into_iter().filter(|detail| detail.is_known(contact)).map(standing).collect())
}

/// Writes down that details are right as they stand.
///
/// # Errors
/// `Missing` for a contact nobody may see, `Right` for whoever edits none.
pub async fn confirm(
    unit: &Write,
    actor: &Actor,
    contact: ContactId,
    details: &[Detail],
    now: Timestamp,
) -> Result<(), Trouble> {
    actor.must(Right::EditContacts)?;
    let person = customers::find_contact(unit, contact).await?.ok_or(Refusal::Missing)?.shown_to(actor)?;
    let known: Vec<Detail> = details.iter().copied().filter(|detail| detail.is_known(&person)).collect();
    for detail in &known {
        const SQL: &str =
            "INSERT INTO data_confirmation (contact_id, detail, at, confirmed_by) VALUES ($1, $2, $3, $4)";
        unit.run(SQL, values![contact.0, detail.code(), now.0, actor.name.as_str()]).await?;
    }
    if !known.is_empty() {
        let fields: Vec<&str> = known.iter().map(|detail| detail.code()).collect();
        let deed = audit::Deed::new("contact.confirmed", "contact", contact.0).with(json!({ "fields": fields }));
        audit::note(unit, actor, now, deed).await?;
    }
    Ok(())
}

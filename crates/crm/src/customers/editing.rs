//! Making and editing one contact by hand or by the API: refused when somebody else was faster, noted in the ledger of changes.

use super::{
    attributes::{attribute, attributes},
    company::{self, company_key},
    contact::{Contact, contact_by_number, find_contact},
    draft::{ATTRIBUTE, ContactDraft, TAG},
    erased,
    master::name_key,
    points::{ContactPoint, put_point},
    values::{put_tag, put_value},
};
use crate::{
    Refusal, Trouble,
    history::{self, Cause, Change, Subject},
    staff::{Actor, ActorKind, Right, audit, users},
};
use jiff::civil::Date;
use kernel::{ChangeSetId, ContactId, Fault, Sentence, Timestamp, UserId, text::fold};
use serde_json::json;
use std::collections::BTreeMap;
use store::{Write, values};

/// Makes a contact. `today` is the organisation's day.
///
/// # Errors
/// `Invalid` with one complaint per field; the code `taken` where the number belongs to somebody else.
pub async fn create_contact(
    unit: &Write,
    actor: &Actor,
    draft: ContactDraft,
    now: Timestamp,
    today: Date,
) -> Result<Contact, Trouble> {
    actor.must(Right::EditContacts)?;
    let known = attributes(unit, true).await?;
    let mut draft = draft.tidy(today, &known).map_err(Refusal::Invalid)?;
    known_owner(unit, &draft).await?;
    if draft.number.is_empty() {
        draft.number = free_number(unit).await?;
    } else if contact_by_number(unit, &draft.number).await?.is_some() {
        return Err(taken(&draft.number).into());
    }
    erased::stay_erased(unit, &draft.traits()).await?;
    const SQL: &str = "INSERT INTO contact (number, kind, first_name, last_name, name_key, first_key, created_at, updated_at) \
         VALUES ($1, $2, '', '', '', '', $3, $3) RETURNING id";
    let id = ContactId(unit.insert(SQL, values![draft.number.as_str(), draft.kind.as_str(), now.0]).await?);
    store_draft(unit, id, &draft, now).await?;
    store_own(unit, id, &draft, &draft.changes(&ContactDraft::default()), now).await?;
    let set = history::begin(unit, actor, cause(actor), now).await?;
    history::note(unit, set, &[Change::made(Subject::Contact(id.0))]).await?;
    let deed = audit::Deed::new("contact.created", "contact", id.0).with(json!({ "number": draft.number }));
    audit::note(unit, actor, now, deed).await?;
    Ok(find_contact(unit, id).await?.ok_or(Refusal::Missing)?)
}

/// Edits a contact that still has the version the editor began from.
///
/// # Errors
/// `Stale` where somebody else was faster, `Missing`, `Invalid` as in [`create_contact`].
pub async fn edit_contact(
    unit: &Write,
    actor: &Actor,
    id: ContactId,
    version: i64,
    draft: ContactDraft,
    now: Timestamp,
    today: Date,
) -> Result<Contact, Trouble> {
    actor.must(Right::EditContacts)?;
    let before = find_contact(unit, id).await?.ok_or(Refusal::Missing)?.shown_to(actor)?;
    let known = attributes(unit, true).await?;
    let mut draft = draft.tidy(today, &known).map_err(Refusal::Invalid)?;
    if draft.owner_id != before.owner_id {
        known_owner(unit, &draft).await?;
    }
    if draft.number.is_empty() {
        draft.number.clone_from(&before.number);
    } else if draft.number != before.number && contact_by_number(unit, &draft.number).await?.is_some() {
        return Err(taken(&draft.number).into());
    }
    if draft.traits() != ContactDraft::from(&before).traits() {
        erased::stay_erased(unit, &draft.traits()).await?;
    }
    // The version counts up first, so that two editors on PostgreSQL wait for each other here.
    const SQL: &str = "UPDATE contact SET version = version + 1 WHERE id = $1 AND version = $2";
    if unit.run(SQL, values![id.0, version]).await? == 0 {
        return Err(Refusal::Stale.into());
    }
    if draft != ContactDraft::from(&before) {
        let set = history::begin(unit, actor, cause(actor), now).await?;
        rewrite(unit, actor, set, &before, &draft, now).await?;
    }
    Ok(find_contact(unit, id).await?.ok_or(Refusal::Missing)?)
}

/// What a tracker tells and what people say themselves is not what a rule does, though all of it is done by the house.
fn cause(actor: &Actor) -> Cause {
    match (&actor.kind, actor.name.as_str()) {
        (ActorKind::System, "tracking") => Cause::Tracking,
        (ActorKind::System, "person") => Cause::Person,
        _ => Cause::of(actor),
    }
}

/// Stores a checked draft over a contact whose version has been counted up, and notes what that changed.
pub(super) async fn rewrite(
    unit: &Write,
    actor: &Actor,
    set: ChangeSetId,
    before: &Contact,
    draft: &ContactDraft,
    now: Timestamp,
) -> Result<(), Fault> {
    let id = before.contact_id();
    let old = ContactDraft::from(before);
    let changed = draft.changes(&old);
    store_draft(unit, id, draft, now).await?;
    store_own(unit, id, draft, &changed, now).await?;
    let some = |text: String| (!text.is_empty()).then_some(text);
    let change = |field: &String| {
        Change::new(Subject::Contact(id.0), field.as_str(), some(old.value(field)), some(draft.value(field)))
    };
    history::note(unit, set, &changed.iter().map(change).collect::<Vec<_>>()).await?;
    let deed = audit::Deed::new("contact.changed", "contact", id.0).with(json!({ "fields": changed }));
    audit::note(unit, actor, now, deed).await
}

/// Whoever is to look after a contact works here.
async fn known_owner(unit: &Write, draft: &ContactDraft) -> Result<(), Trouble> {
    if let Some(owner) = draft.owner_id
        && !users::is_active(unit, UserId(owner)).await?
    {
        return Err(Refusal::field("owner_id", "unknown", Sentence::new("customers-unknown-owner")).into());
    }
    Ok(())
}

fn taken(number: &str) -> Refusal {
    Refusal::field("number", "taken", Sentence::new("customers-number-taken").with("value", number))
}

/// A number of our own that nobody has.
async fn free_number(unit: &Write) -> Result<String, Fault> {
    let mut next = unit.number("SELECT COALESCE(MAX(id), 0) + 1 FROM contact", vec![]).await?;
    loop {
        let number = format!("N{next}");
        if contact_by_number(unit, &number).await?.is_none() {
            return Ok(number);
        }
        next += 1;
    }
}

/// Stores what of the changed fields lies in tables of its own: values of attributes, tags, and further ways to reach somebody.
async fn store_own(
    unit: &Write,
    id: ContactId,
    draft: &ContactDraft,
    changed: &[String],
    now: Timestamp,
) -> Result<(), Fault> {
    for field in changed {
        if let Some(key) = field.strip_prefix(ATTRIBUTE) {
            if let Some(attribute) = attribute(unit, key).await? {
                put_value(unit, id, &attribute, &draft.value(field), now).await?;
            }
        } else if let Some(name) = field.strip_prefix(TAG) {
            put_tag(unit, id, name, draft.tags.contains(name), now).await?;
        } else if let Some(point) = ContactPoint::of_field(field) {
            put_point(unit, id, &point, !draft.value(field).is_empty(), now).await?;
        }
    }
    Ok(())
}

async fn store_draft(unit: &Write, id: ContactId, draft: &ContactDraft, now: Timestamp) -> Result<(), Fault> {
    let company = if draft.company.is_empty() {
        None
    } else {
        let key = company_key(&draft.company);
        let industry = (!draft.industry.is_empty()).then(|| draft.industry.clone());
        let known = company::by_keys(unit, &[key.as_str()]).await?;
        match known.get(&key) {
            Some(company) if company.industry.is_some() || industry.is_none() => Some(company.id),
            _ => {
                let wanted = BTreeMap::from([(key.clone(), (draft.company.clone(), industry))]);
                company::place(unit, &wanted, now.0).await?.get(&key).copied()
            }
        }
    };
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let own = name_key(&draft.first_name, &draft.last_name);
    let other = || [&draft.company, &draft.email, &draft.number].into_iter().find(|text| !text.is_empty());
    let name = if own.is_empty() { other().map(|text| fold(text)).unwrap_or_default() } else { own };
    const SQL: &str = "UPDATE contact SET number = $1, kind = $2, salutation = $3, title = $4, first_name = $5, last_name = $6, \
         name_key = $7, first_key = $8, birth_date = $9, email = $10, email_key = $11, phone = $12, street = $13, \
         postal_code = $14, city = $15, city_key = $16, country = $17, company_id = $18, language = $19, source = $20, \
         budget_minor = $21, budget_currency = $22, occupation = $23, owner_id = $24, updated_at = $25 WHERE id = $26";
    let values = values![
        draft.number.as_str(),
        draft.kind.as_str(),
        some(&draft.salutation),
        some(&draft.title),
        draft.first_name.as_str(),
        draft.last_name.as_str(),
        name,
        fold(&draft.first_name),
        some(&draft.birth_date),
        some(&draft.email),
        some(&draft.email.to_lowercase()),
        some(&draft.phone),
        some(&draft.street),
        some(&draft.postal_code),
        some(&draft.city),
        some(&fold(&draft.city)),
        some(&draft.country),
        company,
        some(&draft.language),
        some(&draft.source),
        draft.budget_minor,
        draft.budget_minor.map(|_| draft.budget_currency.code().to_owned()),
        some(&draft.occupation),
        draft.owner_id,
        now.0,
        id.0
    ];
    unit.run(SQL, values).await?;
    Ok(())
}

//! Taking a set of changes back, and putting contacts away instead of deleting them.

use super::{
    attributes::Attribute,
    contact::{Contact, by_ids},
    draft::{ATTRIBUTE, ContactDraft, TAG},
    editing::rewrite,
    points::ContactPoint,
};
use crate::{
    Refusal, Trouble,
    history::{self, Cause, Change, RECORD, Subject},
    staff::{Actor, Right, audit, audit::Deed},
};
use kernel::{ChangeSetId, ContactId, Fault, Locale, Sentence, Timestamp};
use serde_json::json;
use store::{Value, Write, marks, values};

/// Field of the ledger for a contact that was put away.
const ARCHIVED: &str = "archived";
/// Contacts worked on at a time.
const AT_A_TIME: i64 = 500;

/// A field that keeps its value, because somebody changed it after the set did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub contact: ContactId,
    pub field: String,
}

/// What became of taking a set back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// The set that did it; taking it back does the first one again.
    pub set: ChangeSetId,
    /// Contacts that have an earlier value again.
    pub contacts: i64,
    /// What stayed, in the order of the contacts.
    pub kept: Vec<Kept>,
}

/// Takes a set of changes of contacts back: every field that still has the value the set gave it gets the one before. A
/// contact the set made is put away.
///
/// # Errors
/// `Missing` for an unknown set, `State` for one that was taken back already.
pub async fn take_back(unit: &Write, actor: &Actor, set: ChangeSetId, now: Timestamp) -> Result<TakenBack, Trouble> {
    actor.must(Right::EditContacts)?;
    let made = history::find(unit, set).await?.ok_or(Refusal::Missing)?;
    // More than fields moved: a merge is taken back as a whole.
    if made.cause == Cause::Merge.code() {
        return Err(Refusal::state("merge-undone-there").into());
    }
    let undo = history::begin(unit, actor, Cause::Undo(set), now).await?;
    if !history::taken_back(unit, set, undo).await? {
        return Err(Refusal::state("customers-already-undone").into());
    }
    let mut done = TakenBack { set: undo, contacts: 0, kept: Vec::new() };
    let mut after = None;
    loop {
        let changes = history::changes(unit, set, after, AT_A_TIME).await?;
        let Some(last) = changes.last() else { break };
        after = Some(last.subject);
        let ids: Vec<i64> = changes.iter().filter_map(|change| contact_of(change.subject)).collect();
        let contacts = by_ids(unit, &ids).await?;
        for changed in changes.chunk_by(|one, other| one.subject == other.subject) {
            let contact = contact_of(changed[0].subject).and_then(|id| contacts.get(&id));
            // Data that is restricted or erased stays as it is (Art. 18 and 17 GDPR).
            if let Some(contact) = contact.filter(|contact| contact.restricted_at.is_none()) {
                put_back(unit, actor, undo, contact, changed, now, &mut done).await?;
            }
        }
    }
    let detail = json!({ "contacts": done.contacts, "kept": done.kept.len() });
    audit::note(unit, actor, now, Deed::new("change.undone", "change", set.0).with(detail)).await?;
    Ok(done)
}

fn contact_of(subject: Subject) -> Option<i64> {
    match subject {
        Subject::Contact(id) => Some(id),
        Subject::Company(_) => None,
    }
}

async fn put_back(
    unit: &Write,
    actor: &Actor,
    undo: ChangeSetId,
    contact: &Contact,
    changed: &[Change],
    now: Timestamp,
    done: &mut TakenBack,
) -> Result<(), Fault> {
    let id = contact.contact_id();
    let mut draft = ContactDraft::from(contact);
    let (mut fields, mut archived) = (false, None);
    for change in changed {
        let was = change.before.as_deref().unwrap_or_default();
        let is = change.after.as_deref().unwrap_or_default();
        let same = match change.field.as_str() {
            RECORD => {
                archived = (contact.archived_at.is_none() && change.before.is_none()).then_some(true);
                true
            }
            ARCHIVED => {
                let same = contact.archived_at.is_some() != is.is_empty();
                archived = same.then_some(!was.is_empty());
                same
            }
            field => draft.value(field) == is && draft.put(field, was),
        };
        if same {
            fields |= !matches!(change.field.as_str(), RECORD | ARCHIVED);
        } else {
            done.kept.push(Kept { contact: id, field: change.field.clone() });
        }
    }
    if fields {
        unit.run("UPDATE contact SET version = version + 1 WHERE id = $1", values![id.0]).await?;
        rewrite(unit, actor, undo, contact, &draft, now).await?;
    }
    if let Some(archived) = archived {
        put_away(unit, actor, undo, &[id], archived, now).await?;
    }
    done.contacts += i64::from(fields || archived.is_some());
    Ok(())
}

/// Puts contacts away, or brings them back: they are in no list, no segment and no audience, and nothing of them is lost.
/// Answers the set, which can be taken back.
pub async fn archive_contacts(
    unit: &Write,
    actor: &Actor,
    ids: &[ContactId],
    archived: bool,
    cause: Cause,
    now: Timestamp,
) -> Result<ChangeSetId, Trouble> {
    actor.must(Right::EditContacts)?;
    let set = history::begin(unit, actor, cause, now).await?;
    for chunk in ids.chunks(AT_A_TIME as usize) {
        put_away(unit, actor, set, chunk, archived, now).await?;
    }
    Ok(set)
}

async fn put_away(
    unit: &Write,
    actor: &Actor,
    set: ChangeSetId,
    ids: &[ContactId],
    archived: bool,
    now: Timestamp,
) -> Result<(), Fault> {
    // Whoever the law put away is brought back by the law alone.
    let state = if archived { "archived_at IS NULL" } else { "archived_at IS NOT NULL AND restricted_at IS NULL" };
    let sql = format!("SELECT id FROM contact WHERE {state} AND id IN ({})", marks(1, ids.len()));
    let ids = unit.numbers(&sql, ids.iter().map(|id| Value::from(id.0)).collect()).await?;
    let sql = format!(
        "UPDATE contact SET archived_at = $1, updated_at = $2, version = version + 1 WHERE id IN ({})",
        marks(3, ids.len())
    );
    let bound = values![archived.then_some(now.0), now.0];
    unit.run(&sql, bound.into_iter().chain(ids.iter().copied().map(Value::from)).collect()).await?;
    let told = |yes: bool| yes.then(|| "1".to_owned());
    let change = |id: &i64| Change::new(Subject::Contact(*id), ARCHIVED, told(!archived), told(archived));
    history::note(unit, set, &ids.iter().map(change).collect::<Vec<_>>()).await?;
    let deed = if archived { "contact.archived" } else { "contact.restored" };
    for id in ids {
        audit::note(unit, actor, now, Deed::new(deed, "contact", id)).await?;
    }
    Ok(())
}

/// What a field of the ledger is called, where `known` are the attributes there are.
pub fn field_label(field: &str, known: &[Attribute], locale: Locale) -> String {
    if let Some(key) = field.strip_prefix(ATTRIBUTE) {
        let attribute = known.iter().find(|attribute| attribute.key == key);
        return attribute.map_or(key, |attribute| attribute.label(locale)).to_owned();
    }
    if let Some(name) = field.strip_prefix(TAG) {
        return Sentence::new("customers-field-tag").with("name", name).say(locale);
    }
    if let Some(point) = ContactPoint::of_field(field) {
        return kernel::sentence::say(locale, &format!("customers-point-of-{}", point.what), None);
    }
    kernel::sentence::say(
        locale,
        match field {
            "number" => "contacts-number",
            "kind" => "contacts-kind",
            "salutation" => "contacts-salutation",
            "title" => "contacts-academic",
            "first_name" => "contacts-first-name",
            "last_name" => "contacts-last-name",
            "birth_date" => "contacts-birth",
            "language" => "contacts-language",
            "email" => "contacts-email",
            "phone" => "contacts-phone",
            "street" => "contacts-street",
            "postal_code" => "contacts-postal-code",
            "city" => "contacts-city",
            "country" => "contacts-country",
            "company" => "contacts-company",
            "occupation" => "contacts-occupation",
            "source" => "contacts-source",
            "budget" => "contacts-budget",
            "owner" => "contacts-owner",
            ARCHIVED => "customers-field-archived",
            _ => "customers-field-record",
        },
        None,
    )
}

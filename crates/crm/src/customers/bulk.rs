//! One value for many contacts: planned for those who are meant at that moment, looked at, done in pages that survive a crash,
//! and taken back as a whole.

use super::{
    contact::ContactKind,
    register::{ContactQuery, matching},
};
use crate::{
    Refusal, Trouble,
    history::{self, Cause, Change, Subject},
    staff::{Actor, ActorKind, Right, audit, audit::Deed, users},
};
use kernel::{ChangeSetId, Clock, Fault, JobId, Sentence, Timestamp, UserId};
use sea_query::{Expr, Query};
use serde_json::json;
use std::collections::BTreeMap;
use store::{
    Batch, Db, FromQueryResult, Rows, Value, Write,
    jobs::{self, Job, JobDesk, Outcome, Worker},
    marks, values,
};

/// What can be set for many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkField {
    Kind,
    /// Id of a user, or nobody.
    Owner,
    Language,
    Source,
    /// `1` puts away, nothing brings back.
    Archived,
}

impl BulkField {
    pub const ALL: [BulkField; 5] = [Self::Kind, Self::Owner, Self::Language, Self::Source, Self::Archived];

    /// Name of the field in the ledger of changes.
    pub fn code(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Owner => "owner",
            Self::Language => "language",
            Self::Source => "source",
            Self::Archived => "archived",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }

    /// What the ledger keeps of a contact's value.
    fn told(self) -> &'static str {
        match self {
            Self::Kind => "contact.kind",
            Self::Owner => "CAST(contact.owner_id AS TEXT)",
            Self::Language => "contact.language",
            Self::Source => "contact.source",
            Self::Archived => "CASE WHEN contact.archived_at IS NULL THEN NULL ELSE '1' END",
        }
    }

    /// The assignment of `$1`, which the ledger keeps, at the time `$2`.
    fn assigned(self) -> &'static str {
        match self {
            Self::Kind => "kind = CAST($1 AS TEXT)",
            Self::Owner => "owner_id = CAST(CAST($1 AS TEXT) AS BIGINT)",
            Self::Language => "language = CAST($1 AS TEXT)",
            Self::Source => "source = CAST($1 AS TEXT)",
            Self::Archived => "archived_at = CASE WHEN CAST($1 AS TEXT) IS NULL THEN NULL ELSE CAST($2 AS BIGINT) END",
        }
    }
}

/// Who is meant.
pub enum Whom {
    These(Vec<i64>),
    /// Everybody the list would show, however many.
    All(ContactQuery),
}

/// A change of many as it stands.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Bulk {
    pub id: i64,
    pub field: String,
    pub value: Option<String>,
    /// Address of the list it was begun from.
    pub list: String,
    /// `planned`, `running`, `done`, `cancelled`.
    pub state: String,
    pub total: i64,
    pub done: i64,
    pub changed: i64,
    reached: i64,
    pub set_id: Option<i64>,
    /// The change this one takes back.
    pub undoes: Option<i64>,
    pub job_id: Option<i64>,
    pub created_by: Option<i64>,
}

const COLUMNS: &str =
    "id, field, value, list, state, total, done, changed, reached, set_id, undoes, job_id, created_by";
/// Contacts changed in one unit.
const PAGE: i64 = 1_000;
/// Up to so many are changed while somebody waits.
const AT_ONCE: i64 = 2_000;
/// Kind of the job.
const JOB: &str = "contacts.bulk";

/// How many would change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preview {
    pub total: i64,
    /// Have the value already.
    pub unchanged: i64,
}

pub async fn find_bulk(rows: &Rows, actor: &Actor, id: i64) -> Result<Bulk, Trouble> {
    actor.must(Right::EditContacts)?;
    Ok(find(rows, id).await?.ok_or(Refusal::Missing)?)
}

async fn find(rows: &Rows, id: i64) -> Result<Option<Bulk>, Fault> {
    rows.one(&format!("SELECT {COLUMNS} FROM contact_bulk WHERE id = $1"), values![id]).await
}

/// Writes down who is meant and what they are to get; nothing changes yet.
///
/// # Errors
/// `Invalid` for a value the field does not take.
pub async fn plan_bulk(
    unit: &Write,
    actor: &Actor,
    whom: Whom,
    field: BulkField,
    value: &str,
    list: &str,
    now: Timestamp,
) -> Result<i64, Trouble> {
    actor.must(Right::EditContacts)?;
    let value = checked(unit, field, value).await?;
    let by = user(actor);
    const SQL: &str = "INSERT INTO contact_bulk (field, value, list, state, total, created_by, created_at) \
         VALUES ($1, $2, $3, 'planned', 0, $4, $5) RETURNING id";
    let id = unit.insert(SQL, values![field.code(), value, list, by, now.0]).await?;
    match whom {
        Whom::These(ids) => {
            let mut batch = Batch::new("contact_bulk_member", &["bulk_id", "contact_id"], "ON CONFLICT DO NOTHING");
            for contact in existing(unit, &ids).await? {
                batch.push(values![id, contact]);
            }
            if !batch.is_empty() {
                batch.write(unit).await?;
            }
        }
        Whom::All(query) => {
            let mut select = Query::select();
            select.expr(Expr::val(id)).column(("contact", "id")).from("contact").cond_where(matching(&query));
            let mut insert = Query::insert();
            insert.into_table("contact_bulk_member").columns(["bulk_id", "contact_id"]);
            insert.select_from(select).map_err(|error| Fault::Unreadable(error.to_string()))?;
            unit.execute(&insert).await?;
        }
    }
    const TOTAL: &str = "UPDATE contact_bulk SET total = (SELECT COUNT(*) FROM contact_bulk_member WHERE bulk_id = $1) \
         WHERE id = $1 RETURNING total";
    if unit.number(TOTAL, values![id]).await? == 0 {
        return Err(Refusal::field("kontakt", "required", Sentence::new("customers-bulk-nobody")).into());
    }
    Ok(id)
}

fn user(actor: &Actor) -> Option<i64> {
    match actor.kind {
        ActorKind::User(id) => Some(id.0),
        _ => None,
    }
}

async fn existing(unit: &Write, ids: &[i64]) -> Result<Vec<i64>, Fault> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let sql = format!("SELECT id FROM contact WHERE id IN ({})", marks(1, chunk.len()));
        found.extend(unit.numbers(&sql, chunk.iter().map(|id| Value::from(*id)).collect()).await?);
    }
    Ok(found)
}

async fn checked(rows: &Rows, field: BulkField, value: &str) -> Result<Option<String>, Trouble> {
    let value = kernel::text::one_line(value);
    let fits = match field {
        BulkField::Kind => ContactKind::of(&value).is_some(),
        BulkField::Owner => match value.parse() {
            Ok(id) => users::is_active(rows, UserId(id)).await?,
            Err(_) => value.is_empty(),
        },
        BulkField::Language => value.chars().count() <= 10,
        BulkField::Source => value.chars().count() <= 100,
        BulkField::Archived => matches!(value.as_str(), "" | "1"),
    };
    if !fits {
        return Err(Refusal::field("wert", "value", Sentence::new("customers-bulk-value")).into());
    }
    Ok((!value.is_empty()).then_some(value))
}

/// How many of those who are meant would change.
pub async fn preview_bulk(rows: &Rows, bulk: &Bulk) -> Result<Preview, Trouble> {
    let field = BulkField::of(&bulk.field).ok_or(Refusal::Missing)?;
    let sql = format!(
        "SELECT COUNT(*) FROM contact_bulk_member m JOIN contact ON contact.id = m.contact_id \
         WHERE m.bulk_id = $1 AND {} IS NOT DISTINCT FROM CAST($2 AS TEXT)",
        field.told()
    );
    let unchanged = rows.number(&sql, values![bulk.id, bulk.value.as_deref()]).await?;
    Ok(Preview { total: bulk.total, unchanged })
}

/// Begins what was planned: a few are changed at once, many by a job, which the caller wakes after the commit.
///
/// # Errors
/// `State` where it has begun already.
pub async fn start_bulk(unit: &Write, actor: &Actor, id: i64, clock: &Clock) -> Result<Bulk, Trouble> {
    let bulk = find_bulk(unit, actor, id).await?;
    let now = clock.now();
    let cause = match bulk.undoes {
        None => Cause::Bulk,
        Some(earlier) => {
            let set = find(unit, earlier).await?.and_then(|earlier| earlier.set_id).ok_or(Refusal::Missing)?;
            Cause::Undo(ChangeSetId(set))
        }
    };
    let set = history::begin(unit, actor, cause, now).await?;
    const BEGIN: &str = "UPDATE contact_bulk SET state = 'running', set_id = $1 WHERE id = $2 AND state = 'planned'";
    if unit.run(BEGIN, values![set.0, id]).await? == 0 {
        return Err(Refusal::state("customers-bulk-begun").into());
    }
    if let Cause::Undo(earlier) = cause
        && !history::taken_back(unit, earlier, set).await?
    {
        return Err(Refusal::state("customers-already-undone").into());
    }
    if bulk.total > AT_ONCE {
        let job = jobs::enqueue(unit, JOB, &json!({ "bulk": id }), user(actor).map(UserId), clock).await?;
        unit.run("UPDATE contact_bulk SET job_id = $1 WHERE id = $2", values![job.0, id]).await?;
    } else {
        while page(unit, id, now).await? > 0 {}
        end(unit, actor, id, "done", now).await?;
    }
    find_bulk(unit, actor, id).await
}

/// Plans taking a change of many back and begins it: everybody who still has the value it gave gets the one before.
pub async fn undo_bulk(unit: &Write, actor: &Actor, id: i64, clock: &Clock) -> Result<Bulk, Trouble> {
    let bulk = find_bulk(unit, actor, id).await?;
    if !matches!(bulk.state.as_str(), "done" | "cancelled") || bulk.set_id.is_none() {
        return Err(Refusal::state("customers-bulk-begun").into());
    }
    const SQL: &str = "INSERT INTO contact_bulk (field, value, list, state, total, undoes, created_by, created_at) \
         VALUES ($1, $2, $3, 'planned', $4, $5, $6, $7) RETURNING id";
    let values = values![
        bulk.field.as_str(),
        bulk.value.as_deref(),
        bulk.list.as_str(),
        bulk.changed,
        id,
        user(actor),
        clock.now().0
    ];
    let undo = unit.insert(SQL, values).await?;
    start_bulk(unit, actor, undo, clock).await
}

#[derive(FromQueryResult)]
struct Told {
    id: i64,
    told: Option<String>,
}

/// Does the next page; answers how many contacts it looked at.
async fn page(unit: &Write, id: i64, now: Timestamp) -> Result<usize, Fault> {
    let Some(bulk) = find(unit, id).await? else { return Ok(0) };
    let (Some(field), Some(set)) = (BulkField::of(&bulk.field), bulk.set_id) else { return Ok(0) };
    // Contact, the value it must still have where that matters, and the one it gets.
    let wanted: Vec<(i64, Option<Option<String>>, Option<String>)> = match bulk.undoes {
        None => {
            const NEXT: &str = "SELECT contact_id FROM contact_bulk_member WHERE bulk_id = $1 AND contact_id > $2 \
                 ORDER BY contact_id LIMIT $3";
            let ids = unit.numbers(NEXT, values![id, bulk.reached, PAGE]).await?;
            ids.into_iter().map(|contact| (contact, None, bulk.value.clone())).collect()
        }
        Some(earlier) => {
            let set = find(unit, earlier).await?.and_then(|earlier| earlier.set_id).unwrap_or_default();
            let after = Some(Subject::Contact(bulk.reached));
            let changes = history::changes(unit, ChangeSetId(set), after, PAGE).await?;
            changes.into_iter().map(|change| (change.subject.id(), Some(change.after), change.before)).collect()
        }
    };
    let Some((last, ..)) = wanted.last() else { return Ok(0) };
    let changed = assign(unit, ChangeSetId(set), field, &wanted, now).await?;
    const ON: &str = "UPDATE contact_bulk SET reached = $1, done = done + $2, changed = changed + $3 WHERE id = $4";
    unit.run(ON, values![*last, wanted.len() as i64, changed, id]).await?;
    Ok(wanted.len())
}

async fn assign(
    unit: &Write,
    set: ChangeSetId,
    field: BulkField,
    wanted: &[(i64, Option<Option<String>>, Option<String>)],
    now: Timestamp,
) -> Result<i64, Fault> {
    let mut told: BTreeMap<i64, Option<String>> = BTreeMap::new();
    for chunk in wanted.chunks(500) {
        // Whoever asked for it, or was erased, stays untouched (Art. 17 and 18 GDPR).
        let sql = format!(
            "SELECT id, {} AS told FROM contact WHERE restricted_at IS NULL AND erased_at IS NULL AND id IN ({})",
            field.told(),
            marks(1, chunk.len())
        );
        let rows: Vec<Told> = unit.all(&sql, chunk.iter().map(|(id, ..)| Value::from(*id)).collect()).await?;
        told.extend(rows.into_iter().map(|row| (row.id, row.told)));
    }
    let mut groups: BTreeMap<&Option<String>, Vec<i64>> = BTreeMap::new();
    let mut changes = Vec::new();
    for (id, still, value) in wanted {
        let Some(before) = told.remove(id) else { continue };
        if before == *value || still.as_ref().is_some_and(|still| before != *still) {
            continue;
        }
        groups.entry(value).or_default().push(*id);
        changes.push(Change::new(Subject::Contact(*id), field.code(), before, value.clone()));
    }
    for (value, ids) in groups {
        for chunk in ids.chunks(500) {
            let sql = format!(
                "UPDATE contact SET {}, updated_at = CAST($2 AS BIGINT), version = version + 1 WHERE id IN ({})",
                field.assigned(),
                marks(3, chunk.len())
            );
            let bound = values![value.as_deref(), now.0];
            unit.run(&sql, bound.into_iter().chain(chunk.iter().map(|id| Value::from(*id))).collect()).await?;
        }
    }
    history::note(unit, set, &changes).await?;
    Ok(changes.len() as i64)
}

/// Says how it ended, and leaves one audit entry for all; the ledger knows each contact.
async fn end(unit: &Write, actor: &Actor, id: i64, state: &str, now: Timestamp) -> Result<(), Fault> {
    const SQL: &str = "UPDATE contact_bulk SET state = $1, finished_at = $2 WHERE id = $3 AND state = 'running'";
    if unit.run(SQL, values![state, now.0, id]).await? == 0 {
        return Ok(());
    }
    unit.run("DELETE FROM contact_bulk_member WHERE bulk_id = $1", values![id]).await?;
    let Some(bulk) = find(unit, id).await? else { return Ok(()) };
    let action = if bulk.undoes.is_some() { "bulk.undone" } else { "bulk.changed" };
    let detail = json!({ "fields": [bulk.field], "contacts": bulk.changed });
    audit::note(unit, actor, now, Deed::new(action, "bulk", id).with(detail)).await
}

/// Does large changes of many, page after page.
pub struct BulkWorker;

impl BulkWorker {
    async fn whole(db: &Db, clock: &Clock, id: i64, desk: &JobDesk) -> Result<Outcome, Fault> {
        let Some(begun) = find(&db.read().await?, id).await? else {
            return Ok(Outcome::Failed(Sentence::new("job-failed")));
        };
        let actor = by(&db.read().await?, &begun).await?;
        loop {
            let unit = db.write().await?;
            let now = clock.now();
            let count = page(&unit, id, now).await?;
            let Some(bulk) = find(&unit, id).await? else { return Ok(Outcome::Cancelled(json!(null))) };
            let on = desk.progress_in(&unit, bulk.done, bulk.total).await?;
            let state = if count == 0 { "done" } else { "cancelled" };
            if count == 0 || !on {
                end(&unit, &actor, id, state, now).await?;
            }
            unit.save().await?;
            if count == 0 {
                return Ok(Outcome::Done(json!({ "changed": bulk.changed })));
            }
            if !on {
                return Ok(Outcome::Cancelled(json!({ "changed": bulk.changed })));
            }
        }
    }
}

/// Whoever began it; their rights were asked for then.
async fn by(rows: &Rows, bulk: &Bulk) -> Result<Actor, Fault> {
    let Some(id) = bulk.created_by.map(UserId) else { return Ok(Actor::system("bulk")) };
    Ok(users::find(rows, id).await?.map_or_else(|| Actor::system("bulk"), |user| user.actor("")))
}

#[async_trait::async_trait]
impl Worker for BulkWorker {
    fn kind(&self) -> &'static str {
        JOB
    }

    async fn work(&self, job: &Job, desk: &JobDesk) -> Result<Outcome, Fault> {
        let payload: serde_json::Value = serde_json::from_str(&job.payload).unwrap_or_default();
        Self::whole(&desk.db, &desk.clock, payload["bulk"].as_i64().unwrap_or_default(), desk).await
    }

    async fn give_up(&self, job: &Job, desk: &JobDesk, _: &Sentence) -> Result<(), Fault> {
        let payload: serde_json::Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let id = payload["bulk"].as_i64().unwrap_or_default();
        let unit = desk.db.write().await?;
        end(&unit, &Actor::system("bulk"), id, "cancelled", desk.clock.now()).await?;
        unit.save().await
    }
}

/// Asks a running change to stop at its next page; what is changed by then stays, and can be taken back.
pub async fn cancel_bulk(unit: &Write, actor: &Actor, id: i64, clock: &Clock) -> Result<(), Trouble> {
    let bulk = find_bulk(unit, actor, id).await?;
    if let Some(job) = bulk.job_id {
        jobs::cancel(unit, JobId(job), clock).await?;
        let queued = jobs::find(unit, JobId(job)).await?.is_some_and(|job| job.state == "cancelled");
        if queued {
            end(unit, actor, id, "cancelled", clock.now()).await?;
        }
    }
    Ok(())
}

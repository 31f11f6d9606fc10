//! Erasing a person (Art. 17 GDPR): everywhere, with a protocol that says what was done and not to whom.
//!
//! The work is repeatable. As long as the contact still says who it is, it begins anew and finds less; once the contact is
//! emptied, only the files of the database remain to be cleaned.

use super::{
    catalogue::{Fate, HOLDINGS},
    files,
    needles::Needles,
    protocol,
    sweep::{self, Counts, count},
};
use crate::{
    Refusal, Trouble,
    customers::{self, Contact, erased},
    documents::{self, Subject, SubjectKind},
    staff::{Actor, Right, audit},
};
use kernel::{Clock, ContactId, Fault, Sentence, chance, mail::CaughtMails};
use serde_json::json;
use std::sync::Arc;
use store::{
    Db, Write,
    jobs::{self, Job, JobDesk, Outcome, Worker},
    schema, values,
};

/// Kind of the job.
pub const JOB: &str = "erase_contact";

/// Begins to erase somebody: from this commit on nobody sees or writes to them; the job does the rest. Nudge [`jobs::TASK`]
/// after the commit.
///
/// # Errors
/// `Missing` where there is nobody, or nobody any more; `State` where somebody holds the data (a legal claim).
pub async fn begin(
    unit: &Write,
    actor: &Actor,
    contact: ContactId,
    reason: &str,
    clock: &Clock,
) -> Result<i64, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    let found = customers::find_contact(unit, contact).await?.ok_or(Refusal::Missing)?;
    if found.erased_at.is_some() {
        return Err(Refusal::Missing.into());
    }
    if unit.number("SELECT COUNT(*) FROM retention_hold WHERE contact_id = $1", values![contact.0]).await? > 0 {
        return Err(Refusal::state("privacy-held").into());
    }
    const RUNNING: &str = "SELECT id FROM erasure WHERE contact_id = $1 AND state = 'running'";
    if let Some(running) = unit.numbers(RUNNING, values![contact.0]).await?.first() {
        return Ok(*running);
    }
    // Records that became one with this one are the same person.
    const MERGED: &str = "SELECT id FROM contact WHERE merged_into = $1 AND erased_at IS NULL";
    for merged in unit.numbers(MERGED, values![contact.0]).await? {
        Box::pin(begin(unit, actor, ContactId(merged), reason, clock)).await?;
    }
    let now = clock.now();
    erased::withdraw(unit, contact, now.0).await?;
    const PLANNED: &str =
        "UPDATE message SET state = 'skipped', reason = 'archived' WHERE contact_id = $1 AND state = 'planned'";
    unit.run(PLANNED, values![contact.0]).await?;
    const SQL: &str = "INSERT INTO erasure (contact_id, reason, state, begun_by, begun_at) VALUES ($1, $2, 'running', $3, $4) \
         RETURNING id";
    let id = unit.insert(SQL, values![contact.0, reason, actor.name.as_str(), now.0]).await?;
    let job = jobs::enqueue(unit, JOB, &json!({ "erasure": id }), actor.user(), clock).await?;
    unit.run("UPDATE erasure SET job_id = $1 WHERE id = $2", values![job.0, id]).await?;
    let deed = audit::Deed::new("privacy.erasure_begun", "contact", contact.0).with(json!({ "protocol": id }));
    audit::note(unit, actor, now, deed).await?;
    Ok(id)
}

/// Forgets that somebody was erased, because they want to come back: their data may be entered again.
pub async fn let_back(unit: &Write, actor: &Actor, erasure: i64, clock: &Clock) -> Result<(), Trouble> {
    actor.must(Right::HandlePrivacy)?;
    const SQL: &str = "DELETE FROM erased_fingerprint WHERE erasure_id = $1";
    let gone = unit.run(SQL, values![erasure]).await?;
    let deed = audit::Deed::new("privacy.let_back", "erasure", erasure).with(json!({ "fingerprints": gone }));
    audit::note(unit, actor, clock.now(), deed).await?;
    Ok(())
}

/// Does the work.
pub struct Eraser {
    /// Mails of a demonstration that lie in the data folder.
    pub caught: Option<Arc<dyn CaughtMails>>,
}

#[async_trait::async_trait]
impl Worker for Eraser {
    fn kind(&self) -> &'static str {
        JOB
    }

    async fn work(&self, job: &Job, desk: &JobDesk) -> Result<Outcome, Fault> {
        let payload: serde_json::Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let Some(id) = payload["erasure"].as_i64() else {
            return Err(Fault::Unreadable(format!("payload of job {}", job.id)));
        };
        self.erase(&desk.db, &desk.clock, id, Some(desk)).await?;
        Ok(Outcome::Done(json!({ "erasure": id })))
    }

    async fn give_up(&self, job: &Job, desk: &JobDesk, _: &Sentence) -> Result<(), Fault> {
        let unit = desk.db.write().await?;
        unit.run("UPDATE erasure SET state = 'failed' WHERE job_id = $1", values![job.id]).await?;
        unit.save().await
    }
}

/// Steps the progress counts.
const STEPS: i64 = 4;

impl Eraser {
    /// Erases to the end; a protocol that is done is left as it is.
    pub async fn erase(&self, db: &Db, clock: &Clock, id: i64, desk: Option<&JobDesk>) -> Result<(), Fault> {
        let told = async |done: i64| match desk {
            Some(desk) => desk.progress(done, STEPS).await.map(drop),
            None => Ok(()),
        };
        let Some(mut protocol) = protocol::find(&db.read().await?, id).await? else { return Ok(()) };
        if protocol.finished_at.is_some() {
            return Ok(());
        }
        let contact = ContactId(protocol.contact_id);
        let found = customers::find_contact(&db.read().await?, contact).await?;
        if let Some(person) = found.filter(|found| found.erased_at.is_none()) {
            let needles = Needles::of(&db.read().await?, &person).await?;
            let mut counts = protocol.counts()?;
            if let Some(caught) = &self.caught {
                let gone = caught.forget(&|text| needles.blotted(text).is_some()).await;
                count(&mut counts, "caught_mails", "deleted", gone as u64);
            }
            files::imported(db, &needles, &mut counts).await?;
            files::packages(db, contact, &mut counts).await?;
            told(1).await?;
            let left = sweep::blot(db, contact, &needles, &mut counts).await?;
            told(2).await?;
            empty(db, &person, id, &mut counts, left, clock).await?;
            told(3).await?;
        }
        let tables = schema::tables(&db.read().await?).await?;
        db.scrub(&tables.keys().map(String::as_str).collect::<Vec<_>>()).await?;
        protocol = protocol::find(&db.read().await?, id).await?.unwrap_or(protocol);
        let unit = db.write().await?;
        protocol::finish(&unit, &protocol, clock.now()).await?;
        unit.save().await?;
        // What the protocol replaced lies in the log of the database, and names nobody.
        told(STEPS).await
    }
}

/// One unit: everything tied to the person by a key, and the contact itself.
async fn empty(db: &Db, person: &Contact, id: i64, counts: &mut Counts, left: i64, clock: &Clock) -> Result<(), Fault> {
    let contact = person.contact_id();
    let unit = db.write().await?;
    for (table, columns) in schema::tables(&unit).await? {
        let tied = columns.iter().any(|column| column.name == "contact_id");
        if tied && super::catalogue::of(&table).is_none() {
            let gone = unit.run(&format!("DELETE FROM \"{table}\" WHERE contact_id = $1"), values![contact.0]).await?;
            count(counts, &table, "deleted", gone);
        }
    }
    let traits = erased::Traits {
        number: &person.number,
        email: person.email.as_deref().unwrap_or_default(),
        first_name: &person.first_name,
        last_name: &person.last_name,
        birth_date: person.birth_date.as_deref().unwrap_or_default(),
    };
    let salt = chance::secret(&mut chance::system());
    let kept = erased::keep_fingerprints(&unit, &traits, id, &salt).await?;
    let mut further = 0;
    for point in person.points.iter().filter(|point| point.what == "email") {
        let traits = erased::Traits { email: &point.text, ..erased::Traits::default() };
        further += erased::keep_fingerprints(&unit, &traits, id, &salt).await?;
    }
    count(counts, "erased_fingerprint", "kept", kept + further);
    for holding in HOLDINGS {
        let (deed, sql) = match holding.fate {
            Fate::Deleted => ("deleted", format!("DELETE FROM {} WHERE {}", holding.table, holding.whose)),
            Fate::Emptied(set) => ("emptied", format!("UPDATE {} SET {set} WHERE {}", holding.table, holding.whose)),
            Fate::Kept => continue,
        };
        count(counts, holding.table, deed, unit.run(&sql, values![contact.0]).await?);
    }
    let now = clock.now();
    let house = Actor::system("privacy");
    let gone = documents::erase_all(&unit, &house, Subject::new(SubjectKind::Contact, contact), now).await?;
    count(counts, "document", "deleted", gone);
    const HUSK: &str = "UPDATE contact SET erased_at = $1, updated_at = $1, version = version + 1 WHERE id = $2";
    unit.run(HUSK, values![now.0, contact.0]).await?;
    const NOTED: &str = "UPDATE erasure SET counts = $1, left_over = $2 WHERE id = $3";
    unit.run(NOTED, values![json!(counts).to_string(), left, id]).await?;
    let deed = audit::Deed::new("privacy.erased", "contact", contact.0).with(json!({ "protocol": id }));
    audit::note(&unit, &house, now, deed).await?;
    unit.save().await
}

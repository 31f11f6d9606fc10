//! Takes an import of contacts back: what it made goes, what it changed gets its earlier value where nobody changed it since,
//! and whoever was worked with in between stays and is named.
//!
//! It works through the ledger in pieces, each a unit of its own. A piece that was done already finds nothing to do, so a
//! process may die anywhere.

use super::{
    company, consent,
    contact::{Contact, by_ids},
    draft::ContactDraft,
    editing::rewrite,
};
use crate::{
    history::{self, Cause, Change, RECORD, Subject},
    intake::runs::{KeptContact, REVERT, Reverted, end_revert},
    staff::{Actor, audit, audit::Deed},
};
use kernel::{ChangeSetId, Clock, Fault, ImportId, Sentence};
use serde_json::json;
use std::collections::HashSet;
use store::{
    Db, Value, Write,
    jobs::{Job, JobDesk, Outcome, Worker},
    marks, values,
};

/// Records of one unit.
const AT_A_TIME: i64 = 500;
/// Contacts that stayed and are named; the others are counted.
const MOST_NAMED: usize = 100;

/// The job that takes an import of contacts back.
pub struct RevertImport;

#[async_trait::async_trait]
impl Worker for RevertImport {
    fn kind(&self) -> &'static str {
        REVERT
    }

    async fn work(&self, job: &Job, desk: &JobDesk) -> Result<Outcome, Fault> {
        let done = revert_import(&desk.db, &desk.clock, told(job)?).await?;
        Ok(Outcome::Done(json!(done)))
    }

    async fn give_up(&self, job: &Job, desk: &JobDesk, _: &Sentence) -> Result<(), Fault> {
        let unit = desk.db.write().await?;
        end_revert(&unit, told(job)?, None).await?;
        unit.save().await
    }
}

fn told(job: &Job) -> Result<ImportId, Fault> {
    let payload: serde_json::Value = serde_json::from_str(&job.payload).unwrap_or_default();
    payload["import"].as_i64().map(ImportId).ok_or_else(|| Fault::Unreadable(format!("payload of job {}", job.id)))
}

/// Takes everything back that an import changed and that is written in the ledger.
pub async fn revert_import(db: &Db, clock: &Clock, id: ImportId) -> Result<Reverted, Fault> {
    let actor = Actor::system("import");
    let mut done = Reverted::default();
    let unit = db.write().await?;
    let Some(set) = history::of_cause(&unit, Cause::Import(id.0)).await? else {
        end_revert(&unit, id, Some(&done)).await?;
        unit.save().await?;
        return Ok(done);
    };
    let undo = history::resume(&unit, &actor, Cause::Undo(set), clock.now()).await?;
    done.consents = consent::take_back_import(&unit, id).await?;
    unit.save().await?;

    let mut reverting = Reverting { db, clock, actor, import: id, set, undo, done };
    reverting.contacts().await?;
    reverting.companies().await?;
    let Reverting { actor, mut done, .. } = reverting;
    done.named.truncate(MOST_NAMED);
    let unit = db.write().await?;
    history::taken_back(&unit, set, undo).await?;
    end_revert(&unit, id, Some(&done)).await?;
    let detail = json!({ "removed": done.removed, "restored": done.restored, "kept": done.kept });
    audit::note(&unit, &actor, clock.now(), Deed::new("import.reverted", "import", id.0).with(detail)).await?;
    unit.save().await?;
    Ok(done)
}

struct Reverting<'a> {
    db: &'a Db,
    clock: &'a Clock,
    actor: Actor,
    import: ImportId,
    set: ChangeSetId,
    undo: ChangeSetId,
    done: Reverted,
}

impl Reverting<'_> {
    async fn contacts(&mut self) -> Result<(), Fault> {
        let mut after = Some(Subject::Contact(0));
        loop {
            let changes = history::changes(&self.db.read().await?, self.set, after, AT_A_TIME).await?;
            let Some(last) = changes.last() else { return Ok(()) };
            after = Some(last.subject);
            let made: Vec<i64> = changes.iter().filter(|change| is_made(change)).filter_map(contact_of).collect();
            self.remove(&made).await?;
            let changed: Vec<Change> =
                changes.into_iter().filter(|change| !contact_of(change).is_some_and(|id| made.contains(&id))).collect();
            self.restore(&changed).await?;
        }
    }

    /// Removes contacts the import made and nobody worked with since.
    async fn remove(&mut self, made: &[i64]) -> Result<(), Fault> {
        if made.is_empty() {
            return Ok(());
        }
        let unit = self.db.write().await?;
        let free = untouched(&unit, self.set, self.import, made).await?;
        let gone = match delete(&unit, &free).await {
            Ok(()) => {
                unit.save().await?;
                free
            }
            // Something hangs on one of them that this room does not know of: each by itself then.
            Err(Fault::Database(_) | Fault::Duplicate(_)) => {
                drop(unit);
                let mut gone = Vec::new();
                for id in free {
                    let unit = self.db.write().await?;
                    if delete(&unit, &[id]).await.is_ok() {
                        unit.save().await?;
                        gone.push(id);
                    }
                }
                gone
            }
            Err(fault) => return Err(fault),
        };
        self.done.removed += gone.len() as i64;
        let gone: HashSet<i64> = gone.into_iter().collect();
        let stay: Vec<i64> = made.iter().copied().filter(|id| !gone.contains(id)).collect();
        let contacts = by_ids(&self.db.read().await?, &stay).await?;
        for id in stay {
            if let Some(contact) = contacts.get(&id) {
                self.keep(contact, Vec::new());
            }
        }
        Ok(())
    }

    fn keep(&mut self, contact: &Contact, fields: Vec<String>) {
        self.done.kept += 1;
        if self.done.named.len() < MOST_NAMED {
            self.done.named.push(KeptContact { id: contact.id, name: contact.display_name(), fields });
        }
    }

    async fn restore(&mut self, changes: &[Change]) -> Result<(), Fault> {
        let ids: Vec<i64> = changes.iter().filter_map(contact_of).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let (unit, now) = (self.db.write().await?, self.clock.now());
        let contacts = by_ids(&unit, &ids).await?;
        for changed in changes.chunk_by(|one, other| one.subject == other.subject) {
            let Some(contact) = contact_of(&changed[0]).and_then(|id| contacts.get(&id)) else { continue };
            let old = ContactDraft::from(contact);
            let mut draft = old.clone();
            // The industry belongs to the company the contact leaves again.
            draft.industry.clear();
            let mut kept = Vec::new();
            for change in changed {
                let was = change.before.as_deref().unwrap_or_default();
                let value = old.value(&change.field);
                if value == change.after.as_deref().unwrap_or_default() {
                    draft.put(&change.field, was);
                } else if value != was {
                    kept.push(change.field.clone());
                }
            }
            if !draft.changes(&old).is_empty() {
                unit.run("UPDATE contact SET version = version + 1 WHERE id = $1", values![contact.id]).await?;
                rewrite(&unit, &self.actor, self.undo, contact, &draft, now).await?;
                self.done.restored += 1;
            }
            if !kept.is_empty() {
                self.keep(contact, kept);
            }
        }
        unit.save().await
    }

    async fn companies(&mut self) -> Result<(), Fault> {
        let mut after = None;
        loop {
            let changes = history::changes(&self.db.read().await?, self.set, after, AT_A_TIME).await?;
            let Some(last) = changes.last() else { return Ok(()) };
            after = Some(last.subject);
            let company_of = |change: &Change| match change.subject {
                Subject::Company(id) => Some(id),
                Subject::Contact(_) => None,
            };
            let made: Vec<i64> = changes.iter().filter(|change| is_made(change)).filter_map(company_of).collect();
            match self.close(&made).await {
                // Something hangs on one of them that this room does not know of: each by itself then.
                Err(Fault::Database(_)) => {
                    for id in made {
                        match self.close(&[id]).await {
                            Ok(()) | Err(Fault::Database(_)) => {}
                            Err(fault) => return Err(fault),
                        }
                    }
                }
                other => other?,
            }
            let unit = self.db.write().await?;
            for change in changes.iter().filter(|change| !is_made(change)) {
                let Some(id) = company_of(change) else { continue };
                if company::empty_industry(&unit, id, change.after.as_deref(), self.clock.now().0).await? {
                    let back = Change::new(change.subject, "industry", change.after.clone(), None);
                    history::note(&unit, self.undo, &[back]).await?;
                }
            }
            unit.save().await?;
            if changes.iter().all(|change| contact_of(change).is_some()) {
                return Ok(());
            }
        }
    }

    /// Removes companies the import made and nobody belongs to.
    async fn close(&mut self, made: &[i64]) -> Result<(), Fault> {
        let (unit, mut gone) = (self.db.write().await?, Vec::new());
        for id in made {
            if company::remove_unused(&unit, *id).await? {
                gone.push(Subject::Company(*id));
            }
        }
        history::forget(&unit, &gone).await?;
        unit.save().await?;
        self.done.companies += gone.len() as i64;
        Ok(())
    }
}

fn is_made(change: &Change) -> bool {
    change.field == RECORD && change.before.is_none()
}

fn contact_of(change: &Change) -> Option<i64> {
    match change.subject {
        Subject::Contact(id) => Some(id),
        Subject::Company(_) => None,
    }
}

/// Those of the contacts nothing happened to since: no change, no interaction, no order, no mail, no other consent.
async fn untouched(unit: &Write, set: ChangeSetId, import: ImportId, ids: &[i64]) -> Result<Vec<i64>, Fault> {
    let sql = format!(
        "SELECT contact.id FROM contact WHERE contact.id IN ({}) \
         AND NOT EXISTS (SELECT 1 FROM record_change c WHERE c.subject_kind = 'contact' AND c.subject_id = contact.id AND c.set_id > $1) \
         AND NOT EXISTS (SELECT 1 FROM interaction WHERE interaction.contact_id = contact.id) \
         AND NOT EXISTS (SELECT 1 FROM purchase WHERE purchase.contact_id = contact.id) \
         AND NOT EXISTS (SELECT 1 FROM audience WHERE audience.contact_id = contact.id) \
         AND NOT EXISTS (SELECT 1 FROM identity_edge WHERE identity_edge.contact_id = contact.id) \
         AND NOT EXISTS (SELECT 1 FROM consent WHERE consent.contact_id = contact.id AND (consent.import_id IS NULL OR consent.import_id <> $2)) \
         ORDER BY contact.id",
        marks(3, ids.len())
    );
    let bound = values![set.0, import.0].into_iter().chain(ids.iter().copied().map(Value::from)).collect();
    unit.numbers(&sql, bound).await
}

async fn delete(unit: &Write, ids: &[i64]) -> Result<(), Fault> {
    if ids.is_empty() {
        return Ok(());
    }
    let bound = ids.iter().copied().map(Value::from).collect();
    unit.run(&format!("DELETE FROM contact WHERE id IN ({})", marks(1, ids.len())), bound).await?;
    history::forget(unit, &ids.iter().copied().map(Subject::Contact).collect::<Vec<_>>()).await
}

//! The ledger's two commits around a hand-over: `sending` before it, what became of each mail after it.

use super::{Mailroom, prepare::Prepared, prepare::Ticket};
use crate::{
    customers,
    interactions::{self, Kind, NewInteraction},
};
use kernel::{
    Fault, MessageId, Timestamp,
    mail::{Handover, RefusalClass},
    time::{HOUR, MINUTE},
};
use std::collections::{HashMap, HashSet};
use store::{Value, Write, marks, values};

/// Minutes until the next try after the first, second … "later, please"; then four hours each, up to 72 hours in all.
const BACKOFF: [i64; 5] = [1, 5, 15, 60, 240];
/// 81 minutes in four steps, then 17 steps of four hours: the 22nd try would be later than 72 hours.
const TRIES: i64 = 22;
/// How long a domain that blocks us for a reason of policy is left alone.
const POLICY_REST: i64 = HOUR;

/// Marks a batch `sending` and answers which messages may be handed over: whoever withdrew, was suppressed or archived in
/// the meantime, or belongs to a campaign that no longer runs, is not among them and stays planned.
pub(super) async fn mark_sending(
    unit: &Write,
    owner: &str,
    now: Timestamp,
    messages: &[MessageId],
) -> Result<HashSet<i64>, Fault> {
    let sql = format!(
        "UPDATE message SET state = 'sending', owner = $1, handed_at = $2, attempts = attempts + 1 \
         WHERE state = 'planned' AND id IN ({}) \
         AND EXISTS (SELECT 1 FROM campaign k WHERE k.id = message.campaign_id AND k.state = 'running') \
         AND {} \
         AND NOT EXISTS (SELECT 1 FROM suppression s WHERE s.email_key = LOWER(message.address)) \
         AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = message.contact_id AND c.archived_at IS NOT NULL) \
         RETURNING id",
        marks(3, messages.len()),
        customers::allows("message.contact_id", "email", customers::MARKETING)
    );
    let mut binds = values![owner, now.0];
    binds.extend(messages.iter().map(|message| Value::from(message.0)));
    Ok(unit.numbers(&sql, binds).await?.into_iter().collect())
}

/// Writes down who was left out and what could not be composed.
pub(super) async fn set_aside(unit: &Write, prepared: &Prepared) -> Result<(), Fault> {
    for (message, reason) in &prepared.skipped {
        const SQL: &str = "UPDATE message SET state = 'skipped', reason = $1 WHERE id = $2 AND state = 'planned'";
        unit.run(SQL, values![*reason, message.0]).await?;
    }
    for (message, reason, said) in &prepared.failed {
        const SQL: &str =
            "UPDATE message SET state = 'failed', reason = $1, reply = $2 WHERE id = $3 AND state = 'planned'";
        unit.run(SQL, values![*reason, clipped(said), message.0]).await?;
    }
    Ok(())
}

/// Whatever is `sending` while nobody sends has an unknown fate.
pub(super) async fn doubt_orphans(unit: &Write) -> Result<u64, Fault> {
    const SQL: &str = "UPDATE message SET state = 'in_doubt', reason = 'interrupted' WHERE state = 'sending'";
    unit.run(SQL, values![]).await
}

fn clipped(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(500).collect()
}

/// What the ledger writes about a mail.
struct Entry {
    message: MessageId,
    state: &'static str,
    reason: Option<&'static str>,
    reply: String,
    /// When to try again.
    due_at: Option<Timestamp>,
    sent_at: Option<Timestamp>,
    /// Tries that do not count, because the mail was never offered.
    uncounted: i64,
}

fn entry(ticket: &Ticket, handover: &Handover, now: Timestamp) -> Entry {
    let new = |state, reason, reply: &str| Entry {
        message: ticket.message,
        state,
        reason,
        reply: clipped(reply),
        due_at: None,
        sent_at: None,
        uncounted: 0,
    };
    match handover {
        Handover::Accepted { reply } => Entry { sent_at: Some(now), ..new("sent", None, reply) },
        Handover::InDoubt { reply } => new("in_doubt", Some("connection_lost"), reply),
        Handover::Deferred { code, reply } if never_offered(*code) => {
            Entry { due_at: Some(now), uncounted: 1, ..new("planned", Some("no_connection"), reply) }
        }
        Handover::Deferred { reply, .. } if ticket.attempts >= TRIES => new("failed", Some("gave_up"), reply),
        Handover::Deferred { reply, .. } => {
            let step = usize::try_from(ticket.attempts - 1).unwrap_or(0).min(BACKOFF.len() - 1);
            Entry { due_at: Some(now.plus(BACKOFF[step] * MINUTE)), ..new("planned", Some("deferred"), reply) }
        }
        Handover::Refused { class, reply, .. } => {
            let reason = match class {
                RefusalClass::Address => "refused_address",
                RefusalClass::Mailbox => "refused_mailbox",
                RefusalClass::Policy => "refused_policy",
                RefusalClass::Other => "refused",
            };
            new("failed", Some(reason), reply)
        }
    }
}

/// No connection, or the server closed it before it came to this mail.
pub(super) fn never_offered(code: u16) -> bool {
    code == 0 || code == 421
}

/// Writes what became of a batch, with everything that follows from it, in the caller's unit. Repeating it changes nothing.
pub(super) async fn record(
    unit: &Write,
    owner: &str,
    now: Timestamp,
    batch: &[(Ticket, Handover)],
) -> Result<(), Fault> {
    // The log is held before the rows of the ledger on every road, so that two units never wait for each other.
    interactions::hold(unit).await?;
    let written =
        write_entries(unit, owner, batch.iter().map(|(ticket, handover)| entry(ticket, handover, now))).await?;
    let fresh = batch.iter().filter(|(ticket, _)| written.contains(&ticket.message.0));
    let mut sent = Vec::new();
    let mut blocked: HashMap<(i64, &str), &Ticket> = HashMap::new();
    for (ticket, handover) in fresh {
        match handover {
            Handover::Accepted { .. } => sent.push(NewInteraction {
                contact: Some(ticket.contact),
                campaign: Some(ticket.campaign),
                message: Some(ticket.message),
                subject: Some(ticket.subject.chars().take(500).collect()),
                ..NewInteraction::new(Kind::Sent, now)
            }),
            Handover::Refused { class: RefusalClass::Address, .. } => {
                suppress(unit, &ticket.address, "hard_bounce", ticket.message, now).await?;
            }
            Handover::Refused { class: RefusalClass::Policy, .. } => {
                blocked.insert((ticket.campaign.0, ticket.domain.as_str()), ticket);
            }
            _ => {}
        }
    }
    for ((campaign, domain), _) in blocked {
        const SQL: &str = "UPDATE message SET due_at = $1, reason = 'policy_pause' \
             WHERE campaign_id = $2 AND domain = $3 AND state = 'planned' AND due_at < $1";
        unit.run(SQL, values![now.plus(POLICY_REST).0, campaign, domain]).await?;
        tracing::warn!(campaign, domain, "A domain refuses mails for a reason of policy and is left alone for an hour");
    }
    if !sent.is_empty() {
        interactions::append(unit, &sent, now).await?;
    }
    Ok(())
}

/// One statement for the whole batch; answers the messages it changed.
async fn write_entries(unit: &Write, owner: &str, entries: impl Iterator<Item = Entry>) -> Result<HashSet<i64>, Fault> {
    let mut binds = values![owner];
    let mut rows = Vec::new();
    for entry in entries {
        rows.push(format!("({})", marks(binds.len() + 1, 7)));
        binds.extend(values![
            entry.message.0,
            entry.state,
            entry.reason,
            entry.reply,
            entry.due_at.map(|at| at.0),
            entry.sent_at.map(|at| at.0),
            entry.uncounted,
        ]);
    }
    // A batch that was taken for lost may still speak up: the truth is better than a doubt.
    let sql = format!(
        "UPDATE message SET state = v.column2, reason = v.column3, reply = v.column4, \
         due_at = COALESCE(v.column5, message.due_at), sent_at = v.column6, attempts = message.attempts - v.column7, \
         owner = NULL FROM (VALUES {}) AS v \
         WHERE message.id = v.column1 AND message.owner = $1 AND message.state IN ('sending', 'in_doubt') \
         RETURNING message.id",
        rows.join(",")
    );
    Ok(unit.numbers(&sql, binds).await?.into_iter().collect())
}

/// Writes an address down that must not be written to any more.
pub(super) async fn suppress(
    unit: &Write,
    address: &str,
    reason: &str,
    message: MessageId,
    now: Timestamp,
) -> Result<(), Fault> {
    const SQL: &str = "INSERT INTO suppression (email_key, reason, at, message_id) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (email_key) DO NOTHING";
    unit.run(SQL, values![address.to_lowercase(), reason, now.0, message.0]).await?;
    Ok(())
}

impl Mailroom {
    /// Records a batch; a database that is busy or full is asked again for a while, because these mails have left.
    pub(super) async fn record_surely(&self, owner: &str, batch: &[(Ticket, Handover)]) -> Result<(), Fault> {
        let mut wait = std::time::Duration::from_millis(50);
        for _ in 0..10 {
            match self.record_once(owner, batch).await {
                Ok(()) => return Ok(()),
                Err(fault) => {
                    tracing::warn!(mails = batch.len(), error = %fault, "The ledger could not be written and is tried again");
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                }
            }
        }
        self.record_once(owner, batch).await
    }

    async fn record_once(&self, owner: &str, batch: &[(Ticket, Handover)]) -> Result<(), Fault> {
        let unit = self.db.write().await?;
        record(&unit, owner, self.clock.now(), batch).await?;
        unit.save().await
    }
}

//! How long what is kept, and what happens then (Art. 5 (1) e GDPR). It runs by itself, shows beforehand what it will do, and
//! leaves alone whom somebody holds.

use super::{erasure, package};
use crate::{
    Refusal, Trouble,
    staff::{Actor, Right, audit},
};
use jiff::ToSpan;
use kernel::{Clock, ContactId, Fault, Sentence, Timestamp, Zone, time::DAY};
use serde_json::json;
use std::{collections::HashMap, time::Duration};
use store::{
    Db, FromQueryResult, Rows, Write, jobs, settings,
    tasks::{Lease, Nudge, Task},
    values,
};

/// What is done with records that are too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The person is erased.
    Erase,
    /// The record stays and no longer says whose it was.
    Anonymise,
    /// The record goes.
    Delete,
}

impl Action {
    /// Stable name in words (`privacy-action-…`).
    pub fn code(self) -> &'static str {
        match self {
            Self::Erase => "erase",
            Self::Anonymise => "anonymise",
            Self::Delete => "delete",
        }
    }
}

/// A rule: which records of a table, older than so many months.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Stable name in storage and words (`privacy-rule-…`).
    pub code: &'static str,
    pub months: i64,
    pub action: Action,
    table: &'static str,
    /// `$1` is the first instant that is young enough.
    which: &'static str,
    /// Assignments of [`Action::Anonymise`].
    set: &'static str,
}

/// Nothing was heard of the person since, no order, and nobody holds them; served by `interaction_contact_at` and
/// `purchase_contact`.
macro_rules! silent {
    ($kinds:literal) => {
        concat!(
            "contact.kind IN (",
            $kinds,
            ") AND contact.erased_at IS NULL AND contact.created_at < $1 AND contact.updated_at < $1 \
             AND NOT EXISTS (SELECT 1 FROM interaction i WHERE i.contact_id = contact.id AND i.occurred_at >= $1) \
             AND NOT EXISTS (SELECT 1 FROM purchase p WHERE p.contact_id = contact.id AND p.placed_at >= $1) \
             AND NOT EXISTS (SELECT 1 FROM retention_hold h WHERE h.contact_id = contact.id)"
        )
    };
}

/// What a tour operator in Germany keeps how long. Whoever has bought is kept for ten years (§ 147 AO).
pub const RULES: &[Rule] = &[
    Rule { code: "leads", months: 6, action: Action::Erase, table: "contact", which: silent!("'lead'"), set: "" },
    Rule {
        code: "prospects",
        months: 36,
        action: Action::Erase,
        table: "contact",
        which: silent!("'prospect'"),
        set: "",
    },
    Rule {
        code: "customers",
        months: 120,
        action: Action::Erase,
        table: "contact",
        which: silent!("'customer', 'former'"),
        set: "",
    },
    Rule {
        code: "web",
        months: 13,
        action: Action::Anonymise,
        table: "interaction",
        which: "occurred_at < $1 AND channel IN ('web', 'shop') AND (agent_id IS NOT NULL OR subject IS NOT NULL \
                OR props IS NOT NULL)",
        set: "subject = NULL, props = NULL, agent_id = NULL",
    },
    Rule {
        code: "talks",
        months: 36,
        action: Action::Anonymise,
        table: "interaction",
        which: "occurred_at < $1 AND channel IN ('phone', 'support', 'social') AND (subject IS NOT NULL OR props IS NOT NULL)",
        set: "subject = NULL, props = NULL",
    },
    Rule {
        code: "rejections",
        months: 3,
        action: Action::Delete,
        table: "import_rejection",
        which: "import_id IN (SELECT r.id FROM import_run r WHERE r.finished_at < $1)",
        set: "",
    },
    Rule { code: "notifications", months: 3, action: Action::Delete, table: "notification", which: "at < $1", set: "" },
    Rule { code: "sights", months: 1, action: Action::Delete, table: "tracking_sight", which: "at < $1", set: "" },
];

/// Longest period, in months.
const LONGEST: i64 = 600;
/// People erased in one day, so that a first run cannot empty a house before somebody has looked.
const ERASED_A_DAY: i64 = 50;
/// Rows changed in one unit.
const AT_ONCE: i64 = 5_000;
/// After an installation rules are shown for so long before they do anything.
pub const GRACE: i64 = 14 * DAY;
const SINCE: &str = "retention.since";

/// A rule as the house has set it, and what it would do now.
#[derive(Clone, Debug)]
pub struct Outlook {
    pub rule: &'static Rule,
    pub months: i64,
    pub active: bool,
    /// Records that are too old now.
    pub records: i64,
}

#[derive(FromQueryResult)]
struct Set {
    code: String,
    months: i64,
    active: i64,
}

/// The first instant that is young enough.
fn young(months: i64, zone: &Zone, now: Timestamp) -> Timestamp {
    let day = zone.day(now);
    let months = i32::try_from(months).unwrap_or(i32::MAX);
    zone.start_of(day.checked_sub(months.months()).unwrap_or(jiff::civil::Date::MIN))
}

async fn as_set(rows: &Rows) -> Result<HashMap<String, (i64, bool)>, Fault> {
    const SQL: &str = "SELECT code, months, CAST(active AS BIGINT) AS active FROM retention_rule";
    let found: Vec<Set> = rows.all(SQL, values![]).await?;
    Ok(found.into_iter().map(|row| (row.code, (row.months, row.active == 1))).collect())
}

/// All rules with what they would do now.
pub async fn outlook(rows: &Rows, actor: &Actor, zone: &Zone, now: Timestamp) -> Result<Vec<Outlook>, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    let set = as_set(rows).await?;
    let mut all = Vec::with_capacity(RULES.len());
    for rule in RULES {
        let (months, active) = set.get(rule.code).copied().unwrap_or((rule.months, true));
        let sql = format!("SELECT COUNT(*) FROM {} WHERE {}", rule.table, rule.which);
        let records = rows.number(&sql, values![young(months, zone, now).0]).await?;
        all.push(Outlook { rule, months, active, records });
    }
    Ok(all)
}

/// The people a rule would erase, the longest silent first.
pub async fn people(
    rows: &Rows,
    actor: &Actor,
    code: &str,
    zone: &Zone,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<ContactId>, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    let erases = |rule: &&Rule| rule.code == code && rule.action == Action::Erase;
    let rule = RULES.iter().find(erases).ok_or(Refusal::Missing)?;
    let months = as_set(rows).await?.get(code).map_or(rule.months, |(months, _)| *months);
    Ok(due(rows, rule, young(months, zone, now), limit).await?)
}

async fn due(rows: &Rows, rule: &Rule, young: Timestamp, limit: i64) -> Result<Vec<ContactId>, Fault> {
    let sql = format!("SELECT id FROM contact WHERE {} ORDER BY updated_at, id LIMIT $2", rule.which);
    Ok(rows.numbers(&sql, values![young.0, limit]).await?.into_iter().map(ContactId).collect())
}

/// Changes a rule.
pub async fn set(
    unit: &Write,
    actor: &Actor,
    code: &str,
    months: i64,
    active: bool,
    now: Timestamp,
) -> Result<(), Trouble> {
    actor.must(Right::HandlePrivacy)?;
    RULES.iter().find(|rule| rule.code == code).ok_or(Refusal::Missing)?;
    if !(1..=LONGEST).contains(&months) {
        let sentence = Sentence::new("privacy-months-wrong").with("most", LONGEST);
        return Err(Refusal::field("months", "range", sentence).into());
    }
    const SQL: &str = "INSERT INTO retention_rule (code, months, active, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (code) DO UPDATE SET months = excluded.months, active = excluded.active, \
         changed_by = excluded.changed_by, changed_at = excluded.changed_at";
    unit.run(SQL, values![code, months, i16::from(active), actor.name.as_str(), now.0]).await?;
    let deed = audit::Deed::new("privacy.retention_set", "retention", None)
        .with(json!({ "name": code, "months": months, "active": active }));
    audit::note(unit, actor, now, deed).await?;
    Ok(())
}

/// When the rules begin to act: two weeks after this house first had them.
pub async fn begins(rows: &Rows) -> Result<Option<Timestamp>, Fault> {
    let since = settings::get(rows, SINCE).await?.and_then(|text| text.parse().ok());
    Ok(since.map(|since: i64| Timestamp(since + GRACE)))
}

/// The task that keeps the periods, once a day.
pub struct Retain {
    pub db: Db,
    pub clock: Clock,
    pub zone: Zone,
    pub nudge: Nudge,
}

impl Retain {
    pub const NAME: &'static str = "retention";

    /// Does what is due; a day that was done already is not done again.
    pub async fn once(&self) -> Result<(), Fault> {
        let now = self.clock.now();
        package::forget_expired(&self.db, now).await?;
        let unit = self.db.write().await?;
        if settings::get(&unit, SINCE).await?.is_none() {
            settings::set(&unit, SINCE, &now.0.to_string()).await?;
        }
        let begins = begins(&unit).await?;
        let set = as_set(&unit).await?;
        unit.save().await?;
        if begins.is_none_or(|begins| begins > now) {
            return Ok(());
        }
        let day = self.zone.day(now).to_string();
        for rule in RULES {
            let (months, active) = set.get(rule.code).copied().unwrap_or((rule.months, true));
            const DONE: &str = "SELECT COUNT(*) FROM retention_run WHERE day = $1 AND code = $2";
            let done = self.db.read().await?.number(DONE, values![day.as_str(), rule.code]).await? > 0;
            if !active || done {
                continue;
            }
            let records = self.keep(rule, young(months, &self.zone, now)).await?;
            let unit = self.db.write().await?;
            const RAN: &str =
                "INSERT INTO retention_run (day, code, records, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
            unit.run(RAN, values![day.as_str(), rule.code, records, now.0]).await?;
            if records > 0 {
                let deed = audit::Deed::new("privacy.retention_ran", "retention", None)
                    .with(json!({ "name": rule.code, "records": records }));
                audit::note(&unit, &Actor::system("retention"), now, deed).await?;
            }
            unit.save().await?;
        }
        Ok(())
    }

    async fn keep(&self, rule: &Rule, young: Timestamp) -> Result<i64, Fault> {
        if rule.action == Action::Erase {
            return self.erase(rule, young).await;
        }
        let place = match rule.table {
            "interaction" => "seq",
            "import_rejection" => "import_id",
            _ => "id",
        };
        let picked =
            format!("SELECT {place} FROM {} WHERE {} ORDER BY {place} LIMIT {AT_ONCE}", rule.table, rule.which);
        let sql = match rule.action {
            Action::Anonymise => format!("UPDATE {} SET {} WHERE {place} IN ({picked})", rule.table, rule.set),
            _ => format!("DELETE FROM {} WHERE {place} IN ({picked})", rule.table),
        };
        let mut records = 0;
        loop {
            let unit = self.db.write().await?;
            let touched = unit.run(&sql, values![young.0]).await? as i64;
            unit.save().await?;
            records += touched;
            if touched == 0 {
                return Ok(records);
            }
        }
    }

    async fn erase(&self, rule: &Rule, young: Timestamp) -> Result<i64, Fault> {
        let house = Actor::system("retention");
        let mut begun = 0;
        for contact in due(&self.db.read().await?, rule, young, ERASED_A_DAY).await? {
            let unit = self.db.write().await?;
            match erasure::begin(&unit, &house, contact, "retention", &self.clock).await {
                Ok(_) => {
                    unit.save().await?;
                    begun += 1;
                }
                Err(Trouble::Refusal(_)) => {}
                Err(Trouble::Fault(fault)) => return Err(fault),
            }
        }
        self.nudge.wake(jobs::TASK);
        Ok(begun)
    }
}

#[async_trait::async_trait]
impl Task for Retain {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn rest(&self) -> Duration {
        Duration::from_secs(15 * 60)
    }

    async fn run(&self, _: &Lease) -> Result<bool, Fault> {
        self.once().await?;
        Ok(false)
    }
}

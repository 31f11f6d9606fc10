//! Looking: every rule walks through its records in ranges of ids, so that neither memory nor a lock is held for long; what is
//! cut short begins anew and leaves nothing half.

use super::{
    findings::ran,
    rules::{RULES, Rule},
};
use crate::{
    Trouble,
    staff::{
        Actor, Right,
        notifications::{self, News, Topic},
        users,
    },
};
use jiff::ToSpan;
use kernel::{
    Clock, Fault, Sentence, Timestamp, UserId, Zone,
    time::{HOUR, MINUTE},
};
use std::time::Duration;
use store::{
    Batch, Db, FromQueryResult, Write,
    tasks::{Lease, Task},
    values,
};

/// Ids of one look.
const RANGE: i64 = 20_000;
/// How long a look counts.
const FRESH: i64 = HOUR;

#[derive(FromQueryResult)]
struct Candidate {
    subject_id: i64,
    contact_id: Option<i64>,
    a: Option<String>,
    b: Option<String>,
}

/// Looks at every record of a rule; answers how many are open.
pub async fn look(db: &Db, rule: &Rule, zone: &Zone, now: Timestamp) -> Result<i64, Fault> {
    let today = zone.day(now);
    let aged = today.checked_sub(120.years()).unwrap_or(today);
    let condition = rule.condition.replace("{today}", &today.to_string()).replace("{aged}", &aged.to_string());
    let condition = condition.replace("{now}", &now.0.to_string());
    let (table, contact, [a, b]) = (rule.subject.table(), rule.contact, rule.texts);
    let sql = format!(
        "SELECT x.id AS subject_id, {contact} AS contact_id, {a} AS a, {b} AS b FROM {table} x \
         WHERE x.id > $1 AND x.id <= $2 AND {condition}"
    );
    let rows = db.read().await?;
    let last = rows.number(&format!("SELECT COALESCE(MAX(id), 0) FROM {table}"), vec![]).await?;
    let records = rows.number(&format!("SELECT COUNT(*) FROM {table}"), vec![]).await?;
    drop(rows);
    let mut after = 0;
    while after < last {
        let mut found: Vec<Candidate> = db.read().await?.all(&sql, values![after, after + RANGE]).await?;
        after += RANGE;
        if let Some(wrong) = rule.check {
            found.retain(|one| wrong(one.a.as_deref().unwrap_or(""), one.b.as_deref().unwrap_or("")));
        }
        if !found.is_empty() {
            let unit = db.write().await?;
            note(&unit, rule, &found, now).await?;
            unit.save().await?;
        }
    }
    let unit = db.write().await?;
    const CLOSED: &str = "UPDATE finding SET closed_at = $1 WHERE rule = $2 AND closed_at IS NULL AND seen_at < $1";
    unit.run(CLOSED, values![now.0, rule.code]).await?;
    const RAN: &str = "INSERT INTO finding_run (rule, ran_at, records) VALUES ($1, $2, $3) \
         ON CONFLICT (rule) DO UPDATE SET ran_at = excluded.ran_at, records = excluded.records";
    unit.run(RAN, values![rule.code, now.0, records]).await?;
    const OPEN: &str = "SELECT COUNT(*) FROM finding WHERE rule = $1 AND closed_at IS NULL AND exempt_at IS NULL";
    let open = unit.number(OPEN, values![rule.code]).await?;
    const DAY: &str = "INSERT INTO finding_day (rule, day, open) VALUES ($1, $2, $3) \
         ON CONFLICT (rule, day) DO UPDATE SET open = excluded.open";
    unit.run(DAY, values![rule.code, today.to_string(), open]).await?;
    if open == 0 {
        mended(&unit, rule, now).await?;
    }
    unit.save().await?;
    Ok(open)
}

/// What is seen again stays as it was found; what was mended and is wrong again is new.
async fn note(unit: &Write, rule: &Rule, found: &[Candidate], now: Timestamp) -> Result<(), Fault> {
    const COLUMNS: [&str; 5] = ["rule", "subject_id", "contact_id", "found_at", "seen_at"];
    const AGAIN: &str = "ON CONFLICT (rule, subject_id) DO UPDATE SET seen_at = excluded.seen_at, closed_at = NULL, \
         contact_id = excluded.contact_id, \
         found_at = CASE WHEN finding.closed_at IS NULL THEN finding.found_at ELSE excluded.found_at END";
    let mut batch = Batch::new("finding", &COLUMNS, AGAIN);
    for one in found {
        batch.push(values![rule.code, one.subject_id, one.contact_id, now.0, now.0]);
    }
    batch.write(unit).await?;
    Ok(())
}

/// Nothing is open any more: what was reported is mended, and whoever reported it is told.
async fn mended(unit: &Write, rule: &Rule, now: Timestamp) -> Result<(), Fault> {
    #[derive(FromQueryResult)]
    struct Reported {
        id: i64,
        reporter_id: i64,
    }
    const REPORTED: &str = "SELECT id, reporter_id FROM finding_report WHERE rule = $1 AND state <> 'mended'";
    let reported: Vec<Reported> = unit.all(REPORTED, values![rule.code]).await?;
    for one in reported {
        const MENDED: &str = "UPDATE finding_report SET state = 'mended', mended_at = $1 WHERE id = $2";
        unit.run(MENDED, values![now.0, one.id]).await?;
        let Some(user) = users::find(unit, UserId(one.reporter_id)).await? else { continue };
        let news = News {
            source: &format!("quality-mended:{}", one.id),
            topic: Topic::Quality,
            about: "",
            strength: 0,
            what: Sentence::new("quality-mended-news"),
            link: "/verwaltung/datenqualitaet",
        };
        notifications::tell(unit, &user, &news, now).await?;
    }
    Ok(())
}

/// Lets every rule look again at once. Nudge [`KeepQuality::NAME`] after the commit.
pub async fn wanted(unit: &Write, actor: &Actor) -> Result<(), Trouble> {
    actor.must(Right::SeeQuality)?;
    unit.run("UPDATE finding_run SET ran_at = 0", vec![]).await?;
    Ok(())
}

/// The task that looks.
pub struct KeepQuality {
    pub db: Db,
    pub clock: Clock,
    pub zone: Zone,
}

impl KeepQuality {
    pub const NAME: &'static str = "quality";

    /// Lets the first rule look whose last look is too old; `false` where none is.
    pub async fn once(&self) -> Result<bool, Fault> {
        let now = self.clock.now();
        let ran = ran(&self.db.read().await?).await?;
        let is_fresh = |rule: &Rule| ran.iter().any(|one| one.rule == rule.code && now.0 - one.ran_at < FRESH);
        let Some(rule) = RULES.iter().find(|rule| !is_fresh(rule)) else { return Ok(false) };
        look(&self.db, rule, &self.zone, now).await?;
        Ok(true)
    }
}

#[async_trait::async_trait]
impl Task for KeepQuality {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn rest(&self) -> Duration {
        Duration::from_micros(5 * MINUTE as u64)
    }

    async fn run(&self, _: &Lease) -> Result<bool, Fault> {
        self.once().await
    }
}

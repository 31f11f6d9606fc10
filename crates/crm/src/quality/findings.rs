//! What was found, what somebody said is right as it is, and which figures are touched.

use super::rules::{RULES, Rule, Subject, rule};
use crate::{
    Refusal, Trouble,
    staff::{Actor, Right, audit},
};
use kernel::{CampaignId, Fault, Sentence, Timestamp};
use store::{FromQueryResult, Rows, Write, values};

/// Longest reason, in characters.
const REASON: usize = 300;

/// How a rule stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub rule: &'static str,
    pub open: i64,
    pub exempt: i64,
    /// Records it looked at.
    pub records: i64,
    /// 0 where it has not looked yet, or shall look at once.
    pub ran_at: i64,
    /// Open at the end of the last days, the oldest first.
    pub course: Vec<i64>,
}

#[derive(FromQueryResult)]
struct Counted {
    rule: String,
    open: i64,
    exempt: i64,
}

#[derive(FromQueryResult)]
pub(super) struct Ran {
    pub rule: String,
    pub ran_at: i64,
    records: i64,
}

#[derive(FromQueryResult)]
struct DayRow {
    rule: String,
    open: i64,
}

/// How all rules stand, in the order of the catalogue.
pub async fn standings(rows: &Rows, actor: &Actor, since_day: &str) -> Result<Vec<Standing>, Trouble> {
    actor.must(Right::SeeQuality)?;
    let (counted, ran) = (counted(rows).await?, ran(rows).await?);
    const DAYS: &str = "SELECT rule, open FROM finding_day WHERE day >= $1 ORDER BY day";
    let days: Vec<DayRow> = rows.all(DAYS, values![since_day]).await?;
    let standing = |rule: &Rule| {
        let count = counted.iter().find(|one| one.rule == rule.code);
        let ran = ran.iter().find(|one| one.rule == rule.code);
        Standing {
            rule: rule.code,
            open: count.map_or(0, |one| one.open),
            exempt: count.map_or(0, |one| one.exempt),
            records: ran.map_or(0, |one| one.records),
            ran_at: ran.map_or(0, |one| one.ran_at),
            course: days.iter().filter(|one| one.rule == rule.code).map(|one| one.open).collect(),
        }
    };
    Ok(RULES.iter().map(standing).collect())
}

/// What is open and exempt by rule; served by `finding_counted`.
async fn counted(rows: &Rows) -> Result<Vec<Counted>, Fault> {
    const SQL: &str = "SELECT rule, CAST(SUM(CASE WHEN exempt_at IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS open, \
         CAST(SUM(CASE WHEN exempt_at IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS exempt FROM finding \
         WHERE closed_at IS NULL GROUP BY rule";
    rows.all(SQL, vec![]).await
}

/// The last look of every rule that has looked.
pub(super) async fn ran(rows: &Rows) -> Result<Vec<Ran>, Fault> {
    rows.all("SELECT rule, ran_at, records FROM finding_run", vec![]).await
}

/// A finding of a list.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Finding {
    pub id: i64,
    pub subject_id: i64,
    pub contact_id: Option<i64>,
    pub found_at: i64,
    pub exempt_by: Option<String>,
    pub exempt_reason: Option<String>,
}

/// The open findings of a rule, or those that are exempt, from behind one; served by `finding_open`.
pub async fn listed(
    rows: &Rows,
    actor: &Actor,
    code: &str,
    exempt: bool,
    after: i64,
    limit: i64,
) -> Result<Vec<Finding>, Trouble> {
    actor.must(Right::SeeQuality)?;
    let rule = rule(code).ok_or(Refusal::Missing)?;
    let which = if exempt { "NOT NULL" } else { "NULL" };
    let sql = format!(
        "SELECT id, subject_id, contact_id, found_at, exempt_by, exempt_reason FROM finding WHERE rule = $1 \
         AND closed_at IS NULL AND exempt_at IS {which} AND id > $2 ORDER BY id LIMIT $3"
    );
    Ok(rows.all(&sql, values![rule.code, after, limit]).await?)
}

/// Says that something is right as it is.
///
/// # Errors
/// `Invalid` without a reason, `Missing` for a finding that is not open.
pub async fn exempt(unit: &Write, actor: &Actor, id: i64, reason: &str, now: Timestamp) -> Result<(), Trouble> {
    actor.must(Right::SeeQuality)?;
    let reason = kernel::text::one_line(reason);
    if reason.is_empty() || reason.chars().count() > REASON {
        return Err(Refusal::field("reason", "required", Sentence::new("quality-reason-missing")).into());
    }
    const SQL: &str = "UPDATE finding SET exempt_at = $1, exempt_by = $2, exempt_reason = $3 WHERE id = $4 \
         AND closed_at IS NULL AND exempt_at IS NULL";
    if unit.run(SQL, values![now.0, actor.name.as_str(), reason, id]).await? == 0 {
        return Err(Refusal::Missing.into());
    }
    audit::note(unit, actor, now, audit::Deed::new("quality.exempted", "finding", id)).await?;
    Ok(())
}

/// Takes that back.
pub async fn unexempt(unit: &Write, actor: &Actor, id: i64, now: Timestamp) -> Result<(), Trouble> {
    actor.must(Right::SeeQuality)?;
    const SQL: &str = "UPDATE finding SET exempt_at = NULL, exempt_by = NULL, exempt_reason = NULL WHERE id = $1 \
         AND exempt_at IS NOT NULL";
    if unit.run(SQL, values![id]).await? == 0 {
        return Err(Refusal::Missing.into());
    }
    audit::note(unit, actor, now, audit::Deed::new("quality.unexempted", "finding", id)).await?;
    Ok(())
}

/// A rule whose open findings touch a figure, and how much.
#[derive(Clone, Debug, PartialEq)]
pub struct Touched {
    pub rule: &'static str,
    /// Codes of the figures that are asked for and touched.
    pub figures: Vec<&'static str>,
    pub open: i64,
    /// Of all records of that kind.
    pub share: f64,
}

/// Which open findings touch figures somebody looks at, the largest share first; what carries the warning on a page.
pub async fn touching(rows: &Rows, figures: &[&str]) -> Result<Vec<Touched>, Fault> {
    let (counted, ran) = (counted(rows).await?, ran(rows).await?);
    let touch = |count: &Counted| {
        let records = ran.iter().find(|one| one.rule == count.rule).map_or(0, |one| one.records);
        Touched::of(&count.rule, figures, count.open, records)
    };
    Ok(by_share(counted.iter().filter_map(touch)))
}

impl Touched {
    /// Nothing where nothing is open, or the rule touches none of the figures.
    fn of(code: &str, figures: &[&str], open: i64, all: i64) -> Option<Self> {
        let rule = rule(code).filter(|_| open > 0)?;
        let figures: Vec<&str> = rule.figures.iter().copied().filter(|figure| figures.contains(figure)).collect();
        let share = open as f64 / all.max(1) as f64;
        (!figures.is_empty()).then_some(Self { rule: rule.code, figures, open, share })
    }
}

fn by_share(touched: impl Iterator<Item = Touched>) -> Vec<Touched> {
    let mut touched: Vec<Touched> = touched.collect();
    touched.sort_by(|one, other| other.share.total_cmp(&one.share));
    touched
}

/// The same of one campaign: people of its audience whom open findings are about, and their share of it. Findings about mails count
/// where the mail was this campaign's.
pub async fn touching_campaign(rows: &Rows, campaign: CampaignId, figures: &[&str]) -> Result<Vec<Touched>, Fault> {
    #[derive(FromQueryResult)]
    struct Found {
        rule: String,
        people: i64,
    }
    const AUDIENCE: &str = "SELECT COUNT(*) FROM audience WHERE campaign_id = $1 AND fate IN ('treated', 'control')";
    let mails = RULES.iter().filter(|rule| rule.subject == Subject::Message).map(|rule| format!("'{}'", rule.code));
    let sql = format!(
        "SELECT f.rule, COUNT(DISTINCT f.contact_id) AS people FROM finding f \
         JOIN audience a ON a.campaign_id = $1 AND a.contact_id = f.contact_id AND a.fate IN ('treated', 'control') \
         WHERE f.closed_at IS NULL AND f.exempt_at IS NULL AND (f.rule NOT IN ({}) \
         OR EXISTS (SELECT 1 FROM message m WHERE m.id = f.subject_id AND m.campaign_id = $1)) GROUP BY f.rule",
        mails.collect::<Vec<_>>().join(", ")
    );
    let found: Vec<Found> = rows.all(&sql, values![campaign.0]).await?;
    let audience = rows.number(AUDIENCE, values![campaign.0]).await?;
    Ok(by_share(found.into_iter().filter_map(|one| Touched::of(&one.rule, figures, one.people, audience))))
}

//! Telling those who can mend it: a report for an administrator, followed until nothing is open any more.

use super::rules::rule;
use crate::{
    Refusal, Trouble,
    staff::{
        Actor, Right, audit,
        notifications::{self, News, Topic},
        users,
    },
};
use kernel::{Sentence, Timestamp};
use serde_json::json;
use store::{FromQueryResult, Rows, Write, values};

/// Longest text, in characters.
const LONGEST: usize = 2_000;

/// A report with the names of both sides.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Report {
    pub id: i64,
    pub rule: String,
    pub text: String,
    pub reporter: String,
    pub assignee: String,
    /// `open`, `working`, `mended`.
    pub state: String,
    pub created_at: i64,
    pub mended_at: Option<i64>,
}

/// The latest reports, those that are not mended first.
pub async fn reports(rows: &Rows, actor: &Actor, limit: i64) -> Result<Vec<Report>, Trouble> {
    actor.must(Right::SeeQuality)?;
    const SQL: &str = "SELECT f.id, f.rule, f.text, r.name AS reporter, a.name AS assignee, f.state, f.created_at, f.mended_at \
         FROM finding_report f JOIN staff_user r ON r.id = f.reporter_id JOIN staff_user a ON a.id = f.assignee_id \
         ORDER BY CASE WHEN f.state = 'mended' THEN 1 ELSE 0 END, f.id DESC LIMIT $1";
    Ok(rows.all(SQL, values![limit]).await?)
}

/// Reports a rule to the administrator who has the fewest reports, and tells them.
///
/// # Errors
/// `State` where there is no administrator, or the rule is reported already.
pub async fn tell(unit: &Write, actor: &Actor, code: &str, text: &str, now: Timestamp) -> Result<i64, Trouble> {
    actor.must(Right::SeeQuality)?;
    let reporter = actor.user().ok_or(Refusal::Missing)?;
    let rule = rule(code).ok_or(Refusal::Missing)?;
    let text = text.replace('\0', "").trim().to_owned();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(Refusal::field("text", "required", Sentence::new("quality-text-missing")).into());
    }
    const OPEN: &str = "SELECT COUNT(*) FROM finding_report WHERE rule = $1 AND state <> 'mended'";
    if unit.number(OPEN, values![rule.code]).await? > 0 {
        return Err(Refusal::state("quality-reported-already").into());
    }
    let mut least = None;
    for user in users::administrators(unit).await? {
        const HAS: &str = "SELECT COUNT(*) FROM finding_report WHERE assignee_id = $1 AND state <> 'mended'";
        let has = unit.number(HAS, values![user.id.0]).await?;
        if least.as_ref().is_none_or(|(fewest, _)| has < *fewest) {
            least = Some((has, user));
        }
    }
    let (_, assignee) = least.ok_or_else(|| Refusal::state("quality-nobody"))?;
    const SQL: &str = "INSERT INTO finding_report (rule, text, reporter_id, assignee_id, state, created_at) \
         VALUES ($1, $2, $3, $4, 'open', $5) RETURNING id";
    let id = unit.insert(SQL, values![rule.code, text, reporter.0, assignee.id.0, now.0]).await?;
    let news = News {
        source: &format!("quality-report:{id}"),
        topic: Topic::Quality,
        about: "",
        strength: 0,
        what: Sentence::new("quality-report-news").with("name", actor.name.as_str()),
        link: "/verwaltung/datenqualitaet",
    };
    notifications::tell(unit, &assignee, &news, now).await?;
    let deed = audit::Deed::new("quality.reported", "finding_report", id).with(json!({ "rule": rule.code }));
    audit::note(unit, actor, now, deed).await?;
    Ok(id)
}

/// Says that somebody is at it.
pub async fn take_on(unit: &Write, actor: &Actor, id: i64, now: Timestamp) -> Result<(), Trouble> {
    actor.must(Right::ManageUsers)?;
    const SQL: &str = "UPDATE finding_report SET state = 'working' WHERE id = $1 AND state = 'open'";
    if unit.run(SQL, values![id]).await? == 0 {
        return Err(Refusal::Missing.into());
    }
    audit::note(unit, actor, now, audit::Deed::new("quality.taken_on", "finding_report", id)).await?;
    Ok(())
}

//! Judges history again when the rules have become better: page after page of the log, from what was stored with each
//! entry. Its place is kept, so that a crash costs a page and nothing is judged twice to another end.

use super::{Act, Earlier, Message, RULES, Reason, Request, Verdict, judge, web};
use kernel::{Clock, Fault, Seq, Timestamp};
use std::time::Duration;
use store::{
    Db, FromQueryResult, Rows, Write, settings,
    tasks::{Lease, Task},
    values,
};

/// Settings: the rules all of the log was judged by, and how far the present ones have come.
const JUDGED: &str = "verdict.rules";
const PLACE: &str = "verdict.place";
/// Entries looked at in one unit.
const PAGE: i64 = 2_000;

/// The task that judges history again.
pub struct Rejudge {
    pub db: Db,
    pub clock: Clock,
    /// [`RULES`]; another number in tests.
    pub rules: i64,
}

impl Rejudge {
    pub const NAME: &'static str = "rejudge-history";

    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, rules: RULES }
    }

    /// Judges one page; `true` while there is more.
    pub async fn page(&self) -> Result<bool, Fault> {
        let unit = self.db.write().await?;
        let number = |text: Option<String>| text.and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
        if number(settings::get(&unit, JUDGED).await?) >= self.rules {
            return Ok(false);
        }
        let from = number(settings::get(&unit, PLACE).await?);
        let newest = unit.number("SELECT MAX(seq) FROM interaction", vec![]).await?;
        let to = newest.min(from + PAGE);
        let mended = web_page(&unit, from, to).await? + mail_page(&unit, from, to).await?;
        if mended > 0 {
            tracing::info!(from, to, mended, rules = self.rules, "Judged a page of the log again");
        }
        if to >= newest {
            settings::set(&unit, JUDGED, &self.rules.to_string()).await?;
            settings::set(&unit, PLACE, "0").await?;
        } else {
            settings::set(&unit, PLACE, &to.to_string()).await?;
        }
        unit.save().await?;
        Ok(to < newest)
    }
}

#[async_trait::async_trait]
impl Task for Rejudge {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn rest(&self) -> Duration {
        Duration::from_secs(3600)
    }

    async fn run(&self, _lease: &Lease) -> Result<bool, Fault> {
        self.page().await
    }
}

#[derive(FromQueryResult)]
struct Visited {
    seq: i64,
    agent: Option<String>,
    pace: i64,
    verdict: String,
    reasons: Option<String>,
}

/// Web events of `(from, to]`; served by the primary key. Answers how many verdicts changed.
async fn web_page(unit: &Write, from: i64, to: i64) -> Result<usize, Fault> {
    const SQL: &str = "SELECT i.seq, a.name AS agent, i.pace, i.verdict, i.reasons FROM interaction i \
         LEFT JOIN user_agent a ON a.id = i.agent_id WHERE i.seq > $1 AND i.seq <= $2 AND i.pace IS NOT NULL ORDER BY i.seq";
    let events: Vec<Visited> = unit.all(SQL, values![from, to]).await?;
    let mut mended = 0;
    for event in events {
        let visit = web::Visit { agent: event.agent.as_deref().unwrap_or_default(), pace: event.pace };
        let (verdict, reasons) = web::judge(visit);
        mended += mend(unit, event.seq, (&event.verdict, event.reasons.as_deref()), verdict, &reasons).await?;
    }
    Ok(mended)
}

async fn mend(
    unit: &Write,
    seq: i64,
    before: (&str, Option<&str>),
    verdict: Verdict,
    reasons: &[Reason],
) -> Result<usize, Fault> {
    if before == (verdict.code(), Reason::write(reasons).as_deref()) {
        return Ok(0);
    }
    crate::interactions::rejudge(unit, &[Seq(seq)], verdict, reasons).await?;
    Ok(1)
}

#[derive(FromQueryResult)]
struct Reacted {
    seq: i64,
    message_id: i64,
    kind: String,
    occurred_at: i64,
    verdict: String,
    reasons: Option<String>,
    props: Option<String>,
    handed_over: Option<i64>,
    links: i64,
}

impl Reacted {
    fn prop(&self, name: &str) -> serde_json::Value {
        let props: Option<serde_json::Value> = self.props.as_deref().and_then(|text| serde_json::from_str(text).ok());
        props.map(|mut props| props[name].take()).unwrap_or_default()
    }

    fn act(&self) -> Act {
        if self.kind == "clicked" { Act::Click(self.prop("link").as_i64().unwrap_or_default()) } else { Act::Open }
    }
}

const REACTED: &str = "SELECT i.seq, i.message_id, i.kind, i.occurred_at, i.verdict, i.reasons, i.props, \
     CASE WHEN m.state = 'in_doubt' THEN m.handed_at ELSE m.sent_at END AS handed_over, \
     (SELECT COUNT(*) FROM campaign_link l WHERE l.step_id = m.step_id) AS links \
     FROM interaction i JOIN message m ON m.id = i.message_id";

/// Opens and clicks of `(from, to]`, each beside those of its message before it. Those that came from elsewhere than our
/// own addresses name no program and stay as their sender judged them. Served by the primary key: an expression about the kind
/// keeps SQLite from reading all opens there ever were.
async fn mail_page(unit: &Write, from: i64, to: i64) -> Result<usize, Fault> {
    let sql =
        format!("{REACTED} WHERE i.seq > $1 AND i.seq <= $2 AND i.kind || '' IN ('opened', 'clicked') ORDER BY i.seq");
    let reactions: Vec<Reacted> = unit.all(&sql, values![from, to]).await?;
    let mut mended = 0;
    for reaction in reactions {
        let agent = reaction.prop("agent");
        let Some(agent) = agent.as_str() else { continue };
        let request = Request {
            act: reaction.act(),
            head: Reason::read(reaction.reasons.as_deref()).contains(&Reason::HeadRequest),
            agent,
            at: Timestamp(reaction.occurred_at),
        };
        let message = Message {
            handed_over: reaction.handed_over.map(Timestamp),
            links: usize::try_from(reaction.links).unwrap_or(0),
        };
        let judgement = judge(&request, message, &earlier(unit, reaction.message_id, reaction.seq).await?);
        let before = (reaction.verdict.as_str(), reaction.reasons.as_deref());
        mended += mend(unit, reaction.seq, before, judgement.verdict, &judgement.reasons).await?;
        let after_all = [Reason::AllLinksAtHandOver];
        crate::interactions::rejudge(unit, &judgement.machine_after_all, Verdict::Machine, &after_all).await?;
    }
    Ok(mended)
}

/// Served by `interaction_message`.
async fn earlier(rows: &Rows, message: i64, before: i64) -> Result<Vec<Earlier>, Fault> {
    let sql = format!(
        "{REACTED} WHERE i.message_id = $1 AND i.seq < $2 AND i.kind IN ('opened', 'clicked') ORDER BY i.seq DESC LIMIT 300"
    );
    let found: Vec<Reacted> = rows.all(&sql, values![message, before]).await?;
    let read = |row: Reacted| {
        let verdict = Verdict::parse(&row.verdict)?;
        Some(Earlier { seq: Seq(row.seq), act: row.act(), at: Timestamp(row.occurred_at), verdict })
    };
    Ok(found.into_iter().filter_map(read).collect())
}

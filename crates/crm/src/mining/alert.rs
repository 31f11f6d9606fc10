//! What was found: written down once, looked up by whoever may see it.

use super::{Change, Direction, discovery::q_values};
use crate::interactions::coded;
use jiff::{ToSpan, civil::Date};
use kernel::{Fault, Locale, Sentence, Timestamp};
use store::{FromQueryResult, Rows, Write, values};

/// The share of false reports that is accepted.
pub const FALSE: f64 = 0.05;

coded! {
    /// Whose behaviour it is.
    Subject, "alert-subject" {
        Contact = "contact",
        Segment = "segment",
        Channel = "channel",
        Campaign = "campaign",
        Metric = "metric",
    }
}

/// A change that is to be judged among all others of the night; `last` is the last day of its window.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspicion {
    pub subject: Subject,
    /// An id, or the code of a channel or metric.
    pub key: String,
    pub change: Change,
    pub last: Date,
}

/// A change that stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    pub id: i64,
    pub subject: Subject,
    pub key: String,
    pub direction: Direction,
    /// Both days belong to the window.
    pub first_day: Date,
    pub last_day: Date,
    /// Counts of the window; a share between 0 and 1 for a campaign.
    pub expected: f64,
    pub observed: f64,
    pub p: f64,
    pub q: f64,
    pub found_at: Timestamp,
}

impl Alert {
    pub fn days(&self) -> i64 {
        i64::from((self.last_day - self.first_day).get_days()) + 1
    }

    /// How much it changed, in percent of what was expected; a thousand where nothing was.
    pub fn strength(&self) -> i64 {
        if self.expected <= 0.0 {
            return 1_000;
        }
        ((self.observed - self.expected).abs() / self.expected * 100.0).round() as i64
    }

    /// What happened, in a sentence that begins with the name of whom it is about.
    pub fn sentence(&self, name: &str, locale: Locale) -> Sentence {
        let key = match (self.subject, self.direction) {
            (Subject::Contact, Direction::Rise) => "alert-contact-rise",
            (Subject::Contact, Direction::Fall) => "alert-contact-fall",
            (Subject::Segment, _) => "alert-segment-changed",
            (Subject::Channel, _) => "alert-channel-changed",
            (Subject::Campaign, _) => "alert-campaign-changed",
            (Subject::Metric, _) => "alert-metric-changed",
        };
        let figure = |value: f64| match self.subject {
            Subject::Campaign => locale.percent(value, 1),
            _ if value >= 10.0 || value.fract() == 0.0 => locale.count(value.round() as i64),
            _ => locale.number(value, 1),
        };
        Sentence::new(key)
            .with("name", name)
            .with("observed", figure(self.observed))
            .with("expected", figure(self.expected))
            .with("days", self.days())
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    subject: String,
    subject_key: String,
    direction: String,
    first_day: String,
    last_day: String,
    expected: f64,
    observed: f64,
    p: f64,
    q: f64,
    found_at: i64,
}

const COLUMNS: &str = "id, subject, subject_key, direction, first_day, last_day, expected, observed, p, q, found_at";

impl Row {
    fn read(self) -> Result<Alert, Fault> {
        let unreadable = || Fault::Unreadable(format!("alert {}", self.id));
        Ok(Alert {
            id: self.id,
            subject: Subject::parse(&self.subject).ok_or_else(unreadable)?,
            direction: Direction::parse(&self.direction).ok_or_else(unreadable)?,
            first_day: self.first_day.parse().map_err(|_| unreadable())?,
            last_day: self.last_day.parse().map_err(|_| unreadable())?,
            key: self.subject_key,
            expected: self.expected,
            observed: self.observed,
            p: self.p,
            q: self.q,
            found_at: Timestamp(self.found_at),
        })
    }
}

/// Judges all suspicions of a night together and writes down what stands; answers what is new. A change that goes on from
/// one already written is not written again.
pub async fn report(unit: &Write, suspicions: &[Suspicion], tests: usize, now: Timestamp) -> Result<Vec<Alert>, Fault> {
    let p: Vec<f64> = suspicions.iter().map(|suspicion| suspicion.change.p).collect();
    let judged = suspicions.iter().zip(q_values(&p, tests)).filter(|(_, q)| *q <= FALSE);
    let mut new = Vec::new();
    for (Suspicion { subject, key, change, last }, q) in judged {
        let back = i64::try_from(change.days).unwrap_or(1) - 1;
        let first = last.checked_sub(back.days()).unwrap_or(*last);
        let adjoining = first.checked_sub(1.day()).unwrap_or(first);
        const KNOWN: &str = "SELECT COUNT(*) FROM alert WHERE subject = $1 AND subject_key = $2 AND direction = $3 \
             AND last_day >= $4 AND first_day <= $5";
        let about = || values![subject.code(), key.as_str(), change.direction.code()];
        let mut values = about();
        values.extend(values![adjoining.to_string(), last.to_string()]);
        if unit.number(KNOWN, values).await? > 0 {
            continue;
        }
        const SQL: &str = "INSERT INTO alert (subject, subject_key, direction, first_day, last_day, expected, observed, p, q, \
             found_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id";
        let mut values = about();
        values.extend(values![first.to_string(), last.to_string(), change.expected, change.observed]);
        values.extend(values![change.p, q, now.0]);
        let id = unit.insert(SQL, values).await?;
        if id > 0 {
            let alert = Alert {
                id,
                subject: *subject,
                key: key.clone(),
                direction: change.direction,
                first_day: first,
                last_day: *last,
                expected: change.expected,
                observed: change.observed,
                p: change.p,
                q,
                found_at: now,
            };
            new.push(alert);
        }
    }
    Ok(new)
}

/// The newest, of the subjects somebody may see; served by `alert_found`.
pub async fn recent(rows: &Rows, subjects: &[Subject], since: Timestamp, limit: i64) -> Result<Vec<Alert>, Fault> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let codes: Vec<String> = subjects.iter().map(|subject| format!("'{}'", subject.code())).collect();
    let sql = format!(
        "SELECT {COLUMNS} FROM alert WHERE found_at >= $1 AND subject IN ({}) ORDER BY found_at DESC, q, id LIMIT $2",
        codes.join(", ")
    );
    let found: Vec<Row> = rows.all(&sql, values![since.0, limit]).await?;
    found.into_iter().map(Row::read).collect()
}

pub async fn find(rows: &Rows, id: i64) -> Result<Option<Alert>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM alert WHERE id = $1");
    let found: Option<Row> = rows.one(&sql, values![id]).await?;
    found.map(Row::read).transpose()
}

//! The last events of each source and what became of them, for whoever connects a website. Kept short, written from beside
//! the log half a second later, and lost without harm.

use kernel::{Fault, Sentence, Seq, SourceId, Timestamp};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::{Batch, Db, FromQueryResult, Rows, values};

/// How many are kept of each source, and how many wait to be written.
const KEPT: i64 = 300;
const WAITING: usize = 100;
const PAUSE: Duration = Duration::from_millis(500);

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// In the log.
    Recorded,
    /// Its id was known already.
    Duplicate,
    /// It said who somebody is.
    Identified,
    /// In the log without a person.
    Counted,
    /// No consent.
    Dropped,
    Refused,
}

impl Outcome {
    pub const ALL: [Self; 6] =
        [Self::Recorded, Self::Duplicate, Self::Identified, Self::Counted, Self::Dropped, Self::Refused];

    pub fn code(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Duplicate => "duplicate",
            Self::Identified => "identified",
            Self::Counted => "counted",
            Self::Dropped => "dropped",
            Self::Refused => "refused",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    pub fn label(self) -> Sentence {
        Sentence::new(match self {
            Self::Recorded => "tracking-outcome-recorded",
            Self::Duplicate => "tracking-outcome-duplicate",
            Self::Identified => "tracking-outcome-identified",
            Self::Counted => "tracking-outcome-counted",
            Self::Dropped => "tracking-outcome-dropped",
            Self::Refused => "tracking-outcome-refused",
        })
    }
}

/// An event as it was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    pub at: Timestamp,
    /// `track`, `page` …; `?` where that could not be read.
    pub call: String,
    pub name: String,
    /// The sender's id of the person or browser.
    pub who: String,
    pub outcome: Outcome,
    pub seq: Option<Seq>,
    /// Why, where it needs saying.
    pub reason: Option<Sentence>,
}

/// What was seen, put into words only if it is still among the newest when it is written.
pub(super) type Noted = Box<dyn FnOnce() -> Sight + Send>;

/// Keeps sights. Clones share it.
#[derive(Clone, Default)]
pub struct Sights(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    waiting: HashMap<SourceId, VecDeque<Noted>>,
    writing: bool,
}

impl Sights {
    /// Notes what was seen; in a flood only the newest are kept.
    pub fn note(&self, db: &Db, source: SourceId, seen: Vec<Noted>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = held.waiting.entry(source).or_default();
        let skip = seen.len().saturating_sub(WAITING);
        waiting.extend(seen.into_iter().skip(skip));
        let surplus = waiting.len().saturating_sub(WAITING);
        waiting.drain(..surplus);
        if !std::mem::replace(&mut held.writing, true) {
            let (sights, db) = (self.clone(), db.clone());
            tokio::spawn(async move {
                tokio::time::sleep(PAUSE).await;
                if let Err(fault) = sights.write(&db).await {
                    tracing::debug!(error = %fault, "What was seen of a source could not be noted");
                }
            });
        }
    }

    /// Writes what waits.
    pub async fn write(&self, db: &Db) -> Result<(), Fault> {
        let waiting = {
            let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            held.writing = false;
            std::mem::take(&mut held.waiting)
        };
        if waiting.is_empty() {
            return Ok(());
        }
        const COLUMNS: [&str; 8] = ["source_id", "at", "call", "name", "who", "outcome", "seq", "reason"];
        let mut batch = Batch::new("tracking_sight", &COLUMNS, "");
        let sources: Vec<SourceId> = waiting.keys().copied().collect();
        for (source, seen) in waiting {
            for sight in seen.into_iter().map(|noted| noted()) {
                batch.push(values![
                    source.0,
                    sight.at.0,
                    sight.call,
                    sight.name,
                    sight.who,
                    sight.outcome.code(),
                    sight.seq.map(i64::from),
                    sight.reason.and_then(|reason| serde_json::to_string(&reason).ok()),
                ]);
            }
        }
        let unit = db.write().await?;
        batch.write(&unit).await?;
        const PRUNE: &str = "DELETE FROM tracking_sight WHERE source_id = $1 AND id <= \
             (SELECT id FROM tracking_sight WHERE source_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)";
        for source in sources {
            unit.run(PRUNE, values![source.0, KEPT]).await?;
        }
        unit.save().await
    }
}

#[derive(FromQueryResult)]
struct Row {
    at: i64,
    call: String,
    name: String,
    who: String,
    outcome: String,
    seq: Option<i64>,
    reason: Option<String>,
}

/// The newest first, of one outcome or all, those that hold a text or all; served by `tracking_sight_source`.
pub async fn seen(
    rows: &Rows,
    source: SourceId,
    outcome: Option<Outcome>,
    text: &str,
    limit: usize,
) -> Result<Vec<Sight>, Fault> {
    const SQL: &str = "SELECT at, call, name, who, outcome, seq, reason FROM tracking_sight WHERE source_id = $1 \
         AND ($2 = '' OR outcome = $2) ORDER BY id DESC LIMIT $3";
    let outcome = outcome.map_or("", Outcome::code);
    let found: Vec<Row> = rows.all(SQL, values![source.0, outcome, KEPT]).await?;
    let text = text.trim().to_lowercase();
    let holds = |row: &Row| {
        text.is_empty() || [&row.call, &row.name, &row.who].iter().any(|part| part.to_lowercase().contains(&text))
    };
    let read = |row: Row| {
        Some(Sight {
            at: Timestamp(row.at),
            call: row.call,
            name: row.name,
            who: row.who,
            outcome: Outcome::parse(&row.outcome)?,
            seq: row.seq.map(Seq),
            reason: row.reason.and_then(|text| serde_json::from_str(&text).ok()),
        })
    };
    Ok(found.into_iter().filter(holds).filter_map(read).take(limit).collect())
}

#[derive(FromQueryResult)]
struct Newest {
    source_id: i64,
    at: i64,
}

/// When each source was last heard of.
pub async fn newest(rows: &Rows) -> Result<HashMap<SourceId, Timestamp>, Fault> {
    const SQL: &str = "SELECT source_id, MAX(at) AS at FROM tracking_sight GROUP BY source_id";
    let found: Vec<Newest> = rows.all(SQL, vec![]).await?;
    Ok(found.into_iter().map(|row| (SourceId(row.source_id), Timestamp(row.at))).collect())
}

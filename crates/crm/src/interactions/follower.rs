//! Whoever reacts to the log reads it in commit order from a durable place of its own: a crash between "written" and
//! "reacted" loses nothing and repeats nothing that shows.

use super::{Interaction, timeline::Row};
use kernel::{Fault, Seq};
use store::{Rows, Write, values};

/// A reader of the log, by name.
#[derive(Clone, Copy, Debug)]
pub struct Follower(pub &'static str);

impl Follower {
    /// How far it has read; 0 at the beginning.
    pub async fn position(&self, rows: &Rows) -> Result<Seq, Fault> {
        Ok(Seq(rows.number("SELECT seq FROM follower WHERE name = $1", values![self.0]).await?))
    }

    /// What comes next, oldest first.
    pub async fn next(&self, rows: &Rows, limit: i64) -> Result<Vec<Interaction>, Fault> {
        let from = self.position(rows).await?;
        let sql = format!("SELECT {} FROM interaction WHERE seq > $1 ORDER BY seq LIMIT $2", Row::COLUMNS);
        let found: Vec<Row> = rows.all(&sql, values![from.0, limit]).await?;
        found.into_iter().map(Row::read).collect()
    }

    /// Moves its place, in the same unit as what it did about the interactions up to there. Never moves back.
    pub async fn advance(&self, unit: &Write, to: Seq) -> Result<(), Fault> {
        const SQL: &str = "INSERT INTO follower (name, seq) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET seq = excluded.seq WHERE follower.seq < excluded.seq";
        unit.run(SQL, values![self.0, to.0]).await?;
        Ok(())
    }
}

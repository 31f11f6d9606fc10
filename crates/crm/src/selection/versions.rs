//! What a segment was before: every save keeps its version, two versions are compared in words, an old one comes back as a
//! new one.

use super::{Definition, Draft, Names, Phrase, phrases, segments};
use crate::{
    Refusal, Trouble,
    staff::{Actor, Right},
};
use kernel::{Fault, Locale, SegmentId, Timestamp, Zone};
use store::{FromQueryResult, Rows, Write, values};

/// A segment as it was saved once.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub version: i64,
    pub name: String,
    pub description: String,
    pub definition: Definition,
    /// Name of who saved it.
    pub saved_by: String,
    pub saved_at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    version: i64,
    name: String,
    description: String,
    definition: String,
    saved_by: String,
    saved_at: i64,
}

impl Row {
    fn read(self) -> Result<Version, Fault> {
        let unreadable = || Fault::Unreadable(format!("version {} of a segment", self.version));
        let json = serde_json::from_str(&self.definition).map_err(|_| unreadable())?;
        Ok(Version {
            version: self.version,
            definition: Definition::parse(&json, &Names::default()).map_err(|_| unreadable())?,
            name: self.name,
            description: self.description,
            saved_by: self.saved_by,
            saved_at: Timestamp(self.saved_at),
        })
    }
}

/// Keeps what was just saved.
pub(super) async fn keep(
    unit: &Write,
    actor: &Actor,
    id: SegmentId,
    version: i64,
    now: Timestamp,
) -> Result<(), Fault> {
    const SQL: &str = "INSERT INTO segment_version (segment_id, version, name, description, definition, saved_by, saved_at) \
         SELECT id, version, name, description, definition, $3, $4 FROM segment WHERE id = $1 AND version = $2";
    unit.run(SQL, values![id.0, version, actor.name.as_str(), now.0]).await?;
    Ok(())
}

const COLUMNS: &str = "version, name, description, definition, saved_by, saved_at";

/// All versions, newest first; served by the primary key.
pub async fn versions(rows: &Rows, id: SegmentId) -> Result<Vec<Version>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM segment_version WHERE segment_id = $1 ORDER BY version DESC");
    let found: Vec<Row> = rows.all(&sql, values![id.0]).await?;
    found.into_iter().map(Row::read).collect()
}

pub async fn version(rows: &Rows, id: SegmentId, version: i64) -> Result<Option<Version>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM segment_version WHERE segment_id = $1 AND version = $2");
    let found: Option<Row> = rows.one(&sql, values![id.0, version]).await?;
    found.map(Row::read).transpose()
}

/// Saves an old version as the newest one; `current` is the version somebody has seen. Answers the new version.
pub async fn restore_version(
    unit: &Write,
    actor: &Actor,
    id: SegmentId,
    current: i64,
    old: i64,
    now: Timestamp,
) -> Result<i64, Trouble> {
    actor.must(Right::EditSegments)?;
    let old = version(unit, id, old).await?.ok_or(Refusal::Missing)?;
    let draft = Draft { name: old.name, description: old.description, definition: old.definition.to_json() };
    segments::change(unit, actor, id, current, &draft, now).await
}

/// What became of a line between two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Same,
    Gone,
    New,
}

/// A line of either version.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    pub change: Change,
    pub phrase: Phrase,
}

/// Two definitions in words, line beside line: the longest common run of lines is the same, the rest is gone or new.
pub async fn compare(
    rows: &Rows,
    before: &Definition,
    after: &Definition,
    locale: Locale,
    zone: &Zone,
) -> Result<Vec<Words>, Fault> {
    let before = phrases(rows, before, locale, zone).await?;
    Ok(differences(before, phrases(rows, after, locale, zone).await?))
}

fn differences(before: Vec<Phrase>, after: Vec<Phrase>) -> Vec<Words> {
    // Lengths of the longest common subsequence of what is left of both.
    let mut common = vec![vec![0_usize; after.len() + 1]; before.len() + 1];
    for (i, old) in before.iter().enumerate().rev() {
        for (j, new) in after.iter().enumerate().rev() {
            common[i][j] = if old == new { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut words, mut i, mut j) = (Vec::new(), 0, 0);
    while i < before.len() || j < after.len() {
        let (change, phrase) = if i < before.len() && j < after.len() && before[i] == after[j] {
            (i, j) = (i + 1, j + 1);
            (Change::Same, &after[j - 1])
        } else if j == after.len() || (i < before.len() && common[i + 1][j] >= common[i][j + 1]) {
            i += 1;
            (Change::Gone, &before[i - 1])
        } else {
            j += 1;
            (Change::New, &after[j - 1])
        };
        words.push(Words { change, phrase: phrase.clone() });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stayed_stays_in_its_place_between_what_went_and_what_came() {
        let lines =
            |texts: &[&str]| texts.iter().map(|text| Phrase { depth: 0, text: (*text).to_owned() }).collect::<Vec<_>>();
        let found = differences(lines(&["All", "A", "B", "C"]), lines(&["All", "B", "D", "C"]));
        let said: String =
            found.iter().map(|w| format!("{}{} ", ["=", "-", "+"][w.change as usize], w.phrase.text)).collect();
        assert_eq!(said, "=All -A =B +D =C ");
        assert_eq!(differences(Vec::new(), lines(&["A"])).len(), 1);
    }
}

//! The record of an import run: prepared by a person, corrected, started, looked at.

use super::{Reverted, remembered};
use crate::{
    Refusal, Trouble,
    intake::{
        Dialect, ErrorFile, FileTrouble, ImportKind, Mapping, Preview, Reader, Rejection, guess, preview,
        refusal::Reason, workbook,
    },
    refusal::Complaint,
    staff::{Actor, Right},
};
use jiff::civil::Date;
use kernel::{Clock, Fault, ImportId, JobId, Locale, Sentence, UserId};
use serde_json::json;
use std::path::{Path, PathBuf};
use store::{Db, FromQueryResult, Rows, Write, jobs, values};

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// The file is there, dialect and mapping can be corrected.
    Prepared,
    /// A dry run is under way.
    Checking,
    /// A dry run has counted.
    Checked,
    Running,
    Done,
    Cancelled,
    Failed,
    /// What it wrote is being taken back.
    Reverting,
    Reverted,
}

impl ImportState {
    pub const ALL: [ImportState; 9] = [
        Self::Prepared,
        Self::Checking,
        Self::Checked,
        Self::Running,
        Self::Done,
        Self::Cancelled,
        Self::Failed,
        Self::Reverting,
        Self::Reverted,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Reverting => "reverting",
            Self::Reverted => "reverted",
        }
    }

    pub fn label(self) -> Sentence {
        Sentence::new(match self {
            Self::Prepared => "intake-state-prepared",
            Self::Checking => "intake-state-checking",
            Self::Checked => "intake-state-checked",
            Self::Running => "intake-state-running",
            Self::Done => "intake-state-done",
            Self::Cancelled => "intake-state-cancelled",
            Self::Failed => "intake-state-failed",
            Self::Reverting => "intake-state-reverting",
            Self::Reverted => "intake-state-reverted",
        })
    }

    /// Work is under way.
    pub fn is_busy(self) -> bool {
        matches!(self, Self::Checking | Self::Running | Self::Reverting)
    }
}

/// One import of one file.
#[derive(Clone, Debug)]
pub struct ImportRun {
    pub id: ImportId,
    pub kind: ImportKind,
    pub file_name: String,
    pub file_path: PathBuf,
    pub file_bytes: i64,
    pub dialect: Dialect,
    pub mapping: Mapping,
    pub state: ImportState,
    pub job: Option<JobId>,
    /// Rows read, the header apart.
    pub lines: i64,
    /// Rows (contacts) or orders that made a new record, changed one, changed nothing.
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    /// Rows rejected.
    pub rejected: i64,
    /// JSON of a [`super::Tally`], or of the sentence of a failure.
    pub outcome: Option<serde_json::Value>,
    pub created_by: Option<UserId>,
    pub created_at: i64,
    pub finished_at: Option<i64>,
    /// What became of taking it back.
    pub reverted: Option<Reverted>,
}

#[derive(FromQueryResult)]
struct Stored {
    id: i64,
    kind: String,
    file_name: String,
    file_path: String,
    file_bytes: i64,
    dialect: String,
    mapping: String,
    state: String,
    job_id: Option<i64>,
    lines: i64,
    created: i64,
    updated: i64,
    unchanged: i64,
    rejected: i64,
    outcome: Option<String>,
    created_by: Option<i64>,
    created_at: i64,
    finished_at: Option<i64>,
    reverted: Option<String>,
}

const COLUMNS: &str = "id, kind, file_name, file_path, file_bytes, dialect, mapping, state, job_id, lines, created, updated, unchanged, \
     rejected, outcome, created_by, created_at, finished_at, reverted";

impl TryFrom<Stored> for ImportRun {
    type Error = Fault;

    fn try_from(row: Stored) -> Result<Self, Fault> {
        let unreadable = |what: &str| Fault::Unreadable(format!("{what} of import {}", row.id));
        Ok(Self {
            id: ImportId(row.id),
            kind: ImportKind::of(&row.kind).ok_or_else(|| unreadable("kind"))?,
            dialect: serde_json::from_str(&row.dialect).map_err(|_| unreadable("dialect"))?,
            mapping: serde_json::from_str(&row.mapping).map_err(|_| unreadable("mapping"))?,
            state: ImportState::ALL.into_iter().find(|s| s.code() == row.state).ok_or_else(|| unreadable("state"))?,
            file_name: row.file_name,
            file_path: row.file_path.into(),
            file_bytes: row.file_bytes,
            job: row.job_id.map(JobId),
            lines: row.lines,
            created: row.created,
            updated: row.updated,
            unchanged: row.unchanged,
            rejected: row.rejected,
            outcome: row.outcome.and_then(|text| serde_json::from_str(&text).ok()),
            created_by: row.created_by.map(UserId),
            created_at: row.created_at,
            finished_at: row.finished_at,
            reverted: row.reverted.and_then(|text| serde_json::from_str(&text).ok()),
        })
    }
}

impl From<FileTrouble> for Trouble {
    fn from(trouble: FileTrouble) -> Self {
        match trouble {
            FileTrouble::Refused(refusal) => Refusal::field("file", refusal.code(), refusal.sentence()).into(),
            FileTrouble::Fault(fault) => fault.into(),
        }
    }
}

/// Takes a file in: guesses dialect and mapping, or recalls the mapping such columns had last, and writes the run down. The file stays where it is.
///
/// # Errors
/// `Invalid` with field `file` and the code of the [`crate::intake::FileRefusal`] where the file is no table.
pub async fn prepare(
    db: &Db,
    actor: &Actor,
    kind: ImportKind,
    file_name: &str,
    path: &Path,
    clock: &Clock,
) -> Result<ImportRun, Trouble> {
    actor.must(Right::ImportData)?;
    let file = path.to_owned();
    let look = move || -> Result<_, FileTrouble> {
        let bytes = std::fs::metadata(&file).map_err(Fault::io("looking at the file"))?.len();
        let (table, dialect) = if workbook::is_workbook(&file)? {
            let table = table_beside(&file);
            let written = workbook::write_table(&file, None, &table);
            if written.is_err() {
                let _ = std::fs::remove_file(&table);
            }
            (table, written?)
        } else {
            let dialect = guess(&file)?;
            (file, dialect)
        };
        let header = Reader::open(&table, &dialect)?.header();
        Ok((header, dialect, bytes, table))
    };
    let (header, dialect, bytes, table) = off_the_stage(look).await??;
    let unit = db.write().await?;
    let known = remembered::recalled(&unit, kind, &header).await?;
    let mapping = known.unwrap_or_else(|| Mapping::guess(kind, &header));
    let sql = format!(
        "INSERT INTO import_run (kind, file_name, file_path, file_bytes, dialect, mapping, state, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'prepared', $7, $8) RETURNING {COLUMNS}"
    );
    let values = values![
        kind.code(),
        kernel::text::one_line(file_name),
        table.to_string_lossy().into_owned(),
        bytes as i64,
        json!(dialect).to_string(),
        json!(mapping).to_string(),
        actor.user().map(i64::from),
        clock.now().0
    ];
    let stored: Option<Stored> = unit.one(&sql, values).await?;
    unit.save().await?;
    Ok(stored.ok_or_else(|| Fault::Unreadable("a new import".to_owned()))?.try_into()?)
}

/// Where the table of a workbook is written: beside it.
fn table_beside(workbook: &Path) -> PathBuf {
    let mut name = workbook.as_os_str().to_owned();
    name.push(TABLE);
    name.into()
}

/// What the name of a table ends with that was written out of a workbook.
const TABLE: &str = ".table.csv";

/// Reads another sheet of the workbook an import began with; the mapping is guessed anew.
pub async fn choose_sheet(db: &Db, actor: &Actor, id: ImportId, sheet: &str) -> Result<ImportRun, Trouble> {
    actor.must(Right::ImportData)?;
    let run = waiting(&db.read().await?, id).await?;
    let told = run.file_path.to_string_lossy().into_owned();
    let Some(workbook) = told.strip_suffix(TABLE).map(PathBuf::from) else { return Ok(run) };
    if !run.dialect.sheets.iter().any(|name| name == sheet) {
        return Ok(run);
    }
    let (table, sheet) = (run.file_path.clone(), sheet.to_owned());
    let dialect = off_the_stage(move || workbook::write_table(&workbook, Some(&sheet), &table)).await??;
    adjust(db, actor, id, dialect, None).await
}

async fn off_the_stage<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined.map_err(|_| Fault::Busy("reading the file was interrupted".to_owned()))
}

pub async fn find(rows: &Rows, id: ImportId) -> Result<Option<ImportRun>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM import_run WHERE id = $1");
    let stored: Option<Stored> = rows.one(&sql, values![id.0]).await?;
    stored.map(TryInto::try_into).transpose()
}

/// Whether rows of a file are being taken in now.
pub async fn is_importing(rows: &Rows) -> Result<bool, Fault> {
    let running = ImportState::Running.code();
    Ok(rows.number("SELECT COUNT(*) FROM import_run WHERE state = $1", values![running]).await? > 0)
}

/// Newest first, before an id; served by the primary key.
pub async fn list(rows: &Rows, before: Option<ImportId>, limit: i64) -> Result<Vec<ImportRun>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM import_run WHERE id < $1 ORDER BY id DESC LIMIT $2");
    let stored: Vec<Stored> = rows.all(&sql, values![before.map_or(i64::MAX, |id| id.0), limit]).await?;
    stored.into_iter().map(TryInto::try_into).collect()
}

/// The first rows as they will be read.
pub async fn preview_of(run: &ImportRun, rows: usize, today: Date) -> Result<Preview, Trouble> {
    let run = run.clone();
    let look = move || preview(&run.file_path, run.kind, &run.dialect, Some(&run.mapping), rows, today);
    Ok(off_the_stage(look).await??)
}

/// Corrects the guesses. Without a mapping it is guessed again from the header.
pub async fn adjust(
    db: &Db,
    actor: &Actor,
    id: ImportId,
    dialect: Dialect,
    mapping: Option<Mapping>,
) -> Result<ImportRun, Trouble> {
    actor.must(Right::ImportData)?;
    let mut run = waiting(&db.read().await?, id).await?;
    let (file, kind, as_told) = (run.file_path.clone(), run.kind, dialect.clone());
    let look = move || -> Result<_, FileTrouble> {
        let reader = Reader::open(&file, &as_told)?;
        Ok((reader.header(), reader.columns()))
    };
    let (header, columns) = off_the_stage(look).await??;
    let mut mapping = mapping.unwrap_or_else(|| Mapping::guess(kind, &header));
    mapping.0.truncate(columns);
    let unit = db.write().await?;
    const SQL: &str = "UPDATE import_run SET dialect = $1, mapping = $2, state = 'prepared' WHERE id = $3";
    unit.run(SQL, values![json!(dialect).to_string(), json!(mapping).to_string(), id.0]).await?;
    unit.save().await?;
    run.dialect = dialect;
    run.mapping = mapping;
    run.state = ImportState::Prepared;
    Ok(run)
}

async fn waiting(rows: &Rows, id: ImportId) -> Result<ImportRun, Trouble> {
    let run = find(rows, id).await?.ok_or(Refusal::Missing)?;
    if run.state.is_busy() {
        return Err(Refusal::state("intake-run-busy").into());
    }
    if matches!(run.state, ImportState::Done | ImportState::Reverted) {
        return Err(Refusal::state("intake-run-done").into());
    }
    Ok(run)
}

/// Starts the import, or with `dry` a run that only counts, as a job. Nudge [`jobs::TASK`] after the commit.
///
/// # Errors
/// `Invalid` where the mapping is not complete, `State` where the run is under way or done.
pub async fn begin(unit: &Write, actor: &Actor, id: ImportId, dry: bool, clock: &Clock) -> Result<JobId, Trouble> {
    actor.must(Right::ImportData)?;
    let run = waiting(unit, id).await?;
    if let Err(wrong) = run.mapping.check(run.kind, run.mapping.0.len()) {
        let complain = |sentence| Complaint { field: "mapping".to_owned(), code: "mapping", sentence };
        return Err(Refusal::Invalid(wrong.into_iter().map(complain).collect()).into());
    }
    if !dry {
        let (file, dialect) = (run.file_path.clone(), run.dialect.clone());
        let header = off_the_stage(move || Reader::open(&file, &dialect).map(|reader| reader.header())).await??;
        remembered::remember(unit, run.kind, &header, &run.file_name, &run.mapping, clock.now()).await?;
    }
    let kind = match run.kind {
        ImportKind::Contacts => "import_contacts",
        ImportKind::Orders => "import_orders",
    };
    let job = jobs::enqueue(unit, kind, &json!({ "import": id, "dry": dry }), actor.user(), clock).await?;
    const SQL: &str = "UPDATE import_run SET state = $1, job_id = $2, finished_at = NULL WHERE id = $3";
    let state = if dry { ImportState::Checking } else { ImportState::Running };
    unit.run(SQL, values![state.code(), job.0, id.0]).await?;
    Ok(job)
}

/// Asks a run to end after its current part; what is written stays, and another start goes on from there.
pub async fn cancel(unit: &Write, actor: &Actor, id: ImportId, clock: &Clock) -> Result<(), Trouble> {
    actor.must(Right::ImportData)?;
    let run = find(unit, id).await?.ok_or(Refusal::Missing)?;
    let Some(job) = run.job.filter(|_| run.state.is_busy() && run.state != ImportState::Reverting) else {
        return Ok(());
    };
    jobs::cancel(unit, job, clock).await?;
    if jobs::find(unit, job).await?.is_some_and(|job| job.state == "cancelled") {
        super::ledger::end(unit, id, ImportState::Cancelled, clock.now()).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct StoredRejection {
    line: i64,
    field: String,
    reason: String,
    sentence: String,
    raw: String,
}

/// Rejected rows in the order of the file, after a line; served by the primary key.
pub async fn rejections(rows: &Rows, id: ImportId, after_line: i64, limit: i64) -> Result<Vec<Rejection>, Fault> {
    const SQL: &str = "SELECT line, field, reason, sentence, raw FROM import_rejection WHERE import_id = $1 AND line > $2 \
         ORDER BY line LIMIT $3";
    let stored: Vec<StoredRejection> = rows.all(SQL, values![id.0, after_line, limit]).await?;
    let read = |row: StoredRejection| {
        let unreadable = || Fault::Unreadable(format!("rejected line {} of import {id}", row.line));
        Ok(Rejection {
            line: row.line,
            reason: serde_json::from_value::<Reason>(json!(row.reason)).map_err(|_| unreadable())?,
            sentence: serde_json::from_str(&row.sentence).map_err(|_| unreadable())?,
            field: Some(row.field).filter(|field| !field.is_empty()),
            raw: row.raw,
        })
    };
    stored.into_iter().map(read).collect()
}

/// The rejected rows as a file that can be corrected and imported again, in the original's encoding.
pub async fn error_file_of(rows: &Rows, run: &ImportRun, locale: Locale) -> Result<Vec<u8>, Trouble> {
    let (file, dialect) = (run.file_path.clone(), run.dialect.clone());
    let look = move || Reader::open(&file, &dialect).map(|reader| reader.header_raw().map(str::to_owned));
    let header = off_the_stage(look).await??;
    let mut file = ErrorFile::new(run.kind, &run.dialect, header.as_deref(), locale);
    let mut after = 0;
    loop {
        let part = rejections(rows, run.id, after, 1_000).await?;
        let Some(last) = part.last() else { return Ok(file.bytes) };
        after = last.line;
        part.iter().for_each(|rejection| file.add(rejection));
    }
}

//! Access and portability (Art. 15 and 20 GDPR): everything about a person in one file, readable for people and for programs.

mod collect;
mod letter;
mod papers;

use crate::{
    Refusal, Trouble, customers,
    documents::Cabinet,
    staff::{Actor, Right, audit},
};
use collect::Sheet;
use kernel::{Clock, ContactId, Fault, Locale, Sentence, Timestamp, Zone, chance, csv, time::DAY};
use letter::Letter;
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeSet,
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
};
use store::{
    Db, FromQueryResult, Rows, Write,
    jobs::{self, Job, JobDesk, Outcome, Worker},
    values,
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// Kind of the job.
pub const JOB: &str = "privacy_package";

/// How long a package can be fetched.
pub const KEPT: i64 = 7 * DAY;

/// A package as it stands.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Package {
    pub id: i64,
    pub contact_id: i64,
    /// `making`, `ready`, `failed`, `expired`.
    pub state: String,
    pub file_path: Option<String>,
    pub file_bytes: Option<i64>,
    pub created_by: String,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    /// Steps of the job.
    pub done: i64,
    pub total: i64,
}

const SELECT: &str = "SELECT p.id, p.contact_id, p.state, p.file_path, p.file_bytes, p.created_by, p.created_at, p.expires_at, \
     COALESCE(j.done, 0) AS done, COALESCE(j.total, 0) AS total FROM privacy_package p LEFT JOIN job j ON j.id = p.job_id";

/// Begins to make a package. Nudge [`jobs::TASK`] after the commit.
pub async fn begin(unit: &Write, actor: &Actor, contact: ContactId, clock: &Clock) -> Result<i64, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    customers::find_contact(unit, contact).await?.filter(|found| found.erased_at.is_none()).ok_or(Refusal::Missing)?;
    let now = clock.now();
    const SQL: &str = "INSERT INTO privacy_package (contact_id, state, created_by, created_at) VALUES ($1, 'making', $2, $3) \
         RETURNING id";
    let id = unit.insert(SQL, values![contact.0, actor.name.as_str(), now.0]).await?;
    let job = jobs::enqueue(unit, JOB, &json!({ "package": id }), actor.user(), clock).await?;
    unit.run("UPDATE privacy_package SET job_id = $1 WHERE id = $2", values![job.0, id]).await?;
    audit::note(unit, actor, now, audit::Deed::new("privacy.package_made", "contact", contact.0)).await?;
    Ok(id)
}

/// The packages of a person, newest first; served by `privacy_package_contact`.
pub async fn of(rows: &Rows, actor: &Actor, contact: ContactId) -> Result<Vec<Package>, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    let sql = format!("{SELECT} WHERE p.contact_id = $1 ORDER BY p.id DESC LIMIT 5");
    Ok(rows.all(&sql, values![contact.0]).await?)
}

/// Hands a package out, as long as it has not expired, and notes who fetched it.
pub async fn hand_out(unit: &Write, actor: &Actor, id: i64, now: Timestamp) -> Result<(Package, PathBuf), Trouble> {
    actor.must(Right::HandlePrivacy)?;
    let found: Option<Package> = unit.one(&format!("{SELECT} WHERE p.id = $1"), values![id]).await?;
    let package = found.ok_or(Refusal::Missing)?;
    let valid = package.state == "ready" && package.expires_at.is_some_and(|until| until > now.0);
    let path = package.file_path.clone().filter(|_| valid).map(PathBuf::from).filter(|path| path.exists());
    let path = path.ok_or(Refusal::Missing)?;
    let deed = audit::Deed::new("privacy.package_fetched", "contact", package.contact_id);
    audit::note(unit, actor, now, deed).await?;
    Ok((package, path))
}

/// Takes away what has expired; answers how many.
pub async fn forget_expired(db: &Db, now: Timestamp) -> Result<usize, Fault> {
    const SQL: &str =
        "SELECT CAST(id AS TEXT), file_path FROM privacy_package WHERE state = 'ready' AND expires_at < $1";
    let expired = db.read().await?.texts(SQL, values![now.0]).await?;
    for row in &expired {
        let [Some(id), Some(path)] = row.as_slice() else { continue };
        remove(Path::new(path))?;
        let unit = db.write().await?;
        const GONE: &str = "UPDATE privacy_package SET state = 'expired', file_path = NULL WHERE id = $1";
        unit.run(GONE, values![id.parse::<i64>().unwrap_or_default()]).await?;
        unit.save().await?;
    }
    Ok(expired.len())
}

fn remove(path: &Path) -> Result<(), Fault> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Fault::io("taking a package away")(error)),
        _ => Ok(()),
    }
}

/// Makes packages.
pub struct Packer {
    pub zone: Zone,
    pub organisation: String,
    /// Where packages lie until they are fetched.
    pub folder: PathBuf,
    /// The language of whoever has none.
    pub locale: Locale,
    /// Where the person's documents lie.
    pub cabinet: Cabinet,
}

#[async_trait::async_trait]
impl Worker for Packer {
    fn kind(&self) -> &'static str {
        JOB
    }

    async fn work(&self, job: &Job, desk: &JobDesk) -> Result<Outcome, Fault> {
        let payload: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let Some(id) = payload["package"].as_i64() else {
            return Err(Fault::Unreadable(format!("payload of job {}", job.id)));
        };
        let bytes = self.make(&desk.db, &desk.clock, id, Some(desk)).await?;
        Ok(Outcome::Done(json!({ "package": id, "bytes": bytes })))
    }

    async fn give_up(&self, job: &Job, desk: &JobDesk, _: &Sentence) -> Result<(), Fault> {
        let unit = desk.db.write().await?;
        unit.run("UPDATE privacy_package SET state = 'failed' WHERE job_id = $1", values![job.id]).await?;
        unit.save().await
    }
}

impl Packer {
    /// Makes the file of a package; answers its bytes, 0 where there is nothing to make any more.
    pub async fn make(&self, db: &Db, clock: &Clock, id: i64, desk: Option<&JobDesk>) -> Result<i64, Fault> {
        let rows = db.read().await?;
        let package: Option<Package> = rows.one(&format!("{SELECT} WHERE p.id = $1"), values![id]).await?;
        let Some(package) = package.filter(|package| package.state == "making") else { return Ok(0) };
        let contact = ContactId(package.contact_id);
        let Some(person) = customers::find_contact(&rows, contact).await?.filter(|one| one.erased_at.is_none()) else {
            return Ok(0);
        };
        let locale = person.locale(self.locale);
        let sheets = collect::sheets(&rows, contact.0, locale).await?;
        drop(rows);
        if let Some(desk) = desk {
            desk.progress(1, 3).await?;
        }
        let letter = Letter {
            name: &person.display_name(),
            organisation: &self.organisation,
            at: clock.now(),
            locale,
            zone: &self.zone,
        };
        std::fs::create_dir_all(&self.folder).map_err(Fault::io("making the folder of packages"))?;
        let path = self.folder.join(format!("{}.zip", chance::ordered_id(clock.now(), &mut chance::system())));
        let written = self.write(&path, &letter, &sheets, db, contact, desk).await;
        let length = match written {
            Ok(length) => length,
            Err(fault) => {
                remove(&path)?;
                return Err(fault);
            }
        };
        let unit = db.write().await?;
        const SQL: &str = "UPDATE privacy_package SET state = 'ready', file_path = $1, file_bytes = $2, expires_at = $3 \
             WHERE id = $4 AND state = 'making'";
        let until = clock.now().plus(KEPT).0;
        let kept = unit.run(SQL, values![path.to_string_lossy().into_owned(), length, until, id]).await?;
        unit.save().await?;
        if kept == 0 {
            remove(&path)?;
        }
        Ok(length)
    }

    /// Writes the file: what is told in tables, then every document, then which of them could not be had.
    async fn write(
        &self,
        path: &Path,
        letter: &Letter<'_>,
        sheets: &[Sheet],
        db: &Db,
        contact: ContactId,
        desk: Option<&JobDesk>,
    ) -> Result<i64, Fault> {
        let file = File::create_new(path).map_err(Fault::io("writing a package"))?;
        let mut zip = ZipWriter::new(file);
        pack(&mut zip, letter, sheets)?;
        if let Some(desk) = desk {
            desk.progress(2, 3).await?;
        }
        let (mut taken, mut missing) = (BTreeSet::new(), Vec::new());
        for document in papers::of(db, contact).await? {
            match papers::bytes(db, &self.cabinet, document.document_id(), letter.at).await? {
                Some(bytes) => add(&mut zip, &papers::name(&document, &mut taken), &bytes)?,
                None => missing.push(document.name),
            }
        }
        if !missing.is_empty() {
            let said = Sentence::new("privacy-package-missing").with("names", missing.join("\n")).say(letter.locale);
            add(&mut zip, "dokumente/_fehlt-missing.txt", said.as_bytes())?;
        }
        let file = zip.finish().map_err(trouble)?;
        file.sync_all().map_err(Fault::io("writing a package"))?;
        Ok(file.metadata().map_err(Fault::io("writing a package"))?.len() as i64)
    }
}

fn trouble(error: zip::result::ZipError) -> Fault {
    Fault::Unreadable(format!("a package: {error}"))
}

fn add(zip: &mut ZipWriter<File>, name: &str, bytes: &[u8]) -> Result<(), Fault> {
    zip.start_file(name, SimpleFileOptions::default()).map_err(trouble)?;
    zip.write_all(bytes).map_err(Fault::io("writing a package"))
}

fn pack(zip: &mut ZipWriter<File>, letter: &Letter<'_>, sheets: &[Sheet]) -> Result<(), Fault> {
    let (page, data) =
        if letter.locale == Locale::De { ("Auskunft.html", "Daten.json") } else { ("Access.html", "Data.json") };
    let mut files = vec![(page.to_owned(), letter.page(sheets)), (data.to_owned(), document(letter, sheets))];
    files.extend(sheets.iter().map(|sheet| (format!("csv/{}.csv", sheet.table), table(sheet))));
    files.iter().try_for_each(|(name, text)| add(zip, name, text.as_bytes()))
}

/// The sheets as a program reads them (Art. 20: structured, commonly used, machine-readable): values as they are stored,
/// times in RFC 3339.
fn document(letter: &Letter<'_>, sheets: &[Sheet]) -> String {
    let value = |name: &str, cell: &Option<String>| match cell {
        None => Value::Null,
        Some(text) => match text.parse::<i64>() {
            Ok(at) if name == "at" || name.ends_with("_at") => json!(Timestamp(at).rfc3339()),
            Ok(number) if name.ends_with("_minor") || name.ends_with("_id") || name == "id" => json!(number),
            _ => json!(text),
        },
    };
    let record = |sheet: &Sheet, row: &Vec<Option<String>>| -> Map<String, Value> {
        sheet.columns.iter().zip(row).map(|((name, _), cell)| (name.clone(), value(name, cell))).collect()
    };
    let sheets: Map<String, Value> = sheets
        .iter()
        .map(|sheet| {
            let records: Vec<_> = sheet.rows.iter().map(|row| record(sheet, row)).collect();
            let told =
                json!({ "purpose": sheet.purpose, "basis": sheet.basis, "retention": sheet.keep, "records": records });
            (sheet.table.clone(), told)
        })
        .collect();
    let whole = json!({ "organisation": letter.organisation, "made_at": letter.at.rfc3339(), "tables": sheets });
    serde_json::to_string_pretty(&whole).unwrap_or_default()
}

/// A sheet for a spreadsheet.
fn table(sheet: &Sheet) -> String {
    let mut text = String::from("\u{feff}");
    text += &csv::row(sheet.columns.iter().map(|(_, label)| label.as_str()), ';');
    for row in &sheet.rows {
        text += &csv::row(row.iter().map(|cell| cell.as_deref().unwrap_or_default()), ';');
    }
    text
}

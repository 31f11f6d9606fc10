//! The files of the copy: Parquet, and one manifest that says which of them count.
//!
//! Files are never changed: new ones are written under new names, then the manifest is replaced in one step. Whoever dies
//! in between leaves files nobody names, which the next start clears away.

use crate::{
    bucket::{self, Bucket},
    catalogue,
    ledger::{self, Ledger},
    log::{BATCH, Month, Part},
    records::Records,
    trouble,
};
use datafusion::{
    arrow::{array::RecordBatch, datatypes::SchemaRef},
    error::Result as EngineResult,
    parquet::{
        arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder},
        basic::{Compression, ZstdLevel},
        file::properties::{EnabledStatistics, WriterProperties},
    },
};
use futures::TryStreamExt;
use kernel::Fault;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem, path::Path as Place};
use serde::{Deserialize, Serialize};
use std::{ops::Range, path::Path, sync::Arc};
use store::copying::Source;

/// Rows of a row group: small, so that a look at one kind or period reads little.
const GROUP: usize = 131_072;
const MANIFEST: &str = "manifest.json";

/// A file and what is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filed {
    pub name: String,
    pub table: String,
    pub rows: usize,
    pub bytes: u64,
    /// Of the log: the month of all rows.
    #[serde(default)]
    pub month: Month,
    /// Of the log: positions and times, half-open.
    #[serde(default)]
    pub seqs: Range<i64>,
    #[serde(default)]
    pub times: Range<i64>,
}

impl Filed {
    /// Of the log: whether rows of this time can be in it.
    pub fn reaches_into(&self, times: &Range<i64>) -> bool {
        self.times.start < times.end && times.start < self.times.end
    }
}

/// What the files hold together: every row as the truth had it at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of the catalogue they were written by.
    pub version: u64,
    /// Which database they are a copy of.
    pub truth: String,
    /// A name of this copy, under which it tells the database how far it has read.
    pub copy: String,
    /// All interactions up to here are in.
    pub seq: i64,
    /// All changes up to here are in.
    pub cursor: i64,
    pub files: Vec<Filed>,
}

/// Where the files are: one shelf belongs to one server.
#[derive(Clone, Debug)]
pub struct Shelf {
    pub store: Arc<dyn ObjectStore>,
}

impl Shelf {
    /// A folder on this machine, made when it is missing.
    pub fn folder(path: &Path) -> Result<Self, Fault> {
        std::fs::create_dir_all(path).map_err(Fault::io(format!("{} cannot be made", path.display())))?;
        Ok(Self { store: Arc::new(LocalFileSystem::new_with_prefix(path).map_err(trouble::files)?) })
    }

    /// A bucket of S3-compatible storage; whether it can be reached shows when it is asked.
    pub fn bucket(bucket: &Bucket) -> Result<Self, Fault> {
        Ok(Self { store: bucket::open(bucket)? })
    }

    /// The manifest, if there is one this version can read.
    pub async fn manifest(&self) -> Result<Option<Manifest>, Fault> {
        let bytes = match self.store.get(&Place::from(MANIFEST)).await {
            Ok(found) => found.bytes().await.map_err(trouble::files)?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(trouble::files(error)),
        };
        let manifest: Option<Manifest> = serde_json::from_slice(&bytes).ok();
        Ok(manifest.filter(|manifest| manifest.version == catalogue::version()))
    }

    pub async fn replace_manifest(&self, manifest: &Manifest) -> Result<(), Fault> {
        let text = serde_json::to_vec(manifest).map_err(|error| Fault::Unreadable(error.to_string()))?;
        self.store.put(&Place::from(MANIFEST), text.into()).await.map_err(trouble::files)?;
        Ok(())
    }

    /// Removes every file the manifest does not name.
    pub async fn clear(&self, manifest: &Manifest) -> Result<(), Fault> {
        let found: Vec<_> = self.store.list(None).try_collect().await.map_err(trouble::files)?;
        for file in found {
            let name = file.location.as_ref();
            if name != MANIFEST && !manifest.files.iter().any(|filed| filed.name == name) {
                self.remove(name).await?;
            }
        }
        Ok(())
    }

    pub async fn remove(&self, name: &str) -> Result<(), Fault> {
        match self.store.delete(&Place::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(trouble::files(error)),
        }
    }

    /// Forgets everything.
    pub async fn empty(&self) -> Result<(), Fault> {
        self.remove(MANIFEST).await?;
        self.clear(&Manifest::default()).await
    }

    /// Writes rows of the log that share a month.
    pub async fn file_part(&self, part: &Arc<Part>, month: Month, name: &str) -> Result<Filed, Fault> {
        let times = part.runs.values().flat_map(|run| run.times().iter());
        let (first, last) = times.fold((i64::MAX, i64::MIN), |(a, b), at| (a.min(*at), b.max(*at)));
        let (year, month_of_year) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        let name = format!("interaction/{year}-{month_of_year:02}-{name}.parquet");
        let rows = part.clone();
        let bytes =
            self.write(&name, catalogue::log_schema(), move |take| rows.batches(BATCH).try_for_each(take)).await?;
        let times = first..last.saturating_add(1);
        Ok(Filed { name, table: "interaction".into(), rows: part.rows, bytes, month, seqs: part.seqs.clone(), times })
    }

    /// Writes a table of records.
    pub async fn file_records(&self, records: &Records, name: &str) -> Result<Filed, Fault> {
        let name = format!("{}/{name}.parquet", records.source.table);
        let rows = records.clone();
        let bytes = self.write(&name, records.schema.clone(), move |take| rows.batches().try_for_each(take)).await?;
        let table = records.source.table.to_owned();
        Ok(Filed { name, table, rows: records.rows(), bytes, month: 0, seqs: 0..0, times: 0..0 })
    }

    /// Writes the people of campaigns.
    pub async fn file_ledger(&self, ledger: &Ledger, name: &str) -> Result<Filed, Fault> {
        let name = format!("{}/{name}.parquet", ledger::TABLE);
        let rows = ledger.clone();
        let bytes = self.write(&name, ledger::filed_schema(), move |take| rows.filed().try_for_each(take)).await?;
        let table = ledger::TABLE.to_owned();
        Ok(Filed { name, table, rows: ledger.rows(), bytes, month: 0, seqs: 0..0, times: 0..0 })
    }

    /// The people of campaigns as a file holds them.
    pub async fn ledger(&self, filed: &Filed) -> Result<Ledger, Fault> {
        self.read(filed, |batches| Ledger::from_filed(batches)).await
    }

    /// Writing is work for a processor, so it happens beside the questions; batch by batch, so that a table is never held
    /// twice.
    async fn write(
        &self,
        name: &str,
        schema: SchemaRef,
        rows: impl FnOnce(&mut dyn FnMut(EngineResult<RecordBatch>) -> EngineResult<()>) -> EngineResult<()>
        + Send
        + 'static,
    ) -> Result<u64, Fault> {
        let bytes = trouble::beside(move || {
            let properties = WriterProperties::builder()
                .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
                .set_max_row_group_row_count(Some(GROUP))
                .set_statistics_enabled(EnabledStatistics::Page)
                .build();
            let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties))?;
            rows(&mut |batch| Ok(writer.write(&batch?)?))?;
            Ok(writer.into_inner()?)
        })
        .await?;
        let length = bytes.len() as u64;
        self.store.put(&Place::from(name), PutPayload::from(bytes)).await.map_err(trouble::files)?;
        Ok(length)
    }

    /// The rows of a file of the log.
    pub async fn part(&self, filed: &Filed) -> Result<Part, Fault> {
        let part = self.read(filed, |batches| Part::from_batches(batches)).await?;
        Ok(Part { file: Some(filed.name.clone()), ..part })
    }

    /// The rows of a file of records.
    pub async fn records(&self, source: &'static Source, filed: &Filed) -> Result<Records, Fault> {
        self.read(filed, move |batches| Records::from_batches(source, batches)).await
    }

    /// Reads a file batch by batch; whoever takes them up does so beside the questions.
    async fn read<T: Send + 'static>(
        &self,
        filed: &Filed,
        take: impl FnOnce(&mut dyn Iterator<Item = EngineResult<RecordBatch>>) -> EngineResult<T> + Send + 'static,
    ) -> Result<T, Fault> {
        let found = self.store.get(&Place::from(filed.name.as_str())).await.map_err(trouble::files)?;
        let bytes = found.bytes().await.map_err(trouble::files)?;
        let (taken, rows) = trouble::beside(move || {
            let reader = ParquetRecordBatchReaderBuilder::try_new(bytes)?.with_batch_size(BATCH).build()?;
            let mut rows = 0;
            let counted = reader.map(|batch| Ok(batch?)).inspect(|batch: &EngineResult<RecordBatch>| {
                rows += batch.as_ref().map_or(0, RecordBatch::num_rows);
            });
            let taken = take(&mut { counted })?;
            Ok((taken, rows))
        })
        .await?;
        if rows != filed.rows {
            return Err(Fault::Unreadable(format!("{} holds {rows} rows instead of {}", filed.name, filed.rows)));
        }
        Ok(taken)
    }
}

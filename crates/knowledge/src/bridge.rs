//! Lets the engine's interface to files be served by the storage client's, which is one version ahead: only there it comes
//! without an HTTP client of its own. Once the engine speaks that version, this goes.

use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    Attributes, CopyOptions, Error, GetOptions, GetRange, GetResult, GetResultPayload, ListResult, MultipartUpload,
    ObjectMeta, ObjectStore, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, path::Path,
};
use s3_store as remote;
use s3_store::ObjectStoreExt;
use std::{fmt, sync::Arc};

/// A storage that is far away.
pub struct Bridge(pub Arc<dyn remote::ObjectStore>);

impl fmt::Display for Bridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Bridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

fn fault(error: remote::Error) -> Error {
    match error {
        remote::Error::NotFound { path, source } => Error::NotFound { path, source },
        other => Error::Generic { store: "S3", source: Box::new(other) },
    }
}

fn there(path: &Path) -> remote::path::Path {
    remote::path::Path::from(path.as_ref())
}

fn meta(meta: remote::ObjectMeta) -> ObjectMeta {
    let remote::ObjectMeta { location, last_modified, size, e_tag, version } = meta;
    ObjectMeta { location: Path::from(location.as_ref()), last_modified, size, e_tag, version }
}

fn unused<T>(operation: &str) -> Result<T> {
    Err(Error::NotImplemented { operation: operation.to_owned(), implementer: "the shelf".to_owned() })
}

#[async_trait]
impl ObjectStore for Bridge {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        if options.mode != PutMode::Overwrite {
            return unused("put under a condition");
        }
        let payload: remote::PutPayload = payload.into_iter().collect();
        let put = self.0.put(&there(location), payload).await.map_err(fault)?;
        Ok(PutResult { e_tag: put.e_tag, version: put.version })
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        unused("put in parts")
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let range = options.range.map(|range| match range {
            GetRange::Bounded(range) => remote::GetRange::Bounded(range),
            GetRange::Offset(from) => remote::GetRange::Offset(from),
            GetRange::Suffix(last) => remote::GetRange::Suffix(last),
        });
        let asked = remote::GetOptions {
            if_match: options.if_match,
            if_none_match: options.if_none_match,
            if_modified_since: options.if_modified_since,
            if_unmodified_since: options.if_unmodified_since,
            range,
            version: options.version,
            head: options.head,
            ..remote::GetOptions::default()
        };
        let got = remote::ObjectStore::get_opts(&*self.0, &there(location), asked).await.map_err(fault)?;
        let (range, meta) = (got.range.clone(), meta(got.meta.clone()));
        let payload = GetResultPayload::Stream(got.into_stream().map_err(fault).boxed());
        Ok(GetResult { payload, meta, range, attributes: Attributes::default() })
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let storage = self.0.clone();
        let delete = move |location: Result<Path>| {
            let storage = storage.clone();
            async move {
                let location = location?;
                storage.delete(&there(&location)).await.map_err(fault)?;
                Ok(location)
            }
        };
        locations.then(delete).boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list(prefix.map(there).as_ref()).map(|found| found.map(meta).map_err(fault)).boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let found = self.0.list_with_delimiter(prefix.map(there).as_ref()).await.map_err(fault)?;
        let common_prefixes = found.common_prefixes.iter().map(|prefix| Path::from(prefix.as_ref())).collect();
        Ok(ListResult { common_prefixes, objects: found.objects.into_iter().map(meta).collect() })
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        unused("copy")
    }
}

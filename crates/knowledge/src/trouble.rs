//! Faults of the columnar engine and its files, in the words of the house.

use datafusion::error::{DataFusionError, Result};
use kernel::Fault;

/// A fault of the engine; when it ran out of memory, trying a smaller question or later may help.
pub fn engine(error: DataFusionError) -> Fault {
    match error.find_root() {
        DataFusionError::ResourcesExhausted(what) => Fault::Busy(format!("the question needs too much memory: {what}")),
        _ => Fault::Database(Box::new(error)),
    }
}

/// A fault of the files of the copy.
pub fn files(error: object_store::Error) -> Fault {
    Fault::Database(Box::new(error))
}

/// Work for a processor, done beside whoever waits for it.
pub async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> std::result::Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Fault::Busy(error.to_string()))?.map_err(engine)
}

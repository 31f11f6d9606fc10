//! Faults of the columnar engine and its files, in the words of the house.

use datafusion::error::DataFusionError;
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

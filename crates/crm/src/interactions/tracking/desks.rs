//! Long lists are read and understood beside the threads that answer, by one thread less than there are cores: the unit that
//! is being written goes on meanwhile, and few large bodies are unpacked at a time.

use kernel::Fault;
use std::{sync::LazyLock, thread::available_parallelism};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// However many cores there are.
const MOST: usize = 6;

static DESKS: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = available_parallelism().map_or(2, usize::from);
    Semaphore::new(cores.saturating_sub(1).clamp(1, MOST))
});

/// Does work on a list when a desk is free.
pub async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    let stopped = |error: &dyn std::fmt::Display| Fault::Busy(format!("a list could not be read: {error}"));
    let _desk = DESKS.acquire().await.map_err(|error| stopped(&error))?;
    spawn_blocking(work).await.map_err(|error| stopped(&error))
}

//! How the C library hands memory out.
//!
//! glibc maps large pieces and unmaps them when they are freed, but each one freed makes it take pieces of that size from its
//! heap from then on (mallopt(3), `M_MMAP_THRESHOLD`, "dynamic"), where gaps stay. A server that reads its columns at the start
//! then holds half as much again as it needs. With a fixed size they go on being given back.

use std::{env, os::unix::process::CommandExt, process::Command};

const NAME: &str = "MALLOC_MMAP_THRESHOLD_";
/// In bytes; what glibc begins with.
const LARGE: &str = "131072";

/// Starts this program once more in the same process (execve(2)) with the size fixed, for the library reads it only at the
/// beginning. Where the size is set already, or it does not work, the program just goes on.
#[allow(clippy::disallowed_methods, reason = "a setting of the C library, not of ours")]
pub fn settle() {
    if !cfg!(target_env = "gnu") || env::var_os(NAME).is_some() {
        return;
    }
    let mut arguments = env::args_os();
    let (Ok(program), Some(name)) = (env::current_exe(), arguments.next()) else { return };
    let error = Command::new(program).arg0(name).args(arguments).env(NAME, LARGE).exec();
    tracing::debug!(%error, "The program could not be started once more");
}

//! The commands of the workshop: `cargo xtask check`, `cargo xtask test`, `cargo xtask bench`, `cargo xtask pictures`.
//! They run the same on a developer's machine and in continuous integration, and they fetch what they need
//! themselves, saying so. Nothing here is part of the product.
#![allow(
    clippy::disallowed_methods,
    reason = "a tool of the workshop lives in the environment; the law is for the product"
)]

mod bench;
mod check;
mod deny;
mod floors;
mod machine;
mod packages;
mod pictures;
mod shell;
mod trial;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask check           format, clippy, licences and sources of dependencies, floors
cargo xtask test [FILTER]   everything the tests need, then all tests (or those whose name contains FILTER);
                            further arguments go to `cargo test` as they are
cargo xtask bench [NAME]    the measurements, one table each; without a name it lists and runs all
cargo xtask pictures        the pictures of README and manual, drawn anew from the demonstration";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("check") => check::run(),
        Some("test") => trial::run(&arguments[1..]),
        Some("bench") => bench::run(&arguments[1..]),
        Some("pictures") => pictures::run(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("\nFAILED: {trouble:#}");
            ExitCode::FAILURE
        }
    }
}

//! What commands print on standard output.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
};

/// Prints a line. Whoever stops reading (`kundenkreis config | head -1`) ends the printing, not the command.
pub fn tell(line: impl Display) -> io::Result<()> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        told => told,
    }
}

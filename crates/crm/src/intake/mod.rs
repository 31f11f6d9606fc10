//! Files as people have them: finds out how a table is written, reads it row by row and turns cells into values.
//!
//! It never decides what becomes of a row: `customers` and `sales` do. Only [`runs`] touches the database.

pub mod cards;
mod catalogue;
mod cells;
pub mod country;
mod country_names;
mod dialect;
mod error_file;
mod fields;
mod guess;
mod mapping;
pub mod phone;
pub mod postal;
mod preview;
mod reader;
mod redact;
mod refusal;
pub mod runs;
mod scan;
mod typed_row;
pub mod workbook;

#[cfg(test)]
mod acceptance;
#[cfg(test)]
mod odd_files;

pub use cells::{MOST_MONEY, OrderStatus, Salutation, is_birth_date};
pub use dialect::{DateStyle, Decimal, Delimiter, Dialect, Encoding, LineEnd};
pub use error_file::{ErrorFile, error_file};
pub use fields::{CellType, ImportKind, TargetField};
pub use guess::{guess, guess_in};
pub use mapping::Mapping;
pub use preview::{Preview, PreviewRow, preview};
pub use reader::{MAX_COLUMNS, MAX_LINE, Reader, Record};
pub use redact::redact;
pub use refusal::{FileRefusal, FileTrouble, Flaw, Reason, Rejection};
pub use typed_row::{ContactRow, OrderRow, Shape};

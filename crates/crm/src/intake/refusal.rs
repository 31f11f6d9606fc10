//! What is wrong with a file or with one of its rows, as stable codes for programs and as sentences for people.

use kernel::{Fault, Sentence};
use serde::{Deserialize, Serialize};

/// Why a file as a whole is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileRefusal {
    /// Another kind of file, whatever its name says; the text names the kind (`PDF`, `Excel`, …) where it is known.
    #[error("not a table ({0})")]
    NotATable(&'static str),
    #[error("{0} columns are more than {max}", max = super::MAX_COLUMNS)]
    TooManyColumns(usize),
    /// The first line is longer than a line of a table can be.
    #[error("the first line is longer than {max} bytes", max = super::MAX_LINE)]
    TooLarge,
    /// A workbook of before 2007 (`.xls`).
    #[error("a workbook in the old format")]
    OldWorkbook,
    #[error("an OpenDocument spreadsheet")]
    OpenDocument,
    #[error("the workbook is locked with a password")]
    Locked,
    #[error("the workbook cannot be read")]
    BrokenWorkbook,
    /// Small when packed and huge when unpacked.
    #[error("the workbook becomes too large when it is unpacked")]
    TooCompressed,
    #[error("the file is empty")]
    Empty,
    #[error("the file holds a header and no rows")]
    HeaderOnly,
}

impl FileRefusal {
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotATable(_) | Self::OldWorkbook | Self::OpenDocument => "not_a_table",
            Self::Locked => "locked_workbook",
            Self::BrokenWorkbook => "broken_workbook",
            Self::TooCompressed => "too_compressed",
            Self::TooManyColumns(_) => "too_many_columns",
            Self::TooLarge => "too_large",
            Self::Empty | Self::HeaderOnly => "empty",
        }
    }

    pub fn sentence(&self) -> Sentence {
        match self {
            Self::NotATable("Excel") | Self::OldWorkbook => Sentence::new("intake-refusal-spreadsheet"),
            Self::OpenDocument => Sentence::new("intake-refusal-opendocument"),
            Self::Locked => Sentence::new("intake-refusal-locked"),
            Self::BrokenWorkbook => Sentence::new("intake-refusal-broken-workbook"),
            Self::TooCompressed => Sentence::new("intake-refusal-too-compressed"),
            Self::NotATable("") => Sentence::new("intake-refusal-binary"),
            Self::NotATable(kind) => Sentence::new("intake-refusal-not-a-table").with("kind", kind),
            Self::TooManyColumns(found) => {
                Sentence::new("intake-refusal-too-many-columns").with("found", found).with("most", super::MAX_COLUMNS)
            }
            Self::TooLarge => Sentence::new("intake-refusal-too-large"),
            Self::Empty => Sentence::new("intake-refusal-empty"),
            Self::HeaderOnly => Sentence::new("intake-refusal-header-only"),
        }
    }
}

/// Reading a file ends early either because the file is wrong or because the machine is.
#[derive(Debug, thiserror::Error)]
pub enum FileTrouble {
    #[error(transparent)]
    Refused(#[from] FileRefusal),
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why one row is rejected; [`Reason::code`] is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// More or fewer cells than the table has columns.
    Columns,
    /// Bytes that are no characters in the encoding of the file.
    Encoding,
    /// A quote that is never closed, or text behind a closing quote.
    Quote,
    /// A line longer than 1 MiB.
    TooLarge,
    ControlCharacters,
    Required,
    TooLong,
    Email,
    BirthDate,
    Date,
    Money,
    Number,
    YesNo,
    Country,
    Salutation,
    Status,
    Currency,
    UnknownCustomer,
}

impl Reason {
    pub fn code(self) -> &'static str {
        match self {
            Self::Columns => "columns",
            Self::Encoding => "encoding",
            Self::Quote => "quote",
            Self::TooLarge => "too_large",
            Self::ControlCharacters => "control_characters",
            Self::Required => "required",
            Self::TooLong => "too_long",
            Self::Email => "email",
            Self::BirthDate => "birth_date",
            Self::Date => "date",
            Self::Money => "money",
            Self::Number => "number",
            Self::YesNo => "yes_no",
            Self::Country => "country",
            Self::Salutation => "salutation",
            Self::Status => "status",
            Self::Currency => "currency",
            Self::UnknownCustomer => "unknown_customer",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Columns => "intake-reason-columns",
            Self::Encoding => "intake-reason-encoding",
            Self::Quote => "intake-reason-quote",
            Self::TooLarge => "intake-reason-too-large",
            Self::ControlCharacters => "intake-reason-control-characters",
            Self::Required => "intake-reason-required",
            Self::TooLong => "intake-reason-too-long",
            Self::Email => "intake-reason-email",
            Self::BirthDate => "intake-reason-birth-date",
            Self::Date => "intake-reason-date",
            Self::Money => "intake-reason-money",
            Self::Number => "intake-reason-number",
            Self::YesNo => "intake-reason-yes-no",
            Self::Country => "intake-reason-country",
            Self::Salutation => "intake-reason-salutation",
            Self::Status => "intake-reason-status",
            Self::Currency => "intake-reason-currency",
            Self::UnknownCustomer => "intake-reason-unknown-customer",
        }
    }
}

/// What is wrong with one row, before it is known which row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Key of the target field, where one field is to blame.
    pub field: Option<&'static str>,
    pub reason: Reason,
    pub sentence: Sentence,
}

impl Flaw {
    pub fn row(reason: Reason) -> Self {
        Self { field: None, reason, sentence: Sentence::new(reason.key()) }
    }

    /// A cell that cannot be what its field asks for; the sentence quotes at most 60 characters of it.
    pub fn cell(field: &'static str, reason: Reason, value: &str) -> Self {
        let shown: String = value.chars().take(60).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        Self { field: Some(field), reason, sentence: Sentence::new(reason.key()).with("value", shown) }
    }

    pub fn columns(found: usize, expected: usize) -> Self {
        let mut flaw = Self::row(Reason::Columns);
        flaw.sentence = flaw.sentence.with("found", found).with("expected", expected);
        flaw
    }

    /// The row as it will be listed and written into the error file.
    pub fn of(self, line: u64, raw: &str) -> Rejection {
        Rejection {
            line: line as i64,
            field: self.field.map(str::to_owned),
            reason: self.reason,
            sentence: self.sentence,
            raw: raw.replace('\0', "\u{fffd}"),
        }
    }
}

/// One rejected row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Line of the file where the record begins; the header is line 1.
    pub line: i64,
    /// Key of the target field, where one field is to blame.
    pub field: Option<String>,
    pub reason: Reason,
    pub sentence: Sentence,
    /// The record as it stood in the file, without its line end; NUL is shown as U+FFFD.
    pub raw: String,
}

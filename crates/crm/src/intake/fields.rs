//! What a file may bring: the kinds of import and their target fields.

use super::catalogue::{CONTACT_FIELDS, ORDER_FIELDS};
use kernel::text::fold;
use serde::{Deserialize, Serialize};
use std::{collections::HashSet, sync::LazyLock};

/// What is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    Contacts,
    Orders,
}

impl ImportKind {
    pub const ALL: [ImportKind; 2] = [Self::Contacts, Self::Orders];

    pub fn code(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Orders => "orders",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Contacts => "intake-kind-contacts",
            Self::Orders => "intake-kind-orders",
        }
    }

    pub fn fields(self) -> &'static [TargetField] {
        match self {
            Self::Contacts => &CONTACT_FIELDS,
            Self::Orders => &ORDER_FIELDS,
        }
    }

    pub fn field(self, key: &str) -> Option<&'static TargetField> {
        self.fields().iter().find(|field| field.key == key)
    }
}

/// What a cell of a field must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CellType {
    /// One line of at most so many characters.
    Text(usize),
    Email,
    Date,
    BirthDate,
    Money,
    Whole,
    YesNo,
    Country,
    Salutation,
    Status,
    Currency,
}

/// A field of a record that a column can fill.
#[derive(Debug, Serialize)]
pub struct TargetField {
    /// Stable name, also in the API.
    pub key: &'static str,
    /// Key of the sentence that names it.
    pub label: &'static str,
    pub cell: CellType,
    /// Every row must fill it.
    pub required: bool,
    /// Headers that mean it, lower case, umlauts spelt out, letters and digits only.
    #[serde(skip)]
    pub(super) synonyms: &'static [&'static str],
}

pub(super) const fn field(
    key: &'static str,
    label: &'static str,
    cell: CellType,
    required: bool,
    synonyms: &'static [&'static str],
) -> TargetField {
    TargetField { key, label, cell, required, synonyms }
}

/// The columns our own error files add; a corrected file brings them back and they mean nothing.
pub(super) const ADDED: [[&str; 3]; 2] = [["Zeile", "Feld", "Grund"], ["Line", "Field", "Reason"]];

static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let fields = ImportKind::ALL.into_iter().flat_map(ImportKind::fields);
    fields.flat_map(|field| field.synonyms.iter().copied()).collect()
});

pub(super) fn plain(header: &str) -> String {
    fold(header).chars().filter(char::is_ascii_alphanumeric).collect()
}

pub(super) fn is_known_header(cell: &str) -> bool {
    KNOWN.contains(plain(cell).as_str())
}

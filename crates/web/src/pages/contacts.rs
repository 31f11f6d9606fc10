//! The list of contacts: search, order, filters, and further rows where the last ones ended.

use super::{FilterChip, Frame, Sign, SortHead, Tab, contacts_bulk::BulkMenu};
use askama::Template;

/// When and how a person was last in touch.
pub struct LastTouch {
    pub sign: Sign,
    /// „vor 11 Min“, „gestern“, a day.
    pub text: String,
}

/// One row of the list.
pub struct ContactRow {
    pub id: i64,
    pub name: String,
    /// Small line under the name: kind and place, „Stammkunde · Hamburg“.
    pub under: String,
    /// What the chosen columns say, in their order.
    pub cells: Vec<ListCell>,
}

/// What a column says of somebody.
pub enum ListCell {
    Text(String),
    /// Written at the right edge.
    Number(String),
    /// The consent to e-mail that holds today; none when nothing was ever said.
    MayMail(Option<bool>),
    Last(Option<LastTouch>),
}

/// The head of a column.
pub struct HeadCell {
    pub label: String,
    /// None where the list cannot be sorted by it.
    pub sort: Option<SortHead>,
    pub number: bool,
}

impl HeadCell {
    pub fn class(&self) -> &'static str {
        if self.number { "num" } else { "" }
    }
}

/// A row with the words of its columns, which stand beside the values where the screen is narrow.
pub struct Labelled<'a> {
    pub label: &'a str,
    pub cell: &'a ListCell,
}

/// One column in the menu; each step is an address.
pub struct ColumnChoice {
    pub label: String,
    pub shown: bool,
    /// Shows or hides it; none for the last one that is left.
    pub toggle: Option<String>,
    /// One place further to the front.
    pub earlier: Option<String>,
}

/// What can be done with the saved view that is open.
pub struct ViewMenu {
    pub id: i64,
    pub name: String,
    /// Whether it belongs to the reader, who may then rename and remove it.
    pub mine: bool,
    /// Whether the reader's list opens with it.
    pub usual: bool,
}

/// A menu of values for one more filter; each entry is the address with that filter.
pub struct FilterMenu {
    /// Unique within the page, e.g. `land`.
    pub key: &'static str,
    pub label: String,
    pub choices: Vec<Tab>,
}

impl FilterMenu {
    /// Too many to look through: the menu gets a field that narrows it.
    pub fn is_long(&self) -> bool {
        self.choices.len() > 12
    }
}

/// `GET /kontakte?q=…&sort=…&nach=…`. Further rows are picked out of the same page by htmx, or opened by the link.
#[derive(Template)]
#[template(path = "contacts.html")]
pub struct ContactsPage {
    pub frame: Frame,
    /// What is searched for.
    pub search: String,
    /// Parameters the search form keeps: order and filters, as name and value.
    pub kept: Vec<(String, String)>,
    /// Address that answers the number of hits as a [`CountPart`].
    pub count_url: String,
    /// Saved views: all, leads, customers …
    pub views: Vec<Tab>,
    pub filters: Vec<FilterChip>,
    pub more_filters: Vec<FilterMenu>,
    pub by_name: SortHead,
    pub heads: Vec<HeadCell>,
    pub columns: Vec<ColumnChoice>,
    /// The saved view that is open.
    pub open_view: Option<ViewMenu>,
    /// Query of this list's address, for forms that act on it.
    pub list: String,
    /// Addresses of the list as files; none without the right.
    pub exports: Option<(String, String)>,
    /// Whether rows are low, and the address of the other height.
    pub dense: bool,
    pub density: String,
    pub rows: Vec<ContactRow>,
    /// Address of the rows after these; none at the end.
    pub next: Option<String>,
    /// Address of the first rows when these are not the first.
    pub first: Option<String>,
    /// „Dubletten (12)“; empty where none waits.
    pub duplicates: String,
    /// What can be set for those who are chosen; nothing without the right.
    pub bulk: Vec<BulkMenu>,
    pub may_edit: bool,
    pub may_import: bool,
}

impl ContactsPage {
    /// The cells of a row with the names of their columns.
    pub fn labelled<'a>(&'a self, row: &'a ContactRow) -> impl Iterator<Item = Labelled<'a>> {
        self.heads.iter().zip(&row.cells).map(|(head, cell)| Labelled { label: &head.label, cell })
    }

    /// Columns with the name and, where rows are chosen, the box.
    pub fn width(&self) -> usize {
        self.heads.len() + 1 + usize::from(!self.bulk.is_empty())
    }

    /// Nothing was asked for and nothing is there: the list teaches how to begin.
    pub fn is_new(&self) -> bool {
        self.rows.is_empty() && self.search.is_empty() && self.filters.is_empty() && self.first.is_none()
    }
}

/// Answer to `count_url`: „3.184 von 48.902“, „mehr als 10.000“.
#[derive(Template)]
#[template(source = "{{ text }}", ext = "html")]
pub struct CountPart {
    pub text: String,
}

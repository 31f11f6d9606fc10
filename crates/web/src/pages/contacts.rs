//! The list of contacts: search, order, filters, and further rows where the last ones ended.

use super::{FilterChip, Frame, Sign, SortHead, Tab};
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
    pub city: String,
    pub company: String,
    /// The consent to e-mail that holds today; none when nothing was ever said.
    pub may_mail: Option<bool>,
    pub last: Option<LastTouch>,
    /// Number of orders and their sum, formatted; empty without orders.
    pub orders: String,
    pub revenue: String,
    /// Day the contact came in.
    pub since: String,
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

/// Something that can be done with all selected contacts: the form posts `kontakt` (repeated) to `action`.
pub struct BulkAction {
    pub label: String,
    pub icon: &'static str,
    pub action: String,
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
    pub by_last: SortHead,
    pub by_since: SortHead,
    pub rows: Vec<ContactRow>,
    /// Address of the rows after these; none at the end.
    pub next: Option<String>,
    /// Address of the first rows when these are not the first.
    pub first: Option<String>,
    pub bulk: Vec<BulkAction>,
    pub may_edit: bool,
    pub may_import: bool,
}

impl ContactsPage {
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

/// One hit of the palette; `under` is the small text at its end.
pub struct Hit {
    pub id: i64,
    pub name: String,
    pub under: String,
}

/// `GET /suche?q=`: the people for the palette.
#[derive(Template)]
#[template(path = "search.html")]
pub struct SearchPart {
    pub frame: Frame,
    pub hits: Vec<Hit>,
}

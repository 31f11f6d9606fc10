//! The list of contacts: searched, sorted, limited to a circle, page after page by key, never by counting from the start.

use super::{
    contact::display_name,
    recent::{From, recent},
};
use crate::{
    Refusal, Trouble,
    staff::{Actor, Right},
};
use kernel::{Fault, Sentence, text::fold};
use sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement, UnionType};
use serde::{Deserialize, Serialize};
use store::{FromQueryResult, Rows};

/// Contacts a search looks at per column; beyond that the search has to say more.
const CANDIDATES: u64 = 1_000;
const MOST_LINES: u64 = 1_000;

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    #[default]
    Name,
    Number,
    /// Newest first.
    Created,
    /// Newest first, contacts without one last.
    LastInteraction,
}

/// Which part of the list is wanted.
#[derive(Clone, Debug, Default)]
pub struct ContactQuery {
    /// Beginning of a name, customer number, mail address, city or company.
    pub search: Option<String>,
    /// Those that were put away instead of all others.
    pub archived: bool,
    /// A condition over the table `contact`, such as a segment.
    pub circle: Option<Condition>,
    pub sort: Sort,
    /// [`ContactPage::next`] of the page before.
    pub after: Option<String>,
    /// Lines of a page, at most 1,000.
    pub limit: u64,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct ContactLine {
    pub id: i64,
    pub number: String,
    pub kind: String,
    pub title: Option<String>,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub phone: Option<String>,
    pub postal_code: Option<String>,
    pub language: Option<String>,
    pub source: Option<String>,
    pub owner_id: Option<i64>,
    /// Counts changes: an edit names the version it began from.
    pub version: i64,
    pub company: Option<String>,
    pub created_at: i64,
    /// Consent to e-mail marketing: 1 granted, 0 refused, nothing when nobody asked.
    pub email_consent: Option<i64>,
    /// Microseconds UTC of the newest interaction.
    pub last_interaction_at: Option<i64>,
    #[serde(skip)]
    name_key: String,
}

impl ContactLine {
    pub fn display_name(&self) -> String {
        let (company, email) = (self.company.as_deref(), self.email.as_deref());
        display_name(self.title.as_deref(), &self.first_name, &self.last_name, company, email, &self.number)
    }
}

/// A page of the list.
#[derive(Clone, Debug, Serialize)]
pub struct ContactPage {
    pub lines: Vec<ContactLine>,
    /// Says where the next page begins; nothing on the last page.
    pub next: Option<String>,
}

/// Where a page begins: behind this key.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Cursor {
    Text(String, i64),
    Number(i64, i64),
    /// Behind all contacts with an interaction: only the id counts.
    Id(i64),
}

/// A page of contacts that are not archived, or of those that are. Sorted by name, number and creation it is served by `contact_name`, the key
/// of numbers and `contact_created`; by last interaction by `interaction_contact_at`.
pub async fn contact_page(rows: &Rows, actor: &Actor, query: &ContactQuery) -> Result<ContactPage, Trouble> {
    actor.must(Right::SeeContacts)?;
    let limit = query.limit.clamp(1, MOST_LINES);
    let after = match &query.after {
        None => None,
        Some(text) => Some(
            serde_json::from_str(text)
                .map_err(|_| Refusal::field("after", "cursor", Sentence::new("customers-not-a-page")))?,
        ),
    };
    let everybody = query.circle.is_none() && search_of(query).is_none() && !query.archived;
    let keys = if query.sort == Sort::LastInteraction && everybody {
        let from = match after {
            Some(Cursor::Number(at, id)) => From::Heard(at, id),
            Some(Cursor::Id(id)) => From::Silent(id),
            _ => From::Start,
        };
        let ids = recent(rows, from, limit as i64 + 1).await?;
        let mut keys = Query::select();
        keys.column(("contact", "id")).from("contact").and_where(contact("id").is_in(ids));
        keys
    } else {
        let mut keys = keys(query);
        seek(&mut keys, query.sort, after);
        keys.limit(limit + 1);
        keys
    };
    let mut lines: Vec<ContactLine> = rows.select(&lines_of(keys, query.sort)).await?;
    let more = lines.len() as u64 > limit;
    lines.truncate(limit as usize);
    let next = if more { lines.last().map(|line| cursor(line, query.sort)).transpose()? } else { None };
    Ok(ContactPage { lines, next })
}

/// Whether nobody was entered or imported yet.
pub async fn is_empty(rows: &Rows) -> Result<bool, Fault> {
    Ok(highest_id(rows).await? == 0)
}

/// How many are without a date of birth: no filter by age finds them.
pub async fn without_birth_date(rows: &Rows) -> Result<i64, Fault> {
    rows.number("SELECT COUNT(*) FROM contact WHERE birth_date IS NULL AND archived_at IS NULL", vec![]).await
}

/// The id given last; 0 where there is nobody. Served by the primary key.
pub async fn highest_id(rows: &Rows) -> Result<i64, Fault> {
    rows.number("SELECT MAX(id) FROM contact", vec![]).await
}

/// How many contacts the query finds, counting no further than `most`.
pub async fn count_contacts(rows: &Rows, actor: &Actor, query: &ContactQuery, most: u64) -> Result<i64, Trouble> {
    actor.must(Right::SeeContacts)?;
    let mut found = Query::select();
    found.column(("contact", "id")).from("contact").cond_where(matching(query)).limit(most);
    let mut count = Query::select();
    count.expr_as(Expr::cust("COUNT(*)"), "n").from_subquery(found, "found");
    let counted: Vec<Counted> = rows.select(&count).await?;
    Ok(counted.first().map_or(0, |row| row.n))
}

#[derive(FromQueryResult)]
struct Counted {
    n: i64,
}

fn contact(column: &'static str) -> Expr {
    Expr::col(("contact", column))
}

/// The newest interaction of a contact; served by `interaction_contact_at`.
fn last_interaction() -> Expr {
    Expr::cust("(SELECT MAX(interaction.occurred_at) FROM interaction WHERE interaction.contact_id = contact.id)")
}

/// Put away by somebody here. Whoever the law put away (restricted, erased) is in no list.
const PUT_AWAY: &str =
    "contact.archived_at IS NOT NULL AND contact.restricted_at IS NULL AND contact.erased_at IS NULL";

pub(super) fn matching(query: &ContactQuery) -> Condition {
    let search = search_of(query);
    Condition::all()
        .add(if query.archived { Expr::cust(PUT_AWAY) } else { contact("archived_at").is_null() })
        .add_option(query.circle.clone())
        .add_option(search.map(|text| contact("id").in_subquery(candidates(text, query.circle.is_none()))))
}

/// A NUL is in no name, and PostgreSQL does not take it even as a question.
fn search_of(query: &ContactQuery) -> Option<&str> {
    query.search.as_deref().map(str::trim).filter(|text| !text.is_empty() && !text.contains('\0'))
}

fn keys(query: &ContactQuery) -> SelectStatement {
    let mut keys = Query::select();
    keys.column(("contact", "id")).from("contact").cond_where(matching(query));
    keys
}

/// Ids of contacts one of whose columns begins with the text, column by column through its index.
fn candidates(text: &str, bounded: bool) -> SelectStatement {
    let folded = fold(text);
    let mut beginnings = vec![
        ("name_key", folded.clone()),
        ("first_key", folded.clone()),
        ("city_key", folded.clone()),
        ("number", text.to_owned()),
        ("email_key", text.to_lowercase()),
    ];
    // "Ada Lovelace" is kept as "lovelace ada".
    if let Some((first, last)) = folded.split_once(' ') {
        beginnings.push(("name_key", format!("{last} {first}")));
    }
    let begins = |column: Expr, text: &str| column.clone().gte(text).and(column.lt(format!("{text}\u{10ffff}")));
    let part = |condition: Expr, order: &'static str| {
        let mut inner = Query::select();
        inner.column(("contact", "id")).from("contact").and_where(condition);
        if bounded {
            inner.order_by(("contact", order), Order::Asc).limit(CANDIDATES);
        }
        let mut outer = Query::select();
        outer.column("id").from_subquery(inner, "part");
        outer
    };
    let mut companies = Query::select();
    companies.column(("company", "id")).from("company").and_where(begins(Expr::col(("company", "name_key")), &folded));
    let mut all = part(contact("company_id").in_subquery(companies), "company_id");
    let mut further = Query::select();
    further
        .column(("contact_point", "contact_id"))
        .from("contact_point")
        .and_where(begins(Expr::col(("contact_point", "text_key")), &text.to_lowercase()));
    all.union(UnionType::All, part(contact("id").in_subquery(further), "id"));
    for (column, text) in &beginnings {
        all.union(UnionType::All, part(begins(contact(column), text), column));
    }
    all
}

/// Begins behind the cursor, in the order of the sort.
fn seek(keys: &mut SelectStatement, sort: Sort, after: Option<Cursor>) {
    let pair = |column: &'static str| Expr::tuple([contact(column), contact("id")]);
    let order = |keys: &mut SelectStatement, column: &'static str, order: Order| {
        keys.order_by(("contact", column), order.clone()).order_by(("contact", "id"), order);
    };
    match (sort, after) {
        (Sort::Name | Sort::Number, after) => {
            let column = if sort == Sort::Name { "name_key" } else { "number" };
            if let Some(Cursor::Text(key, id)) = after {
                keys.and_where(pair(column).gt(Expr::tuple([Expr::val(key), Expr::val(id)])));
            }
            order(keys, column, Order::Asc);
        }
        (Sort::Created, after) => {
            if let Some(Cursor::Number(at, id)) = after {
                keys.and_where(pair("created_at").lt(Expr::tuple([Expr::val(at), Expr::val(id)])));
            }
            order(keys, "created_at", Order::Desc);
        }
        (Sort::LastInteraction, after) => {
            match after {
                Some(Cursor::Number(at, id)) => {
                    let earlier = Expr::tuple([last_interaction(), contact("id")])
                        .lt(Expr::tuple([Expr::val(at), Expr::val(id)]));
                    keys.cond_where(Condition::any().add(earlier).add(last_interaction().is_null()));
                }
                Some(Cursor::Id(id)) => {
                    keys.and_where(last_interaction().is_null()).and_where(contact("id").lt(id));
                }
                _ => {}
            }
            keys.order_by_expr_with_nulls(last_interaction(), Order::Desc, sea_query::NullOrdering::Last);
            keys.order_by(("contact", "id"), Order::Desc);
        }
    }
}

/// The lines of the keys that were found, so that only those of one page are looked up.
fn lines_of(keys: SelectStatement, sort: Sort) -> SelectStatement {
    let mut lines = Query::select();
    for column in [
        "id",
        "number",
        "kind",
        "title",
        "first_name",
        "last_name",
        "email",
        "city",
        "country",
        "phone",
        "postal_code",
        "language",
        "source",
        "owner_id",
        "version",
        "created_at",
        "name_key",
    ] {
        lines.column(("contact", column));
    }
    let consent = "(SELECT CAST(consent.granted AS BIGINT) FROM consent WHERE consent.contact_id = contact.id \
         AND consent.channel = 'email' AND consent.purpose = 'marketing' AND consent.current = 1)";
    lines
        .expr_as(Expr::cust("company.name"), "company")
        .expr_as(Expr::cust(consent), "email_consent")
        .expr_as(last_interaction(), "last_interaction_at")
        .from_subquery(keys, "found")
        .inner_join("contact", Expr::col(("contact", "id")).equals(("found", "id")))
        .left_join("company", Expr::col(("company", "id")).equals(("contact", "company_id")));
    seek(&mut lines, sort, None);
    lines
}

fn cursor(line: &ContactLine, sort: Sort) -> Result<String, Fault> {
    let cursor = match (sort, line.last_interaction_at) {
        (Sort::Name, _) => Cursor::Text(line.name_key.clone(), line.id),
        (Sort::Number, _) => Cursor::Text(line.number.clone(), line.id),
        (Sort::Created, _) => Cursor::Number(line.created_at, line.id),
        (Sort::LastInteraction, Some(at)) => Cursor::Number(at, line.id),
        (Sort::LastInteraction, None) => Cursor::Id(line.id),
    };
    serde_json::to_string(&cursor).map_err(|error| Fault::Unreadable(error.to_string()))
}

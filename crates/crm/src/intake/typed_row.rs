//! From a record of cells to a contact or an order line: each row is read whole or rejected with the first thing wrong.

use super::{
    cells::{self, OrderStatus, Salutation},
    dialect::Dialect,
    fields::{CellType, ImportKind},
    mapping::Mapping,
    reader::Record,
    refusal::{Flaw, Reason},
};
use jiff::civil::Date;
use kernel::{Currency, EmailAddress};

/// One contact as the file tells it. A blank cell is `None`; so is a field no column fills: [`Shape::fills`] tells them
/// apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactRow {
    pub number: String,
    pub salutation: Option<Salutation>,
    pub title: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub birth_date: Option<Date>,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<&'static str>,
    pub email: Option<EmailAddress>,
    pub phone: Option<String>,
    pub company: Option<String>,
    pub industry: Option<String>,
    pub source: Option<String>,
    pub consent_email: Option<bool>,
    /// Minor units of the organisation's currency.
    pub budget: Option<i64>,
}

/// One line of an order: one item, and what it says about the order it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    pub number: String,
    pub customer_number: String,
    pub date: Date,
    /// The product's number, or its name where the file has no number.
    pub product_number: String,
    pub product: Option<String>,
    pub category: Option<String>,
    pub quantity: i64,
    /// Minor units of `currency`.
    pub unit_price: i64,
    pub status: OrderStatus,
    pub currency: Currency,
    pub position: Option<String>,
}

/// What a row is read with: where each field stands and how it is written.
#[derive(Clone, Debug)]
pub struct Shape {
    kind: ImportKind,
    columns: Vec<Option<usize>>,
    dialect: Dialect,
    today: Date,
    currency: Currency,
}

impl Shape {
    /// `today` is the organisation's day, `currency` the one amounts without a currency are in.
    pub fn new(kind: ImportKind, mapping: &Mapping, dialect: &Dialect, today: Date, currency: Currency) -> Self {
        let columns = kind.fields().iter().map(|field| mapping.column(field.key)).collect();
        Self { kind, columns, dialect: dialect.clone(), today, currency }
    }

    /// Whether a column fills the field.
    pub fn fills(&self, key: &str) -> bool {
        let index = self.kind.fields().iter().position(|field| field.key == key);
        index.is_some_and(|index| self.columns[index].is_some())
    }

    /// Reads a contact. It needs a number and one of last name, company and e-mail address.
    pub fn contact(&self, record: &Record) -> Result<ContactRow, Flaw> {
        let text = |index| self.text(record, index);
        let row = ContactRow {
            number: self.required(record, 0)?,
            salutation: self.value(record, 1, cells::Salutation::read)?.flatten(),
            title: text(2)?,
            first_name: text(3)?,
            last_name: text(4)?,
            birth_date: self.value(record, 5, |cell| cells::birth_date(cell, &self.dialect, self.today))?,
            street: text(6)?,
            postal_code: text(7)?,
            city: text(8)?,
            country: self.value(record, 9, cells::country)?,
            email: self.value(record, 10, cells::email)?,
            phone: text(11)?,
            company: text(12)?,
            industry: text(13)?,
            source: text(14)?,
            consent_email: self.value(record, 15, cells::yes_no)?,
            budget: self.value(record, 16, |cell| cells::money(cell, &self.dialect, self.currency))?,
        };
        if row.last_name.is_none() && row.company.is_none() && row.email.is_none() {
            return Err(Flaw::cell("last_name", Reason::Required, ""));
        }
        Ok(row)
    }

    /// Reads one line of an order. Without a quantity it is one, without a status it stands.
    pub fn order(&self, record: &Record) -> Result<OrderRow, Flaw> {
        let required = |index: usize| Flaw::cell(self.kind.fields()[index].key, Reason::Required, "");
        let read_currency = |cell: &str| Currency::parse(cell).ok_or(Reason::Currency);
        let currency = self.value(record, 9, read_currency)?.unwrap_or(self.currency);
        let product = self.text(record, 4)?;
        let quantity = self.value(record, 6, |cell| {
            cells::whole(cell, &self.dialect)
                .and_then(|n| if (1..=1_000_000).contains(&n) { Ok(n) } else { Err(Reason::Number) })
        })?;
        let read_date = |cell: &str| cells::date(cell, &self.dialect, self.today);
        let read_money = |cell: &str| cells::money(cell, &self.dialect, currency);
        Ok(OrderRow {
            number: self.required(record, 0)?,
            customer_number: self.required(record, 1)?,
            date: self.value(record, 2, read_date)?.ok_or_else(|| required(2))?,
            product_number: self.text(record, 3)?.or_else(|| product.clone()).ok_or_else(|| required(3))?,
            product,
            category: self.text(record, 5)?,
            quantity: quantity.unwrap_or(1),
            unit_price: self.value(record, 7, read_money)?.ok_or_else(|| required(7))?,
            status: self.value(record, 8, OrderStatus::read)?.unwrap_or_default(),
            currency,
            position: self.text(record, 10)?,
        })
    }

    fn cell<'a>(&self, record: &'a Record, index: usize) -> &'a str {
        self.columns[index].map_or("", |column| record.cell(column).trim_matches([' ', '\t', '\u{a0}', '\u{feff}']))
    }

    fn value<T>(
        &self,
        record: &Record,
        index: usize,
        read: impl FnOnce(&str) -> Result<T, Reason>,
    ) -> Result<Option<T>, Flaw> {
        match self.cell(record, index) {
            "" => Ok(None),
            cell => read(cell).map(Some).map_err(|reason| Flaw::cell(self.kind.fields()[index].key, reason, cell)),
        }
    }

    fn text(&self, record: &Record, index: usize) -> Result<Option<String>, Flaw> {
        let CellType::Text(most) = self.kind.fields()[index].cell else { return Ok(None) };
        self.value(record, index, |cell| cells::text(cell, most))
    }

    fn required(&self, record: &Record, index: usize) -> Result<String, Flaw> {
        let missing = || Flaw::cell(self.kind.fields()[index].key, Reason::Required, "");
        self.text(record, index)?.ok_or_else(missing)
    }
}

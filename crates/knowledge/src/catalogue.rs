//! What is copied: the tables and columns questions are asked of.
//!
//! No names, addresses, mail addresses or phone numbers of people: ids, categories and figures. A question that needs
//! more is answered by the rows.

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};
use store::copying::{Copied, Kind, Source};

const fn int(name: &'static str) -> Copied {
    Copied { name, kind: Kind::Int }
}

const fn flag(name: &'static str) -> Copied {
    Copied { name, kind: Kind::Flag }
}

const fn code(name: &'static str) -> Copied {
    Copied { name, kind: Kind::Code }
}

const fn text(name: &'static str) -> Copied {
    Copied { name, kind: Kind::Text }
}

/// The tables of records: rows that change and go.
pub const RECORDS: &[Source] = &[
    Source {
        table: "contact",
        key: 1,
        columns: &[
            int("id"),
            code("kind"),
            code("salutation"),
            code("birth_date"),
            code("country"),
            int("company_id"),
            code("language"),
            code("source"),
            int("budget_minor"),
            code("budget_currency"),
            int("owner_id"),
            int("created_at"),
            int("updated_at"),
            int("archived_at"),
            int("withdrawn_at"),
        ],
    },
    Source { table: "company", key: 1, columns: &[int("id"), code("industry"), int("created_at"), int("updated_at")] },
    Source {
        table: "consent",
        key: 1,
        columns: &[
            int("id"),
            int("contact_id"),
            code("channel"),
            code("purpose"),
            flag("granted"),
            int("at"),
            flag("current"),
        ],
    },
    Source { table: "category", key: 1, columns: &[int("id"), text("name"), text("name_key")] },
    Source {
        table: "product",
        key: 1,
        columns: &[int("id"), text("sku"), text("name"), int("category_id"), int("price_minor"), code("currency")],
    },
    Source {
        table: "purchase",
        key: 1,
        columns: &[
            int("id"),
            int("contact_id"),
            int("placed_at"),
            int("cancelled_at"),
            int("total_minor"),
            code("currency"),
            code("source"),
        ],
    },
    Source {
        table: "purchase_item",
        key: 2,
        columns: &[int("purchase_id"), int("position"), int("product_id"), int("quantity"), int("unit_price_minor")],
    },
    Source {
        table: "campaign",
        key: 1,
        columns: &[
            int("id"),
            text("name"),
            code("goal"),
            code("state"),
            int("segment_id"),
            int("fixed_cost_minor"),
            int("unit_cost_minor"),
            code("currency"),
            int("margin_ppm"),
            int("attribution_days"),
            int("control_ppm"),
            int("created_at"),
            int("approved_at"),
            int("frozen_at"),
            int("launched_at"),
            int("finished_at"),
        ],
    },
    Source { table: "audience", key: 2, columns: &[int("campaign_id"), int("contact_id"), code("fate")] },
    Source {
        table: "message",
        key: 1,
        columns: &[
            int("id"),
            int("campaign_id"),
            int("step_id"),
            int("contact_id"),
            code("state"),
            code("reason"),
            int("sent_at"),
            int("bounced_at"),
        ],
    },
];

/// The log. Its codes stand first after the numbers of a row because rows are kept by them.
pub const LOG: Source = Source {
    table: "interaction",
    key: 1,
    columns: &[
        int("seq"),
        int("occurred_at"),
        int("contact_id"),
        int("visitor_id"),
        int("campaign_id"),
        int("message_id"),
        int("product_id"),
        int("value_minor"),
        code("kind"),
        code("channel"),
        code("verdict"),
        code("currency"),
    ],
};

/// The view the ledger keeps ready: campaign and contact, and a one or a nought for each deed.
pub const REACHED: Source = Source {
    table: "reached",
    key: 2,
    columns: &[
        int("campaign_id"),
        int("contact_id"),
        flag("sent"),
        flag("opened"),
        flag("clicked"),
        flag("machine_opened"),
        flag("viewed"),
        flag("unsubscribed"),
        flag("complained"),
    ],
};

/// The columns of the log that are numbers; behind them come [`CODES`] codes.
pub const NUMBERS: usize = 8;
pub const CODES: usize = 4;
pub const SEQ: usize = 0;
pub const OCCURRED_AT: usize = 1;
pub const CONTACT: usize = 2;
pub const CAMPAIGN: usize = 4;

/// The Arrow schema of a table of records.
pub fn schema(source: &Source) -> SchemaRef {
    let field = |(index, column): (usize, &Copied)| {
        let of = match column.kind {
            Kind::Int | Kind::Flag => DataType::Int64,
            Kind::Code => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            Kind::Text => DataType::Utf8View,
        };
        Field::new(column.name, of, index >= source.key && column.name != "contact_id")
    };
    Arc::new(Schema::new(source.columns.iter().enumerate().map(field).collect::<Vec<_>>()))
}

/// The Arrow schema of the log.
pub fn log_schema() -> SchemaRef {
    let field = |(index, column): (usize, &Copied)| {
        let of = if index < NUMBERS { DataType::Int64 } else { DataType::Utf8View };
        let nullable = index > OCCURRED_AT && !(NUMBERS..NUMBERS + 3).contains(&index);
        Field::new(column.name, of, nullable)
    };
    Arc::new(Schema::new(LOG.columns.iter().enumerate().map(field).collect::<Vec<_>>()))
}

/// Another number as soon as something else is copied: then the copy is made anew.
pub fn version() -> u64 {
    /// Raised when the files are written differently.
    const LAYOUT: u32 = 2;
    let mut hasher = DefaultHasher::new();
    (LAYOUT, RECORDS, &LOG, &REACHED).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_names_a_person_is_copied() {
        const NAMING: &[&str] = &[
            "number",
            "first_name",
            "last_name",
            "name_key",
            "first_key",
            "email",
            "email_key",
            "phone",
            "street",
            "postal_code",
            "city",
            "city_key",
            "title",
            "subject",
            "url",
            "props",
            "address",
            "domain",
            "reply",
        ];
        for source in RECORDS.iter().chain([&LOG]) {
            let of_people = !["category", "product", "campaign", "company"].contains(&source.table);
            for column in source.columns.iter().filter(|_| of_people) {
                assert!(!NAMING.contains(&column.name), "{}.{}", source.table, column.name);
            }
        }
    }

    #[test]
    fn every_copied_table_is_followed() {
        for source in RECORDS.iter().chain([&LOG]) {
            let noted = store::changes::NOTED.iter().find(|noted| noted.table == source.table);
            let noted = noted.unwrap_or_else(|| panic!("{} is not noted", source.table));
            assert_eq!(noted.key, source.columns[0].name);
            assert_eq!(noted.part, (source.key == 2).then(|| source.columns[1].name));
        }
        assert_eq!(LOG.columns.len(), NUMBERS + CODES);
    }
}

//! The columns of the list: which there are, what they are called and what they say of somebody. Page and export read the same.

use super::{filter::Filter, kind_name, when};
use crate::{
    door::Desk,
    pages::{
        Sign, SortHead,
        contacts::{ColumnChoice, HeadCell, LastTouch, ListCell},
    },
};
use crm::{
    customers::{ContactLine, Sort},
    intake::country,
    interactions::Latest,
    sales::Bought,
};
use kernel::{ContactId, Currency, Timestamp, sentence::say};
use std::collections::HashMap;

/// One thing the list can say of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Last,
    City,
    Company,
    MayMail,
    Orders,
    Revenue,
    Since,
    Kind,
    Number,
    Email,
    Phone,
    PostalCode,
    Country,
    Language,
    Source,
    Owner,
}

impl Column {
    pub const ALL: [Column; 16] = [
        Self::Last,
        Self::City,
        Self::Company,
        Self::MayMail,
        Self::Orders,
        Self::Revenue,
        Self::Since,
        Self::Kind,
        Self::Number,
        Self::Email,
        Self::Phone,
        Self::PostalCode,
        Self::Country,
        Self::Language,
        Self::Source,
        Self::Owner,
    ];
    /// What the list shows where nobody chose.
    const USUAL: usize = 7;

    /// Name in the address, and key of the wording.
    fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Last => ("zuletzt", "contacts-last"),
            Self::City => ("ort", "contacts-city"),
            Self::Company => ("firma", "contacts-company"),
            Self::MayMail => ("erlaubt", "contacts-may-mail"),
            Self::Orders => ("buchungen", "contacts-orders"),
            Self::Revenue => ("umsatz", "contacts-revenue"),
            Self::Since => ("seit", "contacts-since"),
            Self::Kind => ("art", "contacts-kind"),
            Self::Number => ("nummer", "contacts-number"),
            Self::Email => ("email", "list-column-email"),
            Self::Phone => ("telefon", "contacts-phone"),
            Self::PostalCode => ("plz", "contacts-postal-code"),
            Self::Country => ("land", "contacts-country"),
            Self::Language => ("sprache", "contacts-language"),
            Self::Source => ("herkunft", "contacts-source"),
            Self::Owner => ("betreuung", "contacts-owner"),
        }
    }

    pub fn key(self) -> &'static str {
        self.parts().1
    }

    pub fn is_number(self) -> bool {
        matches!(self, Self::Orders | Self::Revenue | Self::Since)
    }

    /// The columns an address asks for, in its order; the usual ones where it asks for none.
    pub fn chosen(text: &str) -> Vec<Column> {
        let mut chosen: Vec<Column> = Vec::new();
        for name in text.split(',') {
            if let Some(column) = Self::ALL.into_iter().find(|column| column.parts().0 == name)
                && !chosen.contains(&column)
            {
                chosen.push(column);
            }
        }
        if chosen.is_empty() { Self::ALL[..Self::USUAL].to_vec() } else { chosen }
    }

    fn address(columns: &[Column]) -> String {
        if *columns == Self::ALL[..Self::USUAL] {
            return String::new();
        }
        columns.iter().map(|column| column.parts().0).collect::<Vec<_>>().join(",")
    }
}

/// What is known of the people of a page beside their lines.
pub struct Beside {
    pub bought: HashMap<ContactId, Bought>,
    pub latest: HashMap<ContactId, Latest>,
    /// Names of those who look after people, by their ids.
    pub staff: HashMap<i64, String>,
}

/// What a column says of somebody, in the reader's way of writing.
pub fn cell(desk: &Desk, column: Column, line: &ContactLine, beside: &Beside) -> ListCell {
    let (id, locale) = (ContactId(line.id), desk.locale);
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let bought = beside.bought.get(&id);
    match column {
        Column::Last => ListCell::Last(beside.latest.get(&id).map(|touch| LastTouch {
            sign: Sign::of(touch.channel.code(), touch.kind.code()),
            text: when::ago(touch.at, desk.now(), &desk.zone, locale),
        })),
        Column::MayMail => ListCell::MayMail(line.email_consent.map(|granted| granted == 1)),
        Column::Orders => ListCell::Number(bought.map(|bought| locale.count(bought.orders)).unwrap_or_default()),
        Column::Revenue => {
            ListCell::Number(bought.map(|bought| locale.money_round(bought.minor, Currency::EUR)).unwrap_or_default())
        }
        Column::Since => ListCell::Number(locale.day(desk.zone.day(Timestamp(line.created_at)))),
        Column::City => ListCell::Text(text(&line.city)),
        Column::Company => ListCell::Text(text(&line.company)),
        Column::Kind => ListCell::Text(kind_name(&line.kind, locale)),
        Column::Number => ListCell::Text(line.number.clone()),
        Column::Email => ListCell::Text(text(&line.email)),
        Column::Phone => ListCell::Text(text(&line.phone)),
        Column::PostalCode => ListCell::Text(text(&line.postal_code)),
        Column::Country => {
            let name = line.country.as_deref().map(|code| country::name(code, locale).to_owned());
            ListCell::Text(name.unwrap_or_default())
        }
        Column::Language => ListCell::Text(match line.language.as_deref() {
            Some(code @ ("de" | "en")) => say(locale, &format!("contacts-language-{code}"), None),
            other => other.unwrap_or_default().to_owned(),
        }),
        Column::Source => ListCell::Text(text(&line.source)),
        Column::Owner => {
            ListCell::Text(line.owner_id.and_then(|id| beside.staff.get(&id)).cloned().unwrap_or_default())
        }
    }
}

/// The head of a column; some can be sorted by.
pub fn head(desk: &Desk, filter: &Filter, column: Column) -> HeadCell {
    let label = say(desk.locale, column.key(), None);
    let sorted = match column {
        Column::Last => Some(("letzte", Sort::LastInteraction, "descending")),
        Column::Since => Some(("seit", Sort::Created, "descending")),
        Column::Number => Some(("nummer", Sort::Number, "ascending")),
        _ => None,
    };
    let sort = sorted.map(|(name, sort, order)| SortHead {
        label: label.clone(),
        href: filter.with("sort", name),
        order: (filter.sort() == sort).then_some(order),
    });
    HeadCell { label, sort, number: column.is_number() }
}

/// The menu that chooses and orders columns: every step is an address.
pub fn menu(desk: &Desk, filter: &Filter) -> Vec<ColumnChoice> {
    let chosen = Column::chosen(filter.get("spalten"));
    let with = |columns: &[Column]| filter.with("spalten", &Column::address(columns));
    let shown = chosen.iter().enumerate().map(|(at, column)| {
        let without: Vec<Column> = chosen.iter().copied().filter(|other| other != column).collect();
        let mut earlier = chosen.clone();
        earlier.swap(at, at.saturating_sub(1));
        ColumnChoice {
            label: say(desk.locale, column.key(), None),
            shown: true,
            toggle: (!without.is_empty()).then(|| with(&without)),
            earlier: (at > 0).then(|| with(&earlier)),
        }
    });
    let hidden = Column::ALL.into_iter().filter(|column| !chosen.contains(column)).map(|column| {
        let mut more = chosen.clone();
        more.push(column);
        ColumnChoice {
            label: say(desk.locale, column.key(), None),
            shown: false,
            toggle: Some(with(&more)),
            earlier: None,
        }
    });
    shown.chain(hidden).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_columns_once_and_in_their_order() {
        assert_eq!(Column::chosen("ort,fremd,email,ort"), [Column::City, Column::Email]);
        assert_eq!(Column::chosen(""), Column::ALL[..Column::USUAL]);
        assert_eq!(Column::address(&Column::chosen("plz,ort")), "plz,ort");
        assert_eq!(Column::address(&Column::chosen("")), "", "what is usual is not said");
    }
}

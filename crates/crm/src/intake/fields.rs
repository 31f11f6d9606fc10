//! What a file may bring: the target fields of each kind of import, and which column means which of them.

use kernel::{Sentence, text::fold};
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
    synonyms: &'static [&'static str],
}

const fn field(
    key: &'static str,
    label: &'static str,
    cell: CellType,
    required: bool,
    synonyms: &'static [&'static str],
) -> TargetField {
    TargetField { key, label, cell, required, synonyms }
}

use CellType::{BirthDate, Country, Currency, Date, Email, Money, Salutation, Status, Text, Whole, YesNo};

const CUSTOMER: &[&str] = &[
    "kundennr",
    "kundennummer",
    "kundennum",
    "kdnr",
    "kdnummer",
    "kundenid",
    "kunde",
    "kundenkennung",
    "debitor",
    "debitorennr",
    "debitorennummer",
    "debitornr",
    "customernumber",
    "customerno",
    "customernr",
    "customerid",
    "customer",
    "clientid",
    "clientnumber",
    "contactnumber",
    "contactid",
    "kontaktnr",
    "kontaktnummer",
    "accountnumber",
    "mitgliedsnummer",
    "number",
];

static CONTACT_FIELDS: [TargetField; 17] = [
    field("number", "intake-field-number", Text(50), true, CUSTOMER),
    field(
        "salutation",
        "intake-field-salutation",
        Salutation,
        false,
        &["anrede", "salutation", "geschlecht", "gender", "sex"],
    ),
    field("title", "intake-field-title", Text(50), false, &["titel", "title", "akademischertitel", "academictitle"]),
    field(
        "first_name",
        "intake-field-first-name",
        Text(100),
        false,
        &["vorname", "vornamen", "firstname", "givenname", "forename"],
    ),
    field(
        "last_name",
        "intake-field-last-name",
        Text(100),
        false,
        &["nachname", "name", "familienname", "zuname", "lastname", "surname", "familyname"],
    ),
    field(
        "birth_date",
        "intake-field-birth-date",
        BirthDate,
        false,
        &[
            "geburtsdatum",
            "geburtstag",
            "gebdatum",
            "gebdat",
            "geboren",
            "geborenam",
            "birthdate",
            "dateofbirth",
            "birthday",
            "dob",
        ],
    ),
    field(
        "street",
        "intake-field-street",
        Text(200),
        false,
        &[
            "strasse",
            "str",
            "strassehausnummer",
            "strassehausnr",
            "strasseundhausnummer",
            "strassenr",
            "anschrift",
            "adresse",
            "street",
            "streetaddress",
            "address",
            "address1",
            "addressline1",
        ],
    ),
    field(
        "postal_code",
        "intake-field-postal-code",
        Text(20),
        false,
        &["plz", "postleitzahl", "postalcode", "postcode", "zip", "zipcode"],
    ),
    field("city", "intake-field-city", Text(100), false, &["ort", "stadt", "wohnort", "city", "town"]),
    field(
        "country",
        "intake-field-country",
        Country,
        false,
        &["land", "country", "staat", "laendercode", "laenderkennzeichen", "lkz", "countrycode"],
    ),
    field(
        "email",
        "intake-field-email",
        Email,
        false,
        &["email", "emailadresse", "mail", "mailadresse", "emailaddress", "eposta", "epost"],
    ),
    field(
        "phone",
        "intake-field-phone",
        Text(50),
        false,
        &[
            "telefon",
            "telefonnummer",
            "telefonnr",
            "tel",
            "rufnummer",
            "mobil",
            "mobiltelefon",
            "handy",
            "phone",
            "phonenumber",
            "telephone",
            "mobile",
        ],
    ),
    field(
        "company",
        "intake-field-company",
        Text(200),
        false,
        &["firma", "firmenname", "unternehmen", "company", "companyname", "organisation", "organization"],
    ),
    field(
        "industry",
        "intake-field-industry",
        Text(100),
        false,
        &["branche", "wirtschaftszweig", "industry", "sector"],
    ),
    field(
        "source",
        "intake-field-source",
        Text(100),
        false,
        &["quelle", "herkunft", "source", "leadsource", "leadquelle", "origin"],
    ),
    field(
        "consent_email",
        "intake-field-consent-email",
        YesNo,
        false,
        &[
            "einwilligungemail",
            "einwilligung",
            "emaileinwilligung",
            "newsletter",
            "werbeeinwilligung",
            "optin",
            "emailoptin",
            "consentemail",
            "emailconsent",
            "consent",
            "marketingconsent",
            "werbungemail",
            "dsgvo",
        ],
    ),
    field(
        "budget",
        "intake-field-budget",
        Money,
        false,
        &["budget", "reisebudget", "budgeteur", "budgetineur", "maxbudget"],
    ),
];

static ORDER_FIELDS: [TargetField; 11] = [
    field(
        "number",
        "intake-field-order-number",
        Text(50),
        true,
        &[
            "auftragsnr",
            "auftragsnummer",
            "auftrag",
            "bestellnr",
            "bestellnummer",
            "bestellung",
            "buchungsnr",
            "buchungsnummer",
            "buchung",
            "vorgangsnummer",
            "vorgangsnr",
            "vorgang",
            "belegnummer",
            "belegnr",
            "ordernumber",
            "orderno",
            "orderid",
            "order",
            "bookingnumber",
            "bookingid",
            "number",
        ],
    ),
    field("customer_number", "intake-field-customer-number", Text(50), true, CUSTOMER),
    field(
        "date",
        "intake-field-order-date",
        Date,
        true,
        &[
            "datum",
            "auftragsdatum",
            "bestelldatum",
            "buchungsdatum",
            "belegdatum",
            "date",
            "orderdate",
            "ordereddate",
            "orderedat",
            "bookingdate",
        ],
    ),
    field(
        "product_number",
        "intake-field-product-number",
        Text(50),
        false,
        &[
            "artikelnr",
            "artikelnummer",
            "artnr",
            "produktnr",
            "produktnummer",
            "reisenummer",
            "reisenr",
            "sku",
            "productnumber",
            "productno",
            "productid",
            "productcode",
            "itemnumber",
            "itemno",
        ],
    ),
    field(
        "product",
        "intake-field-product",
        Text(200),
        false,
        &[
            "artikel",
            "artikelbezeichnung",
            "artikelname",
            "bezeichnung",
            "produkt",
            "produktname",
            "reise",
            "product",
            "productname",
            "item",
            "itemname",
            "description",
        ],
    ),
    field(
        "category",
        "intake-field-category",
        Text(100),
        false,
        &["kategorie", "warengruppe", "produktgruppe", "artikelgruppe", "category", "productgroup", "group"],
    ),
    field(
        "quantity",
        "intake-field-quantity",
        Whole,
        false,
        &["menge", "anzahl", "stueck", "stueckzahl", "quantity", "qty", "count"],
    ),
    field(
        "unit_price",
        "intake-field-unit-price",
        Money,
        true,
        &[
            "einzelpreis",
            "preis",
            "stueckpreis",
            "ep",
            "preisprostueck",
            "einzelpreiseur",
            "unitprice",
            "price",
            "priceperunit",
        ],
    ),
    field(
        "status",
        "intake-field-status",
        Status,
        false,
        &["status", "auftragsstatus", "bestellstatus", "buchungsstatus", "orderstatus", "state"],
    ),
    field("currency", "intake-field-currency", Currency, false, &["waehrung", "currency", "currencycode"]),
    field(
        "position",
        "intake-field-position",
        Text(20),
        false,
        &["position", "pos", "posnr", "positionsnr", "positionsnummer", "lineno", "linenumber"],
    ),
];

/// The columns our own error files add; a corrected file brings them back and they mean nothing.
pub(super) const ADDED: [[&str; 3]; 2] = [["Zeile", "Feld", "Grund"], ["Line", "Field", "Reason"]];

static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let fields = ImportKind::ALL.into_iter().flat_map(ImportKind::fields);
    fields.flat_map(|field| field.synonyms.iter().copied()).collect()
});

fn plain(header: &str) -> String {
    fold(header).chars().filter(char::is_ascii_alphanumeric).collect()
}

pub(super) fn is_known_header(cell: &str) -> bool {
    KNOWN.contains(plain(cell).as_str())
}

/// Which field each column fills: one entry per column, a field's key or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(pub Vec<Option<String>>);

impl Mapping {
    /// Reads the headers as people name them, German and English. The first column that means a field gets it.
    pub fn guess(kind: ImportKind, header: &[String]) -> Self {
        let mut taken = HashSet::new();
        let mut columns: Vec<Option<String>> = vec![None; header.len()];
        let own = header.len() >= 3 && {
            let last: Vec<&str> = header[header.len() - 3..].iter().map(String::as_str).collect();
            ADDED.iter().any(|added| added[..] == last[..])
        };
        let named = header.len() - if own { 3 } else { 0 };
        for (column, name) in header.iter().enumerate().take(named) {
            let bare = name.split(['(', '[']).next().unwrap_or(name);
            for spelling in [name.as_str(), bare] {
                let spelling = plain(spelling);
                let meant = |f: &&TargetField| f.synonyms.contains(&spelling.as_str()) || plain(f.key) == spelling;
                if columns[column].is_none()
                    && let Some(field) = kind.fields().iter().filter(|f| !taken.contains(f.key)).find(meant)
                {
                    taken.insert(field.key);
                    columns[column] = Some(field.key.to_owned());
                }
            }
        }
        Self(columns)
    }

    /// The column that fills a field.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.0.iter().position(|mapped| mapped.as_deref() == Some(key))
    }

    /// Whether it can be imported that way; each sentence names one thing to mend.
    pub fn check(&self, kind: ImportKind, columns: usize) -> Result<(), Vec<Sentence>> {
        let mut wrong = Vec::new();
        if self.0.len() > columns {
            wrong.push(Sentence::new("intake-mapping-too-long").with("found", self.0.len()).with("columns", columns));
        }
        let mut taken = HashSet::new();
        for key in self.0.iter().flatten() {
            if kind.field(key).is_none() {
                wrong.push(Sentence::new("intake-mapping-unknown").with("field", key));
            } else if !taken.insert(key.as_str()) {
                wrong.push(Sentence::new("intake-mapping-twice").with("field", key));
            }
        }
        for field in kind.fields().iter().filter(|f| f.required && !taken.contains(f.key)) {
            wrong.push(Sentence::new("intake-mapping-missing").with("field", field.key));
        }
        if kind == ImportKind::Orders && !taken.contains("product") && !taken.contains("product_number") {
            wrong.push(Sentence::new("intake-mapping-missing").with("field", "product_number"));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Locale, sentence::knows};

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn headers_are_understood_in_both_languages() {
        let german =
            Mapping::guess(ImportKind::Contacts, &header(&["Kunden-Nr.", "E-Mail", "Straße", "Foo", "Budget (EUR)"]));
        let mapped: Vec<_> = german.0.iter().map(Option::as_deref).collect();
        assert_eq!(mapped, [Some("number"), Some("email"), Some("street"), None, Some("budget")]);
        let english = Mapping::guess(ImportKind::Orders, &header(&["order_number", "Customer ID", "Unit Price"]));
        let mapped: Vec<_> = english.0.iter().map(Option::as_deref).collect();
        assert_eq!(mapped, [Some("number"), Some("customer_number"), Some("unit_price")]);
    }

    #[test]
    fn the_columns_of_an_error_file_mean_nothing() {
        let mapping = Mapping::guess(ImportKind::Orders, &header(&["Pos", "Zeile", "Feld", "Grund"]));
        assert_eq!(mapping.0, [Some("position".to_owned()), None, None, None]);
    }

    #[test]
    fn a_mapping_says_what_is_missing() {
        let mapping = Mapping(vec![Some("email".into()), Some("email".into()), Some("shoe_size".into())]);
        let wrong = mapping.check(ImportKind::Contacts, 3).unwrap_err();
        let keys: Vec<_> = wrong.iter().map(|s| s.key.as_ref()).collect();
        assert_eq!(keys, ["intake-mapping-twice", "intake-mapping-unknown", "intake-mapping-missing"]);
    }

    #[test]
    fn every_synonym_is_written_plainly_and_every_label_has_words() {
        for field in ImportKind::ALL.into_iter().flat_map(ImportKind::fields) {
            assert!(field.synonyms.iter().all(|s| plain(s) == *s), "{}", field.key);
            assert!(knows(Locale::De, field.label), "{}", field.label);
        }
    }
}

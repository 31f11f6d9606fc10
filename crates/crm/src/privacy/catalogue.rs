//! What is kept about people, table by table: the one definition behind access, erasure and the record of processing
//! activities (Art. 15, 17, 30 GDPR).
//!
//! A table that is not named here and has a column `contact_id` is still handed over and still erased: whoever adds a table
//! cannot forget the person behind it.

/// What becomes of a person's rows when the person is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Deleted,
    /// The row stays, because figures count it; these assignments take everything from it that says whose it was.
    Emptied(&'static str),
    /// Nothing in it says whose it was once the contact is emptied.
    Kept,
}

/// Why it may be kept (Art. 6 (1) GDPR).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    Consent,
    Contract,
    LegalDuty,
    LegitimateInterest,
}

impl Basis {
    pub const ALL: [Basis; 4] = [Self::Consent, Self::Contract, Self::LegalDuty, Self::LegitimateInterest];

    /// Stable name in storage and words (`privacy-basis-…`).
    pub fn code(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Contract => "contract",
            Self::LegalDuty => "legal_duty",
            Self::LegitimateInterest => "legitimate_interest",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.code() == code)
    }
}

/// A table that holds something about people.
#[derive(Clone, Copy, Debug)]
pub struct Holding {
    pub table: &'static str,
    /// Finds a person's rows; `$1` is the contact's id.
    pub whose: &'static str,
    pub fate: Fate,
    /// Code in words: `privacy-purpose-…`.
    pub purpose: &'static str,
    pub basis: Basis,
    /// Code of what says how long: `privacy-keep-…`.
    pub keep: &'static str,
}

const fn holding(
    table: &'static str,
    whose: &'static str,
    fate: Fate,
    purpose: &'static str,
    basis: Basis,
    keep: &'static str,
) -> Holding {
    Holding { table, whose, fate, purpose, basis, keep }
}

/// What makes a contact one nobody can recognise: kind and country stay, because figures are counted by them.
const HUSK: &str = "number = 'erased-' || CAST(id AS TEXT), salutation = NULL, title = NULL, first_name = '', last_name = '', \
     name_key = '', first_key = '', birth_date = NULL, email = NULL, email_key = NULL, phone = NULL, street = NULL, \
     postal_code = NULL, city = NULL, city_key = NULL, company_id = NULL, source = NULL, budget_minor = NULL, \
     budget_currency = NULL, owner_id = NULL, occupation = NULL";

/// Links of campaigns are the same for everybody, and clicks are counted by them.
const HAPPENED: &str = "subject = NULL, props = NULL, agent_id = NULL, \
     url = CASE WHEN url IN (SELECT l.url FROM campaign_link l) THEN url END";

/// All of them; the contact comes last, because the others are found through it.
pub const HOLDINGS: &[Holding] = &[
    holding("consent", "contact_id = $1", Fate::Deleted, "consent", Basis::LegalDuty, "relation"),
    holding("consent_request", "contact_id = $1", Fate::Deleted, "consent", Basis::LegalDuty, "relation"),
    holding("confirmation_request", "contact_id = $1", Fate::Deleted, "accuracy", Basis::LegalDuty, "relation"),
    holding("agenda_item", "contact_id = $1", Fate::Deleted, "relation", Basis::LegitimateInterest, "relation"),
    holding("finding", "contact_id = $1", Fate::Deleted, "accuracy", Basis::LegitimateInterest, "relation"),
    holding("data_confirmation", "contact_id = $1", Fate::Deleted, "accuracy", Basis::LegalDuty, "relation"),
    holding(
        "interaction",
        "contact_id = $1",
        Fate::Emptied(HAPPENED),
        "relation",
        Basis::LegitimateInterest,
        "interaction",
    ),
    holding(
        "message",
        "contact_id = $1",
        Fate::Emptied("address = '', domain = '', reply = NULL"),
        "marketing",
        Basis::Consent,
        "interaction",
    ),
    holding("audience", "contact_id = $1", Fate::Kept, "marketing", Basis::Consent, "interaction"),
    holding("purchase", "contact_id = $1", Fate::Kept, "contract", Basis::Contract, "purchase"),
    holding(
        "purchase_item",
        "purchase_id IN (SELECT id FROM purchase WHERE contact_id = $1)",
        Fate::Kept,
        "contract",
        Basis::Contract,
        "purchase",
    ),
    holding("identity_edge", "contact_id = $1", Fate::Emptied("user_id = NULL"), "web", Basis::Consent, "web"),
    holding(
        "visitor",
        "contact_id = $1",
        Fate::Emptied(
            "known_as = 'erased-' || CAST(id AS TEXT), user_id = NULL, contact_id = NULL, edge_id = NULL, current = 0",
        ),
        "web",
        Basis::Consent,
        "web",
    ),
    holding(
        "suppression",
        "(email_key IN (SELECT c.email_key FROM contact c WHERE c.id = $1) \
         OR email_key IN (SELECT p.text_key FROM contact_point p WHERE p.contact_id = $1)) AND NOT EXISTS (SELECT 1 \
         FROM contact o WHERE o.email_key = suppression.email_key AND o.id <> $1)",
        Fate::Deleted,
        "suppression",
        Basis::LegitimateInterest,
        "relation",
    ),
    holding(
        "notification",
        "link = '/kontakte/' || CAST(CAST($1 AS BIGINT) AS TEXT)",
        Fate::Deleted,
        "relation",
        Basis::LegitimateInterest,
        "notification",
    ),
    holding(
        "record_change",
        "subject_kind = 'contact' AND subject_id = $1",
        Fate::Deleted,
        "accountability",
        Basis::LegitimateInterest,
        "relation",
    ),
    holding(
        "audit_entry",
        "subject_kind = 'contact' AND subject_id = $1",
        Fate::Emptied("detail = 'null'"),
        "accountability",
        Basis::LegalDuty,
        "audit",
    ),
    holding(
        "privacy_request",
        "contact_id = $1",
        Fate::Emptied("note = '', identity_note = '', extension_reason = '', outcome = ''"),
        "accountability",
        Basis::LegalDuty,
        "audit",
    ),
    holding("privacy_package", "contact_id = $1", Fate::Deleted, "accountability", Basis::LegalDuty, "package"),
    holding("retention_hold", "contact_id = $1", Fate::Deleted, "accountability", Basis::LegalDuty, "relation"),
    holding(
        "contact_merge",
        "(survivor_id = $1 OR merged_id = $1)",
        Fate::Emptied("before = 'null', after = 'null'"),
        "accountability",
        Basis::LegitimateInterest,
        "relation",
    ),
    holding(
        "duplicate_pair",
        "(one_id = $1 OR other_id = $1)",
        Fate::Deleted,
        "relation",
        Basis::LegitimateInterest,
        "relation",
    ),
    holding("erasure", "contact_id = $1", Fate::Kept, "accountability", Basis::LegalDuty, "audit"),
    holding("contact_point", "contact_id = $1", Fate::Deleted, "relation", Basis::Contract, "relation"),
    holding(
        "contact_link",
        "(contact_id = $1 OR other_id = $1)",
        Fate::Deleted,
        "relation",
        Basis::LegitimateInterest,
        "relation",
    ),
    holding("contact", "id = $1", Fate::Emptied(HUSK), "relation", Basis::Contract, "relation"),
];

/// The holding of a table, if it is named.
pub fn of(table: &str) -> Option<&'static Holding> {
    HOLDINGS.iter().find(|holding| holding.table == table)
}

/// Tables about other things than one person, whose text is never searched for a person: what stands there was written about
/// companies, products, campaigns, staff, or by machines.
pub const SPARED: &[&str] = &[
    "api_token",
    "calendar_feed",
    "campaign",
    "campaign_link",
    "campaign_step",
    "category",
    "change",
    "change_reader",
    "change_set",
    "company",
    "consent_wording",
    "contact",
    "contact_block",
    "contact_link",
    "contact_merge_row",
    "erased_fingerprint",
    "erasure",
    "finding_day",
    "finding_run",
    "follower",
    "processing_note",
    "product",
    "purchase",
    "purchase_item",
    "purpose",
    "retention_rule",
    "retention_run",
    "setting",
    "staff_link",
    "staff_role",
    "staff_session",
    "staff_user",
    "task_lease",
    "tracking_source",
    "user_agent",
];

/// Tables of copies and queues: a row that names the person goes as a whole.
pub const PASSING: &[&str] = &["import_rejection", "notification", "repeated_request", "tracking_sight"];

/// Columns with words of ours, in tables so long that looking through them takes time.
pub const CODES: &[(&str, &[&str])] = &[
    ("interaction", &["channel", "kind", "currency", "verdict", "reasons"]),
    ("message", &["state", "reason", "owner"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contact_is_emptied_last() {
        assert_eq!(HOLDINGS.last().map(|holding| holding.table), Some("contact"));
    }

    #[test]
    fn a_table_is_named_once() {
        for (n, holding) in HOLDINGS.iter().enumerate() {
            assert!(HOLDINGS[n + 1..].iter().all(|other| other.table != holding.table), "{}", holding.table);
        }
    }
}

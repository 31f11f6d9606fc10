//! The catalogue: what is wrong, in SQL over a range of ids, and which figures it touches.

use crate::intake::postal;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Contact,
    Company,
    Purchase,
    Message,
    Import,
}

impl Subject {
    /// The table, whose ids are walked through.
    pub(super) fn table(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Company => "company",
            Self::Purchase => "purchase",
            Self::Message => "message",
            Self::Import => "import_run",
        }
    }
}

/// A rule. Its words are `quality-<code>`, `quality-<code>-why` and `quality-<code>-do`.
pub struct Rule {
    pub code: &'static str,
    pub subject: Subject,
    /// Codes of the figures of the overview that count such records.
    pub figures: &'static [&'static str],
    /// Whom it is about, an expression.
    pub(super) contact: &'static str,
    /// Two texts for [`Rule::check`], expressions.
    pub(super) texts: [&'static str; 2],
    /// Which records: `x` is the table; `{today}`, `{aged}` (120 years ago) and `{now}` are filled in.
    pub(super) condition: &'static str,
    /// What SQL cannot say: whether the two texts are wrong together.
    pub(super) check: Option<fn(&str, &str) -> bool>,
}

const NOTHING: [&str; 2] = ["CAST(NULL AS TEXT)", "CAST(NULL AS TEXT)"];

const fn of_contact(code: &'static str, figures: &'static [&'static str], condition: &'static str) -> Rule {
    Rule { code, subject: Subject::Contact, figures, contact: "x.id", texts: NOTHING, condition, check: None }
}

const fn of(subject: Subject, contact: &'static str, rule: Rule) -> Rule {
    Rule { subject, contact, ..rule }
}

/// All rules, the gravest first.
pub const RULES: &[Rule] = &[
    of_contact(
        "consent_without_proof",
        &["reach"],
        "x.archived_at IS NULL AND EXISTS (SELECT 1 FROM consent k WHERE k.contact_id = x.id AND k.current = 1 \
         AND k.granted = 1 AND k.source = 'double_opt_in' AND NOT EXISTS (SELECT 1 FROM consent_request r \
         WHERE r.consent_id = k.id AND r.confirmed_at IS NOT NULL))",
    ),
    of(
        Subject::Purchase,
        "x.contact_id",
        of_contact(
            "order_without_customer",
            &["revenue", "orders"],
            "x.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM contact c WHERE c.id = x.contact_id \
             AND c.archived_at IS NULL AND c.kind IN ('lead', 'prospect'))",
        ),
    ),
    of(
        Subject::Purchase,
        "x.contact_id",
        of_contact(
            "order_in_future",
            &["revenue", "orders"],
            "x.placed_at > {now} + 86400000000 AND EXISTS (SELECT 1 FROM contact c WHERE c.id = x.contact_id \
             AND c.archived_at IS NULL)",
        ),
    ),
    of(
        Subject::Message,
        "x.contact_id",
        of_contact(
            "click_before_send",
            &["open_rate", "click_rate", "interactions"],
            "x.sent_at IS NOT NULL AND EXISTS (SELECT 1 FROM contact c WHERE c.id = x.contact_id AND c.archived_at IS NULL) \
             AND EXISTS (SELECT 1 FROM interaction i WHERE i.message_id = x.id AND i.kind IN ('opened', 'clicked') \
             AND i.occurred_at < x.sent_at)",
        ),
    ),
    of_contact(
        "address_bounced",
        &["reach"],
        "x.archived_at IS NULL AND x.email_key IN (SELECT s.email_key FROM suppression s WHERE s.reason = 'hard_bounce')",
    ),
    of_contact(
        "consent_without_address",
        &["reach"],
        "x.archived_at IS NULL AND x.email IS NULL AND EXISTS (SELECT 1 FROM consent k WHERE k.contact_id = x.id \
         AND k.channel = 'email' AND k.current = 1 AND k.granted = 1)",
    ),
    of_contact(
        "address_shared",
        &["reach"],
        "x.archived_at IS NULL AND x.email_key IS NOT NULL AND EXISTS (SELECT 1 FROM contact o \
         WHERE o.email_key = x.email_key AND o.id <> x.id AND o.archived_at IS NULL)",
    ),
    of_contact("birth_in_future", &[], "x.archived_at IS NULL AND x.birth_date > '{today}'"),
    of_contact("impossible_age", &[], "x.archived_at IS NULL AND x.birth_date < '{aged}'"),
    Rule {
        texts: ["x.postal_code", "x.country"],
        check: Some(|code, country| postal::fits(code, country) == Some(false)),
        ..of_contact(
            "postal_code_of_another_country",
            &[],
            "x.archived_at IS NULL AND x.postal_code IS NOT NULL AND x.country IS NOT NULL",
        )
    },
    of(
        Subject::Company,
        "CAST(NULL AS BIGINT)",
        of_contact(
            "company_without_people",
            &[],
            "NOT EXISTS (SELECT 1 FROM contact c WHERE c.company_id = x.id AND c.archived_at IS NULL)",
        ),
    ),
    // The newest of a kind that came four times at least is overdue by more than twice the usual pause and a day.
    of(
        Subject::Import,
        "CAST(NULL AS BIGINT)",
        of_contact(
            "import_gap",
            &["revenue", "orders"],
            "x.id = (SELECT MAX(o.id) FROM import_run o WHERE o.kind = x.kind AND o.state = 'done') \
             AND (SELECT COUNT(*) FROM import_run o WHERE o.kind = x.kind AND o.state = 'done') >= 4 \
             AND {now} - x.finished_at > 86400000000 + 2 * (SELECT (MAX(o.finished_at) - MIN(o.finished_at)) \
             / NULLIF(COUNT(*) - 1, 0) FROM import_run o WHERE o.kind = x.kind AND o.state = 'done')",
        ),
    ),
];

/// A rule by its code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

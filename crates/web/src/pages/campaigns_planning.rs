//! Step 1 of a campaign: goal, audience, cost and the mail itself, with a preview as a chosen person.

use super::{Choice, Frame, campaigns::CampaignHead};
use askama::Template;

/// What stands in the fields, exactly as typed: a save that is refused gives it back unchanged.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
#[serde(default)]
pub struct PlanForm {
    /// Version of the record the fields were filled from.
    pub version: String,
    pub name: String,
    /// `new_customers`, `win_back`, `cross_sell`, `loyalty`, `information`.
    pub goal: String,
    pub goal_text: String,
    pub target_bookings: String,
    pub segment: String,
    /// Amounts in major units as typed, e.g. `1.250,00`.
    pub fixed_cost: String,
    pub unit_cost: String,
    pub currency: String,
    /// Percent.
    pub margin: String,
    pub attribution_days: String,
    /// `1` when a control group is kept back.
    pub control: String,
    /// Percent.
    pub control_share: String,
    pub sender_name: String,
    pub sender_address: String,
    pub reply_to: String,
    pub subject: String,
    pub body: String,
}

pub const GOALS: [&str; 5] = ["new_customers", "win_back", "cross_sell", "loyalty", "information"];

/// A value a mail can hold, e.g. `contact.first_name`; inserted as `{{ contact.first_name }}`.
#[derive(Clone, Debug)]
pub struct MergeField {
    pub name: String,
    pub label: String,
}

/// What is wrong with one field: name of the field in `PlanForm` and the sentence.
#[derive(Clone, Debug)]
pub struct FieldError {
    pub field: &'static str,
    pub text: String,
}

/// Somebody else saved in between: what is stored now, beside what was typed.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Who saved, when; in words.
    pub by: String,
    pub version: String,
    /// Only fields that differ.
    pub fields: Vec<Difference>,
}

#[derive(Clone, Debug)]
pub struct Difference {
    pub label: String,
    pub theirs: String,
    pub mine: String,
}

/// `GET /kampagnen/{id}/planung`; the form posts there. `POST /kampagnen/{id}/vorschau` answers a `PreviewFragment`.
#[derive(Template)]
#[template(path = "campaigns_planning.html")]
pub struct PlanningPage {
    pub frame: Frame,
    pub head: CampaignHead,
    pub form: PlanForm,
    pub errors: Vec<FieldError>,
    pub conflict: Option<Conflict>,
    pub segments: Vec<Choice>,
    /// How many the chosen segment holds, in words; empty when none is chosen.
    pub segment_note: String,
    pub merge_fields: Vec<MergeField>,
    /// People the preview can be shown as.
    pub people: Vec<Choice>,
    pub preview: Preview,
    /// False once approved: fields are shown, not changed.
    pub editable: bool,
}

impl PlanningPage {
    fn error(&self, field: &str) -> &str {
        self.errors.iter().find(|e| e.field == field).map_or("", |e| e.text.as_str())
    }

    fn goals(&self) -> Vec<Choice> {
        let one = |goal: &&str| {
            let label = self.frame.say(&format!("campaign-goal-{}", goal.replace('_', "-")));
            Choice { value: (*goal).to_owned(), label, chosen: self.form.goal == **goal }
        };
        GOALS.iter().map(one).collect()
    }

    fn merge_text(&self, field: &MergeField) -> String {
        format!("{{{{ {} }}}}", field.name)
    }

    fn controlled(&self) -> bool {
        self.form.control == "1"
    }
}

/// A mail as one person would get it, or why it cannot be shown.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    pub subject: String,
    /// Whole HTML document; shown in a frame that may do nothing.
    pub html: String,
    pub text: String,
    /// Sentence in place of the mail; empty when there is one.
    pub trouble: String,
    /// Values this person lacks, by label.
    pub missing: Vec<String>,
}

/// Answer of `POST /kampagnen/{id}/vorschau` (fields of `PlanForm` and `person`).
#[derive(Template)]
#[template(path = "campaigns_preview.html")]
pub struct PreviewFragment {
    pub frame: Frame,
    pub preview: Preview,
}

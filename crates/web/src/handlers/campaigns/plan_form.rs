//! The planning form: what stands in its fields for a campaign, and what somebody means by what they typed.

use crate::pages::campaigns_planning::{Difference, FieldError, PlanForm};
use crm::{
    Complaint, Refusal,
    planning::{Campaign, Content, Goal, Plan},
};
use kernel::{Currency, Locale, Money, SegmentId, Sentence, sentence::say};

/// Millionths of a percent point.
const PERCENT: i64 = 10_000;

/// The fields as they stand for a stored campaign.
pub fn filled(campaign: &Campaign, locale: Locale) -> PlanForm {
    let (plan, content) = (&campaign.plan, &campaign.step.content);
    PlanForm {
        version: campaign.version.to_string(),
        name: plan.name.clone(),
        goal: plan.goal.code().to_owned(),
        goal_text: plan.goal_text.clone(),
        target_bookings: plan.target_orders.map(|n| n.to_string()).unwrap_or_default(),
        segment: plan.segment.map(|id| id.to_string()).unwrap_or_default(),
        fixed_cost: amount(plan.fixed_cost_minor, plan.currency, locale),
        unit_cost: amount(plan.unit_cost_minor, plan.currency, locale),
        currency: plan.currency.code().to_owned(),
        margin: percent(plan.margin_ppm, locale),
        attribution_days: plan.attribution_days.to_string(),
        control: if plan.control_ppm > 0 { "1".to_owned() } else { String::new() },
        control_share: if plan.control_ppm > 0 { percent(plan.control_ppm, locale) } else { "10".to_owned() },
        sender_name: content.from_name.clone(),
        sender_address: content.from_address.clone(),
        reply_to: content.reply_to.clone().unwrap_or_default(),
        subject: content.subject.clone(),
        body: content.body.clone(),
    }
}

/// What the fields mean; otherwise every complaint, named by the field of the form.
pub fn read(form: &PlanForm, locale: Locale) -> Result<(Plan, Content), Vec<Complaint>> {
    let mut complaints = Vec::new();
    let currency = Currency::parse(&form.currency).unwrap_or_default();
    let mut value = |field: &str, read: Option<i64>, key: &'static str| {
        read.unwrap_or_else(|| {
            let sentence = Sentence::new(key);
            complaints.push(Complaint { field: field.to_owned(), code: "unreadable", sentence });
            0
        })
    };
    let whole = |text: &str| text.trim().replace(['.', ',', ' ', '\u{a0}'], "").parse::<i64>().ok();
    let target = match form.target_bookings.trim() {
        "" => None,
        text => Some(value("target_bookings", whole(text), "planning-target-out-of-range")),
    };
    let money = |text: &str| match text.trim() {
        "" => Some(0),
        text => Money::parse(text, locale.decimal(), currency).map(|money| money.minor),
    };
    let fixed_cost_minor = value("fixed_cost", money(&form.fixed_cost), "campaign-amount-unreadable");
    let unit_cost_minor = value("unit_cost", money(&form.unit_cost), "campaign-amount-unreadable");
    let margin_ppm = value("margin", ppm(&form.margin), "campaign-percent-unreadable");
    let attribution_days =
        value("attribution_days", form.attribution_days.trim().parse().ok(), "planning-attribution-out-of-range");
    let control_ppm = match form.control.as_str() {
        "1" => value("control_share", ppm(&form.control_share), "campaign-percent-unreadable"),
        _ => 0,
    };
    let segment = match form.segment.trim() {
        "" => None,
        text => Some(SegmentId(value("segment", text.parse().ok(), "planning-segment-missing"))),
    };
    let plan = Plan {
        name: form.name.clone(),
        goal: Goal::parse(&form.goal).unwrap_or(Goal::Information),
        goal_text: form.goal_text.clone(),
        target_orders: target,
        segment,
        fixed_cost_minor,
        unit_cost_minor,
        currency,
        margin_ppm,
        attribution_days,
        control_ppm,
    };
    let content = content(form);
    for refused in [plan.clone().checked().err(), content.clone().checked().err()].into_iter().flatten() {
        if let Refusal::Invalid(more) = refused {
            let known: Vec<String> = complaints.iter().map(|c| c.field.clone()).collect();
            let more = more.into_iter().map(renamed).filter(|c| !known.contains(&c.field));
            complaints.extend(more);
        }
    }
    if complaints.is_empty() { Ok((plan, content)) } else { Err(complaints) }
}

/// The mail as typed.
pub fn content(form: &PlanForm) -> Content {
    Content {
        from_name: form.sender_name.clone(),
        from_address: form.sender_address.clone(),
        reply_to: Some(form.reply_to.clone()).filter(|text| !text.trim().is_empty()),
        subject: form.subject.clone(),
        body: form.body.replace("\r\n", "\n"),
    }
}

/// The complaint with the form's name of its field.
fn renamed(complaint: Complaint) -> Complaint {
    let field = field(&complaint.field).to_owned();
    Complaint { field, ..complaint }
}

fn field(room: &str) -> &'static str {
    const FORM: [&str; 15] = [
        "name",
        "goal",
        "goal_text",
        "target_bookings",
        "segment",
        "fixed_cost",
        "unit_cost",
        "margin",
        "attribution_days",
        "control_share",
        "sender_name",
        "sender_address",
        "reply_to",
        "subject",
        "body",
    ];
    match room {
        "target_orders" => "target_bookings",
        "margin_rate" => "margin",
        "from_name" => "sender_name",
        "from_address" => "sender_address",
        other => FORM.into_iter().find(|name| *name == other).unwrap_or("name"),
    }
}

/// The sentences beside the fields; several about one field stand together.
pub fn errors(complaints: &[Complaint], locale: Locale) -> Vec<FieldError> {
    let mut errors: Vec<FieldError> = Vec::new();
    for complaint in complaints {
        let (field, text) = (field(&complaint.field), complaint.sentence.say(locale));
        match errors.iter_mut().find(|error| error.field == field) {
            Some(error) => error.text = format!("{} {text}", error.text),
            None => errors.push(FieldError { field, text }),
        }
    }
    errors
}

/// What differs between what is stored and what was typed.
pub fn differences(theirs: &PlanForm, mine: &PlanForm, locale: Locale) -> Vec<Difference> {
    let pairs = [
        ("campaign-name", &theirs.name, &mine.name),
        ("campaign-goal", &theirs.goal, &mine.goal),
        ("campaign-goal-text", &theirs.goal_text, &mine.goal_text),
        ("campaign-target", &theirs.target_bookings, &mine.target_bookings),
        ("campaign-segment", &theirs.segment, &mine.segment),
        ("campaign-fixed-cost", &theirs.fixed_cost, &mine.fixed_cost),
        ("campaign-unit-cost", &theirs.unit_cost, &mine.unit_cost),
        ("campaign-margin", &theirs.margin, &mine.margin),
        ("campaign-attribution", &theirs.attribution_days, &mine.attribution_days),
        ("campaign-control-share", &theirs.control_share, &mine.control_share),
        ("campaign-sender-name", &theirs.sender_name, &mine.sender_name),
        ("campaign-sender-address", &theirs.sender_address, &mine.sender_address),
        ("campaign-reply-to", &theirs.reply_to, &mine.reply_to),
        ("campaign-subject", &theirs.subject, &mine.subject),
        ("campaign-body", &theirs.body, &mine.body),
    ];
    let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    pairs
        .into_iter()
        .filter(|(_, theirs, mine)| plain(theirs) != plain(mine))
        .map(|(key, theirs, mine)| Difference {
            label: say(locale, key, None),
            theirs: theirs.clone(),
            mine: mine.clone(),
        })
        .collect()
}

/// `1.250,00` / `1,250.00`: an amount as it is typed.
fn amount(minor: i64, currency: Currency, locale: Locale) -> String {
    let (scale, places) = (10_i64.pow(currency.places()), currency.places() as usize);
    match places {
        0 => minor.to_string(),
        _ => format!("{}{}{:0places$}", locale.count(minor / scale), locale.decimal(), minor % scale),
    }
}

/// `22` or `12,5`: millionths as percent.
fn percent(ppm: i64, locale: Locale) -> String {
    let fraction = format!("{:04}", ppm % PERCENT);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { String::new() } else { locale.decimal().to_string() };
    format!("{}{point}{fraction}", ppm / PERCENT)
}

/// Reads a percentage, German or English: `22`, `12,5`, `12.5 %`; at most four decimal places.
fn ppm(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '%' && *c != '\u{a0}').collect();
    let (whole, fraction) = text.split_once([',', '.']).unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || fraction.len() > 4 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let fraction: i64 = format!("{fraction:0<4}").parse().ok()?;
    Some(whole * PERCENT + fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_as_people_write_them() {
        assert_eq!(ppm("22"), Some(220_000));
        assert_eq!(ppm("12,5 %"), Some(125_000));
        assert_eq!(ppm("0.25%"), Some(2_500));
        for text in ["", "zehn", "1,23456", "-3", "1,2,3", "%"] {
            assert_eq!(ppm(text), None, "{text}");
        }
        assert_eq!(percent(125_000, Locale::De), "12,5");
        assert_eq!(percent(1_000_000, Locale::En), "100");
        assert_eq!(percent(2_500, Locale::En), "0.25");
    }

    #[test]
    fn amounts_are_given_back_as_they_can_be_typed() {
        assert_eq!(amount(125_000, Currency::EUR, Locale::De), "1.250,00");
        assert_eq!(amount(2, Currency::EUR, Locale::En), "0.02");
    }

    #[test]
    fn everything_that_does_not_fit_is_said_beside_its_field() {
        let form = PlanForm {
            fixed_cost: "viel".into(),
            margin: "250".into(),
            attribution_days: "30".into(),
            sender_address: "post@".into(),
            ..PlanForm::default()
        };
        let fields: Vec<&str> =
            errors(&read(&form, Locale::De).unwrap_err(), Locale::De).iter().map(|error| error.field).collect();
        assert_eq!(fields, ["fixed_cost", "name", "margin", "sender_address"]);
    }
}

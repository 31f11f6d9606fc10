//! Entering and changing a contact: complaints beside the fields, and both states where somebody else was faster.

use super::{find, kind_name};
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    pages::{
        Banner, Choice, Place,
        contact_form::{Conflict, ContactFields, ContactFormPage},
        draw,
    },
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    Complaint, Refusal,
    customers::{self, Contact, ContactDraft, ContactKind},
    intake::country,
    staff::Right,
};
use kernel::{ContactId, Currency, Locale, Money, Sentence, sentence::say};
use std::collections::BTreeMap;

/// Names of the fields of the form with what they are called.
const FIELDS: [(&str, &str); 18] = [
    ("number", "contacts-number"),
    ("kind", "contacts-kind"),
    ("salutation", "contacts-salutation"),
    ("title", "contacts-academic"),
    ("first_name", "contacts-first-name"),
    ("last_name", "contacts-last-name"),
    ("birth_date", "contacts-birth"),
    ("language", "contacts-language"),
    ("email", "contacts-email"),
    ("phone", "contacts-phone"),
    ("street", "contacts-street"),
    ("postal_code", "contacts-postal-code"),
    ("city", "contacts-city"),
    ("country", "contacts-country"),
    ("company", "contacts-company"),
    ("industry", "contacts-industry"),
    ("source", "contacts-source"),
    ("budget", "contacts-budget"),
];

/// What stands in the form, by the names of its fields.
type Typed = BTreeMap<&'static str, String>;

pub async fn blank(desk: Desk) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let typed = of(&ContactDraft { kind: "prospect".to_owned(), ..ContactDraft::default() }, desk.locale);
    Ok(page(&desk, None, 0, &typed, Remarks::default(), StatusCode::OK))
}

pub async fn edit(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let contact = find(&desk, id).await?;
    let typed = of(&ContactDraft::from(&contact), desk.locale);
    Ok(page(&desk, Some(id), contact.version, &typed, Remarks::default(), StatusCode::OK))
}

pub async fn create(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let typed = typed(&fields);
    let written = match draft(&typed, desk.locale, Currency::EUR) {
        Ok(draft) => write(&desk, None, draft).await,
        Err(refusal) => Err(refusal.into()),
    };
    match written {
        Ok(contact) => Ok(Redirect::to(&format!("/kontakte/{}?da=neu", contact.id)).into_response()),
        Err(Trouble::Refusal(Refusal::Invalid(wrong))) => {
            Ok(page(&desk, None, 0, &typed, Remarks::of(&wrong, desk.locale), StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other),
    }
}

pub async fn save(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let (before, typed) = (find(&desk, id).await?, typed(&fields));
    let version = fields.get("version").parse().unwrap_or(0);
    let currency = before.budget_currency.as_deref().and_then(Currency::parse).unwrap_or_default();
    let written = match draft(&typed, desk.locale, currency) {
        Ok(draft) => write(&desk, Some((id, version)), draft).await,
        Err(refusal) => Err(refusal.into()),
    };
    match written {
        Ok(_) => Ok(Redirect::to(&format!("/kontakte/{id}?da=gespeichert")).into_response()),
        Err(Trouble::Refusal(Refusal::Invalid(wrong))) => {
            let remarks = Remarks::of(&wrong, desk.locale);
            Ok(page(&desk, Some(id), version, &typed, remarks, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(Trouble::Refusal(Refusal::Stale)) => {
            let theirs = find(&desk, id).await?;
            let conflicts = conflicts(&typed, &of(&ContactDraft::from(&theirs), desk.locale), desk.locale);
            let remarks = Remarks { conflicts, ..Remarks::default() };
            Ok(page(&desk, Some(id), theirs.version, &typed, remarks, StatusCode::CONFLICT))
        }
        Err(other) => Err(other),
    }
}

async fn write(desk: &Desk, existing: Option<(i64, i64)>, draft: ContactDraft) -> Answer<Contact> {
    let (now, unit) = (desk.now(), desk.db.write().await?);
    let today = desk.zone.day(now);
    let contact = match existing {
        Some((id, version)) => {
            customers::edit_contact(&unit, &desk.actor, ContactId(id), version, draft, now, today).await?
        }
        None => customers::create_contact(&unit, &desk.actor, draft, now, today).await?,
    };
    unit.save().await?;
    Ok(contact)
}

fn typed(fields: &Fields) -> Typed {
    FIELDS.iter().map(|(name, _)| (*name, fields.get(name).to_owned())).collect()
}

fn at<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

/// A draft as the form writes it.
fn of(draft: &ContactDraft, locale: Locale) -> Typed {
    let budget = draft.budget_minor.map(|minor| {
        let scale = 10_i64.pow(draft.budget_currency.places());
        let sign = if locale == Locale::De { ',' } else { '.' };
        match (locale.count(minor / scale), minor % scale) {
            (whole, 0) => whole,
            (whole, rest) => format!("{whole}{sign}{rest:0places$}", places = draft.budget_currency.places() as usize),
        }
    });
    let values = [
        &draft.number,
        &draft.kind,
        &draft.salutation,
        &draft.title,
        &draft.first_name,
        &draft.last_name,
        &draft.birth_date,
        &draft.language,
        &draft.email,
        &draft.phone,
        &draft.street,
        &draft.postal_code,
        &draft.city,
        &draft.country,
        &draft.company,
        &draft.industry,
        &draft.source,
        &budget.unwrap_or_default(),
    ];
    FIELDS.iter().zip(values).map(|((name, _), value)| (*name, value.clone())).collect()
}

fn draft(typed: &Typed, locale: Locale, currency: Currency) -> Result<ContactDraft, Refusal> {
    let text = |name: &str| at(typed, name).to_owned();
    let budget = at(typed, "budget").trim();
    let decimal = if locale == Locale::De { ',' } else { '.' };
    let minor = match budget {
        "" => None,
        written => Some(
            Money::parse(written, decimal, currency)
                .map(|money| money.minor)
                .ok_or_else(|| Refusal::field("budget_minor", "money", Sentence::new("customers-not-a-budget")))?,
        ),
    };
    Ok(ContactDraft {
        number: text("number"),
        kind: text("kind"),
        salutation: text("salutation"),
        title: text("title"),
        first_name: text("first_name"),
        last_name: text("last_name"),
        birth_date: text("birth_date"),
        email: text("email"),
        phone: text("phone"),
        street: text("street"),
        postal_code: text("postal_code"),
        city: text("city"),
        country: text("country"),
        company: text("company"),
        industry: text("industry"),
        language: text("language"),
        source: text("source"),
        budget_minor: minor,
        budget_currency: currency,
    })
}

/// Where the form differs from what is stored now.
fn conflicts(mine: &Typed, theirs: &Typed, locale: Locale) -> Vec<Conflict> {
    let differing = FIELDS.iter().filter(|(name, _)| at(mine, name).trim() != at(theirs, name).trim());
    let conflict = |(name, label): &(&str, &str)| Conflict {
        label: say(locale, label, None),
        mine: at(mine, name).to_owned(),
        theirs: at(theirs, name).to_owned(),
    };
    differing.map(conflict).collect()
}

/// What is said around the form.
#[derive(Default)]
struct Remarks {
    errors: BTreeMap<&'static str, String>,
    notice: Option<Banner>,
    conflicts: Vec<Conflict>,
}

impl Remarks {
    /// Each complaint beside its field; what has no field of its own stands above the form.
    fn of(wrong: &[Complaint], locale: Locale) -> Self {
        let mut remarks = Self::default();
        for complaint in wrong {
            let told = if complaint.field == "budget_minor" { "budget" } else { complaint.field.as_str() };
            let said = complaint.sentence.say(locale);
            // Selects and the company have no line for a complaint.
            let shown = FIELDS
                .iter()
                .find(|(name, _)| *name == told && !matches!(*name, "kind" | "salutation" | "language" | "company"));
            match shown {
                Some((name, _)) => drop(remarks.errors.entry(name).or_insert(said)),
                None => remarks.notice = Some(Banner::bad(said, "")),
            }
        }
        remarks
    }
}

fn page(desk: &Desk, id: Option<i64>, version: i64, typed: &Typed, remarks: Remarks, status: StatusCode) -> Response {
    let locale = desk.locale;
    let text = |name: &str| at(typed, name).to_owned();
    let chosen = |name: &str, value: &str, label: String| Choice::new(value, label, at(typed, name) == value);
    let word = |name: &str, value: &str, key: &str| chosen(name, value, say(locale, key, None));
    let home = id.map_or_else(|| "/kontakte".to_owned(), |id| format!("/kontakte/{id}"));
    let title = say(locale, if id.is_some() { "contacts-edit" } else { "contacts-new" }, None);
    let page = ContactFormPage {
        frame: desk.frame().at(Place::Contacts, title),
        is_new: id.is_none(),
        action: if id.is_some() { format!("{home}/bearbeiten") } else { "/kontakte/neu".to_owned() },
        back: home,
        fields: ContactFields {
            number: text("number"),
            title: text("title"),
            first_name: text("first_name"),
            last_name: text("last_name"),
            birth_date: text("birth_date"),
            email: text("email"),
            phone: text("phone"),
            street: text("street"),
            postal_code: text("postal_code"),
            city: text("city"),
            company: text("company"),
            industry: text("industry"),
            source: text("source"),
            budget: text("budget"),
            version,
        },
        kinds: ContactKind::ALL.iter().map(|k| chosen("kind", k.code(), kind_name(k.code(), locale))).collect(),
        salutations: [("", "none"), ("ms", "ms"), ("mr", "mr"), ("mx", "mx")]
            .map(|(value, key)| word("salutation", value, &format!("contacts-salutation-{key}")))
            .into(),
        languages: languages(at(typed, "language"), word),
        countries: countries(at(typed, "country"), locale),
        errors: remarks.errors,
        notice: remarks.notice,
        conflicts: remarks.conflicts,
        companies: Vec::new(),
    };
    draw(status, &page)
}

/// All countries by name; what is stored otherwise stays.
fn countries(now: &str, locale: Locale) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", say(locale, "contacts-country-none", None), now.is_empty())];
    choices.extend(country::all(locale).into_iter().map(|(code, name)| Choice::new(code, name, code == now)));
    if !choices.iter().any(|choice| choice.chosen) {
        choices.push(Choice::new(now, now, true));
    }
    choices
}

/// The languages we can write in; another one that is stored stays.
fn languages(now: &str, word: impl Fn(&str, &str, &str) -> Choice) -> Vec<Choice> {
    let known = [("", "contacts-language-none"), ("de", "contacts-language-de"), ("en", "contacts-language-en")];
    let mut choices: Vec<Choice> = known.iter().map(|(value, key)| word("language", value, key)).collect();
    if !known.iter().any(|(value, _)| *value == now) {
        choices.push(Choice::new(now, now, true));
    }
    choices
}

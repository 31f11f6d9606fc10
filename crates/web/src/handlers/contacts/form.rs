//! Entering and changing a contact: complaints beside the fields, and both states where somebody else was faster.

use super::{card, find, kind_name, own, past, points};
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    pages::{
        Banner, Choice, Place,
        contact_card::CardNotes,
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
    customers::{self, Attribute, ContactDraft, ContactKind},
    intake::{country, phone},
    staff::{Right, User, users},
};
use kernel::{ContactId, Currency, Locale, Money, Sentence, sentence::say};
use std::collections::BTreeMap;

/// Names of the fields of the form with what they are called.
const FIELDS: [(&str, &str); 20] = [
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
    ("occupation", "contacts-occupation"),
    ("source", "contacts-source"),
    ("budget", "contacts-budget"),
    ("owner", "contacts-owner"),
];

/// What stands in the form, by the names of its fields.
pub(super) type Typed = BTreeMap<String, String>;

/// Name of the field the tags are typed into, with commas between them.
const TAGS: &str = "tags";

pub async fn blank(desk: Desk) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let draft = ContactDraft { kind: "prospect".to_owned(), ..ContactDraft::default() };
    let typed = of(&draft, &[], desk.locale);
    page(&desk, None, 0, &typed, Remarks::default(), StatusCode::OK).await
}

pub async fn edit(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let contact = find(&desk, id).await?;
    let typed = of(&ContactDraft::from(&contact), &known(&desk).await?, desk.locale);
    page(&desk, Some(id), contact.version, &typed, Remarks::default(), StatusCode::OK).await
}

pub async fn create(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let typed = typed(&fields);
    let written = match draft(&typed, &known(&desk).await?, desk.locale, Currency::EUR) {
        Ok(draft) => write(&desk, None, draft).await,
        Err(refusal) => Err(refusal.into()),
    };
    match written {
        Ok((id, set)) => {
            // Of several cards the next one follows at once.
            let next = card::filled(&desk, fields.get("rest").as_bytes()).await?;
            Ok(next.unwrap_or_else(|| Redirect::to(&format!("/kontakte/{id}?da=neu{set}")).into_response()))
        }
        Err(Trouble::Refusal(Refusal::Invalid(wrong))) => {
            let rest = fields.get("rest").to_owned();
            let card = fields.has("card").then(|| CardNotes { rest, ..CardNotes::default() });
            let remarks = Remarks { card, ..Remarks::of(&wrong, desk.locale) };
            page(&desk, None, 0, &typed, remarks, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other),
    }
}

pub async fn save(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let (before, typed) = (find(&desk, id).await?, typed(&fields));
    let version = fields.get("version").parse().unwrap_or(0);
    let currency = before.budget_currency.as_deref().and_then(Currency::parse).unwrap_or_default();
    let known = known(&desk).await?;
    let written = match draft(&typed, &known, desk.locale, currency) {
        Ok(draft) => write(&desk, Some((id, version)), draft).await,
        Err(refusal) => Err(refusal.into()),
    };
    match written {
        Ok((_, set)) => Ok(Redirect::to(&format!("/kontakte/{id}?da=gespeichert{set}")).into_response()),
        Err(Trouble::Refusal(Refusal::Invalid(wrong))) => {
            let remarks = Remarks::of(&wrong, desk.locale);
            page(&desk, Some(id), version, &typed, remarks, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Trouble::Refusal(Refusal::Stale)) => {
            let theirs = find(&desk, id).await?;
            let conflicts =
                conflicts(&typed, &of(&ContactDraft::from(&theirs), &known, desk.locale), &known, desk.locale);
            let remarks = Remarks { conflicts, ..Remarks::default() };
            page(&desk, Some(id), theirs.version, &typed, remarks, StatusCode::CONFLICT).await
        }
        Err(other) => Err(other),
    }
}

/// Answers the id, and the change as the end of an address whose toast can take it back.
async fn write(desk: &Desk, existing: Option<(i64, i64)>, draft: ContactDraft) -> Answer<(i64, String)> {
    let (now, unit) = (desk.now(), desk.db.write().await?);
    let today = desk.zone.day(now);
    let contact = match existing {
        Some((id, version)) => {
            customers::edit_contact(&unit, &desk.actor, ContactId(id), version, draft, now, today).await?
        }
        None => customers::create_contact(&unit, &desk.actor, draft, now, today).await?,
    };
    let set = past::newest(&unit, contact.id).await?;
    unit.save().await?;
    Ok((contact.id, set))
}

async fn known(desk: &Desk) -> Answer<Vec<Attribute>> {
    Ok(customers::attributes(&desk.db.read().await?, true).await?)
}

fn typed(fields: &Fields) -> Typed {
    let master = FIELDS.iter().map(|(name, _)| *name).chain([TAGS]);
    let own = fields
        .0
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| name.starts_with(own::PREFIX) || name.starts_with(points::PREFIX));
    master.chain(own).map(|name| (name.to_owned(), fields.get(name).to_owned())).collect()
}

fn at<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

/// A draft as the form writes it.
pub(super) fn of(draft: &ContactDraft, known: &[Attribute], locale: Locale) -> Typed {
    let budget = draft.budget_minor.map(|minor| {
        let scale = 10_i64.pow(draft.budget_currency.places());
        let sign = locale.decimal();
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
        &phone::international(&draft.phone),
        &draft.street,
        &draft.postal_code,
        &draft.city,
        &draft.country,
        &draft.company,
        &draft.industry,
        &draft.occupation,
        &draft.source,
        &budget.unwrap_or_default(),
        &draft.owner_id.map_or_else(String::new, |id| id.to_string()),
    ];
    let mut typed: Typed =
        FIELDS.iter().zip(values).map(|((name, _), value)| ((*name).to_owned(), value.clone())).collect();
    typed.insert(TAGS.to_owned(), draft.tags.iter().map(String::as_str).collect::<Vec<_>>().join(", "));
    points::write(&draft.points, &mut typed);
    for own in known {
        if let Some(value) = draft.attributes.get(&own.key) {
            typed.insert(own::name(own), own::written(own, value, locale));
        }
    }
    typed
}

fn draft(typed: &Typed, known: &[Attribute], locale: Locale, currency: Currency) -> Result<ContactDraft, Refusal> {
    let text = |name: &str| at(typed, name).to_owned();
    let budget = at(typed, "budget").trim();
    let decimal = locale.decimal();
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
        occupation: text("occupation"),
        language: text("language"),
        source: text("source"),
        budget_minor: minor,
        budget_currency: currency,
        owner_id: text("owner").parse().ok(),
        attributes: known
            .iter()
            .map(|own| (own.key.clone(), own::read(own, at(typed, &own::name(own)), locale)))
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        tags: at(typed, TAGS).split(',').map(str::to_owned).collect(),
        points: points::read(typed),
    })
}

/// Where the form differs from what is stored now.
fn conflicts(mine: &Typed, theirs: &Typed, known: &[Attribute], locale: Locale) -> Vec<Conflict> {
    let master = FIELDS.iter().copied().chain([(TAGS, "contacts-tags")]);
    let named = master.map(|(name, label)| (name.to_owned(), say(locale, label, None)));
    let own = known.iter().map(|own| (own::name(own), own.label(locale).to_owned()));
    let differing = named.chain(own).filter(|(name, _)| at(mine, name).trim() != at(theirs, name).trim());
    let conflict = |(name, label): (String, String)| Conflict {
        label,
        mine: at(mine, &name).to_owned(),
        theirs: at(theirs, &name).to_owned(),
    };
    let mut conflicts: Vec<Conflict> = differing.map(conflict).collect();
    let ways = |typed: &Typed| {
        let said: Vec<String> = points::read(typed).iter().map(|point| points::said(point, locale)).collect();
        said.join("; ")
    };
    let (mine, theirs) = (ways(mine), ways(theirs));
    if mine != theirs {
        conflicts.push(Conflict { label: say(locale, "contacts-form-points", None), mine, theirs });
    }
    conflicts
}

/// What looks wrong in the form and may stay.
fn hints(typed: &Typed, locale: Locale) -> BTreeMap<String, String> {
    let text = |name: &str| at(typed, name).to_owned();
    let seen = ContactDraft {
        phone: text("phone"),
        postal_code: text("postal_code"),
        country: text("country"),
        ..ContactDraft::default()
    };
    seen.doubts().into_iter().map(|doubt| (doubt.field, doubt.sentence.say(locale))).collect()
}

/// What is said around the form.
#[derive(Default)]
pub(super) struct Remarks {
    pub card: Option<CardNotes>,
    pub errors: BTreeMap<&'static str, String>,
    /// By the keys of the house's own attributes.
    pub own: BTreeMap<String, String>,
    /// By their position and part, `points.0.text`.
    pub points: BTreeMap<String, String>,
    pub notice: Option<Banner>,
    pub conflicts: Vec<Conflict>,
}

impl Remarks {
    /// Each complaint beside its field; what has no field of its own stands above the form.
    fn of(wrong: &[Complaint], locale: Locale) -> Self {
        let mut remarks = Self::default();
        for complaint in wrong {
            let told = match complaint.field.as_str() {
                "budget_minor" => "budget",
                "owner_id" => "owner",
                field => field,
            };
            let said = complaint.sentence.say(locale);
            if let Some(key) = complaint.field.strip_prefix("attributes.") {
                remarks.own.entry(key.to_owned()).or_insert(said);
                continue;
            }
            if complaint.field.starts_with("points.") {
                remarks.points.insert(complaint.field.clone(), said);
                continue;
            }
            // Selects and the company have no line for a complaint.
            let shown = FIELDS.iter().find(|(name, _)| {
                *name == told && !matches!(*name, "kind" | "salutation" | "language" | "company" | "owner")
            });
            match shown {
                Some((name, _)) => drop(remarks.errors.entry(name).or_insert(said)),
                None => remarks.notice = Some(Banner::bad(said, "")),
            }
        }
        remarks
    }
}

pub(super) async fn page(
    desk: &Desk,
    id: Option<i64>,
    version: i64,
    typed: &Typed,
    remarks: Remarks,
    status: StatusCode,
) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let (staff, known) = (users::list(&rows).await?, customers::attributes(&rows, true).await?);
    let tags = customers::tags(&rows).await?.into_iter().map(|tag| tag.name).collect();
    drop(rows);
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
            occupation: text("occupation"),
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
        own: own::fields(&known, typed, &remarks.own, locale),
        points: points::rows(typed, &remarks.points, locale),
        tags: text(TAGS),
        known_tags: tags,
        owners: owners(at(typed, "owner"), staff, locale),
        hints: hints(typed, locale),
        errors: remarks.errors,
        notice: remarks.notice,
        conflicts: remarks.conflicts,
        card: remarks.card,
        companies: Vec::new(),
    };
    Ok(draw(status, &page))
}

/// Those who work here by name; whoever does not any more stays where they are entered.
fn owners(now: &str, staff: Vec<User>, locale: Locale) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", say(locale, "contacts-owner-none", None), now.is_empty())];
    let open = staff.into_iter().filter(|user| user.active || user.id.to_string() == now);
    choices.extend(open.map(|user| {
        let id = user.id.to_string();
        let chosen = id == now;
        Choice::new(id, user.name, chosen)
    }));
    choices
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

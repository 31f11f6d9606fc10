//! A person's own page: what is kept to reach them and what they want to be written about. GET shows, because programs that
//! check links follow them, too; only the buttons do something.

use super::{tracking::later, unsubscribing};
use crate::{
    door::{Address, Answer, House, Trouble},
    handlers::contacts::own,
    pages::{contact_form::OwnField, draw},
};
use askama::Template;
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use crm::{
    Refusal,
    customers::ContactDraft,
    execution::hint,
    intake::country,
    privacy::preferences::{self, AskConfirmation, FIELDS, Permission, Preferences, Said},
};
use kernel::{Locale, Sentence};
use std::collections::BTreeMap;

/// The page; its form posts `aktion` (`speichern`, `widersprechen`, `schicken`) to the same address.
#[derive(Template)]
#[template(path = "preferences.html")]
struct PreferencesPage {
    locale: Locale,
    organisation: String,
    head: String,
    text: String,
    notice: String,
    trouble: bool,
    /// Whether data is shown.
    personal: bool,
    version: i64,
    address: String,
    fields: Vec<OwnField>,
    interests: Vec<OwnField>,
    permissions: Vec<PermissionLine>,
    note: String,
}

impl PreferencesPage {
    fn say(&self, key: &'static str) -> String {
        Sentence::new(key).with("address", &self.address).say(self.locale)
    }
}

struct PermissionLine {
    name: String,
    label: String,
    wording: String,
    granted: bool,
}

/// What is told above the form, and what was typed into it.
#[derive(Default)]
struct Told {
    notice: Option<&'static str>,
    sent: Option<BTreeMap<String, String>>,
    /// By field.
    errors: BTreeMap<String, String>,
}

/// The token in the link of a test mail.
const TRIAL: &str = "test";

/// `GET /p/<token>`
pub async fn page(State(house): State<House>, Path(token): Path<String>) -> Answer<Response> {
    if token == TRIAL {
        let locale = house.mail.locale;
        let [head, text] =
            ["preferences-head", "preferences-trial"].map(|key| kernel::sentence::say(locale, key, None));
        return Ok(unsubscribing::show(&house, locale, head, text, None));
    }
    let rows = house.db.read().await.map_err(later)?;
    let tokens = house.mailroom().tokens();
    let found = preferences::opened(&rows, &house.seal, &tokens, &token, house.now()).await.map_err(later)?;
    Ok(show(&house, StatusCode::OK, &found.ok_or(Trouble::MISSING)?, Told::default()))
}

/// `POST /p/<token>`
pub async fn act(
    State(house): State<House>,
    address: Address,
    Path(token): Path<String>,
    body: Bytes,
) -> Answer<Response> {
    let sent: BTreeMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let (seal, tokens, now) = (&house.seal, house.mailroom().tokens(), house.now());
    let unit = house.db.write().await.map_err(later)?;
    let shown = preferences::opened(&unit, seal, &tokens, &token, now).await.map_err(later)?;
    let shown = shown.ok_or(Trouble::MISSING)?;
    let (told, outcome) = match sent.get("aktion").map_or("", String::as_str) {
        "widersprechen" => {
            preferences::object(&unit, &shown, now).await.map_err(later)?;
            (Told { notice: Some("preferences-objected"), ..Told::default() }, Ok(()))
        }
        "schicken" => {
            // Whoever was asked a moment ago gets no second mail, and is told the same.
            let asked = match preferences::ask_for_oneself(&unit, &shown, now).await {
                Err(crm::Trouble::Refusal(Refusal::State(_))) => Ok(()),
                other => other,
            };
            (Told { notice: Some("preferences-sent"), ..Told::default() }, asked)
        }
        _ => {
            let said = said(&shown, &sent, house.mail.locale);
            let answered = preferences::answer(&unit, &shown, &said, &address.0, &house.zone, now).await;
            (Told { notice: Some("preferences-saved"), sent: Some(sent), ..Told::default() }, answered)
        }
    };
    match outcome {
        Ok(()) => {
            unit.save().await.map_err(later)?;
            house.nudge.wake(AskConfirmation::NAME);
            let rows = house.db.read().await.map_err(later)?;
            let now_so = preferences::opened(&rows, seal, &tokens, &token, now).await.map_err(later)?;
            let told = Told { sent: None, ..told };
            Ok(show(&house, StatusCode::OK, &now_so.ok_or(Trouble::MISSING)?, told))
        }
        Err(crm::Trouble::Refusal(Refusal::Invalid(complaints))) => {
            let locale = shown.contact.locale(house.mail.locale);
            let errors = complaints.into_iter().map(|one| (one.field, one.sentence.say(locale))).collect();
            let told = Told { notice: Some("preferences-wrong"), errors, ..told };
            Ok(show(&house, StatusCode::UNPROCESSABLE_ENTITY, &shown, told))
        }
        Err(crm::Trouble::Refusal(Refusal::Stale)) => {
            let told = Told { notice: Some("preferences-stale"), ..Told::default() };
            Ok(show(&house, StatusCode::CONFLICT, &shown, told))
        }
        Err(other) => Err(other.into()),
    }
}

fn said(shown: &Preferences, sent: &BTreeMap<String, String>, house: Locale) -> Said {
    let given = |name: &str| sent.get(name).cloned();
    Said {
        version: given("version").and_then(|text| text.parse().ok()).unwrap_or_default(),
        fields: FIELDS.iter().filter_map(|field| Some(((*field).to_owned(), given(field)?))).collect(),
        interests: shown
            .interests
            .iter()
            .filter_map(|one| {
                let typed = given(&own::name(one))?;
                Some((one.key.clone(), own::read(one, &typed, shown.contact.locale(house))))
            })
            .collect(),
        allowed: shown.permissions.iter().map(Permission::name).filter(|name| sent.contains_key(name)).collect(),
        note: given("note").unwrap_or_default().replace('\0', "").chars().take(2_000).collect(),
    }
}

fn show(house: &House, status: StatusCode, found: &Preferences, told: Told) -> Response {
    let locale = found.contact.locale(house.mail.locale);
    let organisation = house.mail.organisation.clone();
    let email = found.contact.email.clone().unwrap_or_default();
    let address = if found.personal { email } else { hint(&email) };
    let say = |key: &'static str| {
        Sentence::new(key).with("organisation", &organisation).with("address", &address).say(locale)
    };
    let page = PreferencesPage {
        locale,
        head: say("preferences-head"),
        text: say(if found.personal { "preferences-text" } else { "preferences-text-mail" }),
        notice: told.notice.map(say).unwrap_or_default(),
        trouble: status != StatusCode::OK,
        personal: found.personal,
        version: found.contact.version,
        fields: if found.personal { fields(found, &told, locale) } else { Vec::new() },
        interests: if found.personal { interests(found, &told, locale) } else { Vec::new() },
        permissions: permissions(found, &told, locale),
        note: told.sent.as_ref().and_then(|sent| sent.get("note").cloned()).unwrap_or_default(),
        organisation: organisation.clone(),
        address: address.clone(),
    };
    draw(status, &page)
}

fn fields(found: &Preferences, told: &Told, locale: Locale) -> Vec<OwnField> {
    let draft = ContactDraft::from(&found.contact);
    let typed = |field: &str| told.sent.as_ref().and_then(|sent| sent.get(field).cloned());
    let field = |field: &&'static str| {
        let (label, kept) = match *field {
            "title" => ("contacts-academic", draft.title.clone()),
            "first_name" => ("contacts-first-name", draft.first_name.clone()),
            "last_name" => ("contacts-last-name", draft.last_name.clone()),
            "phone" => ("contacts-phone", draft.phone.clone()),
            "street" => ("contacts-street", draft.street.clone()),
            "postal_code" => ("contacts-postal-code", draft.postal_code.clone()),
            "city" => ("contacts-city", draft.city.clone()),
            _ => ("contacts-country", country::name(&draft.country, locale).to_owned()),
        };
        OwnField {
            name: (*field).to_owned(),
            label: kernel::sentence::say(locale, label, None),
            kind: if *field == "phone" { "tel" } else { "text" },
            value: typed(field).unwrap_or(kept),
            choices: Vec::new(),
            hint: String::new(),
            error: told.errors.get(*field).cloned().unwrap_or_default(),
        }
    };
    FIELDS.iter().map(field).collect()
}

fn interests(found: &Preferences, told: &Told, locale: Locale) -> Vec<OwnField> {
    let values: BTreeMap<String, String> = found
        .interests
        .iter()
        .map(|one| {
            let typed = told.sent.as_ref().and_then(|sent| sent.get(&own::name(one)));
            let kept = found.contact.attributes.get(&one.key).map(|value| own::written(one, value, locale));
            (own::name(one), typed.cloned().or(kept).unwrap_or_default())
        })
        .collect();
    let errors: BTreeMap<String, String> = told
        .errors
        .iter()
        .filter_map(|(field, text)| Some((field.strip_prefix("attributes.")?.to_owned(), text.clone())))
        .collect();
    own::fields(&found.interests, &values, &errors, locale)
}

fn permissions(found: &Preferences, told: &Told, locale: Locale) -> Vec<PermissionLine> {
    // Through a mail of a campaign nothing can be granted.
    let shown = found.permissions.iter().filter(|one| found.personal || one.granted);
    let line = |one: &Permission| {
        let purpose = match locale {
            Locale::De => &one.purpose.label_de,
            Locale::En => &one.purpose.label_en,
        };
        let channel = kernel::sentence::say(locale, &format!("contact-channel-{}", one.channel), None);
        PermissionLine {
            name: one.name(),
            label: format!("{purpose}: {channel}"),
            wording: one.wording.as_ref().map(|wording| wording.text(locale).to_owned()).unwrap_or_default(),
            granted: told.sent.as_ref().map_or(one.granted, |sent| sent.contains_key(&one.name())),
        }
    };
    shown.map(line).collect()
}

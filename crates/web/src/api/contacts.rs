//! Contacts: the list, one person, making and changing them, what they consented to, what happened with them.

use super::{
    Document, Program,
    listing::{Params, cursor, instant, misfit, read_instant},
};
use crate::door::{Answer, Path, Trouble};
use axum::{Json, http::StatusCode};
use crm::{
    Refusal,
    customers::{
        self, Contact, ContactDraft, ContactQuery, Sort, Statement, contact_by_number, contact_page, find_contact,
    },
    interactions::{self, TimelineAt},
    staff::Right,
};
use kernel::{ContactId, Seq, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Rows;
use utoipa::ToSchema;

/// A contact.
#[derive(Serialize, ToSchema)]
pub struct ContactView {
    pub id: i64,
    /// Customer number.
    #[schema(example = "10014")]
    pub number: String,
    /// `lead`, `prospect`, `customer` or `former`.
    pub kind: String,
    /// Title and name; without one the company, the address or the number.
    pub display_name: String,
    pub salutation: Option<String>,
    pub title: Option<String>,
    pub first_name: String,
    pub last_name: String,
    pub birth_date: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub company: Option<String>,
    pub industry: Option<String>,
    pub occupation: Option<String>,
    pub language: Option<String>,
    pub source: Option<String>,
    pub budget_minor: Option<i64>,
    pub budget_currency: Option<String>,
    /// Id of the user who looks after the contact.
    pub owner_id: Option<i64>,
    pub created_at: String,
    pub updated_at: String,
    /// Counts changes; a change names the version it began from.
    pub version: i64,
}

impl From<Contact> for ContactView {
    fn from(contact: Contact) -> Self {
        Self {
            display_name: contact.display_name(),
            id: contact.id,
            number: contact.number,
            kind: contact.kind,
            salutation: contact.salutation,
            title: contact.title,
            first_name: contact.first_name,
            last_name: contact.last_name,
            birth_date: contact.birth_date,
            email: contact.email,
            phone: contact.phone,
            street: contact.street,
            postal_code: contact.postal_code,
            city: contact.city,
            country: contact.country,
            company: contact.company,
            industry: contact.industry,
            occupation: contact.occupation,
            language: contact.language,
            source: contact.source,
            budget_minor: contact.budget_minor,
            budget_currency: contact.budget_currency,
            owner_id: contact.owner_id,
            created_at: instant(contact.created_at),
            updated_at: instant(contact.updated_at),
            version: contact.version,
        }
    }
}

/// A contact in a list.
#[derive(Serialize, ToSchema)]
pub struct ContactLine {
    pub id: i64,
    pub number: String,
    pub kind: String,
    pub display_name: String,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub company: Option<String>,
    /// Consent to e-mail marketing; nothing when nobody asked.
    pub email_consent: Option<bool>,
    pub last_interaction_at: Option<String>,
    pub created_at: String,
}

#[derive(Serialize, ToSchema)]
pub struct ContactList {
    pub items: Vec<ContactLine>,
    /// `cursor` of the next page; nothing on the last one.
    pub next: Option<String>,
}

/// A page of contacts inside a circle; also the members of a segment.
pub async fn page(
    program: &Program,
    params: &Params,
    circle: Option<store::sea_query::Condition>,
) -> Answer<ContactList> {
    let sort = match params.text("sort") {
        None | Some("name") => Sort::Name,
        Some("number") => Sort::Number,
        Some("created") => Sort::Created,
        Some("last_interaction") => Sort::LastInteraction,
        Some(_) => return Err(misfit("sort", "name, number, created, last_interaction")),
    };
    let query = ContactQuery {
        archived: false,
        search: params.text("search").map(str::to_owned),
        circle,
        sort,
        after: params.cursor()?,
        limit: params.limit()? as u64,
    };
    let found = contact_page(&program.db.read().await?, &program.actor, &query).await?;
    let line = |line: customers::ContactLine| ContactLine {
        display_name: line.display_name(),
        id: line.id,
        number: line.number,
        kind: line.kind,
        first_name: line.first_name,
        last_name: line.last_name,
        email: line.email,
        city: line.city,
        country: line.country,
        company: line.company,
        email_consent: line.email_consent.map(|granted| granted == 1),
        last_interaction_at: line.last_interaction_at.map(instant),
        created_at: instant(line.created_at),
    };
    Ok(ContactList { items: found.lines.into_iter().map(line).collect(), next: found.next.map(|next| cursor(&next)) })
}

/// List contacts
#[utoipa::path(
    get, path = "/api/v1/contacts", tag = "contacts",
    params(
        ("search" = Option<String>, Query, description = "Beginning of a name, number, e-mail address, city or company"),
        ("sort" = Option<String>, Query, description = "`name` (default), `number`, `created`, `last_interaction`"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = ContactList)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn list(program: Program, params: Params) -> Answer<Json<ContactList>> {
    program.actor.must(Right::SeeContacts)?;
    let params = params.only(&["search", "sort", "cursor", "limit"])?;
    Ok(Json(page(&program, &params, None).await?))
}

/// Get a contact
#[utoipa::path(
    get, path = "/api/v1/contacts/{id}", tag = "contacts",
    params(("id" = i64, Path, description = "Id of the contact")),
    responses((status = 200, body = ContactView)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn get(program: Program, Path(id): Path<i64>) -> Answer<Json<ContactView>> {
    program.actor.must(Right::SeeContacts)?;
    let contact = find_contact(&program.db.read().await?, ContactId(id)).await?;
    Ok(Json(contact.ok_or(Trouble::MISSING)?.shown_to(&program.actor)?.into()))
}

/// Get a contact by its customer number
#[utoipa::path(
    get, path = "/api/v1/contacts/by-number/{key}", tag = "contacts",
    params(("key" = String, Path, description = "Customer number")),
    responses((status = 200, body = ContactView)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn get_by_number(program: Program, Path(number): Path<String>) -> Answer<Json<ContactView>> {
    program.actor.must(Right::SeeContacts)?;
    let contact = contact_by_number(&program.db.read().await?, &number).await?;
    Ok(Json(contact.ok_or(Trouble::MISSING)?.shown_to(&program.actor)?.into()))
}

/// What is said of a contact. Empty text and `null` stand for nothing.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({
    "number": "10014", "first_name": "Jürgen", "last_name": "Winkler", "email": "juergen.winkler@kunde.example", "country": "DE"
}))]
pub struct ContactWish {
    /// A new contact without a number gets one.
    pub number: Option<String>,
    /// `lead`, `prospect` (default), `customer`, `former`.
    pub kind: Option<String>,
    /// `ms`, `mr`, `mx`.
    pub salutation: Option<String>,
    pub title: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    /// ISO 3166-1 alpha-2 code or a name.
    pub country: Option<String>,
    /// Name; a company that does not exist yet is made.
    pub company: Option<String>,
    pub industry: Option<String>,
    pub occupation: Option<String>,
    pub language: Option<String>,
    pub source: Option<String>,
    /// Minor units.
    pub budget_minor: Option<i64>,
    /// ISO 4217.
    pub budget_currency: Option<String>,
    /// Id of the user who looks after the contact.
    pub owner_id: Option<i64>,
}

impl ContactWish {
    fn draft(self) -> Answer<ContactDraft> {
        let value = serde_json::to_value(self).unwrap_or_default();
        let said = |(name, value): (String, Value)| (!value.is_null()).then_some((name, value));
        let Value::Object(fields) = value else { return Err(Trouble::MISSING) };
        Document::value(Value::Object(fields.into_iter().filter_map(said).collect()))
    }
}

/// Create a contact
#[utoipa::path(
    post, path = "/api/v1/contacts", tag = "contacts", request_body = ContactWish,
    responses((status = 201, body = ContactView)),
    extensions(("x-right" = json!("edit_contacts")))
)]
pub async fn create(program: Program, body: Document) -> Answer<(StatusCode, Json<ContactView>)> {
    program.actor.must(Right::EditContacts)?;
    let draft = body.read::<ContactWish>()?.draft()?;
    let (now, unit) = (program.now(), program.db.write().await?);
    let contact = customers::create_contact(&unit, &program.actor, draft, now, program.zone.day(now)).await?;
    unit.save().await?;
    Ok((StatusCode::CREATED, Json(contact.into())))
}

/// What changes; fields that are not named stay, `null` empties one.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the body; it is read as a merge patch")]
pub struct ContactPatch {
    /// The version the change begins from; with another one it is refused (409).
    pub version: i64,
    #[schema(inline)]
    pub email: Option<String>,
}

/// Change a contact
///
/// A JSON merge patch (RFC 7396) of the fields of a new contact, with the `version` it begins from.
#[utoipa::path(
    patch, path = "/api/v1/contacts/{id}", tag = "contacts",
    params(("id" = i64, Path, description = "Id of the contact")),
    request_body(content = ContactPatch, example = json!({ "version": 3, "email": "neu@kunde.example", "phone": null })),
    responses((status = 200, body = ContactView)),
    extensions(("x-right" = json!("edit_contacts")))
)]
pub async fn change(program: Program, Path(id): Path<i64>, body: Document) -> Answer<Json<ContactView>> {
    program.actor.must(Right::EditContacts)?;
    let mut patch: Map<String, Value> = body.read()?;
    let version = patch.remove("version").and_then(|v| v.as_i64()).ok_or_else(|| misfit("version", "1, 2, 3 …"))?;
    let (now, unit) = (program.now(), program.db.write().await?);
    let before = find_contact(&unit, ContactId(id)).await?.ok_or(Trouble::MISSING)?.shown_to(&program.actor)?;
    let draft = patched(&ContactDraft::from(&before), patch)?;
    let (actor, today) = (&program.actor, program.zone.day(now));
    let contact = customers::edit_contact(&unit, actor, ContactId(id), version, draft, now, today).await?;
    unit.save().await?;
    Ok(Json(contact.into()))
}

fn patched(before: &ContactDraft, patch: Map<String, Value>) -> Answer<ContactDraft> {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(before) else { return Err(Trouble::MISSING) };
    for (name, value) in patch {
        match value {
            // Absent fields read as nothing.
            Value::Null if fields.contains_key(&name) => {
                fields.remove(&name);
            }
            value => {
                fields.insert(name, value);
            }
        }
    }
    Document::value(Value::Object(fields))
}

/// What somebody said about being contacted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "channel": "email", "granted": true, "source": "form", "wording": "Ja, schicken Sie mir Angebote." }))]
pub struct NewConsent {
    /// `email`, `letter`, `phone`, `web`, `social`.
    pub channel: String,
    /// `marketing` when it is missing.
    pub purpose: Option<String>,
    pub granted: bool,
    /// How it was said: `form`, `agent`, `letter` …
    pub source: String,
    /// What the person was told.
    pub wording: String,
    /// RFC 3339; now when it is missing.
    pub at: Option<String>,
}

/// An entry of the history of consents.
#[derive(Serialize, ToSchema)]
pub struct ConsentView {
    pub channel: String,
    pub purpose: String,
    pub granted: bool,
    pub source: String,
    pub wording: String,
    pub at: String,
    pub recorded_at: String,
    /// Whether it holds today.
    pub current: bool,
}

#[derive(Serialize, ToSchema)]
pub struct ConsentList {
    pub items: Vec<ConsentView>,
}

/// A contact's consents, newest first
#[utoipa::path(
    get, path = "/api/v1/contacts/{id}/consents", tag = "contacts",
    params(("id" = i64, Path, description = "Id of the contact")),
    responses((status = 200, body = ConsentList)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn consents(program: Program, Path(id): Path<i64>) -> Answer<Json<ConsentList>> {
    program.actor.must(Right::SeeContacts)?;
    let rows = program.db.read().await?;
    find_contact(&rows, ContactId(id)).await?.ok_or(Trouble::MISSING)?.shown_to(&program.actor)?;
    Ok(Json(history(&rows, ContactId(id)).await?))
}

async fn history(rows: &Rows, contact: ContactId) -> Answer<ConsentList> {
    let view = |entry: customers::Consent| ConsentView {
        channel: entry.channel,
        purpose: entry.purpose,
        granted: entry.granted == 1,
        source: entry.source,
        wording: entry.wording,
        at: instant(entry.at),
        recorded_at: instant(entry.recorded_at),
        current: entry.current == 1,
    };
    let found = customers::consents(rows, contact).await?;
    Ok(ConsentList { items: found.into_iter().map(view).collect() })
}

/// Record a consent or its withdrawal
///
/// The history only grows; what holds already is not written again (200).
#[utoipa::path(
    post, path = "/api/v1/contacts/{id}/consents", tag = "contacts", request_body = NewConsent,
    params(("id" = i64, Path, description = "Id of the contact")),
    responses((status = 201, body = ConsentList), (status = 200, body = ConsentList, description = "It held already")),
    extensions(("x-right" = json!("edit_contacts")))
)]
pub async fn consent(program: Program, Path(id): Path<i64>, body: Document) -> Answer<(StatusCode, Json<ConsentList>)> {
    program.actor.must(Right::EditContacts)?;
    let new: NewConsent = body.read()?;
    let now = program.now();
    let at = new.at.as_deref().map_or(Ok(now), |text| read_instant("at", text))?;
    let unit = program.db.write().await?;
    find_contact(&unit, ContactId(id)).await?.ok_or(Trouble::MISSING)?.shown_to(&program.actor)?;
    let statement = Statement {
        contact: ContactId(id),
        channel: &new.channel,
        purpose: new.purpose.as_deref().unwrap_or(customers::MARKETING),
        granted: new.granted,
        source: &new.source,
        wording: &new.wording,
        at,
    };
    let written = customers::record_consent(&unit, &program.actor, &statement, now).await?;
    unit.save().await?;
    let list = history(&program.db.read().await?, ContactId(id)).await?;
    Ok((if written { StatusCode::CREATED } else { StatusCode::OK }, Json(list)))
}

/// An entry of the log.
#[derive(Serialize, ToSchema)]
pub struct InteractionView {
    pub seq: i64,
    pub occurred_at: String,
    pub channel: String,
    pub kind: String,
    pub campaign: Option<i64>,
    pub message: Option<i64>,
    pub product: Option<i64>,
    pub value_minor: Option<i64>,
    pub currency: Option<String>,
    pub subject: Option<String>,
    pub url: Option<String>,
    /// `human`, `machine` or `unknown`; only humans count.
    pub verdict: String,
}

#[derive(Serialize, ToSchema)]
pub struct InteractionList {
    pub items: Vec<InteractionView>,
    pub next: Option<String>,
}

/// A contact's timeline, newest first
#[utoipa::path(
    get, path = "/api/v1/contacts/{id}/interactions", tag = "contacts",
    params(
        ("id" = i64, Path, description = "Id of the contact"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = InteractionList)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn timeline(program: Program, Path(id): Path<i64>, params: Params) -> Answer<Json<InteractionList>> {
    program.actor.must(Right::SeeContacts)?;
    let params = params.only(&["cursor", "limit"])?;
    let (limit, before) = (params.limit()?, params.cursor::<(i64, i64)>()?);
    let before = before.map(|(at, seq)| TimelineAt { occurred_at: Timestamp(at), seq: Seq(seq) });
    let rows = program.db.read().await?;
    find_contact(&rows, ContactId(id)).await?.ok_or(Refusal::Missing)?.shown_to(&program.actor)?;
    let found = interactions::timeline(&rows, ContactId(id), None, before, limit).await?;
    let full = found.len() as i64 == limit;
    let next = found.last().filter(|_| full).map(|last| cursor(&(last.occurred_at.0, last.seq.0)));
    let view = |entry: interactions::Interaction| InteractionView {
        seq: entry.seq.0,
        occurred_at: entry.occurred_at.rfc3339(),
        channel: entry.channel.code().to_owned(),
        kind: entry.kind.code().to_owned(),
        campaign: entry.campaign.map(i64::from),
        message: entry.message.map(i64::from),
        product: entry.product.map(i64::from),
        value_minor: entry.value.map(|value| value.minor),
        currency: entry.value.map(|value| value.currency.code().to_owned()),
        subject: entry.subject,
        url: entry.url,
        verdict: entry.verdict.code().to_owned(),
    };
    Ok(Json(InteractionList { items: found.into_iter().map(view).collect(), next }))
}

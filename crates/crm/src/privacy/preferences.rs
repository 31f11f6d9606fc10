//! The page of a person's own: what is kept to reach them, what they care about, and what they want to be written about.
//!
//! Two links lead there. One is sent to the person's address on request and opens everything. The other stands in every mail
//! of a campaign; mails are forwarded, so it shows no data and gives no consent: it takes consents away and asks for the
//! first one.

use super::{
    accuracy::{self, Detail},
    asking_mail::{Asking, AskingMail},
    opt_in::{self, Purpose, Wording},
    requests::{self, NewRequest, RequestKind},
};
use crate::{
    Refusal, Trouble,
    customers::{self, Attribute, Contact, ContactDraft, Statement},
    execution::Tokens,
    staff::{Actor, Right, audit},
};
use kernel::{ContactId, EmailAddress, Fault, Locale, Seal, Timestamp, Zone, time::DAY};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use store::{
    FromQueryResult, Rows, Write,
    tasks::{Lease, Task},
    values,
};

/// How long the personal link opens.
pub const VALID: i64 = 30 * DAY;
/// Purpose of the seal of the personal link.
const SEAL: &str = "preferences";
/// Who changes something there, for ledger and audit log.
const PERSON: &str = "person";

/// Master data a person may put right alone. The address the link went to is not among them: consents hang on it.
pub const FIELDS: [&str; 8] = ["title", "first_name", "last_name", "phone", "street", "postal_code", "city", "country"];

/// Something a person can allow or forbid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    pub purpose: Purpose,
    pub channel: String,
    pub granted: bool,
    /// What would be agreed to; without a wording nothing can be agreed to.
    pub wording: Option<Wording>,
}

impl Permission {
    /// What a form calls it.
    pub fn name(&self) -> String {
        format!("{}.{}", self.purpose.code, self.channel)
    }
}

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Preferences {
    pub contact: Contact,
    /// Whether everything is shown.
    pub personal: bool,
    pub permissions: Vec<Permission>,
    /// Own attributes kept because the person wants it so.
    pub interests: Vec<Attribute>,
    pub answered_at: Option<i64>,
    request: Option<i64>,
}

#[derive(FromQueryResult)]
struct Asked {
    id: i64,
    contact_id: i64,
    address: String,
    asked_at: i64,
    answered_at: Option<i64>,
}

const ASKED: &str = "SELECT id, contact_id, address, asked_at, answered_at FROM confirmation_request";

/// What stands behind a link of ours, as long as it is valid and the person is still there.
pub async fn opened(
    rows: &Rows,
    seal: &Seal,
    tokens: &Tokens,
    token: &str,
    now: Timestamp,
) -> Result<Option<Preferences>, Fault> {
    let (contact, request) = if let Some([id]) = seal.open_ids::<1>(SEAL, token) {
        let sql = format!("{ASKED} WHERE id = $1 AND expires_at > $2");
        let Some(asked) = rows.one::<Asked>(&sql, values![id, now.0]).await? else { return Ok(None) };
        (asked.contact_id, Some(asked))
    } else if let Some(message) = tokens.preferences(token) {
        match rows.numbers("SELECT contact_id FROM message WHERE id = $1", values![message.0]).await?.first() {
            Some(contact) => (*contact, None),
            None => return Ok(None),
        }
    } else {
        return Ok(None);
    };
    let Some(contact) = customers::find_contact(rows, ContactId(contact)).await? else { return Ok(None) };
    if contact.archived_at.is_some() {
        return Ok(None);
    }
    let interests = customers::attributes(rows, false).await?;
    Ok(Some(Preferences {
        permissions: permissions(rows, contact.contact_id()).await?,
        contact,
        personal: request.is_some(),
        interests: interests.into_iter().filter(|own| own.basis == "consent").collect(),
        answered_at: request.as_ref().and_then(|asked| asked.answered_at),
        request: request.map(|asked| asked.id),
    }))
}

/// Whatever was granted, or can be, by purpose and channel.
async fn permissions(rows: &Rows, contact: ContactId) -> Result<Vec<Permission>, Fault> {
    let held = customers::consents(rows, contact).await?;
    let wordings = opt_in::wordings(rows).await?;
    let mut permissions = Vec::new();
    for purpose in opt_in::purposes(rows).await? {
        for channel in customers::CHANNELS {
            let fits = |of: &str, on: &str| of == purpose.code && on == channel;
            let granted =
                held.iter().any(|one| one.current == 1 && one.granted == 1 && fits(&one.purpose, &one.channel));
            let wording = wordings.iter().find(|one| fits(&one.purpose, &one.channel)).cloned();
            if granted || wording.is_some() {
                permissions.push(Permission {
                    purpose: purpose.clone(),
                    channel: channel.to_owned(),
                    granted,
                    wording,
                });
            }
        }
    }
    Ok(permissions)
}

/// What somebody sent from the page.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Version of the contact the page showed.
    pub version: i64,
    /// Values of [`FIELDS`] by their names.
    pub fields: BTreeMap<String, String>,
    /// Values of the interests by their keys.
    pub interests: BTreeMap<String, String>,
    /// Names of the permissions that are ticked.
    pub allowed: BTreeSet<String>,
    /// What else is wrong, in the person's words.
    pub note: String,
}

/// Takes over what a person said on the page that was `shown`. From a mail of a campaign only what is no longer allowed counts.
///
/// # Errors
/// `Invalid` by field, `Stale` where the record changed since the page was shown; nothing is done then.
pub async fn answer(
    unit: &Write,
    shown: &Preferences,
    said: &Said,
    from: &str,
    zone: &Zone,
    now: Timestamp,
) -> Result<(), Trouble> {
    let (person, contact) = (Actor::system(PERSON), shown.contact.contact_id());
    for permission in &shown.permissions {
        let wanted = said.allowed.contains(&permission.name());
        if wanted != permission.granted {
            allow(unit, &person, shown, permission, wanted, now).await?;
        }
    }
    let Some(request) = shown.request else { return Ok(()) };
    let today = zone.day(now);
    let draft = corrected(shown, said);
    if draft != ContactDraft::from(&shown.contact) {
        customers::edit_contact(unit, &person, contact, said.version, draft, now, today).await?;
    }
    accuracy::confirm(unit, &person, contact, &Detail::ALL, now).await?;
    if !said.note.trim().is_empty() {
        let (kind, channel) = (RequestKind::Rectification, "page".to_owned());
        let new = NewRequest { contact, kind, channel, received: today, note: said.note.trim().to_owned() };
        requests::take_in(unit, &person, &new, zone, now).await?;
    }
    const SQL: &str = "UPDATE confirmation_request SET state = 'answered', answered_at = $1, answered_from = $2 \
         WHERE id = $3";
    unit.run(SQL, values![now.0, from, request]).await?;
    Ok(())
}

async fn allow(
    unit: &Write,
    person: &Actor,
    shown: &Preferences,
    permission: &Permission,
    granted: bool,
    now: Timestamp,
) -> Result<(), Fault> {
    let wording = match (&permission.wording, granted) {
        (Some(wording), true) if shown.personal => {
            format!("{} (v{})", wording.text(shown.contact.locale(Locale::De)), wording.version)
        }
        (_, true) => return Ok(()),
        (_, false) => permission.purpose.label_de.clone(),
    };
    let statement = Statement {
        contact: shown.contact.contact_id(),
        channel: &permission.channel,
        purpose: &permission.purpose.code,
        granted,
        source: "preferences",
        wording: &wording,
        at: now,
    };
    customers::note_consent(unit, person, &statement, now).await?;
    Ok(())
}

/// The contact as the person says it is; what the page does not offer stays.
fn corrected(shown: &Preferences, said: &Said) -> ContactDraft {
    let mut draft = ContactDraft::from(&shown.contact);
    for field in FIELDS {
        if let Some(value) = said.fields.get(field) {
            draft.put(field, value);
        }
    }
    for own in &shown.interests {
        if let Some(value) = said.interests.get(&own.key) {
            if value.trim().is_empty() {
                draft.attributes.remove(&own.key);
            } else {
                draft.attributes.insert(own.key.clone(), value.clone());
            }
        }
    }
    draft
}

/// No advertising on any channel any more (Art. 21 GDPR); for both links.
pub async fn object(unit: &Write, shown: &Preferences, now: Timestamp) -> Result<(), Fault> {
    let contact = shown.contact.contact_id();
    customers::object(unit, &Actor::system(PERSON), contact, "Widerspruch auf der eigenen Seite", now).await?;
    Ok(())
}

/// Asks a person by mail to look through their data. Nudge [`AskConfirmation::NAME`] after the commit.
///
/// # Errors
/// `State` where there is no address that takes mail, or the person was asked in the last day.
pub async fn ask(unit: &Write, actor: &Actor, contact: ContactId, now: Timestamp) -> Result<(), Trouble> {
    actor.must(Right::EditContacts)?;
    let person = customers::find_contact(unit, contact).await?.ok_or(Refusal::Missing)?.shown_to(actor)?;
    let address = person.email.as_deref().and_then(EmailAddress::parse);
    let address = address.ok_or_else(|| Refusal::state("privacy-ask-no-address"))?;
    const BOUNCED: &str = "SELECT COUNT(*) FROM suppression WHERE email_key = $1";
    if person.archived_at.is_some() || unit.number(BOUNCED, values![address.as_str().to_lowercase()]).await? > 0 {
        return Err(Refusal::state("preferences-no-way").into());
    }
    const LATELY: &str = "SELECT COUNT(*) FROM confirmation_request WHERE contact_id = $1 AND asked_at > $2";
    if unit.number(LATELY, values![contact.0, now.0 - DAY]).await? > 0 {
        return Err(Refusal::state("privacy-asked-already").into());
    }
    const SQL: &str = "INSERT INTO confirmation_request (contact_id, address, asked_by, asked_at, expires_at, state) \
         VALUES ($1, $2, $3, $4, $5, 'asked')";
    let values = values![contact.0, address.as_str(), actor.name.as_str(), now.0, now.plus(VALID).0];
    unit.run(SQL, values).await?;
    audit::note(unit, actor, now, audit::Deed::new("contact.confirmation_asked", "contact", contact.0)).await?;
    Ok(())
}

/// The same, wished for by the person through the link in a mail.
pub async fn ask_for_oneself(unit: &Write, shown: &Preferences, now: Timestamp) -> Result<(), Trouble> {
    ask(unit, &Actor::system(PERSON), shown.contact.contact_id(), now).await
}

/// The task that sends the personal links.
pub struct AskConfirmation(pub Asking);

impl AskConfirmation {
    pub const NAME: &'static str = "ask-confirmation";

    /// Sends one; `false` where none waits.
    pub async fn send_next(&self) -> Result<bool, Fault> {
        let asking = &self.0;
        let unit = asking.db.write().await?;
        let next = format!("{ASKED} WHERE state = 'asked' ORDER BY id LIMIT 1");
        let Some(asked) = unit.one::<Asked>(&next, values![]).await? else { return Ok(false) };
        let contact = customers::find_contact(&unit, ContactId(asked.contact_id)).await?;
        let locale = contact.map_or(asking.locale, |contact| contact.locale(asking.locale));
        let mail = AskingMail {
            name: "preferences",
            id: asked.id,
            at: asked.asked_at,
            to: &asked.address,
            locale,
            subject: asking.tell("preferences-mail-subject", locale),
            lead: asking.tell("preferences-mail-lead", locale),
            quoted: None,
            button: asking.tell("preferences-mail-open", locale),
            link: format!("{}/p/{}", asking.post.base_url, asking.seal.close_ids(SEAL, &[asked.id])),
            foot: asking.tell("preferences-mail-foot", locale),
        };
        asking.send(unit, "confirmation_request", &mail).await?;
        Ok(true)
    }
}

#[async_trait::async_trait]
impl Task for AskConfirmation {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn rest(&self) -> Duration {
        Duration::from_secs(60)
    }

    async fn run(&self, _: &Lease) -> Result<bool, Fault> {
        self.send_next().await
    }
}

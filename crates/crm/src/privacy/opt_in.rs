//! Consent by double opt-in: asked by mail with a versioned wording, given by pressing the button behind the sealed link. What
//! is kept is the proof: who asked whom, with which wording, when the mail went out, when and from where the button was
//! pressed (Art. 7 (1) GDPR; § 7 (2) UWG).

use super::asking_mail::{Asking, AskingMail};
use crate::{
    Refusal, Trouble,
    customers::{self, Statement},
    staff::{Actor, Right, audit},
};
use kernel::{ContactId, EmailAddress, Fault, Locale, Seal, Sentence, Timestamp, time::DAY};
use serde_json::json;
use std::time::Duration;
use store::{
    FromQueryResult, Rows, Write,
    tasks::{Lease, Task},
    values,
};

/// How long the link can be pressed.
pub const VALID: i64 = 14 * DAY;
/// Purpose of the seal.
const SEAL: &str = "opt-in";
/// Longest wording, in characters.
const LONGEST: usize = 2_000;

/// A wording; none is ever changed.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Wording {
    pub id: i64,
    pub purpose: String,
    pub channel: String,
    pub version: i64,
    pub text_de: String,
    pub text_en: String,
    pub created_by: String,
    pub created_at: i64,
}

const WORDING: &str =
    "SELECT id, purpose, channel, version, text_de, text_en, created_by, created_at FROM consent_wording";

impl Wording {
    pub fn text(&self, locale: Locale) -> &str {
        match locale {
            Locale::De => &self.text_de,
            Locale::En => &self.text_en,
        }
    }
}

/// What data is used for.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Purpose {
    pub code: String,
    pub label_de: String,
    pub label_en: String,
    /// Code of a [`super::catalogue::Basis`].
    pub basis: String,
    pub description: String,
}

/// All purposes by their codes.
pub async fn purposes(rows: &Rows) -> Result<Vec<Purpose>, Fault> {
    const SQL: &str =
        "SELECT code, label_de, label_en, basis, description FROM purpose WHERE archived_at IS NULL ORDER BY code";
    rows.all(SQL, values![]).await
}

/// Adds a purpose.
///
/// # Errors
/// `Invalid` with the field `code`, `label_de`, `label_en` or `basis`.
pub async fn add_purpose(unit: &Write, actor: &Actor, new: &Purpose, now: Timestamp) -> Result<(), Trouble> {
    actor.must(Right::HandlePrivacy)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if new.code.is_empty() || new.code.len() > 40 || !new.code.chars().all(plain) {
        return Err(Refusal::field("code", "code", Sentence::new("privacy-purpose-code-wrong")).into());
    }
    for (field, label) in [("label_de", &new.label_de), ("label_en", &new.label_en)] {
        if label.trim().is_empty() || label.chars().count() > 100 {
            return Err(Refusal::field(field, "required", Sentence::new("privacy-purpose-label-missing")).into());
        }
    }
    if super::catalogue::Basis::parse(&new.basis).is_none() {
        return Err(Refusal::field("basis", "unknown", Sentence::new("privacy-purpose-basis-unknown")).into());
    }
    const SQL: &str = "INSERT INTO purpose (code, label_de, label_en, basis, description, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (code) DO NOTHING";
    let values = values![
        new.code.as_str(),
        new.label_de.trim(),
        new.label_en.trim(),
        new.basis.as_str(),
        new.description.trim(),
        now.0
    ];
    if unit.run(SQL, values).await? == 0 {
        return Err(Refusal::field("code", "taken", Sentence::new("privacy-purpose-taken")).into());
    }
    let deed = audit::Deed::new("privacy.purpose_added", "purpose", None).with(json!({ "name": new.code }));
    audit::note(unit, actor, now, deed).await?;
    Ok(())
}

/// The newest wording of each purpose and channel.
pub async fn wordings(rows: &Rows) -> Result<Vec<Wording>, Fault> {
    let sql = format!(
        "{WORDING} WHERE version = (SELECT MAX(w.version) FROM consent_wording w WHERE w.purpose = consent_wording.purpose \
         AND w.channel = consent_wording.channel) ORDER BY purpose, channel"
    );
    rows.all(&sql, values![]).await
}

/// Writes the next version of a wording down.
pub async fn word(
    unit: &Write,
    actor: &Actor,
    purpose: &str,
    channel: &str,
    texts: [&str; 2],
    now: Timestamp,
) -> Result<i64, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    if !customers::CHANNELS.contains(&channel) {
        let sentence = Sentence::new("customers-unknown-channel").with("channel", channel);
        return Err(Refusal::field("channel", "unknown_channel", sentence).into());
    }
    const KNOWN: &str = "SELECT COUNT(*) FROM purpose WHERE code = $1 AND archived_at IS NULL";
    if unit.number(KNOWN, values![purpose]).await? == 0 {
        return Err(Refusal::field("purpose", "unknown", Sentence::new("privacy-purpose-unknown")).into());
    }
    let [de, en] = texts.map(|text| text.replace('\0', "").trim().to_owned());
    if de.is_empty() || en.is_empty() || de.chars().count().max(en.chars().count()) > LONGEST {
        let sentence = Sentence::new("privacy-wording-missing").with("most", LONGEST);
        return Err(Refusal::field("text_de", "required", sentence).into());
    }
    const SQL: &str = "INSERT INTO consent_wording (purpose, channel, version, text_de, text_en, created_by, created_at) \
         SELECT $1, $2, COALESCE(MAX(version), 0) + 1, $3, $4, $5, CAST($6 AS BIGINT) FROM consent_wording \
         WHERE purpose = $1 AND channel = $2 RETURNING id";
    let id = unit.insert(SQL, values![purpose, channel, de, en, actor.name.as_str(), now.0]).await?;
    audit::note(unit, actor, now, audit::Deed::new("privacy.worded", "wording", id)).await?;
    Ok(id)
}

/// A request for consent and what became of it: the proof.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Proof {
    pub id: i64,
    pub contact_id: i64,
    pub wording_id: i64,
    pub purpose: String,
    pub channel: String,
    pub version: i64,
    pub text_de: String,
    pub text_en: String,
    pub language: Option<String>,
    pub address: String,
    pub asked_by: String,
    pub asked_at: i64,
    pub expires_at: i64,
    /// `asked`, `sent`, `failed`, `confirmed`.
    pub state: String,
    pub sent_at: Option<i64>,
    pub confirmed_at: Option<i64>,
    pub confirmed_from: Option<String>,
}

const PROOF: &str = "SELECT r.id, r.contact_id, r.wording_id, w.purpose, w.channel, w.version, w.text_de, w.text_en, c.language, \
     r.address, r.asked_by, r.asked_at, r.expires_at, r.state, r.sent_at, r.confirmed_at, r.confirmed_from \
     FROM consent_request r JOIN consent_wording w ON w.id = r.wording_id JOIN contact c ON c.id = r.contact_id";

impl Proof {
    pub fn locale(&self, house: Locale) -> Locale {
        self.language.as_deref().and_then(Locale::parse).unwrap_or(house)
    }

    pub fn text(&self, locale: Locale) -> &str {
        match locale {
            Locale::De => &self.text_de,
            Locale::En => &self.text_en,
        }
    }
}

/// The proofs of a person, newest first; served by `consent_request_contact`.
pub async fn proofs(rows: &Rows, contact: ContactId) -> Result<Vec<Proof>, Fault> {
    rows.all(&format!("{PROOF} WHERE r.contact_id = $1 ORDER BY r.id DESC"), values![contact.0]).await
}

/// Asks a person by mail, with the newest wording. Nudge [`AskConsent::NAME`] after the commit.
///
/// # Errors
/// `State` where there is no address, no wording, or the person was asked in the last day.
pub async fn ask(
    unit: &Write,
    actor: &Actor,
    contact: ContactId,
    purpose: &str,
    channel: &str,
    now: Timestamp,
) -> Result<i64, Trouble> {
    actor.must(Right::EditContacts)?;
    let person = customers::find_contact(unit, contact).await?.ok_or(Refusal::Missing)?.shown_to(actor)?;
    let address = person.email.as_deref().and_then(EmailAddress::parse);
    let address = address.ok_or_else(|| Refusal::state("privacy-ask-no-address"))?;
    let newest = wordings(unit).await?;
    let wording = newest.iter().find(|one| one.purpose == purpose && one.channel == channel);
    let wording = wording.ok_or_else(|| Refusal::state("privacy-ask-no-wording"))?;
    const ASKED: &str =
        "SELECT COUNT(*) FROM consent_request WHERE contact_id = $1 AND wording_id = $2 AND asked_at > $3";
    if unit.number(ASKED, values![contact.0, wording.id, now.0 - DAY]).await? > 0 {
        return Err(Refusal::state("privacy-asked-already").into());
    }
    const SQL: &str = "INSERT INTO consent_request (contact_id, wording_id, address, asked_by, asked_at, expires_at, state) \
         VALUES ($1, $2, $3, $4, $5, $6, 'asked') RETURNING id";
    let values = values![contact.0, wording.id, address.as_str(), actor.name.as_str(), now.0, now.plus(VALID).0];
    let id = unit.insert(SQL, values).await?;
    let deed = audit::Deed::new("consent.asked", "contact", contact.0)
        .with(json!({ "channel": channel, "purpose": purpose, "version": wording.version }));
    audit::note(unit, actor, now, deed).await?;
    Ok(id)
}

/// What stands behind a link of ours, as long as it is valid and the person is still there.
pub async fn opened(rows: &Rows, seal: &Seal, token: &str, now: Timestamp) -> Result<Option<Proof>, Fault> {
    let Some([id]) = seal.open_ids::<1>(SEAL, token) else { return Ok(None) };
    let sql = format!("{PROOF} WHERE r.id = $1 AND c.archived_at IS NULL");
    let found: Option<Proof> = rows.one(&sql, values![id]).await?;
    Ok(found.filter(|proof| proof.confirmed_at.is_some() || proof.expires_at > now.0))
}

/// The button was pressed: the consent holds from now on, and the proof says so. Pressing twice changes nothing.
pub async fn confirm(
    unit: &Write,
    seal: &Seal,
    token: &str,
    from: &str,
    now: Timestamp,
) -> Result<Option<Proof>, Fault> {
    let Some(proof) = opened(unit, seal, token, now).await? else { return Ok(None) };
    if proof.confirmed_at.is_some() {
        return Ok(Some(proof));
    }
    const SQL: &str = "UPDATE consent_request SET state = 'confirmed', confirmed_at = $1, confirmed_from = $2 \
         WHERE id = $3 AND confirmed_at IS NULL";
    if unit.run(SQL, values![now.0, from, proof.id]).await? > 0 {
        let locale = proof.locale(Locale::De);
        let wording = format!("{} (v{})", proof.text(locale), proof.version);
        let statement = Statement {
            contact: ContactId(proof.contact_id),
            channel: &proof.channel,
            purpose: &proof.purpose,
            granted: true,
            source: "double_opt_in",
            wording: &wording,
            at: now,
        };
        customers::note_consent(unit, &Actor::system("opt-in"), &statement, now).await?;
        const TIED: &str = "UPDATE consent_request SET consent_id = (SELECT k.id FROM consent k WHERE k.contact_id = $1 \
             AND k.channel = $2 AND k.purpose = $3 AND k.current = 1) WHERE id = $4";
        unit.run(TIED, values![proof.contact_id, proof.channel.as_str(), proof.purpose.as_str(), proof.id]).await?;
    }
    opened(unit, seal, token, now).await
}

/// The task that sends what was asked.
pub struct AskConsent(pub Asking);

impl AskConsent {
    pub const NAME: &'static str = "ask-consent";

    /// Sends one; `false` where none waits.
    pub async fn send_next(&self) -> Result<bool, Fault> {
        let asking = &self.0;
        let unit = asking.db.write().await?;
        let next: Option<Proof> =
            unit.one(&format!("{PROOF} WHERE r.state = 'asked' ORDER BY r.id LIMIT 1"), values![]).await?;
        let Some(proof) = next else { return Ok(false) };
        let locale = proof.locale(asking.locale);
        let mail = AskingMail {
            name: "opt-in",
            id: proof.id,
            at: proof.asked_at,
            to: &proof.address,
            locale,
            subject: asking.tell("privacy-opt-in-subject", locale),
            lead: asking.tell("privacy-opt-in-lead", locale),
            quoted: Some(proof.text(locale)),
            button: asking.tell("privacy-opt-in-open", locale),
            link: format!("{}/e/{}", asking.post.base_url, asking.seal.close_ids(SEAL, &[proof.id])),
            foot: asking.tell("privacy-opt-in-foot", locale),
        };
        asking.send(unit, "consent_request", &mail).await?;
        Ok(true)
    }
}

#[async_trait::async_trait]
impl Task for AskConsent {
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

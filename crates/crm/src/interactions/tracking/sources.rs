//! Who may tell us things from outside: a website, a shop, an app, each with its write key and what it may do.
//!
//! A write key is public by nature (it stands in the pages of the website), so it is stored to be shown again. What it opens
//! is narrow: telling events; and where the switches say so, making leads and filling gaps in master data.

use crate::{
    Refusal, Trouble,
    staff::{Actor, Right, audit, audit::Deed},
};
use kernel::{Fault, Sentence, SourceId, Timestamp, chance, text::one_line};
use rand::RngCore;
use serde_json::json;
use store::{FromQueryResult, Rows, Write, values};
use url::Url;

/// A website or program that tells events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub id: SourceId,
    pub name: String,
    pub write_key: String,
    /// Web origins such as `https://www.almara.example`; none: browsers may come from everywhere.
    pub origins: Vec<String>,
    pub switches: Switches,
    pub active: bool,
    pub created_at: Timestamp,
}

/// What a source may do beyond telling events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    /// Somebody unknown who gives an e-mail address becomes a lead.
    pub creates_leads: bool,
    /// Empty master data of people it identifies may be filled.
    pub fills_contacts: bool,
    /// Without consent an event is counted without a person instead of dropped.
    pub counts_anonymously: bool,
}

impl Source {
    /// Whether a browser on this origin may speak for the source.
    pub fn admits(&self, origin: &str) -> bool {
        self.origins.is_empty() || self.origins.iter().any(|known| known.eq_ignore_ascii_case(origin))
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    name: String,
    write_key: String,
    origins: String,
    creates_leads: i64,
    fills_contacts: i64,
    counts_anonymously: i64,
    active: i64,
    created_at: i64,
}

const SELECT: &str = "SELECT id, name, write_key, origins, CAST(creates_leads AS BIGINT) AS creates_leads, \
     CAST(fills_contacts AS BIGINT) AS fills_contacts, CAST(counts_anonymously AS BIGINT) AS counts_anonymously, \
     CAST(active AS BIGINT) AS active, created_at FROM tracking_source";

impl Row {
    fn source(self) -> Source {
        Source {
            id: SourceId(self.id),
            name: self.name,
            write_key: self.write_key,
            origins: serde_json::from_str(&self.origins).unwrap_or_default(),
            switches: Switches {
                creates_leads: self.creates_leads == 1,
                fills_contacts: self.fills_contacts == 1,
                counts_anonymously: self.counts_anonymously == 1,
            },
            active: self.active == 1,
            created_at: Timestamp(self.created_at),
        }
    }
}

/// All sources by name, those that are switched off last.
pub async fn list(rows: &Rows) -> Result<Vec<Source>, Fault> {
    let found: Vec<Row> = rows.all(&format!("{SELECT} ORDER BY active DESC, name, id"), vec![]).await?;
    Ok(found.into_iter().map(Row::source).collect())
}

pub async fn find(rows: &Rows, id: SourceId) -> Result<Option<Source>, Fault> {
    Ok(rows.one::<Row>(&format!("{SELECT} WHERE id = $1"), values![id.0]).await?.map(Row::source))
}

/// The source of a write key, unless it is switched off. A NUL is in no key, and PostgreSQL does not take one.
pub async fn by_key(rows: &Rows, key: &str) -> Result<Option<Source>, Fault> {
    if key.is_empty() || key.len() > 200 || key.contains('\0') {
        return Ok(None);
    }
    let sql = format!("{SELECT} WHERE write_key = $1 AND active = 1");
    Ok(rows.one::<Row>(&sql, values![key]).await?.map(Row::source))
}

/// What the form of a source says.
#[derive(Clone, Debug, Default)]
pub struct SourceDraft {
    pub name: String,
    /// One origin a line, or with spaces or commas between.
    pub origins: String,
    pub switches: Switches,
}

impl SourceDraft {
    fn tidy(&self) -> Result<(String, Vec<String>), Refusal> {
        let name = one_line(&self.name);
        if name.is_empty() || name.chars().count() > 120 {
            return Err(Refusal::field("name", "required", Sentence::new("tracking-name-required")));
        }
        let mut origins = Vec::new();
        for text in self.origins.split([' ', ',', ';', '\n', '\r', '\t']).filter(|text| !text.is_empty()) {
            let Some(origin) = origin(text) else {
                let sentence = Sentence::new("tracking-not-an-origin").with("text", one_line(text));
                return Err(Refusal::field("origins", "origin", sentence));
            };
            if !origins.contains(&origin) {
                origins.push(origin);
            }
        }
        if origins.len() > 50 {
            return Err(Refusal::field("origins", "count", Sentence::new("tracking-too-many-origins")));
        }
        Ok((name, origins))
    }
}

/// `https://www.almara.example`, also from a whole address or a bare host name, as browsers send it (RFC 6454).
fn origin(text: &str) -> Option<String> {
    let text = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    Some(url.origin().ascii_serialization())
}

/// Makes a source with a fresh write key.
pub async fn create(
    unit: &Write,
    by: &Actor,
    draft: &SourceDraft,
    at: Timestamp,
    rng: &mut (impl RngCore + Send),
) -> Result<SourceId, Trouble> {
    by.must(Right::ManageTracking)?;
    let (name, origins) = draft.tidy()?;
    const SQL: &str = "INSERT INTO tracking_source (name, write_key, origins, creates_leads, fills_contacts, counts_anonymously, \
         created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) RETURNING id";
    let Switches { creates_leads, fills_contacts, counts_anonymously } = draft.switches;
    let values = values![
        name.as_str(),
        chance::secret(rng),
        json!(origins).to_string(),
        i16::from(creates_leads),
        i16::from(fills_contacts),
        i16::from(counts_anonymously),
        by.user().map(i64::from),
        at.0
    ];
    let id = unit.insert(SQL, values).await?;
    audit::note(unit, by, at, Deed::new("source.created", "source", id).with(told(&name, &origins, draft))).await?;
    Ok(SourceId(id))
}

fn told(name: &str, origins: &[String], draft: &SourceDraft) -> serde_json::Value {
    json!({
        "name": name,
        "origins": origins,
        "creates_leads": draft.switches.creates_leads,
        "fills_contacts": draft.switches.fills_contacts,
        "counts_anonymously": draft.switches.counts_anonymously,
    })
}

/// Renames a source and sets what it may.
pub async fn change(unit: &Write, by: &Actor, id: SourceId, draft: &SourceDraft, at: Timestamp) -> Result<(), Trouble> {
    by.must(Right::ManageTracking)?;
    let (name, origins) = draft.tidy()?;
    const SQL: &str = "UPDATE tracking_source SET name = $1, origins = $2, creates_leads = $3, fills_contacts = $4, \
         counts_anonymously = $5, updated_at = $6 WHERE id = $7";
    let Switches { creates_leads, fills_contacts, counts_anonymously } = draft.switches;
    let values = values![
        name.as_str(),
        json!(origins).to_string(),
        i16::from(creates_leads),
        i16::from(fills_contacts),
        i16::from(counts_anonymously),
        at.0,
        id.0
    ];
    if unit.run(SQL, values).await? == 0 {
        return Err(Refusal::Missing.into());
    }
    audit::note(unit, by, at, Deed::new("source.changed", "source", id.0).with(told(&name, &origins, draft))).await?;
    Ok(())
}

/// Gives a source another write key; the one before is refused from then on.
pub async fn rotate(
    unit: &Write,
    by: &Actor,
    id: SourceId,
    at: Timestamp,
    rng: &mut (impl RngCore + Send),
) -> Result<(), Trouble> {
    by.must(Right::ManageTracking)?;
    const SQL: &str = "UPDATE tracking_source SET write_key = $1, updated_at = $2 WHERE id = $3";
    if unit.run(SQL, values![chance::secret(rng), at.0, id.0]).await? == 0 {
        return Err(Refusal::Missing.into());
    }
    audit::note(unit, by, at, Deed::new("source.key_changed", "source", id.0)).await?;
    Ok(())
}

/// Switches a source off or on again. One that is off is answered like one that never was.
pub async fn set_active(unit: &Write, by: &Actor, id: SourceId, active: bool, at: Timestamp) -> Result<(), Trouble> {
    by.must(Right::ManageTracking)?;
    const SQL: &str = "UPDATE tracking_source SET active = $1, updated_at = $2 WHERE id = $3";
    if unit.run(SQL, values![i16::from(active), at.0, id.0]).await? == 0 {
        return Err(Refusal::Missing.into());
    }
    let action = if active { "source.switched_on" } else { "source.switched_off" };
    audit::note(unit, by, at, Deed::new(action, "source", id.0)).await?;
    Ok(())
}

/// Whether some source that is on takes browsers from this origin: all a browser's question beforehand can be answered by,
/// for it names no key (Fetch, CORS preflight).
pub async fn any_admits(rows: &Rows, origin: &str) -> Result<bool, Fault> {
    Ok(list(rows).await?.iter().any(|source| source.active && source.admits(origin)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_kept_as_browsers_send_them() {
        assert_eq!(origin("www.almara.example").as_deref(), Some("https://www.almara.example"));
        assert_eq!(origin("HTTPS://Shop.Example:443/a?b").as_deref(), Some("https://shop.example"));
        assert_eq!(origin("http://127.0.0.1:8080").as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(origin("ftp://a.example"), None);
        assert_eq!(origin("https://"), None);
    }
}

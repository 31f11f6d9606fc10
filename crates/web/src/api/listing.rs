//! Lists page by page, and the parameters of a question.

use crate::door::{Answer, Trouble};
use axum::{extract::FromRequestParts, http::request::Parts};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use crm::Refusal;
use kernel::{Sentence, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use std::convert::Infallible;

/// The names and values behind the question mark.
pub struct Params(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or("");
        Ok(Self(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

impl Params {
    /// Refuses names this question does not know: a mistyped filter must not look like none.
    pub fn only(self, names: &[&str]) -> Answer<Self> {
        match self.0.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            None => Ok(self),
            Some((name, _)) => {
                let sentence = Sentence::new("api-unknown-field").with("field", name).with("fitting", names.join(", "));
                Err(Refusal::field(name.as_str(), "unknown_parameter", sentence).into())
            }
        }
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub fn id(&self, name: &str) -> Answer<Option<i64>> {
        self.text(name).map(|text| text.parse().map_err(|_| misfit(name, text))).transpose()
    }

    /// How many entries of a page are wanted: 1 to 200, 50 when it is not said.
    pub fn limit(&self) -> Answer<i64> {
        let Some(limit) = self.id("limit")? else { return Ok(50) };
        if (1..=200).contains(&limit) { Ok(limit) } else { Err(misfit("limit", "1 … 200")) }
    }

    /// Where the page begins: `next` of the one before.
    pub fn cursor<T: DeserializeOwned>(&self) -> Answer<Option<T>> {
        let Some(text) = self.text("cursor") else { return Ok(None) };
        let foreign = || Trouble::from(Refusal::field("cursor", "cursor", Sentence::new("api-cursor-invalid")));
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| foreign())?;
        serde_json::from_slice(&bytes).map(Some).map_err(|_| foreign())
    }
}

/// Says that a parameter's value does not fit.
pub fn misfit(name: &str, detail: &str) -> Trouble {
    let sentence = Sentence::new("api-parameter-invalid").with("field", name).with("detail", detail);
    Refusal::field(name, "invalid", sentence).into()
}

/// What `next` says of a place in a list.
pub fn cursor(place: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default())
}

/// An instant as the API writes it.
pub fn instant(micros: i64) -> String {
    Timestamp(micros).rfc3339()
}

/// An instant as the API reads it.
pub fn read_instant(field: &str, text: &str) -> Answer<Timestamp> {
    Timestamp::parse_rfc3339(text)
        .ok_or_else(|| Refusal::field(field, "not_a_time", Sentence::new("api-not-a-time")).into())
}

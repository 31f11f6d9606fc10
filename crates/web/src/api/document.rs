//! Reading JSON as programs send it: bounded in depth and size, nothing unknown, and every misfit named by its path.

use crate::door::Trouble;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::header,
};
use crm::Refusal;
use kernel::Sentence;
use serde::de::DeserializeOwned;
use serde_json::{Value, error::Category};

/// A body not read yet: a handler first asks for the right, then reads.
pub struct Document(Bytes);

impl<S: Send + Sync> FromRequest<S> for Document {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        if !(kind.is_empty() || kind == "application/json" || kind.ends_with("+json")) {
            return Err(Trouble::Status(axum::http::StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        Bytes::from_request(request, state).await.map(Self).map_err(Trouble::body)
    }
}

impl Document {
    /// The body as a value of the program's asking. An empty body reads as `{}`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Trouble> {
        let bytes: &[u8] = if self.0.is_empty() { b"{}" } else { &self.0 };
        // 128 levels at most: serde_json refuses deeper nesting before it costs anything.
        let value: Value = serde_json::from_slice(bytes).map_err(|error| unreadable(&error))?;
        if let Some(path) = nul(&value, String::new()) {
            return Err(Refusal::field(path, "nul", Sentence::new("api-nul")).into());
        }
        Self::value(value)
    }

    /// A part of a body as a value of the program's asking.
    pub fn value<T: DeserializeOwned>(value: Value) -> Result<T, Trouble> {
        T::deserialize(value).map_err(|error| misfit(&error))
    }
}

fn unreadable(error: &serde_json::Error) -> Trouble {
    let text = error.to_string();
    if text.starts_with("recursion limit exceeded") {
        return Trouble::Unreadable(Sentence::new("api-too-deep"));
    }
    let key = if error.classify() == Category::Eof { "api-json-ends" } else { "api-json-broken" };
    Trouble::Unreadable(Sentence::new(key).with("line", error.line()).with("column", error.column()))
}

/// Serde says in words what does not fit; the field's name stands between backticks.
fn misfit(error: &serde_json::Error) -> Trouble {
    let text = error.to_string();
    let named = text.split('`').nth(1).unwrap_or_default();
    let (field, code, sentence) = if text.starts_with("unknown field") {
        let fitting: Vec<&str> = text.split('`').skip(3).step_by(2).collect();
        let sentence = Sentence::new("api-unknown-field").with("field", named).with("fitting", fitting.join(", "));
        (named, "unknown_field", sentence)
    } else if text.starts_with("missing field") {
        (named, "required", Sentence::new("api-required").with("field", named))
    } else {
        ("", "wrong_type", Sentence::new("api-wrong-type").with("detail", &text))
    };
    Refusal::field(field, code, sentence).into()
}

/// The path of a text with a NUL in it: no database column takes one.
fn nul(value: &Value, path: String) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then_some(path),
        Value::Array(items) => items.iter().enumerate().find_map(|(n, item)| nul(item, format!("{path}[{n}]"))),
        Value::Object(members) => members.iter().find_map(|(name, item)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            if name.contains('\0') { Some(path.replace('\0', "")) } else { nul(item, path) }
        }),
        _ => None,
    }
}

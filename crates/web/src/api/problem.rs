//! Trouble as a program reads it: `application/problem+json` (RFC 9457) with a stable code.

use crate::door::{Trouble, trouble};
use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use crm::Refusal;
use kernel::{Locale, Sentence, sentence::say};
use serde::Serialize;
use std::convert::Infallible;

/// A problem document.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Address of the code's description.
    #[serde(rename = "type")]
    #[schema(example = "/api#problem-invalid")]
    pub kind: String,
    #[schema(example = "The values do not fit")]
    pub title: String,
    #[schema(example = 422)]
    pub status: u16,
    /// Stable name of the trouble.
    #[schema(example = "invalid")]
    pub code: &'static str,
    /// One sentence in the language of `Accept-Language` (English or German).
    pub detail: String,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// The right that is missing, for the code `right_missing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "see_contacts")]
    pub right: Option<&'static str>,
}

/// What is wrong with one field.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// Path of the field, e.g. `all[2].did.kind`.
    #[schema(example = "email")]
    pub field: String,
    /// Stable name of the complaint.
    #[schema(example = "required")]
    pub code: &'static str,
    pub detail: String,
}

/// The answer that carries the document.
pub fn document(trouble: &Trouble, locale: Locale) -> Response {
    trouble::log(trouble);
    let status = trouble.status();
    let status = if matches!(trouble, Trouble::SignIn { .. }) { axum::http::StatusCode::UNAUTHORIZED } else { status };
    let (detail, errors, right) = match trouble {
        Trouble::Refusal(Refusal::Right(right)) => {
            let name = say(locale, &format!("right-{}", right.code()), None);
            (Sentence::new("door-right-named").with("right", name).say(locale), vec![], Some(right.code()))
        }
        Trouble::Refusal(Refusal::Invalid(complaints)) => {
            let errors = complaints
                .iter()
                .map(|c| FieldProblem { field: c.field.clone(), code: c.code, detail: c.sentence.say(locale) })
                .collect();
            (trouble.sentence().say(locale), errors, None)
        }
        _ => (trouble.sentence().say(locale), vec![], None),
    };
    let code = trouble.code();
    let problem = Problem {
        kind: format!("/api#problem-{code}"),
        title: say(locale, crate::door::notice::title(trouble), None),
        status: status.as_u16(),
        code,
        detail,
        errors,
        right,
    };
    let mut response = (status, trouble::headers(trouble), axum::Json(problem)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// The language a program asks to be told things in: `Accept-Language`, else English.
#[derive(Clone, Copy, Debug)]
pub struct Language(pub Locale);

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(crate::door::seat::accepted(&parts.headers).unwrap_or(Locale::En)))
    }
}

//! The one boundary that turns trouble into a page or a problem document (RFC 9457).
//!
//! Handlers answer a [`Trouble`]; what their framework refuses by itself (a body too large, a method nobody listens to)
//! passes through here too. A fault is logged once, here.

use super::{House, Seat, notice};
use axum::{
    body::Body,
    extract::{Request, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use crm::Refusal;
use kernel::{Fault, Sentence};
use std::{any::Any, sync::Arc};

/// Why a request is not answered as asked.
#[derive(Debug)]
pub enum Trouble {
    Refusal(Refusal),
    Fault(Fault),
    /// Nobody is signed in; afterwards the person wants to go on there.
    SignIn {
        then: String,
    },
    /// No token, or one that does not hold.
    NoToken,
    /// The change does not come from a page of this session.
    Forged,
    /// Too often; when it may be tried again.
    TooMany {
        seconds: i64,
    },
    TooLarge,
    /// The request cannot be read.
    Unreadable(Sentence),
    /// The framework refused by itself.
    Status(StatusCode),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<crm::Trouble> for Trouble {
    fn from(trouble: crm::Trouble) -> Self {
        match trouble {
            crm::Trouble::Refusal(refusal) => Self::Refusal(refusal),
            crm::Trouble::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl Trouble {
    pub const MISSING: Self = Self::Refusal(Refusal::Missing);

    pub fn body(rejection: BytesRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            _ => Self::Unreadable(Sentence::new("door-unreadable")),
        }
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refusal(Refusal::Right(_)) | Self::Forged => StatusCode::FORBIDDEN,
            Self::Refusal(Refusal::Missing) => StatusCode::NOT_FOUND,
            Self::Refusal(Refusal::Stale | Refusal::State(_)) => StatusCode::CONFLICT,
            Self::Refusal(Refusal::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refusal(Refusal::Away(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(Fault::DiskFull(_)) => StatusCode::INSUFFICIENT_STORAGE,
            Self::Fault(Fault::Busy(_) | Fault::Collision(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Status(status) => *status,
        }
    }

    /// Stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refusal(Refusal::Right(_)) => "right_missing",
            Self::Refusal(Refusal::Missing) => "not_found",
            Self::Refusal(Refusal::Stale) => "stale",
            Self::Refusal(Refusal::State(_)) => "state",
            Self::Refusal(Refusal::Invalid(_)) => "invalid",
            Self::Refusal(Refusal::Away(_)) => "away",
            Self::Fault(Fault::DiskFull(_)) => "disk_full",
            Self::Fault(Fault::Busy(_) | Fault::Collision(_)) => "busy",
            Self::Fault(_) => "fault",
            Self::SignIn { .. } | Self::NoToken => "not_signed_in",
            Self::Forged => "forged",
            Self::TooMany { .. } => "too_many",
            Self::TooLarge => "too_large",
            Self::Unreadable(_) => "unreadable",
            Self::Status(StatusCode::NOT_FOUND) => "not_found",
            Self::Status(StatusCode::METHOD_NOT_ALLOWED) => "method_not_allowed",
            Self::Status(StatusCode::PAYLOAD_TOO_LARGE) => "too_large",
            Self::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE) => "unsupported_media_type",
            Self::Status(StatusCode::SERVICE_UNAVAILABLE) => "busy",
            Self::Status(status) if status.is_server_error() => "fault",
            Self::Status(_) => "unreadable",
        }
    }

    /// What the person or program is told.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Refusal(Refusal::State(sentence) | Refusal::Away(sentence)) | Self::Unreadable(sentence) => {
                sentence.clone()
            }
            Self::Refusal(Refusal::Invalid(complaints)) => match complaints.as_slice() {
                [complaint] => complaint.sentence.clone(),
                _ => Sentence::new("door-invalid"),
            },
            Self::TooMany { seconds } => Sentence::new("door-too-many").with("seconds", seconds),
            _ => Sentence::new(match self.code() {
                "right_missing" => "door-right-missing",
                "not_found" => "door-not-found",
                "stale" => "door-stale",
                "disk_full" => "fault-disk-full",
                "busy" => "fault-busy",
                "not_signed_in" => "door-not-signed-in",
                "forged" => "door-forged",
                "too_large" => "door-too-large",
                "method_not_allowed" => "door-method-not-allowed",
                "unsupported_media_type" => "door-unsupported-media-type",
                "unreadable" => "door-unreadable",
                _ => "fault-database",
            }),
        }
    }
}

impl IntoResponse for Trouble {
    /// Only the status and the trouble itself: the boundary knows the language and whether a page is wanted.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Where no route matches.
pub async fn nothing_here() -> Trouble {
    Trouble::MISSING
}

/// A handler that panicked; the panic itself has been logged by the hook.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response<Body> {
    tracing::error!("A handler panicked");
    Trouble::Status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}

/// Says every trouble in the reader's language, as a page or as a problem document.
pub async fn boundary(State(house): State<House>, seat: Seat, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let fragment = request.headers().contains_key("hx-request");
    let program = request.uri().path().starts_with("/api/");
    let language = super::seat::accepted(request.headers());
    // A NUL is in no name and no search, and PostgreSQL does not take one.
    let mut response = match request.uri().to_string().contains("%00") {
        true => Trouble::Unreadable(Sentence::new("door-unreadable")).into_response(),
        false => next.run(request).await,
    };
    let trouble = match response.extensions_mut().remove::<Arc<Trouble>>() {
        Some(trouble) => trouble,
        None if bare(&response) => Arc::new(Trouble::Status(response.status())),
        None => return response,
    };
    let mut said = match &*trouble {
        Trouble::SignIn { then } if !program => return sign_in(then, fragment),
        trouble if program => crate::api::problem::document(trouble, language.unwrap_or(kernel::Locale::En)),
        trouble => page(&house, &seat, &method, trouble).await,
    };
    for (name, value) in response.headers() {
        if name == header::ALLOW {
            said.headers_mut().insert(name, value.clone());
        }
    }
    said
}

/// An error the framework answered with plain text of its own.
fn bare(response: &Response) -> bool {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    (status.is_client_error() || status.is_server_error()) && (kind.is_empty() || kind.starts_with("text/plain"))
}

/// To the login and back; a fragment asks the whole page to go.
fn sign_in(then: &str, fragment: bool) -> Response {
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("weiter", then).finish();
    let target = format!("/anmelden?{query}");
    let Ok(value) = HeaderValue::from_str(&target) else { return StatusCode::UNAUTHORIZED.into_response() };
    if fragment {
        (StatusCode::OK, [("hx-redirect", value)]).into_response()
    } else {
        (StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response()
    }
}

/// Logs a fault, once.
pub fn log(trouble: &Trouble) {
    match trouble {
        Trouble::Fault(fault @ (Fault::Busy(_) | Fault::Collision(_))) => {
            tracing::warn!(error = %fault, "A request was turned away");
        }
        Trouble::Fault(fault) => {
            let cause = std::error::Error::source(fault).map(ToString::to_string);
            tracing::error!(error = %fault, cause, "A request failed");
        }
        _ => {}
    }
}

/// The page of a trouble.
pub async fn page(house: &House, seat: &Seat, method: &Method, trouble: &Trouble) -> Response {
    log(trouble);
    let mut response = notice::page(house, seat, trouble).await;
    response.headers_mut().extend(headers(trouble));
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// `Retry-After` and `WWW-Authenticate`, where they belong.
pub fn headers(trouble: &Trouble) -> HeaderMap {
    let mut headers = HeaderMap::new();
    match trouble {
        Trouble::TooMany { seconds } => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        Trouble::NoToken => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Kundenkreis\""));
        }
        Trouble::Fault(Fault::Busy(_) | Fault::Collision(_)) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        _ => {}
    }
    headers
}

//! The pixel and the links of a mail. They answer when the log has it; where a link leads is looked up here and never taken
//! from the request.

use crate::door::{Answer, House, Trouble, trouble};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use crm::execution::Asked;
use kernel::Fault;

/// A transparent picture of one pixel (GIF89a).
const PIXEL: [u8; 43] = [
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x21, 0xf9, 4, 1, 0, 0, 0,
    0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b,
];

fn asked(method: &Method, headers: &HeaderMap) -> Asked {
    let agent = headers.get(header::USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    Asked { head: method == Method::HEAD, agent: agent.unwrap_or_default() }
}

/// Whoever sent it shall try again: nothing was recorded.
pub(super) fn later(fault: Fault) -> Trouble {
    trouble::log(&Trouble::Fault(fault));
    Trouble::Status(StatusCode::SERVICE_UNAVAILABLE)
}

/// `GET /o/<token>.gif`
pub async fn pixel(
    State(house): State<House>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Answer<Response> {
    let token = token.strip_suffix(".gif").unwrap_or(&token);
    if !house.reactions().opened(token, asked(&method, &headers)).await.map_err(later)? {
        return Err(Trouble::MISSING);
    }
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("image/gif"));
    let keep = (header::CACHE_CONTROL, HeaderValue::from_static("no-store, private"));
    Ok(([kind, keep], PIXEL.to_vec()).into_response())
}

/// `GET /c/<token>`: a reader is led on even when the click could not be recorded.
pub async fn click(
    State(house): State<House>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Answer<Response> {
    let reactions = house.reactions();
    let target = reactions.target(&token).await.map_err(later)?.ok_or(Trouble::MISSING)?;
    if let Err(fault) = reactions.clicked(&token, &target, asked(&method, &headers)).await {
        trouble::log(&Trouble::Fault(fault));
    }
    let location = HeaderValue::from_str(&target).map_err(|_| Trouble::MISSING)?;
    Ok((StatusCode::FOUND, [(header::LOCATION, location)]).into_response())
}

//! The door trackers speak to: Segment's HTTP tracking API and its dialects. The content type says nothing here, because every
//! client sends another one; what counts is the packing, then JSON.
//!
//! Answers are never a redirect (a client takes 3xx for delivered), 400 where trying again would not help, 429 with
//! `Retry-After` where it would.

use super::{
    body::{self, Trouble as Unread},
    cross_origin,
};
use crate::door::{Address, House, Trouble, trouble};
use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use crm::interactions::tracking::{self, Call, Delivery, Source, Unreadable};
use kernel::Fault;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Larger bodies are unpacked and read beside the threads that answer, a few at a time.
const LARGE: usize = 16 * 1024;

/// What an address under `/v1/` stands for.
enum Means {
    /// Events that say themselves what they are.
    Batch,
    One(Call),
    /// Figures of the client about itself: nothing to keep.
    Nothing,
}

fn means(call: &str) -> Option<Means> {
    Some(match call {
        "batch" | "b" | "import" => Means::Batch,
        "track" | "t" => Means::One(Call::Track),
        "page" | "p" => Means::One(Call::Page),
        "screen" | "s" => Means::One(Call::Screen),
        "identify" | "i" => Means::One(Call::Identify),
        "group" | "g" => Means::One(Call::Group),
        "alias" | "a" => Means::One(Call::Alias),
        "m" => Means::Nothing,
        _ => return None,
    })
}

/// `POST /v1/{call}`
pub async fn take(
    State(house): State<House>,
    address: Address,
    Path(call): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let origin = cross_origin::origin(&headers);
    match taken(&house, &address, &call, &headers, body).await {
        Ok(mut response) | Err(Refused::Read(mut response)) => {
            if let Some(origin) = origin {
                cross_origin::allow(&mut response, origin);
            }
            response
        }
        Err(Refused::Unread(response)) => response,
    }
}

/// An answer that is no success: one the page that asked may read, and one it may not.
enum Refused {
    Read(Response),
    Unread(Response),
}

async fn taken(
    house: &House,
    address: &Address,
    call: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let Some(means) = means(call) else { return Err(Refused::Unread(no(StatusCode::NOT_FOUND, "no such call"))) };
    let call = match means {
        Means::Nothing => return Ok(success()),
        Means::Batch => None,
        Means::One(call) => Some(call),
    };
    house.limits.tracker(address, house.now()).map_err(|trouble| Refused::Read(later(&trouble)))?;
    let mut source = match basic(headers) {
        Some(key) => Some(admitted(house, address, headers, &key).await?),
        None => None,
    };
    let read = match body::read(body).await {
        Ok(bytes) => delivery(bytes, body::packing(headers), call).await,
        Err(unread) => Err(unread),
    };
    let delivery = read.map_err(|unread| {
        if let Some(source) = &source {
            let too_large = unread == Unread::TooLarge;
            let reason = if too_large { "tracking-refused-body-too-large" } else { "tracking-refused-body" };
            house.tracking.unreadable(source, reason);
        }
        Refused::Read(match unread {
            Unread::TooLarge => no(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 4 MB"),
            Unread::Unreadable => no(StatusCode::BAD_REQUEST, "the body is not readable JSON"),
            Unread::UnknownPacking => no(StatusCode::UNSUPPORTED_MEDIA_TYPE, "this content encoding is not known here"),
        })
    })?;
    if source.is_none() {
        let key = delivery.write_key.as_deref().unwrap_or_default();
        source = Some(admitted(house, address, headers, key).await?);
    }
    let Some(source) = source else { return Err(Refused::Unread(no(StatusCode::UNAUTHORIZED, "unknown write key"))) };
    let agent = headers.get(header::USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()).into_owned());
    let taken = house.tracking.take(source, delivery, &agent.unwrap_or_default()).await;
    let taken = taken.map_err(|fault| Refused::Read(busy(fault)))?;
    match taken.unreadable.as_slice() {
        [] => Ok(success()),
        wrong => Err(Refused::Read(complaint(wrong))),
    }
}

/// The source of a write key, if a browser on this page may speak for it.
async fn admitted(house: &House, address: &Address, headers: &HeaderMap, key: &str) -> Result<Source, Refused> {
    let found = house.tracking.source(key).await.map_err(|fault| Refused::Read(busy(fault)))?;
    let Some(source) = found else {
        let answer = match house.limits.unknown_key(address, house.now()) {
            Ok(()) => no(StatusCode::UNAUTHORIZED, "unknown write key"),
            Err(trouble) => later(&trouble),
        };
        return Err(Refused::Read(answer));
    };
    match cross_origin::origin(headers).filter(|origin| !source.admits(origin)) {
        Some(origin) => {
            house.tracking.turned_away(&source, origin);
            Err(Refused::Unread(no(StatusCode::FORBIDDEN, "this origin may not send for this source")))
        }
        None => Ok(source),
    }
}

/// The user name of Basic authentication (RFC 7617): trackers put their write key there, without a password.
fn basic(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = STANDARD.decode(rest.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    Some(pair.split_once(':').map_or(pair.as_str(), |(key, _)| key).to_owned())
}

async fn delivery(bytes: Vec<u8>, packing: String, call: Option<Call>) -> Result<Delivery, Unread> {
    let read = move |bytes: Vec<u8>| {
        let bytes = body::unpack(bytes, &packing)?;
        Delivery::read(&bytes, call).ok_or(Unread::Unreadable)
    };
    if bytes.len() < LARGE && !bytes.starts_with(&[0x1f, 0x8b]) {
        return read(bytes);
    }
    tracking::beside(move || read(bytes)).await.unwrap_or(Err(Unread::Unreadable))
}

fn success() -> Response {
    answer(StatusCode::OK, &json!({ "success": true }))
}

fn no(status: StatusCode, message: &str) -> Response {
    answer(status, &json!({ "success": false, "message": message }))
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (status, kind, body.to_string()).into_response()
}

/// 429 and when it may be tried again.
fn later(trouble: &Trouble) -> Response {
    let mut answer = no(StatusCode::TOO_MANY_REQUESTS, "too much at once, please try again later");
    answer.headers_mut().extend(trouble::headers(trouble));
    answer
}

/// Nothing was recorded, and trying again may help: all trackers do on 429 and 5xx.
fn busy(fault: Fault) -> Response {
    let busy = matches!(fault, Fault::Busy(_) | Fault::Collision(_));
    let trouble = Trouble::Fault(fault);
    trouble::log(&trouble);
    if busy {
        return later(&trouble);
    }
    let mut answer = no(StatusCode::SERVICE_UNAVAILABLE, "nothing can be recorded now, please try again later");
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    answer
}

/// Names the first events that could not be taken; all others were.
fn complaint(wrong: &[(usize, Unreadable)]) -> Response {
    let told: Vec<Value> = wrong
        .iter()
        .take(20)
        .map(|(place, why)| {
            let why = match why {
                Unreadable::NotAnEvent => "not a readable event",
                Unreadable::TooLarge => "larger than 32 KB",
                Unreadable::UnknownCall => "unknown type",
            };
            json!({ "event": place, "message": why })
        })
        .collect();
    let message = "some events cannot be taken; all others were recorded";
    answer(StatusCode::BAD_REQUEST, &json!({ "success": false, "message": message, "errors": told }))
}

/// `GET /v1/projects/{key}/settings`: what Segment's script asks for when it starts.
pub async fn settings(State(house): State<House>, Path(key): Path<String>) -> Response {
    let base = house.public_url.as_str().trim_end_matches('/');
    let (protocol, host) = base.split_once("://").unwrap_or(("https", base));
    open(match house.tracking.source(&key).await {
        Ok(Some(_)) => answer(
            StatusCode::OK,
            &json!({
                "integrations": { "Segment.io": { "apiKey": key, "apiHost": format!("{host}/v1"), "protocol": protocol,
                    "versionSettings": { "version": "4.4.7", "componentTypes": ["browser"] } } },
                "plan": { "track": { "__default": { "enabled": true, "integrations": {} } },
                    "identify": { "__default": { "enabled": true } }, "group": { "__default": { "enabled": true } } },
                "edgeFunction": {}, "analyticsNextEnabled": true, "middlewareSettings": {}, "enabledMiddleware": {},
                "metrics": { "sampleRate": 0 }, "legacyVideoPluginsEnabled": false, "remotePlugins": [],
            }),
        ),
        Ok(None) => no(StatusCode::NOT_FOUND, "unknown write key"),
        Err(fault) => busy(fault),
    })
}

/// `GET /sourceConfig/?writeKey=…`: the same for Rudder's script.
pub async fn source_config(
    State(house): State<House>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let key = basic(&headers).or_else(|| query.get("writeKey").cloned()).unwrap_or_default();
    open(match house.tracking.source(&key).await {
        Ok(Some(source)) => answer(
            StatusCode::OK,
            &json!({
                "source": {
                    "id": source.id.to_string(), "name": source.name, "writeKey": key, "enabled": true,
                    "workspaceId": "kundenkreis", "destinations": [], "connections": [], "dataplanes": {},
                    "config": { "statsCollection": { "errors": { "enabled": false }, "metrics": { "enabled": false } } },
                },
                "updatedAt": source.created_at.rfc3339(),
            }),
        ),
        Ok(None) => no(StatusCode::NOT_FOUND, "unknown write key"),
        Err(fault) => busy(fault),
    })
}

/// Every page may read it: it says nothing but what stands in the page anyway.
fn open(mut response: Response) -> Response {
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

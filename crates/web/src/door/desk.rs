//! The desk somebody signed in works at: who they are, what they may, and the house around them.

use super::{Address, House, Seat, Trouble};
use axum::{
    extract::FromRequestParts,
    http::{Method, request::Parts},
};
use crm::staff::{Actor, sessions::Session};
use kernel::Locale;
use std::{ops::Deref, sync::Arc};

/// A signed-in person with the house in reach: `desk.db`, `desk.now()`. Asking for one without a session leads to the
/// login page and back.
#[derive(Clone)]
pub struct Desk {
    pub house: House,
    pub actor: Actor,
    pub locale: Locale,
    pub session: Arc<Session>,
    pub address: Address,
    /// Notifications that wait for them.
    pub unread: i64,
}

impl Deref for Desk {
    type Target = House;

    fn deref(&self) -> &House {
        &self.house
    }
}

impl Desk {
    /// The secret every form carries in its hidden field `csrf`.
    pub fn csrf(&self) -> &str {
        &self.session.csrf
    }
}

impl FromRequestParts<House> for Desk {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Trouble> {
        let Ok(seat) = Seat::from_request_parts(parts, house).await;
        let Ok(address) = Address::from_request_parts(parts, house).await;
        let Some(session) = seat.session else { return Err(Trouble::SignIn { then: wanted(parts) }) };
        let actor = session.user.actor(&address.0);
        Ok(Self { house: house.clone(), actor, locale: seat.locale, session, address, unread: seat.unread })
    }
}

/// Where to go on after signing in: the page that was asked for, or the one a form or fragment belongs to.
fn wanted(parts: &Parts) -> String {
    let current = |name| {
        let text = parts.headers.get(name)?.to_str().ok()?;
        let url = url::Url::parse(text).ok()?;
        Some(url[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
    };
    if parts.headers.contains_key("hx-request") {
        current("hx-current-url").unwrap_or_else(|| "/".to_owned())
    } else if parts.method == Method::GET {
        parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
    } else {
        current("referer").unwrap_or_else(|| "/".to_owned())
    }
}

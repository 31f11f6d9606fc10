//! A program at the door: the token it shows decides what it may.

use crate::door::{Address, House, Trouble};
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use crm::staff::{Actor, tokens};
use std::ops::Deref;

/// A program with a token that holds, and the house in reach.
#[derive(Clone)]
pub struct Program {
    pub house: House,
    pub actor: Actor,
}

impl Deref for Program {
    type Target = House;

    fn deref(&self) -> &House {
        &self.house
    }
}

impl FromRequestParts<House> for Program {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Trouble> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let secret = header.and_then(|text| {
            let (scheme, secret) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
        });
        let rows = house.db.read().await?;
        let token = tokens::find(&rows, secret.ok_or(Trouble::NoToken)?).await?.ok_or(Trouble::NoToken)?;
        drop(rows);
        let now = house.now();
        if token.is_due(now)
            && let Err(fault) = note_use(house, &token).await
        {
            // Reading goes on where nothing can be written.
            tracing::warn!(error = %fault, "A token's last use could not be noted");
        }
        let Ok(address) = Address::from_request_parts(parts, house).await;
        let program = Self { house: house.clone(), actor: token.actor(&address.0) };
        parts.extensions.insert(program.clone());
        Ok(program)
    }
}

async fn note_use(house: &House, token: &tokens::Token) -> Result<(), kernel::Fault> {
    let unit = house.db.write().await?;
    token.touch(&unit, house.now()).await?;
    unit.save().await
}

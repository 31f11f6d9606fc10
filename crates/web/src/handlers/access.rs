//! Administration: the tokens programs come in with.

use super::users::{choices, roles};
use crate::{
    door::{Answer, Desk, Fields, House, Path, Trouble, framing::role_name},
    pages::{
        Banner, Place, Toast, draw,
        staff::{AccessPage, FreshToken, TokenRow},
    },
};
use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    Refusal,
    staff::{
        Right,
        tokens::{self, Token},
    },
};
use kernel::{TokenId, chance, sentence::say};
use std::collections::HashMap;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/verwaltung/zugaenge", get(list).post(create))
        .route("/verwaltung/zugaenge/{id}/entziehen", post(revoke))
}

async fn list(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let revoked = query.get("getan").is_some_and(|done| done == "access-was-revoked");
    let toast = revoked.then(|| Toast { text: say(desk.locale, "access-was-revoked", None), undo: None });
    page(&desk, StatusCode::OK, None, toast, &Fields::default(), String::new()).await
}

async fn create(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::ManageTokens)?;
    let (name, roles) = (fields.get("name"), roles(&fields)?);
    let unit = desk.db.write().await?;
    match tokens::create(&unit, &desk.actor, name, &roles, desk.now(), &mut chance::system()).await {
        Ok((_, secret)) => {
            unit.save().await?;
            let fresh = Some(FreshToken { name: name.trim().to_owned(), secret });
            page(&desk, StatusCode::CREATED, fresh, None, &Fields::default(), String::new()).await
        }
        Err(crm::Trouble::Refusal(refusal @ Refusal::Invalid(_))) => {
            drop(unit);
            let error = Trouble::Refusal(refusal).sentence().say(desk.locale);
            page(&desk, StatusCode::UNPROCESSABLE_ENTITY, None, None, &fields, error).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn revoke(desk: Desk, Path(id): Path<TokenId>) -> Answer<Response> {
    let unit = desk.db.write().await?;
    tokens::revoke(&unit, &desk.actor, id, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to("/verwaltung/zugaenge?getan=access-was-revoked").into_response())
}

async fn page(
    desk: &Desk,
    status: StatusCode,
    fresh: Option<FreshToken>,
    toast: Option<Toast>,
    typed: &Fields,
    error: String,
) -> Answer<Response> {
    desk.actor.must(Right::ManageTokens)?;
    let locale = desk.locale;
    let row = |token: Token| TokenRow {
        id: token.id.0,
        name: token.name,
        roles: token.roles.iter().map(|role| role_name(*role, locale)).collect(),
        created: locale.moment(token.created_at, &desk.zone),
        last: token.last_used_at.map_or_else(|| say(locale, "users-never", None), |at| locale.moment(at, &desk.zone)),
        revoked: token.revoked_at.is_some(),
    };
    let found = tokens::list(&desk.db.read().await?).await?;
    let page = AccessPage {
        frame: desk.frame().at(Place::Access, say(locale, "access-title", None)).with_toast(toast),
        tokens: found.into_iter().map(row).collect(),
        fresh,
        notice: (!error.is_empty()).then(|| Banner::bad("", error.clone())),
        new_name: typed.get("name").to_owned(),
        new_roles: choices(desk, |role| typed.all("rolle").any(|code| code == role.code())),
        new_error: error,
    };
    Ok(draw(status, &page))
}

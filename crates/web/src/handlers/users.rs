//! Administration: people, their roles, and the one-time links they choose a password with.

use crate::{
    door::{
        Answer, Desk, Fields, House, Path, Trouble,
        framing::{right_name, role_name},
    },
    pages::{
        Banner, Choice, Place, Toast, draw,
        staff::{FreshLink, RightRow, UserRow, UsersPage},
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
        Right, Role,
        links::{self, Purpose},
        users::{self, NewUser, User},
    },
};
use kernel::{Sentence, UserId, chance, sentence::say};
use std::collections::HashMap;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/verwaltung/benutzer", get(list).post(create))
        .route("/verwaltung/benutzer/{id}/aendern", post(change))
        .route("/verwaltung/benutzer/{id}/aktiv", post(set_active))
        .route("/verwaltung/benutzer/{id}/link", post(issue_link))
}

/// What one answer adds to the page.
#[derive(Default)]
struct Aside {
    fresh_link: Option<FreshLink>,
    notice: Option<Banner>,
    toast: Option<Toast>,
    typed: Fields,
    new_error: String,
}

/// What was just done, by the key of its words.
const DONE: [&str; 3] = ["users-changed", "users-deactivated", "users-activated"];

async fn list(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let done = query.get("getan").and_then(|done| DONE.into_iter().find(|key| key == done));
    let toast = done.map(|key| Toast { text: say(desk.locale, key, None), undo: None });
    page(&desk, StatusCode::OK, Aside { toast, ..Aside::default() }).await
}

async fn create(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::ManageUsers)?;
    let (roles, now) = (roles(&fields)?, desk.now());
    let unit = desk.db.write().await?;
    let new = NewUser { login: fields.get("login"), name: fields.get("name"), roles: &roles, locale: desk.locale };
    let made = async {
        let id = users::create(&unit, &desk.actor, new, now).await?;
        links::issue(&unit, &desk.actor, id, Purpose::Invitation, now, &mut chance::system()).await
    };
    match made.await {
        Ok(secret) => {
            unit.save().await?;
            let fresh_link = Some(fresh(&desk, fields.get("name"), &secret, Purpose::Invitation));
            page(&desk, StatusCode::CREATED, Aside { fresh_link, ..Aside::default() }).await
        }
        Err(crm::Trouble::Refusal(refusal @ Refusal::Invalid(_))) => {
            drop(unit);
            let new_error = Trouble::Refusal(refusal).sentence().say(desk.locale);
            let notice = Some(Banner::bad("", new_error.clone()));
            let aside = Aside { new_error, notice, typed: fields, ..Aside::default() };
            page(&desk, StatusCode::UNPROCESSABLE_ENTITY, aside).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn change(desk: Desk, Path(id): Path<UserId>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::ManageUsers)?;
    let (roles, now) = (roles(&fields)?, desk.now());
    let unit = desk.db.write().await?;
    let user = users::find(&unit, id).await?.ok_or(Trouble::MISSING)?;
    let login = if fields.has("login") { fields.get("login") } else { &user.login };
    let changed = async {
        users::rename(&unit, &desk.actor, id, login, fields.get("name"), now).await?;
        users::set_roles(&unit, &desk.actor, id, &roles, now).await
    };
    match changed.await {
        Ok(()) => {
            unit.save().await?;
            Ok(done("users-changed"))
        }
        Err(trouble) => {
            drop(unit);
            refused(&desk, trouble.into()).await
        }
    }
}

async fn set_active(desk: Desk, Path(id): Path<UserId>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::ManageUsers)?;
    let active = fields.get("aktiv") == "1";
    let unit = desk.db.write().await?;
    match users::set_active(&unit, &desk.actor, id, active, desk.now()).await {
        Ok(()) => {
            unit.save().await?;
            Ok(done(if active { "users-activated" } else { "users-deactivated" }))
        }
        Err(trouble) => {
            drop(unit);
            refused(&desk, trouble.into()).await
        }
    }
}

async fn issue_link(desk: Desk, Path(id): Path<UserId>) -> Answer<Response> {
    desk.actor.must(Right::ManageUsers)?;
    let unit = desk.db.write().await?;
    let user = users::find(&unit, id).await?.ok_or(Trouble::MISSING)?;
    let purpose = if user.has_password { Purpose::Reset } else { Purpose::Invitation };
    match links::issue(&unit, &desk.actor, id, purpose, desk.now(), &mut chance::system()).await {
        Ok(secret) => {
            unit.save().await?;
            let fresh_link = Some(fresh(&desk, &user.name, &secret, purpose));
            page(&desk, StatusCode::CREATED, Aside { fresh_link, ..Aside::default() }).await
        }
        Err(trouble) => {
            drop(unit);
            refused(&desk, trouble.into()).await
        }
    }
}

/// The list again with the sentence above it; a missing right or record becomes its own page.
async fn refused(desk: &Desk, trouble: Trouble) -> Answer<Response> {
    match trouble {
        Trouble::Refusal(Refusal::Invalid(_) | Refusal::State(_)) => {
            let notice = Some(Banner::bad("", trouble.sentence().say(desk.locale)));
            page(desk, trouble.status(), Aside { notice, ..Aside::default() }).await
        }
        other => Err(other),
    }
}

fn done(what: &str) -> Response {
    Redirect::to(&format!("/verwaltung/benutzer?getan={what}")).into_response()
}

fn fresh(desk: &Desk, name: &str, secret: &str, purpose: Purpose) -> FreshLink {
    let until = desk.now().plus(purpose.lifetime());
    FreshLink {
        name: name.to_owned(),
        url: desk.link(&format!("/einladung/{secret}")),
        until: desk.locale.moment(until, &desk.zone),
    }
}

/// The roles ticked in a form.
pub fn roles(fields: &Fields) -> Answer<Vec<Role>> {
    let known = |code: &str| {
        let unknown = || Refusal::field("rolle", "unknown", Sentence::new("staff-role-unknown").with("role", code));
        Role::parse(code).ok_or_else(unknown)
    };
    Ok(fields.all("rolle").map(known).collect::<Result<_, _>>()?)
}

/// All roles as boxes to tick.
pub fn choices(desk: &Desk, chosen: impl Fn(Role) -> bool) -> Vec<Choice> {
    Role::ALL.iter().map(|role| Choice::new(role.code(), role_name(*role, desk.locale), chosen(*role))).collect()
}

async fn page(desk: &Desk, status: StatusCode, aside: Aside) -> Answer<Response> {
    desk.actor.must(Right::ManageUsers)?;
    let locale = desk.locale;
    let found = users::list(&desk.db.read().await?).await?;
    let row = |user: User| UserRow {
        id: user.id.0,
        roles: user.roles.iter().map(|role| role_name(*role, locale)).collect(),
        choices: choices(desk, |role| user.roles.contains(&role)),
        last: user.last_login_at.map_or_else(|| say(locale, "users-never", None), |at| locale.moment(at, &desk.zone)),
        active: user.active,
        invited: !user.has_password,
        is_self: Some(user.id) == desk.actor.user(),
        name: user.name,
        login: user.login,
    };
    let rights = Right::ALL.iter().map(|right| RightRow {
        label: right_name(*right, locale),
        given: Role::ALL.iter().map(|role| role.may(*right)).collect(),
    });
    let page = UsersPage {
        frame: desk.frame().at(Place::Users, say(locale, "users-title", None)).with_toast(aside.toast),
        subtitle: Sentence::new("users-subtitle").with("count", found.len()).say(locale),
        users: found.into_iter().map(row).collect(),
        fresh_link: aside.fresh_link,
        notice: aside.notice,
        new_name: aside.typed.get("name").to_owned(),
        new_login: aside.typed.get("login").to_owned(),
        new_roles: choices(desk, |role| aside.typed.all("rolle").any(|code| code == role.code())),
        new_error: aside.new_error,
        roles: Role::ALL.iter().map(|role| role_name(*role, locale)).collect(),
        rights: rights.collect(),
    };
    Ok(draw(status, &page))
}

//! One value for many contacts: chosen in the list, looked at, done, taken back.

use super::filter::Filter;
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    pages::{
        Place,
        contacts_bulk::{BulkMenu, BulkPage},
        draw,
    },
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    customers::{self, Bulk, BulkField, ContactKind, Whom},
    staff::{Right, users},
};
use kernel::{Sentence, sentence::say};
use std::collections::HashMap;
use store::{Rows, jobs};

/// The menus of the bar: what can be set for those who are chosen.
pub async fn menus(desk: &Desk, rows: &Rows, archived: bool) -> Answer<Vec<BulkMenu>> {
    let locale = desk.locale;
    let word = |key: &str| say(locale, key, None);
    let kinds = ContactKind::ALL.iter().map(|kind| (format!("kind:{}", kind.code()), kind.label().say(locale)));
    let staff = users::list(rows).await?.into_iter().filter(|user| user.active);
    let mut owners: Vec<(String, String)> = staff.map(|user| (format!("owner:{}", user.id.0), user.name)).collect();
    owners.push(("owner:".to_owned(), word("list-bulk-nobody")));
    let languages = [("de", "contacts-language-de"), ("en", "contacts-language-en"), ("", "contacts-language-none")];
    let away = if archived { ("archived:", "list-bulk-restore") } else { ("archived:1", "list-bulk-archive") };
    let menu =
        |key, label: &str, icon, choices: Vec<(String, String)>| BulkMenu { key, label: word(label), icon, choices };
    Ok(vec![
        menu("art", "contacts-kind", "user", kinds.collect()),
        menu("betreuung", "contacts-owner", "user-check", owners),
        menu(
            "sprache",
            "contacts-language",
            "language",
            languages.map(|(code, key)| (format!("language:{code}"), word(key))).into(),
        ),
        menu("ablage", "list-bulk-away", "folder", vec![(away.0.to_owned(), word(away.1))]),
    ])
}

/// `POST /kontakte/sammel`: who (`kontakt` repeated, or `alle` with the list's address) and what (`was`, as `field:value`).
pub async fn plan(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let (field, value) = fields.get("was").split_once(':').ok_or(Trouble::MISSING)?;
    let field = BulkField::of(field).ok_or(Trouble::MISSING)?;
    let words: HashMap<String, String> =
        url::form_urlencoded::parse(fields.get("liste").as_bytes()).into_owned().collect();
    let filter = Filter::read(&words);
    let whom = if fields.has("alle") {
        let rows = desk.db.read().await?;
        Whom::All(filter.question(&desk, &rows).await?.0)
    } else {
        Whom::These(fields.all("kontakt").filter_map(|id| id.parse().ok()).collect())
    };
    let unit = desk.db.write().await?;
    let list = filter.nameless();
    let id = customers::plan_bulk(&unit, &desk.actor, whom, field, value, &list, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("/kontakte/sammel/{id}")).into_response())
}

/// `GET /kontakte/sammel/{id}`: what would happen, how far it is, or what happened.
pub async fn show(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let rows = desk.db.read().await?;
    let bulk = customers::find_bulk(&rows, &desk.actor, id).await?;
    let locale = desk.locale;
    let mut said = Sentence::new(match (bulk.state.as_str(), bulk.undoes) {
        ("planned", _) => "list-bulk-planned",
        ("running", _) => "list-bulk-running",
        ("cancelled", _) => "list-bulk-cancelled",
        (_, None) => "list-bulk-done",
        (_, Some(_)) => "list-bulk-undone",
    })
    .with("n", bulk.total)
    .with("changed", bulk.changed)
    .with("done", bulk.done);
    if bulk.state == "planned" {
        said = said.with("unchanged", customers::preview_bulk(&rows, &bulk).await?.unchanged);
    }
    // A job that ended without saying so here has failed.
    let running = match bulk.job_id {
        Some(job) if bulk.state == "running" => jobs::find(&rows, kernel::JobId(job))
            .await?
            .is_some_and(|job| matches!(job.state.as_str(), "queued" | "running")),
        _ => false,
    };
    let percent = if bulk.total > 0 { (bulk.done * 100 / bulk.total).clamp(0, 100) } else { 100 };
    let page = BulkPage {
        frame: desk.frame().at(Place::Contacts, say(locale, "list-bulk-title", None)),
        id,
        what: what(&desk, &rows, &bulk).await?,
        text: said.say(locale),
        planned: bulk.state == "planned",
        running,
        percent,
        may_undo: bulk.undoes.is_none() && bulk.changed > 0 && matches!(bulk.state.as_str(), "done" | "cancelled"),
        list: bulk.list,
    };
    Ok(draw(StatusCode::OK, &page))
}

/// „Betreuung: Aylin Demir“.
async fn what(desk: &Desk, rows: &Rows, bulk: &Bulk) -> Answer<String> {
    let locale = desk.locale;
    let value = bulk.value.as_deref().unwrap_or_default();
    let said = match BulkField::of(&bulk.field) {
        Some(BulkField::Archived) => {
            return Ok(say(locale, if value.is_empty() { "list-bulk-restore" } else { "list-bulk-archive" }, None));
        }
        Some(BulkField::Kind) => super::kind_name(value, locale),
        Some(BulkField::Owner) if value.is_empty() => say(locale, "list-bulk-nobody", None),
        Some(BulkField::Owner) => {
            let staff = users::list(rows).await?;
            staff.into_iter().find(|user| user.id.0.to_string() == value).map(|user| user.name).unwrap_or_default()
        }
        Some(BulkField::Language) if value.is_empty() => say(locale, "contacts-language-none", None),
        Some(BulkField::Language) if matches!(value, "de" | "en") => {
            say(locale, &format!("contacts-language-{value}"), None)
        }
        _ => value.to_owned(),
    };
    Ok(format!("{}: {said}", customers::field_label(&bulk.field, &[], locale)))
}

/// `POST /kontakte/sammel/{id}/los`
pub async fn start(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let unit = desk.db.write().await?;
    let bulk = customers::start_bulk(&unit, &desk.actor, id, &desk.clock).await?;
    unit.save().await?;
    Ok(after(&desk, &bulk))
}

/// `POST /kontakte/sammel/{id}/zurueck`
pub async fn undo(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let unit = desk.db.write().await?;
    let bulk = customers::undo_bulk(&unit, &desk.actor, id, &desk.clock).await?;
    unit.save().await?;
    Ok(after(&desk, &bulk))
}

/// `POST /kontakte/sammel/{id}/abbruch`
pub async fn cancel(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let unit = desk.db.write().await?;
    customers::cancel_bulk(&unit, &desk.actor, id, &desk.clock).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("/kontakte/sammel/{id}")).into_response())
}

/// A few are done: back to the list, which offers to take it back. Many go on by themselves.
fn after(desk: &Desk, bulk: &Bulk) -> Response {
    if bulk.job_id.is_some() {
        desk.nudge.wake(jobs::TASK);
        return Redirect::to(&format!("/kontakte/sammel/{}", bulk.id)).into_response();
    }
    let sign = if bulk.list.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{}{sign}sammel={}", bulk.list, bulk.id)).into_response()
}

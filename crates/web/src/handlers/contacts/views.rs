//! Saved views of the list: kept, named, taken away and brought back.

use super::filter::Filter;
use crate::{
    door::{Answer, Desk, Fields, Path},
    pages::{Tab, contacts::ViewMenu},
};
use axum::response::{IntoResponse, Redirect, Response};
use crm::{
    customers::{self, ContactKind, ListView},
    staff::{ActorKind, Right},
};
use kernel::sentence::say;
use std::collections::HashMap;

/// The view of nobody: everything, also where the list opens with a view.
const NOBODYS: &str = "0";

/// The tabs above the list: everybody, the kinds, and the saved views.
pub fn tabs(desk: &Desk, filter: &Filter, saved: &[ListView], usual: Option<&ListView>) -> Vec<Tab> {
    let none = matches!(filter.get("ansicht"), "" | NOBODYS);
    let tab = |label: String, value: &str| Tab {
        label,
        href: filter.of_kind(value),
        current: none && filter.get("art") == value && filter.get("archiv").is_empty(),
        count: None,
    };
    let many = |kind: ContactKind| say(desk.locale, &format!("contacts-kinds-{}", kind.code()), None);
    let kinds = ContactKind::ALL.into_iter().map(|kind| tab(many(kind), kind.code()));
    let view = |view: &ListView| Tab {
        label: view.name.clone(),
        href: address(view),
        current: filter.get("ansicht") == view.id.to_string(),
        count: None,
    };
    let away = Tab {
        label: say(desk.locale, "list-archived", None),
        href: "/kontakte?archiv=1".to_owned(),
        current: none && !filter.get("archiv").is_empty(),
        count: None,
    };
    let mut all = tab(say(desk.locale, "contacts-all", None), "");
    if usual.is_some() && all.href == "/kontakte" {
        // There the list would open with the usual view.
        all.href = filter.with("ansicht", NOBODYS);
    }
    std::iter::once(all).chain(kinds).chain([away]).chain(saved.iter().map(view)).collect()
}

/// The list as a view keeps it.
pub fn address(view: &ListView) -> String {
    let words: HashMap<String, String> = url::form_urlencoded::parse(view.query.as_bytes()).into_owned().collect();
    Filter::read(&words).with("ansicht", &view.id.to_string())
}

/// What can be done with the view that is open.
pub fn menu(desk: &Desk, filter: &Filter, saved: &[ListView], usual: Option<&ListView>) -> Option<ViewMenu> {
    let view = saved.iter().find(|view| view.id.to_string() == filter.get("ansicht"))?;
    let usual = usual.is_some_and(|usual| usual.id == view.id);
    let mine = desk.actor.kind == ActorKind::User(kernel::UserId(view.owner_id));
    Some(ViewMenu { id: view.id, name: view.name.clone(), mine, usual })
}

/// `POST /kontakte/ansichten`
pub async fn save(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    let mut words: HashMap<String, String> =
        url::form_urlencoded::parse(fields.get("liste").as_bytes()).into_owned().collect();
    // Only what the list understands is kept, and neither the view it was made from nor what was searched for.
    words.remove("ansicht");
    let list = Filter::read(&words).nameless();
    let query = list.split_once('?').map_or("", |(_, query)| query);
    let unit = desk.db.write().await?;
    let shared = fields.has("geteilt");
    let id = customers::save_view(&unit, &desk.actor, fields.get("name"), query, shared, desk.now()).await?;
    unit.save().await?;
    let sign = if query.is_empty() { "" } else { "&" };
    Ok(Redirect::to(&format!("/kontakte?{query}{sign}ansicht={id}&da=ansicht")).into_response())
}

/// `POST /kontakte/ansichten/{id}`: another name, or the list's first view.
pub async fn change(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    match fields.get("deed") {
        "name" => customers::rename_view(&unit, &desk.actor, id, fields.get("name"), desk.now()).await?,
        "usual" => customers::set_default_view(&unit, &desk.actor, Some(id)).await?,
        _ => customers::set_default_view(&unit, &desk.actor, None).await?,
    }
    let views = customers::views(&unit, &desk.actor).await?;
    unit.save().await?;
    let place = views.iter().find(|view| view.id == id).map_or_else(|| "/kontakte".to_owned(), address);
    Ok(Redirect::to(&place).into_response())
}

/// `POST /kontakte/ansichten/{id}/weg`
pub async fn remove(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let unit = desk.db.write().await?;
    customers::remove_view(&unit, &desk.actor, id, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("/kontakte?da=ansicht-weg&war={id}")).into_response())
}

/// `POST /kontakte/ansichten/{id}/zurueck`
pub async fn restore(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let unit = desk.db.write().await?;
    customers::restore_view(&unit, &desk.actor, id, desk.now()).await?;
    let views = customers::views(&unit, &desk.actor).await?;
    unit.save().await?;
    let place = views.iter().find(|view| view.id == id).map_or_else(|| "/kontakte".to_owned(), address);
    Ok(Redirect::to(&place).into_response())
}

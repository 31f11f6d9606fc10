//! The list of contacts, and how many it holds.

use super::{
    bulk,
    columns::{self, Beside, Column},
    dotted,
    filter::Filter,
    kind_name, past, views,
};
use crate::{
    door::{Answer, Desk},
    handlers::duplicates,
    pages::{
        Place, SortHead, Tab, Toast,
        contacts::{ContactRow, ContactsPage, CountPart, FilterMenu},
        draw,
    },
};
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    customers::{self, ContactLine, Sort},
    intake::country,
    interactions, sales, selection,
    staff::{Right, users},
};
use kernel::{ContactId, Sentence, sentence::say};
use std::collections::HashMap;
use store::Rows;

/// Counted no further than this: the list is for looking, the segments are for counting.
const MOST: i64 = 10_000;

pub async fn show(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    let filter = Filter::read(&query);
    let rows = desk.db.read().await?;
    let usual = customers::default_view(&rows, &desk.actor).await?;
    if query.is_empty()
        && let Some(view) = &usual
    {
        return Ok(Redirect::to(&views::address(view)).into_response());
    }
    let saved = customers::views(&rows, &desk.actor).await?;
    let (question, filters) = filter.question(&desk, &rows).await?;
    let found = customers::contact_page(&rows, &desk.actor, &question).await?;
    let ids: Vec<ContactId> = found.lines.iter().map(|line| ContactId(line.id)).collect();
    let shown = Column::chosen(filter.get("spalten"));
    let staff = if shown.contains(&Column::Owner) { users::list(&rows).await? } else { Vec::new() };
    let beside = Beside {
        bought: sales::bought(&rows, &ids).await?,
        latest: interactions::latest(&rows, &ids).await?,
        staff: staff.into_iter().map(|user| (user.id.0, user.name)).collect(),
    };
    let (dense, archived) = (!filter.get("dichte").is_empty(), question.archived);
    let may_edit = desk.actor.may(Right::EditContacts);
    let exports = (filter.at("/kontakte/export/csv"), filter.at("/kontakte/export/xlsx"));
    let by_name = SortHead {
        label: say(desk.locale, "contacts-name", None),
        href: filter.with("sort", ""),
        order: (filter.sort() == Sort::Name).then_some("ascending"),
    };
    let list = filter.at("");
    let page = ContactsPage {
        frame: desk
            .frame()
            .at(Place::Contacts, say(desk.locale, "contacts-title", None))
            .with_toast(toast(&desk, &rows, &query).await?),
        search: filter.get("q").to_owned(),
        kept: filter.kept(),
        count_url: filter.at("/kontakte/anzahl"),
        views: views::tabs(&desk, &filter, &saved, usual.as_ref()),
        open_view: views::menu(&desk, &filter, &saved, usual.as_ref()),
        filters,
        more_filters: menus(&desk, &rows, &filter).await?,
        by_name,
        heads: shown.iter().map(|column| columns::head(&desk, &filter, *column)).collect(),
        columns: columns::menu(&desk, &filter),
        rows: found.lines.iter().map(|line| row(&desk, line, &shown, &beside)).collect(),
        next: found.next.map(|cursor| filter.behind(&cursor)),
        first: (!filter.is_first()).then(|| filter.at("/kontakte")),
        duplicates: duplicates::waiting(&desk, &rows).await?,
        bulk: if may_edit { bulk::menus(&desk, &rows, archived).await? } else { Vec::new() },
        list: list.trim_start_matches('?').to_owned(),
        exports: desk.actor.may(Right::ExportContacts).then_some(exports),
        dense,
        density: filter.with("dichte", if dense { "" } else { "eng" }),
        may_edit,
        may_import: desk.actor.may(Right::ImportData),
    };
    Ok(draw(StatusCode::OK, &page))
}

fn row(desk: &Desk, line: &ContactLine, shown: &[Column], beside: &Beside) -> ContactRow {
    ContactRow {
        id: line.id,
        name: line.display_name(),
        under: dotted([kind_name(&line.kind, desk.locale).as_str(), line.number.as_str()]),
        cells: shown.iter().map(|column| columns::cell(desk, *column, line, beside)).collect(),
    }
}

/// What was just done, and how it is taken back.
async fn toast(desk: &Desk, rows: &Rows, query: &HashMap<String, String>) -> Answer<Option<Toast>> {
    let deed = query.get("da").map_or("", String::as_str);
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<i64>().ok());
    if let Some(id) = number("sammel").filter(|_| desk.actor.may(Right::EditContacts)) {
        let bulk = customers::find_bulk(rows, &desk.actor, id).await?;
        let key = if bulk.undoes.is_some() { "list-bulk-undone" } else { "list-bulk-done" };
        let undo = bulk.undoes.is_none() && bulk.changed > 0;
        let text = Sentence::new(key).with("changed", bulk.changed).with("n", bulk.total).say(desk.locale);
        return Ok(Some(Toast { text, undo: undo.then(|| format!("/kontakte/sammel/{id}/zurueck")) }));
    }
    Ok(match (deed, number("war")) {
        ("ansicht", _) => Some(Toast { text: say(desk.locale, "list-view-saved", None), undo: None }),
        ("ansicht-weg", Some(id)) => Some(Toast {
            text: say(desk.locale, "list-view-removed", None),
            undo: Some(format!("/kontakte/ansichten/{id}/zurueck")),
        }),
        ("zurueck", _) => Some(past::toast(desk, query, "contact-past-done")),
        _ => None,
    })
}

async fn menus(desk: &Desk, rows: &Rows, filter: &Filter) -> Answer<Vec<FilterMenu>> {
    let menu = |key: &'static str, label: &str, choices: Vec<(String, String)>| FilterMenu {
        key,
        label: say(desk.locale, label, None),
        choices: choices
            .into_iter()
            .map(|(value, label)| Tab {
                label,
                href: filter.with(key, &value),
                current: filter.get(key) == value,
                count: None,
            })
            .collect(),
    };
    let countries = country::all(desk.locale).into_iter().map(|(code, name)| (code.to_owned(), name.to_owned()));
    let word = |value: &str, key: &str| (value.to_owned(), say(desk.locale, key, None));
    let mut menus = vec![
        menu("land", "contacts-country", countries.collect()),
        menu("email", "contacts-may-mail", vec![word("ja", "contacts-mail-yes"), word("nein", "contacts-mail-no")]),
    ];
    if desk.actor.may(Right::SeeSegments) {
        let segments = selection::list(rows, false).await?;
        if !segments.is_empty() {
            let named = segments.into_iter().map(|segment| (segment.id.to_string(), segment.name));
            menus.push(menu("segment", "contacts-segment", named.collect()));
        }
    }
    menus.retain(|menu| filter.get(menu.key).is_empty());
    Ok(menus)
}

pub async fn count(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let (question, _) = Filter::read(&query).question(&desk, &rows).await?;
    let found = customers::count_contacts(&rows, &desk.actor, &question, MOST as u64 + 1).await?;
    let text = if found > MOST {
        Sentence::new("contacts-many").with("n", MOST).say(desk.locale)
    } else {
        desk.locale.count(found)
    };
    Ok(draw(StatusCode::OK, &CountPart { text }))
}

//! The list of contacts, and how many it holds.

use super::{dotted, filter::Filter, kind_name, when};
use crate::{
    door::{Answer, Desk},
    pages::{
        Place, Sign, SortHead, Tab,
        contacts::{ContactRow, ContactsPage, CountPart, FilterMenu, LastTouch},
        draw,
    },
};
use axum::{extract::Query, http::StatusCode, response::Response};
use crm::{
    customers::{self, ContactKind, ContactLine, Sort},
    intake::country,
    interactions::{self, Latest},
    sales::{self, Bought},
    selection,
    staff::Right,
};
use kernel::{ContactId, Currency, Sentence, Timestamp, sentence::say};
use std::collections::HashMap;
use store::Rows;

/// Counted no further than this: the list is for looking, the segments are for counting.
const MOST: i64 = 10_000;

pub async fn show(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    let filter = Filter::read(&query);
    let rows = desk.db.read().await?;
    let (question, filters) = filter.question(&desk, &rows).await?;
    let found = customers::contact_page(&rows, &desk.actor, &question).await?;
    let ids: Vec<ContactId> = found.lines.iter().map(|line| ContactId(line.id)).collect();
    let bought = sales::bought(&rows, &ids).await?;
    let latest = interactions::latest(&rows, &ids).await?;
    let head = |key: &str, sort: &str, is: Sort, order: &'static str| SortHead {
        label: say(desk.locale, key, None),
        href: filter.with("sort", sort),
        order: (filter.sort() == is).then_some(order),
    };
    let page = ContactsPage {
        frame: desk.frame().at(Place::Contacts, say(desk.locale, "contacts-title", None)),
        search: filter.get("q").to_owned(),
        kept: filter.kept(),
        count_url: filter.at("/kontakte/anzahl"),
        views: views(&desk, &filter),
        filters,
        more_filters: menus(&desk, &rows, &filter).await?,
        by_name: head("contacts-name", "", Sort::Name, "ascending"),
        by_last: head("contacts-last", "letzte", Sort::LastInteraction, "descending"),
        by_since: head("contacts-since", "seit", Sort::Created, "descending"),
        rows: found.lines.into_iter().map(|line| row(&desk, line, &bought, &latest)).collect(),
        next: found.next.map(|cursor| filter.behind(&cursor)),
        first: (!filter.is_first()).then(|| filter.at("/kontakte")),
        bulk: Vec::new(),
        may_edit: desk.actor.may(Right::EditContacts),
        may_import: desk.actor.may(Right::ImportData),
    };
    Ok(draw(StatusCode::OK, &page))
}

fn row(
    desk: &Desk,
    line: ContactLine,
    bought: &HashMap<ContactId, Bought>,
    latest: &HashMap<ContactId, Latest>,
) -> ContactRow {
    let (id, locale) = (ContactId(line.id), desk.locale);
    let bought = bought.get(&id);
    ContactRow {
        id: line.id,
        name: line.display_name(),
        under: dotted([kind_name(&line.kind, locale).as_str(), line.number.as_str()]),
        may_mail: line.email_consent.map(|granted| granted == 1),
        last: latest.get(&id).map(|touch| LastTouch {
            sign: Sign::of(touch.channel.code(), touch.kind.code()),
            text: when::ago(touch.at, desk.now(), &desk.zone, locale),
        }),
        orders: bought.map(|bought| locale.count(bought.orders)).unwrap_or_default(),
        revenue: bought.map(|bought| locale.money_round(bought.minor, Currency::EUR)).unwrap_or_default(),
        since: locale.day(desk.zone.day(Timestamp(line.created_at))),
        city: line.city.unwrap_or_default(),
        company: line.company.unwrap_or_default(),
    }
}

fn views(desk: &Desk, filter: &Filter) -> Vec<Tab> {
    let tab = |label: String, value: &str| Tab {
        label,
        href: filter.with("art", value),
        current: filter.get("art") == value,
        count: None,
    };
    let many = |kind: ContactKind| say(desk.locale, &format!("contacts-kinds-{}", kind.code()), None);
    let kinds = ContactKind::ALL.into_iter().map(|kind| tab(many(kind), kind.code()));
    std::iter::once(tab(say(desk.locale, "contacts-all", None), "")).chain(kinds).collect()
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

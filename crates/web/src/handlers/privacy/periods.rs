//! How long what is kept: the rules, what they would do now, and to whom.

use super::{Asked, done, toast};
use crate::{
    door::{Answer, Desk, Fields, Path},
    pages::{
        Banner, Place, draw,
        privacy_periods::{DueRow, PeriodsPage, RuleRow},
    },
};
use axum::{extract::Query, http::StatusCode, response::Response};
use crm::{
    customers,
    privacy::retention::{self, Action, Outlook},
};
use kernel::{Sentence, sentence::say};

const HERE: &str = "/verwaltung/datenschutz/fristen";
/// People of a rule that are listed.
const LISTED: i64 = 50;

pub async fn show(desk: Desk, Query(query): Query<Asked>) -> Answer<Response> {
    let locale = desk.locale;
    let rows = desk.db.read().await?;
    let outlook = retention::outlook(&rows, &desk.actor, &desk.zone, desk.now()).await?;
    let begins = retention::begins(&rows).await?.filter(|begins| *begins > desk.now());
    let name = |code: &str| say(locale, &format!("privacy-rule-{code}"), None);
    let (mut due, mut due_of) = (Vec::new(), String::new());
    if let Some(code) = query.get("regel") {
        let people = retention::people(&rows, &desk.actor, code, &desk.zone, desk.now(), LISTED).await?;
        let names = customers::display_names(&rows, &people).await?;
        let row = |id: kernel::ContactId| DueRow { id: id.0, name: names.get(&id).cloned().unwrap_or_default() };
        due = people.into_iter().map(row).collect();
        due_of = name(code);
    }
    let row = |one: Outlook| RuleRow {
        code: one.rule.code.to_owned(),
        name: name(one.rule.code),
        action: say(locale, &format!("privacy-action-{}", one.rule.action.code()), None),
        months: one.months,
        active: one.active,
        records: one.records,
        people: if one.rule.action == Action::Erase {
            format!("{HERE}?regel={}", one.rule.code)
        } else {
            String::new()
        },
    };
    let notice = begins.map(|at| {
        let day = locale.day(desk.zone.day(at));
        Banner::info(Sentence::new("privacy-periods-begin").with("day", day).say(locale), "")
    });
    let title = say(locale, "privacy-periods", None);
    let page = PeriodsPage {
        frame: desk.frame().at(Place::Privacy, title).with_address(HERE).with_toast(toast(&desk, &query)),
        notice,
        rules: outlook.into_iter().map(row).collect(),
        due,
        due_of,
    };
    Ok(draw(StatusCode::OK, &page))
}

pub async fn set(desk: Desk, Path(code): Path<String>, fields: Fields) -> Answer<Response> {
    let months = fields.get("months").trim().parse().unwrap_or(0);
    let unit = desk.db.write().await?;
    retention::set(&unit, &desk.actor, &code, months, fields.get("active") == "1", desk.now()).await?;
    unit.save().await?;
    Ok(done(HERE, "privacy-saved-now"))
}

//! The candidates, the likeliest first, with the reason in words.

use crate::{
    door::{Answer, Desk, Fields, Trouble},
    handlers::contacts::when,
    pages::{
        Choice, FilterChip, Place, Tab, Toast, draw,
        duplicates::{DuplicatesPage, PairRow},
    },
};
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    customers::{
        display_names,
        duplicates::{self, Candidate, PairQuery, PairState, said},
    },
    staff::Right,
};
use kernel::{ContactId, Sentence, sentence::say};
use std::collections::HashMap;
use store::Rows;

/// Pairs of a page.
const LINES: i64 = 25;
/// Counted no further than this.
const MOST: i64 = 1_000;
/// Probabilities to choose from, in thousandths.
const LEAST: [i64; 4] = [999, 990, 950, 900];
const HERE: &str = "/kontakte/dubletten";

type Asked = HashMap<String, String>;

/// „Dubletten (12)“ for the list of contacts; nothing where none waits or the person may not see them.
pub async fn waiting(desk: &Desk, rows: &Rows) -> Answer<String> {
    let open = duplicates::count_open(rows, MOST).await?;
    if open == 0 {
        return Ok(String::new());
    }
    let n = if open >= MOST { format!("{}+", desk.locale.count(MOST - 1)) } else { open.to_string() };
    Ok(Sentence::new("duplicates-link").with("n", n).say(desk.locale))
}

pub async fn show(desk: Desk, Query(asked): Query<Asked>) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    let get = |name: &str| asked.get(name).map_or("", String::as_str);
    let rows = desk.db.read().await?;
    let state = if get("stand") == "verschieden" { PairState::Dismissed } else { PairState::Open };
    let least: i64 = get("ab").parse().ok().filter(|least| LEAST.contains(least)).unwrap_or(0);
    let of: Option<ContactId> = get("kontakt").parse().ok();
    let query = PairQuery { state, least: least as f64 / 1_000.0, of, after: cursor(get("nach")), limit: LINES + 1 };
    let mut found = duplicates::candidates(&rows, &desk.actor, &query).await?;
    let more = found.len() as i64 > LINES;
    found.truncate(LINES as usize);
    let with = |name: &str, value: &str| address(&asked, name, value);
    let mut ids: Vec<ContactId> = found.iter().flat_map(|pair| [pair.one, pair.other]).collect();
    ids.extend(of);
    let names = display_names(&rows, &ids).await?;
    let state_tab = |key: &str, value: &str| Tab {
        label: say(desk.locale, key, None),
        href: with("stand", value),
        current: get("stand") == value,
        count: None,
    };
    let history = Tab {
        label: say(desk.locale, "duplicates-history", None),
        href: "/kontakte/dubletten/verlauf".to_owned(),
        current: false,
        count: None,
    };
    let percent = |thousandths: i64| desk.locale.percent(thousandths as f64 / 1_000.0, 1);
    let choice = |key: &'static str, value: i64, chosen: i64| {
        let label = Sentence::new(key).with("percent", percent(value)).say(desk.locale);
        Choice::new(value.to_string(), label, value == chosen)
    };
    let mut at_least = vec![Choice::new("", say(desk.locale, "duplicates-least-any", None), least == 0)];
    at_least.extend(LEAST.map(|value| choice("duplicates-least-of", value, least)));
    let automatic = duplicates::automatic_from(&rows).await?;
    let mut from = vec![Choice::new("", say(desk.locale, "duplicates-automatic-off", None), automatic.is_none())];
    from.extend(LEAST.map(|value| choice("duplicates-automatic-from", value, automatic.unwrap_or(0))));
    let standing = duplicates::overview(&rows).await?;
    let of_chip = of.map(|id| FilterChip {
        label: say(desk.locale, "duplicates-people", None),
        value: names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        remove: with("kontakt", ""),
    });
    let may_edit = desk.actor.may(Right::EditContacts);
    let open = duplicates::count_open(&rows, MOST).await?;
    let page = DuplicatesPage {
        frame: desk
            .frame()
            .at(Place::Contacts, say(desk.locale, "duplicates-title", None))
            .with_toast(toast(&desk, &asked)),
        count: Sentence::new("duplicates-count").with("n", open).say(desk.locale),
        tabs: vec![state_tab("duplicates-open", ""), state_tab("duplicates-dismissed", "verschieden"), history],
        filters: of_chip.into_iter().collect(),
        kept: ["stand", "kontakt"]
            .into_iter()
            .map(|name| (name, get(name).to_owned()))
            .filter(|kept| !kept.1.is_empty())
            .collect(),
        least: at_least,
        next: found.last().filter(|_| more).map(|last| with("nach", &place(last))),
        first: (!get("nach").is_empty()).then(|| with("nach", "")),
        narrowed: least > 0 || of.is_some() || state == PairState::Dismissed,
        rows: found.iter().map(|pair| row(&desk, pair, &names)).collect(),
        dismissed: state == PairState::Dismissed,
        standing: match standing.scanned_at {
            Some(at) => Sentence::new("duplicates-scanned")
                .with("when", when::ago(at, desk.now(), &desk.zone, desk.locale))
                .with("contacts", standing.contacts)
                .say(desk.locale),
            None => say(desk.locale, "duplicates-waiting", None),
        },
        skipped: match standing.skipped.len() {
            0 => String::new(),
            n => Sentence::new("duplicates-skipped").with("n", n).say(desk.locale),
        },
        automatic: from,
        may_edit,
        may_automate: may_edit && desk.actor.may(Right::ImportData),
    };
    Ok(draw(StatusCode::OK, &page))
}

fn row(desk: &Desk, pair: &Candidate, names: &HashMap<ContactId, String>) -> PairRow {
    let name = |id: ContactId| names.get(&id).cloned().unwrap_or_else(|| "–".to_owned());
    let (reasons, against) = said(&pair.reasons);
    let joined = |sentences: Vec<Sentence>| {
        sentences.iter().map(|sentence| sentence.say(desk.locale)).collect::<Vec<_>>().join(", ")
    };
    PairRow {
        one: pair.one.0,
        other: pair.other.0,
        one_name: name(pair.one),
        other_name: name(pair.other),
        percent: desk.locale.percent(shown(pair.probability), 1),
        reasons: joined(reasons),
        against: joined(against),
    }
}

/// Nothing of this kind is ever certain: 99.9 % is the most that is shown.
pub fn shown(probability: f64) -> f64 {
    (probability * 1_000.0).floor().min(999.0) / 1_000.0
}

/// The address of the list with another value; the place in the list is kept by no other one.
fn address(asked: &Asked, name: &str, value: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for key in ["stand", "ab", "kontakt", "nach"] {
        let kept = if key == "nach" { "" } else { asked.get(key).map_or("", String::as_str) };
        let value = if key == name { value } else { kept };
        if !value.is_empty() {
            query.append_pair(key, value);
        }
    }
    let query = query.finish();
    if query.is_empty() { HERE.to_owned() } else { format!("{HERE}?{query}") }
}

fn place(pair: &Candidate) -> String {
    format!("{}_{}_{}", pair.probability.to_bits(), pair.one, pair.other)
}

/// A place nobody wrote is the beginning.
fn cursor(text: &str) -> Option<(f64, i64, i64)> {
    let mut parts = text.split('_');
    let mut part = || parts.next();
    let probability = f64::from_bits(part()?.parse().ok()?);
    Some((probability, part()?.parse().ok()?, part()?.parse().ok()?)).filter(|_| probability.is_finite())
}

fn toast(desk: &Desk, asked: &Asked) -> Option<Toast> {
    let get = |name: &str| asked.get(name).map_or("", String::as_str);
    let (one, other): (Option<i64>, Option<i64>) = (get("a").parse().ok(), get("b").parse().ok());
    let both = one.zip(other);
    let said = |key: &str| say(desk.locale, key, None);
    match get("da") {
        "verschieden" => Some(Toast {
            text: said("duplicates-is-dismissed"),
            undo: both.map(|(one, other)| format!("/kontakte/dubletten/oeffnen?a={one}&b={other}")),
        }),
        "geoeffnet" => Some(Toast { text: said("duplicates-is-reopened"), undo: None }),
        "automatik" => Some(Toast { text: said("duplicates-automatic-saved"), undo: None }),
        _ => super::toast(desk, asked),
    }
}

fn two(one: &str, other: &str) -> Answer<(ContactId, ContactId)> {
    let id = |text: &str| text.parse::<ContactId>().map_err(|_| Trouble::MISSING);
    Ok((id(one)?, id(other)?))
}

/// `POST /kontakte/dubletten/verschieden` (`a`, `b`): two people after all.
pub async fn dismiss(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let (one, other) = two(fields.get("a"), fields.get("b"))?;
    let unit = desk.db.write().await?;
    duplicates::dismiss(&unit, &desk.actor, one, other, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("{HERE}?da=verschieden&a={one}&b={other}")).into_response())
}

/// `POST /kontakte/dubletten/oeffnen?a=…&b=…`: takes that back.
pub async fn reopen(desk: Desk, Query(asked): Query<Asked>) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let get = |name: &str| asked.get(name).map_or("", String::as_str);
    let (one, other) = two(get("a"), get("b"))?;
    let unit = desk.db.write().await?;
    duplicates::reopen(&unit, &desk.actor, one, other, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("{HERE}?da=geoeffnet")).into_response())
}

/// `POST /kontakte/dubletten/automatik` (`ab`, thousandths or nothing).
pub async fn automatic(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let from = match fields.get("ab") {
        "" => None,
        // What is no number is out of range.
        text => Some(text.parse().unwrap_or(0)),
    };
    let unit = desk.db.write().await?;
    duplicates::set_automatic(&unit, &desk.actor, from, desk.now()).await?;
    unit.save().await?;
    desk.nudge.wake(duplicates::KeepDuplicates::NAME);
    Ok(Redirect::to(&format!("{HERE}?da=automatik")).into_response())
}

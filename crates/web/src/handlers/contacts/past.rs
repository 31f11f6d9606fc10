//! What was changed about a contact, by whom and from what to what, and taking it back.

use super::{find, kind_name, own::own_value, points};
use crate::{
    door::{Answer, Desk, Path, Trouble},
    pages::{
        Crumb, Place,
        contact_past::{Changed, PastPage, PastSet},
        draw,
    },
};
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    customers::{self, Attribute},
    history::{self, Past, RECORD, Subject},
    intake::country,
    staff::{Right, users},
};
use kernel::{ChangeSetId, Currency, Sentence, Timestamp, sentence::say};
use std::collections::HashMap;
use store::Rows;

/// Fields shown on a page.
const FIELDS: i64 = 100;

/// `GET /kontakte/{id}/aenderungen?vor=`
pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    let contact = find(&desk, id).await?;
    let rows = desk.db.read().await?;
    let before = query.get("vor").and_then(|text| text.parse().ok()).map(ChangeSetId);
    let mut found = history::of_record(&rows, Subject::Contact(id), before, FIELDS).await?;
    let more = found.len() as i64 == FIELDS;
    if more && let Some(cut) = found.last().map(|past| past.set_id) {
        // The last set may go on behind the page; a set that is larger than a page stands alone.
        if found.first().is_some_and(|past| past.set_id != cut) {
            found.retain(|past| past.set_id != cut);
        }
    }
    let older = found.last().filter(|_| more).map(|last| format!("/kontakte/{id}/aenderungen?vor={}", last.set_id));
    let names = Names { staff: staff(&rows).await?, attributes: customers::attributes(&rows, true).await? };
    let sets = found.chunk_by(|one, other| one.set_id == other.set_id).map(|set| told(&desk, set, &names)).collect();
    let name = contact.display_name();
    let title = say(desk.locale, "contact-past", None);
    let mut frame = desk.frame().at(Place::Contacts, title);
    frame.crumbs.insert(1, Crumb { label: name.clone(), href: Some(format!("/kontakte/{id}")) });
    let page = PastPage { frame, name, sets, older, may_edit: desk.actor.may(Right::EditContacts) };
    Ok(draw(StatusCode::OK, &page))
}

async fn staff(rows: &Rows) -> Answer<HashMap<String, String>> {
    Ok(users::list(rows).await?.into_iter().map(|user| (user.id.to_string(), user.name)).collect())
}

/// What the ledger's codes are called.
struct Names {
    /// Those who work here, by id.
    staff: HashMap<String, String>,
    attributes: Vec<Attribute>,
}

fn told(desk: &Desk, set: &[Past], names: &Names) -> PastSet {
    let locale = desk.locale;
    let first = &set[0];
    let at = Timestamp(first.at);
    PastSet {
        id: first.set_id,
        at: locale.moment(at, &desk.zone),
        iso: at.rfc3339(),
        who: first.actor_name.clone(),
        cause: say(locale, &format!("history-cause-{}", first.cause), None),
        undone: first.undone_by.is_some(),
        made: set.iter().any(|past| past.field == RECORD),
        fields: set
            .iter()
            .filter(|past| past.field != RECORD)
            .map(|past| Changed {
                label: customers::field_label(&past.field, &names.attributes, locale),
                before: written(desk, past, &past.before, names),
                after: written(desk, past, &past.after, names),
            })
            .collect(),
    }
}

/// A value of the ledger as the reader knows it.
fn written(desk: &Desk, past: &Past, value: &Option<String>, names: &Names) -> String {
    let locale = desk.locale;
    let Some(value) = value.as_deref() else { return say(locale, "contact-past-nothing", None) };
    if let Some(key) = past.field.strip_prefix("attribute.") {
        let own = names.attributes.iter().find(|own| own.key == key);
        return own.map_or_else(|| value.to_owned(), |own| own_value(own, value, locale));
    }
    if let Some(point) = customers::ContactPoint::of_field(&past.field) {
        return points::said(&point, locale);
    }
    match past.field.as_str() {
        field if field.starts_with("tag.") => say(locale, "contact-past-tagged", None),
        "kind" => kind_name(value, locale),
        "salutation" => say(locale, &format!("contacts-salutation-{value}"), None),
        "country" => country::name(value, locale).to_owned(),
        "owner" => names.staff.get(value).cloned().unwrap_or_else(|| value.to_owned()),
        "archived" => say(locale, "contact-past-archived", None),
        "birth_date" => value.parse().map_or_else(|_| value.to_owned(), |day| locale.day(day)),
        "budget" => {
            let (minor, currency) = value.split_once(' ').unwrap_or((value, ""));
            let currency = Currency::parse(currency).unwrap_or_default();
            minor.parse().map_or_else(|_| value.to_owned(), |minor| locale.money(minor, currency))
        }
        _ => value.to_owned(),
    }
}

/// `POST /kontakte/aenderungen/{set}/zurueck`: takes a set back and shows the contact it was about, or the list where it was
/// about many.
pub async fn take_back(desk: Desk, Path(set): Path<i64>) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let (set, unit) = (ChangeSetId(set), desk.db.write().await?);
    if let Some(merge) = customers::merge::merge_of_set(&unit, set).await? {
        let undone = customers::merge::undo(&unit, &desk.actor, merge, desk.now()).await?;
        unit.save().await?;
        return Ok(Redirect::to(&format!("/kontakte/{}?da=getrennt", undone.survivor)).into_response());
    }
    let about = history::changes(&unit, set, None, 2).await?;
    let one = match (about.first(), about.last()) {
        (Some(first), Some(last)) if first.subject == last.subject => Some(first.subject),
        (None, _) => return Err(Trouble::MISSING),
        _ => None,
    };
    let done = customers::take_back(&unit, &desk.actor, set, desk.now()).await?;
    unit.save().await?;
    let place = match one {
        Some(Subject::Contact(id)) => format!("/kontakte/{id}"),
        _ => "/kontakte".to_owned(),
    };
    Ok(Redirect::to(&format!("{place}?da=zurueck&satz={}&blieb={}", done.set.0, done.kept.len())).into_response())
}

/// What the toast says after a change, with the address that takes it back.
pub fn toast(desk: &Desk, query: &HashMap<String, String>, key: &str) -> crate::pages::Toast {
    let kept = query.get("blieb").and_then(|text| text.parse::<i64>().ok()).filter(|kept| *kept > 0);
    let text = match kept {
        Some(kept) => Sentence::new("contact-past-kept").with("n", kept).say(desk.locale),
        None => say(desk.locale, key, None),
    };
    let set = query.get("satz").and_then(|text| text.parse::<i64>().ok());
    let undo = set.filter(|_| desk.actor.may(Right::EditContacts));
    crate::pages::Toast { text, undo: undo.map(|set| format!("/kontakte/aenderungen/{set}/zurueck")) }
}

/// The newest set of a contact, for the toast that follows the change.
pub async fn newest(rows: &Rows, id: i64) -> Answer<String> {
    let past = history::of_record(rows, Subject::Contact(id), None, 1).await?;
    Ok(past.first().map_or_else(String::new, |past| format!("&satz={}", past.set_id)))
}

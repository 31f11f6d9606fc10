//! The agenda of the staff: the day, one entry, and the link a calendar program reads.

use super::contacts::when;
use crate::{
    door::{Answer, Desk, Fields, House, Path, Trouble},
    pages::{
        Banner, Choice, Place, Toast,
        agenda::{AgendaForm, AgendaItemPage, AgendaPage, AgendaRow, AgendaSection},
        draw,
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
    Complaint, Refusal,
    agenda::{self, AgendaDraft, AgendaItem, AgendaKind, REMINDERS, Whose},
    customers,
    staff::{Right, users},
};
use jiff::{ToSpan, civil::Date};
use kernel::{ContactId, Sentence, Timestamp, UserId, sentence::say};
use std::collections::HashMap;
use store::Rows;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/mein-tag", get(day).post(add))
        .route("/mein-tag/kalender", post(feed))
        .route("/aufgaben/{id}", get(show).post(save))
        .route("/aufgaben/{id}/erledigt", post(done))
        .route("/aufgaben/{id}/wieder", post(reopen))
        .route("/aufgaben/{id}/weg", post(remove))
        .route("/aufgaben/{id}/zurueck", post(restore))
}

const DAY: &str = "/mein-tag";

async fn day(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    let rows = desk.db.read().await?;
    let form = filled(&desk, &rows, &AgendaDraft::default(), "", Vec::new()).await?;
    page(&desk, &rows, StatusCode::OK, &query, form, None).await
}

async fn page(
    desk: &Desk,
    rows: &Rows,
    status: StatusCode,
    query: &HashMap<String, String>,
    entry: AgendaForm,
    notice: Option<Banner>,
) -> Answer<Response> {
    let everybody = query.get("wer").is_some_and(|who| who == "alle");
    let user = desk.actor.user().ok_or(Trouble::MISSING)?;
    let whose = if everybody { Whose::Everybody } else { Whose::Of(user) };
    let today = desk.zone.day(desk.now());
    let open = agenda::open(rows, &desk.actor, whose).await?;
    let done = agenda::recently_done(rows, &desk.actor, whose, desk.zone.start_of(today)).await?;
    let mut sections: Vec<(&'static str, Vec<AgendaItem>)> = SECTIONS.map(|key| (key, Vec::new())).into();
    for item in open {
        let section = section(desk, &item, today);
        sections[section].1.push(item);
    }
    sections.push(("agenda-done-today", done));
    let mut shown = Vec::new();
    for (key, items) in sections.into_iter().filter(|(_, items)| !items.is_empty()) {
        let rows = lines(desk, rows, &items, everybody).await?;
        shown.push(AgendaSection { label: say(desk.locale, key, None), rows });
    }
    let page = AgendaPage {
        frame: desk.frame().at_place(Place::Agenda).with_toast(toast(desk, query)),
        notice,
        today: format!("{}, {}", desk.locale.weekday(today), desk.locale.long_day(today)),
        everybody,
        sections: shown,
        entry,
        feed: address(desk, rows).await?,
    };
    Ok(draw(status, &page))
}

const SECTIONS: [&str; 6] =
    ["agenda-overdue", "agenda-today", "agenda-tomorrow", "agenda-week", "agenda-later", "agenda-some-time"];

/// The place in [`SECTIONS`] of an entry.
fn section(desk: &Desk, item: &AgendaItem, today: Date) -> usize {
    let Some(due) = item.due_at.map(|at| desk.zone.day(Timestamp(at))) else { return 5 };
    let in_days = |days: i64| today.checked_add(days.days()).unwrap_or(today);
    match due {
        due if due < today => 0,
        due if due == today => 1,
        due if due == in_days(1) => 2,
        due if due <= in_days(7) => 3,
        _ => 4,
    }
}

/// Entries as lists show them, with the names of their contacts.
pub async fn lines(desk: &Desk, rows: &Rows, items: &[AgendaItem], with_assignee: bool) -> Answer<Vec<AgendaRow>> {
    let contacts: Vec<ContactId> = items.iter().filter_map(|item| item.contact_id).map(ContactId).collect();
    let names = customers::display_names(rows, &contacts).await?;
    let user = desk.actor.user();
    let today = desk.zone.day(desk.now());
    let line = |item: &AgendaItem| {
        let own = user.is_some_and(|user| user.0 == item.assignee_id || user.0 == item.created_by);
        let late = item.due_at.is_some_and(|at| match item.whole_day {
            1 => desk.zone.day(Timestamp(at)) < today,
            _ => at < desk.now().0,
        });
        AgendaRow {
            id: item.id,
            title: item.title.clone(),
            icon: match AgendaKind::of(&item.kind) {
                Some(AgendaKind::Appointment) => "calendar-event",
                Some(AgendaKind::FollowUp) => "phone",
                _ => "clipboard-check",
            },
            when: moment(desk, item, today),
            late,
            note: item.note.clone(),
            who: if with_assignee || user.map(|user| user.0) != Some(item.assignee_id) {
                item.assignee.clone()
            } else {
                String::new()
            },
            contact: item.contact_id.map(|id| (id, names.get(&ContactId(id)).cloned().unwrap_or_default())),
            done: item.done_at.is_some(),
            own,
        }
    };
    Ok(items.iter().map(line).collect())
}

fn moment(desk: &Desk, item: &AgendaItem, today: Date) -> String {
    let Some(due) = item.due_at.map(Timestamp) else { return String::new() };
    let mut said = match desk.zone.day(due) {
        day if day == today => say(desk.locale, "contact-today", None),
        day => when::short(day, today, desk.locale),
    };
    if item.whole_day == 0 {
        said += &format!(", {}", desk.locale.time(due, &desk.zone));
        if let Some(ends) = item.ends_at {
            said += &format!("–{}", desk.locale.time(Timestamp(ends), &desk.zone));
        }
    }
    said
}

/// The form with what stands in it. `number` is the customer number as it was typed.
pub async fn filled(
    desk: &Desk,
    rows: &Rows,
    draft: &AgendaDraft,
    number: &str,
    wrong: Vec<Complaint>,
) -> Answer<AgendaForm> {
    let locale = desk.locale;
    let chosen = draft.assignee.or(desk.actor.user());
    let staff = users::list(rows).await?;
    let able = staff.iter().filter(|user| user.active && user.actor("").may(Right::SeeContacts));
    let mut reminders = vec![Choice::new("", say(locale, "agenda-remind-none", None), draft.remind.is_empty())];
    reminders.extend(REMINDERS.map(|minutes| {
        let code = minutes.to_string();
        let label = say(locale, &format!("agenda-remind-{minutes}"), None);
        Choice::new(code.clone(), label, draft.remind == code)
    }));
    let contact = match draft.contact {
        Some(id) => {
            customers::display_names(rows, &[ContactId(id)]).await?.remove(&ContactId(id)).map(|name| (id, name))
        }
        None => None,
    };
    Ok(AgendaForm {
        action: DAY.to_owned(),
        kinds: AgendaKind::ALL
            .iter()
            .map(|kind| {
                let label = say(locale, &format!("agenda-kind-{}", kind.code()), None);
                Choice::new(kind.code(), label, draft.kind == kind.code())
            })
            .collect(),
        title: draft.title.clone(),
        note: draft.note.clone(),
        day: draft.day.clone(),
        time: draft.time.clone(),
        until: draft.until.clone(),
        reminders,
        assignees: able
            .map(|user| Choice::new(user.id.to_string(), user.name.clone(), Some(user.id) == chosen))
            .collect(),
        number: number.to_owned(),
        contact,
        errors: wrong.into_iter().map(|one| (one.field, one.sentence.say(locale))).collect(),
    })
}

/// What was typed. A customer number nobody has is answered like any contact that is not there.
async fn typed(rows: &Rows, fields: &Fields) -> Answer<AgendaDraft> {
    let text = |name: &str| fields.get(name).to_owned();
    let number = fields.get("number").trim();
    let contact = match fields.get("contact").parse() {
        Ok(id) => Some(id),
        Err(_) if number.is_empty() => None,
        Err(_) => Some(customers::contact_by_number(rows, number).await?.map_or(0, |contact| contact.id)),
    };
    Ok(AgendaDraft {
        kind: text("kind"),
        title: text("title"),
        note: text("note"),
        contact,
        assignee: fields.get("assignee").parse().ok().map(UserId),
        day: text("day"),
        time: text("time"),
        until: text("until"),
        remind: text("remind"),
    })
}

/// Back to where it was done: the contact's page, or the day.
fn back(fields: &Fields, deed: &str, id: i64) -> Response {
    let home = match fields.get("contact").parse::<i64>() {
        Ok(contact) => format!("/kontakte/{contact}"),
        Err(_) => DAY.to_owned(),
    };
    Redirect::to(&format!("{home}?da=aufgabe-{deed}&nr={id}")).into_response()
}

/// What was done just now, with the way back.
pub fn toast(desk: &Desk, query: &HashMap<String, String>) -> Option<Toast> {
    let (key, undo) = match query.get("da")?.strip_prefix("aufgabe-")? {
        "neu" => ("agenda-was-added", "weg"),
        "erledigt" => ("agenda-was-done", "wieder"),
        "wieder" => ("agenda-was-reopened", "erledigt"),
        "weg" => ("agenda-was-removed", "zurueck"),
        "zurueck" => ("agenda-was-restored", "weg"),
        "gespeichert" => ("agenda-was-saved", ""),
        _ => return None,
    };
    let id = query.get("nr").and_then(|id| id.parse::<i64>().ok()).filter(|_| !undo.is_empty());
    Some(Toast { text: say(desk.locale, key, None), undo: id.map(|id| format!("/aufgaben/{id}/{undo}")) })
}

async fn add(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    let unit = desk.db.write().await?;
    let draft = typed(&unit, &fields).await?;
    match agenda::add(&unit, &desk.actor, &draft, &desk.zone, desk.now()).await {
        Ok(id) => {
            unit.save().await?;
            Ok(back(&fields, "neu", id))
        }
        Err(crm::Trouble::Refusal(Refusal::Invalid(wrong))) => {
            drop(unit);
            let rows = desk.db.read().await?;
            let form = filled(&desk, &rows, &draft, fields.get("number"), wrong).await?;
            let notice = Banner::bad("", say(desk.locale, "agenda-wrong", None));
            page(&desk, &rows, StatusCode::UNPROCESSABLE_ENTITY, &HashMap::new(), form, Some(notice)).await
        }
        Err(trouble) => Err(trouble.into()),
    }
}

async fn found(desk: &Desk, rows: &Rows, id: i64) -> Answer<AgendaItem> {
    agenda::find(rows, &desk.actor, id).await?.ok_or(Trouble::MISSING)
}

async fn show(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let item = found(&desk, &rows, id).await?;
    let draft = AgendaDraft::of(&item, &desk.zone);
    item_page(&desk, &rows, StatusCode::OK, &item, &draft, ("", Vec::new()), None).await
}

async fn item_page(
    desk: &Desk,
    rows: &Rows,
    status: StatusCode,
    item: &AgendaItem,
    draft: &AgendaDraft,
    (number, wrong): (&str, Vec<Complaint>),
    notice: Option<Banner>,
) -> Answer<Response> {
    let form = filled(desk, rows, draft, number, wrong).await?;
    let row = lines(desk, rows, std::slice::from_ref(item), true).await?.pop().ok_or(Trouble::MISSING)?;
    let page = AgendaItemPage {
        frame: desk.frame().at(Place::Agenda, item.title.clone()),
        notice,
        id: item.id,
        version: item.version,
        row,
        removed: item.removed_at.is_some(),
        entry: AgendaForm { action: format!("/aufgaben/{}", item.id), ..form },
    };
    Ok(draw(status, &page))
}

async fn save(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    let item = found(&desk, &unit, id).await?;
    let draft = typed(&unit, &fields).await?;
    let version = fields.get("version").parse().unwrap_or(0);
    let outcome = agenda::change(&unit, &desk.actor, id, version, &draft, &desk.zone, desk.now()).await;
    let (status, wrong, notice) = match outcome {
        Ok(()) => {
            unit.save().await?;
            return Ok(Redirect::to(&format!("{DAY}?da=aufgabe-gespeichert&nr={id}")).into_response());
        }
        Err(crm::Trouble::Refusal(Refusal::Invalid(wrong))) => {
            (StatusCode::UNPROCESSABLE_ENTITY, wrong, say(desk.locale, "agenda-wrong", None))
        }
        Err(crm::Trouble::Refusal(Refusal::Stale)) => {
            let said = Sentence::new("agenda-stale").with("title", item.title.as_str()).say(desk.locale);
            (StatusCode::CONFLICT, Vec::new(), said)
        }
        Err(trouble) => return Err(trouble.into()),
    };
    drop(unit);
    let rows = desk.db.read().await?;
    let notice = Some(Banner::bad("", notice));
    item_page(&desk, &rows, status, &item, &draft, (fields.get("number"), wrong), notice).await
}

async fn done(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    step(desk, id, fields, "erledigt").await
}

async fn reopen(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    step(desk, id, fields, "wieder").await
}

async fn remove(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    step(desk, id, fields, "weg").await
}

async fn restore(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    step(desk, id, fields, "zurueck").await
}

/// One press, whose way back is the toast's.
async fn step(desk: Desk, id: i64, fields: Fields, deed: &str) -> Answer<Response> {
    let unit = desk.db.write().await?;
    match deed {
        "erledigt" | "wieder" => agenda::complete(&unit, &desk.actor, id, deed == "erledigt", desk.now()).await?,
        _ => agenda::remove(&unit, &desk.actor, id, deed == "weg", desk.now()).await?,
    }
    unit.save().await?;
    Ok(back(&fields, deed, id))
}

/// The address a calendar program is given; nothing until it is made.
async fn address(desk: &Desk, rows: &Rows) -> Answer<Option<String>> {
    let token = agenda::feed_of(rows, &desk.seal, &desk.actor).await?;
    let base = desk.public_url.as_str().trim_end_matches('/').to_owned();
    Ok(token.map(|token| format!("{base}/kalender/{token}.ics")))
}

async fn feed(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    let unit = desk.db.write().await?;
    if fields.get("aktion") == "zu" {
        agenda::close_feed(&unit, &desk.actor, desk.now()).await?;
    } else {
        agenda::renew_feed(&unit, &desk.actor, desk.now()).await?;
    }
    unit.save().await?;
    Ok(Redirect::to(DAY).into_response())
}

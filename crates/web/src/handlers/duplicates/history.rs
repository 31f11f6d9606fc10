//! What was merged, and taking it back.

use super::merging;
use crate::{
    door::{Answer, Desk, Fields, Path},
    pages::{
        Place, Toast, draw,
        duplicates::{HistoryPage, MergeRow},
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
        merge::{self, Merge},
    },
    staff::Right,
};
use kernel::{ContactId, MergeId, Sentence, sentence::say};
use std::collections::HashMap;

/// Merges of a page.
const LINES: i64 = 50;

/// What a page says after a merge or its undoing: `da=zusammengefuehrt&fall=7`, `da=getrennt`.
pub fn toast(desk: &Desk, asked: &HashMap<String, String>) -> Option<Toast> {
    let get = |name: &str| asked.get(name).map_or("", String::as_str);
    match get("da") {
        "zusammengefuehrt" => {
            let merge: Option<MergeId> = get("fall").parse().ok();
            let name = kernel::text::one_line(get("wer"));
            Some(Toast {
                text: Sentence::new("merge-done").with("name", name).say(desk.locale),
                undo: merge.map(|merge| format!("/kontakte/zusammenfuehrung/{merge}/zurueck")),
            })
        }
        "getrennt" => Some(Toast { text: say(desk.locale, "merge-undone", None), undo: None }),
        _ => None,
    }
}

pub async fn show(desk: Desk, Query(asked): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    let before: Option<MergeId> = asked.get("vor").and_then(|text| text.parse().ok());
    let rows = desk.db.read().await?;
    let mut found = merge::recent_merges(&rows, before, LINES + 1).await?;
    let more = found.len() as i64 > LINES;
    found.truncate(LINES as usize);
    let ids: Vec<ContactId> = found.iter().flat_map(|merge| [merge.survivor, merge.merged]).collect();
    let names = display_names(&rows, &ids).await?;
    let name = |id: ContactId| names.get(&id).cloned().unwrap_or_else(|| "–".to_owned());
    let moment = |at| desk.locale.moment(at, &desk.zone);
    let row = |merge: &Merge| MergeRow {
        id: merge.id.0,
        survivor: merge.survivor.0,
        survivor_name: name(merge.survivor),
        merged_name: name(merge.merged),
        by: {
            let by =
                if merge.automatic { say(desk.locale, "duplicates-history-automatic", None) } else { merge.by.clone() };
            Sentence::new("duplicates-history-by").with("by", by).with("when", moment(merge.at)).say(desk.locale)
        },
        rows: Sentence::new("duplicates-history-rows").with("n", merge.rows).say(desk.locale),
        undone: merge.undone_at.map(|at| {
            let by = merge.undone_by.clone().unwrap_or_default();
            Sentence::new("duplicates-history-undone").with("by", by).with("when", moment(at)).say(desk.locale)
        }),
    };
    let page = HistoryPage {
        frame: desk
            .frame()
            .at(Place::Contacts, say(desk.locale, "duplicates-history", None))
            .with_toast(toast(&desk, &asked)),
        next: found.last().filter(|_| more).map(|last| format!("/kontakte/dubletten/verlauf?vor={}", last.id)),
        rows: found.iter().map(row).collect(),
        may_edit: desk.actor.may(Right::EditContacts),
    };
    Ok(draw(StatusCode::OK, &page))
}

/// `POST /kontakte/zusammenfuehrung/{id}/zurueck`: takes a merge back and shows the two side by side again.
pub async fn undo(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let unit = desk.db.write().await?;
    let undone = merge::undo(&unit, &desk.actor, MergeId(id), desk.now()).await?;
    unit.save().await?;
    let back = merging::address(undone.survivor, undone.merged);
    Ok(Redirect::to(&format!("{back}&da=getrennt")).into_response())
}

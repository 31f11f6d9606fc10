//! The people of a saved segment: whom a mail reaches, a few of them, and what it has in common with another segment.

use super::{figures, find, head};
use crate::{
    door::{Answer, Desk, Path},
    pages::{
        Choice, Place, draw,
        segments_people::{OverlapView, PeoplePage},
    },
};
use axum::{extract::Query, http::StatusCode, response::Response};
use crm::{
    selection::{
        self, Segment,
        workbench::{Overlap, Solved},
    },
    staff::Right,
};
use kernel::{SegmentId, Sentence, sentence::say};
use serde_json::json;
use std::collections::HashMap;

pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeSegments)?;
    let segment = find(&desk, id).await?;
    let lot: u64 = query.get("los").and_then(|lot| lot.parse().ok()).unwrap_or(1);
    let with = query.get("mit").and_then(|id| id.parse().ok()).map(SegmentId);
    let solved = desk.workbench.solve(&desk.db, &segment.definition, desk.now(), &desk.zone).await?;
    let sample = if desk.actor.may(Right::SeeContacts) {
        let with = with.map(|with| format!("&mit={with}")).unwrap_or_default();
        let again = format!("/segmente/{id}/menschen?los={}{with}", lot.wrapping_add(1));
        Some(figures::some_of(&desk, Some(&solved), lot, again).await?)
    } else {
        None
    };
    let others = selection::list(&desk.db.read().await?, false).await?;
    let other = others.iter().find(|other| Some(other.id) == with && other.id != segment.id);
    let overlap = match other {
        Some(other) => Some(overlap(&desk, &segment, &solved, other).await?),
        None => None,
    };
    let choice = |other: &Segment| Choice::new(other.id.to_string(), other.name.clone(), Some(other.id) == with);
    let head = head(&desk, Some(segment.id), &segment.name, "menschen");
    let page = PeoplePage {
        frame: desk.frame().at(Place::Segments, head.title.clone()),
        head,
        reach: figures::reach_of(&desk, &json!({ "all": [member(segment.id)] }), &solved).await?,
        sample,
        lot,
        others: others.iter().filter(|other| other.id != segment.id).map(choice).collect(),
        overlap,
    };
    Ok(draw(StatusCode::OK, &page))
}

fn member(id: SegmentId) -> serde_json::Value {
    json!({ "field": "segment", "op": "eq", "value": id })
}

async fn overlap(desk: &Desk, one: &Segment, solved: &Solved, other: &Segment) -> Answer<OverlapView> {
    let others = desk.workbench.solve(&desk.db, &other.definition, desk.now(), &desk.zone).await?;
    let found = Overlap::of(&solved.people, &others.people);
    let sees_people = desk.actor.may(Right::SeeContacts);
    let part = |label: Sentence, n: i64, definition: serde_json::Value| {
        let href = if sees_people { figures::people_of(&definition, "") } else { String::new() };
        (label.say(desk.locale), n, href)
    };
    let without = |id: SegmentId| json!({ "not": member(id) });
    let only = |name: &str| Sentence::new("segment-only").with("name", name);
    let parts = vec![
        part("segment-both".into(), found.both, json!({ "all": [member(one.id), member(other.id)] })),
        part(only(&one.name), found.only_first, json!({ "all": [member(one.id), without(other.id)] })),
        part(only(&other.name), found.only_second, json!({ "all": [member(other.id), without(one.id)] })),
    ];
    let all = found.both + found.only_first + found.only_second;
    let note = if all == 0 {
        say(desk.locale, "segment-overlap-nobody", None)
    } else {
        let share = desk.locale.percent(found.both as f64 / all as f64, 1);
        Sentence::new("segment-overlap-share").with("share", share).say(desk.locale)
    };
    Ok(OverlapView { parts, note })
}

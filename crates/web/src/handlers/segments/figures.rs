//! What the bench says while a segment is being built: how many, line by line, why somebody is in, whom a mail reaches, a
//! few of the people.
//!
//! The browser takes a question back when the next key is pressed; with the connection the handler is dropped, and with it
//! what it is still asking.

use super::{
    catalogue,
    form::{self, Built},
    sentence,
};
use crate::{
    door::{Answer, Desk, Fields},
    pages::{
        draw,
        segments::{CountFragment, Mark, Verdict},
        segments_catalogue::Catalogue,
        segments_people::{Hit, ReachBar, ReachFragment, SampleFragment, Who},
        segments_tree::Draft,
    },
};
use axum::{
    extract::Query,
    http::{HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use crm::{
    Complaint, Refusal,
    customers::{self, ContactKind, ContactQuery},
    evaluation::fate_label,
    selection::{
        self, Definition, Names,
        freeze::{Fate, Waterfall},
        workbench::{Reader, Solved, Why, number, sample},
    },
    staff::Right,
};
use kernel::{ContactId, Fault, SegmentId, Sentence, sentence::say};
use std::collections::HashMap;
use store::Rows;

/// People of a sample, and hits of the search for one.
const SOME: usize = 8;
/// The longest definition an address may carry, in bytes.
const ADDRESS: usize = 1_500;

/// How many fit what stands in the form now.
pub async fn count(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::SeeSegments)?;
    let catalogue = catalogue::load(&desk, &desk.db.read().await?).await?;
    let built = Built::read(&fields, &catalogue);
    let (own, person) = (form::own(&fields), form::person(&fields));
    let mut response = draw(StatusCode::OK, &reckon(&desk, &built.draft, &catalogue, own, person, true).await?);
    let headers = response.headers_mut();
    // The neighbours of the count look again.
    headers.insert(HeaderName::from_static("hx-trigger-after-swap"), HeaderValue::from_static("gezaehlt"));
    let home = own.map(|id| match person {
        Some(person) => format!("/segmente/{id}?warum={person}"),
        None => format!("/segmente/{id}"),
    });
    if let Some(home) = home.and_then(|home| HeaderValue::from_str(&home).ok()) {
        headers.insert(HeaderName::from_static("hx-replace-url"), home);
    }
    Ok(response)
}

/// What a tree means, or what is wrong with it.
enum Meaning {
    Definition(Definition),
    Wrong(Vec<Complaint>),
}

/// Reads a tree without the lines nobody has finished.
async fn meaning(rows: &Rows, draft: &Draft, catalogue: &Catalogue, own: Option<SegmentId>) -> Result<Meaning, Fault> {
    let json = draft.finished().to_json(catalogue);
    let names = Names::look_up(rows, &json).await?;
    let wrong = match Definition::parse(&json, &names) {
        Ok(definition) => match selection::references(rows, &definition, own).await? {
            none if none.is_empty() => return Ok(Meaning::Definition(definition)),
            complaints => complaints,
        },
        Err(Refusal::Invalid(complaints)) => complaints,
        Err(_) => Vec::new(),
    };
    Ok(Meaning::Wrong(wrong))
}

/// Counts, or says what is in the way.
pub async fn reckon(
    desk: &Desk,
    draft: &Draft,
    catalogue: &Catalogue,
    own: Option<SegmentId>,
    person: Option<ContactId>,
    alone: bool,
) -> Answer<CountFragment> {
    let rows = desk.db.read().await?;
    let finished = draft.finished();
    let mut fragment = CountFragment {
        frame: desk.frame(),
        count: None,
        of: 0,
        href: String::new(),
        sentence: String::new(),
        unfinished: finished.nodes.len() < draft.nodes.len(),
        marks: draft.nodes.iter().map(|node| Mark { node: node.id, ..Mark::default() }).collect(),
        errors: Vec::new(),
        verdict: None,
        alone,
    };
    let definition = match meaning(&rows, draft, catalogue, own).await? {
        Meaning::Definition(definition) => definition,
        Meaning::Wrong(complaints) => {
            fragment.errors = beside(&finished, &complaints);
            return Ok(fragment);
        }
    };
    fragment.sentence = sentence::of(&rows, &definition, desk).await?;
    drop(rows);
    let solved = desk.workbench.solve(&desk.db, &definition, desk.now(), &desk.zone).await?;
    fragment.count = Some(number(&solved.people));
    fragment.of = number(&solved.living);
    let sees_people = desk.actor.may(Right::SeeContacts);
    if sees_people {
        fragment.href = people_of(&definition.to_json(), "");
    }
    let why = match person.filter(|_| sees_people) {
        Some(person) => why(desk, &definition, person, &mut fragment).await?,
        None => None,
    };
    marks(&finished, &solved, why.as_ref(), &mut fragment.marks);
    Ok(fragment)
}

async fn why(
    desk: &Desk,
    definition: &Definition,
    person: ContactId,
    fragment: &mut CountFragment,
) -> Result<Option<Why>, Fault> {
    let reader = Reader { locale: desk.locale, zone: &desk.zone, now: desk.now() };
    let Some(why) = desk.workbench.why(&desk.db, definition, person, reader).await? else { return Ok(None) };
    let names = customers::display_names(&desk.db.read().await?, &[person]).await?;
    fragment.verdict = names.get(&person).map(|name| Verdict {
        href: format!("/kontakte/{person}"),
        name: name.clone(),
        holds: why.holds,
        archived: why.archived,
    });
    Ok(Some(why))
}

/// Every line's figure goes to the node that drew it. A *not* over several lines is two lines of the definition and one node:
/// the outer one counts.
fn marks(draft: &Draft, solved: &Solved, why: Option<&Why>, marks: &mut [Mark]) {
    for (at, line) in solved.lines.iter().enumerate() {
        let node = draft.node_at(&line.path);
        let Some(mark) = marks.iter_mut().find(|mark| mark.node == node && mark.count.is_none()) else { continue };
        mark.count = Some(number(&line.people));
        if let Some(reason) = why.and_then(|why| why.reasons.get(at)) {
            mark.holds = Some(reason.holds);
            mark.actual = reason.actual.clone().unwrap_or_default();
        }
    }
}

/// Each complaint with the node it speaks of.
pub fn beside(draft: &Draft, complaints: &[Complaint]) -> Vec<(u32, Sentence)> {
    let said = |complaint: &Complaint| {
        let node = draft.node_at(&complaint.field);
        (node, draft.waits_for(node).map_or_else(|| complaint.sentence.clone(), Sentence::new))
    };
    complaints.iter().map(said).collect()
}

/// The list of the people a definition means, or of those a mail would treat so; empty where the address would be too long.
pub fn people_of(definition: &serde_json::Value, fate: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("bedingung", &definition.to_string());
    if !fate.is_empty() {
        query.append_pair("versand", fate);
    }
    let query = query.finish();
    if query.len() > ADDRESS { String::new() } else { format!("/kontakte?{query}") }
}

/// The definition the form means; `None` while something is wrong.
async fn posted(desk: &Desk, fields: &Fields) -> Answer<Option<Definition>> {
    desk.actor.must(Right::SeeSegments)?;
    let rows = desk.db.read().await?;
    let catalogue = catalogue::load(desk, &rows).await?;
    let built = Built::read(fields, &catalogue);
    Ok(match meaning(&rows, &built.draft, &catalogue, form::own(fields)).await? {
        Meaning::Definition(definition) => Some(definition),
        Meaning::Wrong(_) => None,
    })
}

/// Whom a mail would reach of those the form means.
pub async fn reach(desk: Desk, fields: Fields) -> Answer<Response> {
    let fragment = match posted(&desk, &fields).await? {
        Some(definition) => {
            let solved = desk.workbench.solve(&desk.db, &definition, desk.now(), &desk.zone).await?;
            reach_of(&desk, &definition.to_json(), &solved).await?
        }
        None => ReachFragment { frame: desk.frame(), bars: Vec::new() },
    };
    Ok(draw(StatusCode::OK, &fragment))
}

/// The waterfall of a definition that was solved.
pub async fn reach_of(desk: &Desk, definition: &serde_json::Value, solved: &Solved) -> Result<ReachFragment, Fault> {
    let waterfall = desk.workbench.reach(&desk.db, &solved.people, desk.now(), &desk.zone).await?;
    Ok(ReachFragment { frame: desk.frame(), bars: bars(desk, definition, &waterfall) })
}

fn bars(desk: &Desk, definition: &serde_json::Value, waterfall: &Waterfall) -> Vec<ReachBar> {
    if waterfall.matched == 0 {
        return Vec::new();
    }
    let sees_people = desk.actor.may(Right::SeeContacts);
    let bar = |label: String, people, falls, fate: &str| ReachBar {
        label,
        people,
        falls,
        href: if sees_people { people_of(definition, fate) } else { String::new() },
    };
    let mut bars = vec![bar(say(desk.locale, "segment-reach-all", None), waterfall.matched, false, "")];
    for fate in [Fate::NoConsent, Fate::NoAddress, Fate::Suppressed, Fate::DuplicateAddress] {
        if waterfall.of(fate) > 0 {
            bars.push(bar(fate_label(fate).say(desk.locale), waterfall.of(fate), true, fate.code()));
        }
    }
    bars.push(bar(say(desk.locale, "segment-reach-left", None), waterfall.treated, false, Fate::Treated.code()));
    bars
}

/// A few of those the form means.
pub async fn drawn(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    let people = match posted(&desk, &fields).await? {
        Some(definition) => Some(desk.workbench.solve(&desk.db, &definition, desk.now(), &desk.zone).await?),
        None => None,
    };
    let lot = fields.get("los").parse().unwrap_or(1);
    Ok(draw(StatusCode::OK, &some_of(&desk, people.as_ref(), lot, String::new()).await?))
}

/// The people a lot draws.
pub async fn some_of(desk: &Desk, solved: Option<&Solved>, lot: u64, again: String) -> Result<SampleFragment, Fault> {
    let ids = solved.map(|solved| sample(&solved.people, lot, SOME)).unwrap_or_default();
    let rows = desk.db.read().await?;
    let mut people = Vec::new();
    for id in ids {
        people.extend(hit(desk, &rows, id).await?);
    }
    Ok(SampleFragment { frame: desk.frame(), people, next: lot.wrapping_add(1), again })
}

async fn hit(desk: &Desk, rows: &Rows, id: ContactId) -> Result<Option<Hit>, Fault> {
    let Some(contact) = customers::find_contact(rows, id).await? else { return Ok(None) };
    let name = contact.display_name();
    Ok(Some(Hit { id: contact.id, name, under: under(desk, &contact.kind, &contact.number, contact.city.as_deref()) }))
}

fn under(desk: &Desk, kind: &str, number: &str, city: Option<&str>) -> String {
    let kind = ContactKind::of(kind).map(|kind| kind.label().say(desk.locale)).unwrap_or_default();
    [kind.as_str(), number, city.unwrap_or_default()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// Whom the builder could be asked about.
pub async fn who(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    Ok(draw(StatusCode::OK, &found(&desk, &query).await?))
}

/// The person looked at and the people whose name, number or address begins so.
pub async fn found(desk: &Desk, query: &HashMap<String, String>) -> Answer<Who> {
    let search = query.get("wer").map_or("", String::as_str).trim().to_owned();
    let rows = desk.db.read().await?;
    let chosen = match query.get("warum").and_then(|id| id.parse().ok()).map(ContactId) {
        Some(id) => hit(desk, &rows, id).await?,
        None => None,
    };
    let mut hits = Vec::new();
    if !search.is_empty() {
        let asked = ContactQuery { search: Some(search.clone()), limit: SOME as u64, ..ContactQuery::default() };
        let lines = customers::contact_page(&rows, &desk.actor, &asked).await?.lines;
        let others = lines.into_iter().filter(|line| chosen.as_ref().is_none_or(|chosen| chosen.id != line.id));
        hits.extend(others.map(|line| Hit {
            id: line.id,
            name: line.display_name(),
            under: under(desk, &line.kind, &line.number, line.city.as_deref()),
        }));
    }
    Ok(Who { frame: desk.frame(), search, chosen, hits })
}

//! Finding anything from anywhere: people, companies, campaigns, pages and commands, each only for whoever may open it.

use super::contacts::{dotted, kind_name};
use crate::{
    door::{Answer, Desk, House},
    pages::{
        draw,
        finding::{FoundPart, Hit, HitGroup},
    },
};
use axum::{Router, extract::Query, http::StatusCode, response::Response, routing::get};
use crm::{
    customers::{self, ContactQuery},
    planning::{self, Campaign, Narrowed},
    staff::Right,
};
use finder::{Builder, Entry, Rank, Shelf, Subject};
use kernel::{CampaignId, sentence::say};
use std::collections::HashMap;
use store::Rows;

pub fn routes() -> Router<House> {
    Router::new().route("/suche", get(search))
}

/// Hits of people, and of everything else.
const PEOPLE: usize = 8;
const OTHERS: usize = 4;
/// Letters that are looked at.
const LONGEST: usize = 200;
/// Records that were opened last.
const LATEST: usize = 6;

/// Hits of one kind with the rank of the best.
struct Group {
    best: Rank,
    label: &'static str,
    hits: Vec<Hit>,
}

async fn search(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let text: String = query.get("q").map_or("", String::as_str).trim().chars().take(LONGEST).collect();
    let mut groups = Vec::new();
    if !text.is_empty() {
        groups = records(&desk, &text.replace('\0', "")).await?;
        groups.extend(places(&desk, &text));
        groups.retain(|group| !group.hits.is_empty());
        groups.sort_by_key(|group| group.best);
    } else if let Some(latest) = query.get("zuletzt") {
        groups.push(opened(&desk, latest).await?);
        groups.retain(|group| !group.hits.is_empty());
    }
    let shown = |group: Group| HitGroup { label: say(desk.locale, group.label, None), hits: group.hits };
    let page =
        FoundPart { frame: desk.frame(), asked: !text.is_empty(), groups: groups.into_iter().map(shown).collect() };
    Ok(draw(StatusCode::OK, &page))
}

/// People, companies and campaigns that fit; the rows answer while the index is being made.
async fn records(desk: &Desk, text: &str) -> Answer<Vec<Group>> {
    let (people, campaigns) = (desk.actor.may(Right::SeeContacts), desk.actor.may(Right::SeeCampaigns));
    let subjects = [
        (Subject::Person, if people { PEOPLE } else { 0 }),
        (Subject::Company, if people { OTHERS } else { 0 }),
        (Subject::Campaign, if campaigns { OTHERS } else { 0 }),
    ];
    let Some(found) = desk.finder.find(text, &subjects).await? else { return rows_answer(desk, text).await };
    let hits = |subject| found.get(&subject).map_or(&[][..], Vec::as_slice);
    let ids = |subject| hits(subject).iter().map(|hit| hit.id.0).collect::<Vec<i64>>();
    let best = |subject| hits(subject).first().map_or(Rank::Alike, |hit| hit.rank);
    let rows = desk.db.read().await?;
    let mut groups = Vec::new();
    if people {
        let (who, companies) = (ids(Subject::Person), ids(Subject::Company));
        groups.push(Group { best: best(Subject::Person), ..named_people(desk, &rows, &who).await? });
        groups.push(Group { best: best(Subject::Company), ..named_companies(desk, &rows, &companies).await? });
    }
    if campaigns {
        let ids = ids(Subject::Campaign);
        groups.push(Group { best: best(Subject::Campaign), ..named_campaigns(desk, &rows, &ids).await? });
    }
    Ok(groups)
}

async fn rows_answer(desk: &Desk, text: &str) -> Answer<Vec<Group>> {
    let rows = desk.db.read().await?;
    let mut groups = Vec::new();
    if desk.actor.may(Right::SeeContacts) {
        let query = ContactQuery { search: Some(text.to_owned()), limit: PEOPLE as u64, ..ContactQuery::default() };
        let page = customers::contact_page(&rows, &desk.actor, &query).await?;
        let ids: Vec<i64> = page.lines.iter().map(|line| line.id).collect();
        groups.push(named_people(desk, &rows, &ids).await?);
        let companies = customers::companies(&rows, text, "", OTHERS as i64).await?;
        let ids: Vec<i64> = companies.iter().map(|company| company.id).collect();
        groups.push(named_companies(desk, &rows, &ids).await?);
    }
    if desk.actor.may(Right::SeeCampaigns) {
        let narrowed = Narrowed { search: text.to_owned(), ..Narrowed::default() };
        let lines = planning::list(&rows, &narrowed, None, OTHERS as i64).await?;
        let ids: Vec<i64> = lines.iter().map(|line| line.id).collect();
        groups.push(named_campaigns(desk, &rows, &ids).await?);
    }
    Ok(groups)
}

async fn named_people(desk: &Desk, rows: &Rows, ids: &[i64]) -> Answer<Group> {
    let people = customers::found_people(rows, &desk.actor, ids).await?;
    let hit = |person: customers::FoundPerson| Hit {
        id: format!("p{}", person.id),
        name: person.display_name(),
        under: dotted([
            kind_name(&person.kind, desk.locale).as_str(),
            person.city.as_deref().unwrap_or(""),
            person.company.as_deref().unwrap_or(""),
        ]),
        href: format!("/kontakte/{}", person.id),
        icon: "user",
    };
    Ok(Group { best: Rank::Exact, label: "finding-people", hits: people.into_iter().map(hit).collect() })
}

async fn named_companies(desk: &Desk, rows: &Rows, ids: &[i64]) -> Answer<Group> {
    let companies = customers::found_companies(rows, &desk.actor, ids).await?;
    let hit = |company: customers::Company| Hit {
        id: format!("c{}", company.id),
        name: company.name,
        under: company.industry.unwrap_or_default(),
        href: format!("/firmen/{}", company.id),
        icon: "building",
    };
    Ok(Group { best: Rank::Exact, label: "finding-companies", hits: companies.into_iter().map(hit).collect() })
}

async fn named_campaigns(desk: &Desk, rows: &Rows, ids: &[i64]) -> Answer<Group> {
    let mut hits = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(campaign) = Campaign::find(rows, CampaignId(*id)).await? else { continue };
        hits.push(Hit {
            id: format!("k{id}"),
            name: campaign.plan.name,
            under: campaign.state.label().say(desk.locale),
            href: format!("/kampagnen/{id}"),
            icon: "speakerphone",
        });
    }
    Ok(Group { best: Rank::Exact, label: "finding-campaigns", hits })
}

/// Pages and commands of this person, ranked like everything else.
fn places(desk: &Desk, text: &str) -> [Group; 2] {
    let frame = desk.frame();
    let pages = frame.entries.iter().map(|entry| Hit {
        id: format!("s{}", entry.place.key()),
        name: frame.say(entry.place.key()),
        under: match entry.place.letter() {
            "" => String::new(),
            letter => format!("G {}", letter.to_uppercase()),
        },
        href: entry.place.href().to_owned(),
        icon: entry.place.icon(),
    });
    let commands = frame.commands.iter().enumerate().map(|(at, command)| Hit {
        id: format!("b{at}"),
        name: command.label.clone(),
        under: String::new(),
        href: command.href.clone(),
        icon: command.icon,
    });
    [ranked("shell-go", pages.collect(), text), ranked("shell-commands", commands.collect(), text)]
}

fn ranked(label: &'static str, hits: Vec<Hit>, text: &str) -> Group {
    let mut builder = Builder::default();
    for (at, hit) in hits.iter().enumerate() {
        builder.push(&Entry { id: at as i64, texts: vec![hit.name.clone()], ..Entry::default() });
    }
    let found = Shelf::of(builder.finish()).search(text, OTHERS);
    let best = found.first().map_or(Rank::Alike, |hit| hit.rank);
    let hits = found.iter().filter_map(|found| hits.get(found.id.0 as usize).cloned()).collect();
    Group { best, label, hits }
}

/// What was opened last, as the browser remembers it: addresses and nothing else, so that names come only for whoever may see
/// them, and not of people who are gone.
async fn opened(desk: &Desk, latest: &str) -> Answer<Group> {
    let rows = desk.db.read().await?;
    let mut hits = Vec::new();
    for path in latest.split(',').take(LATEST) {
        let Some((topic, Ok(id))) = path.split_once('/').map(|(topic, id)| (topic, id.parse::<i64>())) else {
            continue;
        };
        let one = match topic {
            "kontakte" if desk.actor.may(Right::SeeContacts) => named_people(desk, &rows, &[id]).await?,
            "kampagnen" if desk.actor.may(Right::SeeCampaigns) => named_campaigns(desk, &rows, &[id]).await?,
            _ => continue,
        };
        hits.extend(one.hits.into_iter().map(|hit| Hit { id: format!("z{}", hit.id), ..hit }));
    }
    Ok(Group { best: Rank::Exact, label: "finding-latest", hits })
}

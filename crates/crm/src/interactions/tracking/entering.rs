//! The unit's part: who was it, then into the log. Deliveries of one source that share a unit are looked up and written as if
//! they were one.

use super::{
    intake::{Plan, Seen, Understood, event_id},
    people::{self, People, Who},
    sights::Outcome,
    sources::Source,
    wire::{Event, plain},
};
use crate::interactions::{Appended, Kind, NewInteraction, append};
use kernel::{Fault, ProductId, Sentence, Timestamp, Zone};
use serde_json::json;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use store::{Batch, Rows, Write, values};

/// Ids of a few names that come again and again.
type Ids<'a> = HashMap<&'a str, i64>;

/// Records deliveries of one source; answers for each what became of its events.
pub async fn enter(
    unit: &Write,
    deliveries: &[Arc<Understood>],
    zone: &Zone,
) -> Result<(Vec<Appended>, Vec<Vec<Seen>>), Fault> {
    let Some(newest) = deliveries.last() else { return Ok((Vec::new(), Vec::new())) };
    let (source, now) = (&newest.source, newest.at);
    let plans = || deliveries.iter().flat_map(|delivery| delivery.plans.iter().map(move |plan| (delivery, plan)));
    let named: Vec<&Event> = plans()
        .filter_map(|(delivery, plan)| match plan {
            Plan::Record { event, .. } | Plan::Meet { event } => Some(&delivery.events[*event]),
            _ => None,
        })
        .collect();
    let numbers = people::numbers(unit, &named).await?;
    let skus: HashSet<&str> = plans()
        .filter_map(|(_, plan)| match plan {
            Plan::Record { sku, .. } | Plan::Count { sku, .. } => sku.as_deref(),
            _ => None,
        })
        .collect();
    let products = people::products(unit, &skus).await?;
    let agents: HashSet<&str> = deliveries.iter().flat_map(|delivery| &delivery.agents).map(String::as_str).collect();
    let agents = agent_ids(unit, agents).await?;
    let mut people = People::meet(unit, source, &numbers, &named, zone, now).await?;

    let mut items: Vec<NewInteraction> = Vec::with_capacity(named.len());
    // What each item came from: its delivery, its event, and who it is about.
    let mut origins: Vec<(usize, usize, Option<Who>)> = Vec::with_capacity(named.len());
    let mut seen: Vec<Vec<Seen>> = Vec::with_capacity(deliveries.len());
    for (place, delivery) in deliveries.iter().enumerate() {
        let mut met = Vec::with_capacity(delivery.plans.len());
        let whole = |item: &NewInteraction, agent: &Option<usize>, sku: &Option<String>| NewInteraction {
            agent: agent.and_then(|n| agents.get(delivery.agents.get(n)?.as_str()).copied()),
            product: sku.as_ref().and_then(|sku| products.get(sku)).map(|id| ProductId(*id)),
            ..item.clone()
        };
        for plan in &delivery.plans {
            match plan {
                Plan::Record { event, item, agent, sku } => {
                    let who = people.take(&delivery.events[*event]).await?;
                    items.push(whole(item, agent, sku));
                    origins.push((place, *event, Some(who)));
                }
                Plan::Count { event, item, agent, sku } => {
                    items.push(whole(item, agent, sku));
                    origins.push((place, *event, None));
                }
                Plan::Meet { event } => {
                    let who = people.take(&delivery.events[*event]).await?;
                    let reason = who.lead.then(|| Sentence::new("tracking-made-a-lead"));
                    met.push((*event, Outcome::Identified, None, reason));
                    if who.lead {
                        items.push(captured(source, &delivery.events[*event], now));
                        origins.push((place, *event, Some(who)));
                    }
                }
                Plan::Leave { .. } => {}
            }
        }
        seen.push(met);
    }
    let contacts = people.contacts().await?;
    for (item, (.., who)) in items.iter_mut().zip(&origins) {
        let Some(who) = who else { continue };
        item.visitor = who.visitor;
        let known = who.visitor.and_then(|visitor| contacts.get(&visitor));
        item.contact = who.contact.or(known.map(|(contact, _)| *contact));
        item.edge = known.filter(|_| who.contact.is_none()).map(|(_, edge)| *edge);
    }
    let appended = append(unit, &items, now).await?;
    for ((item, (place, event, who)), at) in items.iter().zip(&origins).zip(&appended) {
        if item.kind == Kind::LeadCaptured {
            continue;
        }
        let outcome = match (at.duplicate, who) {
            (true, _) => Outcome::Duplicate,
            (false, None) => Outcome::Counted,
            (false, Some(_)) => Outcome::Recorded,
        };
        seen[*place].push((*event, outcome, Some(at.seq), None));
    }
    Ok((appended, seen))
}

/// The entry a new lead begins with.
fn captured(source: &Source, event: &Event, now: Timestamp) -> NewInteraction {
    NewInteraction {
        event_id: event.message_id.as_deref().map(|id| event_id(source, &format!("lead:{id}"))),
        subject: plain(&source.name, 160),
        props: Some(json!({ "source": source.id })),
        ..NewInteraction::new(Kind::LeadCaptured, now)
    }
}

/// Ids of browsers and programs, new ones made.
async fn agent_ids<'a>(unit: &Write, names: HashSet<&'a str>) -> Result<Ids<'a>, Fault> {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    let mut known = known_agents(unit, &names).await?;
    if known.len() < names.len() {
        let mut batch = Batch::new("user_agent", &["name"], "ON CONFLICT (name) DO NOTHING");
        for name in names.iter().filter(|name| !known.contains_key(*name)) {
            batch.push(values![*name]);
        }
        batch.write(unit).await?;
        known = known_agents(unit, &names).await?;
    }
    Ok(known)
}

async fn known_agents<'a>(rows: &Rows, names: &[&'a str]) -> Result<Ids<'a>, Fault> {
    const SQL: &str = "SELECT name, id FROM user_agent WHERE name";
    let found: Vec<(String, i64)> = rows.keyed(&["name", "id"], SQL, names).await?;
    let found: HashMap<String, i64> = found.into_iter().collect();
    Ok(names.iter().filter_map(|name| Some((*name, *found.get(*name)?))).collect())
}

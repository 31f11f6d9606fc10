//! From a delivery to the log: a list of steps one can read aloud. Understand each event, look up what all of them name,
//! then in one unit: who was it, record, answer.

use super::{
    consent, instant,
    mapping::{self, Mapped},
    pace::Pace,
    people::{self, Numbers, People, Who},
    sights::{Outcome, Sight, Sights},
    sources::{self, Source},
    wire::{Call, Delivery, Event, Unreadable, plain},
};
use crate::interactions::{Appended, Errand, Kind, NewInteraction, Reason, Recorder, Verdict, append, verdict::web};
use kernel::{Clock, Fault, ProductId, Sentence, Seq, Timestamp, Zone, seal::fingerprint};
use serde_json::json;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};
use store::{Batch, Db, FromQueryResult, Rows, Write, marks, values};
use tokio::sync::Semaphore;

/// Events that may wait for the log at a time; beyond that senders are asked to come again.
const ROOM: usize = 50_000;

/// Takes in what sources tell. Clones share everything.
#[derive(Clone)]
pub struct Tracking {
    db: Db,
    clock: Clock,
    zone: Zone,
    recorder: Recorder,
    sights: Sights,
    pace: Pace,
    room: Arc<Semaphore>,
}

/// What came of a delivery.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// Events that could not be read, by their place.
    pub unreadable: Vec<(usize, Unreadable)>,
    /// Entries of the log, second deliveries apart.
    pub recorded: usize,
}

/// What is to be done with an event.
enum Plan {
    /// An entry of the log, about somebody.
    Record { event: usize, item: NewInteraction, agent: Option<usize> },
    /// An entry of the log about nobody.
    Count { event: usize, item: NewInteraction, agent: Option<usize> },
    /// It only says who somebody is.
    Meet { event: usize },
    /// Nothing.
    Leave { event: usize, outcome: Outcome, reason: Sentence },
}

/// A delivery, understood: what the unit that records it needs.
struct Understood {
    source: Source,
    events: Vec<Event>,
    plans: Vec<Plan>,
    agents: Vec<String>,
    numbers: Numbers,
}

/// Browsers and programs of a delivery, each with the verdicts on it: a long list of names is looked through once, not once an
/// event.
#[derive(Default)]
struct Agents {
    names: Vec<String>,
    /// As they came and as they are kept.
    places: HashMap<String, usize>,
    verdicts: HashMap<(Option<usize>, i64), (Verdict, Vec<Reason>)>,
}

impl Agents {
    fn place(&mut self, name: &str) -> Option<usize> {
        if let Some(place) = self.places.get(name) {
            return Some(*place);
        }
        let plain = plain(name, 200)?;
        let place = match self.places.get(&plain) {
            Some(place) => *place,
            None => {
                self.names.push(plain.clone());
                self.places.insert(plain, self.names.len() - 1);
                self.names.len() - 1
            }
        };
        self.places.insert(name.to_owned(), place);
        Some(place)
    }

    fn judge(&mut self, place: Option<usize>, pace: i64) -> (Verdict, Vec<Reason>) {
        let name = place.map_or("", |place| self.names[place].as_str());
        self.verdicts.entry((place, pace)).or_insert_with(|| web::judge(web::Visit { agent: name, pace })).clone()
    }
}

type Seen = (usize, Outcome, Option<Seq>, Option<Sentence>);

impl Tracking {
    pub fn new(db: Db, clock: Clock, zone: Zone, recorder: Recorder) -> Self {
        let room = Arc::new(Semaphore::new(ROOM));
        Self { db, clock, zone, recorder, sights: Sights::default(), pace: Pace::default(), room }
    }

    /// The source a write key belongs to; nothing where it is unknown or switched off.
    pub async fn source(&self, key: &str) -> Result<Option<Source>, Fault> {
        sources::by_key(&self.db.read().await?, key).await
    }

    /// Whether a browser on this origin may speak for some source.
    pub async fn admits(&self, origin: &str) -> Result<bool, Fault> {
        sources::any_admits(&self.db.read().await?, origin).await
    }

    /// Says to whoever looks at the source that a browser was turned away.
    pub fn turned_away(&self, source: &Source, origin: &str) {
        let reason = Sentence::new("tracking-refused-origin").with("origin", plain(origin, 120).unwrap_or_default());
        self.note_refusal(source, reason);
    }

    /// Says to whoever looks at the source that a request as a whole could not be read.
    pub fn unreadable(&self, source: &Source, reason: &'static str) {
        self.note_refusal(source, Sentence::new(reason));
    }

    fn note_refusal(&self, source: &Source, reason: Sentence) {
        let sight = Sight {
            at: self.clock.now(),
            call: "?".to_owned(),
            name: String::new(),
            who: String::new(),
            outcome: Outcome::Refused,
            seq: None,
            reason: Some(reason),
        };
        self.sights.note(&self.db, source.id, vec![sight]);
    }

    /// Records a delivery; answers after the commit. `agent` is the User-Agent of the request. [`Fault::Busy`] where too much
    /// waits already: trying again later helps.
    pub async fn take(&self, source: Source, delivery: Delivery, agent: &str) -> Result<Taken, Fault> {
        let count = u32::try_from(delivery.events.len()).unwrap_or(u32::MAX);
        let _room = self
            .room
            .try_acquire_many(count)
            .map_err(|_| Fault::Busy("too many tracked events wait for the log".to_owned()))?;
        let now = self.clock.now();
        let mut taken = Taken::default();
        let mut seen = Vec::new();
        let mut events = Vec::with_capacity(delivery.events.len());
        for (place, event) in delivery.events.into_iter().enumerate() {
            match event {
                Ok(event) => events.push(event),
                Err(unreadable) => {
                    taken.unreadable.push((place, unreadable));
                    seen.push(sight_of_unreadable(unreadable, now));
                }
            }
        }
        if !events.is_empty() {
            let understood = Arc::new(self.understand(source.clone(), events, agent, now).await?);
            let outcomes = self.record(understood.clone(), now).await?;
            taken.recorded = outcomes
                .iter()
                .filter(|(_, outcome, ..)| matches!(outcome, Outcome::Recorded | Outcome::Counted))
                .count();
            // In a flood only the newest are shown; the others need not be put into words.
            let skip = outcomes.len().saturating_sub(100);
            seen.extend(outcomes.into_iter().skip(skip).map(|outcome| sight(&understood.events, outcome, now)));
        }
        self.sights.note(&self.db, source.id, seen);
        Ok(taken)
    }

    async fn understand(
        &self,
        source: Source,
        events: Vec<Event>,
        agent: &str,
        now: Timestamp,
    ) -> Result<Understood, Fault> {
        let mut agents = Agents::default();
        let mut plans = Vec::with_capacity(events.len());
        let mut skus: Vec<(usize, String)> = Vec::new();
        for (n, event) in events.iter().enumerate() {
            let (plan, sku) = self.plan(&source, n, event, agent, &mut agents, now);
            skus.extend(sku.map(|sku| (n, sku)));
            plans.push(plan);
        }
        let rows = self.db.read().await?;
        let numbers = people::numbers(&rows, &events).await?;
        if !skus.is_empty() {
            let wanted: HashSet<&str> = skus.iter().map(|(_, sku)| sku.as_str()).collect();
            let products = people::products(&rows, &wanted).await?;
            for (n, sku) in &skus {
                if let (Plan::Record { item, .. } | Plan::Count { item, .. }, Some(id)) =
                    (&mut plans[*n], products.get(sku))
                {
                    item.product = Some(ProductId(*id));
                }
            }
        }
        Ok(Understood { source, events, plans, agents: agents.names, numbers })
    }

    /// What is to be done with one event, and the article number it names.
    fn plan(
        &self,
        source: &Source,
        event: usize,
        came: &Event,
        agent: &str,
        agents: &mut Agents,
        now: Timestamp,
    ) -> (Plan, Option<String>) {
        let leave = |outcome, reason| (Plan::Leave { event, outcome, reason: Sentence::new(reason) }, None);
        let permitted = consent::permits(&came.context);
        if !came.call.is_behaviour() {
            return match (permitted, came.anonymous_id.is_some() || came.user_id.is_some()) {
                (false, _) => leave(Outcome::Dropped, "tracking-dropped-no-consent"),
                (true, false) => leave(Outcome::Refused, "tracking-refused-nobody"),
                (true, true) => (Plan::Meet { event }, None),
            };
        }
        if !permitted && !source.switches.counts_anonymously {
            return leave(Outcome::Dropped, "tracking-dropped-no-consent");
        }
        let at = instant::corrected(came.timestamp.as_deref(), came.sent_at.as_deref(), now);
        let Some(Mapped { mut item, sku }) = mapping::map(came, at) else {
            return leave(Outcome::Refused, "tracking-refused-nameless");
        };
        let agent = agents.place(came.context.user_agent.as_deref().unwrap_or(agent));
        item.event_id = came.message_id.as_deref().map(|id| event_id(source, id));
        let pace = self.pace_of(source, came, &item, permitted);
        item.pace = Some(pace);
        (item.verdict, item.reasons) = agents.judge(agent, pace);
        match permitted {
            true if came.anonymous_id.is_none() && came.user_id.is_none() => {
                leave(Outcome::Refused, "tracking-refused-nobody")
            }
            true => (Plan::Record { event, item, agent }, sku),
            false => (Plan::Count { event, item: mapping::anonymous(item), agent }, sku),
        }
    }

    /// Pages within ten seconds; an event that shows none counts for nothing, nor does one of somebody unknown.
    fn pace_of(&self, source: &Source, came: &Event, item: &NewInteraction, permitted: bool) -> i64 {
        let walks = matches!(item.kind, Kind::PageViewed | Kind::ProductViewed | Kind::Searched);
        let walker = came.anonymous_id.as_deref().filter(|_| walks && permitted);
        walker.map_or(0, |walker| self.pace.step(source.id, walker, item.occurred_at))
    }

    async fn record(&self, understood: Arc<Understood>, now: Timestamp) -> Result<Vec<Seen>, Fault> {
        let left = |plan: &Plan| match plan {
            Plan::Leave { event, outcome, reason } => Some((*event, *outcome, None, Some(reason.clone()))),
            _ => None,
        };
        let mut seen: Vec<Seen> = understood.plans.iter().filter_map(left).collect();
        if seen.len() < understood.plans.len() {
            let outcomes: Arc<Mutex<Vec<Seen>>> = Arc::default();
            let (zone, told) = (self.zone.clone(), outcomes.clone());
            let errand: Errand = Arc::new(move |unit| {
                let (understood, zone, told) = (understood.clone(), zone.clone(), told.clone());
                Box::pin(async move {
                    let (appended, seen) = enter(unit, &understood, &zone, now).await?;
                    *told.lock().unwrap_or_else(PoisonError::into_inner) = seen;
                    Ok(appended)
                })
            });
            self.recorder.run(errand).await?;
            seen.append(&mut outcomes.lock().unwrap_or_else(PoisonError::into_inner));
            seen.sort_by_key(|(event, ..)| *event);
        }
        Ok(seen)
    }
}

/// Ids of senders are theirs: the same one from another source is another event.
fn event_id(source: &Source, id: &str) -> String {
    let id = plain(id, 4_000).unwrap_or_default();
    if id.len() <= 150 { format!("t{}:{id}", source.id) } else { format!("t{}:#{}", source.id, fingerprint(&id)) }
}

/// The unit's part: who was it, then into the log.
async fn enter(
    unit: &Write,
    understood: &Understood,
    zone: &Zone,
    now: Timestamp,
) -> Result<(Vec<Appended>, Vec<Seen>), Fault> {
    let Understood { source, events, plans, agents, numbers } = understood;
    let named = plans.iter().filter_map(|plan| match plan {
        Plan::Record { event, .. } | Plan::Meet { event } => Some(&events[*event]),
        _ => None,
    });
    let mut people = People::meet(unit, source, numbers, named, zone, now).await?;
    let agents = agent_ids(unit, agents).await?;
    let of = |agent: &Option<usize>| agent.and_then(|n| agents.get(n).copied());
    let mut items: Vec<NewInteraction> = Vec::with_capacity(plans.len());
    // What each item came from: its event, and who it is about.
    let mut origins: Vec<(usize, Option<Who>)> = Vec::with_capacity(plans.len());
    let mut seen = Vec::with_capacity(plans.len());
    for plan in plans {
        match plan {
            Plan::Record { event, item, agent } => {
                let who = people.take(&events[*event]).await?;
                items.push(NewInteraction { agent: of(agent), ..item.clone() });
                origins.push((*event, Some(who)));
            }
            Plan::Count { event, item, agent } => {
                items.push(NewInteraction { agent: of(agent), ..item.clone() });
                origins.push((*event, None));
            }
            Plan::Meet { event } => {
                let who = people.take(&events[*event]).await?;
                let reason = who.lead.then(|| Sentence::new("tracking-made-a-lead"));
                seen.push((*event, Outcome::Identified, None, reason));
                if who.lead {
                    items.push(captured(source, &events[*event], now));
                    origins.push((*event, Some(who)));
                }
            }
            Plan::Leave { .. } => {}
        }
    }
    let contacts = people.contacts();
    for (item, (_, who)) in items.iter_mut().zip(&origins) {
        let Some(who) = who else { continue };
        item.visitor = who.visitor;
        let known = who.visitor.and_then(|visitor| contacts.get(&visitor));
        item.contact = who.contact.or(known.map(|(contact, _)| *contact));
        item.edge = known.filter(|_| who.contact.is_none()).map(|(_, edge)| *edge);
    }
    let appended = append(unit, &items, now).await?;
    for ((item, (event, who)), place) in items.iter().zip(&origins).zip(&appended) {
        if item.kind == Kind::LeadCaptured {
            continue;
        }
        let outcome = match (place.duplicate, who) {
            (true, _) => Outcome::Duplicate,
            (false, None) => Outcome::Counted,
            (false, Some(_)) => Outcome::Recorded,
        };
        seen.push((*event, outcome, Some(place.seq), None));
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

#[derive(FromQueryResult)]
struct Agent {
    id: i64,
    name: String,
}

/// Ids of the browsers and programs of a delivery, new ones made; in the order of `names`.
async fn agent_ids(unit: &Write, names: &[String]) -> Result<Vec<i64>, Fault> {
    let mut known = known_agents(unit, names).await?;
    if known.len() < names.len() {
        let mut batch = Batch::new("user_agent", &["name"], "ON CONFLICT (name) DO NOTHING");
        for name in names.iter().filter(|name| !known.contains_key(*name)) {
            batch.push(values![name.as_str()]);
        }
        batch.write(unit).await?;
        known = known_agents(unit, names).await?;
    }
    Ok(names.iter().map(|name| known.get(name).copied().unwrap_or_default()).collect())
}

async fn known_agents(rows: &Rows, names: &[String]) -> Result<HashMap<String, i64>, Fault> {
    let mut known = HashMap::with_capacity(names.len());
    for chunk in names.chunks(500) {
        let sql = format!("SELECT id, name FROM user_agent WHERE name IN ({})", marks(1, chunk.len()));
        let found: Vec<Agent> =
            rows.all(&sql, chunk.iter().map(|name| store::Value::from(name.as_str())).collect()).await?;
        known.extend(found.into_iter().map(|row| (row.name, row.id)));
    }
    Ok(known)
}

fn sight(events: &[Event], (event, outcome, seq, reason): Seen, at: Timestamp) -> Sight {
    let event = &events[event];
    let name = match event.call {
        Call::Page | Call::Screen => {
            let told = event.properties.get("title").and_then(|title| title.as_str().map(str::to_owned));
            told.or_else(|| event.context.page.as_ref().and_then(|page| page.title.0.clone()))
        }
        _ => None,
    };
    let who = event.user_id.as_deref().or(event.anonymous_id.as_deref()).unwrap_or_default();
    // Without consent not even here is it said who it was.
    let who = if matches!(outcome, Outcome::Counted | Outcome::Dropped) { "" } else { who };
    Sight {
        at,
        call: event.call.code().to_owned(),
        name: name.or_else(|| event.name.clone()).and_then(|name| plain(&name, 120)).unwrap_or_default(),
        who: plain(who, 80).unwrap_or_default(),
        outcome,
        seq,
        reason,
    }
}

fn sight_of_unreadable(unreadable: Unreadable, at: Timestamp) -> Sight {
    let reason = match unreadable {
        Unreadable::NotAnEvent => "tracking-refused-unreadable",
        Unreadable::TooLarge => "tracking-refused-too-large",
        Unreadable::UnknownCall => "tracking-refused-unknown-call",
    };
    Sight {
        at,
        call: "?".to_owned(),
        name: String::new(),
        who: String::new(),
        outcome: Outcome::Refused,
        seq: None,
        reason: Some(Sentence::new(reason)),
    }
}

//! From a delivery to the log: a list of steps one can read aloud. Understand each event; then, in a unit shared with the
//! deliveries that wait as well: who was it, record, answer.

use super::{
    consent,
    desks::beside,
    gathering::Gathering,
    instant,
    mapping::{self, Mapped},
    pace::Pace,
    sights::{Noted, Outcome, Sight, Sights},
    sources::{self, Source},
    wire::{Call, Delivery, Event, Unreadable, plain},
};
use crate::interactions::{Kind, NewInteraction, Reason, Recorder, Verdict, verdict::web};
use kernel::{Clock, Fault, Sentence, Seq, Timestamp, Zone, seal::fingerprint};
use std::{collections::HashMap, sync::Arc};
use store::Db;
use tokio::sync::Semaphore;

/// Events that may wait for the log at a time; beyond that senders are asked to come again.
const ROOM: usize = 50_000;
/// Events that are understood beside the threads that answer.
const MANY: usize = 20;

/// Takes in what sources tell. Clones share everything.
#[derive(Clone)]
pub struct Tracking {
    db: Db,
    clock: Clock,
    gathering: Arc<Gathering>,
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
pub(super) enum Plan {
    /// An entry of the log, about somebody.
    Record { event: usize, item: NewInteraction, agent: Option<usize>, sku: Option<String> },
    /// An entry of the log about nobody.
    Count { event: usize, item: NewInteraction, agent: Option<usize>, sku: Option<String> },
    /// It only says who somebody is.
    Meet { event: usize },
    /// Nothing.
    Leave { event: usize, outcome: Outcome, reason: Sentence },
}

/// A delivery, understood: what the unit that records it needs.
pub(super) struct Understood {
    pub source: Source,
    pub events: Vec<Event>,
    pub plans: Vec<Plan>,
    /// Names of browsers and programs; the plans speak of their places.
    pub agents: Vec<String>,
    /// When it came.
    pub at: Timestamp,
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

/// What became of an event: its place, the outcome, its place in the log, why.
pub(super) type Seen = (usize, Outcome, Option<Seq>, Option<Sentence>);

impl Tracking {
    pub fn new(db: Db, clock: Clock, zone: Zone, recorder: Recorder) -> Self {
        let gathering = Arc::new(Gathering::new(recorder, zone));
        let room = Arc::new(Semaphore::new(ROOM));
        Self { db, clock, gathering, sights: Sights::default(), pace: Pace::default(), room }
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
        self.sights.note(&self.db, source.id, vec![Box::new(|| sight)]);
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
        let mut seen: Vec<Noted> = Vec::new();
        let mut events = Vec::with_capacity(delivery.events.len());
        for (place, event) in delivery.events.into_iter().enumerate() {
            match event {
                Ok(event) => events.push(event),
                Err(unreadable) => {
                    taken.unreadable.push((place, unreadable));
                    seen.push(Box::new(move || sight_of_unreadable(unreadable, now)));
                }
            }
        }
        if !events.is_empty() {
            let understood = Arc::new(self.understood(source.clone(), events, agent, now).await?);
            let outcomes = self.record(&understood).await?;
            taken.recorded = outcomes
                .iter()
                .filter(|(_, outcome, ..)| matches!(outcome, Outcome::Recorded | Outcome::Counted))
                .count();
            seen.extend(outcomes.into_iter().map(|outcome| {
                let understood = understood.clone();
                Box::new(move || sight(&understood.events, outcome, now)) as Noted
            }));
        }
        self.sights.note(&self.db, source.id, seen);
        Ok(taken)
    }

    /// Long lists are understood beside the threads that answer: the unit that is being written must not wait for them.
    async fn understood(
        &self,
        source: Source,
        events: Vec<Event>,
        agent: &str,
        at: Timestamp,
    ) -> Result<Understood, Fault> {
        if events.len() < MANY {
            return Ok(self.understand(source, events, agent, at));
        }
        let (tracking, agent) = (self.clone(), agent.to_owned());
        beside(move || tracking.understand(source, events, &agent, at)).await
    }

    fn understand(&self, source: Source, events: Vec<Event>, agent: &str, at: Timestamp) -> Understood {
        let mut agents = Agents::default();
        let plan = |(n, event)| self.plan(&source, n, event, agent, &mut agents, at);
        let plans = events.iter().enumerate().map(plan).collect();
        Understood { source, plans, events, agents: agents.names, at }
    }

    /// What is to be done with one event.
    fn plan(
        &self,
        source: &Source,
        event: usize,
        came: &Event,
        agent: &str,
        agents: &mut Agents,
        now: Timestamp,
    ) -> Plan {
        let leave = |outcome, reason| Plan::Leave { event, outcome, reason: Sentence::new(reason) };
        let permitted = consent::permits(&came.context);
        if !came.call.is_behaviour() {
            return match (permitted, came.anonymous_id.is_some() || came.user_id.is_some()) {
                (false, _) => leave(Outcome::Dropped, "tracking-dropped-no-consent"),
                (true, false) => leave(Outcome::Refused, "tracking-refused-nobody"),
                (true, true) => Plan::Meet { event },
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
            true => Plan::Record { event, item, agent, sku },
            false => Plan::Count { event, item: mapping::anonymous(item), agent, sku },
        }
    }

    /// Pages within ten seconds; an event that shows none counts for nothing, nor does one of somebody unknown.
    fn pace_of(&self, source: &Source, came: &Event, item: &NewInteraction, permitted: bool) -> i64 {
        let walks = matches!(item.kind, Kind::PageViewed | Kind::ProductViewed | Kind::Searched);
        let walker = came.anonymous_id.as_deref().filter(|_| walks && permitted);
        walker.map_or(0, |walker| self.pace.step(source.id, walker, item.occurred_at))
    }

    async fn record(&self, understood: &Arc<Understood>) -> Result<Vec<Seen>, Fault> {
        let left = |plan: &Plan| match plan {
            Plan::Leave { event, outcome, reason } => Some((*event, *outcome, None, Some(reason.clone()))),
            _ => None,
        };
        let mut seen: Vec<Seen> = understood.plans.iter().filter_map(left).collect();
        if seen.len() < understood.plans.len() {
            seen.append(&mut self.gathering.record(understood.clone()).await?);
            seen.sort_by_key(|(event, ..)| *event);
        }
        Ok(seen)
    }
}

/// Ids of senders are theirs: the same one from another source is another event.
pub(super) fn event_id(source: &Source, id: &str) -> String {
    let id = plain(id, 4_000).unwrap_or_default();
    if id.len() <= 150 { format!("t{}:{id}", source.id) } else { format!("t{}:#{}", source.id, fingerprint(&id)) }
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

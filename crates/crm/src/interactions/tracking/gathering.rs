//! Deliveries that wait for the log at the same time are looked up and written as one: what a unit costs is paid once for
//! all of them, and so is every look at who their visitors are.

use super::{
    entering::enter,
    intake::{Seen, Understood},
};
use crate::interactions::{Appended, Errand, Recorder, recorder::again};
use futures::future::BoxFuture;
use kernel::{Fault, Zone};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};
use store::Write;
use tokio::sync::oneshot;

/// Events that are written together, a longer delivery apart: nobody else writes meanwhile.
const MOST: usize = 2_000;

type Answer = oneshot::Sender<Result<Vec<Seen>, Fault>>;

/// What waits for the log.
pub struct Gathering {
    recorder: Recorder,
    zone: Zone,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    deliveries: VecDeque<(Arc<Understood>, Answer)>,
    /// Somebody stands in the recorder's queue and will take them along.
    called: bool,
}

/// Deliveries of one source that share a unit.
struct Group {
    deliveries: Vec<Arc<Understood>>,
    answers: Mutex<Vec<Answer>>,
    seen: Mutex<Vec<Vec<Seen>>>,
}

impl Gathering {
    pub fn new(recorder: Recorder, zone: Zone) -> Self {
        Self { recorder, zone, waiting: Mutex::default() }
    }

    /// Records a delivery together with those that wait when its turn comes; answers after the commit.
    pub async fn record(self: &Arc<Self>, delivery: Arc<Understood>) -> Result<Vec<Seen>, Fault> {
        let (answer, answered) = oneshot::channel();
        let call = {
            let mut waiting = held(&self.waiting);
            waiting.deliveries.push_back((delivery, answer));
            !std::mem::replace(&mut waiting.called, true)
        };
        if call {
            // A task of its own: a sender that goes away must not leave the others without an answer.
            tokio::spawn(self.clone().lead());
        }
        answered.await.map_err(|_| Fault::Busy("the writer of the interaction log has stopped".to_owned()))?
    }

    /// Stands in the queue for all who wait, and tells them how it ended.
    fn lead(self: Arc<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            // Taken when the turn comes; the same when the unit has to be repeated.
            let group: Arc<OnceLock<Group>> = Arc::default();
            let (gathering, slot) = (self.clone(), group.clone());
            let errand: Errand = Arc::new(move |unit| {
                let (gathering, slot) = (gathering.clone(), slot.clone());
                Box::pin(async move { slot.get_or_init(|| gathering.next()).enter(unit, &gathering.zone).await })
            });
            let outcome = self.recorder.run(errand).await;
            let group = group.get_or_init(|| self.next());
            let answers = std::mem::take(&mut *held(&group.answers));
            match outcome {
                Ok(_) => {
                    let seen = std::mem::take(&mut *held(&group.seen));
                    for (answer, seen) in answers.into_iter().zip(seen) {
                        let _ = answer.send(Ok(seen));
                    }
                }
                // One bad delivery never takes its neighbours down.
                Err(fault) if answers.len() > 1 && !matches!(fault, Fault::DiskFull(_) | Fault::Busy(_)) => {
                    tracing::warn!(deliveries = answers.len(), error = %fault, "Deliveries are written one by one to find the bad one");
                    for (delivery, answer) in group.deliveries.iter().zip(answers) {
                        let _ = answer.send(self.alone(delivery.clone()).await);
                    }
                }
                Err(fault) => {
                    for answer in answers {
                        let _ = answer.send(Err(again(&fault)));
                    }
                }
            }
        })
    }

    async fn alone(self: &Arc<Self>, delivery: Arc<Understood>) -> Result<Vec<Seen>, Fault> {
        let group = Arc::new(Group::of(vec![delivery], Vec::new()));
        let (gathering, same) = (self.clone(), group.clone());
        let errand: Errand = Arc::new(move |unit| {
            let (gathering, group) = (gathering.clone(), same.clone());
            Box::pin(async move { group.enter(unit, &gathering.zone).await })
        });
        self.recorder.run(errand).await?;
        Ok(held(&group.seen).pop().unwrap_or_default())
    }

    /// Those that go together now: of the source that waits longest, as it was when they came.
    fn next(self: &Arc<Self>) -> Group {
        let mut waiting = held(&self.waiting);
        let (mut deliveries, mut answers, mut events) = (Vec::new(), Vec::new(), 0);
        let mut others = VecDeque::new();
        for (delivery, answer) in std::mem::take(&mut waiting.deliveries) {
            let together = deliveries.first().is_none_or(|first: &Arc<Understood>| {
                first.source == delivery.source && events + delivery.events.len() <= MOST && others.is_empty()
            });
            if together {
                events += delivery.events.len();
                deliveries.push(delivery);
                answers.push(answer);
            } else {
                others.push_back((delivery, answer));
            }
        }
        waiting.called = !others.is_empty();
        waiting.deliveries = others;
        if waiting.called {
            tokio::spawn(self.clone().lead());
        }
        Group::of(deliveries, answers)
    }
}

impl Group {
    fn of(deliveries: Vec<Arc<Understood>>, answers: Vec<Answer>) -> Self {
        Self { deliveries, answers: Mutex::new(answers), seen: Mutex::default() }
    }

    async fn enter(&self, unit: &Write, zone: &Zone) -> Result<Vec<Appended>, Fault> {
        let (appended, seen) = enter(unit, &self.deliveries, zone).await?;
        *held(&self.seen) = seen;
        Ok(appended)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Many senders, one commit: the recorder gathers what is there into one unit and answers each sender after the commit.
//!
//! "Answered" means committed and synced. A full queue says so at once instead of growing; one bad item never takes its
//! neighbours down.

use super::{Appended, NewInteraction, append, hold};
use futures::future::BoxFuture;
use kernel::{Clock, Fault};
use std::sync::{Arc, Mutex};
use store::{Db, Write};
use tokio::{
    sync::{Notify, mpsc, oneshot},
    task::JoinHandle,
};

/// Work that joins the shared commit where looking and appending belong together, such as the verdict on a click. It may
/// be run again when the unit had to be repeated. Everything appended before it in the log is visible to it.
pub type Errand = Arc<dyn for<'u> Fn(&'u Write) -> BoxFuture<'u, Result<Vec<Appended>, Fault>> + Send + Sync>;

#[derive(Clone, Copy, Debug)]
pub struct RecorderConfig {
    /// How many may wait.
    pub queue: usize,
    /// How many share a commit at most.
    pub group: usize,
}

impl Default for RecorderConfig {
    fn default() -> Self {
        Self { queue: 10_000, group: 1_000 }
    }
}

enum Work {
    Item(Box<NewInteraction>),
    Errand(Errand),
}

struct Ask {
    work: Work,
    answer: oneshot::Sender<Result<Vec<Appended>, Fault>>,
}

/// The log's one writer in this process. Clones share it.
#[derive(Clone)]
pub struct Recorder {
    queue: mpsc::Sender<Ask>,
    closing: Arc<Notify>,
    writer: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Recorder {
    /// Starts the writer; it works until [`Recorder::close`].
    pub fn start(db: Db, clock: Clock, config: RecorderConfig) -> Self {
        let (queue, asks) = mpsc::channel(config.queue);
        let closing = Arc::new(Notify::new());
        let desk = Desk { db, clock };
        let writer = tokio::spawn(desk.attend(asks, config.group, closing.clone()));
        Self { queue, closing, writer: Arc::new(Mutex::new(Some(writer))) }
    }

    /// Records one interaction; answers after the commit. A full queue is [`Fault::Busy`]: trying again later helps.
    pub async fn record(&self, item: NewInteraction) -> Result<Appended, Fault> {
        let mut answers = self.record_all(vec![item]).await?;
        answers.pop().unwrap_or_else(|| Err(gone()))
    }

    /// Records several: all are taken into the queue or none is. Each has its own answer.
    pub async fn record_all(&self, items: Vec<NewInteraction>) -> Result<Vec<Result<Appended, Fault>>, Fault> {
        let answers = self.enter(items.into_iter().map(|item| Work::Item(Box::new(item))).collect())?;
        let mut all = Vec::with_capacity(answers.len());
        for answer in answers {
            let answer = answer.await.map_err(|_| gone()).and_then(|answer| answer);
            all.push(answer.and_then(|places| places.into_iter().next().ok_or_else(gone)));
        }
        Ok(all)
    }

    /// Runs an errand inside the shared commit; answers after it.
    pub async fn run(&self, errand: Errand) -> Result<Vec<Appended>, Fault> {
        match self.enter(vec![Work::Errand(errand)])?.pop() {
            Some(answer) => answer.await.map_err(|_| gone())?,
            None => Err(gone()),
        }
    }

    /// How many wait for the writer.
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Takes nothing more, writes what was taken, and answers when all of it is committed.
    pub async fn close(&self) {
        self.closing.notify_one();
        let writer = self.writer.lock().ok().and_then(|mut writer| writer.take());
        if let Some(writer) = writer {
            let _ = writer.await;
        }
    }

    fn enter(&self, works: Vec<Work>) -> Result<Vec<oneshot::Receiver<Result<Vec<Appended>, Fault>>>, Fault> {
        let places = self
            .queue
            .try_reserve_many(works.len())
            .map_err(|_| Fault::Busy("the queue of the interaction log is full or the house is closing".to_owned()))?;
        let enter = |(place, work): (mpsc::Permit<'_, Ask>, Work)| {
            let (answer, receiver) = oneshot::channel();
            place.send(Ask { work, answer });
            receiver
        };
        Ok(places.zip(works).map(enter).collect())
    }
}

fn gone() -> Fault {
    Fault::Busy("the writer of the interaction log has stopped".to_owned())
}

struct Desk {
    db: Db,
    clock: Clock,
}

impl Desk {
    async fn attend(self, mut asks: mpsc::Receiver<Ask>, group: usize, closing: Arc<Notify>) {
        let mut open = true;
        loop {
            let mut asked = Vec::new();
            let count = tokio::select! {
                count = asks.recv_many(&mut asked, group) => count,
                () = closing.notified(), if open => {
                    open = false;
                    asks.close();
                    continue;
                }
            };
            if count == 0 {
                return;
            }
            let (works, answers): (Vec<_>, Vec<_>) = asked.into_iter().map(|ask| (ask.work, ask.answer)).unzip();
            for (answer, result) in answers.into_iter().zip(self.write(&works).await) {
                // A sender that no longer listens changes nothing: its item is in the log.
                let _ = answer.send(result);
            }
        }
    }

    /// One result for each work, in order.
    fn write<'a>(&'a self, works: &'a [Work]) -> BoxFuture<'a, Vec<Result<Vec<Appended>, Fault>>> {
        Box::pin(async move {
            match self.commit(works).await {
                Ok(places) => places.into_iter().map(Ok).collect(),
                Err(Refused { fault, theirs: true }) if works.len() > 1 => {
                    tracing::warn!(works = works.len(), error = %fault, "A shared commit failed and is split to find the bad item");
                    let (left, right) = works.split_at(works.len() / 2);
                    let mut results = self.write(left).await;
                    results.extend(self.write(right).await);
                    results
                }
                Err(Refused { fault, .. }) => {
                    let others: Vec<_> = works.iter().skip(1).map(|_| Err(again(&fault))).collect();
                    std::iter::once(Err(fault)).chain(others).collect()
                }
            }
        })
    }

    async fn commit(&self, works: &[Work]) -> Result<Vec<Vec<Appended>>, Refused> {
        let unit = self.db.write().await.map_err(Refused::ours)?;
        hold(&unit).await.map_err(Refused::ours)?;
        let now = self.clock.now();
        let mut places = Vec::with_capacity(works.len());
        let mut items: Vec<NewInteraction> = Vec::new();
        for work in works {
            match work {
                Work::Item(item) => items.push((**item).clone()),
                Work::Errand(errand) => {
                    let appended = append(&unit, &items, now).await.map_err(Refused::theirs)?;
                    places.extend(appended.into_iter().map(|place| vec![place]));
                    items.clear();
                    places.push(errand(&unit).await.map_err(Refused::theirs)?);
                }
            }
        }
        let appended = append(&unit, &items, now).await.map_err(Refused::theirs)?;
        places.extend(appended.into_iter().map(|place| vec![place]));
        unit.save().await.map_err(Refused::ours)?;
        Ok(places)
    }
}

/// Why a shared commit failed: for something in it (`theirs`), or because the database takes nothing now.
struct Refused {
    fault: Fault,
    theirs: bool,
}

impl Refused {
    fn ours(fault: Fault) -> Self {
        Self { fault, theirs: false }
    }

    fn theirs(fault: Fault) -> Self {
        let theirs = !matches!(fault, Fault::DiskFull(_) | Fault::Busy(_));
        Self { fault, theirs }
    }
}

/// The same fault for another sender of the same commit.
pub(super) fn again(fault: &Fault) -> Fault {
    let text = fault.to_string();
    match fault {
        Fault::DiskFull(_) => Fault::DiskFull(text.into()),
        Fault::Collision(_) => Fault::Collision(text.into()),
        Fault::Busy(_) => Fault::Busy(text),
        _ => Fault::Database(text.into()),
    }
}

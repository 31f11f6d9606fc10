//! The index of this process: follows the truth and is asked.

use crate::{
    build::Builder,
    reading::{self, CAMPAIGN, COMPANY, CONTACT},
    search::Hit,
    shelf::Shelf,
};
use kernel::{Clock, Fault};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use store::{
    Db, Rows,
    changes::{self, Cursor},
    copying::Source,
};
use tokio::sync::watch;

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    Person,
    Company,
    Campaign,
}

impl Subject {
    const ALL: [Subject; 3] = [Self::Person, Self::Company, Self::Campaign];

    fn source(self) -> &'static Source {
        match self {
            Self::Person => &CONTACT,
            Self::Company => &COMPANY,
            Self::Campaign => &CAMPAIGN,
        }
    }
}

/// The index at one moment.
#[derive(Clone, Default)]
struct Snapshot {
    /// All changes up to here are in.
    cursor: Cursor,
    /// Changes that are in as well, but will be told again.
    told: Arc<HashSet<i64>>,
    people: Shelf,
    companies: Shelf,
    campaigns: Shelf,
}

impl Snapshot {
    fn shelf(&self, subject: Subject) -> &Shelf {
        match subject {
            Subject::Person => &self.people,
            Subject::Company => &self.companies,
            Subject::Campaign => &self.campaigns,
        }
    }

    fn shelf_mut(&mut self, subject: Subject) -> &mut Shelf {
        match subject {
            Subject::Person => &mut self.people,
            Subject::Company => &mut self.companies,
            Subject::Campaign => &mut self.campaigns,
        }
    }
}

/// What is known while the index moves on.
#[derive(Default)]
struct Following {
    /// The last look at the truth that ended.
    seen: u64,
    /// The log was read up to here for who was heard of.
    news: i64,
    /// A number for each company's name: a company is written whenever one of its people is, its name hardly ever changes.
    names: HashMap<i64, u64>,
    /// Where the database was told that we stand.
    noted: Option<Cursor>,
}

/// The finder of this process. Clones share everything.
#[derive(Clone)]
pub struct Finder(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    /// None while the index is being made.
    now: RwLock<Option<Arc<Snapshot>>>,
    following: tokio::sync::Mutex<Following>,
    /// Looks at the truth that began.
    looks: AtomicU64,
}

/// Name under which the database keeps changes for us. Where several processes share it, whoever falls behind begins anew.
const READER: &str = "finder";
/// Time between two looks while nobody asks.
const LOOK: Duration = Duration::from_secs(5);

impl Finder {
    /// An index that answers nothing until [`Finder::prepare`] is done.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            db,
            clock,
            now: RwLock::default(),
            following: tokio::sync::Mutex::default(),
            looks: AtomicU64::new(0),
        }))
    }

    /// Reads the whole truth.
    pub async fn prepare(&self) -> Result<(), Fault> {
        let mut following = self.0.following.lock().await;
        self.0.build(&mut following).await
    }

    /// Makes the index and follows the truth until told to stop.
    pub async fn keep(&self, mut stopping: watch::Receiver<bool>) {
        while let Err(fault) = self.prepare().await {
            tracing::warn!(error = %fault, "The search cannot be made ready; rows answer meanwhile");
            if stopped(&mut stopping, LOOK).await {
                return;
            }
        }
        tracing::info!(people = self.people(), bytes = self.bytes(), "The search is ready");
        while !stopped(&mut stopping, LOOK).await {
            if let Err(fault) = self.0.look_after().await {
                tracing::warn!(error = %fault, "The search could not follow");
            }
        }
    }

    /// Ids of whoever fits all the words, the best first, at most `most` of each subject; nothing while the index is being
    /// made. Whatever was committed before the call is known.
    pub async fn find(
        &self,
        words: &str,
        subjects: &[(Subject, usize)],
    ) -> Result<Option<HashMap<Subject, Vec<Hit>>>, Fault> {
        let Some(snapshot) = self.0.fresh().await? else { return Ok(None) };
        let (words, subjects) = (words.to_owned(), subjects.to_vec());
        let search = move || {
            let found = |(subject, most)| (subject, snapshot.shelf(subject).search(&words, most));
            subjects.into_iter().map(found).collect()
        };
        let found = tokio::task::spawn_blocking(search).await;
        Ok(Some(found.map_err(|error| Fault::Unreadable(format!("the search: {error}")))?))
    }

    /// People in the index; 0 while it is being made.
    pub fn people(&self) -> usize {
        self.0.snapshot().map_or(0, |snapshot| snapshot.people.len())
    }

    /// Bytes of the index in memory.
    pub fn bytes(&self) -> usize {
        let of = |snapshot: Arc<Snapshot>| Subject::ALL.iter().map(|subject| snapshot.shelf(*subject).bytes()).sum();
        self.0.snapshot().map_or(0, of)
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>, rest: Duration) -> bool {
    // An error means that nobody can tell any more, which is a reason to stop as well.
    tokio::time::timeout(rest, stopping.wait_for(|stop| *stop)).await.is_ok()
}

impl Inner {
    fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.now.read().ok().and_then(|now| now.clone())
    }

    fn publish(&self, snapshot: Option<Snapshot>) {
        if let Ok(mut now) = self.now.write() {
            *now = snapshot.map(Arc::new);
        }
    }

    async fn build(&self, following: &mut Following) -> Result<(), Fault> {
        self.publish(None);
        let rows = self.db.read_beside().await?;
        let mut snapshot = Snapshot { cursor: changes::cursor(&rows).await?, ..Snapshot::default() };
        following.names.clear();
        for subject in Subject::ALL {
            let (mut builder, mut after) = (Builder::default(), i64::MIN);
            loop {
                let (entries, last) = reading::page(&rows, subject.source(), after).await?;
                let Some(last) = last else { break };
                after = last;
                for entry in &entries {
                    builder.push(entry);
                    if subject == Subject::Company {
                        following.names.insert(entry.id, number(&entry.texts));
                    }
                }
            }
            *snapshot.shelf_mut(subject) = Shelf::of(builder.finish());
        }
        following.news = reading::news_from(&rows).await?;
        hear(&rows, following, &snapshot.people).await?;
        drop(rows);
        self.publish(Some(snapshot));
        self.note(following).await
    }

    /// The index with everything that was committed before this was called; none while it is being made.
    async fn fresh(&self) -> Result<Option<Arc<Snapshot>>, Fault> {
        let called = self.looks.load(Ordering::SeqCst);
        if self.snapshot().is_none() {
            return Ok(None);
        }
        let mut following = self.following.lock().await;
        let Some(snapshot) = self.snapshot() else { return Ok(None) };
        // Somebody looked after this was called: what they saw is enough.
        if following.seen > called {
            return Ok(Some(snapshot));
        }
        let look = self.looks.fetch_add(1, Ordering::SeqCst) + 1;
        let rows = self.db.read_beside().await?;
        if !changes::reaches(&rows, snapshot.cursor).await? {
            // What changed is told no more. Whoever looks after the index makes it anew; rows answer meanwhile.
            self.publish(None);
            return Ok(None);
        }
        let next = advanced(&snapshot, &rows, &mut following).await?;
        following.seen = look;
        let Some(next) = next else { return Ok(Some(snapshot)) };
        self.publish(Some(next));
        Ok(self.snapshot())
    }

    /// What nobody has to wait for: who was heard of, joining segments, and saying where we stand.
    async fn look_after(&self) -> Result<(), Fault> {
        if self.fresh().await?.is_none() {
            let mut following = self.following.lock().await;
            return self.build(&mut following).await;
        }
        let mut following = self.following.lock().await;
        let Some(snapshot) = self.snapshot() else { return Ok(()) };
        hear(&self.db.read_beside().await?, &mut following, &snapshot.people).await?;
        self.note(&mut following).await?;
        drop(following);
        for subject in Subject::ALL {
            self.tidy(subject).await?;
        }
        Ok(())
    }

    /// Joins the segments of a shelf beside the questions.
    async fn tidy(&self, subject: Subject) -> Result<(), Fault> {
        let Some(before) = self.snapshot() else { return Ok(()) };
        let shelf = before.shelf(subject).clone();
        let tidied = tokio::task::spawn_blocking(move || shelf.tidied()).await;
        let tidied = tidied.map_err(|error| Fault::Unreadable(format!("the search: {error}")))?;
        let Some(tidied) = tidied else { return Ok(()) };
        let _following = self.following.lock().await;
        let Some(now) = self.snapshot() else { return Ok(()) };
        if let Some(shelf) = now.shelf(subject).taking_up(before.shelf(subject), tidied) {
            let mut next = Snapshot::clone(&now);
            *next.shelf_mut(subject) = shelf;
            self.publish(Some(next));
        }
        Ok(())
    }

    /// Says how far we have read, so that nothing we need is forgotten.
    async fn note(&self, following: &mut Following) -> Result<(), Fault> {
        let Some(cursor) = self.snapshot().map(|snapshot| snapshot.cursor) else { return Ok(()) };
        if following.noted == Some(cursor) {
            return Ok(());
        }
        let unit = self.db.write().await?;
        changes::read_until(&unit, READER, cursor, self.clock.now()).await?;
        unit.save().await?;
        following.noted = Some(cursor);
        Ok(())
    }
}

/// The index with what the rows say and it does not know yet; nothing where there is nothing new.
async fn advanced(snapshot: &Snapshot, rows: &Rows, following: &mut Following) -> Result<Option<Snapshot>, Fault> {
    let cursor = changes::cursor(rows).await?;
    let all = changes::since(rows, snapshot.cursor).await?;
    if all.is_empty() && cursor == snapshot.cursor {
        return Ok(None);
    }
    let told = all.iter().map(|change| change.seq).collect();
    let mut next = Snapshot { cursor, told: Arc::new(told), ..snapshot.clone() };
    let new = |table: &str| -> BTreeSet<i64> {
        let changes = all.iter().filter(|change| change.what == table && !snapshot.told.contains(&change.seq));
        changes.map(|change| change.id).collect()
    };
    let (mut people, companies) = (new(CONTACT.table), new(COMPANY.table));
    if !companies.is_empty() {
        let ids: Vec<i64> = companies.into_iter().collect();
        let entries = reading::these(rows, &COMPANY, &ids).await?;
        let mut renamed: Vec<i64> = Vec::new();
        for entry in &entries {
            let name = number(&entry.texts);
            if following.names.insert(entry.id, name) != Some(name) {
                renamed.push(entry.id);
            }
        }
        next.companies = next.companies.with(&ids, entries);
        people.extend(reading::people_of(rows, &renamed).await?);
    }
    for (subject, ids) in [(Subject::Person, people), (Subject::Campaign, new(CAMPAIGN.table))] {
        let ids: Vec<i64> = ids.into_iter().collect();
        for ids in ids.chunks(reading::PAGE as usize) {
            let entries = reading::these(rows, subject.source(), ids).await?;
            let shelf = next.shelf_mut(subject);
            *shelf = shelf.with(ids, entries);
        }
    }
    Ok(Some(next))
}

async fn hear(rows: &Rows, following: &mut Following, people: &Shelf) -> Result<(), Fault> {
    loop {
        let (heard, last) = reading::news(rows, following.news).await?;
        for (id, minute) in heard {
            people.hear(id, minute);
        }
        let Some(last) = last else { return Ok(()) };
        following.news = last;
    }
}

fn number(name: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

//! All records of one kind: a large segment and smaller ones with what changed since, immutable and replaced as a whole.

use crate::{
    bits::Bits,
    build::{Builder, Entry},
    search::{Best, Hit, Looking, Rank},
    segment::Segment,
    wish::wishes,
};
use std::sync::Arc;

/// A segment, and which of its places stand no more.
#[derive(Clone, Debug)]
struct Part {
    segment: Arc<Segment>,
    gone: Arc<Bits>,
}

/// Joined while somebody waits, because it takes less than a few milliseconds; larger ones are joined beside.
const SMALL: usize = 4_096;
/// A segment is joined with the one before when that is not larger than so many times it.
const GROWTH: usize = 4;

#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// The oldest and largest first.
    parts: Vec<Part>,
}

impl Part {
    fn new(segment: Segment) -> Self {
        let gone = Arc::new(Bits::new(segment.len()));
        Self { segment: Arc::new(segment), gone }
    }

    fn is(&self, other: &Part) -> bool {
        Arc::ptr_eq(&self.segment, &other.segment)
    }
}

impl Shelf {
    pub fn of(segment: Segment) -> Self {
        Self { parts: vec![Part::new(segment)] }
    }

    /// The records without these ids, and with these entries, whose ids are among them.
    pub fn with(&self, ids: &[i64], entries: Vec<Entry>) -> Self {
        let mut next = self.clone();
        let mut heard = std::collections::HashMap::new();
        for part in &mut next.parts {
            let places: Vec<u32> = ids.iter().filter_map(|id| part.segment.place(*id)).collect();
            if places.iter().all(|place| part.gone.contains(*place)) {
                continue;
            }
            let gone = Arc::make_mut(&mut part.gone);
            for place in places {
                if !gone.contains(place) {
                    heard.insert(part.segment.ids[place as usize], part.segment.heard(place));
                    gone.insert(place);
                }
            }
        }
        let mut entries = entries;
        entries.sort_by_key(|entry| entry.id);
        entries.dedup_by_key(|entry| entry.id);
        let mut builder = Builder::default();
        for mut entry in entries {
            entry.heard = entry.heard.max(heard.get(&entry.id).copied().unwrap_or(0));
            builder.push(&entry);
        }
        if !builder.is_empty() {
            next.parts.push(Part::new(builder.finish()));
        }
        next.join(SMALL);
        next
    }

    /// Joins the last segments while they are alike in size and together no larger than `most`.
    fn join(&mut self, most: usize) {
        while let [.., before, last] = self.parts.as_slice() {
            let together = before.segment.len() + last.segment.len();
            if before.segment.len() > GROWTH * last.segment.len() || together > most {
                break;
            }
            let merged = merged(&[before.clone(), last.clone()]);
            self.parts.truncate(self.parts.len() - 2);
            self.parts.push(merged);
        }
        self.parts.retain(|part| !part.segment.is_empty());
    }

    /// All segments as one, where there is more than one large part or much is gone; nothing where it is not worth it.
    pub fn tidied(&self) -> Option<Self> {
        let all: usize = self.parts.iter().map(|part| part.segment.len()).sum();
        let (largest, gone) = (self.parts.first()?.segment.len(), self.gone());
        let loose = all - largest;
        (loose > SMALL || gone > SMALL.max(all / 8)).then(|| self.joined())
    }

    /// All segments as one, without what is gone.
    pub fn joined(&self) -> Self {
        Self { parts: vec![merged(&self.parts)] }
    }

    /// This shelf, tidied from an earlier one while it moved on: the joined segment stands for the parts of `before`.
    pub fn taking_up(&self, before: &Self, tidy: Self) -> Option<Self> {
        let kept = before.parts.iter().zip(&self.parts).take_while(|(old, now)| old.is(now)).count();
        if kept < before.parts.len() {
            return None;
        }
        let mut tidy = tidy;
        let joined = tidy.parts.first_mut()?;
        for (old, now) in before.parts.iter().zip(&self.parts) {
            for place in now.gone.iter().filter(|place| !old.gone.contains(*place)) {
                if let Some(place) = joined.segment.place(now.segment.ids[place as usize]) {
                    Arc::make_mut(&mut joined.gone).insert(place);
                }
            }
        }
        tidy.parts.extend(self.parts[kept..].iter().cloned());
        Some(tidy)
    }

    /// Notes when people were heard of.
    pub fn hear(&self, id: i64, minute: u32) {
        for part in &self.parts {
            if let Some(place) = part.segment.place(id) {
                part.segment.hear(place, minute);
            }
        }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.segment.len()).sum::<usize>() - self.gone()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn gone(&self) -> usize {
        self.parts.iter().map(|part| part.gone.len()).sum()
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.segment.bytes() + part.gone.bytes()).sum()
    }

    /// Whoever fits all words in any order, the best first, at most `most`.
    pub fn search(&self, text: &str, most: usize) -> Vec<Hit> {
        let wishes = wishes(text);
        if wishes.is_empty() || most == 0 {
            return Vec::new();
        }
        let mut looking: Vec<Looking> =
            self.parts.iter().map(|part| Looking::new(&part.segment, &part.gone, wishes.len())).collect();
        let mut hits = Vec::new();
        for rank in Rank::ALL {
            let mut best = Best::new(most - hits.len());
            for (part, looking) in self.parts.iter().zip(&mut looking) {
                best.take(&part.segment, &looking.at(rank, &wishes));
            }
            hits.extend(best.hits(rank));
            if hits.len() >= most {
                break;
            }
        }
        hits
    }
}

fn merged(parts: &[Part]) -> Part {
    let parts: Vec<(&Segment, &Bits)> = parts.iter().map(|part| (&*part.segment, &*part.gone)).collect();
    Part::new(Segment::merged(&parts))
}

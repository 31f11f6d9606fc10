//! Whom each campaign reached and what they did about it: the view `reached` of the database, kept ready.
//!
//! A row for every person and campaign instead of one for every interaction, and a bit for each deed: rates and funnels
//! read a hundredth of the log. What is added to the log only ever adds bits, so following it is cheap.

use crate::{
    catalogue::REACHED,
    log::{Part, Shared},
    tallying::{Sum, Sums, Wanted},
};
use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, RecordBatchOptions, UInt8Array},
        datatypes::{DataType, Field, Int64Type, Schema, SchemaRef, UInt8Type},
    },
    error::Result,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock},
};
use store::copying::Copied;

pub const TABLE: &str = REACHED.table;

/// What a person can have done: the columns behind campaign and contact, a bit for each.
fn all_deeds() -> impl Iterator<Item = (u8, &'static str)> {
    (0..).zip(REACHED.columns[REACHED.key..].iter().map(|column| column.name))
}

/// The people of all campaigns. Clones share everything.
#[derive(Clone, Debug, Default)]
pub struct Ledger(Arc<BTreeMap<i64, Arc<Reached>>>);

/// The people of one campaign in the order of their ids, and the bits of what they did.
#[derive(Debug)]
struct Reached {
    contacts: Int64Array,
    deeds: UInt8Array,
}

/// The bits of an interaction: it shares them with its whole run.
fn deeds(shared: &Shared) -> u8 {
    let [kind, _, verdict, _] = &shared.codes;
    let (kind, verdict) = (kind.as_deref().unwrap_or_default(), verdict.as_deref().unwrap_or_default());
    let done: &[&str] = match (kind, verdict) {
        ("sent", _) => &["sent"],
        ("opened", "human") => &["opened"],
        ("clicked", "human") => &["opened", "clicked"],
        ("opened", "machine") => &["machine_opened"],
        ("page_viewed" | "product_viewed", "human") => &["viewed"],
        ("unsubscribed", verdict) if verdict != "machine" => &["unsubscribed"],
        ("complained", verdict) if verdict != "machine" => &["complained"],
        _ => &[],
    };
    all_deeds().filter(|(_, deed)| done.contains(deed)).map(|(bit, _)| 1 << bit).sum()
}

type News = BTreeMap<i64, BTreeMap<i64, u8>>;

impl Ledger {
    /// With what some rows of the log add; nothing when they add nothing.
    pub fn with(&self, part: &Part) -> Result<Option<Self>> {
        let mut news = News::new();
        for (shared, run) in &part.runs {
            if !run.names_people() {
                continue;
            }
            let deeds = deeds(shared);
            for (campaign, contact) in run.people()?.flatten() {
                *news.entry(campaign).or_default().entry(contact).or_default() |= deeds;
            }
        }
        let known = |campaign: i64, contact: i64| self.0.get(&campaign).and_then(|reached| reached.deeds_of(contact));
        for (campaign, people) in &mut news {
            people.retain(|contact, deeds| known(*campaign, *contact).is_none_or(|known| known | *deeds != known));
        }
        news.retain(|_, people| !people.is_empty());
        if news.is_empty() {
            return Ok(None);
        }
        let mut campaigns = BTreeMap::clone(&self.0);
        for (campaign, people) in news {
            let old = campaigns.get(&campaign);
            let merged = Reached::merged(old.map(AsRef::as_ref), people);
            campaigns.insert(campaign, Arc::new(merged));
        }
        Ok(Some(Self(Arc::new(campaigns))))
    }

    /// Without some people of some campaigns: what is still true of them is added again from the log.
    pub fn without(&self, gone: &BTreeSet<(i64, i64)>) -> Self {
        let mut campaigns = BTreeMap::clone(&self.0);
        let touched: BTreeSet<i64> = gone.iter().map(|(campaign, _)| *campaign).collect();
        for campaign in touched {
            let Some(reached) = campaigns.get(&campaign) else { continue };
            let left = reached.without(|contact| gone.contains(&(campaign, contact)));
            match left.contacts.is_empty() {
                true => campaigns.remove(&campaign),
                false => campaigns.insert(campaign, Arc::new(left)),
            };
        }
        Self(Arc::new(campaigns))
    }

    /// Whether both are the very same.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub fn rows(&self) -> usize {
        self.0.values().map(|reached| reached.contacts.len()).sum()
    }

    pub fn bytes(&self) -> usize {
        let of =
            |reached: &Arc<Reached>| reached.contacts.get_array_memory_size() + reached.deeds.get_array_memory_size();
        self.0.values().map(of).sum()
    }

    /// Campaign by campaign, some columns of [`schema`]; all campaigns or only those named.
    pub fn batches(&self, columns: &[usize], of: Option<&BTreeSet<i64>>) -> Result<Vec<RecordBatch>> {
        let schema = Arc::new(schema().project(columns)?);
        let named = self.0.iter().filter(|(campaign, _)| of.is_none_or(|of| of.contains(campaign)));
        named.map(|(campaign, reached)| reached.batch(*campaign, columns, &schema)).collect()
    }

    /// Sums by campaign, of all campaigns or only those named: of deeds and of people. Nothing when anything else is wanted.
    pub fn tally(&self, wanted: &Wanted, named: Option<&BTreeSet<i64>>) -> Option<Sums> {
        let [campaign, contact] = [REACHED.columns[0].name, REACHED.columns[1].name];
        let fits = wanted.group == campaign && wanted.of.iter().all(|(column, _)| column == contact);
        let bits: Option<Vec<Option<u8>>> = wanted
            .sums
            .iter()
            .map(|sum| match sum {
                Sum::Rows => Some(None),
                Sum::Of(deed) => all_deeds().find(|(_, name)| name == deed).map(|(bit, _)| Some(bit)),
                Sum::Different(_) => None,
            })
            .collect();
        let (true, Some(bits)) = (fits, bits) else { return None };
        let mut sums = Sums::new();
        for (campaign, reached) in self.0.iter().filter(|(id, _)| named.is_none_or(|named| named.contains(id))) {
            // How many people did exactly this and nothing else.
            let mut people = [0_i64; 256];
            for (contact, deeds) in reached.contacts.values().iter().zip(reached.deeds.values()) {
                if wanted.of.iter().all(|(_, members)| members.contains(*contact)) {
                    people[usize::from(*deeds)] += 1;
                }
            }
            if people.iter().any(|people| *people > 0) {
                let with = |bit: u8| (0..256).filter(|deeds| deeds >> bit & 1 == 1).map(|deeds| people[deeds]).sum();
                let sum = |bit: &Option<u8>| bit.map_or_else(|| people.iter().sum(), with);
                sums.insert(*campaign, bits.iter().map(sum).collect());
            }
        }
        Some(sums)
    }

    /// As a file holds it: campaign, contact and the bits.
    pub fn filed(&self) -> impl Iterator<Item = Result<RecordBatch>> {
        let batch = |(campaign, reached): (&i64, &Arc<Reached>)| {
            let columns: [ArrayRef; 3] = [
                Arc::new(Int64Array::from_value(*campaign, reached.contacts.len())),
                Arc::new(reached.contacts.clone()),
                Arc::new(reached.deeds.clone()),
            ];
            Ok(RecordBatch::try_new(filed_schema(), columns.into())?)
        };
        self.0.iter().map(batch)
    }

    /// What a file holds.
    pub fn from_filed(batches: &mut dyn Iterator<Item = Result<RecordBatch>>) -> Result<Self> {
        let mut campaigns: BTreeMap<i64, (Vec<i64>, Vec<u8>)> = BTreeMap::new();
        for batch in batches {
            let batch = batch?;
            let (of, contacts) =
                (batch.column(0).as_primitive::<Int64Type>(), batch.column(1).as_primitive::<Int64Type>());
            let deeds = batch.column(2).as_primitive::<UInt8Type>();
            for row in 0..batch.num_rows() {
                let (people, bits) = campaigns.entry(of.value(row)).or_default();
                people.push(contacts.value(row));
                bits.push(deeds.value(row));
            }
        }
        let reached =
            |(contacts, deeds): (Vec<i64>, Vec<u8>)| Reached { contacts: contacts.into(), deeds: deeds.into() };
        let campaigns = campaigns.into_iter().map(|(campaign, people)| (campaign, Arc::new(reached(people))));
        Ok(Self(Arc::new(campaigns.collect())))
    }
}

impl Reached {
    fn deeds_of(&self, contact: i64) -> Option<u8> {
        self.contacts.values().binary_search(&contact).ok().map(|row| self.deeds.value(row))
    }

    fn merged(old: Option<&Self>, people: BTreeMap<i64, u8>) -> Self {
        let before = old.map_or(0, |old| old.contacts.len());
        let (mut contacts, mut deeds) =
            (Vec::with_capacity(before + people.len()), Vec::with_capacity(before + people.len()));
        let mut news = people.into_iter().peekable();
        for row in 0..before {
            let Some(old) = old else { break };
            let (contact, mut done) = (old.contacts.value(row), old.deeds.value(row));
            while let Some((new, bits)) = news.next_if(|(new, _)| *new <= contact) {
                if new == contact {
                    done |= bits;
                } else {
                    contacts.push(new);
                    deeds.push(bits);
                }
            }
            contacts.push(contact);
            deeds.push(done);
        }
        for (new, bits) in news {
            contacts.push(new);
            deeds.push(bits);
        }
        Self { contacts: contacts.into(), deeds: deeds.into() }
    }

    fn without(&self, gone: impl Fn(i64) -> bool) -> Self {
        let stay = self.contacts.values().iter().zip(self.deeds.values()).filter(|(contact, _)| !gone(**contact));
        let (contacts, deeds): (Vec<i64>, Vec<u8>) = stay.map(|(contact, deeds)| (*contact, *deeds)).unzip();
        Self { contacts: contacts.into(), deeds: deeds.into() }
    }

    fn batch(&self, campaign: i64, columns: &[usize], schema: &SchemaRef) -> Result<RecordBatch> {
        let rows = self.contacts.len();
        let column = |index: &usize| -> ArrayRef {
            match index.checked_sub(REACHED.key) {
                Some(bit) => Arc::new(self.deeds.unary::<_, Int64Type>(|done| i64::from(done >> bit & 1))),
                None if *index == 0 => Arc::new(Int64Array::from_value(campaign, rows)),
                None => Arc::new(self.contacts.clone()),
            }
        };
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let arrays = columns.iter().map(column).collect();
        Ok(RecordBatch::try_new_with_options(schema.clone(), arrays, &options)?)
    }
}

/// The columns of the view.
pub fn schema() -> SchemaRef {
    static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
        let number = |column: &Copied| Field::new(column.name, DataType::Int64, false);
        Arc::new(Schema::new(REACHED.columns.iter().map(number).collect::<Vec<_>>()))
    });
    SCHEMA.clone()
}

/// The columns of its file.
pub fn filed_schema() -> SchemaRef {
    let number = |name: &str| Field::new(name, DataType::Int64, false);
    Arc::new(Schema::new(vec![
        number("campaign_id"),
        number("contact_id"),
        Field::new("deeds", DataType::UInt8, false),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalogue::NUMBERS, incoming::LogRows};
    use store::copying::Sink;

    /// (seq, contact, campaign, kind, verdict)
    fn part(rows: &[(i64, Option<i64>, i64, &str, &str)]) -> Part {
        let mut into = LogRows::default();
        for (seq, contact, campaign, kind, verdict) in rows {
            let numbers = [Some(*seq), Some(0), *contact, None, Some(*campaign), None, None, None];
            numbers.into_iter().enumerate().for_each(|(column, value)| into.int(column, value));
            for (code, word) in [Some(*kind), Some("email"), Some(*verdict), None].into_iter().enumerate() {
                into.text(NUMBERS + code, word);
            }
        }
        into.part().unwrap()
    }

    fn rows(ledger: &Ledger) -> Vec<(i64, i64, u8)> {
        let of = |(campaign, reached): (&i64, &Arc<Reached>)| {
            let people = reached.contacts.values().iter().zip(reached.deeds.values());
            people.map(|(contact, deeds)| (*campaign, *contact, *deeds)).collect::<Vec<_>>()
        };
        ledger.0.iter().flat_map(of).collect()
    }

    #[test]
    fn a_person_stands_once_in_each_campaign_with_everything_they_did() {
        let first = part(&[
            (1, Some(7), 1, "sent", "human"),
            (2, Some(5), 1, "sent", "human"),
            (3, Some(7), 1, "opened", "machine"),
            (4, None, 1, "opened", "human"),
            (5, Some(7), 2, "replied", "human"),
        ]);
        let ledger = Ledger::default().with(&first).unwrap().unwrap();
        assert_eq!(rows(&ledger), [(1, 5, 1), (1, 7, 0b1001), (2, 7, 0)]);
        let ledger = ledger.with(&part(&[(6, Some(6), 1, "clicked", "human")])).unwrap().unwrap();
        assert_eq!(rows(&ledger), [(1, 5, 1), (1, 6, 0b110), (1, 7, 0b1001), (2, 7, 0)]);
        assert!(ledger.with(&part(&[(7, Some(6), 1, "opened", "human")])).unwrap().is_none(), "known before");
        let less = ledger.without(&BTreeSet::from([(1, 7), (2, 7)]));
        assert_eq!(rows(&less), [(1, 5, 1), (1, 6, 0b110)]);
    }

    #[test]
    fn a_file_gives_back_what_it_was_given_and_questions_see_ones_and_noughts() {
        let ledger = Ledger::default().with(&part(&[(1, Some(7), 3, "clicked", "human")])).unwrap().unwrap();
        assert_eq!(rows(&Ledger::from_filed(&mut ledger.filed()).unwrap()), rows(&ledger));
        let batches = ledger.batches(&[1, 3, 4, 2], None).unwrap();
        let row: Vec<i64> =
            batches[0].columns().iter().map(|column| column.as_primitive::<Int64Type>().value(0)).collect();
        assert_eq!(row, [7, 1, 1, 0]);
        assert!(ledger.batches(&[0], Some(&BTreeSet::from([4]))).unwrap().is_empty());
    }
}

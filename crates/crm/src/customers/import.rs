//! The import of contacts: by customer number, so that the same file a second time changes nothing.

use super::{
    company::{self, company_key},
    consent,
    erased::{Erased, Traits},
    import_ledger::{self, Written},
    master::{self, Master},
};
use crate::{
    history::{self, Cause, Change, Subject},
    intake::{
        ContactRow, Flaw, ImportKind, Record, Shape,
        runs::{Context, Group, Importer, Tally, Weighed},
    },
    staff::Actor,
};
use kernel::Fault;
use std::collections::{BTreeMap, HashMap, HashSet};
use store::{Rows, Write};

/// Brings contacts, their companies and their consent to e-mail marketing in.
///
/// The last row of a customer number counts; earlier ones count as updates of it. A consent is written down when it
/// differs from what holds. One thing an import cannot do: grant again what the person withdrew elsewhere, with an
/// unsubscribe link for example; such rows are counted as `withdrawals_kept`.
pub struct ContactImport;

/// Rows of people an import may touch: whoever was erased stays erased, and whose data is restricted stays as it is.
async fn kept_out<'a>(
    rows: &Rows,
    newest: Vec<(&'a ContactRow, i64)>,
    tally: &mut Tally,
) -> Result<Vec<(&'a ContactRow, i64)>, Fault> {
    let born: Vec<String> =
        newest.iter().map(|(row, _)| row.birth_date.map(|day| day.to_string()).unwrap_or_default()).collect();
    let mails: Vec<String> =
        newest.iter().map(|(row, _)| row.email.as_ref().map(ToString::to_string).unwrap_or_default()).collect();
    let people: Vec<Traits<'_>> = newest
        .iter()
        .zip(born.iter().zip(&mails))
        .map(|((row, _), (birth_date, email))| Traits {
            number: &row.number,
            email,
            first_name: row.first_name.as_deref().unwrap_or_default(),
            last_name: row.last_name.as_deref().unwrap_or_default(),
            birth_date,
        })
        .collect();
    let erased = Erased::among(rows, &people).await?;
    const RESTRICTED: &str = "SELECT number FROM contact WHERE restricted_at IS NOT NULL";
    let restricted: HashSet<String> =
        rows.texts(RESTRICTED, vec![]).await?.into_iter().filter_map(|row| row.into_iter().next()?).collect();
    let mut left = Vec::with_capacity(newest.len());
    for (one, person) in newest.iter().zip(&people) {
        if erased.trait_of(person).is_some() {
            tally.count("erased_kept_out", 1);
        } else if restricted.contains(person.number) {
            tally.count("restricted_kept", 1);
        } else {
            left.push(*one);
        }
    }
    Ok(left)
}

/// Contacts to write and what hangs on them.
#[derive(Default)]
pub struct ContactPlan {
    companies: BTreeMap<String, (String, Option<String>)>,
    /// Keys of companies that are made, not only given an industry.
    founded: HashSet<String>,
    contacts: Vec<Master>,
    /// Those of them that were there before, by their numbers.
    before: HashMap<String, Master>,
    /// Company names of contacts whose company is not made yet, by position in `contacts`.
    missing: Vec<(usize, String)>,
    /// Known ids of contacts that stay as they are and get a consent all the same.
    known: HashMap<String, i64>,
    consents: Vec<(String, bool)>,
    retired: Vec<i64>,
}

#[async_trait::async_trait]
impl Importer for ContactImport {
    const KIND: ImportKind = ImportKind::Contacts;
    const JOB: &'static str = "import_contacts";
    type Row = ContactRow;
    type Plan = ContactPlan;

    fn read(shape: &Shape, record: &Record) -> Result<ContactRow, Flaw> {
        shape.contact(record)
    }

    fn number(row: &ContactRow) -> &str {
        &row.number
    }

    async fn weigh(
        &self,
        rows: &Rows,
        context: &Context,
        groups: Vec<Group<ContactRow>>,
    ) -> Result<Weighed<ContactPlan>, Fault> {
        let shape = &context.shape;
        let newest: Vec<(&ContactRow, i64)> =
            groups.iter().filter_map(|group| Some((&group.last()?.row, group.len() as i64))).collect();
        let mut tally = Tally::default();
        let newest = kept_out(rows, newest, &mut tally).await?;
        let numbers: Vec<&str> = newest.iter().map(|(row, _)| row.number.as_str()).collect();
        let mut stored = master::by_numbers(rows, &numbers).await?;
        let keys: HashSet<String> =
            newest.iter().filter_map(|(row, _)| row.company.as_deref()).map(company_key).collect();
        let companies = company::by_keys(rows, &keys.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        let held = if shape.fills("consent_email") {
            let ids: Vec<i64> = stored.values().map(|master| master.id).collect();
            consent::held(rows, &ids).await?
        } else {
            HashMap::new()
        };

        let mut plan = ContactPlan::default();
        for (row, times) in newest {
            let before = stored.remove(&row.number);
            let mut after = before.clone().unwrap_or_default();
            let mut company_missing = None;
            let mut company_id = None;
            if let Some(name) = &row.company {
                let key = company_key(name);
                match companies.get(&key) {
                    Some(company) if company.industry.is_some() || row.industry.is_none() => {}
                    _ => {
                        if !companies.contains_key(&key) {
                            plan.founded.insert(key.clone());
                        }
                        let wanted = plan.companies.entry(key.clone()).or_insert_with(|| (name.clone(), None));
                        if wanted.1.is_none() {
                            wanted.1.clone_from(&row.industry);
                        }
                    }
                }
                company_id = companies.get(&key).map(|company| company.id);
                company_missing = company_id.is_none().then_some(key);
            }
            after.overlay(row, shape, company_id, context.currency);
            let changed = company_missing.is_some() || before.as_ref() != Some(&after);
            let mut consent_changed = false;
            if let Some(granted) = row.consent_email {
                match before.as_ref().and_then(|contact| held.get(&contact.id)) {
                    Some(entry) if (entry.granted == 1) == granted => {}
                    Some(entry) if granted && entry.source != "import" => tally.count("withdrawals_kept", 1),
                    entry => {
                        plan.retired.extend(entry.map(|entry| entry.contact_id));
                        plan.consents.push((row.number.clone(), granted));
                        consent_changed = true;
                        tally.count("consents", 1);
                    }
                }
            }
            match &before {
                None => {
                    tally.created += 1;
                    tally.updated += times - 1;
                }
                Some(_) if changed || consent_changed => tally.updated += times,
                Some(_) => tally.unchanged += times,
            }
            if changed {
                if let Some(key) = company_missing {
                    plan.missing.push((plan.contacts.len(), key));
                }
                if let Some(before) = before {
                    plan.before.insert(row.number.clone(), before);
                }
                plan.contacts.push(after);
            } else if consent_changed && let Some(contact) = before {
                plan.known.insert(row.number.clone(), contact.id);
            }
        }
        Ok(Weighed { tally, rejections: Vec::new(), plan })
    }

    async fn write(&self, unit: &Write, context: &Context, mut plan: ContactPlan) -> Result<(), Fault> {
        let placed = company::place(unit, &plan.companies, context.now.0).await?;
        for (position, key) in std::mem::take(&mut plan.missing) {
            plan.contacts[position].company_id = placed.get(&key).copied();
        }
        let ids = master::place(unit, &plan.contacts, context.now.0).await?;
        let id_of = |number: &str| ids.get(number).or_else(|| plan.known.get(number)).copied();
        let said: Vec<(i64, bool)> =
            plan.consents.iter().filter_map(|(number, granted)| Some((id_of(number)?, *granted))).collect();
        consent::take_over(unit, &said, &plan.retired, &context.run.file_name, context.run.id, context.now).await?;
        self.note(unit, context, &plan, &placed, &ids).await
    }
}

impl ContactImport {
    /// Writes down what became of contacts and companies.
    async fn note(
        &self,
        unit: &Write,
        context: &Context,
        plan: &ContactPlan,
        placed: &HashMap<String, i64>,
        ids: &HashMap<String, i64>,
    ) -> Result<(), Fault> {
        let written: Vec<Written> = plan
            .contacts
            .iter()
            .filter_map(|after| {
                let before = plan.before.get(&after.number);
                Some(Written { id: *ids.get(&after.number)?, before, after })
            })
            .collect();
        let mut changes = import_ledger::entries(unit, &written).await?;
        for (key, (_, industry)) in &plan.companies {
            let Some(id) = placed.get(key) else { continue };
            changes.push(if plan.founded.contains(key) {
                Change::made(Subject::Company(*id))
            } else {
                Change::new(Subject::Company(*id), "industry", None, industry.clone())
            });
        }
        if changes.is_empty() && plan.consents.is_empty() {
            return Ok(());
        }
        let cause = Cause::Import(context.run.id.0);
        let set = history::resume(unit, &Actor::system("import"), cause, context.now).await?;
        history::note(unit, set, &changes).await
    }
}

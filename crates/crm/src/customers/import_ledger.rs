//! What an import of contacts changed, written down so that it can be taken back: one entry for each record that was made,
//! one for each field that says something else.

use super::{company, master::Master};
use crate::history::{Change, Subject};
use kernel::Fault;
use store::Rows;

/// A contact as it was, where there was one, and as it is now.
pub(super) struct Written<'a> {
    pub id: i64,
    pub before: Option<&'a Master>,
    pub after: &'a Master,
}

/// Entries for contacts. Fields are named as forms name them, a company by its name.
pub(super) async fn entries(rows: &Rows, written: &[Written<'_>]) -> Result<Vec<Change>, Fault> {
    let moved = written.iter().filter_map(|one| Some((one.before?.company_id, one.after.company_id)));
    let ids: Vec<i64> = moved.filter(|(old, new)| old != new).flat_map(|(old, new)| [old, new]).flatten().collect();
    let names = company::names(rows, &ids).await?;
    let mut changes = Vec::with_capacity(written.len());
    for one in written {
        let subject = Subject::Contact(one.id);
        let Some(before) = one.before else {
            changes.push(Change::made(subject));
            continue;
        };
        let (old, new) = (fields(before), fields(one.after));
        let differing = old.into_iter().zip(new).filter(|((_, old), (_, new))| old != new);
        changes.extend(differing.map(|((field, old), (_, new))| Change::new(subject, field, old, new)));
        if before.company_id != one.after.company_id {
            let name = |id: Option<i64>| id.and_then(|id| names.get(&id).cloned());
            changes.push(Change::new(subject, "company", name(before.company_id), name(one.after.company_id)));
        }
    }
    Ok(changes)
}

fn fields(master: &Master) -> [(&'static str, Option<String>); 13] {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let budget =
        master.budget_minor.map(|minor| format!("{minor} {}", master.budget_currency.as_deref().unwrap_or("EUR")));
    [
        ("salutation", master.salutation.clone()),
        ("title", master.title.clone()),
        ("first_name", some(&master.first_name)),
        ("last_name", some(&master.last_name)),
        ("birth_date", master.birth_date.clone()),
        ("email", master.email.clone()),
        ("phone", master.phone.clone()),
        ("street", master.street.clone()),
        ("postal_code", master.postal_code.clone()),
        ("city", master.city.clone()),
        ("country", master.country.clone()),
        ("source", master.source.clone()),
        ("budget", budget),
    ]
}

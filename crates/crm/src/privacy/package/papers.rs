//! The documents of a person, one after the other, so that a package never holds more than one of them in memory.

use crate::{
    Trouble,
    documents::{self, Cabinet, Document, Purpose, Subject, SubjectKind},
    staff::Actor,
};
use kernel::{ContactId, DocumentId, Fault, Timestamp};
use std::collections::BTreeSet;
use store::Db;

/// Those that are not removed, as the house shows them.
pub(super) async fn of(db: &Db, contact: ContactId) -> Result<Vec<Document>, Fault> {
    let rows = db.read().await?;
    let subject = Subject::new(SubjectKind::Contact, contact);
    match documents::of(&rows, &Actor::system("privacy"), subject).await {
        Ok(found) => Ok(found),
        Err(Trouble::Fault(fault)) => Err(fault),
        Err(Trouble::Refusal(_)) => Ok(Vec::new()),
    }
}

/// The bytes of a document; nothing where its store does not answer or does not have them any more.
pub(super) async fn bytes(
    db: &Db,
    cabinet: &Cabinet,
    id: DocumentId,
    now: Timestamp,
) -> Result<Option<Vec<u8>>, Fault> {
    let actor = Actor::system("privacy");
    let opened = match documents::open(db, cabinet, &actor, id, None, Purpose::Download, now).await {
        Ok((_, opened)) => opened,
        Err(Trouble::Fault(fault)) => return Err(fault),
        Err(Trouble::Refusal(_)) => return Ok(None),
    };
    let (mut bytes, mut rest) = (opened.head, opened.rest);
    loop {
        match rest.next().await {
            Ok(Some(piece)) => bytes.extend(piece),
            Ok(None) => return Ok(Some(bytes)),
            Err(_) => return Ok(None),
        }
    }
}

/// A name inside the package: nothing in it leads elsewhere, and no two are alike.
pub(super) fn name(document: &Document, taken: &mut BTreeSet<String>) -> String {
    let safe: String =
        document.name.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
    let safe = safe.trim_start_matches('.').to_owned();
    let name = if taken.insert(safe.to_lowercase()) { safe } else { format!("{}-{safe}", document.id) };
    format!("dokumente/{name}")
}

//! A document is looked at or taken along: the bytes as they come, and who did it.

use super::{
    Cabinet, Document, View,
    cabinet::{self, LINKED},
    content::{self, HEAD},
    record, versions,
};
use crate::{
    Refusal, Trouble,
    staff::{
        Actor,
        audit::{self, Deed},
    },
};
use kernel::{
    DocumentId, Timestamp,
    repository::{Reading, Repository, RepositoryTrouble},
};
use serde_json::json;
use store::Db;

/// What the bytes are wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be shown by a browser of ours: only kinds that cannot run anything.
    Look,
    Download,
}

/// A document that is being read.
pub struct Opened {
    pub name: String,
    /// By content; for linked files by what lies there now.
    pub content_type: &'static str,
    pub size: u64,
    /// The bytes that were looked at already.
    pub head: Vec<u8>,
    /// Those behind them.
    pub rest: Box<dyn Reading>,
}

/// Opens a version of a document, the newest unless a number is given, and notes who looked.
///
/// # Errors
/// `Missing`, `Right`; `Away` where the repository does not answer; `State` where the bytes are gone or a browser may not show
/// them.
pub async fn open(
    db: &Db,
    cabinet: &Cabinet,
    actor: &Actor,
    id: DocumentId,
    number: Option<i64>,
    purpose: Purpose,
    now: Timestamp,
) -> Result<(Document, Opened), Trouble> {
    let rows = db.read().await?;
    let document = record::find(&rows, actor, id).await?;
    let number = number.unwrap_or(document.current);
    let found = versions(&rows, id).await?.into_iter().find(|version| version.number == number);
    let version = found.ok_or(Refusal::Missing)?;
    drop(rows);
    let repository = cabinet.repository(&version.place)?;
    let opened = begin(repository, &version.path, &document.name).await?;
    let opened = match version.place.as_str() {
        LINKED => opened,
        // Unchanged since it was looked at as a whole.
        _ => Opened { content_type: content::known(&version.content_type), ..opened },
    };
    must_be_shown(&opened, purpose)?;
    let deed = Deed::new(verb(purpose), "document", id.0).with(json!({ "version": number }));
    let unit = db.write().await?;
    audit::note(&unit, actor, now, deed).await?;
    unit.save().await?;
    Ok((document, opened))
}

pub(super) fn verb(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Look => "document.viewed",
        Purpose::Download => "document.downloaded",
    }
}

pub(super) fn must_be_shown(opened: &Opened, purpose: Purpose) -> Result<(), Refusal> {
    match (purpose, content::view(opened.content_type)) {
        (Purpose::Look, View::None) => Err(Refusal::state("documents-no-preview")),
        _ => Ok(()),
    }
}

/// Opens a file and looks at its beginning.
pub(super) async fn begin(repository: &dyn Repository, path: &str, name: &str) -> Result<Opened, Trouble> {
    let mut rest = repository.open(path).await.map_err(cabinet::trouble)?;
    let head = head(&mut *rest).await.map_err(cabinet::trouble)?;
    // What is refused at the way in may lie in a store of others: it can be taken along and is never shown.
    let content_type = content::recognise(&head, name).unwrap_or("application/octet-stream");
    Ok(Opened { name: name.to_owned(), content_type, size: rest.size(), head, rest })
}

async fn head(rest: &mut dyn Reading) -> Result<Vec<u8>, RepositoryTrouble> {
    let mut head = Vec::new();
    while head.len() < HEAD {
        match rest.next().await? {
            Some(piece) if head.is_empty() => head = piece,
            Some(piece) => head.extend(piece),
            None => break,
        }
    }
    Ok(head)
}

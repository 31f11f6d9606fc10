//! The documents of a record, as a panel of its page or as a page of their own.

use super::{PATIENCE, bytes, home, icon, limit, record, toast, wants_part, what};
use crate::{
    door::{Answer, Desk, Path, Trouble},
    pages::{
        Place, Toast,
        documents::{DocumentLine, DocumentsPage, DocumentsPanel, DocumentsPart},
        draw,
    },
};
use axum::{
    extract::Query,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use crm::documents::{self, Document, Subject, SubjectKind};
use kernel::{Sentence, Timestamp, sentence::say};
use std::collections::HashMap;

type Asked = Query<HashMap<String, String>>;

pub async fn contact(desk: Desk, Path(id): Path<i64>, query: Asked, headers: HeaderMap) -> Answer<Response> {
    show(desk, Subject::new(SubjectKind::Contact, id), query, headers).await
}

pub async fn company(desk: Desk, Path(id): Path<i64>, query: Asked, headers: HeaderMap) -> Answer<Response> {
    show(desk, Subject::new(SubjectKind::Company, id), query, headers).await
}

pub async fn campaign(desk: Desk, Path(id): Path<i64>, query: Asked, headers: HeaderMap) -> Answer<Response> {
    show(desk, Subject::new(SubjectKind::Campaign, id), query, headers).await
}

async fn show(desk: Desk, subject: Subject, Query(query): Asked, headers: HeaderMap) -> Answer<Response> {
    desk.actor.must(subject.kind.seen_with())?;
    let part = part(&desk, subject, Vec::new()).await?;
    if wants_part(&headers) {
        return Ok(draw(StatusCode::OK, &DocumentsPanel { frame: desk.frame(), part }));
    }
    let removed = query.get("entfernt").and_then(|id| id.parse::<i64>().ok());
    let toast = match (query.get("da").map(String::as_str), removed) {
        (_, Some(id)) => {
            Some(Toast { text: removed_text(&desk, id).await?, undo: Some(format!("/dokumente/{id}/zurueck")) })
        }
        (Some("neu"), _) => Some(Toast { text: say(desk.locale, "documents-was-added", None), undo: None }),
        (Some("verknuepft"), _) => Some(Toast { text: say(desk.locale, "documents-was-linked", None), undo: None }),
        _ => None,
    };
    page(&desk, subject, part, toast, StatusCode::OK).await
}

async fn removed_text(desk: &Desk, id: i64) -> Answer<String> {
    let document = documents::find(&desk.db.read().await?, &desk.actor, kernel::DocumentId(id)).await?;
    Ok(Sentence::new("documents-was-removed").with("name", document.name).say(desk.locale))
}

/// The whole page.
pub async fn page(
    desk: &Desk,
    subject: Subject,
    part: DocumentsPart,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer<Response> {
    let name = documents::title(&desk.db.read().await?, subject).await?.ok_or(Trouble::MISSING)?;
    let title = Sentence::new("documents-title-of").with("name", &name).say(desk.locale);
    let page = DocumentsPage {
        frame: desk.frame().at(place(subject), title).with_toast(toast),
        part,
        subject: name,
        record: record(subject),
    };
    Ok(draw(status, &page))
}

/// Where in the navigation the documents of a record are.
pub fn place(subject: Subject) -> Place {
    match subject.kind {
        SubjectKind::Contact | SubjectKind::Company => Place::Contacts,
        SubjectKind::Campaign => Place::Campaigns,
    }
}

/// The panel after something was done, with what is to be said of it.
pub async fn panel(
    desk: &Desk,
    subject: Subject,
    errors: Vec<String>,
    said: Option<(String, Option<String>)>,
) -> Answer<Response> {
    let part = part(desk, subject, errors).await?;
    let drawn = draw(StatusCode::OK, &DocumentsPanel { frame: desk.frame(), part });
    Ok(match said {
        Some((text, undo)) => (toast(&text, undo), drawn).into_response(),
        None => drawn,
    })
}

pub async fn part(desk: &Desk, subject: Subject, errors: Vec<String>) -> Answer<DocumentsPart> {
    let found = documents::of(&desk.db.read().await?, &desk.actor, subject).await?;
    let may_change = desk.actor.may(subject.kind.changed_with());
    let away = desk.cabinet.own.answers(PATIENCE).await.is_err();
    let linked = desk.cabinet.linked.as_ref().filter(|_| may_change);
    Ok(DocumentsPart {
        home: home(subject),
        lines: found.into_iter().map(|document| line(desk, document)).collect(),
        may_change,
        largest: desk.cabinet.largest,
        limit: limit(desk),
        away,
        errors,
        store: linked.map(|linked| linked.name.to_string()).unwrap_or_default(),
        store_href: linked.map(|_| format!("/dokumente/speicher?zu={subject}")).unwrap_or_default(),
    })
}

fn line(desk: &Desk, document: Document) -> DocumentLine {
    let day = desk.locale.day(desk.zone.day(Timestamp(document.added_at)));
    let by = Sentence::new("documents-by").with("at", day).with("by", &document.added_by).say(desk.locale);
    let version = Sentence::new("documents-version").with("n", document.current).say(desk.locale);
    let about = match document.is_linked() {
        // What lies elsewhere may have become another size.
        true => format!("{} · {by}", say(desk.locale, documents::label(&document.content_type), None)),
        false if document.current > 1 => {
            format!("{} · {version} · {by}", what(&document.content_type, document.size, desk.locale))
        }
        false => format!(
            "{} · {} · {by}",
            say(desk.locale, documents::label(&document.content_type), None),
            bytes(document.size, desk.locale)
        ),
    };
    DocumentLine {
        id: document.id,
        icon: icon(&document.content_type),
        under: about,
        linked: document.is_linked(),
        name: document.name,
    }
}

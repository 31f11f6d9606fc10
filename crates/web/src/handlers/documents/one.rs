//! One document: looked at, taken along, renamed, removed and brought back.

use super::{PATIENCE, limit, listed, record, wants_part, what};
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble, downloads},
    pages::{
        Toast,
        documents::{DocumentPage, Preview, VersionLine},
        draw,
    },
};
use axum::{
    extract::Query,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    Refusal,
    documents::{self, Document, KEPT_DAYS, Purpose, View},
};
use kernel::{DocumentId, Sentence, Timestamp, sentence::say, time::DAY};
use std::collections::HashMap;

/// What goes beside the document on its page.
#[derive(Default)]
struct Said {
    toast: Option<Toast>,
    name_error: String,
    file_error: String,
    typed: Option<String>,
}

async fn find(desk: &Desk, id: i64) -> Answer<Document> {
    Ok(documents::find(&desk.db.read().await?, &desk.actor, DocumentId(id)).await?)
}

fn asked(query: &HashMap<String, String>) -> Answer<Option<i64>> {
    query.get("version").map(|text| text.parse().map_err(|_| Trouble::MISSING)).transpose()
}

pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let document = find(&desk, id).await?;
    let key = query.get("da").and_then(|deed| match deed.as_str() {
        "version" => Some("documents-was-renewed"),
        "name" => Some("documents-was-renamed"),
        "zurueck" => Some("documents-was-restored"),
        _ => None,
    });
    let toast = key.map(|key| Toast { text: say(desk.locale, key, None), undo: None });
    page(&desk, document, asked(&query)?, Said { toast, ..Said::default() }, StatusCode::OK).await
}

/// The page with what was wrong with a file that should have become its newest version.
pub async fn with_file_error(desk: &Desk, document: Document, trouble: &Trouble) -> Answer<Response> {
    let said = Said { file_error: trouble.sentence().say(desk.locale), ..Said::default() };
    page(desk, document, None, said, trouble.status()).await
}

async fn page(
    desk: &Desk,
    document: Document,
    version: Option<i64>,
    said: Said,
    status: StatusCode,
) -> Answer<Response> {
    let subject = document.subject()?;
    let rows = desk.db.read().await?;
    let versions = documents::versions(&rows, document.document_id()).await?;
    let title = documents::title(&rows, subject).await?.unwrap_or_default();
    drop(rows);
    let number = version.unwrap_or(document.current);
    let shown = versions.iter().find(|version| version.number == number).ok_or(Trouble::MISSING)?;
    let linked = desk.cabinet.linked.as_ref().filter(|_| document.is_linked());
    let repository = linked.map_or(&desk.cabinet.own, |linked| &linked.repository);
    let preview = match documents::view(&shown.content_type) {
        View::None => Preview::None,
        _ if repository.answers(PATIENCE).await.is_err() => Preview::Away,
        View::Image => Preview::Image,
        View::Pdf => Preview::Pdf,
        View::Text => Preview::Text,
    };
    let line = |version: &documents::Version| VersionLine {
        number: version.number,
        by: Sentence::new("documents-by")
            .with("at", desk.locale.moment(Timestamp(version.added_at), &desk.zone))
            .with("by", &version.added_by)
            .say(desk.locale),
        what: what(&version.content_type, version.size, desk.locale),
        shown: version.number == number,
    };
    let swept = |at: i64| desk.locale.day(desk.zone.day(Timestamp(at).plus(KEPT_DAYS * DAY)));
    let page = DocumentPage {
        frame: desk.frame().at(listed::place(subject), document.name.clone()).with_toast(said.toast),
        id: document.id,
        what: what(&shown.content_type, shown.size, desk.locale),
        preview,
        version: number,
        digest: shown.sha256.clone().unwrap_or_default(),
        versions: versions.iter().map(line).collect(),
        may_change: desk.actor.may(subject.kind.changed_with()),
        linked: linked.map(|linked| linked.name.to_string()).unwrap_or_default(),
        gone_on: document.removed_at.map(swept).unwrap_or_default(),
        subject: title,
        record: record(subject),
        largest: desk.cabinet.largest,
        limit: limit(desk),
        name_error: said.name_error,
        file_error: said.file_error,
        typed: said.typed.unwrap_or_else(|| document.name.clone()),
        name: document.name,
    };
    Ok(draw(status, &page))
}

/// The bytes for the frame or picture of the page.
pub async fn look(desk: Desk, Path(id): Path<i64>, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let opened = open(&desk, id, asked(&query)?, Purpose::Look).await?;
    Ok(downloads::look(opened))
}

pub async fn download(
    desk: Desk,
    Path(id): Path<i64>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Response> {
    let opened = open(&desk, id, asked(&query)?, Purpose::Download).await?;
    downloads::download(opened)
}

async fn open(desk: &Desk, id: i64, version: Option<i64>, purpose: Purpose) -> Answer<documents::Opened> {
    let (db, cabinet, actor) = (&desk.db, &desk.cabinet, &desk.actor);
    let (_, opened) = documents::open(db, cabinet, actor, DocumentId(id), version, purpose, desk.now()).await?;
    Ok(opened)
}

/// `POST /dokumente/{id}/name` (`name`).
pub async fn rename(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    let document = find(&desk, id).await?;
    desk.actor.must(document.subject()?.kind.changed_with())?;
    let unit = desk.db.write().await?;
    match documents::rename(&unit, &desk.actor, DocumentId(id), fields.get("name"), desk.now()).await {
        Ok(_) => {
            unit.save().await?;
            Ok(Redirect::to(&format!("/dokumente/{id}?da=name")).into_response())
        }
        Err(trouble) => match trouble.refusal() {
            Some(Refusal::Invalid(_) | Refusal::State(_)) => {
                drop(unit);
                let trouble = Trouble::from(trouble);
                let said = Said {
                    name_error: trouble.sentence().say(desk.locale),
                    typed: Some(fields.get("name").to_owned()),
                    ..Said::default()
                };
                page(&desk, document, None, said, trouble.status()).await
            }
            _ => Err(trouble.into()),
        },
    }
}

/// `POST /dokumente/{id}/entfernen`: gone at once, and back at once where that was a mistake.
pub async fn remove(desk: Desk, Path(id): Path<i64>, headers: HeaderMap) -> Answer<Response> {
    let subject = find(&desk, id).await?.subject()?;
    desk.actor.must(subject.kind.changed_with())?;
    let unit = desk.db.write().await?;
    let document = documents::remove(&unit, &desk.actor, DocumentId(id), desk.now()).await?;
    unit.save().await?;
    if wants_part(&headers) {
        let text = Sentence::new("documents-was-removed").with("name", document.name).say(desk.locale);
        let undo = Some(format!("/dokumente/{id}/zurueck"));
        return listed::panel(&desk, subject, Vec::new(), Some((text, undo))).await;
    }
    Ok(Redirect::to(&format!("{}?entfernt={id}", super::home(subject))).into_response())
}

/// `POST /dokumente/{id}/zurueck`: back to the record it belongs to.
pub async fn restore(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let subject = find(&desk, id).await?.subject()?;
    desk.actor.must(subject.kind.changed_with())?;
    let unit = desk.db.write().await?;
    documents::restore(&unit, &desk.actor, DocumentId(id), desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("{}#dokumente", record(subject))).into_response())
}

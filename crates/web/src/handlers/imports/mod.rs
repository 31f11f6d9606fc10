//! Imports: a file comes in, is understood, tried and run; what was rejected goes back as a file.

mod mapping;
mod result;
mod wording;

use crate::{
    door::{Answer, Desk, Fields, House, Path, Trouble, uploads},
    pages::{
        Choice, Place, draw,
        imports::{ImportRow, ImportsPage},
    },
};
use axum::{
    Router,
    extract::{FromRequest, Multipart, Request},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    Refusal,
    intake::{
        ImportKind,
        runs::{self, ImportRun, ImportState},
    },
    staff::{Right, users},
};
use futures::StreamExt;
use kernel::{ImportId, Sentence, Timestamp, UserId, sentence::say};
use std::{collections::HashMap, path::PathBuf};

/// Past imports the page shows.
const HISTORY: i64 = 50;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/import", get(list))
        .route("/import/{id}", get(show))
        .route("/import/{id}/deutung", post(mapping::correct))
        .route("/import/{id}/start", post(start))
        .route("/import/{id}/zurueck", post(back))
        .route("/import/{id}/abbruch", post(cancel))
        .route("/import/{id}/zuruecknehmen", post(revert))
        .route("/import/{id}/fortschritt", get(result::progress))
        .route("/import/{id}/fehler.csv", get(result::error_file))
}

pub fn uploads() -> Router<House> {
    Router::new().route("/import", post(upload))
}

async fn list(desk: Desk) -> Answer<Response> {
    desk.actor.must(Right::ImportData)?;
    page(&desk, ImportKind::Contacts, String::new(), StatusCode::OK).await
}

async fn page(desk: &Desk, chosen: ImportKind, error: String, status: StatusCode) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let history = runs::list(&rows, None, HISTORY).await?;
    let names: HashMap<UserId, String> = if history.is_empty() {
        HashMap::new()
    } else {
        users::list(&rows).await?.into_iter().map(|user| (user.id, user.name)).collect()
    };
    let row = |run: ImportRun| ImportRow {
        id: run.id,
        kind: say(desk.locale, run.kind.label(), None),
        at: Timestamp(run.created_at),
        by: run.created_by.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        state: run.state.label().say(desk.locale),
        tone: tone(run.state),
        taken: if run.state == ImportState::Prepared { 0 } else { run.created + run.updated + run.unchanged },
        rejected: run.rejected,
        file: run.file_name,
    };
    let page = ImportsPage {
        frame: desk.frame().at(Place::Import, say(desk.locale, "imports-title", None)),
        kinds: ImportKind::ALL
            .into_iter()
            .map(|kind| Choice::new(kind.code(), say(desk.locale, kind.label(), None), kind == chosen))
            .collect(),
        error,
        history: history.into_iter().map(row).collect(),
        may_import: true,
    };
    Ok(draw(status, &page))
}

fn tone(state: ImportState) -> &'static str {
    match state {
        ImportState::Done => "good",
        ImportState::Failed => "bad",
        ImportState::Cancelled | ImportState::Reverted => "warn",
        ImportState::Checking | ImportState::Running | ImportState::Reverting => "accent",
        ImportState::Prepared | ImportState::Checked => "",
    }
}

/// What an upload brought.
struct Arrived {
    kind: ImportKind,
    file: Option<(String, PathBuf)>,
}

async fn upload(desk: Desk, request: Request) -> Answer<Response> {
    desk.actor.must(Right::ImportData)?;
    let mut arrived = Arrived { kind: ImportKind::Contacts, file: None };
    let taken = match receive(&desk, request, &mut arrived).await {
        Ok(()) => take_in(&desk, &arrived).await,
        Err(trouble) => Err(trouble),
    };
    let trouble = match taken {
        Ok(run) => return Ok(Redirect::to(&format!("/import/{}", run.id)).into_response()),
        Err(trouble) => trouble,
    };
    if let Some((_, path)) = &arrived.file {
        uploads::discard(path).await;
    }
    match &trouble {
        Trouble::Refusal(Refusal::Invalid(_)) | Trouble::TooLarge | Trouble::Unreadable(_) => {
            page(&desk, arrived.kind, trouble.sentence().say(desk.locale), trouble.status()).await
        }
        _ => Err(trouble),
    }
}

async fn receive(desk: &Desk, request: Request, arrived: &mut Arrived) -> Answer<()> {
    let unreadable = || Trouble::Unreadable(Sentence::new("door-unreadable"));
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    while let Some(part) = form.next_field().await.map_err(|_| unreadable())? {
        match part.name().unwrap_or("") {
            "kind" => {
                let code = part.text().await.map_err(|_| unreadable())?;
                arrived.kind = ImportKind::of(&code).unwrap_or(ImportKind::Contacts);
            }
            "file" if part.file_name().is_some_and(|name| !name.is_empty()) && arrived.file.is_none() => {
                let name = uploads::file_name(part.file_name());
                let bytes = part.map(|chunk| chunk.map_err(axum::Error::new));
                arrived.file = Some((name, uploads::keep(desk, bytes).await?));
            }
            _ => {}
        }
    }
    Ok(())
}

async fn take_in(desk: &Desk, arrived: &Arrived) -> Answer<ImportRun> {
    let Some((name, path)) = &arrived.file else {
        return Err(Refusal::field("file", "required", Sentence::new("import-file-missing")).into());
    };
    Ok(runs::prepare(&desk.db, &desk.actor, arrived.kind, name, path, &desk.clock).await?)
}

async fn find(desk: &Desk, id: i64) -> Answer<ImportRun> {
    desk.actor.must(Right::ImportData)?;
    runs::find(&desk.db.read().await?, ImportId(id)).await?.ok_or(Trouble::MISSING)
}

async fn show(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let run = find(&desk, id).await?;
    match run.state {
        ImportState::Prepared => mapping::page(&desk, run, Vec::new(), StatusCode::OK).await,
        _ => result::page(&desk, run).await,
    }
}

async fn start(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    begin(&desk, id, false).await?;
    Ok(to(id))
}

/// Writes the start down and wakes the task that does it.
async fn begin(desk: &Desk, id: i64, dry: bool) -> Answer<()> {
    let unit = desk.db.write().await?;
    runs::begin(&unit, &desk.actor, ImportId(id), dry, &desk.clock).await?;
    unit.save().await?;
    desk.nudge.wake(store::jobs::TASK);
    Ok(())
}

/// Back to the mapping, as it was.
async fn back(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    let run = find(&desk, id).await?;
    runs::adjust(&desk.db, &desk.actor, run.id, run.dialect, Some(run.mapping)).await?;
    Ok(to(id))
}

async fn cancel(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    runs::cancel(&unit, &desk.actor, ImportId(id), &desk.clock).await?;
    unit.save().await?;
    Ok(to(id))
}

/// Everything the import brought goes again.
async fn revert(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    runs::begin_revert(&unit, &desk.actor, ImportId(id), &desk.clock).await?;
    unit.save().await?;
    desk.nudge.wake(store::jobs::TASK);
    Ok(to(id))
}

fn to(id: i64) -> Response {
    Redirect::to(&format!("/import/{id}")).into_response()
}

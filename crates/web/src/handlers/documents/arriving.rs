//! Files come in: streamed to the disk, counted as they come, handed to the room.

use super::{home, limit, listed, one, wants_part};
use crate::door::{Answer, Desk, Path, Trouble, uploads};
use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request, multipart::Field},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    Refusal,
    documents::{self, Subject, SubjectKind, Upload},
};
use futures::stream;
use kernel::{DocumentId, Sentence, sentence::say};
use std::path::PathBuf;

/// So many largest files may come together.
const TOGETHER: u64 = 4;

pub async fn contact(desk: Desk, Path(id): Path<i64>, request: Request) -> Answer<Response> {
    attach(desk, Subject::new(SubjectKind::Contact, id), request).await
}

pub async fn company(desk: Desk, Path(id): Path<i64>, request: Request) -> Answer<Response> {
    attach(desk, Subject::new(SubjectKind::Company, id), request).await
}

pub async fn campaign(desk: Desk, Path(id): Path<i64>, request: Request) -> Answer<Response> {
    attach(desk, Subject::new(SubjectKind::Campaign, id), request).await
}

/// One file of a form: its name and where it lies, or that it was too large.
struct Arrived {
    name: String,
    file: Option<PathBuf>,
}

async fn attach(desk: Desk, subject: Subject, request: Request) -> Answer<Response> {
    desk.actor.must(subject.kind.changed_with())?;
    let part = wants_part(request.headers());
    let mut form = match open(&desk, request).await {
        Ok(form) => form,
        Err(trouble) => return refused(&desk, subject, part, trouble.sentence().say(desk.locale)).await,
    };
    let (mut taken, mut errors) = (0, Vec::new());
    while let Some(arrived) = next(&desk, &mut form).await? {
        let done = keep(&desk, subject, &arrived).await;
        if let Some(file) = &arrived.file {
            uploads::discard(file).await;
        }
        match done {
            Ok(()) => taken += 1,
            Err(trouble) => errors.push(complaint(&desk, &arrived.name, trouble)?),
        }
    }
    if taken == 0 && errors.is_empty() {
        errors.push(say(desk.locale, "documents-file-missing", None));
    }
    if part {
        let said = (taken > 0).then(|| (say(desk.locale, "documents-was-added", None), None));
        return listed::panel(&desk, subject, errors, said).await;
    }
    if errors.is_empty() {
        return Ok(Redirect::to(&format!("{}?da=neu", home(subject))).into_response());
    }
    let part = listed::part(&desk, subject, errors).await?;
    listed::page(&desk, subject, part, None, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn keep(desk: &Desk, subject: Subject, arrived: &Arrived) -> Answer<()> {
    let Some(file) = &arrived.file else { return Err(too_large(desk)) };
    let upload = Upload { name: &arrived.name, file };
    documents::attach(&desk.db, &desk.cabinet, &desk.actor, subject, upload, desk.now()).await?;
    Ok(())
}

/// What is said of a file that was not taken; what is wrong with more than this file stays trouble.
fn complaint(desk: &Desk, name: &str, trouble: Trouble) -> Answer<String> {
    match &trouble {
        Trouble::Refusal(Refusal::Invalid(_) | Refusal::State(_) | Refusal::Away(_)) => {
            let said = Sentence::new("documents-file-trouble")
                .with("name", documents::shown(name, "…"))
                .with("trouble", trouble.sentence().say(desk.locale));
            Ok(said.say(desk.locale))
        }
        _ => Err(trouble),
    }
}

async fn refused(desk: &Desk, subject: Subject, part: bool, error: String) -> Answer<Response> {
    if part {
        return listed::panel(desk, subject, vec![error], None).await;
    }
    let part = listed::part(desk, subject, vec![error]).await?;
    listed::page(desk, subject, part, None, StatusCode::PAYLOAD_TOO_LARGE).await
}

/// The form, unless its head says already that it is too much.
async fn open(desk: &Desk, request: Request) -> Answer<Multipart> {
    let told = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|told| told > desk.cabinet.largest.saturating_mul(TOGETHER)) {
        let sentence = Sentence::new("documents-too-large-together").with("limit", limit(desk));
        return Err(Refusal::field("file", "too_large", sentence).into());
    }
    Multipart::from_request(request, &()).await.map_err(|_| unreadable())
}

fn unreadable() -> Trouble {
    Trouble::Unreadable(Sentence::new("door-unreadable"))
}

fn too_large(desk: &Desk) -> Trouble {
    Refusal::field("file", "too_large", Sentence::new("documents-too-large").with("limit", limit(desk))).into()
}

/// The next file of the form. What is larger than allowed is read to its end and thrown away, so that the answer is heard.
async fn next(desk: &Desk, form: &mut Multipart) -> Answer<Option<Arrived>> {
    while let Some(mut part) = form.next_field().await.map_err(|_| unreadable())? {
        let Some(name) = part.file_name().filter(|name| !name.is_empty()).map(str::to_owned) else { continue };
        return match uploads::keep(desk, bounded(&mut part, desk.cabinet.largest)).await {
            Ok(file) => Ok(Some(Arrived { name, file: Some(file) })),
            Err(Trouble::TooLarge) => {
                while part.chunk().await.map_err(|_| unreadable())?.is_some() {}
                Ok(Some(Arrived { name, file: None }))
            }
            Err(trouble) => Err(trouble),
        };
    }
    Ok(None)
}

/// The bytes of a part, and a failure once there are too many.
fn bounded(part: &mut Field<'_>, most: u64) -> impl futures::Stream<Item = Result<Bytes, axum::Error>> {
    stream::unfold((part, most), |(part, left)| async move {
        match part.chunk().await {
            Ok(None) => None,
            Ok(Some(piece)) => match left.checked_sub(piece.len() as u64) {
                Some(left) => Some((Ok(piece), (part, left))),
                None => Some((Err(axum::Error::new("too large")), (part, 0))),
            },
            Err(error) => Some((Err(axum::Error::new(error)), (part, 0))),
        }
    })
}

/// `POST /dokumente/{id}/version` (`file`): another version.
pub async fn version(desk: Desk, Path(id): Path<i64>, request: Request) -> Answer<Response> {
    let id = DocumentId(id);
    let document = documents::find(&desk.db.read().await?, &desk.actor, id).await?;
    desk.actor.must(document.subject()?.kind.changed_with())?;
    match renew(&desk, id, request).await {
        Ok(()) => Ok(Redirect::to(&format!("/dokumente/{id}?da=version")).into_response()),
        Err(
            trouble @ (Trouble::Refusal(Refusal::Invalid(_) | Refusal::State(_) | Refusal::Away(_))
            | Trouble::Unreadable(_)),
        ) => one::with_file_error(&desk, document, &trouble).await,
        Err(trouble) => Err(trouble),
    }
}

async fn renew(desk: &Desk, id: DocumentId, request: Request) -> Answer<()> {
    let mut form = open(desk, request).await?;
    let missing = || Trouble::from(Refusal::field("file", "required", Sentence::new("documents-file-missing")));
    let arrived = next(desk, &mut form).await?.ok_or_else(missing)?;
    let file = arrived.file.ok_or_else(|| too_large(desk))?;
    let upload = Upload { name: &arrived.name, file: &file };
    let done = documents::renew(&desk.db, &desk.cabinet, &desk.actor, id, upload, desk.now()).await;
    uploads::discard(&file).await;
    done?;
    Ok(())
}

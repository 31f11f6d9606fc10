//! A store of others: its folders, its files, and linking one of them to a record.

use super::{bytes, home, listed};
use crate::{
    door::{Answer, Desk, Fields, Trouble, downloads},
    pages::{
        documents::{StoreLine, StorePage},
        draw,
    },
};
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    Refusal,
    documents::{self, Purpose, Subject},
};
use kernel::{
    repository::{Listed, Listing},
    sentence::say,
};
use std::collections::HashMap;

fn subject_of(text: Option<&str>) -> Answer<Subject> {
    Ok(text.unwrap_or_default().parse::<Subject>()?)
}

fn address(subject: Subject, place: &str, path: &str) -> String {
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("zu", &subject.to_string())
        .append_pair("pfad", path)
        .finish();
    format!("/dokumente/speicher{place}?{query}")
}

pub async fn show(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let subject = subject_of(query.get("zu").map(String::as_str))?;
    desk.actor.must(subject.kind.changed_with())?;
    let folder = query.get("pfad").map_or("", String::as_str).trim_matches('/').to_owned();
    page(&desk, subject, &folder, String::new(), StatusCode::OK).await
}

async fn page(desk: &Desk, subject: Subject, folder: &str, error: String, status: StatusCode) -> Answer<Response> {
    let name = documents::title(&desk.db.read().await?, subject).await?.ok_or(Trouble::MISSING)?;
    let store = desk.cabinet.linked.as_ref().ok_or(Trouble::MISSING)?.name.to_string();
    let (listing, trouble) = match documents::browse(&desk.cabinet, &desk.actor, subject, folder).await {
        Ok(listing) => (listing, None),
        Err(trouble) => match trouble.refusal() {
            Some(Refusal::State(_) | Refusal::Away(_)) => (Listing::default(), Some(Trouble::from(trouble))),
            _ => return Err(trouble.into()),
        },
    };
    let status = trouble.as_ref().map_or(status, Trouble::status);
    let error = trouble.map_or(error, |trouble| trouble.sentence().say(desk.locale));
    let inside = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let line = |entry: Listed| {
        let path = inside(&entry.name);
        StoreLine {
            icon: if entry.folder { "folder" } else { "file-text" },
            href: address(subject, if entry.folder { "" } else { "/datei" }, &path),
            size: if entry.folder {
                String::new()
            } else {
                bytes(i64::try_from(entry.size).unwrap_or(i64::MAX), desk.locale)
            },
            name: documents::shown(&entry.name, "…"),
            path: if entry.folder { String::new() } else { path },
        }
    };
    let mut steps = vec![(say(desk.locale, "documents-store-top", None), address(subject, "", ""))];
    for (at, step) in folder.split('/').enumerate().filter(|(_, step)| !step.is_empty()) {
        let up: Vec<&str> = folder.split('/').take(at + 1).collect();
        steps.push((documents::shown(step, "…"), address(subject, "", &up.join("/"))));
    }
    let page = StorePage {
        frame: desk.frame().at(listed::place(subject), store.clone()),
        store,
        subject: name,
        to: subject.to_string(),
        home: home(subject),
        steps,
        more: listing.more,
        lines: listing.entries.into_iter().map(line).collect(),
        error,
    };
    Ok(draw(status, &page))
}

/// A file of the store, opened where it lies: shown where a browser may, taken along otherwise.
pub async fn open(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let subject = subject_of(query.get("zu").map(String::as_str))?;
    desk.actor.must(subject.kind.changed_with())?;
    let path = query.get("pfad").map_or("", String::as_str);
    let (db, cabinet, actor, now) = (&desk.db, &desk.cabinet, &desk.actor, desk.now());
    match documents::open_linked(db, cabinet, actor, subject, path, Purpose::Look, now).await {
        Ok(opened) => Ok(downloads::look(opened)),
        Err(crm::Trouble::Refusal(Refusal::State(sentence))) if sentence.key == "documents-no-preview" => {
            let opened = documents::open_linked(db, cabinet, actor, subject, path, Purpose::Download, now).await?;
            downloads::download(opened)
        }
        Err(trouble) => Err(trouble.into()),
    }
}

/// `POST /dokumente/speicher` (`zu`, `pfad`): links a file.
pub async fn link(desk: Desk, fields: Fields) -> Answer<Response> {
    let subject = subject_of(Some(fields.get("zu")))?;
    desk.actor.must(subject.kind.changed_with())?;
    let path = fields.get("pfad");
    match documents::link(&desk.db, &desk.cabinet, &desk.actor, subject, path, desk.now()).await {
        Ok(_) => Ok(Redirect::to(&format!("{}?da=verknuepft", home(subject))).into_response()),
        Err(trouble) => match trouble.refusal() {
            Some(Refusal::State(_) | Refusal::Invalid(_) | Refusal::Away(_)) => {
                let trouble = Trouble::from(trouble);
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                page(&desk, subject, folder, trouble.sentence().say(desk.locale), trouble.status()).await
            }
            _ => Err(trouble.into()),
        },
    }
}

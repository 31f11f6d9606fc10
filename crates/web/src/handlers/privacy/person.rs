//! One person as the data protection officer sees them: packages, restriction, hold, and what an erasure would find.

use super::{Asked, HOME, done, toast};
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    pages::{
        Place, draw,
        privacy::{PackageRow, PersonPage},
    },
};
use axum::{
    extract::Query,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    customers,
    privacy::{
        erasure, overview,
        package::{self, Package},
        requests, restriction,
    },
    staff::Right,
};
use kernel::{ContactId, Fault, Sentence, Timestamp, sentence::say};

fn at(id: i64) -> String {
    format!("{HOME}/person/{id}")
}

pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<Asked>) -> Answer<Response> {
    desk.actor.must(Right::HandlePrivacy)?;
    let rows = desk.db.read().await?;
    let contact = ContactId(id);
    let person = customers::find_contact(&rows, contact).await?.ok_or(Trouble::MISSING)?.shown_to(&desk.actor)?;
    let state = overview::state_of(&rows, &desk.actor, contact).await?;
    let open = requests::open(&rows, &desk.actor, 500).await?;
    let own = open.into_iter().filter(|request| request.contact_id == id).collect();
    let packages = package::of(&rows, &desk.actor, contact).await?;
    let called = |table: String| {
        let key = format!("privacy-table-{}", table.replace('_', "-"));
        if kernel::sentence::knows(desk.locale, &key) { say(desk.locale, &key, None) } else { table }
    };
    let name = person.display_name();
    let page = PersonPage {
        frame: desk.frame().at(Place::Privacy, name.clone()).with_toast(toast(&desk, &query)),
        id,
        name,
        notice: None,
        restricted: person.restricted_at.is_some(),
        held: state.held,
        erasing: state.erasing,
        packing: packages.iter().any(|one| one.state == "making"),
        packages: packages.into_iter().map(|one| package_row(&desk, one)).collect(),
        requests: super::requests::rows(&desk, &rows, own).await?,
        holdings: state.holdings.into_iter().map(|(table, rows)| (called(table), rows)).collect(),
        proofs: super::consents::proofs(&desk, &rows, contact).await?,
    };
    Ok(draw(StatusCode::OK, &page))
}

fn package_row(desk: &Desk, package: Package) -> PackageRow {
    let locale = desk.locale;
    let ready = package.state == "ready" && package.expires_at.is_some_and(|until| until > desk.now().0);
    let state = match package.state.as_str() {
        "making" => say(locale, "privacy-package-making", None),
        "failed" => say(locale, "privacy-package-failed", None),
        "ready" if ready => Sentence::new("privacy-package-ready")
            .with("size", locale.number(package.file_bytes.unwrap_or_default() as f64 / 1_048_576.0, 1))
            .with("until", locale.moment(Timestamp(package.expires_at.unwrap_or_default()), &desk.zone))
            .say(locale),
        _ => say(locale, "privacy-package-expired", None),
    };
    PackageRow {
        id: package.id,
        at: locale.moment(Timestamp(package.created_at), &desk.zone),
        making: package.state == "making",
        percent: (100 * package.done).checked_div(package.total).unwrap_or(0),
        state,
        ready,
    }
}

pub async fn package(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    package::begin(&unit, &desk.actor, ContactId(id), &desk.clock).await?;
    unit.save().await?;
    desk.nudge.wake(store::jobs::TASK);
    Ok(done(&at(id), "privacy-packing-now"))
}

/// Hands a package out; the address names it and ends like the file.
pub async fn fetch(desk: Desk, Path(file): Path<String>) -> Answer<Response> {
    let id = file.strip_suffix(".zip").and_then(|id| id.parse().ok()).ok_or(Trouble::MISSING)?;
    let unit = desk.db.write().await?;
    let (package, path) = package::hand_out(&unit, &desk.actor, id, desk.now()).await?;
    unit.save().await?;
    let bytes = tokio::fs::read(&path).await.map_err(Fault::io("reading a package"))?;
    let name = format!("attachment; filename=\"auskunft-{}.zip\"", package.contact_id);
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

pub async fn restrict(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    let reason = kernel::text::one_line(fields.get("reason"));
    restriction::restrict(&unit, &desk.actor, ContactId(id), &reason, desk.now()).await?;
    unit.save().await?;
    Ok(done(&at(id), "privacy-restricted-now"))
}

pub async fn lift(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    restriction::lift(&unit, &desk.actor, ContactId(id), desk.now()).await?;
    unit.save().await?;
    Ok(done(&at(id), "privacy-lifted-now"))
}

pub async fn hold(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    let reason = kernel::text::one_line(fields.get("reason"));
    restriction::hold(&unit, &desk.actor, ContactId(id), &reason, desk.now()).await?;
    unit.save().await?;
    Ok(done(&at(id), "privacy-held-now"))
}

pub async fn release(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    restriction::release(&unit, &desk.actor, ContactId(id), desk.now()).await?;
    unit.save().await?;
    Ok(done(&at(id), "privacy-released-now"))
}

pub async fn erase(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    let protocol = erasure::begin(&unit, &desk.actor, ContactId(id), "request", &desk.clock).await?;
    unit.save().await?;
    desk.nudge.wake(store::jobs::TASK);
    Ok(Redirect::to(&format!("{HOME}/loeschungen/{protocol}")).into_response())
}

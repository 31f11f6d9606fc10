//! Administration: data protection. The worklist of requests, one person all around, the protocols of erasures.

mod consents;
mod erasures;
mod periods;
mod person;
mod register;
mod requests;
mod take_in;

use crate::{
    door::{Answer, Desk, House},
    pages::{
        Banner, Place, Toast, draw,
        privacy::{LogLine, PrivacyPage, RequestForm, SetAsideRow},
    },
};
use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    customers,
    privacy::{self, overview},
    staff::{Right, audit},
};
use kernel::{ContactId, Timestamp, sentence::say};
use std::collections::HashMap;

const HOME: &str = "/verwaltung/datenschutz";

pub fn routes() -> Router<House> {
    let request = |rest: &str| format!("{HOME}/anfragen/{{id}}{rest}");
    let person = |rest: &str| format!("{HOME}/person/{{id}}{rest}");
    Router::new()
        .route(HOME, get(home))
        .route("/verwaltung/datenschutz/anfragen", post(take_in::from_office))
        .route("/kontakte/{id}/datenschutz", get(take_in::blank).post(take_in::from_contact))
        .route("/verwaltung/datenschutz/einwilligungen", get(consents::show))
        .route("/verwaltung/datenschutz/einwilligungen/wortlaut", post(consents::word))
        .route("/verwaltung/datenschutz/einwilligungen/zweck", post(consents::add_purpose))
        .route("/verwaltung/datenschutz/fristen", get(periods::show))
        .route("/verwaltung/datenschutz/fristen/{code}", post(periods::set))
        .route("/verwaltung/datenschutz/verzeichnis", get(register::show).post(register::set))
        .route("/verwaltung/datenschutz/verzeichnis.csv", get(register::file))
        .route("/kontakte/{id}/einwilligung/anfragen", post(consents::ask))
        .route(&request(""), get(requests::show))
        .route(&request("/identitaet"), post(requests::identity))
        .route(&request("/frist"), post(requests::extend))
        .route(&request("/ausfuehren"), post(requests::act))
        .route(&request("/abschluss"), post(requests::close))
        .route(&person(""), get(person::show))
        .route(&person("/paket"), post(person::package))
        .route(&person("/einschraenken"), post(person::restrict))
        .route(&person("/freigeben"), post(person::lift))
        .route(&person("/halten"), post(person::hold))
        .route(&person("/loslassen"), post(person::release))
        .route(&person("/loeschen"), post(person::erase))
        .route("/verwaltung/datenschutz/pakete/{file}", get(person::fetch))
        .route("/verwaltung/datenschutz/loeschungen/{id}", get(erasures::show))
        .route("/verwaltung/datenschutz/loeschungen/{id}/zulassen", post(erasures::let_back))
}

/// Lines of the lists on the first page.
const LINES: i64 = 100;
const FEW: i64 = 6;

type Asked = HashMap<String, String>;

/// What was just done, by the key of its words.
fn toast(desk: &Desk, query: &Asked) -> Option<Toast> {
    const DONE: [&str; 12] = [
        "privacy-saved-now",
        "privacy-taken-now",
        "privacy-checked-now",
        "privacy-extended-now",
        "privacy-acted-now",
        "privacy-closed-now",
        "privacy-packing-now",
        "privacy-restricted-now",
        "privacy-lifted-now",
        "privacy-held-now",
        "privacy-released-now",
        "privacy-back-now",
    ];
    let done = query.get("getan").and_then(|done| DONE.into_iter().find(|key| key == done));
    done.map(|key| Toast { text: say(desk.locale, key, None), undo: None })
}

fn done(path: &str, what: &str) -> Response {
    Redirect::to(&format!("{path}?getan={what}")).into_response()
}

async fn home(desk: Desk, Query(query): Query<Asked>) -> Answer<Response> {
    let toast = toast(&desk, &query);
    page(&desk, StatusCode::OK, take_in::empty(&desk), None, toast).await
}

async fn page(
    desk: &Desk,
    status: StatusCode,
    form: RequestForm,
    notice: Option<Banner>,
    toast: Option<Toast>,
) -> Answer<Response> {
    desk.actor.must(Right::HandlePrivacy)?;
    let rows = desk.db.read().await?;
    let open = privacy::requests::open(&rows, &desk.actor, LINES).await?;
    let answered = privacy::requests::closed(&rows, &desk.actor, FEW).await?;
    let set_aside = overview::set_aside(&rows, &desk.actor, LINES).await?;
    let ids: Vec<ContactId> = set_aside.iter().map(|one| ContactId(one.contact_id)).collect();
    let names = customers::display_names(&rows, &ids).await?;
    let row = |one: overview::SetAside| SetAsideRow {
        id: one.contact_id,
        name: names.get(&ContactId(one.contact_id)).cloned().unwrap_or_default(),
        why: match one.held.is_empty() {
            true => say(desk.locale, "privacy-restricted", None),
            false => one.held,
        },
    };
    let erasures = privacy::protocols(&rows, &desk.actor, FEW).await?;
    let log = audit::of_kind(&rows, "privacy.", FEW).await?;
    let page = PrivacyPage {
        frame: desk.frame().at_place(Place::Privacy).with_address(HOME).with_toast(toast),
        notice,
        requests: requests::rows(desk, &rows, open).await?,
        answered: requests::rows(desk, &rows, answered).await?,
        erasures: erasures.iter().map(|one| erasures::row(desk, one)).collect(),
        set_aside: set_aside.into_iter().map(row).collect(),
        log: log
            .into_iter()
            .map(|entry| LogLine {
                what: say(desk.locale, &format!("audit-{}", entry.action.replace('.', "-")), None),
                at: super::contacts::when::ago(Timestamp(entry.at), desk.now(), &desk.zone, desk.locale),
                who: entry.actor_name,
            })
            .collect(),
        form,
    };
    Ok(draw(status, &page))
}

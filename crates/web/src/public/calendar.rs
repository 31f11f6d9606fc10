//! The agenda a calendar program reads: no login, because such programs have none; a sealed link that can be closed.

use super::tracking::later;
use crate::door::{Answer, House, Trouble};
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use crm::agenda;

/// `GET /kalender/<token>.ics`
pub async fn serve(State(house): State<House>, Path(file): Path<String>) -> Answer<Response> {
    let token = file.strip_suffix(".ics").ok_or(Trouble::MISSING)?;
    let rows = house.db.read().await.map_err(later)?;
    let feed = agenda::feed(&rows, &house.seal, token, house.now()).await?.ok_or(Trouble::MISSING)?;
    let address = house.public_url.as_str().trim_end_matches('/');
    let host = house.public_url.host_str().unwrap_or("localhost");
    let text = agenda::calendar(&feed.name, &feed.items, host, address, &house.zone, house.now());
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"kundenkreis.ics\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

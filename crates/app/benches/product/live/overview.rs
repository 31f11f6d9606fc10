//! The overview, a person's timeline and the list of contacts, as a browser asks for them.

use super::{PEOPLE, Row, Visit, middle_and_high, rest};
use jiff::{ToSpan, civil::date};
use testkit::process::Product;

const ASKED: usize = 200;
const DASHBOARDS: usize = 60;

pub async fn measure(product: &Product, visit: &mut Visit) -> Vec<Row> {
    rest(product).await;
    let mut rows = Vec::new();
    let first = visit.get("/").await.1;
    rows.push(Row::ours("overview, the first time", first, "ms"));
    rows.extend(middle_and_high("overview, asked again", visit.times(DASHBOARDS, |_| "/".to_owned()).await));
    rows.extend(middle_and_high("overview, another period each time", visit.times(DASHBOARDS, period).await));
    rows.extend(middle_and_high("overview, another filter each time", visit.times(DASHBOARDS, filtered).await));
    let people = PEOPLE as usize;
    let ordinary = |n: usize| format!("/kontakte/{}", n * 104_729 % people + 1);
    rows.extend(middle_and_high("contact page with timeline", visit.times(ASKED, ordinary).await));
    let active = |n: usize| format!("/kontakte/{}", n + 1);
    rows.extend(middle_and_high("contact page with timeline, the most active", visit.times(ASKED, active).await));
    let country = |n: usize| format!("/kontakte?land={}", ["NL", "FR", "DE", "AT"][n % 4]);
    rows.extend(middle_and_high("contact list narrowed by country", visit.times(40, country).await));
    rows
}

/// A period of one's own, never the same twice: two to nine weeks, beginning on another day each time.
fn period(n: usize) -> String {
    let n = i64::try_from(n).unwrap_or_default();
    let last = date(2026, 11, 22).saturating_sub((n % 60).days());
    format!("/?von={}&bis={last}", last.saturating_sub((13 + n * 7 % 50).days()))
}

/// The usual periods, with every filter.
fn filtered(n: usize) -> String {
    let days = [30, 90, 7, 365][n % 4];
    let who = ["land=AT", "alter=45-59", "kanal=web", "land=CH&alter=30-44", "land=DE&kanal=email", "alter=60-74"];
    let compared = if (n / 24).is_multiple_of(2) { "" } else { "&vergleich=vorjahr" };
    format!("/?tage={days}&{}{compared}", who[n / 4 % who.len()])
}

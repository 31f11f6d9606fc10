//! Two real shops, whole: every line brought in over HTTP, every figure equal to DuckDB's on the raw files.

use crate::table::Row;
use std::time::Instant;

#[path = "../../tests/real/mod.rs"]
mod real;

pub async fn measure() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut tell = |name: &str, seen: real::Seen, since: Instant| {
        rows.push(Row::ours(format!("{name}: lines"), seen.lines as f64, "lines"));
        rows.push(Row::ours(format!("{name}: order lines imported"), seen.rate, "lines/s"));
        rows.push(Row::ours(format!("{name}: figures compared, all equal"), seen.compared as f64, "figures"));
        rows.push(Row::ours(
            format!("{name}: from the raw files to the last figure"),
            since.elapsed().as_secs_f64(),
            "s",
        ));
    };
    if let Some(raw) = real::online_retail() {
        let since = Instant::now();
        tell("gift shop", real::the_shop(&raw, 1, None).await, since);
    }
    let since = Instant::now();
    tell("grocer", real::the_grocer(1, None).await, since);
    rows
}

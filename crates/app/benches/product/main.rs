//! The measurements of `docs/benchmarks.md`, taken on the released program as a process of its own and through its real
//! doors: `cargo xtask bench [NAME]`. Ours and what stands beside it are measured in the same run, by turns, so that a busy
//! machine disturbs both alike; medians are shown.

mod door;
mod duplicates;
mod events;
mod import;
mod knowledge;
mod live;
mod machine;
mod million;
mod people;
mod real_data;
mod record;
mod search;
mod sending;
mod start;
mod table;

use knowledge::generated::Scale;
use table::Row;

const BENCHES: [(&str, &str); 13] = [
    ("start", "from starting the program to its first page"),
    ("import", "contacts from a CSV file"),
    ("sending", "a campaign into Postfix' smtp-sink, every mail in the ledger"),
    ("events", "interactions through the HTTP door"),
    ("knowledge", "five questions over 1,000,000 contacts and 10,000,000 interactions, beside DuckDB and chDB"),
    ("hundred-million", "the same questions over 100,000,000 interactions"),
    ("real-data", "two real shops brought in, their figures compared with DuckDB on the raw files"),
    ("live", "the same over HTTP: segments, overview, timelines"),
    ("tracking", "websites that tell what their visitors do, and how soon the overview shows it"),
    ("duplicates", "who is there twice, beside Splink on DuckDB"),
    ("search", "finding somebody among 1,000,000 contacts, beside FTS5 and pg_trgm"),
    ("record", "one contact with 10,000 interactions among 1,000,000: merged, undone, handed over, erased"),
    ("million", "pages over 1,000,000 contacts and 5,000,000 interactions"),
];

#[tokio::main]
async fn main() {
    // cargo itself adds `--bench`.
    let chosen: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let known = |name: &String| BENCHES.iter().any(|(known, _)| known == name);
    assert!(chosen.iter().all(known), "the benches are {}", BENCHES.map(|(name, _)| name).join(", "));
    for (name, about) in BENCHES {
        // The largest takes half an hour and fifteen gigabytes: only for whoever asks for it.
        let wanted =
            if chosen.is_empty() { name != "hundred-million" } else { chosen.iter().any(|wanted| wanted == name) };
        if !wanted {
            continue;
        }
        let machine = machine::describe();
        let rows: Vec<Row> = match name {
            "start" => start::measure().await,
            "import" => import::measure().await,
            "sending" => sending::measure().await,
            "knowledge" => knowledge::measure(Scale::TenMillion).await,
            "hundred-million" => knowledge::measure(Scale::HundredMillion).await,
            "events" => events::measure().await,
            "real-data" => real_data::measure().await,
            "duplicates" => duplicates::measure(),
            "live" => live::measure().await,
            "tracking" => live::tracking().await,
            "search" => search::measure().await,
            "record" => record::measure().await,
            _ => million::measure().await,
        };
        println!("\n{}", table::render(name, about, &machine, &rows));
    }
}

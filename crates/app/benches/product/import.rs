//! How fast a customer file is in, beside a script that checks nothing.

use crate::{
    people,
    table::{Row, median},
};
use std::time::Duration;
use testkit::python::python;

const ROWS: usize = 200_000;
const ROUNDS: usize = 3;

/// What somebody in a hurry writes: Python's `csv` and `executemany` into the same tables with the same indexes, 4,000
/// rows a transaction, synced as ours. It reads dates, money and yes/no like ours and looks nothing up.
const SCRIPT: &str = r#"
import csv, json, sqlite3, sys, time
ask = json.load(sys.stdin)
model = sqlite3.connect(ask["model"])
made = sqlite3.connect(ask["made"], isolation_level=None)
made.execute("PRAGMA journal_mode=WAL"); made.execute("PRAGMA synchronous=FULL")
for (sql,) in model.execute("SELECT sql FROM sqlite_master WHERE tbl_name IN ('contact','consent','company') AND sql IS NOT NULL ORDER BY type DESC"):
    made.execute(sql)
since = time.perf_counter()
now, count, contacts, consents = 1, 0, [], []
def flush():
    made.execute("BEGIN IMMEDIATE")
    made.executemany("INSERT INTO contact (id, number, kind, salutation, title, first_name, last_name, name_key, first_key, birth_date, email, email_key, phone, street, postal_code, city, city_key, country, source, budget_minor, budget_currency, created_at, updated_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", contacts)
    made.executemany("INSERT INTO consent (contact_id, channel, purpose, granted, source, wording, at, recorded_at) VALUES (?,'email','marketing',?,'import','people.csv',?,?)", consents)
    made.execute("COMMIT"); contacts.clear(); consents.clear()
with open(ask["file"], encoding="utf-8", newline="") as file:
    rows = csv.reader(file, delimiter=";"); next(rows)
    for row in rows:
        count += 1
        day = row[5].split(".")
        budget = int(row[16].replace(".", "").replace(",", ""))
        contacts.append((count, row[0], "prospect", {"Frau": "ms", "Herr": "mr"}.get(row[1]), row[2] or None, row[3], row[4], (row[4] + " " + row[3]).lower(), row[3].lower(), "-".join(reversed(day)), row[10], row[10].lower(), row[11], row[6], row[7], row[8], row[8].lower(), "DE", row[14], budget, "EUR", now, now))
        consents.append((count, 1 if row[15] == "ja" else 0, now, now))
        if len(contacts) == 4000: flush()
flush()
print(count / (time.perf_counter() - since))
"#;

pub async fn measure() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("people.csv");
    std::fs::write(&file, people::file(ROWS)).expect("the file");
    let rate = |took: Duration| ROWS as f64 / took.as_secs_f64();
    let (mut ours, mut again, mut script) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let data = folder.path().join(format!("data-{round}"));
        ours.push(rate(people::import(&data, &file).await));
        again.push(rate(people::import(&data, &file).await));
        let ask = serde_json::json!({
            "model": data.join("kundenkreis.sqlite"), "made": folder.path().join(format!("{round}.sqlite")), "file": file,
        });
        let said = python(SCRIPT, ask.to_string().as_bytes());
        script.push(said.trim().parse().expect("rows a second"));
    }
    vec![
        Row::beside("contacts with consent and company, checked", ours, script, "rows/s"),
        Row::ours("the same file again, nothing to change", median(again), "rows/s"),
    ]
}

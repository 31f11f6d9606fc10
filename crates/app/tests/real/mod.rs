//! Real data brought in through the product's own doors, and its figures beside those of DuckDB on the raw files, to the cent.
//!
//! **What counts, for both sides alike:**
//!
//! | in the raw files | what becomes of it |
//! |---|---|
//! | an invoice line without a customer (135,080 of 541,909) | belongs to one account per country, `COUNTER-<country>`, source `counter`; nobody's repeat purchase |
//! | an invoice whose number begins with `C` (a return) | a cancelled order of positive quantities: its worth counts as returned, never as sold |
//! | a negative quantity on any other invoice (stock put right, always at price 0) | refused by the import: `number` |
//! | a price below a cent (0.001, four lines) | refused by the import: `money` |
//! | a price of 0, or a negative one (two lines put a bad debt right) | counts as it is |
//! | a line that stands twice | counts twice |
//! | a customer seen in two countries | lives where their last line of the file says |
//! | "Channel Islands", "European Community", "Unspecified" | no country of ISO 3166: no country |
//! | the time of day | dropped: an order is placed on a day |
//! | a grocer's line with a quantity of 0, or with an amount its quantity does not divide (fuel by weight, coupons) | every line of the grocer's register counts as one piece at its amount |
//! | a campaign's households and their redeemed coupons | interactions `printed` and `accepted` of that campaign, eight years later: the log takes nothing older than five |
//!
//! Nothing is lost in silence: sold less returned, plus what was refused, is the sum of the raw file to the thousandth.

use crm::evaluation::{Campaigns, Period, Tile, TileMetric, tiles};
use jiff::{ToSpan, civil::Date};
use kernel::{Cell, Clock, Column, Lens, Question, Seq, Table, Unit, Zone};
use knowledge::{Knowledge, Limits, Shelf};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use store::{
    Db, RowLens, StoreConfig,
    sea_query::{Condition, Expr, Query},
};
use testkit::{api::Api, python::python, setting::setting};

/// The longest a file may take.
const PATIENCE: Duration = Duration::from_secs(1_800);

/// What was seen on the way.
pub struct Seen {
    pub lines: i64,
    /// Lines of the order file a second.
    pub rate: f64,
    /// Figures that were compared.
    pub compared: usize,
}

/// The shop's file: where `KUNDENKREIS_TEST_DATA` says, else in `shared/data` beside the workspace. It may not be handed on
/// with the product, so a machine may lack it.
pub fn online_retail() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let file = setting("KUNDENKREIS_TEST_DATA").map_or_else(beside, PathBuf::from).join("online_retail.csv.gz");
    if !file.is_file() {
        eprintln!(
            "NOT SHOWN: {} is missing, so nothing is said about the shop's data. It is UCI dataset 352 as CSV; \
             KUNDENKREIS_TEST_DATA names its folder.",
            file.display()
        );
    }
    file.is_file().then_some(file)
}

/// The shop, one customer of `share`; PostgreSQL where a URL is given.
pub async fn the_shop(raw: &Path, share: u32, postgres: Option<String>) -> Seen {
    compare(include_str!("online_retail.py"), json!({ "raw": raw, "share": share }), "2010-12", 13, postgres).await
}

/// The grocer, one household of `share`.
pub async fn the_grocer(share: u32, postgres: Option<String>) -> Seen {
    compare(include_str!("complete_journey.py"), json!({ "share": share }), "2017-01", 13, postgres).await
}

/// Makes the files and the figures, brings the files in, and compares every figure.
async fn compare(script: &str, mut ask: Value, first: &str, months: i32, postgres: Option<String>) -> Seen {
    let folder = tempfile::tempdir().expect("a folder");
    ask["out"] = json!(folder.path());
    let figures: Value = serde_json::from_str(&python(script, ask.to_string().as_bytes())).expect("figures");
    let settings: Vec<(&str, &str)> = postgres.iter().map(|url| ("KUNDENKREIS_DATABASE_URL", url.as_str())).collect();
    let mut api = Api::start(&settings).await;
    let lines = figures["raw"][0][0].as_i64().expect("a count");
    let rate = bring_in(&api, folder.path(), &figures, lines).await;
    let asked = segments(&api, &figures).await;
    let stopped = api.product.stop().await;
    assert!(stopped.success(), "{}", api.product.log());

    let data = api.product.data();
    let config = match postgres {
        Some(url) => StoreConfig::Postgres { url, connections: 4 },
        None => StoreConfig::Sqlite { file: data.join("kundenkreis.sqlite") },
    };
    let db = Db::open(&config).await.expect("the database");
    let shelf = Shelf::folder(&data.join("knowledge")).expect("a shelf");
    let knowledge = Knowledge::new(db.clone(), Clock::System, shelf, Limits::default()).expect("a knowledgebase");
    knowledge.prepare().await.expect("the files");
    let months = Months::new(first, months);
    let house = House { db, knowledge, months };
    let compared = asked + house.questions(&figures).await + house.overview(&figures).await;
    Seen { lines, rate, compared }
}

/// Imports both files, compares what was refused, and posts campaigns and what came of them where there are any.
async fn bring_in(api: &Api, folder: &Path, figures: &Value, lines: i64) -> f64 {
    let read = |name: &str| std::fs::read(folder.join(name)).expect("a file of the script");
    let contacts = import(api, "contacts", &read("contacts.csv")).await;
    assert_eq!((&contacts["created"], &contacts["rejected"]), (&figures["contacts"][0][0], &json!(0)), "{contacts}");
    let since = Instant::now();
    let orders = import(api, "orders", &read("orders.csv")).await;
    let rate = lines as f64 / since.elapsed().as_secs_f64();
    let totals = &figures["totals"][0];
    let made = totals[0].as_i64().unwrap_or(0) + totals[1].as_i64().unwrap_or(0);
    assert_eq!((&orders["created"], &orders["outcome"]["further"]["items"]), (&json!(made), &totals[2]), "{orders}");
    assert_eq!(json!(refused(api, &orders).await), figures["refused"], "{orders}");

    let sum = |key: &str, at: usize| figures[key][0][at].as_i64().expect("a sum");
    let kept = (sum("totals", 5) - sum("totals", 6)) * 10;
    assert_eq!(kept + sum("refused worth", 0), sum("raw", 1), "sold less returned plus refused is all there is");

    let Ok(bodies) = std::fs::read(folder.join("bodies.json")) else { return rate };
    let bodies: Value = serde_json::from_slice(&bodies).expect("JSON");
    let mut ids = BTreeMap::new();
    for campaign in bodies["campaigns"].as_array().expect("campaigns") {
        let made = api.post("campaigns", json!({ "name": campaign["name"], "goal": "loyalty" })).await;
        ids.insert(campaign["campaign"].as_i64().expect("a number"), made["id"].clone());
    }
    let mut interactions = bodies["interactions"].as_array().expect("interactions").clone();
    for interaction in &mut interactions {
        interaction["campaign"] = ids[&interaction["campaign"].as_i64().expect("a number")].clone();
    }
    for list in interactions.chunks(1_000) {
        api.post("interactions", json!(list)).await;
    }
    rate
}

async fn import(api: &Api, kind: &str, bytes: &[u8]) -> Value {
    let run = api.call("POST", &format!("imports?kind={kind}&name={kind}.csv"), "text/csv", bytes).await;
    let mapped = run["mapping"].as_array().expect("a mapping");
    assert!(mapped.iter().all(|field| !field.is_null()), "every column is understood: {run}");
    let path = format!("imports/{}", run["id"]);
    api.post(&format!("{path}/run"), json!({})).await;
    api.until_within(PATIENCE, &path, |run| run["state"] == "done").await
}

/// Reasons and how many lines each refused, by name.
async fn refused(api: &Api, run: &Value) -> Vec<(String, i64)> {
    let mut reasons = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page = api.get(&format!("imports/{}/rejections?limit=200{cursor}", run["id"])).await;
        for rejection in page["items"].as_array().expect("a list") {
            *reasons.entry(rejection["reason"].as_str().expect("a reason").to_owned()).or_insert(0) += 1;
        }
        let Some(next) = page["next"].as_str() else { return reasons.into_iter().collect() };
        cursor = format!("&cursor={next}");
    }
}

/// Counts segments over the API; only people with an account of their own can be counted again.
async fn segments(api: &Api, figures: &Value) -> usize {
    let of_nobody = json!({ "not": { "field": "source", "op": "eq", "value": "counter" } });
    let segments = figures["segments"].as_array().expect("segments");
    for segment in segments {
        let definition: Value = serde_json::from_str(segment[0].as_str().expect("text")).expect("JSON");
        let definition = json!({ "all": [definition, of_nobody] });
        let counted = api.post("segments/count", json!({ "definition": definition })).await;
        assert_eq!(counted["count"], segment[1], "{definition}");
    }
    segments.len()
}

/// Months that follow each other, in the organisation's zone.
struct Months {
    first: Date,
    count: i32,
}

impl Months {
    fn new(first: &str, count: i32) -> Self {
        Self { first: format!("{first}-01").parse().expect("a day"), count }
    }

    fn each(&self) -> impl Iterator<Item = (String, Date, Date)> {
        let first = self.first;
        let day = move |n: i32| first.checked_add(n.months()).expect("a day");
        (0..self.count).map(move |n| (day(n).strftime("%Y-%m").to_string(), day(n), day(n + 1)))
    }

    /// The month an instant lies in, as SQL.
    fn of(&self, column: &str) -> String {
        let zone = Zone::berlin();
        let case =
            |(name, _, end): (String, Date, Date)| format!("WHEN {column} < {} THEN '{name}'", zone.start_of(end).0);
        format!("CASE {} ELSE 'later' END", self.each().map(case).collect::<Vec<_>>().join(" "))
    }
}

struct House {
    db: Db,
    knowledge: Knowledge,
    months: Months,
}

impl House {
    /// Asks columns and rows for each figure and compares both with DuckDB's.
    async fn questions(&self, figures: &Value) -> usize {
        let mut compared = 0;
        for (name, shape, sql) in questions(&self.months) {
            let Some(expected) = figures.get(name) else { continue };
            let unit = |letter| if letter == 't' { Unit::Text } else { Unit::Count };
            let columns: Vec<Column> = shape.chars().map(|letter| Column::new(name, unit(letter))).collect();
            let question = Question::new(Query::select().expr(Expr::cust(sql)).to_owned(), columns);
            let columns = self.knowledge.columns(&question).await.unwrap_or_else(|fault| panic!("{name}: {fault}"));
            let columns = columns.unwrap_or_else(|| panic!("the columns answer {name}"));
            let rows = RowLens(self.db.clone()).ask(&question, Seq(0)).await.expect("an answer");
            let expected = sorted(expected.as_array().expect("rows").clone());
            assert_eq!(sorted(cells(&columns)), expected, "{name}, from columns");
            assert_eq!(sorted(cells(&rows)), expected, "{name}, from rows");
            compared += expected.iter().map(|row| row.as_array().map_or(0, Vec::len)).sum::<usize>();
        }
        compared
    }

    /// The overview's own figures, month by month and for one country.
    async fn overview(&self, figures: &Value) -> usize {
        let zone = Zone::berlin();
        let expected = figures["months"].as_array().expect("months");
        for (name, first, next) in self.months.each() {
            let Some(month) = expected.iter().find(|month| month[0] == name.as_str()) else { continue };
            let period = Period::days(first, next.checked_sub(1.day()).expect("a day"), &zone);
            let told = self.tiles(period, None).await;
            let tile = |metric| told.iter().find(|tile| tile.metric == metric).map(|tile| cell(&tile.value));
            assert_eq!(tile(TileMetric::Orders), Some(month[1].clone()), "orders of {name}");
            assert_eq!(tile(TileMetric::Revenue), Some(month[3].clone()), "revenue of {name}");
        }
        let all = Period::days(self.months.first, self.months.first.checked_add(3.years()).expect("a day"), &zone);
        for country in figures["countries"].as_array().expect("countries") {
            let code = country[0].as_str().expect("a code").to_owned();
            let who = match code.as_str() {
                "" => Expr::cust("contact.country IS NULL"),
                code => Expr::cust(format!("contact.country = '{code}'")),
            };
            let who = Condition::all().add(who);
            let told = self.tiles(all, Some(&who)).await;
            let tile = |metric| told.iter().find(|tile| tile.metric == metric).map(|tile| cell(&tile.value));
            assert_eq!(tile(TileMetric::Revenue), Some(country[2].clone()), "revenue of {code}");
        }
        2 * expected.len() + figures["countries"].as_array().map_or(0, Vec::len)
    }

    async fn tiles(&self, period: Period, who: Option<&Condition>) -> Vec<Tile> {
        let (lens, earlier) = (&self.knowledge, period.before(&Zone::berlin()));
        let rows = self.db.read().await.expect("a unit");
        let campaigns = Campaigns::of(lens, &rows, &[period, earlier], who).await.expect("campaigns");
        tiles(lens, &campaigns, period, earlier, who, period.to).await.expect("tiles")
    }
}

/// Name, a letter for each column (`t`ext, `n`umber), and what stands behind `SELECT`.
fn questions(months: &Months) -> Vec<(&'static str, &'static str, String)> {
    const SOLD: &str = "p.cancelled_at IS NULL";
    const BACK: &str = "p.cancelled_at IS NOT NULL";
    let count = |which: &str| format!("COUNT(CASE WHEN {which} THEN 1 END)");
    let worth = |which: &str| format!("CAST(COALESCE(SUM(CASE WHEN {which} THEN p.total_minor END), 0) AS BIGINT)");
    let buyers = format!("COUNT(DISTINCT CASE WHEN {SOLD} THEN p.contact_id END)");
    let (sold, back, got, gave) = (count(SOLD), count(BACK), worth(SOLD), worth(BACK));
    let month = months.of("p.placed_at");
    let items = "purchase_item i JOIN purchase p ON p.id = i.purchase_id JOIN product r ON r.id = i.product_id";
    let paid = "CAST(SUM(i.quantity * i.unit_price_minor) AS BIGINT)";
    vec![
        ("contacts", "n", "COUNT(*) FROM contact".into()),
        (
            "totals",
            "nnnnnnn",
            format!(
                "{sold}, {back}, (SELECT COUNT(*) FROM purchase_item), (SELECT COUNT(DISTINCT product_id) FROM purchase_item), \
                 (SELECT CAST(SUM(i.quantity) AS BIGINT) FROM {items} WHERE {SOLD}), {got}, {gave} FROM purchase p"
            ),
        ),
        ("months", "tnnnnn", format!("{month} AS m, {sold}, {buyers}, {got}, {back}, {gave} FROM purchase p GROUP BY {month}")),
        (
            "countries",
            "tnnn",
            format!(
                "COALESCE(c.country, '') AS land, {sold}, {got}, {gave} FROM purchase p JOIN contact c ON c.id = p.contact_id \
                 GROUP BY COALESCE(c.country, '')"
            ),
        ),
        (
            "products",
            "tnn",
            format!(
                "r.sku, {paid} AS worth, CAST(SUM(i.quantity) AS BIGINT) FROM {items} WHERE {SOLD} GROUP BY r.sku \
                 ORDER BY worth DESC, r.sku LIMIT 20"
            ),
        ),
        (
            "first orders",
            "tn",
            format!(
                "{month} AS m, COUNT(*) FROM (SELECT p.contact_id, MIN(p.placed_at) AS placed_at FROM purchase p WHERE {SOLD} \
                 GROUP BY p.contact_id) p GROUP BY {month}"
            ),
        ),
        (
            "categories",
            "tn",
            format!(
                "COALESCE(k.name, '') AS k, {paid} FROM {items} LEFT JOIN category k ON k.id = r.category_id WHERE {SOLD} \
                 GROUP BY COALESCE(k.name, '')"
            ),
        ),
        (
            "sources",
            "tnn",
            format!(
                "COALESCE(c.source, '') AS s, {buyers}, {got} FROM purchase p JOIN contact c ON c.id = p.contact_id \
                 GROUP BY COALESCE(c.source, '')"
            ),
        ),
        (
            "campaigns",
            "tnnn",
            "k.name, COUNT(DISTINCT CASE WHEN i.kind = 'printed' THEN i.contact_id END), \
             COUNT(DISTINCT CASE WHEN i.kind = 'accepted' THEN i.contact_id END), COUNT(CASE WHEN i.kind = 'accepted' THEN 1 END) \
             FROM interaction i JOIN campaign k ON k.id = i.campaign_id GROUP BY k.name \
             HAVING COUNT(CASE WHEN i.kind = 'printed' THEN 1 END) > 0"
                .into(),
        ),
    ]
}

fn cells(table: &Table) -> Vec<Value> {
    table.rows.iter().map(|row| row.iter().map(cell).collect()).collect()
}

fn cell(cell: &Cell) -> Value {
    match cell {
        Cell::Int(n) => json!(n),
        Cell::Real(x) => json!(x),
        Cell::Text(text) => json!(text),
        _ => Value::Null,
    }
}

/// Databases do not agree on the order of texts.
fn sorted(mut rows: Vec<Value>) -> Vec<Value> {
    rows.sort_by_key(Value::to_string);
    rows
}

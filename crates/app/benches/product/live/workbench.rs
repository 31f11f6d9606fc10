//! How long one waits for the count while one line of a definition is edited, as the builder's page asks for it.

use super::{Row, Visit, middle_and_high, open, ready, rest};
use crate::table::median;
use testkit::process::Product;

const EDITS: usize = 120;
const STARTS: usize = 3;

/// Attributes, "opened at least `least` times in `days` days", "no purchase in `silent` days".
struct Edit {
    least: usize,
    days: usize,
    silent: usize,
}

impl Edit {
    /// Every edit changes one number and gives it a value it has not had before.
    fn nth(n: usize) -> Self {
        let step = |place: usize| (n + 2 - place) / 3;
        Self { least: 3 + step(2), days: 30 + step(1), silent: 180 + step(0) }
    }

    /// The form as the browser posts it; a field is one line of the tree.
    fn form(&self) -> Vec<(&'static str, String)> {
        let fixed = [
            ("n0.is", "all"),
            ("n1.is", "attribute"),
            ("n1.parent", "0"),
            ("n1.field", "country"),
            ("n1.op", "eq"),
            ("n1.v", "DE"),
            ("n2.is", "attribute"),
            ("n2.parent", "0"),
            ("n2.field", "birth_date"),
            ("n2.op", "lt"),
            ("n2.v", "1980-01-01"),
            ("n3.is", "behaviour"),
            ("n3.parent", "0"),
            ("n3.field", "opened"),
            ("n4.is", "not"),
            ("n4.parent", "0"),
            ("n5.is", "behaviour"),
            ("n5.parent", "4"),
            ("n5.field", "order_placed"),
            ("n5.least", "1"),
        ];
        let numbers = [("n3.least", self.least), ("n3.days", self.days), ("n5.days", self.silent)];
        let fixed = fixed.map(|(name, value)| (name, value.to_owned())).into_iter();
        fixed.chain(numbers.map(|(name, number)| (name, number.to_string()))).collect()
    }
}

async fn count(visit: &mut Visit, edit: &Edit) -> (i64, f64) {
    let (answer, took) = visit.post("/segmente/zaehlen", &edit.form()).await;
    let number = answer.split("<b>").nth(1).and_then(|rest| rest.split("</b>").next()).unwrap_or_default();
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    (digits.parse().unwrap_or_else(|_| panic!("no count: {answer}")), took)
}

pub async fn measure(product: &mut Product, visit: &mut Visit) -> Vec<Row> {
    let (mut first, mut starts) = (Vec::new(), 1);
    loop {
        rest(product).await;
        first.push(count(visit, &Edit::nth(0)).await.1);
        if starts == STARTS {
            break;
        }
        assert!(product.stop().await.success());
        product.restart().await;
        starts += 1;
        ready(product, starts).await;
        visit.again(product).await;
    }
    let mut edited = Vec::new();
    for n in 1..=EDITS {
        edited.push(count(visit, &Edit::nth(n)).await.1);
    }
    // Something new in the log makes every line be asked again.
    let mut afresh = Vec::new();
    for n in 1..=20 {
        note(product).await;
        afresh.push(count(visit, &Edit::nth(EDITS + n)).await.1);
    }
    told_truly(product, count(visit, &Edit::nth(0)).await.0).await;
    let mut rows =
        vec![Row::ours("segment, the first count after a start (median of three starts)", median(first), "ms")];
    rows.extend(middle_and_high("segment, one number of a line edited", edited));
    rows.extend(middle_and_high("segment, right after a commit, every line asked again", afresh));
    rows
}

/// One more interaction, written beside the product as another process of ours would.
async fn note(product: &Product) {
    let mut db = open(product.data(), false).await;
    const EVENT: &str = "INSERT INTO interaction (occurred_at, received_at, contact_id, channel, kind, verdict) \
         SELECT MAX(received_at), MAX(received_at), 77, 'web', 'page_viewed', 'human' FROM \
         (SELECT received_at FROM interaction ORDER BY seq DESC LIMIT 1) newest";
    sqlx::query(EVENT).execute(&mut db).await.expect("an event");
    sqlx::Connection::close(db).await.expect("closed");
}

/// The figure of the page is the one the rows say.
async fn told_truly(product: &Product, counted: i64) {
    let mut db = open(product.data(), true).await;
    let zone = kernel::Zone::berlin();
    let now = kernel::Clock::System.now();
    let sql = format!(
        "SELECT COUNT(*) FROM contact WHERE country = 'DE' AND birth_date < '1980-01-01' AND archived_at IS NULL \
         AND id IN (SELECT contact_id FROM interaction WHERE kind = 'opened' AND verdict = 'human' \
         AND occurred_at >= {} GROUP BY contact_id HAVING COUNT(*) >= 3) \
         AND id NOT IN (SELECT contact_id FROM purchase WHERE placed_at >= {} AND cancelled_at IS NULL)",
        zone.days_before(now, 29).0,
        zone.days_before(now, 179).0
    );
    let true_count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut db).await.expect("a count");
    assert_eq!(counted, true_count, "the page's count and the rows'");
}

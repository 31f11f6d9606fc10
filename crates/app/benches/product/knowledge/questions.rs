//! The five questions everybody asks of a knowledgebase, once for each engine: only the whole division is written
//! differently, and each engine gets the form it answers fastest. Ours are asked twice: of the plain rows of the columns, as
//! the others are, and the way the product asks them.

use super::generated::{DAY, NOW};
use kernel::{Column, Question, Unit};
use store::sea_query::{Expr, Query};

pub struct Asked {
    pub name: &'static str,
    plain: String,
    quick: String,
    pub duckdb: String,
    pub chdb: String,
    columns: &'static [(&'static str, Unit)],
}

impl Asked {
    /// Of the rows of the columns.
    pub fn plain(&self) -> Question {
        self.question(&self.plain)
    }

    /// By whatever way is the quickest.
    pub fn quick(&self) -> Question {
        self.question(&self.quick)
    }

    fn question(&self, text: &str) -> Question {
        let select = Query::select().expr(Expr::cust(text.to_owned())).to_owned();
        Question::new(select, self.columns.iter().map(|(key, unit)| Column::new(*key, *unit)).collect())
    }
}

pub fn all() -> Vec<Asked> {
    let (quarter, month, half) = (NOW - 90 * DAY, NOW - 30 * DAY, NOW - 180 * DAY);
    let daily = |day: &str| {
        format!(
            "{day} AS day, channel, COUNT(*) AS n FROM interaction WHERE occurred_at >= {quarter} AND verdict = 'human' \
             GROUP BY {day}, channel"
        )
    };
    // A count that is not written as one is made of rows.
    let row_by_row = daily(&format!("occurred_at / {DAY}")).replace("COUNT(*)", "CAST(SUM(1) AS BIGINT)");
    let rates = "campaign_id, COUNT(DISTINCT CASE WHEN kind = 'sent' THEN contact_id END) AS sent, \
         COUNT(DISTINCT CASE WHEN kind <> 'sent' THEN contact_id END) AS opened, \
         COUNT(DISTINCT CASE WHEN kind = 'clicked' THEN contact_id END) AS clicked FROM interaction \
         WHERE kind IN ('sent', 'opened', 'clicked') AND verdict = 'human' GROUP BY campaign_id";
    let stepwise = "campaign_id, CAST(SUM(sent) AS BIGINT) AS sent, CAST(SUM(opened) AS BIGINT) AS opened, \
         CAST(SUM(clicked) AS BIGINT) AS clicked FROM (SELECT campaign_id, contact_id, \
         MAX(CASE WHEN kind = 'sent' THEN 1 ELSE 0 END) AS sent, MAX(CASE WHEN kind <> 'sent' THEN 1 ELSE 0 END) AS opened, \
         MAX(CASE WHEN kind = 'clicked' THEN 1 ELSE 0 END) AS clicked FROM interaction \
         WHERE kind IN ('sent', 'opened', 'clicked') AND verdict = 'human' GROUP BY campaign_id, contact_id) person GROUP BY campaign_id";
    let reached = "campaign_id, CAST(SUM(sent) AS BIGINT) AS sent, CAST(SUM(opened) AS BIGINT) AS opened, \
         CAST(SUM(clicked) AS BIGINT) AS clicked FROM reached GROUP BY campaign_id";
    let segment = format!(
        "COUNT(*) AS n FROM contact WHERE country = 'DE' AND birth_date < '1980-01-01' AND archived_at IS NULL \
         AND id IN (SELECT contact_id FROM interaction WHERE kind = 'opened' AND verdict = 'human' AND occurred_at >= {month} \
         GROUP BY contact_id HAVING COUNT(*) >= 3) \
         AND id NOT IN (SELECT contact_id FROM purchase WHERE placed_at >= {half} AND cancelled_at IS NULL)"
    );
    let funnel = format!(
        "m.campaign_id, COUNT(*) AS sent, COUNT(o.contact_id) AS opened, COUNT(c.contact_id) AS clicked, \
         COUNT(b.id) AS bought FROM message m \
         LEFT JOIN (SELECT DISTINCT campaign_id, contact_id FROM interaction WHERE kind IN ('opened', 'clicked') \
         AND verdict = 'human') o ON o.campaign_id = m.campaign_id AND o.contact_id = m.contact_id \
         LEFT JOIN (SELECT DISTINCT campaign_id, contact_id FROM interaction WHERE kind = 'clicked' AND verdict = 'human') c \
         ON c.campaign_id = m.campaign_id AND c.contact_id = m.contact_id \
         LEFT JOIN (SELECT DISTINCT n.id FROM message n JOIN purchase p ON p.contact_id = n.contact_id \
         WHERE p.cancelled_at IS NULL AND p.placed_at >= n.sent_at AND p.placed_at < n.sent_at + {}) b ON b.id = m.id \
         WHERE m.state = 'sent' GROUP BY m.campaign_id",
        7 * DAY
    );
    let funnel_of_ledger = format!(
        "r.campaign_id, r.sent, r.opened, r.clicked, COALESCE(b.bought, 0) AS bought FROM (SELECT {reached}) r \
         LEFT JOIN (SELECT campaign_id, COUNT(*) AS bought FROM (SELECT DISTINCT n.campaign_id, n.id FROM purchase p \
         JOIN message n ON n.contact_id = p.contact_id WHERE n.state = 'sent' AND p.cancelled_at IS NULL \
         AND p.placed_at >= n.sent_at AND p.placed_at < n.sent_at + {}) each GROUP BY campaign_id) b \
         ON b.campaign_id = r.campaign_id",
        7 * DAY
    );
    let products = "band, product_id, revenue FROM (SELECT band, product_id, revenue, \
         ROW_NUMBER() OVER (PARTITION BY band ORDER BY revenue DESC, product_id) AS place FROM (SELECT \
         CASE WHEN c.birth_date >= '1996' THEN 30 WHEN c.birth_date >= '1976' THEN 50 WHEN c.birth_date >= '1961' THEN 65 ELSE 99 END AS band, \
         i.product_id, CAST(SUM(i.quantity * i.unit_price_minor) AS BIGINT) AS revenue FROM purchase_item i \
         JOIN purchase p ON p.id = i.purchase_id JOIN contact c ON c.id = p.contact_id \
         WHERE p.cancelled_at IS NULL GROUP BY band, i.product_id) sums) ranked WHERE place <= 20";
    const N: Unit = Unit::Count;
    let same = |name, text: String, columns| Asked {
        name,
        duckdb: text.clone(),
        chdb: text.clone(),
        quick: text.clone(),
        plain: text,
        columns,
    };
    vec![
        Asked {
            name: "daily counts by channel over 90 days",
            plain: row_by_row,
            quick: daily(&format!("occurred_at / {DAY}")),
            duckdb: daily(&format!("occurred_at // {DAY}")),
            chdb: daily(&format!("intDiv(occurred_at, {DAY})")),
            columns: &[("day", N), ("channel", Unit::Text), ("n", N)],
        },
        Asked {
            name: "people and rates per campaign",
            plain: stepwise.to_owned(),
            quick: reached.to_owned(),
            duckdb: stepwise.to_owned(),
            chdb: rates.to_owned(),
            columns: &[("campaign_id", Unit::Id), ("sent", N), ("opened", N), ("clicked", N)],
        },
        same("segment: attributes, opened 3 times, no purchase", segment, &[("n", N)]),
        Asked {
            quick: funnel_of_ledger,
            ..same(
                "funnel per campaign: sent, opened, clicked, bought within 7 days",
                funnel,
                &[("campaign_id", Unit::Id), ("sent", N), ("opened", N), ("clicked", N), ("bought", N)],
            )
        },
        same(
            "top 20 products by revenue per age band",
            products.to_owned(),
            &[("band", N), ("product_id", Unit::Id), ("revenue", N)],
        ),
    ]
}

//! The figures of a campaign as files: the same ones the page shows, exact instead of rounded.

use super::find;
use crate::door::{Answer, Desk, Path};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use crm::{
    evaluation::{self, Figures, Metric},
    staff::Right,
};
use kernel::{Cell, Column, Table, Unit, csv};
use serde_json::{Map, Value as Json, json};

/// One line a figure: code, name, value, unit, how it is computed. Shares are ratios, money is in major units.
pub async fn csv(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let (figures, name) = figures(&desk, id).await?;
    let mut text = String::from("\u{feff}metric,name,value,unit,formula\r\n");
    for metric in Metric::ALL {
        let unit = metric.unit(figures.currency);
        let (value, unit) = match (figures.value(*metric), unit) {
            (Cell::Int(minor), Unit::Money(currency)) => {
                let places = currency.places() as usize;
                (format!("{:.places$}", minor as f64 / 10_f64.powi(places as i32)), currency.code().to_owned())
            }
            (Cell::Int(n), _) => (n.to_string(), "count".to_owned()),
            (Cell::Real(x), _) => (x.to_string(), "share".to_owned()),
            (Cell::Text(text), _) => (text, String::new()),
            (Cell::Empty, _) => (String::new(), String::new()),
        };
        let cells =
            [metric.code().to_owned(), metric.label().say(desk.locale), value, unit, metric.formula().say(desk.locale)];
        text += &csv::row(cells.iter().map(String::as_str), ',');
    }
    Ok(file("text/csv; charset=utf-8", &name, "csv", text))
}

/// Figures, course and links; money in minor units with its currency.
pub async fn json(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let (figures, name) = figures(&desk, id).await?;
    let rows = desk.db.read().await?;
    let campaign = find(&desk, &rows, id).await?;
    let metrics: Map<String, Json> =
        Metric::ALL.iter().map(|metric| (metric.code().to_owned(), json!(figures.value(*metric)))).collect();
    let document = json!({
        "campaign": campaign.id,
        "name": campaign.plan.name,
        "as_of": desk.now().rfc3339(),
        "currency": figures.currency,
        "metrics": metrics,
        "course": records(&evaluation::reactions_per_day(&rows, campaign.id, &desk.zone).await?),
        "links": records(&evaluation::clicks_per_link(&rows, campaign.id).await?),
    });
    Ok(file("application/json", &name, "json", document.to_string()))
}

async fn figures(desk: &Desk, id: i64) -> Answer<(Figures, String)> {
    desk.actor.must(Right::SeeFigures)?;
    let rows = desk.db.read().await?;
    let campaign = find(desk, &rows, id).await?;
    let figures = evaluation::evaluate(&*desk.lens, campaign.id).await?.ok_or(crm::Refusal::Missing)?;
    Ok((figures, format!("kampagne-{}", campaign.id)))
}

fn records(table: &Table) -> Vec<Map<String, Json>> {
    let record = |row: &Vec<Cell>| {
        let pair = |(column, cell): (&Column, &Cell)| (column.key.clone(), json!(cell));
        table.columns.iter().zip(row).map(pair).collect()
    };
    table.rows.iter().map(record).collect()
}

fn file(kind: &'static str, name: &str, ending: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}.{ending}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], text).into_response()
}

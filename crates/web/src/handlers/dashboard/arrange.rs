//! Arranging the tiles of one's own overview: each step is a button, dragging only does the same quicker.

use super::{figures::SHOWN, shown, wish::Wish};
use crate::{
    door::{Answer, Desk, Fields},
    pages::{
        Choice, Frame,
        dashboard::{ArrangePanel, ArrangeTile},
    },
};
use axum::response::Redirect;
use crm::{
    evaluation::TileMetric,
    staff::{Right, layout},
};
use std::collections::HashMap;

/// Where arranging begins, with everything the address says.
pub fn address(wish: &Wish) -> String {
    let here = wish.address("/", &[]);
    format!("{here}{}anordnen=1", if here.contains('?') { '&' } else { '?' })
}

pub fn panel(frame: &Frame, wish: &Wish, shown: &[TileMetric]) -> ArrangePanel {
    let last = shown.len().saturating_sub(1);
    let tile = |(at, metric): (usize, &TileMetric)| ArrangeTile {
        code: metric.code().to_owned(),
        label: frame.tell(&metric.label()),
        is_first: at == 0,
        is_last: at == last,
    };
    let more = TileMetric::ALL.iter().filter(|metric| !shown.contains(metric));
    ArrangePanel {
        tiles: shown.iter().enumerate().map(tile).collect(),
        more: more.map(|metric| Choice::new(metric.code(), frame.tell(&metric.label()), false)).collect(),
        back: address(wish),
        done: wish.address("/", &[]),
    }
}

/// One step: `links`, `rechts`, `weg`, `dazu` with a tile's code, `reihe` with all codes in a new order, or `zurueck` to
/// what everybody sees.
pub async fn change(desk: Desk, fields: Fields) -> Answer<Redirect> {
    desk.actor.must(Right::SeeDashboard)?;
    let tiles = shown(&desk, &desk.db.read().await?).await?;
    if let Some(user) = desk.actor.user() {
        let wanted = arranged(tiles, &fields);
        let codes = wanted.as_ref().map(|tiles| tiles.iter().map(|tile| tile.code()).collect::<Vec<_>>());
        let unit = desk.db.write().await?;
        layout::arrange(&unit, user, codes.as_deref()).await?;
        unit.save().await?;
    }
    // Only the query of what was sent is believed: the way back leads nowhere else.
    let query = fields.get("hier").split_once('?').map_or("", |(_, query)| query);
    let query: HashMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    Ok(Redirect::to(&address(&Wish::read(&query))))
}

/// The order after a step; nothing is what everybody sees.
fn arranged(mut tiles: Vec<TileMetric>, fields: &Fields) -> Option<Vec<TileMetric>> {
    if fields.has("zurueck") {
        return None;
    }
    let place = |name: &str| tiles.iter().position(|tile| tile.code() == fields.get(name));
    if let Some(at) = place("links").filter(|at| *at > 0) {
        tiles.swap(at, at - 1);
    } else if let Some(at) = place("rechts").filter(|at| *at + 1 < tiles.len()) {
        tiles.swap(at, at + 1);
    } else if let Some(at) = place("weg").filter(|_| tiles.len() > 1) {
        tiles.remove(at);
    } else if let Some(new) = TileMetric::parse(fields.get("dazu")).filter(|new| !tiles.contains(new)) {
        tiles.push(new);
    } else if fields.has("reihe") {
        let mut order: Vec<TileMetric> = Vec::new();
        for tile in fields.get("reihe").split(',').filter_map(TileMetric::parse) {
            if tiles.contains(&tile) && !order.contains(&tile) {
                order.push(tile);
            }
        }
        order.extend(tiles.iter().filter(|tile| !order.contains(tile)).copied().collect::<Vec<_>>());
        tiles = order;
    }
    (tiles != SHOWN).then_some(tiles)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(name: &str, value: &str) -> Option<Vec<&'static str>> {
        let tiles = vec![TileMetric::Orders, TileMetric::Revenue, TileMetric::OpenRate];
        let fields = Fields(vec![(name.to_owned(), value.to_owned())]);
        arranged(tiles, &fields).map(|tiles| tiles.iter().map(|tile| tile.code()).collect())
    }

    #[test]
    fn a_tile_is_moved_taken_away_and_added_by_one_button_each() {
        assert_eq!(after("links", "revenue").unwrap(), ["revenue", "orders", "open_rate"]);
        assert_eq!(after("rechts", "open_rate").unwrap(), ["orders", "revenue", "open_rate"]);
        assert_eq!(after("weg", "orders").unwrap(), ["revenue", "open_rate"]);
        assert_eq!(after("dazu", "click_rate").unwrap(), ["orders", "revenue", "open_rate", "click_rate"]);
        assert_eq!(after("reihe", "open_rate,orders,unknown").unwrap(), ["open_rate", "orders", "revenue"]);
        assert_eq!(after("zurueck", "1"), None);
    }
}

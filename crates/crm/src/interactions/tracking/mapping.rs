//! What a tracked event is in our words: the one table of names, and where subject, product and value are found.

use super::wire::{Call, Event, plain};
use crate::interactions::{Kind, NewInteraction};
use kernel::{Currency, Money, Timestamp};
use serde_json::{Map, Value, json};
use url::Url;

/// Names of events and what they are, in lower case with single spaces. First Segment's e-commerce specification, then what
/// Google Analytics 4 calls the same. Every other name is [`Kind::Tracked`] and keeps its name as subject.
const NAMES: &[(&str, Kind)] = &[
    ("product viewed", Kind::ProductViewed),
    ("product clicked", Kind::ProductViewed),
    ("product added", Kind::BasketChanged),
    ("product removed", Kind::BasketChanged),
    ("cart viewed", Kind::BasketChanged),
    ("cart updated", Kind::BasketChanged),
    ("checkout started", Kind::BasketChanged),
    ("order completed", Kind::OrderPlaced),
    ("order cancelled", Kind::OrderCancelled),
    ("order canceled", Kind::OrderCancelled),
    ("order refunded", Kind::OrderCancelled),
    ("products searched", Kind::Searched),
    ("form submitted", Kind::FormSubmitted),
    ("signed up", Kind::FormSubmitted),
    ("promotion viewed", Kind::BannerShown),
    ("promotion clicked", Kind::BannerClicked),
    ("product shared", Kind::Shared),
    ("cart shared", Kind::Shared),
    ("product reviewed", Kind::FeedbackGiven),
    ("view item", Kind::ProductViewed),
    ("select item", Kind::ProductViewed),
    ("add to cart", Kind::BasketChanged),
    ("remove from cart", Kind::BasketChanged),
    ("view cart", Kind::BasketChanged),
    ("begin checkout", Kind::BasketChanged),
    ("purchase", Kind::OrderPlaced),
    ("refund", Kind::OrderCancelled),
    ("search", Kind::Searched),
    ("view search results", Kind::Searched),
    ("generate lead", Kind::FormSubmitted),
    ("sign up", Kind::FormSubmitted),
    ("view promotion", Kind::BannerShown),
    ("select promotion", Kind::BannerClicked),
    ("share", Kind::Shared),
];

/// Longest subject in characters, address in bytes, props in bytes of JSON.
const SUBJECT: usize = 160;
const ADDRESS: usize = 2_000;
const PROPS: usize = 4_000;

/// An event in our words, and the article number it speaks of.
pub struct Mapped {
    pub item: NewInteraction,
    pub sku: Option<String>,
}

/// The kind of a name.
pub fn kind_of(name: &str) -> Kind {
    let words: Vec<&str> = name.split(|c: char| c.is_whitespace() || c == '_' || c == '-').collect();
    let spaced = words.join(" ").to_lowercase();
    NAMES.iter().find(|(known, _)| *known == spaced.trim()).map_or(Kind::Tracked, |(_, kind)| *kind)
}

/// Nothing for a call that only says who somebody is, and for a track without a name.
pub fn map(event: &Event, at: Timestamp) -> Option<Mapped> {
    let name = event.name.as_deref();
    let kind = match event.call {
        Call::Page | Call::Screen => Kind::PageViewed,
        Call::Track => kind_of(name?),
        Call::Identify | Call::Group | Call::Alias => return None,
    };
    let props = &event.properties;
    let page = event.context.page.as_ref();
    let title = || text(props, &["title"]).or_else(|| page.and_then(|page| page.title.0.clone()));
    let product = product(props);
    let subject = match kind {
        Kind::PageViewed => title().or_else(|| event.name.clone()),
        Kind::Searched => text(props, &["query", "search_term", "term", "q"]),
        Kind::FormSubmitted => {
            text(props, &["form_name", "formName", "form", "name", "form_id", "formId"]).or_else(title)
        }
        Kind::BannerShown | Kind::BannerClicked => {
            text(props, &["name", "promotion_name", "creative_name", "creative", "promotion_id", "id"])
        }
        Kind::OrderPlaced | Kind::OrderCancelled => text(props, &["order_id", "orderId", "transaction_id"]),
        Kind::Tracked => event.name.clone(),
        _ => product.and_then(|product| text(product, &["name", "item_name", "title"])),
    };
    let address = text(props, &["url"]).or_else(|| page.and_then(|page| page.url.0.clone()));
    let mut item = NewInteraction::new(kind, at);
    item.subject = subject.and_then(|subject| plain(&subject, SUBJECT));
    item.url = address.and_then(|address| web_address(&address));
    item.value = value(kind, props, product);
    item.props = kept(event, kind);
    let sku = product.and_then(|product| text(product, &["sku", "product_id", "item_id", "id"]));
    Some(Mapped { item, sku: sku.and_then(|sku| plain(&sku, 100)) })
}

/// What is left of an event nobody agreed to: that it happened, and where, without what stands behind the question mark.
pub fn anonymous(mut item: NewInteraction) -> NewInteraction {
    item.url = item.url.and_then(|url| {
        let mut url = Url::parse(&url).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        let _ = url.set_username("").and_then(|()| url.set_password(None));
        Some(url.into())
    });
    // A search, a form or an order number may say who it was.
    if !matches!(item.kind, Kind::PageViewed | Kind::Tracked) {
        item.subject = None;
    }
    item.props = None;
    item
}

/// The product an event speaks of: itself, or the only one in its list.
fn product(props: &Map<String, Value>) -> Option<&Map<String, Value>> {
    if ["sku", "product_id", "item_id"].iter().any(|name| props.contains_key(*name)) {
        return Some(props);
    }
    match props.get("products").or_else(|| props.get("items")).and_then(Value::as_array).map(Vec::as_slice) {
        Some([Value::Object(only)]) => Some(only),
        _ => Some(props).filter(|props| props.contains_key("name")),
    }
}

/// The first of these that is text or a number.
fn text(from: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match from.get(*name)? {
        Value::String(text) => plain(text, 4_000),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

fn number(from: &Map<String, Value>, names: &[&str]) -> Option<f64> {
    names.iter().find_map(|name| match from.get(*name)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// What it is worth: the total of an order or basket, else the price of the product times how many.
fn value(kind: Kind, props: &Map<String, Value>, product: Option<&Map<String, Value>>) -> Option<Money> {
    if !matches!(kind, Kind::ProductViewed | Kind::BasketChanged | Kind::OrderPlaced | Kind::OrderCancelled) {
        return None;
    }
    let currency = text(props, &["currency"]).and_then(|code| Currency::parse(&code)).unwrap_or_default();
    let total = number(props, &["total", "revenue", "value"]);
    let price = || {
        let product = product?;
        Some(number(product, &["price"])? * number(product, &["quantity"]).unwrap_or(1.0))
    };
    let amount = total.or_else(price)?;
    let minor = (amount * 10_f64.powi(currency.places() as i32)).round();
    (minor.abs() < 1e15).then(|| Money::new(minor as i64, currency))
}

/// An http address that can be kept; a long one loses its query.
fn web_address(text: &str) -> Option<String> {
    let mut url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    if url.as_str().len() > ADDRESS {
        url.set_query(None);
        url.set_fragment(None);
    }
    Some(url.into()).filter(|url: &String| url.len() <= ADDRESS)
}

/// The properties as they came, where they are small; of larger ones those that fit.
fn kept(event: &Event, kind: Kind) -> Option<Value> {
    let mut kept = Map::new();
    if event.call == Call::Track && kind != Kind::Tracked {
        kept.insert("event".into(), json!(event.name.as_deref().and_then(|name| plain(name, SUBJECT))));
    }
    let mut room = PROPS - 400;
    let mut cut = false;
    for (name, value) in &event.properties {
        // A page tells its address and title twice.
        if kind == Kind::PageViewed && ["url", "title", "path", "search"].contains(&name.as_str()) {
            continue;
        }
        let size = name.len() * 2 + size(value) + 6;
        if size > room {
            cut = true;
            continue;
        }
        room -= size;
        kept.insert(plain(name, 200).unwrap_or_default(), clean(value));
    }
    if cut {
        kept.insert("cut".into(), json!(true));
    }
    (!kept.is_empty()).then_some(Value::Object(kept))
}

/// At least as many bytes as the JSON of a value takes.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => {
            text.bytes()
                .map(|b| {
                    if b < 0x20 {
                        6
                    } else if b == b'"' || b == b'\\' {
                        2
                    } else {
                        1
                    }
                })
                .sum::<usize>()
                + 2
        }
        Value::Array(all) => all.iter().map(|one| size(one) + 1).sum::<usize>() + 2,
        Value::Object(map) => map.iter().map(|(name, one)| name.len() * 2 + size(one) + 6).sum::<usize>() + 2,
        _ => 25,
    }
}

/// Without NULs, which PostgreSQL does not take.
fn clean(value: &Value) -> Value {
    match value {
        Value::String(text) if text.contains('\0') => Value::String(text.replace('\0', "")),
        Value::Array(all) => all.iter().map(clean).collect(),
        Value::Object(map) => Value::Object(map.iter().map(|(k, v)| (k.replace('\0', ""), clean(v))).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interactions::{check, tracking::wire::Delivery};

    fn mapped(event: Value) -> Mapped {
        let body = json!({ "batch": [event] }).to_string();
        let event = Delivery::read(body.as_bytes(), None).expect("a batch").events.remove(0).expect("an event");
        map(&event, Timestamp(1_000_000_000_000)).expect("behaviour")
    }

    fn track(name: &str, properties: Value) -> Mapped {
        mapped(json!({ "type": "track", "event": name, "properties": properties }))
    }

    #[test]
    fn names_of_shops_are_names_of_ours() {
        for (name, kind) in [
            ("Product Viewed", Kind::ProductViewed),
            ("Order Completed", Kind::OrderPlaced),
            ("add_to_cart", Kind::BasketChanged),
            ("Katalog bestellt", Kind::Tracked),
        ] {
            assert_eq!(kind_of(name), kind, "{name}");
        }
    }

    #[test]
    fn subject_product_and_value_are_found() {
        let added = track("Product Added", json!({ "sku": "KRE-7", "name": "Kreta", "price": 899.5, "quantity": 2 }));
        assert_eq!((added.item.kind, added.sku.as_deref()), (Kind::BasketChanged, Some("KRE-7")));
        assert_eq!((added.item.subject.as_deref(), added.item.value), (Some("Kreta"), Some(Money::eur(179_900))));
        let order = track(
            "Order Completed",
            json!({ "order_id": 4711, "total": "1299.99", "currency": "chf",
            "products": [{ "product_id": "KRE-7", "price": 1 }] }),
        );
        assert_eq!(order.item.value, Some(Money::new(129_999, Currency::parse("CHF").expect("a currency"))));
        assert_eq!((order.item.subject.as_deref(), order.sku.as_deref()), (Some("4711"), Some("KRE-7")));
        let own = track("Katalog bestellt", json!({ "pages": 120 }));
        assert_eq!(
            (own.item.subject.as_deref(), own.item.props),
            (Some("Katalog bestellt"), Some(json!({ "pages": 120 })))
        );
        let page = mapped(json!({ "type": "page", "name": "Start", "properties": { "title": "Kreta im Mai",
            "url": "https://www.almara.example/kreta?x=1" } }));
        assert_eq!(page.item.subject.as_deref(), Some("Kreta im Mai"));
        assert_eq!(page.item.url.as_deref(), Some("https://www.almara.example/kreta?x=1"));
    }

    #[test]
    fn whatever_comes_can_be_kept() {
        let long = "ä".repeat(2_500);
        let evil = track(
            &long,
            json!({ "url": format!("https://a.example/?{long}"), "total": 1e300, "nul\u{0}": "a\u{0}b", "long": long,
                "quotes": "\"".repeat(2_000), "title": "\u{0}" }),
        );
        let item = NewInteraction { visitor: Some(kernel::VisitorId(1)), ..evil.item };
        assert_eq!(check(&item, "", Timestamp(1_000_000_000_000)), vec![]);
        let props = item.props.expect("props");
        assert_eq!((&props["cut"], &props["nul"]), (&json!(true), &json!("ab")));
        assert!(track("x", json!({ "url": "javascript:alert(1)" })).item.url.is_none());
    }

    #[test]
    fn a_count_says_nothing_about_anybody() {
        let search = track(
            "Products Searched",
            json!({ "query": "ada@lovelace.example", "email": "a@b.de",
            "url": "https://ada:geheim@a.example/suche?q=ada#x" }),
        );
        let counted = anonymous(search.item);
        assert_eq!((counted.subject, counted.props), (None, None));
        assert_eq!(counted.url.as_deref(), Some("https://a.example/suche"));
    }
}

//! What happened with one person, day by day.

use super::when;
use crate::{
    door::{Answer, Desk},
    pages::{
        Sign, Tab,
        contact::{Day, Happening, Mark},
    },
};
use crm::{
    interactions::{self, Channel, Interaction, Kind, TimelineAt, Verdict},
    planning::Campaign,
    sales,
};
use kernel::{CampaignId, ContactId, ProductId, Seq, Timestamp, sentence::say};
use std::collections::{HashMap, HashSet};
use store::Rows;

/// Entries of a page.
const LINES: i64 = 30;

/// A part of the timeline.
pub struct Part {
    pub channels: Vec<Tab>,
    pub days: Vec<Day>,
    pub older: Option<String>,
}

/// The part an address asks for: one channel or all, from behind a place.
pub async fn part(desk: &Desk, rows: &Rows, id: ContactId, query: &HashMap<String, String>) -> Answer<Part> {
    let channel = query.get("kanal").and_then(|code| Channel::parse(code));
    let before = query.get("vor").and_then(|text| place(text));
    let found = interactions::timeline(rows, id, channel, before, LINES).await?;
    let full = found.len() as i64 == LINES;
    let home = match channel {
        Some(channel) => format!("/kontakte/{id}?kanal={}&vor=", channel.code()),
        None => format!("/kontakte/{id}?vor="),
    };
    let older = found.last().filter(|_| full).map(|last| format!("{home}{}-{}", last.occurred_at.0, last.seq.0));
    let names = Names::of(rows, &found).await?;
    let present = interactions::channels_of(rows, id).await?;
    Ok(Part { channels: channels(desk, id, channel, &present), days: days(desk, &found, &names), older })
}

fn place(text: &str) -> Option<TimelineAt> {
    let (at, seq) = text.rsplit_once('-')?;
    Some(TimelineAt { occurred_at: Timestamp(at.parse().ok()?), seq: Seq(seq.parse().ok()?) })
}

/// All, and each channel on which something happened.
fn channels(desk: &Desk, id: ContactId, now: Option<Channel>, present: &[Channel]) -> Vec<Tab> {
    let all = Tab {
        label: say(desk.locale, "contact-timeline-all", None),
        href: format!("/kontakte/{id}"),
        current: now.is_none(),
        count: None,
    };
    let one = |channel: &Channel| Tab {
        label: channel.label().say(desk.locale),
        href: format!("/kontakte/{id}?kanal={}", channel.code()),
        current: now == Some(*channel),
        count: None,
    };
    let shown = Channel::ALL.iter().filter(|channel| present.contains(channel) || now == Some(**channel));
    std::iter::once(all).chain(shown.map(one)).collect()
}

/// Names of the records the entries speak of.
#[derive(Default)]
struct Names {
    campaigns: HashMap<CampaignId, String>,
    products: HashMap<ProductId, String>,
}

impl Names {
    async fn of(rows: &Rows, entries: &[Interaction]) -> Answer<Self> {
        let mut names = Self::default();
        for id in entries.iter().filter_map(|entry| entry.campaign).collect::<HashSet<_>>() {
            if let Some(campaign) = Campaign::find(rows, id).await? {
                names.campaigns.insert(id, campaign.plan.name);
            }
        }
        if entries.iter().any(|entry| entry.product.is_some()) {
            let products = sales::products(rows).await?.into_iter();
            names.products = products.map(|product| (ProductId(product.id), product.name)).collect();
        }
        Ok(names)
    }
}

/// An address as people say it: without scheme and query.
fn plain(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    rest[..end].trim_end_matches('/').to_owned()
}

fn days(desk: &Desk, entries: &[Interaction], names: &Names) -> Vec<Day> {
    let today = desk.zone.day(desk.now());
    let mut days: Vec<Day> = Vec::new();
    for entry in entries {
        let label = when::heading(desk.zone.day(entry.occurred_at), today, desk.locale);
        let happening = happening(desk, entry, names);
        match days.last_mut().filter(|day| day.label == label) {
            Some(day) => day.happenings.push(happening),
            None => days.push(Day { label, happenings: vec![happening] }),
        }
    }
    days
}

/// What somebody did with their basket, where the website said so.
fn basket(entry: &Interaction) -> &'static str {
    let props: Option<serde_json::Value> = entry.props.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let event = props.and_then(|props| props["event"].as_str().map(str::to_lowercase)).unwrap_or_default();
    match event.replace('_', " ").as_str() {
        "product added" | "add to cart" => "contact-basket-added",
        "product removed" | "remove from cart" => "contact-basket-removed",
        "cart viewed" | "view cart" => "contact-basket-viewed",
        "checkout started" | "begin checkout" => "contact-basket-checkout",
        _ => "interactions-kind-basket_changed",
    }
}

fn happening(desk: &Desk, entry: &Interaction, names: &Names) -> Happening {
    let product = entry.product.and_then(|id| names.products.get(&id)).cloned();
    // The address of a page says something only where nothing else does.
    let named = product.is_some() || entry.subject.is_some();
    let text = [product, entry.subject.clone(), entry.url.as_deref().filter(|_| !named).map(plain)];
    let mut title = match entry.kind {
        Kind::BasketChanged => say(desk.locale, basket(entry), None),
        _ => entry.kind.label().say(desk.locale),
    };
    if let Some(value) = entry.value {
        title = format!("{title}, {}", desk.locale.money(value.minor, value.currency));
    }
    let mut marks = Vec::new();
    if let Some(name) = entry.campaign.and_then(|id| names.campaigns.get(&id)) {
        marks.push(Mark { label: name.clone(), tone: "line", icon: "speakerphone" });
    }
    if entry.verdict == Verdict::Machine {
        marks.push(Mark { label: say(desk.locale, "contact-by-machine", None), tone: "", icon: "" });
    }
    Happening {
        sign: Sign::of(entry.channel.code(), entry.kind.code()),
        title,
        text: super::dotted(text.iter().flatten().map(String::as_str)),
        marks,
        // An order without a time of day is kept at midnight.
        time: match desk.zone.start_of(desk.zone.day(entry.occurred_at)) == entry.occurred_at {
            true => String::new(),
            false => desk.locale.time(entry.occurred_at, &desk.zone),
        },
        iso: entry.occurred_at.rfc3339(),
    }
}

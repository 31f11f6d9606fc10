//! One contact, all around.

use super::{accuracy, find, kind_name, own::own_value, past, points, tied, timeline, visits, when};
use crate::{
    door::{Answer, Desk, Fields, Path},
    handlers::{agenda as tasks, duplicates},
    pages::{
        Banner, Place,
        contact::{ConsentLine, ContactPage, EmailBehaviour, Fact, Mark, MasterLine, OrderLine},
        draw,
    },
};
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use charts::{Bar, BarsH, Colour, Width, bars_h};
use crm::{
    Refusal,
    agenda::{self, AgendaDraft},
    customers::{self, Attribute, Consent, Contact, ContactDraft, MARKETING, Statement},
    evaluation,
    intake::{country, phone},
    interactions,
    privacy::accuracy::Detail,
    sales::{self, Bought},
    staff::Right,
};
use jiff::civil::Date;
use kernel::{ContactId, Currency, Sentence, Timestamp, sentence::say};
use std::collections::HashMap;
use store::Rows;

/// Orders of the quick order info.
const ORDERS: i64 = 8;
/// Channels the page asks consent for, with their names.
const CHANNELS: [(&str, &str); 3] =
    [("email", "contact-channel-email"), ("phone", "contact-channel-phone"), ("letter", "contact-channel-letter")];

pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    let contact = find(&desk, id).await?;
    desk.seen.note(&desk.actor, contact.contact_id(), desk.now());
    let rows = desk.db.read().await?;
    if let Some(into) = customers::merge::survivor_of(&rows, contact.contact_id()).await? {
        return Ok(Redirect::to(&format!("/kontakte/{into}")).into_response());
    }
    let consents = customers::consents(&rows, contact.contact_id()).await?;
    let part = timeline::part(&desk, &rows, contact.contact_id(), &query).await?;
    let (orders, orders_note) = orders(&desk, &rows, contact.contact_id()).await?;
    let toast = query.get("da").and_then(|deed| match deed.as_str() {
        "neu" => Some("contacts-created"),
        "gespeichert" => Some("contacts-saved"),
        "einwilligung" => Some("contact-consent-saved"),
        "anruf" => Some("contact-call-saved"),
        "zuordnung" => Some("contact-visit-was-undone"),
        "zurueck" => Some("contact-past-done"),
        "angefragt" => Some("privacy-asked-now"),
        "bestaetigt" => Some("accuracy-confirmed-now"),
        "gefragt" => Some("accuracy-asked-now"),
        "datenschutz" => Some("privacy-taken-now"),
        _ => None,
    });
    let toast = toast.map(|key| past::toast(&desk, &query, key));
    let toast = toast
        .or_else(|| duplicates::toast(&desk, &query))
        .or_else(|| tasks::toast(&desk, &query))
        .or_else(|| tied::toast(&desk, id, &query));
    let mut master = master(&desk, &contact, &customers::attributes(&rows, true).await?);
    accuracy::mark(&desk, &rows, &contact, &mut master).await?;
    master.extend(points::lines(&desk, &contact));
    let may_edit = desk.actor.may(Right::EditContacts) && contact.archived_at.is_none();
    let open = agenda::of_contact(&rows, &desk.actor, contact.contact_id()).await?;
    let draft = AgendaDraft { contact: Some(id), ..AgendaDraft::default() };
    let name = contact.display_name();
    let page = ContactPage {
        frame: desk.frame().at(Place::Contacts, name.clone()).with_toast(toast),
        id,
        name,
        marks: vec![Mark { label: kind_name(&contact.kind, desk.locale), tone: "accent", icon: "" }],
        facts: facts(&contact),
        notice: contact.restricted_at.map(|_| Banner::warn(say(desk.locale, "privacy-restricted-notice", None), "")),
        email: contact.email.clone().unwrap_or_default(),
        phone: contact.phone.clone().unwrap_or_default(),
        may_edit: desk.actor.may(Right::EditContacts),
        calls: match desk.actor.may(Right::RecordInteractions) {
            true => interactions::CALLS.map(|kind| (kind.code(), kind.label().say(desk.locale))).to_vec(),
            false => Vec::new(),
        },
        tied: tied::rows_of(&desk, &rows, contact.contact_id()).await?,
        agenda: tasks::lines(&desk, &rows, &open, false).await?,
        entry: tasks::filled(&desk, &rows, &draft, "", Vec::new()).await?,
        to_confirm: may_edit && Detail::ALL.into_iter().any(|detail| detail.is_known(&contact)),
        may_ask: may_edit && contact.email.is_some(),
        master,
        consents: CHANNELS.iter().map(|(channel, key)| consent_line(&desk, &consents, channel, key)).collect(),
        entries: String::new(),
        channels: part.channels,
        days: part.days,
        older: part.older,
        behaviour: behaviour(&desk, &rows, contact.contact_id()).await?,
        orders,
        orders_note,
        visits: visits::of(&desk, &rows, contact.contact_id()).await?,
    };
    Ok(draw(StatusCode::OK, &page))
}

fn facts(contact: &Contact) -> Vec<Fact> {
    let fact = |icon, text: &Option<String>, href| text.clone().map(|text| Fact { icon, text, href });
    let company = contact.company_id.map(|id| format!("/firmen/{id}")).unwrap_or_default();
    let facts = [fact("map-pin", &contact.city, String::new()), fact("building", &contact.company, company)];
    facts.into_iter().flatten().collect()
}

fn master(desk: &Desk, contact: &Contact, known: &[Attribute]) -> Vec<MasterLine> {
    let locale = desk.locale;
    let mut lines = Vec::new();
    let mut line = |key: &str, texts: Vec<String>| {
        let texts: Vec<String> = texts.into_iter().filter(|text| !text.trim().is_empty()).collect();
        if !texts.is_empty() {
            lines.push(MasterLine { label: say(locale, key, None), lines: texts, mark: None, under: String::new() });
        }
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    line("contacts-number", vec![contact.number.clone()]);
    if let Some(code) = contact.salutation.as_deref() {
        line("contacts-salutation", vec![say(locale, &format!("contacts-salutation-{code}"), None)]);
    }
    if let Some(born) = contact.birth_date.as_deref().and_then(|text| text.parse::<Date>().ok()) {
        let today = desk.zone.day(desk.now());
        let years = today.year() - born.year() - i16::from((today.month(), today.day()) < (born.month(), born.day()));
        let said = Sentence::new("contact-years").with("day", locale.long_day(born)).with("years", years);
        line("contacts-birth", vec![said.say(locale)]);
    }
    let place = format!("{} {}", text(&contact.postal_code), text(&contact.city)).trim().to_owned();
    let land = contact.country.as_deref().map(|code| country::name(code, locale).to_owned()).unwrap_or_default();
    line("contacts-address", vec![text(&contact.street), place, land]);
    line("contacts-email", vec![text(&contact.email)]);
    line("contacts-phone", vec![phone::shown(&text(&contact.phone), phone::HOME)]);
    line("contacts-occupation", vec![text(&contact.occupation)]);
    line("contacts-company", vec![text(&contact.company), text(&contact.industry)]);
    line("contacts-source", vec![text(&contact.source)]);
    if let Some(minor) = contact.budget_minor {
        let currency = contact.budget_currency.as_deref().and_then(Currency::parse).unwrap_or_default();
        line("contacts-budget", vec![locale.money_round(minor, currency)]);
    }
    line("contacts-tags", vec![contact.tags.iter().map(String::as_str).collect::<Vec<_>>().join(", ")]);
    line("contacts-since", vec![locale.day(desk.zone.day(Timestamp(contact.created_at)))]);
    for doubt in ContactDraft::from(contact).doubts() {
        let key = if doubt.field == "phone" { "contacts-phone" } else { "contacts-address" };
        let label = say(locale, key, None);
        if let Some(line) = lines.iter_mut().find(|line| line.label == label) {
            line.mark = Some(Mark { label: say(locale, "entry-doubtful", None), tone: "warn", icon: "alert-circle" });
        }
    }
    let held = known.iter().filter_map(|own| Some((own, contact.attributes.get(&own.key)?)));
    lines.extend(held.map(|(own, value)| MasterLine {
        label: own.label(locale).to_owned(),
        lines: vec![own_value(own, value, locale)],
        mark: None,
        under: String::new(),
    }));
    lines
}

fn consent_line(desk: &Desk, history: &[Consent], channel: &str, key: &str) -> ConsentLine {
    let held =
        history.iter().find(|entry| entry.current == 1 && entry.channel == channel && entry.purpose == MARKETING);
    let proof = |entry: &Consent| {
        let source = format!("contact-source-{}", entry.source);
        let source = if kernel::sentence::knows(desk.locale, &source) {
            say(desk.locale, &source, None)
        } else {
            entry.source.clone()
        };
        format!("{source}, {}", desk.locale.day(desk.zone.day(Timestamp(entry.at))))
    };
    ConsentLine {
        channel: channel.to_owned(),
        purpose: MARKETING.to_owned(),
        label: say(desk.locale, key, None),
        granted: held.map(|entry| entry.granted == 1),
        proof: held.map(proof).unwrap_or_default(),
        wording: held.map(|entry| entry.wording.clone()).unwrap_or_default(),
    }
}

async fn orders(desk: &Desk, rows: &Rows, id: ContactId) -> Answer<(Vec<OrderLine>, String)> {
    let mut lines = Vec::new();
    for order in sales::orders_of(rows, id, ORDERS).await? {
        let items = sales::items_of(rows, kernel::OrderId(order.id)).await?;
        let products: Vec<String> = items.into_iter().map(|item| item.product).collect();
        let currency = Currency::parse(&order.currency).unwrap_or_default();
        let day = desk.locale.day(desk.zone.day(Timestamp(order.placed_at)));
        lines.push(OrderLine {
            what: products.join(", "),
            under: format!("{} · {day}", order.number),
            amount: desk.locale.money(order.total_minor, currency),
            cancelled: order.cancelled_at.is_some(),
        });
    }
    let note = sales::bought(rows, &[id]).await?.get(&id).map(|Bought { orders, minor }| {
        let average = desk.locale.money_round(minor / orders.max(&1), Currency::EUR);
        let total = desk.locale.money_round(*minor, Currency::EUR);
        Sentence::new("contact-orders-note")
            .with("n", orders)
            .with("total", total)
            .with("average", average)
            .say(desk.locale)
    });
    Ok((lines, note.unwrap_or_default()))
}

/// How the person deals with our mails; nothing where none was ever sent.
async fn behaviour(desk: &Desk, rows: &Rows, id: ContactId) -> Answer<Option<EmailBehaviour>> {
    let found = evaluation::mail_behaviour(rows, id).await?;
    if found.sent == 0 {
        return Ok(None);
    }
    let locale = desk.locale;
    let bar = |key: &str, rate: Option<f64>, colour: Colour| {
        let rate = rate.unwrap_or_default();
        Bar { label: say(locale, key, None), value: rate, text: locale.percent(rate, 0), colour, ..Bar::default() }
    };
    let bars = vec![
        bar("contact-behaviour-opens", found.open_rate(), Colour::C1),
        bar("contact-behaviour-clicks", found.click_rate(), Colour::C3),
    ];
    let chart = BarsH {
        max: Some(1.0),
        width: Width::wide(320.0),
        label_width: 96.0,
        ..BarsH::new(say(locale, "contact-behaviour", None), bars)
    };
    let last = match found.last_reaction {
        Some(at) => when::ago(at, desk.now(), &desk.zone, locale),
        None => say(locale, "contact-behaviour-never", None),
    };
    let line = |key: &str, value: String| (say(locale, key, None), value);
    Ok(Some(EmailBehaviour {
        chart: if found.delivered > 0 { bars_h(&chart) } else { String::new() },
        figures: vec![
            line("contact-behaviour-sent", locale.count(found.sent)),
            line("contact-behaviour-opened", locale.count(found.opened)),
            line("contact-behaviour-clicked", locale.count(found.clicked)),
            line("contact-behaviour-last", last),
        ],
        note: say(locale, "contact-behaviour-note", None),
    }))
}

/// Writes down what a person allowed or forbade, with what they were told.
pub async fn consent(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    find(&desk, id).await?;
    let wording = kernel::text::one_line(fields.get("wording"));
    if wording.is_empty() || wording.chars().count() > 1_000 {
        return Err(Refusal::field("wording", "required", Sentence::new("contact-consent-wording-missing")).into());
    }
    let now = desk.now();
    let statement = Statement {
        contact: ContactId(id),
        channel: fields.get("channel"),
        purpose: MARKETING,
        granted: fields.get("granted") == "1",
        source: "agent",
        wording: &wording,
        at: now,
    };
    let unit = desk.db.write().await?;
    customers::record_consent(&unit, &desk.actor, &statement, now).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("/kontakte/{id}?da=einwilligung")).into_response())
}

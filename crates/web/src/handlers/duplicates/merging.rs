//! Two contacts side by side: what holds is chosen line by line, and what will move is said before.

use super::{list::shown, toast};
use crate::{
    door::{Answer, Desk, Fields, Trouble},
    pages::{
        Banner, Place, draw,
        merging::{AgreedLine, AllowedLine, ChoiceLine, MergePage, SideCard},
    },
};
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    Refusal,
    customers::{
        Consent, Contact, ContactKind, duplicates,
        merge::{self, Line, Preview, Wish, preview},
    },
    intake::country,
    interactions,
    staff::Right,
};
use jiff::civil::Date;
use kernel::{ContactId, Currency, Sentence, Timestamp, sentence::say};
use std::collections::{BTreeSet, HashMap};
use store::Rows;

/// The page that compares two contacts; the first one stays.
pub fn address(stays: ContactId, goes: ContactId) -> String {
    format!("/kontakte/zusammenfuehren?bleibt={stays}&geht={goes}")
}

/// What was chosen already: names of fields whose value comes from the one that goes. Nothing: what is suggested.
type Chosen = Option<BTreeSet<String>>;

pub async fn show(desk: Desk, Query(asked): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let id = |name: &str| asked.get(name).and_then(|text| text.parse().ok()).ok_or(Trouble::MISSING);
    let (stays, goes) = (id("bleibt")?, id("geht")?);
    let rows = desk.db.read().await?;
    let listed = asked.get("von").is_some_and(|from| from == "liste");
    let page = page(&desk, &rows, stays, goes, None, listed).await?;
    let page = MergePage { frame: page.frame.with_toast(toast(&desk, &asked)), ..page };
    Ok(draw(StatusCode::OK, &page))
}

async fn page(
    desk: &Desk,
    rows: &Rows,
    stays: ContactId,
    goes: ContactId,
    chosen: Chosen,
    listed: bool,
) -> Answer<MergePage> {
    let looked = preview(rows, &desk.actor, stays, goes).await?;
    let candidate = duplicates::candidate(rows, stays, goes).await?;
    let (reasons, against) = candidate.as_ref().map(|pair| duplicates::said(&pair.reasons)).unwrap_or_default();
    let joined = |sentences: &[Sentence]| {
        sentences.iter().map(|sentence| sentence.say(desk.locale)).collect::<Vec<_>>().join(", ")
    };
    let (differing, agreed): (Vec<&Line>, Vec<&Line>) = looked.lines.iter().partition(|line| line.differs());
    let choice = |line: &&Line| {
        let from_merged =
            chosen.as_ref().map_or(line.from_merged, |chosen: &BTreeSet<String>| chosen.contains(line.field.name));
        ChoiceLine {
            name: line.field.name,
            label: say(desk.locale, line.field.label, None),
            stays: spoken(desk, line, &looked.survivor, &line.survivor),
            goes: spoken(desk, line, &looked.merged, &line.merged),
            from_merged,
        }
    };
    let agree = |line: &&Line| AgreedLine {
        label: say(desk.locale, line.field.label, None),
        value: spoken(desk, line, &looked.survivor, &line.survivor),
    };
    Ok(MergePage {
        frame: desk.frame().at(Place::Contacts, say(desk.locale, "merge-title", None)),
        notice: None,
        percent: candidate.map(|pair| desk.locale.percent(shown(pair.probability), 1)).unwrap_or_default(),
        reasons: joined(&reasons),
        against: joined(&against),
        swap: format!("{}{}", address(goes, stays), if listed { "&von=liste" } else { "" }),
        choices: differing.iter().map(choice).collect(),
        agreed: agreed.iter().map(agree).collect(),
        moves: moves(desk, &looked),
        allowed: looked.consents.iter().map(|entry| allowed(desk, entry)).collect(),
        after: Sentence::new("merge-stays-note")
            .with("name", looked.merged.display_name())
            .with("number", &looked.merged.number)
            .say(desk.locale),
        stays: card(desk, rows, &looked.survivor).await?,
        goes: card(desk, rows, &looked.merged).await?,
        listed,
    })
}

async fn card(desk: &Desk, rows: &Rows, contact: &Contact) -> Answer<SideCard> {
    let entries = interactions::count_of(rows, contact.contact_id()).await?;
    let since = desk.locale.day(desk.zone.day(Timestamp(contact.created_at)));
    Ok(SideCard {
        id: contact.id,
        version: contact.version,
        name: contact.display_name(),
        number: contact.number.clone(),
        kind: contact.kind().label().say(desk.locale),
        history: Sentence::new("merge-history-of").with("n", entries).with("since", since).say(desk.locale),
    })
}

/// A value as people read it; codes get their names.
fn spoken(desk: &Desk, line: &Line, contact: &Contact, text: &str) -> String {
    let locale = desk.locale;
    if text.is_empty() {
        return String::new();
    }
    match line.field.name {
        "kind" => ContactKind::of(text).map_or_else(|| text.to_owned(), |kind| kind.label().say(locale)),
        "salutation" => say(locale, &format!("contacts-salutation-{text}"), None),
        "birth_date" => text.parse::<Date>().map_or_else(|_| text.to_owned(), |day| locale.long_day(day)),
        "budget" => {
            let currency = contact.budget_currency.as_deref().and_then(Currency::parse).unwrap_or_default();
            locale.money_round(contact.budget_minor.unwrap_or_default(), currency)
        }
        "address" => match contact.country.as_deref() {
            Some(code) => text
                .strip_suffix(code)
                .map_or_else(|| text.to_owned(), |rest| format!("{rest}{}", country::name(code, locale))),
            None => text.to_owned(),
        },
        _ => text.to_owned(),
    }
}

fn moves(desk: &Desk, looked: &Preview) -> Vec<String> {
    let key = |table: &str| match table {
        "interaction" => "merge-moves-interaction",
        "purchase" => "merge-moves-purchase",
        "consent" => "merge-moves-consent",
        "visitor" => "merge-moves-visitor",
        "identity_edge" => "merge-moves-identity_edge",
        "message" => "merge-moves-message",
        "agenda_item" => "merge-moves-agenda_item",
        "document" => "merge-moves-document",
        "data_confirmation" => "merge-moves-data_confirmation",
        "confirmation_request" => "merge-moves-confirmation_request",
        "consent_request" => "merge-moves-consent_request",
        "privacy_request" => "merge-moves-privacy_request",
        "privacy_package" => "merge-moves-privacy_package",
        _ => "merge-moves-audience",
    };
    let some = looked.moves.iter().filter(|(_, n)| **n > 0);
    some.map(|(table, n)| Sentence::new(key(table)).with("n", n).say(desk.locale)).collect()
}

fn allowed(desk: &Desk, entry: &Consent) -> AllowedLine {
    let key = format!("contact-channel-{}", entry.channel);
    let known = kernel::sentence::knows(desk.locale, &key);
    AllowedLine {
        channel: if known { say(desk.locale, &key, None) } else { entry.channel.clone() },
        granted: entry.granted == 1,
    }
}

/// `POST /kontakte/zusammenfuehren`: `bleibt`, `geht`, their versions, and for each field `f-…` which of the two gives it.
pub async fn merge(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let id = |name: &str| fields.get(name).parse::<ContactId>().map_err(|_| Trouble::MISSING);
    let number = |name: &str| fields.get(name).parse::<i64>().unwrap_or(0);
    let (stays, goes) = (id("bleibt")?, id("geht")?);
    let from_goes = fields.0.iter().filter(|(_, value)| value == "geht");
    let chosen: BTreeSet<String> =
        from_goes.filter_map(|(name, _)| name.strip_prefix("f-").map(str::to_owned)).collect();
    let wish = Wish {
        survivor: stays,
        merged: goes,
        versions: (number("bleibt-version"), number("geht-version")),
        from_merged: chosen.clone(),
        automatic: false,
    };
    let listed = fields.get("von") == "liste";
    let unit = desk.db.write().await?;
    let outcome = merge::merge(&unit, &desk.actor, &wish, desk.now()).await;
    let made = match outcome {
        Ok(made) => made,
        Err(crm::Trouble::Refusal(Refusal::Stale)) => {
            drop(unit);
            let rows = desk.db.read().await?;
            let text = say(desk.locale, "merge-stale", None);
            let page = page(&desk, &rows, stays, goes, Some(chosen), listed).await?;
            let page = MergePage { notice: Some(Banner::warn(text, "")), ..page };
            return Ok(draw(StatusCode::CONFLICT, &page));
        }
        Err(trouble) => return Err(trouble.into()),
    };
    let name = crm::customers::display_names(&unit, &[stays]).await?.remove(&stays).unwrap_or_default();
    unit.save().await?;
    let said = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("da", "zusammengefuehrt")
        .append_pair("fall", &made.to_string())
        .append_pair("wer", &name)
        .finish();
    let next = if listed { "/kontakte/dubletten".to_owned() } else { format!("/kontakte/{stays}") };
    Ok(Redirect::to(&format!("{next}?{said}")).into_response())
}

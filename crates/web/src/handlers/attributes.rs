//! Administration: what the house wants to know of people beyond the master data.

use crate::{
    door::{Answer, Desk, Fields, House, Path, Trouble},
    pages::{
        Banner, Choice, Crumb, Place, Toast,
        attributes::{AttributePage, AttributeRow, AttributesPage},
        draw,
    },
};
use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    Complaint, Refusal,
    customers::{
        self, Attribute, AttributeChoice, AttributeKind,
        attributes::{AttributeDraft, BASES, archive_attribute, change_attribute, create_attribute},
    },
    staff::Right,
};
use kernel::{Currency, Locale, Money, Sentence, sentence::say};
use std::collections::{BTreeMap, HashMap};

pub fn routes() -> Router<House> {
    Router::new()
        .route("/verwaltung/merkmale", get(list))
        .route("/verwaltung/merkmale/neu", get(blank).post(create))
        .route("/verwaltung/merkmale/{key}", get(edit).post(change))
        .route("/verwaltung/merkmale/{key}/archiv", post(archive))
}

/// What was just done, by the key of its words.
const DONE: [&str; 3] = ["attributes-saved", "attributes-was-archived", "attributes-was-restored"];

/// Names of the inputs.
const INPUTS: [&str; 10] =
    ["label_de", "label_en", "key", "kind", "choices", "minimum", "maximum", "purpose", "basis", "retention_days"];

type Typed = BTreeMap<&'static str, String>;

async fn list(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::ManageAttributes)?;
    let locale = desk.locale;
    let toast = query.get("getan").and_then(|done| DONE.into_iter().find(|key| key == done));
    let row = |own: Attribute| AttributeRow {
        label: own.label(locale).to_owned(),
        kind: own.kind.label().say(locale),
        basis: say(locale, &format!("attributes-basis-{}", own.basis), None),
        retention: match own.retention_days {
            Some(days) => Sentence::new("attributes-retention-days").with("n", days).say(locale),
            None => say(locale, "attributes-retention-always", None),
        },
        archived: own.archived,
        key: own.key,
        purpose: own.purpose,
    };
    let page = AttributesPage {
        frame: desk
            .frame()
            .at_place(Place::Attributes)
            .with_toast(toast.map(|key| Toast { text: say(locale, key, None), undo: None })),
        attributes: customers::attributes(&desk.db.read().await?, true).await?.into_iter().map(row).collect(),
    };
    Ok(draw(StatusCode::OK, &page))
}

async fn blank(desk: Desk) -> Answer<Response> {
    desk.actor.must(Right::ManageAttributes)?;
    Ok(page(&desk, None, &Typed::new(), &[], StatusCode::OK))
}

async fn found(desk: &Desk, key: &str) -> Answer<Attribute> {
    customers::attribute(&desk.db.read().await?, key).await?.ok_or(Trouble::MISSING)
}

async fn edit(desk: Desk, Path(key): Path<String>) -> Answer<Response> {
    desk.actor.must(Right::ManageAttributes)?;
    let own = found(&desk, &key).await?;
    let limit = |limit: Option<i64>| limit.map_or_else(String::new, |n| limit_written(own.kind, n, desk.locale));
    let line = |choice: &AttributeChoice| match choice.en.as_str() {
        "" => choice.de.clone(),
        en => format!("{} | {en}", choice.de),
    };
    let typed = Typed::from([
        ("label_de", own.label_de.clone()),
        ("label_en", own.label_en.clone()),
        ("choices", own.choices.iter().map(line).collect::<Vec<_>>().join("\n")),
        ("minimum", limit(own.minimum)),
        ("maximum", limit(own.maximum)),
        ("purpose", own.purpose.clone()),
        ("basis", own.basis.clone()),
        ("retention_days", own.retention_days.map_or_else(String::new, |days| days.to_string())),
    ]);
    Ok(page(&desk, Some(&own), &typed, &[], StatusCode::OK))
}

fn limit_written(kind: AttributeKind, n: i64, locale: Locale) -> String {
    if kind == AttributeKind::Money { locale.money(n, Currency::EUR) } else { n.to_string() }
}

async fn create(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::ManageAttributes)?;
    let typed = typed(&fields);
    let kind = AttributeKind::of(fields.get("kind")).unwrap_or_default();
    match written(&desk, draft(&typed, kind, &[], desk.locale), None).await {
        Err(Trouble::Refusal(Refusal::Invalid(wrong))) => {
            Ok(page(&desk, None, &typed, &wrong, StatusCode::UNPROCESSABLE_ENTITY))
        }
        other => other,
    }
}

async fn change(desk: Desk, Path(key): Path<String>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::ManageAttributes)?;
    let (own, typed) = (found(&desk, &key).await?, typed(&fields));
    match written(&desk, draft(&typed, own.kind, &own.choices, desk.locale), Some(&key)).await {
        Err(Trouble::Refusal(Refusal::Invalid(wrong))) => {
            Ok(page(&desk, Some(&own), &typed, &wrong, StatusCode::UNPROCESSABLE_ENTITY))
        }
        other => other,
    }
}

async fn written(desk: &Desk, draft: Result<AttributeDraft, Refusal>, key: Option<&str>) -> Answer<Response> {
    let (draft, unit) = (draft?, desk.db.write().await?);
    match key {
        Some(key) => change_attribute(&unit, &desk.actor, key, draft, desk.now()).await?,
        None => create_attribute(&unit, &desk.actor, draft, desk.now()).await?,
    };
    unit.save().await?;
    Ok(Redirect::to("/verwaltung/merkmale?getan=attributes-saved").into_response())
}

async fn archive(desk: Desk, Path(key): Path<String>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::ManageAttributes)?;
    let (archived, unit) = (fields.get("archiv") == "1", desk.db.write().await?);
    archive_attribute(&unit, &desk.actor, &key, archived, desk.now()).await?;
    unit.save().await?;
    let done = if archived { DONE[1] } else { DONE[2] };
    Ok(Redirect::to(&format!("/verwaltung/merkmale?getan={done}")).into_response())
}

fn typed(fields: &Fields) -> Typed {
    INPUTS.iter().map(|name| (*name, fields.get(name).to_owned())).collect()
}

/// A value whose name stays keeps its code.
fn draft(
    typed: &Typed,
    kind: AttributeKind,
    before: &[AttributeChoice],
    locale: Locale,
) -> Result<AttributeDraft, Refusal> {
    let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let number = |name: &'static str| {
        let written = text(name).trim().to_owned();
        let money = kind == AttributeKind::Money && name != "retention_days";
        let number = match written.as_str() {
            "" => return Ok(None),
            written if money => {
                let bare = written.trim_end_matches(['€', '\u{a0}', ' ']);
                let decimal = locale.decimal();
                Money::parse(bare, decimal, Currency::EUR).map(|money| money.minor)
            }
            written => written.parse().ok(),
        };
        let refused = || Refusal::field(name, "number", Sentence::new("attributes-bad-number").with("value", &written));
        number.map(Some).ok_or_else(refused)
    };
    let choice = |line: &str| {
        let (de, en) = line.split_once('|').unwrap_or((line, ""));
        let (de, en) = (de.trim().to_owned(), en.trim().to_owned());
        let code = before.iter().find(|known| known.de == de).map(|known| known.code.clone()).unwrap_or_default();
        AttributeChoice { code, de, en }
    };
    Ok(AttributeDraft {
        key: text("key"),
        kind,
        label_de: text("label_de"),
        label_en: text("label_en"),
        choices: text("choices").lines().filter(|line| !line.trim().is_empty()).map(choice).collect(),
        minimum: number("minimum")?,
        maximum: number("maximum")?,
        purpose: text("purpose"),
        basis: text("basis"),
        retention_days: number("retention_days")?,
    })
}

fn page(desk: &Desk, own: Option<&Attribute>, typed: &Typed, wrong: &[Complaint], status: StatusCode) -> Response {
    let locale = desk.locale;
    let at = |name: &str| typed.get(name).map_or("", String::as_str);
    let mut errors = BTreeMap::new();
    for complaint in wrong {
        if let Some(name) = INPUTS.iter().find(|name| **name == complaint.field) {
            errors.entry(*name).or_insert_with(|| complaint.sentence.say(locale));
        }
    }
    let kind = |kind: &AttributeKind| Choice::new(kind.code(), kind.label().say(locale), at("kind") == kind.code());
    let mut bases = vec![Choice::new("", say(locale, "attributes-basis-none", None), at("basis").is_empty())];
    bases
        .extend(BASES.map(|code| {
            Choice::new(code, say(locale, &format!("attributes-basis-{code}"), None), at("basis") == code)
        }));
    let title = own.map_or_else(|| say(locale, "attributes-new", None), |own| own.label(locale).to_owned());
    let mut frame = desk.frame().at_place(Place::Attributes);
    frame.title = title;
    frame.crumbs.push(Crumb { label: frame.title.clone(), href: None });
    let first = errors.values().next().cloned();
    let page = AttributePage {
        frame,
        is_new: own.is_none(),
        action: own
            .map_or_else(|| "/verwaltung/merkmale/neu".to_owned(), |own| format!("/verwaltung/merkmale/{}", own.key)),
        archived: own.is_some_and(|own| own.archived),
        typed: typed.clone(),
        kinds: AttributeKind::ALL.iter().map(kind).collect(),
        bases,
        errors,
        notice: first.map(|wrong| Banner::bad("", wrong)),
    };
    draw(status, &page)
}

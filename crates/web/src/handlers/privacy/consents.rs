//! Purposes, the wordings people are asked with, and asking somebody by mail.

use super::{Asked, done, toast};
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    handlers::contacts,
    pages::{
        Banner, Choice, Place, draw,
        privacy_consents::{ConsentsPage, PurposeRow, WordingRow},
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
    customers::{self, MARKETING},
    privacy::{
        catalogue::Basis,
        opt_in::{self, AskConsent, Purpose},
        overview,
    },
    staff::Right,
};
use kernel::{ContactId, Locale, Timestamp, sentence::say};

const HERE: &str = "/verwaltung/datenschutz/einwilligungen";

pub async fn show(desk: Desk, Query(query): Query<Asked>) -> Answer<Response> {
    let toast = toast(&desk, &query);
    page(&desk, StatusCode::OK, &Fields::default(), None, toast).await
}

async fn page(
    desk: &Desk,
    status: StatusCode,
    typed: &Fields,
    notice: Option<Banner>,
    toast: Option<crate::pages::Toast>,
) -> Answer<Response> {
    desk.actor.must(Right::HandlePrivacy)?;
    let locale = desk.locale;
    let rows = desk.db.read().await?;
    let purposes = opt_in::purposes(&rows).await?;
    let wordings = opt_in::wordings(&rows).await?;
    let shares = overview::consents(&rows, &desk.actor).await?;
    let channel_name = |code: &str| say(locale, &format!("contact-channel-{code}"), None);
    let label = |purpose: &Purpose| match locale {
        Locale::De => purpose.label_de.clone(),
        Locale::En => purpose.label_en.clone(),
    };
    let bars = shares
        .iter()
        .zip([Colour::C1, Colour::C6, Colour::C3, Colour::C2, Colour::C4])
        .map(|((channel, share), colour)| Bar {
            label: channel_name(channel),
            value: *share,
            text: locale.percent(*share, 0),
            colour,
            ..Bar::default()
        })
        .collect();
    let chart = BarsH {
        max: Some(1.0),
        width: Width::wide(320.0),
        label_width: 96.0,
        ..BarsH::new(say(locale, "privacy-consents", None), bars)
    };
    let basis = |code: &str| say(locale, &format!("privacy-basis-{code}"), None);
    let page = ConsentsPage {
        frame: desk
            .frame()
            .at(Place::Privacy, say(locale, "privacy-consents", None))
            .with_address(HERE)
            .with_toast(toast),
        notice,
        chart: bars_h(&chart),
        purposes: purposes
            .iter()
            .map(|one| PurposeRow { code: one.code.clone(), label: label(one), basis: basis(&one.basis) })
            .collect(),
        wordings: wordings
            .iter()
            .map(|one| WordingRow {
                purpose: purposes.iter().find(|purpose| purpose.code == one.purpose).map(label).unwrap_or_default(),
                channel: channel_name(&one.channel),
                version: one.version,
                text: one.text(locale).to_owned(),
                by: one.created_by.clone(),
                at: locale.day(desk.zone.day(Timestamp(one.created_at))),
            })
            .collect(),
        purpose_choices: purposes
            .iter()
            .map(|one| Choice::new(&one.code, label(one), typed.get("purpose") == one.code))
            .collect(),
        channel_choices: customers::CHANNELS
            .iter()
            .map(|code| Choice::new(*code, channel_name(code), typed.get("channel") == *code))
            .collect(),
        bases: Basis::ALL
            .iter()
            .map(|one| Choice::new(one.code(), basis(one.code()), typed.get("basis") == one.code()))
            .collect(),
        text_de: typed.get("text_de").to_owned(),
        text_en: typed.get("text_en").to_owned(),
        code: typed.get("code").to_owned(),
        label_de: typed.get("label_de").to_owned(),
        label_en: typed.get("label_en").to_owned(),
    };
    Ok(draw(status, &page))
}

async fn answered(desk: Desk, fields: Fields, outcome: Result<(), crm::Trouble>) -> Answer<Response> {
    match outcome {
        Ok(()) => Ok(done(HERE, "privacy-saved-now")),
        Err(crm::Trouble::Refusal(refusal @ Refusal::Invalid(_))) => {
            let notice = Banner::bad("", Trouble::Refusal(refusal).sentence().say(desk.locale));
            page(&desk, StatusCode::UNPROCESSABLE_ENTITY, &fields, Some(notice), None).await
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn word(desk: Desk, fields: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    let texts = [fields.get("text_de"), fields.get("text_en")];
    let (purpose, channel) = (fields.get("purpose"), fields.get("channel"));
    let outcome = opt_in::word(&unit, &desk.actor, purpose, channel, texts, desk.now()).await.map(drop);
    if outcome.is_ok() {
        unit.save().await?;
    }
    answered(desk, fields, outcome).await
}

pub async fn add_purpose(desk: Desk, fields: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    let text = |name: &str| fields.get(name).to_owned();
    let new = Purpose {
        code: text("code"),
        label_de: text("label_de"),
        label_en: text("label_en"),
        basis: text("basis"),
        description: text("description"),
    };
    let outcome = opt_in::add_purpose(&unit, &desk.actor, &new, desk.now()).await;
    if outcome.is_ok() {
        unit.save().await?;
    }
    answered(desk, fields, outcome).await
}

/// Asks a person by mail for consent to e-mail marketing.
pub async fn ask(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    contacts::find(&desk, id).await?;
    let unit = desk.db.write().await?;
    opt_in::ask(&unit, &desk.actor, ContactId(id), MARKETING, "email", desk.now()).await?;
    unit.save().await?;
    desk.nudge.wake(AskConsent::NAME);
    Ok(Redirect::to(&format!("/kontakte/{id}?da=angefragt")).into_response())
}

/// The proofs of a person: what was asked and what became of it.
pub async fn proofs(desk: &Desk, rows: &store::Rows, contact: ContactId) -> Answer<Vec<(String, String)>> {
    let locale = desk.locale;
    let moment = |at: i64| locale.moment(Timestamp(at), &desk.zone);
    let told = |proof: opt_in::Proof| {
        let what = kernel::Sentence::new("privacy-proof")
            .with("channel", say(locale, &format!("contact-channel-{}", proof.channel), None))
            .with("version", proof.version)
            .say(locale);
        let mut under = vec![format!("{}, {}", proof.asked_by, moment(proof.asked_at)), proof.address.clone()];
        under.push(say(locale, &format!("privacy-proof-{}", proof.state), None));
        if let Some(at) = proof.confirmed_at {
            under.push(format!("{}, {}", moment(at), proof.confirmed_from.unwrap_or_default()));
        }
        (what, under.join(" · "))
    };
    Ok(opt_in::proofs(rows, contact).await?.into_iter().map(told).collect())
}

//! Data quality: the rules and what they found, exemptions, and telling those who can mend it.

use super::contacts::when;
use crate::{
    door::{Answer, Desk, Fields, House, Path, Trouble},
    pages::{
        Banner, Frame, Place, Toast, draw,
        quality::{FindingRow, QualityPage, QualityRulePage, ReportRow, RuleRow, TouchedRow},
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
    Refusal, customers,
    evaluation::TileMetric,
    quality::{self, Finding, KeepQuality, Report, Standing, Subject, Touched},
    staff::Right,
};
use jiff::ToSpan;
use kernel::{CampaignId, ContactId, Sentence, Timestamp, sentence::say};
use std::collections::HashMap;
use store::Rows;

const HOME: &str = "/verwaltung/datenqualitaet";

pub fn routes() -> Router<House> {
    Router::new()
        .route("/verwaltung/datenqualitaet", get(show))
        .route("/verwaltung/datenqualitaet/pruefen", post(look))
        .route("/verwaltung/datenqualitaet/{rule}", get(findings))
        .route("/verwaltung/datenqualitaet/{rule}/melden", post(tell))
        .route("/verwaltung/datenqualitaet/befund/{id}/ausnahme", post(exempt))
        .route("/verwaltung/datenqualitaet/befund/{id}/zurueck", post(unexempt))
        .route("/verwaltung/datenqualitaet/meldungen/{id}", post(take_on))
}

/// Findings of a page.
const LINES: i64 = 50;
/// Reports that are shown, and days of the course.
const REPORTS: i64 = 20;
const DAYS: i64 = 14;
/// Names in the text of a report.
const EXAMPLES: usize = 5;

/// Whom campaigns can reach is no figure of the overview, but rules touch it.
const REACH: &str = "reach";

/// Figures of the overview, and the reach.
fn figures() -> Vec<&'static str> {
    TileMetric::ALL.iter().map(|metric| metric.code()).chain([REACH]).collect()
}

/// What a figure is called.
fn figure(frame: &Frame, code: &str) -> String {
    match TileMetric::ALL.iter().find(|metric| metric.code() == code) {
        Some(metric) => frame.tell(&metric.label()),
        None => frame.say("quality-figure-reach"),
    }
}

fn word(desk: &Desk, code: &str, part: &str) -> String {
    say(desk.locale, &format!("quality-{code}{part}"), None)
}

async fn show(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let today = desk.zone.day(desk.now());
    let since = today.checked_sub(DAYS.days()).unwrap_or(today).to_string();
    let standings = quality::standings(&rows, &desk.actor, &since).await?;
    let reports = quality::reports(&rows, &desk.actor, REPORTS).await?;
    let open: i64 = standings.iter().map(|standing| standing.open).sum();
    let frame = desk.frame();
    let page = QualityPage {
        notice: None,
        subtitle: match standings.iter().all(|standing| standing.ran_at > 0) {
            true => frame.say_with("quality-subtitle", "n", open),
            false => frame.say("quality-looking"),
        },
        rules: standings.iter().map(|standing| rule_row(&desk, standing, &reports)).collect(),
        touched: touched(&desk, &rows, &figures()).await?,
        reports: reports.into_iter().map(|report| report_row(&desk, report)).collect(),
        mends: desk.actor.may(Right::ManageUsers),
        frame: desk.frame().at_place(Place::Quality).with_toast(toast(&desk, &query)),
    };
    Ok(draw(StatusCode::OK, &page))
}

fn rule_row(desk: &Desk, standing: &Standing, reports: &[Report]) -> RuleRow {
    let locale = desk.locale;
    let share = standing.open as f64 / standing.records.max(1) as f64;
    RuleRow {
        code: standing.rule,
        name: word(desk, standing.rule, ""),
        why: word(desk, standing.rule, "-why"),
        open: locale.count(standing.open),
        any: standing.open > 0,
        looked: standing.ran_at > 0,
        share: match standing.open {
            0 => String::new(),
            _ => Sentence::new("quality-share")
                .with("share", locale.percent(share, 1))
                .with("records", locale.count(standing.records))
                .say(locale),
        },
        exempt: match standing.exempt {
            0 => String::new(),
            n => Sentence::new("quality-exempt-n").with("n", n).say(locale),
        },
        course: standing.course.iter().map(|open| locale.count(*open)).collect::<Vec<_>>().join(" → "),
        ran: match standing.ran_at {
            0 => say(locale, "quality-ran-never", None),
            at => when::ago(Timestamp(at), desk.now(), &desk.zone, locale),
        },
        reported: reports.iter().any(|report| report.rule == standing.rule && report.state != "mended"),
    }
}

fn report_row(desk: &Desk, report: Report) -> ReportRow {
    let moment = |at: i64| desk.locale.moment(Timestamp(at), &desk.zone);
    let mut under = format!("{} → {}, {}", report.reporter, report.assignee, moment(report.created_at));
    if let Some(at) = report.mended_at {
        under += &format!(" – {}", moment(at));
    }
    ReportRow {
        id: report.id,
        rule: word(desk, &report.rule, ""),
        text: report.text,
        under,
        label: say(desk.locale, &format!("quality-state-{}", report.state), None),
        state: report.state,
    }
}

/// The figures among these that open findings touch, with the size; for every page that shows them.
pub async fn touched(desk: &Desk, rows: &Rows, figures: &[&str]) -> Answer<Vec<TouchedRow>> {
    Ok(told(desk, quality::touching(rows, figures).await?))
}

/// The same of the figures of one campaign.
pub async fn touched_campaign(desk: &Desk, rows: &Rows, campaign: CampaignId) -> Answer<Vec<TouchedRow>> {
    const FIGURES: [&str; 4] = ["open_rate", "click_rate", "orders", "revenue"];
    Ok(told(desk, quality::touching_campaign(rows, campaign, &FIGURES).await?))
}

fn told(desk: &Desk, touched: Vec<Touched>) -> Vec<TouchedRow> {
    let frame = desk.frame();
    let mut lines = Vec::new();
    for one in touched {
        for code in &one.figures {
            lines.push(TouchedRow {
                figure: figure(&frame, code),
                rule: word(desk, one.rule, ""),
                code: one.rule,
                size: size(&frame, one.open, one.share),
            });
        }
    }
    lines
}

fn size(frame: &Frame, open: i64, share: f64) -> String {
    let share = frame.locale.percent(share, 1);
    Sentence::new("quality-size").with("n", frame.locale.count(open)).with("share", share).say(frame.locale)
}

fn toast(desk: &Desk, query: &HashMap<String, String>) -> Option<Toast> {
    let (key, undo) = match query.get("da")?.as_str() {
        "pruefen" => ("quality-looking", false),
        "gemeldet" => ("quality-was-reported", false),
        "ausnahme" => ("quality-was-exempted", true),
        "zurueck" => ("quality-was-unexempted", false),
        "uebernommen" => ("quality-was-taken-on", false),
        _ => return None,
    };
    let id = query.get("nr").and_then(|id| id.parse::<i64>().ok()).filter(|_| undo);
    Some(Toast { text: say(desk.locale, key, None), undo: id.map(|id| format!("{HOME}/befund/{id}/zurueck")) })
}

async fn findings(
    desk: Desk,
    Path(code): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Response> {
    page(&desk, &code, &query, StatusCode::OK, None, None).await
}

async fn page(
    desk: &Desk,
    code: &str,
    query: &HashMap<String, String>,
    status: StatusCode,
    notice: Option<Banner>,
    typed: Option<&str>,
) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let exempt = query.get("stand").is_some_and(|state| state == "ausnahmen");
    let after = query.get("nach").and_then(|id| id.parse().ok()).unwrap_or(0);
    let mut found = quality::listed(&rows, &desk.actor, code, exempt, after, LINES + 1).await?;
    let more = found.len() as i64 > LINES;
    found.truncate(LINES as usize);
    let state = if exempt { "stand=ausnahmen&" } else { "" };
    let older = found.last().filter(|_| more).map(|last| format!("{HOME}/{code}?{state}nach={}", last.id));
    let subject = quality::rule(code).map(|rule| rule.subject).ok_or(Trouble::MISSING)?;
    let lines = finding_rows(desk, &rows, subject, &found).await?;
    let reports = quality::reports(&rows, &desk.actor, REPORTS).await?;
    let examples: Vec<String> = found.iter().take(EXAMPLES).map(|one| one.subject_id.to_string()).collect();
    let text = Sentence::new("quality-tell-draft")
        .with("rule", word(desk, code, ""))
        .with("examples", examples.join(", "))
        .say(desk.locale);
    let name = word(desk, code, "");
    let page = QualityRulePage {
        frame: desk.frame().at(Place::Quality, name.clone()).with_toast(toast(desk, query)),
        notice,
        code: code.to_owned(),
        name,
        why: word(desk, code, "-why"),
        advice: word(desk, code, "-do"),
        exempt,
        rows: lines,
        older,
        text: typed.map_or(text, str::to_owned),
        reported: reports.iter().any(|report| report.rule == code && report.state != "mended"),
    };
    Ok(draw(status, &page))
}

/// Names stand there for whoever may see the people; everybody else sees ids.
async fn finding_rows(desk: &Desk, rows: &Rows, subject: Subject, found: &[Finding]) -> Answer<Vec<FindingRow>> {
    let sees_people = desk.actor.may(Right::SeeContacts);
    let contacts: Vec<ContactId> = found.iter().filter_map(|one| one.contact_id).map(ContactId).collect();
    let names = if sees_people { customers::display_names(rows, &contacts).await? } else { HashMap::new() };
    let line = |one: &Finding| {
        let contact = one.contact_id.filter(|_| sees_people);
        let (kind, href) = match (subject, contact) {
            (Subject::Company, _) if sees_people => ("company", format!("/firmen/{}", one.subject_id)),
            (Subject::Import, _) if desk.actor.may(Right::ImportData) => {
                ("import", format!("/import/{}", one.subject_id))
            }
            (_, Some(contact)) => ("contact", format!("/kontakte/{contact}")),
            (Subject::Company, _) => ("company", String::new()),
            (Subject::Import, _) => ("import", String::new()),
            _ => ("contact", String::new()),
        };
        let numbered = Sentence::new("audit-subject-numbered")
            .with("name", say(desk.locale, &format!("quality-subject-{kind}"), None))
            .with("id", one.subject_id)
            .say(desk.locale);
        let by = one.exempt_by.as_ref().zip(one.exempt_reason.as_ref());
        FindingRow {
            id: one.id,
            name: contact.and_then(|id| names.get(&ContactId(id)).cloned()).unwrap_or(numbered),
            href,
            found: when::ago(Timestamp(one.found_at), desk.now(), &desk.zone, desk.locale),
            exempt: by.map(|(by, reason)| format!("{by}: {reason}")).unwrap_or_default(),
        }
    };
    Ok(found.iter().map(line).collect())
}

async fn look(desk: Desk) -> Answer<Response> {
    let unit = desk.db.write().await?;
    quality::wanted(&unit, &desk.actor).await?;
    unit.save().await?;
    desk.nudge.wake(KeepQuality::NAME);
    Ok(Redirect::to(&format!("{HOME}?da=pruefen")).into_response())
}

async fn tell(desk: Desk, Path(code): Path<String>, fields: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    match quality::tell(&unit, &desk.actor, &code, fields.get("text"), desk.now()).await {
        Ok(_) => {
            unit.save().await?;
            Ok(Redirect::to(&format!("{HOME}?da=gemeldet")).into_response())
        }
        Err(crm::Trouble::Refusal(refusal @ Refusal::Invalid(_))) => {
            drop(unit);
            let notice = Banner::bad("", Trouble::Refusal(refusal).sentence().say(desk.locale));
            let typed = Some(fields.get("text"));
            page(&desk, &code, &HashMap::new(), StatusCode::UNPROCESSABLE_ENTITY, Some(notice), typed).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn exempt(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    quality::exempt(&unit, &desk.actor, id, fields.get("reason"), desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("{HOME}?da=ausnahme&nr={id}")).into_response())
}

async fn unexempt(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    quality::unexempt(&unit, &desk.actor, id, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("{HOME}?da=zurueck")).into_response())
}

async fn take_on(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    quality::take_on(&unit, &desk.actor, id, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("{HOME}?da=uebernommen")).into_response())
}

//! Whether the details of a contact still hold: shown beside each, confirmed by staff, asked of the person by mail.

use super::find;
use crate::{
    door::{Answer, Desk, Fields, Path},
    pages::contact::{Mark, MasterLine},
};
use axum::response::{IntoResponse, Redirect, Response};
use crm::{
    customers::Contact,
    privacy::{
        accuracy::{self, Detail, Standing},
        preferences::{self, AskConfirmation},
    },
};
use kernel::{ContactId, Sentence, Timestamp, sentence::say};
use store::Rows;

/// Marks the lines of the master data that people are reached by, and says where they come from.
pub async fn mark(desk: &Desk, rows: &Rows, contact: &Contact, master: &mut [MasterLine]) -> Answer<()> {
    for standing in accuracy::standings(rows, contact, desk.now()).await? {
        let key = match standing.detail {
            Detail::Email => "contacts-email",
            Detail::Phone => "contacts-phone",
            Detail::Address => "contacts-address",
        };
        let label = say(desk.locale, key, None);
        let Some(line) = master.iter_mut().find(|line| line.label == label) else { continue };
        line.under = under(desk, &standing);
        let badge = |key: &str, tone, icon| Mark { label: say(desk.locale, key, None), tone, icon };
        match standing.doubt {
            Some(doubt) => {
                line.mark = Some(badge(&format!("accuracy-{}", doubt.code()), "warn", "alert-circle"));
            }
            None if standing.confirmed_by.is_some() && line.mark.is_none() => {
                line.mark = Some(badge("accuracy-confirmed", "good", "check"));
            }
            None => {}
        }
    }
    Ok(())
}

fn under(desk: &Desk, standing: &Standing) -> String {
    let day = desk.locale.day(desk.zone.day(Timestamp(standing.said_at)));
    let sentence = match (&standing.confirmed_by, &standing.origin) {
        (Some(by), _) if by == "person" => Sentence::new("accuracy-confirmed-by-person"),
        (Some(by), _) => Sentence::new("accuracy-confirmed-by").with("who", by),
        (None, Some(origin)) => {
            let how = say(desk.locale, &format!("history-cause-{}", origin.cause), None);
            let by_staff = matches!(origin.cause.as_str(), "form" | "inline" | "bulk" | "merge" | "undo");
            let key = if by_staff { "accuracy-from-by" } else { "accuracy-from" };
            Sentence::new(key).with("who", &origin.actor_name).with("how", how)
        }
        (None, None) => Sentence::new("accuracy-since"),
    };
    sentence.with("day", day).say(desk.locale)
}

/// Somebody of the staff asked, and everything is right.
pub async fn confirm(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    find(&desk, id).await?;
    let unit = desk.db.write().await?;
    accuracy::confirm(&unit, &desk.actor, ContactId(id), &Detail::ALL, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("/kontakte/{id}?da=bestaetigt")).into_response())
}

/// Sends the person the link to their data.
pub async fn ask(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    find(&desk, id).await?;
    let unit = desk.db.write().await?;
    preferences::ask(&unit, &desk.actor, ContactId(id), desk.now()).await?;
    unit.save().await?;
    desk.nudge.wake(AskConfirmation::NAME);
    Ok(Redirect::to(&format!("/kontakte/{id}?da=gefragt")).into_response())
}

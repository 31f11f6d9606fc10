//! Who is told of what was found: those who may know and want to.

use super::super::targets::Standing;
use crate::{
    mining::{Alert, Subject},
    planning::Campaign,
    selection,
    staff::{
        notifications::{News, Topic, tell},
        users::User,
    },
};
use kernel::{CampaignId, Fault, SegmentId, Sentence, Timestamp, Unit, Zone};
use store::{Rows, Write};

/// Alerts told of in one night, the surest first; the list of changes shows all.
const MOST: usize = 20;

/// The topic of a subject.
pub fn topic(subject: Subject) -> Topic {
    match subject {
        Subject::Contact => Topic::Person,
        Subject::Segment => Topic::Segment,
        Subject::Channel => Topic::Channel,
        Subject::Campaign => Topic::Campaign,
        Subject::Metric => Topic::Metric,
    }
}

pub async fn changes(unit: &Write, staff: &[User], alerts: &[Alert], now: Timestamp) -> Result<(), Fault> {
    let mut surest: Vec<&Alert> = alerts.iter().collect();
    surest.sort_by(|a, b| a.q.total_cmp(&b.q).then(a.p.total_cmp(&b.p)));
    for alert in surest.into_iter().take(MOST) {
        for user in staff {
            let name = name(unit, alert, user).await?;
            let mut what = alert.sentence(&name, user.locale);
            if alert.subject == Subject::Contact {
                // The name is looked up when it is read: nobody's name is kept here when the person is gone.
                what = what.with("contact", &alert.key);
            }
            let (source, link) = (format!("alert:{}", alert.id), format!("/veraenderungen/{}", alert.id));
            let news = News {
                source: &source,
                topic: topic(alert.subject),
                about: &alert.key,
                strength: alert.strength(),
                what,
                link: &link,
            };
            tell(unit, user, &news, now).await?;
        }
    }
    Ok(())
}

/// What a subject is called; a person has no name here.
async fn name(rows: &Rows, alert: &Alert, user: &User) -> Result<String, Fault> {
    let id = alert.key.parse().unwrap_or(0);
    Ok(match alert.subject {
        Subject::Contact => String::new(),
        Subject::Segment => selection::find(rows, SegmentId(id)).await?.map(|s| s.name).unwrap_or_default(),
        Subject::Campaign => Campaign::find(rows, CampaignId(id)).await?.map(|c| c.plan.name).unwrap_or_default(),
        Subject::Channel | Subject::Metric => label(alert).map(|s| s.say(user.locale)).unwrap_or_default(),
    })
}

/// The name of a channel or metric.
pub fn label(alert: &Alert) -> Option<Sentence> {
    match alert.subject {
        Subject::Channel => crate::interactions::Channel::parse(&alert.key).map(|channel| channel.label()),
        Subject::Metric => super::super::TileMetric::parse(&alert.key).map(|metric| metric.label()),
        _ => None,
    }
}

/// Targets that were missed when their period ended, and those that will be if it goes on like this.
pub async fn targets(
    unit: &Write,
    staff: &[User],
    ended: &[Standing],
    running: &[Standing],
    zone: &Zone,
    now: Timestamp,
) -> Result<(), Fault> {
    let missed = ended.iter().filter(|s| s.value.is_some() && !s.is_reached()).map(|s| (s, "missed"));
    let off = running.iter().filter(|s| s.is_off_track()).map(|s| (s, "track"));
    for (standing, state) in missed.chain(off) {
        // Rolling targets have no end: they are told of once a month.
        let begin = zone.day(standing.period.from);
        let begin = match standing.target.days {
            Some(_) => begin.first_of_month(),
            None => begin,
        };
        let source = format!("target:{}:{state}:{begin}", standing.target.id);
        for user in staff {
            let figure = |value: f64| match standing.unit {
                Unit::Share => user.locale.percent(value, 1),
                Unit::Money(currency) => user.locale.money_round(value.round() as i64, currency),
                Unit::Number => user.locale.number(value, 1),
                _ => user.locale.count(value.round() as i64),
            };
            let key = if state == "missed" { "alert-target-missed" } else { "alert-target-track" };
            let what = Sentence::new(key)
                .with("name", standing.target.metric.label().say(user.locale))
                .with("goal", figure(standing.target.value))
                .with("value", figure(standing.value.unwrap_or(0.0)));
            let news = News { source: &source, topic: Topic::Target, about: "", strength: 0, what, link: "/ziele" };
            tell(unit, user, &news, now).await?;
        }
    }
    Ok(())
}

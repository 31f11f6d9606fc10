//! What people should look at: the notification centre, what each of them wants to be told, and which of it is unread.

use super::{Right, users::User};
use kernel::{Fault, Sentence, Timestamp, UserId};
use std::collections::BTreeSet;
use store::{FromQueryResult, Rows, Write, values};

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// One person's behaviour.
    Person,
    Segment,
    Channel,
    Campaign,
    Metric,
    Target,
    /// Something on their own agenda.
    Agenda,
    /// Data that is wrong, for those who mend it and those who told them.
    Quality,
}

impl Topic {
    /// Those one can choose among.
    pub const ALL: [Topic; 6] =
        [Self::Person, Self::Segment, Self::Channel, Self::Campaign, Self::Metric, Self::Target];

    /// Those nobody can wish away.
    const ALWAYS: [Topic; 2] = [Self::Agenda, Self::Quality];

    /// Stable name in storage and words (`notification-topic-…`).
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Segment => "segment",
            Self::Channel => "channel",
            Self::Campaign => "campaign",
            Self::Metric => "metric",
            Self::Target => "target",
            Self::Agenda => "agenda",
            Self::Quality => "quality",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().chain(Self::ALWAYS).find(|topic| topic.code() == code)
    }

    /// The right without which nobody is told of it.
    pub fn right(self) -> Right {
        match self {
            Self::Person | Self::Agenda => Right::SeeContacts,
            Self::Quality => Right::SeeQuality,
            Self::Segment => Right::SeeSegments,
            Self::Campaign => Right::SeeCampaigns,
            Self::Channel | Self::Metric | Self::Target => Right::SeeDashboard,
        }
    }
}

/// What somebody wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub topics: BTreeSet<Topic>,
    /// Least change, in percent of what was expected.
    pub strength: i64,
    /// Only these segments; empty: all.
    pub segments: BTreeSet<i64>,
    /// Only these channels, by their codes; empty: all.
    pub channels: BTreeSet<String>,
    /// Whether a mail sums up the day.
    pub mail: bool,
}

impl Default for Wish {
    fn default() -> Self {
        let (segments, channels) = (BTreeSet::new(), BTreeSet::new());
        Self { topics: Topic::ALL.into(), strength: 50, segments, channels, mail: true }
    }
}

impl Wish {
    /// Whether something is told: `about` is the id of a segment or the code of a channel.
    pub fn wants(&self, topic: Topic, about: &str, strength: i64) -> bool {
        let chosen = match topic {
            Topic::Segment => self.segments.is_empty() || about.parse().is_ok_and(|id| self.segments.contains(&id)),
            Topic::Channel => self.channels.is_empty() || self.channels.contains(about),
            _ => true,
        };
        Topic::ALWAYS.contains(&topic)
            || self.topics.contains(&topic) && chosen && (topic == Topic::Target || strength >= self.strength)
    }
}

#[derive(FromQueryResult)]
struct WishRow {
    kinds: String,
    strength: i64,
    only_segments: String,
    only_channels: String,
    mail: i64,
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// What somebody wants; the usual where they never said.
pub async fn wish(rows: &Rows, user: UserId) -> Result<Wish, Fault> {
    const SQL: &str = "SELECT kinds, strength, only_segments, only_channels, CAST(mail AS BIGINT) AS mail \
         FROM notification_wish WHERE user_id = $1";
    let row: Option<WishRow> = rows.one(SQL, values![user.0]).await?;
    Ok(row.map_or_else(Wish::default, |row| Wish {
        topics: parts(&row.kinds).filter_map(Topic::parse).collect(),
        strength: row.strength,
        segments: parts(&row.only_segments).filter_map(|id| id.parse().ok()).collect(),
        channels: parts(&row.only_channels).map(str::to_owned).collect(),
        mail: row.mail == 1,
    }))
}

/// Keeps what somebody wants; their own choice, so it needs no right.
pub async fn set_wish(unit: &Write, user: UserId, wish: &Wish) -> Result<(), Fault> {
    const SQL: &str = "INSERT INTO notification_wish (user_id, kinds, strength, only_segments, only_channels, mail) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id) DO UPDATE SET kinds = excluded.kinds, \
         strength = excluded.strength, only_segments = excluded.only_segments, only_channels = excluded.only_channels, \
         mail = excluded.mail";
    let topics: Vec<&str> = wish.topics.iter().map(|topic| topic.code()).collect();
    let segments: Vec<String> = wish.segments.iter().map(i64::to_string).collect();
    let channels: Vec<&str> = wish.channels.iter().map(String::as_str).collect();
    let values = values![
        user.0,
        topics.join(","),
        wish.strength.clamp(0, 10_000),
        segments.join(","),
        channels.join(","),
        i16::from(wish.mail)
    ];
    unit.run(SQL, values).await?;
    Ok(())
}

/// Something to tell.
#[derive(Clone, Debug)]
pub struct News<'a> {
    /// What it is about, so that it is told once: `alert:17`.
    pub source: &'a str,
    pub topic: Topic,
    /// The id of a segment or the code of a channel, where the wish depends on it.
    pub about: &'a str,
    /// Change in percent of what was expected.
    pub strength: i64,
    pub what: Sentence,
    /// A path of this house.
    pub link: &'a str,
}

/// Tells a person who may know and wants to; once, whatever happens in between.
pub async fn tell(unit: &Write, user: &User, news: &News<'_>, now: Timestamp) -> Result<bool, Fault> {
    if !user.active || !user.actor("").may(news.topic.right()) {
        return Ok(false);
    }
    if !wish(unit, user.id).await?.wants(news.topic, news.about, news.strength) {
        return Ok(false);
    }
    const SQL: &str = "INSERT INTO notification (user_id, source, kind, what, link, at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT DO NOTHING";
    let what = serde_json::to_string(&news.what).unwrap_or_default();
    let values = values![user.id.0, news.source, news.topic.code(), what, news.link, now.0];
    Ok(unit.run(SQL, values).await? > 0)
}

/// A notification as the centre shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Notification {
    pub id: i64,
    pub topic: Topic,
    pub what: Sentence,
    pub link: String,
    pub at: Timestamp,
    pub read: bool,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    kind: String,
    what: String,
    link: String,
    at: i64,
    read_at: Option<i64>,
}

impl Row {
    /// What can no longer be read is not shown.
    fn read(self) -> Option<Notification> {
        Some(Notification {
            id: self.id,
            topic: Topic::parse(&self.kind)?,
            what: serde_json::from_str(&self.what).ok()?,
            link: self.link,
            at: Timestamp(self.at),
            read: self.read_at.is_some(),
        })
    }
}

/// Somebody's notifications, newest first, from behind one; served by `notification_user`.
pub async fn list(rows: &Rows, user: UserId, before: Option<i64>, limit: i64) -> Result<Vec<Notification>, Fault> {
    const SQL: &str = "SELECT id, kind, what, link, at, read_at FROM notification WHERE user_id = $1 AND id < $2 \
         ORDER BY id DESC LIMIT $3";
    let found: Vec<Row> = rows.all(SQL, values![user.0, before.unwrap_or(i64::MAX), limit]).await?;
    Ok(found.into_iter().filter_map(Row::read).collect())
}

/// The unread ones that came after a time, oldest first.
pub async fn unread_since(rows: &Rows, user: UserId, since: Timestamp, limit: i64) -> Result<Vec<Notification>, Fault> {
    const SQL: &str = "SELECT id, kind, what, link, at, read_at FROM notification WHERE user_id = $1 \
         AND read_at IS NULL AND at > $2 ORDER BY id LIMIT $3";
    let found: Vec<Row> = rows.all(SQL, values![user.0, since.0, limit]).await?;
    Ok(found.into_iter().filter_map(Row::read).collect())
}

/// How many wait for somebody; served by `notification_unread`.
pub async fn unread(rows: &Rows, user: UserId) -> Result<i64, Fault> {
    const SQL: &str = "SELECT COUNT(*) FROM notification WHERE user_id = $1 AND read_at IS NULL";
    rows.number(SQL, values![user.0]).await
}

/// Marks one as read, or all of them; answers where the one leads.
pub async fn mark_read(unit: &Write, user: UserId, id: Option<i64>, now: Timestamp) -> Result<Option<String>, Fault> {
    const ALL: &str = "UPDATE notification SET read_at = $1 WHERE user_id = $2 AND read_at IS NULL";
    const ONE: &str = "UPDATE notification SET read_at = $1 WHERE user_id = $2 AND id = $3 AND read_at IS NULL";
    #[derive(FromQueryResult)]
    struct Link {
        link: String,
    }
    match id {
        None => {
            unit.run(ALL, values![now.0, user.0]).await?;
            Ok(None)
        }
        Some(id) => {
            unit.run(ONE, values![now.0, user.0, id]).await?;
            const LINK: &str = "SELECT link FROM notification WHERE user_id = $1 AND id = $2";
            let link: Option<Link> = unit.one(LINK, values![user.0, id]).await?;
            Ok(link.map(|row| row.link))
        }
    }
}

/// Takes the right to mail somebody today: `true` once for each day and person, also across a crash. Whoever switched the
/// mail off is never mailed.
pub async fn claim_digest(unit: &Write, user: UserId, day: &str, now: Timestamp) -> Result<bool, Fault> {
    if !wish(unit, user).await?.mail {
        return Ok(false);
    }
    const SQL: &str = "INSERT INTO notification_digest (user_id, day, state, at) VALUES ($1, $2, 'sending', $3) \
         ON CONFLICT DO NOTHING";
    Ok(unit.run(SQL, values![user.0, day, now.0]).await? > 0)
}

/// Notes what became of it.
pub async fn note_digest(unit: &Write, user: UserId, day: &str, sent: bool) -> Result<(), Fault> {
    let state = if sent { "sent" } else { "failed" };
    const SQL: &str = "UPDATE notification_digest SET state = $1 WHERE user_id = $2 AND day = $3";
    unit.run(SQL, values![state, user.0, day]).await?;
    Ok(())
}

/// When somebody was mailed last.
pub async fn last_digest(rows: &Rows, user: UserId) -> Result<Timestamp, Fault> {
    const SQL: &str = "SELECT MAX(at) FROM notification_digest WHERE user_id = $1";
    Ok(Timestamp(rows.number(SQL, values![user.0]).await?))
}

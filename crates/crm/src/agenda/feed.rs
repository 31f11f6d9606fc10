//! The link under which a calendar program reads somebody's agenda: sealed, without a login, and closed by renewing it.

use super::item::{AgendaItem, Whose, open, recently_done};
use crate::{
    Refusal, Trouble,
    staff::{Actor, Right, audit, users},
};
use kernel::{Fault, Seal, Timestamp, UserId, time::DAY};
use store::{Rows, Write, values};

/// Purpose of the seal.
const SEAL: &str = "calendar";
/// How long what was done stays in the calendar.
const PAST: i64 = 90 * DAY;

async fn generation(rows: &Rows, user: UserId) -> Result<Option<i64>, Fault> {
    let found = rows.numbers("SELECT generation FROM calendar_feed WHERE user_id = $1", values![user.0]).await?;
    Ok(found.first().copied().filter(|generation| *generation > 0))
}

/// The token of somebody's link; nothing where they have none.
pub async fn feed_of(rows: &Rows, seal: &Seal, actor: &Actor) -> Result<Option<String>, Fault> {
    let Some(user) = actor.user() else { return Ok(None) };
    let generation = generation(rows, user).await?;
    Ok(generation.map(|generation| seal.close_ids(SEAL, &[user.0, generation])))
}

/// Makes a link, another one where there was one: that one opens nothing any more.
pub async fn renew_feed(unit: &Write, actor: &Actor, now: Timestamp) -> Result<(), Trouble> {
    actor.must(Right::SeeContacts)?;
    let user = actor.user().ok_or(Refusal::Missing)?;
    const SQL: &str = "INSERT INTO calendar_feed (user_id, generation, created_at) VALUES ($1, 1, $2) \
         ON CONFLICT (user_id) DO UPDATE SET generation = ABS(calendar_feed.generation) + 1, created_at = excluded.created_at";
    unit.run(SQL, values![user.0, now.0]).await?;
    audit::note(unit, actor, now, audit::Deed::new("agenda.feed_made", "user", user.0)).await?;
    Ok(())
}

/// Closes the link.
pub async fn close_feed(unit: &Write, actor: &Actor, now: Timestamp) -> Result<(), Trouble> {
    let user = actor.user().ok_or(Refusal::Missing)?;
    // A negative generation remembers which links there were, so that none of them opens again.
    const SQL: &str = "UPDATE calendar_feed SET generation = -generation WHERE user_id = $1 AND generation > 0";
    if unit.run(SQL, values![user.0]).await? > 0 {
        audit::note(unit, actor, now, audit::Deed::new("agenda.feed_closed", "user", user.0)).await?;
    }
    Ok(())
}

/// What stands behind a link.
#[derive(Clone, Debug)]
pub struct Feed {
    pub name: String,
    pub locale: kernel::Locale,
    pub items: Vec<AgendaItem>,
}

/// The entries behind a link; nothing for a wrong or closed one, and for whoever has no account any more.
pub async fn feed(rows: &Rows, seal: &Seal, token: &str, now: Timestamp) -> Result<Option<Feed>, Trouble> {
    let Some([user, made]) = seal.open_ids::<2>(SEAL, token) else { return Ok(None) };
    let user = UserId(user);
    if generation(rows, user).await? != Some(made) {
        return Ok(None);
    }
    let Some(user) = users::find(rows, user).await?.filter(|user| user.active) else { return Ok(None) };
    let actor = user.actor("");
    if !actor.may(Right::SeeContacts) {
        return Ok(None);
    }
    let mut items = open(rows, &actor, Whose::Of(user.id)).await?;
    items.extend(recently_done(rows, &actor, Whose::Of(user.id), now.plus(-PAST)).await?);
    Ok(Some(Feed { name: user.name, locale: user.locale, items }))
}

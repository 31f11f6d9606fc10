//! The mail that sums up the day: once for each person and day, never to anybody who does not want it.
//!
//! That somebody is mailed is written down before the mail is handed over. A process that dies in between leaves a day
//! without a mail, never one with two.

use crate::{
    customers,
    staff::{
        notifications::{Notification, claim_digest, last_digest, note_digest, unread_since},
        users::{self, User},
    },
};
use kernel::{
    ContactId, EmailAddress, Fault, Locale, MessageId, Sentence, Timestamp, Zone,
    mail::{Courier, Handover, OutgoingMail, RenderedMail},
    seal::fingerprint,
    sentence::say,
    text::escaped,
    time::DAY,
};
use std::{collections::BTreeMap, sync::Arc};
use store::{Db, Rows};

/// Lines of a mail; the centre shows the rest.
const LINES: i64 = 20;

/// How the house writes to the people who work in it.
#[derive(Clone)]
pub struct Post {
    pub courier: Arc<dyn Courier>,
    pub from_name: String,
    pub from: EmailAddress,
    /// Where the house is reached, without a slash at the end.
    pub base_url: String,
}

impl Post {
    /// Hands one mail over; whether it was taken.
    pub async fn deliver(&self, mail: OutgoingMail) -> bool {
        match self.courier.compose(vec![mail]).await.pop() {
            Some(Ok(composed)) => {
                let answer = self.courier.hand_over(vec![composed]).await.pop();
                matches!(answer, Some((_, Handover::Accepted { .. })))
            }
            _ => false,
        }
    }
}

/// Mails everybody who has unread notifications since their last mail and was not mailed today.
pub async fn send(db: &Db, post: &Post, now: Timestamp, zone: &Zone) -> Result<usize, Fault> {
    let day = zone.day(now).to_string();
    let staff = users::list(&db.read().await?).await?;
    let mut sent = 0;
    for user in staff.iter().filter(|user| user.active) {
        let Some(address) = EmailAddress::parse(&user.login) else { continue };
        let unit = db.write().await?;
        let since = last_digest(&unit, user.id).await?.max(now.plus(-7 * DAY));
        let news = unread_since(&unit, user.id, since, LINES).await?;
        if news.is_empty() || !claim_digest(&unit, user.id, &day, now).await? {
            continue;
        }
        let lines = lines(&unit, &news, user.locale).await?;
        unit.save().await?;
        let mail = letter(post, user, address, &lines, &day);
        let accepted = post.deliver(mail).await;
        if !accepted {
            tracing::warn!(user = user.id.0, "The daily mail was not accepted; the notifications stay in the centre");
        }
        let unit = db.write().await?;
        note_digest(&unit, user.id, &day, accepted).await?;
        unit.save().await?;
        sent += usize::from(accepted);
    }
    Ok(sent)
}

/// What each says and where it leads; people's names are looked up now.
async fn lines(rows: &Rows, news: &[Notification], locale: Locale) -> Result<Vec<(String, String)>, Fault> {
    let mut lines = Vec::new();
    for one in news {
        lines.push((named(rows, one).await?.say(locale), one.link.clone()));
    }
    Ok(lines)
}

/// The sentence of a notification with the person's name in it, as far as they are still known.
async fn named(rows: &Rows, news: &Notification) -> Result<Sentence, Fault> {
    let Some(contact) = news.what.args.get("contact").and_then(|id| id.parse().ok()).map(ContactId) else {
        return Ok(news.what.clone());
    };
    let names = customers::display_names(rows, &[contact]).await?;
    Ok(news.what.clone().with("name", names.get(&contact).map_or("–", String::as_str)))
}

fn letter(post: &Post, user: &User, to: EmailAddress, lines: &[(String, String)], day: &str) -> OutgoingMail {
    let locale = user.locale;
    let tell = |key: &'static str| say(locale, key, None);
    let subject = Sentence::new("alert-digest-subject").with("n", lines.len()).say(locale);
    let mut text = format!("{}\n\n", tell("alert-digest-lead"));
    let mut html = format!(
        "<!doctype html><html lang=\"{}\"><body><p>{}</p><ul>",
        locale.code(),
        escaped(&tell("alert-digest-lead"))
    );
    for (line, link) in lines {
        let link = format!("{}{link}", post.base_url);
        text += &format!("* {line}\n  {link}\n");
        html += &format!("<li><a href=\"{}\">{}</a></li>", escaped(&link), escaped(line));
    }
    let off = format!("{}/benachrichtigungen/einstellungen", post.base_url);
    text += &format!("\n{}\n{off}\n", tell("alert-digest-off"));
    html +=
        &format!("</ul><p><a href=\"{}\">{}</a></p></body></html>", escaped(&off), escaped(&tell("alert-digest-off")));
    // RFC 3834, section 5: nobody's out-of-office note answers this mail.
    let headers = BTreeMap::from([
        ("Auto-Submitted".to_owned(), "auto-generated".to_owned()),
        ("X-Auto-Response-Suppress".to_owned(), "All".to_owned()),
    ]);
    let mark = &fingerprint(&format!("digest {} {day} {}", user.id, post.base_url))[..16];
    OutgoingMail {
        message: MessageId(0),
        return_path: post.from.to_string(),
        from_name: post.from_name.clone(),
        from: post.from.clone(),
        reply_to: None,
        to_name: user.name.clone(),
        to,
        message_id: format!("digest.{day}.{mark}@{}", post.from.domain()),
        content: RenderedMail { subject, html, text },
        headers,
    }
}

//! The page that says what is in the way: no right, not found, broken. It needs neither the database nor a session.

use super::{House, Seat, Trouble};
use crm::{
    Refusal,
    staff::{Right, users},
};
use kernel::{Locale, Sentence, sentence::say};

/// A title, a sentence, and where to go from here.
pub struct Notice {
    locale: Locale,
    title: String,
    sentence: String,
    points: Vec<String>,
    /// Where the link below leads, and its text.
    link: (&'static str, String),
}

impl Notice {
    pub async fn of(house: &House, seat: &Seat, trouble: &Trouble) -> Self {
        let locale = seat.locale;
        let title = say(locale, title(trouble), None);
        let home = ("/", say(locale, "door-back-home", None));
        let mut notice = Self { locale, title, sentence: trouble.sentence().say(locale), points: vec![], link: home };
        match trouble {
            Trouble::Refusal(Refusal::Right(right)) => notice.explain_right(house, *right).await,
            Trouble::Refusal(Refusal::Invalid(complaints)) if complaints.len() > 1 => {
                notice.points = complaints.iter().map(|c| c.sentence.say(locale)).collect();
            }
            Trouble::Forged => notice.link.1 = say(locale, "door-start-again", None),
            _ => {}
        }
        notice
    }

    /// Which right is missing, which roles bring it, who can give it.
    async fn explain_right(&mut self, house: &House, right: Right) {
        let locale = self.locale;
        let name = say(locale, &format!("right-{}", right.code()), None);
        let roles: Vec<String> = right.roles().map(|r| say(locale, &format!("role-{}", r.code()), None)).collect();
        let askable = match house.db.read().await {
            Ok(rows) => users::administrators(&rows).await.unwrap_or_default(),
            Err(_) => Vec::new(),
        };
        let names: Vec<String> = askable.into_iter().map(|user| user.name).collect();
        self.sentence = Sentence::new("door-right-named").with("right", name).say(locale);
        self.points.push(Sentence::new("door-right-roles").with("roles", roles.join(", ")).say(locale));
        if !names.is_empty() {
            self.points.push(Sentence::new("door-right-ask").with("people", names.join(", ")).say(locale));
        }
    }

    pub fn html(&self) -> String {
        let points: String = self.points.iter().map(|point| format!("<li>{}</li>", escape(point))).collect();
        let points = if points.is_empty() { points } else { format!("<ul>{points}</ul>") };
        format!(
            "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{} · Kundenkreis</title>\
             <meta name=\"color-scheme\" content=\"light dark\"></head>\
             <body><main id=\"inhalt\"><h1>{}</h1><p>{}</p>{points}<p><a href=\"{}\">{}</a></p></main></body></html>",
            self.locale.code(),
            escape(&self.title),
            escape(&self.title),
            escape(&self.sentence),
            self.link.0,
            escape(&self.link.1),
        )
    }
}

pub fn title(trouble: &Trouble) -> &'static str {
    match trouble.status().as_u16() {
        403 => "door-title-forbidden",
        404 | 405 => "door-title-missing",
        409 => "door-title-conflict",
        400 | 413 | 415 | 422 => "door-title-invalid",
        429 => "door-title-patience",
        503 | 507 => "door-title-busy",
        _ => "door-title-fault",
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

//! Pages before and around being signed in: login, a password of one's own, and the pages that say why something stopped.

use super::{Banner, Frame};
use askama::Template;

/// `GET /anmelden`; the form posts `email`, `passwort`, `weiter` to `/anmelden`.
#[derive(Template)]
#[template(path = "login.html")]
pub struct LoginPage {
    pub frame: Frame,
    /// The address typed before, after a refused login.
    pub email: String,
    /// Local path to go to afterwards, or empty.
    pub next: String,
    /// Why the last try was refused, or that one has signed out.
    pub notice: Option<Banner>,
}

/// The page behind a one-time link; the form posts `name` (when asked), `passwort`, `wiederholung` to `action`.
#[derive(Template)]
#[template(path = "password_set.html")]
pub struct SetPasswordPage {
    pub frame: Frame,
    /// Address of this link, e.g. `/passwort/einmal/<token>`.
    pub action: String,
    pub email: String,
    /// The first administrator also says their name.
    pub asks_name: bool,
    pub name: String,
    /// Why the new password is refused, or empty.
    pub error: String,
    pub notice: Option<Banner>,
}

/// A one-time link that was used, is too old or never was.
#[derive(Template)]
#[template(path = "password_gone.html")]
pub struct LinkGonePage {
    pub frame: Frame,
}

/// `GET /passwort`; the form posts `bisher`, `passwort`, `wiederholung` to `/passwort`.
#[derive(Template)]
#[template(path = "password_change.html")]
pub struct ChangePasswordPage {
    pub frame: Frame,
    pub error_old: String,
    pub error_new: String,
}

/// Someone who can grant a right.
pub struct Granter {
    pub name: String,
    pub email: String,
}

/// 403: names the missing right, the roles that bring it and whom to ask.
#[derive(Template)]
#[template(path = "forbidden.html")]
pub struct ForbiddenPage {
    pub frame: Frame,
    /// The right in words.
    pub right: String,
    /// Its code, for whoever grants it.
    pub right_code: String,
    /// Labels of the roles that bring the right.
    pub roles: Vec<String>,
    pub administrators: Vec<Granter>,
}

/// Any status but 403 that stops a person: what happened, why, and what helps.
#[derive(Template)]
#[template(path = "stopped.html")]
pub struct StoppedPage {
    pub frame: Frame,
    /// The HTTP status.
    pub number: u16,
    pub head: String,
    pub text: String,
    /// Single reasons, when there are several.
    pub points: Vec<String>,
    /// What to name when asking for help, or empty.
    pub reference: String,
}

impl StoppedPage {
    pub fn not_found(frame: Frame) -> Self {
        Self::of(frame, 404, "stopped-not-found", "stopped-not-found-text", String::new())
    }

    pub fn fault(frame: Frame, reference: impl Into<String>) -> Self {
        Self::of(frame, 500, "stopped-fault", "stopped-fault-text", reference.into())
    }

    pub fn busy(frame: Frame) -> Self {
        Self::of(frame, 503, "stopped-busy", "stopped-busy-text", String::new())
    }

    fn of(frame: Frame, number: u16, head: &'static str, text: &'static str, reference: String) -> Self {
        let (head, text) = (frame.say(head), frame.say(text));
        Self { frame: frame.titled(head.clone()), number, head, text, points: Vec::new(), reference }
    }
}

//! Administration: who works here and may do what, which programs may come in, and who did what.

use super::{Banner, Choice, Frame, Place};
use askama::Template;

/// One person of the list.
pub struct UserRow {
    pub id: i64,
    pub name: String,
    pub login: String,
    /// Labels of the roles.
    pub roles: Vec<String>,
    /// The same as boxes to tick, for the form.
    pub choices: Vec<Choice>,
    /// „vor 4 Min“, „nie“.
    pub last: String,
    pub active: bool,
    /// Invited, and the link not used yet.
    pub invited: bool,
    /// The reader, who may not lock themselves out.
    pub is_self: bool,
}

/// A one-time link, shown this once.
pub struct FreshLink {
    pub name: String,
    pub url: String,
    /// „24.11.2026, 09:42“.
    pub until: String,
}

/// Which role brings a right, in the order of `roles`.
pub struct RightRow {
    pub label: String,
    pub given: Vec<bool>,
}

/// `GET /verwaltung/benutzer`. Forms: `POST /verwaltung/benutzer` (`name`, `login`, `rolle`…), and under
/// `/verwaltung/benutzer/{id}/`: `aendern` (`name`, `rolle`…), `aktiv` (`aktiv` = 1 or 0), `link`.
#[derive(Template)]
#[template(path = "users.html")]
pub struct UsersPage {
    pub frame: Frame,
    pub users: Vec<UserRow>,
    /// „6 Benutzer, 5 Rollen“.
    pub subtitle: String,
    pub fresh_link: Option<FreshLink>,
    pub notice: Option<Banner>,
    /// What stood in the form for a new person when it was refused.
    pub new_name: String,
    pub new_login: String,
    pub new_roles: Vec<Choice>,
    pub new_error: String,
    /// Labels of all roles, and what each may do.
    pub roles: Vec<String>,
    pub rights: Vec<RightRow>,
}

/// One access of a program.
pub struct TokenRow {
    pub id: i64,
    pub name: String,
    pub roles: Vec<String>,
    pub created: String,
    pub last: String,
    pub revoked: bool,
}

/// A secret, shown this once.
pub struct FreshToken {
    pub name: String,
    pub secret: String,
}

/// `GET /verwaltung/zugaenge`. Forms: `POST /verwaltung/zugaenge` (`name`, `rolle`…),
/// `POST /verwaltung/zugaenge/{id}/entziehen`.
#[derive(Template)]
#[template(path = "access.html")]
pub struct AccessPage {
    pub frame: Frame,
    pub tokens: Vec<TokenRow>,
    pub fresh: Option<FreshToken>,
    pub notice: Option<Banner>,
    pub new_name: String,
    pub new_roles: Vec<Choice>,
    pub new_error: String,
}

/// One line of the log.
pub struct LogRow {
    /// „24.11.2026, 09:42“.
    pub at: String,
    pub iso: String,
    pub who: String,
    /// `user`, `token` or `system`.
    pub by: &'static str,
    /// What was done, in words.
    pub deed: String,
    /// What it was done to, and its page when there is one.
    pub subject: String,
    pub href: String,
    /// What changed, short.
    pub detail: String,
    pub address: String,
}

/// `GET /verwaltung/protokoll?person=…&wer=…&was=…&von=…&bis=…&vor=…`.
#[derive(Template)]
#[template(path = "log.html")]
pub struct LogPage {
    pub frame: Frame,
    pub rows: Vec<LogRow>,
    /// Address of older lines.
    pub older: Option<String>,
    /// What is looked for: deeds, customer number, name, first and last day.
    pub deeds: Vec<Choice>,
    pub person: String,
    pub who: String,
    pub from: String,
    pub to: String,
    /// Address of the same as a file.
    pub file: String,
}

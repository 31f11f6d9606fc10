//! Passwords: what makes one good enough, how it is hashed, how it is compared.
//!
//! argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet, RFC 9106), away from the threads that
//! answer requests, a few at a time so that a flood of attempts cannot eat the memory.

use crate::refusal::Complaint;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use kernel::{Fault, Sentence};
use rand::RngCore;
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Fewest characters of a password (NIST SP 800-63B asks for at least 8).
pub const SHORTEST: usize = 10;
const LONGEST: usize = 256;

/// Passwords everybody tries first, in lower case.
const FREQUENT: &str = include_str!("frequent_passwords.txt");

/// How many hashes are computed at the same time.
static GATE: Semaphore = Semaphore::const_new(4);

/// The hash compared against where a name is unknown, so that both answers take the same work.
static STAND_IN: LazyLock<Option<String>> = LazyLock::new(|| hash_now("a password nobody has", &[7; 16]).ok());

/// What is wrong with a password for this login, if anything.
pub fn complaint(password: &str, login: &str) -> Option<Complaint> {
    let complain = |code, sentence| Some(Complaint { field: "password".to_owned(), code, sentence });
    let folded = password.trim().to_lowercase();
    let characters = password.chars().count();
    let mailbox = login.split('@').next().unwrap_or(login);
    let first = folded.chars().next();
    if characters < SHORTEST {
        complain("too_short", Sentence::new("staff-password-too-short").with("shortest", SHORTEST))
    } else if characters > LONGEST {
        complain("too_long", Sentence::new("staff-password-too-long").with("longest", LONGEST))
    } else if folded == login.to_lowercase() || folded == mailbox.to_lowercase() {
        complain("same_as_login", Sentence::new("staff-password-is-login"))
    } else if FREQUENT.lines().any(|line| line == folded) || folded.chars().all(|c| Some(c) == first) {
        complain("too_common", Sentence::new("staff-password-too-common"))
    } else {
        None
    }
}

/// Hashes a password; answers a PHC string.
pub async fn hash(password: String, rng: &mut (impl RngCore + Send)) -> Result<String, Fault> {
    let mut salt = [0; 16];
    rng.fill_bytes(&mut salt);
    aside(move || hash_now(&password, &salt)).await?
}

/// The answer of a comparison. Only [`verify`] makes one, so whoever decides about a login has done the work of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict(bool);

impl Verdict {
    pub fn right(self) -> bool {
        self.0
    }
}

/// Compares a password with a stored hash; without one it does the same work and answers no.
pub async fn verify(password: String, stored: Option<String>) -> Result<Verdict, Fault> {
    aside(move || {
        let Some(hash) = stored.as_deref().or(STAND_IN.as_deref()) else { return Verdict(false) };
        let same = argon2().and_then(|argon2| argon2.verify_password(password.as_bytes(), hash).map_err(unreadable));
        Verdict(same.is_ok() && stored.is_some())
    })
    .await
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    let permit = GATE.acquire().await.map_err(|_| Fault::Busy("passwords are no longer compared".to_owned()))?;
    let done = tokio::task::spawn_blocking(work).await;
    drop(permit);
    done.map_err(|error| Fault::Busy(format!("a password was not compared: {error}")))
}

fn argon2() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(unreadable)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str, salt: &[u8; 16]) -> Result<String, Fault> {
    let hash = argon2()?.hash_password_with_salt(password.as_bytes(), salt).map_err(unreadable)?;
    Ok(hash.to_string())
}

fn unreadable(error: impl std::fmt::Display) -> Fault {
    Fault::Unreadable(format!("password hash: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::chance;

    #[test]
    fn a_password_is_long_enough_not_the_login_and_not_everybodys() {
        let code = |password: &str| complaint(password, "jana.hoffmann@almara.example").map(|c| c.code);
        assert_eq!(code("kurz"), Some("too_short"));
        assert_eq!(code("Jana.Hoffmann@almara.example"), Some("same_as_login"));
        assert_eq!(code("jana.hoffmann"), Some("same_as_login"));
        assert_eq!(code("Passwort123"), Some("too_common"));
        assert_eq!(code("aaaaaaaaaaaa"), Some("too_common"));
        assert_eq!(code(&"ä".repeat(257)), Some("too_long"));
        assert_eq!(code("Übermorgen nach Kreta"), None);
    }

    #[tokio::test]
    async fn a_password_opens_only_its_own_hash() {
        let stored = hash("Übermorgen nach Kreta".to_owned(), &mut chance::seeded(1)).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let open = async |password: &str| verify(password.to_owned(), Some(stored.clone())).await.unwrap().right();
        assert!(open("Übermorgen nach Kreta").await);
        assert!(!open("Uebermorgen nach Kreta").await);
    }

    #[tokio::test]
    async fn an_unknown_name_costs_the_same_work_and_never_opens() {
        let stand_in = STAND_IN.as_deref().expect("the stand-in can be hashed");
        assert!(stand_in.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stand_in}");
        assert!(!verify("a password nobody has".to_owned(), None).await.unwrap().right());
    }
}

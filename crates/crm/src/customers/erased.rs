//! Who asked to be erased stays erased: keyed fingerprints tell a person who comes back by mistake, and nobody can read from
//! them who it was (HMAC-SHA-256, RFC 2104; Art. 17 GDPR, recital 66).

use crate::Refusal;
use kernel::{ContactId, Fault, Sentence, text::fold};
use ring::hmac;
use std::collections::HashSet;
use store::{Batch, Rows, Write, settings, values};

/// Setting that holds the key of the fingerprints; it is made with the first erasure.
const SALT: &str = "privacy.salt";

/// What of a person is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Traits<'a> {
    pub number: &'a str,
    pub email: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    /// `YYYY-MM-DD`.
    pub birth_date: &'a str,
}

/// The fingerprints of those who were erased, as far as some people touch them.
pub struct Erased {
    salt: Option<String>,
    known: HashSet<String>,
}

impl Traits<'_> {
    /// Kind and normalised text of everything that would recognise the person again.
    fn marks(&self) -> Vec<(&'static str, String)> {
        let mut marks = Vec::with_capacity(3);
        if !self.email.trim().is_empty() {
            marks.push(("email", self.email.trim().to_lowercase()));
        }
        if !self.number.trim().is_empty() {
            marks.push(("number", self.number.trim().to_owned()));
        }
        if !self.birth_date.is_empty() && !self.last_name.trim().is_empty() {
            let name = format!("{} {} {}", fold(self.last_name), fold(self.first_name), self.birth_date);
            marks.push(("birth", name));
        }
        marks
    }

    fn keyed(&self, salt: &str) -> Vec<(&'static str, String)> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, salt.as_bytes());
        let print = |(kind, text): (&'static str, String)| {
            let tag = hmac::sign(&key, format!("{kind}|{text}").as_bytes());
            (kind, tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
        };
        self.marks().into_iter().map(print).collect()
    }
}

impl Erased {
    /// Looks all of them up at once; served by the primary key. Where nobody was ever erased, nothing is asked.
    pub async fn among(rows: &Rows, people: &[Traits<'_>]) -> Result<Self, Fault> {
        let Some(salt) = settings::get(rows, SALT).await? else {
            return Ok(Self { salt: None, known: HashSet::new() });
        };
        let prints: Vec<String> =
            people.iter().flat_map(|one| one.keyed(&salt)).map(|(_, fingerprint)| fingerprint).collect();
        const SQL: &str = "SELECT fingerprint FROM erased_fingerprint WHERE fingerprint";
        let found: Vec<(String,)> = rows.keyed(&["fingerprint"], SQL, &prints).await?;
        Ok(Self { salt: Some(salt), known: found.into_iter().map(|(fingerprint,)| fingerprint).collect() })
    }

    /// Which of a person's traits belongs to somebody erased: `email`, `number` or `birth`.
    pub fn trait_of(&self, person: &Traits<'_>) -> Option<&'static str> {
        let salt = self.salt.as_deref().filter(|_| !self.known.is_empty())?;
        person.keyed(salt).into_iter().find(|(_, print)| self.known.contains(print)).map(|(kind, _)| kind)
    }
}

/// Refuses to write down somebody who asked to be erased.
pub(super) async fn stay_erased(rows: &Rows, person: &Traits<'_>) -> Result<(), crate::Trouble> {
    match Erased::among(rows, &[*person]).await?.trait_of(person) {
        None => Ok(()),
        Some(kind) => {
            let field = match kind {
                "email" => "email",
                "number" => "number",
                _ => "last_name",
            };
            Err(Refusal::field(field, "erased", Sentence::new("privacy-came-back")).into())
        }
    }
}

/// Keeps the fingerprints of a person who is being erased; answers how many.
pub async fn keep_fingerprints(
    unit: &Write,
    person: &Traits<'_>,
    erasure: i64,
    fresh_salt: &str,
) -> Result<u64, Fault> {
    let salt = match settings::get(unit, SALT).await? {
        Some(salt) => salt,
        None => {
            settings::set(unit, SALT, fresh_salt).await?;
            fresh_salt.to_owned()
        }
    };
    let mut batch = Batch::new(
        "erased_fingerprint",
        &["fingerprint", "kind", "erasure_id"],
        "ON CONFLICT (fingerprint) DO NOTHING",
    );
    for (kind, fingerprint) in person.keyed(&salt) {
        batch.push(values![fingerprint, kind, erasure]);
    }
    if batch.is_empty() { Ok(0) } else { batch.write(unit).await }
}

/// Puts somebody into the archive because the law asks for it: no longer selected, written to or shown, but still counted in
/// figures that were published.
pub async fn withdraw(unit: &Write, id: ContactId, now: i64) -> Result<(), Fault> {
    const SQL: &str = "UPDATE contact SET withdrawn_at = CASE WHEN archived_at IS NULL THEN $1 ELSE withdrawn_at END, \
         archived_at = COALESCE(archived_at, $1), restricted_at = $1, version = version + 1, updated_at = $1 \
         WHERE id = $2 AND restricted_at IS NULL";
    unit.run(SQL, values![now, id.0]).await?;
    Ok(())
}

/// Takes back [`withdraw`]; whoever was archived by hand before stays there.
pub async fn readmit(unit: &Write, id: ContactId, now: i64) -> Result<bool, Fault> {
    const SQL: &str = "UPDATE contact SET archived_at = CASE WHEN withdrawn_at IS NULL THEN archived_at END, \
         withdrawn_at = NULL, restricted_at = NULL, version = version + 1, updated_at = $1 \
         WHERE id = $2 AND restricted_at IS NOT NULL AND erased_at IS NULL";
    Ok(unit.run(SQL, values![now, id.0]).await? > 0)
}

//! Configuration: one catalogue, four sources. A flag beats the environment, the environment beats the file, the file beats
//! the default.

use anyhow::{Context, Result, bail};
use std::{collections::BTreeMap, fmt, path::Path, str::FromStr};

/// One setting of the catalogue.
pub struct Setting {
    /// `section.name` in the file; `KUNDENKREIS_SECTION_NAME` in the environment; `--set section.name=value` as a flag.
    pub key: &'static str,
    pub default: &'static str,
    pub meaning: &'static str,
    pub secret: bool,
}

const fn setting(key: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { key, default, meaning, secret: false }
}

const fn secret(key: &'static str, meaning: &'static str) -> Setting {
    Setting { key, default: "", meaning, secret: true }
}

/// Everything that can be configured.
pub const CATALOGUE: &[Setting] = &[
    setting("http.listen", "127.0.0.1:8080", "address and port the server listens on"),
    setting("http.public_url", "", "URL people and mails reach this server by; empty: http:// and http.listen"),
    setting("http.trusted_proxy", "", "address of the reverse proxy whose X-Forwarded-For is believed; empty: none"),
    setting("data.folder", "kundenkreis-data", "folder of the embedded database, uploads and caught mails"),
    setting("database.url", "", "postgres://… to use PostgreSQL; empty: SQLite in the data folder"),
    setting("database.connections", "16", "largest number of connections to PostgreSQL"),
    setting(
        "organisation.name",
        "Kundenkreis",
        "name of the organisation, in the head of every page and at the foot of every mail",
    ),
    setting("organisation.zone", "Europe/Berlin", "IANA time zone in which days and periods are counted"),
    setting(
        "knowledge.shelf",
        "",
        "s3://bucket/prefix for the files of the knowledgebase, a prefix of its own for each server; empty: the data folder",
    ),
    setting("knowledge.s3_endpoint", "", "https://… of S3-compatible storage; empty: Amazon's of the region"),
    setting("knowledge.s3_region", "eu-central-1", "region of the bucket"),
    setting("knowledge.s3_access_key", "", "access key of the bucket"),
    secret("knowledge.s3_secret_key", "secret key of the bucket"),
    setting(
        "knowledge.rows_in_memory",
        "12000000",
        "interactions the knowledgebase keeps in memory (about 20 bytes each); older months are read from their files",
    ),
    setting("knowledge.question_megabytes", "512", "memory all questions together may use while they are answered"),
    setting(
        "knowledge.write_after_seconds",
        "20",
        "time after which what changed is in the files of the knowledgebase, and what was erased is gone from them",
    ),
    setting("knowledge.patience_seconds", "30", "longest time a question may take"),
    setting(
        "documents.store",
        "",
        "where documents lie: a folder, https://… of a WebDAV server or s3://bucket/prefix; empty: the data folder",
    ),
    setting("documents.user", "", "user name at the WebDAV server"),
    setting("documents.password_file", "", "file whose first line is the password at the WebDAV server"),
    setting("documents.ca_file", "", "PEM file with a further certificate authority to trust at the WebDAV server"),
    setting("documents.s3_endpoint", "", "https://… of S3-compatible storage; empty: Amazon's of the region"),
    setting("documents.s3_region", "eu-central-1", "region of the bucket"),
    setting("documents.s3_access_key", "", "access key of the bucket"),
    secret("documents.s3_secret_key", "secret key of the bucket"),
    setting("documents.largest_megabytes", "25", "largest document that is taken"),
    setting(
        "linked_documents.store",
        "",
        "a store that exists already, written as documents.store; its files are linked and opened in place, never changed",
    ),
    setting("linked_documents.name", "", "what people call that store; empty: its address"),
    setting("linked_documents.user", "", "user name at that WebDAV server"),
    setting("linked_documents.password_file", "", "file whose first line is the password at that WebDAV server"),
    setting(
        "linked_documents.ca_file",
        "",
        "PEM file with a further certificate authority to trust at that WebDAV server",
    ),
    setting("linked_documents.s3_endpoint", "", "https://… of that storage; empty: Amazon's of the region"),
    setting("linked_documents.s3_region", "eu-central-1", "region of that bucket"),
    setting("linked_documents.s3_access_key", "", "access key of that bucket"),
    secret("linked_documents.s3_secret_key", "secret key of that bucket"),
    setting("smtp.host", "", "mail server campaigns are handed to; empty: the built-in mail catcher"),
    setting("smtp.port", "587", "port of the mail server"),
    setting("smtp.security", "starttls", "none, starttls or tls"),
    setting("smtp.user", "", "user name at the mail server; empty: no sign-in"),
    secret("smtp.password", "password at the mail server"),
    setting("smtp.ca_file", "", "PEM file with a further certificate authority to trust; empty: the public ones"),
    setting("smtp.helo", "localhost", "name this server greets with"),
    setting("smtp.connections", "4", "connections to the mail server at the same time"),
    setting(
        "smtp.batch",
        "100",
        "mails marked and handed over together on one connection; at most this many stay in doubt per connection after a crash",
    ),
    setting("mail.sender_address", "post@kundenkreis.example", "address campaigns come from unless they name another"),
    setting("mail.sender_name", "", "name campaigns come from; empty: organisation.name"),
    setting(
        "mail.imprint",
        "",
        "who sends the mails and where they are, at the foot of every mail; “ | ” begins a new line; empty: organisation.name",
    ),
    setting("mail.unsubscribe_mailbox", "", "mailbox that takes unsubscriptions by mail; empty: by link only"),
    setting("mail.return_domain", "", "domain of the bounce addresses (VERP); empty: the sender's domain"),
    setting("mail.dkim_domain", "", "domain of the DKIM signature; empty: mails are not signed"),
    setting("mail.dkim_selector", "kundenkreis", "selector of the DKIM key"),
    setting("mail.dkim_key_file", "", "PEM file (PKCS#8, RSA 2048) with the DKIM key"),
    setting("mail.per_domain_rate", "200000", "mails per minute to one recipient domain before throttling"),
    setting("render.workers", "2", "processes that render templates"),
    setting("catcher.listen", "127.0.0.1:0", "address of the built-in mail catcher; port 0: any free one"),
    setting("catcher.keep", "5000", "how many caught mails are kept"),
    setting("login.idle_minutes", "480", "a session ends after this long without a request"),
    setting("login.absolute_hours", "168", "a session ends after this long in any case"),
    setting("log.filter", "info,sqlx=warn,sea_orm=warn", "which log lines are written, e.g. info,web=debug"),
    setting("log.format", "text", "text or json"),
];

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Default,
    File(String),
    Environment,
    Flag,
    /// Set by the command itself, as `demo` does.
    Command,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {path}"),
            Self::Environment => f.write_str("environment"),
            Self::Flag => f.write_str("flag"),
            Self::Command => f.write_str("command"),
        }
    }
}

/// The effective configuration.
#[derive(Clone)]
pub struct Config(BTreeMap<&'static str, (String, Source)>);

impl Config {
    /// Reads all sources. An unknown key is an error that names the nearest known one.
    pub fn load(file: Option<&Path>, flags: &[String], presets: &[(&str, &str)]) -> Result<Self> {
        let mut values: BTreeMap<_, _> =
            CATALOGUE.iter().map(|s| (s.key, (s.default.to_owned(), Source::Default))).collect();
        for (key, value) in presets {
            values.insert(known(key)?, ((*value).to_owned(), Source::Command));
        }
        if let Some(path) = file {
            let name = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("the configuration file {name} cannot be read"))?;
            let table: toml::Table =
                text.parse().with_context(|| format!("the configuration file {name} is not valid TOML"))?;
            for (section, entries) in table {
                let toml::Value::Table(entries) = entries else {
                    bail!("{name}: “{section}” stands outside a section; write [section] and then name = value");
                };
                for (entry, value) in entries {
                    let key = known(&format!("{section}.{entry}")).with_context(|| name.clone())?;
                    let text = match value {
                        toml::Value::String(text) => text,
                        other => other.to_string(),
                    };
                    values.insert(key, (text, Source::File(name.clone())));
                }
            }
        }
        for setting in CATALOGUE {
            #[allow(clippy::disallowed_methods, reason = "the one place that reads the environment")]
            if let Ok(value) = std::env::var(variable(setting.key)) {
                values.insert(setting.key, (value, Source::Environment));
            }
        }
        for flag in flags {
            let (key, value) =
                flag.split_once('=').with_context(|| format!("--set {flag}: write --set section.name=value"))?;
            values.insert(known(key.trim())?, (value.trim().to_owned(), Source::Flag));
        }
        Ok(Self(values))
    }

    pub fn text(&self, key: &str) -> &str {
        self.0.get(key).map_or("", |(value, _)| value.as_str())
    }

    /// The value, or nothing where it is empty.
    pub fn given(&self, key: &str) -> Option<&str> {
        Some(self.text(key)).filter(|text| !text.is_empty())
    }

    /// The value in its type; the error names key, value, source and what would fit.
    pub fn get<T: FromStr>(&self, key: &str) -> Result<T> {
        let text = self.text(key);
        let kind = std::any::type_name::<T>().rsplit("::").next().unwrap_or_default();
        text.parse().map_err(|_| {
            let source = self.0.get(key).map_or(Source::Default, |(_, source)| source.clone());
            anyhow::anyhow!("{key} = “{text}” ({source}) cannot be read as {kind}")
        })
    }

    /// One line a setting: value, source and meaning; secrets masked.
    pub fn describe(&self) -> String {
        let mut out = String::new();
        for setting in CATALOGUE {
            let Some((value, source)) = self.0.get(setting.key) else { continue };
            let shown = match value.as_str() {
                "" => "(empty)".to_owned(),
                _ if setting.secret => "••••••••".to_owned(),
                text => mask_url(text),
            };
            out += &format!("{:<26} {shown:<38} {source:<14} {}\n", setting.key, setting.meaning);
        }
        out
    }
}

/// Name of a setting's environment variable.
pub fn variable(key: &str) -> String {
    format!("KUNDENKREIS_{}", key.replace('.', "_").to_uppercase())
}

/// A password inside a URL is a secret as well.
fn mask_url(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    match rest.rsplit_once('@') {
        Some((login, host)) if login.contains(':') => {
            let user = login.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:••••••••@{host}")
        }
        _ => text.to_owned(),
    }
}

fn known(key: &str) -> Result<&'static str> {
    if let Some(setting) = CATALOGUE.iter().find(|s| s.key == key) {
        return Ok(setting.key);
    }
    let nearest = CATALOGUE.iter().min_by_key(|s| distance(s.key, key)).map_or("", |s| s.key);
    bail!("there is no setting “{key}”; did you mean “{nearest}”? `kundenkreis config` lists all")
}

/// Edit distance (Levenshtein), to guess what was meant.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = before + usize::from(x != *y);
            before = row[j + 1];
            row[j + 1] = cost.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_beats_the_file_and_the_file_beats_the_default() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("k.toml");
        std::fs::write(&file, "[smtp]\nhost = \"mail.example\"\nport = 2525\npassword = \"hush\"\n").unwrap();
        let config = Config::load(Some(&file), &["smtp.port=26".into()], &[]).unwrap();
        assert_eq!(config.text("smtp.host"), "mail.example");
        assert_eq!(config.get::<u16>("smtp.port").unwrap(), 26);
        assert_eq!(config.text("smtp.security"), "starttls");
        assert!(!config.describe().contains("hush"));
    }

    #[test]
    fn a_wrong_key_is_named_with_the_nearest_one() {
        let error = Config::load(None, &["smtp.prot=1".into()], &[]).err().unwrap().to_string();
        assert!(error.contains("smtp.port"), "{error}");
        let config = Config::load(None, &["smtp.port=abc".into()], &[]).unwrap();
        let error = config.get::<u16>("smtp.port").err().unwrap().to_string();
        assert!(error.contains("abc") && error.contains("flag"), "{error}");
    }

    #[test]
    fn a_password_in_a_url_is_masked() {
        assert_eq!(mask_url("postgres://kk:hush@db/kk"), "postgres://kk:••••••••@db/kk");
        assert_eq!(mask_url("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
    }
}

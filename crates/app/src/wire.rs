//! Ties the machines to the rooms: the only place that knows who implements which port.

use crate::config::Config;
use anyhow::{Context, Result, anyhow, bail};
use channels::{Catcher, DkimConfig, RenderPool, Security, SmtpConfig, SmtpCourier};
use crm::{
    agenda::Remind,
    customers::{BulkWorker, ContactImport, RevertImport, duplicates::KeepDuplicates},
    documents::Sweep,
    evaluation::watch::{self, Post, Watch},
    execution::{self, MailConfig},
    intake::runs::ImportWorker,
    interactions::{ForgetKeys, Recorder, RecorderConfig, baskets::AbandonedBaskets, verdict::Rejudge},
    privacy::{
        Asking, erasure::Eraser, opt_in::AskConsent, package::Packer, preferences::AskConfirmation, retention::Retain,
    },
    quality::KeepQuality,
    sales::OrderImport,
    selection::daily::CountSegments,
    staff::{seen::NoteSeen, sessions::Times},
};
use kernel::{Clock, Currency, EmailAddress, Locale, Zone, chance, mail::Courier, time};
use knowledge::{Bucket, Knowledge, Limits, Shelf};
use metrics_exporter_prometheus::PrometheusBuilder;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use store::{
    DataFolder, Db, Engine, StoreConfig,
    jobs::{self, Jobs, Worker},
    settings,
    tasks::{self, Tasks},
};
use url::Url;
use web::door::{Foundation, House};

/// What a command needs when no server runs: the truth and its settings.
pub struct Ground {
    pub folder: DataFolder,
    pub db: Db,
    pub clock: Clock,
    pub zone: Zone,
    pub seal: kernel::Seal,
}

/// Opens the truth. A server occupies the data folder, a command visits it.
pub async fn ground(config: &Config, occupy: bool) -> Result<Ground> {
    let path = PathBuf::from(config.text("data.folder"));
    let folder = if occupy { DataFolder::occupy(&path)? } else { DataFolder::visit(&path)? };
    let store = match config.given("database.url") {
        Some(url) if url.starts_with("postgres") => {
            StoreConfig::Postgres { url: url.to_owned(), connections: config.get("database.connections")? }
        }
        Some(other) => {
            bail!("database.url must begin with postgres://, not “{}”", other.split(':').next().unwrap_or_default())
        }
        None => StoreConfig::Sqlite { file: folder.database() },
    };
    let db = Db::open(&store).await.context("the database cannot be opened")?;
    let zone = config.text("organisation.zone");
    let zone = Zone::named(zone).ok_or_else(|| anyhow!("organisation.zone = “{zone}” is no IANA time zone"))?;
    let unit = db.write().await?;
    let seal = settings::seal(&unit, &mut chance::system()).await?;
    unit.save().await?;
    Ok(Ground { folder, db, clock: Clock::System, zone, seal })
}

/// A house ready to open its doors, and the tasks that run in it.
pub struct Wired {
    pub house: House,
    pub tasks: Tasks,
    /// Follows the truth for as long as the server runs.
    pub knowledge: Knowledge,
}

/// Wires everything a server runs.
pub async fn server(config: &Config, ground: Ground, demo: bool) -> Result<Wired> {
    let Ground { folder, db, clock, zone, seal } = ground;
    let public_url = public_url(config)?;
    let catcher = match config.given("smtp.host") {
        Some(_) if !demo => None,
        _ => {
            let address = config.get("catcher.listen")?;
            let keep = config.get("catcher.keep")?;
            let catcher = Catcher::start(address, folder.inside("caught")?, keep, clock.clone()).await;
            Some(Arc::new(catcher.context("the mail catcher cannot be started")?))
        }
    };
    let caught = catcher.clone().map(|c| c as Arc<dyn kernel::mail::CaughtMails>);
    let courier = courier(config, caught.as_deref(), &clock)?;
    let program = std::env::current_exe().context("the path of this program is unknown")?;
    let renderer = Arc::new(RenderPool::new(program, vec!["render-worker".into()], config.get("render.workers")?));
    let recorder = Recorder::start(db.clone(), clock.clone(), RecorderConfig::default());
    let figures = PrometheusBuilder::new().install_recorder().context("the metrics cannot be started")?;

    // One server on one folder: whoever held a lease here is gone. On a full disk the leases run out by themselves.
    if db.engine() == Engine::Sqlite
        && let Err(fault) = tasks::inherit(&db).await
    {
        tracing::warn!(error = %fault, "Leases of the last run could not be freed and will run out");
    }
    let knowledge = knowledge(config, &folder, &db, &clock)?;
    let owner = chance::ordered_id(clock.now(), &mut chance::system());
    let mut tasks = Tasks::new(db.clone(), clock.clone(), owner, TASKS);
    let cabinet = crate::cabinet::open(config, &folder)?;
    let mut house = House::new(Foundation {
        db: db.clone(),
        clock: clock.clone(),
        zone: zone.clone(),
        seal: seal.clone(),
        public_url: public_url.clone(),
        folder: Arc::new(folder),
        courier: courier.clone(),
        renderer: renderer.clone(),
        recorder,
    })
    .with_organisation(config.text("organisation.name"))
    .with_mail(mail(config, &public_url)?)
    .with_lens(Arc::new(knowledge.clone()))
    .with_cabinet(cabinet)
    .with_nudge(tasks.nudge())
    .with_metrics(move || figures.render());
    if let Some(caught) = caught {
        house = house.with_caught_mails(caught);
    }
    house.times = Times {
        idle: config.get::<i64>("login.idle_minutes")? * time::MINUTE,
        absolute: config.get::<i64>("login.absolute_hours")? * time::HOUR,
    };
    house.behind_proxy = config.given("http.trusted_proxy").is_some();
    background(&mut tasks, &house);
    Ok(Wired { house, tasks, knowledge })
}

/// The copy that answers questions, with its files in the data folder or in a bucket.
pub fn knowledge(config: &Config, folder: &DataFolder, db: &Db, clock: &Clock) -> Result<Knowledge> {
    let shelf = match config.given("knowledge.shelf") {
        Some(url) => Shelf::bucket(&bucket(config, url)?)?,
        None => Shelf::folder(&folder.inside("knowledge")?)?,
    };
    let limits = Limits {
        rows_in_memory: config.get("knowledge.rows_in_memory")?,
        question_bytes: config.get::<usize>("knowledge.question_megabytes")? * 1024 * 1024,
        write_after: Duration::from_secs_f64(config.get("knowledge.write_after_seconds")?),
        patience: Duration::from_secs(config.get("knowledge.patience_seconds")?),
        ..Limits::default()
    };
    Ok(Knowledge::new(db.clone(), clock.clone(), shelf, limits)?)
}

fn bucket(config: &Config, url: &str) -> Result<Bucket> {
    let wrong = || anyhow!("knowledge.shelf = “{url}”: write s3://bucket/prefix, or nothing for the data folder");
    let parsed: Url = url.parse().map_err(|_| wrong())?;
    let name = parsed.host_str().filter(|_| parsed.scheme() == "s3" && parsed.username().is_empty());
    let key = |name: &str| {
        let key = config.given(name).map(str::to_owned);
        key.with_context(|| format!("knowledge.shelf is set, so {name} must be, too"))
    };
    let endpoint = config.given("knowledge.s3_endpoint").map(|endpoint| endpoint.trim_end_matches('/').to_owned());
    if endpoint.as_deref().is_some_and(|at| !at.starts_with("http://") && !at.starts_with("https://")) {
        bail!("knowledge.s3_endpoint must begin with https:// (or http:// inside your own network)");
    }
    Ok(Bucket {
        name: name.ok_or_else(wrong)?.to_owned(),
        prefix: parsed.path().trim_matches('/').to_owned(),
        endpoint,
        region: config.text("knowledge.s3_region").to_owned(),
        access_key: key("knowledge.s3_access_key")?,
        secret_key: key("knowledge.s3_secret_key")?,
    })
}

/// Names of all tasks, for nudges.
const TASKS: &[&str] = &[
    jobs::TASK,
    ForgetKeys::NAME,
    execution::TASK,
    AbandonedBaskets::NAME,
    Rejudge::NAME,
    CountSegments::NAME,
    Sweep::NAME,
    KeepDuplicates::NAME,
    watch::TASK,
    AskConsent::NAME,
    AskConfirmation::NAME,
    Remind::NAME,
    KeepQuality::NAME,
    Retain::NAME,
    NoteSeen::NAME,
];

fn background(tasks: &mut Tasks, house: &House) {
    let (db, clock, zone) = (&house.db, &house.clock, &house.zone);
    let workers: Vec<Arc<dyn Worker>> = vec![
        Arc::new(ImportWorker::new(ContactImport, zone.clone(), Currency::EUR)),
        Arc::new(ImportWorker::new(OrderImport, zone.clone(), Currency::EUR)),
        Arc::new(BulkWorker),
        Arc::new(RevertImport),
        Arc::new(Eraser { caught: house.caught.clone() }),
        Arc::new(Packer {
            zone: zone.clone(),
            organisation: house.organisation.to_string(),
            folder: house.folder.path().join("packages"),
            locale: house.mail.locale,
            cabinet: house.cabinet.clone(),
        }),
    ];
    tasks.add(Jobs::new(db.clone(), clock.clone(), workers));
    tasks.add(ForgetKeys { db: db.clone(), clock: clock.clone() });
    tasks.add(execution::Send::new(house.mailroom()));
    tasks.add(AbandonedBaskets { db: db.clone(), clock: clock.clone(), zone: zone.clone() });
    tasks.add(Rejudge::new(db.clone(), clock.clone()));
    tasks.add(CountSegments {
        db: db.clone(),
        clock: clock.clone(),
        zone: zone.clone(),
        workbench: house.workbench.clone(),
    });
    tasks.add(Sweep { db: db.clone(), clock: clock.clone(), cabinet: house.cabinet.clone() });
    tasks.add(KeepDuplicates { db: db.clone(), clock: clock.clone() });
    let post = Post {
        courier: house.courier.clone(),
        from_name: house.mail.from_name.clone(),
        from: house.mail.from_address.clone(),
        base_url: house.mail.base_url.clone(),
    };
    let asking = Asking {
        db: db.clone(),
        clock: clock.clone(),
        seal: house.seal.clone(),
        post: post.clone(),
        organisation: house.mail.organisation.clone(),
        locale: house.mail.locale,
    };
    tasks.add(AskConsent(asking.clone()));
    tasks.add(AskConfirmation(asking));
    tasks.add(KeepQuality { db: db.clone(), clock: clock.clone(), zone: zone.clone() });
    tasks.add(Remind { db: db.clone(), clock: clock.clone() });
    tasks.add(NoteSeen { db: db.clone(), seen: house.seen.clone() });
    tasks.add(Retain { db: db.clone(), clock: clock.clone(), zone: zone.clone(), nudge: house.nudge.clone() });
    tasks.add(Watch { db: db.clone(), lens: house.lens.clone(), clock: clock.clone(), zone: zone.clone(), post });
}

fn public_url(config: &Config) -> Result<Url> {
    let text = match config.given("http.public_url") {
        Some(url) => url.to_owned(),
        None => format!("http://{}", config.text("http.listen")),
    };
    let url: Url = text.parse().with_context(|| format!("http.public_url = “{text}” is no URL"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        bail!("http.public_url = “{text}” must begin with http:// or https:// and name a host");
    }
    Ok(url)
}

/// The mail server campaigns go to: the configured one, or the catcher.
fn courier(config: &Config, caught: Option<&dyn kernel::mail::CaughtMails>, clock: &Clock) -> Result<Arc<dyn Courier>> {
    let mut smtp = smtp(config)?;
    if let Some(caught) = caught {
        let address = caught.address();
        smtp = SmtpConfig {
            host: address.ip().to_string(),
            port: address.port(),
            security: Security::None,
            user: None,
            password: None,
            ..smtp
        };
    }
    let courier = SmtpCourier::new(smtp, clock.clone()).map_err(|s| anyhow!(s.say(Locale::En)))?;
    Ok(Arc::new(courier))
}

/// Sender, imprint and addresses of the organisation's mails.
pub fn mail(config: &Config, public_url: &Url) -> Result<MailConfig> {
    let address = |name: &str| {
        let text = config.text(name);
        EmailAddress::parse(text).ok_or_else(|| anyhow!("{name} = “{text}” is not an e-mail address"))
    };
    let organisation = config.text("organisation.name");
    let mut mail = MailConfig::new(public_url.as_str(), organisation, address("mail.sender_address")?);
    if let Some(name) = config.given("mail.sender_name") {
        mail.from_name = name.to_owned();
    }
    if let Some(imprint) = config.given("mail.imprint") {
        mail.imprint = imprint.replace(" | ", "\n");
    }
    if config.given("mail.unsubscribe_mailbox").is_some() {
        mail.unsubscribe_mailbox = Some(address("mail.unsubscribe_mailbox")?);
    }
    mail.bounce_domain = config.given("mail.return_domain").map(str::to_owned);
    mail.domain_rate = config.get::<f64>("mail.per_domain_rate")? / 60.0;
    Ok(mail)
}

/// The mail settings as configured.
pub fn smtp(config: &Config) -> Result<SmtpConfig> {
    let security = match config.text("smtp.security") {
        "none" => Security::None,
        "starttls" => Security::StartTls,
        "tls" => Security::Tls,
        other => bail!("smtp.security = “{other}”: choose none, starttls or tls"),
    };
    let dkim = match config.given("mail.dkim_domain") {
        Some(domain) => {
            let file = config
                .given("mail.dkim_key_file")
                .context("mail.dkim_domain is set, so mail.dkim_key_file must be, too")?;
            let private_key = std::fs::read_to_string(Path::new(file))
                .with_context(|| format!("the DKIM key {file} cannot be read"))?;
            let selector = config.text("mail.dkim_selector").to_owned();
            Some(DkimConfig { domain: domain.to_owned(), selector, private_key })
        }
        None => None,
    };
    Ok(SmtpConfig {
        host: config.given("smtp.host").unwrap_or("localhost").to_owned(),
        port: config.get("smtp.port")?,
        security,
        user: config.given("smtp.user").map(str::to_owned),
        password: config.given("smtp.password").map(str::to_owned),
        helo: config.text("smtp.helo").to_owned(),
        connections: config.get("smtp.connections")?,
        batch: config.get("smtp.batch")?,
        ca_file: config.given("smtp.ca_file").map(PathBuf::from),
        dkim,
        ..SmtpConfig::default()
    })
}

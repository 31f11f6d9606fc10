//! A believable tour operator: three years of customers, orders, campaigns and reactions, made by the house's own rooms.

mod campaigns;
mod changes;
mod courier;
mod journeys;
mod orders;
mod people;
mod reactions;
mod wandering;
mod website;

use crate::{
    command::said,
    config::Config,
    console::tell,
    logs, serve,
    wire::{self, Ground},
};
use anyhow::{Context, Result, bail};
use crm::{
    customers::{self, ContactImport},
    intake::{
        ImportKind,
        runs::{self, ImportWorker, Importer, Progress},
    },
    interactions::{self, NewInteraction, baskets::AbandonedBaskets},
    sales::OrderImport,
    staff::{
        Actor, ActorKind, Role,
        links::{self, Purpose},
        users::{self, NewUser},
    },
};
use kernel::{
    Clock, Currency, Locale, Timestamp, chance,
    time::{DAY, HOUR},
};
use rand::rngs::StdRng;
use store::{jobs::Outcome, settings};

/// What `demo` presets; flags and environment still win.
pub const PRESETS: &[(&str, &str)] = &[
    ("data.folder", "kundenkreis-demo"),
    ("organisation.name", "Almara Reisen"),
    ("mail.sender_name", "Almara Reisen"),
    ("mail.sender_address", "reisen@almara.example"),
    ("log.filter", "warn,sqlx=error,sea_orm=error"),
];

/// The same for everybody who tries it; the demonstration listens on this machine only.
const PASSWORD: &str = "einmal-im-kreis";
const STAFF: &[(&str, &str, Role)] = &[
    ("jana@almara.example", "Jana Hoffmann", Role::MarketingManager),
    ("aylin@almara.example", "Aylin Demir", Role::Agent),
    ("sabine@almara.example", "Sabine Ritter", Role::Administrator),
];
const PEOPLE: usize = 4_812;

pub async fn run(config: &Config, fill_only: bool) -> Result<()> {
    logs::start(config)?;
    let ground = wire::ground(config, true).await?;
    if settings::get(&ground.db.read().await?, "demo").await?.is_none() {
        tell(format_args!("  Filling {} with a tour operator …", config.text("data.folder")))?;
        fill(&ground).await?;
    }
    ground.db.close().await;
    drop(ground);
    if fill_only {
        return Ok(());
    }
    tell(format_args!("\n  Kundenkreis is open at http://{}\n", config.text("http.listen")))?;
    for (login, name, role) in STAFF {
        tell(format_args!("    {login:<24} {PASSWORD}    {name}, {}", role.code().replace('_', " ")))?;
    }
    tell("\n  Mails are caught and stay on this machine. Ctrl+C ends.\n")?;
    serve::serve(config, true).await
}

/// A world in the making: who lives in it and what time it is there.
struct World<'a> {
    ground: &'a Ground,
    /// Stands in the past while the past is made.
    clock: Clock,
    now: Timestamp,
    jana: Actor,
    people: Vec<people::Person>,
    rng: StdRng,
    log: Vec<NewInteraction>,
}

async fn fill(ground: &Ground) -> Result<()> {
    if !customers::is_empty(&ground.db.read().await?).await? {
        bail!("the folder holds customers already; choose another with --set data.folder=…");
    }
    let now = ground.clock.now();
    let today = ground.zone.day(now);
    let mut rng = chance::seeded(2026);
    // Early in the morning, long ago: everything that follows was done by people who were there already.
    let begin = ground.zone.start_of(ground.zone.day(now)).plus(9 * HOUR - 400 * DAY);
    let jana = staff(ground, begin.plus(-DAY)).await?;
    let people = people::draw(&mut rng, PEOPLE, journeys::CATEGORIES.len(), today.year());
    let mut world = World { ground, clock: Clock::standing(begin), now, jana, people, rng, log: Vec::new() };
    let rows = world.people.iter().map(|p| p.row.clone()).collect();
    world.import(ContactImport, ImportKind::Contacts, "kunden.csv", people::HEADER, rows).await?;
    let bookings = orders::draw(&mut world.rng, &world.people, today);
    world.import(OrderImport, ImportKind::Orders, "buchungen.csv", orders::HEADER, bookings).await?;
    campaigns::run(&mut world).await?;
    wandering::draw(&mut world).await?;
    changes::draw(&mut world).await?;
    // Baskets of yesterday are found before what happened just now, so that the newest is the newest.
    world.write_log(now.plus(-3 * HOUR)).await?;
    let (db, zone) = (ground.db.clone(), ground.zone.clone());
    AbandonedBaskets { db, clock: Clock::standing(now), zone }.look().await?;
    world.write_log(now).await?;
    website::tell(&world).await?;
    changes::watch(&world).await?;
    changes::agenda(&world).await?;
    let unit = ground.db.write().await?;
    settings::set(&unit, "demo", "filled").await?;
    unit.save().await?;
    Ok(())
}

/// Opens the accounts; answers the marketing manager, in whose name the rest is done.
async fn staff(ground: &Ground, now: Timestamp) -> Result<Actor> {
    let mut manager = None;
    let house = Actor::system("demo");
    let mut rng = chance::system();
    for (login, name, role) in STAFF {
        let hash = links::prepare(PASSWORD, login, &mut rng).await.map_err(said)?;
        let unit = ground.db.write().await?;
        let new = NewUser { login, name, roles: &[*role], locale: Locale::De };
        let id = users::create(&unit, &house, new, now).await.map_err(said)?;
        let secret = links::issue(&unit, &house, id, Purpose::Invitation, now, &mut rng).await.map_err(said)?;
        links::redeem(&unit, &secret, &hash, "", now).await.map_err(said)?;
        unit.save().await?;
        if *role == Role::MarketingManager {
            manager = Some(Actor { kind: ActorKind::User(id), roles: vec![*role], ..Actor::system(name) });
        }
    }
    manager.context("the demo has no marketing manager")
}

impl World<'_> {
    /// Brings a file in through the same door as everybody's files.
    async fn import<I: Importer>(
        &self,
        importer: I,
        kind: ImportKind,
        name: &str,
        header: &str,
        rows: Vec<String>,
    ) -> Result<()> {
        let path = self.ground.folder.inside("uploads")?.join(name);
        let text = format!("{header}\n{}\n", rows.join("\n"));
        std::fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
        let path = path.canonicalize()?;
        let db = &self.ground.db;
        let run = runs::prepare(db, &self.jana, kind, name, &path, &self.clock).await.map_err(said)?;
        let worker = ImportWorker::new(importer, self.ground.zone.clone(), Currency::EUR);
        match worker.perform(db, &self.clock, run.id, false, Progress::Silent).await? {
            Outcome::Failed(sentence) => bail!("{name}: {}", sentence.say(Locale::En)),
            _ => Ok(()),
        }
    }

    /// Appends everything that happened until then and is not written yet, oldest first.
    async fn write_log(&mut self, until: Timestamp) -> Result<()> {
        let (mut log, later) = std::mem::take(&mut self.log).into_iter().partition(|item| item.occurred_at < until);
        self.log = later;
        log.sort_by_key(|item| item.occurred_at);
        for part in log.chunks(2_000) {
            let unit = self.ground.db.write().await?;
            interactions::append(&unit, part, self.now).await?;
            unit.save().await?;
        }
        Ok(())
    }
}

//! The house a story of the trade takes place in: tables made, a clock that stands still, people who may act.

use crate::postgres;
use crm::staff::{Actor, ActorKind, Role};
use kernel::{Clock, Seal, Timestamp, UserId, Zone};
use std::path::Path;
use store::{Db, Engine, RowLens, StoreConfig};

/// One house on one engine.
pub struct House {
    pub db: Db,
    /// Stands at noon of Tuesday, 24 November 2026, in Berlin until it is moved.
    pub clock: Clock,
    pub zone: Zone,
    pub seal: Seal,
    folder: tempfile::TempDir,
}

/// 2026-11-24T12:00:00+01:00.
pub const NOON: Timestamp = Timestamp(1_795_518_000_000_000);

impl House {
    /// An empty house on SQLite, and one on PostgreSQL where the tests were given a server: a story loops over both.
    pub async fn both() -> Vec<Self> {
        let mut houses = vec![Self::sqlite().await];
        if let Some(db) = postgres::fresh().await {
            houses.push(Self::around(db, tempfile::tempdir().expect("a temporary folder")));
        }
        houses
    }

    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = StoreConfig::Sqlite { file: folder.path().join("house.sqlite") };
        let db = Db::open(&config).await.expect("the tables can be made");
        Self::around(db, folder)
    }

    fn around(db: Db, folder: tempfile::TempDir) -> Self {
        Self { db, clock: Clock::standing(NOON), zone: Zone::berlin(), seal: Seal::new(&[42; 32]), folder }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn engine(&self) -> Engine {
        self.db.engine()
    }

    pub fn lens(&self) -> RowLens {
        RowLens(self.db.clone())
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A marketing manager.
    pub fn jana(&self) -> Actor {
        person(1, "Jana Hoffmann", &[Role::MarketingManager])
    }

    /// An administrator, who sees no customer content.
    pub fn sabine(&self) -> Actor {
        person(2, "Sabine Ritter", &[Role::Administrator])
    }

    /// An agent of the call centre.
    pub fn aylin(&self) -> Actor {
        person(3, "Aylin Demir", &[Role::Agent])
    }
}

fn person(id: i64, name: &str, roles: &[Role]) -> Actor {
    Actor {
        kind: ActorKind::User(UserId(id)),
        name: name.to_owned(),
        roles: roles.to_vec(),
        address: "192.0.2.1".to_owned(),
    }
}

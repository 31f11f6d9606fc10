//! Settings of the house that live with the data: the sealing key, the organisation's name.

use crate::{Rows, Write, values};
use kernel::{Fault, Seal};
use rand::RngCore;

#[derive(sea_orm::FromQueryResult)]
struct Setting {
    value: String,
}

pub async fn get(rows: &Rows, key: &str) -> Result<Option<String>, Fault> {
    let row: Option<Setting> = rows.one("SELECT value FROM setting WHERE key = $1", values![key]).await?;
    Ok(row.map(|s| s.value))
}

pub async fn set(unit: &Write, key: &str, value: &str) -> Result<(), Fault> {
    const SQL: &str =
        "INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    unit.run(SQL, values![key, value]).await?;
    Ok(())
}

/// The sealing key of this house, made at the first start. All processes on one database share it.
pub async fn seal(unit: &Write, rng: &mut (impl RngCore + Send)) -> Result<Seal, Fault> {
    let mut key = [0_u8; 32];
    rng.fill_bytes(&mut key);
    let fresh: String = key.iter().map(|b| format!("{b:02x}")).collect();
    unit.run("INSERT INTO setting (key, value) VALUES ('seal', $1) ON CONFLICT (key) DO NOTHING", values![fresh])
        .await?;
    let text = get(unit, "seal").await?.unwrap_or_default();
    for (i, byte) in key.iter_mut().enumerate() {
        *byte = text
            .get(2 * i..2 * i + 2)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
            .ok_or_else(|| Fault::Unreadable("setting seal".to_owned()))?;
    }
    Ok(Seal::new(&key))
}

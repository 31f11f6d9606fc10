//! How somebody arranges their overview: their own choice, so it needs no right and leaves no audit entry.

use kernel::{Fault, UserId};
use store::{FromQueryResult, Rows, Write, values};

#[derive(FromQueryResult)]
struct Row {
    tiles: String,
}

/// The codes of the figures they chose, in their order; nothing where they never chose.
pub async fn tiles(rows: &Rows, user: UserId) -> Result<Option<Vec<String>>, Fault> {
    let row: Option<Row> = rows.one("SELECT tiles FROM overview_layout WHERE user_id = $1", values![user.0]).await?;
    Ok(row.map(|row| row.tiles.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect()))
}

/// Keeps a choice; nothing goes back to what everybody sees.
pub async fn arrange(unit: &Write, user: UserId, tiles: Option<&[&str]>) -> Result<(), Fault> {
    let Some(tiles) = tiles else {
        unit.run("DELETE FROM overview_layout WHERE user_id = $1", values![user.0]).await?;
        return Ok(());
    };
    const SQL: &str = "INSERT INTO overview_layout (user_id, tiles) VALUES ($1, $2) \
         ON CONFLICT (user_id) DO UPDATE SET tiles = excluded.tiles";
    unit.run(SQL, values![user.0, tiles.join(",")]).await?;
    Ok(())
}

//! Whoever follows the truth learns of every row that is written, changed or deleted, on both engines.

use kernel::{Lens, Timestamp};
use store::{
    Db,
    changes::{self, Cursor},
    values,
};
use testkit::House;

async fn run(db: &Db, sql: &str) {
    let unit = db.write().await.unwrap();
    unit.run(sql, values![]).await.unwrap();
    unit.save().await.unwrap();
}

/// What a reader at `cursor` is told, and where it stands then.
async fn told(db: &Db, cursor: Cursor) -> (Vec<(String, i64)>, Cursor) {
    let unit = db.read().await.unwrap();
    let next = changes::cursor(&unit).await.unwrap();
    let mut told: Vec<_> =
        changes::since(&unit, cursor).await.unwrap().into_iter().map(|change| (change.what, change.id)).collect();
    told.sort();
    told.dedup();
    (told, next)
}

const COMPANY: &str = "INSERT INTO company (id, name, name_key, created_at, updated_at) VALUES ";

#[tokio::test]
async fn a_reader_is_told_of_new_changed_and_deleted_rows() {
    for house in House::both().await {
        let db = &house.db;
        let (_, start) = told(db, Cursor::default()).await;
        run(db, &format!("{COMPANY} (1, 'Almara', 'almara', 1, 1), (2, 'Bellevue', 'bellevue', 1, 1)")).await;
        let company = |id| ("company".to_owned(), id);
        let (first, cursor) = told(db, start).await;
        assert_eq!(first, [company(1), company(2)]);
        run(db, "UPDATE company SET industry = 'Reisen' WHERE id = 2").await;
        run(db, "DELETE FROM company WHERE id = 1").await;
        let (second, cursor) = told(db, cursor).await;
        assert_eq!(second, [company(1), company(2)]);
        // Beside other transactions of the server PostgreSQL may tell the last ones again, never more.
        let (third, _) = told(db, cursor).await;
        assert!(
            third.iter().all(|told| second.contains(told))
                && (third.is_empty() || db.engine() == store::Engine::Postgres),
            "{third:?}"
        );
    }
}

#[tokio::test]
async fn on_postgres_a_late_commit_with_an_earlier_number_is_not_missed() {
    for house in House::both().await {
        let db = &house.db;
        if db.engine() != store::Engine::Postgres {
            continue;
        }
        let (_, start) = told(db, Cursor::default()).await;
        let slow = db.write().await.unwrap();
        slow.run(&format!("{COMPANY} (1, 'Langsam', 'langsam', 1, 1)"), values![]).await.unwrap();
        run(db, &format!("{COMPANY} (2, 'Schnell', 'schnell', 1, 1)")).await;
        let (first, cursor) = told(db, start).await;
        assert_eq!(first, [("company".to_owned(), 2)]);
        slow.save().await.unwrap();
        let (second, _) = told(db, cursor).await;
        assert!(second.contains(&("company".to_owned(), 1)), "{second:?}");
    }
}

#[tokio::test]
async fn what_every_reader_has_read_is_forgotten_and_a_reader_left_behind_knows_it() {
    for house in House::both().await {
        let db = &house.db;
        for n in 1..=5 {
            run(db, &format!("{COMPANY} ({n}, 'Firma {n}', 'firma {n}', 1, 1)")).await;
        }
        let (mut cursor, mut left) = (Cursor::default(), 5);
        // PostgreSQL keeps the last ones until other transactions of the server have ended.
        for _ in 0..200 {
            cursor = told(db, cursor).await.1;
            let unit = db.write().await.unwrap();
            changes::read_until(&unit, "first", cursor, Timestamp(10)).await.unwrap();
            unit.save().await.unwrap();
            left = db.read().await.unwrap().number("SELECT COUNT(*) FROM change", values![]).await.unwrap();
            if left == 1 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(left, 1);
        let unit = db.read().await.unwrap();
        assert!(changes::reaches(&unit, cursor).await.unwrap());
        assert!(!changes::reaches(&unit, Cursor(0)).await.unwrap());
    }
}

#[tokio::test]
async fn the_stamp_moves_with_every_change() {
    for house in House::both().await {
        let db = &house.db;
        let lens = house.lens();
        let first = lens.stamp().await.unwrap();
        // On PostgreSQL any transaction of the server moves it.
        if db.engine() == store::Engine::Sqlite {
            assert_eq!(lens.stamp().await.unwrap(), first);
        }
        run(db, &format!("{COMPANY} (1, 'Almara', 'almara', 1, 1)")).await;
        assert_ne!(lens.stamp().await.unwrap(), first);
    }
}

use super::world::{TODAY, petra};
use crm::{
    customers::{ContactDraft, create_contact},
    privacy::{
        register::{self, Note},
        restriction,
        retention::{self, GRACE, Retain},
    },
    staff::{audit, seen::Seen},
};
use kernel::{ContactId, Locale, time::DAY, time::HOUR};
use store::{tasks::Nudge, values};
use testkit::House;

async fn lead(house: &House, name: &str) -> ContactId {
    let unit = house.db.write().await.unwrap();
    let draft = ContactDraft { kind: "lead".into(), last_name: name.into(), ..ContactDraft::default() };
    let made = create_contact(&unit, &house.jana(), draft, house.now(), TODAY).await.unwrap();
    unit.save().await.unwrap();
    made.contact_id()
}

async fn due(house: &House, code: &str) -> i64 {
    let rows = house.db.read().await.unwrap();
    let outlook = retention::outlook(&rows, &petra(), &house.zone, house.now()).await.unwrap();
    outlook.iter().find(|one| one.rule.code == code).unwrap().records
}

async fn erasing(house: &House) -> Vec<i64> {
    let rows = house.db.read().await.unwrap();
    rows.numbers("SELECT contact_id FROM erasure ORDER BY contact_id", vec![]).await.unwrap()
}

#[tokio::test]
async fn retention_shows_first_and_then_acts_and_leaves_alone_who_is_held() {
    for house in House::both().await {
        let (silent, held, heard) =
            (lead(&house, "Still").await, lead(&house, "Gehalten").await, lead(&house, "Laut").await);
        let retain = Retain {
            db: house.db.clone(),
            clock: house.clock.clone(),
            zone: house.zone.clone(),
            nudge: Nudge::default(),
        };
        house.clock.forward(200 * DAY);
        let unit = house.db.write().await.unwrap();
        const CALL: &str = "INSERT INTO interaction (occurred_at, received_at, contact_id, channel, kind, subject, verdict) \
             VALUES ($1, $1, $2, 'phone', 'call_in', 'alt', 'human')";
        unit.run(CALL, values![house.now().0, heard.0]).await.unwrap();
        unit.run(CALL, values![house.now().0 - 1_200 * DAY, heard.0]).await.unwrap();
        unit.save().await.unwrap();
        assert_eq!((due(&house, "leads").await, due(&house, "talks").await), (2, 1));
        retain.once().await.unwrap();
        assert!(erasing(&house).await.is_empty(), "at first it only shows");

        let unit = house.db.write().await.unwrap();
        restriction::hold(&unit, &petra(), held, "Klage", house.now()).await.unwrap();
        unit.save().await.unwrap();
        let rows = house.db.read().await.unwrap();
        let people = retention::people(&rows, &petra(), "leads", &house.zone, house.now(), 9).await.unwrap();
        assert_eq!(people, [silent]);
        drop(rows);
        house.clock.forward(GRACE + DAY);
        retain.once().await.unwrap();
        retain.once().await.unwrap();
        assert_eq!(erasing(&house).await, [silent.0]);
        assert_eq!(due(&house, "talks").await, 0);
        const LEFT: &str = "SELECT COUNT(*) FROM interaction WHERE subject = 'alt'";
        assert_eq!(house.db.read().await.unwrap().number(LEFT, vec![]).await.unwrap(), 1, "the young one stays");

        let unit = house.db.write().await.unwrap();
        assert!(retention::set(&unit, &petra(), "leads", 0, true, house.now()).await.is_err());
        retention::set(&unit, &petra(), "leads", 600, true, house.now()).await.unwrap();
        unit.save().await.unwrap();
        assert_eq!(due(&house, "leads").await, 0);
    }
}

#[tokio::test]
async fn the_record_of_processing_names_every_table_about_people() {
    for house in House::both().await {
        let unit = house.db.write().await.unwrap();
        let note = Note { table_name: "purchase".into(), basis: "Reisevertrag".into(), ..Note::default() };
        register::set(&unit, &petra(), &note, house.now()).await.unwrap();
        assert!(register::set(&unit, &house.sabine(), &note, house.now()).await.is_err(), "not her right");
        unit.run("CREATE TABLE added_later (id BIGINT, contact_id BIGINT, hobby TEXT)", vec![]).await.unwrap();
        let found = register::activities(&unit, &petra(), Locale::De).await.unwrap();
        let of = |table: &str| found.iter().find(|one| one.table == table).unwrap_or_else(|| panic!("{table}"));
        assert_eq!(
            (of("purchase").basis.as_str(), of("purchase").retention.as_str()),
            ("Reisevertrag", "10 Jahre (§ 147 AO)")
        );
        assert!(of("added_later").data.contains("hobby"));
        assert_eq!(found[0].table, "contact");
    }
}

#[tokio::test]
async fn who_looks_at_whom_is_noted_once_an_hour() {
    for house in House::both().await {
        let (seen, one) = (Seen::default(), ContactId(7));
        for hours in [0, 0, 2] {
            seen.note(&house.jana(), one, house.now().plus(hours * HOUR));
        }
        seen.note(&house.aylin(), one, house.now());
        assert_eq!((seen.write(&house.db).await.unwrap(), seen.write(&house.db).await.unwrap()), (3, 0));
        let rows = house.db.read().await.unwrap();
        let filter = audit::Filter {
            contact: Some(7),
            actor: Some("Jana Hoffmann".into()),
            action: Some("contact.".into()),
            from: Some(house.now()),
            to: Some(house.now().plus(HOUR)),
        };
        assert_eq!(audit::entries(&rows, &filter, None, 9).await.unwrap().len(), 1);
        assert_eq!(audit::entries(&rows, &audit::Filter::default(), None, 9).await.unwrap().len(), 3);
    }
}

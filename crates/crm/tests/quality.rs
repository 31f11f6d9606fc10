//! Stories of data quality: every rule trips over its record and lets it go when it is mended.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::{
    Refusal, Trouble,
    quality::{self, KeepQuality, RULES, look, rule, standings, touching, touching_campaign},
    staff::{
        Actor, Role,
        notifications::{self, Topic},
        users::{self, NewUser},
    },
};
use kernel::{
    CampaignId, Locale,
    time::{DAY, HOUR},
};
use store::values;
use testkit::House;

async fn hired(house: &House, login: &str, role: Role) -> Actor {
    let unit = house.db.write().await.unwrap();
    let new = NewUser { login, name: login, roles: &[role], locale: Locale::De };
    let id = users::create(&unit, &Actor::system("test"), new, house.now()).await.unwrap();
    let user = users::find(&unit, id).await.unwrap().unwrap();
    unit.save().await.unwrap();
    user.actor("")
}

async fn run(house: &House, statements: &[&str]) {
    let unit = house.db.write().await.unwrap();
    for sql in statements {
        let sql = sql.replace("{now}", &house.now().0.to_string());
        unit.run(&sql, vec![]).await.unwrap_or_else(|fault| panic!("{sql}: {fault}"));
    }
    unit.save().await.unwrap();
}

/// Three people of whom nothing is wrong, a company, a campaign with a mail, and purchases.
async fn furnish(house: &House) {
    let contact = "INSERT INTO contact (id, number, kind, first_name, last_name, name_key, first_key, birth_date, email, email_key, \
         postal_code, country, company_id, created_at, updated_at) VALUES ";
    run(
        house,
        &[
            "INSERT INTO company (id, name, name_key, created_at, updated_at) VALUES (1, 'Hafen', 'hafen', 1, 1)",
            &format!(
                "{contact} (1, 'K1', 'customer', 'A', 'A', 'a', 'a', '1980-02-03', 'a@x.example', 'a@x.example', '20095', 'DE', 1, 1, 1), \
                 (2, 'K2', 'customer', 'B', 'B', 'b', 'b', NULL, 'b@x.example', 'b@x.example', '1010', 'AT', NULL, 1, 1), \
                 (3, 'K3', 'prospect', 'C', 'C', 'c', 'c', NULL, NULL, NULL, NULL, NULL, NULL, 1, 1)"
            ),
            "INSERT INTO consent (contact_id, channel, purpose, granted, source, wording, at, recorded_at) \
             VALUES (1, 'email', 'marketing', 1, 'form', 'w', 1, 1)",
            "INSERT INTO purchase (id, number, contact_id, placed_at, total_minor, currency, source, created_at, updated_at) \
             VALUES (1, 'A-1', 1, {now} - 5, 100, 'EUR', 'erp', 1, 1), (2, 'A-2', 2, {now} - 5, 100, 'EUR', 'erp', 1, 1)",
            "INSERT INTO campaign (id, name, goal, state, created_at, updated_at) VALUES (1, 'K', 'loyalty', 'running', 1, 1)",
            "INSERT INTO campaign_step (id, campaign_id, position, channel, from_name, from_address, subject, body) \
             VALUES (1, 1, 1, 'email', 'x', 'x', 'x', 'x')",
            "INSERT INTO message (id, campaign_id, step_id, contact_id, address, domain, state, due_at, sent_at) \
             VALUES (1, 1, 1, 1, 'a@x.example', 'x.example', 'sent', 1, {now} - 100)",
            "INSERT INTO interaction (occurred_at, received_at, contact_id, channel, kind, message_id, verdict) \
             VALUES ({now} - 50, {now}, 1, 'email', 'opened', 1, 'human')",
        ],
    )
    .await;
}

/// What trips each rule, and what mends it.
const WRONGS: [(&str, &str, &str); 11] = [
    (
        "consent_without_proof",
        "UPDATE consent SET source = 'double_opt_in' WHERE contact_id = 1",
        "UPDATE consent SET source = 'form' WHERE contact_id = 1",
    ),
    (
        "order_without_customer",
        "UPDATE contact SET kind = 'lead' WHERE id = 2",
        "UPDATE contact SET kind = 'customer' WHERE id = 2",
    ),
    (
        "order_in_future",
        "UPDATE purchase SET placed_at = {now} + 172800000000 WHERE id = 2",
        "UPDATE purchase SET placed_at = 5 WHERE id = 2",
    ),
    (
        "click_before_send",
        "UPDATE message SET sent_at = {now} WHERE id = 1",
        "UPDATE message SET sent_at = 5 WHERE id = 1",
    ),
    (
        "address_bounced",
        "INSERT INTO suppression (email_key, reason, at) VALUES ('b@x.example', 'hard_bounce', 1)",
        "DELETE FROM suppression",
    ),
    (
        "consent_without_address",
        "UPDATE contact SET email = NULL, email_key = NULL WHERE id = 1",
        "UPDATE contact SET email = 'a@x.example', email_key = 'a@x.example' WHERE id = 1",
    ),
    (
        "birth_in_future",
        "UPDATE contact SET birth_date = '2031-01-01' WHERE id = 1",
        "UPDATE contact SET birth_date = '1981-01-01' WHERE id = 1",
    ),
    (
        "impossible_age",
        "UPDATE contact SET birth_date = '1900-01-01' WHERE id = 1",
        "UPDATE contact SET birth_date = '1981-01-01' WHERE id = 1",
    ),
    (
        "postal_code_of_another_country",
        "UPDATE contact SET country = 'AT' WHERE id = 1",
        "UPDATE contact SET country = 'DE' WHERE id = 1",
    ),
    (
        "company_without_people",
        "UPDATE contact SET company_id = NULL WHERE id = 1",
        "UPDATE contact SET company_id = 1 WHERE id = 1",
    ),
    (
        "address_shared",
        "UPDATE contact SET email = 'b@x.example', email_key = 'b@x.example' WHERE id = 3",
        "UPDATE contact SET email = NULL, email_key = NULL WHERE id = 3",
    ),
];

#[tokio::test]
async fn every_rule_trips_over_its_record_and_lets_go_when_it_is_mended() {
    for house in House::both().await {
        furnish(&house).await;
        let open = async |code: &str| {
            house.clock.forward(HOUR);
            look(&house.db, rule(code).unwrap(), &house.zone, house.now()).await.unwrap()
        };
        for rule in RULES {
            assert_eq!(open(rule.code).await, 0, "{}: nothing is wrong yet", rule.code);
        }
        for (code, wrong, right) in WRONGS {
            run(&house, &[wrong]).await;
            let found = if code == "address_shared" { 2 } else { 1 };
            assert_eq!(open(code).await, found, "{code}");
            assert_eq!(open(code).await, found, "{code}: seen again is not found again");
            run(&house, &[right]).await;
            assert_eq!(open(code).await, 0, "{code}: mended");
        }
        assert!(
            RULES.iter().all(|rule| rule.code == "import_gap" || WRONGS.iter().any(|(code, ..)| *code == rule.code))
        );
        let rows = house.db.read().await.unwrap();
        let kept = rows.number("SELECT COUNT(*) FROM finding WHERE closed_at IS NULL", values![]).await.unwrap();
        assert_eq!(kept, 0);
    }
}

#[tokio::test]
async fn an_import_that_came_every_day_is_missed() {
    for house in House::both().await {
        for n in (0..5).rev() {
            let sql = format!(
                "INSERT INTO import_run (kind, file_name, file_path, file_bytes, dialect, mapping, state, created_at, finished_at) \
                 VALUES ('orders', 'f', 'f', 1, '', '', 'done', {{now}} - {0}, {{now}} - {0})",
                n * DAY
            );
            run(&house, &[&sql]).await;
        }
        let gap = rule("import_gap").unwrap();
        assert_eq!(look(&house.db, gap, &house.zone, house.now()).await.unwrap(), 0);
        house.clock.forward(4 * DAY);
        assert_eq!(look(&house.db, gap, &house.zone, house.now()).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn an_exception_stays_one_and_a_report_ends_when_nothing_is_open() {
    for house in House::both().await {
        furnish(&house).await;
        let jana = hired(&house, "jana@almara.example", Role::MarketingManager).await;
        let sabine = hired(&house, "sabine@almara.example", Role::Administrator).await;
        let aylin = hired(&house, "aylin@almara.example", Role::Agent).await;
        run(&house, &["UPDATE contact SET kind = 'lead' WHERE id IN (1, 2)"]).await;
        let keep = KeepQuality { db: house.db.clone(), clock: house.clock.clone(), zone: house.zone.clone() };
        let mut ran = 0;
        while keep.once().await.unwrap() {
            ran += 1;
        }
        assert_eq!(ran, RULES.len(), "each once");
        let unit = house.db.write().await.unwrap();
        let code = "order_without_customer";
        let found = quality::listed(&unit, &jana, code, false, 0, 9).await.unwrap();
        assert_eq!(found.iter().map(|one| one.contact_id).collect::<Vec<_>>(), [Some(1), Some(2)]);
        assert!(matches!(
            quality::listed(&unit, &aylin, code, false, 0, 9).await,
            Err(Trouble::Refusal(Refusal::Right(_)))
        ));
        let touched = touching(&unit, &["revenue"]).await.unwrap();
        assert_eq!((touched.len(), touched[0].open, touched[0].share), (1, 2, 1.0));
        assert_eq!(touching(&unit, &["social_engagement"]).await.unwrap(), []);
        // Of a campaign it is those of its audience.
        for (contact, fate) in [(1, "treated"), (2, "no_consent"), (3, "control")] {
            const SQL: &str = "INSERT INTO audience (campaign_id, contact_id, fate) VALUES (1, $1, $2) \
                 ON CONFLICT (campaign_id, contact_id) DO UPDATE SET fate = excluded.fate";
            unit.run(SQL, values![contact, fate]).await.unwrap();
        }
        let touched = touching_campaign(&unit, CampaignId(1), &["revenue"]).await.unwrap();
        assert_eq!((touched.len(), touched[0].open, touched[0].share), (1, 1, 0.5));
        assert_eq!(touching_campaign(&unit, CampaignId(1), &["open_rate"]).await.unwrap(), []);

        assert!(quality::exempt(&unit, &jana, found[0].id, " ", house.now()).await.is_err(), "why?");
        quality::exempt(&unit, &jana, found[0].id, "Reisebüro", house.now()).await.unwrap();
        let id = quality::tell(&unit, &jana, code, "Bitte mal schauen", house.now()).await.unwrap();
        let again = quality::tell(&unit, &jana, code, "Noch mal", house.now()).await;
        assert!(matches!(again, Err(Trouble::Refusal(Refusal::State(_)))), "{again:?}");
        assert!(quality::take_on(&unit, &jana, id, house.now()).await.is_err(), "not hers to mend");
        quality::take_on(&unit, &sabine, id, house.now()).await.unwrap();
        unit.save().await.unwrap();
        run(&house, &["UPDATE contact SET kind = 'customer' WHERE id = 2"]).await;
        house.clock.forward(2 * HOUR);
        while keep.once().await.unwrap() {}

        let rows = house.db.read().await.unwrap();
        let standing = standings(&rows, &jana, "2020-01-01").await.unwrap();
        let standing = standing.iter().find(|one| one.rule == code).unwrap();
        assert_eq!((standing.open, standing.exempt, standing.records), (0, 1, 2));
        assert_eq!(standing.course.last(), Some(&0));
        assert_eq!(quality::reports(&rows, &jana, 9).await.unwrap()[0].state, "mended");
        for (who, links) in [(&jana, 1), (&sabine, 1)] {
            let told = notifications::list(&rows, who.user().unwrap(), None, 9).await.unwrap();
            assert_eq!(told.iter().filter(|one| one.topic == Topic::Quality).count(), links);
        }
        drop(rows);
        let unit = house.db.write().await.unwrap();
        quality::unexempt(&unit, &jana, found[0].id, house.now()).await.unwrap();
        assert!(quality::unexempt(&unit, &jana, found[0].id, house.now()).await.is_err());
    }
}

//! Stories of the staff: who comes in, who does not, and what is written down about it.

use crm::{
    Refusal, Trouble,
    staff::{
        Actor, Role, audit,
        links::{self, Purpose},
        sessions::{self, Origin, Times},
        signing_in::{self, Attempt},
        tokens,
        users::{self, NewUser},
    },
};
use kernel::{
    Locale, UserId, chance,
    time::{DAY, HOUR, MINUTE},
};
use testkit::House;

const GOOD: &str = "Übermorgen nach Kreta";

fn system() -> Actor {
    Actor::system("test")
}

async fn hire(house: &House, login: &str, roles: &[Role]) -> UserId {
    let unit = house.db.write().await.unwrap();
    let new = NewUser { login, name: "Jana Hoffmann", roles, locale: Locale::De };
    let id = users::create(&unit, &system(), new, house.now()).await.unwrap();
    let secret =
        links::issue(&unit, &system(), id, Purpose::Invitation, house.now(), &mut chance::seeded(1)).await.unwrap();
    let hash = links::prepare(GOOD, login, &mut chance::seeded(2)).await.unwrap();
    links::redeem(&unit, &secret, &hash, "192.0.2.1", house.now()).await.unwrap();
    unit.save().await.unwrap();
    id
}

async fn sign_in(house: &House, login: &str, password: &str) -> Option<String> {
    let attempt = Attempt { login, password, from: Origin { address: "192.0.2.1", agent: "Firefox" } };
    let admitted =
        signing_in::sign_in(&house.db, &attempt, Times::default(), house.now(), &mut chance::system()).await.unwrap();
    admitted.map(|a| a.cookie)
}

async fn sits(house: &House, cookie: &str) -> bool {
    let rows = house.db.read().await.unwrap();
    sessions::find(&rows, cookie, Times::default(), house.now()).await.unwrap().is_some()
}

#[tokio::test]
async fn only_the_right_password_of_an_open_account_comes_in_and_every_attempt_is_written_down() {
    for house in House::both().await {
        let jana = hire(&house, "jana@almara.example", &[Role::MarketingManager]).await;
        assert!(sign_in(&house, "jana@almara.example", "Übermorgen nach Rhodos").await.is_none());
        assert!(sign_in(&house, "nobody@almara.example", GOOD).await.is_none());
        let cookie = sign_in(&house, " JANA@almara.example ", GOOD).await.unwrap();
        assert!(sits(&house, &cookie).await);
        let entries =
            audit::entries(&house.db.read().await.unwrap(), &audit::Filter::default(), None, 3).await.unwrap();
        let seen: Vec<_> = entries.iter().map(|e| (e.action.as_str(), e.subject_id, e.detail.as_str())).collect();
        assert_eq!(
            seen,
            [
                ("session.opened", Some(jana.0), "null"),
                ("session.refused", None, r#"{"why":"unknown_login"}"#),
                ("session.refused", Some(jana.0), r#"{"why":"wrong_password"}"#),
            ]
        );
        let whole = format!("{entries:?}");
        assert!(!whole.contains("Rhodos") && !whole.contains("nobody@"), "{whole}");
    }
}

#[tokio::test]
async fn a_closed_account_is_out_at_once_and_stays_out() {
    for house in House::both().await {
        let jana = hire(&house, "jana@almara.example", &[Role::MarketingManager]).await;
        let cookie = sign_in(&house, "jana@almara.example", GOOD).await.unwrap();
        let unit = house.db.write().await.unwrap();
        users::set_active(&unit, &house.sabine(), jana, false, house.now()).await.unwrap();
        unit.save().await.unwrap();
        assert!(!sits(&house, &cookie).await);
        assert!(sign_in(&house, "jana@almara.example", GOOD).await.is_none());
    }
}

#[tokio::test]
async fn a_session_ends_when_nobody_sits_there_and_after_a_week_in_any_case() {
    for house in House::both().await {
        hire(&house, "jana@almara.example", &[Role::MarketingManager]).await;
        let idle = sign_in(&house, "jana@almara.example", GOOD).await.unwrap();
        house.clock.forward(8 * HOUR - MINUTE);
        assert!(sits(&house, &idle).await);
        house.clock.forward(MINUTE);
        assert!(!sits(&house, &idle).await);

        let busy = sign_in(&house, "jana@almara.example", GOOD).await.unwrap();
        let mut hours = 0;
        while sits(&house, &busy).await {
            let unit = house.db.write().await.unwrap();
            let session = sessions::find(&unit, &busy, Times::default(), house.now()).await.unwrap().unwrap();
            sessions::touch(&unit, &session, house.now()).await.unwrap();
            unit.save().await.unwrap();
            house.clock.forward(HOUR);
            hours += 1;
        }
        assert_eq!(hours, 7 * DAY / HOUR);
    }
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_and_changes_this_ones_cookie() {
    for house in House::both().await {
        hire(&house, "jana@almara.example", &[Role::MarketingManager]).await;
        let here = sign_in(&house, "jana@almara.example", GOOD).await.unwrap();
        let elsewhere = sign_in(&house, "jana@almara.example", GOOD).await.unwrap();
        let session = {
            let rows = house.db.read().await.unwrap();
            sessions::find(&rows, &here, Times::default(), house.now()).await.unwrap().unwrap()
        };
        let change = async |old: &str, new: &str| {
            signing_in::change_password(&house.db, &session, old, new, "", house.now(), &mut chance::system()).await
        };
        assert!(matches!(change("falsch", "Nächstes Jahr Rhodos").await, Err(Trouble::Refusal(Refusal::Invalid(_)))));
        assert!(matches!(change(GOOD, "passwort123").await, Err(Trouble::Refusal(Refusal::Invalid(_)))));
        let fresh = change(GOOD, "Nächstes Jahr Rhodos").await.unwrap();
        assert!(sits(&house, &fresh).await);
        assert!(!sits(&house, &here).await);
        assert!(!sits(&house, &elsewhere).await);
        assert!(sign_in(&house, "jana@almara.example", GOOD).await.is_none());
    }
}

#[tokio::test]
async fn other_roles_change_the_cookie_at_the_next_page() {
    for house in House::both().await {
        let jana = hire(&house, "jana@almara.example", &[Role::Agent]).await;
        let cookie = sign_in(&house, "jana@almara.example", GOOD).await.unwrap();
        let unit = house.db.write().await.unwrap();
        users::set_roles(&unit, &house.sabine(), jana, &[Role::Analyst, Role::Agent], house.now()).await.unwrap();
        let session = sessions::find(&unit, &cookie, Times::default(), house.now()).await.unwrap().unwrap();
        assert!(session.renew);
        assert_eq!(session.user.roles, [Role::Agent, Role::Analyst]);
        let fresh = sessions::rotate(&unit, &session, house.now(), &mut chance::system()).await.unwrap().unwrap();
        unit.save().await.unwrap();
        assert!(!sits(&house, &cookie).await);
        assert!(sits(&house, &fresh).await);
    }
}

#[tokio::test]
async fn a_link_works_once_and_not_for_ever() {
    for house in House::both().await {
        let jana = hire(&house, "jana@almara.example", &[Role::Agent]).await;
        let issue = async |purpose| {
            let unit = house.db.write().await.unwrap();
            let secret =
                links::issue(&unit, &house.sabine(), jana, purpose, house.now(), &mut chance::system()).await.unwrap();
            unit.save().await.unwrap();
            secret
        };
        let redeem = async |secret: &str| {
            let unit = house.db.write().await.unwrap();
            let outcome = links::redeem(&unit, secret, "$argon2id$x", "", house.now()).await;
            unit.save().await.unwrap();
            outcome.is_ok()
        };
        let first = issue(Purpose::Reset).await;
        let second = issue(Purpose::Reset).await;
        assert!(!redeem(&first).await, "a newer link takes the place of an older one");
        assert!(redeem(&second).await);
        assert!(!redeem(&second).await);
        let late = issue(Purpose::Reset).await;
        house.clock.forward(DAY);
        assert!(!redeem(&late).await);
        let invitation = issue(Purpose::Invitation).await;
        house.clock.forward(7 * DAY - MINUTE);
        assert!(redeem(&invitation).await);
    }
}

#[tokio::test]
async fn the_console_prints_a_link_until_an_administrator_has_a_password() {
    for house in House::both().await {
        let unit = house.db.write().await.unwrap();
        let first = links::first_administrator(&unit, house.now(), &mut chance::system()).await.unwrap().unwrap();
        let again = links::first_administrator(&unit, house.now(), &mut chance::system()).await.unwrap().unwrap();
        assert!(links::redeem(&unit, &first, "$argon2id$x", "", house.now()).await.is_err());
        let admin = links::redeem(&unit, &again, "$argon2id$x", "", house.now()).await.unwrap();
        assert_eq!(admin.roles, [Role::Administrator]);
        assert!(links::first_administrator(&unit, house.now(), &mut chance::system()).await.unwrap().is_none());
        assert_eq!(users::list(&unit).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn the_house_keeps_its_last_administrator() {
    for house in House::both().await {
        let admin = hire(&house, "sabine@almara.example", &[Role::Administrator]).await;
        let unit = house.db.write().await.unwrap();
        let by = house.sabine();
        let last = |outcome| matches!(outcome, Err(Trouble::Refusal(Refusal::State(_))));
        assert!(last(users::set_active(&unit, &by, admin, false, house.now()).await));
        assert!(last(users::set_roles(&unit, &by, admin, &[Role::Agent], house.now()).await));
        let new = NewUser {
            login: "zweite@almara.example",
            name: "Zweite",
            roles: &[Role::Administrator],
            locale: Locale::De,
        };
        users::create(&unit, &by, new, house.now()).await.unwrap();
        users::set_active(&unit, &by, admin, false, house.now()).await.unwrap();
    }
}

#[tokio::test]
async fn accounts_and_tokens_need_the_right_to_make_them() {
    for house in House::both().await {
        let unit = house.db.write().await.unwrap();
        let new = NewUser { login: "a@b.example", name: "A", roles: &[], locale: Locale::De };
        let missing = |outcome: Result<(), Trouble>| matches!(outcome, Err(Trouble::Refusal(Refusal::Right(_))));
        assert!(missing(users::create(&unit, &house.jana(), new, house.now()).await.map(drop)));
        let made =
            tokens::create(&unit, &house.jana(), "ERP", &[Role::Agent], house.now(), &mut chance::seeded(1)).await;
        assert!(missing(made.map(drop)));
    }
}

#[tokio::test]
async fn a_token_acts_with_its_own_roles_until_it_is_revoked() {
    for house in House::both().await {
        let unit = house.db.write().await.unwrap();
        let by = house.sabine();
        let (id, secret) =
            tokens::create(&unit, &by, "ERP", &[Role::MarketingManager], house.now(), &mut chance::seeded(3))
                .await
                .unwrap();
        assert!(secret.starts_with("kk_") && secret.len() == 46);
        let found = tokens::find(&unit, &secret).await.unwrap().unwrap();
        assert_eq!(found.actor("").roles, [Role::MarketingManager]);
        assert!(tokens::find(&unit, &secret.replace("kk_", "kk-")).await.unwrap().is_none());
        tokens::revoke(&unit, &by, id, house.now()).await.unwrap();
        assert!(tokens::find(&unit, &secret).await.unwrap().is_none());
        assert!(tokens::revoke(&unit, &by, id, house.now()).await.is_err());
    }
}

#[tokio::test]
async fn a_login_is_an_address_or_a_short_name_and_taken_only_once() {
    for house in House::both().await {
        let unit = house.db.write().await.unwrap();
        let try_login = async |login: &str| {
            let new = NewUser { login, name: "A", roles: &[], locale: Locale::De };
            match users::create(&unit, &system(), new, house.now()).await {
                Ok(_) => "made",
                Err(Trouble::Refusal(Refusal::Invalid(complaints))) => complaints[0].code,
                Err(other) => panic!("{other:?}"),
            }
        };
        assert_eq!(try_login("jana@almara.example").await, "made");
        assert_eq!(try_login("JANA@almara.example").await, "taken");
        assert_eq!(try_login("jana hoffmann").await, "login");
        assert_eq!(try_login("<script>").await, "login");
        assert_eq!(try_login("").await, "login");
    }
}

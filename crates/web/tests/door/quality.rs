//! Data quality at the door: shown, excepted with a way back, told to IT, and carried as a warning by the figures it touches.

use super::furnished::{Place, csrf};
use axum::http::StatusCode;
use crm::{
    customers::{ContactDraft, create_contact},
    quality::KeepQuality,
    staff::{Actor, Role},
};

const JANA: &str = "jana@almara.example";
const RULE: &str = "/verwaltung/datenqualitaet/order_without_customer";

#[tokio::test]
async fn a_finding_is_shown_excepted_brought_back_and_reported() {
    for place in Place::both().await {
        place.hire(JANA, "Jana Hoffmann", &[Role::MarketingManager]).await;
        place.hire("sabine@almara.example", "Sabine Ritter", &[Role::Administrator]).await;
        place.hire("anna@almara.example", "Anna Lyse", &[Role::Analyst]).await;
        let unit = place.house.db.write().await.unwrap();
        let (by, now) = (Actor::system("test"), place.house.now());
        let draft = ContactDraft { kind: "lead".into(), last_name: "Mül<b>ler".into(), ..ContactDraft::default() };
        let contact = create_contact(&unit, &by, draft, now, place.house.zone.day(now)).await.unwrap();
        let order = "INSERT INTO purchase (number, contact_id, placed_at, total_minor, currency, source, created_at, updated_at) \
             VALUES ('A-1', $1, 8, 120000, 'EUR', 'erp', 8, 8)";
        unit.run(order, store::values![contact.id]).await.unwrap();
        unit.save().await.unwrap();
        place.hire("petra@almara.example", "Petra", &[Role::DataProtectionOfficer]).await;
        let petra = place.sign_in("petra@almara.example").await;
        let early = place.get("/verwaltung/datenqualitaet", &petra).await.text;
        assert!(!early.contains("nichts</span>") && early.contains("wird geprüft"), "{early}");
        let (db, clock, zone) = (place.house.db.clone(), place.house.clock.clone(), place.house.zone.clone());
        while (KeepQuality { db: db.clone(), clock: clock.clone(), zone: zone.clone() }).once().await.unwrap() {}

        let jana = place.sign_in(JANA).await;
        let overview = place.get("/", &jana).await.text;
        assert!(overview.contains("1 betroffen (100,0") && overview.contains(RULE), "{overview}");
        let page = place.get("/verwaltung/datenqualitaet", &jana).await;
        assert!(page.text.contains("Buchung ohne Kunden") && page.text.contains("Ein Befund"), "{}", page.text);
        let list = place.get(RULE, &jana).await;
        assert!(
            list.text.contains("Mül&#60;b&#62;ler") && list.text.contains("Beispiele (Nummern): 1"),
            "{}",
            list.text
        );
        let secret = csrf(&list.text);
        let anna = place.sign_in("anna@almara.example").await;
        let seen = place.get(RULE, &anna).await;
        assert!(seen.status == StatusCode::OK && !seen.text.contains("Mül"), "whoever sees no people sees no names");

        let finding = list.text.split("befund/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let path = format!("/verwaltung/datenqualitaet/befund/{finding}");
        let why = place.post(&format!("{path}/ausnahme"), &jana, &[("csrf", &secret), ("reason", " ")]).await;
        assert_eq!(why.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", why.text);
        let fields = [("csrf", secret.as_str()), ("reason", "Reise<i>büro")];
        let done = place.post(&format!("{path}/ausnahme"), &jana, &fields).await;
        let page = place.get(done.header("location"), &jana).await;
        assert!(page.text.contains(&format!("{path}/zurueck")) && page.text.contains("eine Ausnahme"), "{}", page.text);
        let exempt = place.get(&format!("{RULE}?stand=ausnahmen"), &jana).await.text;
        assert!(exempt.contains("Jana Hoffmann: Reise&#60;i&#62;büro"), "{exempt}");
        place.post(&format!("{path}/zurueck"), &jana, &[("csrf", &secret)]).await;

        let tell = format!("{RULE}/melden");
        let empty = place.post(&tell, &jana, &[("csrf", &secret), ("text", "")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", empty.text);
        let told = place.post(&tell, &jana, &[("csrf", &secret), ("text", "Bitte <b>prüfen")]).await;
        assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.text);
        let twice = place.post(&tell, &jana, &[("csrf", &secret), ("text", "Noch mal")]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "{}", twice.text);
        let sabine = place.sign_in("sabine@almara.example").await;
        assert!(place.get("/benachrichtigungen", &sabine).await.text.contains("Jana Hoffmann meldet"));
        let page = place.get("/verwaltung/datenqualitaet", &sabine).await.text;
        assert!(page.contains("Bitte &#60;b&#62;prüfen") && page.contains("meldungen/1"), "{page}");
        let taken = [("csrf", csrf(&page))];
        let fields: Vec<(&str, &str)> = taken.iter().map(|(name, value)| (*name, value.as_str())).collect();
        place.post("/verwaltung/datenqualitaet/meldungen/1", &sabine, &fields).await;
        assert!(place.get("/verwaltung/datenqualitaet", &jana).await.text.contains("in Arbeit"));
        assert_eq!(place.get("/verwaltung/datenqualitaet/gibt-es-nicht", &jana).await.status, StatusCode::NOT_FOUND);
    }
}

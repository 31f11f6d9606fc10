//! The list as a tool: many contacts changed at once and taken back, views that are kept.

use crm::{
    Refusal, Trouble,
    customers::{
        self, BulkField, BulkWorker, Contact, ContactDraft, ContactQuery, Preview, Whom, create_contact, edit_contact,
        find_bulk, find_contact, plan_bulk, preview_bulk, start_bulk, undo_bulk,
    },
    history::{self, Subject},
    staff::audit,
};
use kernel::{ChangeSetId, ContactId};
use std::sync::Arc;
use store::{Batch, jobs::Jobs, tasks::Tasks, values};
use testkit::House;

async fn enter(house: &House, last: &str, kind: &str) -> Contact {
    let unit = house.db.write().await.unwrap();
    let draft = ContactDraft { last_name: last.into(), kind: kind.into(), ..ContactDraft::default() };
    let today = house.zone.day(house.now());
    let contact = create_contact(&unit, &house.jana(), draft, house.now(), today).await.unwrap();
    unit.save().await.unwrap();
    contact
}

async fn now(house: &House, id: i64) -> Contact {
    find_contact(&house.db.read().await.unwrap(), ContactId(id)).await.unwrap().unwrap()
}

async fn plan(house: &House, whom: Whom, field: BulkField, value: &str) -> Result<i64, Trouble> {
    let unit = house.db.write().await.unwrap();
    let id = plan_bulk(&unit, &house.jana(), whom, field, value, "/kontakte", house.now()).await?;
    unit.save().await.unwrap();
    Ok(id)
}

async fn start(house: &House, id: i64) -> customers::Bulk {
    let unit = house.db.write().await.unwrap();
    let bulk = start_bulk(&unit, &house.jana(), id, &house.clock).await.unwrap();
    unit.save().await.unwrap();
    bulk
}

async fn undo(house: &House, id: i64) -> customers::Bulk {
    let unit = house.db.write().await.unwrap();
    let bulk = undo_bulk(&unit, &house.jana(), id, &house.clock).await.unwrap();
    unit.save().await.unwrap();
    bulk
}

#[tokio::test]
async fn a_value_for_many_is_looked_at_first_and_taken_back_as_a_whole() {
    for house in House::both().await {
        let mut ids = Vec::new();
        for (last, kind) in [("Vogel", "lead"), ("Brandt", "lead"), ("Kaiser", "customer")] {
            ids.push(enter(&house, last, kind).await.id);
        }
        let id = plan(&house, Whom::These(ids.clone()), BulkField::Kind, "customer").await.unwrap();
        let rows = house.db.read().await.unwrap();
        let planned = find_bulk(&rows, &house.jana(), id).await.unwrap();
        assert_eq!(preview_bulk(&rows, &planned).await.unwrap(), Preview { total: 3, unchanged: 1 });
        drop(rows);
        assert_eq!(now(&house, ids[0]).await.kind, "lead", "nothing changes before somebody says so");

        let done = start(&house, id).await;
        assert_eq!((done.state.as_str(), done.done, done.changed), ("done", 3, 2));
        assert_eq!(now(&house, ids[0]).await.kind, "customer");
        let rows = house.db.read().await.unwrap();
        let set = ChangeSetId(done.set_id.unwrap());
        let changes = history::changes(&rows, set, None, 10).await.unwrap();
        assert_eq!(changes.len(), 2, "one set for all of them, without who had the value already");
        assert_eq!(changes[0].subject, Subject::Contact(ids[0]));
        let entry = audit::latest_about(&rows, "bulk", id).await.unwrap().unwrap();
        assert_eq!(entry.action, "bulk.changed");
        drop(rows);

        // Somebody goes on with one of them: that one stays as it is.
        let changed = now(&house, ids[1]).await;
        let unit = house.db.write().await.unwrap();
        let draft = ContactDraft { kind: "former".into(), ..ContactDraft::from(&changed) };
        let today = house.zone.day(house.now());
        edit_contact(&unit, &house.jana(), ContactId(ids[1]), changed.version, draft, house.now(), today)
            .await
            .unwrap();
        unit.save().await.unwrap();

        let undone = undo(&house, id).await;
        assert_eq!((undone.state.as_str(), undone.changed), ("done", 1));
        let kinds = [now(&house, ids[0]).await.kind, now(&house, ids[1]).await.kind, now(&house, ids[2]).await.kind];
        assert_eq!(kinds, ["lead", "former", "customer"]);
        let unit = house.db.write().await.unwrap();
        let again = undo_bulk(&unit, &house.jana(), id, &house.clock).await;
        assert!(matches!(again, Err(Trouble::Refusal(Refusal::State(_)))), "only once: {again:?}");
    }
}

#[tokio::test]
async fn all_matches_are_those_the_list_shows_and_archiving_hides_them_until_they_are_brought_back() {
    for house in House::both().await {
        for (last, kind) in [("Vogel", "lead"), ("Brandt", "lead"), ("Kaiser", "customer")] {
            enter(&house, last, kind).await;
        }
        let leads = || ContactQuery { circle: Some(sea_query_kind("lead")), limit: 50, ..ContactQuery::default() };
        let id = plan(&house, Whom::All(leads()), BulkField::Archived, "1").await.unwrap();
        assert_eq!(start(&house, id).await.changed, 2);
        let names = async |archived| {
            let rows = house.db.read().await.unwrap();
            let query = ContactQuery { archived, limit: 50, ..ContactQuery::default() };
            let page = customers::contact_page(&rows, &house.jana(), &query).await.unwrap();
            page.lines.into_iter().map(|line| line.last_name).collect::<Vec<_>>()
        };
        assert_eq!(names(false).await, ["Kaiser"]);
        assert_eq!(names(true).await, ["Brandt", "Vogel"]);
        undo(&house, id).await;
        assert_eq!(names(false).await.len(), 3);
        assert!(names(true).await.is_empty());
    }
}

fn sea_query_kind(kind: &str) -> store::sea_query::Condition {
    let kind = store::sea_query::Expr::cust(format!("contact.kind = '{kind}'"));
    store::sea_query::Condition::all().add(kind)
}

#[tokio::test]
async fn thousands_are_changed_by_a_job_page_after_page() {
    for house in House::both().await {
        let first = enter(&house, "Erste", "lead").await.id;
        many(&house, 2_500).await;
        let everybody = ContactQuery { limit: 50, ..ContactQuery::default() };
        let id = plan(&house, Whom::All(everybody), BulkField::Source, "Messe").await.unwrap();
        let begun = start(&house, id).await;
        assert!(begun.state == "running" && begun.job_id.is_some() && begun.done == 0);
        work(&house).await;
        let rows = house.db.read().await.unwrap();
        let done = find_bulk(&rows, &house.jana(), id).await.unwrap();
        assert_eq!((done.state.as_str(), done.done, done.changed), ("done", 2_501, 2_501));
        drop(rows);
        assert_eq!(now(&house, first).await.source.as_deref(), Some("Messe"));
        let undo = undo(&house, id).await;
        work(&house).await;
        let rows = house.db.read().await.unwrap();
        assert_eq!(find_bulk(&rows, &house.jana(), undo.id).await.unwrap().changed, 2_501);
        drop(rows);
        assert_eq!(now(&house, first).await.source, None);
    }
}

/// More people than anybody would enter by hand.
async fn many(house: &House, count: i64) {
    const COLUMNS: [&str; 8] =
        ["number", "kind", "first_name", "last_name", "name_key", "first_key", "created_at", "updated_at"];
    let mut batch = Batch::new("contact", &COLUMNS, "");
    for n in 0..count {
        let at = house.now().0;
        batch.push(values![format!("M{n}"), "lead", "", format!("Viele {n}"), format!("viele {n}"), "", at, at]);
    }
    let unit = house.db.write().await.unwrap();
    batch.write(&unit).await.unwrap();
    unit.save().await.unwrap();
}

async fn work(house: &House) {
    let mut tasks = Tasks::new(house.db.clone(), house.clock.clone(), "test".to_owned(), &[store::jobs::TASK]);
    tasks.add(Jobs::new(house.db.clone(), house.clock.clone(), vec![Arc::new(BulkWorker)]));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let running = tokio::spawn(tasks.run(stopped));
    const WAITING: &str = "SELECT COUNT(*) FROM job WHERE state IN ('queued', 'running')";
    while house.db.read().await.unwrap().number(WAITING, Vec::new()).await.unwrap() > 0 {
        tokio::task::yield_now().await;
    }
    stop.send(true).unwrap();
    running.await.unwrap();
}

#[tokio::test]
async fn what_does_not_fit_is_refused_before_anybody_is_touched() {
    for house in House::both().await {
        let id = enter(&house, "Vogel", "lead").await.id;
        for (field, value) in [(BulkField::Kind, "king"), (BulkField::Owner, "999"), (BulkField::Archived, "2")] {
            let refused = plan(&house, Whom::These(vec![id]), field, value).await;
            assert!(matches!(refused, Err(Trouble::Refusal(Refusal::Invalid(_)))), "{field:?} {value}: {refused:?}");
        }
        let nobody = plan(&house, Whom::These(vec![4_711]), BulkField::Kind, "lead").await;
        assert!(matches!(nobody, Err(Trouble::Refusal(Refusal::Invalid(_)))), "{nobody:?}");
        let unit = house.db.write().await.unwrap();
        let whom = Whom::These(vec![id]);
        let sabine =
            plan_bulk(&unit, &house.sabine(), whom, BulkField::Kind, "customer", "/kontakte", house.now()).await;
        assert!(matches!(sabine, Err(Trouble::Refusal(Refusal::Right(_)))), "{sabine:?}");
    }
}

#[tokio::test]
async fn a_view_is_seen_by_its_owner_or_by_all_and_comes_back_after_it_was_removed() {
    for house in House::both().await {
        let (jana, aylin, now) = (house.jana(), house.aylin(), house.now());
        let unit = house.db.write().await.unwrap();
        let mine = customers::save_view(&unit, &jana, " Leads  Nord ", "art=lead", false, now).await.unwrap();
        let ours = customers::save_view(&unit, &jana, "Kunden", "art=customer", true, now).await.unwrap();
        let nameless = customers::save_view(&unit, &jana, " ", "", true, now).await;
        assert!(matches!(nameless, Err(Trouble::Refusal(Refusal::Invalid(_)))));
        let names = async |who| {
            let views = customers::views(&unit, who).await.unwrap();
            views.into_iter().map(|view| view.id).collect::<Vec<_>>()
        };
        assert_eq!(names(&jana).await, [ours, mine]);
        assert_eq!(names(&aylin).await, [ours]);
        let foreign = customers::remove_view(&unit, &aylin, ours, now).await;
        assert!(matches!(foreign, Err(Trouble::Refusal(Refusal::Missing))), "only its owner removes it");
        let foreign = customers::set_default_view(&unit, &aylin, Some(mine)).await;
        assert!(matches!(foreign, Err(Trouble::Refusal(Refusal::Missing))), "what one does not see");
        customers::set_default_view(&unit, &aylin, Some(ours)).await.unwrap();
        assert_eq!(customers::default_view(&unit, &aylin).await.unwrap().map(|view| view.id), Some(ours));
        customers::remove_view(&unit, &jana, ours, now).await.unwrap();
        assert_eq!(customers::default_view(&unit, &aylin).await.unwrap(), None, "a view that is gone opens nothing");
        customers::restore_view(&unit, &jana, ours, now).await.unwrap();
        customers::rename_view(&unit, &jana, ours, "Alle Kunden", now).await.unwrap();
        assert_eq!(customers::views(&unit, &aylin).await.unwrap()[0].name, "Alle Kunden");
    }
}

//! The render worker as a process of its own: it survives nothing, the server survives everything.

mod workshop;

use channels::RenderPool;
use kernel::mail::{MailTemplate, RenderTrouble, Renderer};
use serde_json::json;
use std::path::PathBuf;

/// The example `mailroom` stands for the product's binary; cargo builds it together with the tests.
fn worker() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.parent().unwrap().parent().unwrap().join("examples/mailroom");
    assert!(path.exists(), "this test needs the example `mailroom`: cargo build -p channels --examples");
    path
}

fn pool() -> RenderPool {
    RenderPool::new(worker(), vec!["render-worker".into()], 2)
}

fn template(html: &str) -> MailTemplate {
    MailTemplate { subject: "Hallo {{ name }}".into(), html: html.into(), text: "{{ name }}".into() }
}

#[tokio::test]
async fn every_person_gets_their_own_mail_in_order() {
    let people: Vec<_> = (0..1_300).map(|n| json!({"name": format!("Nr. {n}")})).collect();
    let mails = pool().render(&template("<b>{{ name }}</b>"), people).await.unwrap();
    assert_eq!(mails.len(), 1_300);
    for (n, mail) in mails.iter().enumerate() {
        assert_eq!(
            (mail.subject.as_str(), mail.html.as_str()),
            (&*format!("Hallo Nr. {n}"), &*format!("<b>Nr. {n}</b>"))
        );
    }
}

#[tokio::test]
async fn a_bomb_costs_a_worker_and_the_next_mail_is_rendered() {
    let pool = pool();
    let bombs = [
        "{{ ['x']*100000000 }}",
        "{{ 'x'*2000000000 }}",
        "{% for a in range(10000) %}{% for b in range(10000) %}{{ a*b }}{% endfor %}{% endfor %}",
        "{{ ('x'*1000000)|replace('x', 'y'*10000) }}",
    ];
    for bomb in bombs {
        let outcome = pool.render(&template(bomb), vec![json!({"name": "Ada"}); 3]).await;
        assert!(outcome.is_err(), "{bomb}");
        if bomb.starts_with("{{ ['x']") {
            assert!(matches!(outcome, Err(RenderTrouble::TooCostly)), "{outcome:?}");
        }
        let mail = pool.render(&template("<b>{{ name }}</b>"), vec![json!({"name": "Bo"})]).await.unwrap();
        assert_eq!(mail[0].html, "<b>Bo</b>");
    }
    let deep = "{{ ".to_owned() + &"-".repeat(200_000) + "1 }}";
    assert!(pool.render(&template(&deep), vec![json!({})]).await.is_err());
    assert_eq!(pool.render(&template("ok"), vec![json!({})]).await.unwrap()[0].html, "ok");
}

#[tokio::test]
async fn a_mistake_in_the_template_comes_back_with_its_place() {
    let trouble = pool().render(&template("a\nb {{ name|nofilter }}"), vec![json!({})]).await.unwrap_err();
    let RenderTrouble::Template { part, line, .. } = &trouble else { panic!("{trouble:?}") };
    assert_eq!((part.as_str(), *line), ("html", 2));
    assert_eq!(trouble.sentence().key, "mail-template-error");
}

#[tokio::test]
async fn missing_values_are_named_per_person() {
    let people = vec![json!({"name": "Ada", "city": "Ulm"}), json!({"name": "Bo"}), json!({})];
    let missing = pool().missing_values(&template("{{ city }}"), people).await.unwrap();
    assert_eq!(missing, [vec![], vec!["city".to_owned()], vec!["name".to_owned(), "city".to_owned()]]);
}

#[tokio::test]
async fn a_program_that_is_no_worker_is_told_apart() {
    let pool = RenderPool::new("/bin/echo".into(), vec!["hello world".into()], 1);
    assert!(matches!(pool.render(&template("x"), vec![json!({})]).await, Err(RenderTrouble::Worker(_))));
    let pool = RenderPool::new("/nowhere".into(), vec![], 1);
    assert!(matches!(pool.render(&template("x"), vec![json!({})]).await, Err(RenderTrouble::Worker(_))));
}

//! The stage of the stories: a house with people, a courier that does as it was told, a process that sends.

use crm::{
    execution::{self, MailConfig, Mailroom, Send, TASK},
    planning::{Campaign, Content, Goal, Plan, State},
    selection::{self, Definition},
};
use kernel::{
    CampaignId, EmailAddress, MessageId, Sentence, chance,
    mail::{
        ComposedMail, Courier, Handover, MailTemplate, OutgoingMail, RefusalClass, RenderTrouble, RenderedMail,
        Renderer,
    },
    time::MINUTE,
};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use store::{tasks::Tasks, values};
use testkit::house::House;

/// Renders in this process.
struct Typesetter;

#[async_trait::async_trait]
impl Renderer for Typesetter {
    async fn render(
        &self,
        template: &MailTemplate,
        people: Vec<serde_json::Value>,
    ) -> Result<Vec<RenderedMail>, RenderTrouble> {
        if template.html.contains("bomb") {
            return Err(RenderTrouble::TooCostly);
        }
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        let escape = |name: &str| if name == "html" { AutoEscape::Html } else { AutoEscape::None };
        environment.set_auto_escape_callback(escape);
        let part = |name: &str, source: &str, person: &serde_json::Value| {
            let value = minijinja::value::Serde(person.clone());
            environment.render_named_str(name, source, value).unwrap()
        };
        let letter = |person: &serde_json::Value| RenderedMail {
            subject: part("subject", &template.subject, person),
            html: part("html", &template.html, person),
            text: part("text", &template.text, person),
        };
        Ok(people.iter().map(letter).collect())
    }

    async fn missing_values(
        &self,
        template: &MailTemplate,
        people: Vec<serde_json::Value>,
    ) -> Result<Vec<Vec<String>>, RenderTrouble> {
        let asks = template.subject.contains("contact.first_name");
        let empty = |person: &serde_json::Value| asks && person["contact"]["first_name"] == "";
        Ok(people.iter().map(|p| if empty(p) { vec!["contact.first_name".into()] } else { vec![] }).collect())
    }
}

/// A courier that does as it was told, per address, and keeps what it accepted.
#[derive(Default)]
pub struct Script {
    orders: Mutex<HashMap<String, Vec<Handover>>>,
    pub delivered: Mutex<Vec<(OutgoingMail, String)>>,
    composed: Mutex<HashMap<MessageId, OutgoingMail>>,
    /// Never comes back from a hand-over, as if the process died in it.
    pub dies: Mutex<bool>,
    /// While this is so, every hand-over waits.
    pub closed: Mutex<bool>,
    batch: usize,
}

impl Script {
    pub fn of(batch: usize) -> Arc<Self> {
        Arc::new(Self { batch, ..Self::default() })
    }

    /// What happens to the next tries at this address, in order; then it accepts.
    pub fn at(&self, address: &str, outcomes: &[Handover]) {
        self.orders.lock().unwrap().insert(address.to_owned(), outcomes.iter().rev().cloned().collect());
    }

    pub fn received(&self) -> Vec<String> {
        let mut all: Vec<String> = self.delivered.lock().unwrap().iter().map(|(_, to)| to.clone()).collect();
        all.sort();
        all
    }
}

#[async_trait::async_trait]
impl Courier for Script {
    async fn compose(&self, mails: Vec<OutgoingMail>) -> Vec<Result<ComposedMail, Sentence>> {
        let one = |mail: OutgoingMail| {
            let composed = ComposedMail {
                message: mail.message,
                return_path: mail.return_path.clone(),
                to: mail.to.clone(),
                raw: mail.content.html.clone().into_bytes(),
            };
            self.composed.lock().unwrap().insert(mail.message, mail);
            Ok(composed)
        };
        mails.into_iter().map(one).collect()
    }

    async fn hand_over(&self, batch: Vec<ComposedMail>) -> Vec<(MessageId, Handover)> {
        while *self.closed.lock().unwrap() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        if *self.dies.lock().unwrap() {
            std::future::pending::<()>().await;
        }
        let one = |mail: ComposedMail| {
            let ordered = self.orders.lock().unwrap().get_mut(mail.to.as_str()).and_then(Vec::pop);
            let outcome = ordered.unwrap_or(Handover::Accepted { reply: "2.0.0 Ok".into() });
            if matches!(outcome, Handover::Accepted { .. }) {
                let mail_sent = self.composed.lock().unwrap()[&mail.message].clone();
                self.delivered.lock().unwrap().push((mail_sent, mail.to.to_string()));
            }
            (mail.message, outcome)
        };
        batch.into_iter().map(one).collect()
    }

    fn connections(&self) -> usize {
        2
    }

    fn batch(&self) -> usize {
        self.batch
    }

    async fn check(&self) -> Result<(), Sentence> {
        Ok(())
    }
}

pub fn later(code: u16) -> Handover {
    Handover::Deferred { code, reply: "4.7.1 later".into() }
}

pub fn refused(class: RefusalClass) -> Handover {
    Handover::Refused { code: 550, class, reply: "5.1.1 no".into() }
}

pub struct Story {
    pub house: House,
    pub script: Arc<Script>,
}

impl Story {
    pub async fn both(batch: usize) -> Vec<Self> {
        let houses = House::both().await;
        houses.into_iter().map(|house| Self { house, script: Script::of(batch) }).collect()
    }

    pub fn mailroom(&self) -> Mailroom {
        let from = EmailAddress::parse("news@almara.example").unwrap();
        Mailroom {
            db: self.house.db.clone(),
            clock: self.house.clock.clone(),
            zone: self.house.zone.clone(),
            seal: self.house.seal.clone(),
            renderer: Arc::new(Typesetter),
            courier: self.script.clone(),
            config: Arc::new(MailConfig::new("https://k.example/", "Almara Reisen", from)),
        }
    }

    /// A contact with consent.
    pub async fn person(&self, name: &str, email: Option<&str>) -> i64 {
        let unit = self.house.db.write().await.unwrap();
        const SQL: &str = "INSERT INTO contact (number, kind, first_name, last_name, name_key, first_key, email, email_key, created_at, updated_at) \
             VALUES ($1, 'customer', $1, 'Muster', $1, $1, $2, $3, 1, 1) RETURNING id";
        let key = email.map(str::to_lowercase);
        let id = unit.insert(SQL, values![name, email.map(str::to_owned), key]).await.unwrap();
        const CONSENT: &str = "INSERT INTO consent (contact_id, channel, purpose, granted, source, wording, at, recorded_at) \
             VALUES ($1, 'email', 'marketing', 1, 'import', 'w', 1, 1)";
        unit.run(CONSENT, values![id]).await.unwrap();
        unit.save().await.unwrap();
        id
    }

    pub async fn people(&self, names: &[&str]) {
        for name in names {
            self.person(name, Some(&format!("{}@kunde.example", name.to_lowercase()))).await;
        }
    }

    pub async fn run(&self, sql: &str) {
        let unit = self.house.db.write().await.unwrap();
        unit.run(sql, values![]).await.unwrap();
        unit.save().await.unwrap();
    }

    pub async fn number(&self, sql: &str) -> i64 {
        self.house.db.read().await.unwrap().number(sql, values![]).await.unwrap()
    }

    pub async fn campaign(&self, subject: &str, body: &str, control_ppm: i64) -> CampaignId {
        let (jana, now) = (self.house.jana(), self.house.now());
        let unit = self.house.db.write().await.unwrap();
        let draft = selection::Draft {
            name: "Alle".into(),
            definition: Definition::everybody().to_json(),
            ..selection::Draft::default()
        };
        let segment = selection::create(&unit, &jana, &draft, now).await.unwrap();
        let plan = Plan { segment: Some(segment), control_ppm, ..Plan::named("Frühling", Goal::Loyalty) };
        let content = Content { subject: subject.into(), body: body.into(), ..Content::default() };
        let campaign = Campaign::create(&unit, &jana, now, plan, content).await.unwrap();
        unit.save().await.unwrap();
        campaign.id
    }

    pub async fn launched(&self) -> CampaignId {
        let id =
            self.campaign("Hallo {{ contact.first_name }}", "Text [Kreta](https://shop.example/kreta?a=ä)", 0).await;
        self.launch(id).await;
        id
    }

    pub async fn launch(&self, id: CampaignId) {
        let (jana, now) = (self.house.jana(), self.house.now());
        execution::approve(&self.house.db, &jana, id, now).await.unwrap();
        execution::launch(&self.house.db, &jana, id, now, &mut chance::seeded(3)).await.unwrap();
    }

    /// A process with the sending task, named; it runs until `until` holds, then ends as processes should.
    pub async fn process(&self, name: &str, until: impl AsyncFn(&Self) -> bool) {
        let mut tasks = Tasks::new(self.house.db.clone(), self.house.clock.clone(), name.into(), &[TASK]);
        tasks.add(Send::new(self.mailroom()));
        let nudge = tasks.nudge();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let running = tokio::spawn(tasks.run(stopped));
        for _ in 0..2000 {
            if until(self).await {
                break;
            }
            nudge.wake(TASK);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(until(self).await, "the story never came to its end");
        if *self.script.dies.lock().unwrap() {
            running.abort();
            // A dead process does nothing more: the abort is over before the next one begins.
            assert!(running.await.is_err_and(|ended| ended.is_cancelled()));
            // Another process may only follow when the lease has run out.
            self.house.clock.forward(MINUTE);
        } else {
            stop.send(true).unwrap();
            running.await.unwrap();
        }
    }

    pub async fn state(&self, id: CampaignId) -> State {
        Campaign::get(&self.house.db.read().await.unwrap(), id).await.unwrap().state
    }

    pub async fn until(&self, id: CampaignId, state: State) {
        self.process("one", async |story: &Self| story.state(id).await == state).await;
    }

    pub async fn ledger(&self, id: CampaignId) -> String {
        let counts = execution::counts(&self.house.db.read().await.unwrap(), id).await.unwrap();
        let said = counts.iter().map(|c| match &c.reason {
            Some(reason) => format!("{} {} ({reason})", c.messages, c.state),
            None => format!("{} {}", c.messages, c.state),
        });
        said.collect::<Vec<_>>().join(", ")
    }
}

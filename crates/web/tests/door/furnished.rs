//! A house with its router and nobody at the machines: requests go straight in, answers come straight out.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use crm::{
    interactions::{Recorder, RecorderConfig},
    staff::{
        Actor, Role,
        links::{self, Purpose},
        tokens,
        users::{self, NewUser},
    },
};
use kernel::{
    Locale, MessageId, Sentence, UserId, chance,
    mail::{ComposedMail, Courier, Handover, MailTemplate, OutgoingMail, RenderTrouble, RenderedMail, Renderer},
};
use serde_json::Value;
use std::sync::Arc;
use store::DataFolder;
use tower::ServiceExt;
use web::door::{Foundation, House};

pub const GOOD: &str = "Übermorgen nach Kreta";

pub struct Place {
    pub test: testkit::House,
    pub house: House,
    pub router: Router,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// The session's cookie as a browser sends it back.
    pub fn cookie(&self) -> Option<String> {
        let mut set = self.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap());
        let session = set.rfind(|v| v.contains("kundenkreis="))?;
        Some(session.split(';').next().unwrap().to_owned())
    }
}

impl Place {
    pub async fn both() -> Vec<Self> {
        let mut places = Vec::new();
        for test in testkit::House::both().await {
            places.push(Self::at(test, "http://localhost:8080"));
        }
        places
    }

    pub fn at(test: testkit::House, url: &str) -> Self {
        let house = House::new(Foundation {
            db: test.db.clone(),
            clock: test.clock.clone(),
            zone: test.zone.clone(),
            seal: test.seal.clone(),
            public_url: url.parse().unwrap(),
            folder: Arc::new(DataFolder::visit(test.folder()).unwrap()),
            courier: Arc::new(Nobody),
            renderer: Arc::new(Nobody),
            recorder: Recorder::start(test.db.clone(), test.clock.clone(), RecorderConfig::default()),
        })
        .with_organisation("Almara Reisen");
        let router = web::router(house.clone());
        Self { test, house, router }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&body).into_owned() }
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    /// A form as a browser posts it.
    pub async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// A call of the API.
    pub async fn call(&self, method: &str, path: &str, token: &str, body: &str) -> Answer {
        self.call_with(method, path, token, body, &[]).await
    }

    pub async fn call_with(&self, method: &str, path: &str, token: &str, body: &str, more: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// Somebody with an account and a password.
    pub async fn hire(&self, login: &str, name: &str, roles: &[Role]) -> UserId {
        let (by, now) = (Actor::system("test"), self.house.now());
        let hash = links::prepare(GOOD, login, &mut chance::system()).await.unwrap();
        let unit = self.house.db.write().await.unwrap();
        let new = NewUser { login, name, roles, locale: Locale::De };
        let id = users::create(&unit, &by, new, now).await.unwrap();
        let secret = links::issue(&unit, &by, id, Purpose::Invitation, now, &mut chance::system()).await.unwrap();
        links::redeem(&unit, &secret, &hash, "", now).await.unwrap();
        unit.save().await.unwrap();
        id
    }

    pub async fn token(&self, roles: &[Role]) -> String {
        let unit = self.house.db.write().await.unwrap();
        let (by, now) = (Actor::system("test"), self.house.now());
        let (_, secret) = tokens::create(&unit, &by, "ERP", roles, now, &mut chance::system()).await.unwrap();
        unit.save().await.unwrap();
        secret
    }

    pub async fn sign_in(&self, login: &str) -> String {
        let answer = self.post("/anmelden", "", &[("email", login), ("passwort", GOOD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        answer.cookie().unwrap()
    }
}

/// The secret of the forms of a page.
pub fn csrf(page: &str) -> String {
    let after = page.split("name=\"csrf\" value=\"").nth(1).expect("a form");
    after.split('"').next().unwrap().to_owned()
}

/// Stands where the machines of mail would.
struct Nobody;

#[async_trait::async_trait]
impl Courier for Nobody {
    async fn compose(&self, mails: Vec<OutgoingMail>) -> Vec<Result<ComposedMail, Sentence>> {
        mails.into_iter().map(|_| Err(Sentence::new("fault-busy"))).collect()
    }

    async fn hand_over(&self, _: Vec<ComposedMail>) -> Vec<(MessageId, Handover)> {
        Vec::new()
    }

    fn connections(&self) -> usize {
        1
    }

    fn batch(&self) -> usize {
        1
    }

    async fn check(&self) -> Result<(), Sentence> {
        Ok(())
    }
}

#[async_trait::async_trait]
impl Renderer for Nobody {
    async fn render(&self, template: &MailTemplate, people: Vec<Value>) -> Result<Vec<RenderedMail>, RenderTrouble> {
        let mail = || RenderedMail {
            subject: template.subject.clone(),
            html: template.html.clone(),
            text: template.text.clone(),
        };
        Ok(people.iter().map(|_| mail()).collect())
    }

    async fn missing_values(&self, _: &MailTemplate, people: Vec<Value>) -> Result<Vec<Vec<String>>, RenderTrouble> {
        Ok(people.iter().map(|_| Vec::new()).collect())
    }
}

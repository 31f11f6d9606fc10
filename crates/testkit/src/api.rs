//! The JSON API of a running product, called with a token as a program of the company would.

use crate::{
    http::{self, Answer},
    process::Product,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub struct Api {
    pub product: Product,
    token: String,
}

impl Api {
    /// Starts the product with these settings and makes a token with the rights of a marketing manager.
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        Self::of(Product::start(settings).await).await
    }

    /// Calls a product that runs already.
    pub async fn of(product: Product) -> Self {
        let made = product.command(&["token", "create", "tests", "--role", "marketing_manager"]).output().await;
        let made = made.expect("the program runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let token = String::from_utf8_lossy(&made.stdout).trim().to_owned();
        Self { product, token }
    }

    /// The value of the header `authorization`.
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// Whatever is answered, also a problem. Problems are told in German, the language of the house.
    pub async fn ask(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Answer {
        let authorization = self.authorization();
        let headers = [("authorization", authorization.as_str()), ("content-type", kind), ("accept-language", "de")];
        let url = self.product.url(&format!("/api/v1/{path}"));
        http::request(method, &url, &headers, body).await.unwrap_or_else(|e| panic!("{method} {path}: {e}"))
    }

    /// A call that must succeed.
    pub async fn call(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Value {
        let answer = self.ask(method, path, kind, body).await;
        assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.text());
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    pub async fn get(&self, path: &str) -> Value {
        self.call("GET", path, "application/json", b"").await
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.call("POST", path, "application/json", body.to_string().as_bytes()).await
    }

    /// Uploads a file, runs it and waits for its end; answers the import.
    pub async fn import(&self, kind: &str, name: &str, bytes: &[u8]) -> Value {
        let run = self.call("POST", &format!("imports?kind={kind}&name={name}"), "text/csv", bytes).await;
        let id = run["id"].as_i64().expect("an id");
        self.post(&format!("imports/{id}/run"), json!({})).await;
        self.until(&format!("imports/{id}"), |run| run["state"] == "done").await
    }

    /// What is answered to JSON, also a problem.
    pub async fn try_post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, "application/json", body.to_string().as_bytes()).await
    }

    /// Asks again until the answer is as wanted; a minute at most.
    pub async fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.until_within(Duration::from_secs(60), path, wanted).await
    }

    /// Asks again until the answer is as wanted; `patience` at most.
    pub async fn until_within(&self, patience: Duration, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let since = Instant::now();
        loop {
            let value = self.get(path).await;
            if wanted(&value) {
                return value;
            }
            assert!(since.elapsed() < patience, "{path} stays at {value}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

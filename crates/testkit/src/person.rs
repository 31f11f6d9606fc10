//! Somebody who works with the product in a browser, signed in as people do it: by the one-time link of the command line.

use crate::{browser::Browser, process::Product};
use serde_json::json;

const PASSWORD: &str = "ein langes wort 7";

/// A person at their browser.
pub struct Person {
    pub browser: Browser,
    home: String,
}

impl Person {
    /// Adds a person with these roles, opens a browser and chooses the password behind the one-time link.
    pub async fn hired(product: &Product, login: &str, name: &str, roles: &[&str]) -> Self {
        let mut arguments = vec!["user", "add", login, "--name", name];
        arguments.extend(roles.iter().flat_map(|role| ["--role", *role]));
        let made = product.command(&arguments).output().await.expect("the program runs");
        let told = String::from_utf8_lossy(&made.stdout).into_owned();
        let (_, secret) = told.trim().rsplit_once('/').unwrap_or_else(|| panic!("no link in “{told}”: {made:?}"));
        let person = Self { browser: Browser::open().await, home: product.url("") };
        person.goto(&format!("/einladung/{secret}")).await;
        person.browser.fill("[name=passwort]", PASSWORD).await;
        person.browser.fill("[name=wiederholung]", PASSWORD).await;
        person.press("form button.primary", ".side").await;
        person
    }

    /// `path` begins with a slash.
    pub async fn goto(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.home)).await;
    }

    /// Presses what a keyboard would reach, wherever the page is scrolled to, and waits for what follows.
    pub async fn press(&self, css: &str, then: &str) {
        self.browser.script("document.querySelector(arguments[0]).click()", &[json!(css)]).await;
        self.browser.wait_for(then).await;
    }
}

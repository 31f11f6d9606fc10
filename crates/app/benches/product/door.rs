//! Through the door as a person: a name, a password, the cookie of a session.

use testkit::{http, process::Product};

/// A marketing manager with a password; the cookie of her session.
pub async fn sign_in(product: &Product) -> String {
    sign_in_as(product, "jana@almara.example", "marketing_manager").await
}

/// Somebody new of a role; the cookie of their session.
pub async fn sign_in_as(product: &Product, login: &str, role: &str) -> String {
    let add = ["user", "add", login, "--name", login, "--role", role];
    let added = product.command(&add).output().await.expect("the program");
    let said = String::from_utf8_lossy(&added.stdout).into_owned();
    let secret = said.trim().rsplit('/').next().expect("a link");
    let post = |path: String, body: String| async move {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        http::request("POST", &product.url(&path), &headers, body.as_bytes()).await.expect("an answer")
    };
    let password = "passwort=ein+langer+satz+ohne+sinn&wiederholung=ein+langer+satz+ohne+sinn";
    post(format!("/einladung/{secret}"), password.to_owned()).await;
    let answer = post("/anmelden".to_owned(), format!("email={login}&passwort=ein+langer+satz+ohne+sinn")).await;
    let cookie = answer.header("set-cookie").unwrap_or_else(|| panic!("no session: {}", answer.text()));
    cookie.split(';').next().expect("a cookie").to_owned()
}

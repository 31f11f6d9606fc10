//! The program as a process: it comes, it is killed, it comes back, it stops when told to.

use serde_json::json;
use std::process::Stdio;
use std::time::Duration;
use testkit::api::Api;
use testkit::http;
use testkit::process::Product;

#[tokio::test]
async fn a_killed_server_comes_back_on_the_same_data_and_stops_politely() {
    let mut product = Product::start(&[]).await;
    assert_eq!(http::get(&product.url("/healthz")).await.status, 200);
    assert!(product.peak_memory() > 1 << 20);

    product.kill().await;
    assert!(http::request("GET", &product.url("/healthz"), &[], &[]).await.is_err());
    product.restart().await;
    assert_eq!(http::get(&product.url("/healthz")).await.status, 200);

    let ended = product.stop().await;
    assert!(ended.success(), "{ended}\n{}", product.log());
}

#[tokio::test]
async fn a_command_runs_on_the_data_of_the_server() {
    let product = Product::start(&[]).await;
    let shown = product.command(&["config"]).output().await.unwrap();
    assert!(shown.status.success());
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains(&product.data().display().to_string()), "{shown}");
}

#[tokio::test]
async fn a_second_server_on_the_same_data_folder_is_told_so_at_once_and_the_first_one_goes_on() {
    let api = Api::start(&[]).await;
    let made = api.post("contacts", json!({ "number": "1", "last_name": "Lovelace" })).await;
    let second = api.product.command(&["--set", "http.listen=127.0.0.1:0", "serve"]).output();
    // It refuses within a second; a machine that tests much else beside may need a little longer to start it at all.
    let second = tokio::time::timeout(Duration::from_secs(3), second).await.expect("an answer at once").unwrap();
    assert!(!second.status.success(), "{second:?}");
    let told = String::from_utf8_lossy(&second.stderr);
    let folder = api.product.data().display().to_string();
    assert!(
        told.contains("another Kundenkreis server is running on the data folder") && told.contains(&folder),
        "{told}"
    );
    assert!(!told.contains("panicked"), "{told}");

    assert_eq!(api.get("contacts/by-number/1").await, made);
    api.post("contacts", json!({ "number": "2", "last_name": "Byron" })).await;
    assert!(!api.product.log().contains("ERROR"), "{}", api.product.log());
}

#[tokio::test]
async fn whoever_stops_reading_what_a_command_prints_ends_it_quietly() {
    let product = Product::start(&[]).await;
    let mut command = product.command(&["config"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().await.unwrap();
    assert!(ended.stderr.is_empty(), "{}", String::from_utf8_lossy(&ended.stderr));
}

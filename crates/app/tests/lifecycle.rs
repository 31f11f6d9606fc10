//! The program as a process: it comes, it is killed, it comes back, it stops when told to.

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

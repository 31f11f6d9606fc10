//! Data of real shops through the product's own doors, its figures equal to DuckDB's on the raw files to the cent. A part of
//! the customers, all they ever bought; everything is compared by `cargo xtask bench real-data`.

#[path = "real/mod.rs"]
mod real;

use testkit::postgres;

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_of_a_gift_shop_are_those_of_its_invoices_to_the_penny() {
    let Some(raw) = real::online_retail() else { return };
    let seen = real::the_shop(&raw, 8, None).await;
    assert!(seen.lines > 40_000 && seen.compared > 150, "{} lines, {} figures", seen.lines, seen.compared);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_of_a_grocer_are_those_of_its_register_to_the_cent() {
    let seen = real::the_grocer(20, None).await;
    assert!(seen.lines > 40_000 && seen.compared > 150, "{} lines, {} figures", seen.lines, seen.compared);
    if let Some(url) = postgres::fresh_url().await {
        real::the_grocer(100, Some(url)).await;
    }
}

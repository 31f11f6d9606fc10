//! Data of real shops through the product's own doors, its figures equal to DuckDB's on the raw files to the cent. A part of
//! the customers, all they ever bought; everything is compared by `cargo xtask bench real-data`.

#[path = "real/mod.rs"]
mod real;

use real::Seen;
use testkit::postgres;

fn told(seen: &Seen) {
    println!("{} lines at {:.0} a second, {} figures equal", seen.lines, seen.rate, seen.compared);
    assert!(seen.lines > 40_000 && seen.compared > 150, "a part too small to show anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_of_a_gift_shop_are_those_of_its_invoices_to_the_penny() {
    let Some(raw) = real::online_retail() else { return };
    told(&real::the_shop(&raw, 8, None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_of_a_grocer_are_those_of_its_register_to_the_cent() {
    told(&real::the_grocer(20, None).await);
    if let Some(url) = postgres::fresh_url().await {
        real::the_grocer(100, Some(url)).await;
    }
}

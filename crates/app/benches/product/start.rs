//! From starting the program to the first page a person sees.

use crate::table::{Row, median};
use std::{path::Path, time::Instant};
use testkit::{http, process::Product};

const ROUNDS: usize = 11;

pub async fn measure() -> Vec<Row> {
    let kept = tempfile::tempdir().expect("a folder");
    let kept = kept.path().join("data");
    start(&kept).await;
    let (mut first, mut later, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir().expect("a folder");
        first.push(start(&folder.path().join("data")).await.0);
        let (milliseconds, mebibytes) = start(&kept).await;
        later.push(milliseconds);
        memory.push(mebibytes);
    }
    vec![
        Row::ours("first start, new data folder", median(first), "ms"),
        Row::ours("later start", median(later), "ms"),
        Row::ours("memory after the first page", median(memory), "MiB"),
    ]
}

/// Milliseconds to the first page (the product is asked every 20 ms whether it is ready), and the peak of memory by then.
async fn start(data: &Path) -> (f64, f64) {
    let since = Instant::now();
    let product = Product::start_on(data, &[]).await;
    let page = http::get(&product.url("/anmelden")).await;
    let milliseconds = since.elapsed().as_secs_f64() * 1000.0;
    assert!(page.status == 200 && page.text().contains("<html"), "no page: {}", page.text());
    (milliseconds, product.peak_memory() as f64 / f64::from(1 << 20))
}

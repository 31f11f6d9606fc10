//! What the stories of data need besides a browser: files sent as forms, and jobs done by hand.

use super::furnished::{Answer, Place};
use axum::{
    body::Body,
    http::{Request, header},
};
use crm::{customers::ContactImport, intake::runs::ImportWorker};
use kernel::Currency;
use std::sync::Arc;
use store::{jobs::Jobs, tasks::Tasks};

impl Place {
    /// A file as a browser sends it.
    pub async fn upload(&self, path: &str, cookie: &str, csrf: &str, kind: &str, name: &str, file: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (field, value) in [("csrf", csrf), ("kind", kind)] {
            body.extend(
                format!("--grenze\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let head = format!("--grenze\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.bytes());
        body.extend(file);
        body.extend(b"\r\n--grenze--\r\n");
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=grenze")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Does all jobs that wait.
    pub async fn work(&self) {
        let (db, clock) = (self.house.db.clone(), self.house.clock.clone());
        let contacts = ImportWorker::new(ContactImport, self.house.zone.clone(), Currency::EUR);
        let mut tasks = Tasks::new(db.clone(), clock.clone(), "test".to_owned(), &[store::jobs::TASK]);
        tasks.add(Jobs::new(db.clone(), clock, vec![Arc::new(contacts)]));
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let running = tokio::spawn(tasks.run(stopped));
        const WAITING: &str = "SELECT COUNT(*) FROM job WHERE state IN ('queued', 'running')";
        while db.read().await.unwrap().number(WAITING, Vec::new()).await.unwrap() > 0 {
            tokio::task::yield_now().await;
        }
        stop.send(true).unwrap();
        running.await.unwrap();
    }
}

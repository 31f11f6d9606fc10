//! A courier that keeps what it is given.

use kernel::{
    MessageId, Sentence,
    mail::{ComposedMail, Courier, Handover, OutgoingMail},
};
use std::sync::Mutex;

/// Keeps what it is given instead of sending it.
#[derive(Default)]
pub struct Letterbox {
    pub mails: Mutex<Vec<OutgoingMail>>,
}

#[async_trait::async_trait]
impl Courier for Letterbox {
    async fn compose(&self, mails: Vec<OutgoingMail>) -> Vec<Result<ComposedMail, Sentence>> {
        let composed = |mail: &OutgoingMail| ComposedMail {
            message: mail.message,
            return_path: mail.return_path.clone(),
            to: mail.to.clone(),
            raw: Vec::new(),
        };
        let answers = mails.iter().map(|mail| Ok(composed(mail))).collect();
        self.mails.lock().unwrap().extend(mails);
        answers
    }

    async fn hand_over(&self, batch: Vec<ComposedMail>) -> Vec<(MessageId, Handover)> {
        batch.into_iter().map(|mail| (mail.message, Handover::Accepted { reply: "250 ok".into() })).collect()
    }

    fn connections(&self) -> usize {
        1
    }

    fn batch(&self) -> usize {
        10
    }

    async fn check(&self) -> Result<(), Sentence> {
        Ok(())
    }
}

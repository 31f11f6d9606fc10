//! Whoever asks people by mail, with a box that keeps the mails.

use crm::{evaluation::watch::Post, privacy::Asking};
use kernel::{EmailAddress, Locale};
use std::sync::Arc;
use testkit::{House, letterbox::Letterbox};

pub fn asking(house: &House, letters: &Arc<Letterbox>) -> Asking {
    let from = EmailAddress::parse("reisen@almara.example").unwrap();
    let base_url = "https://crm.example".to_owned();
    Asking {
        db: house.db.clone(),
        clock: house.clock.clone(),
        seal: house.seal.clone(),
        post: Post { courier: letters.clone(), from_name: "Almara".into(), from, base_url },
        organisation: "Almara".into(),
        locale: Locale::De,
    }
}

//! Texts that are broken or meant badly: no panic, no more time and memory than the bounds allow.

use super::{MOST_BYTES, MOST_CARDS, read};
use proptest::prelude::*;

#[test]
fn nested_cards_are_one_card() {
    let text = "BEGIN:VCARD\nFN:Ada Lovelace\n".repeat(20_000) + &"END:VCARD\n".repeat(20_000);
    assert!(read(text.as_bytes()).len() <= 1);
    let agent = "BEGIN:VCARD\nN:Lovelace;Ada\nAGENT:\nBEGIN:VCARD\nN:Babbage;Charles\nEND:VCARD\nEND:VCARD\n";
    let cards = read(agent.as_bytes());
    assert_eq!(cards.len(), 1);
    assert_eq!(cards[0].last_name, "Lovelace");
}

#[test]
fn a_line_of_a_hundred_megabytes_is_cut() {
    let mut text = b"BEGIN:VCARD\r\nN:Lovelace;Ada\r\nNOTE:".to_vec();
    text.resize(100 << 20, b'x');
    let cards = read(&text);
    assert_eq!(cards[0].last_name, "Lovelace");
    assert!(cards[0].source.len() < MOST_BYTES);
    assert!(read(&vec![b'a'; 100 << 20]).is_empty());
}

#[test]
fn more_cards_than_a_person_looks_through_are_cut() {
    let text = "BEGIN:VCARD\nFN:Ada Lovelace\nEND:VCARD\n".repeat(5_000);
    assert_eq!(read(text.as_bytes()).len(), MOST_CARDS);
}

#[test]
fn a_mail_nested_deeply_ends() {
    let mut mail = String::from("From: ada@engine.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n");
    for depth in 0..4_000 {
        mail += &format!("Content-Type: multipart/mixed; boundary=\"b{depth}\"\r\n\r\n--b{depth}\r\n");
    }
    assert!(read(mail.as_bytes()).len() <= 1);
    let nested = "Content-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\nSubject: x\r\n".repeat(20_000);
    let mail = format!("From: ada@engine.example\r\nSubject: x\r\n{nested}");
    assert!(read(mail.as_bytes()).len() <= 1);
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        read(&bytes);
    }

    #[test]
    fn any_text_with_the_words_of_a_card_is_survived(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("BEGIN:VCARD\r\n".to_owned()),
                Just("END:VCARD\n".to_owned()),
                Just("N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-16:".to_owned()),
                Just("ADR;TYPE=work:;;".to_owned()),
                Just("=\r\n".to_owned()),
                Just("From: ".to_owned()),
                Just("Subject: x\r\n".to_owned()),
                Just("Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n".to_owned()),
                Just("Tel. ".to_owned()),
                Just("+49 (0)30 ".to_owned()),
                Just(" 10115 Berlin".to_owned()),
                Just("\u{202e}\u{200b}\u{feff}".to_owned()),
                "\\PC{0,12}",
                "[\\x00-\\x7f]{0,12}",
            ],
            0..40,
        )
    ) {
        for card in read(parts.concat().as_bytes()) {
            for text in [&card.first_name, &card.last_name, &card.company, &card.street, &card.city, &card.job] {
                prop_assert!(!text.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{text:?}");
            }
        }
    }
}

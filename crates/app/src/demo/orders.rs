//! Three years of bookings, as the file an ERP would export.

use super::{
    journeys::{CATEGORIES, INSURANCE, JOURNEYS},
    people::Person,
};
use jiff::{ToSpan, civil::Date};
use rand::{Rng, rngs::StdRng, seq::IndexedRandom};

pub const HEADER: &str = "Auftragsnr;Kundennr;Datum;Artikelnr;Artikel;Kategorie;Menge;Einzelpreis;Status";

/// Draws the order file: lines of `HEADER`, in no particular order, until the day before `today`.
pub fn draw(rng: &mut StdRng, people: &[Person], today: Date) -> Vec<String> {
    let mut lines = Vec::new();
    let mut number = 500_000;
    for person in people {
        let expected = person.warmth * 5.0;
        let bookings = (expected + rng.random_range(-0.4..0.9)).max(0.0) as usize;
        for _ in 0..bookings {
            number += rng.random_range(1..9);
            book(rng, person, number, today, &mut lines);
        }
    }
    lines
}

fn book(rng: &mut StdRng, person: &Person, number: u32, today: Date, lines: &mut Vec<String>) {
    let back = i64::from(rng.random_range(1..1_095_u32));
    let day = today.checked_sub(back.days()).unwrap_or(today);
    // What was booked lately mostly followed a campaign and comes with its reactions.
    if back < 50 && rng.random_bool(0.75) {
        return;
    }
    // January and the early-bird weeks of autumn are when people book.
    if !matches!(day.month(), 1 | 2 | 9..=11) && rng.random_bool(0.35) {
        return;
    }
    let favourite = CATEGORIES[person.taste];
    let fitting: Vec<_> = JOURNEYS.iter().filter(|j| j.category == favourite || rng.random_bool(0.12)).collect();
    let Some(journey) = fitting.choose(rng) else { return };
    let travellers = *[1, 2, 2, 2, 2, 3, 4].choose(rng).unwrap_or(&2);
    let status = if rng.random_bool(0.07) { "storniert" } else { "gebucht" };
    let date = format!("{:02}.{:02}.{}", day.day(), day.month(), day.year());
    let mut line = |sku: &str, name: &str, category: &str, price: i64| {
        let price = format!("{},{:02}", price / 100, price % 100);
        lines.push(format!("{number};{};{date};{sku};{name};{category};{travellers};{price};{status}", person.number));
    };
    line(journey.sku, journey.name, journey.category, journey.price);
    if rng.random_bool(0.3) {
        line(INSURANCE.sku, INSURANCE.name, INSURANCE.category, INSURANCE.price);
    }
}

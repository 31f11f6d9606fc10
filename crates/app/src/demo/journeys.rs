//! What the tour operator of the demonstration sells.

/// A journey: article number, name, category, price of one person in cents, months it is travelled in.
pub struct Journey {
    pub sku: &'static str,
    pub name: &'static str,
    pub category: &'static str,
    pub price: i64,
}

const fn journey(sku: &'static str, name: &'static str, category: &'static str, price: i64) -> Journey {
    Journey { sku, name, category, price }
}

pub const CATEGORIES: &[&str] =
    &["Italien", "Spanien", "Griechenland", "Portugal", "Skandinavien", "Deutschland", "Flusskreuzfahrt", "Fernreise"];

pub const INSURANCE: Journey = journey("VER-1", "Reiserücktritt", "Versicherung", 4_990);

pub const JOURNEYS: &[Journey] = &[
    journey("TOS-8", "Toskana zu Fuß, 8 Tage", "Italien", 137_000),
    journey("SUD-6", "Südtirol Törggelen, 6 Tage", "Italien", 89_500),
    journey("SIZ-9", "Sizilien Rundreise, 9 Tage", "Italien", 154_900),
    journey("TEN-14", "Teneriffa, 14 Nächte", "Spanien", 159_900),
    journey("MAL-7", "Mallorca, 7 Nächte", "Spanien", 69_900),
    journey("AND-10", "Andalusien, 10 Tage", "Spanien", 168_000),
    journey("KRE-7", "Kreta, 7 Nächte", "Griechenland", 89_900),
    journey("RHO-14", "Rhodos, 14 Nächte", "Griechenland", 149_900),
    journey("KYK-11", "Inselhüpfen Kykladen, 11 Tage", "Griechenland", 189_000),
    journey("MAD-8", "Madeira Wandern, 8 Tage", "Portugal", 129_000),
    journey("POR-7", "Porto und Douro, 7 Tage", "Portugal", 118_500),
    journey("NOR-12", "Nordkap Winterlicht, 12 Tage", "Skandinavien", 298_000),
    journey("STO-5", "Stockholm, 5 Tage", "Skandinavien", 84_900),
    journey("RUG-7", "Rügen, 7 Nächte", "Deutschland", 64_900),
    journey("ALL-5", "Allgäu Wandern, 5 Nächte", "Deutschland", 49_950),
    journey("DON-8", "Donau Passau–Budapest, 8 Tage", "Flusskreuzfahrt", 149_500),
    journey("RHE-6", "Rhein in Flammen, 6 Tage", "Flusskreuzfahrt", 112_000),
    journey("JOR-9", "Jordanien, 9 Tage", "Fernreise", 199_000),
    journey("KAP-15", "Südafrika Gartenroute, 15 Tage", "Fernreise", 346_000),
];

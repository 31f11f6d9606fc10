//! A small world with every awkward thing in it: empty values, leap days, midnights, cancelled orders, machines.

use crm::interactions::Kind;
use jiff::civil::Date;
use kernel::{Timestamp, Zone, chance, text::fold, time::DAY, time::HOUR, time::MINUTE};
use rand::{Rng, rngs::StdRng, seq::IndexedRandom};
use store::{Batch, values};
use testkit::House;

pub struct Person {
    pub id: i64,
    pub number: String,
    pub kind: &'static str,
    pub salutation: Option<&'static str>,
    pub title: Option<&'static str>,
    pub first: &'static str,
    pub last: &'static str,
    pub birth: Option<Date>,
    pub email: Option<String>,
    pub phone: Option<&'static str>,
    pub street: Option<&'static str>,
    pub postal: Option<&'static str>,
    pub city: Option<&'static str>,
    pub country: Option<&'static str>,
    pub language: Option<&'static str>,
    pub source: Option<&'static str>,
    pub budget: Option<i64>,
    pub company: Option<usize>,
    pub owner: Option<i64>,
    pub created: Timestamp,
    pub archived: bool,
    /// Channels with a consent that stands.
    pub consents: Vec<&'static str>,
    pub occupation: Option<&'static str>,
    /// By their ids, 1 and 2.
    pub tags: Vec<i64>,
    /// Values of the own attributes [`OWN`], in their order: text as it is, numbers and flags in digits, days as `YYYY-MM-DD`.
    pub own: [Option<&'static str>; 6],
}

/// The own attributes of the house, by kind and key.
pub const OWN: [(&str, &str); 6] = [
    ("text", "hobby"),
    ("choice", "meal"),
    ("number", "children"),
    ("money", "deposit"),
    ("day", "passport"),
    ("flag", "newsletter"),
];

pub struct Order {
    pub contact: i64,
    pub at: Timestamp,
    pub cancelled: bool,
    pub total: i64,
    pub products: Vec<i64>,
}

pub struct Event {
    pub contact: Option<i64>,
    pub kind: Kind,
    pub at: Timestamp,
    pub human: bool,
    pub campaign: Option<i64>,
    pub message: Option<i64>,
    pub product: Option<i64>,
    pub value: Option<i64>,
    pub subject: Option<&'static str>,
    pub url: Option<&'static str>,
}

pub struct Mail {
    pub id: i64,
    pub contact: i64,
    pub sent: Option<Timestamp>,
    pub bounced: bool,
}

pub struct World {
    pub now: Timestamp,
    pub zone: Zone,
    pub people: Vec<Person>,
    pub orders: Vec<Order>,
    pub events: Vec<Event>,
    pub mails: Vec<Mail>,
}

/// Name and industry.
pub const COMPANIES: [(&str, Option<&str>); 3] =
    [("Vogel & Söhne KG", Some("Handwerk")), ("Müller Praxis", Some("Apotheker")), ("Ohne Branche", None)];
/// Category of each product, by position; ids begin at 1.
pub const PRODUCTS: [Option<i64>; 4] = [Some(1), Some(1), Some(2), None];

const DAYS_AGO: &[i64] = &[0, 1, 2, 6, 7, 8, 29, 30, 31, 90, 364, 365, 366, 700];

fn maybe<T: Copy>(rng: &mut StdRng, list: &[T]) -> Option<T> {
    rng.random_bool(0.8).then(|| *list.choose(rng).unwrap())
}

/// Some days ago, often at the very edge of a day.
fn moment(rng: &mut StdRng, now: Timestamp, zone: &Zone) -> Timestamp {
    let start = zone.days_before(now, *DAYS_AGO.choose(rng).unwrap());
    let at = start.plus(*[0, -1, 1, 12 * HOUR, 23 * HOUR + 59 * MINUTE].choose(rng).unwrap());
    Timestamp(at.0.min(now.0))
}

impl World {
    pub fn new(now: Timestamp) -> Self {
        let mut rng = chance::seeded(7);
        let zone = Zone::berlin();
        let mut world = Self { now, zone: zone.clone(), people: vec![], orders: vec![], events: vec![], mails: vec![] };
        let births = [
            "2000-02-29",
            "1990-11-24",
            "1990-11-25",
            "1980-12-31",
            "1981-01-01",
            "2008-11-24",
            "2008-11-25",
            "1976-03-01",
        ];
        for id in 1..=60 {
            let first = *["Ada", "Jürgen", "Chloé", ""].choose(&mut rng).unwrap();
            let last = *["Müller", "Mueller", "Vogel", "von Bad", "Groß", ""].choose(&mut rng).unwrap();
            world.people.push(Person {
                id,
                number: format!("{}", 10_000 + id),
                kind: ["lead", "prospect", "customer", "former"].choose(&mut rng).unwrap(),
                salutation: maybe(&mut rng, &["ms", "mr", "mx"]),
                title: maybe(&mut rng, &["Dr.", "Prof. Dr.", ""]),
                first,
                last,
                birth: maybe(&mut rng, &births).map(|text| text.parse().unwrap()),
                email: rng
                    .random_bool(0.8)
                    .then(|| format!("P{id}@{}", ["kunde-7.example", "Kunde-6.example"].choose(&mut rng).unwrap())),
                phone: maybe(&mut rng, &["+43 664 5211189", "030 650138", ""]),
                street: maybe(&mut rng, &["Hauptstraße 1", "100% Weg_2"]),
                postal: maybe(&mut rng, &["80331", "8010", "04109"]),
                city: maybe(&mut rng, &["München", "Graz", "Leipzig", "Bad Tölz"]),
                country: maybe(&mut rng, &["DE", "AT", "CH", ""]),
                language: maybe(&mut rng, &["de", "en"]),
                source: maybe(&mut rng, &["Katalog", "Messe 'x'"]),
                budget: maybe(&mut rng, &[0, 50_000, 400_000]),
                company: maybe(&mut rng, &[0, 1, 2]),
                owner: maybe(&mut rng, &[1, 2]),
                created: moment(&mut rng, now, &zone),
                archived: rng.random_bool(0.1),
                consents: ["email", "phone"].into_iter().filter(|_| rng.random_bool(0.5)).collect(),
                occupation: None,
                tags: Vec::new(),
                own: [None; 6],
            });
        }
        // Draws of their own, so that the rest of the world stays as it was.
        let mut own = chance::seeded(11);
        for person in &mut world.people {
            person.occupation = maybe(&mut own, &["Ärztin", "Lehrer", ""]);
            person.tags = [1, 2].into_iter().filter(|_| own.random_bool(0.3)).collect();
            person.own = [
                maybe(&mut own, &["Müller", "Wandern", "100% Segeln"]),
                maybe(&mut own, &["vegan", "alles"]),
                maybe(&mut own, &["0", "1", "2", "3"]),
                maybe(&mut own, &["0", "50000", "100000"]),
                maybe(&mut own, &["1990-11-24", "2026-11-24", "2026-01-01"]),
                maybe(&mut own, &["0", "1"]),
            ];
        }
        for _ in 0..120 {
            let products: Vec<i64> = (0..rng.random_range(1..3)).map(|_| rng.random_range(1..=4)).collect();
            world.orders.push(Order {
                contact: rng.random_range(1..=50),
                at: moment(&mut rng, now, &zone),
                cancelled: rng.random_bool(0.2),
                total: *[0, 10_000, 50_000, 99_999, 100_000, 250_000].choose(&mut rng).unwrap(),
                products,
            });
        }
        for id in 1..=80 {
            let sent = rng.random_bool(0.85).then(|| moment(&mut rng, now, &zone));
            world.mails.push(Mail { id, contact: rng.random_range(1..=50), sent, bounced: rng.random_bool(0.1) });
        }
        let kinds = [Kind::Opened, Kind::Clicked, Kind::CallIn, Kind::PageViewed, Kind::Replied];
        for _ in 0..300 {
            let kind = *kinds.choose(&mut rng).unwrap();
            let mail = rng.random_bool(0.7).then(|| world.mails.choose(&mut rng).unwrap());
            let contact = mail.map_or_else(|| rng.random_range(1..=50), |mail| mail.contact);
            world.events.push(Event {
                contact: rng.random_bool(0.95).then_some(contact),
                kind,
                at: moment(&mut rng, now, &zone),
                human: rng.random_bool(0.7),
                campaign: mail.map(|mail| 1 + mail.id % 2),
                message: mail.map(|mail| mail.id),
                product: maybe(&mut rng, &[1, 2, 3, 4]),
                value: maybe(&mut rng, &[0, 500, 1_000]),
                subject: maybe(&mut rng, &["Kreta wartet", "100% _wirklich_", ""]),
                url: maybe(&mut rng, &["https://shop.example/kreta", "https://shop.example/Rhodos?b=1&a=ä"]),
            });
        }
        world
    }

    /// Writes the world into a house as the other rooms do.
    pub async fn furnish(&self, house: &House) {
        let unit = house.db.write().await.unwrap();
        for (name, industry) in COMPANIES {
            const SQL: &str =
                "INSERT INTO company (name, name_key, industry, created_at, updated_at) VALUES ($1, $2, $3, 1, 1)";
            unit.run(SQL, values![name, fold(name), industry]).await.unwrap();
        }
        for (name, sku) in [("Griechenland", 0), ("Spanien", 1)] {
            let _ = sku;
            unit.run("INSERT INTO category (name, name_key) VALUES ($1, $2)", values![name, fold(name)]).await.unwrap();
        }
        for (n, category) in PRODUCTS.iter().enumerate() {
            const SQL: &str =
                "INSERT INTO product (sku, name, category_id, created_at, updated_at) VALUES ($1, $1, $2, 1, 1)";
            unit.run(SQL, values![format!("SKU-{}", n + 1), *category]).await.unwrap();
        }
        let columns = [
            "id",
            "number",
            "kind",
            "salutation",
            "title",
            "first_name",
            "last_name",
            "name_key",
            "first_key",
            "birth_date",
            "email",
            "email_key",
            "phone",
            "street",
            "postal_code",
            "city",
            "city_key",
            "country",
            "company_id",
            "language",
            "source",
            "budget_minor",
            "owner_id",
            "created_at",
            "updated_at",
            "archived_at",
        ];
        let mut people = Batch::new("contact", &columns, "");
        let consent =
            ["contact_id", "channel", "purpose", "granted", "source", "wording", "at", "recorded_at", "current"];
        let mut consents = Batch::new("consent", &consent, "");
        for p in &self.people {
            people.push(values![
                p.id,
                p.number.clone(),
                p.kind,
                p.salutation,
                p.title,
                p.first,
                p.last,
                fold(&format!("{} {}", p.last, p.first)),
                fold(p.first),
                p.birth.map(|day| day.to_string()),
                p.email.clone(),
                p.email.as_ref().map(|email| email.to_lowercase()),
                p.phone,
                p.street,
                p.postal,
                p.city,
                p.city.map(fold),
                p.country,
                p.company.map(|n| n as i64 + 1),
                p.language,
                p.source,
                p.budget,
                p.owner,
                p.created.0,
                p.created.0,
                p.archived.then_some(1_i64),
            ]);
            for channel in ["email", "phone"] {
                let given = p.consents.contains(&channel);
                // The history says the opposite; only the current one counts.
                for (granted, current) in [(!given, 0_i16), (given, 1)] {
                    consents.push(values![
                        p.id,
                        channel,
                        "marketing",
                        i16::from(granted),
                        "x",
                        "x",
                        1_i64,
                        1_i64,
                        current
                    ]);
                }
            }
        }
        people.write(&unit).await.unwrap();
        self.furnish_own(&unit).await;
        consents.write(&unit).await.unwrap();
        self.furnish_history(&unit).await;
        unit.save().await.unwrap();
    }

    /// What lies in tables of its own: tags and values of the own attributes.
    async fn furnish_own(&self, unit: &store::Write) {
        for name in ["Wanderer", "Messe"] {
            const SQL: &str = "INSERT INTO tag (name, name_key, created_at) VALUES ($1, $2, 1)";
            unit.run(SQL, values![name, fold(name)]).await.unwrap();
        }
        for (kind, key) in OWN {
            const SQL: &str = "INSERT INTO attribute (key, kind, label_de, label_en, choices, purpose, basis, created_at, \
                 updated_at) VALUES ($1, $2, $1, $1, $3, 'x', 'contract', 1, 1)";
            let choices = r#"[{"code":"vegan","de":"Vegan","en":"Vegan"},{"code":"alles","de":"Alles","en":"All"}]"#;
            let choices = if kind == "choice" { choices } else { "[]" };
            unit.run(SQL, values![key, kind, choices]).await.unwrap();
        }
        let columns = ["contact_id", "attribute_id", "text", "text_key", "number", "updated_at"];
        let mut held = Batch::new("attribute_value", &columns, "");
        let mut tagged = Batch::new("contact_tag", &["contact_id", "tag_id", "at"], "");
        for p in &self.people {
            for (n, (kind, _)) in OWN.iter().enumerate() {
                let Some(value) = p.own[n] else { continue };
                let (text, key, number) = match *kind {
                    "text" => (Some(value), Some(fold(value)), None),
                    "choice" | "day" => (Some(value), Some(value.to_owned()), None),
                    _ => (None, None, Some(value.parse::<i64>().unwrap())),
                };
                held.push(values![p.id, n as i64 + 1, text, key, number, 1_i64]);
            }
            for tag in &p.tags {
                tagged.push(values![p.id, *tag, 1_i64]);
            }
            let occupation = "UPDATE contact SET occupation = $1 WHERE id = $2";
            unit.run(occupation, values![p.occupation, p.id]).await.unwrap();
        }
        held.write(unit).await.unwrap();
        tagged.write(unit).await.unwrap();
    }

    async fn furnish_history(&self, unit: &store::Write) {
        let columns = [
            "id",
            "number",
            "contact_id",
            "placed_at",
            "cancelled_at",
            "total_minor",
            "currency",
            "source",
            "created_at",
            "updated_at",
        ];
        let mut orders = Batch::new("purchase", &columns, "");
        let mut items =
            Batch::new("purchase_item", &["purchase_id", "position", "product_id", "quantity", "unit_price_minor"], "");
        for (n, order) in self.orders.iter().enumerate() {
            let id = n as i64 + 1;
            let cancelled = order.cancelled.then_some(order.at.0 + DAY);
            orders.push(values![
                id,
                format!("{id}"),
                order.contact,
                order.at.0,
                cancelled,
                order.total,
                "EUR",
                "test",
                1_i64,
                1_i64
            ]);
            for (position, product) in order.products.iter().enumerate() {
                items.push(values![id, position as i64, *product, 1_i64, 1_i64]);
            }
        }
        orders.write(unit).await.unwrap();
        items.write(unit).await.unwrap();
        for id in [1_i64, 2] {
            const CAMPAIGN: &str = "INSERT INTO campaign (id, name, goal, state, created_at, updated_at) VALUES ($1, 'x', 'loyalty', 'running', 1, 1)";
            unit.run(CAMPAIGN, values![id]).await.unwrap();
        }
        // A step of its own for each mail: one person may have had several.
        let mut steps = Batch::new(
            "campaign_step",
            &["id", "campaign_id", "position", "channel", "from_name", "from_address", "subject", "body"],
            "",
        );
        let columns = [
            "id",
            "campaign_id",
            "step_id",
            "contact_id",
            "address",
            "domain",
            "state",
            "due_at",
            "sent_at",
            "bounced_at",
        ];
        let mut mails = Batch::new("message", &columns, "");
        for mail in &self.mails {
            let campaign = 1 + mail.id % 2;
            steps.push(values![mail.id, campaign, mail.id, "email", "x", "x", "x", "x"]);
            let state = if mail.sent.is_some() { "sent" } else { "failed" };
            let bounced = mail.bounced.then_some(1_i64);
            mails.push(values![
                mail.id,
                campaign,
                mail.id,
                mail.contact,
                "x",
                "x",
                state,
                1_i64,
                mail.sent.map(|at| at.0),
                bounced
            ]);
        }
        steps.write(unit).await.unwrap();
        mails.write(unit).await.unwrap();
        let columns = [
            "occurred_at",
            "received_at",
            "contact_id",
            "channel",
            "kind",
            "campaign_id",
            "message_id",
            "product_id",
            "value_minor",
            "subject",
            "url",
            "verdict",
        ];
        let mut events = Batch::new("interaction", &columns, "");
        for (n, e) in self.events.iter().enumerate() {
            let verdict = if e.human { "human" } else { ["machine", "unknown"][n % 2] };
            events.push(values![
                e.at.0,
                e.at.0,
                e.contact,
                e.kind.channel().code(),
                e.kind.code(),
                e.campaign,
                e.message,
                e.product,
                e.value,
                e.subject,
                e.url,
                verdict,
            ]);
        }
        events.write(unit).await.unwrap();
    }
}

//! Small worlds of campaigns, drawn so that everything meets everything: answers that name a message, a campaign or neither,
//! reports of every kind, windows that overlap, orders on their edges, people who are in several campaigns.

use kernel::time::{DAY, HOUR};
use store::{Batch, Write, values};
use testkit::{House, house::NOON};

pub struct Campaign {
    pub id: i64,
    pub launched: i64,
    pub days: i64,
}

pub struct Mail {
    pub id: i64,
    pub campaign: i64,
    pub contact: i64,
    pub sent: Option<i64>,
    pub bounced: Option<i64>,
}

pub struct Event {
    pub at: i64,
    pub contact: Option<i64>,
    pub kind: &'static str,
    pub verdict: &'static str,
    pub campaign: Option<i64>,
    pub message: Option<i64>,
}

pub struct Order {
    pub id: i64,
    pub contact: i64,
    pub at: i64,
    pub cancelled: bool,
    pub worth: i64,
}

#[derive(Default)]
pub struct World {
    pub campaigns: Vec<Campaign>,
    pub mails: Vec<Mail>,
    /// Campaign and contact.
    pub control: Vec<(i64, i64)>,
    pub events: Vec<Event>,
    pub orders: Vec<Order>,
}

const PEOPLE: u64 = 30;

/// Numbers that look drawn and are the same on every run (xorshift64*, S. Vigna 2016).
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % most
    }

    fn id(&mut self, most: u64) -> i64 {
        self.below(most) as i64 + 1
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}

impl World {
    pub fn drawn(seed: u64) -> Self {
        let mut draw = Drawn(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut world = Self::default();
        for id in 1..=4 {
            let launched = NOON.0 - (40 - id * 6) * DAY;
            world.campaigns.push(Campaign { id, launched, days: draw.of(&[3, 7, 30]) });
            for contact in 1..=PEOPLE as i64 {
                if draw.one_in(6) {
                    world.control.push((id, contact));
                } else if !draw.one_in(3) {
                    let mail = world.mails.len() as i64 + 1;
                    // Many at the same instant, so that the order of ids decides.
                    let sent = (!draw.one_in(12)).then_some(launched + draw.below(3) as i64 * HOUR);
                    let bounced = sent.filter(|_| draw.one_in(9)).map(|at| at + HOUR);
                    world.mails.push(Mail { id: mail, campaign: id, contact, sent, bounced });
                }
            }
        }
        let kinds = [
            "sent",
            "opened",
            "opened",
            "clicked",
            "bounced",
            "replied",
            "replied",
            "call_in",
            "page_viewed",
            "product_viewed",
            "unsubscribed",
            "complained",
            "liked",
        ];
        for _ in 0..260 {
            let contact = draw.id(PEOPLE);
            let mail = draw.below(world.mails.len() as u64) as usize;
            let mail = &world.mails[mail];
            let (contact, campaign, message) = match draw.below(3) {
                0 => (contact, None, None),
                1 => (contact, Some(draw.id(4)), None),
                _ => (mail.contact, Some(mail.campaign), Some(mail.id)),
            };
            let at = NOON.0 - 36 * DAY + draw.below(36 * 24) as i64 * HOUR;
            let contact = (!draw.one_in(20)).then_some(contact);
            let (kind, verdict) = (draw.of(&kinds), draw.of(&["human", "human", "human", "machine", "unknown"]));
            world.events.push(Event { at, contact, kind, verdict, campaign, message });
        }
        for id in 1..=60 {
            let at = NOON.0 - 36 * DAY + draw.below(36 * 24) as i64 * HOUR;
            let (contact, cancelled, worth) = (draw.id(PEOPLE), draw.one_in(7), draw.id(90_000));
            world.orders.push(Order { id, contact, at, cancelled, worth });
        }
        world
    }

    pub async fn write(&self, house: &House) {
        let unit = house.db.write().await.unwrap();
        self.write_people(&unit).await;
        let columns =
            ["occurred_at", "received_at", "contact_id", "channel", "kind", "campaign_id", "message_id", "verdict"];
        let mut events = Batch::new("interaction", &columns, "");
        for event in &self.events {
            let (at, kind) = (event.at, event.kind);
            events.push(values![at, at, event.contact, "email", kind, event.campaign, event.message, event.verdict]);
        }
        events.write(&unit).await.unwrap();
        let columns = ["id", "number", "contact_id", "placed_at", "cancelled_at", "total_minor", "currency", "source"];
        let columns = [&columns[..], &["created_at", "updated_at"]].concat();
        let mut orders = Batch::new("purchase", &columns, "");
        for order in &self.orders {
            let cancelled = order.cancelled.then_some(order.at + 1);
            let (id, number) = (order.id, order.id.to_string());
            orders.push(values![id, number, order.contact, order.at, cancelled, order.worth, "EUR", "x", 1_i64, 1_i64]);
        }
        orders.write(&unit).await.unwrap();
        unit.save().await.unwrap();
    }

    async fn write_people(&self, unit: &Write) {
        for contact in 1..=PEOPLE as i64 {
            const SQL: &str = "INSERT INTO contact (id, number, kind, first_name, last_name, name_key, first_key, created_at, \
                 updated_at) VALUES ($1, $2, 'customer', 'A', 'B', 'b a', 'a', 1, 1)";
            unit.run(SQL, values![contact, contact.to_string()]).await.unwrap();
        }
        for campaign in &self.campaigns {
            const SQL: &str = "INSERT INTO campaign (id, name, goal, state, fixed_cost_minor, unit_cost_minor, margin_ppm, \
                 attribution_days, launched_at, created_at, updated_at) \
                 VALUES ($1, 'x', 'loyalty', 'running', 10000, 10, 500000, $2, $3, 1, 1)";
            unit.run(SQL, values![campaign.id, campaign.days, campaign.launched]).await.unwrap();
            const STEP: &str = "INSERT INTO campaign_step (id, campaign_id, position, channel, from_name, from_address, subject, \
                 body) VALUES ($1, $1, 1, 'email', 'x', 'x', 'x', 'x')";
            unit.run(STEP, values![campaign.id]).await.unwrap();
        }
        for mail in &self.mails {
            const SQL: &str = "INSERT INTO message (id, campaign_id, step_id, contact_id, address, domain, state, due_at, sent_at, \
                 bounced_at) VALUES ($1, $2, $2, $3, 'x', 'x', $4, 1, $5, $6)";
            let state = if mail.sent.is_some() { "sent" } else { "failed" };
            unit.run(SQL, values![mail.id, mail.campaign, mail.contact, state, mail.sent, mail.bounced]).await.unwrap();
        }
        for (campaign, contact) in &self.control {
            const SQL: &str = "INSERT INTO audience (campaign_id, contact_id, fate) VALUES ($1, $2, 'control')";
            unit.run(SQL, values![*campaign, *contact]).await.unwrap();
        }
    }
}

//! How many of a segment an e-mail would reach: the waterfall of [`freeze`](super::super::freeze) from sets, without its
//! control group.

use super::{
    super::{
        Attribute, Context, Field, Node, Op, Value,
        compile::{Circle, circle, living},
        field::Plain,
        freeze::Waterfall,
    },
    Workbench, number,
    plan::Asked,
};
use kernel::{ContactId, Fault, People, Timestamp, Zone};
use std::{collections::HashSet, sync::Arc};
use store::{Db, FromQueryResult, values};

#[derive(FromQueryResult)]
struct Twin {
    id: i64,
    email_key: String,
}

impl Workbench {
    /// What a freeze would write for these people now; the parts add up to `matched`.
    pub async fn reach(&self, db: &Db, people: &People, now: Timestamp, zone: &Zone) -> Result<Waterfall, Fault> {
        let context = Context::new(now, zone);
        let consented = those(&consent(), &context);
        let addressed = those(&addressed(), &context);
        let sets = self.sets(db, vec![consented.clone(), addressed.clone()]).await?;
        let set = |asked: &Asked| sets.get(&asked.key).cloned().unwrap_or_default();
        let consenting = people & &*set(&consented);
        let reachable = &consenting & &*set(&addressed);
        let left = &reachable - &suppressed(db).await?;
        let doubles = doubles(db, &left).await?;
        Ok(Waterfall {
            matched: number(people),
            no_consent: number(people) - number(&consenting),
            no_address: number(&consenting) - number(&reachable),
            suppressed: number(&reachable) - number(&left),
            duplicate_address: doubles,
            treated: number(&left) - doubles,
            ..Waterfall::default()
        })
    }
}

fn those(leaf: &Node, context: &Context) -> Asked {
    match circle(leaf, context) {
        Some(Circle::Those(select) | Circle::Others(select)) => Asked::of(select),
        Some(Circle::Everybody) | None => Asked::of(living()),
    }
}

fn consent() -> Node {
    let field = Field::Consent { channel: "email", purpose: "marketing".to_owned() };
    Node::Attribute(Attribute { field, op: Op::Eq, value: Value::Flag(true) })
}

fn addressed() -> Node {
    Node::Attribute(Attribute { field: Field::Plain(Plain::Email), op: Op::IsSet, value: Value::Nothing })
}

/// Asked anew each time: a change of the suppressions alone makes no kept set untrue. Served by `contact_email`.
async fn suppressed(db: &Db) -> Result<People, Fault> {
    const SQL: &str = "SELECT c.id FROM suppression s JOIN contact c ON c.email_key = s.email_key";
    Ok(db.read().await?.numbers(SQL, values![]).await?.into_iter().map(ContactId).collect())
}

/// One mailbox is written to once: how many have an address somebody with a lower id has, too. Served by `contact_email`.
async fn doubles(db: &Db, left: &People) -> Result<i64, Fault> {
    const SQL: &str = "SELECT id, email_key FROM contact WHERE archived_at IS NULL AND email_key IN (SELECT email_key FROM contact \
         WHERE email_key IS NOT NULL AND email_key <> '' GROUP BY email_key HAVING COUNT(*) > 1) ORDER BY id";
    let twins: Vec<Twin> = db.read().await?.all(SQL, values![]).await?;
    let mut seen: HashSet<Arc<str>> = HashSet::new();
    let twins = twins.into_iter().filter(|twin| left.contains(ContactId(twin.id)));
    Ok(twins.filter(|twin| !seen.insert(twin.email_key.as_str().into())).count() as i64)
}

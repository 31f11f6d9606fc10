//! Whom a campaign reaches, decided once: everybody the segment matches at this moment, and what becomes of each.
//!
//! The exclusions form a waterfall: whoever falls out at one step is not looked at by the next, so the counts add up.
//! The statement that counts before the freeze is the one that writes at the freeze.

use crate::customers;
use kernel::{CampaignId, Fault, chance};
use rand::Rng;
use store::{
    FromQueryResult, Rows, Value, Write,
    sea_query::{Alias, Condition, Expr, ExprTrait, Order, Query, SelectStatement},
    values,
};

/// What becomes of a person the segment matched, in the order of the waterfall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// In the archive: no longer written to.
    Archived,
    /// No consent to e-mail for marketing.
    NoConsent,
    NoAddress,
    /// The address does not exist any more, or its owner complained.
    Suppressed,
    /// Somebody else of the audience has the same address; the lowest contact id keeps it.
    DuplicateAddress,
    /// Drawn into the control group: gets nothing, so that lift can be measured.
    Control,
    /// Gets the message.
    Treated,
}

impl Fate {
    pub const ALL: &'static [Fate] = &[
        Self::Archived,
        Self::NoConsent,
        Self::NoAddress,
        Self::Suppressed,
        Self::DuplicateAddress,
        Self::Control,
        Self::Treated,
    ];

    /// Stable name in storage and API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Archived => "archived",
            Self::NoConsent => "no_consent",
            Self::NoAddress => "no_address",
            Self::Suppressed => "suppressed",
            Self::DuplicateAddress => "duplicate_address",
            Self::Control => "control",
            Self::Treated => "treated",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fate| fate.code() == text)
    }
}

/// How many people the segment matched and where they went; the parts add up to `matched`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Waterfall {
    pub matched: i64,
    pub archived: i64,
    pub no_consent: i64,
    pub no_address: i64,
    pub suppressed: i64,
    pub duplicate_address: i64,
    pub control: i64,
    pub treated: i64,
}

impl Waterfall {
    pub fn of(&self, fate: Fate) -> i64 {
        match fate {
            Fate::Archived => self.archived,
            Fate::NoConsent => self.no_consent,
            Fate::NoAddress => self.no_address,
            Fate::Suppressed => self.suppressed,
            Fate::DuplicateAddress => self.duplicate_address,
            Fate::Control => self.control,
            Fate::Treated => self.treated,
        }
    }

    fn collect(counts: Vec<Count>) -> Result<Self, Fault> {
        let mut all = Self::default();
        for Count { fate, people } in counts {
            let place = match Fate::parse(&fate).ok_or_else(|| Fault::Unreadable(format!("fate {fate}")))? {
                Fate::Archived => &mut all.archived,
                Fate::NoConsent => &mut all.no_consent,
                Fate::NoAddress => &mut all.no_address,
                Fate::Suppressed => &mut all.suppressed,
                Fate::DuplicateAddress => &mut all.duplicate_address,
                Fate::Control => &mut all.control,
                Fate::Treated => &mut all.treated,
            };
            *place += people;
            all.matched += people;
        }
        Ok(all)
    }
}

#[derive(FromQueryResult)]
struct Count {
    fate: String,
    people: i64,
}

/// How many of `people` the control group takes: the share in millionths, rounded to the nearest.
fn control_size(people: i64, control_ppm: i64) -> i64 {
    ((i128::from(people) * i128::from(control_ppm) + 500_000) / 1_000_000) as i64
}

/// What a freeze would write now. `people` selects one column: the contact ids of the segment.
pub async fn preview(rows: &Rows, people: SelectStatement, control_ppm: i64) -> Result<Waterfall, Fault> {
    let count = Query::select()
        .column("fate")
        .expr_as(Expr::cust("COUNT(*)"), "people")
        .from_subquery(fates(people), "counted")
        .group_by_col("fate")
        .to_owned();
    let mut all = Waterfall::collect(rows.select(&count).await?)?;
    all.control = control_size(all.treated, control_ppm);
    all.treated -= all.control;
    Ok(all)
}

/// Writes the audience of a campaign. The same people, share and seed give the same control group.
pub async fn freeze(
    unit: &Write,
    campaign: CampaignId,
    people: SelectStatement,
    control_ppm: i64,
    seed: i64,
) -> Result<Waterfall, Fault> {
    unit.run("DELETE FROM audience WHERE campaign_id = $1", values![campaign.0]).await?;
    let select = Query::select()
        .expr(Expr::val(campaign.0))
        .column("id")
        .column("fate")
        .from_subquery(fates(people), "decided")
        .to_owned();
    let mut insert = Query::insert();
    insert.into_table("audience").columns(["campaign_id", "contact_id", "fate"]);
    insert.select_from(select).map_err(|error| Fault::Unreadable(error.to_string()))?;
    unit.execute(&insert).await?;
    draw_control(unit, campaign, control_ppm, seed).await?;
    waterfall(unit, campaign).await
}

/// The counts of an audience that was frozen; served by `audience_fate`.
pub async fn waterfall(rows: &Rows, campaign: CampaignId) -> Result<Waterfall, Fault> {
    const SQL: &str = "SELECT fate, COUNT(*) AS people FROM audience WHERE campaign_id = $1 GROUP BY fate";
    Waterfall::collect(rows.all(SQL, values![campaign.0]).await?)
}

/// The people who would get the message if the audience were frozen now, control group included, by contact id after an
/// id.
pub async fn reachable(rows: &Rows, people: SelectStatement, after: i64, limit: u64) -> Result<Vec<i64>, Fault> {
    #[derive(FromQueryResult)]
    struct Id {
        id: i64,
    }
    let select = Query::select()
        .column("id")
        .from_subquery(fates(people), "decided")
        .and_where(Expr::col("fate").eq("treated"))
        .and_where(Expr::col("id").gt(after))
        .order_by("id", Order::Asc)
        .limit(limit)
        .to_owned();
    Ok(rows.select::<Id>(&select).await?.into_iter().map(|row| row.id).collect())
}

/// Those of `people` a freeze would give this fate now, as a condition over the table `contact`. Nobody is drawn into the
/// control group before the freeze: its members are among the treated.
pub fn would_be(people: SelectStatement, fate: Fate) -> Condition {
    let these = Query::select()
        .column("id")
        .from_subquery(fates(people), "decided")
        .and_where(Expr::col("fate").eq(fate.code()))
        .to_owned();
    Condition::all().add(Expr::col((Alias::new("contact"), Alias::new("id"))).in_subquery(these))
}

/// A person of an audience.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Member {
    pub contact_id: i64,
    pub number: String,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
}

/// The people of one fate, by contact id, after an id; served by `audience_fate`.
pub async fn members(
    rows: &Rows,
    campaign: CampaignId,
    fate: Fate,
    after: i64,
    limit: i64,
) -> Result<Vec<Member>, Fault> {
    const SQL: &str = "SELECT a.contact_id, c.number, c.first_name, c.last_name, c.email FROM audience a \
         JOIN contact c ON c.id = a.contact_id WHERE a.campaign_id = $1 AND a.fate = $2 AND a.contact_id > $3 \
         ORDER BY a.contact_id LIMIT $4";
    rows.all(SQL, values![campaign.0, fate.code(), after, limit]).await
}

/// Contact id and fate of everybody, the control group still among the treated.
fn fates(people: SelectStatement) -> SelectStatement {
    let fate = format!(
        "CASE WHEN c.archived_at IS NOT NULL THEN 'archived' WHEN NOT {} THEN 'no_consent' \
         WHEN COALESCE(c.email_key, '') = '' THEN 'no_address' \
         WHEN EXISTS (SELECT 1 FROM suppression s WHERE s.email_key = c.email_key) THEN 'suppressed' \
         ELSE 'treated' END",
        customers::allows("c.id", "email", customers::MARKETING)
    );
    let looked_at = Query::select()
        .expr_as(Expr::cust("c.id"), "id")
        .expr_as(Expr::cust("c.email_key"), "email_key")
        .expr_as(Expr::cust(fate), "fate")
        .from_as("contact", "c")
        .and_where(Expr::col((Alias::new("c"), Alias::new("id"))).in_subquery(people))
        .to_owned();
    // One mailbox is written to once.
    let once = "CASE WHEN fate = 'treated' AND ROW_NUMBER() OVER (PARTITION BY fate, email_key ORDER BY id) > 1 \
         THEN 'duplicate_address' ELSE fate END";
    Query::select().column("id").expr_as(Expr::cust(once), "fate").from_subquery(looked_at, "looked_at").to_owned()
}

/// People read at a time while the control group is drawn.
const PAGE: i64 = 20_000;

/// Selection sampling (Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S): exactly the share, every group
/// of that size equally likely, in one pass by contact id.
async fn draw_control(unit: &Write, campaign: CampaignId, control_ppm: i64, seed: i64) -> Result<(), Fault> {
    const COUNT: &str = "SELECT COUNT(*) FROM audience WHERE campaign_id = $1 AND fate = 'treated'";
    let mut left = unit.number(COUNT, values![campaign.0]).await?;
    let mut wanted = control_size(left, control_ppm);
    let mut rng = chance::seeded(seed as u64);
    let mut after = i64::MIN;
    while wanted > 0 {
        const IDS: &str = "SELECT contact_id FROM audience WHERE campaign_id = $1 AND fate = 'treated' AND contact_id > $2 \
             ORDER BY contact_id LIMIT $3";
        let ids = unit.numbers(IDS, values![campaign.0, after, PAGE]).await?;
        let Some(last) = ids.last() else { break };
        after = *last;
        let mut drawn = Vec::new();
        for id in ids {
            if rng.random_range(0..left) < wanted {
                drawn.push(id);
                wanted -= 1;
            }
            left -= 1;
        }
        for chunk in drawn.chunks(500) {
            let sql = format!(
                "UPDATE audience SET fate = 'control' WHERE campaign_id = $1 AND contact_id IN ({})",
                store::marks(2, chunk.len())
            );
            let binds = std::iter::once(campaign.0).chain(chunk.iter().copied()).map(Value::from).collect();
            unit.run(&sql, binds).await?;
        }
    }
    Ok(())
}

//! The figures of campaigns, any number of them in a handful of questions.

use super::{
    Interval, Metric,
    counts::among,
    facts::{Fact, Scope},
    interval::newcombe,
};
use futures::future::try_join_all;
use kernel::{CampaignId, Cell, Column, Currency, Fault, KEPT, Lens, Question, Seq, Table, Unit};
use sea_query::{Alias, Condition, Expr, Query};
use std::collections::BTreeMap;

/// What was counted for one campaign; everything else follows from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    pub currency: Currency,
    pub sent: i64,
    pub bounced: i64,
    pub opened: i64,
    pub clicked: i64,
    pub machine_opened: i64,
    pub viewed: i64,
    pub responded: i64,
    pub converted: i64,
    pub unsubscribed: i64,
    pub complained: i64,
    /// Attributed orders (last touch) and what they are worth, in minor units.
    pub orders: i64,
    pub revenue: i64,
    /// Worth of all orders inside the window, for the comparison with the control group.
    pub revenue_in_window: i64,
    pub control: i64,
    pub control_converted: i64,
    pub control_revenue: i64,
    pub fixed_cost: i64,
    pub unit_cost: i64,
    /// Margin rate in millionths.
    pub margin_ppm: i64,
}

/// Conversion rate of the treated less that of the control group, with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lift {
    pub difference: f64,
    pub interval: Interval,
}

/// What was counted of a fact.
struct Counted {
    people: i64,
    things: i64,
    amount: i64,
}

/// The figures of one campaign; `None` when there is no such campaign.
pub async fn evaluate(lens: &dyn Lens, campaign: CampaignId) -> Result<Option<Figures>, Fault> {
    Ok(figures(lens, &[campaign], None).await?.remove(&campaign))
}

/// The figures of several campaigns, of everybody or of some people (a condition over `contact`).
pub async fn figures(
    lens: &dyn Lens,
    campaigns: &[CampaignId],
    who: Option<&Condition>,
) -> Result<BTreeMap<CampaignId, Figures>, Fault> {
    match campaigns {
        [] => Ok(BTreeMap::new()),
        // Out of the figures of all: another list of campaigns then finds the same answers.
        some if lens.scans_freely() => {
            let mut all = figures_in(lens, &Scope::ALL, who).await?;
            all.retain(|id, _| some.contains(id));
            Ok(all)
        }
        some => figures_in(lens, &Scope::of(some), who).await,
    }
}

async fn figures_in(
    lens: &dyn Lens,
    scope: &Scope,
    who: Option<&Condition>,
) -> Result<BTreeMap<CampaignId, Figures>, Fault> {
    let plans = lens.ask(&plans(scope), Seq(0)).await?;
    let mut all: BTreeMap<CampaignId, Figures> = BTreeMap::new();
    for row in 0..plans.rows.len() {
        let figures = Figures {
            currency: Currency::parse(plans.text(row, "currency")).unwrap_or_default(),
            fixed_cost: plans.int(row, "fixed_cost_minor"),
            unit_cost: plans.int(row, "unit_cost_minor"),
            margin_ppm: plans.int(row, "margin_ppm"),
            ..Figures::default()
        };
        all.insert(CampaignId(plans.int(row, "id")), figures);
    }
    let questions: Vec<Question> =
        COUNTED.iter().map(|(fact, _)| counting(*fact, scope, who)).chain([deeds(scope, who)]).collect();
    let mut tables = try_join_all(questions.iter().map(|question| lens.ask(question, Seq(0)))).await?;
    let done = tables.pop().unwrap_or_default();
    for ((_, take), table) in COUNTED.iter().zip(tables) {
        for row in 0..table.rows.len() {
            let of = |column| table.int(row, column);
            if let Some(figures) = all.get_mut(&CampaignId(of("campaign"))) {
                take(figures, &Counted { people: of("people"), things: of("things"), amount: of("amount") });
            }
        }
    }
    for row in 0..done.rows.len() {
        let of = |column| done.int(row, column);
        if let Some(figures) = all.get_mut(&CampaignId(of("campaign"))) {
            figures.opened = of("opened");
            figures.clicked = of("clicked");
            figures.machine_opened = of("machine_opened");
            figures.viewed = of("viewed");
            figures.unsubscribed = of("unsubscribed");
            figures.complained = of("complained");
        }
    }
    Ok(all)
}

/// What campaigns were planned with: `id`, `currency`, `fixed_cost_minor`, `unit_cost_minor`, `margin_ppm`.
fn plans(scope: &Scope) -> Question {
    const COLUMNS: [(&str, Unit); 5] = [
        ("id", Unit::Id),
        ("currency", Unit::Text),
        ("fixed_cost_minor", Unit::Count),
        ("unit_cost_minor", Unit::Count),
        ("margin_ppm", Unit::Count),
    ];
    let mut select = Query::select();
    select.columns(COLUMNS.map(|(name, _)| name)).from("campaign");
    select.and_where(Expr::cust(scope.holds("id")));
    Question::new(select, COLUMNS.map(|(name, unit)| Column::new(name, unit)).into())
}

/// A fact by `campaign`: different `people`, `things`, and their `amount`. Who did something stands once in most facts, so only
/// orders, of which one person may have several, are looked through for people. A fact is worth keeping: the next question may be
/// narrowed to other people.
fn counting(fact: Fact, scope: &Scope, who: Option<&Condition>) -> Question {
    let column = |column: &str| format!("{KEPT}.{column}");
    let people =
        if fact.repeats_people() { format!("COUNT(DISTINCT {KEPT}.contact_id)") } else { "COUNT(*)".to_owned() };
    let mut select = Query::select();
    select
        .expr_as(Expr::cust(column("campaign_id")), Alias::new("campaign"))
        .expr_as(Expr::cust(people), Alias::new("people"))
        .expr_as(Expr::cust("COUNT(*)"), Alias::new("things"))
        .expr_as(Expr::cust(format!("CAST(SUM({KEPT}.amount) AS BIGINT)")), Alias::new("amount"))
        .from_subquery(fact.select(scope), KEPT)
        .add_group_by([Expr::cust(column("campaign_id"))]);
    among(&mut select, &column("contact_id"), who);
    let columns = [("campaign", Unit::Id), ("people", Unit::Count), ("things", Unit::Count), ("amount", Unit::Count)];
    Question::new(select, columns.map(|(key, unit)| Column::new(key, unit)).into())
}

/// How many people did what, by `campaign`: the ones of each column of `reached`, where a person stands once.
fn deeds(scope: &Scope, who: Option<&Condition>) -> Question {
    const DEEDS: [&str; 6] = ["opened", "clicked", "machine_opened", "viewed", "unsubscribed", "complained"];
    let mut select = Query::select();
    select.expr_as(Expr::cust("reached.campaign_id"), Alias::new("campaign"));
    for deed in DEEDS {
        select.expr_as(Expr::cust(format!("CAST(SUM(reached.{deed}) AS BIGINT)")), Alias::new(deed));
    }
    select
        .from("reached")
        .and_where(Expr::cust(scope.holds("reached.campaign_id")))
        .add_group_by([Expr::cust("reached.campaign_id")]);
    among(&mut select, "reached.contact_id", who);
    let mut columns = vec![Column::new("campaign", Unit::Id)];
    columns.extend(DEEDS.map(|deed| Column::new(deed, Unit::Count)));
    Question::new(select, columns)
}

type Take = fn(&mut Figures, &Counted);

const COUNTED: &[(Fact, Take)] = &[
    (Fact::Sent, |f, c| f.sent = c.things),
    (Fact::Bounced, |f, c| f.bounced = c.things),
    (Fact::Responded, |f, c| f.responded = c.people),
    (Fact::Ordered, |f, c| (f.converted, f.revenue_in_window) = (c.people, c.amount)),
    (Fact::Attributed, |f, c| (f.orders, f.revenue) = (c.things, c.amount)),
    (Fact::Control, |f, c| f.control = c.people),
    (Fact::ControlOrdered, |f, c| (f.control_converted, f.control_revenue) = (c.people, c.amount)),
];

/// `part / whole`; nothing where there is no whole.
fn rate(part: i64, whole: i64) -> Option<f64> {
    (whole != 0).then(|| part as f64 / whole as f64)
}

impl Figures {
    pub fn delivered(&self) -> i64 {
        self.sent - self.bounced
    }

    pub fn cost(&self) -> i64 {
        self.fixed_cost + self.unit_cost * self.sent
    }

    /// Revenue × margin rate, rounded half away from zero to whole minor units.
    pub fn contribution(&self) -> i64 {
        round_millionths(i128::from(self.revenue) * i128::from(self.margin_ppm))
    }

    /// (contribution − cost) / cost, from the contribution before rounding; nothing when nothing was spent.
    pub fn roi(&self) -> Option<f64> {
        self.roi_of(self.revenue)
    }

    fn roi_of(&self, revenue: i64) -> Option<f64> {
        let cost = i128::from(self.cost()) * 1_000_000;
        let contribution = i128::from(revenue) * i128::from(self.margin_ppm);
        (cost != 0).then(|| (contribution - cost) as f64 / cost as f64)
    }

    /// Nothing without a control group or without anybody treated.
    pub fn lift(&self) -> Option<Lift> {
        let difference = rate(self.converted, self.delivered())? - rate(self.control_converted, self.control)?;
        let interval = newcombe((self.converted, self.delivered()), (self.control_converted, self.control));
        Some(Lift { difference, interval })
    }

    /// (revenue per treated − revenue per control) × treated, in minor units.
    pub fn incremental_revenue(&self) -> Option<i64> {
        let expected = rate(self.control_revenue, self.control)? * self.delivered() as f64;
        (self.delivered() > 0).then(|| self.revenue_in_window - expected.round() as i64)
    }

    pub fn incremental_roi(&self) -> Option<f64> {
        self.roi_of(self.incremental_revenue()?)
    }

    /// A figure as a cell of the shape its unit says; empty where it is not defined.
    pub fn value(&self, metric: Metric) -> Cell {
        let delivered = self.delivered();
        let real = |value: Option<f64>| value.map_or(Cell::Empty, Cell::Real);
        match metric {
            Metric::Sent => Cell::Int(self.sent),
            Metric::Bounced => Cell::Int(self.bounced),
            Metric::BounceRate => real(rate(self.bounced, self.sent)),
            Metric::Delivered => Cell::Int(delivered),
            Metric::Opened => Cell::Int(self.opened),
            Metric::OpenRate => real(rate(self.opened, delivered)),
            Metric::Clicked => Cell::Int(self.clicked),
            Metric::ClickRate => real(rate(self.clicked, delivered)),
            Metric::ClickToOpenRate => real(rate(self.clicked, self.opened)),
            Metric::MachineOpened => Cell::Int(self.machine_opened),
            Metric::Viewed => Cell::Int(self.viewed),
            Metric::ViewRate => real(rate(self.viewed, delivered)),
            Metric::Responded => Cell::Int(self.responded),
            Metric::ResponseRate => real(rate(self.responded, delivered)),
            Metric::Converted => Cell::Int(self.converted),
            Metric::ConversionRate => real(rate(self.converted, delivered)),
            Metric::Unsubscribed => Cell::Int(self.unsubscribed),
            Metric::UnsubscribeRate => real(rate(self.unsubscribed, delivered)),
            Metric::Complained => Cell::Int(self.complained),
            Metric::ComplaintRate => real(rate(self.complained, delivered)),
            Metric::Orders => Cell::Int(self.orders),
            Metric::Revenue => Cell::Int(self.revenue),
            Metric::Cost => Cell::Int(self.cost()),
            Metric::Contribution => Cell::Int(self.contribution()),
            Metric::Roi => real(self.roi()),
            Metric::Control => Cell::Int(self.control),
            Metric::ControlConverted => Cell::Int(self.control_converted),
            Metric::ControlConversionRate => real(rate(self.control_converted, self.control)),
            Metric::Lift => real(self.lift().map(|lift| lift.difference)),
            Metric::LiftLow => real(self.lift().map(|lift| lift.interval.low)),
            Metric::LiftHigh => real(self.lift().map(|lift| lift.interval.high)),
            Metric::IncrementalRevenue => self.incremental_revenue().map_or(Cell::Empty, Cell::Int),
            Metric::IncrementalRoi => real(self.incremental_roi()),
        }
    }

    /// One row, one column for each metric of the catalogue.
    pub fn table(&self) -> Table {
        let columns = Metric::ALL.iter().map(|metric| Column::new(metric.code(), metric.unit(self.currency)));
        let mut table = Table::new(columns.collect());
        table.rows.push(Metric::ALL.iter().map(|metric| self.value(*metric)).collect());
        table
    }
}

fn round_millionths(value: i128) -> i64 {
    let half = if value < 0 { -500_000 } else { 500_000 };
    i64::try_from((value + half) / 1_000_000).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_rounded_once_and_the_return_is_not() {
        let figures = Figures {
            sent: 65,
            revenue: 1_968_498,
            fixed_cost: 25_000,
            unit_cost: 2,
            margin_ppm: 200_000,
            ..Figures::default()
        };
        assert_eq!((figures.cost(), figures.contribution()), (25_130, 393_700));
        assert_eq!(format!("{:.6}", figures.roi().unwrap()), "14.666518");
        assert_eq!(Figures { fixed_cost: 0, unit_cost: 0, ..figures }.value(Metric::Roi), Cell::Empty);
    }

    #[test]
    fn what_cannot_be_divided_is_empty() {
        let nothing = Figures::default();
        for metric in
            [Metric::OpenRate, Metric::BounceRate, Metric::ClickToOpenRate, Metric::Lift, Metric::IncrementalRevenue]
        {
            assert_eq!(nothing.value(metric), Cell::Empty, "{metric:?}");
        }
    }

    #[test]
    fn the_additional_is_what_the_control_group_did_not_do() {
        let figures = Figures {
            sent: 1_000,
            converted: 40,
            revenue_in_window: 4_000_000,
            control: 100,
            control_converted: 2,
            control_revenue: 200_000,
            fixed_cost: 500_000,
            margin_ppm: 500_000,
            ..Figures::default()
        };
        let lift = figures.lift().unwrap();
        assert!((lift.difference - 0.02).abs() < 1e-12);
        assert!(lift.interval.low < 0.0 && lift.interval.high > 0.02);
        assert_eq!(figures.incremental_revenue(), Some(2_000_000));
        assert_eq!(figures.incremental_roi(), Some(1.0));
    }
}

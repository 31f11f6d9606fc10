//! What the list is narrowed to, as it stands in the address: the same words lead to the same people.

use crate::{
    door::{Answer, Desk, Trouble},
    handlers::{campaigns::people::people, dashboard::wish::ages},
    pages::FilterChip,
};
use crm::{
    customers::{self, ContactKind, ContactQuery, Sort},
    evaluation::{self, Behind, Period, fate_label},
    intake::country,
    interactions::Channel,
    planning::Campaign,
    selection::{
        self, Definition, Names,
        freeze::{self, Fate},
    },
    staff::Right,
};
use kernel::{CampaignId, Column, Question, SegmentId, Seq, Timestamp, Unit, sentence::say};
use serde_json::{Value, json};
use std::collections::HashMap;
use store::{
    Rows,
    sea_query::{Condition, Expr, Query},
};

/// Lines of a page.
const LINES: u64 = 50;

/// Parameters that narrow or order the list, in the order of its addresses.
const NAMES: [&str; 20] = [
    "q",
    "art",
    "land",
    "alter",
    "email",
    "segment",
    "bedingung",
    "versand",
    "kampagne",
    "gruppe",
    "kennzahl",
    "kanal",
    "von",
    "bis",
    "firma",
    "archiv",
    "sort",
    "spalten",
    "dichte",
    "ansicht",
];

/// What was asked for; only known words with a value.
pub struct Filter {
    said: Vec<(&'static str, String)>,
    after: Option<String>,
}

impl Filter {
    pub fn read(query: &HashMap<String, String>) -> Self {
        let value = |name: &str| query.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
        let said = NAMES.iter().filter_map(|name| value(name).map(|value| (*name, value.to_owned())));
        Self { said: said.collect(), after: value("nach").map(str::to_owned) }
    }

    pub fn get(&self, name: &str) -> &str {
        self.said.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value.as_str())
    }

    pub fn is_first(&self) -> bool {
        self.after.is_none()
    }

    /// What a form that searches anew must keep.
    pub fn kept(&self) -> Vec<(String, String)> {
        self.said.iter().filter(|(n, _)| *n != "q").map(|(n, value)| ((*n).to_owned(), value.clone())).collect()
    }

    /// The address of the list with one word changed; an empty value takes it away.
    pub fn with(&self, name: &'static str, value: &str) -> String {
        self.address("/kontakte", &[(name, value)], None)
    }

    /// The list of another kind of people; a saved view is left.
    pub fn of_kind(&self, kind: &str) -> String {
        self.address("/kontakte", &[("art", kind), ("ansicht", ""), ("archiv", "")], None)
    }

    /// The list without what was searched for, for whatever is written down: it may be somebody's name, which must be gone with
    /// them.
    pub fn nameless(&self) -> String {
        self.address("/kontakte", &[("q", "")], None)
    }

    pub fn behind(&self, cursor: &str) -> String {
        self.address("/kontakte", &[], Some(cursor))
    }

    /// The same words under another path.
    pub fn at(&self, path: &str) -> String {
        self.address(path, &[], None)
    }

    fn address(&self, path: &str, changes: &[(&str, &str)], after: Option<&str>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for name in NAMES {
            let changed = changes.iter().find(|(changed, _)| *changed == name);
            let value = changed.map_or_else(|| self.get(name), |(_, value)| value);
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(after) = after {
            query.append_pair("nach", after);
        }
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    pub fn sort(&self) -> Sort {
        match self.get("sort") {
            "nummer" => Sort::Number,
            "seit" => Sort::Created,
            "letzte" => Sort::LastInteraction,
            _ => Sort::Name,
        }
    }

    /// The question to the register, and the filters that are on.
    pub async fn question(&self, desk: &Desk, rows: &Rows) -> Answer<(ContactQuery, Vec<FilterChip>)> {
        let (locale, mut leaves, mut chips) = (desk.locale, Vec::new(), Vec::new());
        let mut chip = |name: &'static str, key: &str, value: String| {
            chips.push(FilterChip { label: say(locale, key, None), value, remove: self.with(name, "") });
        };
        if let Some(kind) = ContactKind::of(self.get("art")) {
            leaves.push(json!({ "field": "kind", "op": "eq", "value": kind.code() }));
            chip("art", "contacts-kind", kind.label().say(locale));
        }
        if !self.get("land").is_empty() {
            let code = country::read(self.get("land")).ok_or(Trouble::MISSING)?;
            leaves.push(json!({ "field": "country", "op": "eq", "value": code }));
            chip("land", "contacts-country", country::name(code, locale).to_owned());
        }
        match self.get("email") {
            "ja" => {
                leaves.push(json!({ "field": "consent.email.marketing", "op": "eq", "value": true }));
                chip("email", "contacts-may-mail", say(locale, "contacts-mail-yes", None));
            }
            "nein" => {
                leaves.push(json!({ "field": "consent.email.marketing", "op": "eq", "value": false }));
                chip("email", "contacts-may-mail", say(locale, "contacts-mail-no", None));
            }
            _ => {}
        }
        if !self.get("segment").is_empty() {
            desk.actor.must(Right::SeeSegments)?;
            let id = self.get("segment").parse().map(SegmentId).map_err(|_| Trouble::MISSING)?;
            let segment = selection::find(rows, id).await?.ok_or(Trouble::MISSING)?;
            leaves.push(json!({ "field": "segment", "op": "eq", "value": id }));
            chip("segment", "contacts-segment", segment.name);
        }
        if let Some((from, to)) = ages(self.get("alter")) {
            leaves.push(json!({ "field": "age", "op": "between", "value": [from, to] }));
            chip("alter", "contacts-age", format!("{from}–{to}"));
        }
        if !self.get("bedingung").is_empty() {
            desk.actor.must(Right::SeeSegments)?;
            let json: Value = serde_json::from_str(self.get("bedingung")).map_err(|_| Trouble::MISSING)?;
            let definition = Definition::parse(&json, &Names::default())?;
            let words = crate::handlers::segments::sentence::of(rows, &definition, desk).await?;
            leaves.push(definition.to_json());
            chip("bedingung", "contacts-condition", words);
        }
        let company = self.get("firma").parse::<i64>().ok();
        if let Some(id) = company {
            desk.actor.must(Right::SeeContacts)?;
            let found = customers::found_companies(rows, &desk.actor, &[id]).await?;
            let name = found.into_iter().next().ok_or(Trouble::MISSING)?.name;
            chip("firma", "contacts-company", name);
        }
        let fate = Fate::parse(self.get("versand"));
        if let Some(fate) = fate {
            chip("versand", "contacts-dispatch", fate_label(fate).say(locale));
        }
        let mut conditions: Vec<Condition> = circle(desk, rows, leaves, fate).await?.into_iter().collect();
        if let Some(id) = company {
            conditions.push(Condition::all().add(Expr::cust(format!("contact.company_id = {id}"))));
        }
        if let Some((condition, words)) = self.in_period(desk, rows).await? {
            conditions.push(condition);
            chips.extend(words);
        }
        if !self.get("kampagne").is_empty() {
            let (condition, words) = self.reacted(desk, rows).await?;
            conditions.push(condition);
            chips.push(words);
        }
        let query = ContactQuery {
            archived: !self.get("archiv").is_empty(),
            search: Some(self.get("q").to_owned()).filter(|text| !text.is_empty()),
            circle: conditions.into_iter().reduce(|all, one| Condition::all().add(all).add(one)),
            sort: self.sort(),
            after: self.after.clone(),
            limit: LINES,
        };
        Ok((query, chips))
    }

    /// The people behind a figure of the overview, and those who used a channel, in a period of days.
    async fn in_period(&self, desk: &Desk, rows: &Rows) -> Answer<Option<(Condition, Vec<FilterChip>)>> {
        let (locale, zone) = (desk.locale, &desk.zone);
        let behind = Behind::parse(self.get("kennzahl"));
        let channel = Channel::parse(self.get("kanal"));
        if behind.is_none() && channel.is_none() {
            return Ok(None);
        }
        let usual = Period::last_days(30, desk.now(), zone);
        let day = |name: &str, usual: Timestamp| self.get(name).parse().unwrap_or_else(|_| zone.day(usual));
        let (first, last) = (day("von", usual.from), day("bis", usual.to.plus(-1)));
        let period = Period::days(first, last, zone);
        let days = format!("{} – {}", locale.day(first), locale.day(last));
        let mut all = Condition::all();
        let mut chips = Vec::new();
        if let Some(behind) = behind {
            if matches!(behind, Behind::Stage(_)) {
                desk.actor.must(Right::SeeCampaigns)?;
            }
            all = all.add(behind.condition(rows, period).await?);
            let remove = self.address("/kontakte", &[("kennzahl", "")], None);
            chips.push(FilterChip { label: behind.label().say(locale), value: days.clone(), remove });
        }
        if let Some(channel) = channel {
            all = all.add(evaluation::active(Some(channel), period));
            let value = format!("{}, {days}", channel.label().say(locale));
            let remove = self.address("/kontakte", &[("kanal", "")], None);
            chips.push(FilterChip { label: say(locale, "contacts-channel", None), value, remove });
        }
        Ok(Some((all, chips)))
    }

    /// The people behind a figure of a campaign.
    async fn reacted(&self, desk: &Desk, rows: &Rows) -> Answer<(Condition, FilterChip)> {
        desk.actor.must(Right::SeeCampaigns)?;
        let id = self.get("kampagne").parse().map(CampaignId).map_err(|_| Trouble::MISSING)?;
        let campaign = Campaign::find(rows, id).await?.ok_or(Trouble::MISSING)?;
        let found = people(rows, id, self.get("gruppe"), desk.now(), &desk.zone).await?;
        let (condition, words) = found.ok_or(Trouble::MISSING)?;
        let without = self.address("/kontakte", &[("kampagne", ""), ("gruppe", "")], None);
        let chip = FilterChip { label: campaign.plan.name, value: words.say(desk.locale), remove: without };
        Ok((condition, chip))
    }
}

/// The people all leaves fit, or those of them a mail would treat so; nothing where nothing is asked.
async fn circle(desk: &Desk, rows: &Rows, leaves: Vec<Value>, fate: Option<Fate>) -> Answer<Option<Condition>> {
    if leaves.is_empty() && fate.is_none() {
        return Ok(None);
    }
    let definition = Definition::parse(&json!({ "all": leaves }), &Names::default())?;
    let (now, zone) = (desk.now(), &desk.zone);
    Ok(Some(match fate {
        Some(fate) => freeze::would_be(selection::question(rows, &definition, now, zone).await?.select, fate),
        None => named(desk, selection::condition(rows, &definition, now, zone).await?).await?,
    }))
}

/// People who are named one by one instead of being looked for.
const FEW: u64 = 1_000;

/// The same people named one by one where they are few. Rows are looked through in the order of the list until a page is full,
/// which of a rare sort of people means all of them; columns find these in a moment.
async fn named(desk: &Desk, circle: Condition) -> Answer<Condition> {
    let mut select = Query::select();
    select
        .column(("contact", "id"))
        .from("contact")
        .and_where(Expr::cust("contact.archived_at IS NULL"))
        .cond_where(circle.clone())
        .limit(FEW + 1);
    let people = desk.lens.people(&Question::new(select, vec![Column::new("contact", Unit::Id)]), Seq(0)).await?;
    if people.len() > FEW {
        return Ok(circle);
    }
    let ids: Vec<String> = people.iter().map(|id| id.0.to_string()).collect();
    let ids = if ids.is_empty() { "NULL".to_owned() } else { ids.join(",") };
    Ok(Condition::all().add(Expr::cust(format!("contact.id IN ({ids})"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_what_is_said_and_drops_the_place_in_the_list() {
        let query =
            [("q", "Müller & Co"), ("land", "DE"), ("sort", "seit"), ("nach", "x"), ("fremd", "1"), ("art", " ")];
        let filter = Filter::read(&query.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        assert_eq!(filter.with("land", "AT"), "/kontakte?q=M%C3%BCller+%26+Co&land=AT&sort=seit");
        assert_eq!(filter.with("q", ""), "/kontakte?land=DE&sort=seit");
        assert!(!filter.is_first());
        assert_eq!(filter.kept(), [("land".to_owned(), "DE".to_owned()), ("sort".to_owned(), "seit".to_owned())]);
        assert_eq!(Filter::read(&HashMap::new()).at("/kontakte/anzahl"), "/kontakte/anzahl");
    }
}

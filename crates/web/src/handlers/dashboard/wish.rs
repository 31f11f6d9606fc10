//! What the overview is asked for, as it stands in its address: period, comparison, and the people it is narrowed to. What
//! cannot be read is left out and said, never refused: an old link still opens.

use crate::{
    door::{Answer, Desk},
    pages::{FilterChip, Frame, Tab, contacts::FilterMenu},
};
use crm::{
    evaluation::{self, Period},
    intake::country,
    interactions::Channel,
    selection::{self, Definition, Names},
    staff::Right,
};
use jiff::{ToSpan, civil::Date};
use kernel::{SegmentId, Timestamp, Zone};
use serde_json::json;
use std::collections::HashMap;
use store::{
    Rows,
    sea_query::{Condition, Expr},
};

/// Periods one may choose, in days; 1 is today.
pub const PERIODS: [i64; 5] = [1, 7, 30, 90, 365];
/// The period of an address that names none.
pub const USUAL: i64 = 30;
/// Longest period of one's own, in days.
const LONGEST: i32 = 1_100;
/// Parameters of the address, in its order.
const NAMES: [&str; 8] = ["tage", "von", "bis", "vergleich", "segment", "land", "alter", "kanal"];
const AGES: [&str; 6] = ["0-29", "30-44", "45-59", "60-74", "45-70", "75-120"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    Last(i64),
    Between(Date, Date),
}

/// With which period the figures are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compared {
    Before,
    YearBefore,
}

#[derive(Clone, Debug)]
pub struct Wish {
    span: Span,
    compared: Compared,
    segment: Option<SegmentId>,
    country: Option<&'static str>,
    age: Option<(i64, i64)>,
    channel: Option<Channel>,
    /// Names of parameters that could not be read.
    pub unread: Vec<&'static str>,
}

impl Wish {
    pub fn read(query: &HashMap<String, String>) -> Self {
        let mut unread = Vec::new();
        let part = |name: &'static str| {
            let text = query.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())?;
            Some((text.to_owned(), name))
        };
        fn take<T>(
            part: Option<(String, &'static str)>,
            unread: &mut Vec<&'static str>,
            parse: impl Fn(&str) -> Option<T>,
        ) -> Option<T> {
            let (text, name) = part?;
            let found = parse(&text);
            if found.is_none() {
                unread.push(name);
            }
            found
        }
        let days = take(part("tage"), &mut unread, |t| t.parse().ok().filter(|days| PERIODS.contains(days)));
        let from: Option<Date> = take(part("von"), &mut unread, |t| t.parse().ok());
        let to: Option<Date> = take(part("bis"), &mut unread, |t| t.parse().ok());
        let span = match (from, to) {
            (Some(from), Some(to)) if from <= to && (to - from).get_days() < LONGEST => Span::Between(from, to),
            (None, None) => Span::Last(days.unwrap_or(USUAL)),
            _ => {
                unread.push("von");
                Span::Last(days.unwrap_or(USUAL))
            }
        };
        let compared = take(part("vergleich"), &mut unread, |t| match t {
            "vorperiode" => Some(Compared::Before),
            "vorjahr" => Some(Compared::YearBefore),
            _ => None,
        });
        Self {
            span,
            compared: compared.unwrap_or(Compared::Before),
            segment: take(part("segment"), &mut unread, |t| t.parse().ok().map(SegmentId)),
            country: take(part("land"), &mut unread, country::read),
            age: take(part("alter"), &mut unread, ages),
            channel: take(part("kanal"), &mut unread, Channel::parse),
            unread,
        }
    }

    pub fn period(&self, now: Timestamp, zone: &Zone) -> Period {
        match self.span {
            Span::Last(days) => Period::last_days(days, now, zone),
            Span::Between(from, to) => Period::days(from, to, zone),
        }
    }

    /// The period it is compared with: as many days before it, or the same days a year before.
    pub fn earlier(&self, now: Timestamp, zone: &Zone) -> Period {
        let period = self.period(now, zone);
        match self.compared {
            Compared::Before => period.before(zone),
            Compared::YearBefore => {
                let (first, last) = days_of(period, zone);
                let back = |day: Date| day.checked_sub(1.year()).unwrap_or(day);
                Period::days(back(first), back(last), zone)
            }
        }
    }

    pub fn name(&self, frame: &Frame) -> String {
        match self.span {
            Span::Last(days) => frame.say(&format!("dashboard-last-{days}")),
            Span::Between(from, to) => format!("{} – {}", frame.locale.day(from), frame.locale.day(to)),
        }
    }

    pub fn compared_name(&self, frame: &Frame) -> String {
        frame.say(match self.compared {
            Compared::Before => "dashboard-before",
            Compared::YearBefore => "dashboard-year-before",
        })
    }

    pub fn segment(&self) -> Option<SegmentId> {
        self.segment
    }

    pub fn asks_for_age(&self) -> bool {
        self.age.is_some()
    }

    fn said(&self) -> Vec<(&'static str, String)> {
        let mut said = Vec::new();
        match self.span {
            Span::Last(USUAL) => {}
            Span::Last(days) => said.push(("tage", days.to_string())),
            Span::Between(from, to) => said.extend([("von", from.to_string()), ("bis", to.to_string())]),
        }
        if self.compared == Compared::YearBefore {
            said.push(("vergleich", "vorjahr".to_owned()));
        }
        said.extend(self.people());
        said
    }

    /// The parameters that say who is meant; the list of contacts knows the same words.
    fn people(&self) -> Vec<(&'static str, String)> {
        let segment = self.segment.map(|id| ("segment", id.to_string()));
        let country = self.country.map(|code| ("land", code.to_owned()));
        let age = self.age.map(|(from, to)| ("alter", format!("{from}-{to}")));
        let channel = self.channel.map(|channel| ("kanal", channel.code().to_owned()));
        [segment, country, age, channel].into_iter().flatten().collect()
    }

    /// The address of the overview under a path with some parameters changed; an empty value takes one away.
    pub fn address(&self, path: &str, changes: &[(&str, &str)]) -> String {
        let said = self.said();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for name in NAMES {
            let changed = changes.iter().find(|(changed, _)| *changed == name).map(|(_, value)| *value);
            let kept = said.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value.as_str());
            let value = changed.unwrap_or(kept);
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// What a form for a period of one's own has to keep.
    pub fn kept(&self) -> Vec<(String, String)> {
        let own = |(name, _): &(&str, String)| !matches!(*name, "tage" | "von" | "bis");
        self.said().into_iter().filter(own).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The list of the people behind a figure, among those the overview is narrowed to.
    pub fn people_behind(&self, figure: &str, period: Period, channel: Option<&str>, zone: &Zone) -> String {
        let (first, last) = days_of(period, zone);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("kennzahl", figure);
        query.append_pair("von", &first.to_string()).append_pair("bis", &last.to_string());
        for (name, value) in self.people().iter().filter(|(name, _)| *name != "kanal" || channel.is_none()) {
            query.append_pair(name, value);
        }
        if let Some(channel) = channel {
            query.append_pair("kanal", channel);
        }
        format!("/kontakte?{}", query.finish())
    }

    /// The people it is narrowed to as a condition over `contact`, and the filters that are on.
    pub async fn people_condition(
        &self,
        desk: &Desk,
        frame: &Frame,
        rows: &Rows,
    ) -> Answer<(Option<Condition>, Vec<FilterChip>)> {
        let (mut leaves, mut gone) = (Vec::new(), false);
        let mut chips = Vec::new();
        let mut chip = |name: &'static str, key: &str, value: String| {
            chips.push(FilterChip { label: frame.say(key), value, remove: self.address("/", &[(name, "")]) });
        };
        if let Some(id) = self.segment {
            desk.actor.must(Right::SeeSegments)?;
            match selection::find(rows, id).await? {
                Some(segment) => {
                    leaves.push(json!({ "field": "segment", "op": "eq", "value": id }));
                    chip("segment", "contacts-segment", segment.name);
                }
                None => {
                    gone = true;
                    chip("segment", "contacts-segment", frame.say("dashboard-segment-gone"));
                }
            }
        }
        if let Some(code) = self.country {
            leaves.push(json!({ "field": "country", "op": "eq", "value": code }));
            chip("land", "contacts-country", country::name(code, frame.locale).to_owned());
        }
        if let Some((from, to)) = self.age {
            leaves.push(json!({ "field": "age", "op": "between", "value": [from, to] }));
            chip("alter", "contacts-age", format!("{from}–{to}"));
        }
        let mut all = Vec::new();
        if gone {
            all.push(Condition::all().add(Expr::cust("1 = 0")));
        }
        if !leaves.is_empty() {
            let definition = Definition::parse(&json!({ "all": leaves }), &Names::default())?;
            all.push(selection::condition(rows, &definition, desk.now(), &desk.zone).await?);
        }
        if let Some(channel) = self.channel {
            all.push(evaluation::active(Some(channel), self.period(desk.now(), &desk.zone)));
            chip("kanal", "contacts-channel", channel.label().say(frame.locale));
        }
        Ok((all.into_iter().reduce(|all, one| Condition::all().add(all).add(one)), chips))
    }

    /// The filters that may still be set.
    pub async fn menus(&self, desk: &Desk, frame: &Frame, rows: &Rows) -> Answer<Vec<FilterMenu>> {
        let menu = |key: &'static str, label: &str, choices: Vec<(String, String)>| FilterMenu {
            key,
            label: frame.say(label),
            choices: choices
                .into_iter()
                .map(|(value, label)| Tab {
                    label,
                    href: self.address("/", &[(key, &value)]),
                    current: false,
                    count: None,
                })
                .collect(),
        };
        let mut menus = Vec::new();
        if self.segment.is_none() && desk.actor.may(Right::SeeSegments) {
            let segments = selection::list(rows, false).await?;
            let named = segments.into_iter().map(|segment| (segment.id.to_string(), segment.name));
            menus.push(menu("segment", "contacts-segment", named.collect()));
        }
        if self.country.is_none() {
            let countries = country::all(frame.locale).into_iter();
            let named = countries.map(|(code, name)| (code.to_owned(), name.to_owned()));
            menus.push(menu("land", "contacts-country", named.collect()));
        }
        if self.age.is_none() {
            let ages = AGES.iter().map(|ages| ((*ages).to_owned(), ages.replace('-', "–")));
            menus.push(menu("alter", "contacts-age", ages.collect()));
        }
        if self.channel.is_none() {
            let channels = Channel::ALL.iter().filter(|channel| !matches!(channel, Channel::Sales));
            let named = channels.map(|channel| (channel.code().to_owned(), channel.label().say(frame.locale)));
            menus.push(menu("kanal", "contacts-channel", named.collect()));
        }
        menus.retain(|menu| !menu.choices.is_empty());
        Ok(menus)
    }
}

/// Both of these days belong to the period.
pub fn days_of(period: Period, zone: &Zone) -> (Date, Date) {
    (zone.day(period.from), zone.day(period.to.plus(-1)))
}

/// `45-70`, both ages belong to it.
pub fn ages(text: &str) -> Option<(i64, i64)> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (0 <= from && from <= to && to <= 130).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn wish(query: &[(&str, &str)]) -> Wish {
        let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Wish::read(&query.collect())
    }

    #[test]
    fn what_cannot_be_read_is_said_and_the_rest_counts() {
        let odd = wish(&[("tage", "abc"), ("land", "Deutschland"), ("alter", "70-45"), ("kanal", "fax")]);
        assert_eq!(odd.unread, ["tage", "alter", "kanal"]);
        assert_eq!((odd.span, odd.country), (Span::Last(30), Some("DE")));
        assert_eq!(wish(&[("von", "2026-11-01")]).unread, ["von"]);
        assert_eq!(wish(&[("von", "2026-11-05"), ("bis", "2026-11-01")]).unread, ["von"]);
        assert!(wish(&[]).unread.is_empty());
    }

    #[test]
    fn an_address_says_what_was_asked_and_nothing_else() {
        let asked = wish(&[("tage", "90"), ("vergleich", "vorjahr"), ("segment", "7"), ("fremd", "1")]);
        assert_eq!(asked.address("/", &[]), "/?tage=90&vergleich=vorjahr&segment=7");
        assert_eq!(asked.address("/", &[("segment", ""), ("land", "AT")]), "/?tage=90&vergleich=vorjahr&land=AT");
        assert_eq!(wish(&[("tage", "30")]).address("/stand", &[]), "/stand");
    }

    #[test]
    fn a_year_before_are_the_same_days() {
        let zone = Zone::berlin();
        let asked = wish(&[("von", "2026-10-20"), ("bis", "2026-10-31"), ("vergleich", "vorjahr")]);
        let earlier = asked.earlier(Timestamp(0), &zone);
        assert_eq!(earlier, Period::days(date(2025, 10, 20), date(2025, 10, 31), &zone));
    }
}

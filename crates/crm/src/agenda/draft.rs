//! What somebody types to put something on the agenda, checked field by field.

use super::item::{AgendaItem, AgendaKind};
use crate::refusal::Complaint;
use jiff::civil::{Date, Time};
use kernel::{Sentence, Timestamp, UserId, Zone, time::MINUTE};

/// Longest title and note, in characters.
const TITLE: usize = 200;
const NOTE: usize = 2_000;
/// Days an entry may lie in.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;
/// Minutes before the time a reminder can come.
pub const REMINDERS: [i64; 6] = [0, 10, 30, 60, 1_440, 10_080];
/// When whoever is reminded of a whole day is reminded.
const MORNING: Time = Time::constant(8, 0, 0, 0);

/// As it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgendaDraft {
    /// Code of an [`AgendaKind`]; empty: a task.
    pub kind: String,
    pub title: String,
    pub note: String,
    pub contact: Option<i64>,
    /// Whoever has to do it; none: whoever writes it down.
    pub assignee: Option<UserId>,
    /// `YYYY-MM-DD`; empty: some time.
    pub day: String,
    /// `HH:MM`; empty: the whole day.
    pub time: String,
    /// `HH:MM` of appointments.
    pub until: String,
    /// One of [`REMINDERS`]; empty: none.
    pub remind: String,
}

/// The same, understood.
pub(super) struct Read {
    pub kind: AgendaKind,
    pub title: String,
    pub note: String,
    pub due: Option<Timestamp>,
    pub whole_day: bool,
    pub ends: Option<Timestamp>,
    pub remind: Option<Timestamp>,
}

/// What a reminder counts back from: nobody wants to be woken at midnight because something is due that day.
fn reminded_from(due: Timestamp, whole_day: bool, zone: &Zone) -> Timestamp {
    match whole_day {
        true => zone.instant(zone.day(due).to_datetime(MORNING)),
        false => due,
    }
}

impl AgendaDraft {
    /// An entry as it would be typed.
    pub fn of(item: &AgendaItem, zone: &Zone) -> Self {
        let clock = |at: i64| zone.civil(Timestamp(at)).strftime("%H:%M").to_string();
        let due = item.due_at.map(Timestamp);
        let from = due.map(|due| reminded_from(due, item.whole_day == 1, zone));
        let remind = from.zip(item.remind_at).map(|(from, at)| ((from.0 - at) / MINUTE).to_string());
        Self {
            kind: item.kind.clone(),
            title: item.title.clone(),
            note: item.note.clone(),
            contact: item.contact_id,
            assignee: Some(UserId(item.assignee_id)),
            day: due.map(|due| zone.day(due).to_string()).unwrap_or_default(),
            time: item.due_at.filter(|_| item.whole_day == 0).map(clock).unwrap_or_default(),
            until: item.ends_at.map(clock).unwrap_or_default(),
            remind: remind.unwrap_or_default(),
        }
    }

    /// Understands it, or says what is wrong with which field.
    pub(super) fn read(&self, zone: &Zone) -> Result<Read, Vec<Complaint>> {
        let mut wrong = Vec::new();
        let mut complain = |field: &str, code: &'static str, sentence: Sentence| {
            wrong.push(Complaint { field: field.to_owned(), code, sentence });
        };
        let title = kernel::text::one_line(&self.title);
        if title.is_empty() {
            complain("title", "required", Sentence::new("agenda-title-missing"));
        } else if title.chars().count() > TITLE {
            complain("title", "too_long", Sentence::new("agenda-too-long").with("most", TITLE));
        }
        let note = self.note.replace('\0', "").trim().to_owned();
        if note.chars().count() > NOTE {
            complain("note", "too_long", Sentence::new("agenda-too-long").with("most", NOTE));
        }
        let kind = match self.kind.as_str() {
            "" => AgendaKind::Task,
            code => AgendaKind::of(code).unwrap_or_else(|| {
                complain("kind", "unknown", Sentence::new("agenda-kind-unknown"));
                AgendaKind::Task
            }),
        };
        let day = self.day.trim();
        let date: Option<Date> = day.parse().ok().filter(|day: &Date| YEARS.contains(&day.year()));
        if !day.is_empty() && date.is_none() {
            complain("day", "day", Sentence::new("agenda-day-wrong"));
        }
        let mut clock = |field: &str, text: &str| match text.trim() {
            "" => None,
            text => Time::strptime("%H:%M", text)
                .inspect_err(|_| complain(field, "time", Sentence::new("agenda-time-wrong")))
                .ok(),
        };
        let (time, until) = (clock("time", &self.time), clock("until", &self.until));
        if date.is_none() && day.is_empty() && (time.is_some() || kind == AgendaKind::Appointment) {
            complain("day", "required", Sentence::new("agenda-day-missing"));
        }
        if kind == AgendaKind::Appointment && time.is_none() && until.is_some() {
            complain("time", "required", Sentence::new("agenda-time-missing"));
        }
        if let (Some(time), Some(until)) = (time, until)
            && until <= time
        {
            complain("until", "order", Sentence::new("agenda-ends-before"));
        }
        let due = date.map(|date| match time {
            Some(time) => zone.instant(date.to_datetime(time)),
            None => zone.start_of(date),
        });
        let remind = match self.remind.as_str() {
            "" => None,
            text => match text.parse::<i64>().ok().filter(|minutes| REMINDERS.contains(minutes)) {
                Some(_) if day.is_empty() => {
                    complain("remind", "required", Sentence::new("agenda-remind-day"));
                    None
                }
                Some(minutes) => due.map(|due| reminded_from(due, time.is_none(), zone).plus(-minutes * MINUTE)),
                None => {
                    complain("remind", "unknown", Sentence::new("agenda-remind-unknown"));
                    None
                }
            },
        };
        let ends = date.zip(until).filter(|_| kind == AgendaKind::Appointment);
        let ends = ends.map(|(date, until)| zone.instant(date.to_datetime(until)));
        match wrong.is_empty() {
            true => Ok(Read { kind, title, note, due, whole_day: time.is_none(), ends, remind }),
            false => Err(wrong),
        }
    }
}

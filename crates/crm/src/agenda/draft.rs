//! What somebody types to put something on the agenda, checked field by field.

use super::item::AgendaKind;
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

impl AgendaDraft {
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
        let clock = |text: &str| -> Option<Option<Time>> {
            match text.trim() {
                "" => Some(None),
                text => Time::strptime("%H:%M", text).ok().map(Some),
            }
        };
        let time = clock(&self.time).unwrap_or_else(|| {
            complain("time", "time", Sentence::new("agenda-time-wrong"));
            None
        });
        let until = clock(&self.until).unwrap_or_else(|| {
            complain("until", "time", Sentence::new("agenda-time-wrong"));
            None
        });
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
                Some(minutes) => {
                    // Nobody wants to be woken at midnight because something is due that day.
                    let from = date.zip(due).map(|(date, due)| match time {
                        Some(_) => due,
                        None => zone.instant(date.to_datetime(MORNING)),
                    });
                    from.map(|from| from.plus(-minutes * MINUTE))
                }
                None => {
                    complain("remind", "unknown", Sentence::new("agenda-remind-unknown"));
                    None
                }
            },
        };
        let ends = (kind == AgendaKind::Appointment).then_some(()).and(date.zip(until));
        let ends = ends.map(|(date, until)| zone.instant(date.to_datetime(until)));
        match wrong.is_empty() {
            true => Ok(Read { kind, title, note, due, whole_day: time.is_none(), ends, remind }),
            false => Err(wrong),
        }
    }
}

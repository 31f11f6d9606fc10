//! The agenda as iCalendar (RFC 5545): appointments as events, everything else as to-dos. Calendar programs read it over
//! HTTP, and CalDAV servers take it as it is.

use super::item::{AgendaItem, AgendaKind};
use jiff::civil::Date;
use kernel::{Timestamp, Zone};

/// Longest line in bytes, without its end (RFC 5545, 3.1).
const LINE: usize = 75;
/// How long an appointment lasts that says nothing about it, in microseconds.
const HOUR: i64 = kernel::time::HOUR;

/// The calendar of somebody: `host` makes the UIDs unique, `address` leads back to the house, `now` stamps the entries.
pub fn calendar(name: &str, items: &[AgendaItem], host: &str, address: &str, zone: &Zone, now: Timestamp) -> String {
    let mut out = String::new();
    line(&mut out, "BEGIN:VCALENDAR");
    line(&mut out, "VERSION:2.0");
    line(&mut out, "PRODID:-//Kundenkreis//Agenda//DE");
    line(&mut out, "CALSCALE:GREGORIAN");
    line(&mut out, "METHOD:PUBLISH");
    line(&mut out, &format!("X-WR-CALNAME:{}", text(name)));
    for item in items {
        entry(&mut out, item, host, address, zone, now);
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn entry(out: &mut String, item: &AgendaItem, host: &str, address: &str, zone: &Zone, now: Timestamp) {
    let is_event = item.kind == AgendaKind::Appointment.code() && item.due_at.is_some();
    let component = if is_event { "VEVENT" } else { "VTODO" };
    line(out, &format!("BEGIN:{component}"));
    line(out, &format!("UID:agenda-{}@{host}", item.id));
    line(out, &format!("DTSTAMP:{}", utc(now)));
    line(out, &format!("CREATED:{}", utc(Timestamp(item.created_at))));
    line(out, &format!("SEQUENCE:{}", item.version - 1));
    line(out, &format!("SUMMARY:{}", text(&item.title)));
    if !item.note.is_empty() {
        line(out, &format!("DESCRIPTION:{}", text(&item.note)));
    }
    line(out, &format!("URL:{address}/aufgaben/{}", item.id));
    if let Some(due) = item.due_at.map(Timestamp) {
        let whole_day = item.whole_day == 1;
        let day = zone.day(due);
        match (is_event, whole_day) {
            (true, true) => {
                line(out, &format!("DTSTART;VALUE=DATE:{}", date(day)));
                line(out, &format!("DTEND;VALUE=DATE:{}", date(day.tomorrow().unwrap_or(day))));
            }
            (true, false) => {
                line(out, &format!("DTSTART:{}", utc(due)));
                line(out, &format!("DTEND:{}", utc(item.ends_at.map_or(due.plus(HOUR), Timestamp))));
            }
            (false, true) => line(out, &format!("DUE;VALUE=DATE:{}", date(day))),
            (false, false) => line(out, &format!("DUE:{}", utc(due))),
        }
    }
    if let Some(done) = item.done_at {
        if is_event {
            line(out, "STATUS:CONFIRMED");
        } else {
            line(out, "STATUS:COMPLETED");
            line(out, &format!("COMPLETED:{}", utc(Timestamp(done))));
        }
    } else if !is_event {
        line(out, "STATUS:NEEDS-ACTION");
    }
    if let (Some(remind), None) = (item.remind_at, item.done_at) {
        line(out, "BEGIN:VALARM");
        line(out, "ACTION:DISPLAY");
        line(out, &format!("DESCRIPTION:{}", text(&item.title)));
        line(out, &format!("TRIGGER;VALUE=DATE-TIME:{}", utc(Timestamp(remind))));
        line(out, "END:VALARM");
    }
    line(out, &format!("END:{component}"));
}

/// A text value (RFC 5545, 3.3.11); signs that steer are left out.
fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A date-time in UTC (RFC 5545, 3.3.5, form 2).
fn utc(at: Timestamp) -> String {
    let whole: String = at.rfc3339().chars().filter(|c| !matches!(c, '-' | ':')).collect();
    format!("{}Z", whole.split(['.', 'Z']).next().unwrap_or_default())
}

fn date(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// Writes a line, folded before it is longer than [`LINE`] bytes and never within a character.
fn line(out: &mut String, content: &str) {
    let mut length = 0;
    for c in content.chars() {
        if length + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(title: &str, note: &str) -> AgendaItem {
        AgendaItem {
            id: 7,
            kind: "appointment".into(),
            title: title.into(),
            note: note.into(),
            contact_id: None,
            assignee_id: 1,
            assignee: "Jana".into(),
            created_by: 1,
            due_at: Some(1_795_510_800_000_000),
            whole_day: 0,
            ends_at: None,
            remind_at: Some(1_795_510_200_000_000),
            done_at: None,
            removed_at: None,
            created_at: 1_795_000_000_000_000,
            version: 1,
        }
    }

    fn made(items: &[AgendaItem]) -> String {
        let now = Timestamp(1_795_500_000_000_000);
        calendar("Jana, Marketing", items, "crm.example", "https://crm.example", &Zone::berlin(), now)
    }

    #[test]
    fn an_appointment_is_an_event_with_an_alarm_and_a_task_a_to_do() {
        let event = made(&[item("Anruf; Frau Müller", "Zeile 1\nZeile 2")]);
        for part in [
            "X-WR-CALNAME:Jana\\, Marketing\r\n",
            "SUMMARY:Anruf\\; Frau Müller\r\n",
            "DESCRIPTION:Zeile 1\\nZeile 2\r\n",
            "DTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z\r\n",
            "TRIGGER;VALUE=DATE-TIME:20261124T085000Z\r\n",
            "UID:agenda-7@crm.example\r\n",
        ] {
            assert!(event.contains(part), "{part}\n{event}");
        }
        let task = AgendaItem { kind: "task".into(), whole_day: 1, done_at: Some(1), ..item("x", "") };
        let task = made(&[task]);
        assert!(task.contains("BEGIN:VTODO\r\n") && task.contains("DUE;VALUE=DATE:20261124\r\n"), "{task}");
        assert!(task.contains("STATUS:COMPLETED\r\n") && !task.contains("VALARM"), "{task}");
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_no_text_breaks_out(title in ".{1,300}", note in "(?s).{0,300}") {
            let whole = made(&[item(&title, &note)]);
            for line in whole.split_terminator("\r\n") {
                prop_assert!(line.len() <= LINE && !line.contains(['\r', '\n']));
            }
            let unfolded = whole.replace("\r\n ", "");
            let of = |name: &str| unfolded.split("\r\n").filter(|line| line.starts_with(name)).count();
            prop_assert_eq!((of("BEGIN:VEVENT"), of("END:VEVENT"), of("SUMMARY:"), of("BEGIN:VALARM")), (1, 1, 1, 1));
            let summary = unfolded.split("\r\n").find_map(|line| line.strip_prefix("SUMMARY:")).unwrap_or_default();
            let mut read = String::new();
            let mut chars = summary.chars();
            while let Some(c) = chars.next() {
                match c {
                    '\\' => match chars.next() {
                        Some('n') => read.push('\n'),
                        Some(c) => read.push(c),
                        None => {}
                    },
                    c => read.push(c),
                }
            }
            let told: String = title.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
            prop_assert_eq!(read, told);
        }
    }
}

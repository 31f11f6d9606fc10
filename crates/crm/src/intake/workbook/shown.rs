//! What a cell shows, as text.

use calamine::DataRef;

/// The text of a cell under its number format. Days are ISO 8601, figures have a comma and no grouping.
pub(super) fn text(value: &DataRef<'_>, format: Option<&str>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => line(text),
        DataRef::SharedString(text) => line(text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => line(text),
        DataRef::Bool(yes) => if *yes { "ja" } else { "nein" }.to_owned(),
        DataRef::Int(number) => padded(&number.to_string(), format),
        DataRef::Float(number) => figure(*number, format),
        DataRef::DateTime(moment) if moment.is_duration() => figure(moment.as_f64(), None),
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let value = moment.as_f64();
            if (0.0..1.0).contains(&value) {
                return format!("{hour:02}:{minute:02}");
            }
            let time = (hour, minute, second) != (0, 0, 0);
            let time = if time { format!(" {hour:02}:{minute:02}:{second:02}") } else { String::new() };
            format!("{year:04}-{month:02}-{day:02}{time}")
        }
        DataRef::Error(error) => error.to_string(),
    }
}

/// A cell is one line of the table, so that its lines are the rows of the sheet.
fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

fn figure(number: f64, format: Option<&str>) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return padded(&format!("{}", number as i64), format);
    }
    // Sixteen digits are all a spreadsheet keeps; more of them are noise of the binary form.
    let shown = format!("{:.10}", number);
    shown.trim_end_matches('0').trim_end_matches('.').replace('.', ",")
}

/// Postal codes and telephone numbers are figures under a format such as `00000` or `0000-000`: the zeros in front are shown.
fn padded(digits: &str, format: Option<&str>) -> String {
    let Some(format) = format.map(|format| format.split(';').next().unwrap_or_default()) else {
        return digits.to_owned();
    };
    let plain = format.replace(['"', '\\'], "");
    let zeros = plain.chars().filter(|c| *c == '0').count();
    let only = plain.chars().all(|c| matches!(c, '0' | '-' | ' ' | '/'));
    if !only || zeros < 2 || digits.starts_with('-') || digits.len() > zeros {
        return digits.to_owned();
    }
    let mut figures = format!("{digits:0>zeros$}").into_bytes().into_iter();
    plain.chars().map(|c| if c == '0' { figures.next().map_or('0', char::from) } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{ExcelDateTime, ExcelDateTimeType};

    #[test]
    fn figures_keep_the_zeros_that_are_shown() {
        assert_eq!(text(&DataRef::Float(4109.0), Some("00000")), "04109");
        assert_eq!(text(&DataRef::Int(4109), Some("00000;@")), "04109");
        assert_eq!(text(&DataRef::Float(1234567.0), Some("0000-000")), "1234-567");
        assert_eq!(text(&DataRef::Float(4109.0), Some("General")), "4109");
        assert_eq!(text(&DataRef::Float(4109.0), Some("#,##0.00")), "4109");
        assert_eq!(text(&DataRef::Float(0.1 + 0.2), None), "0,3");
        assert_eq!(text(&DataRef::Float(-12.5), Some("00000")), "-12,5");
        assert_eq!(text(&DataRef::Float(491711234567.0), None), "491711234567");
    }

    #[test]
    fn days_are_right_in_both_calendars() {
        let day = |serial, is_1904| {
            text(&DataRef::DateTime(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904)), None)
        };
        assert_eq!(day(29_323.0, false), "1980-04-12");
        assert_eq!(day(29_323.0 - 1_462.0, true), "1980-04-12");
        assert_eq!(day(46_000.25, false), "2025-12-09 06:00:00");
        assert_eq!(day(0.5, false), "12:00");
    }
}

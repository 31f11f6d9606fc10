//! Cells of files people open with a spreadsheet (RFC 4180): the one place that says how a cell is written.

/// Whether a spreadsheet may compute what begins like this: with `=`, `@`, `+`, `-`, a tab or a line end, also in full width and
/// behind what nobody sees (OWASP, CSV injection).
fn computes(text: &str) -> bool {
    let first = text.trim_start_matches([' ', '\u{a0}', '\u{200b}', '\u{feff}']).chars().next();
    matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'))
}

/// An apostrophe before a text makes a spreadsheet show it.
fn written(text: &str, guarded: bool, delimiter: char) -> String {
    let text = if guarded { format!("'{text}") } else { text.to_owned() };
    if text.contains([delimiter, '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// A cell, quoted where it has to be; a text a spreadsheet would compute is guarded, numbers stay numbers.
pub fn cell(text: &str, delimiter: char) -> String {
    let signed = text.trim_start_matches(' ').starts_with(['+', '-']);
    let number = signed && text.trim().replace(',', ".").parse::<f64>().is_ok_and(f64::is_finite);
    written(text, computes(text) && !number, delimiter)
}

/// A row of cells with its line end.
pub fn row<'a>(cells: impl IntoIterator<Item = &'a str>, delimiter: char) -> String {
    let cells: Vec<String> = cells.into_iter().map(|text| cell(text, delimiter)).collect();
    ended(&cells, delimiter)
}

/// A row of texts, among which even a number with a sign is none: `+49…` is a telephone number.
pub fn text_row<'a>(cells: impl IntoIterator<Item = &'a str>, delimiter: char) -> String {
    let cells: Vec<String> = cells.into_iter().map(|text| written(text, computes(text), delimiter)).collect();
    ended(&cells, delimiter)
}

fn ended(cells: &[String], delimiter: char) -> String {
    cells.join(&delimiter.to_string()) + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_never_a_number() {
        for evil in
            ["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠A1", " =1", "\u{200b}=1"]
        {
            assert!(text_row([evil], ';').trim_start_matches('"').starts_with('\''), "{evil:?}");
        }
        assert_eq!(text_row(["Müller-Lüdenscheidt"], ';'), "Müller-Lüdenscheidt\r\n");
        assert_eq!(text_row(["a;b", "c\"d", "=1"], ';'), "\"a;b\";\"c\"\"d\";'=1\r\n");
        assert_eq!(cell("\t-0.5", ';'), "'\t-0.5");
    }

    #[test]
    fn a_spreadsheet_computes_nothing_from_a_cell() {
        assert_eq!(cell("=1+1", ','), "'=1+1");
        assert_eq!(cell("  =1+1", ';'), "'  =1+1");
        assert_eq!(cell("+49 40 1234", ';'), "'+49 40 1234");
        assert_eq!(cell("-inf", ';'), "'-inf");
        assert_eq!(cell("@SUM(A1)", ';'), "'@SUM(A1)");
        assert_eq!(cell("\t=1", ';'), "'\t=1");
        assert_eq!(cell("\r=1", ';'), "\"'\r=1\"");
        assert_eq!(cell("-0.5", ','), "-0.5");
        assert_eq!(cell("-0,5", ';'), "-0,5");
        assert_eq!(cell("a, \"b\"", ','), "\"a, \"\"b\"\"\"");
        assert_eq!(row(["a;b", "c"], ';'), "\"a;b\";c\r\n");
    }
}

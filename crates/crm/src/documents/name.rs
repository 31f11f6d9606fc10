//! Names of documents as people give them: shown truthfully, without anything that pretends or leads elsewhere.

/// Longest name in bytes: what file systems take (NAME_MAX of POSIX).
const LONGEST: usize = 255;
/// Longest ending that is kept when a name is cut, in bytes.
const LONGEST_ENDING: usize = 16;
/// What is a device and no file on Windows, whatever its ending.
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// The name a document is shown and downloaded under: the last part of a path, without invisible signs and without those that turn
/// the direction of writing (Unicode TR 36), without what no file system takes, at most 255 bytes. `otherwise` is the name of
/// what has none.
pub fn shown(told: &str, otherwise: &str) -> String {
    let last = told.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !c.is_control() && !invisible(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = plain.trim_start_matches(['.', ' ']).trim_end_matches(['.', ' ']);
    if plain.is_empty() {
        return otherwise.to_owned();
    }
    let stem = plain.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let device = RESERVED.iter().enumerate().any(|(at, name)| {
        let rest = stem.strip_prefix(name);
        // COM1 … COM9, LPT1 … LPT9 have a digit behind them.
        rest.is_some_and(|rest| if at < 4 { rest.is_empty() } else { matches!(rest.as_bytes(), [b'0'..=b'9']) })
    });
    let plain = if device { format!("_{plain}") } else { plain.to_owned() };
    cut(&plain)
}

/// The ending of a name in small letters, without the dot; empty where there is none.
pub(super) fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default()
}

/// Signs nobody sees, and those that write what follows the other way round: U+202E makes `exe.pdf` of `fdp.exe`.
fn invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

fn cut(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, ending) = match name.rfind('.') {
        Some(at) if name.len() - at <= LONGEST_ENDING => name.split_at(at),
        _ => (name, ""),
    };
    let room = LONGEST - ending.len() - '…'.len_utf8();
    let end = (0..=room).rev().find(|at| stem.is_char_boundary(*at)).unwrap_or_default();
    format!("{}…{ending}", &stem[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(told: &str) -> String {
        shown(told, "Dokument")
    }

    #[test]
    fn a_name_is_what_it_seems_to_be() {
        for (told, is) in [
            ("Angebot Kreta.pdf", "Angebot Kreta.pdf"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\Windows\\win.ini", "win.ini"),
            ("C:\\Daten\\Kunden März.xlsx", "Kunden März.xlsx"),
            ("rechnung\u{202e}fdp.exe", "rechnungfdp.exe"),
            ("pass\u{200b}wort\u{feff}.txt", "passwort.txt"),
            ("a\r\nb\t.csv", "ab.csv"),
            ("..", "Dokument"),
            ("", "Dokument"),
            ("\u{200b}", "Dokument"),
            (".htaccess", "htaccess"),
            ("nul", "_nul"),
            ("COM7.tar.gz", "_COM7.tar.gz"),
            ("common.txt", "common.txt"),
            ("con.txt", "_con.txt"),
            ("Was? <b>\"Nun\".pdf", "Was_ _b__Nun_.pdf"),
            ("Ende.pdf. . ", "Ende.pdf"),
            ("दस्तावेज़.pdf", "दस्तावेज़.pdf"),
        ] {
            assert_eq!(name(told), is, "{told:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_letters_and_keeps_its_ending() {
        let long = name(&format!("{}.pdf", "ü".repeat(400)));
        assert!(long.len() <= 255 && long.ends_with("ü….pdf"), "{long}");
        assert!(name(&"x".repeat(300)).len() <= 255);
    }

    proptest! {
        #[test]
        fn no_name_leads_anywhere_and_cleaning_twice_changes_nothing(told in "\\PC{0,40}|[./\\\\a\u{202e}\u{200b} ]{0,30}") {
            let once = name(&told);
            prop_assert!(!once.is_empty() && once.len() <= 255);
            prop_assert!(!once.contains(['/', '\\', '\0']) && once != "." && once != "..");
            prop_assert!(!once.chars().any(|c| c.is_control() || invisible(c)));
            prop_assert_eq!(name(&once), once);
        }
    }
}

//! The readable part of the package: one page that opens anywhere and prints well, without anything from elsewhere.

use super::collect::Sheet;
use kernel::{Locale, Sentence, Timestamp, Zone, sentence::say, text::escaped};

/// Everything a letter is about besides the sheets.
pub struct Letter<'a> {
    pub name: &'a str,
    pub organisation: &'a str,
    pub at: Timestamp,
    pub locale: Locale,
    pub zone: &'a Zone,
}

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#121a1c}\
h1{font-size:1.6rem}h2{font-size:1.15rem;margin:2rem 0 .25rem}p{margin:.25rem 0 .75rem}small{color:#4b5a5e}\
table{border-collapse:collapse;width:100%;font-size:.85rem}th,td{text-align:left;vertical-align:top;\
border-bottom:1px solid #cfd8da;padding:.3rem .5rem;overflow-wrap:anywhere}thead{background:#edf1f1}\
@media print{body{margin:0}h2{break-after:avoid}tr{break-inside:avoid}thead{display:table-header-group}}";

impl Letter<'_> {
    /// HTML of the whole page.
    pub fn page(&self, sheets: &[Sheet]) -> String {
        let word = |key: &str| escaped(&say(self.locale, key, None));
        let title = escaped(&Sentence::new("privacy-letter-title").with("name", self.name).say(self.locale));
        let made = Sentence::new("privacy-letter-made")
            .with("organisation", self.organisation)
            .with("at", self.locale.moment(self.at, self.zone))
            .say(self.locale);
        let mut page = format!(
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head><body>\n\
             <h1>{title}</h1>\n<p>{}</p>\n",
            self.locale.code(),
            escaped(&made)
        );
        for key in ["recipients", "source", "rights", "files"] {
            page += &format!(
                "<h2>{}</h2>\n<p>{}</p>\n",
                word(&format!("privacy-letter-{key}")),
                word(&format!("privacy-letter-{key}-text"))
            );
        }
        for sheet in sheets {
            page += &format!("<h2>{}</h2>\n<p><small>", escaped(&sheet.title));
            for (key, text) in [("purpose", &sheet.purpose), ("basis", &sheet.basis), ("keep", &sheet.keep)] {
                page += &format!("{}: {}<br>", word(&format!("privacy-letter-{key}")), escaped(text));
            }
            page += "</small></p>\n";
            if let ([row], "contact") = (sheet.rows.as_slice(), sheet.table.as_str()) {
                page += "<table><tbody>";
                for (place, (_, label)) in sheet.columns.iter().enumerate() {
                    let text = sheet.shown(row, place, self.locale, self.zone);
                    if !text.is_empty() {
                        page +=
                            &format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(label), escaped(&text));
                    }
                }
                page += "</tbody></table>\n";
                continue;
            }
            // A column nothing stands in only takes room.
            let filled: Vec<usize> = (0..sheet.columns.len())
                .filter(|place| {
                    sheet.rows.iter().any(|row| row[*place].as_deref().is_some_and(|text| !text.is_empty()))
                })
                .collect();
            page += "<table><thead><tr>";
            for place in &filled {
                page += &format!("<th scope=\"col\">{}</th>", escaped(&sheet.columns[*place].1));
            }
            page += "</tr></thead><tbody>\n";
            for row in &sheet.rows {
                page += "<tr>";
                for place in &filled {
                    page += &format!("<td>{}</td>", escaped(&sheet.shown(row, *place, self.locale, self.zone)));
                }
                page += "</tr>\n";
            }
            page += "</tbody></table>\n";
        }
        page + "</body></html>\n"
    }
}

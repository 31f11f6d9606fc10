//! Every page, drawn with sample data in both languages, is whole: balanced, fully worded, free of inline script.
//!
//! `KUNDENKREIS_PAGES=<folder> cargo test -p web --test pages` also writes the pages with their assets there, to look at.

mod sample;
mod whole;

use kernel::Locale;
use std::{fs, path::Path};

#[test]
fn every_page_is_whole_in_both_languages() {
    for locale in Locale::ALL {
        for (name, html) in sample::pages(locale) {
            whole::page(&format!("{name}.{}", locale.code()), &html);
        }
        for (name, html) in sample::fragments(locale) {
            whole::fragment(&format!("{name}.{}", locale.code()), &html);
        }
    }
}

#[test]
fn what_people_type_is_shown_and_never_run() {
    let mut shown = 0;
    for (name, html) in sample::pages(Locale::De) {
        assert!(!html.contains("<b>böse"), "{name}: what a person typed came through as markup");
        shown += usize::from(html.contains("b&#62;böse"));
    }
    assert!(shown > 0, "some sample has markup in a field");
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a switch of this test, not a setting of the product")]
fn pages_can_be_looked_at_in_a_folder() {
    let Ok(folder) = std::env::var("KUNDENKREIS_PAGES") else { return };
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("static")).expect("the folder");
    for (name, body) in web::assets::all() {
        let body = if name.ends_with(".css") {
            String::from_utf8_lossy(body).replace("/static/", "").into_bytes()
        } else {
            body.to_vec()
        };
        fs::write(folder.join("static").join(name), body).expect("an asset");
    }
    for locale in Locale::ALL {
        for (name, html) in sample::pages(locale) {
            let html = html.replace("\"/static/", "\"static/");
            fs::write(folder.join(format!("{name}.{}.html", locale.code())), html).expect("a page");
        }
    }
}

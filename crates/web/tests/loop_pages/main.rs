//! The pages of the circle (campaigns, segments, import, post box), drawn with sample data in both languages, are whole.
//!
//! `KUNDENKREIS_PAGES=<folder> cargo test -p web --test loop_pages` also writes them there, to look at; the assets come
//! from the test `pages`.

mod campaigns;
mod rest;
mod tree;
#[path = "../pages/whole.rs"]
mod whole;

use kernel::{Locale, Zone};
use web::pages::{Frame, Person, Place};

pub type Drawn = Vec<(&'static str, String)>;

/// What a person with bad intent types into every text field.
pub const EVIL: &str = "<b>böse</b>\"'><script>alert(1)</script>";

pub fn frame(locale: Locale) -> Frame {
    let person = Person { name: "Jana Hoffmann".into(), role: "Marketing".into() };
    Frame::new(locale, Zone::berlin(), "Almara Reisen", "c2FtcGxl").signed_in(person, Place::ALL)
}

fn pages(locale: Locale) -> Drawn {
    let mut all = campaigns::pages(locale);
    all.extend(rest::pages(locale));
    all
}

#[test]
fn every_page_is_whole_in_both_languages() {
    for locale in Locale::ALL {
        for (name, html) in pages(locale) {
            whole::page(&format!("{name}.{}", locale.code()), &html);
        }
        for (name, html) in campaigns::fragments(locale).into_iter().chain(rest::fragments(locale)) {
            whole::fragment(&format!("{name}.{}", locale.code()), &html);
        }
    }
}

#[test]
fn what_people_type_is_shown_and_never_run() {
    let mut shown = 0;
    for (name, html) in pages(Locale::De) {
        assert!(!html.contains("<b>böse") && !html.contains("<script>alert"), "{name}: typed text became markup");
        shown += usize::from(html.contains("böse"));
    }
    assert!(shown >= 6, "samples carry hostile text");
}

#[test]
fn a_stored_name_stands_in_its_field() {
    for (name, html) in
        pages(Locale::De).into_iter().filter(|(name, _)| ["segment", "campaign-planning"].contains(name))
    {
        let field = html.split("name=\"name\"").nth(1).unwrap().split('>').next().unwrap();
        let wanted = if name == "segment" { "böse" } else { "value=\"Toskana Frühling 2027\"" };
        assert!(field.contains(wanted), "{name}: {field}");
    }
}

#[test]
fn a_mail_is_shown_in_a_frame_that_may_not_run_scripts() {
    for (name, html) in pages(Locale::De) {
        for frame in html.split("<iframe").skip(1) {
            let tag = frame.split("srcdoc").next().unwrap();
            assert!(tag.contains("sandbox="), "{name}");
            assert!(!tag.contains("allow-scripts") && !tag.contains("allow-same-origin"), "{name}");
        }
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a switch of this test, not a setting of the product")]
fn pages_can_be_looked_at_in_a_folder() {
    let Ok(folder) = std::env::var("KUNDENKREIS_PAGES") else { return };
    std::fs::create_dir_all(&folder).expect("the folder");
    for locale in Locale::ALL {
        for (name, html) in pages(locale) {
            let html = html.replace("\"/static/", "\"static/");
            std::fs::write(format!("{folder}/{name}.{}.html", locale.code()), html).expect("a page");
        }
    }
}

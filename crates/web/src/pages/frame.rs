//! The frame around every page: who is signed in, where they may go, where they are, in which language.

use crate::assets;
use kernel::{Currency, Locale, Sentence, Timestamp, Zone, sentence};
use std::{borrow::Borrow, fmt::Display};

/// Places the navigation can name, in its order. Rights decide which of them a person is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Dashboard,
    Contacts,
    Agenda,
    Campaigns,
    Segments,
    Import,
    Users,
    Access,
    Tracking,
    Attributes,
    Quality,
    Privacy,
    Log,
    Postbox,
}

impl Place {
    pub const ALL: [Place; 14] = [
        Self::Dashboard,
        Self::Contacts,
        Self::Agenda,
        Self::Campaigns,
        Self::Segments,
        Self::Import,
        Self::Users,
        Self::Access,
        Self::Tracking,
        Self::Attributes,
        Self::Quality,
        Self::Privacy,
        Self::Log,
        Self::Postbox,
    ];

    pub fn href(self) -> &'static str {
        self.parts().0
    }

    pub fn icon(self) -> &'static str {
        self.parts().1
    }

    /// Key of the name in `words/*/shell.ftl`.
    pub fn key(self) -> &'static str {
        self.parts().2
    }

    /// Letter that leads here after G; empty when there is none.
    pub fn letter(self) -> &'static str {
        self.parts().3
    }

    /// Key of the heading it stands under; empty for the places above all headings.
    pub fn group(self) -> &'static str {
        self.parts().4
    }

    fn parts(self) -> (&'static str, &'static str, &'static str, &'static str, &'static str) {
        const MARKETING: &str = "shell-group-marketing";
        const DATA: &str = "shell-group-data";
        const ADMIN: &str = "shell-group-admin";
        match self {
            Self::Dashboard => ("/", "layout-dashboard", "shell-place-dashboard", "d", ""),
            Self::Agenda => ("/mein-tag", "clipboard-check", "shell-place-agenda", "t", ""),
            Self::Contacts => ("/kontakte", "users", "shell-place-contacts", "k", ""),
            Self::Campaigns => ("/kampagnen", "speakerphone", "shell-place-campaigns", "c", MARKETING),
            Self::Segments => ("/segmente", "filter", "shell-place-segments", "s", MARKETING),
            Self::Import => ("/import", "file-import", "shell-place-import", "i", DATA),
            Self::Users => ("/verwaltung/benutzer", "user-check", "shell-place-users", "", ADMIN),
            Self::Access => ("/verwaltung/zugaenge", "key", "shell-place-access", "", ADMIN),
            Self::Tracking => ("/verwaltung/tracking", "plug-connected", "shell-place-tracking", "", ADMIN),
            Self::Attributes => ("/verwaltung/merkmale", "adjustments-horizontal", "shell-place-attributes", "", ADMIN),
            Self::Quality => ("/verwaltung/datenqualitaet", "database", "shell-place-quality", "q", ADMIN),
            Self::Privacy => ("/verwaltung/datenschutz", "shield-lock", "shell-place-privacy", "", ADMIN),
            Self::Log => ("/verwaltung/protokoll", "history", "shell-place-log", "", ADMIN),
            Self::Postbox => ("/postfang", "mailbox", "shell-place-postbox", "", "shell-group-development"),
        }
    }
}

/// One entry of the navigation: a place, and how many things are there when that is known cheaply.
#[derive(Clone, Debug)]
pub struct Entry {
    pub place: Place,
    pub count: Option<i64>,
}

/// The person who is signed in; `role` is the label of their roles in the reader's language.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub role: String,
}

/// One step of the path above the page; the last one has no address.
#[derive(Clone, Debug)]
pub struct Crumb {
    pub label: String,
    pub href: Option<String>,
}

/// A short message after something was done; `undo` is the address a form is posted to.
#[derive(Clone, Debug)]
pub struct Toast {
    pub text: String,
    pub undo: Option<String>,
}

/// A command of the palette beyond the places of the navigation.
#[derive(Clone, Debug)]
pub struct Command {
    pub label: String,
    pub href: String,
    pub icon: &'static str,
}

/// What the shell around a page needs. `Frame::new` and the small setters build it.
#[derive(Clone, Debug)]
pub struct Frame {
    pub locale: Locale,
    pub zone: Zone,
    /// Name of the organisation, shown under the product's name.
    pub organisation: String,
    pub person: Option<Person>,
    pub entries: Vec<Entry>,
    pub here: Option<Place>,
    pub commands: Vec<Command>,
    /// Whether the palette may ask `/suche?q=` for people.
    pub finds_people: bool,
    /// Token every form carries in the hidden field `csrf` and htmx in the header `X-CSRF-Token`.
    pub csrf: String,
    /// Page title, in the reader's language.
    pub title: String,
    pub crumbs: Vec<Crumb>,
    pub toast: Option<Toast>,
    /// Path and query of this page, where the change of language leads back to.
    pub address: String,
    /// Notifications that wait for the person.
    pub unread: i64,
}

impl Frame {
    pub fn new(locale: Locale, zone: Zone, organisation: impl Into<String>, csrf: impl Into<String>) -> Self {
        Self {
            locale,
            zone,
            organisation: organisation.into(),
            person: None,
            entries: Vec::new(),
            here: None,
            commands: Vec::new(),
            finds_people: false,
            csrf: csrf.into(),
            title: String::new(),
            crumbs: Vec::new(),
            toast: None,
            address: "/".into(),
            unread: 0,
        }
    }

    /// Names the person and the places their rights open. Who may see contacts can look for people in the palette.
    pub fn signed_in(mut self, person: Person, places: impl IntoIterator<Item = Place>) -> Self {
        self.person = Some(person);
        self.entries = places.into_iter().map(|place| Entry { place, count: None }).collect();
        self.finds_people = self.opens(Place::Contacts);
        self
    }

    /// Marks where the page is and gives it its title; the path above begins with the place.
    pub fn at(mut self, place: Place, title: impl Into<String>) -> Self {
        self.here = Some(place);
        self.title = title.into();
        let name = self.say(place.key());
        self.crumbs = if name == self.title {
            vec![Crumb { label: name, href: None }]
        } else {
            let here = Crumb { label: self.title.clone(), href: None };
            vec![Crumb { label: name, href: Some(place.href().into()) }, here]
        };
        self
    }

    /// The page a place itself is: its name is the title.
    pub fn at_place(self, place: Place) -> Self {
        let name = self.say(place.key());
        self.at(place, name)
    }

    /// A page with a title that belongs to no place of the navigation.
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self.crumbs = vec![Crumb { label: self.title.clone(), href: None }];
        self
    }

    pub fn with_count(mut self, place: Place, count: i64) -> Self {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.place == place) {
            entry.count = Some(count);
        }
        self
    }

    pub fn with_toast(mut self, toast: Option<Toast>) -> Self {
        self.toast = toast;
        self
    }

    pub fn with_unread(mut self, unread: i64) -> Self {
        self.unread = unread;
        self
    }

    pub fn with_address(mut self, address: impl Into<String>) -> Self {
        self.address = address.into();
        self
    }

    pub fn with_commands(mut self, commands: Vec<Command>) -> Self {
        self.commands = commands;
        self
    }

    pub fn opens(&self, place: Place) -> bool {
        self.entries.iter().any(|entry| entry.place == place)
    }

    pub fn is_here(&self, place: impl Borrow<Place>) -> bool {
        self.here == Some(*place.borrow())
    }

    /// Words of a key in the reader's language.
    pub fn say(&self, key: &str) -> String {
        sentence::say(self.locale, key, None)
    }

    /// Words of a key with one argument: a count stays a number, so that it chooses the plural.
    pub fn say_with(&self, key: &'static str, name: &str, value: impl Display) -> String {
        Sentence::new(key).with(name, value).say(self.locale)
    }

    /// A sentence the room below has made.
    pub fn tell(&self, sentence: &Sentence) -> String {
        sentence.say(self.locale)
    }

    pub fn count(&self, n: &i64) -> String {
        self.locale.count(*n)
    }

    pub fn percent(&self, share: &f64) -> String {
        self.locale.percent(*share, 1)
    }

    pub fn money(&self, minor: &i64, currency: &Currency) -> String {
        self.locale.money(*minor, *currency)
    }

    pub fn money_round(&self, minor: &i64, currency: &Currency) -> String {
        self.locale.money_round(*minor, *currency)
    }

    /// Day and time of an instant in the organisation's zone.
    pub fn moment(&self, at: &Timestamp) -> String {
        self.locale.moment(*at, &self.zone)
    }

    /// RFC 3339 for the `datetime` attribute.
    pub fn iso(&self, at: &Timestamp) -> String {
        at.rfc3339()
    }

    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }

    /// Address of one icon of the sprite.
    pub fn icon(&self, name: &str) -> String {
        format!("{}#i-{name}", assets::href("icons.svg"))
    }

    pub fn initials(&self, name: &str) -> String {
        initials(name)
    }

    /// `av1` … `av8`: the colour of a person's sign, the same wherever the name stands.
    pub fn hue(&self, name: &str) -> String {
        format!("av{}", hue(name))
    }

    /// Addresses and names of the parts of data protection.
    pub fn privacy_parts(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("/verwaltung/datenschutz", "privacy-requests"),
            ("/verwaltung/datenschutz/einwilligungen", "privacy-consents"),
            ("/verwaltung/datenschutz/fristen", "privacy-periods"),
            ("/verwaltung/datenschutz/verzeichnis", "privacy-register"),
        ]
    }

    /// The first places for the bar at the foot of a small screen.
    pub fn tab_entries(&self) -> &[Entry] {
        &self.entries[..self.entries.len().min(4)]
    }

    /// Number of columns of that bar: the places and the search.
    pub fn tab_columns(&self) -> usize {
        self.tab_entries().len() + 1
    }

    /// Heading a navigation entry starts, if it starts one.
    pub fn heading(&self, index: &usize) -> Option<&'static str> {
        let group = self.entries[*index].place.group();
        let before = index.checked_sub(1).map_or("", |i| self.entries[i].place.group());
        (group != before && !group.is_empty()).then_some(group)
    }

    /// Class of an arc (1 to 4) of the campaign's circle when arc `now` is current.
    pub fn arc(&self, arc: u8, now: &u8) -> &'static str {
        match arc.cmp(now) {
            std::cmp::Ordering::Less => "on",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "",
        }
    }

    pub fn other_locale(&self) -> Locale {
        if self.locale == Locale::De { Locale::En } else { Locale::De }
    }
}

/// First letters of the first and last word that begins with a letter; titles such as „Dr.“ do not count.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name
        .split_whitespace()
        .filter(|word| !word.ends_with('.') && word.chars().next().is_some_and(char::is_alphabetic))
        .collect();
    let letter = |word: &&str| word.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    match words.as_slice() {
        [] => name.chars().find(|c| c.is_alphanumeric()).map_or_else(|| "?".into(), |c| c.to_uppercase().to_string()),
        [one] => letter(one),
        [first, .., last] => letter(first) + &letter(last),
    }
}

fn hue(name: &str) -> u32 {
    name.chars().fold(7_u32, |sum, c| sum.wrapping_mul(31).wrapping_add(c as u32)) % 8 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame::new(Locale::De, Zone::berlin(), "Almara Reisen", "token")
    }

    #[test]
    fn a_title_is_no_initial() {
        assert_eq!(initials("Dr. Katharina Lindner"), "KL");
        assert_eq!(initials("Cher"), "C");
        assert_eq!(initials("örjan van der Berg"), "ÖB");
        assert_eq!(initials("???"), "?");
        assert_eq!(initials("4711"), "4");
    }

    #[test]
    fn the_path_begins_with_the_place() {
        let frame = frame().at(Place::Contacts, "Dr. Katharina Lindner");
        let labels: Vec<&str> = frame.crumbs.iter().map(|crumb| crumb.label.as_str()).collect();
        assert_eq!(labels, ["Kontakte", "Dr. Katharina Lindner"]);
        assert_eq!(frame.crumbs[0].href.as_deref(), Some("/kontakte"));
        assert!(frame.crumbs[1].href.is_none());
    }

    #[test]
    fn only_places_a_right_opens_stand_in_the_navigation() {
        let person = Person { name: "Sabine Ritter".into(), role: "IT".into() };
        let frame = frame().signed_in(person, [Place::Users, Place::Log]);
        assert!(!frame.finds_people);
        assert_eq!(frame.heading(&0), Some("shell-group-admin"));
        assert_eq!(frame.heading(&1), None);
        assert_eq!(frame.tab_columns(), 3);
    }
}

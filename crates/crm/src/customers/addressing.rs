//! How a person is addressed in writing: the line a letter begins with, and the block in its window.

use super::contact::Contact;
use crate::intake::{country, phone::HOME};
use jiff::civil::Date;
use kernel::{Locale, Sentence, sentence::say};

/// What of a person is needed to address them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Addressee<'a> {
    /// `ms`, `mr`, `mx`.
    pub salutation: Option<&'a str>,
    pub title: Option<&'a str>,
    pub first_name: &'a str,
    pub last_name: &'a str,
}

impl Addressee<'_> {
    fn name(&self) -> String {
        format!("{} {}", self.first_name.trim(), self.last_name.trim()).trim().to_owned()
    }

    /// „Sehr geehrte Frau Dr. Müller,“ or, where nothing is known about the person, „Guten Tag,“.
    pub fn salutation_line(&self, locale: Locale) -> String {
        let title = self.title.unwrap_or_default().trim();
        let with_title = format!("{title} {}", self.last_name.trim()).trim().to_owned();
        let sentence = match self.salutation {
            // In English a title takes the place of Ms and Mr.
            Some("ms" | "mr") if locale == Locale::En && !title.is_empty() => {
                Sentence::new("customers-salutation-line-name").with("name", with_title)
            }
            Some("ms") if !self.last_name.is_empty() => {
                Sentence::new("customers-salutation-line-ms").with("name", with_title)
            }
            Some("mr") if !self.last_name.is_empty() => {
                Sentence::new("customers-salutation-line-mr").with("name", with_title)
            }
            _ if self.name().is_empty() => Sentence::new("customers-salutation-line-nobody"),
            _ => Sentence::new("customers-salutation-line-name").with("name", self.name()),
        };
        sentence.say(locale)
    }

    /// „Frau Dr. Katharina Müller“; empty where nothing is known.
    fn line(&self, locale: Locale) -> String {
        let title = self.title.unwrap_or_default().trim();
        let form = match self.salutation {
            Some(code @ ("ms" | "mr")) if locale != Locale::En || title.is_empty() => {
                say(locale, &format!("customers-address-{code}"), None)
            }
            _ => String::new(),
        };
        let name = self.name();
        if name.is_empty() {
            return name;
        }
        [form.as_str(), title, &name].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

impl Contact {
    pub fn addressee(&self) -> Addressee<'_> {
        Addressee {
            salutation: self.salutation.as_deref(),
            title: self.title.as_deref(),
            first_name: &self.first_name,
            last_name: &self.last_name,
        }
    }

    /// The lines of the address field of a letter on a day (DIN 5008, Anschriftfeld, zone 2): recipient, street, postal code and
    /// place, and the country in capitals in the sender's language where it is abroad. A temporary address goes before the main
    /// one on its days; the company is the recipient where nobody is named. Empty where there is nowhere to send it.
    pub fn address_block(&self, house: Locale, day: Date) -> Vec<String> {
        let away = self.points.iter().find(|p| p.what == "address" && p.kind == "temporary" && p.holds(day));
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let (street, code, city, land) = match away {
            Some(p) => (p.street.clone(), p.postal_code.clone(), p.city.clone(), p.country.clone()),
            None => (text(&self.street), text(&self.postal_code), text(&self.city), text(&self.country)),
        };
        if street.is_empty() && city.is_empty() {
            return Vec::new();
        }
        let person = self.addressee().line(self.locale(house));
        let company = self.company.clone().filter(|_| person.is_empty()).unwrap_or_default();
        let abroad = !land.is_empty() && land != HOME;
        let country = if abroad { country::name(&land, house).to_uppercase() } else { String::new() };
        let place = format!("{code} {city}").trim().to_owned();
        [company, person, street, place, country].into_iter().filter(|line| !line.is_empty()).collect()
    }
}

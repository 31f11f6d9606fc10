//! Contacts: the list, one contact, the form.

use super::{Drawn, draw, frame};
use kernel::Locale;
use web::pages::{
    company::*,
    contact::*,
    contact_card::*,
    contact_form::*,
    contact_tied::{Candidate, TiePage, TieRow},
    contacts::*,
    contacts_bulk::{BulkMenu, BulkPage},
    finding::*,
    *,
};

const PEOPLE: [(&str, &str, &str, &str, &str, &str); 8] = [
    ("Dr. Katharina Lindner", "Stammkundin", "Hamburg", "Praxis Lindner", "9", "31.200 €"),
    ("Matthias Brenner", "Kunde", "München", "Architekturbüro Brenner", "4", "12.480 €"),
    ("Hannelore Weiß", "Stammkundin", "Leipzig", "", "12", "38.910 €"),
    ("Petra Sander", "Kundin", "Köln", "", "3", "6.540 €"),
    ("Yusuf Kaya", "Interessent", "Berlin", "", "", ""),
    ("<b>böse</b> \"Kunde\"", "Lead", "Kiel", "Kulturverein <Rheinbogen>", "", ""),
    ("Friedrich Lohmann", "Stammkunde", "Bremen", "", "5", "19.540 €"),
    ("Sofia Marquardt", "Lead", "Münster", "", "", ""),
];

fn rows() -> Vec<ContactRow> {
    let row = |(i, (name, kind, city, company, orders, revenue)): (usize, &(_, _, _, _, _, _))| ContactRow {
        id: 101 + i as i64,
        name: String::from(*name),
        under: format!("{kind} · {city}"),
        cells: vec![
            ListCell::Last((i != 5).then(|| LastTouch {
                sign: [Sign::of("web", "page_viewed"), Sign::of("email", "clicked"), Sign::of("phone", "call_in")]
                    [i % 3],
                text: "vor 11 Min".into(),
            })),
            ListCell::Text(String::from(*city)),
            ListCell::Text(String::from(*company)),
            ListCell::MayMail([Some(true), Some(false), None][i % 3]),
            ListCell::Number(String::from(*orders)),
            ListCell::Number(String::from(*revenue)),
            ListCell::Number("12.03.2024".into()),
        ],
    };
    PEOPLE.iter().enumerate().map(row).collect::<Vec<ContactRow>>()
}

fn list(locale: Locale) -> ContactsPage {
    let frame = frame(locale).at_place(Place::Contacts);
    let head = |key: &str, sort: &str, order| SortHead {
        label: frame.say(key),
        href: format!("/kontakte?land=DE&sort={sort}"),
        order,
    };
    let column = |key: &str, sort, number| HeadCell { label: frame.say(key), sort, number };
    let tab = |label: &str, href: &str, current, count| Tab { label: label.into(), href: href.into(), current, count };
    ContactsPage {
        search: String::new(),
        kept: vec![("land".into(), "DE".into()), ("sort".into(), "name".into())],
        count_url: "/kontakte/anzahl?land=DE".into(),
        views: vec![
            tab("Alle", "/kontakte", true, Some(48_902)),
            tab("Kunden", "/kontakte?art=customer", false, None),
            tab("Leads", "/kontakte?art=lead", false, None),
        ],
        filters: vec![FilterChip { label: "Land".into(), value: "DE".into(), remove: "/kontakte?sort=name".into() }],
        more_filters: vec![FilterMenu {
            key: "art",
            label: "Art".into(),
            choices: vec![tab("Kunde", "/kontakte?land=DE&art=customer", false, None)],
        }],
        by_name: head("contacts-name", "-name", Some("ascending")),
        heads: vec![
            column("contacts-last", Some(head("contacts-last", "letzte", None)), false),
            column("contacts-city", None, false),
            column("contacts-company", None, false),
            column("contacts-may-mail", None, false),
            column("contacts-orders", None, true),
            column("contacts-revenue", None, true),
            column("contacts-since", Some(head("contacts-since", "seit", None)), true),
        ],
        columns: vec![
            ColumnChoice {
                label: frame.say("contacts-city"),
                shown: true,
                toggle: Some("/kontakte?spalten=firma".into()),
                earlier: Some("/kontakte?spalten=ort,firma".into()),
            },
            ColumnChoice { label: frame.say("contacts-phone"), shown: false, toggle: None, earlier: None },
        ],
        open_view: Some(ViewMenu { id: 3, name: "<b>böse</b>".into(), mine: true, usual: false }),
        list: "land=DE".into(),
        exports: Some(("/kontakte/export/csv?land=DE".into(), "/kontakte/export/xlsx?land=DE".into())),
        dense: false,
        density: "/kontakte?dichte=eng".into(),
        rows: rows(),
        next: Some("/kontakte?land=DE&nach=abc".into()),
        first: None,
        bulk: Vec::new(),
        duplicates: String::new(),
        may_edit: true,
        may_import: true,
        frame,
    }
}

fn bulk(locale: Locale, planned: bool) -> BulkPage {
    let frame = frame(locale);
    let title = frame.say("list-bulk-title");
    BulkPage {
        frame: frame.at(Place::Contacts, title),
        id: 4,
        what: "Betreuung: Aylin Demir".into(),
        text: "3.184 Kontakte: 12 ändern sich nicht.".into(),
        planned,
        running: !planned,
        percent: 40,
        may_undo: !planned,
        list: "/kontakte?land=DE".into(),
    }
}

fn visit(id: i64, undone: bool) -> Visit {
    let under = "Kundennummer · 12 Einträge".into();
    Visit { id, source: "Website".into(), at: "24.11.2026, 09:42".into(), under, undone }
}

fn contact(locale: Locale) -> ContactPage {
    let mark = |label: &str, tone, icon| Mark { label: label.into(), tone, icon };
    let master = |label: &str, text: &str| MasterLine {
        label: label.into(),
        lines: vec![text.into()],
        mark: None,
        under: String::new(),
    };
    let consent = |channel: &str, label: &str, granted, proof: &str, wording: &str| ConsentLine {
        channel: channel.into(),
        purpose: "marketing".into(),
        label: label.into(),
        granted,
        proof: proof.into(),
        wording: wording.into(),
    };
    let happening = |channel: &str, kind: &str, title: &str, text: &str, time: &str| Happening {
        sign: Sign::of(channel, kind),
        title: title.into(),
        text: text.into(),
        marks: Vec::new(),
        time: time.into(),
        iso: "2026-11-24T08:42:00Z".into(),
    };
    let order = |what: &str, under: &str, amount: &str, cancelled| OrderLine {
        what: what.into(),
        under: under.into(),
        amount: amount.into(),
        cancelled,
    };
    let tab = |label: &str, channel: &str, current| Tab {
        label: label.into(),
        href: format!("/kontakte/101?kanal={channel}"),
        current,
        count: None,
    };
    let bar = |label: &str, value: f64| charts::Bar {
        label: label.into(),
        value,
        text: locale.percent(value, 0),
        href: Some("/kontakte/101?kanal=email".into()),
        ..Default::default()
    };
    let mut bars = charts::BarsH::new("E-Mail-Verhalten", vec![bar("Öffnungsrate", 0.78), bar("Klickrate", 0.31)]);
    bars.max = Some(1.0);
    bars.width = charts::Width::wide(290.0);
    bars.label_width = 88.0;
    ContactPage {
        frame: frame(locale).at(Place::Contacts, "Dr. Katharina Lindner"),
        id: 101,
        name: "Dr. Katharina Lindner".into(),
        marks: vec![mark("Stammkundin seit 2014", "accent", "star")],
        facts: vec![
            Fact { icon: "map-pin", text: "Hamburg".into(), href: String::new() },
            Fact { icon: "building", text: "Praxis Lindner".into(), href: "/firmen/4".into() },
        ],
        notice: None,
        email: "k.lindner@example.org".into(),
        phone: "+491713920047".into(),
        may_edit: true,
        calls: vec![("call_out", "Angerufen".into()), ("call_in", "Anruf".into())],
        master: vec![
            master("Kundennummer", "K-10482"),
            master("Geburtstag", "14. März 1979, 47 Jahre"),
            MasterLine {
                label: "Adresse".into(),
                lines: vec!["Lindenhof 12".into(), "20999 Hamburg".into()],
                mark: Some(mark("bestätigt", "good", "check")),
                under: "von der Person bestätigt, 12.11.2026".into(),
            },
            master("E-Mail", "k.lindner@example.org"),
            master("Mobil", "0171 3920 047"),
            master("Firma", "Praxis <b>böse</b> Lindner, Gesundheit"),
        ],
        tied: vec![TieRow { link: 1, id: 102, name: "Jens <b>böse</b> Lindner".into(), tie: "Haushalt".into() }],
        agenda: vec![crate::sample::agenda::row("Wegen <b>böse</b> Rückruf")],
        entry: crate::sample::agenda::form(locale),
        to_confirm: true,
        may_ask: true,
        consents: vec![
            consent("email", "E-Mail", Some(true), "Webformular, 03.02.2021", "Ja, bitte Angebote per E-Mail."),
            consent("phone", "Telefon", Some(false), "mündlich, 12.09.2024", ""),
            consent("letter", "Post", None, "", ""),
        ],
        entries: "214 Einträge".into(),
        channels: vec![tab("Alle", "", true), tab("Web", "web", false), tab("E-Mail", "email", false)],
        days: vec![
            Day {
                label: "Heute, 24. November".into(),
                happenings: vec![
                    Happening {
                        marks: vec![mark("Handy", "line", ""), mark("aus E-Mail", "line", "")],
                        ..happening("web", "page_viewed", "Website", "Toskana zu Fuß · Termine Mai · Preise", "09:42")
                    },
                    happening("email", "clicked", "Klick in „Toskana Frühling 2027“", "Termine im Mai", "09:31"),
                    happening("shop", "basket_abandoned", "Warenkorb verlassen, 2.740 €", "2 Personen", "08:57"),
                ],
            },
            Day {
                label: "Donnerstag, 19. November".into(),
                happenings: vec![happening("phone", "call_in", "Anruf erhalten", "Fragt nach Gehzeiten.", "16:20")],
            },
        ],
        older: Some("/kontakte/101?vor=1732000000000000-77".into()),
        behaviour: Some(EmailBehaviour {
            chart: charts::bars_h(&bars),
            figures: vec![("E-Mails erhalten".into(), "41".into()), ("Letzte Reaktion".into(), "gestern".into())],
            note: "41 E-Mails in 24 Monaten. Alle Kunden: 41 % und 12 %.".into(),
        }),
        orders: vec![
            order("Provence", "B-2025-114 · 09.02.2025", "4.380 €", false),
            order("Südtirol", "B-2024-031 · 11.01.2024", "3.120 €", true),
        ],
        orders_note: "9 Buchungen, Ø 3.467 €".into(),
        visits: vec![visit(4, false), visit(3, true)],
    }
}

fn form(locale: Locale, is_new: bool) -> ContactFormPage {
    let title = frame(locale).say(if is_new { "contacts-new" } else { "contacts-edit" });
    let frame = frame(locale).at(Place::Contacts, title);
    let kinds = ["lead", "prospect", "customer", "former"];
    ContactFormPage {
        is_new,
        action: if is_new { "/kontakte".into() } else { "/kontakte/101".into() },
        back: "/kontakte".into(),
        fields: ContactFields {
            last_name: "Kessler".into(),
            email: "marlene.kessler@".into(),
            version: if is_new { 0 } else { 4 },
            ..Default::default()
        },
        kinds: kinds.map(|k| Choice::new(k, frame.say(&format!("contacts-kind-{k}")), k == "customer")).into(),
        salutations: vec![Choice::new("", frame.say("contacts-salutation-none"), true)],
        languages: vec![Choice::new("de", frame.say("contacts-language-de"), true)],
        countries: vec![Choice::new("DE", "Deutschland", true)],
        own: vec![OwnField {
            name: "attribute.meal".into(),
            label: "Verpflegung".into(),
            kind: "text",
            value: "vegan".into(),
            choices: Vec::new(),
            hint: "Damit es unterwegs das Richtige gibt".into(),
            error: String::new(),
        }],
        points: vec![PointRow {
            n: 0,
            is_blank: false,
            what: "address".into(),
            label: frame.say("customers-point-of-address"),
            kinds: vec![Choice::new("temporary", frame.say("customers-point-kind-temporary"), true)],
            text: String::new(),
            street: "Via Roma 3".into(),
            postal_code: "50122".into(),
            city: "Firenze".into(),
            country: "Italien".into(),
            valid_from: "2026-12-01".into(),
            valid_until: "2027-03-31".into(),
            error: Some("Der letzte Tag liegt vor dem ersten.".into()),
        }],
        tags: "Wanderer".into(),
        known_tags: vec!["Wanderer".into()],
        owners: vec![Choice::new("", frame.say("contacts-owner-none"), true)],
        errors: [("email", String::from("Die Adresse endet nach dem @."))].into(),
        hints: [("phone".into(), String::from("So kennen wir keine Nummer."))].into(),
        notice: None,
        conflicts: if is_new {
            Vec::new()
        } else {
            vec![Conflict { label: "Ort".into(), mine: "Bonn".into(), theirs: "Köln".into() }]
        },
        card: is_new.then(|| CardNotes {
            known: vec![Known {
                id: 7,
                name: "Marlene Kessler".into(),
                under: "10007 · Köln".into(),
                why: "Gleiche E-Mail-Adresse".into(),
            }],
            further: vec![Further { label: "Beruf".into(), text: "Architektin <b>böse</b>".into() }],
            rest: "BEGIN:VCARD".into(),
            waiting: 2,
        }),
        companies: vec!["Kessler Architektur".into()],
        frame,
    }
}

fn company(locale: Locale) -> CompanyPage {
    let member = |(i, (name, kind, city, ..)): (usize, &(&str, &str, &str, &str, &str, &str))| Member {
        id: 101 + i as i64,
        name: String::from(*name),
        kind: String::from(*kind),
        city: String::from(*city),
        email: if i % 2 == 0 { format!("p{i}@example.org") } else { String::new() },
        phone: "0171 3920047".into(),
        dial: "+491713920047".into(),
    };
    CompanyPage {
        frame: frame(locale).at(Place::Contacts, "Kulturverein <Rheinbogen>"),
        id: 4,
        name: "Kulturverein <Rheinbogen>".into(),
        industry: "Kultur".into(),
        count: "211 Kontakte".into(),
        people: PEOPLE.iter().enumerate().map(member).collect(),
        more: "203 weitere werden nicht gezeigt.".into(),
    }
}

fn tying(locale: Locale) -> TiePage {
    TiePage {
        frame: frame(locale).at(Place::Contacts, "Wer gehört dazu?"),
        id: 101,
        name: "Dr. Katharina Lindner".into(),
        search: "\"><b>böse</b>".into(),
        ties: vec![("household", "Haushalt".into()), ("companion", "Reist mit".into())],
        found: vec![Candidate { id: 102, name: "Jens <b>böse</b> Lindner".into(), under: "Kunde · 10007".into() }],
    }
}

pub fn pages(locale: Locale) -> Drawn {
    let with_bulk = ContactsPage {
        search: "\"><b>böse</b>".into(),
        first: Some("/kontakte".into()),
        next: None,
        bulk: vec![BulkMenu {
            key: "art",
            label: "Art".into(),
            icon: "user",
            choices: vec![("kind:lead".into(), "Lead".into())],
        }],
        ..list(locale)
    };
    let none = ContactsPage { rows: Vec::new(), search: "zzz".into(), next: None, ..list(locale) };
    let empty = ContactsPage { rows: Vec::new(), filters: Vec::new(), next: None, views: Vec::new(), ..list(locale) };
    let stranger = ContactPage {
        may_edit: false,
        calls: Vec::new(),
        behaviour: None,
        orders: Vec::new(),
        orders_note: String::new(),
        visits: Vec::new(),
        days: Vec::new(),
        older: None,
        ..contact(locale)
    };
    vec![
        ("kontakte", draw(&list(locale))),
        ("kontakte-auswahl", draw(&with_bulk)),
        ("kontakte-sammel", draw(&bulk(locale, true))),
        ("kontakte-sammel-lauf", draw(&bulk(locale, false))),
        ("kontakte-niemand", draw(&none)),
        ("kontakte-leer", draw(&empty)),
        ("kontakt", draw(&contact(locale))),
        ("kontakt-verbinden", draw(&tying(locale))),
        ("kontakt-nur-lesen", draw(&stranger)),
        ("firma", draw(&company(locale))),
        ("kontakt-neu", draw(&form(locale, true))),
        ("kontakt-bearbeiten", draw(&form(locale, false))),
    ]
}

pub fn fragments(locale: Locale) -> Drawn {
    let hit = |id: &str, name: &str| Hit {
        id: id.into(),
        name: name.into(),
        under: "Hamburg".into(),
        href: "/kontakte/101".into(),
        icon: "user",
    };
    let hits = vec![hit("p101", "Dr. Katharina Lindner"), hit("p102", "<b>böse</b>")];
    let found = |groups| draw(&FoundPart { frame: frame(locale), groups, asked: true });
    vec![
        ("suche", found(vec![HitGroup { label: "Personen".into(), hits }])),
        ("suche-leer", found(Vec::new())),
        ("anzahl", draw(&CountPart { text: "3.184 von 48.902".into() })),
    ]
}

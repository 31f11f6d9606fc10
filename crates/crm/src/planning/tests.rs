//! Letters as people type them, and campaigns as they live.

use super::*;
use crate::{
    Refusal,
    staff::{Actor, ActorKind, Role},
};
use kernel::{CampaignId, Locale, Sentence, StepId, Timestamp, UserId};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use proptest::prelude::*;
use serde_json::json;

fn letter(body: &str) -> markup::Letter {
    markup::parse(body).unwrap()
}

fn frame() -> Frame {
    Frame { organisation: "Almara Reisen".into(), imprint: "Almara GmbH\nHafenweg 1".into(), locale: Locale::De }
}

fn render(source: &str, html: bool) -> String {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_auto_escape_callback(move |_| if html { AutoEscape::Html } else { AutoEscape::None });
    let values = json!({ "contact": { "first_name": "<b>Ada</b>" }, "link_1": "L1", "link_2": "L2", "unsubscribe": "U", "preferences": "P" });
    environment.render_str(source, minijinja::value::Serde(values)).unwrap()
}

#[test]
fn the_plain_editor_makes_blocks() {
    let letter = letter(
        "# Kreta **wartet**\n\nHallo {{ contact.first_name }},\nbis bald.\n\n- eins\n- [zwei](https://a.example/2)\n\n\
         [[Jetzt buchen](https://a.example/1)] oder [rufen Sie an](tel:+4930)\n\n[nochmal](https://a.example/2)",
    );
    assert_eq!(letter.links, ["https://a.example/2", "https://a.example/1"]);
    assert_eq!(letter.labels, ["zwei", "Jetzt buchen"]);
    let html = markup::html(&letter);
    assert!(html.contains("Kreta <strong>wartet</strong></h1>"), "{html}");
    assert!(html.contains("Hallo {{ contact.first_name }},<br>\nbis bald.</p>"), "{html}");
    assert_eq!(html.matches("{{ link_1 }}").count(), 2);
    assert_eq!(html.matches("href=\"{{ link_2 }}\"").count(), 1);
    assert!(html.contains("href=\"tel:+4930\""));
    let text = markup::text(&letter);
    assert!(text.starts_with(
        "Kreta **wartet**\n\nHallo {{ contact.first_name }},\nbis bald.\n\n- eins\n- zwei: {{ link_1 }}\n"
    ));
    assert!(text.contains("Jetzt buchen: {{ link_2 }} oder rufen Sie an: +4930"));
}

#[test]
fn conditions_stand_around_blocks_and_inside_lines() {
    let source = "{% if contact.first_name %}\nHallo {% if 1 < 2 %}du{% endif %}\n{% endif %}\n\nEnde";
    let html = render(&markup::html(&letter(source)), true);
    assert!(html.contains(">Hallo du</p>") && html.contains(">Ende</p>"), "{html}");
}

#[test]
fn what_is_typed_never_becomes_a_tag_or_template_language() {
    let letter =
        letter("<script>alert(1)</script> { { \"x\" } } {**{ 7*7 }**} [<img src=x>](https://a.example/?a=1&b=\"2\")");
    let html = markup::html(&letter);
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    assert!(!render(&html, true).contains("49"));
    assert!(render(&markup::text(&letter), false).contains("{**{ 7*7 }**}"));
    assert_eq!(letter.links, ["https://a.example/?a=1&b=%222%22"]);
    let person = render(&markup::html(&markup::parse("{{ contact.first_name }}").unwrap()), true);
    assert!(!person.contains("<b>"), "{person}");
}

#[test]
fn a_link_that_leads_nowhere_is_refused_beside_the_body() {
    let content = |body: &str| Content { subject: "s".into(), body: body.into(), ..Content::default() };
    for body in ["[x](javascript:alert(1))", "[x](data:text/html,y)", "[[x](ftp://a.example)]", "[x](kein link)"] {
        let Err(Refusal::Invalid(complaints)) = content(body).checked() else { panic!("{body}") };
        assert_eq!((complaints[0].field.as_str(), complaints[0].code), ("body", "link"), "{body}");
    }
}

#[test]
fn unknown_merge_fields_are_refused_with_those_that_exist() {
    let check = |text: &str| {
        let content = Content { subject: text.into(), body: text.into(), ..Content::default() };
        content.checked().map(|_| ()).map_err(|refusal| match refusal {
            Refusal::Invalid(complaints) => complaints.iter().map(|c| (c.field.clone(), c.code)).collect::<Vec<_>>(),
            other => panic!("{other}"),
        })
    };
    for good in [
        "{{ contact.first_name | default('Sie') | upper }}",
        "{% for n in range(3) %}{{ n }}{{ loop.index }}{% endfor %}",
        "{% set x = contact.city %}{{ x }}{% if x is not defined %}a{% endif %}",
        "{{ contact.birth_date|date(language='en') }} {{ 'contact.nothing' }} {{ campaign.name }}",
        "{% if contact.city == 'Berlin' and not contact.title %}x{% elif true %}y{% else %}z{% endif %}",
    ] {
        assert_eq!(check(good), Ok(()), "{good}");
    }
    for bad in ["{{ contact.vorname }}", "{{ first_name }}", "{{ contact.first_name ~ secret }}", "{{ self.x }}"] {
        let both = vec![("subject".to_owned(), "unknown_field"), ("body".to_owned(), "unknown_field")];
        assert_eq!(check(bad), Err(both), "{bad}");
    }
    for bad in
        ["{{ contact.first_name", "{% include 'x' %}", "{% autoescape false %}", "{% set x %}a{% endset %}", "{{ '}}"]
    {
        let both = vec![("subject".to_owned(), "template"), ("body".to_owned(), "template")];
        assert_eq!(check(bad), Err(both), "{bad}");
    }
}

#[test]
fn a_list_of_links_becomes_a_letter_with_them_in_order() {
    let links: Vec<String> = [
        "https://shop.example/kreta",
        "https://shop.example/rhodos?b=1&a=ä",
        "https://shop.example/katalog.pdf#s12",
        "https://shop.example/a(b",
    ]
    .map(str::to_owned)
    .to_vec();
    let (_, letter) = content_of_links("{{ contact.first_name }}, Kreta wartet", &links).unwrap().checked().unwrap();
    let expected = [&links[0], "https://shop.example/rhodos?b=1&a=%C3%A4", &links[2], &links[3]];
    assert_eq!(letter.links, expected);
    let refused = content_of_links("s", &["https://a.example".into(), "javascript:x".into()]).unwrap_err();
    let Refusal::Invalid(complaints) = refused else { panic!() };
    assert_eq!(complaints[0].field, "links[1]");
}

#[test]
fn the_frame_holds_sender_unsubscribe_link_and_pixel() {
    let mut frame = frame();
    frame.imprint += "\n<Chef> {{ boom }}";
    let template = mail_template(&frame, "Hallo", &letter("Text"));
    let html = render(&template.html, true);
    assert!(html.contains("<html lang=\"de\">") && html.contains("href=\"U\"") && html.contains("Hafenweg 1<br>"));
    assert!(html.contains("&lt;Chef&gt; &#123;&#123; boom") && !html.contains("<img"));
    let text = render(&template.text, false);
    assert!(text.contains("Keine E-Mails mehr erhalten: U") && text.contains("{{ boom }}"), "{text}");
    assert!(template.html.contains("{% if pixel %}<img src=\"{{ pixel }}\""));
}

#[test]
fn the_salutation_line_says_it_as_people_do() {
    let person = |salutation: &str, title: &str, first: &str, last: &str, language: &str| {
        let text = |t: &str| (!t.is_empty()).then(|| t.to_owned());
        let (first_name, last_name) = (first.to_owned(), last.to_owned());
        Person {
            salutation: text(salutation),
            title: text(title),
            first_name,
            last_name,
            language: text(language),
            ..Person::default()
        }
        .salutation_line(Locale::De)
    };
    assert_eq!(person("ms", "Dr.", "Ada", "Müller", ""), "Sehr geehrte Frau Dr. Müller,");
    assert_eq!(person("mr", "", "Emil", "Vogel", "de"), "Sehr geehrter Herr Vogel,");
    assert_eq!(person("", "", "Chloé", "Groß", ""), "Guten Tag Chloé Groß,");
    assert_eq!(person("ms", "", "Ada", "", ""), "Guten Tag Ada,");
    assert_eq!(person("", "", "", "", ""), "Guten Tag,");
    assert_eq!(person("mr", "", "Emil", "Vogel", "en"), "Dear Mr Vogel,");
    assert_eq!(person("mr", "Dr.", "Emil", "Vogel", "en-GB"), "Dear Dr. Vogel,");
}

fn draft() -> Campaign {
    Campaign {
        id: CampaignId(1),
        plan: Plan { segment: Some(kernel::SegmentId(1)), ..Plan::named("Kreta", Goal::WinBack) },
        state: State::Draft,
        stop_reason: None,
        step: EmailStep {
            id: StepId(1),
            content: Content { subject: "s".into(), body: "b".into(), ..Content::default() },
        },
        frozen_definition: None,
        control_seed: None,
        created_by: None,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
        approved_by: None,
        approved_at: None,
        frozen_at: None,
        launched_at: None,
        finished_at: None,
        version: 1,
    }
}

fn somebody(roles: &[Role]) -> Actor {
    Actor { kind: ActorKind::User(UserId(7)), name: "Jana".into(), roles: roles.to_vec(), address: String::new() }
}

#[test]
fn a_campaign_lives_from_draft_to_evaluation() {
    let (jana, at) = (somebody(&[Role::MarketingManager]), Timestamp(5));
    let approved = draft().approve(&jana, at).unwrap();
    assert_eq!((approved.approved_by, approved.approved_at), (Some(UserId(7)), Some(at)));
    assert_eq!(approved.clone().back_to_draft(&jana).unwrap().approved_by, None);
    let running = approved.launch(&jana, at, 99).unwrap().launched().unwrap();
    assert_eq!(running.control_seed, Some(99));
    let running = Campaign { frozen_at: Some(at), ..running };
    let paused = running.clone().pause(&jana).unwrap();
    assert_eq!(paused.resume(&jana).unwrap().state, State::Running);
    let stopped = running.clone().stop(Sentence::new("mail-template-too-costly")).unwrap();
    assert_eq!(stopped.resume(&jana).unwrap().stop_reason, None);
    assert_eq!(running.clone().cancel(&jana, at).unwrap().state, State::Cancelled);
    assert_eq!(running.finish(at).unwrap().evaluate(&jana).unwrap().state, State::Evaluated);
}

#[test]
fn steps_out_of_turn_without_right_or_with_gaps_are_refused() {
    let (jana, at) = (somebody(&[Role::MarketingManager]), Timestamp(5));
    assert!(matches!(draft().approve(&somebody(&[Role::Analyst]), at), Err(Refusal::Right(_))));
    assert!(matches!(draft().launch(&jana, at, 1), Err(Refusal::State(_))));
    assert!(matches!(draft().pause(&jana), Err(Refusal::State(_))));
    let approved = draft().approve(&jana, at).unwrap();
    assert!(matches!(approved.must_be_draft(), Err(Refusal::State(_))));
    assert!(matches!(approved.clone().approve(&jana, at), Err(Refusal::State(_))));
    let mut empty = draft();
    empty.plan.segment = None;
    empty.step.content.subject.clear();
    let Err(Refusal::Invalid(complaints)) = empty.approve(&jana, at) else { panic!() };
    assert_eq!(complaints.iter().map(|c| c.field.as_str()).collect::<Vec<_>>(), ["segment", "subject"]);
}

#[test]
fn a_plan_out_of_range_is_refused_field_by_field() {
    let plan = Plan {
        fixed_cost_minor: -1,
        margin_ppm: 1_000_001,
        attribution_days: 0,
        control_ppm: 950_000,
        ..Plan::named(" \n ", Goal::Loyalty)
    };
    let Err(Refusal::Invalid(complaints)) = plan.checked() else { panic!() };
    let fields: Vec<_> = complaints.iter().map(|c| c.field.as_str()).collect();
    assert_eq!(fields, ["name", "fixed_cost", "margin_rate", "attribution_days", "control_share"]);
}

proptest! {
    #[test]
    fn whatever_is_typed_only_our_markup_makes_tags(body in "[\\PC\n]{0,200}", noise in "[{}%#\\[\\]()<>*\"' a\n-]{0,120}") {
        for source in [body, noise] {
            let Ok(letter) = markup::parse(&source) else { continue };
            let html = markup::html(&letter);
            for after in html.split('<').skip(1) {
                let name: String = after.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                let ours = ["h1", "h2", "p", "ul", "li", "br", "strong", "a"].contains(&name.as_str());
                let in_template = !ours && source.contains('<');
                prop_assert!(ours || in_template && (source.contains("{{") || source.contains("{%") || source.contains("{#")), "{html}");
            }
            // Text that holds no template language renders to itself: no brace got a meaning.
            if markup::scan(&source).is_ok_and(|pieces| pieces.iter().all(|p| matches!(p, markup::Piece::Text(_)))) {
                let rendered = render(&markup::text(&letter), false);
                let braces = |text: &str| text.chars().filter(|c| *c == '{').count();
                let in_links: usize = letter.links.iter().map(|l| braces(l)).sum();
                if letter.links.is_empty() && !source.contains("](") {
                    prop_assert_eq!(braces(&rendered), braces(&source) - in_links);
                }
            }
        }
    }

    #[test]
    fn every_link_is_found_in_order(paths in prop::collection::vec("[a-z0-9]{1,8}", 1..8), words in "[A-Za-zäöü ]{1,20}") {
        let mut expected: Vec<String> = Vec::new();
        let mut body = String::new();
        for (n, path) in paths.iter().enumerate() {
            let url = format!("https://a.example/{path}");
            body += &if n % 2 == 0 { format!("{words} [{words}]({url}) **fett** ") } else { format!("\n\n[[{words}]({url})]\n\n") };
            if !expected.contains(&url) {
                expected.push(url);
            }
        }
        prop_assert_eq!(letter(&body).links, expected);
    }
}

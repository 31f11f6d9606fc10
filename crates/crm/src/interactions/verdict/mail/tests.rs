//! The road of a request, as a table.

use super::*;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const GOOGLE: &str = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";
const SENT: Timestamp = Timestamp(1_000 * SECOND);
const MAIL: Message = Message { handed_over: Some(SENT), links: 3 };

fn after(seconds: f64) -> Timestamp {
    SENT.plus((seconds * SECOND as f64) as i64)
}

fn asked(seq: i64, link: i64, seconds: f64, verdict: Verdict) -> Earlier {
    Earlier { seq: Seq(seq), act: Act::Click(link), at: after(seconds), verdict }
}

#[test]
fn one_request_alone() {
    use Act::{Click, Open};
    use Verdict::{Human, Machine, Unknown};
    let table: &[(Act, bool, &str, f64, Verdict, Option<Reason>)] = &[
        (Open, false, FIREFOX, 5.0, Human, None),
        (Open, false, FIREFOX, 1.0, Machine, Some(Reason::AtHandOver)),
        (Open, false, FIREFOX, 2.0, Machine, Some(Reason::AtHandOver)),
        (Open, false, FIREFOX, 2.1, Human, None),
        (Open, false, "Mozilla/5.0", 3_600.0, Machine, Some(Reason::PrivacyProxy)),
        (Open, true, FIREFOX, 60.0, Machine, Some(Reason::HeadRequest)),
        (Open, false, GOOGLE, 60.0, Human, Some(Reason::ImageProxy)),
        (Open, false, GOOGLE, 0.5, Machine, Some(Reason::AtHandOver)),
        (Open, false, "YahooMailProxy; https://help.yahoo.com/kb", 9.0, Human, Some(Reason::ImageProxy)),
        (Open, false, "Googlebot/2.1 (+http://www.google.com/bot.html)", 60.0, Machine, Some(Reason::KnownScanner)),
        (Open, false, "curl/8.5.0", 60.0, Machine, Some(Reason::KnownScanner)),
        (Open, false, "", 60.0, Unknown, Some(Reason::NoAgent)),
        (Click(1), false, FIREFOX, 5.0, Human, None),
        (Click(1), true, FIREFOX, 5.0, Machine, Some(Reason::HeadRequest)),
        (Click(1), false, FIREFOX, 1.5, Unknown, Some(Reason::SomeLinksAtHandOver)),
        (Click(1), false, "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) Chrome/120.0", 9.0, Human, None),
    ];
    for (act, head, agent, seconds, verdict, reason) in table {
        let request = Request { act: *act, head: *head, agent, at: after(*seconds) };
        let judgement = judge(&request, MAIL, &[]);
        let expected = (*verdict, reason.iter().copied().collect::<Vec<_>>());
        assert_eq!((judgement.verdict, judgement.reasons), expected, "{request:?}");
        assert!(judgement.machine_after_all.is_empty());
    }
}

#[test]
fn a_scanner_that_asks_for_every_link_is_found_out_by_the_last_one() {
    let get = |link, seconds| Request { act: Act::Click(link), head: false, agent: FIREFOX, at: after(seconds) };
    let first = judge(&get(1, 0.1), MAIL, &[]);
    assert_eq!(first.verdict, Verdict::Unknown);
    let second = judge(&get(2, 0.2), MAIL, &[asked(11, 1, 0.1, Verdict::Unknown)]);
    assert_eq!(second.verdict, Verdict::Unknown);
    let earlier = [asked(11, 1, 0.1, Verdict::Unknown), asked(12, 2, 0.2, Verdict::Unknown)];
    let third = judge(&get(3, 0.3), MAIL, &earlier);
    assert_eq!(third.verdict, Verdict::Machine);
    assert_eq!(third.reasons, vec![Reason::AllLinksAtHandOver]);
    assert_eq!(third.machine_after_all, vec![Seq(11), Seq(12)]);
}

#[test]
fn heads_first_then_gets_and_every_get_is_a_machines() {
    let heads: Vec<Earlier> = (1..=3).map(|link| asked(link, link, 0.1, Verdict::Machine)).collect();
    let get = Request { act: Act::Click(1), head: false, agent: FIREFOX, at: after(0.8) };
    let judgement = judge(&get, MAIL, &heads);
    assert_eq!((judgement.verdict, judgement.machine_after_all), (Verdict::Machine, vec![]));
}

#[test]
fn a_reader_who_clicks_every_link_later_stays_a_reader() {
    let earlier = [asked(11, 1, 5.0, Verdict::Human), asked(12, 2, 5.5, Verdict::Human)];
    let request = Request { act: Act::Click(3), head: false, agent: FIREFOX, at: after(6.0) };
    assert_eq!(judge(&request, MAIL, &earlier).verdict, Verdict::Human);
}

#[test]
fn a_reader_after_a_scanner_counts() {
    let scanned: Vec<Earlier> = (1..=3).map(|link| asked(link, link, 0.4, Verdict::Machine)).collect();
    let request = Request { act: Act::Click(2), head: false, agent: FIREFOX, at: after(7.0) };
    let judgement = judge(&request, MAIL, &scanned);
    assert_eq!((judgement.verdict, judgement.reasons, judgement.machine_after_all), (Verdict::Human, vec![], vec![]));
}

#[test]
fn a_message_still_on_its_way_has_no_readers_yet() {
    let mail = Message { handed_over: None, links: 1 };
    let open = Request { act: Act::Open, head: false, agent: FIREFOX, at: after(100.0) };
    assert_eq!(judge(&open, mail, &[]).reasons, vec![Reason::AtHandOver]);
    let click = Request { act: Act::Click(1), ..open };
    assert_eq!(judge(&click, mail, &[]).verdict, Verdict::Machine);
}

#[test]
fn a_click_recorded_before_the_acceptance_was_noted_still_counts_as_at_once() {
    let earlier = [asked(11, 1, -0.2, Verdict::Unknown), asked(12, 2, 0.1, Verdict::Unknown)];
    let request = Request { act: Act::Click(3), head: true, agent: FIREFOX, at: after(0.2) };
    let judgement = judge(&request, MAIL, &earlier);
    assert_eq!(judgement.reasons, vec![Reason::HeadRequest, Reason::AllLinksAtHandOver]);
    assert_eq!(judgement.machine_after_all, vec![Seq(11), Seq(12)]);
}

#[test]
fn reasons_are_stored_and_read_back() {
    let reasons = vec![Reason::HeadRequest, Reason::AllLinksAtHandOver];
    let text = Reason::write(&reasons);
    assert_eq!(text.as_deref(), Some("head_request,all_links_at_hand_over"));
    assert_eq!(Reason::read(text.as_deref()), reasons);
    assert_eq!(Reason::write(&[]), None);
}

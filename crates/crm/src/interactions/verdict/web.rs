//! The road of what websites and servers tell: judged by the program that shows the page and by its speed.

use super::{Reason, Step, Verdict, agents, walk};

/// More pages in ten seconds nobody reads.
const READABLE: i64 = 25;

/// A web event, as far as its verdict needs it. Both facts are stored with the event (`agent_id`, `pace`).
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// User-Agent of the browser, else of the program that told it; empty where there is none.
    pub agent: &'a str,
    /// Pages the visitor saw in the ten seconds up to it.
    pub pace: i64,
}

/// What the steps look at.
pub struct Case {
    agent: String,
    pace: i64,
}

/// The road of a web event. Whoever passes all steps is a person.
pub const WEB_ROAD: &[Step<Case>] = &[
    Step { name: "crawler", rule: crawler },
    Step { name: "headless", rule: headless },
    Step { name: "monitor", rule: monitor },
    Step { name: "told_by_server", rule: told_by_server },
    Step { name: "no_agent", rule: no_agent },
    Step { name: "too_fast", rule: too_fast },
    Step { name: "odd_agent", rule: odd_agent },
];

/// Judges a web event.
pub fn judge(visit: Visit) -> (Verdict, Vec<Reason>) {
    let case = Case { agent: visit.agent.trim().to_lowercase(), pace: visit.pace };
    match walk(WEB_ROAD, &case) {
        Some((verdict, reason)) => (verdict, vec![reason]),
        None => (Verdict::Human, Vec::new()),
    }
}

fn crawler(case: &Case) -> Option<(Verdict, Reason)> {
    agents::is_crawler(&case.agent).then_some((Verdict::Machine, Reason::Crawler))
}

fn headless(case: &Case) -> Option<(Verdict, Reason)> {
    agents::is_headless(&case.agent).then_some((Verdict::Machine, Reason::Headless))
}

fn monitor(case: &Case) -> Option<(Verdict, Reason)> {
    agents::is_monitor(&case.agent).then_some((Verdict::Machine, Reason::Monitor))
}

/// A server that holds the key says what a person did; it is believed as the API is.
fn told_by_server(case: &Case) -> Option<(Verdict, Reason)> {
    agents::is_server(&case.agent).then_some((Verdict::Human, Reason::ToldByServer))
}

fn no_agent(case: &Case) -> Option<(Verdict, Reason)> {
    case.agent.is_empty().then_some((Verdict::Unknown, Reason::NoAgent))
}

fn too_fast(case: &Case) -> Option<(Verdict, Reason)> {
    (case.pace > READABLE).then_some((Verdict::Machine, Reason::TooFast))
}

fn odd_agent(case: &Case) -> Option<(Verdict, Reason)> {
    (!agents::is_browser(&case.agent)).then_some((Verdict::Unknown, Reason::OddAgent))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const HEADLESS: &str =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0";
    const GOOGLE: &str = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    const CUBOT: &str =
        "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36";

    #[test]
    fn who_shows_the_page() {
        use Verdict::{Human, Machine, Unknown};
        let table = [
            (FIREFOX, 1, Human, None),
            (FIREFOX, 25, Human, None),
            (FIREFOX, 26, Machine, Some(Reason::TooFast)),
            (HEADLESS, 1, Machine, Some(Reason::Headless)),
            (GOOGLE, 1, Machine, Some(Reason::Crawler)),
            (CUBOT, 1, Human, None),
            ("Mozilla/5.0 (compatible; PTST/250)", 1, Machine, Some(Reason::Monitor)),
            ("analytics-python/2.4.0", 900, Human, Some(Reason::ToldByServer)),
            ("node", 1, Human, Some(Reason::ToldByServer)),
            ("", 1, Unknown, Some(Reason::NoAgent)),
            ("telnet by hand", 1, Unknown, Some(Reason::OddAgent)),
        ];
        for (agent, pace, verdict, reason) in table {
            let expected = (verdict, reason.into_iter().collect::<Vec<_>>());
            assert_eq!(judge(Visit { agent, pace }), expected, "{agent} at {pace}");
        }
    }
}

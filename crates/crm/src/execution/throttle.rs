//! How fast each receiving domain is written to: a token bucket per domain, halved when it asks for patience, slowly
//! faster again while it takes what it gets (additive increase, multiplicative decrease).

use kernel::{Timestamp, time::SECOND};
use std::collections::HashMap;

/// After a first "later, please" nobody is sent more than this per second.
const CAUTIOUS: f64 = 100.0;
/// One mail a minute is the slowest.
const SLOWEST: f64 = 1.0 / 60.0;

pub(super) struct Throttle {
    fastest: f64,
    domains: HashMap<String, Pace>,
}

struct Pace {
    /// Mails per second.
    rate: f64,
    tokens: f64,
    filled: Timestamp,
}

impl Pace {
    fn fill(&mut self, now: Timestamp) {
        let seconds = (now.0 - self.filled.0).max(0) as f64 / SECOND as f64;
        // A bucket holds what one second brings, and at least one mail.
        self.tokens = (self.tokens + seconds * self.rate).min(self.rate.max(1.0));
        self.filled = now;
    }
}

impl Throttle {
    pub fn new(fastest: f64) -> Self {
        Self { fastest: fastest.max(SLOWEST), domains: HashMap::new() }
    }

    /// Takes leave for one mail; `false`: not now.
    pub fn take(&mut self, domain: &str, now: Timestamp) -> bool {
        let fastest = self.fastest;
        if !self.domains.contains_key(domain) {
            self.forget_the_quick();
        }
        let pace = self.domains.entry(domain.to_owned()).or_insert(Pace {
            rate: fastest,
            tokens: fastest.max(1.0),
            filled: now,
        });
        pace.fill(now);
        let leave = pace.tokens >= 1.0;
        if leave {
            pace.tokens -= 1.0;
        }
        leave
    }

    /// Domains that may not be written to right now.
    pub fn dry(&mut self, now: Timestamp) -> Vec<String> {
        let mut dry: Vec<String> = Vec::new();
        for (domain, pace) in &mut self.domains {
            pace.fill(now);
            if pace.tokens < 1.0 {
                dry.push(domain.clone());
            }
        }
        dry.truncate(500);
        dry
    }

    /// The domain asked for patience.
    pub fn slower(&mut self, domain: &str) {
        if let Some(pace) = self.domains.get_mut(domain) {
            pace.rate = (pace.rate.min(CAUTIOUS) / 2.0).max(SLOWEST);
            pace.tokens = pace.tokens.min(pace.rate);
        }
    }

    /// The domain took what it got.
    pub fn faster(&mut self, domain: &str) {
        if let Some(pace) = self.domains.get_mut(domain) {
            pace.rate = (pace.rate + self.fastest / 2000.0).min(self.fastest);
        }
    }

    /// Audiences hold thousands of domains with one person each: those at full speed need no memory.
    fn forget_the_quick(&mut self) {
        if self.domains.len() > 10_000 {
            let fastest = self.fastest;
            self.domains.retain(|_, pace| pace.rate < fastest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn burst(throttle: &mut Throttle, at: i64) -> usize {
        (0..1000).filter(|_| throttle.take("a.example", Timestamp(at))).count()
    }

    #[test]
    fn a_domain_that_asks_for_patience_gets_half_and_only_that_domain() {
        let mut throttle = Throttle::new(400.0);
        assert_eq!(burst(&mut throttle, 0), 400);
        assert_eq!(throttle.dry(Timestamp(0)), ["a.example"]);
        throttle.slower("a.example");
        assert_eq!(burst(&mut throttle, SECOND), 50);
        throttle.slower("a.example");
        assert_eq!(burst(&mut throttle, 2 * SECOND), 25);
        assert!(throttle.take("b.example", Timestamp(2 * SECOND)));
    }

    #[test]
    fn patience_is_rewarded_up_to_the_limit() {
        let mut throttle = Throttle::new(400.0);
        throttle.take("a.example", Timestamp(0));
        throttle.slower("a.example");
        for _ in 0..10_000 {
            throttle.faster("a.example");
        }
        assert_eq!(burst(&mut throttle, 10 * SECOND), 400);
    }
}

//! How often somebody may try: at the login, with one-time links, at the public endpoints.
//!
//! In memory and bounded: a flood of addresses makes it forget, never grow. Restarting forgets, too; the cost of a
//! password hash remains.

use super::{Address, House, Trouble};
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{
    Timestamp,
    seal::fingerprint,
    time::{MINUTE, SECOND},
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// All limits of one process.
pub struct Limits {
    /// One name from one network: a stranger elsewhere never locks the real person out.
    login: Attempts,
    /// All failed logins of one network.
    network: Buckets,
    links: Buckets,
    strangers: Buckets,
    /// Requests of trackers; a company's own server sends many.
    trackers: Buckets,
    /// Write keys nobody has.
    unknown_keys: Buckets,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            login: Attempts::default(),
            network: Buckets::new(60.0, 0.1),
            links: Buckets::new(20.0, 0.1),
            strangers: Buckets::new(600.0, 100.0),
            trackers: Buckets::new(20_000.0, 5_000.0),
            unknown_keys: Buckets::new(60.0, 1.0),
        }
    }
}

impl Limits {
    /// Before a password is compared. Refused: how many seconds to wait.
    pub fn login(&self, address: &Address, login: &str, now: Timestamp) -> Result<(), Trouble> {
        let network = address.network();
        let wait = self.login.take(&key(&network, login), now).max(self.network.take(&network, now));
        patience(wait)
    }

    /// After the right password: the attempt does not count.
    pub fn logged_in(&self, address: &Address, login: &str) {
        let network = address.network();
        self.login.forget(&key(&network, login));
        self.network.give_back(&network);
    }

    /// Before a one-time link is looked up.
    pub fn link(&self, address: &Address, now: Timestamp) -> Result<(), Trouble> {
        patience(self.links.take(&address.network(), now))
    }

    /// Before what a tracker sends is read.
    pub fn tracker(&self, address: &Address, now: Timestamp) -> Result<(), Trouble> {
        patience(self.trackers.take(&address.network(), now))
    }

    /// After a write key was found to be nobody's. Whoever holds a real one is never asked to wait for it.
    pub fn unknown_key(&self, address: &Address, now: Timestamp) -> Result<(), Trouble> {
        patience(self.unknown_keys.take(&address.network(), now))
    }
}

fn key(network: &str, login: &str) -> String {
    fingerprint(&format!("{network} {}", login.trim().to_lowercase()))
}

fn patience(wait: i64) -> Result<(), Trouble> {
    if wait == 0 { Ok(()) } else { Err(Trouble::TooMany { seconds: (wait + SECOND - 1) / SECOND }) }
}

/// Keeps one network from asking the public endpoints without end. Unsubscribing is never refused.
pub async fn strangers(State(house): State<House>, address: Address, request: Request, next: Next) -> Response {
    let wait = house.limits.strangers.take(&address.network(), house.now());
    match patience(wait) {
        Err(trouble) if request.method() != Method::POST => trouble.into_response(),
        _ => next.run(request).await,
    }
}

/// How many callers are remembered.
const CALLERS: usize = 20_000;

/// Token buckets: `size` at once, then `per_second`.
struct Buckets {
    size: f64,
    per_second: f64,
    held: Mutex<HashMap<String, (f64, Timestamp)>>,
}

impl Buckets {
    fn new(size: f64, per_second: f64) -> Self {
        Self { size, per_second, held: Mutex::default() }
    }

    /// Takes one; answers 0, or how many microseconds until there is one again.
    fn take(&self, caller: &str, now: Timestamp) -> i64 {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let level = |(level, at): (f64, Timestamp)| {
            let since = (now.0 - at.0).max(0) as f64 / SECOND as f64;
            (level + since * self.per_second).min(self.size)
        };
        if held.len() >= CALLERS && !held.contains_key(caller) {
            held.retain(|_, bucket| level(*bucket) < self.size);
            make_room(&mut held, |bucket| bucket.1);
        }
        let now_held = held.get(caller).map_or(self.size, |bucket| level(*bucket));
        let (left, wait) = if now_held >= 1.0 {
            (now_held - 1.0, 0)
        } else {
            (now_held, (((1.0 - now_held) / self.per_second * SECOND as f64) as i64).max(1))
        };
        held.insert(caller.to_owned(), (left, now));
        wait
    }

    fn give_back(&self, caller: &str) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = held.get_mut(caller) {
            bucket.0 = (bucket.0 + 1.0).min(self.size);
        }
    }
}

/// Five attempts, then a pause that doubles from one second to a quarter of an hour; an hour without one forgets.
#[derive(Default)]
struct Attempts(Mutex<HashMap<String, Tries>>);

#[derive(Clone, Copy)]
struct Tries {
    count: u32,
    last: Timestamp,
    free_at: Timestamp,
}

impl Attempts {
    const FREE: u32 = 5;
    const LONGEST: i64 = 15 * MINUTE;
    const FORGOTTEN: i64 = 60 * MINUTE;

    fn take(&self, caller: &str, now: Timestamp) -> i64 {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= CALLERS && !held.contains_key(caller) {
            held.retain(|_, tries| tries.last.plus(Self::FORGOTTEN) > now);
            make_room(&mut held, |tries| tries.last);
        }
        let tries = held.get(caller).copied().filter(|tries| tries.last.plus(Self::FORGOTTEN) > now);
        let mut tries = tries.unwrap_or(Tries { count: 0, last: now, free_at: now });
        if tries.free_at > now {
            return tries.free_at.0 - now.0;
        }
        tries.count += 1;
        tries.last = now;
        if tries.count >= Self::FREE {
            let doubled = SECOND << (tries.count - Self::FREE).min(20);
            tries.free_at = now.plus(doubled.min(Self::LONGEST));
        }
        held.insert(caller.to_owned(), tries);
        0
    }

    fn forget(&self, caller: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(caller);
    }
}

/// Forgets the half that was seen longest ago where there is no room for one more.
fn make_room<T: Copy>(held: &mut HashMap<String, T>, seen: impl Fn(&T) -> Timestamp) {
    if held.len() < CALLERS {
        return;
    }
    let mut times: Vec<Timestamp> = held.values().map(&seen).collect();
    let middle = times.len() / 2;
    let (_, median, _) = times.select_nth_unstable(middle);
    let median = *median;
    held.retain(|_, value| seen(value) > median);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(1_000_000_000).plus(seconds * SECOND)
    }

    fn address(text: &str) -> Address {
        Address(Arc::from(text))
    }

    #[test]
    fn five_attempts_are_free_and_then_the_pause_doubles() {
        let limits = Limits::default();
        let try_at = |s| limits.login(&address("192.0.2.1"), "Jana", at(s)).is_ok();
        assert!((0..5).all(|_| try_at(0)));
        assert!(!try_at(0));
        assert!(try_at(1));
        assert!(!try_at(2));
        assert!(try_at(3));
        assert!(!try_at(6));
        assert!(try_at(7));
    }

    #[test]
    fn strangers_do_not_lock_the_real_person_out() {
        let limits = Limits::default();
        for _ in 0..40 {
            let _ = limits.login(&address("198.51.100.7"), "jana", at(0));
        }
        assert!(limits.login(&address("192.0.2.1"), "jana", at(0)).is_ok());
    }

    #[test]
    fn the_right_password_does_not_count() {
        let limits = Limits::default();
        for _ in 0..200 {
            assert!(limits.login(&address("192.0.2.1"), "jana", at(0)).is_ok());
            limits.logged_in(&address("192.0.2.1"), "jana");
        }
    }

    #[test]
    fn one_network_cannot_try_many_names_without_end() {
        let limits = Limits::default();
        let tried = (0..200).filter(|n| limits.login(&address("192.0.2.1"), &format!("u{n}"), at(0)).is_ok()).count();
        assert_eq!(tried, 60);
        assert!(limits.login(&address("192.0.2.1"), "another", at(10)).is_ok());
    }

    #[test]
    fn a_network_of_ipv6_is_one_caller() {
        assert_eq!(address("2001:db8:1:2:3:4:5:6").network(), address("2001:db8:1:2::9").network());
        assert_ne!(address("2001:db8:1:2::9").network(), address("2001:db8:1:3::9").network());
    }

    #[test]
    fn a_flood_of_callers_is_forgotten_and_not_kept() {
        let buckets = Buckets::new(1.0, 0.001);
        for n in 0..CALLERS + 100 {
            buckets.take(&n.to_string(), at(n as i64));
        }
        assert!(buckets.held.lock().unwrap().len() <= CALLERS);
        assert!(buckets.take(&(CALLERS + 99).to_string(), at(CALLERS as i64 + 100)) > 0);
    }
}

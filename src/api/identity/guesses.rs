use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::access::ClientId;
use crate::model::Timestamp;
use crate::wire::hcp_platform::ProviderName;

/// Wrong credentials for one claim from one network that are let pass within a [`WINDOW_MS`].
const MOST: u32 = 10;

/// For how long they are counted.
const WINDOW_MS: i64 = 60 * 1000;

/// Guessers that are counted at once; those beyond wait for a window to end.
const GUESSERS: usize = 16 * 1024;

/// How long whoever guesses too often waits for the answer, and how many do so at once: those beyond have it at once.
const DELAY: Duration = Duration::from_secs(1);
const DELAYED: usize = 256;

/// Whom somebody claims to be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Claim {
    /// A client, who has a secret.
    Client(ClientId),
    /// The principal of a workload, which has an identity token.
    Workload(ProviderName),
}

/// Counts wrong secrets and tokens, and turns away those who go on guessing.
///
/// By what they claim, too: behind one address there may be a whole company, of which one job has an old secret. A
/// secret has 256 random bits, so no search finds it, however fast, and a token is signed: what is slowed down here is the
/// noise, and who has the right ones is never turned away.
pub(super) struct Guesses {
    windows: Mutex<HashMap<Guesser, Window>>,
    places: Semaphore,
}

impl Default for Guesses {
    fn default() -> Self {
        Self { windows: Mutex::default(), places: Semaphore::new(DELAYED) }
    }
}

/// A network, and whom it claims to be.
type Guesser = (IpAddr, Claim);

struct Window {
    began_at: Timestamp,
    wrong: u32,
}

impl Window {
    fn left(&self, now: Timestamp) -> i64 {
        let elapsed = now.0.saturating_sub(self.began_at.0);
        if (0..WINDOW_MS).contains(&elapsed) { WINDOW_MS - elapsed } else { 0 }
    }
}

impl Guesses {
    /// Notes a wrong secret or token. Who had too many wrong ones before is kept waiting, and told when to try again.
    pub(super) async fn slow_down(&self, guesser: (IpAddr, &Claim), now: Timestamp) -> Option<Duration> {
        let wait = self.wrong(guesser, now)?;
        if let Ok(_place) = self.places.try_acquire() {
            tokio::time::sleep(DELAY).await;
        }
        Some(wait)
    }

    /// Notes a wrong secret or token, or answers how long one has to wait at `address` before one may try again with this
    /// `claim`.
    fn wrong(&self, (address, claim): (IpAddr, &Claim), now: Timestamp) -> Option<Duration> {
        let guesser = (network(address), claim.clone());
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= GUESSERS {
            windows.retain(|_, window| window.left(now) > 0);
        }
        if windows.len() >= GUESSERS && !windows.contains_key(&guesser) {
            return None;
        }
        let window = windows.entry(guesser).or_insert(Window { began_at: now, wrong: 0 });
        let left = window.left(now);
        if left == 0 {
            *window = Window { began_at: now, wrong: 0 };
        } else if window.wrong >= MOST {
            return Some(Duration::from_millis(u64::try_from(left).unwrap_or_default()));
        }
        window.wrong += 1;
        None
    }
}

/// Who has one address of IPv6 has the 2⁶⁴ beside it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            std::net::Ipv6Addr::from([a, b, c, d, 0, 0, 0, 0]).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn client(number: u32) -> Claim {
        Claim::Client(ClientId::parse(format!("{number:032x}")).unwrap())
    }

    #[test]
    fn who_guesses_ten_times_a_minute_waits_for_the_minute_to_end() {
        let (guesses, here, me) = (Guesses::default(), address("192.0.2.1"), client(1));
        for attempt in 0..MOST {
            assert_eq!(guesses.wrong((here, &me), Timestamp(i64::from(attempt))), None, "{attempt}");
        }
        let forty_seconds = Some(Duration::from_secs(40));
        assert_eq!(guesses.wrong((here, &me), Timestamp(20_000)), forty_seconds);
        assert_eq!(guesses.wrong((address("::ffff:192.0.2.1"), &me), Timestamp(20_000)), forty_seconds);
        assert_eq!(guesses.wrong((here, &client(2)), Timestamp(20_000)), None, "other clients need not");
        assert_eq!(guesses.wrong((address("192.0.2.2"), &me), Timestamp(20_000)), None, "nor the client elsewhere");
        assert_eq!(guesses.wrong((here, &me), Timestamp(WINDOW_MS)), None, "a new window has begun");
    }

    #[test]
    fn a_network_of_ipv6_is_one_guesser() {
        let guesses = Guesses::default();
        for last in 0..MOST {
            guesses.wrong((address(&format!("2001:db8::{last}")), &client(1)), Timestamp(0));
        }
        assert!(guesses.wrong((address("2001:db8::ffff"), &client(1)), Timestamp(0)).is_some());
        assert!(guesses.wrong((address("2001:db8:0:1::1"), &client(1)), Timestamp(0)).is_none());
    }

    #[test]
    fn the_memory_for_guessers_is_bounded() {
        let (guesses, here) = (Guesses::default(), address("192.0.2.1"));
        for number in 0..u32::try_from(GUESSERS).unwrap() + 10 {
            guesses.wrong((here, &client(number)), Timestamp(0));
        }
        assert_eq!(guesses.windows.lock().unwrap().len(), GUESSERS);
        guesses.wrong((here, &client(u32::MAX)), Timestamp(WINDOW_MS));
        assert_eq!(guesses.windows.lock().unwrap().len(), 1);
    }
}

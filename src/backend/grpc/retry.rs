use std::time::Duration;

use super::patience::Patience;

/// The pauses between attempts: each up to twice as long as the one before, by chance, so that many who were cut off at
/// once do not come back at once.
pub(in crate::backend) struct Pauses {
    longest_now: Duration,
    longest: Duration,
}

impl Pauses {
    pub(in crate::backend) fn new(patience: &Patience) -> Self {
        Self { longest_now: patience.first_pause, longest: patience.longest_pause }
    }

    /// The next pause; `chance` is any number.
    pub(in crate::backend) fn next(&mut self, chance: u128) -> Duration {
        let most = self.longest_now.min(self.longest);
        self.longest_now = most.saturating_mul(2);
        let half = most / 2;
        let span = u64::try_from(half.as_micros()).unwrap_or(u64::MAX).max(1);
        let more = u64::try_from(chance % u128::from(span)).unwrap_or_default();
        half + Duration::from_micros(more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_the_longest_and_differ_by_chance() {
        let patience = Patience::default();
        for chance in [0, 1, u128::MAX] {
            let mut pauses = Pauses::new(&patience);
            let mut most = patience.first_pause;
            for _ in 0..10 {
                let pause = pauses.next(chance);
                assert!(pause >= most / 2 && pause <= most, "{pause:?} of {most:?}");
                most = (most * 2).min(patience.longest_pause);
            }
        }
        assert_ne!(Pauses::new(&patience).next(0), Pauses::new(&patience).next(99_999));
    }
}

//! A replica's even share of a quota, which it keeps to while it is alone.

use std::time::Duration;

use tokio::time::Instant;

/// GCRA as the script has it, with the interval of all replicas together.
#[derive(Debug)]
pub(crate) struct Share {
    interval: Duration,
    burst: Duration,
    /// What is used up: until a burst before then no turn is free.
    used: Instant,
}

impl Share {
    /// A share of a quota with a turn in each `interval`, and so many at once. Nothing of it is left at `now`.
    pub(crate) fn new(interval: Duration, turns: u32, replicas: u32, now: Instant) -> Self {
        let interval = interval.saturating_mul(replicas);
        let burst = interval.saturating_mul((turns / replicas).max(1) - 1);
        Self { interval, burst, used: later(now, burst) }
    }

    /// Leaves nothing of it until `turn`, the last one that was taken elsewhere.
    pub(crate) fn begin(&mut self, turn: Instant) {
        self.used = self.used.max(later(later(turn, self.burst), self.interval));
    }

    /// The next turn, which is not before `earliest`, taken if it comes within `patience` of `now`.
    pub(crate) fn take(&mut self, now: Instant, earliest: Instant, patience: Duration) -> Turn {
        let turn = self.next(now).max(earliest);
        let wait = turn.duration_since(now);
        if wait > patience {
            return Err(wait);
        }
        self.used = later(self.used.max(turn), self.interval);
        Ok(wait)
    }

    /// How many turns were taken that are still to come.
    pub(crate) fn pending(&self, now: Instant) -> u32 {
        let left = self.next(now).duration_since(now).as_nanos();
        left.div_ceil(self.interval.as_nanos().max(1)).try_into().unwrap_or(u32::MAX)
    }

    fn next(&self, now: Instant) -> Instant {
        self.used.checked_sub(self.burst).map_or(now, |next| next.max(now))
    }
}

/// How long it is until a turn: one that was taken, or one that comes too late.
pub(crate) type Turn = Result<Duration, Duration>;

/// Much later where the sum can't be held.
pub(crate) fn later(instant: Instant, duration: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
    instant + duration.min(CENTURY)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_share_begins_empty_and_fills_up() {
        let now = Instant::now();
        let mut share = Share::new(SECOND, 8, 4, now);
        let take = |share: &mut Share, now| share.take(now, now, SECOND * 60);
        assert_eq!(
            [0, 4, 8].map(|wait| SECOND * wait),
            [(); 3].map(|()| take(&mut share, now).unwrap())
        );
        assert_eq!(share.pending(now), 3);
        // After a long pause there are two at once.
        let later = now + SECOND * 100;
        assert_eq!(share.pending(later), 0);
        assert_eq!(
            [0, 0, 4].map(|wait| SECOND * wait),
            [(); 3].map(|()| take(&mut share, later).unwrap())
        );
    }

    #[test]
    fn a_turn_that_comes_too_late_is_not_taken() {
        let now = Instant::now();
        let mut share = Share::new(SECOND, 1, 2, now);
        share.begin(now + SECOND);
        for _ in 0..2 {
            assert_eq!(share.take(now, now, SECOND), Err(SECOND * 3));
        }
        assert_eq!(share.take(now, now + SECOND * 5, SECOND * 9), Ok(SECOND * 5));
        assert_eq!(share.take(now, now, SECOND * 9), Ok(SECOND * 7));
    }
}

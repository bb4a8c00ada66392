//! Turns of a quota that a replica has drawn before it needs them.

use std::time::Duration;

use tokio::time::Instant;

/// How long a turn that was drawn ahead may be used.
const LONGEST_LIFE: Duration = Duration::from_millis(100);

/// The turns that are there, and how many the replica needs.
#[derive(Debug)]
pub(crate) struct Ahead {
    pub(crate) life: Duration,
    turns: u32,
    /// When those that are there end.
    end: Instant,
    /// How many turns were needed since `since`.
    needed: u32,
    since: Instant,
}

impl Ahead {
    /// None are there at `now`. Their life takes at most half of the quota's burst, which pays for it.
    pub(crate) fn new(burst: Duration, now: Instant) -> Self {
        let life = LONGEST_LIFE.min(burst / 2);
        Self { life, turns: 0, end: now, needed: 0, since: now }
    }

    /// Counts that a turn is needed, and takes one if it is there.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        self.needed = self.needed.saturating_add(1);
        let is_there = self.turns > 0 && now < self.end;
        self.turns -= u32::from(is_there);
        is_there
    }

    /// How many to draw at `now`: what half of their life needs at the pace since the last draw, so that hardly any
    /// ends unused; and at most twice what was needed, since a pace may be seen for a moment only.
    pub(crate) fn wanted(&mut self, now: Instant) -> u32 {
        let needed = std::mem::take(&mut self.needed);
        let took = now - std::mem::replace(&mut self.since, now);
        let paced = u128::from(needed) * (self.life / 2).as_nanos() / took.as_nanos().max(1);
        needed.saturating_mul(2).min(paced.try_into().unwrap_or(u32::MAX))
    }

    /// Adds what was drawn at `asked` or later.
    pub(crate) fn put(&mut self, turns: u32, asked: Instant, now: Instant) {
        let end = asked + self.life;
        if self.turns == 0 || now >= self.end {
            (self.turns, self.end) = (turns, end);
        } else if turns > 0 {
            (self.turns, self.end) = (self.turns.saturating_add(turns), self.end.min(end));
        }
    }

    /// Gives up all that are there.
    pub(crate) fn clear(&mut self) {
        self.turns = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: Duration = Duration::from_millis(1);

    #[test]
    fn as_many_are_wanted_as_were_needed_lately() {
        let start = Instant::now();
        let mut ahead = Ahead::new(Duration::from_secs(1), start);
        let mut wanted = |needed: u32, at: u32| {
            let now = start + MILLISECOND * at;
            for _ in 0..needed {
                assert!(!ahead.take(now));
            }
            ahead.wanted(now)
        };
        // The first after a pause; one right after it; an even pace of one in a millisecond, and of one in a second.
        let all = [(1, 1000), (1, 1000), (1, 1001), (100, 1101), (200, 1301), (1, 2301)];
        assert_eq!(all.map(|(needed, at)| wanted(needed, at)), [0, 2, 2, 50, 50, 0]);
    }

    #[test]
    fn turns_are_there_until_they_end() {
        let start = Instant::now();
        let mut ahead = Ahead::new(Duration::from_secs(1), start);
        ahead.put(2, start, start);
        ahead.put(9, start + MILLISECOND * 50, start + MILLISECOND * 50);
        assert!(ahead.take(start + MILLISECOND * 99));
        assert!(!ahead.take(start + MILLISECOND * 100));
        ahead.put(1, start + MILLISECOND * 101, start + MILLISECOND * 101);
        let last = start + MILLISECOND * 200;
        assert_eq!([ahead.take(last), ahead.take(last)], [true, false]);
        ahead.put(1, last, last);
        ahead.clear();
        assert!(!ahead.take(last));
    }
}

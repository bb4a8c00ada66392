//! Whether replicas asked a token endpoint once for each token that ended.

use std::fmt::Write as _;
use std::ops::Range;
use std::time::{Duration, Instant};

/// A machine that does other things may see a request so much later than the one after it.
const JITTER: Duration = Duration::from_millis(250);

/// By then a replica asks Redis again that could not, and what it had begun without it has arrived.
pub(super) const KNOWN: Duration = Duration::from_millis(500);

/// The requests to a token endpoint.
pub(super) struct Grants {
    name: &'static str,
    /// How the paths of its endpoint end.
    path: &'static str,
    /// How long a token is used at least that isn't revoked.
    use_of_each: Duration,
    /// How many replicas go on alone while Redis is away.
    going_on: u64,
    /// When tokens were granted.
    times: Vec<Instant>,
    pub(super) refused: u64,
}

impl Grants {
    pub(super) fn new(name: &'static str, path: &'static str, life: Duration) -> Self {
        // A token is replaced when four fifths of its life are over, or later.
        let use_of_each = life * 4 / 5;
        Self { name, path, use_of_each, going_on: 0, times: Vec::new(), refused: 0 }
    }

    /// Replicas that go on while Redis is away get a token each, and share again with a new one.
    pub(super) fn going_on(self, replicas: u32) -> Self {
        Self { going_on: replicas.into(), ..self }
    }

    pub(super) fn enter(&mut self, path: &str, time: Instant, is_granted: bool) {
        if !path.ends_with(self.path) {
            return;
        }
        if is_granted {
            self.times.push(time);
        } else {
            self.refused += 1;
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.times.len() as u64
    }

    /// How many more than may came before the end of the token before them, or while Redis was away, and what
    /// there was.
    pub(super) fn excess(&mut self, may_be_early: u64, away: &[Range<Instant>]) -> (u64, String) {
        self.times.sort();
        // Who doesn't go on gets no token more for it.
        let away = if self.going_on > 0 { away } else { &[] };
        let is_in = |away: &Range<Instant>, time| (away.start..away.end + KNOWN).contains(time);
        let gaps = self.times.windows(2).filter(|pair| !away.iter().any(|it| is_in(it, &pair[1])));
        let gaps = gaps.map(|pair| pair[1].duration_since(pair[0]));
        let early = gaps.filter(|gap| *gap + JITTER < self.use_of_each).count() as u64;
        let (name, all) = (self.name, self.times.len());
        let mut remark = format!("{name}: {all}, {early} before an expiry <= {may_be_early}");
        let mut excess = early.saturating_sub(may_be_early);
        for it in away {
            let alone = self.times.iter().filter(|time| is_in(it, time)).count() as u64;
            // On a slow machine Redis takes its time to come back, and the tokens end meanwhile.
            let ended = (it.end - it.start).as_millis() / self.use_of_each.as_millis();
            let ended = u64::try_from(ended).unwrap_or(u64::MAX);
            let most = self.going_on * (1 + ended) + 1;
            let _ = write!(remark, ", {alone} without Redis <= {most}");
            excess += alone.saturating_sub(most);
        }
        (excess, remark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_is_replaced_before_its_end_needs_a_reason() {
        let start = Instant::now();
        let mut grants = Grants::new("IMS", "/token", Duration::from_secs(5));
        for (path, second, is_granted) in [
            ("/ims/token", 0, true),
            ("/ims/token", 4, true),
            ("/ims/token", 5, true),
            ("/ims/token", 6, true),
            ("/ims/token", 7, false),
            ("/elsewhere", 8, true),
        ] {
            grants.enter(path, start + Duration::from_secs(second), is_granted);
        }
        assert_eq!((grants.count(), grants.refused), (4, 1));
        assert_eq!([0, 1, 2, 3].map(|reasons| grants.excess(reasons, &[]).0), [2, 1, 0, 0]);
    }

    #[test]
    fn each_replica_gets_a_token_of_its_own_while_redis_is_away_if_it_goes_on() {
        let start = Instant::now();
        let at = |second| start + Duration::from_secs(second);
        for (replicas, excess) in [(0, 2), (1, 1), (2, 0)] {
            let mut grants =
                Grants::new("IMS", "/token", Duration::from_secs(5)).going_on(replicas);
            for second in [0, 11, 12, 13, 21] {
                grants.enter("/ims/token", at(second), true);
            }
            assert_eq!(grants.excess(0, &[at(10)..at(13)]).0, excess, "{replicas}");
            assert_eq!(grants.excess(0, &[]).0, 2);
        }
    }
}

//! Whether replicas asked a token endpoint once for each token that ended.

use std::time::{Duration, Instant};

/// A machine that does other things may see a request so much later than the one after it.
const JITTER: Duration = Duration::from_millis(250);

/// The requests to a token endpoint.
pub(super) struct Grants {
    name: &'static str,
    /// How the paths of its endpoint end.
    path: &'static str,
    /// How long a token is used at least that isn't revoked.
    use_of_each: Duration,
    /// When tokens were granted.
    times: Vec<Instant>,
    pub(super) refused: u64,
}

impl Grants {
    pub(super) fn new(name: &'static str, path: &'static str, life: Duration) -> Self {
        // A token is replaced when four fifths of its life are over, or later.
        let use_of_each = life * 4 / 5;
        Self { name, path, use_of_each, times: Vec::new(), refused: 0 }
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

    /// How many more came before the end of the token before it than may, and what there was.
    pub(super) fn excess(&mut self, may_be_early: u64) -> (u64, String) {
        self.times.sort();
        let gaps = self.times.windows(2).map(|pair| pair[1].duration_since(pair[0]));
        let early = gaps.filter(|gap| *gap + JITTER < self.use_of_each).count() as u64;
        let all = self.times.len();
        let remark = format!("{}: {all}, {early} before an expiry <= {may_be_early}", self.name);
        (early.saturating_sub(may_be_early), remark)
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
        assert_eq!([0, 1, 2, 3].map(|reasons| grants.excess(reasons).0), [2, 1, 0, 0]);
    }
}

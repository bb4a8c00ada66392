//! Whether what came to a vendor kept within its quota.

use std::time::{Duration, Instant};

use letterhead::RateLimit;
use letterhead_sandbox::Vendor;

use crate::promise::{Promise, Row};

/// When requests came to a vendor that has a quota.
pub(super) struct Arrivals {
    pub(super) vendor: Vendor,
    limit: RateLimit,
    /// How many may be on their way at once: each may come later than its turn was.
    on_their_way: u32,
    times: Vec<Instant>,
}

impl Arrivals {
    pub(super) fn new(vendor: Vendor, limit: RateLimit, on_their_way: u32) -> Self {
        Self { vendor, limit, on_their_way, times: Vec::new() }
    }

    pub(super) fn enter(&mut self, time: Instant) {
        self.times.push(time);
    }

    /// What there was in all stretches of time, however short or long: in each of them the even requests may
    /// come, a burst, and those that were on their way.
    pub(super) fn row(&mut self) -> Row {
        self.times.sort();
        let most = self.limit.burst_size().get() + self.on_their_way;
        let ahead = self.ahead();
        let in_a_while = self.most_within(self.limit.per());
        Row {
            promise: Promise::Quota,
            checked: Some(self.times.len() as u64),
            broken: ahead.iter().filter(|ahead| **ahead > f64::from(most)).count() as u64,
            remark: format!(
                "{:?}: at most {:.1} ahead of {} a second <= {most}; {in_a_while} in a second",
                self.vendor,
                ahead.iter().copied().fold(0.0, f64::max),
                self.limit.requests(),
            ),
        }
    }

    /// For each request how far it and those before it are ahead of an even rate, in requests.
    fn ahead(&self) -> Vec<f64> {
        let interval = self.limit.per() / self.limit.requests().get();
        let mut used: Option<Instant> = None;
        let times = self.times.iter();
        times
            .map(|time| {
                let next = used.map_or(*time, |used| used.max(*time)) + interval;
                used = Some(next);
                next.duration_since(*time).as_secs_f64() / interval.as_secs_f64()
            })
            .collect()
    }

    fn most_within(&self, stretch: Duration) -> usize {
        let counts = self.times.iter().enumerate().map(|(first, start)| {
            self.times[first..].partition_point(|time| *time < *start + stretch)
        });
        counts.max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    fn broken(on_their_way: u32, milliseconds: &[u64]) -> u64 {
        let limit = RateLimit::new(NonZeroU32::new(10).unwrap(), Duration::from_secs(1));
        let limit = limit.burst(NonZeroU32::new(2).unwrap());
        let mut arrivals = Arrivals::new(Vendor::Cloudflare, limit, on_their_way);
        let start = Instant::now();
        for time in milliseconds {
            arrivals.enter(start + Duration::from_millis(*time));
        }
        arrivals.row().broken
    }

    #[test]
    fn a_burst_and_an_even_rate_are_within_a_quota_and_more_is_not() {
        assert_eq!(broken(0, &[0, 0, 100, 200, 300, 400]), 0);
        assert_eq!(broken(0, &[0, 0, 100, 150, 300, 400]), 1);
        assert_eq!(broken(1, &[0, 0, 100, 150, 300, 400]), 0);
        let twice: Vec<_> = (0..40).map(|number| number * 50).collect();
        assert!(broken(10, &twice) > 10);
    }
}

//! Holds calls back before they are sent, so that the vendor needn't refuse them.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use http::{HeaderMap, HeaderName};
use sfv::{BareItem, List, ListEntry, Parser};
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};

use crate::Clock;

/// The header that tells what is left of a quota.
///
/// Source: <https://developers.cloudflare.com/fundamentals/api/reference/limits/>.
static RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The longest that a client shuts itself off because of a header, whatever the header says.
const LONGEST_CLOSURE: Duration = Duration::from_secs(600);

/// The longest time that a limit may spread its exchanges over: what the limiter can count.
const LONGEST_SPREAD: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// How many exchanges a client may start in a time. Off unless its builder is given one.
///
/// Calls wait their turn, first come, first served. Vendors count per credential: calls that share a
/// credential belong to one client, which is cheap to clone.
///
/// ```
/// use std::num::NonZeroU32;
/// use std::time::Duration;
/// use letterhead::RateLimit;
///
/// let ten_a_second = RateLimit::new(NonZeroU32::new(10).unwrap(), Duration::from_secs(1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RateLimit {
    exchanges: NonZeroU32,
    per: Duration,
    burst: NonZeroU32,
}

impl RateLimit {
    /// Evenly, `exchanges` in each `per`, and as many at once after a pause.
    pub const fn new(exchanges: NonZeroU32, per: Duration) -> Self {
        Self {
            exchanges,
            per,
            burst: exchanges,
        }
    }

    /// How many may start at once after a pause. In any stretch of `per`, up to this many may come on
    /// top of the even ones.
    pub const fn burst(mut self, exchanges: NonZeroU32) -> Self {
        self.burst = exchanges;
        self
    }
}

/// The gate that every exchange of a client goes through.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    rate: Option<Rate>,
    slots: Option<Semaphore>,
}

#[derive(Debug)]
struct Rate {
    limiter: RateLimiter<NotKeyed, InMemoryState, Time, NoOpMiddleware<Instant>>,
    /// tokio's mutex is fair: whoever waits for it gets it in the order of asking.
    turn: Mutex<()>,
    closed_until: StdMutex<Option<Instant>>,
}

/// Why an exchange may not start: it would have to wait for this long.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Closed(pub(crate) Duration);

impl Gate {
    pub(crate) fn new(
        limit: Option<RateLimit>,
        exchanges: Option<usize>,
        clock: &Arc<dyn Clock>,
    ) -> Self {
        Self {
            rate: limit.map(|limit| Rate::new(limit, clock)),
            slots: exchanges
                .map(|exchanges| Semaphore::new(exchanges.clamp(1, Semaphore::MAX_PERMITS))),
        }
    }

    /// Waits for a turn; the exchange is over when the permit is dropped.
    ///
    /// # Errors
    /// The vendor has shut this client out for longer than `longest`.
    pub(crate) async fn enter(
        &self,
        clock: &dyn Clock,
        longest: Duration,
    ) -> Result<Option<SemaphorePermit<'_>>, Closed> {
        let permit = match &self.slots {
            Some(slots) => slots.acquire().await.ok(),
            None => None,
        };
        if let Some(rate) = &self.rate {
            rate.enter(clock, longest).await?;
        }
        Ok(permit)
    }

    /// Heeds what an answer says about the quota.
    pub(crate) fn observe(&self, headers: &HeaderMap, throttled: Option<Duration>, now: Instant) {
        let Some(rate) = &self.rate else { return };
        let spent = headers
            .get(&RATELIMIT)
            .and_then(|value| spent_for(value.as_bytes()));
        if let Some(wait) = throttled.max(spent) {
            rate.close(now + wait.min(LONGEST_CLOSURE));
        }
    }
}

impl Rate {
    fn new(limit: RateLimit, clock: &Arc<dyn Clock>) -> Self {
        let each = limit.per / limit.exchanges.get();
        let each = each.clamp(Duration::from_nanos(1), LONGEST_SPREAD / limit.burst.get());
        let quota = Quota::with_period(each)
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MAX))
            .allow_burst(limit.burst);
        Self {
            limiter: RateLimiter::direct_with_clock(quota, Time(Arc::clone(clock))),
            turn: Mutex::new(()),
            closed_until: StdMutex::new(None),
        }
    }

    async fn enter(&self, clock: &dyn Clock, longest: Duration) -> Result<(), Closed> {
        // Not behind someone who has more patience.
        if let Some(wait) = self.closed_for(clock.now()).filter(|wait| *wait > longest) {
            return Err(Closed(wait));
        }
        let _turn = self.turn.lock().await;
        loop {
            let now = clock.now();
            let wait = match self.closed_for(now) {
                Some(wait) if wait > longest => return Err(Closed(wait)),
                Some(wait) => wait,
                None => match self.limiter.check() {
                    Ok(()) => return Ok(()),
                    Err(not_until) => not_until.wait_time_from(now),
                },
            };
            clock.sleep(wait).await;
        }
    }

    fn closed_for(&self, now: Instant) -> Option<Duration> {
        let until = *self
            .closed_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        until?
            .checked_duration_since(now)
            .filter(|wait| !wait.is_zero())
    }

    fn close(&self, until: Instant) {
        let mut closed = self
            .closed_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *closed = (*closed).max(Some(until));
    }
}

/// The client's time, as the limiter reads it.
#[derive(Clone, Debug)]
struct Time(Arc<dyn Clock>);

impl GovernorClock for Time {
    type Instant = Instant;

    fn now(&self) -> Instant {
        self.0.now()
    }
}

/// How long a quota stays spent, from `"default";r=0;t=30`; none where something is left.
fn spent_for(header: &[u8]) -> Option<Duration> {
    let list: List = Parser::new(header).parse().ok()?;
    let waits = list.iter().filter_map(|entry| {
        let ListEntry::Item(item) = entry else {
            return None;
        };
        let number = |key: &str| match item.params.get(key)? {
            BareItem::Integer(number) => Some(i64::from(*number)),
            _ => None,
        };
        let seconds = u64::try_from(number("t")?).ok()?;
        (number("r")? <= 0).then(|| Duration::from_secs(seconds))
    });
    waits.max()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_quota_is_spent_when_nothing_remains() {
        for (header, seconds) in [
            (r#""default";r=50;t=30"#, None),
            (r#""default";r=0;t=30"#, Some(30)),
            (r#""default";r=0;t=30, "burst";r=0;t=120;x="y""#, Some(120)),
            (r#""burst";r=1;t=9, "default";r=0;t=2"#, Some(2)),
            (r#""default";r=0"#, None),
            (r#""default";r=0;t=-5"#, None),
            ("default;r=0;t=7", Some(7)),
            ("r=0, t=3", None),
            ("", None),
        ] {
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(spent_for(header.as_bytes()), expected, "{header}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_left(header in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = spent_for(&header);
        }
    }
}

//! Delays requests before they are sent, so that the vendor needn't refuse them.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use http::{HeaderMap, HeaderName, HeaderValue};
use sfv::{BareItem, Item, List, ListEntry, Parser};
use tokio::sync::{Mutex, Notify, Semaphore, SemaphorePermit};

use crate::Clock;

/// The header with what is left of a quota.
///
/// Source: <https://developers.cloudflare.com/fundamentals/api/reference/limits/>.
static RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// The header with the quotas.
static RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The longest that a client shuts itself off because of a header, whatever the header says.
const LONGEST_CLOSURE: Duration = Duration::from_secs(600);

/// The longest time that a limit may spread its requests over: what the limiter can count.
const LONGEST_SPREAD: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// How many requests a client may start in a time. Off unless its builder is given one.
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
#[doc(alias = "throttle")]
#[doc(alias = "quota")]
pub struct RateLimit {
    requests: NonZeroU32,
    per: Duration,
    burst: NonZeroU32,
}

impl RateLimit {
    /// Evenly, `requests` in each `per`, and as many at once after a pause.
    pub const fn new(requests: NonZeroU32, per: Duration) -> Self {
        Self { requests, per, burst: requests }
    }

    /// How many may start at once after a pause. In any stretch of `per`, up to this many may come on
    /// top of the even ones.
    pub const fn burst(mut self, requests: NonZeroU32) -> Self {
        self.burst = requests;
        self
    }
}

/// The gate that every request of a client goes through.
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
    closed: StdMutex<Until>,
    reopened: Notify,
}

/// Until when nothing is sent.
#[derive(Debug, Default)]
struct Until {
    /// The vendor refused a request. What was under way then and succeeds says nothing against it.
    throttled: Option<Instant>,
    /// The newest response said that nothing is left of a quota.
    spent: Option<Instant>,
}

/// Why a request may not start: it would have to wait for this long.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Closed(pub(crate) Duration);

impl Gate {
    pub(crate) fn new(
        limit: Option<RateLimit>,
        requests: Option<usize>,
        clock: &Arc<dyn Clock>,
    ) -> Self {
        Self {
            rate: limit.map(|limit| Rate::new(limit, clock)),
            slots: requests
                .map(|requests| Semaphore::new(requests.clamp(1, Semaphore::MAX_PERMITS))),
        }
    }

    /// Whether there is anything to wait for.
    pub(crate) fn is_limited(&self) -> bool {
        self.rate.is_some() || self.slots.is_some()
    }

    /// Waits for a turn; the request is over when the permit is dropped.
    ///
    /// # Errors
    /// The vendor throttles this client for longer than `longest`.
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

    /// Heeds what a response says about the quota, whose window is `window` where the response doesn't say.
    pub(crate) fn observe(
        &self,
        headers: &HeaderMap,
        throttled: Option<Duration>,
        window: Option<Duration>,
        now: Instant,
    ) {
        let Some(rate) = &self.rate else { return };
        let mut closed = rate.closed();
        if let Some(wait) = throttled {
            let wait = wait.min(window.unwrap_or(LONGEST_CLOSURE));
            closed.throttled = closed.throttled.max(Some(now + wait.min(LONGEST_CLOSURE)));
        }
        let spent = headers.get(&RATELIMIT).and_then(|value| {
            let policy = headers.get(&RATELIMIT_POLICY).map(HeaderValue::as_bytes);
            spent_for(value.as_bytes(), policy.unwrap_or_default(), window)
        });
        if let Some(wait) = spent {
            closed.spent = Some(now + wait.min(LONGEST_CLOSURE));
            rate.reopened.notify_waiters();
        }
    }
}

impl Rate {
    fn new(limit: RateLimit, clock: &Arc<dyn Clock>) -> Self {
        let each = limit.per / limit.requests.get();
        let each = each.clamp(Duration::from_nanos(1), LONGEST_SPREAD / limit.burst.get());
        let quota = Quota::with_period(each)
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MAX))
            .allow_burst(limit.burst);
        Self {
            limiter: RateLimiter::direct_with_clock(quota, Time(Arc::clone(clock))),
            turn: Mutex::new(()),
            closed: StdMutex::default(),
            reopened: Notify::new(),
        }
    }

    async fn enter(&self, clock: &dyn Clock, longest: Duration) -> Result<(), Closed> {
        // Not behind someone who has more patience.
        if let Some(wait) = self.closed_for(clock.now()).filter(|wait| *wait > longest) {
            return Err(Closed(wait));
        }
        let _turn = self.turn.lock().await;
        loop {
            let reopened = self.reopened.notified();
            let now = clock.now();
            let wait = match self.closed_for(now) {
                Some(wait) if wait > longest => return Err(Closed(wait)),
                Some(wait) => wait,
                None => match self.limiter.check() {
                    Ok(()) => return Ok(()),
                    Err(not_until) => not_until.wait_time_from(now),
                },
            };
            tokio::select! {
                () = clock.sleep(wait) => {}
                () = reopened => {}
            }
        }
    }

    fn closed_for(&self, now: Instant) -> Option<Duration> {
        let closed = self.closed();
        let until = closed.throttled.max(closed.spent)?;
        until.checked_duration_since(now).filter(|wait| !wait.is_zero())
    }

    fn closed(&self) -> MutexGuard<'_, Until> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner)
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

/// How long a quota stays spent, from `"default";r=0;t=30`; zero where something is left of each, none
/// where the header doesn't say. No quota stays spent for longer than its window, which `policy` has as
/// in `"default";q=1200;w=300`.
fn spent_for(header: &[u8], policy: &[u8], window: Option<Duration>) -> Option<Duration> {
    let policies = items(policy);
    let window = |name: &BareItem| {
        let policy = policies.iter().find(|policy| policy.bare_item == *name);
        let published = policy.and_then(|policy| Some(seconds(number(policy, "w")?)));
        published.or(window).unwrap_or(LONGEST_CLOSURE)
    };
    let mut longest = None;
    for item in items(header) {
        let (Some(left), reset) = (number(&item, "r"), number(&item, "t")) else {
            continue;
        };
        let spent = match reset {
            _ if left > 0 => Duration::ZERO,
            Some(reset) if reset >= 0 => seconds(reset).min(window(&item.bare_item)),
            _ => continue,
        };
        longest = longest.max(Some(spent));
    }
    longest
}

/// The items of a structured field that is a list.
fn items(header: &[u8]) -> Vec<Item> {
    let list: List = Parser::new(header).parse().unwrap_or_default();
    let items = list.into_iter().filter_map(|entry| match entry {
        ListEntry::Item(item) => Some(item),
        ListEntry::InnerList(_) => None,
    });
    items.collect()
}

fn number(item: &Item, key: &str) -> Option<i64> {
    match item.params.get(key)? {
        BareItem::Integer(number) => Some(i64::from(*number)),
        _ => None,
    }
}

fn seconds(number: i64) -> Duration {
    Duration::from_secs(number.try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_quota_is_spent_when_nothing_remains() {
        for (header, expected) in [
            (r#""default";r=50;t=30"#, Some(0)),
            (r#""default";r=50"#, Some(0)),
            (r#""default";r=0;t=30"#, Some(30)),
            (r#""default";r=0;t=30, "burst";r=0;t=120;x="y""#, Some(120)),
            (r#""burst";r=1;t=9, "default";r=0;t=2"#, Some(2)),
            (r#""default";r=0"#, None),
            (r#""default";r=0;t=-5"#, None),
            ("default;r=0;t=7", Some(7)),
            ("r=0, t=3", None),
            ("", None),
        ] {
            let expected = expected.map(Duration::from_secs);
            assert_eq!(spent_for(header.as_bytes(), b"", None), expected, "{header}");
        }
    }

    #[test]
    fn a_quota_is_not_spent_for_longer_than_its_window() {
        let absurd = br#""default";r=0;t=999999999"#;
        for (policy, window, expected) in [
            (r#""default";q=1200;w=300"#, None, 300),
            (r#""burst";q=9;w=5, "default";q=1200;w=60"#, Some(300), 60),
            (r#""burst";q=9;w=5"#, Some(300), 300),
            ("", Some(300), 300),
            ("", None, 600),
        ] {
            let spent = spent_for(absurd, policy.as_bytes(), window.map(Duration::from_secs));
            assert_eq!(spent, Some(Duration::from_secs(expected)), "{policy}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_left(header in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = spent_for(&header, &header, None);
        }
    }
}

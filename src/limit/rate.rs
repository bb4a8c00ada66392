use std::num::NonZeroU32;
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter as Governor};
use tokio::sync::{Mutex, Notify};

use super::{Limiter, LimiterError, Patience, QuotaStatus};
use crate::clock::TokioClock;
use crate::{BoxFuture, Clock};

/// The longest time that a limit may spread its requests over: what the limiter can count.
const LONGEST_SPREAD: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// How many requests may start in a time. Off unless a client's builder is given one.
///
/// Calls wait their turn, first come, first served. Vendors count per credential: clients that have one
/// credential share a [`RateLimiter`].
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

    /// How many requests may start evenly in each [`per`](Self::per).
    #[must_use]
    pub const fn requests(&self) -> NonZeroU32 {
        self.requests
    }

    /// The time that [`requests`](Self::requests) are spread over.
    #[must_use]
    pub const fn per(&self) -> Duration {
        self.per
    }

    /// How many may start at once after a pause.
    #[must_use]
    pub const fn burst_size(&self) -> NonZeroU32 {
        self.burst
    }
}

/// A [`RateLimit`] that several clients keep together; clones are one limiter.
///
/// Calls wait their turn, first come, first served, whichever client they come from. When a vendor
/// throttles one of the clients, or says to one that its quota is spent, none of them sends.
///
/// ```
/// # #[cfg(feature = "cloudflare")] {
/// use letterhead::RateLimiter;
/// use letterhead::cloudflare::{Client, Credential, QUOTA};
///
/// # fn run(credential: Credential) -> Result<(), letterhead::Error> {
/// let limiter = RateLimiter::new(QUOTA);
/// let client = || Client::builder().credential(credential.clone()).limiter(limiter.clone());
/// let for_requests = client().build()?;
/// let for_a_nightly_job = client().concurrency_limit(2).build()?;
/// # Ok(()) }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RateLimiter(Arc<Rate>);

#[derive(Debug)]
struct Rate {
    governor: Governor<NotKeyed, InMemoryState, Time, NoOpMiddleware<Instant>>,
    clock: Arc<dyn Clock>,
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

impl RateLimiter {
    /// Keeps `limit` by tokio's time.
    #[must_use]
    pub fn new(limit: RateLimit) -> Self {
        Self::by(limit, Arc::new(TokioClock))
    }

    /// Keeps `limit` by `clock`, which should be that of the clients.
    #[must_use]
    pub fn with_clock(limit: RateLimit, clock: impl Clock) -> Self {
        Self::by(limit, Arc::new(clock))
    }

    pub(crate) fn by(limit: RateLimit, clock: Arc<dyn Clock>) -> Self {
        let each = limit.per / limit.requests.get();
        let each = each.clamp(Duration::from_nanos(1), LONGEST_SPREAD / limit.burst.get());
        let quota = Quota::with_period(each)
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MAX))
            .allow_burst(limit.burst);
        Self(Arc::new(Rate {
            governor: Governor::direct_with_clock(quota, Time(Arc::clone(&clock))),
            clock,
            turn: Mutex::new(()),
            closed: StdMutex::default(),
            reopened: Notify::new(),
        }))
    }
}

impl Limiter for RateLimiter {
    fn acquire(&self, patience: Patience) -> BoxFuture<'_, Result<(), LimiterError>> {
        Box::pin(self.0.acquire(patience.longest_wait))
    }

    fn observe(&self, status: QuotaStatus) {
        let rate = &*self.0;
        let now = rate.clock.now();
        let mut closed = rate.closed();
        if let Some(wait) = status.throttled {
            closed.throttled = closed.throttled.max(Some(now + wait));
        }
        if let Some(wait) = status.spent {
            closed.spent = Some(now + wait);
            rate.reopened.notify_waiters();
        }
    }
}

impl Rate {
    async fn acquire(&self, longest: Duration) -> Result<(), LimiterError> {
        // Not behind someone who has more patience.
        if let Some(wait) = self.closed_for(self.clock.now()).filter(|wait| *wait > longest) {
            return Err(LimiterError::Throttled(wait));
        }
        let _turn = self.turn.lock().await;
        loop {
            let reopened = self.reopened.notified();
            let now = self.clock.now();
            let wait = match self.closed_for(now) {
                Some(wait) if wait > longest => return Err(LimiterError::Throttled(wait)),
                Some(wait) => wait,
                None => match self.governor.check() {
                    Ok(()) => return Ok(()),
                    Err(not_until) => not_until.wait_time_from(now),
                },
            };
            tokio::select! {
                () = self.clock.sleep(wait) => {}
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

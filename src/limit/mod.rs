//! Delays requests before they are sent, so that the vendor needn't refuse them.

mod limiter;
mod quota;
mod rate;

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use tokio::sync::{Semaphore, SemaphorePermit};

pub use limiter::{Limiter, LimiterError, Patience};
pub use quota::QuotaStatus;
pub use rate::{RateLimit, RateLimiter};

/// How many requests may be under way at once. Clones are one limit, which several clients keep together.
///
/// Further calls wait, first come, first served, whichever client they come from.
#[derive(Clone, Debug)]
pub struct ConcurrencyLimit(Arc<Semaphore>);

impl ConcurrencyLimit {
    /// At most `requests` at once; none would be a client that sends nothing, so zero counts as one.
    #[must_use]
    pub fn new(requests: usize) -> Self {
        Self(Arc::new(Semaphore::new(requests.clamp(1, Semaphore::MAX_PERMITS))))
    }
}

impl From<usize> for ConcurrencyLimit {
    fn from(requests: usize) -> Self {
        Self::new(requests)
    }
}

/// The gate that every request of a client goes through.
#[derive(Debug)]
pub(crate) struct Gate {
    limiter: Option<Arc<dyn Limiter>>,
    slots: Option<ConcurrencyLimit>,
}

impl Gate {
    pub(crate) fn new(limiter: Option<Arc<dyn Limiter>>, slots: Option<ConcurrencyLimit>) -> Self {
        Self { limiter, slots }
    }

    /// Whether there is anything to wait for.
    pub(crate) fn is_limited(&self) -> bool {
        self.limiter.is_some() || self.slots.is_some()
    }

    /// Waits for a turn; the request is over when the permit is dropped. `patience` is asked once there is a slot:
    /// waiting for that takes some of it.
    ///
    /// # Errors
    /// The limiter grants none.
    pub(crate) async fn enter(
        &self,
        patience: impl FnOnce() -> Patience,
    ) -> Result<Option<SemaphorePermit<'_>>, LimiterError> {
        let permit = match &self.slots {
            Some(ConcurrencyLimit(slots)) => slots.acquire().await.ok(),
            None => None,
        };
        if let Some(limiter) = &self.limiter {
            limiter.acquire(patience()).await?;
        }
        Ok(permit)
    }

    /// Heeds what a response says about the quota, whose window is `window` where the response doesn't say.
    pub(crate) fn observe(
        &self,
        headers: &HeaderMap,
        throttled: Option<Duration>,
        window: Option<Duration>,
    ) {
        let Some(limiter) = &self.limiter else { return };
        let status = QuotaStatus::read(headers, throttled, window);
        if status != QuotaStatus::default() {
            limiter.observe(status);
        }
    }
}

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::QuotaStatus;
use crate::BoxFuture;

/// Says when a request may start: a limit that clients, or replicas of a program, keep together.
///
/// [`RateLimiter`](crate::RateLimiter) is one for the clients of a process. Another one may ask a server that
/// several processes share. Give it to
/// [`ClientBuilder::limiter`](crate::ClientBuilder::limiter).
///
/// Its `Debug` stands in that of the builder, and must show no secret.
pub trait Limiter: fmt::Debug + Send + Sync + 'static {
    /// Waits for the turn of one request, and takes it. Each attempt of a call asks once.
    ///
    /// The future runs in a task of its own, and goes on if the caller stops polling the call. It is dropped
    /// where the call is given up or its time limit ends; the limiter may count the turn or give it back.
    ///
    /// # Errors
    /// The request may not start. Nothing is sent, and the call fails.
    fn acquire(&self, patience: Patience) -> BoxFuture<'_, Result<(), LimiterError>>;

    /// Heeds what a response said about the quota. Responses that say nothing don't come here.
    ///
    /// It is called inside a tokio runtime and must not block: what takes time belongs in a task.
    fn observe(&self, status: QuotaStatus);
}

impl<T: Limiter + ?Sized> Limiter for Arc<T> {
    fn acquire(&self, patience: Patience) -> BoxFuture<'_, Result<(), LimiterError>> {
        (**self).acquire(patience)
    }

    fn observe(&self, status: QuotaStatus) {
        (**self).observe(status);
    }
}

/// How long a call can wait for its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Patience {
    /// For how long at most the call waits while the vendor throttles:
    /// [`RetryPolicy::longest_wait`](crate::RetryPolicy::longest_wait). The turns of a limit it awaits for
    /// longer.
    pub longest_wait: Duration,
    /// The time that the call has left for everything. A turn that comes later is of no use to it.
    pub time_left: Duration,
}

impl Patience {
    /// A call that waits for `longest_wait` while the vendor throttles, and has `time_left`.
    #[must_use]
    pub const fn new(longest_wait: Duration, time_left: Duration) -> Self {
        Self { longest_wait, time_left }
    }
}

/// Why a request may not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum LimiterError {
    /// The vendor throttles for so long, and the call doesn't wait for so long. The call's error
    /// [is throttled](crate::Error::is_throttled).
    Throttled(Duration),
    /// The turn would come in so long, and the call has less time left. The call's error
    /// [is a timeout](crate::Error::is_timeout).
    TooLate(Duration),
    /// The limiter can't say: its server is away. The call's error is of the kind
    /// [`Limiter`](crate::ErrorKind::Limiter), and has this one as its source, which must hold no secret.
    Failed(Box<dyn StdError + Send + Sync>),
}

impl LimiterError {
    /// The limiter can't say.
    pub fn failed(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Failed(source.into())
    }
}

impl fmt::Display for LimiterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Throttled(wait) => write!(f, "the vendor throttles for {} s", wait.as_secs()),
            Self::TooLate(wait) => write!(f, "the next turn comes in {} s", wait.as_secs()),
            Self::Failed(_) => f.write_str("the limiter failed"),
        }
    }
}

impl StdError for LimiterError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Failed(source) => Some(&**source),
            _ => None,
        }
    }
}

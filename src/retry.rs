//! When a failed call is sent again, and when that would do harm.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How often a call is retried, and after which waits.
///
/// A policy doesn't decide what may be retried: the document says it for each operation, and the client
/// keeps to it. A policy only says how patient the caller is.
///
/// A call with a complete response isn't retried because of that response's content, even if it can't be
/// decoded. A response that was cut off, by its framing or in the middle of its JSON, counts as none.
///
/// ```
/// use std::time::Duration;
/// use letterhead::RetryPolicy;
///
/// // Two retries at most, and up to five minutes where a vendor asks for them.
/// let patient = RetryPolicy::default().attempts(3).longest_wait(Duration::from_secs(300));
/// assert_ne!(patient, RetryPolicy::never());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[doc(alias = "retries")]
pub struct RetryPolicy {
    attempts: u32,
    base: Duration,
    cap: Duration,
    longest_wait: Duration,
}

impl Default for RetryPolicy {
    /// Four attempts; half a second of backoff that doubles up to 20 seconds; a vendor's own wait up
    /// to a minute.
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_millis(500),
            cap: Duration::from_secs(20),
            longest_wait: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// Sends a call once. A call whose access token was refused is still sent again, with a new token.
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// How often a call is sent in all; 0 counts as 1.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The wait before a retry is drawn from zero to `base`, which doubles each time up to
    /// `cap`: exponential backoff with full jitter.
    #[doc(alias = "jitter")]
    pub fn backoff(mut self, base: Duration, cap: Duration) -> Self {
        self.base = base;
        self.cap = cap;
        self
    }

    /// The longest wait that a vendor may ask for in `Retry-After`. Beyond it the call fails at once,
    /// with the wait in [`Error::retry_after`](crate::Error::retry_after).
    ///
    /// Cloudflare refuses a throttled client for five minutes. The call fails with that wait, unless 300
    /// seconds are allowed here.
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// Whether `sent` attempts are all that there may be.
    pub(crate) fn is_spent(&self, sent: u32) -> bool {
        sent >= self.attempts
    }

    /// The longest wait that a vendor may ask for.
    pub(crate) fn longest(&self) -> Duration {
        self.longest_wait
    }

    /// The wait after `sent` attempts, given what the vendor asked for and a number from 0 to 1; none
    /// where the vendor asks for too long.
    pub(crate) fn wait(&self, sent: u32, asked: Option<Duration>, random: f64) -> Option<Duration> {
        let doubled = 2_u32.saturating_pow(sent.saturating_sub(1));
        let ceiling = self.base.saturating_mul(doubled).min(self.cap);
        let backoff = ceiling.mul_f64(random.clamp(0.0, 1.0));
        match asked {
            Some(asked) if asked > self.longest_wait => None,
            // All clients that were given the same second would come back in it.
            Some(asked) => Some(asked.saturating_add(backoff)),
            None => Some(backoff),
        }
    }
}

/// Whether an operation may be retried: its document says it in `x-repeatable`, and for a path that no document has,
/// the caller with [`JsonRequest::repeatable`](crate::JsonRequest::repeatable).
///
/// What wasn't sent, or was throttled, is retried in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repeatable {
    /// Doing it twice leaves what doing it once leaves.
    Always,
    /// The vendor recognizes a retry by its request id.
    SameRequestId,
    /// Doing it twice does it twice.
    Never,
}

/// Why there may be a retry after an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryReason {
    /// Nothing was sent.
    Connect,
    /// No complete response came, so that nobody knows what the vendor did.
    NoResponse,
    /// The vendor refused before it looked at the request, and asks to come back.
    Throttled,
    /// The vendor says that it failed, and that this may pass.
    ServerError,
}

impl RetryReason {
    /// The reason in spans and metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::NoResponse => "no_response",
            Self::Throttled => "throttled",
            Self::ServerError => "server_error",
        }
    }

    /// Whether the connection may be at fault, or the host that it leads to.
    pub(crate) fn is_of_connection(self) -> bool {
        matches!(self, Self::NoResponse | Self::ServerError)
    }
}

impl Repeatable {
    /// Whether the operation may be retried for this reason.
    pub(crate) fn allows(self, reason: RetryReason) -> bool {
        match reason {
            RetryReason::Connect | RetryReason::Throttled => true,
            RetryReason::NoResponse => self != Self::Never,
            // A response ends what a request id stands for.
            RetryReason::ServerError => self == Self::Always,
        }
    }
}

/// Keeps a client from making an outage worse: retries cost tokens, which successes earn back, so
/// that retries stay a small part of the traffic whatever the policy says.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

/// What a client starts with and never has more than: about a hundred retries.
const TOKENS: u32 = 500;
/// What a retry costs.
const COST: u32 = 5;

impl Budget {
    pub(crate) fn new() -> Self {
        Self(AtomicU32::new(TOKENS))
    }

    /// Pays for a retry, if there is enough left.
    pub(crate) fn withdraw(&self) -> Option<Withdrawal<'_>> {
        self.update(|tokens| tokens.checked_sub(COST)).then(|| Withdrawal(self))
    }

    /// A call succeeded.
    pub(crate) fn deposit(&self) {
        self.update(|tokens| (tokens < TOKENS).then_some(tokens + 1));
    }

    fn refund(&self) {
        self.update(|tokens| Some(tokens.saturating_add(COST).min(TOKENS)));
    }

    fn update(&self, change: impl FnMut(u32) -> Option<u32>) -> bool {
        let order = Ordering::Relaxed;
        self.0.fetch_update(order, order, change).is_ok()
    }
}

/// What was paid for a retry. It goes back where the retry never happens: the caller gives up, or no turn
/// comes in time.
#[must_use]
pub(crate) struct Withdrawal<'a>(&'a Budget);

impl Withdrawal<'_> {
    /// The retry happens.
    pub(crate) fn spend(self) {
        std::mem::forget(self);
    }
}

impl Drop for Withdrawal<'_> {
    fn drop(&mut self) {
        self.0.refund();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_wait_is_bounded_whatever_is_asked(
            attempts in 0..u32::MAX,
            base in 0..u64::MAX,
            cap in 0..1_000_000_u64,
            asked in proptest::option::of(0..u64::MAX),
            longest in 0..1_000_000_u64,
            random in 0.0..=1.0_f64,
        ) {
            let policy = RetryPolicy::default()
                .backoff(Duration::from_millis(base), Duration::from_millis(cap))
                .longest_wait(Duration::from_millis(longest));
            let asked = asked.map(Duration::from_millis);
            let wait = policy.wait(attempts, asked, random);
            prop_assert_eq!(wait.is_none(), asked > Some(Duration::from_millis(longest)));
            if let Some(wait) = wait {
                prop_assert!(wait >= asked.unwrap_or_default());
                prop_assert!(wait <= Duration::from_millis(cap + longest));
            }
        }
    }

    #[test]
    fn backoff_doubles_up_to_its_cap() {
        let policy = RetryPolicy::default();
        let waits = [1, 2, 3, 7, 40].map(|sent| policy.wait(sent, None, 1.0));
        let seconds = [0.5, 1.0, 2.0, 20.0, 20.0].map(Duration::from_secs_f64);
        assert_eq!(waits, seconds.map(Some));
    }

    #[test]
    fn what_may_be_retried_depends_on_the_operation_and_on_the_reason() {
        use RetryReason::{Connect, NoResponse, ServerError, Throttled};
        let all = [Connect, NoResponse, Throttled, ServerError];
        let allowed = |class: Repeatable| all.map(|reason| class.allows(reason));
        assert_eq!(allowed(Repeatable::Always), [true; 4]);
        assert_eq!(allowed(Repeatable::SameRequestId), [true, true, true, false]);
        assert_eq!(allowed(Repeatable::Never), [true, false, true, false]);
    }

    #[test]
    fn a_budget_runs_out_and_is_earned_back() {
        let budget = Budget::new();
        let pay = || budget.withdraw().map(Withdrawal::spend).is_some();
        assert_eq!((0..1000).filter(|_| pay()).count(), 100);
        (0..4).for_each(|_| budget.deposit());
        assert!(!pay());
        budget.deposit();
        assert!(pay());
        (0..10_000).for_each(|_| budget.deposit());
        assert_eq!((0..1000).filter(|_| pay()).count(), 100);
    }

    #[test]
    fn a_retry_that_never_happens_costs_nothing() {
        let budget = Budget::new();
        (0..1000).for_each(|_| drop(budget.withdraw()));
        let paid: Vec<_> = (0..1000).map_while(|_| budget.withdraw()).collect();
        assert_eq!(paid.len(), 100);
        drop(paid);
        assert!(budget.withdraw().is_some());
    }
}

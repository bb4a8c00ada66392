//! Sees what keeps calls waiting, so that nobody wonders what takes so long: a vendor throttles, or its quota is used
//! up and the client keeps to it.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::io::{self, Write as _};
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use indicatif::ProgressBar;
use letterhead::{
    Attempt, BoxFuture, Hook, HookResult, Limiter, LimiterError, Outcome, Patience, QuotaStatus,
    RateLimit, RateLimiter,
};
use letterhead_diagnostics::count;

/// What keeps the calls of a command waiting, and where that is shown.
#[derive(Debug, Default)]
pub(crate) struct Waits(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    shown: Shown,
    vendors: BTreeMap<&'static str, Waiting>,
}

/// Where it is shown what calls wait for.
#[derive(Debug, Default)]
pub(crate) enum Shown {
    #[default]
    Nowhere,
    /// In a line of standard error: whoever waits has no output at hand.
    Lines,
    Bars(BTreeMap<&'static str, ProgressBar>),
}

/// What the calls of a vendor wait for.
#[derive(Debug, Default)]
struct Waiting {
    /// How many calls wait for a turn of the quota.
    calls: usize,
    quota: Option<Why>,
    /// What is shown at the moment.
    said: Option<Why>,
    /// Whether a line has said that the quota is kept to: once is enough.
    has_line: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// The vendor refuses requests, perhaps for so many seconds.
    Throttled(Option<u64>),
    /// So many requests in so many seconds are allowed.
    Quota(u32, u64),
}

impl Waits {
    /// Shows it there from now on; says where it was shown before.
    pub(crate) fn show(&self, shown: Shown) -> Shown {
        let mut state = self.state();
        let before = mem::replace(&mut state.shown, shown);
        // What is waited for at the moment is seen as well.
        if let Shown::Bars(bars) = &state.shown {
            for (vendor, bar) in bars {
                let said = state.vendors.get(vendor).and_then(|waiting| waiting.said);
                bar.set_message(said.map(Why::text).unwrap_or_default());
            }
        }
        before
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Says what is still waited for, once a request goes out or nobody waits any more.
    fn go_on(&mut self, vendor: &'static str) {
        let waiting = self.vendors.entry(vendor).or_default();
        let why = waiting.quota.filter(|_| waiting.calls > 0);
        self.say(vendor, why);
    }

    fn say(&mut self, vendor: &'static str, why: Option<Why>) {
        let waiting = self.vendors.entry(vendor).or_default();
        if waiting.said == why {
            return;
        }
        let is_news = waiting.is_news(why);
        waiting.said = why;
        match &self.shown {
            Shown::Bars(bars) => {
                if let Some(bar) = bars.get(vendor) {
                    bar.set_message(why.map(Why::text).unwrap_or_default());
                }
            }
            Shown::Lines => {
                if let Some(why) = why.filter(|_| is_news) {
                    waiting.has_line |= matches!(why, Why::Quota(..));
                    let _ = writeln!(io::stderr(), "{} {vendor}: {}", why.word(), why.text());
                }
            }
            Shown::Nowhere => {}
        }
    }
}

impl Waiting {
    /// Whether it is worth a line of its own: calls that are under way at once are throttled at once.
    fn is_news(&self, why: Option<Why>) -> bool {
        match (why, self.said) {
            (None, _) | (Some(Why::Throttled(_)), Some(Why::Throttled(_))) => false,
            (Some(Why::Throttled(_)), _) => true,
            (Some(Why::Quota(..)), _) => !self.has_line,
        }
    }
}

impl Why {
    fn text(self) -> String {
        match self {
            Self::Throttled(None) => "too many requests".to_owned(),
            Self::Throttled(Some(seconds)) => format!("too many requests, next in {seconds} s"),
            Self::Quota(requests, seconds) => {
                format!("rate limit, {} in {seconds} s", count(requests as usize, "request"))
            }
        }
    }

    /// As steps begin. A call that is throttled waits only if that isn't for too long.
    fn word(self) -> &'static str {
        match self {
            Self::Throttled(_) => "throttled ",
            Self::Quota(..) => "waiting   ",
        }
    }
}

impl Hook for Waits {
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        Box::pin(async {
            self.state().go_on(attempt.vendor());
            Ok(None)
        })
    }

    fn on_response<'a>(&'a self, attempt: &'a Attempt, outcome: &'a Outcome) -> BoxFuture<'a, ()> {
        Box::pin(async {
            if let Some(error) = outcome.error().filter(|error| error.is_throttled()) {
                let seconds = error.retry_after().map(|wait| wait.as_secs());
                self.state().say(attempt.vendor(), Some(Why::Throttled(seconds)));
            }
        })
    }
}

/// A vendor's quota, whose turns are waited for where people see it.
#[derive(Debug)]
pub(crate) struct Quota {
    vendor: &'static str,
    limit: RateLimit,
    limiter: RateLimiter,
    waits: Arc<Waits>,
}

impl Quota {
    pub(crate) fn new(vendor: &'static str, limit: RateLimit, waits: Arc<Waits>) -> Self {
        Self { vendor, limit, limiter: RateLimiter::new(limit), waits }
    }
}

impl Limiter for Quota {
    fn acquire(&self, patience: Patience) -> BoxFuture<'_, Result<(), LimiterError>> {
        Box::pin(async move {
            let mut turn = self.limiter.acquire(patience);
            match poll_fn(|context| Poll::Ready(turn.as_mut().poll(context))).await {
                Poll::Ready(granted) => granted,
                Poll::Pending => {
                    let _waits = InLine::enter(self);
                    turn.await
                }
            }
        })
    }

    fn observe(&self, status: QuotaStatus) {
        self.limiter.observe(status);
    }
}

/// A call that waits for its turn, until it has it or is given up.
struct InLine<'q>(&'q Quota);

impl<'q> InLine<'q> {
    fn enter(quota: &'q Quota) -> Self {
        let mut state = quota.waits.state();
        let waiting = state.vendors.entry(quota.vendor).or_default();
        waiting.calls += 1;
        waiting.quota = Some(Why::Quota(quota.limit.requests().get(), quota.limit.per().as_secs()));
        // What the vendor itself has said goes before.
        if waiting.said.is_none() {
            state.go_on(quota.vendor);
        }
        drop(state);
        Self(quota)
    }
}

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        let mut state = self.0.waits.state();
        let waiting = state.vendors.entry(self.0.vendor).or_default();
        waiting.calls -= 1;
        if waiting.calls == 0 {
            state.go_on(self.0.vendor);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn who_waits_for_a_turn_of_the_quota_is_seen() {
        let waits = Arc::<Waits>::default();
        let bar = ProgressBar::hidden();
        waits.show(Shown::Bars([("Cloudflare", bar.clone())].into()));
        let limit = RateLimit::new(NonZeroU32::MIN, Duration::from_secs(3600));
        let quota = Quota::new("Cloudflare", limit, Arc::clone(&waits));
        let patience = Patience::new(Duration::MAX, Duration::MAX);
        quota.acquire(patience).await.expect("a turn");
        assert_eq!(bar.message(), "", "nobody waits");

        let mut calls = [quota.acquire(patience), quota.acquire(patience)];
        for call in &mut calls {
            assert!(poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_pending())).await);
        }
        assert_eq!(bar.message(), "rate limit, 1 request in 3600 s");
        waits.state().say("Cloudflare", Some(Why::Throttled(Some(300))));
        assert_eq!(bar.message(), "too many requests, next in 300 s");
        let [one, other] = calls;
        drop(one);
        waits.state().go_on("Cloudflare");
        assert_eq!(bar.message(), "rate limit, 1 request in 3600 s", "the other still waits");
        drop(other);
        assert_eq!(bar.message(), "", "nobody waits any more");
    }

    #[test]
    fn a_log_has_a_line_for_each_wait_and_not_for_each_call() {
        let (throttled, quota) =
            (|seconds| Some(Why::Throttled(Some(seconds))), Some(Why::Quota(4, 1)));
        let mut waiting = Waiting::default();
        for (why, is_news) in [
            (throttled(300), true),
            (throttled(299), false),
            (None, false),
            (throttled(300), true),
            (quota, true),
        ] {
            assert_eq!(waiting.is_news(why), is_news, "{why:?} after {:?}", waiting.said);
            waiting.said = why;
        }
        waiting = Waiting { has_line: true, ..Waiting::default() };
        assert!(!waiting.is_news(quota), "it is kept to for the whole command");
    }
}

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use letterhead::{BoxFuture, Clock};
use tokio::sync::Notify;

/// Sleeps from here on are timeouts and no waits: they never end.
const ENDLESS: Duration = Duration::from_secs(3600);

/// A clock whose waits leave a note, and are over at once unless it is held.
#[derive(Clone, Debug)]
pub(crate) struct ManualClock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    start: Instant,
    system_start: SystemTime,
    state: Mutex<State>,
    advanced: Notify,
}

#[derive(Debug, Default)]
struct State {
    passed: Duration,
    waits: Vec<Duration>,
    is_held: bool,
}

impl ManualClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the services' dates are those of the wall clock"
    )]
    pub(crate) fn new() -> Self {
        Self(Arc::new(Inner {
            start: Instant::now(),
            system_start: SystemTime::now(),
            state: Mutex::default(),
            advanced: Notify::new(),
        }))
    }

    /// Lets waits last until the clock is advanced.
    pub(crate) fn hold(&self) {
        self.0.state.lock().unwrap().is_held = true;
    }

    /// Lets waits be over at once again.
    pub(crate) fn release(&self) {
        self.0.state.lock().unwrap().is_held = false;
    }

    /// Lets time pass without a wait.
    pub(crate) fn advance(&self, by: Duration) {
        self.0.state.lock().unwrap().passed += by;
        self.0.advanced.notify_waiters();
    }

    /// How many waits there were since they were last taken.
    pub(crate) fn waits(&self) -> usize {
        self.0.state.lock().unwrap().waits.len()
    }

    pub(crate) fn passed(&self) -> Duration {
        self.0.state.lock().unwrap().passed
    }

    /// The waits since this was last asked, which are then forgotten.
    pub(crate) fn take_waits(&self) -> Vec<Duration> {
        std::mem::take(&mut self.0.state.lock().unwrap().waits)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        self.0.start + self.passed()
    }

    fn system_time(&self) -> SystemTime {
        self.0.system_start + self.passed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if duration > ENDLESS {
                std::future::pending::<()>().await;
            }
            let end = {
                let mut state = self.0.state.lock().unwrap();
                state.waits.push(duration);
                if !state.is_held {
                    state.passed += duration;
                    return;
                }
                state.passed + duration
            };
            loop {
                let advanced = self.0.advanced.notified();
                if self.passed() >= end {
                    return;
                }
                advanced.await;
            }
        })
    }
}

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use letterhead::{BoxFuture, Clock};

/// Sleeps from here on are time limits and no waits: they never end.
const ENDLESS: Duration = Duration::from_secs(3600);

/// A clock whose waits are over at once and leave a note.
#[derive(Clone, Debug)]
pub(crate) struct ManualClock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    start: Instant,
    system_start: SystemTime,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    passed: Duration,
    waits: Vec<Duration>,
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
        }))
    }

    /// Lets time pass without a wait.
    pub(crate) fn advance(&self, by: Duration) {
        self.0.state.lock().unwrap().passed += by;
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
            let mut state = self.0.state.lock().unwrap();
            state.passed += duration;
            state.waits.push(duration);
        })
    }
}

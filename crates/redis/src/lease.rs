//! A lock that ends by itself.

use std::convert::Infallible;
use std::sync::LazyLock;
use std::time::Duration;

use ::redis::Script;
use letterhead::uuid::Uuid;
use tokio::time::sleep;

use crate::server::script;
use crate::{Error, Redis};

static HOLD: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/hold.lua")));

/// Who takes a lease: a random id, so that a command whose response was lost can be sent again, and nobody
/// frees the lease of another.
#[derive(Clone)]
pub(crate) struct Holder {
    pub(crate) id: String,
    /// The lease's key.
    pub(crate) place: String,
}

impl Holder {
    pub(crate) fn new(place: String) -> Self {
        Self { id: Uuid::new_v4().simple().to_string(), place }
    }

    /// Renews the lease for as long as this is polled.
    pub(crate) async fn renew(&self, redis: &Redis) -> Infallible {
        loop {
            sleep(redis.lease / 3).await;
            // Without a renewal the lease ends, and a late write is refused.
            let _ = self.hold(redis, redis.lease).await;
        }
    }

    /// Frees the lease, where it is this one's.
    pub(crate) async fn free(&self, redis: &Redis) {
        // Else it ends by itself.
        let _ = self.hold(redis, Duration::ZERO).await;
    }

    async fn hold(&self, redis: &Redis, lease: Duration) -> Result<i64, Error> {
        let mut hold = HOLD.key(&self.place);
        redis.server.run(hold.arg(&self.id).arg(milliseconds(lease))).await
    }
}

pub(crate) fn milliseconds(duration: Duration) -> i64 {
    duration.as_millis().try_into().unwrap_or(i64::MAX)
}

/// Waits before a lease of another is asked for again, longer each time.
pub(crate) struct Pauses(Duration);

impl Pauses {
    const FIRST: Duration = Duration::from_millis(20);
    const LONGEST: Duration = Duration::from_millis(250);

    pub(crate) fn new() -> Self {
        Self(Self::FIRST)
    }

    /// `left` is how long the lease still holds at most.
    pub(crate) async fn pause(&mut self, left: i64) {
        let left = Duration::from_millis(left.try_into().unwrap_or_default());
        // Not all at once.
        let pause = self.0.mul_f64(0.5 + fastrand::f64() / 2.0);
        sleep(pause.min(left.max(Duration::from_millis(1)))).await;
        self.0 = (self.0 * 2).min(Self::LONGEST);
    }
}

//! A lock that ends by itself.

use std::convert::Infallible;
use std::sync::LazyLock;
use std::time::Duration;

use ::redis::Script;
use letterhead::uuid::Uuid;
use tokio::time::sleep;

use crate::server::{PAUSE, script};
use crate::{Error, Redis};

static HOLD: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/hold.lua")));

/// Who takes a lease: a random id, so that a command whose response was lost can be sent again, and nobody
/// frees the lease of another.
#[derive(Clone)]
pub(crate) struct Holder {
    pub(crate) id: String,
    /// The lease's key.
    pub(crate) place: String,
    /// How long it holds from its renewal on.
    pub(crate) lease: Duration,
}

impl Holder {
    pub(crate) fn new(place: String, lease: Duration) -> Self {
        Self { id: Uuid::new_v4().simple().to_string(), place, lease }
    }

    /// Renews the lease for as long as this is polled.
    pub(crate) async fn renew(&self, redis: &Redis) -> Infallible {
        let mut is_held = true;
        loop {
            sleep(until_renewal(self.lease, is_held)).await;
            // Without a renewal the lease ends, and a late write is refused.
            is_held = self.hold(redis, self.lease).await.is_ok();
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

/// How long a lease isn't renewed: a third of it; after a renewal that failed no longer than Redis isn't asked then, so
/// that one that is back hears of it before the lease ends.
fn until_renewal(lease: Duration, is_held: bool) -> Duration {
    if is_held { lease / 3 } else { PAUSE.min(lease / 6) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renewal_that_failed_is_made_again_before_the_lease_ends() {
        for lease in [500, 3000, 60_000].map(Duration::from_millis) {
            let failed = until_renewal(lease, true);
            let renewals_left =
                lease.saturating_sub(failed).div_duration_f64(until_renewal(lease, false));
            assert!(renewals_left >= 4.0, "{lease:?}: {renewals_left}");
        }
    }
}

//! A vendor's quota as one budget for all replicas.

use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::Duration;

use ::redis::Script;
use letterhead::uuid::Uuid;
use letterhead::{BoxFuture, Limiter, LimiterError, Patience, QuotaStatus, RateLimit};
use tokio::time::{Instant, sleep_until};

use crate::ahead::Ahead;
use crate::closings::{Closed, lock};
use crate::server::{PAUSE, script};
use crate::share::{Share, later};
use crate::{Error, Redis, WhenAway};

static DRAW: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/draw.lua")));
static CLOSE: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/close.lua")));

/// How long a quota is kept on the server that nobody draws from. What is gone counts as used up.
const KEPT: Duration = Duration::from_secs(31 * 24 * 3600);
/// By how much the server's times may seem to differ, for the time that responses take.
const JITTER: Duration = Duration::from_millis(100);
/// The longest burst: what the script can count.
const LONGEST_BURST: Duration = Duration::from_secs(365 * 24 * 3600);

/// A quota that all replicas keep together: see [`Redis::quota`]. Clones are one quota.
///
/// An attempt takes its turn with one round trip at most, in the order in which they come to the server, and waits
/// for it in its own process. A replica that is busy draws some turns ahead, for the next tenth of a second. A turn
/// that was taken and isn't used is lost: the call was given up, or the response of the server, or no call came.
#[derive(Clone)]
pub struct SharedQuota(Arc<Inner>);

struct Inner {
    redis: Redis,
    place: String,
    channel: String,
    interval: Duration,
    burst: Duration,
    closed: Closed,
    known: Mutex<Known>,
}

/// What this replica knows of the quota.
struct Known {
    /// How far the quota is used up, as the server said last.
    used: Instant,
    /// Until when the vendor throttles this replica.
    throttled: Instant,
    /// Until when nothing is left, as a response of this replica said that the server doesn't know of.
    spent: Instant,
    ahead: Ahead,
    /// This replica's part while it is alone.
    share: Share,
    /// While it is alone, and until the server has heard of it.
    alone: Option<Alone>,
    /// Redis is back, but others may not have noticed yet: until then the share holds as well.
    shared_since: Instant,
}

/// A stretch of time without the server, and the turns of it.
///
/// The server's response may be lost and several draws may come with them at once, so it knows which stretch they are
/// of, and counts each of them once. Those that are past are none of its business.
#[derive(Clone, PartialEq)]
struct Alone {
    stretch: String,
    turns: u32,
}

/// What the server says to who wants a turn; times from now.
struct Drawn {
    status: i64,
    wait: Duration,
    used: Duration,
    closed: Duration,
    ahead: u32,
}

impl SharedQuota {
    pub(crate) fn new(redis: Redis, name: &str, limit: RateLimit) -> Self {
        let place = redis.place("quota", name);
        // Rather a little too slow than too fast.
        let interval = limit.per().as_nanos().div_ceil(1000 * u128::from(limit.requests().get()));
        let interval = Duration::from_micros(interval.try_into().unwrap_or(u64::MAX));
        let interval = interval.clamp(Duration::from_micros(1), LONGEST_BURST);
        let burst = interval.saturating_mul(limit.burst_size().get() - 1).min(LONGEST_BURST);
        let replicas = match redis.when_away {
            WhenAway::GoOn { replicas } => replicas.get(),
            WhenAway::FailClosed => 1,
        };
        let now = Instant::now();
        let known = Mutex::new(Known {
            used: now,
            throttled: now,
            spent: now,
            ahead: Ahead::new(burst, now),
            share: Share::new(interval, limit.burst_size().get(), replicas, now),
            alone: None,
            shared_since: now,
        });
        let channel = redis.server.closings.channel(&place);
        let closed = redis.server.closings.of(&channel);
        Self(Arc::new(Inner { redis, place, channel, interval, burst, closed, known }))
    }
}

impl Limiter for SharedQuota {
    fn acquire(&self, patience: Patience) -> BoxFuture<'_, Result<(), LimiterError>> {
        Box::pin(self.0.acquire(patience))
    }

    fn observe(&self, status: QuotaStatus) {
        if self.0.note(status) {
            let quota = Arc::clone(&self.0);
            // What fails here comes with the next draw.
            tokio::spawn(async move { quota.close(status).await });
        }
    }
}

impl Inner {
    async fn acquire(&self, patience: Patience) -> Result<(), LimiterError> {
        let end = later(Instant::now(), patience.time_left);
        if self.has_ahead() {
            return Ok(());
        }
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let turn = self.turn(Patience::new(patience.longest_wait, left)).await?;
            sleep_until(turn).await;
            let opens = self.opens();
            if opens <= later(Instant::now(), JITTER) {
                sleep_until(opens).await;
                return Ok(());
            }
            // Somebody was throttled meanwhile. All that wait need new turns, else they would all go at once.
        }
    }

    /// Takes a turn that was drawn ahead, if there is one and the quota is open.
    fn has_ahead(&self) -> bool {
        let now = Instant::now();
        let is_closed = self.opens() > now;
        let mut known = self.known();
        if is_closed {
            known.ahead.clear();
        }
        known.ahead.take(now)
    }

    /// Takes a turn: when it is.
    async fn turn(&self, patience: Patience) -> Result<Instant, LimiterError> {
        let asked = Instant::now();
        let drawn = self.draw(patience).await;
        let mut known = self.known();
        let now = Instant::now();
        let (drawn, heard) = match drawn {
            Ok(drawn) => drawn,
            Err(error) => {
                return match self.redis.when_away {
                    WhenAway::FailClosed => Err(LimiterError::failed(error)),
                    WhenAway::GoOn { .. } => {
                        known.turn_alone(now, self.burst, self.closed(), patience)
                    }
                };
            }
        };
        known.used = known.used.max(later(now, drawn.used));
        known.ahead.put(drawn.ahead, asked, now);
        self.closed.say(asked, later(now, drawn.closed));
        if known.alone.is_some() {
            // Others may have taken turns alone meanwhile, of which it hears with the next draw.
            known.alone.take_if(|alone| Some(&*alone) == heard.as_ref());
            // As long as it takes the others to ask Redis again.
            known.shared_since = later(now, self.redis.server.limit() + PAUSE * 2);
        }
        match drawn.status {
            0 if now < known.shared_since => {
                let turn = later(now, drawn.wait);
                let taken = known.share.take(now, turn, patience.time_left);
                taken.map(|wait| later(now, wait)).map_err(LimiterError::TooLate)
            }
            0 => Ok(later(now, drawn.wait)),
            1 => Err(LimiterError::Throttled(drawn.wait)),
            _ => Err(LimiterError::TooLate(drawn.wait)),
        }
    }

    /// Draws a turn; what the server has heard of the time without it.
    async fn draw(&self, patience: Patience) -> Result<(Drawn, Option<Alone>), Error> {
        let mut draw = DRAW.key(&self.place);
        let alone = {
            let mut known = self.known();
            let now = Instant::now();
            // While shares hold, each turn has to be one of the share as well.
            let is_shared = known.alone.is_none() && now >= known.shared_since;
            let wanted = if is_shared { known.ahead.wanted(now) } else { 0 };
            let from_now = |instant: Instant| instant.saturating_duration_since(now);
            let mut used = from_now(known.used);
            let [mut taken, mut past] = [0; 2];
            if let Some(alone) = &known.alone {
                // Nothing is left of the quota, and some of what was taken without Redis is still to come.
                used = used.max(self.burst);
                taken = alone.turns;
                past = taken.saturating_sub(known.share.pending(now));
            }
            let [taken, past] = [taken, past].map(|turns| self.interval.saturating_mul(turns));
            let times = [
                self.interval,
                self.burst,
                patience.time_left,
                patience.longest_wait,
                used,
                from_now(known.throttled),
                from_now(known.spent),
                taken,
                past,
                known.ahead.life,
            ];
            for time in times {
                draw.arg(microseconds(time));
            }
            draw.arg(wanted).arg(KEPT.as_millis().to_string());
            draw.arg(known.alone.as_ref().map_or("", |alone| &alone.stretch));
            known.alone.clone()
        };
        let (status, wait, used, closed, ahead): (i64, i64, i64, i64, i64) =
            self.redis.server.run_once(&draw).await?;
        let [wait, used, closed] = [wait, used, closed].map(duration);
        let ahead = ahead.try_into().unwrap_or_default();
        Ok((Drawn { status, wait, used, closed, ahead }, alone))
    }

    /// Heeds what a response said in this replica; whether the others have to know.
    fn note(&self, status: QuotaStatus) -> bool {
        let mut known = self.known();
        let now = Instant::now();
        if let Some(wait) = status.throttled {
            known.throttled = known.throttled.max(later(now, wait));
        }
        let was_spent = known.spent.max(self.closed()) > now;
        if let Some(wait) = status.spent {
            known.spent = later(now, wait);
        }
        status.throttled.is_some() || status.spent.is_some_and(|wait| !wait.is_zero() || was_spent)
    }

    async fn close(&self, status: QuotaStatus) {
        let asked = Instant::now();
        let sent = self.known().spent;
        let mut close = CLOSE.key(&self.place);
        for time in [status.throttled, status.spent] {
            close.arg(time.map_or(-1, microseconds));
        }
        close.arg(KEPT.as_millis().to_string()).arg(&self.channel);
        let closed: Result<i64, Error> = self.redis.server.run(&close).await;
        if let Ok(closed) = closed {
            let mut known = self.known();
            let now = Instant::now();
            // From now on the server says it, and a newer response of another replica may say otherwise.
            if known.spent == sent {
                known.spent = now;
            }
            self.closed.say(asked, later(now, duration(closed)));
        }
    }

    /// When the quota is open, as far as this replica knows.
    fn opens(&self) -> Instant {
        self.known().closed().max(self.closed())
    }

    /// Until when the server has the quota closed.
    fn closed(&self) -> Instant {
        self.closed.until()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        lock(&self.known)
    }
}

impl Known {
    /// Until when the quota is closed by what this replica has seen itself.
    fn closed(&self) -> Instant {
        self.throttled.max(self.spent)
    }

    /// A turn of this replica's share.
    fn turn_alone(
        &mut self,
        now: Instant,
        burst: Duration,
        closed: Instant,
        patience: Patience,
    ) -> Result<Instant, LimiterError> {
        let closed = closed.max(self.closed());
        let share = &mut self.share;
        let used = self.used;
        let alone = self.alone.get_or_insert_with(|| {
            // The turns that were taken from Redis come first.
            let last = used.checked_sub(burst).map_or(now, |last| last.max(now));
            share.begin(last);
            // The one turn is that which the share leaves out after them.
            Alone { stretch: Uuid::new_v4().simple().to_string(), turns: 1 }
        });
        let wait = closed.saturating_duration_since(now);
        if wait > patience.longest_wait {
            return Err(LimiterError::Throttled(wait));
        }
        let taken = self.share.take(now, closed.max(now), patience.time_left);
        if taken.is_ok() {
            alone.turns = alone.turns.saturating_add(1);
        }
        taken.map(|wait| later(now, wait)).map_err(LimiterError::TooLate)
    }
}

/// For the script, whose numbers hold 53 bits.
fn microseconds(duration: Duration) -> i64 {
    const MOST: Duration = Duration::from_secs(1_000_000_000);
    duration.min(MOST).as_micros().try_into().unwrap_or(i64::MAX)
}

fn duration(microseconds: i64) -> Duration {
    Duration::from_micros(microseconds.try_into().unwrap_or_default())
}

impl fmt::Debug for SharedQuota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedQuota")
            .field("key", &self.0.place)
            .field("interval", &self.0.interval)
            .finish_non_exhaustive()
    }
}

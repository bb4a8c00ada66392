//! What the server says to all replicas: that a quota is closed, or open again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ::redis::Value;
use tokio::time::Instant;

use crate::share::later;

/// Until when a quota is closed, as the server said last.
#[derive(Clone)]
pub(crate) struct Closed(Arc<Mutex<Heard>>);

#[derive(Clone, Copy)]
struct Heard {
    until: Instant,
    /// When it was heard from all others' messages.
    at: Instant,
}

impl Closed {
    fn new() -> Self {
        let now = Instant::now();
        Self(Arc::new(Mutex::new(Heard { until: now, at: now })))
    }

    pub(crate) fn until(&self) -> Instant {
        lock(&self.0).until
    }

    /// What the server said to a command that was sent at `asked`. A message that came since may be newer than the
    /// response, so that the longer of both counts.
    pub(crate) fn say(&self, asked: Instant, until: Instant) {
        let mut heard = lock(&self.0);
        heard.until = if heard.at >= asked { heard.until.max(until) } else { until };
    }

    fn hear(&self, until: Instant) {
        *lock(&self.0) = Heard { until, at: Instant::now() };
    }
}

/// The quotas of this process, by their channels.
#[derive(Clone)]
pub(crate) struct Closings {
    /// What all channels match.
    pub(crate) pattern: String,
    database: i64,
    quotas: Arc<Mutex<HashMap<String, Closed>>>,
}

impl Closings {
    /// Channels belong to no database of a server, so their names have its number.
    pub(crate) fn new(namespace: &str, database: i64) -> Self {
        let mut pattern = String::new();
        for character in namespace.chars() {
            if r"*?[]\^".contains(character) {
                pattern.push('\\');
            }
            pattern.push(character);
        }
        let pattern = format!("{pattern}:quota:*@{database}");
        Self { pattern, database, quotas: Arc::default() }
    }

    /// The channel of the quota under this key.
    pub(crate) fn channel(&self, place: &str) -> String {
        format!("{place}@{}", self.database)
    }

    pub(crate) fn of(&self, channel: &str) -> Closed {
        let mut quotas = lock(&self.quotas);
        // Those that nobody keeps any more.
        quotas.retain(|_, closed| Arc::strong_count(&closed.0) > 1);
        quotas.entry(channel.to_owned()).or_insert_with(Closed::new).clone()
    }

    /// Hears a message: its pattern, its channel, and for how many microseconds the quota is closed.
    pub(crate) fn hear(&self, message: &[Value]) {
        let [_, Value::BulkString(channel), Value::BulkString(closed)] = message else { return };
        let (Ok(channel), Ok(closed)) = (str::from_utf8(channel), str::from_utf8(closed)) else {
            return;
        };
        let (Some(quota), Ok(closed)) = (lock(&self.quotas).get(channel).cloned(), closed.parse())
        else {
            return;
        };
        quota.hear(later(Instant::now(), Duration::from_micros(closed)));
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

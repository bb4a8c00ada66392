//! Which connections an attempt may go over.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::retry::Repeatable;

/// A pool is left when more attempts in a row have failed on it than this part of those that are under
/// way: a quiet client leaves it at once, and a busy one isn't made to connect anew by a single failure.
const PART: usize = 4;

/// The connections of a client.
///
/// One connection may be sick while all others are well, or all may lead to a host that has gone. A pool
/// can't be asked to close a connection, so it is left as a whole: later attempts connect anew and look the
/// host up again.
pub(super) struct Pool {
    shared: Mutex<Arc<Connections>>,
    /// Keeps no connection.
    single: OnceLock<Option<Arc<Connections>>>,
    /// None where the HTTP client is the caller's: another one like it can't be made.
    make: Option<Make>,
}

/// Makes an HTTP client that keeps so many idle connections.
pub(super) type Make = Box<dyn Fn(usize) -> Result<reqwest::Client, reqwest::Error> + Send + Sync>;

/// What attempts are sent with; each holds it until it is over.
pub(super) struct Connections {
    pub(super) http: reqwest::Client,
    /// How many attempts in a row have failed.
    failed: AtomicUsize,
}

impl Pool {
    pub(super) fn new(http: reqwest::Client, make: Option<Make>) -> Self {
        Self { shared: Mutex::new(Connections::new(http)), single: OnceLock::new(), make }
    }

    /// Connections for an attempt. It gets a new one after another has failed, and where it may not be
    /// retried: a server may just have closed an idle one, and then nobody knows whether it has read the
    /// request.
    pub(super) fn take(&self, repeatable: Repeatable, has_failed: bool) -> Arc<Connections> {
        let is_single = has_failed || repeatable == Repeatable::Never;
        match is_single.then(|| self.single()).flatten() {
            Some(single) => Arc::clone(single),
            None => Arc::clone(&self.lock()),
        }
    }

    fn single(&self) -> Option<&Arc<Connections>> {
        let make = || Some(Connections::new(self.make.as_ref()?(0).ok()?));
        self.single.get_or_init(make).as_ref()
    }

    /// An attempt is over.
    pub(super) fn settle(&self, used: &Arc<Connections>, is_failure: bool) {
        if !is_failure {
            // A store for each success would have the processors take the memory from each other.
            if used.failed.load(Ordering::Relaxed) > 0 {
                used.failed.store(0, Ordering::Relaxed);
            }
            return;
        }
        let failed = used.failed.fetch_add(1, Ordering::Relaxed) + 1;
        let is_current = |shared: &Arc<Connections>| Arc::ptr_eq(shared, used);
        let under_way = Arc::strong_count(used) - 1;
        let Some(make) = &self.make else { return };
        if failed <= under_way / PART || !is_current(&self.lock()) {
            return;
        }
        // Without the lock, since it takes a while.
        let Ok(http) = make(usize::MAX) else { return };
        let mut shared = self.lock();
        if is_current(&shared) {
            *shared = Connections::new(http);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Connections>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connections {
    fn new(http: reqwest::Client) -> Arc<Self> {
        Arc::new(Self { http, failed: AtomicUsize::new(0) })
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> Pool {
        let make = |idle| {
            let builder = crate::http_client_builder().unwrap();
            builder.pool_max_idle_per_host(idle).build()
        };
        Pool::new(make(usize::MAX).unwrap(), Some(Box::new(make)))
    }

    #[test]
    fn a_busy_pool_is_left_when_nothing_succeeds_any_more() {
        let pool = pool();
        let take = || pool.take(Repeatable::Always, false);
        let busy: Vec<_> = (0..16).map(|_| take()).collect();
        let is_left = || !Arc::ptr_eq(&busy[0], &take());
        for _ in 0..100 {
            pool.settle(&busy[0], true);
            pool.settle(&busy[1], false);
        }
        assert!(!is_left());
        (0..5).for_each(|_| pool.settle(&busy[2], true));
        assert!(is_left());

        // What fails on the pool that was left says nothing about the new one.
        let new = take();
        for old in &busy {
            pool.settle(old, true);
        }
        assert!(Arc::ptr_eq(&new, &take()));
        drop(busy);
        pool.settle(&new, true);
        assert!(!Arc::ptr_eq(&new, &take()));
    }

    #[test]
    fn a_callers_own_client_stays() {
        let http = crate::http_client_builder().unwrap().build().unwrap();
        let pool = Pool::new(http, None);
        let used = pool.take(Repeatable::Never, true);
        pool.settle(&used, true);
        assert!(Arc::ptr_eq(&used, &pool.take(Repeatable::Always, false)));
    }
}

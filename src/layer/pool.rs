//! Which connections an attempt may go over.

use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Id;

use super::http_client::Setup;
use super::transport::{Connections, Origin, Transport, runtime};
use crate::retry::Repeatable;

/// A pool is left when more attempts in a row have failed on it than this part of those that are under
/// way: a quiet client leaves it at once, and a busy one isn't made to connect anew by a single failure.
const PART: usize = 4;

/// The connections of a client.
///
/// One connection may be sick while all others are well, or all may lead to a host that has gone. A pool
/// can't be asked to close a connection, so it is left as a whole: later attempts connect anew and look the
/// host up again. Other clients that share it stay: what failed may be of this one's making, such as a time
/// limit that is too short.
pub(super) enum Pool {
    /// The HTTP client is the caller's: another one like it can't be made.
    Callers(Arc<Connections>),
    Shared {
        route: Route,
        origin: Arc<str>,
        view: Mutex<Option<View>>,
    },
}

/// How letterhead's own HTTP clients are had.
#[derive(Clone)]
pub(super) struct Route {
    pub(super) transport: Transport,
    pub(super) setup: Arc<Setup>,
}

/// What a client has in one runtime.
pub(super) struct View {
    runtime: Option<Id>,
    origin: Arc<Origin>,
    connections: Arc<Connections>,
}

impl Pool {
    pub(super) fn callers(http: reqwest::Client) -> Self {
        Self::Callers(Connections::of(http))
    }

    pub(super) fn shared(route: Route, origin: &str) -> Self {
        Self::Shared { route, origin: origin.into(), view: Mutex::new(None) }
    }

    /// Connections for an attempt. It gets a new one after another has failed, and where it may not be
    /// retried: a server may just have closed an idle one, and then nobody knows whether it has read the
    /// request.
    pub(super) fn take(&self, repeatable: Repeatable, has_failed: bool) -> Arc<Connections> {
        let (route, origin, view) = match self {
            Self::Callers(connections) => return Arc::clone(connections),
            Self::Shared { route, origin, view } => (route, origin, view),
        };
        let runtime = runtime();
        let mut view = lock(view);
        let view = match &mut *view {
            Some(view) if view.runtime == runtime => view,
            other => other.insert({
                let origin = route.transport.origin(&route.setup, Some(origin));
                let connections = origin.newest();
                View { runtime, origin, connections }
            }),
        };
        let is_single = has_failed || repeatable == Repeatable::Never;
        let connections = if is_single { view.origin.single() } else { &view.connections };
        Arc::clone(connections)
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
        let Self::Shared { view, .. } = self else { return };
        let under_way = Arc::strong_count(used) - 1;
        if failed <= under_way / PART {
            return;
        }
        if let Some(view) = &mut *lock(view)
            && Arc::ptr_eq(&view.connections, used)
        {
            view.connections = view.origin.after(used.number);
        }
    }
}

impl Route {
    /// The HTTP client of sign-ins, in the caller's runtime.
    pub(super) fn for_sign_in(&self) -> reqwest::Client {
        self.transport.origin(&self.setup, None).http()
    }
}

fn lock(view: &Mutex<Option<View>>) -> MutexGuard<'_, Option<View>> {
    view.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::http_client::CONNECT_TIMEOUT;
    use super::*;

    fn pools<const N: usize>() -> [Pool; N] {
        let setup = Setup::of_process(CONNECT_TIMEOUT).unwrap();
        let route = Route { transport: Transport::new(), setup };
        std::array::from_fn(|_| Pool::shared(route.clone(), "http://127.0.0.1"))
    }

    fn take(pool: &Pool) -> Arc<Connections> {
        pool.take(Repeatable::Always, false)
    }

    #[test]
    fn a_busy_pool_is_left_when_nothing_succeeds_any_more() {
        let [pool] = pools();
        let busy: Vec<_> = (0..16).map(|_| take(&pool)).collect();
        let is_left = || !Arc::ptr_eq(&busy[0], &take(&pool));
        for _ in 0..100 {
            pool.settle(&busy[0], true);
            pool.settle(&busy[1], false);
        }
        assert!(!is_left());
        (0..5).for_each(|_| pool.settle(&busy[2], true));
        assert!(is_left());

        // What fails on the pool that was left says nothing about the new one.
        let new = take(&pool);
        for old in &busy {
            pool.settle(old, true);
        }
        assert!(Arc::ptr_eq(&new, &take(&pool)));
        drop(busy);
        pool.settle(&new, true);
        assert!(!Arc::ptr_eq(&new, &take(&pool)));
    }

    #[test]
    fn a_client_that_leaves_takes_nobody_along() {
        let [one, other, third] = pools();
        let numbers = |pools: [&Pool; 2]| pools.map(|pool| take(pool).number);
        assert_eq!(numbers([&one, &other]), [0, 0]);
        one.settle(&take(&one), true);
        assert_eq!(numbers([&one, &other]), [1, 0]);
        // Where another one leaves as well, both share what comes next.
        other.settle(&take(&other), true);
        assert_eq!(numbers([&one, &other]), [1, 1]);
        one.settle(&take(&one), true);
        assert_eq!(numbers([&one, &third]), [2, 2]);
    }

    #[test]
    fn each_runtime_has_connections_of_its_own() {
        let [pool, other] = pools();
        let outside = take(&pool);
        let Pool::Shared { route, .. } = &pool else { unreachable!() };
        let rooms = || route.transport.rooms();
        for _ in 0..2 {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let inside = take(&pool);
                assert!(!Arc::ptr_eq(&outside, &inside));
                assert!(Arc::ptr_eq(&inside, &take(&pool)));
                drop(take(&other));
            });
            assert_eq!(rooms(), 2);
            drop(runtime);
            assert_eq!(rooms(), 1, "nothing stays of a runtime that is over");
        }
    }

    #[test]
    fn a_callers_own_client_stays() {
        let http = crate::http_client_builder().unwrap().build().unwrap();
        let pool = Pool::callers(http);
        let used = pool.take(Repeatable::Never, true);
        pool.settle(&used, true);
        assert!(Arc::ptr_eq(&used, &take(&pool)));
    }
}

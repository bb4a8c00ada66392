//! What the callers share.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::kind::Kind;
use crate::ledger::Ledger;
use crate::plan::Plan;
use crate::scene::{Clients, Scene};

/// What the callers share.
pub(crate) struct Stage {
    pub(crate) plan: Plan,
    pub(crate) scene: Scene,
    pub(crate) clients: Clients,
    /// Makes the ids of this run its own.
    pub(crate) salt: u64,
    /// How many updates were started.
    pub(crate) started: AtomicU32,
    /// Up to where each kind has looked for its updates.
    next: [AtomicU32; Kind::ALL.len()],
    pub(crate) deadline: Instant,
    ledger: Mutex<Ledger>,
}

impl Stage {
    pub(crate) fn new(plan: Plan, scene: Scene, clients: Clients) -> Self {
        let salt = fastrand::u64(..);
        let mut ledger = Ledger::new(plan.updates, salt);
        for path in &scene.profiles {
            let profile = scene.sandbox.resource(path);
            ledger.record_original(path.clone(), profile.unwrap_or_default());
        }
        Self {
            ledger: Mutex::new(ledger),
            deadline: Instant::now() + plan.time_limit,
            plan,
            scene,
            clients,
            salt,
            started: AtomicU32::new(0),
            next: Default::default(),
        }
    }

    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn next(&self, kind: Kind) -> Option<u32> {
        let next = &self.next[kind as usize];
        let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        let number = numbers
            .take_while(|number| *number < self.plan.updates && Instant::now() < self.deadline)
            .find(|number| Kind::of_update(*number) == kind)?;
        self.started.fetch_add(1, Ordering::Relaxed);
        Some(number)
    }
}

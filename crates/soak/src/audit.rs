//! What the services did, beside what the callers reported.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use letterhead_sandbox::RecordedRequest;

use crate::kind::Kind;
use crate::ledger::Ledger;
use crate::plan::Plan;
use crate::scene::Scene;
use crate::stage::Event;

/// The services of a run, and its ledger.
pub(crate) struct Audit {
    pub(crate) scene: Scene,
    pub(crate) salt: u64,
    started: AtomicU32,
    ledger: Mutex<Ledger>,
}

impl Audit {
    pub(crate) fn new(plan: &Plan, scene: Scene) -> Self {
        let salt = fastrand::u64(..);
        let mut ledger = Ledger::new(plan.updates, salt);
        for path in &scene.profiles {
            let profile = scene.sandbox.resource(path);
            ledger.record_original(path.clone(), profile.unwrap_or_default());
        }
        Self { scene, salt, started: AtomicU32::new(0), ledger: Mutex::new(ledger) }
    }

    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many updates were started.
    pub(crate) fn started(&self) -> u32 {
        self.started.load(Ordering::Relaxed)
    }

    /// Enters what a caller says.
    pub(crate) fn record(&self, event: Event) {
        match event {
            Event::Started(_) => {
                self.started.fetch_add(1, Ordering::Relaxed);
            }
            Event::Ended(number, reported) => {
                self.ledger().report(number, Kind::of_update(number), reported);
            }
        }
    }

    /// Enters what the services did since the last time; the requests to them.
    pub(crate) fn collect(&self) -> Vec<RecordedRequest> {
        let sandbox = &self.scene.sandbox;
        let (writes, requests) = (sandbox.take_applied_writes(), sandbox.take_requests());
        let mut ledger = self.ledger();
        for write in &writes {
            ledger.record_write(write);
        }
        for request in &requests {
            ledger.record_request(request);
        }
        requests
    }
}

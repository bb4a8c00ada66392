//! What the connections of one sandbox share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::archive::Archive;
use crate::contract::Brought;
use crate::journal::Journal;
use crate::queue::Queue;
use crate::recorded_request::RecordedRequest;
use crate::response::Response;
use crate::sign_in::Tokens;
use crate::store::Store;

/// What the connections of one sandbox share with its owner.
#[derive(Default)]
pub(crate) struct Shared(Mutex<State>);

#[derive(Default)]
pub(crate) struct State {
    pub(crate) store: Store,
    /// Whether a test has put what no document has into the store.
    pub(crate) planted: bool,
    pub(crate) brought: Brought,
    pub(crate) tokens: Tokens,
    pub(crate) journal: Journal,
    pub(crate) requests: Vec<RecordedRequest>,
    pub(crate) forgets_requests: bool,
    pub(crate) archive: Option<Archive>,
    pub(crate) responses: Queue<Response>,
    /// Why a connection panicked, for the owner.
    pub(crate) broken: Option<String>,
}

impl State {
    /// Ends the connection for what the sandbox itself can't go on from.
    ///
    /// To a client this looks like a fault of the network, which a test may be waiting for. So the
    /// owner gets the reason as well.
    pub(crate) fn break_off(&mut self, reason: &str) -> ! {
        self.broken = Some(reason.to_owned());
        panic!("{reason}");
    }
}

impl Shared {
    /// The state; a test that panicked while holding it must not take the others along.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

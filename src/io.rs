//! What a client reaches the outside with.

use std::sync::Arc;

use crate::Clock;

/// The network and the time.
pub(crate) struct Io {
    http: Box<dyn Fn() -> reqwest::Client + Send + Sync>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Io {
    pub(crate) fn new(
        http: impl Fn() -> reqwest::Client + Send + Sync + 'static,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { http: Box::new(http), clock }
    }

    /// The HTTP client of sign-ins, in the runtime that the caller runs in.
    pub(crate) fn http(&self) -> reqwest::Client {
        (self.http)()
    }
}

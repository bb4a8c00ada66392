//! What a client reaches the outside with.

use std::sync::Arc;

use crate::Clock;

/// The network and the time.
#[derive(Debug)]
pub(crate) struct Io {
    pub(crate) http: reqwest::Client,
    pub(crate) clock: Arc<dyn Clock>,
}

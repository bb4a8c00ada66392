//! A response without its body.

use http::{HeaderMap, HeaderValue, StatusCode};

/// The status line and the headers of a response.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) trace_id: Option<HeaderValue>,
}

/// The longest id that is taken for one, in bytes: ids stand in logs.
const LONGEST_ID: usize = 200;

impl Head {
    pub(crate) fn trace_id(&self) -> Option<&str> {
        let id = self.trace_id.as_ref().filter(|id| id.len() <= LONGEST_ID)?;
        id.to_str().ok()
    }
}

//! What the layer has to know about a vendor.

use std::sync::OnceLock;
use std::time::Duration;

use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::JsonRequest;
use crate::JsonObject;
use crate::error::ErrorBody;
use crate::own_headers::is_own;

/// A vendor. All of it is data or a function of bytes.
#[derive(Debug)]
pub(crate) struct Vendor {
    /// What the table of vendors has of it.
    pub(crate) row: &'static letterhead_spec::Vendor,
    /// The vendor's name for people.
    pub(crate) name: &'static str,
    /// How every path of an operation starts; a base URL that ends so is a mistake. May be empty.
    pub(crate) root: &'static str,
    /// The request header that takes the request id.
    pub(crate) request_id: Option<HeaderName>,
    /// The request header that takes the correlation id.
    pub(crate) correlation_id: Option<HeaderName>,
    /// The response header with the vendor's own id of the call.
    pub(crate) trace_id: HeaderName,
    /// Reads the headers and the body of a failure, which has no BOM.
    pub(crate) error_body: fn(StatusCode, &HeaderMap, &[u8]) -> ErrorBody,
    /// Whether the body of a success, which has no BOM, says that it is none. It depends on the method:
    /// what a read got is for its decoder to say.
    pub(crate) is_error: fn(&Method, &[u8]) -> bool,
    /// How long the vendor refuses calls once it throttles, where its response doesn't say: the window
    /// of its quota.
    pub(crate) throttled_for: Option<Duration>,
    /// How lists go on whose pages are plain JSON.
    pub(crate) lists: JsonLists,
    /// Made for the first of its clients.
    headers: OnceLock<Vec<(HeaderName, HeaderValue)>>,
}

/// What the table of vendors can't hold: how paths start, and functions. [`Vendor`] says what each is.
#[derive(Clone, Copy)]
pub(crate) struct Behaviour {
    pub(crate) root: &'static str,
    pub(crate) error_body: fn(StatusCode, &HeaderMap, &[u8]) -> ErrorBody,
    pub(crate) is_error: fn(&Method, &[u8]) -> bool,
    pub(crate) throttled_for: Option<Duration>,
    pub(crate) lists: JsonLists,
}

/// How a vendor's lists go on, for a call that knows no more of a page than that it is a JSON object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonLists {
    /// The member of a page that has the items.
    pub(crate) items: &'static str,
    /// The member of an item that it is known by.
    pub(crate) id: &'static str,
    /// Asks for the first page.
    pub(crate) first: fn(JsonRequest) -> JsonRequest,
    /// Where the page after one with these members is; none after the last one.
    pub(crate) after: fn(&JsonRequest, &JsonObject) -> Result<Option<String>, &'static str>,
    /// Asks for the page at such a place.
    pub(crate) at: fn(JsonRequest, &str) -> JsonRequest,
}

impl Vendor {
    pub(crate) const fn new(row: &'static letterhead_spec::Vendor, behaviour: Behaviour) -> Self {
        const fn header(name: Option<&'static str>) -> Option<HeaderName> {
            match name {
                Some(name) => Some(HeaderName::from_static(name)),
                None => None,
            }
        }
        Self {
            row,
            name: row.name,
            root: behaviour.root,
            request_id: header(row.request_id),
            correlation_id: header(row.correlation_id),
            trace_id: HeaderName::from_static(row.trace_id),
            error_body: behaviour.error_body,
            is_error: behaviour.is_error,
            throttled_for: behaviour.throttled_for,
            lists: behaviour.lists,
            headers: OnceLock::new(),
        }
    }

    /// The headers that every request has with the same value.
    pub(super) fn headers(&'static self) -> &'static [(HeaderName, HeaderValue)] {
        self.headers.get_or_init(|| self.read_headers())
    }

    fn read_headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        let own = [
            (ACCEPT.as_str(), self.row.accept),
            (USER_AGENT.as_str(), concat!("letterhead/", env!("CARGO_PKG_VERSION"))),
        ];
        let all = own.iter().chain(self.row.headers);
        let parsed = all.map(|&(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        parsed.collect()
    }

    /// Whether nobody else sets a header: it is letterhead's own, carries a credential of this vendor, or has the
    /// layer's value for it.
    pub(super) fn reserves(&self, name: &HeaderName) -> bool {
        let credentials = self.row.credential_headers().map(|header| header.name);
        let mut all = self.row.supplied_headers().chain(credentials);
        is_own(name) || all.any(|own| name == own)
    }
}

//! The vendor-blind layer: it gives every call its credential, its ids, its span and one way to
//! succeed or fail.
//!
//! ```text
//! Layer::call ─▶ Call (path, query, headers, body) ─▶ run ─▶ attempt ─▶ response ─▶ Reply or Error
//!                                                     ▲          │
//!                                                     └── wait ◀─┘ where it may be retried
//! ```

mod apart;
mod argument;
mod attempt;
mod builder;
#[allow(dead_code, reason = "for documents of other vendors")]
mod by_status;
mod call;
mod call_builder;
#[allow(dead_code, reason = "for documents with other bodies than JSON")]
mod content;
mod convenience;
mod endpoint;
mod error_json;
mod extra_header;
mod fixed_urls;
#[allow(dead_code, reason = "for documents of other vendors")]
mod flat;
mod hook;
mod http_client;
mod json_request;
mod link_header;
mod list;
mod mark;
mod operation;
mod pool;
mod proxies;
mod response;
#[allow(dead_code, unused_macros, reason = "for documents that describe headers")]
mod response_header;
mod run;
#[allow(dead_code, reason = "for documents with such styles")]
mod style;
mod time_limit;
mod transport;
mod vendor;
mod visit;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderName, HeaderValue, StatusCode};
use reqwest::Url;

pub(crate) use argument::Argument;
pub use builder::ClientBuilder;
#[allow(unused_imports, reason = "for documents with such responses")]
pub(crate) use by_status::{ByStatus, by_status};
pub(crate) use call::{Call, QUERY};
pub(crate) use call_builder::{
    NO_BODY, argument, built, given, operation, options, received, takes,
};
#[allow(unused_imports, reason = "for documents with other bodies than JSON")]
pub(crate) use content::{Content, Encode, How, bodies};
pub(crate) use convenience::convenience;
pub(crate) use endpoint::is_loopback;
pub(crate) use error_json::{json_object, text_of};
use fixed_urls::FixedUrls;
pub use hook::{Attempt, Hook, HookResult, Outcome};
pub use http_client::http_client_builder;
pub use json_request::JsonRequest;
pub(crate) use mark::{Mark, Spot};
pub(crate) use operation::Operation;
use pool::Pool;
#[allow(unused_imports, reason = "for documents with such styles")]
pub(crate) use style::{Form, Style};
pub use transport::Transport;
pub(crate) use vendor::{Behaviour, JsonLists, Vendor};

#[allow(unused_imports, reason = "for documents with such responses")]
pub(crate) use response::Response;
#[allow(unused_imports, reason = "for documents that describe headers")]
pub(crate) use response_header::{Shape, response_header, response_headers};

use crate::Clock;
use crate::credential::Source;
use crate::ids::{CorrelationId, RequestId};
use crate::io::Io;
use crate::limit::Gate;
pub(crate) use crate::retry::Repeatable;
use crate::retry::{Budget, RetryPolicy, Withdrawal};

/// A vendor's client. Only letterhead's own are.
pub trait VendorClient: Sized {
    /// What the vendor is shown.
    type Credential: Into<Source>;

    #[doc(hidden)]
    fn from_layer(layer: Layer) -> Self;

    #[doc(hidden)]
    fn layer(&self) -> &Layer;
}

/// Makes `Client` and `Credential`, newtypes of the vendor's file, known to the layer.
macro_rules! client {
    () => {
        impl From<Credential> for $crate::credential::Source {
            fn from(credential: Credential) -> Self {
                credential.0
            }
        }

        impl $crate::VendorClient for Client {
            type Credential = Credential;

            fn from_layer(layer: $crate::layer::Layer) -> Self {
                Self(layer)
            }

            fn layer(&self) -> &$crate::layer::Layer {
                &self.0
            }
        }

        impl Client {
            /// Starts a call of a path that the document doesn't have, below the base URL and as the document
            /// writes its own: with a name in braces for each segment that is a value. See
            /// [`JsonRequest`]($crate::JsonRequest).
            ///
            /// The path isn't made at run time, since it names the call in spans and metrics.
            #[must_use = "nothing is sent until `send` is called"]
            pub fn request(
                &self,
                method: ::http::Method,
                path: &'static str,
            ) -> $crate::JsonRequest {
                $crate::JsonRequest::new(&self.0, method, path)
            }
        }
    };
}
pub(crate) use client;

/// Why a response of success, whose body has no BOM and was decoded, doesn't show what it has to.
pub(crate) type Proof = fn(StatusCode, &[u8]) -> Result<(), &'static str>;

/// What a single call may differ in.
#[derive(Clone, Default)]
pub struct Options {
    pub(crate) correlation_id: Option<CorrelationId>,
    pub(crate) request_id: Option<RequestId>,
    pub(crate) timeout: Option<Duration>,
    /// When the time is over of several calls together.
    pub(crate) until: Option<Instant>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) headers: Vec<(String, String)>,
    /// Whether the reply keeps the body as it came.
    pub(crate) keep_body: bool,
    /// Whether a list's items that can't be decoded come beside the others, which the caller asks
    /// [`Reply::take_undecoded`](crate::Reply) for.
    pub(crate) past_undecodable: bool,
    /// Where a list's page says how it goes on, which [`Reply::mark`](crate::Reply) has then.
    pub(crate) mark: Option<&'static Mark>,
    /// What a response has to show beyond what it is decoded as.
    pub(crate) proof: Option<Proof>,
    /// Where the call goes instead of the operation's path: a link that the vendor sent.
    pub(crate) link: Option<Result<Box<Url>, String>>,
}

impl Options {
    /// For several calls: they share the time from now on, and the correlation id.
    pub(crate) fn together(self, clock: &dyn Clock) -> Self {
        let correlation_id = Some(CorrelationId::for_call(self.correlation_id));
        match self.timeout {
            Some(limit) => Self { correlation_id, ..self.within(clock, limit) },
            None => Self { correlation_id, ..self },
        }
    }

    /// For calls that are to end within `limit` from now on.
    pub(crate) fn within(self, clock: &dyn Clock, limit: Duration) -> Self {
        // What is beyond the end of time is no limit.
        Self { until: clock.now().checked_add(limit), ..self }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only the number of headers: a gateway's key may be among the values, or among the names where
        // somebody has swapped the two.
        f.debug_struct("Options")
            .field("correlation_id", &self.correlation_id)
            .field("request_id", &self.request_id)
            .field("timeout", &self.timeout)
            .field("until", &self.until)
            .field("retry", &self.retry)
            .field("headers", &self.headers.len())
            .field("keep_body", &self.keep_body)
            .field("past_undecodable", &self.past_undecodable)
            .field("mark", &self.mark)
            .field("is_proved", &self.proof.is_some())
            .field("is_link", &self.link.is_some())
            .finish()
    }
}

/// One vendor, one credential, one connection pool.
#[derive(Clone, Debug)]
pub struct Layer(Arc<Inner>);

struct Inner {
    io: Arc<Io>,
    vendor: &'static Vendor,
    /// The cloud that the client is for, where the vendor has several.
    cloud: Option<&'static str>,
    /// Scheme, host and port; its path is empty or a prefix, without a slash at the end.
    base: Url,
    /// The headers that every call has besides the credential's and the ids: `Accept`, `User-Agent`, and
    /// the vendor's own.
    headers: &'static [(HeaderName, HeaderValue)],
    credential: Source,
    /// The time limit of a call, its retries and waits included.
    timeout: Duration,
    /// The time limit of a single attempt.
    attempt_timeout: Duration,
    retry: RetryPolicy,
    budget: Budget,
    gate: Gate,
    pool: Pool,
    fixed_urls: FixedUrls,
    /// The caller's hooks, the outermost first.
    hooks: Vec<Arc<dyn Hook>>,
    /// Whether the HTTP client is the caller's, who may have let it follow redirects.
    may_redirect: bool,
}

impl Layer {
    pub(crate) fn io(&self) -> &Io {
        &self.0.io
    }

    pub(crate) fn vendor(&self) -> &'static Vendor {
        self.0.vendor
    }

    /// The base URL.
    pub(crate) fn base(&self) -> &Url {
        &self.0.base
    }

    /// A link as it is from whatever address the vendor is reached at, so that a position in a list
    /// outlives a change of it. None for a link to another origin.
    pub(crate) fn without_origin(&self, url: &Url) -> Option<String> {
        let base = self.base();
        let rest = url.as_str().strip_prefix(&endpoint::origin(base))?;
        // Two slashes in front would be another host's.
        let is_path = rest.starts_with('/') && !rest.starts_with("//");
        (is_path && endpoint::same_origin(url, base)).then(|| rest.to_owned())
    }

    /// Whether a pair of the query is the credential's.
    pub(crate) fn sends_in_query(&self, name: &str) -> bool {
        let own = self.0.credential.slots();
        own.iter().any(|slot| slot.is_query(name))
    }

    /// The URL of a link that [`without_origin`](Self::without_origin) may have shortened.
    pub(crate) fn with_origin(&self, link: &str) -> Result<Box<Url>, String> {
        let url = self.base().join(link);
        url.map(Box::new).map_err(|error| format!("the link can't be read: {error}"))
    }

    /// The policy of calls that have none of their own.
    pub(crate) fn retry(&self) -> RetryPolicy {
        self.0.retry
    }

    /// Pays for a call that does another one's work again, if there is enough left.
    pub(crate) fn withdraw(&self) -> Option<Withdrawal<'_>> {
        self.0.budget.withdraw()
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of the base URL only the origin: a path may hold a gateway's key, or what isn't an organization.
        f.debug_struct("Layer")
            .field("vendor", &self.vendor.name)
            .field("base", &endpoint::origin(&self.base))
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}

//! The vendor-blind layer: it gives every call its credential, its ids, its span and one way to
//! succeed or fail.
//!
//! ```text
//! Layer::call ─▶ Call (path, query, headers, body) ─▶ exchange ─▶ Reply or Error
//! ```

#![cfg_attr(
    not(all(
        feature = "campaign-standard",
        feature = "cloudflare",
        feature = "partner-center"
    )),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "each vendor uses its part"
    )
)]

mod argument;
mod builder;
mod call;
mod endpoint;
mod exchange;
mod failure;

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method, StatusCode};
use reqwest::Url;

pub(crate) use argument::Argument;
pub use builder::{ClientBuilder, http_client_builder};
pub(crate) use call::Call;
pub(crate) use failure::{json_object, text_of};

use crate::credential;
use crate::error::Failure;
use crate::ids::{CorrelationId, RequestId};

/// What the layer has to know about a vendor. All of it is data or a function of bytes.
#[derive(Debug)]
pub(crate) struct Vendor {
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
    /// Reads the body of a failure, which has no BOM.
    pub(crate) failure: fn(StatusCode, &[u8]) -> Failure,
    /// Whether the body of a success, which has no BOM, says that it is none.
    pub(crate) refused: fn(&[u8]) -> bool,
}

/// A vendor's client. Only letterhead's own are.
pub trait Service: Sized {
    /// What the vendor is shown.
    type Credential: Into<credential::Headers>;

    #[doc(hidden)]
    fn from_layer(layer: Layer) -> Self;

    #[doc(hidden)]
    fn layer(&self) -> &Layer;
}

/// Makes `Client` and `Credential`, newtypes of the vendor's file, known to the layer.
macro_rules! service {
    () => {
        impl From<Credential> for $crate::credential::Headers {
            fn from(credential: Credential) -> Self {
                credential.0
            }
        }

        impl $crate::Service for Client {
            type Credential = Credential;

            fn from_layer(layer: $crate::layer::Layer) -> Self {
                Self(layer)
            }

            fn layer(&self) -> &$crate::layer::Layer {
                &self.0
            }
        }
    };
}
pub(crate) use service;

/// What a call says whose document demands a body that was never set.
pub(crate) const NO_BODY: &str = "body is required and was not set";

/// An operation of a document.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
}

/// What a single call may differ in.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    pub(crate) correlation_id: Option<CorrelationId>,
    pub(crate) request_id: Option<RequestId>,
}

/// One vendor, one credential, one connection pool.
#[derive(Clone, Debug)]
pub struct Layer(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    vendor: &'static Vendor,
    /// Scheme, host and port; its path is empty or a prefix, without a slash at the end.
    base: Url,
    /// The headers that every call has: the credential, `Accept`, `User-Agent`.
    headers: Vec<(HeaderName, HeaderValue)>,
    credential: credential::Headers,
    /// Whether the HTTP client is the caller's, who may have let it follow redirects.
    may_redirect: bool,
}

impl Layer {
    /// Starts a call of `operation`.
    pub(crate) fn call(&self, operation: &'static Operation, options: Options) -> Call<'_> {
        Call::new(self, operation, options)
    }

    /// The base URL.
    pub(crate) fn base(&self) -> &Url {
        &self.0.base
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Layer")
            .field("vendor", &self.vendor.name)
            .field("base", &self.base.as_str())
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use http::header::{ACCEPT, USER_AGENT};
use reqwest::Url;

use super::{Inner, Layer, Service, Vendor, endpoint};
use crate::{Error, credential};

/// The time limit of a whole call where none is set: Partner Center has been seen to need more than
/// 100 seconds.
const TIMEOUT: Duration = Duration::from_secs(180);
/// The time limit of a connection where none is set.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sets up a vendor's client; made by the client's `builder()`.
#[must_use]
pub struct ClientBuilder<S: Service> {
    vendor: &'static Vendor,
    base_url: String,
    below: Vec<String>,
    credential: Option<credential::Headers>,
    timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    http_client: Option<reqwest::Client>,
    service: PhantomData<fn() -> S>,
}

impl<S: Service> ClientBuilder<S> {
    pub(crate) fn new(vendor: &'static Vendor, base_url: &str) -> Self {
        Self {
            vendor,
            base_url: base_url.to_owned(),
            below: Vec::new(),
            credential: None,
            timeout: None,
            connect_timeout: None,
            http_client: None,
            service: PhantomData,
        }
    }

    /// Sends calls to `url` instead of the vendor's own: a proxy, or a sandbox on loopback.
    ///
    /// A path in it is kept as a prefix. It has to be `https`, except on loopback.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Adds `segments` to the path of the base URL, whichever it will be.
    pub(crate) fn below(mut self, segments: impl IntoIterator<Item = String>) -> Self {
        self.below.extend(segments);
        self
    }

    /// What the client shows the vendor. Required.
    pub fn credential(mut self, credential: S::Credential) -> Self {
        self.credential = Some(credential.into());
        self
    }

    /// The time limit of a whole call, body included: 180 seconds unless set here.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// The time limit of a connection, TLS included: 10 seconds unless set here.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = Some(limit);
        self
    }

    /// Sends through a client of the caller's own, with its proxies, TLS and time limits.
    ///
    /// Start from [`http_client_builder`], which sets up TLS and follows no redirects. A client of
    /// another make has to have [`reqwest::redirect::Policy::none`]: a redirect takes `X-Auth-Key`,
    /// `X-Api-Key` and bodies to other hosts, and letterhead can only report afterwards that the
    /// answer came from another URL. It also may send plain http to a proxy, credential and all.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// No credential, a base URL that won't do, TLS that can't be set up, a time limit together with
    /// a client of the caller's own.
    pub fn build(self) -> Result<S, Error> {
        let vendor = self.vendor;
        let credential = self.credential.ok_or_else(|| {
            Error::configuration(format!(
                "the client for {} has no credential; give its builder one",
                vendor.name
            ))
        })?;
        let base = endpoint::parse(&self.base_url, vendor, &self.below)?;
        let may_redirect = self.http_client.is_some();
        let http = match self.http_client {
            None => {
                require_tls(&base)?;
                let builder = http_client_builder()?;
                // Plain http is for loopback: a proxy would see the credential.
                let builder = if base.scheme() == "http" {
                    builder.no_proxy()
                } else {
                    builder
                };
                builder
                    .timeout(self.timeout.unwrap_or(TIMEOUT))
                    .connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
                    .build()
                    .map_err(|error| {
                        Error::configuration("the HTTP client can't be set up").with_source(error)
                    })?
            }
            Some(client) if self.timeout.or(self.connect_timeout).is_none() => client,
            Some(_) => {
                return Err(Error::configuration(
                    "time limits belong to the `reqwest::Client` that was given; set them there",
                ));
            }
        };
        let mut headers = vec![
            (ACCEPT, HeaderValue::from_static("application/json")),
            (
                USER_AGENT,
                HeaderValue::from_static(concat!("letterhead/", env!("CARGO_PKG_VERSION"))),
            ),
        ];
        headers.extend_from_slice(credential.headers());
        Ok(S::from_layer(Layer(Arc::new(Inner {
            http,
            vendor,
            base,
            headers,
            credential,
            may_redirect,
        }))))
    }
}

impl<S: Service> fmt::Debug for ClientBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL isn't checked yet, and people put passwords into URLs.
        f.debug_struct("ClientBuilder")
            .field("vendor", &self.vendor.name)
            .field("credential", &self.credential)
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .finish_non_exhaustive()
    }
}

fn require_tls(base: &Url) -> Result<(), Error> {
    if cfg!(not(any(feature = "rustls", feature = "native-tls"))) && base.scheme() == "https" {
        return Err(Error::configuration(
            "letterhead was built without TLS; turn on its feature `rustls` or `native-tls`, or give \
             the builder a `reqwest::Client`",
        ));
    }
    Ok(())
}

/// What letterhead builds its own HTTP client from, for a caller who adds a proxy or changes the
/// connection pool and hands the client to [`ClientBuilder::http_client`].
///
/// It follows no redirects, limits a call to 180 seconds and a connection to 10, and has the TLS of
/// letterhead's features, set up: for certificates of your own set up another with
/// [`reqwest::ClientBuilder::tls_backend_preconfigured`].
///
/// ```
/// let http = letterhead::http_client_builder()?.pool_max_idle_per_host(4).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// TLS that can't be set up.
pub fn http_client_builder() -> Result<reqwest::ClientBuilder, Error> {
    let builder = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .tcp_nodelay(true);
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_preconfigured(rustls_config()?);
    Ok(builder)
}

/// The process's crypto provider, or ring without making it the process's: that is the application's
/// to choose.
#[cfg(feature = "rustls")]
fn rustls_config() -> Result<rustls::ClientConfig, Error> {
    use rustls::crypto::{CryptoProvider, ring};
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(ring::default_provider()));
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(rustls::ConfigBuilder::with_platform_verifier)
        .map(rustls::ConfigBuilder::<rustls::ClientConfig, _>::with_no_client_auth)
        .map_err(|error| Error::configuration("TLS can't be set up").with_source(error))
}

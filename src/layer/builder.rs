use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use super::pool::{Make, Pool};
use super::{Hook, Inner, Layer, Vendor, VendorClient, endpoint, proxies};
use crate::clock::TokioClock;
use crate::credential::Source;
use crate::io::Io;
use crate::limit::{Gate, RateLimit};
use crate::retry::{Budget, RetryPolicy};
use crate::{Clock, Error};

/// The time limit of a whole call where none is set.
const TIMEOUT: Duration = Duration::from_secs(300);
/// The time limit of an attempt where none is set: Partner Center has been seen to need more than 100
/// seconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(180);
/// The time limit of a connection where none is set.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sets up a vendor's client; made by the client's `builder()`.
#[must_use]
pub struct ClientBuilder<C: VendorClient> {
    vendor: &'static Vendor,
    base_url: String,
    below: Vec<String>,
    credential: Option<Source>,
    cloud: Option<&'static str>,
    timeout: Duration,
    attempt_timeout: Duration,
    connect_timeout: Option<Duration>,
    retry: RetryPolicy,
    rate_limit: Option<RateLimit>,
    concurrency_limit: Option<usize>,
    clock: Arc<dyn Clock>,
    http_client: Option<reqwest::Client>,
    hooks: Vec<Arc<dyn Hook>>,
    client: PhantomData<fn() -> C>,
}

impl<C: VendorClient> ClientBuilder<C> {
    pub(crate) fn new(vendor: &'static Vendor, base_url: &str) -> Self {
        Self {
            vendor,
            base_url: base_url.to_owned(),
            below: Vec::new(),
            credential: None,
            cloud: None,
            timeout: TIMEOUT,
            attempt_timeout: ATTEMPT_TIMEOUT,
            connect_timeout: None,
            retry: RetryPolicy::default(),
            rate_limit: None,
            concurrency_limit: None,
            clock: Arc::new(TokioClock),
            http_client: None,
            hooks: Vec::new(),
            client: PhantomData,
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

    /// The cloud that operations have to be offered in.
    pub(crate) fn for_cloud(mut self, cloud: &'static str) -> Self {
        self.cloud = Some(cloud);
        self
    }

    /// What the client shows the vendor. Required.
    pub fn credential(mut self, credential: C::Credential) -> Self {
        self.credential = Some(credential.into());
        self
    }

    /// The time limit of a whole call, with its retries and its waits: 300 seconds unless set here.
    ///
    /// A retry that could only start after it isn't waited for: the call fails at once. A write isn't sent
    /// with less than a quarter of a second left, or less than a fifth of the limit where that is shorter:
    /// nobody would know what became of it.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// The time limit of a single attempt, body included: 180 seconds unless set here.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.attempt_timeout = limit;
        self
    }

    /// How patient the client is with failures that may pass. See [`RetryPolicy`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many requests may start in a time. Off unless set here.
    ///
    /// With it the client also heeds what the vendor says of its quota in `Ratelimit` and `Retry-After`:
    /// no call is sent while it is spent. The newest `Ratelimit` is believed, for at most the window that
    /// the vendor publishes for its quota.
    ///
    /// Each call runs in a task of its own then, so that a caller who stops polling keeps nobody waiting.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// How many requests may be under way at once; further ones wait, first come, first served. Off unless
    /// set here.
    ///
    /// Each call runs in a task of its own then, so that a caller who stops polling keeps nobody waiting.
    pub fn concurrency_limit(mut self, requests: usize) -> Self {
        self.concurrency_limit = Some(requests);
        self
    }

    /// Where the client has the time from: tokio unless set here.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The time limit of a connection, TLS included: 10 seconds unless set here.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = Some(limit);
        self
    }

    /// Sends through a client of the caller's own, with its proxies, TLS and connection pool.
    ///
    /// With a client that it made itself, letterhead uses a new connection for a retry after a server error
    /// or a failure on the way, leaves a pool on which attempts keep failing, and sends what may not be sent
    /// twice over a new connection, so that it isn't lost on one that the server has just closed. It can't do
    /// so with this one.
    ///
    /// Start from [`http_client_builder`], which sets up TLS and follows no redirects. A client of
    /// another make has to have [`reqwest::redirect::Policy::none`]: a redirect takes `X-Auth-Key`,
    /// `X-Api-Key` and bodies to other hosts, and letterhead can only report afterwards that the
    /// response came from another URL. It also may send plain http on loopback to a proxy, credential and
    /// all: one from [`http_client_builder`] does so for a proxy that the caller added, never for one of
    /// the environment.
    ///
    /// Leave [`reqwest::ClientBuilder::connection_verbose`] off: with it reqwest writes every byte that is
    /// sent and received to the log at the level TRACE, under the target
    /// `reqwest::connect::verbose`. Access tokens, keys, client secrets, refresh tokens and passwords are
    /// among them in clear text, and letterhead can neither see nor undo the setting. Where it has to be
    /// on, filter that target out.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Adds a hook, which runs before and after every attempt of every call, inside of those that were added
    /// before it. See [`Hook`].
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// The client.
    ///
    /// # Errors
    /// No credential, or one for another cloud; a base URL that won't do; TLS that can't be set up; a
    /// limit for connections together with a client of the caller's own.
    pub fn build(self) -> Result<C, Error> {
        let vendor = self.vendor;
        let credential = self.credential.ok_or_else(|| {
            Error::configuration(format!(
                "the client for {} has no credential; give its builder one",
                vendor.name
            ))
        })?;
        if let (Some(cloud), Some(other)) = (self.cloud, credential.cloud)
            && cloud != other
        {
            return Err(Error::configuration(format!(
                "the credential signs in to the cloud `{other}`, and the client is set up for `{cloud}`; \
                 give both the same"
            )));
        }
        let base = endpoint::parse(&self.base_url, vendor, &self.below)?;
        let may_redirect = self.http_client.is_some();
        let (http, make) = match self.http_client {
            None => {
                require_tls(&base)?;
                let tls = tls()?;
                let proxy = proxies::of_environment();
                let connect_timeout = self.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
                let make: Make = Box::new(move |idle| {
                    let builder = builder_with(&tls, proxy.as_ref());
                    let builder = builder.connect_timeout(connect_timeout);
                    builder.pool_max_idle_per_host(idle).build()
                });
                let http = make(usize::MAX).map_err(|error| {
                    Error::configuration("the HTTP client can't be set up").with_source(error)
                })?;
                (http, Some(make))
            }
            Some(client) if self.connect_timeout.is_none() => (client, None),
            Some(_) => {
                return Err(Error::configuration(
                    "the limit for connections belongs to the `reqwest::Client` that was given; set it \
                     there",
                ));
            }
        };
        Ok(C::from_layer(Layer(Arc::new(Inner {
            vendor,
            cloud: self.cloud,
            base,
            headers: vendor.headers(),
            credential,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            retry: self.retry,
            budget: Budget::new(),
            gate: Gate::new(self.rate_limit, self.concurrency_limit, &self.clock),
            may_redirect,
            hooks: self.hooks,
            pool: Pool::new(http.clone(), make),
            io: Arc::new(Io { http, clock: self.clock }),
        }))))
    }
}

impl<C: VendorClient> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL isn't checked yet, and people put passwords into URLs.
        f.debug_struct("ClientBuilder")
            .field("vendor", &self.vendor.name)
            .field("credential", &self.credential)
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retry", &self.retry)
            .field("rate_limit", &self.rate_limit)
            .field("concurrency_limit", &self.concurrency_limit)
            .field("hooks", &self.hooks.len())
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
/// It follows no redirects, limits a connection to 10 seconds, and has the TLS of
/// letterhead's features, set up: for certificates of your own set up another with
/// [`reqwest::ClientBuilder::tls_backend_preconfigured`].
///
/// It uses the proxies of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`) for
/// everything but plain http on loopback, where a proxy would see credentials. They come before a proxy
/// that is added: call [`no_proxy`](reqwest::ClientBuilder::no_proxy) first to have yours alone.
///
/// A response may have a hundred headers. Where a gateway adds more, raise
/// [`http1_max_headers`](reqwest::ClientBuilder::http1_max_headers): with it each call takes some percent
/// longer.
///
/// Start here and not from `reqwest::Client::new()` or `reqwest::Client::builder()`, which panic where the
/// process has no crypto provider: letterhead installs none, since that is the application's to choose.
/// What is set on it is the caller's: redirects and
/// [`connection_verbose`](reqwest::ClientBuilder::connection_verbose), which logs credentials, are off and
/// should stay so; see [`ClientBuilder::http_client`].
///
/// ```
/// let http = letterhead::http_client_builder()?.pool_max_idle_per_host(4).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// TLS that can't be set up.
pub fn http_client_builder() -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder_with(&tls()?, proxies::of_environment().as_ref()))
}

fn builder_with(tls: &Tls, proxy: Option<&reqwest::Proxy>) -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .tcp_nodelay(true);
    // Without either reqwest asks the environment itself, for plain http on this machine as well.
    let builder = match proxy {
        Some(proxy) => builder.proxy(proxy.clone()),
        None => builder.no_proxy(),
    };
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_preconfigured(tls.clone());
    #[cfg(not(feature = "rustls"))]
    let Tls = tls;
    builder
}

#[cfg(feature = "rustls")]
use rustls::ClientConfig as Tls;

/// reqwest's own.
#[cfg(not(feature = "rustls"))]
struct Tls;

#[cfg(not(feature = "rustls"))]
#[expect(clippy::unnecessary_wraps, reason = "with rustls it may fail")]
fn tls() -> Result<Tls, Error> {
    Ok(Tls)
}

/// The process's crypto provider, or ring without making it the process's: that is the application's
/// to choose.
#[cfg(feature = "rustls")]
fn tls() -> Result<Tls, Error> {
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

//! How letterhead's own HTTP clients are set up.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::proxies::{self, Variables};
use crate::Error;

/// The time limit of a connection where none is set.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What HTTP clients are made of that clients of the vendors can share: the time limit of connections, the
/// environment's proxies, TLS.
pub(super) struct Setup {
    connect_timeout: Duration,
    variables: Variables,
    proxy: Option<reqwest::Proxy>,
    tls: Tls,
    /// The first one, which proved that others can be made. It isn't used as long as they can.
    first: reqwest::Client,
}

impl Setup {
    /// The one for the environment as it is now, made once for all clients that want the same.
    ///
    /// # Errors
    /// TLS that can't be set up.
    pub(super) fn of_process(connect_timeout: Duration) -> Result<Arc<Self>, Error> {
        static KNOWN: Mutex<Vec<Arc<Setup>>> = Mutex::new(Vec::new());

        let variables = Variables::read();
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |setup: &&Arc<Self>| {
            setup.connect_timeout == connect_timeout
                && setup.variables == variables
                && is_of_process(&setup.tls)
        };
        if let Some(setup) = known.iter().find(is_same) {
            return Ok(Arc::clone(setup));
        }
        let like = known.iter().find(|setup| is_of_process(&setup.tls));
        let tls = like.map_or_else(tls, |setup| Ok(setup.tls.clone()))?;
        let proxy = proxies::of_environment();
        let builder = builder_with(&tls, proxy.as_ref()).connect_timeout(connect_timeout);
        let first = builder.build().map_err(|error| {
            Error::configuration("the HTTP client can't be set up").with_source(error)
        })?;
        let setup = Arc::new(Self { connect_timeout, variables, proxy, tls, first });
        // The newest stays for clients that come and go.
        known.retain(|setup| Arc::strong_count(setup) > 1);
        known.push(Arc::clone(&setup));
        Ok(setup)
    }

    /// A new HTTP client, which keeps so many idle connections to a host.
    pub(super) fn http(&self, idle: usize) -> reqwest::Client {
        let builder = builder_with(&self.tls, self.proxy.as_ref());
        let builder = builder.connect_timeout(self.connect_timeout).pool_max_idle_per_host(idle);
        builder.build().unwrap_or_else(|_| self.first.clone())
    }
}

/// What letterhead builds its own HTTP client from, for a caller who adds a proxy or changes the
/// connection pool and hands the client to [`ClientBuilder::http_client`](crate::ClientBuilder::http_client).
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
/// Each one reads the platform's trust store anew, which takes some 20 ms: share the client that it makes. The
/// clients that are given none share [one that is made once](crate::Transport).
///
/// Start here and not from `reqwest::Client::new()` or `reqwest::Client::builder()`, which panic where the
/// process has no crypto provider: letterhead installs none, since that is the application's to choose.
/// What is set on it is the caller's: redirects and
/// [`connection_verbose`](reqwest::ClientBuilder::connection_verbose), which logs credentials, are off and
/// should stay so; see [`ClientBuilder::http_client`](crate::ClientBuilder::http_client).
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
        // An attempt is one request on the wire. With no retry at all reqwest makes no copy of the request for one.
        .retry(reqwest::retry::never().max_retries_per_request(0))
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
#[derive(Clone)]
struct Tls;

/// Whether the process would have the same TLS now: the application may have chosen a crypto provider since.
#[cfg(feature = "rustls")]
fn is_of_process(tls: &Tls) -> bool {
    Arc::ptr_eq(tls.crypto_provider(), &provider())
}

#[cfg(not(feature = "rustls"))]
fn is_of_process(_: &Tls) -> bool {
    true
}

#[cfg(not(feature = "rustls"))]
#[expect(clippy::unnecessary_wraps, reason = "with rustls it may fail")]
fn tls() -> Result<Tls, Error> {
    Ok(Tls)
}

/// The process's crypto provider, or ring without making it the process's: that is the application's
/// to choose.
#[cfg(feature = "rustls")]
fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    use std::sync::LazyLock;

    use rustls::crypto::{CryptoProvider, ring};

    static RING: LazyLock<Arc<CryptoProvider>> =
        LazyLock::new(|| Arc::new(ring::default_provider()));
    Arc::clone(CryptoProvider::get_default().unwrap_or_else(|| &*RING))
}

#[cfg(feature = "rustls")]
fn tls() -> Result<Tls, Error> {
    use rustls_platform_verifier::BuilderVerifierExt as _;

    rustls::ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .and_then(rustls::ConfigBuilder::with_platform_verifier)
        .map(rustls::ConfigBuilder::<rustls::ClientConfig, _>::with_no_client_auth)
        .map_err(|error| Error::configuration("TLS can't be set up").with_source(error))
}

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use super::fixed_urls::FixedUrls;
use super::http_client::{CONNECT_TIMEOUT, Setup};
use super::pool::{Pool, Route};
use super::transport::Transport;
use super::{Hook, Inner, Layer, Vendor, VendorClient, endpoint};
use crate::clock::TokioClock;
use crate::credential::Source;
use crate::environment::Environment;
use crate::io::Io;
use crate::limit::{ConcurrencyLimit, Gate, Limiter, RateLimit, RateLimiter};
use crate::retry::{Budget, RetryPolicy};
use crate::{Clock, Error};

/// The time limit of a whole call where none is set.
const TIMEOUT: Duration = Duration::from_secs(300);
/// The time limit of an attempt where none is set: Partner Center has been seen to need more than 100
/// seconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(180);

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
    rate: Option<Rate>,
    concurrency_limit: Option<ConcurrencyLimit>,
    clock: Arc<dyn Clock>,
    http_client: Option<reqwest::Client>,
    hooks: Vec<Arc<dyn Hook>>,
    transport: Option<Transport>,
    client: PhantomData<fn() -> C>,
}

/// Who keeps the rate.
#[derive(Debug)]
enum Rate {
    /// A limiter of the client's own, which is made with the client's clock.
    Own(RateLimit),
    Shared(Arc<dyn Limiter>),
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
            rate: None,
            concurrency_limit: None,
            clock: Arc::new(TokioClock),
            http_client: None,
            hooks: Vec::new(),
            transport: None,
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

    /// Sends calls to the URL in the vendor's variable, where it is set.
    ///
    /// # Errors
    /// A URL that won't do.
    pub(crate) fn at_variable(self, environment: &Environment<'_>) -> Result<Self, Error> {
        let vendor = self.vendor;
        let check = |url: &str| endpoint::parse(url, vendor, &[]).map(drop);
        let url = environment.checked(&vendor.row.base_url_variable(), check)?;
        Ok(match url {
            Some(url) => self.base_url(url),
            None => self,
        })
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

    /// How many requests of this client may start in a time. Off unless set here. For a limit that several
    /// clients keep together there is [`limiter`](Self::limiter); the last one that is set counts.
    ///
    /// With it the client also heeds what the vendor says of its quota in `Ratelimit` and `Retry-After`:
    /// no call is sent while it is spent. The newest `Ratelimit` is believed, for at most the window that
    /// the vendor publishes for its quota.
    ///
    /// Each call runs in a task of its own then, so that a caller who stops polling keeps nobody waiting.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate = Some(Rate::Own(limit));
        self
    }

    /// Who says when a request may start: a [`RateLimiter`](crate::RateLimiter) that several clients share, or
    /// one that asks a server. It takes the place of [`rate_limit`](Self::rate_limit).
    ///
    /// Each call runs in a task of its own then, so that a caller who stops polling keeps nobody waiting.
    pub fn limiter(mut self, limiter: impl Limiter) -> Self {
        self.rate = Some(Rate::Shared(Arc::new(limiter)));
        self
    }

    /// How many requests may be under way at once: a number for this client, or a [`ConcurrencyLimit`] that
    /// several clients share. Further calls wait, first come, first served. Off unless set here.
    ///
    /// Each call runs in a task of its own then, so that a caller who stops polling keeps nobody waiting.
    pub fn concurrency_limit(mut self, requests: impl Into<ConcurrencyLimit>) -> Self {
        self.concurrency_limit = Some(requests.into());
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

    /// Shares the connections of these clients alone. Unless set here, or an
    /// [HTTP client is given](Self::http_client), all clients of the process share one [`Transport`].
    pub fn transport(mut self, transport: &Transport) -> Self {
        self.transport = Some(transport.clone());
        self
    }

    /// Sends through a client of the caller's own, with its proxies, TLS and connection pool.
    ///
    /// A connection belongs to the tokio runtime that it was opened in. Don't use such a client in two
    /// runtimes: letterhead keeps theirs apart only for clients that it made itself.
    ///
    /// With a client that it made itself, letterhead uses a new connection for a retry after a server error
    /// or a failure on the way, leaves a pool on which attempts keep failing, and sends what may not be sent
    /// twice over a new connection, so that it isn't lost on one that the server has just closed. It can't do
    /// so with this one.
    ///
    /// Start from [`http_client_builder`](crate::http_client_builder), which sets up TLS and follows no redirects. A client of
    /// another make has to have [`reqwest::redirect::Policy::none`]: a redirect takes `X-Auth-Key`,
    /// `X-Api-Key` and bodies to other hosts, and letterhead can only report afterwards that the
    /// response came from another URL. It also may send plain http on loopback to a proxy, credential and
    /// all: one from [`http_client_builder`](crate::http_client_builder) does so for a proxy that the caller added, never for one of
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
    /// limit for connections, or a transport, together with a client of the caller's own.
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
        let limiter = self.rate.map(|rate| match rate {
            Rate::Own(limit) => Arc::new(RateLimiter::by(limit, Arc::clone(&self.clock))),
            Rate::Shared(limiter) => limiter,
        });
        let may_redirect = self.http_client.is_some();
        let (io, pool) = match (self.http_client, self.transport) {
            (None, transport) => {
                require_tls(&base)?;
                let connect_timeout = self.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
                let route = Route {
                    transport: transport.unwrap_or_else(Transport::of_process),
                    setup: Setup::of_process(connect_timeout)?,
                };
                let pool = Pool::shared(route.clone(), &endpoint::origin(&base));
                (Io::new(move || route.for_sign_in(), self.clock), pool)
            }
            (Some(_), Some(_)) => {
                return Err(Error::configuration(
                    "the builder was given a `reqwest::Client` and a `Transport`; give it one of them",
                ));
            }
            (Some(client), None) if self.connect_timeout.is_none() => {
                let http = client.clone();
                (Io::new(move || http.clone(), self.clock), Pool::callers(client))
            }
            (Some(_), None) => {
                return Err(Error::configuration(
                    "the limit for connections belongs to the `reqwest::Client` that was given; set it \
                     there",
                ));
            }
        };
        crate::metrics::describe_metrics();
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
            gate: Gate::new(limiter, self.concurrency_limit),
            may_redirect,
            hooks: self.hooks,
            pool,
            fixed_urls: FixedUrls::default(),
            io: Arc::new(io),
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
            .field("rate", &self.rate)
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

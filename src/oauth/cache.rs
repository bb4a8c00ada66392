//! Keeps an access token fresh: one refresh in flight, however many calls wait for it.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::timeout;
use tracing::Instrument as _;

use super::{AccessToken, LONGEST_LIFE, TokenSource};
use crate::credential::{Headers, Part};
use crate::error::ErrorKind;
use crate::layer::Io;
use crate::retry::{Failed, RetryPolicy};
use crate::{Clock, Error, Secret, metrics};

/// The life of a token that comes without one.
const UNKNOWN_LIFE: Duration = Duration::from_secs(300);
/// The longest time before its end that a token is replaced.
const EARLIEST: Duration = Duration::from_secs(300);
/// How long a token isn't asked for after a failure, while the old one is good and when none is.
const COOL_DOWN: Duration = Duration::from_secs(30);
const SHORT_COOL_DOWN: Duration = Duration::from_secs(1);
/// Where only a person can mend it, the short one doubles with each failure up to this.
const CONSENT_COOL_DOWN: Duration = Duration::from_secs(60);
/// The same where the identity provider asks for more, whatever it asks for.
const LONGEST_COOL_DOWN: Duration = Duration::from_secs(600);
/// How often an identity provider is asked before that counts as a failure.
const ATTEMPTS: u32 = 3;
/// How long a token is waited for. Longer than all attempts take: a refresh token must not be redeemed a
/// second time while nobody knows what became of the first.
const LONGEST_FLIGHT: Duration = Duration::from_secs(150);
/// A token that nobody has accepted yet isn't replaced when it is younger than this, which doubles with
/// each such token: the next one would fare no better.
const YOUNG: Duration = Duration::from_secs(5);
const YOUNG_AT_MOST: Duration = Duration::from_secs(320);
/// How long an operation that has refused two tokens in one call may not end those that others accept.
const DOUBT: Duration = Duration::from_secs(60);

/// Headers with an access token that is replaced before it ends.
pub(crate) struct TokenCache {
    source: Arc<dyn TokenSource>,
    /// The header with the key that the token goes with.
    key: Option<(&'static str, Secret)>,
    is_plain: bool,
    state: Arc<Mutex<State>>,
    /// Whether there are operations in doubt, so that a success needn't look.
    has_doubts: AtomicBool,
}

#[derive(Default)]
struct State {
    current: Option<Fresh>,
    flight: Option<Flight>,
    /// The last refresh, where it failed.
    failed: Option<Failure>,
    /// Operations that refuse whatever token they are shown, and since when.
    doubts: HashMap<&'static str, Instant>,
    /// How many tokens in a row were given up that nobody had accepted.
    unaccepted: u32,
}

/// A refresh that failed.
struct Failure {
    at: Instant,
    error: Error,
    /// How many in a row did.
    count: u32,
}

impl State {
    /// The last failure, where it is too early to ask again: for as long as the identity provider
    /// said, but at least for `least`, and longer each time where only a person can mend it.
    fn cooling(&self, now: Instant, least: Duration) -> Option<&Error> {
        let Failure { at, error, count } = self.failed.as_ref()?;
        let asked = error.retry_after().unwrap_or_default();
        let doubled = least.saturating_mul(2_u32.saturating_pow(count.saturating_sub(1)));
        let least = if error.needs_consent() {
            doubled.min(CONSENT_COOL_DOWN).max(least)
        } else {
            least
        };
        let wait = asked.min(LONGEST_COOL_DOWN).max(least);
        (now < *at + wait).then_some(error)
    }

    /// How old a token has to be that nobody has accepted, to be replaced.
    fn patience(&self) -> Duration {
        let doubled = YOUNG.saturating_mul(2_u32.saturating_pow(self.unaccepted));
        doubled.min(YOUNG_AT_MOST)
    }
}

struct Fresh {
    headers: Headers,
    issued_at: Instant,
    refresh_at: Instant,
    expires_at: Instant,
}

/// A refresh under way.
#[derive(Clone)]
struct Flight {
    /// Holds the outcome as soon as there is one.
    outcome: watch::Receiver<Option<Result<Headers, Error>>>,
    started_at: Instant,
}

enum Found {
    Ready(Headers),
    Cooling(Error),
    Wait(Flight),
}

impl TokenCache {
    pub(crate) fn new(source: impl TokenSource, key: Option<(&'static str, Secret)>) -> Self {
        Self {
            source: Arc::new(source),
            key,
            is_plain: false,
            state: Arc::default(),
            has_doubts: AtomicBool::new(false),
        }
    }

    /// Whether the source sends its secrets over plain http, to loopback: past every proxy then.
    pub(crate) fn plain(mut self, is_plain: bool) -> Self {
        self.is_plain = is_plain;
        self
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// The headers to send. A token that is about to end is replaced in the background.
    pub(crate) async fn headers(&self, io: &Arc<Io>) -> Result<Headers, Error> {
        let mut flight = match self.find(io) {
            Found::Ready(headers) => return Ok(headers),
            Found::Cooling(error) => return Err(error),
            Found::Wait(flight) => flight,
        };
        let waited = timeout(LONGEST_FLIGHT, flight.outcome.wait_for(Option::is_some)).await;
        let reason = match waited.map(|seen| seen.ok().and_then(|outcome| outcome.clone())) {
            Ok(Some(outcome)) => return outcome,
            Ok(None) => {
                "no access token: its source panicked, or the runtime that it ran in was shut down"
            }
            Err(_) => "no access token: its source doesn't come to an end",
        };
        Err(Error::new(ErrorKind::SignIn, reason))
    }

    /// The vendor has accepted these headers.
    pub(crate) fn accepted(&self, headers: &Headers, operation: &'static str) {
        headers.accept();
        if self.has_doubts.load(Ordering::Relaxed) {
            let mut state = self.lock();
            state.doubts.remove(operation);
            self.has_doubts
                .store(!state.doubts.is_empty(), Ordering::Relaxed);
        }
    }

    /// The vendor has refused these headers; whether the call may be sent with others. They aren't handed
    /// out again then.
    ///
    /// An operation that refuses a second token in one call refuses whatever it is shown, for all that is
    /// known: it ends no token any more that others accept.
    pub(crate) fn refused(
        &self,
        headers: &Headers,
        operation: &'static str,
        is_renewed: bool,
        now: Instant,
    ) -> bool {
        let mut state = self.lock();
        if is_renewed {
            state.doubts.insert(operation, now);
            self.has_doubts.store(true, Ordering::Relaxed);
            return false;
        }
        let fresh = state.current.as_ref();
        let Some(fresh) = fresh.filter(|fresh| fresh.headers.is_same(headers)) else {
            // Another call has seen to it.
            return true;
        };
        let is_accepted = headers.is_accepted();
        let age = now.saturating_duration_since(fresh.issued_at);
        let is_doubtful = || {
            let since = state.doubts.get(operation);
            since.is_some_and(|since| now.saturating_duration_since(*since) < DOUBT)
        };
        let may_end = if is_accepted {
            !is_doubtful()
        } else {
            age >= state.patience()
        };
        if may_end {
            state.current = None;
            state.unaccepted = if is_accepted {
                0
            } else {
                state.unaccepted.saturating_add(1)
            };
        }
        may_end
    }

    fn find(&self, io: &Arc<Io>) -> Found {
        let now = io.clock.now();
        let mut state = self.lock();
        // A flight whose task is gone brings nothing any more, and one that hangs isn't waited for.
        let is_lost = |flight: &Flight| {
            let age = now.saturating_duration_since(flight.started_at);
            flight.outcome.has_changed().is_err() || age >= LONGEST_FLIGHT
        };
        if state.flight.as_ref().is_some_and(is_lost) {
            state.flight = None;
        }
        if let Some(fresh) = state
            .current
            .as_ref()
            .filter(|fresh| now < fresh.expires_at)
        {
            let headers = fresh.headers.clone();
            let is_cooling = state.cooling(now, COOL_DOWN).is_some();
            if now >= fresh.refresh_at && state.flight.is_none() && !is_cooling {
                state.flight = Some(self.start(io));
            }
            return Found::Ready(headers);
        }
        if let Some(flight) = &state.flight {
            return Found::Wait(flight.clone());
        }
        if let Some(error) = state.cooling(now, SHORT_COOL_DOWN) {
            return Found::Cooling(error.clone());
        }
        let flight = self.start(io);
        state.flight = Some(flight.clone());
        Found::Wait(flight)
    }

    /// Asks for a token in a task of its own, so that a caller who gives up takes nobody along.
    fn start(&self, io: &Arc<Io>) -> Flight {
        let (sender, outcome) = watch::channel(None);
        let started_at = io.clock.now();
        let (source, key) = (Arc::clone(&self.source), self.key.clone());
        let is_plain = self.is_plain;
        let (state, io) = (Arc::clone(&self.state), Arc::clone(io));
        let span = tracing::info_span!(parent: None, "letterhead.sign_in", otel.kind = "internal");
        let task = async move {
            let http = if is_plain { io.direct() } else { &io.http };
            let fetched = fetch(&*source, http, &*io.clock).await;
            let made = fetched.and_then(|token| {
                let headers = headers(&token, key.as_ref()).map_err(Error::into_sign_in)?;
                Ok((headers, token))
            });
            metrics::sign_in(made.is_ok());
            let now = io.clock.now();
            let mut state = lock(&state);
            if state
                .flight
                .as_ref()
                .is_some_and(|flight| flight.started_at == started_at)
            {
                state.flight = None;
            }
            let outcome = match made {
                Ok((headers, token)) => {
                    state.current = Some(Fresh::new(headers.clone(), token.expires_in, now));
                    state.failed = None;
                    Ok(headers)
                }
                Err(error) => {
                    tracing::warn!(error = %error, "no new access token");
                    let count = state.failed.as_ref().map_or(0, |failed| failed.count);
                    state.failed = Some(Failure {
                        at: now,
                        error: error.clone(),
                        count: count.saturating_add(1),
                    });
                    Err(error)
                }
            };
            sender.send_replace(Some(outcome));
        };
        tokio::spawn(task.instrument(span));
        Flight {
            outcome,
            started_at,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Fresh {
    fn new(headers: Headers, life: Option<Duration>, now: Instant) -> Self {
        let life = life.unwrap_or(UNKNOWN_LIFE).min(LONGEST_LIFE);
        // Services that started together needn't all come at once: somewhere in the first half of
        // the margin.
        let margin = (life / 5).min(EARLIEST);
        let early = margin.mul_f64(1.0 - fastrand::f64() / 2.0);
        let end = now + life;
        Self {
            headers,
            issued_at: now,
            refresh_at: end.checked_sub(early).unwrap_or(end),
            // A token that ends on its way is refused.
            expires_at: end.checked_sub(margin / 10).unwrap_or(end),
        }
    }
}

/// Asks the source, again where the failure may pass.
async fn fetch(
    source: &dyn TokenSource,
    http: &reqwest::Client,
    clock: &dyn Clock,
) -> Result<AccessToken, Error> {
    let policy = RetryPolicy::default().attempts(ATTEMPTS);
    let mut sent = 1;
    loop {
        let error = match source.fetch(http).await {
            Ok(token) => return Ok(token),
            Err(error) => match error.downcast::<Error>() {
                Ok(error) => *error,
                Err(error) => {
                    let reason = "no access token: the token source failed";
                    Error::new(ErrorKind::SignIn, reason).with_source(error)
                }
            },
        };
        let wait = policy.wait(sent, error.retry_after(), fastrand::f64());
        match wait {
            Some(wait) if error.failed() != Failed::Final && !policy.is_spent(sent) => {
                clock.sleep(wait).await;
                sent += 1;
            }
            _ => return Err(error.into_sign_in()),
        }
    }
}

fn headers(token: &AccessToken, key: Option<&(&'static str, Secret)>) -> Result<Headers, Error> {
    let mut parts = vec![Part::bearer(token.token.expose())];
    parts.extend(key.map(|(header, key)| Part::key(header, key.expose())));
    Headers::new(&parts)
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TokenCache").field(&self.source).finish()
    }
}

//! Keeps an access token fresh: one refresh in flight, however many calls wait for it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tracing::Instrument as _;

use super::{AccessToken, TokenSource};
use crate::credential::{Headers, Part};
use crate::error::ErrorKind;
use crate::layer::Io;
use crate::retry::{Failed, RetryPolicy};
use crate::{Error, Secret, metrics};

/// The longest life of a token that is believed.
const LONGEST_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);
/// The life of a token that comes without one.
const UNKNOWN_LIFE: Duration = Duration::from_secs(300);
/// The longest time before its end that a token is replaced.
const EARLIEST: Duration = Duration::from_secs(300);
/// How long a token isn't asked for after a failure, while the old one is good and when none is.
const COOL_DOWN: Duration = Duration::from_secs(30);
const SHORT_COOL_DOWN: Duration = Duration::from_secs(1);
/// The same where the identity provider asks for more, whatever it asks for.
const LONGEST_COOL_DOWN: Duration = Duration::from_secs(600);
/// How often an identity provider is asked before that counts as a failure.
const ATTEMPTS: u32 = 3;

/// Headers with an access token that is replaced before it ends.
pub(crate) struct TokenCache {
    source: Arc<dyn TokenSource>,
    /// The header with the key that the token goes with.
    key: Option<(&'static str, Secret)>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    current: Option<Fresh>,
    flight: Option<Flight>,
    /// When the last refresh failed, and how.
    failed: Option<(Instant, Error)>,
}

impl State {
    /// The last failure, where it is too early to ask again: for as long as the identity provider
    /// said, but at least for `least`.
    fn cooling(&self, now: Instant, least: Duration) -> Option<&Error> {
        let (since, error) = self.failed.as_ref()?;
        let asked = error.retry_after().unwrap_or_default();
        let wait = asked.min(LONGEST_COOL_DOWN).max(least);
        (now < *since + wait).then_some(error)
    }
}

struct Fresh {
    headers: Headers,
    refresh_at: Instant,
    expires_at: Instant,
}

/// Holds the outcome as soon as there is one.
type Flight = watch::Receiver<Option<Result<Headers, Error>>>;

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
            state: Arc::default(),
        }
    }

    /// The headers to send. A token that is about to end is replaced in the background.
    pub(crate) async fn headers(&self, io: &Arc<Io>) -> Result<Headers, Error> {
        let mut flight = match self.find(io) {
            Found::Ready(headers) => return Ok(headers),
            Found::Cooling(error) => return Err(error),
            Found::Wait(flight) => flight,
        };
        match flight.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Ok(headers))) => Ok(headers.clone()),
            Ok(Some(Err(error))) => Err(error.clone()),
            Ok(None) | Err(_) => Err(Error::new(
                ErrorKind::SignIn,
                "no access token: its source panicked, or the runtime that it ran in was shut down",
            )),
        }
    }

    /// The vendor has refused these headers: they aren't handed out again.
    pub(crate) fn refused(&self, headers: &Headers) {
        let mut state = self.lock();
        if state
            .current
            .as_ref()
            .is_some_and(|fresh| fresh.headers.is_same(headers))
        {
            state.current = None;
        }
    }

    fn find(&self, io: &Arc<Io>) -> Found {
        let now = io.clock.now();
        let mut state = self.lock();
        // A flight whose task is gone brings nothing any more.
        if state
            .flight
            .as_ref()
            .is_some_and(|flight| flight.has_changed().is_err())
        {
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
        let (outcome, flight) = watch::channel(None);
        let (source, key) = (Arc::clone(&self.source), self.key.clone());
        let (state, io) = (Arc::clone(&self.state), Arc::clone(io));
        let span = tracing::info_span!(parent: None, "letterhead.sign_in", otel.kind = "internal");
        let task = async move {
            let fetched = fetch(&*source, &io).await;
            let made = fetched.and_then(|token| {
                let headers = headers(&token, key.as_ref()).map_err(Error::into_sign_in)?;
                Ok((headers, token))
            });
            metrics::sign_in(made.is_ok());
            let now = io.clock.now();
            let mut state = lock(&state);
            state.flight = None;
            let told = match made {
                Ok((headers, token)) => {
                    state.current = Some(Fresh::new(headers.clone(), token.expires_in, now));
                    state.failed = None;
                    Ok(headers)
                }
                Err(error) => {
                    tracing::warn!(error = %error, "no new access token");
                    state.failed = Some((now, error.clone()));
                    Err(error)
                }
            };
            outcome.send_replace(Some(told));
        };
        tokio::spawn(task.instrument(span));
        flight
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
            refresh_at: end.checked_sub(early).unwrap_or(end),
            // A token that ends on its way is refused.
            expires_at: end.checked_sub(margin / 10).unwrap_or(end),
        }
    }
}

/// Asks the source, again where the failure may pass.
async fn fetch(source: &dyn TokenSource, io: &Io) -> Result<AccessToken, Error> {
    let policy = RetryPolicy::default().attempts(ATTEMPTS);
    let mut sent = 1;
    loop {
        let error = match source.fetch(&io.http).await {
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
                io.clock.sleep(wait).await;
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

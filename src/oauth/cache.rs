//! Keeps an access token fresh: one refresh in flight, however many calls wait for it.

use std::fmt;
use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use letterhead_spec::CredentialHeader;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tracing::{Instrument as _, Span, field, span};

use super::grant::counted;
use super::state::{Flight, Flown, Next, Outcome, State};
use super::{AccessToken, TokenSource};
use crate::auth_headers::{Headers, Part};
use crate::error::ErrorKind;
use crate::io::Io;
use crate::propagation::carried;
use crate::slot::{Slot, TOKEN};
use crate::telemetry::Open;
use crate::{Error, RetryPolicy, Secret, metrics};

/// How often an identity provider is asked before that counts as a failure.
const ATTEMPTS: u32 = 3;

/// How long the waits between these may be together.
const WAITS: Duration = Duration::from_secs(180);

/// How long a task of another runtime may take to start before that runtime counts as one that nobody drives.
const STALL: Duration = Duration::from_secs(1);

/// Headers with an access token that is replaced before it ends.
pub(crate) struct TokenCache {
    source: Arc<dyn TokenSource>,
    /// The header with the key that the token goes with.
    key: Option<(&'static CredentialHeader, Secret)>,
    state: Arc<Mutex<State>>,
    /// Whether there are operations in doubt, so that a success needn't look.
    has_doubts: AtomicBool,
}

impl TokenCache {
    pub(crate) fn new(
        source: impl TokenSource,
        key: Option<(&'static CredentialHeader, Secret)>,
    ) -> Self {
        Self {
            source: Arc::new(source),
            key,
            state: Arc::default(),
            has_doubts: AtomicBool::new(false),
        }
    }

    /// Where the token and the key are sent.
    pub(crate) fn slots(&self) -> Vec<Slot> {
        let key = self.key.iter().map(|(header, _)| Slot::Header(header.name));
        std::iter::once(TOKEN).chain(key).collect()
    }

    /// The key that goes beside the tokens alone, for an operation that takes no token.
    ///
    /// # Errors
    /// A key that can't be sent.
    pub(crate) fn key_alone(&self) -> Result<Headers, Error> {
        let key = self.key.iter().map(|(header, value)| Part::of(header, value.expose()));
        Headers::new(&key.collect::<Vec<_>>())
    }

    /// The headers to send. A token that is about to end is replaced in the background.
    pub(crate) async fn headers(
        &self,
        io: &Arc<Io>,
        vendor: &'static str,
    ) -> Result<Headers, Error> {
        loop {
            let (flight, is_own) = match self.find(io, vendor) {
                Ok(headers) => return headers,
                Err(flight) => flight,
            };
            let is_over = |outcome: &Outcome| !matches!(outcome, Outcome::UnderWay);
            let mut outcome = flight.outcome.clone();
            let outcome = tokio::select! {
                outcome = outcome.wait_for(is_over) => outcome,
                () = stall(&flight.runtime) => {
                    // This one asks in its own runtime.
                    self.lock().end(&flight.outcome);
                    continue;
                }
            };
            let Ok(outcome) = outcome else {
                if !is_own {
                    // The runtime of another call ended: this one asks in its own.
                    continue;
                }
                return Err(Error::new(
                    ErrorKind::SignIn,
                    "no access token: its source panicked, or the runtime that it ran in was shut down",
                ));
            };
            if let Outcome::Landed(landed) = &*outcome {
                return landed.clone();
            }
        }
    }

    /// The vendor has refused these headers; whether the call may be sent once more, with others.
    pub(crate) fn refused(
        &self,
        headers: &Headers,
        operation: &'static str,
        error: &Error,
        is_renewed: bool,
        now: Instant,
    ) -> bool {
        let mut state = self.lock();
        let is_helpful = state.refused(headers, operation, error, is_renewed, now);
        self.has_doubts.store(state.has_doubts(), Ordering::Relaxed);
        is_helpful
    }

    /// The vendor has accepted these headers.
    pub(crate) fn accepted(&self, headers: &Headers, operation: &'static str) {
        headers.accept();
        if self.has_doubts.load(Ordering::Relaxed) {
            let mut state = self.lock();
            state.accepted(operation);
            self.has_doubts.store(state.has_doubts(), Ordering::Relaxed);
        }
    }

    /// The headers or the failure to go on with, or else what to wait for, and whether it was started for this.
    fn find(
        &self,
        io: &Arc<Io>,
        vendor: &'static str,
    ) -> Result<Result<Headers, Error>, (Flight, bool)> {
        let call = Span::current();
        let mut state = self.lock();
        match state.next(io.clock.now()) {
            Next::Show(headers) => Ok(Ok(headers)),
            Next::Replace(headers, flown) => {
                // The call may be over long before.
                let span = sign_in(None, vendor);
                span.follows_from(&call);
                state.flight = Some(self.start(io, flown, vendor, span));
                Ok(Ok(headers))
            }
            Next::Fail(error) => Ok(Err(error)),
            Next::Wait(flight) => {
                call.follows_from(flight.span.clone());
                Err((flight, false))
            }
            Next::Ask(flown) => {
                let span = sign_in(call.id(), vendor);
                let flight = self.start(io, flown, vendor, span);
                state.flight = Some(flight.clone());
                Err((flight, true))
            }
        }
    }

    /// Asks for a token in a task of its own, so that a caller who gives up takes nobody along.
    fn start(&self, io: &Arc<Io>, flown: Flown, vendor: &'static str, span: Span) -> Flight {
        let (sender, outcome) = watch::channel(Outcome::UnderWay);
        let most = self.source.timeout().saturating_mul(ATTEMPTS);
        let flight = Flight {
            outcome: outcome.clone(),
            runtime: Handle::current(),
            until: io.clock.now().checked_add(most.saturating_add(WAITS)),
            span: span.id(),
        };
        let (source, key) = (Arc::clone(&self.source), self.key.clone());
        let (state, io) = (Arc::clone(&self.state), Arc::clone(io));
        let open = Open::new(span.clone());
        let task = async move {
            if flown == Flown::IfChanged && !has_changed(&*source).await {
                lock(&state).end(&outcome);
                sender.send_replace(Outcome::Unchanged);
                open.end_with(None, None, None);
                return;
            }
            let fetched = counted(fetch(&*source, &io)).await;
            let made = fetched.and_then(|token| {
                let headers = headers(&token, key.as_ref()).map_err(Error::into_sign_in)?;
                Ok((headers, token.expires_in))
            });
            metrics::sign_in(vendor, made.is_ok());
            if let Err(error) = &made {
                tracing::warn!(error = %error, "no new access token");
            }
            open.end_with(None, None, made.as_ref().err());
            let mut state = lock(&state);
            state.end(&outcome);
            let landed = state.land(made, io.clock.now());
            sender.send_replace(Outcome::Landed(landed));
        };
        tokio::spawn(carried(task.instrument(span)));
        flight
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until nobody drives the runtime, where it is another one than the caller's: its tasks stand still.
async fn stall(runtime: &Handle) {
    if runtime.id() == Handle::current().id() {
        return pending().await;
    }
    while timeout(STALL, runtime.spawn(async {})).await.is_ok() {
        sleep(STALL).await;
    }
}

/// The span of a flight.
fn sign_in(parent: Option<span::Id>, vendor: &'static str) -> Span {
    tracing::info_span!(
        parent: parent,
        "letterhead.sign_in",
        otel.kind = "internal",
        otel.status_code = field::Empty,
        otel.status_description = field::Empty,
        error.type = field::Empty,
        letterhead.vendor = vendor,
    )
}

/// Asks the source, again where the failure may pass.
async fn fetch(source: &dyn TokenSource, io: &Io) -> Result<AccessToken, Error> {
    let policy = RetryPolicy::default().attempts(ATTEMPTS);
    let limit = source.timeout();
    let http = io.http();
    let mut sent = 1;
    loop {
        let Ok(fetched) = timeout(limit, source.fetch(&http)).await else {
            let reason = format!("no access token: the token source took more than {limit:?}");
            return Err(Error::new(ErrorKind::SignIn, reason));
        };
        let error = match fetched {
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
            Some(wait) if error.retry_reason().is_some() && !policy.is_spent(sent) => {
                io.clock.sleep(wait).await;
                sent += 1;
            }
            _ => return Err(error.into_sign_in()),
        }
    }
}

async fn has_changed(source: &dyn TokenSource) -> bool {
    let asked = timeout(source.timeout(), source.has_changed()).await;
    asked.unwrap_or_default()
}

fn headers(
    token: &AccessToken,
    key: Option<&(&'static CredentialHeader, Secret)>,
) -> Result<Headers, Error> {
    let mut parts = vec![Part::bearer(token.token.expose())];
    parts.extend(key.map(|(header, key)| Part::of(header, key.expose())));
    Headers::new(&parts)
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TokenCache").field(&self.source).finish()
    }
}

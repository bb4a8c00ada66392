//! One call: its attempts, and the waits between them.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use tokio::sync::SemaphorePermit;
use tracing::{Instrument, Span, field};

use super::Call;
use super::apart::apart;
use super::attempt::Turn;
use super::response::Response;
use super::time_limit::{late, within};
use crate::auth_headers::Headers;
use crate::error::{Effect, ErrorKind};
use crate::limit::{LimiterError, Patience};
use crate::retry::{Repeatable, Withdrawal};
use crate::telemetry::{Open, inside};
use crate::{Clock, Error, Reply, metrics};

/// How far a call has come.
struct Progress<'a> {
    /// How many attempts were made.
    attempts: u32,
    /// Whether a refused access token was replaced.
    is_renewed: bool,
    /// What is known of the attempts so far.
    effect: Effect,
    /// Why there is another attempt.
    reason: Option<&'static str>,
    /// Whether the last one failed in a way that may be its connection's fault.
    has_failed: bool,
    /// What the next attempt costs.
    paid: Option<Withdrawal<'a>>,
}

impl Call {
    /// Sends the call until it succeeds or may not be sent again, in a span of its own.
    pub(super) async fn run<T: Send + 'static>(
        self,
        decode: impl Fn(Response<'_>) -> Result<Reply<T>, Error> + Send + Sync + 'static,
    ) -> Result<Reply<T>, Error> {
        let open = Open::new(self.span());
        let outcome = if self.layer.0.gate.is_limited() {
            let ids = (self.operation.name, self.request_id, self.correlation_id);
            let call = self.attempts(decode).instrument(open.span.clone());
            apart(call).await.unwrap_or_else(|| {
                let reason = "the runtime that the call ran in was shut down";
                let error = Error::new(ErrorKind::Transport, reason);
                Err(error.in_call(ids.0, ids.1, ids.2))
            })
        } else {
            inside(&open.span, pin!(self.attempts(decode))).await
        };
        open.end(&outcome);
        outcome
    }

    fn span(&self) -> Span {
        tracing::info_span!(
            "letterhead.call",
            otel.kind = "internal",
            otel.name = self.operation.name,
            otel.status_code = field::Empty,
            otel.status_description = field::Empty,
            http.response.status_code = field::Empty,
            error.type = field::Empty,
            letterhead.vendor = self.layer.0.vendor.name,
            letterhead.operation = self.operation.name,
            letterhead.request_id = %self.request_id,
            letterhead.correlation_id = %self.correlation_id,
            letterhead.trace_id = field::Empty,
        )
    }

    async fn attempts<T>(
        mut self,
        decode: impl Fn(Response<'_>) -> Result<Reply<T>, Error>,
    ) -> Result<Reply<T>, Error> {
        let url = self.url().map_err(|fault| {
            let error = Error::new(ErrorKind::InvalidRequest, fault);
            self.in_call(error)
        })?;
        let clock = Arc::clone(&self.layer.0.io.clock);
        let start = clock.now();
        let left = || {
            let spent = clock.now().saturating_duration_since(start);
            self.timeout.saturating_sub(spent)
        };
        let mut progress = Progress {
            attempts: 0,
            is_renewed: false,
            effect: Effect::UNSENT,
            reason: None,
            has_failed: false,
            paid: None,
        };
        loop {
            let ready = self.ready(&*clock, left).await;
            let (credential, permit, time_left) = ready.map_err(|error| {
                let attempts = progress.attempts.max(1);
                self.in_call(error).after(attempts, progress.effect)
            })?;
            let turn = Turn {
                resent: progress.attempts,
                reason: progress.reason,
                has_failed: progress.has_failed,
                left: time_left,
            };
            progress.attempts += 1;
            if let Some(paid) = progress.paid.take() {
                paid.spend();
            }
            let outcome = pin!(self.attempt(&url, &credential, turn, &decode)).await;
            drop(permit);
            let error = match outcome {
                Ok(reply) => {
                    let layer = &self.layer.0;
                    layer.credential.accepted(&credential, self.operation.name);
                    layer.budget.deposit();
                    self.observe(reply.headers(), None);
                    return Ok(reply);
                }
                Err(error) if self.operation.method.is_safe() => error.without_effect(),
                Err(error) => error,
            };
            if error.is_of_accepted_credential() {
                let credentials = &self.layer.0.credential;
                credentials.accepted(&credential, self.operation.name);
            }
            if let Some(headers) = error.headers() {
                let wait = error.retry_after().filter(|_| error.is_throttled());
                self.observe(headers, wait);
            }
            match self.wait_after(&error, &credential, left(), &mut progress) {
                Some(wait) => {
                    progress.effect = progress.effect.and(error.effect());
                    metrics::retry(self.layer.0.vendor.name, &self.operation, progress.reason);
                    if !wait.is_zero() {
                        clock.sleep(wait).await;
                    }
                }
                None => return Err(self.last(error, &progress)),
            }
        }
    }

    /// Waits for a credential and for a turn; the time that is left then.
    async fn ready(
        &self,
        clock: &dyn Clock,
        left: impl Fn() -> Duration,
    ) -> Result<(Headers, Option<SemaphorePermit<'_>>, Duration), Error> {
        let layer = &self.layer.0;
        // First, so that no turn is taken while a token isn't there.
        let mut credential = self.credential(clock, &left).await?;
        let mut permit = None;
        if layer.gate.is_limited() {
            // A turn that leaves too little time for the call would be lost.
            let patience =
                || Patience::new(self.retry.longest(), left().saturating_sub(self.least));
            permit = within(clock, &left, layer.gate.enter(patience))
                .await
                .ok_or_else(|| late("while waiting for a turn"))?
                .map_err(|error| no_turn(layer.vendor.name, error))?;
            // In the meantime it may have ended.
            credential = self.credential(clock, &left).await?;
        }
        let left = left();
        if left.is_zero() {
            return Err(late("before the call could be sent"));
        }
        self.in_time(left)?;
        Ok((credential, permit, left))
    }

    /// Whether enough time is left for what the call does.
    pub(super) fn in_time(&self, left: Duration) -> Result<(), Error> {
        if left < self.least {
            let reason = format!(
                "only {} ms of the time limit were left, too few for a write, so nothing was sent",
                left.as_millis()
            );
            return Err(Error::new(ErrorKind::Timeout, reason).unsent());
        }
        Ok(())
    }

    async fn credential(
        &self,
        clock: &dyn Clock,
        left: impl FnOnce() -> Duration,
    ) -> Result<Headers, Error> {
        let layer = &self.layer.0;
        let headers = layer.credential.headers(&layer.io, layer.vendor.name, self.chosen);
        within(clock, left, headers)
            .await
            .ok_or_else(|| late("while waiting for an access token"))?
    }

    fn observe(&self, headers: &http::HeaderMap, throttled: Option<Duration>) {
        let layer = &self.layer.0;
        layer.gate.observe(headers, throttled, layer.vendor.throttled_for);
    }

    /// How long to wait before the next attempt; none where there may be none.
    fn wait_after<'a>(
        &'a self,
        error: &Error,
        credential: &Headers,
        left: Duration,
        progress: &mut Progress<'a>,
    ) -> Option<Duration> {
        if self.stream.is_some() {
            return None;
        }
        let layer = &self.layer.0;
        let (name, now) = (self.operation.name, layer.io.clock.now());
        let renewed = progress.is_renewed;
        let may_resend =
            !error.effect().may_have_taken_effect || self.operation.repeatable != Repeatable::Never;
        if error.is_unauthorized()
            && may_resend
            && (layer.credential).refused(credential, name, error, renewed, now)
        {
            progress.is_renewed = true;
            progress.reason = Some("token_refused");
            progress.has_failed = false;
            return Some(Duration::ZERO);
        }
        let reason = error.retry_reason()?;
        progress.has_failed = reason.is_of_connection();
        progress.reason = Some(reason.name());
        // The attempt that showed the refused token isn't one of the policy's.
        let sent = progress.attempts - u32::from(progress.is_renewed);
        if self.retry.is_spent(sent) || !self.operation.repeatable.allows(reason) {
            return None;
        }
        let wait = self.retry.wait(sent, error.retry_after(), fastrand::f64())?;
        if wait >= left.saturating_sub(self.least) {
            return None;
        }
        progress.paid = Some(layer.budget.withdraw()?);
        Some(wait)
    }

    /// The error that ends the call.
    fn last(&self, error: Error, progress: &Progress) -> Error {
        let may_be_with_itself = self.operation.method == Method::POST
            && progress.effect.may_have_taken_effect
            && (error.is_conflict() || error.is_invalid_request());
        let error = error.after(progress.attempts, progress.effect);
        if may_be_with_itself {
            error.with_hint(
                "an earlier attempt of this call may have created it; read before creating again",
            )
        } else {
            error
        }
    }

    pub(super) fn in_call(&self, error: Error) -> Error {
        error.in_call(self.operation.name, self.request_id, self.correlation_id)
    }
}

/// Nothing was sent, since a limiter let nothing be sent.
fn no_turn(vendor: &str, error: LimiterError) -> Error {
    match error {
        LimiterError::Throttled(wait) => {
            let reason = format!("{vendor} has throttled this client");
            Error::new(ErrorKind::Throttled, reason).with_retry_after(Some(wait))
        }
        LimiterError::TooLate(wait) => {
            let reason = format!(
                "the call's turn comes in {} ms, after its time limit, so nothing was sent",
                wait.as_millis()
            );
            Error::new(ErrorKind::Timeout, reason).unsent().with_retry_after(Some(wait))
        }
        LimiterError::Failed(source) => {
            let reason = "the limiter of this client failed, so nothing was sent";
            Error::new(ErrorKind::Limiter, reason).with_source(source)
        }
    }
}

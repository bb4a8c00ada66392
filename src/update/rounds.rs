//! The rounds of an update: read, change, write, until it is known what became of the write.

use std::time::Duration;

use super::change::{changed, meaning, unread};
use super::{Replaced, Resource, Updated, proof};
use crate::error::Effect;
use crate::layer::{Options, Proof};
use crate::retry::{Repeatable, Withdrawal};
use crate::wire::Meaning;
use crate::{CorrelationId, Error};

/// The wait before a resource is read again is drawn from zero to this, which doubles each time.
const WAIT: Duration = Duration::from_millis(50);

/// The writes so far.
#[derive(Clone, Copy, Default)]
struct Writes {
    calls: u32,
    attempts: u32,
    effect: Effect,
}

/// A write that wasn't reported as made.
struct Unsettled {
    /// What was to be written.
    after: Meaning,
    error: Error,
    /// Whether another may be made, on what is read now.
    may_resend: bool,
}

impl<R: Replaced> Resource<R> {
    /// Reads, changes and writes. `absent` makes an empty value of an error that says that there is no such
    /// resource.
    pub(super) async fn replace<E: From<Error>>(
        self,
        absent: impl Fn(&Error) -> Option<R::Value> + Send,
        mut change: impl FnMut(&mut R::Value) -> Result<(), E> + Send,
    ) -> Result<Updated<R::Value>, E> {
        let clock = &*self.inner.layer().io().clock;
        let start = clock.now();
        let left = || {
            let spent = clock.now().saturating_duration_since(start);
            self.timeout.saturating_sub(spent)
        };
        let correlation_id = CorrelationId::for_call(self.options.correlation_id);
        let together = self.options.clone().within(clock, self.timeout);
        let options = |proof: Proof| Options {
            correlation_id: Some(correlation_id),
            proof: Some(proof),
            ..together.clone()
        };
        let mut sent = Writes::default();
        let mut unsettled: Option<Unsettled> = None;
        let mut round = 0;
        loop {
            round += 1;
            // Boxed, so that whoever awaits an update isn't made large by its calls.
            let read = Box::pin(self.inner.read(options(proof::of_base::<R>))).await;
            let (before, reply) = match read.map_err(|error| (absent(&error), error)) {
                Ok(reply) => ((*reply).clone(), Some(reply)),
                Err((Some(empty), _)) => (empty, None),
                Err((None, error)) => {
                    let write = unsettled.filter(|_| sent.effect.may_have_taken_effect);
                    return Err(write.map_or_else(|| unread(error), |write| write.error).into());
                }
            };
            if let Some(write) = unsettled {
                match reply {
                    Some(reply) if meaning::<R>(&before)? == write.after => {
                        return Ok(Updated {
                            reply,
                            is_written: sent.effect.may_have_taken_effect,
                        });
                    }
                    _ if write.may_resend => {}
                    _ => {
                        let hint = "the resource, read again, isn't what was written";
                        return Err(write.error.with_hint(hint).into());
                    }
                }
            }
            let (value, after) = match (changed::<R, E>(&before, &mut change)?, reply) {
                (Some(change), _) => change,
                (None, Some(reply)) => {
                    return Ok(Updated { reply, is_written: sent.effect.may_have_taken_effect });
                }
                // It is made all the same.
                (None, None) => {
                    let after = meaning::<R>(&before)?;
                    (before, after)
                }
            };
            let mut options = options(proof::of_write::<R>);
            if left() < self.least() {
                options.until = Some(clock.now());
            }
            if !R::HAS_ETAG {
                // Another write builds on another read.
                options.retry = Some(self.policy().attempts(1));
            }
            let error = match Box::pin(self.inner.write(value, options)).await {
                Ok(reply) => {
                    return Ok(Updated { reply, is_written: true });
                }
                Err(error) => error,
            };
            unsettled = self.settle(error, after, round, &mut sent, left()).await?;
        }
    }

    /// Waits for the next round after a write that failed, if there is one: with the write where nobody
    /// knows whether it was made, and without it where others were faster.
    async fn settle(
        &self,
        error: Error,
        after: Meaning,
        round: u32,
        sent: &mut Writes,
        left: Duration,
    ) -> Result<Option<Unsettled>, Error> {
        let (effect, reason, attempts) = (error.effect(), error.retry_reason(), error.attempts());
        let error = if sent.effect.may_have_taken_effect {
            error.following(sent.attempts, sent.effect)
        } else {
            error
        };
        sent.calls += 1;
        sent.attempts += attempts;
        sent.effect = sent.effect.and(effect);
        let clock = &*self.inner.layer().io().clock;
        let is_last = round >= self.rounds;
        let may_resend =
            !R::HAS_ETAG && !is_last && reason.is_some_and(|it| Repeatable::Always.allows(it));
        let resend = may_resend.then(|| self.wait_after(&error, sent.calls, left)).flatten();
        let may_resend = resend.is_some();
        if let Some((wait, paid)) = resend {
            clock.sleep(wait).await;
            paid.spend();
        } else if effect.may_have_taken_effect {
            // To see what became of it.
        } else if !error.is_conflict() {
            return Err(error);
        } else if is_last {
            let hint = format!("others kept writing, and {round} rounds were not enough");
            return Err(error.with_hint(hint));
        } else {
            let ceiling = WAIT.saturating_mul(2_u32.saturating_pow(round.min(6)));
            clock.sleep(ceiling.mul_f64(fastrand::f64())).await;
            return Ok(None);
        }
        Ok(Some(Unsettled { after, error, may_resend }))
    }

    /// How long to wait before the resource is read for another write; none where there may be none.
    fn wait_after(
        &self,
        error: &Error,
        calls: u32,
        left: Duration,
    ) -> Option<(Duration, Withdrawal<'_>)> {
        let policy = self.policy();
        if policy.is_spent(calls) {
            return None;
        }
        let wait = policy.wait(calls, error.retry_after(), fastrand::f64())?;
        let is_in_time = wait.saturating_add(self.least()) < left;
        let paid = is_in_time.then(|| self.inner.layer().withdraw())?;
        Some((wait, paid?))
    }

    /// With less time left no write is sent: it would end without a response in most cases, and nobody
    /// would know what became of it.
    fn least(&self) -> Duration {
        (self.timeout / 4).min(Duration::from_secs(1))
    }

    fn policy(&self) -> crate::RetryPolicy {
        let layer = self.inner.layer();
        self.options.retry.unwrap_or_else(|| layer.retry())
    }
}

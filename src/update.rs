//! Read, change, write: for resources that are replaced as a whole.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use serde::Serialize;

use crate::layer::{Io, Options};
use crate::wire::Meaning;
use crate::{CorrelationId, Error, Json, Reply, RetryPolicy};

/// How often an update reads and writes where nothing else is set.
const ROUNDS: u32 = 10;
/// The time limit of an update where none is set.
const TIMEOUT: Duration = Duration::from_secs(600);
/// The wait before a resource is read again is drawn from zero to this, which doubles each time.
const WAIT: Duration = Duration::from_millis(50);

/// A resource that is read and replaced as a whole; made by the client's method of its name.
///
/// ```no_run
/// # async fn run(partner: letterhead::partner_center::Client) -> Result<(), letterhead::Error> {
/// let updated = partner
///     .organization_profile()
///     .update(|profile| profile.email = Some("office@fabrikam.example".into()))
///     .await?;
/// println!("{:?}, written: {}", updated.email, updated.is_written());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Resource<R> {
    inner: R,
    rounds: u32,
    timeout: Duration,
    options: Options,
}

/// One of letterhead's resources.
pub trait Replaced: Sync {
    /// What it is read as.
    type Value: Clone + Serialize + Send;

    #[doc(hidden)]
    fn io(&self) -> &Io;

    #[doc(hidden)]
    fn read(
        &self,
        options: Options,
    ) -> impl Future<Output = Result<Reply<Self::Value>, Error>> + Send;

    #[doc(hidden)]
    fn write(
        &self,
        value: Self::Value,
        options: Options,
    ) -> impl Future<Output = Result<Reply<Self::Value>, Error>> + Send;

    /// Evens out what the vendor changes by itself when it stores a value.
    #[doc(hidden)]
    fn normalize(_members: &mut BTreeMap<String, Meaning>) {}
}

/// What an update came to: the resource as it now is.
pub struct Updated<T> {
    reply: Reply<T>,
    is_written: bool,
}

/// What an update would do.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Preview<T> {
    /// The resource as it was read.
    pub read: Reply<T>,
    /// What would be sent; none where the change changes nothing.
    pub write: Option<T>,
}

impl<R: Replaced> Resource<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self {
            inner,
            rounds: ROUNDS,
            timeout: TIMEOUT,
            options: Options::default(),
        }
    }

    /// How often an update may read and write before it gives up: ten times unless set here.
    pub fn rounds(mut self, rounds: u32) -> Self {
        self.rounds = rounds.max(1);
        self
    }

    /// The time limit for all calls together: 600 seconds unless set here. Each of them has the
    /// client's time limit as well.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Repeats each call as `policy` has it instead of the client's policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Adds a header that the document doesn't know to every call. Those of the layer and of
    /// credentials are refused.
    pub fn extra_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.headers.push((name.into(), value.into()));
        self
    }

    /// Makes every call part of the logical operation `id`.
    ///
    /// Without it they take the id of the task's scope, or one that is made. Request ids can't be
    /// given, since each call needs one of its own.
    pub fn correlation_id(mut self, id: CorrelationId) -> Self {
        self.options.correlation_id = Some(id);
        self
    }

    /// Reads the resource.
    ///
    /// # Errors
    /// As every operation.
    pub async fn get(self) -> Result<Reply<R::Value>, Error> {
        let options = Options {
            left: Some(self.timeout),
            ..self.options
        };
        self.inner.read(options).await
    }

    /// Reads the resource and lets `change` change it, as [`update`](Self::update) does, and sends
    /// nothing.
    ///
    /// ```no_run
    /// # async fn run(partner: letterhead::partner_center::Client) -> Result<(), letterhead::Error> {
    /// let email = || Some("office@fabrikam.example".into());
    /// let preview = partner.organization_profile().preview(|profile| profile.email = email()).await?;
    /// if let Some(write) = preview.write {
    ///     println!("{:?} would become {:?}", preview.read.email, write.email);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As every operation.
    pub async fn preview(
        self,
        change: impl FnOnce(&mut R::Value),
    ) -> Result<Preview<R::Value>, Error> {
        let read = self.get().await?;
        let changed = changed::<R, Error>(&read, |value| {
            change(value);
            Ok(())
        });
        let write = changed?.map(|(value, _)| value);
        Ok(Preview { read, write })
    }

    /// Reads the resource, lets `change` change it and writes it back with everything else that it
    /// holds.
    ///
    /// A change that changes nothing, or only how something is written, sends nothing. Where someone
    /// else has written in between, the resource is read again and `change` is applied again: it has to
    /// say what the resource shall be, whatever it was. All calls have one correlation id.
    ///
    /// # Errors
    /// As every operation. A conflict, as [`Error::is_conflict`] has it, means that others kept
    /// writing; and where the error [may have taken effect](Error::may_have_taken_effect), the answer
    /// to an earlier attempt was lost and the change isn't applied once more on a guess.
    ///
    /// After either, as after any error that may pass, call `update` again: it reads first, and sends
    /// nothing where the resource already is what it is to be. Only a change that adds to what it finds,
    /// such as a counter, has to look first whether it was made.
    pub async fn update(
        self,
        mut change: impl FnMut(&mut R::Value) + Send,
    ) -> Result<Updated<R::Value>, Error> {
        let update = self.try_update(|value| {
            change(value);
            Ok(())
        });
        update.await
    }

    /// As [`update`](Self::update), with a change that may refuse what it finds: its first error ends
    /// the update with nothing sent, or nothing more after a write that others were faster than.
    ///
    /// The error is the caller's own, which letterhead's becomes as by `?`:
    ///
    /// ```no_run
    /// # async fn run(
    /// #     partner: letterhead::partner_center::Client,
    /// # ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    /// let update = partner.organization_profile().try_update(|profile| {
    ///     let address = profile.default_address.as_mut().ok_or("there is no address to change")?;
    ///     address.city = Some("Redmond".into());
    ///     Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    /// });
    /// println!("{:?}", update.await?.company_name);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`update`](Self::update), and what `change` answers with.
    pub async fn try_update<E: From<Error>>(
        self,
        mut change: impl FnMut(&mut R::Value) -> Result<(), E> + Send,
    ) -> Result<Updated<R::Value>, E> {
        let clock = &*self.inner.io().clock;
        let start = clock.now();
        let correlation_id = CorrelationId::for_call(self.options.correlation_id);
        let options = || {
            let spent = clock.now().saturating_duration_since(start);
            Options {
                correlation_id: Some(correlation_id),
                left: Some(self.timeout.saturating_sub(spent)),
                ..self.options.clone()
            }
        };
        let mut lost: Option<(Meaning, Error)> = None;
        let mut round = 0;
        loop {
            round += 1;
            // Boxed, so that whoever awaits an update isn't made large by its calls.
            let read = Box::pin(self.inner.read(options())).await;
            if let Some((written, conflict)) = lost {
                return match read {
                    Ok(reply) if meaning::<R>(&*reply)? == written => Ok(Updated {
                        reply,
                        is_written: true,
                    }),
                    _ => Err(conflict.into()),
                };
            }
            let read = read?;
            let Some((value, after)) = changed::<R, E>(&read, &mut change)? else {
                return Ok(Updated {
                    reply: read,
                    is_written: false,
                });
            };
            match Box::pin(self.inner.write(value, options())).await {
                Ok(reply) => {
                    return Ok(Updated {
                        reply,
                        is_written: true,
                    });
                }
                // The conflict may be with this very change, applied by an attempt whose answer never
                // came.
                Err(error) if error.is_conflict() && error.may_have_taken_effect() => {
                    lost = Some((after, error));
                }
                Err(error) if error.is_conflict() && round < self.rounds => {
                    let ceiling = WAIT.saturating_mul(2_u32.saturating_pow(round.min(6)));
                    clock.sleep(ceiling.mul_f64(fastrand::f64())).await;
                }
                Err(error) if error.is_conflict() => {
                    let hint = format!("others kept writing, and {round} rounds were not enough");
                    return Err(error.with_hint(hint).into());
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// What `change` makes of `read`, and what that means; none where it changes nothing.
fn changed<R: Replaced, E: From<Error>>(
    read: &R::Value,
    change: impl FnOnce(&mut R::Value) -> Result<(), E>,
) -> Result<Option<(R::Value, Meaning)>, E> {
    let before = meaning::<R>(read)?;
    let mut value = read.clone();
    change(&mut value)?;
    let after = meaning::<R>(&value)?;
    Ok((after != before).then_some((value, after)))
}

/// What a value means, without what the vendor changes by itself.
fn meaning<R: Replaced>(value: &R::Value) -> Result<Meaning, Error> {
    let mut meaning = Meaning::of(Json::new(value)?.as_str());
    if let Meaning::Object(members) = &mut meaning {
        R::normalize(members);
    }
    Ok(meaning)
}

impl<T> Updated<T> {
    /// Whether something was written; if not, the resource was already what it was to be.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.is_written
    }

    /// The last answer: to the write, or to the read where nothing was written.
    #[must_use]
    pub fn into_reply(self) -> Reply<T> {
        self.reply
    }
}

impl<T> Deref for Updated<T> {
    type Target = Reply<T>;

    fn deref(&self) -> &Reply<T> {
        &self.reply
    }
}

impl<T: fmt::Debug> fmt::Debug for Updated<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Updated")
            .field("is_written", &self.is_written)
            .field("reply", &self.reply)
            .finish()
    }
}

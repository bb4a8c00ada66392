//! Read, change, write: for resources that are replaced as a whole.

mod change;
mod outcome;
mod proof;
mod replaced;
mod rounds;

use std::time::Duration;

use change::{changed, unread};
pub use outcome::{Preview, Updated};
pub use replaced::{Creatable, Replaced};

use crate::layer::Options;
use crate::{CorrelationId, Error, Reply, RetryPolicy};

/// How often an update reads and writes where nothing else is set.
const ROUNDS: u32 = 10;
/// The time limit of an update where none is set.
const TIMEOUT: Duration = Duration::from_secs(600);

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
#[doc(alias = "read-modify-write")]
#[doc(alias = "change")]
pub struct Resource<R> {
    inner: R,
    rounds: u32,
    timeout: Duration,
    options: Options,
}

impl<R: Replaced> Resource<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, rounds: ROUNDS, timeout: TIMEOUT, options: Options::default() }
    }

    /// How often an update may read and write before it gives up: ten times unless set here.
    pub fn rounds(mut self, rounds: u32) -> Self {
        self.rounds = rounds.max(1);
        self
    }

    /// The time limit for all calls together: 600 seconds unless set here. Each of them has the
    /// client's time limit as well. With less left than a quarter of it, or than one second where that is
    /// shorter, no write is sent: it is a timeout that says that nothing was sent.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Retries each call by `policy` instead of the client's policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Adds a header that the document doesn't know to every call. The client's own and those
    /// of credentials are refused.
    pub fn extra_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.headers.push((name.into(), value.into()));
        self
    }

    /// Keeps the body of each response as it came: see [`Reply::body`].
    pub fn keep_body(mut self) -> Self {
        self.options.keep_body = true;
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
    /// As every operation; a decode error also where the response has none of the resource's members.
    pub async fn get(self) -> Result<Reply<R::Value>, Error> {
        let options = self.options.within(&*self.inner.layer().io().clock, self.timeout);
        self.inner.read(Options { proof: Some(proof::of_resource::<R>), ..options }).await
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
    /// As [`update`](Self::update).
    pub async fn preview(
        self,
        change: impl FnOnce(&mut R::Value),
    ) -> Result<Preview<R::Value>, Error> {
        let options = self.options.within(&*self.inner.layer().io().clock, self.timeout);
        let options = Options { proof: Some(proof::of_base::<R>), ..options };
        let read = self.inner.read(options).await.map_err(unread)?;
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
    /// It builds on nothing but the resource: a response of success that has none of the documented
    /// members, or lacks the ETag of a resource that has one, is a decode error and nothing is sent. So it
    /// is reported as written only where the response to the write proves it, or where the resource, read
    /// again, is what was written.
    ///
    /// A write of which nobody knows whether it was made is sent again by the client where the resource has
    /// an ETag, since it is refused then if it was made. Where it has none, the resource is read first: if
    /// it is what was written, that is all; if not, `change` is applied to what it is now, and that is
    /// written, as often as the [`RetryPolicy`] and [`rounds`](Self::rounds) allow.
    ///
    /// # Errors
    /// As every operation. A conflict, as [`Error::is_conflict`] has it, means that others kept
    /// writing; and where the error [may have taken effect](Error::may_have_taken_effect), the response
    /// to a write was lost, the resource isn't what was written, and the change isn't applied once more on
    /// a guess.
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
    /// As [`update`](Self::update), and what `change` returns as its error.
    pub async fn try_update<E: From<Error>>(
        self,
        change: impl FnMut(&mut R::Value) -> Result<(), E> + Send,
    ) -> Result<Updated<R::Value>, E> {
        self.replace(|_| None, change).await
    }
}

impl<R: Creatable> Resource<R> {
    /// Reads the resource where there is one. There is none only where the vendor itself says so, as
    /// [`update_or_create`](Self::update_or_create) has it.
    ///
    /// ```no_run
    /// # async fn run(cloudflare: letterhead::cloudflare::Client, id: &str) -> Result<(), letterhead::Error> {
    /// match cloudflare.organization_profile(id).find().await? {
    ///     Some(profile) => println!("{:?}", profile.business_name),
    ///     None => println!("it has no profile yet"),
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`get`](Self::get), but for the one that says that there is no such resource.
    pub async fn find(self) -> Result<Option<Reply<R::Value>>, Error> {
        match self.get().await {
            Ok(reply) => Ok(Some(reply)),
            Err(error) if R::absent(&error).is_some() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// As [`update`](Self::update), and makes the resource where there is none: `change` gets an empty one
    /// then, in which every member that a write has to have is an empty text.
    ///
    /// There is none only where the vendor itself says so: with a 404 in its own JSON that names an error. A
    /// 404 of a proxy, in HTML or without a body, is an error as any other, and so is a success without the
    /// resource in it. A resource that is made is written even where `change` leaves it empty.
    ///
    /// The vendor has no way to write *only where there is none*: of two who make the first one at the same
    /// time, the later write stays and neither learns of the other. Where a write may have been lost, the
    /// resource is read again before another is sent.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn update_or_create(
        self,
        mut change: impl FnMut(&mut R::Value) + Send,
    ) -> Result<Updated<R::Value>, Error> {
        let update = self.try_update_or_create(|value| {
            change(value);
            Ok(())
        });
        update.await
    }

    /// As [`update_or_create`](Self::update_or_create), with a change that may refuse what it finds.
    ///
    /// # Errors
    /// As [`try_update`](Self::try_update).
    pub async fn try_update_or_create<E: From<Error>>(
        self,
        change: impl FnMut(&mut R::Value) -> Result<(), E> + Send,
    ) -> Result<Updated<R::Value>, E> {
        self.replace(R::absent, change).await
    }
}

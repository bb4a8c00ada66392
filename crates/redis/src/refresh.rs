//! A refresh token that replicas share.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::Duration;

use ::redis::Script;
use letterhead::uuid::Uuid;
use letterhead::{BoxFuture, RefreshTokenStore, Secret};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep};

use crate::closings::lock;
use crate::error::Kind;
use crate::lease::{Holder, Pauses, milliseconds};
use crate::redis::LONGEST_LEASE;
use crate::server::{PAUSE, script};
use crate::{Error, Redis};

static LEASE: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/lease.lua")));
static LOAD: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/load.lua")));
static SAVE: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/save.lua")));

/// The format of the members on the server.
const FORMAT: &str = "1";
/// The longest lease of a refresh token: less than a client waits for one.
const LONGEST: Duration = Duration::from_secs(15);
/// How long a server that takes no replacement is tried to be given it: less than a client waits.
const SAVING: Duration = Duration::from_secs(12);

type BoxError = Box<dyn StdError + Send + Sync>;

/// A refresh token that all replicas redeem, one after the other: see [`Redis::refresh_token`].
///
/// - **Two replicas at once**: one has the lease, the other waits for it, and finds the replacement.
/// - **A lease that ended too early**: a write counts only over the version that was read. The first one
///   stays, and the other replica goes on with it.
/// - **A replica that crashes after it was given a replacement and before it has written it**: the old token is
///   still stored. Microsoft Entra goes on taking it. Where an identity provider takes a token only once, a person
///   has to consent again.
/// - **A server that is away, or refuses to write, when the replacement is to be written**: it is tried for 12
///   seconds. Then the client keeps the replacement in memory, and writes it after the next redemption.
/// - **A server that has lost its data**: the first replica that reads gives back the newest token that it
///   knows. Who wants a token gone calls [`forget`](Self::forget) rather than to delete its key.
///
/// Without the server nothing is redeemed, whatever was declared for it: two replicas would redeem the same
/// token.
pub struct SharedRefreshToken {
    redis: Redis,
    place: String,
    held: Arc<Mutex<Option<Held>>>,
    known: Mutex<Known>,
}

/// The lease under which this replica redeems.
struct Held {
    holder: Holder,
    /// The version that it redeems: the one that is written over, whatever else is read meanwhile.
    version: Option<String>,
}

/// What was last read or written, encrypted as it is stored.
#[derive(Clone, Default)]
struct Known {
    version: String,
    sealed: Vec<u8>,
}

impl SharedRefreshToken {
    pub(crate) fn new(redis: Redis, name: &str) -> Self {
        let place = redis.place("refresh", name);
        Self { redis, place, held: Arc::default(), known: Mutex::default() }
    }

    /// Stores the token of a person who has signed in, in place of any that is there.
    ///
    /// # Errors
    /// The server can't be used, or what is stored isn't ours.
    pub async fn put(&self, token: &Secret) -> Result<(), Error> {
        self.write("any", self.seal(token)).await.map(drop)
    }

    /// Stores a token that the service was given, if there is none; whether that was so.
    ///
    /// # Errors
    /// The server can't be used, or what is stored isn't ours.
    pub async fn seed(&self, token: &Secret) -> Result<bool, Error> {
        self.write("none", self.seal(token)).await
    }

    /// Signs the person out: no replica has a token any more, or gives one back.
    ///
    /// # Errors
    /// The server can't be used, or what is stored isn't ours.
    pub async fn forget(&self) -> Result<(), Error> {
        self.write("any", Vec::new()).await.map(drop)
    }

    async fn write(&self, over: &str, sealed: Vec<u8>) -> Result<bool, Error> {
        let write = Uuid::new_v4();
        self.write_as(over, &sealed, "", &write.simple().to_string()).await
    }

    async fn write_as(
        &self,
        over: &str,
        sealed: &[u8],
        holder: &str,
        write: &str,
    ) -> Result<bool, Error> {
        let mut save = SAVE.key(&self.place);
        save.key(self.lease_place()).arg(FORMAT).arg(holder).arg(over).arg(sealed).arg(write);
        let (status, version): (i64, String) = self.redis.server.run(&save).await?;
        match status {
            0 => Ok(false),
            1 => {
                *self.known() = Known { version, sealed: sealed.to_vec() };
                Ok(true)
            }
            _ => Err(self.foreign()),
        }
    }

    async fn read(&self) -> Result<Secret, BoxError> {
        loop {
            if let Some(token) = self.read_once().await? {
                return Ok(token);
            }
        }
    }

    /// The token; none where another one was stored while this one was sealed anew.
    async fn read_once(&self) -> Result<Option<Secret>, BoxError> {
        let known = self.known().clone();
        let mut load = LOAD.key(&self.place);
        load.key(format!("{}:check", self.place));
        load.arg(FORMAT).arg(known.version).arg(known.sealed);
        let (status, version, sealed): (i64, String, Vec<u8>) =
            self.redis.server.run(&load).await?;
        if status == 2 {
            return Err(self.foreign().into());
        }
        let token = match &*sealed {
            [] => None,
            sealed => {
                let token = self.redis.sealer.open(&self.place, sealed);
                let token = token.and_then(|token| str::from_utf8(&token).ok().map(Secret::from));
                // Not known, so that it isn't written over.
                Some(token.ok_or_else(|| self.foreign())?)
            }
        };
        // Without the lease somebody may be redeeming it, whose replacement would be refused.
        let is_held = self.held().as_ref().is_some_and(|held| held.version.is_none());
        let is_old = is_held && !self.redis.sealer.is_current(&self.place, &sealed);
        *self.known() = Known { version: version.clone(), sealed };
        let Some(token) = token else { return Err(self.missing()) };
        if is_old && !self.write(&version, self.seal(&token)).await? {
            return Ok(None);
        }
        if let Some(held) = &mut *self.held() {
            held.version.get_or_insert_with(|| self.known().version.clone());
        }
        Ok(Some(token))
    }

    async fn replace(&self, token: Secret) -> Result<(), BoxError> {
        let (sealed, write) = (self.seal(&token), Uuid::new_v4().simple().to_string());
        let held = self.held().take();
        let (id, version) = held.map(|held| (held.holder.id, held.version)).unwrap_or_default();
        let over = version.unwrap_or_else(|| self.known().version.clone());
        let started = Instant::now();
        let written = loop {
            match self.write_as(&over, &sealed, &id, &write).await {
                // Nobody knows whether it was written: the same write is never made twice.
                Err(error) if error.may_pass() && started.elapsed() < SAVING => sleep(PAUSE).await,
                // Where it wasn't, the lease ends by itself: the others would redeem the old token at once.
                written => break written,
            }
        };
        match written {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::new(
                Kind::Other,
                format!(
                    "another replica or a person has stored a refresh token under `{}`",
                    self.place
                ),
            )
            .into()),
            Err(error) => Err(error.into()),
        }
    }

    async fn hold(&self) -> Result<Lease, BoxError> {
        let holder = Holder::new(self.lease_place(), self.redis.lease.min(LONGEST));
        let mut pauses = Pauses::new();
        loop {
            let mut lease = LEASE.key(&holder.place);
            lease.arg(&holder.id);
            lease.arg(milliseconds(holder.lease)).arg(milliseconds(LONGEST_LEASE));
            match self.redis.server.run(&lease).await? {
                0_i64 => break,
                left => pauses.pause(left).await,
            }
        }
        *self.held() = Some(Held { holder: holder.clone(), version: None });
        let (redis, runtime) = (self.redis.clone(), Handle::current());
        let renewal = runtime.spawn(async move { match holder.renew(&redis).await {} });
        Ok(Lease {
            held: Arc::clone(&self.held),
            redis: self.redis.clone(),
            renewal: renewal.abort_handle(),
            runtime,
        })
    }

    fn seal(&self, token: &Secret) -> Vec<u8> {
        self.redis.sealer.seal(&self.place, token.expose().as_bytes())
    }

    fn lease_place(&self) -> String {
        format!("{}:lease", self.place)
    }

    fn foreign(&self) -> Error {
        let what = format!(
            "what is stored under `{}` isn't a refresh token of this version, or not sealed with a key that was \
             given; it is left as it is: give the key, or delete it and store a new token",
            self.place
        );
        Error::new(Kind::Foreign, what)
    }

    fn missing(&self) -> BoxError {
        let what = format!(
            "there is no refresh token under `{}`; a person has to sign in, and the token be stored there",
            self.place
        );
        io::Error::new(io::ErrorKind::NotFound, what).into()
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        lock(&self.held)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        lock(&self.known)
    }
}

/// A lease that is renewed. Saving frees it; where nothing was to be saved, that is done after its drop.
struct Lease {
    held: Arc<Mutex<Option<Held>>>,
    redis: Redis,
    renewal: AbortHandle,
    runtime: Handle,
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewal.abort();
        if let Some(held) = lock(&self.held).take() {
            let redis = self.redis.clone();
            self.runtime.spawn(async move { held.holder.free(&redis).await });
        }
    }
}

impl RefreshTokenStore for SharedRefreshToken {
    fn load(&self) -> BoxFuture<'_, Result<Secret, BoxError>> {
        Box::pin(self.read())
    }

    fn save(&self, token: Secret) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(self.replace(token))
    }

    fn lock(&self) -> BoxFuture<'_, Result<Box<dyn Send>, BoxError>> {
        Box::pin(async { Ok(Box::new(self.hold().await?) as Box<dyn Send>) })
    }
}

impl fmt::Debug for SharedRefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedRefreshToken").field("key", &self.place).finish_non_exhaustive()
    }
}

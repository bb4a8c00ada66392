//! Access tokens: one replica gets a token, and all have it.

use std::error::Error as StdError;
use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use ::redis::Script;
use letterhead::{AccessToken, BoxFuture, Secret, TokenSource, reqwest};
use zeroize::Zeroizing;

use crate::closings::lock;
use crate::lease::{Holder, Pauses, milliseconds};
use crate::redis::LONGEST_LEASE;
use crate::server::script;
use crate::{Error, Redis, WhenAway};

static ENTER: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/enter.lua")));
static WRITE: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/write.lua")));
static PEEK: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/peek.lua")));

/// The format of the members on the server.
const FORMAT: &str = "1";
/// How long a token is kept on the server that nobody asks for.
const KEPT: Duration = Duration::from_secs(31 * 24 * 3600);
/// The longest life of a token that is believed.
const LONGEST_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);
/// The life of a token that comes without one.
const UNKNOWN_LIFE: Duration = Duration::from_secs(300);
/// The longest time before its end at which a token is still handed out to others.
const LATEST: Duration = Duration::from_secs(150);

type BoxError = Box<dyn StdError + Send + Sync>;

/// A source whose tokens all replicas have: see [`Redis::tokens`].
///
/// A client asks it as any source, before its token ends and after the token was refused. What it gets is
/// the token on the server, with the life that is left by the server's clock, or a new one that this replica
/// gets from its source while the others wait for it.
///
/// The token that a client had from here last is never handed to it again: the client asks because that one
/// ends or was refused, so it is replaced, once for all replicas.
pub struct SharedTokens<S> {
    redis: Redis,
    source: S,
    place: String,
    /// The write that the last token came from.
    last: Mutex<String>,
    /// Redis was why no token could be had at last.
    was_away: AtomicBool,
}

/// What the server says to who wants a token.
enum Entered {
    /// Another one gets it: its lease ends in so many ms.
    Busy(i64),
    Lease {
        fence: String,
        now: i64,
    },
    Token {
        written: String,
        sealed: Vec<u8>,
        now: i64,
    },
}

impl<S: TokenSource> SharedTokens<S> {
    pub(crate) fn new(redis: Redis, name: &str, source: S) -> Self {
        let place = redis.place("token", name);
        Self { redis, source, place, last: Mutex::default(), was_away: AtomicBool::new(false) }
    }

    async fn shared(&self, http: &reqwest::Client) -> Result<AccessToken, BoxError> {
        let holder = Holder::new(format!("{}:lease", self.place), self.redis.lease);
        let mut had = self.last();
        let mut pauses = Pauses::new();
        loop {
            match self.enter(&holder, &had).await {
                Ok(Entered::Busy(left)) => pauses.pause(left).await,
                Ok(Entered::Lease { fence, now }) => {
                    return self.replace(http, &holder, &fence, now).await;
                }
                Ok(Entered::Token { written, sealed, now }) => {
                    if let Some(token) = self.open(&sealed, now) {
                        self.set_last(written);
                        return Ok(token);
                    }
                    self.warn_of_foreign();
                    had = written;
                }
                Err(error) => return self.alone(http, error).await,
            }
        }
    }

    async fn enter(&self, holder: &Holder, had: &str) -> Result<Entered, Error> {
        let mut enter = ENTER.key(&self.place);
        enter.key(&holder.place).arg(FORMAT).arg(&holder.id);
        enter.arg(milliseconds(holder.lease)).arg(milliseconds(LONGEST_LEASE));
        enter.arg(had).arg(milliseconds(KEPT));
        let entered: (i64, i64, i64, String, Vec<u8>) = self.redis.server.run(&enter).await?;
        Ok(match entered {
            (0, left, ..) => Entered::Busy(left),
            (1, is_foreign, now, fence, _) => {
                if is_foreign != 0 {
                    self.warn_of_foreign();
                }
                Entered::Lease { fence, now }
            }
            (_, _, now, written, sealed) => Entered::Token { written, sealed, now },
        })
    }

    /// Gets a new token under the lease that was taken `now`, and writes it.
    async fn replace(
        &self,
        http: &reqwest::Client,
        holder: &Holder,
        fence: &str,
        now: i64,
    ) -> Result<AccessToken, BoxError> {
        let fetched = {
            let (fetch, renewal) = (pin!(self.source.fetch(http)), pin!(holder.renew(&self.redis)));
            tokio::select! {
                fetched = fetch => fetched,
                never = renewal => match never {},
            }
        };
        let token = match fetched {
            Ok(token) => token,
            Err(error) => {
                holder.free(&self.redis).await;
                return Err(error);
            }
        };
        let life = token.expires_in().unwrap_or(UNKNOWN_LIFE).min(LONGEST_LIFE);
        // By when the lease was taken, which is before the token was issued: it ends too early rather than
        // too late.
        let expires_at = now.saturating_add(microseconds(life));
        let due = expires_at.saturating_sub(microseconds((life / 10).min(LATEST)));
        let sealed = self.seal(expires_at, token.token());
        let mut write = WRITE.key(&self.place);
        write.key(&holder.place).arg(FORMAT).arg(&holder.id).arg(fence).arg(due).arg(sealed);
        match self.redis.server.run(write.arg(milliseconds(KEPT))).await {
            Ok(1_i64) => self.set_last(fence.to_owned()),
            Ok(_) => tracing::warn!(key = self.place, "the lease ended before the token was there"),
            Err(_) => holder.free(&self.redis).await,
        }
        Ok(token)
    }

    async fn alone(&self, http: &reqwest::Client, error: Error) -> Result<AccessToken, BoxError> {
        self.was_away.store(true, Ordering::Relaxed);
        match self.redis.when_away {
            WhenAway::FailClosed => Err(error.into()),
            WhenAway::GoOn { .. } => self.source.fetch(http).await,
        }
    }

    fn seal(&self, expires_at: i64, token: &Secret) -> Vec<u8> {
        let token = token.expose().as_bytes();
        let value = Zeroizing::new([&expires_at.to_be_bytes(), token].concat());
        self.redis.sealer.seal(&self.place, &value)
    }

    /// The token, with the life that is left of it.
    fn open(&self, sealed: &[u8], now: i64) -> Option<AccessToken> {
        let value = self.redis.sealer.open(&self.place, sealed)?;
        let (expires_at, token) = value.split_first_chunk()?;
        let left = i64::from_be_bytes(*expires_at).checked_sub(now)?;
        let left = Duration::from_micros(left.try_into().ok()?);
        let token = Secret::from(str::from_utf8(token).ok()?);
        (!left.is_zero()).then(|| AccessToken::new(token, Some(left)))
    }

    fn warn_of_foreign(&self) {
        let key = &self.place;
        tracing::warn!(key, "what is stored isn't a token that can be read, and is replaced");
    }

    async fn has_another(&self) -> bool {
        let peeked = self.redis.server.run(PEEK.key(&self.place).arg(FORMAT)).await;
        let Ok(written): Result<String, Error> = peeked else { return false };
        let is_back = self.was_away.swap(false, Ordering::Relaxed);
        is_back || (!written.is_empty() && written != self.last())
    }

    fn last(&self) -> String {
        lock(&self.last).clone()
    }

    fn set_last(&self, written: String) {
        *lock(&self.last) = written;
    }
}

fn microseconds(duration: Duration) -> i64 {
    duration.as_micros().try_into().unwrap_or(i64::MAX)
}

impl<S: TokenSource> TokenSource for SharedTokens<S> {
    fn fetch<'a>(
        &'a self,
        http: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, BoxError>> {
        Box::pin(self.shared(http))
    }

    /// Two of the source's and a lease: another replica may take all of its time and crash then.
    fn timeout(&self) -> Duration {
        self.source.timeout() * 2 + self.redis.lease + self.redis.server.limit() * 4
    }

    /// Also where another replica has a newer token, or Redis is back.
    fn has_changed(&self) -> BoxFuture<'_, bool> {
        Box::pin(async { self.has_another().await || self.source.has_changed().await })
    }
}

impl<S> fmt::Debug for SharedTokens<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedTokens")
            .field("key", &self.place)
            .field("source", &std::any::type_name::<S>())
            .finish_non_exhaustive()
    }
}

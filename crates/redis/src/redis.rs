use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ::redis::{ConnectionInfo, Script};
use letterhead::{RateLimit, TokenSource};

use crate::error::Kind;
use crate::seal::Sealer;
use crate::server::{Server, address, script};
use crate::{Error, Key, SharedQuota, SharedRefreshToken, SharedTokens};

static CHECK: LazyLock<Script> = LazyLock::new(|| script(include_str!("lua/check.lua")));

/// The longest lease: one that ends later isn't one of ours.
pub(crate) const LONGEST_LEASE: Duration = Duration::from_secs(60);
const SHORTEST_LEASE: Duration = Duration::from_millis(500);

/// What replicas do while Redis can't be used, because it is away, full, or refuses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenAway {
    /// Calls fail that need it: those for which a new token or a turn has to be had. Nothing is sent beyond
    /// the quota.
    FailClosed,
    /// Each replica goes on alone: it gets tokens for itself, and keeps to its even share of each quota.
    GoOn {
        /// How many replicas there are at most: the parts that a quota is divided into.
        replicas: std::num::NonZeroU32,
    },
}

/// A Redis, or a Valkey, on which the replicas of a service share what they have. Clones are one connection.
#[derive(Clone)]
pub struct Redis {
    pub(crate) server: Arc<Server>,
    pub(crate) sealer: Arc<Sealer>,
    pub(crate) lease: Duration,
    pub(crate) when_away: WhenAway,
    namespace: Arc<str>,
}

/// Builds a [`Redis`].
#[must_use]
pub struct RedisBuilder {
    address: Result<ConnectionInfo, Error>,
    keys: Vec<Key>,
    when_away: WhenAway,
    namespace: String,
    limit: Duration,
    lease: Duration,
}

impl Redis {
    /// The server at `redis://user:password@host:6379/0`, a key to encrypt tokens with, and what to do while
    /// the server is away. `rediss://` is TLS, with one of the features `rustls` and `native-tls`.
    pub fn builder(url: &str, key: Key, when_away: WhenAway) -> RedisBuilder {
        Self::builder_at(address(url), key, when_away)
    }

    /// The server that is described with the types of the crate `redis`: one over TLS with certificates of its
    /// own (`Client::build_with_tls`, with a feature for TLS), or on a Unix
    /// socket.
    pub fn builder_with(info: ConnectionInfo, key: Key, when_away: WhenAway) -> RedisBuilder {
        Self::builder_at(Ok(info), key, when_away)
    }

    fn builder_at(
        address: Result<ConnectionInfo, Error>,
        key: Key,
        when_away: WhenAway,
    ) -> RedisBuilder {
        RedisBuilder {
            address,
            keys: vec![key],
            when_away,
            namespace: "letterhead".to_owned(),
            limit: Duration::from_millis(500),
            lease: Duration::from_secs(10),
        }
    }

    /// Whether the server can be used: to find a wrong password, or what its user may not do, when a service starts.
    ///
    /// # Errors
    /// It can't be reached, refuses the user or a command, or can't be written.
    pub async fn check(&self) -> Result<(), Error> {
        let key = self.place("check", "");
        self.server.run::<i64>(CHECK.prepare_invoke().key(key)).await.map(drop)
    }

    /// Shares the tokens of `source` under a name, which belongs to one credential: replicas with the same
    /// name have the same token.
    pub fn tokens<S: TokenSource>(&self, name: &str, source: S) -> SharedTokens<S> {
        SharedTokens::new(self.clone(), name, source)
    }

    /// The refresh token that replicas share under a name, which belongs to one sign-in of a person.
    #[must_use]
    pub fn refresh_token(&self, name: &str) -> SharedRefreshToken {
        SharedRefreshToken::new(self.clone(), name)
    }

    /// Keeps `limit` in all replicas together under a name, which belongs to one quota of a vendor: that of a
    /// credential.
    ///
    /// Several clients of one process that have the same quota take clones of one `SharedQuota`: while Redis is away,
    /// each that is made here has a share of its own.
    #[must_use]
    pub fn quota(&self, name: &str, limit: RateLimit) -> SharedQuota {
        SharedQuota::new(self.clone(), name, limit)
    }

    /// The key of what has this name. The braces keep all keys of one name in one slot, which proxies want.
    pub(crate) fn place(&self, what: &str, name: &str) -> String {
        format!("{}:{what}:{{{name}}}", self.namespace)
    }
}

impl RedisBuilder {
    /// What all keys on the server begin with: `letterhead` unless set here.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = namespace.into();
        self
    }

    /// A further key that values may be sealed with. To replace a key, first give all replicas the new one
    /// here, then make it the first and the old one a further one. Each refresh token is sealed with the first one
    /// when it is next redeemed or [stored](SharedRefreshToken::put): then leave the old one out.
    pub fn further_key(mut self, key: Key) -> Self {
        self.keys.push(key);
        self
    }

    /// How long a command may take, with the connection that it may need: 500 ms unless set here.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// For how long a replica that has crashed keeps the others from getting a token: 10 seconds unless set
    /// here, between half a second and a minute; for a refresh token at most 15 seconds, which is less than a client
    /// waits for it. One that lives renews its lease.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.clamp(SHORTEST_LEASE, LONGEST_LEASE);
        self
    }

    /// Connects to nothing yet: [`Redis::check`] does, and the first use.
    ///
    /// # Errors
    /// An address that can't be right, or one over TLS without a feature for it.
    pub fn build(self) -> Result<Redis, Error> {
        if self.limit.is_zero() {
            return Err(Error::new(Kind::Configuration, "the time limit of a command is zero"));
        }
        Ok(Redis {
            server: Arc::new(Server::new(self.address?, &self.namespace, self.limit)?),
            sealer: Arc::new(Sealer { keys: self.keys }),
            lease: self.lease,
            when_away: self.when_away,
            namespace: self.namespace.into(),
        })
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the address: there may be a password in it.
        f.debug_struct("Redis")
            .field("namespace", &self.namespace)
            .field("when_away", &self.when_away)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RedisBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisBuilder")
            .field("namespace", &self.namespace)
            .field("when_away", &self.when_away)
            .finish_non_exhaustive()
    }
}

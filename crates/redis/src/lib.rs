//! Replicas of a service share letterhead's access tokens, refresh tokens and quotas on a Redis or a Valkey.
//!
//! Start with [`Redis::builder`]. [`Redis::tokens`] wraps a source of access tokens, [`Redis::refresh_token`] is
//! a store for a person's refresh token, and [`Redis::quota`] is a limiter. What is to happen while the server
//! is away is declared with [`WhenAway`].
//!
//! The page `docs/replicas.md` of the repository says what is stored, and what happens on each failure.

#[cfg(doctest)]
mod book {
    //! Compiles the code of the README and of the book's page.

    #[doc = include_str!("../README.md")]
    struct Readme;

    #[doc = include_str!("../../../docs/replicas.md")]
    struct Replicas;
}

mod ahead;
mod closings;
mod error;
mod lease;
mod quota;
mod redis;
mod refresh;
mod seal;
mod server;
mod share;
mod tokens;

pub use self::error::Error;
pub use self::quota::SharedQuota;
pub use self::redis::{Redis, RedisBuilder, WhenAway};
pub use self::refresh::SharedRefreshToken;
pub use self::seal::Key;
pub use self::tokens::SharedTokens;
/// The address of a server can be described with its types.
pub use ::redis as client;

//! Replicas of a service share letterhead's access tokens, refresh tokens and quotas on Redis.

mod error;
mod lease;
mod quota;
mod redis;
mod seal;
mod server;
mod share;
mod tokens;

pub use self::error::Error;
pub use self::quota::SharedQuota;
pub use self::redis::{Redis, RedisBuilder, WhenAway};
pub use self::seal::Key;
pub use self::tokens::SharedTokens;
/// The address of a server can be described with its types.
pub use ::redis as client;

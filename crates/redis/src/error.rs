use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use ::redis::{ErrorKind, RedisError, ServerErrorKind};

/// Why replicas can't share.
///
/// It shows what Redis said by its code alone: a server may quote what it was sent, the password among it.
#[derive(Clone, Debug)]
pub struct Error {
    kind: Kind,
    what: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Configuration,
    Away,
    /// The user, or the password.
    Refused,
    /// One command, or one key.
    NotPermitted,
    Full,
    ReadOnly,
    Foreign,
    Other,
}

/// What may be shown of what a server says.
const CODES: [&str; 7] =
    ["BUSY", "ERR", "MISCONF", "NOREPLICAS", "NOSCRIPT", "UNKILLABLE", "WRONGTYPE"];

impl Error {
    /// What the caller gave can't be right.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        self.kind == Kind::Configuration
    }

    /// Redis can't be reached, takes too long, or is loading its data.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.kind == Kind::Away
    }

    /// Redis refuses the user, the password, or what the user may do.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self.kind, Kind::Refused | Kind::NotPermitted)
    }

    /// Redis has no memory left.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.kind == Kind::Full
    }

    /// Redis is a copy of another one, and can't be written.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.kind == Kind::ReadOnly
    }

    /// What is stored isn't letterhead's, or of another version, or sealed with another key.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.kind == Kind::Foreign
    }

    pub(crate) fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into() }
    }

    /// Whether other commands would fare no better.
    pub(crate) fn is_of_server(&self) -> bool {
        matches!(self.kind, Kind::Away | Kind::Refused | Kind::ReadOnly)
    }

    /// Whether the same command may succeed a little later.
    pub(crate) fn may_pass(&self) -> bool {
        !matches!(self.kind, Kind::Configuration | Kind::Foreign)
    }

    pub(crate) fn late(limit: Duration) -> Self {
        Self::new(Kind::Away, format!("Redis didn't respond within {} ms", limit.as_millis()))
    }

    /// What an operation of the client comes to.
    pub(crate) fn of(error: &RedisError) -> Self {
        let code = error.code().unwrap_or_default();
        match (error.kind(), code) {
            (ErrorKind::Io, _) => Self::new(Kind::Away, format!("Redis can't be reached: {error}")),
            (ErrorKind::AuthenticationFailed, _) | (_, "WRONGPASS" | "NOAUTH") => Self::new(
                Kind::Refused,
                "Redis refuses the user or the password; look at the address that was given",
            ),
            _ if may_not(error) => Self::new(
                Kind::NotPermitted,
                "Redis refuses what this user wants to do; it needs EVALSHA, SCRIPT LOAD and the commands \
                 of the scripts, for the keys of the namespace",
            ),
            (
                ErrorKind::Server(
                    ServerErrorKind::BusyLoading
                    | ServerErrorKind::MasterDown
                    | ServerErrorKind::ClusterDown
                    | ServerErrorKind::TryAgain,
                ),
                _,
            ) => Self::new(Kind::Away, format!("Redis isn't ready ({code})")),
            (_, "MOVED" | "ASK" | "CROSSSLOT") => Self::new(
                Kind::Configuration,
                "this Redis is part of a cluster, whose redirections are not followed; give the address of a server \
                 of its own",
            ),
            (_, "OOM") => Self::new(
                Kind::Full,
                "Redis is full (OOM); raise `maxmemory`, or give letterhead a server of its own",
            ),
            (ErrorKind::Server(ServerErrorKind::ReadOnly), _) => Self::new(
                Kind::ReadOnly,
                "this Redis is a copy and can't be written (READONLY); give the address of the primary",
            ),
            (ErrorKind::RESP3NotSupported, _) => Self::new(
                Kind::Other,
                "this server is no Redis of version 6 or later, and no Valkey",
            ),
            (ErrorKind::UnexpectedReturnType | ErrorKind::Parse, _) => {
                Self::new(Kind::Other, "what responded isn't Redis, or not one that is known")
            }
            (_, code) if CODES.contains(&code) => {
                Self::new(Kind::Other, format!("Redis refused a command ({code})"))
            }
            _ => Self::new(Kind::Other, "Redis refused a command"),
        }
    }
}

/// Whether Redis refuses a command to this user, by itself or in a script.
fn may_not(error: &RedisError) -> bool {
    let detail = error.detail().unwrap_or_default();
    let in_script = ["The user executing the script", "ACL failure in script"];
    error.kind() == ErrorKind::Server(ServerErrorKind::NoPerm)
        || in_script.iter().any(|start| detail.starts_with(start))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl StdError for Error {}

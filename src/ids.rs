//! The ids that make a call traceable.

use std::fmt;
use std::str::FromStr;

use http::HeaderValue;
use serde::{Deserialize, Serialize};
#[cfg(feature = "tower")]
use tokio::task::futures::TaskLocalFuture;
use uuid::Uuid;

tokio::task_local! {
    static SCOPE: CorrelationId;
}

/// Names one logical operation of the caller, however many calls it takes.
///
/// A call takes the id that its builder was given, else the id of the task's scope, else a new one.
/// Partner Center is sent it as `MS-CorrelationId`; the other vendors have no header for it. Every
/// reply and every error carries it.
///
/// ```
/// use letterhead::CorrelationId;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let job = CorrelationId::new();
/// job.scope(async {
///     // Every call in here carries the id. A task spawned in here needs a scope of its own.
///     assert_eq!(CorrelationId::current(), Some(job));
/// })
/// .await;
/// # }
/// ```
///
/// It is written and read as the text of a UUID, to be kept with a job.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[doc(alias = "MS-CorrelationId")]
pub struct CorrelationId(Uuid);

impl CorrelationId {
    /// A new, random id.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a default that differs each time misleads")]
    pub fn new() -> Self {
        Self(Uuid::new_v4())
    }

    /// The id of the scope that this task runs in.
    #[must_use]
    pub fn current() -> Option<Self> {
        SCOPE.try_with(|id| *id).ok()
    }

    /// Runs `future` so that every call in it carries this id.
    ///
    /// The scope doesn't follow `tokio::spawn`: open it again in the spawned task.
    pub async fn scope<F: IntoFuture>(self, future: F) -> F::Output {
        SCOPE.scope(self, future.into_future()).await
    }

    /// The future that `make` returns, with both of them in this scope.
    #[cfg(feature = "tower")]
    pub(crate) fn scope_of<F: Future>(self, make: impl FnOnce() -> F) -> TaskLocalFuture<Self, F> {
        SCOPE.scope(self, SCOPE.sync_scope(self, make))
    }

    /// The id of a new call that was `given` one or not.
    pub(crate) fn for_call(given: Option<Self>) -> Self {
        given.or_else(Self::current).unwrap_or_else(Self::new)
    }
}

/// Names one call. A vendor that receives it (`MS-RequestId` at Partner Center) recognizes a retry by
/// it: give it to the call that retries one whose response never came.
///
/// It is written and read as the text of a UUID, to be kept with what was asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[doc(alias = "MS-RequestId")]
#[doc(alias = "idempotency key")]
pub struct RequestId(Uuid);

impl RequestId {
    pub(crate) fn new() -> Self {
        Self(Uuid::new_v4())
    }
}

macro_rules! id {
    ($name:ident) => {
        impl $name {
            pub(crate) fn to_header_value(self) -> HeaderValue {
                let mut buffer = Uuid::encode_buffer();
                let text = self.0.hyphenated().encode_lower(&mut buffer);
                HeaderValue::from_str(text)
                    .expect("hexadecimal digits and hyphens are visible ASCII")
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            /// Parses a UUID, which is what Partner Center takes.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

id!(CorrelationId);
id!(RequestId);

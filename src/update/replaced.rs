//! What an update has to know about a resource.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::Serialize;

use crate::layer::{Layer, Options};
use crate::wire::Meaning;
use crate::{Error, Reply};

/// One of letterhead's resources.
pub trait Replaced: Sync {
    /// What it is read as.
    type Value: Clone + Serialize + Send;

    /// Whether it has an ETag, without which nothing is written.
    #[doc(hidden)]
    const HAS_ETAG: bool = false;

    #[doc(hidden)]
    fn layer(&self) -> &Layer;

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

    /// What the body of a response holds, if it proves to be the resource: it has a documented member
    /// besides those of bookkeeping.
    #[doc(hidden)]
    fn resource(json: &[u8]) -> Option<Self::Value>;

    /// Whether the response to a write proves that it was made.
    #[doc(hidden)]
    #[must_use]
    fn is_written(_status: StatusCode, json: &[u8]) -> bool {
        Self::resource(json).is_some()
    }

    #[doc(hidden)]
    fn etag(_value: &Self::Value) -> Option<&str> {
        None
    }

    #[doc(hidden)]
    fn set_etag(_value: &mut Self::Value, _etag: &str) {}

    /// Evens out what the vendor changes by itself when it stores a value.
    #[doc(hidden)]
    fn normalize(_members: &mut BTreeMap<String, Meaning>) {}
}

/// A resource that may be absent, and that its first write makes.
pub trait Creatable: Replaced {
    /// An empty one, where the error of a read says that there is none.
    #[doc(hidden)]
    fn absent(error: &Error) -> Option<Self::Value>;
}

//! What comes of an update.

use std::fmt;
use std::ops::Deref;

use crate::Reply;

/// What an update came to: the resource as it now is.
pub struct Updated<T> {
    pub(super) reply: Reply<T>,
    pub(super) is_written: bool,
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

impl<T> Updated<T> {
    /// Whether something was written; if not, the resource was already what it was to be. Also where the
    /// response to a write was lost and the resource, read again, is what it was to be.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.is_written
    }

    /// The last response: to the write, or to the read where nothing was written.
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

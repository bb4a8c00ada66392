//! An operation of a document.

use std::borrow::Cow;

use http::Method;

use crate::retry::Repeatable;
use crate::slot::Slot;

/// An operation as the layer sends it.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) repeatable: Repeatable,
    /// The clouds that offer it; none where all of them do.
    pub(crate) clouds: &'static [&'static str],
    /// The credentials that it takes, each with all that goes together, in the document's order. None where it takes
    /// the client's as it is; without one, or with an empty one, it goes without a credential as well.
    pub(crate) takes: Option<&'static [&'static [Slot]]>,
}

impl From<&'static Operation> for Cow<'static, Operation> {
    fn from(operation: &'static Operation) -> Self {
        Self::Borrowed(operation)
    }
}

impl From<Operation> for Cow<'static, Operation> {
    fn from(operation: Operation) -> Self {
        Self::Owned(operation)
    }
}

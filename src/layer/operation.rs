//! An operation of a document.

use http::Method;

use crate::retry::Repeatable;

/// An operation as the layer sends it.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) repeatable: Repeatable,
    /// The clouds that offer it; none where all of them do.
    pub(crate) clouds: &'static [&'static str],
}

use letterhead_document::{Key, Node};

use crate::shape::{Kind, Shape};

/// A part of the document with another shape than OpenAPI gives it, as the walk records it.
#[derive(Debug)]
pub(crate) enum Oddity<'d> {
    /// A value of another type than its shape.
    Type {
        shape: Shape,
        node: &'d Node,
        /// The key it stands under.
        key: Option<&'d Key>,
    },
    /// An object with unknown members, or without some that it needs.
    Members {
        kind: Kind,
        node: &'d Node,
        /// The key it stands under.
        key: Option<&'d Key>,
        unknown: Vec<&'d Key>,
        missing: Vec<&'static str>,
    },
    /// A key that stands where `$ref` is meant.
    MisspeltReference(&'d Key),
}

impl Oddity<'_> {
    /// Where the unknown members start.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = u32> {
        let unknown = match self {
            Self::Members { unknown, .. } => unknown.as_slice(),
            _ => &[],
        };
        unknown.iter().map(|key| key.span.start)
    }
}

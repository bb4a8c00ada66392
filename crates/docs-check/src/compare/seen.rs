//! The operations that a page shows.

use std::borrow::Cow;

use letterhead_document::Span;

use super::context::Context;
use super::finding::Id;
use crate::fact::{Kind, Shown};
use crate::target::stable_path;

/// An operation as a page shows it.
#[derive(Clone)]
pub(super) struct Seen<'p> {
    pub(super) method: &'p str,
    pub(super) path: &'p str,
    pub(super) server: Option<&'p str>,
    pub(super) shown: Shown,
    pub(super) group: usize,
    pub(super) span: Span,
}

impl Seen<'_> {
    /// Whether it declares the operation, and is no mere example.
    pub(super) fn declares(&self) -> bool {
        matches!(self.shown, Shown::Table | Shown::Heading)
    }

    pub(super) fn in_prose(&self) -> bool {
        self.shown == Shown::Table
    }

    pub(super) fn called(&self) -> String {
        format!("{} {}", self.method, stable_path(self.path))
    }
}

/// The operations that the page shows.
pub(super) fn seen<'p>(context: &Context<'p>) -> Vec<Seen<'p>> {
    let facts = context.page.facts.iter();
    let seen = facts.filter_map(|fact| match &fact.kind {
        Kind::Operation { method, path, server, shown } => Some(Seen {
            method,
            path,
            server: server.as_deref(),
            shown: *shown,
            group: fact.group,
            span: fact.span,
        }),
        _ => None,
    });
    seen.collect()
}

/// The path of a page with the base path of an operation's document.
pub(super) fn based<'p>(context: &Context<'_>, seen: &Seen<'p>, id: Id) -> Cow<'p, str> {
    match context.specs[id.0].rebased(seen.path) {
        Some((_, path)) => Cow::Owned(path),
        None => Cow::Borrowed(seen.path),
    }
}

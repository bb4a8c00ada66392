//! Paths, operations and what belongs to them: parameters, bodies, responses, security, servers.

pub(crate) mod content;
pub(crate) mod extensions;
pub(crate) mod ids;
pub(crate) mod markup;
pub(crate) mod parameters;
pub(crate) mod paths;
pub(crate) mod responses;
pub(crate) mod security;
pub(crate) mod servers;
pub(crate) mod stray;
pub(crate) mod templates;
pub(crate) mod urls;
pub(crate) mod version;

use letterhead_document::{Node, Span};

use crate::checks::references::targets::start_of;
use crate::finding::did_you_mean;
use crate::model::Object;

/// Where something is shown that an object lacks: its key, or its first one.
fn place_of(object: &Object<'_>) -> Span {
    object.key.map_or_else(|| start_of(object.node), |key| key.span)
}

/// Whether the object has a key that may have been meant as `member`; another rule reports that.
pub(crate) fn misspells(node: &Node, member: &str) -> bool {
    node.members()
        .any(|(key, _)| did_you_mean(&key.text, [member]).is_some() && !is_other(&key.text))
}

/// Members whose names resemble one another.
fn is_other(key: &str) -> bool {
    matches!(key, "name" | "url" | "get" | "put" | "in" | "example" | "examples")
}

/// The text of a member.
fn text<'d>(node: &'d Node, member: &str) -> Option<&'d str> {
    node.get(member).and_then(Node::as_str)
}

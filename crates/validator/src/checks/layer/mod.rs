//! What letterhead's layer and its readers need to know; for letterhead's own documents only.

pub(crate) mod decisions;
pub(crate) mod extensions;
pub(crate) mod headers;
pub(crate) mod operations;
pub(crate) mod paging;
pub(crate) mod retries;
pub(crate) mod security;

use letterhead_document::Node;

use crate::finding::did_you_mean;

fn text_of<'d>(node: &'d Node, key: &str) -> Option<&'d str> {
    node.get(key).and_then(Node::as_str)
}

/// The known word that was meant, or all of them.
fn one_of(word: &str, known: &[&str]) -> String {
    match did_you_mean(word, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("write one of `{}`", known.join("`, `")),
    }
}

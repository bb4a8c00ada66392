use letterhead_document::Span;

use crate::rules::Rule;

/// A difference between a page and a document.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its kind.
    pub rule: &'static Rule,
    /// What it is about, the same as long as nothing changes: what a decision's `settles` names.
    pub key: String,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The page, by its index, and the place in it.
    pub page: Option<(usize, Span)>,
    /// A second place on the page, and what is there.
    pub also: Option<(Span, String)>,
    /// The document, by its index, the place in it, and what is there.
    pub document: Option<(usize, Span, String)>,
}

/// A finding that a decision has settled.
#[derive(Clone, Debug)]
pub struct Quiet {
    /// The decision's id.
    pub decision: String,
    /// What would have been found.
    pub finding: Finding,
}

/// A page that describes operations outside the documents.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The page, by its index.
    pub page: usize,
    /// The operations outside the documents.
    pub outside: usize,
    /// The operations that the documents have, though they don't name the page.
    pub inside: usize,
}

/// An operation that no page of the folders is about.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The document, by its index.
    pub document: usize,
    /// Its method and its path.
    pub operation: String,
}

/// The result of a comparison.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The differences that nobody has settled.
    pub findings: Vec<Finding>,
    /// The differences that decisions have settled.
    pub settled: Vec<Quiet>,
    /// The pages with operations outside the documents.
    pub coverage: Vec<Coverage>,
    /// The operations without a page, of documents most of whose pages are not here either.
    pub unread: Vec<Unread>,
    /// The pages that were compared with the documents, by their indices.
    pub compared: Vec<usize>,
}

/// An operation by the indices of its document and its own.
pub(crate) type Id = (usize, usize);

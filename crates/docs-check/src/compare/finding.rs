use std::collections::BTreeMap;

use letterhead_document::Span;

use crate::rules::Rule;

/// A difference between a page and a document.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its kind.
    pub rule: &'static Rule,
    /// What it is about, the same as long as nothing changes: what a decision's `settles` names.
    pub key: String,
    /// The operation that it is about: its method and its path.
    pub operation: Option<String>,
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
    /// The key in its `settles`.
    pub settles: String,
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

/// An operation that a page shows.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The document, by its index.
    pub document: usize,
    /// Its method and its path.
    pub operation: String,
    /// The page, by its index.
    pub page: usize,
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
    /// Which page shows which operation.
    pub pairs: Vec<Pair>,
    /// The pages that were compared with the documents, by their indices.
    pub compared: Vec<usize>,
}

impl Outcome {
    /// The findings by their kinds, in the order of the kinds' names.
    #[must_use]
    pub fn kinds(&self) -> Vec<(&'static Rule, Vec<&Finding>)> {
        let mut kinds: BTreeMap<&str, (&'static Rule, Vec<&Finding>)> = BTreeMap::new();
        for finding in &self.findings {
            let kind = kinds.entry(finding.rule.code);
            kind.or_insert_with(|| (finding.rule, Vec::new())).1.push(finding);
        }
        kinds.into_values().collect()
    }

    /// Keeps the findings of some kinds, by their names.
    pub fn only(&mut self, kinds: &[String]) {
        let is_kept = |finding: &Finding| kinds.iter().any(|kind| kind == finding.rule.code);
        self.findings.retain(is_kept);
        self.settled.retain(|quiet| is_kept(&quiet.finding));
    }
}

/// An operation by the indices of its document and its own.
pub(crate) type Id = (usize, usize);

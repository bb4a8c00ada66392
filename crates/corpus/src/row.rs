//! What of a document is generated, as a line of a record.

use std::fmt::Write as _;

use letterhead_codegen::Generated;
use letterhead_document::Document;
use sha2::{Digest, Sha256};

/// A line of a record.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The document's SHA-256.
    pub hash: String,
    /// How many of how many operations are generated.
    pub operations: (usize, usize),
    /// Which document.
    pub path: String,
}

impl Row {
    /// The row of a document, `text`, and of what was generated from it.
    #[must_use]
    pub fn of(path: &str, text: &str, document: &Document, generated: &Generated) -> Self {
        // A path that is elsewhere has no operations to count.
        let left_out = generated.left_out.iter().filter(|it| it.operation.is_some()).count();
        Self::with(path, text, document, document.operations().count() - left_out)
    }

    /// The row of a document that so many operations are generated from.
    #[must_use]
    pub fn with(path: &str, text: &str, document: &Document, taken: usize) -> Self {
        let mut hash = String::new();
        for byte in Sha256::digest(text) {
            let _ = write!(hash, "{byte:02x}");
        }
        let operations = (taken, document.operations().count());
        Self { hash, operations, path: path.to_owned() }
    }

    /// Reads a line.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let hash = words.next()?.to_owned();
        let (taken, all) = words.next()?.split_once('/')?;
        let operations = (taken.parse().ok()?, all.parse().ok()?);
        Some(Self { hash, operations, path: words.next()?.to_owned() })
    }

    /// The line.
    #[must_use]
    pub fn line(&self) -> String {
        let (taken, all) = self.operations;
        format!("{} {taken}/{all} {}\n", self.hash, self.path)
    }
}

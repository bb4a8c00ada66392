use std::fmt;

use crate::Place;

/// What is wrong with a document, and where: one line, `name:line:column: operation: reason`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    document: String,
    place: Place,
    operation: Option<String>,
    reason: String,
}

impl Fault {
    pub(crate) fn new(place: Place, reason: impl Into<String>) -> Self {
        Self {
            document: String::new(),
            place,
            operation: None,
            reason: reason.into(),
        }
    }

    pub(crate) fn in_document(mut self, name: &str) -> Self {
        name.clone_into(&mut self.document);
        self
    }

    /// Names the operation, or other part of the document, that the fault lies in.
    #[must_use]
    pub fn in_operation(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Where the fault is.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    /// What is wrong, without the place.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The operation, or other part of the document, that the fault lies in.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.document)?;
        if self.place.line > 0 {
            write!(f, ":{}:{}", self.place.line, self.place.column)?;
        }
        if let Some(operation) = &self.operation {
            write!(f, ": {operation}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for Fault {}

use std::fmt;

/// A line and a column, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// What is wrong with a document, and where: one line, `name:line:column: operation: reason`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    document: String,
    place: Place,
    operation: Option<String>,
    reason: String,
}

impl Fault {
    pub(crate) fn new(document: &str, place: Place, reason: String) -> Self {
        Self { document: document.to_owned(), place, operation: None, reason }
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
        write!(f, "{}:{}:{}", self.document, self.place.line, self.place.column)?;
        if let Some(operation) = &self.operation {
            write!(f, ": {operation}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for Fault {}

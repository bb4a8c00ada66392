use std::fmt;

use crate::lines::Lines;
use crate::{Place, Span};

/// A text with a name, and where its lines are.
pub struct Source {
    name: String,
    text: String,
    lines: Lines,
}

impl Source {
    /// A text; `name` is how messages call it.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { name: name.into(), lines: Lines::of(&text), text }
    }

    /// How messages call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of a span, as they were written.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The line and the column of a byte.
    #[must_use]
    pub fn place(&self, byte: u32) -> Place {
        self.lines.place(&self.text, byte)
    }

    /// The line that a byte stands on, without its line break.
    #[must_use]
    pub fn line(&self, byte: u32) -> Span {
        self.lines.line(&self.text, byte)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.name).finish()
    }
}

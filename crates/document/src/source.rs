use std::fmt;
use std::io::{self, Read};

use crate::blocks::{Blocks, place};
use crate::{Place, Span};

/// A text with a name, and where its lines are. It is kept compressed.
pub struct Source {
    name: String,
    blocks: Blocks,
    is_odd: bool,
}

impl Source {
    /// A text; `name` is how messages call it.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "memory can be read")]
    pub fn new(name: impl Into<String>, text: impl AsRef<[u8]>) -> Self {
        Self::read(name, text.as_ref()).expect("memory can be read")
    }

    /// Reads a text, as far as it is UTF-8; `name` is how messages call it.
    ///
    /// # Errors
    /// What keeps it from being read to its end.
    pub fn read(name: impl Into<String>, from: impl Read) -> io::Result<Self> {
        let (blocks, is_odd) = Blocks::read(from)?;
        Ok(Self { name: name.into(), blocks, is_odd })
    }

    /// How messages call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> String {
        self.blocks.text()
    }

    /// How many bytes the text has.
    pub(crate) fn len(&self) -> usize {
        self.blocks.len()
    }

    pub(crate) fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// Where bytes start that are no UTF-8, and so not of the text.
    #[must_use]
    pub fn not_utf8(&self) -> Option<Span> {
        let end = place(self.len());
        self.is_odd.then_some(Span { start: end, end })
    }

    /// Whether the text starts with a byte order mark.
    #[must_use]
    pub fn has_mark(&self) -> bool {
        let mark = "\u{feff}".as_bytes();
        self.blocks.look(0, |start| start.starts_with(mark)).unwrap_or_default()
    }

    /// The bytes of a span, as they were written.
    #[must_use]
    pub fn slice(&self, span: Span) -> String {
        self.blocks.slice(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The last byte up to this one that a character starts with, or the text ends at.
    #[must_use]
    pub fn floor(&self, byte: u32) -> u32 {
        place(self.blocks.floor(byte as usize))
    }

    pub(crate) fn byte(&self, byte: u32) -> Option<u8> {
        self.blocks.byte(byte as usize)
    }

    /// The line and the column of a byte.
    #[must_use]
    pub fn place(&self, byte: u32) -> Place {
        let (line, column) = self.blocks.before(byte as usize).line_and_column();
        Place { line, column }
    }

    /// The line that a byte stands on, without its line break.
    #[must_use]
    pub fn line(&self, byte: u32) -> Span {
        let line = self.blocks.line(byte as usize);
        Span { start: place(line.start), end: place(line.end) }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.name).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_however_long_the_line() {
        for length in [0, 1, 4095, 4096, 16_384, 50_000] {
            let text = format!("a: b\nx: '{}é'\r\n", "ü".repeat(length));
            let source = Source::new("t.yaml", &text);
            let at = |needle: &str| super::place(text.find(needle).unwrap());
            let place = |byte| {
                let place = source.place(byte);
                (place.line, place.column)
            };
            assert_eq!(place(at("b")), (1, 4));
            assert_eq!(place(at("x")), (2, 1));
            assert_eq!(place(at("é")), (2, 5 + length));
            let line = |start, end| Span { start, end };
            assert_eq!(source.line(at("b")), line(0, 4));
            assert_eq!(source.line(at("x")), line(at("x"), at("\r")));
            assert_eq!(source.line(at("é")), line(at("x"), at("\r")));
            let end = super::place(text.len());
            assert_eq!(place(end), (3, 1));
            assert_eq!(source.line(end), line(end, end));
            assert_eq!(source.line(end - 1), line(at("x"), at("\r")));
        }
    }
}

//! Reads an OpenAPI document and remembers where everything in it stands.
//!
//! The generator, the validator and the sandbox all start here, so that they see the same document:
//! one parse, duplicate keys refused, and a line and a column for every fault.
//!
//! ```
//! let text = "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths: {}\n";
//! let document = letterhead_document::Document::parse("pets.yaml", text)?;
//! assert_eq!(document.openapi()?.info.title, "Pets");
//! # Ok::<(), letterhead_document::Fault>(())
//! ```

mod fault;
mod model;
mod read;
mod remark;
mod scalar;
mod schema;
mod tree;

pub use fault::{Fault, Place};
pub use remark::Remark;
pub use schema::json_schema;
pub use tree::{Key, Kind, Node, Span};

/// The HTTP methods that a path item can hold, as the document spells them.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An OpenAPI document: its name for messages, its text and its located tree.
#[derive(Debug)]
pub struct Document {
    name: String,
    text: String,
    /// Where each line starts, in bytes.
    lines: Vec<u32>,
    /// How many characters start before each block of [`BLOCK`] bytes: a line may be the whole file.
    characters: Vec<usize>,
    root: Node,
}

const BLOCK: usize = 4096;

impl Document {
    /// Parses `text`, YAML or JSON; `name` is how faults call the document.
    ///
    /// # Errors
    /// Text that isn't one well-formed YAML document, and a key that stands twice in one mapping.
    pub fn parse(name: &str, text: &str) -> Result<Self, Fault> {
        let (document, remarks) = Self::read(name, text);
        match remarks.into_iter().find(|remark| remark.is_error) {
            Some(remark) => Err(document.fault(remark.span, remark.message)),
            None => Ok(document),
        }
    }

    /// Reads `text` as far as it goes, and says all that is questionable about it.
    ///
    /// The root is null where nothing can be made of the text.
    #[must_use]
    pub fn read(name: &str, text: &str) -> (Self, Vec<Remark>) {
        let (root, remarks) = read::read(text);
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = starts.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
        let characters = text.as_bytes().chunks(BLOCK).scan(0, |total, block| {
            let before = *total;
            *total += characters(block);
            Some(before)
        });
        let document = Self {
            name: name.to_owned(),
            text: text.to_owned(),
            lines: std::iter::once(0).chain(starts).collect(),
            characters: characters.collect(),
            root: root.unwrap_or(Node {
                span: Span::default(),
                plain: true,
                kind: Kind::Null,
            }),
        };
        (document, remarks)
    }

    /// How faults call the document.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of a span, as they were written.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// The line and the column that a byte stands at.
    #[must_use]
    pub fn place(&self, byte: u32) -> Place {
        let line = self.lines.partition_point(|start| *start <= byte);
        let start = self.lines[line.saturating_sub(1)];
        Place {
            line,
            column: self.characters_before(byte) - self.characters_before(start) + 1,
        }
    }

    /// The bytes of the line that a byte stands on, without the line break.
    #[must_use]
    pub fn line(&self, byte: u32) -> Span {
        let next = self.lines.partition_point(|start| *start <= byte);
        let start = self.lines[next.saturating_sub(1)];
        let end = match self.lines.get(next) {
            Some(next) => *next as usize,
            None => self.text.len(),
        };
        let line = self.text.get(start as usize..end).unwrap_or_default();
        let length = line.trim_end_matches(['\n', '\r']).len();
        Span {
            start,
            end: start + u32::try_from(length).unwrap_or(u32::MAX),
        }
    }

    fn characters_before(&self, byte: u32) -> usize {
        let byte = (byte as usize).min(self.text.len());
        let block = byte / BLOCK;
        let before = self.characters.get(block).copied();
        // At the very end there may be no further block.
        let block = if before.is_some() {
            block
        } else {
            block.saturating_sub(1)
        };
        let before = before.or_else(|| self.characters.get(block).copied());
        before.unwrap_or_default() + characters(&self.text.as_bytes()[block * BLOCK..byte])
    }

    /// The located tree.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The whole document as plain JSON, references intact.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        self.root.to_json()
    }

    /// Every operation in document order: its path template, its method in lower case and its node.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str, &Node)> {
        self.root
            .get("paths")
            .into_iter()
            .flat_map(Node::members)
            .flat_map(|(path, item)| {
                item.members()
                    .filter(|(method, _)| METHODS.contains(&method.text.as_str()))
                    .map(|(method, operation)| {
                        (path.text.as_str(), method.text.as_str(), operation)
                    })
            })
    }

    /// The document as the typed model.
    ///
    /// # Errors
    /// The first part that the model refuses, at its line and column.
    pub fn openapi(&self) -> Result<openapiv3::OpenAPI, Fault> {
        model::read(self)
    }

    /// A fault of this document at `span`.
    #[must_use]
    pub fn fault(&self, span: Span, reason: impl Into<String>) -> Fault {
        Fault::new(&self.name, self.place(span.start), reason.into())
    }
}

/// How many characters start in a piece of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .filter(|byte| !matches!(byte, 0x80..=0xBF))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_however_long_the_line() {
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let text = format!("a: b\nx: '{}é'\r\n", "ü".repeat(length));
            let (document, _) = Document::read("t.yaml", &text);
            let at = |needle: &str| u32::try_from(text.find(needle).unwrap()).unwrap();
            let place = |line, column| Place { line, column };
            assert_eq!(document.place(at("b")), place(1, 4));
            assert_eq!(document.place(at("x")), place(2, 1));
            assert_eq!(document.place(at("é")), place(2, 5 + length));
            assert_eq!(
                document.line(at("é")),
                Span {
                    start: at("x"),
                    end: at("\r")
                }
            );
            let end = u32::try_from(text.len()).unwrap();
            assert_eq!(document.place(end), place(3, 1));
            assert_eq!(document.line(end), Span { start: end, end });
        }
    }
}

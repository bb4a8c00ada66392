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
mod lines;
mod model;
mod read;
mod remark;
mod scalar;
mod schema;
mod source;
mod text;
mod tree;

pub use fault::{Fault, Place};
pub use remark::{Remark, RemarkKind};
pub use schema::json_schema;
pub use source::Source;
pub use text::Text;
pub use tree::{Key, Kind, Node, Span};

/// The HTTP methods that a path item can hold, as the document spells them.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An OpenAPI document: its source and its located tree.
#[derive(Debug)]
pub struct Document {
    source: Source,
    root: Node,
}

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
    pub fn read(name: &str, text: impl Into<String>) -> (Self, Vec<Remark>) {
        let source = Source::new(name, text);
        let (root, remarks) = read::read(source.text());
        let document = Self {
            source,
            root: root.unwrap_or(Node {
                span: Span::default(),
                kind: Kind::Null,
            }),
        };
        (document, remarks)
    }

    /// Its name and its text.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// How faults call the document.
    #[must_use]
    pub fn name(&self) -> &str {
        self.source.name()
    }

    /// The text it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// The bytes of a span, as they were written.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.source.slice(span)
    }

    /// Whether a value was written in quotes.
    #[must_use]
    pub fn is_quoted(&self, node: &Node) -> bool {
        self.slice(node.span).starts_with(['"', '\''])
    }

    /// The line and the column that a byte stands at.
    #[must_use]
    pub fn place(&self, byte: u32) -> Place {
        self.source.place(byte)
    }

    /// The bytes of the line that a byte stands on, without the line break.
    #[must_use]
    pub fn line(&self, byte: u32) -> Span {
        self.source.line(byte)
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
        Fault::new(self.name(), self.place(span.start), reason.into())
    }
}

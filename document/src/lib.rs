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
mod schema;
mod tree;

pub use fault::Fault;
pub use schema::json_schema;
pub use tree::{Key, Kind, Node, Place};

/// The HTTP methods that a path item can hold, as the document spells them.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An OpenAPI document: its name for messages, and its located tree.
#[derive(Debug)]
pub struct Document {
    name: String,
    root: Node,
}

impl Document {
    /// Parses `text`, YAML or JSON; `name` is how faults call the document.
    ///
    /// # Errors
    /// Text that isn't one well-formed YAML document, and a key that stands twice in one mapping.
    pub fn parse(name: &str, text: &str) -> Result<Self, Fault> {
        let root = tree::parse(text).map_err(|fault| fault.in_document(name))?;
        Ok(Self {
            name: name.to_owned(),
            root,
        })
    }

    /// How faults call the document.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
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
        model::read(&self.root).map_err(|fault| fault.in_document(&self.name))
    }

    /// A fault of this document at `place`.
    #[must_use]
    pub fn fault(&self, place: Place, reason: impl Into<String>) -> Fault {
        Fault::new(place, reason).in_document(&self.name)
    }
}

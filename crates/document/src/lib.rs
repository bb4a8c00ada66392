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

mod blocks;
mod brackets;
mod document;
mod fault;
mod indentation;
mod json;
mod media;
mod model;
mod operation;
mod part;
pub mod pointer;
mod read;
mod reference;
mod remark;
mod scalar;
mod schema;
mod server;
pub mod shape;
mod source;
mod text;
mod tree;
mod unclosed;
mod window;

pub use document::Document;
pub use fault::{Fault, Place};
pub use media::Media;
pub use operation::{
    CredentialPlace, METHODS, Operation, Parameter, RequestBody, Response, is_method,
};
pub use part::File;
pub use reference::component;
pub use remark::{Remark, RemarkKind};
pub use schema::Schema;
pub use server::Server;
pub use source::Source;
pub use text::Text;
pub use tree::{Items, Key, Kind, Members, Node, Span};

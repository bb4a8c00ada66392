//! What keeps a client from being generated, and what the generator ignores: a rule for each that a document's author
//! can mend, and a dry run for the operations that are left out.

pub(crate) mod dry_run;
mod effort;
pub(crate) mod parameters;
pub(crate) mod schemas;

use letterhead_document::Node;

/// Whether the layer sets a parameter, so that it is no argument.
fn is_supplied(parameter: &Node) -> bool {
    parameter.text("x-supplied-by") == Some("layer")
}

//! Parameters that can't be sent.

use std::collections::HashSet;

use super::is_supplied;
use crate::checks::operations::stray::is_token;
use crate::finding::Findings;
use crate::model::Model;
use crate::rules::generator;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    let mut seen = HashSet::new();
    let operations = model.operations.iter();
    for parameter in operations.flat_map(crate::model::Operation::parameters) {
        let node = parameter.node;
        if node.text("in") != Some("header") || is_supplied(node) || !seen.insert(node.span) {
            continue;
        }
        if let Some(written) = node.get("name")
            && let Some(name) = written.as_str().filter(|name| !is_token(name))
        {
            let message = format!("`{name}` can't be the name of a header");
            let help = "a header's name has letters, digits and hyphens: `X-Request-Id`";
            findings.add(&generator::HEADER_NAME, written.span, message, help);
        }
    }
}

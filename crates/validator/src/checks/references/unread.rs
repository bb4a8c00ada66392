//! References to other documents, which aren't read.

use letterhead_document::{Node, Span};

use crate::finding::Findings;
use crate::model::Model;
use crate::rules::references;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for reference in &model.references {
        one(reference.target, reference.target.span, findings);
    }
    for item in model.all(Kind::PathItem) {
        if let Some((key, target)) = item.node.entry("$ref") {
            one(target, key.span, findings);
        }
    }
    for link in model.all(Kind::Link) {
        if let Some(target) = link.node.get("operationRef") {
            one(target, target.span, findings);
        }
    }
}

fn one(target: &Node, span: Span, findings: &mut Findings) {
    let Some(text) = target.as_str() else { return };
    // What is neither a path nor a URL has rules of its own.
    if !text.starts_with('#') && text.contains(['/', '.', ':']) && text == text.trim() {
        let message = format!("`{text}` isn't read, and so nothing of it is checked");
        let help =
            "bundle the documents into one before they are checked, as `redocly bundle` does";
        findings.add(&references::UNREAD_REFERENCE, span, message, help);
    }
}

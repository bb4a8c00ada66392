//! Tags: declared once at the top, used by operations.

use std::collections::{HashMap, HashSet};

use letterhead_document::{Node, Span};

use super::unused::Uses;
use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::references;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    let mut declared: HashMap<&str, Span> = HashMap::new();
    let mut order: Vec<(&str, &Node)> = Vec::new();
    for tag in model.all(Kind::Tag) {
        let Some(name) = tag.node.get("name") else {
            continue;
        };
        let Some(text) = name.as_str() else { continue };
        if let Some(first) = declared.get(text) {
            let message = format!("the tag `{text}` is declared twice");
            let help = "keep one of the two";
            findings
                .add(&references::DUPLICATE_TAG, name.span, message, help)
                .and(*first, "it is declared here first");
        } else {
            declared.insert(text, name.span);
            order.push((text, tag.node));
        }
    }
    // A tag without its name, or that is just a name, may be any of those that are missing.
    let declarations = model.document.root().get("tags");
    let declarations = declarations.map_or(&[][..], Node::items);
    let is_nameless = |tag: &Node| tag.get("name").and_then(Node::as_str).is_none();
    let is_unsure = declarations.iter().any(is_nameless);
    let mut undeclared: Vec<&str> = Vec::new();
    let mut reported: HashSet<&str> = HashSet::new();
    for operation in model.all(Kind::Operation) {
        let mut own: HashMap<&str, Span> = HashMap::new();
        for tag in operation.node.get("tags").map(Node::items).unwrap_or_default() {
            let Some(text) = tag.as_str() else { continue };
            if let Some(first) = own.insert(text, tag.span) {
                let message = format!("the operation has the tag `{text}` twice");
                findings
                    .add(&references::REPEATED_TAG, tag.span, message, "keep one of the two")
                    .and(first, "it stands here first");
            }
            if is_unsure || declared.contains_key(text) || !reported.insert(text) {
                continue;
            }
            undeclared.push(text);
            let help = match did_you_mean(text, order.iter().map(|(name, _)| *name)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add `- name: {text}` to `tags` of the document"),
            };
            let message = format!("the tag `{text}` is not declared");
            findings.add(&references::UNDECLARED_TAG, tag.span, message, help);
        }
    }
    unused(model, &order, &undeclared, findings);
}

/// Tags that no operation has, apart from those that a misspelt one accounts for.
fn unused(
    model: &Model<'_>,
    declared: &[(&str, &Node)],
    undeclared: &[&str],
    findings: &mut Findings,
) {
    // A document without operations is a collection of parts; the uses are elsewhere.
    if declared.is_empty() || model.operations.is_empty() {
        return;
    }
    let uses = Uses::of(model, findings);
    if uses.is_uncertain("tags") {
        return;
    }
    let mut excused = undeclared.len();
    let mut left: Vec<(&str, &Node)> = Vec::new();
    for (name, tag) in declared {
        // Documentation that is shown like a tag.
        let is_text = tag.get("x-traitTag").is_some_and(Node::is_true);
        if uses.tags.contains(name) || is_text {
            continue;
        }
        if did_you_mean(name, undeclared.iter().copied()).is_some() {
            excused = excused.saturating_sub(1);
        } else {
            left.push((name, tag));
        }
    }
    for (name, tag) in left.into_iter().skip(excused) {
        let span = tag.get("name").map_or(tag.span, |name| name.span);
        let message = format!("no operation has the tag `{name}`");
        let help = "leave it out, or give it to the operations that it is about";
        findings.add(&references::UNUSED_TAG, span, message, help);
    }
}

//! The documentation of each operation: its page, its summary, its description, its examples.

use std::collections::HashSet;

use letterhead_document::{Node, Span};

use crate::finding::Findings;
use crate::model::{Model, Operation};
use crate::rules::layer;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    if !model.is_own() {
        return;
    }
    let mut seen = HashSet::new();
    for operation in &model.operations {
        page(operation, findings);
        words(operation, findings);
        tags(operation, findings);
        examples(model, operation, &mut seen, findings);
    }
}

fn page(operation: &Operation<'_>, findings: &mut Findings) {
    let name = operation.name();
    let Some(docs) = operation.node.get("externalDocs") else {
        let message = format!("`{name}` doesn't say which page of the vendor it came from");
        let help = "add `externalDocs` with the page's `url`";
        findings.add(&layer::VENDOR_PAGE, operation.method.span, message, help);
        return;
    };
    // The rule about missing members reports a missing `url`.
    let url = docs.get("url").and_then(|url| Some((url, url.as_str()?)));
    if let Some((url, "")) = url {
        let message = format!("`{name}` doesn't say which page of the vendor it came from");
        findings.add(&layer::VENDOR_PAGE, url.span, message, "write the page's whole address");
    } else if let Some((url, text)) = url
        && !text.strip_prefix("https://").is_some_and(|rest| rest.contains('.'))
    {
        let message = format!("`{text}` is no page of a vendor");
        findings.add(
            &layer::VENDOR_PAGE,
            url.span,
            message,
            "write its whole address, with `https://`",
        );
    }
}

fn words(operation: &Operation<'_>, findings: &mut Findings) {
    let name = operation.name();
    let method = operation.method.span;
    match operation.node.get("summary").and_then(|node| Some((node.span, node.as_str()?.trim()))) {
        None if operation.node.get("summary").is_none() => {
            let help = "add `summary`: what it does, in a few words";
            findings.add(
                &layer::OPERATION_SUMMARY,
                method,
                format!("`{name}` has no summary"),
                help,
            );
        }
        Some((span, "")) => {
            let help = "say what it does, in a few words";
            findings.add(
                &layer::OPERATION_SUMMARY,
                span,
                format!("`{name}` has an empty summary"),
                help,
            );
        }
        Some((span, text)) if text.chars().count() > 80 => {
            let message = format!(
                "the summary has {} characters, and lists have room for 80",
                text.chars().count()
            );
            findings.add(&layer::OPERATION_SUMMARY, span, message, "say the rest in `description`");
        }
        Some((span, text)) if text.ends_with('.') => {
            let message = "the summary ends in a full stop, and stands in lists";
            findings.add(&layer::OPERATION_SUMMARY, span, message, "leave the full stop out");
        }
        _ => {}
    }
    match operation
        .node
        .get("description")
        .and_then(|node| Some((node.span, node.as_str()?.trim())))
    {
        None if operation.node.get("description").is_none() => {
            let help = "add `description`: what a caller has to know, in sentences";
            findings.add(
                &layer::OPERATION_DESCRIPTION,
                method,
                format!("`{name}` has no description"),
                help,
            );
        }
        Some((span, text)) if !text.ends_with('.') && !text.ends_with("```") => {
            let message = "the description doesn't end in a full stop";
            findings.add(&layer::OPERATION_DESCRIPTION, span, message, "write whole sentences");
        }
        _ => {}
    }
}

fn tags(operation: &Operation<'_>, findings: &mut Findings) {
    let entry = operation.node.entry("tags");
    let count = entry.map_or(0, |(_, tags)| tags.items().len());
    if count != 1 {
        let span = entry.map_or(operation.method.span, |(key, _)| key.span);
        let what = if count == 0 { "no tag".to_owned() } else { format!("{count} tags") };
        let message =
            format!("`{}` has {what}, and the docs have one place for it", operation.name());
        findings.add(&layer::ONE_TAG, span, message, "write exactly one");
    }
}

fn examples(
    model: &Model<'_>,
    operation: &Operation<'_>,
    seen: &mut HashSet<Span>,
    findings: &mut Findings,
) {
    let body = operation.node.get("requestBody").map(|node| ("the request body", node));
    let responses = operation.node.get("responses").into_iter().flat_map(Node::members);
    let responses = responses.map(|(_, node)| ("the response", node));
    for (what, node) in body.into_iter().chain(responses) {
        let Some(content) = model.resolve(node).and_then(|node| node.get("content")) else {
            continue;
        };
        for (key, media) in content.members() {
            let has = |name: &str| media.get(name).is_some();
            if has("schema") && !has("example") && !has("examples") && seen.insert(key.span) {
                let message = format!("{what} has no example");
                let help = "add `examples` with a value as the vendor sends or takes it";
                findings.add(&layer::MISSING_EXAMPLE, key.span, message, help);
            }
        }
    }
}

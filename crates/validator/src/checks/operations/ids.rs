//! Operation ids, which become the names of methods.

use std::collections::HashMap;

use heck::{ToPascalCase, ToSnakeCase};
use letterhead_document::{Node, Span};

use super::misspells;
use crate::finding::Findings;
use crate::model::Model;
use crate::rules::operations;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for operation in &model.operations {
        let is_mapping = operation.node.members().next().is_some();
        if is_mapping
            && operation.node.get("operationId").is_none()
            && !misspells(operation.node, "operationId")
        {
            let method = operation.method;
            let message = format!(
                "`{} {}` has no `operationId`",
                method.text.to_uppercase(),
                operation.path.text
            );
            let help =
                format!("add `operationId: {}`", proposal(&method.text, &operation.path.text));
            findings.add(&operations::MISSING_OPERATION_ID, method.span, message, help);
        }
    }
    let mut by_id: HashMap<&str, Span> = HashMap::new();
    let mut by_name: HashMap<String, (&str, Span)> = HashMap::new();
    for object in model.all(Kind::Operation) {
        let Some(id) = object.node.get("operationId") else {
            continue;
        };
        let Some(text) = id.as_str() else { continue };
        if let Some(first) = by_id.get(text) {
            let message = format!("`{text}` is the id of another operation, too");
            let help = "give each operation an id of its own";
            findings
                .add(&operations::DUPLICATE_OPERATION_ID, id.span, message, help)
                .and(*first, "it stands here first");
            continue;
        }
        by_id.insert(text, id.span);
        if not_a_name(text, id, findings) {
            continue;
        }
        // Types differ less than methods: `a1` and `a_1` are both `A1`.
        let name = rust_name(text).to_pascal_case();
        if let Some((other, first)) = by_name.get(&name) {
            let message = format!(
                "`{text}` and `{other}` become the same name in Rust, `{}`",
                rust_name(text)
            );
            let help = "give one of the two another name";
            findings
                .add(&operations::COLLIDING_OPERATION_IDS, id.span, message, help)
                .and(*first, "the other one");
        } else {
            by_name.insert(name, (text, id.span));
        }
    }
}

/// The method that the generator makes of an id.
fn rust_name(id: &str) -> String {
    let corrected = id.replace('\'', "");
    let corrected = corrected.replace(|c: char| !c.is_alphanumeric() && c != '_', "-");
    corrected.to_snake_case()
}

/// Ids that no method can be called, and ids that change a lot on the way.
fn not_a_name(text: &str, id: &Node, findings: &mut Findings) -> bool {
    let name = rust_name(text);
    if matches!(name.as_str(), "new" | "new_with_client") {
        let message = format!("`{text}` would be a second `{name}` of the client, and not compile");
        let help = format!("say what is new: `{text}Pet`, `createPet`");
        findings.add(&operations::OPERATION_ID_NAME, id.span, message, help);
        return true;
    }
    let reason = if name.is_empty() {
        "has no letter in it"
    } else if text.starts_with(|c: char| c.is_ascii_digit()) {
        "starts with a digit"
    } else if text.contains(char::is_whitespace) {
        "has blanks in it"
    } else if text
        .contains(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.' | '/' | ':'))
    {
        "has other characters than letters, digits, `-`, `_`, `.` and `/`"
    } else if KEYWORDS.contains(&name.as_str()) {
        "is a word of Rust"
    } else {
        return false;
    };
    let message = format!("the operation id `{text}` {reason}");
    let camel = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let camel = heck::AsLowerCamelCase(camel).to_string();
    let help = if camel.is_empty() || KEYWORDS.contains(&camel.as_str()) {
        "write a name such as `getPet`".to_owned()
    } else {
        format!("write `{camel}`")
    };
    findings.add(&operations::OPERATION_ID_NAME, id.span, message, help);
    true
}

/// What an operation might be called.
fn proposal(method: &str, path: &str) -> String {
    let words: Vec<&str> =
        path.split('/').filter(|part| !part.is_empty() && !part.starts_with('{')).collect();
    let name = format!("{method} {}", words.join(" "));
    heck::AsLowerCamelCase(name).to_string()
}

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

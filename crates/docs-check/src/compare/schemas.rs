//! The schemas of a document, as far as members and types are asked for.

use std::collections::HashSet;
use std::ptr;

use letterhead_document::{Node, Schema};

/// The member that is called `name` but for its case: the name and the schema.
pub(super) fn member_of_any_case<'d>(
    schema: Schema<'d>,
    name: &str,
) -> Option<(&'d str, Schema<'d>)> {
    let mut members = schema.properties().into_iter();
    members.find(|(other, _)| other.eq_ignore_ascii_case(name))
}

/// The values that are listed.
pub(super) fn values(schema: Schema<'_>) -> Vec<&str> {
    let list = schema.find(|part| part.get("enum"));
    let values = list.map(Node::items).unwrap_or_default();
    values.iter().filter_map(Node::as_str).collect()
}

/// Whether members of any name are allowed for.
pub(super) fn is_open(schema: Schema<'_>) -> bool {
    schema.is_open() || schema.properties().is_empty()
}

/// Whether a member has to be there.
pub(super) fn requires(schema: Schema<'_>, name: &str) -> bool {
    let required = |part: &Schema<'_>| {
        let mut names = part.node.list("required").iter();
        names.any(|one| one.as_str() == Some(name))
    };
    schema.parts().iter().any(required)
}

/// Whether there is a member of that name in any case, however deep.
pub(super) fn is_anywhere(schema: Schema<'_>, name: &str) -> bool {
    let mut seen = HashSet::new();
    let mut next = vec![schema];
    while let Some(schema) = next.pop() {
        let schema = schema.resolve();
        if !seen.insert(ptr::from_ref(schema.node)) {
            continue;
        }
        if member_of_any_case(schema, name).is_some() {
            return true;
        }
        next.extend(schema.properties().into_iter().map(|(_, member)| member));
        next.extend(schema.items());
    }
    false
}

/// The JSON type that a page's word for a type stands for; none where the word is a name of its own.
pub(super) fn type_of(word: &str) -> Option<&'static str> {
    let word = word.trim().to_ascii_lowercase();
    let first = word.split([' ', '<', '{', '(']).next().unwrap_or_default();
    if word.starts_with("array of") || word.ends_with("[]") || first == "array" || first == "list" {
        return Some("array");
    }
    if word.starts_with("map[") || first == "object" {
        return Some("object");
    }
    if word.contains(" or ") {
        let all_text = word.split(" or ").all(|one| one.starts_with('"') || one.ends_with(" more"));
        return all_text.then_some("string");
    }
    match first {
        "string" | "guid" | "uuid" | "uri" | "url" | "date" | "datetime" | "date-time" | "text" => {
            Some("string")
        }
        "int" | "integer" | "int32" | "int64" | "long" => Some("integer"),
        "number" | "float" | "double" | "decimal" => Some("number"),
        "bool" | "boolean" | "true" | "false" => Some("boolean"),
        _ if first.starts_with('"') => Some("string"),
        _ => None,
    }
}

/// Whether the page's word for a type can mean the document's type.
pub(super) fn same_type(word: &str, of_type: &str) -> bool {
    type_of(word).is_none_or(|meant| meant == of_type)
}

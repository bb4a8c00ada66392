//! The properties that a schema has by way of others.

use std::collections::{HashMap, HashSet};

use letterhead_document::Node;

use crate::model::Model;
use crate::shape::Kind;

pub(super) const SCHEMAS: &str = "#/components/schemas/";

/// The components that a schema somewhere builds on, in one of these lists.
pub(super) fn extended<'d>(model: &Model<'d>, lists: &[&str]) -> HashSet<&'d str> {
    model
        .all(Kind::Schema)
        .flat_map(|object| lists.iter().filter_map(|list| object.node.get(list)))
        .flat_map(Node::items)
        .filter_map(|member| member.get("$ref")?.as_str()?.strip_prefix(SCHEMAS))
        .collect()
}

/// The properties of a schema, through `allOf` and references.
#[derive(Default)]
pub(crate) struct Properties<'d> {
    pub(crate) declared: HashMap<&'d str, &'d Node>,
    pub(crate) required: HashSet<&'d str>,
    seen: HashSet<*const Node>,
    /// Whether a part of it leads nowhere, or is a choice.
    pub(crate) unknown: bool,
}

pub(crate) fn collect<'d>(model: &Model<'d>, schema: &'d Node, into: &mut Properties<'d>) {
    if !into.seen.insert(std::ptr::from_ref(schema)) {
        return;
    }
    for (name, property) in schema.get("properties").into_iter().flat_map(Node::members) {
        into.declared.insert(&name.text, property);
    }
    let required = schema.get("required").map_or(&[][..], Node::items);
    into.required.extend(required.iter().filter_map(Node::as_str));
    into.unknown |= schema.get("oneOf").is_some() || schema.get("anyOf").is_some();
    for member in schema.get("allOf").into_iter().flat_map(Node::items) {
        match model.resolve(member) {
            Some(member) => collect(model, member, into),
            None => into.unknown = true,
        }
    }
}

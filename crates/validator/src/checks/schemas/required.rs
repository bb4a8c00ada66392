//! `required`: names that are there, once each.

use std::collections::HashSet;

use letterhead_document::{Kind as Value, Node};

use super::properties::extended;
use super::type_of;
use crate::checks::operations::misspells;
use crate::finding::{Findings, did_you_mean};
use crate::model::{Model, Object};
use crate::rules::schemas;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    let extended = extended(model, &["allOf", "anyOf", "oneOf"]);
    for object in model.all(Kind::Schema) {
        let Some((key, required)) = object.node.entry("required") else {
            continue;
        };
        let Value::Array(names) = &required.kind else {
            continue;
        };
        if type_of(object.node).is_some_and(|declared| declared != "object") {
            continue;
        }
        if names.is_empty() {
            let help = "leave it out: nothing is required then";
            findings.add(&schemas::EMPTY_REQUIRED, key.span, "`required` names nothing", help);
        }
        let mut seen: Vec<(&str, &Node)> = Vec::new();
        let mut known = None;
        // Misspelt or beside the schema, where another rule reports them.
        let is_misspelt = misspells(object.node, "properties")
            || model.document.component("schemas", "properties").is_some();
        for node in names {
            let Some(name) = node.as_str() else { continue };
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == name) {
                let message = format!("`{name}` is required twice");
                findings
                    .add(
                        &schemas::DUPLICATE_REQUIRED,
                        node.span,
                        message,
                        "leave the second one out",
                    )
                    .and(first.span, "required here already");
                continue;
            }
            seen.push((name, node));
            let known = known.get_or_insert_with(|| properties_around(model, object, &extended));
            if !is_misspelt {
                without_property(name, node, names, known, findings);
            }
        }
        // In a response, a default describes the first value, and nobody has to apply it.
        if model.may_be_sent(object) {
            on_required(object.node, &seen, findings);
        }
    }
}

/// The properties that a schema may count on.
struct Known<'d> {
    names: HashSet<&'d str>,
    /// The schemas that were looked at.
    seen: HashSet<*const Node>,
    /// Whether others may come from where this schema can't see.
    open: bool,
}

fn without_property(
    name: &str,
    node: &Node,
    required: &[Node],
    known: &Known<'_>,
    findings: &mut Findings,
) {
    if known.names.contains(name) {
        return;
    }
    // A property that is required already isn't the one that was meant.
    let is_required = |name: &str| required.iter().any(|node| node.as_str() == Some(name));
    let mut names: Vec<&str> =
        known.names.iter().copied().filter(|name| !is_required(name)).collect();
    names.sort_unstable();
    let near = did_you_mean(name, names);
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.open => return,
        None => format!("add `{name}` to `properties`, or leave it out of `required`"),
    };
    let message = format!("`{name}` is required, and there is no such property");
    findings.add(&schemas::REQUIRED_WITHOUT_PROPERTY, node.span, message, help).is_slip =
        near.is_some();
}

/// The properties of a schema, of what it is composed of, and of what it is a part of.
fn properties_around<'d>(
    model: &Model<'d>,
    object: &Object<'d>,
    extended: &HashSet<&'d str>,
) -> Known<'d> {
    let mut known = Known { names: HashSet::new(), seen: HashSet::new(), open: false };
    collect(model, object.node, &mut known);
    let mut inner = *object;
    // A branch of a composition is there for the properties of the whole.
    while let Some(outer) = model.parent(&inner).copied() {
        let is_branch = |list: &str| {
            let branches = outer.node.get(list).map_or(&[][..], Node::items);
            branches.iter().any(|branch| std::ptr::eq(branch, inner.node))
        };
        let is_negated = || outer.node.get("not").is_some_and(|not| std::ptr::eq(not, inner.node));
        let is_part = outer.kind == Kind::Schema
            && (["allOf", "anyOf", "oneOf"].into_iter().any(is_branch) || is_negated());
        if !is_part {
            break;
        }
        collect(model, outer.node, &mut known);
        inner = outer;
    }
    let is_component = matches!(
        (model.component(&inner), inner.key),
        (Some(("schemas", name)), Some(key)) if key.text == name
    );
    if is_component && model.component(&inner).is_some_and(|(_, name)| extended.contains(name)) {
        known.open = true;
    }
    known
}

fn collect<'d>(model: &Model<'d>, schema: &'d Node, known: &mut Known<'d>) {
    if !known.seen.insert(std::ptr::from_ref(schema)) {
        return;
    }
    let properties = schema.get("properties").into_iter().flat_map(Node::members);
    known.names.extend(properties.map(|(name, _)| name.text.as_str()));
    known.open |= schema
        .get("additionalProperties")
        .is_some_and(|more| !matches!(more.kind, Value::Bool(false)));
    for list in ["allOf", "anyOf", "oneOf"] {
        for member in schema.get(list).into_iter().flat_map(Node::items) {
            match model.resolve(member) {
                Some(member) => collect(model, member, known),
                // Its properties are unknown; another rule reports that it leads nowhere.
                None => known.open = true,
            }
        }
    }
}

/// A default for what is always there.
fn on_required(schema: &Node, names: &[(&str, &Node)], findings: &mut Findings) {
    for (name, required) in names {
        let property = schema.get("properties").and_then(|list| list.get(name));
        if let Some((key, _)) = property.and_then(|property| property.entry("default")) {
            let message = format!("`{name}` is required, so its default never applies");
            let help = "leave `default` out, or take the name out of `required`";
            findings
                .add(&schemas::DEFAULT_ON_REQUIRED, key.span, message, help)
                .and(required.span, "required here");
        }
    }
}

//! Discriminators that distinguish their schemas.

use std::collections::{HashMap, HashSet};

use letterhead_document::{Node, Span};

use super::properties::{Properties, SCHEMAS, collect, extended};
use super::type_of;
use crate::checks::operations::misspells;
use crate::finding::{Findings, did_you_mean};
use crate::model::{Model, Object};
use crate::rules::schemas;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    let mut bases: Option<HashSet<&str>> = None;
    for object in model.all(Kind::Discriminator) {
        let Some(schema) = model.parent(object) else {
            continue;
        };
        let bases = bases.get_or_insert_with(|| extended(model, &["allOf"]));
        discriminator(model, object, schema, bases, findings);
    }
}

/// A schema that a discriminator chooses.
struct Member<'d> {
    /// The last part of the reference.
    name: &'d str,
    node: &'d Node,
    /// The reference.
    span: Span,
}

fn discriminator<'d>(
    model: &Model<'d>,
    object: &Object<'d>,
    schema: &Object<'d>,
    bases: &HashSet<&str>,
    findings: &mut Findings,
) {
    let (Some(key), Some(property)) = (object.key, object.node.get("propertyName")) else {
        return;
    };
    let Some(name) = property.as_str().filter(|name| !name.trim().is_empty()) else {
        return;
    };
    let alternatives = ["oneOf", "anyOf"].map(|list| schema.node.get(list));
    let alternatives: Vec<&'d Node> =
        alternatives.into_iter().flatten().flat_map(Node::items).collect();
    if alternatives.is_empty() {
        let component = model.component(schema).filter(|_| is_component(model, schema));
        if component.is_some_and(|(_, name)| bases.contains(name)) {
            check_base(model, schema.node, name, property, findings);
        } else if schema.node.get("oneOf").or(schema.node.get("anyOf")).is_none()
            && !is_mapped(schema.node)
        {
            let message = "this discriminator has nothing to choose from";
            let help = "add `oneOf` with the schemas, or leave `discriminator` out";
            findings.add(&schemas::DISCRIMINATOR_WITHOUT_CHOICE, key.span, message, help);
        }
        return;
    }
    let mut members: Vec<Member<'d>> = Vec::new();
    for member in alternatives {
        let Some(to) = member.get("$ref") else {
            let message = "a discriminator never chooses a schema that has no name";
            let help = "move it into `components.schemas`, and refer to it";
            let span = member.members().next().map_or(member.span, |(key, _)| key.span);
            findings.add(&schemas::DISCRIMINATOR_INLINE, span, message, help);
            continue;
        };
        let (Some(reference), Some(node)) = (to.as_str(), model.resolve(member)) else {
            return;
        };
        let name = reference.rsplit('/').next().unwrap_or(reference);
        members.push(Member { name, node, span: to.span });
    }
    if check_property(model, schema.node, &members, name, property, findings) {
        check_values(model, object.node, &members, name, findings);
    }
}

fn is_component<'d>(model: &Model<'d>, schema: &Object<'d>) -> bool {
    matches!((model.component(schema), schema.key), (Some(("schemas", name)), Some(key)) if key.text == name)
}

/// Whether a schema that extends another one says itself what is chosen.
fn is_mapped(schema: &Node) -> bool {
    let mapping = schema.get("discriminator").into_iter().flat_map(|it| it.map("mapping"));
    schema.get("allOf").is_some() && mapping.count() > 0
}

fn check_base<'d>(
    model: &Model<'d>,
    schema: &'d Node,
    name: &str,
    property: &Node,
    findings: &mut Findings,
) {
    let mut own = Properties::default();
    collect(model, schema, &mut own);
    if own.unknown {
        return;
    }
    if !own.declared.contains_key(name) {
        let mut known: Vec<&str> = own.declared.keys().copied().collect();
        known.sort_unstable();
        absent(name, property, known, findings);
    } else if !own.required.contains(name) {
        let message = format!("`{name}` chooses the schema, and is not required");
        let help = format!("add `{name}` to `required`");
        findings.add(&schemas::DISCRIMINATOR_PROPERTY, property.span, message, help);
    }
}

fn absent(name: &str, property: &Node, known: Vec<&str>, findings: &mut Findings) {
    let message = format!("there is no property `{name}` to choose the schema by");
    let help = match did_you_mean(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("add `{name}` to the properties of the schemas, and to `required`"),
    };
    findings.add(&schemas::DISCRIMINATOR_PROPERTY, property.span, message, help);
}

/// Whether every member has the property that it is chosen by.
fn check_property<'d>(
    model: &Model<'d>,
    schema: &'d Node,
    members: &[Member<'d>],
    name: &str,
    property: &Node,
    findings: &mut Findings,
) -> bool {
    let mut of_whole = Properties::default();
    collect(model, schema, &mut of_whole);
    let of_members: Vec<Properties<'d>> = members
        .iter()
        .map(|member| {
            let mut of_member = Properties::default();
            collect(model, member.node, &mut of_member);
            of_member.declared.extend(&of_whole.declared);
            of_member.required.extend(&of_whole.required);
            of_member
        })
        .collect();
    if of_members.iter().any(|of| of.unknown) {
        return false;
    }
    if !of_members.is_empty() && of_members.iter().all(|of| !of.declared.contains_key(name)) {
        let mut known: Vec<&str> =
            of_members.iter().flat_map(|of| of.declared.keys().copied()).collect();
        known.sort_unstable();
        absent(name, property, known, findings);
        return false;
    }
    let before = findings.list.len();
    for (member, of) in members.iter().zip(&of_members) {
        let what = match of.declared.get(name).map(|node| model.resolve(node)) {
            None => format!("`{}` has no property `{name}` to be chosen by", member.name),
            Some(Some(node)) if type_of(node).is_some_and(|declared| declared != "string") => {
                format!("`{name}` of `{}` is not text, and so chooses nothing", member.name)
            }
            Some(_) if !of.required.contains(name) => {
                format!("`{name}` chooses `{}`, and is not required there", member.name)
            }
            Some(_) => continue,
        };
        let help = format!("give `{}` a required property `{name}` of type `string`", member.name);
        findings
            .add(&schemas::DISCRIMINATOR_PROPERTY, member.span, what, help)
            .and(property.span, "chosen by this property");
    }
    findings.list.len() == before
}

/// Mappings to schemas that aren't there to choose from, and values that the schema itself refuses.
fn check_values<'d>(
    model: &Model<'d>,
    discriminator: &'d Node,
    members: &[Member<'d>],
    name: &str,
    findings: &mut Findings,
) {
    let mut mapped: HashMap<*const Node, Vec<(&str, Span)>> = HashMap::new();
    let mapping = discriminator.get("mapping");
    if mapping.is_none() && misspells(discriminator, "mapping") {
        return;
    }
    for (value, to) in mapping.into_iter().flat_map(Node::members) {
        // Another rule reports a value that isn't text, and nobody knows what was meant.
        let Some(text) = to.as_str() else { return };
        let reference = if text.starts_with(SCHEMAS) { text } else { &format!("{SCHEMAS}{text}") };
        let Some(found) = model.target(reference) else {
            // That it leads nowhere is another rule's matter, and so what was meant is not known.
            return;
        };
        let found = model.resolve(found).unwrap_or(found);
        if members.iter().any(|member| std::ptr::eq(member.node, found)) {
            let values = mapped.entry(std::ptr::from_ref(found)).or_default();
            values.push((&value.text, value.span));
        } else {
            let message = format!(
                "`{}` leads to a schema that isn't one of those to choose from",
                value.text
            );
            let known = members.iter().map(|member| format!("`{}`", member.name));
            let known = known.collect::<Vec<_>>().join(", ");
            let help = format!("map it to one of {known}, or add the schema to `oneOf`");
            findings.add(&schemas::DISCRIMINATOR_CHOICE, to.span, message, help);
        }
    }
    for member in members {
        let mut of = Properties::default();
        collect(model, member.node, &mut of);
        let property = of.declared.get(name).and_then(|node| model.resolve(node));
        let Some(values) = property.and_then(|property| property.get("enum")) else {
            continue;
        };
        let allows = |value: &str| values.items().iter().any(|node| node.as_str() == Some(value));
        let chosen = mapped.get(&std::ptr::from_ref(member.node));
        let by_name = [(member.name, member.span)];
        let chosen = chosen.map_or(&by_name[..], Vec::as_slice);
        if let Some((value, span)) = chosen.iter().find(|(value, _)| !allows(value)) {
            let message =
                format!("`{value}` chooses `{}`, whose `{name}` doesn't allow it", member.name);
            let help = match values.items().first().and_then(Node::as_str) {
                Some(first) => format!("map `{first}` to it, under `mapping`"),
                None => format!("add `{value}` to the `enum` of `{name}`"),
            };
            findings
                .add(&schemas::DISCRIMINATOR_VALUE, *span, message, help)
                .and(values.span, "the values that it allows");
        }
    }
}

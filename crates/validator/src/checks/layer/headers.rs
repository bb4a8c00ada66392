//! The headers that the layer supplies: declared once, marked, and the same everywhere.

use std::collections::{BTreeMap, HashMap, HashSet};

use letterhead_document::{Key, Kind as Value, Node, Span};
use letterhead_spec::VENDORS;

use super::{one_of, text_of};
use crate::finding::Findings;
use crate::model::{Model, component};
use crate::rules::layer;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    if !model.is_own() {
        return;
    }
    let mut supplied: HashMap<&str, Supplied> = HashMap::new();
    let mut names: HashMap<String, Span> = HashMap::new();
    for object in model.all(Kind::Parameter) {
        let component = model.component(object);
        let is_component = matches!(component, Some(("parameters", _)));
        let fits = parameter(object.node, is_component, findings);
        if let (true, Some((_, name)), Some(key)) = (fits, component, object.key) {
            let header = text_of(object.node, "name").unwrap_or_default();
            let header = header.to_lowercase();
            supplied.insert(name, Supplied { key, header });
            once(object.node, &mut names, findings);
        }
    }
    everywhere(model, &supplied, findings);
}

/// A component that the layer supplies, and the header's name in lower case.
struct Supplied<'d> {
    key: &'d Key,
    header: String,
}

/// The headers that the layer sets by itself.
fn is_supplied(header: &str) -> bool {
    let mut vendors = VENDORS.iter();
    vendors.any(|vendor| vendor.supplied_headers().any(|name| header.eq_ignore_ascii_case(name)))
}

/// Whether it is a header that the layer supplies, and declared as one.
fn parameter(node: &Node, is_component: bool, findings: &mut Findings) -> bool {
    let name = text_of(node, "name").unwrap_or_default();
    let place = node.get("in");
    let is_header = place.and_then(Node::as_str) == Some("header");
    let Some(by) = node.get("x-supplied-by") else {
        let written = node.get("name").unwrap_or(node);
        if is_header && is_supplied(name) {
            let message = format!("`{name}` is set by the layer, and would be an argument here");
            findings.add(
                &layer::SUPPLIED_HEADER,
                written.span,
                message,
                "add `x-supplied-by: layer`",
            );
        }
        return false;
    };
    if by.as_str() != Some("layer") {
        let word = by.as_str().unwrap_or_default();
        let message = format!("`{word}` supplies nothing, so that `{name}` is an argument");
        findings.add(&layer::SUPPLIED_BY, by.span, message, one_of(word, &["layer"]));
        return false;
    }
    if let Some(place) = place
        && !is_header
    {
        let message = format!("the layer supplies headers only, and `{name}` isn't one");
        let help = "write `in: header`, or leave `x-supplied-by` out";
        findings.add(&layer::SUPPLIED_BY, place.span, message, help);
        return false;
    }
    if let Some(required) = node.get("required")
        && matches!(required.kind, Value::Bool(true))
    {
        let message = format!("`{name}` is required, and no caller can give it");
        let help = "write `required: false`: the layer sends it where the vendor wants it";
        findings.add(&layer::SUPPLIED_HEADER, required.span, message, help);
        return false;
    }
    if !is_component {
        let written = node.get("name").unwrap_or(node);
        let message =
            format!("`{name}` is declared in place, and the layer supplies it to every operation");
        let help = "declare it once in `components.parameters`, and refer to it";
        findings.add(&layer::SUPPLIED_HEADER, written.span, message, help);
        return false;
    }
    true
}

fn once(node: &Node, names: &mut HashMap<String, Span>, findings: &mut Findings) {
    let Some(written) = node.get("name") else {
        return;
    };
    let name = written.as_str().unwrap_or_default();
    if let Some(first) = names.insert(name.to_lowercase(), written.span) {
        let message = format!("`{name}` is declared twice");
        findings
            .add(&layer::SUPPLIED_HEADER, written.span, message, "refer to the first one instead")
            .and(first, "the first one");
    }
}

/// Once one operation has a supplied header, each has.
fn everywhere(model: &Model<'_>, supplied: &HashMap<&str, Supplied<'_>>, findings: &mut Findings) {
    let mut wanted: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
    let mut all: Vec<HashSet<&str>> = Vec::new();
    for operation in &model.operations {
        let parameters = operation.parameters();
        let written = parameters.iter().map(|parameter| parameter.written);
        let names = written.filter_map(|node| Some(component(node.reference()?)?.1));
        let mut headers = HashSet::new();
        for name in names {
            if let Some(found) = supplied.get(name) {
                headers.insert(found.header.as_str());
                wanted.entry(&found.header).or_insert((name, found.key.span));
            }
        }
        all.push(headers);
    }
    for (operation, headers) in model.operations.iter().zip(&all) {
        let mut missing = wanted.iter().filter(|(header, _)| !headers.contains(*header));
        let Some((_, (name, declared))) = missing.next() else {
            continue;
        };
        let key = operation.node.entry("parameters");
        let key = key.map_or(operation.method, |(key, _)| key);
        let more = match missing.count() {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        let message = format!(
            "`{}` doesn't have `{name}`{more}, which the layer supplies to other operations",
            operation.name()
        );
        let help = format!("add `$ref: '#/components/parameters/{name}'`");
        findings
            .add(&layer::SUPPLIED_EVERYWHERE, key.span, message, help)
            .and(*declared, "declared here");
    }
}

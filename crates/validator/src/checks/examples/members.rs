//! Examples that the validator takes, and that aren't what their author means: a member with a slip in its
//! name, which the schema doesn't know and doesn't refuse, and JSON as text.

use std::collections::{HashMap, HashSet};

use letterhead_document::{Kind as Value, Node, Span};

use super::collect::Specimen;
use crate::finding::{Findings, is_slip};
use crate::model::Model;
use crate::rules::examples;

pub(super) fn run<'d>(
    model: &Model<'d>,
    collection: &[(&'d Node, Specimen<'d>)],
    findings: &mut Findings,
) {
    let mut search = Search { model, seen: HashSet::new(), findings };
    for (schema, specimen) in collection {
        let parts = search.parts([*schema]);
        search.value(&parts, specimen.value);
        let is_typed = parts.iter().any(|part| part.get("type").or(part.get("enum")).is_some());
        if let Some(text) = specimen.value.as_str()
            && !specimen.may_be_text
            && !is_typed
            && is_json(text)
            && search.seen.insert(specimen.value.span)
        {
            let message = "this is the text of some JSON, and not the JSON itself";
            let help = "write the value itself, not its text in quotes";
            search.findings.add(&examples::EXAMPLE_AS_TEXT, specimen.value.span, message, help);
        }
    }
}

struct Search<'a, 'd> {
    model: &'a Model<'d>,
    /// Values that were reported: an example may be used in several places.
    seen: HashSet<Span>,
    findings: &'a mut Findings,
}

impl<'d> Search<'_, 'd> {
    /// Schemas with all that they are composed of.
    fn parts(&self, schemas: impl IntoIterator<Item = &'d Node>) -> Vec<&'d Node> {
        let mut open: Vec<&'d Node> = schemas.into_iter().collect();
        let mut parts: Vec<&'d Node> = Vec::new();
        let mut seen: HashSet<*const Node> = HashSet::new();
        while let Some(schema) = open.pop() {
            let Some(schema) = self.model.resolve(schema) else {
                continue;
            };
            if seen.insert(std::ptr::from_ref(schema)) {
                parts.push(schema);
                let lists = ["allOf", "anyOf", "oneOf"].map(|list| schema.list(list).iter());
                open.extend(lists.into_iter().flatten());
            }
        }
        parts
    }

    fn value(&mut self, parts: &[&'d Node], value: &'d Node) {
        match &value.kind {
            Value::Array(items) => {
                let schemas = parts.iter().filter_map(|part| part.get("items"));
                let parts = self.parts(schemas);
                if !parts.is_empty() {
                    items.iter().for_each(|item| self.value(&parts, item));
                }
            }
            Value::Object(_) => self.object(parts, value),
            _ => {}
        }
    }

    fn object(&mut self, parts: &[&'d Node], value: &'d Node) {
        let mut known: HashMap<&str, Vec<&'d Node>> = HashMap::new();
        for (name, schema) in parts.iter().flat_map(|part| part.map("properties")) {
            known.entry(&name.text).or_default().push(schema);
        }
        // A name that is required is meant, and one that lacks is reported as that.
        let required = parts.iter().flat_map(|part| part.list("required"));
        let required: Vec<&str> = required.filter_map(Node::as_str).collect();
        let is_required = |name: &str| required.contains(&name);
        // What takes other members takes any name, and what refuses them says so itself.
        let is_settled = parts.iter().any(|part| part.get("additionalProperties").is_some());
        for (key, member) in value.members() {
            if let Some(schemas) = known.get(key.text.as_str()) {
                let parts = self.parts(schemas.iter().copied());
                self.value(&parts, member);
                continue;
            }
            let absent = known.keys().filter(|name| value.get(name).is_none());
            let mut near: Vec<&str> =
                absent.filter(|name| is_slip(&key.text, name)).copied().collect();
            near.sort_unstable();
            if let Some(near) = near
                .first()
                .filter(|near| !is_settled && !is_required(&key.text) && !is_required(near))
                && self.seen.insert(key.span)
            {
                let message =
                    format!("the schema knows no `{}`, and takes it for another member", key.text);
                let help = format!("did you mean `{near}`?");
                self.findings.add(&examples::MISSPELT_MEMBER, key.span, message, help);
            }
        }
    }
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

//! Examples that the validator takes, and that aren't what their author means: a member with a slip in its
//! name, which the schema doesn't know and doesn't refuse, and JSON as text.

use std::collections::HashSet;

use letterhead_document::{Kind as Value, Node, Span};

use super::collect::{self, Specimen};
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
        search.value(&[*schema], specimen.value);
        let is_typed = |part: &&Node| part.get("type").or(part.get("enum")).is_some();
        if is_json(specimen) && !search.parts(&[*schema]).iter().any(is_typed) {
            search.as_text(specimen);
        }
    }
    for specimen in collect::free(model).filter(is_json) {
        search.as_text(&specimen);
    }
}

struct Search<'a, 'd> {
    model: &'a Model<'d>,
    /// Values that were reported: an example may be used in several places.
    seen: HashSet<Span>,
    findings: &'a mut Findings,
}

impl<'d> Search<'_, 'd> {
    fn as_text(&mut self, specimen: &Specimen<'_>) {
        if self.seen.insert(specimen.value.span) {
            let message = "this is the text of some JSON, and not the JSON itself";
            let help = "write the value itself, not its text in quotes";
            self.findings.add(&examples::EXAMPLE_AS_TEXT, specimen.value.span, message, help);
        }
    }

    /// Schemas with all that they are composed of.
    fn parts(&self, schemas: &[&'d Node]) -> Vec<&'d Node> {
        let mut open: Vec<&'d Node> = schemas.to_vec();
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

    fn value(&mut self, schemas: &[&'d Node], value: &'d Node) {
        match &value.kind {
            Value::Array(items) => {
                let parts = self.parts(schemas);
                let schemas: Vec<_> = parts.iter().filter_map(|part| part.get("items")).collect();
                if !schemas.is_empty() {
                    items.iter().for_each(|item| self.value(&schemas, item));
                }
            }
            Value::Object(_) => {
                let parts = self.parts(schemas);
                self.object(&parts, value);
            }
            _ => {}
        }
    }

    fn object(&mut self, parts: &[&'d Node], value: &'d Node) {
        // A name that is required is meant, and one that lacks is reported as that.
        let required = |name: &str| {
            let mut names = parts.iter().flat_map(|part| part.list("required"));
            names.any(|required| required.as_str() == Some(name))
        };
        // What takes other members takes any name, and what refuses them says so itself.
        let is_settled = parts.iter().any(|part| part.get("additionalProperties").is_some());
        for (key, member) in value.members() {
            let known = parts.iter().filter_map(|part| part.get("properties")?.get(&key.text));
            let known: Vec<&Node> = known.collect();
            if !known.is_empty() {
                self.value(&known, member);
                continue;
            }
            if is_settled || required(&key.text) {
                continue;
            }
            let names = parts.iter().flat_map(|part| part.map("properties"));
            let near = names
                .map(|(name, _)| name.text.as_str())
                .filter(|name| is_slip(&key.text, name) && value.get(name).is_none());
            if let Some(near) = near.min().filter(|near| !required(near))
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

/// Whether a value that stands for JSON is the text of some.
fn is_json(specimen: &Specimen<'_>) -> bool {
    let text = specimen.value.as_str().filter(|_| !specimen.may_be_text);
    text.is_some_and(|text| {
        text.trim_start().starts_with(['{', '['])
            && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
    })
}

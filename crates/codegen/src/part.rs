//! Some operations of a document with the components that they need, and nothing else.

use std::collections::{BTreeMap, HashMap, HashSet};

use letterhead_document::Operation;
use openapiv3::{Components, OpenAPI, Paths, ReferenceOr};
use serde_json::Value;

use crate::prep::walk;

/// The components of a document, each with those that it refers to.
pub(crate) struct Parts<'m> {
    model: &'m OpenAPI,
    references: HashMap<String, Vec<String>>,
}

impl<'m> Parts<'m> {
    pub(crate) fn of(model: &'m OpenAPI) -> Self {
        let components = serde_json::to_value(&model.components).unwrap_or_default();
        let mut references = HashMap::new();
        for (section, named) in components.as_object().into_iter().flatten() {
            for (name, component) in named.as_object().into_iter().flatten() {
                let mut found = Vec::new();
                collect(component, &mut found);
                references.insert(format!("#/components/{section}/{name}"), found);
            }
        }
        Self { model, references }
    }

    /// The document with these operations only; one whose path item stands elsewhere is left out.
    pub(crate) fn of_operations(&self, operations: &[Operation<'_>]) -> OpenAPI {
        let mut paths = Paths::default();
        let mut open = Vec::new();
        for same in operations.chunk_by(|one, other| one.path.text == other.path.text) {
            let path = same[0].path.text.as_str();
            let item = self.model.paths.paths.get(path).and_then(ReferenceOr::as_item);
            let Some(mut item) = item.cloned() else {
                continue;
            };
            for (name, slot) in walk::slots(&mut item) {
                if !same.iter().any(|it| it.method.text == name) {
                    *slot = None;
                }
            }
            collect(&serde_json::to_value(&item).unwrap_or_default(), &mut open);
            paths.paths.insert(path.to_owned(), ReferenceOr::Item(item));
        }
        let mut needed: HashSet<String> = HashSet::new();
        while let Some(reference) = open.pop() {
            if let Some(further) = self.references.get(&reference)
                && needed.insert(reference)
            {
                open.extend(further.iter().cloned());
            }
        }
        OpenAPI {
            openapi: self.model.openapi.clone(),
            info: self.model.info.clone(),
            components: self.model.components.as_ref().map(|all| pick(all, &needed)),
            paths,
            ..OpenAPI::default()
        }
    }
}

fn pick(all: &Components, needed: &HashSet<String>) -> Components {
    let mut picked = Components::default();
    // In order, so that two runs say the same.
    let sorted: BTreeMap<&str, &str> = needed
        .iter()
        .filter_map(|reference| {
            let rest = reference.strip_prefix("#/components/")?;
            Some((rest, rest.split_once('/')?.1))
        })
        .collect();
    macro_rules! section {
        ($($section:literal $field:ident)*) => {
            for (rest, name) in &sorted {
                $(if rest.starts_with(concat!($section, "/")) && let Some(found) = all.$field.get(*name) {
                    picked.$field.insert((*name).to_owned(), found.clone());
                })*
            }
        };
    }
    section! {
        "schemas" schemas
        "responses" responses
        "parameters" parameters
        "requestBodies" request_bodies
        "headers" headers
    }
    picked
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value.as_str() {
                    Some(text) if key == "$ref" => found.push(text.to_owned()),
                    _ => collect(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

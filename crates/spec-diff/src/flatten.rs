//! A document as a map from the way to a place to what stands there.
//!
//! The way is made of names that survive a reordering: an operation is called by its id, a parameter by
//! its place and name, an entry of `required` or `enum` by its value.

use std::collections::{BTreeMap, HashMap};

use letterhead_document::{Document, Node, Operation, Span, is_method};

/// The lists whose entries are called by their values.
const SETS: [&str; 5] = ["enum", "required", "tags", "x-clouds", "x-credentials"];

/// A document, flattened.
pub(crate) struct Flat {
    pub(crate) entries: BTreeMap<Vec<String>, Entry>,
}

/// What stands at a place.
pub(crate) struct Entry {
    /// A scalar's text; empty for what holds others.
    pub(crate) value: String,
    pub(crate) span: Span,
    /// Whether the place is reached from a request.
    pub(crate) is_sent: bool,
    /// Whether the place is reached from a response.
    pub(crate) is_received: bool,
}

#[derive(Clone, Copy)]
struct Direction {
    is_sent: bool,
    is_received: bool,
}

impl Flat {
    /// `renamed` has the old ids of operations whose id is all that changed, by the new ones.
    pub(crate) fn of(document: &Document, renamed: &HashMap<&str, &str>) -> Self {
        let mut flat = Self { entries: BTreeMap::new() };
        let neither = Direction { is_sent: false, is_received: false };
        for (key, node) in document.root().members() {
            match &*key.text {
                "paths" => flat.operations(document, renamed),
                "components" => flat.components(document, node),
                name => flat.node(&[name.to_owned()], node, neither),
            }
        }
        flat
    }

    fn operations(&mut self, document: &Document, renamed: &HashMap<&str, &str>) {
        let both = Direction { is_sent: true, is_received: false };
        for operation in document.operations() {
            let name = operation.name();
            let name = renamed.get(name.as_str()).copied().unwrap_or(&name);
            let way = vec![format!("operation {name}")];
            self.put(way.clone(), operation.address(), operation.method.span, both);
            for (is_sent, key, part) in parts(operation) {
                let direction = Direction { is_sent, is_received: !is_sent };
                let mut way = way.clone();
                way.push(key);
                self.node(&way, part, direction);
            }
        }
    }

    fn components(&mut self, document: &Document, components: &Node) {
        let reached = |is_wanted: bool| {
            let parts = document.operations().flat_map(parts);
            let wanted = parts.filter(|(is_sent, ..)| *is_sent == is_wanted);
            document.reached(wanted.map(|(.., part)| part))
        };
        let (sent, received) = (reached(true), reached(false));
        for (kind, section) in components.members() {
            for (name, node) in section.members() {
                // Parameters were looked through where they are used.
                if &*kind.text == "parameters" {
                    continue;
                }
                let reference = format!("#/components/{}/{}", &*kind.text, &*name.text);
                let direction = Direction {
                    is_sent: sent.contains(reference.as_str()),
                    is_received: received.contains(reference.as_str()),
                };
                let way = vec![format!("{} {}", kind.text.trim_end_matches('s'), &*name.text)];
                self.node(&way, node, direction);
            }
        }
    }

    fn node(&mut self, way: &[String], node: &Node, direction: Direction) {
        let is_set = way.last().is_some_and(|key| SETS.contains(&key.as_str()));
        let value = match node.to_json() {
            serde_json::Value::Object(_) | serde_json::Value::Array(_) => String::new(),
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        self.put(way.to_vec(), value, node.span, direction);
        let alone = alone(node);
        if let Some((_, one, null)) = alone {
            self.node(way, one, direction);
            // What stands beside it is shown where it stands, and a list that is looked through nowhere.
            self.put(way.to_vec(), String::new(), node.span, direction);
            if let Some(null) = null {
                let way = way.iter().cloned().chain(["nullable".to_owned()]).collect();
                self.put(way, "true".to_owned(), null.span, direction);
            }
        }
        let skipped = alone.map(|(key, ..)| key);
        for (key, member) in node.members().filter(|(key, _)| Some(&*key.text) != skipped) {
            let mut way = way.to_vec();
            way.push(key.text.to_string());
            self.node(&way, member, direction);
        }
        for (index, item) in node.items().iter().enumerate() {
            let mut way = way.to_vec();
            way.push(match item.to_json() {
                serde_json::Value::String(text) if is_set => text,
                other if is_set => other.to_string(),
                _ => index.to_string(),
            });
            self.node(&way, item, direction);
        }
    }

    fn put(&mut self, way: Vec<String>, value: String, span: Span, direction: Direction) {
        let entry =
            Entry { value, span, is_sent: direction.is_sent, is_received: direction.is_received };
        self.entries.insert(way, entry);
    }
}

/// The schema that a list stands for, the key of the list, and the choice of null beside it: `anyOf: [it, {enum:
/// [null]}]` is `it` and `nullable`, and `allOf: [it]` is `it`.
fn alone(node: &Node) -> Option<(&'static str, &Node, Option<&Node>)> {
    let choice = ["anyOf", "oneOf"].into_iter().find_map(|key| match node.list(key) {
        [one, null] | [null, one] if null.takes_only_null() && !one.takes_only_null() => {
            Some((key, one, Some(null)))
        }
        _ => None,
    });
    choice.or_else(|| match node.list("allOf") {
        [one] => Some(("allOf", one, None)),
        _ => None,
    })
}

/// The members of an operation and of the path item that it shares: whether each is sent, its name, and
/// what stands there. Parameters are members of their own.
fn parts(operation: Operation<'_>) -> Vec<(bool, String, &Node)> {
    let shared = operation.item.members();
    let shared = shared.filter(|(key, _)| !is_method(&key.text));
    let own = operation.node.members();
    let own = own.filter(|(key, _)| key.text != "operationId");
    let members = shared.chain(own);
    let members = members.filter(|(key, _)| key.text != "parameters");
    let members = members.map(|(key, node)| (key.text != "responses", key.text.to_string(), node));
    let parameters = operation.parameters().into_iter().map(|parameter| {
        let (place, name) = (parameter.place(), parameter.name());
        (true, format!("{place} parameter {name}"), parameter.node)
    });
    members.chain(parameters).collect()
}

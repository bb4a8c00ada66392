//! A document as a map from the way to a place to what stands there.
//!
//! The way is made of names that survive a reordering: an operation is called by its id, a parameter by
//! its place and name, an entry of `required` or `enum` by its value.

use std::collections::{BTreeMap, HashMap, HashSet};

use letterhead_document::{Document, METHODS, Node, Span};

/// The lists whose entries are called by their values.
const SETS: [&str; 4] = ["enum", "required", "tags", "x-clouds"];

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
        let mut flat = Self {
            entries: BTreeMap::new(),
        };
        let root = document.root();
        let neither = Direction {
            is_sent: false,
            is_received: false,
        };
        for (key, node) in root.members() {
            match &*key.text {
                "paths" => flat.paths(root, node, renamed),
                "components" => flat.components(root, node),
                name => flat.node(&[name.to_owned()], node, neither),
            }
        }
        flat
    }

    fn paths(&mut self, root: &Node, paths: &Node, renamed: &HashMap<&str, &str>) {
        let both = Direction {
            is_sent: true,
            is_received: false,
        };
        for (path, item) in paths.members() {
            for (method, node) in item.members() {
                if !METHODS.contains(&&*method.text) {
                    continue;
                }
                let address = format!("{} {}", method.text.to_uppercase(), &*path.text);
                let id = node.get("operationId").and_then(Node::as_str);
                let name = id.unwrap_or(&address);
                let name = renamed.get(name).copied().unwrap_or(name);
                let way = vec![format!("operation {name}")];
                let span = method.span;
                self.put(way.clone(), address, span, both);
                for (key, value) in item
                    .members()
                    .filter(|(key, _)| !METHODS.contains(&&*key.text))
                {
                    self.part(root, &way, &key.text, value);
                }
                for (key, value) in node
                    .members()
                    .filter(|(key, _)| &*key.text != "operationId")
                {
                    self.part(root, &way, &key.text, value);
                }
            }
        }
    }

    /// A member of an operation, or of the path item that it shares.
    fn part(&mut self, root: &Node, way: &[String], key: &str, value: &Node) {
        let direction = Direction {
            is_sent: key != "responses",
            is_received: key == "responses",
        };
        if key != "parameters" {
            let mut way = way.to_vec();
            way.push(key.to_owned());
            return self.node(&way, value, direction);
        }
        for parameter in value.items() {
            let written = target(root, parameter).unwrap_or(parameter);
            let text = |name: &str| written.get(name).and_then(Node::as_str).unwrap_or_default();
            let mut way = way.to_vec();
            way.push(format!("{} parameter {}", text("in"), text("name")));
            // Where both declare it, the operation's own counts, which comes later.
            if self.entries.contains_key(&way) {
                self.entries.retain(|other, _| !other.starts_with(&way));
            }
            self.node(&way, written, direction);
        }
    }

    fn components(&mut self, root: &Node, components: &Node) {
        let sent = reached(root, true);
        let received = reached(root, false);
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
                let way = vec![format!(
                    "{} {}",
                    kind.text.trim_end_matches('s'),
                    &*name.text
                )];
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
        for (key, member) in node.members() {
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
        let entry = Entry {
            value,
            span,
            is_sent: direction.is_sent,
            is_received: direction.is_received,
        };
        self.entries.insert(way, entry);
    }
}

/// The target of a local reference.
fn target<'d>(root: &'d Node, node: &Node) -> Option<&'d Node> {
    let reference = node.get("$ref").and_then(Node::as_str)?;
    let mut found = root;
    for segment in reference.strip_prefix("#/")?.split('/') {
        found = found.get(&segment.replace("~1", "/").replace("~0", "~"))?;
    }
    Some(found)
}

/// The components that requests lead to, or responses.
fn reached(root: &Node, is_sent: bool) -> HashSet<&str> {
    let mut open: Vec<&Node> = Vec::new();
    for (_, item) in root.get("paths").into_iter().flat_map(Node::members) {
        for (key, node) in item.members() {
            if !METHODS.contains(&&*key.text) {
                open.extend(is_sent.then_some(node));
                continue;
            }
            let parts = node.members();
            let parts = parts.filter(|(key, _)| is_sent != (&*key.text == "responses"));
            open.extend(parts.map(|(_, part)| part));
        }
    }
    let mut found = HashSet::new();
    while let Some(node) = open.pop() {
        if let Some(reference) = node.get("$ref").and_then(Node::as_str)
            && let Some(next) = target(root, node)
            && found.insert(reference)
        {
            open.push(next);
        }
        open.extend(node.members().map(|(_, member)| member));
        open.extend(node.items());
    }
    found
}

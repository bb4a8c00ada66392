//! How much the generator would write: a type that is composed of another one gets copies of the
//! composed types that its properties refer to, and those copies copies of theirs.

use std::collections::{BTreeMap, HashMap};

use letterhead_document::{Key, Node};

use crate::model::component;

/// Whether the generator comes to an end in reasonable time.
pub(super) fn is_reasonable(root: &Node) -> bool {
    let composed = components(root).filter_map(|(name, schema)| {
        let parts = schema.get("allOf")?;
        let inherits = parts.items().iter().any(|part| part.get("$ref").is_some());
        inherits.then_some((name.text.as_str(), parts))
    });
    let mut effort = Effort { composed: composed.collect(), copies: HashMap::new() };
    let names: Vec<&str> = effort.composed.keys().copied().collect();
    let mut total: u64 = 0;
    for name in names {
        total = total.saturating_add(effort.of(name, 0));
    }
    total <= MOST
}

fn components(root: &Node) -> impl Iterator<Item = (&Key, &Node)> {
    let schemas = root.get("components").and_then(|all| all.get("schemas"));
    schemas.into_iter().flat_map(Node::members)
}

/// So many copies take the generator a second.
const MOST: u64 = 4_000;
/// Compositions aren't followed further.
const DEEPEST: usize = 200;

struct Effort<'d> {
    /// The `allOf` of each component that is composed of others.
    composed: BTreeMap<&'d str, &'d Node>,
    /// How many types each of them makes; none while that is being counted.
    copies: HashMap<&'d str, u64>,
}

impl<'d> Effort<'d> {
    fn of(&mut self, name: &str, depth: usize) -> u64 {
        let Some((name, parts)) = self.composed.get_key_value(name) else {
            return 0;
        };
        let (name, parts): (&'d str, &'d Node) = (name, parts);
        if let Some(copies) = self.copies.get(name) {
            return *copies;
        }
        if depth > DEEPEST {
            return MOST + 1;
        }
        // A type within itself is no copy.
        self.copies.insert(name, 0);
        let copies = self.within(parts, depth + 1).saturating_add(1);
        self.copies.insert(name, copies);
        copies
    }

    fn within(&mut self, node: &'d Node, depth: usize) -> u64 {
        let mut copies: u64 = 0;
        if let Some(reference) = node.get("$ref").and_then(Node::as_str)
            && let Some(("schemas", name)) = component(reference)
        {
            copies = self.of(name, depth);
        }
        for value in node.members().map(|(_, value)| value).chain(node.items()) {
            copies = copies.saturating_add(self.within(value, depth));
        }
        copies
    }
}

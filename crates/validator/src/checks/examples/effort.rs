//! How much work it is to hold a value against a schema.
//!
//! Choices multiply: a value is held against each member of a choice, and against each member of the
//! choices in those. A few lines of schema can ask for more than any machine does, so what asks for
//! too much is left alone.

use std::collections::HashMap;

use letterhead_document::{Kind as Value, Node};

use crate::model::Model;

/// How often one part of a value may be looked at. Real documents ask for some hundreds.
const LIMIT: u64 = 20_000;

/// Knows what schemas ask for.
pub(super) struct Effort<'a, 'd> {
    model: &'a Model<'d>,
    /// For the target of a reference, and for values with so many levels.
    known: HashMap<(*const Node, usize), u64>,
}

impl<'a, 'd> Effort<'a, 'd> {
    pub(super) fn new(model: &'a Model<'d>) -> Self {
        Self { model, known: HashMap::new() }
    }

    /// Whether a value can be held against a schema in reasonable time.
    pub(super) fn is_bearable(&mut self, schema: &'d Node, value: &Node) -> bool {
        self.of(schema, levels(value)) <= LIMIT
    }

    /// How often the deepest part of a value with so many levels is looked at, at most.
    fn of(&mut self, schema: &'d Node, levels: usize) -> u64 {
        let Some(target) = schema.get("$ref") else {
            return self.of_inline(schema, levels);
        };
        let Some(target) = target.as_str().and_then(|to| self.model.target(to)) else {
            return 1;
        };
        let key = (std::ptr::from_ref(target), levels);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        // What leads back to itself on the same level is cut when it is converted.
        self.known.insert(key, 1);
        let effort = self.of(target, levels);
        self.known.insert(key, effort);
        effort
    }

    fn of_inline(&mut self, schema: &'d Node, levels: usize) -> u64 {
        let mut below = 1;
        let mut here = 0_u64;
        for (key, value) in schema.members() {
            match (key.text.as_str(), &value.kind) {
                ("allOf" | "anyOf" | "oneOf", Value::Array(members)) => {
                    for member in members {
                        here = here.saturating_add(self.of(member, levels));
                    }
                }
                ("not", _) => here = here.saturating_add(self.of(value, levels)),
                ("properties", Value::Object(members)) if levels > 0 => {
                    for (_, member) in members {
                        below = below.max(self.of(member, levels - 1));
                    }
                }
                ("items" | "additionalProperties", _) if levels > 0 => {
                    below = below.max(self.of(value, levels - 1));
                }
                _ => {}
            }
        }
        here.saturating_add(below)
    }
}

fn levels(value: &Node) -> usize {
    let of_parts = |parts: &mut dyn Iterator<Item = &Node>| parts.map(levels).max();
    match &value.kind {
        Value::Array(items) => 1 + of_parts(&mut items.iter()).unwrap_or_default(),
        Value::Object(members) => {
            1 + of_parts(&mut members.iter().map(|(_, value)| value)).unwrap_or_default()
        }
        _ => 0,
    }
}

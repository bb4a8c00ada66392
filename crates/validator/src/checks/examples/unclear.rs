//! What contradicts itself in schemas. It is left out where values are judged, and the rest of the schema
//! holds: an example is judged by all that is clear. So one fault isn't reported again at each example, and
//! hides no other one.

use std::collections::BTreeSet;

use letterhead_document::{Key, Node};

use crate::finding::Findings;
use crate::rule::Rule;
use crate::rules::schemas;

/// Faults of two keywords that contradict each other, or of one that can't be followed.
const UNCLEAR: [&Rule; 9] = [
    &schemas::DUPLICATE_ALTERNATIVE,
    &schemas::ENUM_NULL,
    &schemas::ENUM_VALUE_MISFIT,
    &schemas::ENUM_VALUE_TYPE,
    &schemas::IMPOSSIBLE_BOUNDS,
    &schemas::INVALID_PATTERN,
    &schemas::PATTERN_DIALECT,
    &schemas::PATTERN_PROPERTY,
    &schemas::REQUIRED_WITHOUT_PROPERTY,
];

/// Where schemas are unclear.
pub(super) struct Unclear(BTreeSet<u32>);

impl Unclear {
    pub(super) fn of(findings: &Findings) -> Self {
        let faults = findings.list.iter().filter(|finding| {
            // A name that is required and not described is required all the same, unless another one is meant.
            UNCLEAR.contains(&finding.rule)
                && (finding.rule != &schemas::REQUIRED_WITHOUT_PROPERTY || finding.is_slip)
        });
        let spans = faults.flat_map(|finding| {
            // Of two that are the same, the first one holds.
            let also = finding.also.as_ref().map(|(also, _)| *also);
            let both = finding.rule != &schemas::DUPLICATE_ALTERNATIVE;
            [Some(finding.span), also.filter(|_| both)]
        });
        Self(spans.flatten().map(|span| span.start).collect())
    }

    /// Whether it is unclear what stands at a value.
    pub(super) fn has(&self, value: &Node) -> bool {
        self.0.contains(&value.span.start)
    }

    /// Whether anything in a value is unclear.
    fn has_within(&self, value: &Node) -> bool {
        self.has(value) || self.0.range(value.span.start..value.span.end).next().is_some()
    }

    /// Whether it is unclear what stands at a key.
    pub(super) fn has_key(&self, key: &Key) -> bool {
        self.0.contains(&key.span.start)
    }

    /// Whether a schema among alternatives is one of two that are the same.
    pub(super) fn has_member(&self, member: &Node) -> bool {
        let first = member.members().next().map(|(key, _)| key.span.start);
        let target = member.get("$ref").map(|target| target.span.start);
        target.or(first).is_some_and(|start| self.0.contains(&start))
    }

    /// Whether anything that a schema says itself is unclear.
    pub(super) fn is_in(&self, schema: &Node) -> bool {
        !self.0.is_empty()
            && schema.members().any(|(key, value)| {
                let is_unclear = |item: &Node| self.has(item) || self.has_member(item);
                self.has_key(key) || self.has(value) || value.items().iter().any(is_unclear)
            })
    }

    /// Whether a value of a schema's list contradicts what else the schema says.
    pub(super) fn is_enum(&self, schema: &Node) -> bool {
        let Some((key, values)) = schema.entry("enum") else {
            return false;
        };
        self.has_key(key) || values.items().iter().any(|value| self.has_within(value))
    }
}

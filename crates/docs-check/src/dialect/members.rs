//! The members that tables list, each in its object.

use std::collections::HashMap;

use super::Reading;
use super::bodies::BodyTable;
use super::columns::identifier;
use super::placing::{Parent, Shape, parent};
use crate::fact::{Fact, Kind, Side};
use crate::json::Node;
use crate::target::loose;

impl Reading<'_> {
    /// Adds the members of all tables, each in its object.
    pub(super) fn place_members(&mut self, is_translated: bool) {
        let mut tables = std::mem::take(&mut self.bodies);
        let operations =
            self.facts.iter().filter(|fact| matches!(fact.kind, Kind::Operation { .. }));
        let first = operations.min_by_key(|fact| fact.span.start).map(|fact| fact.group);
        // Without any operation there is no body.
        tables.retain(|table| table.group > 0 || first.is_some());
        for table in tables.iter_mut().filter(|table| table.group == 0) {
            table.group = first.unwrap_or_default();
        }
        let samples = bodies_of_samples(&self.facts);
        // A machine has spelled some names anew: any sample of the page may have them.
        let everywhere: HashMap<String, &str> = if is_translated {
            samples.iter().flat_map(|(.., json)| Shape::of(json).members).collect()
        } else {
            HashMap::new()
        };
        let mut shape = (0, Side::Request, Shape::default());
        let mut parents: Vec<Parent> = Vec::new();
        let mut members = Vec::new();
        // The first table of each body.
        let mut first: HashMap<(usize, Side), usize> = HashMap::new();
        for index in 0..tables.len() {
            let table = &mut tables[index];
            // The body that follows a table is the one that it describes.
            let start = table.rows.first().map_or(0, |row| row.span.start);
            let behind = &samples[samples.partition_point(|(at, ..)| *at <= start)..];
            if let Some((at, side, json)) = behind.iter().find(|(_, side, _)| *side == table.side)
                && (shape.0, shape.1) != (*at, *side)
            {
                shape = (*at, *side, Shape::of(json));
            }
            let none = Shape::default();
            let is_there = shape.0 > start && shape.1 == table.side;
            let own = if is_there { &shape.2 } else { &none };
            for row in &mut table.rows {
                let elsewhere = || everywhere.get(&loose(&row.name)).map(|name| (*name).to_owned());
                match member_name(&row.name, own, is_translated).or_else(elsewhere) {
                    Some(name) => row.name = name,
                    None => row.is_named = false,
                }
            }
            let first = *first.entry((table.group, table.side)).or_insert(index);
            let parent = parent(&tables, (first, index), &parents, own);
            members.extend(tables[index].facts(&parent));
            parents.push(parent);
        }
        self.facts.extend(members);
    }
}

/// The bodies of all samples that tell no error, in their order.
fn bodies_of_samples(facts: &[Fact]) -> Vec<(u32, Side, &Node)> {
    let bodies = facts.iter().filter_map(|fact| match &fact.kind {
        Kind::Sample { side, json, error: false, .. } => Some((fact.span.start, *side, json)),
        _ => None,
    });
    let mut bodies: Vec<_> = bodies.collect();
    bodies.sort_by_key(|(start, ..)| *start);
    bodies
}

impl BodyTable {
    fn facts(&self, parent: &Parent) -> Vec<Fact> {
        let schema = self.schema().cloned();
        let mut facts = Vec::new();
        // The rows that the next one may be indented under.
        let mut open: Vec<(usize, String)> = Vec::new();
        for row in self.rows.iter().filter(|row| row.is_named) {
            let name = &row.name;
            open.retain(|(indent, _)| *indent < row.indent);
            let mut path: Vec<String> = match parent {
                Parent::Path(path) => path.iter().cloned().collect(),
                Parent::Open => schema.iter().cloned().collect(),
            };
            path.extend(open.last().map(|(_, path)| path.clone()));
            // `passwordProfile.password` is a path itself.
            let (inner, last) = name.rsplit_once(['.', '/']).unwrap_or(("", name));
            path.extend((!inner.is_empty()).then(|| inner.replace('/', ".")));
            let items = if row.is_list { "[]" } else { "" };
            let own = open.last().map(|(_, path)| format!("{path}.")).unwrap_or_default();
            open.push((row.indent, format!("{own}{name}{items}")));
            facts.push(Fact {
                span: row.span,
                group: self.group,
                kind: Kind::Member {
                    side: self.side,
                    name: last.to_owned(),
                    of_type: row.of_type.clone(),
                    required: row.required,
                    depth: None,
                    parent: (!path.is_empty()).then(|| path.join(".")),
                    schema: schema.clone(),
                },
            });
        }
        facts
    }
}

/// A member's name: one word, or words that the sample has as one.
fn member_name(text: &str, shape: &Shape<'_>, is_translated: bool) -> Option<String> {
    // What stands before a remark.
    let before = text.split(['(', ',', '<']).next().unwrap_or_default();
    let first = before.split(' ').next().unwrap_or_default();
    let known = |wanted: &str| shape.member(&loose(wanted)).map(str::to_owned);
    let remark = before.len() < text.len();
    identifier(text)
        .or_else(|| identifier(before).filter(|_| remark))
        .map(str::to_owned)
        .or_else(|| known(text))
        .or_else(|| known(first))
        .or_else(|| identifier(first).filter(|_| remark).map(str::to_owned))
        .or_else(|| {
            let is_short = text.is_ascii() && text.split_whitespace().count() <= 4;
            (is_short && !is_translated).then(|| text.to_owned())
        })
}

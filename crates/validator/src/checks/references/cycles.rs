//! References that go round in a circle.

use std::collections::HashMap;

use letterhead_document::{Kind as Value, Node, Span};

use crate::checks::schemas::is_nullable;
use crate::finding::Findings;
use crate::model::{Model, component};
use crate::rules::references;

/// A component and what it can't do without.
struct Component<'d> {
    name: &'d str,
    needs: Vec<Edge<'d>>,
}

struct Edge<'d> {
    /// The component that is needed, by its index.
    to: usize,
    /// The reference.
    span: Span,
    /// The required property that needs it; none where the value is the same one.
    property: Option<&'d str>,
    /// What makes a list or a map have at least one.
    limit: Option<&'static str>,
}

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    let components = model.document.root().get("components");
    for (section, members) in components.into_iter().flat_map(Node::members) {
        let is_schemas = section.text == "schemas";
        let index: HashMap<&str, usize> =
            members.members().enumerate().map(|(at, (key, _))| (key.text.as_str(), at)).collect();
        let mut graph = Graph { section: &section.text, index, nodes: Vec::new() };
        for (key, node) in members.members() {
            let mut needs = Vec::new();
            graph.collect(node, None, is_schemas, &mut needs);
            let name = key.text.as_str();
            graph.nodes.push(Component { name, needs });
        }
        for cycle in graph.cycles() {
            report(&graph, &cycle, findings);
        }
    }
}

struct Graph<'d> {
    section: &'d str,
    index: HashMap<&'d str, usize>,
    nodes: Vec<Component<'d>>,
}

impl<'d> Graph<'d> {
    /// What a value of `node` can't do without.
    fn collect(
        &self,
        node: &'d Node,
        property: Option<&'d str>,
        is_schema: bool,
        needs: &mut Vec<Edge<'d>>,
    ) {
        if let Some(target) = node.get("$ref") {
            let found = target.as_str().and_then(component);
            let found = found.filter(|(section, _)| *section == self.section);
            if let Some(to) = found.and_then(|(_, name)| self.index.get(name)) {
                needs.push(Edge { to: *to, span: target.span, property, limit: None });
            }
            return;
        }
        // Where null will do, nothing more is needed; but the same value is still looked at.
        if !is_schema || property.is_some() && is_nullable(node) {
            return;
        }
        let combined = |key: &str| node.get(key).map(Node::items).unwrap_or_default();
        for part in combined("allOf") {
            self.collect(part, property, true, needs);
        }
        // Of alternatives, one suffices for a value to end, but each of them is tried on the value.
        let alternatives = || combined("oneOf").iter().chain(combined("anyOf"));
        let alone = alternatives().count() == 1;
        for part in alternatives().filter(|_| property.is_none() || alone) {
            let before = needs.len();
            self.collect(part, property, true, needs);
            if !alone {
                let kept = needs.split_off(before);
                needs.extend(kept.into_iter().filter(|edge| edge.property.is_none()));
            }
        }
        if is_nullable(node) {
            return;
        }
        for (limit, member) in [("minItems", "items"), ("minProperties", "additionalProperties")] {
            let wants_one = node.get(limit).is_some_and(|least| match &least.kind {
                Value::Number(least) => least.as_f64().is_some_and(|least| least >= 1.0),
                _ => false,
            });
            // A property with a name of its own is one, too.
            let is_other = limit == "minProperties" && node.get("properties").is_some();
            if let Some((key, inner)) = node.entry(member).filter(|_| wants_one && !is_other) {
                let before = needs.len();
                self.collect(inner, property.or(Some(&key.text)), true, needs);
                needs[before..].iter_mut().for_each(|edge| edge.limit = Some(limit));
            }
        }
        let properties = node.get("properties");
        for name in combined("required").iter().filter_map(Node::as_str) {
            if let Some((key, schema)) = properties.and_then(|all| all.entry(name)) {
                self.collect(schema, Some(&key.text), true, needs);
            }
        }
    }

    /// The circles, each as the edges that close it; every component is visited once.
    fn cycles(&self) -> Vec<Vec<&Edge<'d>>> {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut state = vec![State::New; self.nodes.len()];
        let mut cycles = Vec::new();
        for start in 0..self.nodes.len() {
            if state[start] != State::New {
                continue;
            }
            // The components on the way, each with the edge that is looked at next.
            let mut way: Vec<(usize, usize)> = vec![(start, 0)];
            state[start] = State::Open;
            while let Some((at, next)) = way.last_mut() {
                let (here, edge) = (*at, self.nodes[*at].needs.get(*next));
                *next += 1;
                let Some(edge) = edge else {
                    state[here] = State::Done;
                    way.pop();
                    continue;
                };
                match state[edge.to] {
                    State::New => {
                        state[edge.to] = State::Open;
                        way.push((edge.to, 0));
                    }
                    State::Open => {
                        let from = way.iter().position(|(at, _)| *at == edge.to);
                        let round = &way[from.unwrap_or_default()..];
                        cycles.push(
                            round
                                .iter()
                                .map(|(at, next)| &self.nodes[*at].needs[next - 1])
                                .collect(),
                        );
                    }
                    State::Done => {}
                }
            }
        }
        cycles
    }
}

fn report(graph: &Graph<'_>, cycle: &[&Edge<'_>], findings: &mut Findings) {
    let Some(last) = cycle.last() else { return };
    let name = graph.nodes[last.to].name;
    let way: Vec<String> =
        cycle.iter().map(|edge| format!("`{}`", graph.nodes[edge.to].name)).collect();
    let round = if cycle.len() == 1 {
        "itself".to_owned()
    } else {
        format!("itself by way of {}", way[..way.len() - 1].join(", "))
    };
    let finding = match cycle.iter().find_map(|edge| edge.property) {
        None => findings.add(
            &references::REFERENCE_CYCLE,
            last.span,
            format!("`{name}` is defined as {round}"),
            "say what it is: a reference, `allOf`, `oneOf` and `anyOf` have to end somewhere",
        ),
        Some(property) => findings.add(
            &references::ENDLESS_SCHEMA,
            last.span,
            format!("`{name}` requires {round}, so that no value of it ever ends"),
            match cycle.iter().find_map(|edge| edge.limit) {
                Some(limit) => format!("leave `{limit}` out, so that it may be empty in the end"),
                None => format!("take `{property}` out of `required`, or give it `nullable: true`"),
            },
        ),
    };
    if let [first, _, ..] = cycle {
        finding.and(first.span, "the way starts here");
    }
}

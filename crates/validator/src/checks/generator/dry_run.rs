//! The dry run: the generator itself, for what no rule knows.

use std::collections::{HashMap, HashSet};

use letterhead_codegen::Obstacle;
use letterhead_diagnostics::Severity;
use letterhead_document::{Node, Span};

use super::effort;
use crate::finding::{Finding, Findings};
use crate::model::{Model, within};
use crate::options::DryRun;
use crate::rule::Purpose;
use crate::rules::{generator, references};

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    // What stops a document with errors is reported already. None is tried that is defined as itself, which the
    // generator doesn't survive.
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    let is_faulty = findings.list.iter().any(|finding| is_error(&finding));
    let is_endless =
        findings.list.iter().any(|finding| finding.rule == &references::REFERENCE_CYCLE);
    let is_wanted = match model.dry_run {
        _ if model.purpose < Purpose::Rust => false,
        DryRun::Auto => !is_faulty,
        DryRun::Always => true,
        DryRun::Never => false,
    };
    if is_wanted && !is_endless && effort::is_reasonable(model.document.root()) {
        let reported = findings.list.iter().filter(is_error);
        let reported: Vec<Span> = reported.map(|finding| finding.span).collect();
        let mut obstacles = letterhead_codegen::dry_run(model.document);
        obstacles.retain(|obstacle| !is_reported(model, obstacle, &reported));
        for obstacle in &obstacles {
            report(obstacle, findings);
        }
    }
}

/// Whether a rule has found a fault in the operation or in what it refers to.
fn is_reported(model: &Model<'_>, obstacle: &Obstacle, reported: &[Span]) -> bool {
    let mut operations = model.operations.iter();
    let operation = operations.find(|operation| within(obstacle.span, operation.node.span));
    let Some(operation) = operation.filter(|_| obstacle.operation.is_some()) else {
        return !reported.is_empty();
    };
    let components = model.document.root().get("components");
    let sections = components.into_iter().flat_map(Node::members);
    let components = sections.flat_map(|(_, section)| section.members());
    let names: HashMap<Span, &Span> =
        components.map(|(key, node)| (node.span, &key.span)).collect();
    if reported.contains(&operation.method.span) {
        return true;
    }
    let mut open: Vec<&Node> = vec![operation.node];
    open.extend(operation.item.get("parameters"));
    let mut seen: HashSet<Span> = HashSet::new();
    while let Some(node) = open.pop() {
        let name = names.get(&node.span);
        let is_reached = |span: &Span| within(*span, node.span) || name == Some(&span);
        if reported.iter().any(is_reached) {
            return true;
        }
        let mut inner = vec![node];
        while let Some(node) = inner.pop() {
            if let Some(target) = node.get("$ref").and_then(Node::as_str) {
                let target = model.target(target);
                open.extend(target.filter(|target| seen.insert(target.span)));
            }
            inner.extend(node.members().map(|(_, value)| value));
            inner.extend(node.items());
        }
    }
    false
}

fn report(obstacle: &Obstacle, findings: &mut Findings) {
    let message = match &obstacle.operation {
        Some(operation) => format!("`{operation}` can't be generated: {}", obstacle.reason),
        None => format!("the document can't be generated: {}", obstacle.reason),
    };
    let help = "docs/generator.md says what is left out, and what to write instead";
    findings.add(&generator::GENERATOR, obstacle.span, message, help);
}

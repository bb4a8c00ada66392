use std::collections::{HashMap, HashSet};

use letterhead_document::Span;

use super::finding::{Finding, Id};
use crate::fact::{Fact, Kind, Page, Shown};
use crate::rules::Rule;
use crate::spec::{Operation, Spec};

/// A page that is being compared.
pub(super) struct Context<'a> {
    pub(super) specs: &'a [Spec<'a>],
    pub(super) index: usize,
    pub(super) page: &'a Page,
    /// The operations of the documents that a group of facts is about.
    pub(super) groups: HashMap<usize, Vec<Id>>,
    /// The bodies of each group: its samples and the members that it lists.
    pub(super) bodies: HashMap<usize, Vec<&'a Fact>>,
    /// The groups that a request is shown in.
    pub(super) sent: HashSet<usize>,
    pub(super) findings: Vec<Finding>,
}

/// The operations that something is true of.
pub(super) fn with(specs: &[Spec<'_>], is: impl Fn(&Operation<'_>) -> bool) -> Vec<Id> {
    let specs = specs.iter().enumerate();
    specs
        .flat_map(|(spec, content)| {
            let all = content.operations.iter().enumerate();
            all.map(move |(index, operation)| ((spec, index), operation))
        })
        .filter(|(_, operation)| is(operation))
        .map(|(id, _)| id)
        .collect()
}

impl<'a> Context<'a> {
    pub(super) fn new(specs: &'a [Spec<'a>], index: usize, page: &'a Page) -> Self {
        let mut bodies: HashMap<usize, Vec<&Fact>> = HashMap::new();
        let mut sent = HashSet::new();
        for fact in &page.facts {
            match &fact.kind {
                Kind::Sample { .. } | Kind::Member { .. } => {
                    bodies.entry(fact.group).or_default().push(fact);
                }
                Kind::Operation { shown: Shown::Request | Shown::Curl, .. } => {
                    sent.insert(fact.group);
                }
                _ => {}
            }
        }
        Self { specs, index, page, groups: HashMap::new(), bodies, sent, findings: Vec::new() }
    }

    pub(super) fn operation(&self, (spec, index): Id) -> &'a Operation<'a> {
        &self.specs[spec].operations[index]
    }

    /// The operation as keys and messages call it.
    pub(super) fn called(&self, id: Id) -> String {
        self.operation(id).called()
    }

    /// Whether a fact is about an operation: by its group, or about the whole page.
    pub(super) fn is_about(&self, fact: &Fact, id: Id) -> bool {
        fact.group == 0 || self.groups.get(&fact.group).is_some_and(|ids| ids.contains(&id))
    }

    pub(super) fn pair(&mut self, group: usize, id: Id) {
        let ids = self.groups.entry(group).or_default();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }

    pub(super) fn mentioned(&self) -> impl Iterator<Item = Id> {
        self.groups.values().flatten().copied()
    }

    /// Adds a finding about an operation; it is shown at `span` of the page and `at` of the document.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        key: String,
        span: Span,
        (id, at, label): (Id, Span, &str),
        (message, help): (String, &str),
    ) -> &mut Finding {
        self.findings.push(Finding {
            rule,
            key,
            operation: Some(self.specs[id.0].operations[id.1].called()),
            message,
            help: help.to_owned(),
            page: Some((self.index, span)),
            also: None,
            document: Some((id.0, at, label.to_owned())),
        });
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }
}

//! What the rules look at: every object of the document with its kind and its surroundings.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;

use letterhead_document::{Document, Key, METHODS, Node, Span};

use crate::options::{DryRun, Options};
use crate::shape::Kind;

/// A document, taken apart.
pub(crate) struct Model<'d> {
    pub(crate) document: &'d Document,
    /// Every object whose shape is known, in document order, outer ones first.
    pub(crate) objects: Vec<Object<'d>>,
    /// Every `$ref`, in document order.
    pub(crate) references: Vec<Reference<'d>>,
    pub(crate) operations: Vec<Operation<'d>>,
    /// Every component, by its section and its name.
    pub(crate) components: HashMap<(&'d str, &'d str), &'d Node>,
    /// Component schemas that are reachable from a request, and from a response.
    pub(crate) sent: HashSet<&'d str>,
    pub(crate) received: HashSet<&'d str>,
    /// Whether the document is one of letterhead's own.
    pub(crate) is_own: bool,
    /// When the generator is tried.
    pub(crate) dry_run: DryRun,
}

/// An object of a known kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object<'d> {
    pub(crate) kind: Kind,
    pub(crate) node: &'d Node,
    /// The key it stands under; none for an item of a list and for the document.
    pub(crate) key: Option<&'d Key>,
    /// The object that it stands in, one of [`Model::objects`].
    pub(crate) parent: Option<Index>,
    /// The operation that it stands in, one of [`Model::operations`].
    pub(crate) operation: Option<Index>,
    /// Whether it stands in a request, in a response, or in neither.
    pub(crate) side: Side,
}

/// The index of something in a list, which takes four bytes even where there may be none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Index(NonZeroU32);

impl Index {
    /// The index of the last one.
    pub(crate) fn of_last<T>(list: &[T]) -> Option<Self> {
        NonZeroU32::new(u32::try_from(list.len()).ok()?).map(Self)
    }

    pub(crate) fn get(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// The direction that a value travels in, where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Request,
    Response,
    Neither,
}

/// A `$ref`: the object that holds it, its text, and the kind it has to lead to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference<'d> {
    pub(crate) expected: Kind,
    /// The object with the `$ref`.
    pub(crate) holder: &'d Node,
    /// The text after `$ref:`.
    pub(crate) target: &'d Node,
    pub(crate) component: Option<(&'d str, &'d str)>,
    pub(crate) side: Side,
}

/// An operation with what belongs to it.
#[derive(Clone, Debug)]
pub(crate) struct Operation<'d> {
    pub(crate) path: &'d Key,
    pub(crate) item: &'d Node,
    pub(crate) method: &'d Key,
    pub(crate) node: &'d Node,
    /// Its parameters, resolved: the path item's first, then its own. With each the node as written,
    /// which may be a reference.
    pub(crate) parameters: Vec<(&'d Node, &'d Node)>,
}

impl Operation<'_> {
    /// What it is called in messages.
    pub(crate) fn name(&self) -> String {
        match self.node.get("operationId").and_then(Node::as_str) {
            Some(id) => id.to_owned(),
            None => format!("{} {}", self.method.text.to_uppercase(), self.path.text),
        }
    }
}

impl<'d> Model<'d> {
    /// Nothing of `document` yet but its components; the walk adds the rest.
    pub(crate) fn new(document: &'d Document, options: Options) -> Self {
        Self {
            document,
            objects: Vec::new(),
            references: Vec::new(),
            operations: Vec::new(),
            components: components(document.root()),
            sent: HashSet::new(),
            received: HashSet::new(),
            is_own: options.is_own,
            dry_run: options.dry_run,
        }
    }

    /// Adds what follows from all that was walked.
    pub(crate) fn complete(mut self) -> Self {
        for index in 0..self.operations.len() {
            self.operations[index].parameters = self.parameters_of(&self.operations[index]);
        }
        self.sent = self.reachable(Side::Request);
        self.received = self.reachable(Side::Response);
        self
    }

    /// Every object of a kind.
    pub(crate) fn all(&self, kind: Kind) -> impl Iterator<Item = &Object<'d>> {
        self.objects
            .iter()
            .filter(move |object| object.kind == kind)
    }

    /// The object that an object stands in.
    pub(crate) fn parent(&self, object: &Object<'d>) -> Option<&Object<'d>> {
        object.parent.map(|index| &self.objects[index.get()])
    }

    /// The operation that an object stands in.
    pub(crate) fn operation(&self, object: &Object<'d>) -> Option<&Operation<'d>> {
        object.operation.map(|index| &self.operations[index.get()])
    }

    /// The section and the name of the component that an object is or stands in.
    pub(crate) fn component(&self, object: &Object<'d>) -> Option<(&'static str, &'d str)> {
        let mut object = object;
        loop {
            let parent = self.parent(object)?;
            if parent.kind == Kind::Components {
                return Some((object.kind.section()?, object.key?.text.as_str()));
            }
            object = parent;
        }
    }

    /// What a local reference leads to, one step.
    pub(crate) fn target(&self, reference: &str) -> Option<&'d Node> {
        // Nearly all lead to a component, and there can be thousands of those in one mapping.
        if let Some(node) = component(reference).and_then(|name| self.components.get(&name)) {
            return Some(node);
        }
        let pointer = reference.strip_prefix('#')?;
        self.document.root().follow(pointer).ok()
    }

    /// The node itself, or what it refers to through any number of references.
    pub(crate) fn resolve(&self, node: &'d Node) -> Option<&'d Node> {
        let mut node = node;
        for _ in 0..32 {
            match node.get("$ref").and_then(Node::as_str) {
                Some(reference) => node = self.target(reference)?,
                None => return Some(node),
            }
        }
        None
    }

    /// Whether a value of the component schema `name` may come from a vendor.
    pub(crate) fn is_received(&self, name: &str) -> bool {
        self.received.contains(name)
    }

    /// Whether a schema object may describe what a vendor sends.
    pub(crate) fn may_be_received(&self, object: &Object<'d>) -> bool {
        match self.component(object) {
            Some(("schemas", name)) => self.is_received(name),
            _ => object.side == Side::Response,
        }
    }

    /// Whether a schema object may describe what a caller sends.
    pub(crate) fn may_be_sent(&self, object: &Object<'d>) -> bool {
        match self.component(object) {
            Some(("schemas", name)) => self.sent.contains(name),
            _ => object.side == Side::Request,
        }
    }

    fn parameters_of(&self, operation: &Operation<'d>) -> Vec<(&'d Node, &'d Node)> {
        let lists = [
            operation.item.get("parameters"),
            operation.node.get("parameters"),
        ];
        let written = lists.into_iter().flatten().flat_map(Node::items);
        written
            .filter_map(|node| Some((node, self.resolve(node)?)))
            .collect()
    }

    /// The component schemas that requests or responses lead to, through any number of references.
    fn reachable(&self, side: Side) -> HashSet<&'d str> {
        let mut next: HashMap<(&str, &str), Vec<&'d str>> = HashMap::new();
        let mut open: Vec<(&'d str, &'d str)> = Vec::new();
        for reference in &self.references {
            let Some((section, name)) = reference.target.as_str().and_then(component) else {
                continue;
            };
            let starts = match reference.component {
                // A component is on a side once something on that side refers to it.
                Some(from) => {
                    next.entry(from)
                        .or_default()
                        .push(reference.target.as_str().unwrap_or_default());
                    matches!(from.0, "responses" | "headers") && side == Side::Response
                        || matches!(from.0, "requestBodies" | "parameters") && side == Side::Request
                }
                None => reference.side == side,
            };
            if starts {
                open.push((section, name));
            }
        }
        let mut seen: HashSet<(&'d str, &'d str)> = HashSet::new();
        while let Some(found) = open.pop() {
            if seen.insert(found) {
                let further = next.get(&found).into_iter().flatten();
                open.extend(further.filter_map(|reference| component(reference)));
            }
        }
        seen.into_iter()
            .filter_map(|(section, name)| (section == "schemas").then_some(name))
            .collect()
    }
}

/// Whether one place lies in another.
pub(crate) fn within(inner: Span, outer: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

fn components(root: &Node) -> HashMap<(&str, &str), &Node> {
    let sections = root.get("components").into_iter().flat_map(Node::members);
    sections
        .flat_map(|(section, members)| {
            members
                .members()
                .map(|(name, node)| ((section.text.as_str(), name.text.as_str()), node))
        })
        .collect()
}

/// The section and the name of the component that a reference leads to.
pub(crate) fn component(reference: &str) -> Option<(&str, &str)> {
    reference.strip_prefix("#/components/")?.split_once('/')
}

/// Whether a key of a path item is a method.
pub(crate) fn is_method(key: &str) -> bool {
    METHODS.contains(&key)
}

//! What the rules look at: every object of the document with its kind and its surroundings.

use std::iter::successors;
use std::num::NonZeroU32;

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};
use letterhead_document::{Document, Key, Node, Span};
pub(crate) use letterhead_document::{Operation, component, is_method};

use crate::options::{DryRun, Options};
use crate::rule::Purpose;
use crate::shape::Kind;

/// A document, taken apart.
pub(crate) struct Model<'d> {
    pub(crate) document: &'d Document,
    /// Every object whose shape is known, in document order, outer ones first.
    pub(crate) objects: Vec<Object<'d>>,
    /// Every `$ref`, in document order.
    pub(crate) references: Vec<Reference<'d>>,
    pub(crate) operations: Vec<Operation<'d>>,
    /// The objects that are operations, in order, and which one of [`Model::operations`] each is.
    pub(crate) operation_objects: Vec<(Index, usize)>,
    /// The section and the name of every component.
    pub(crate) components: Vec<Component<'d>>,
    /// Component schemas that are reachable from a request, and from a response.
    pub(crate) sent: HashSet<&'d str>,
    pub(crate) received: HashSet<&'d str>,
    /// Whether something that the document refers to could not be read.
    pub(crate) is_incomplete: bool,
    /// What the document is for.
    pub(crate) purpose: Purpose,
    /// When the generator is tried.
    #[cfg_attr(not(feature = "generator"), expect(dead_code, reason = "there is none"))]
    pub(crate) dry_run: DryRun,
    /// The extensions that are known.
    pub(crate) extensions: Option<Vec<String>>,
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
    /// Whether it stands in a request, in a response, or in neither.
    pub(crate) side: Side,
}

/// The index of something in a list, which takes four bytes even where there may be none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Index(NonZeroU32);

impl Index {
    /// The index of the last of so many.
    pub(crate) fn of_last(count: usize) -> Option<Self> {
        NonZeroU32::new(u32::try_from(count).ok()?).map(Self)
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

/// The section and the name of a component.
pub(crate) type Component<'d> = (&'d str, &'d str);

/// A `$ref`: the object that holds it, its text, and the kind it has to lead to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference<'d> {
    pub(crate) expected: Kind,
    /// The object with the `$ref`.
    pub(crate) holder: &'d Node,
    /// The text after `$ref:`.
    pub(crate) target: &'d Node,
    /// The component that it stands in, one of [`Model::components`].
    pub(crate) component: Option<Index>,
    pub(crate) side: Side,
}

impl<'d> Model<'d> {
    /// Nothing of `document` yet but its components; the walk adds the rest.
    pub(crate) fn new(document: &'d Document, options: &Options) -> Self {
        Self {
            document,
            objects: Vec::new(),
            references: Vec::new(),
            operations: document.operations().collect(),
            operation_objects: Vec::new(),
            components: Vec::new(),
            sent: HashSet::new(),
            received: HashSet::new(),
            is_incomplete: false,
            purpose: options.purpose,
            dry_run: options.dry_run,
            extensions: options.extensions.clone(),
        }
    }

    /// Adds what follows from all that was walked.
    pub(crate) fn complete(mut self) -> Self {
        self.objects.shrink_to_fit();
        self.references.shrink_to_fit();
        let referred = self.references.iter().filter_map(|reference| {
            let found = self.document.component_of(reference.target.as_str()?)?;
            Some((reference, found))
        });
        let referred: Vec<_> = referred.collect();
        let sent = reachable(Side::Request, &referred, &self.components);
        let received = reachable(Side::Response, &referred, &self.components);
        (self.sent, self.received) = (sent, received);
        self
    }

    /// Whether the document is one of letterhead's own.
    pub(crate) fn is_own(&self) -> bool {
        self.purpose == Purpose::Letterhead
    }

    /// Every object of a kind.
    pub(crate) fn all(&self, kind: Kind) -> impl Iterator<Item = &Object<'d>> {
        self.objects.iter().filter(move |object| object.kind == kind)
    }

    /// The object that an object stands in.
    pub(crate) fn parent(&self, object: &Object<'d>) -> Option<&Object<'d>> {
        object.parent.map(|index| &self.objects[index.get()])
    }

    /// The operation that an object stands in.
    pub(crate) fn operation(&self, object: &Object<'d>) -> Option<&Operation<'d>> {
        let parents = successors(object.parent, |index| self.objects[index.get()].parent);
        let mut operations = parents.filter_map(|index| {
            let known = &self.operation_objects;
            let at = known.binary_search_by_key(&index, |(object, _)| *object).ok()?;
            self.operations.get(known[at].1)
        });
        operations.next()
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
        self.document.target(reference)
    }

    /// The node itself, or what it refers to through any number of references.
    pub(crate) fn resolve(&self, node: &'d Node) -> Option<&'d Node> {
        self.document.resolve(node)
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
}

/// The component schemas that requests or responses lead to, by way of any number of references.
fn reachable<'d>(
    side: Side,
    referred: &[(&Reference<'d>, Component<'d>)],
    components: &[Component<'d>],
) -> HashSet<&'d str> {
    let mut next: HashMap<Component<'d>, Vec<Component<'d>>> = HashMap::new();
    let mut open: Vec<Component<'d>> = Vec::new();
    for (reference, found) in referred {
        let starts = match reference.component.map(|index| components[index.get()]) {
            // A component is on a side once something on that side refers to it.
            Some(from) => {
                next.entry(from).or_default().push(*found);
                matches!(from.0, "responses" | "headers") && side == Side::Response
                    || matches!(from.0, "requestBodies" | "parameters") && side == Side::Request
            }
            None => reference.side == side,
        };
        if starts {
            open.push(*found);
        }
    }
    let mut seen: HashSet<Component<'d>> = HashSet::new();
    while let Some(found) = open.pop() {
        if seen.insert(found) {
            open.extend(next.get(&found).into_iter().flatten());
        }
    }
    seen.into_iter().filter_map(|(section, name)| (section == "schemas").then_some(name)).collect()
}

/// Whether one place lies in another.
pub(crate) fn within(inner: Span, outer: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

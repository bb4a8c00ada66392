//! Walks the document by its shape: adds what has the right one to the model, and records what has another
//! one.

use foldhash::HashMap;
use letterhead_document::{Document, Key, Kind as Value, Node};

use crate::model::{Index, Model, Object, Reference, Side, component};
use crate::oddity::Oddity;
use crate::options::Options;
use crate::parts::Parts;
use crate::shape::{Kind, Shape};

/// Takes a document apart.
pub(crate) fn walk<'d>(
    document: &'d Document,
    parts: &Parts,
    options: &Options,
) -> (Model<'d>, Vec<Oddity<'d>>) {
    let mut model = Model::new(document, options);
    model.is_incomplete = parts.is_incomplete;
    let operations = model.operations.iter().enumerate();
    let operations = operations.map(|(at, it)| (std::ptr::from_ref(it.node), at)).collect();
    let mut walker = Walker { model, oddities: Vec::new(), operations };
    let root = document.root();
    walker.object(Kind::Document, root, None, Surroundings::default());
    (walker.model.complete(), walker.oddities)
}

/// What is known about the place that a value stands in.
#[derive(Clone, Copy)]
struct Surroundings {
    parent: Option<Index>,
    component: Option<Index>,
    side: Side,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self { parent: None, component: None, side: Side::Neither }
    }
}

struct Walker<'d> {
    model: Model<'d>,
    oddities: Vec<Oddity<'d>>,
    /// The operations, and which ones they are.
    operations: HashMap<*const Node, usize>,
}

impl<'d> Walker<'d> {
    fn value(&mut self, shape: Shape, node: &'d Node, key: Option<&'d Key>, around: Surroundings) {
        match shape {
            Shape::Any => {}
            Shape::Text | Shape::Bool | Shape::Integer | Shape::Number => {
                if !fits(shape, node) {
                    self.odd_type(shape, node, key);
                }
            }
            Shape::List(items) => match &node.kind {
                Value::Array(list) => {
                    for item in list {
                        self.value(*items, item, None, around);
                    }
                }
                _ => self.odd_type(shape, node, key),
            },
            Shape::Map(values) => match &node.kind {
                Value::Object(members) => {
                    for (name, value) in members {
                        let around = self.named(around, key, name);
                        self.value(*values, value, Some(name), around);
                    }
                }
                _ => self.odd_type(shape, node, key),
            },
            Shape::Object(kind) => self.object(kind, node, key, around),
            Shape::OrReference(kind) => match node.get("$ref") {
                Some(target) => self.reference(kind, node, target, around),
                None => match misspelt_reference(node) {
                    Some(key) => self.oddities.push(Oddity::MisspeltReference(key)),
                    None => self.object(kind, node, key, around),
                },
            },
            Shape::BoolOrSchema => {
                if !matches!(node.kind, Value::Bool(_)) {
                    self.value(Shape::OrReference(Kind::Schema), node, key, around);
                }
            }
        }
    }

    /// A member of a section of `components` is that component.
    fn named(
        &mut self,
        around: Surroundings,
        section: Option<&'d Key>,
        name: &'d Key,
    ) -> Surroundings {
        let parent = around.parent.map(|index| self.model.objects[index.get()].kind);
        match section {
            Some(section) if parent == Some(Kind::Components) => {
                self.model.components.push((&section.text, &name.text));
                Surroundings { component: Index::of_last(self.model.components.len()), ..around }
            }
            _ => around,
        }
    }

    fn reference(
        &mut self,
        expected: Kind,
        holder: &'d Node,
        target: &'d Node,
        around: Surroundings,
    ) {
        if target.as_str().is_none() {
            let (key, _) = holder.entry("$ref").unzip();
            return self.odd_type(Shape::Text, target, key);
        }
        let side = side_of(expected, around.side);
        self.model.references.push(Reference {
            expected,
            holder,
            target,
            component: around.component,
            side,
        });
    }

    fn object(&mut self, kind: Kind, node: &'d Node, key: Option<&'d Key>, around: Surroundings) {
        let shape = kind.object();
        let Value::Object(members) = &node.kind else {
            return self.odd_type(Shape::Object(kind), node, key);
        };
        let around = Surroundings { side: side_of(kind, around.side), ..around };
        self.model.objects.push(Object {
            kind,
            node,
            key,
            parent: around.parent,
            side: around.side,
        });
        let index = Index::of_last(self.model.objects.len());
        if kind == Kind::Operation {
            let operation = self.operations.get(&std::ptr::from_ref(node));
            self.model.operation_objects.extend(index.zip(operation.copied()));
        }
        let inner = Surroundings { parent: index, ..around };
        let mut unknown: Vec<&'d Key> = Vec::new();
        for (name, value) in members {
            let known = shape.members.iter().find(|member| name.text == member.name);
            match (known, shape.free) {
                _ if name.text.starts_with("x-") => {}
                (Some(member), _) => {
                    self.value(member.shape, value, Some(name), inner);
                }
                (None, Some(shape)) => self.value(shape, value, Some(name), inner),
                (None, None) => unknown.push(name),
            }
        }
        let required = shape.members.iter().filter(|member| member.required);
        let missing = required.map(|member| member.name).filter(|name| node.get(name).is_none());
        let missing: Vec<&'static str> = missing.collect();
        if !unknown.is_empty() || !missing.is_empty() {
            self.oddities.push(Oddity::Members { kind, node, key, unknown, missing });
        }
    }

    fn odd_type(&mut self, shape: Shape, node: &'d Node, key: Option<&'d Key>) {
        self.oddities.push(Oddity::Type { shape, node, key });
    }
}

/// Whether a scalar has the type of its shape.
fn fits(shape: Shape, node: &Node) -> bool {
    match (&node.kind, shape) {
        (Value::Number(number), Shape::Integer) => number.is_u64() || number.is_i64(),
        (Value::String(_), Shape::Text)
        | (Value::Bool(_), Shape::Bool)
        | (Value::Number(_), Shape::Number) => true,
        _ => false,
    }
}

/// The key of an object that is a reference but for the spelling of `$ref`.
fn misspelt_reference(node: &Node) -> Option<&Key> {
    let mut members = node.members();
    let (Some((key, target)), None) = (members.next(), members.next()) else {
        return None;
    };
    let lower = key.text.to_lowercase();
    let is_near = lower.trim_start_matches(['$', '_']).starts_with("ref");
    let is_reference = target.as_str().is_some_and(|text| text.starts_with('#'));
    (is_near && is_reference).then_some(key)
}

/// The side of an object: a request body and a parameter are sent, a response is received.
fn side_of(kind: Kind, around: Side) -> Side {
    match kind {
        Kind::RequestBody | Kind::Parameter => Side::Request,
        Kind::Response => Side::Response,
        _ => around,
    }
}

/// Whether a reference leads to a component of `kind`, or to something whose kind isn't known.
pub(crate) fn leads_to(reference: &str, kind: Kind) -> bool {
    match component(reference) {
        Some((section, name)) if !name.contains('/') => kind.section() == Some(section),
        _ => true,
    }
}

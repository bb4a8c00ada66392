//! Walks the document by its shape: finds what has the wrong one, and names what has the right one.

use letterhead_document::{Key, Kind as Value, Node};

use crate::checks::structure;
use crate::diagnostic::{Findings, did_you_mean};
use crate::model::{Index, Model, Object, Reference, Side, component};
use crate::shape::{Kind, Shape};

pub(crate) fn walk(model: &mut Model<'_>, findings: &mut Findings) {
    let root = model.document.root();
    let mut walker = Walker {
        model,
        findings,
        operations: 0,
    };
    walker.object(Kind::Document, root, None, Surroundings::default());
}

/// What is known about the place that a value stands in.
#[derive(Clone, Copy)]
struct Surroundings<'d> {
    parent: Option<Index>,
    operation: Option<Index>,
    component: Option<(&'d str, &'d str)>,
    side: Side,
}

impl Default for Surroundings<'_> {
    fn default() -> Self {
        Self {
            parent: None,
            operation: None,
            component: None,
            side: Side::Neither,
        }
    }
}

struct Walker<'a, 'd> {
    model: &'a mut Model<'d>,
    findings: &'a mut Findings,
    /// How many operations have been met.
    operations: usize,
}

impl<'d> Walker<'_, 'd> {
    fn value(
        &mut self,
        shape: Shape,
        node: &'d Node,
        key: Option<&'d Key>,
        around: Surroundings<'d>,
    ) {
        match shape {
            Shape::Any => {}
            Shape::Text | Shape::Bool | Shape::Integer | Shape::Number => {
                structure::scalar(self.model, self.findings, shape, node, key);
            }
            Shape::List(items) => match &node.kind {
                Value::Array(list) => {
                    for item in list {
                        self.value(*items, item, None, around);
                    }
                }
                _ => structure::wrong_type(self.findings, "a list", node, key),
            },
            Shape::Map(values) => match &node.kind {
                Value::Object(members) => {
                    for (name, value) in members {
                        let around = self.named(around, key, name);
                        self.value(*values, value, Some(name), around);
                    }
                }
                _ => structure::wrong_type(self.findings, "a mapping", node, key),
            },
            Shape::Object(kind) => self.object(kind, node, key, around),
            Shape::OrReference(kind) => match node.get("$ref") {
                Some(target) => self.reference(kind, node, target, around),
                None if structure::misspelt_reference(self.findings, node) => {}
                None => self.object(kind, node, key, around),
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
        &self,
        around: Surroundings<'d>,
        section: Option<&'d Key>,
        name: &'d Key,
    ) -> Surroundings<'d> {
        let parent = around
            .parent
            .map(|index| self.model.objects[index.get()].kind);
        match section {
            Some(section) if parent == Some(Kind::Components) => Surroundings {
                component: Some((&section.text, &name.text)),
                ..around
            },
            _ => around,
        }
    }

    fn reference(
        &mut self,
        expected: Kind,
        holder: &'d Node,
        target: &'d Node,
        around: Surroundings<'d>,
    ) {
        if target.as_str().is_none() {
            let (key, _) = holder.entry("$ref").unzip();
            return structure::scalar(self.model, self.findings, Shape::Text, target, key);
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

    fn object(
        &mut self,
        kind: Kind,
        node: &'d Node,
        key: Option<&'d Key>,
        around: Surroundings<'d>,
    ) {
        let shape = kind.object();
        let Value::Object(members) = &node.kind else {
            return structure::not_an_object(self.findings, shape, node, key);
        };
        let around = Surroundings {
            side: side_of(kind, around.side),
            ..around
        };
        self.model.objects.push(Object {
            kind,
            node,
            key,
            parent: around.parent,
            operation: around.operation,
            side: around.side,
        });
        let index = Index::of_last(self.model.objects.len());
        let inner = Surroundings {
            parent: index,
            ..around
        };
        let mut unknown: Vec<&'d Key> = Vec::new();
        for (name, value) in members {
            let known = shape.members.iter().find(|member| name.text == member.name);
            match (known, shape.free) {
                _ if name.text.starts_with("x-") => {}
                (Some(member), _) => {
                    let around = self.at_operation(value, inner);
                    self.value(member.shape, value, Some(name), around);
                }
                (None, Some(shape)) => self.value(shape, value, Some(name), inner),
                (None, None) => unknown.push(name),
            }
        }
        for key in &unknown {
            structure::unknown_key(self.findings, kind, node, key);
        }
        for member in shape.members.iter().filter(|member| member.required) {
            // A typo of the member says it already.
            let misspelt = |key: &&Key| did_you_mean(&key.text, [member.name]).is_some();
            if node.get(member.name).is_none() && !unknown.iter().any(misspelt) {
                structure::missing_member(self.findings, shape, member.name, node, key);
            }
        }
    }

    /// Notes where an operation starts; they are met in their order.
    fn at_operation(&mut self, node: &Node, around: Surroundings<'d>) -> Surroundings<'d> {
        match self.model.operations.get(self.operations) {
            Some(next) if std::ptr::eq(next.node, node) => {
                self.operations += 1;
                Surroundings {
                    operation: Index::of_last(self.operations),
                    ..around
                }
            }
            _ => around,
        }
    }
}

/// What is in a request body or a parameter is sent; what is in a response comes back.
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

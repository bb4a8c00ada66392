//! Every value of a document that a schema is there for.

use std::collections::HashMap;

use letterhead_document::{Key, Node, Span};

use crate::model::{Model, Object, Side};
use crate::shape::Kind;

/// A value with what is needed to speak about it.
#[derive(Clone, Copy)]
pub(super) struct Specimen<'d> {
    pub(super) value: &'d Node,
    /// The key that it stands under.
    pub(super) key: &'d Key,
    pub(super) role: Role,
    pub(super) side: Side,
    /// Where a component is used as this example.
    pub(super) used: Option<Span>,
    /// Whether its media type is JSON, or something that it may be written out in.
    pub(super) may_be_text: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Example,
    Default,
}

/// The values, by schema, in document order.
pub(super) struct Collection<'d> {
    pub(super) groups: Vec<(&'d Node, Vec<Specimen<'d>>)>,
    by_schema: HashMap<*const Node, usize>,
}

pub(super) fn collect<'d>(model: &Model<'d>) -> Collection<'d> {
    let mut found = Collection {
        groups: Vec::new(),
        by_schema: HashMap::new(),
    };
    for object in &model.objects {
        match object.kind {
            Kind::Schema => {
                found.add_member(object, object.node, "example", Role::Example);
                found.add_member(object, object.node, "default", Role::Default);
            }
            Kind::MediaType | Kind::Parameter | Kind::Header => {
                if let Some(schema) = object.node.get("schema") {
                    found.add_member(object, schema, "example", Role::Example);
                    found.add_named(model, object, schema);
                }
            }
            _ => {}
        }
    }
    found
}

impl<'d> Collection<'d> {
    fn add_member(&mut self, object: &Object<'d>, schema: &'d Node, member: &str, role: Role) {
        if let Some((key, value)) = object.node.entry(member) {
            let specimen = specimen(object, key, value, role);
            self.add(schema, specimen);
        }
    }

    fn add_named(&mut self, model: &Model<'d>, object: &Object<'d>, schema: &'d Node) {
        let named = object.node.get("examples");
        for (_, example) in named.into_iter().flat_map(Node::members) {
            let used = example.get("$ref").map(|to| to.span);
            let value = model
                .resolve(example)
                .and_then(|example| example.entry("value"));
            if let Some((key, value)) = value {
                let specimen = specimen(object, key, value, Role::Example);
                self.add(schema, Specimen { used, ..specimen });
            }
        }
    }

    fn add(&mut self, schema: &'d Node, specimen: Specimen<'d>) {
        let groups = &mut self.groups;
        let index = *self
            .by_schema
            .entry(std::ptr::from_ref(schema))
            .or_insert_with(|| {
                groups.push((schema, Vec::new()));
                groups.len() - 1
            });
        self.groups[index].1.push(specimen);
    }
}

fn specimen<'d>(object: &Object<'d>, key: &'d Key, value: &'d Node, role: Role) -> Specimen<'d> {
    let media_type = object.key.filter(|_| object.kind == Kind::MediaType);
    Specimen {
        value,
        key,
        role,
        side: object.side,
        used: None,
        may_be_text: media_type.is_some_and(|name| !is_json(&name.text)),
    }
}

fn is_json(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim();
    name.eq_ignore_ascii_case("application/json") || name.to_ascii_lowercase().ends_with("+json")
}

//! Every value of a document that a schema is there for.

use letterhead_document::{Key, Node, Span};

use crate::model::{Model, Object, Side};
use crate::shape::Kind;

/// A value with what its messages need.
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

/// The values, each with its schema. Those of one schema follow each other, in document order.
pub(super) fn collect<'d>(model: &Model<'d>) -> Vec<(&'d Node, Specimen<'d>)> {
    let mut found = Vec::new();
    for object in &model.objects {
        match object.kind {
            Kind::Schema => {
                found.extend(member(object, object.node, "example", Role::Example));
                found.extend(member(object, object.node, "default", Role::Default));
            }
            Kind::MediaType | Kind::Parameter | Kind::Header => {
                if let Some(schema) = object.node.get("schema") {
                    found.extend(member(object, schema, "example", Role::Example));
                    found.extend(named(model, object, schema));
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(|(schema, _)| schema.span.start);
    found
}

fn member<'d>(
    object: &Object<'d>,
    schema: &'d Node,
    name: &str,
    role: Role,
) -> Option<(&'d Node, Specimen<'d>)> {
    let (key, value) = object.node.entry(name)?;
    Some((schema, specimen(object, key, value, role)))
}

fn named<'d>(
    model: &Model<'d>,
    object: &Object<'d>,
    schema: &'d Node,
) -> impl Iterator<Item = (&'d Node, Specimen<'d>)> {
    let named = object.node.get("examples").into_iter();
    named.flat_map(Node::members).filter_map(move |(_, example)| {
        let (key, value) = model.resolve(example)?.entry("value")?;
        let used = example.get("$ref").map(|to| to.span);
        let specimen = specimen(object, key, value, Role::Example);
        Some((schema, Specimen { used, ..specimen }))
    })
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

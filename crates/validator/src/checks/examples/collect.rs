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
    /// One of the values of an `enum`.
    Listed,
}

/// The values, each with its schema. Those of one schema follow each other, in document order.
pub(super) fn collect<'d>(model: &Model<'d>) -> Vec<(&'d Node, Specimen<'d>)> {
    let mut found = Vec::new();
    for object in &model.objects {
        let schema = match object.kind {
            Kind::Schema => Some(object.node),
            Kind::MediaType | Kind::Parameter | Kind::Header => object.node.get("schema"),
            _ => None,
        };
        if let Some(schema) = schema {
            found.extend(of(model, object).map(|specimen| (schema, specimen)));
        }
    }
    found.shrink_to_fit();
    found.sort_by_key(|(schema, _)| schema.span.start);
    found
}

/// The values of every `enum`, each with the schema that lists it.
pub(super) fn listed<'d>(model: &Model<'d>) -> Vec<(&'d Node, Specimen<'d>)> {
    let lists =
        model.all(Kind::Schema).filter_map(|object| Some((object, object.node.entry("enum")?)));
    let values = lists.flat_map(|(object, (key, list))| {
        let of_list = move |value| specimen(model, object, key, value, Role::Listed);
        list.items().iter().map(move |value| (object.node, of_list(value)))
    });
    values.collect()
}

/// The values that nothing describes.
pub(super) fn free<'d>(model: &Model<'d>) -> impl Iterator<Item = Specimen<'d>> {
    let free = model.all(Kind::MediaType).filter(|object| object.node.get("schema").is_none());
    free.flat_map(|object| of(model, object))
}

/// The values that an object has: a schema has a default, too, and other objects have examples with names.
fn of<'d>(model: &Model<'d>, object: &Object<'d>) -> impl Iterator<Item = Specimen<'d>> {
    let (node, is_schema) = (object.node, object.kind == Kind::Schema);
    let example = node.entry("example").map(|entry| (entry, Role::Example, None));
    let default = node.entry("default").filter(|_| is_schema);
    let default = default.map(|entry| (entry, Role::Default, None));
    let named = node.get("examples").filter(|_| !is_schema).into_iter().flat_map(Node::members);
    let named = named.filter_map(|(_, example)| {
        let used = example.get("$ref").map(|to| to.span);
        Some((model.resolve(example)?.entry("value")?, Role::Example, used))
    });
    let all = example.into_iter().chain(default).chain(named);
    all.map(|((key, value), role, used)| Specimen {
        used,
        ..specimen(model, object, key, value, role)
    })
}

fn specimen<'d>(
    model: &Model<'d>,
    object: &Object<'d>,
    key: &'d Key,
    value: &'d Node,
    role: Role,
) -> Specimen<'d> {
    let media_type = object.key.filter(|_| object.kind == Kind::MediaType);
    Specimen {
        value,
        key,
        role,
        side: side(model, object),
        used: None,
        may_be_text: media_type.is_some_and(|name| !is_json(&name.text)),
    }
}

/// The side of an example: a component is on that of the only messages that lead to it.
fn side(model: &Model<'_>, object: &Object<'_>) -> Side {
    if object.side != Side::Neither || object.kind != Kind::Schema {
        return object.side;
    }
    match (model.may_be_sent(object), model.may_be_received(object)) {
        (true, false) => Side::Request,
        (false, true) => Side::Response,
        _ => Side::Neither,
    }
}

fn is_json(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim();
    name.eq_ignore_ascii_case("application/json") || name.to_ascii_lowercase().ends_with("+json")
}

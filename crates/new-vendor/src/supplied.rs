//! Headers that aren't the caller's: the layer supplies them, or OpenAPI ignores them.

use letterhead_document::{Node, Operation, Parameter};

use crate::node::{flag, list, mapping, text};
use crate::prose::prose;

/// Headers that are no parameters, as OpenAPI says.
pub(crate) const IGNORED: [&str; 3] = ["accept", "authorization", "content-type"];

/// A header that has one value in each request of each operation, so that the layer supplies it.
pub(crate) fn supplied<'d>(operations: &[Operation<'d>]) -> Vec<Parameter<'d>> {
    let Some(first) = operations.first() else { return Vec::new() };
    let is_constant = |parameter: &Parameter<'_>| {
        let is_listed = IGNORED.iter().any(|name| parameter.name().eq_ignore_ascii_case(name));
        parameter.place() == "header"
            && parameter.is_required()
            && !is_listed
            && only_value(parameter).is_some()
    };
    let mut constant: Vec<_> = first.parameters().into_iter().filter(is_constant).collect();
    constant.retain(|parameter| {
        operations.iter().all(|operation| {
            let mut own = operation.parameters().into_iter();
            own.any(|it| is_same(&it, parameter) && only_value(&it) == only_value(parameter))
        })
    });
    constant
}

/// The value that a required header has wherever it is sent.
pub(crate) fn only_value<'d>(parameter: &Parameter<'d>) -> Option<&'d str> {
    let schema = parameter.node.get("schema")?;
    match schema.list("enum") {
        [one] => one.as_str(),
        _ if parameter.is_required() => schema.text("default"),
        _ => None,
    }
}

fn is_same(one: &Parameter<'_>, other: &Parameter<'_>) -> bool {
    one.place() == other.place() && one.name().eq_ignore_ascii_case(other.name())
}

/// Such a header as a component.
pub(crate) fn header(parameter: &Parameter<'_>) -> Node {
    let mut members =
        vec![("name", text(parameter.name())), ("in", text("header")), ("required", flag(false))];
    if let Some(description) = parameter.node.text("description") {
        members.push(("description", text(&prose(description))));
    }
    members.push(("x-supplied-by", text("layer")));
    let value = only_value(parameter).unwrap_or_default();
    members.push(("schema", mapping([("type", text("string")), ("enum", list([text(value)]))])));
    members.push(("example", text(value)));
    mapping(members)
}

/// What it is called among the components.
pub(crate) fn component(parameter: &Parameter<'_>) -> String {
    format!("{}Header", heck::AsPascalCase(parameter.name()))
}

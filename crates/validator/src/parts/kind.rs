//! What stands in a file, where it isn't what a reference has to lead to.

use letterhead_document::{Kind as Value, Node};

use crate::checks::structure::{an, kind_of};
use crate::shape::Kind;

/// The kinds that have files of their own, the narrower ones first.
const KINDS: [Kind; 12] = [
    Kind::Parameter,
    Kind::SecurityScheme,
    Kind::Operation,
    Kind::PathItem,
    Kind::Response,
    Kind::RequestBody,
    Kind::MediaType,
    Kind::Header,
    Kind::Link,
    Kind::Example,
    Kind::Schema,
    Kind::Components,
];

/// What a value is, with its article, if it is clearly no object of the expected kind.
pub(super) fn other_than(expected: Kind, node: &Node) -> Option<String> {
    match node.kind {
        Value::Object(_) => {}
        Value::Null => return Some("empty".to_owned()),
        _ => return Some(kind_of(node).to_owned()),
    }
    let names =
        || node.members().map(|(key, _)| key.text.as_str()).filter(|it| !it.starts_with("x-"));
    let has = |name: &str| names().any(|known| known == name);
    let knows = |kind: Kind, name: &str| kind.object().members.iter().any(|it| it.name == name);
    if kind_is_open(expected) || names().all(|name| knows(expected, name)) || has("$ref") {
        return None;
    }
    if has("openapi") || has("swagger") {
        return Some("a whole document".to_owned());
    }
    let fits = |kind: &Kind| {
        let mut required = kind.object().members.iter().filter(|it| it.required);
        names().all(|name| knows(*kind, name)) && required.all(|it| has(it.name))
    };
    if let Some(kind) = KINDS.into_iter().find(fits) {
        return Some(an(kind.object().name));
    }
    let is_mapping = |node: &Node| matches!(node.kind, Value::Object(_));
    let is_several = !names().any(|name| knows(expected, name))
        && node.members().all(|(_, value)| is_mapping(value));
    is_several.then(|| "a mapping of several".to_owned())
}

/// Whether its members have names of the author's choice.
fn kind_is_open(kind: Kind) -> bool {
    kind.object().free.is_some()
}

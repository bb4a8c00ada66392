//! What stands in a file, where it isn't what a reference has to lead to.

use letterhead_document::{Kind as Value, Node};

use crate::checks::schemas::TYPES;
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
        // A security scheme has a type as well, and another one.
        let is_typed = node.text("type").is_some_and(|name| TYPES.contains(&name));
        names().all(|name| knows(*kind, name))
            && required.all(|it| has(it.name))
            && !(*kind == Kind::SecurityScheme && is_typed)
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

#[cfg(test)]
mod tests {
    use letterhead_document::Document;

    use super::other_than;
    use crate::shape::Kind;

    #[test]
    fn a_file_is_what_its_members_say() {
        for (text, expected) in [
            ("type: object", "a schema"),
            ("type: http\nscheme: bearer", "a security scheme"),
            ("description: Done.\nlinks: {}", "a response"),
            ("name: a\nin: query", ""),
        ] {
            let document = Document::parse("t.yaml", text).unwrap();
            let found = other_than(Kind::Parameter, document.root());
            assert_eq!(found.unwrap_or_default(), expected, "{text}");
        }
    }
}

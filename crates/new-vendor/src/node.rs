//! Values that stand in no text yet.

use letterhead_document::{Key, Kind, Node, Span, Text};

pub(crate) fn text(text: &str) -> Node {
    node(Kind::String(Text::from(text)))
}

pub(crate) fn list(items: impl IntoIterator<Item = Node>) -> Node {
    node(Kind::Array(items.into_iter().collect()))
}

pub(crate) fn mapping<K: AsRef<str>>(members: impl IntoIterator<Item = (K, Node)>) -> Node {
    let members = members.into_iter().map(|(name, value)| {
        let key = Key { span: Span::default(), text: Text::from(name.as_ref()) };
        (key, value)
    });
    node(Kind::Object(members.collect()))
}

pub(crate) fn reference(section: &str, name: &str) -> Node {
    let name = letterhead_document::pointer::escaped(name);
    mapping([("$ref", text(&format!("#/components/{section}/{name}")))])
}

pub(crate) fn flag(value: bool) -> Node {
    node(Kind::Bool(value))
}

fn node(kind: Kind) -> Node {
    Node { span: Span::default(), kind }
}

//! Puts components into a document.

use std::collections::BTreeMap;

use letterhead_document::{Key, Kind as Value, Members, Node, Span};

use crate::shape::Kind;

/// What becomes a component.
pub(super) struct Component {
    pub(super) kind: Kind,
    pub(super) section: &'static str,
    pub(super) key: Key,
    pub(super) node: Node,
    /// The index of its file.
    pub(super) file: usize,
}

/// Adds components to the document.
pub(super) fn add(root: &mut Members, components: Vec<Component>) {
    let mut sections: BTreeMap<&str, Vec<(Key, Node)>> = BTreeMap::new();
    for Component { section, key, node, .. } in components {
        sections.entry(section).or_default().push((key, node));
    }
    for (section, added) in sections {
        let at = added[0].0.span;
        let names = mapping(mapping(root, "components", at), section, at);
        names.extend(added);
    }
}

/// The mapping under a key, which is made where there is none; where something else stands there, it comes
/// first, and a rule reports the other.
fn mapping<'n>(members: &'n mut Members, name: &str, at: Span) -> &'n mut Members {
    let is_it =
        |(key, value): &(Key, Node)| key.text == name && matches!(value.kind, Value::Object(_));
    let index = members.iter().position(is_it).unwrap_or_else(|| {
        let index = members.iter().position(|(key, _)| key.text == name).unwrap_or(members.len());
        let value = Node { span: at, kind: Value::Object(Members::new()) };
        members.insert(index, (Key { span: at, text: name.into() }, value));
        index
    });
    match &mut members[index].1.kind {
        Value::Object(members) => members,
        _ => unreachable!("it is a mapping"),
    }
}

//! The located tree: JSON's shapes, each with the bytes it was written as.

use serde_json::{Map, Number, Value};
use thin_vec::ThinVec;

use crate::pointer::unescaped;
use crate::text::Text;

/// How deep values may be nested.
pub(crate) const DEEPEST: usize = 200;

/// A range of bytes of the document's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

/// A value and where it was written. An alias stands where its anchor does.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value's bytes; of a mapping or a sequence, from its start on.
    pub span: Span,
    /// The value.
    pub kind: Kind,
}

/// The shapes that a value can have.
// A large document has hundreds of thousands: its lists are known by one word each, so that a shape has two.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `null`, also where nothing is written.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    String(Text),
    /// A sequence.
    Array(Items),
    /// A mapping, in the order it was written.
    Object(Members),
}

/// The items of a sequence.
pub type Items = ThinVec<Node>;

/// The members of a mapping.
pub type Members = ThinVec<(Key, Node)>;

/// A mapping's key and where it was written.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key's bytes.
    pub span: Span,
    /// The key.
    pub text: Text,
}

impl Node {
    /// The member `key` of a mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The member `key` of a mapping, with its key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<(&Key, &Node)> {
        self.members().find(|(name, _)| name.text == key)
    }

    /// The members of a mapping, in order; none where the value isn't one.
    pub fn members(&self) -> impl Iterator<Item = (&Key, &Node)> {
        match &self.kind {
            Kind::Object(members) => members.as_slice(),
            _ => &[],
        }
        .iter()
        .map(|(key, value)| (key, value))
    }

    /// The member of a mapping that stands at an index.
    pub(crate) fn member(&self, index: usize) -> Option<(&Key, &Node)> {
        match &self.kind {
            Kind::Object(members) => members.get(index).map(|(key, value)| (key, value)),
            _ => None,
        }
    }

    /// The items of a sequence; none where the value isn't one.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Array(items) => items,
            _ => &[],
        }
    }

    /// Whether something in the value stands under `key`.
    #[must_use]
    pub fn has_key(&self, key: &str) -> bool {
        self.members().any(|(name, value)| name.text == key || value.has_key(key))
            || self.items().iter().any(|item| item.has_key(key))
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text that a member of a mapping has.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// The items of the sequence that a member of a mapping has.
    #[must_use]
    pub fn list(&self, key: &str) -> &[Node] {
        self.get(key).map(Node::items).unwrap_or_default()
    }

    /// The members of the mapping that a member of a mapping has.
    pub fn map(&self, key: &str) -> impl Iterator<Item = (&Key, &Node)> {
        self.get(key).into_iter().flat_map(Node::members)
    }

    /// What a `$ref` refers to.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        self.text("$ref")
    }

    /// Whether the value is the boolean `true`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        matches!(self.kind, Kind::Bool(true))
    }

    /// The value without its places.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(value) => Value::Number(value.clone()),
            Kind::String(value) => Value::String(value.to_string()),
            Kind::Array(items) => items.iter().map(Node::to_json).collect(),
            Kind::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|(key, value)| (key.text.to_string(), value.to_json()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// The node at a JSON pointer below this one, or the last one on the way to it.
    #[must_use]
    pub fn at(&self, pointer: &str) -> &Node {
        self.follow(pointer).unwrap_or_else(|last| last)
    }

    /// The node at a JSON pointer below this one.
    ///
    /// # Errors
    /// The last node on the way, where the pointer leads nowhere.
    pub fn follow(&self, pointer: &str) -> Result<&Node, &Node> {
        pointer.split('/').skip(1).try_fold(self, |node, part| {
            let part = unescaped(part);
            let next = match &node.kind {
                Kind::Array(items) => part.parse().ok().and_then(|index: usize| items.get(index)),
                _ => node.get(&part),
            };
            next.ok_or(node)
        })
    }
}

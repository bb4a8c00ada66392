//! The located tree: JSON's shapes, each with the place it was written at.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::Spanned;

use crate::Fault;

/// A line and a column, both counted from 1; 0 where the place isn't known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u64,
    /// The column, in characters.
    pub column: u64,
}

/// A value and the place it starts at.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where the value starts.
    pub place: Place,
    /// The value.
    pub kind: Kind,
}

/// The shapes that a value can have.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    String(String),
    /// A sequence.
    Array(Vec<Node>),
    /// A mapping, in the order it was written.
    Object(Vec<(Key, Node)>),
}

/// A mapping's key and its place.
#[derive(Clone, Debug)]
pub struct Key {
    /// Where the key starts.
    pub place: Place,
    /// The key.
    pub text: String,
}

pub(crate) fn parse(text: &str) -> Result<Node, Fault> {
    // `strict_booleans`: `no`, `on` and `y` are words, as in YAML 1.2 and in country codes.
    let options = serde_saphyr::options! {
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options::<Spanned<Kind>>(text, options)
        .map(Node::from)
        .map_err(|error| {
            let place = error.location().map(Place::from).unwrap_or_default();
            Fault::new(place, reason(&error))
        })
}

/// The parser's own words without the place, which the fault carries.
fn reason(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    match text.split_once(": ") {
        Some((head, rest)) if head.starts_with("line ") => rest.to_owned(),
        _ => text.to_owned(),
    }
}

impl Node {
    /// The member `key` of a mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.members()
            .find_map(|(name, value)| (name.text == key).then_some(value))
    }

    /// The members of a mapping, in order; none where the value isn't one.
    pub fn members(&self) -> impl Iterator<Item = &(Key, Node)> {
        match &self.kind {
            Kind::Object(members) => members.as_slice(),
            _ => &[],
        }
        .iter()
    }

    /// The items of a sequence; none where the value isn't one.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Array(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value without its places.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(value) => Value::Number(value.clone()),
            Kind::String(value) => Value::String(value.clone()),
            Kind::Array(items) => items.iter().map(Node::to_json).collect(),
            Kind::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|(key, value)| (key.text.clone(), value.to_json()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }
}

impl From<serde_saphyr::Location> for Place {
    fn from(location: serde_saphyr::Location) -> Self {
        Self {
            line: location.line(),
            column: location.column(),
        }
    }
}

impl From<Spanned<Kind>> for Node {
    fn from(spanned: Spanned<Kind>) -> Self {
        Self {
            place: spanned.referenced.into(),
            kind: spanned.value,
        }
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KindVisitor)
    }
}

struct KindVisitor;

impl<'de> Visitor<'de> for KindVisitor {
    type Value = Kind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Kind, E> {
        Ok(Kind::Null)
    }

    fn visit_none<E>(self) -> Result<Kind, E> {
        Ok(Kind::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Kind, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Kind, E> {
        Ok(Kind::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Kind, E> {
        Ok(Kind::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Kind, E> {
        Ok(Kind::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Kind, E> {
        Number::from_f64(value)
            .map(Kind::Number)
            .ok_or_else(|| E::custom("a number that JSON can't hold"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Kind, E> {
        Ok(Kind::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Kind, E> {
        Ok(Kind::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Kind, A::Error> {
        let mut nodes = Vec::new();
        while let Some(item) = items.next_element::<Spanned<Kind>>()? {
            nodes.push(item.into());
        }
        Ok(Kind::Array(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Kind, A::Error> {
        let mut nodes = Vec::new();
        while let Some((key, value)) = members.next_entry::<Spanned<Kind>, Spanned<Kind>>()? {
            let place = Place::from(key.referenced);
            let text = match key.value {
                Kind::String(text) => text,
                // Status codes are written without quotes everywhere.
                Kind::Number(number) => number.to_string(),
                Kind::Bool(value) => value.to_string(),
                Kind::Null => "null".to_owned(),
                Kind::Array(_) | Kind::Object(_) => {
                    return Err(A::Error::custom("a key has to be a plain word"));
                }
            };
            nodes.push((Key { place, text }, value.into()));
        }
        Ok(Kind::Object(nodes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_place() {
        let root = parse("a: 1\nb:\n  200: {c: no}\n  d: [x, null]\n").unwrap();
        let b = root.get("b").unwrap();
        let c = b.get("200").unwrap().get("c").unwrap();
        assert_eq!(c.as_str(), Some("no"));
        assert_eq!((c.place.line, c.place.column), (3, 12));
        let items = b.get("d").unwrap().items();
        assert_eq!((items[1].place.line, items[1].place.column), (4, 10));
        let (key, _) = b.members().next().unwrap();
        assert_eq!((key.place.line, key.place.column), (3, 3));
        assert_eq!(
            root.to_json(),
            serde_json::json!({"a": 1, "b": {"200": {"c": "no"}, "d": ["x", null]}})
        );
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_where_it_stands() {
        let fault = parse("a: 1\nb: 2\na: 3\n").unwrap_err();
        assert_eq!(fault.place(), Place { line: 3, column: 1 });
        assert!(fault.reason().contains("duplicate"), "{fault}");
    }

    #[test]
    fn text_that_is_not_yaml_has_a_place_too() {
        let fault = parse("a: [1, 2\nb: 3\n").unwrap_err();
        assert!(fault.place().line > 0, "{fault}");
    }
}

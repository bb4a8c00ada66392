//! A value as what queries, forms and headers are made of: texts, lists and members.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::Secret;
use crate::wire::serialize_noting_secrets;

/// A value and its JSON: numbers stay as they were written.
#[derive(Clone, Debug)]
pub(super) struct Flat {
    pub(super) json: String,
    pub(super) shape: Shape,
}

#[derive(Clone, Debug)]
pub(super) enum Shape {
    Null,
    Text(String),
    /// A number or a flag.
    Literal,
    List(Vec<Flat>),
    /// Sorted by their names.
    Members(Vec<(String, Flat)>),
}

impl Flat {
    /// A value and the secrets in it.
    pub(super) fn of<T: Serialize>(value: &T) -> Result<(Self, Vec<Secret>), String> {
        let written = serialize_noting_secrets(value).and_then(|(json, secrets)| {
            let raw: &RawValue = serde_json::from_slice(&json)?;
            Ok((Self::read(raw)?, secrets))
        });
        written.map_err(|error| format!("the value can't be written: {error}"))
    }

    fn read(raw: &RawValue) -> serde_json::Result<Self> {
        let json = raw.get();
        let shape = match json.as_bytes().first() {
            Some(b'"') => Shape::Text(serde_json::from_str(json)?),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(json)?;
                Shape::List(items.into_iter().map(Self::read).collect::<Result<_, _>>()?)
            }
            Some(b'{') => {
                let members: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(json)?;
                let members = members.into_iter();
                let read = members.map(|(name, raw)| Ok((name.into_owned(), Self::read(raw)?)));
                Shape::Members(read.collect::<serde_json::Result<_>>()?)
            }
            Some(b'n') => Shape::Null,
            _ => Shape::Literal,
        };
        Ok(Self { json: json.to_owned(), shape })
    }

    /// Its text: a list and an object have JSON for it, null has none.
    pub(super) fn text(&self) -> &str {
        match &self.shape {
            Shape::Null => "",
            Shape::Text(text) => text,
            Shape::Literal | Shape::List(_) | Shape::Members(_) => &self.json,
        }
    }
}

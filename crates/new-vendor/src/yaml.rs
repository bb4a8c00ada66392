//! A document as it is written by hand: block style, long lines folded.

use letterhead_document::{Kind, Node};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// How long a line of prose gets, without what it is indented by.
pub(crate) const WIDTH: usize = 100;

/// The text of a document.
///
/// # Errors
/// None that a document can cause.
pub(crate) fn yaml(root: &Node) -> anyhow::Result<String> {
    let options = serde_saphyr::ser_options! {
        compact_list_indent: false,
        folded_wrap_chars: WIDTH,
    };
    Ok(serde_saphyr::to_string_with_options(&Yaml(root), options)?)
}

struct Yaml<'a>(&'a Node);

impl Serialize for Yaml<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.kind {
            Kind::Null => serializer.serialize_unit(),
            Kind::Bool(value) => serializer.serialize_bool(*value),
            Kind::Number(number) => number.serialize(serializer),
            Kind::String(text) => serializer.serialize_str(text),
            Kind::Array(items) => serializer.collect_seq(items.iter().map(Yaml)),
            Kind::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (key, value) in members {
                    map.serialize_entry(key.text.as_str(), &Yaml(value))?;
                }
                map.end()
            }
        }
    }
}

//! What a schema demands of a value besides its type, without looking into it.

use jsonschema::Validator;
use letterhead_document::{Kind as Value, Node};
use serde_json::{Map, Value as Json};

use super::patterns;

/// Keywords with a number, and two with text.
const LIMITING: [&str; 10] = [
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
    "multipleOf",
    "pattern",
];

/// Formats that other values than the registry's are hardly meant by. A `time` often has no offset, and a `hostname` a
/// wildcard.
pub(crate) const FORMATS: [&str; 7] = ["date", "date-time", "email", "ipv4", "ipv6", "uri", "uuid"];

pub(super) struct Limits(Option<Validator>);

impl Limits {
    pub(super) fn of(schema: &Node) -> Self {
        let mut limits = Map::new();
        for keyword in LIMITING {
            if let Some(limit) = schema.get(keyword)
                && (matches!(limit.kind, Value::Number(_)) || keyword == "pattern")
            {
                limits.insert(keyword.to_owned(), limit.to_json());
            }
        }
        for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            if schema.get(flag).is_some_and(Node::is_true)
                && let Some(limit) = limits.remove(bound)
            {
                limits.insert(flag.to_owned(), limit);
            }
        }
        if let Some(Json::String(pattern)) = limits.get("pattern") {
            let pattern = patterns::portable(pattern);
            limits.insert("pattern".to_owned(), pattern.into());
        }
        if let Some(format) = schema.text("format").filter(|format| FORMATS.contains(format)) {
            limits.insert("format".to_owned(), format.into());
        }
        let is_free = limits.is_empty();
        // What can't be built has a rule of its own.
        let options = jsonschema::options().should_validate_formats(true);
        let validator = options.build(&Json::Object(limits)).ok();
        Self(validator.filter(|_| !is_free))
    }

    /// The keyword that refuses a value.
    pub(super) fn refusing(&self, value: &Node) -> Option<String> {
        let error = self.0.as_ref()?.validate(&value.to_json()).err()?.to_owned();
        Some(error.kind().keyword().to_owned())
    }
}

//! A value against what the document says of it.

use std::ops::RangeInclusive;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use letterhead_document::Schema;
use serde_json::Value;

use crate::refusal::Flaw;

/// Values that stand outside of a body, spelled as text.
pub(super) struct Spelled {
    validator: Validator,
    /// What an integer can be; JSON Schema has no opinion.
    range: RangeInclusive<i64>,
}

impl Spelled {
    pub(super) fn new(schema: Schema<'_>) -> Self {
        let schema = schema.items().next().unwrap_or(schema);
        Self {
            validator: validator(schema),
            range: match schema.find(|part| part.text("format")) {
                Some("int32") => i32::MIN.into()..=i32::MAX.into(),
                _ => i64::MIN..=i64::MAX,
            },
        }
    }

    /// Whether this is one of them: as text, or as the number or the truth value that it spells.
    pub(super) fn has(&self, text: &str) -> bool {
        let spelled = serde_json::from_str(text).ok();
        let spelled = spelled.filter(|value: &Value| match value {
            Value::Number(number) => {
                number.is_f64() || number.as_i64().is_some_and(|it| self.range.contains(&it))
            }
            other => other.is_boolean(),
        });
        self.validator.is_valid(&Value::from(text))
            || spelled.is_some_and(|value| self.validator.is_valid(&value))
    }
}

pub(super) fn is_json(content_type: Option<&str>) -> bool {
    let essence = content_type.unwrap_or_default().split(';').next();
    essence.is_some_and(|it| it.trim().eq_ignore_ascii_case("application/json"))
}

pub(super) fn validator(schema: Schema<'_>) -> Validator {
    let schema = schema.to_json_schema();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap_or_else(|error| panic!("{schema}: {error}"))
}

pub(super) fn flaw(error: &ValidationError<'_>) -> Flaw {
    let mut pointer = error.instance_path().to_string();
    match error.kind() {
        // Only what may be null is such a choice; what is wrong is said by the other branch.
        ValidationErrorKind::AnyOf { context } => {
            if let Some(error) = context.last().and_then(|errors| errors.first()) {
                return flaw(error);
            }
        }
        ValidationErrorKind::Required { property } => {
            pointer.push('/');
            pointer.push_str(property.as_str().unwrap_or_default());
        }
        _ => {}
    }
    // Messages quote the offending value otherwise, and a body may hold a password.
    let reason = error.masked().to_string();
    Flaw { pointer, reason }
}

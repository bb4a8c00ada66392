//! The message about each kind of mismatch, and how to correct it.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Wrong;
use letterhead_document::{Kind as Value, Node};
use serde_json::Value as Json;

use super::convert::WRITTEN;
use super::explain::{Explainer, Mismatch};
use crate::finding::{did_you_mean, is_slip};

impl Explainer<'_, '_> {
    pub(super) fn missing(&self, path: &str, names: &[&str]) -> Mismatch {
        let node = self.specimen.value.at(path);
        let shown: Vec<String> = names.iter().take(5).map(|name| format!("`{name}`")).collect();
        let more = names.len() - shown.len();
        let list = match shown.split_last() {
            _ if more > 0 => format!("{} and {more} more", shown.join(", ")),
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => shown.concat(),
        };
        let there = node.members().map(|(key, _)| key.text.as_str());
        let mut span = self.key_span(path);
        let help = match names {
            [name] => match did_you_mean(name, there).and_then(|near| node.entry(near)) {
                // The slip itself is the place to correct.
                Some((near, _)) if is_slip(&near.text, name) => {
                    span = near.span;
                    format!("did you mean `{name}`?")
                }
                Some((near, _)) => {
                    format!("add `{name}`, or rename `{}` if that was to be it", near.text)
                }
                None => format!("add `{name}`"),
            },
            _ => "add them".to_owned(),
        };
        let are = if names.len() == 1 { "is" } else { "are" };
        let message = format!("{} lacks {list}, which {are} required", self.subject(path));
        Mismatch { span, message, help }
    }

    pub(super) fn unexpected(
        &self,
        path: &str,
        name: &str,
        error: &ValidationError<'_>,
    ) -> Mismatch {
        let node = self.specimen.value.at(path);
        let span = node.entry(name).map_or_else(|| self.span(path), |(key, _)| key.span);
        let at = error.schema_path().as_str();
        let schema =
            at.strip_suffix("/additionalProperties").and_then(|at| self.schemas.pointer(at));
        let known = schema.and_then(|schema| schema["properties"].as_object());
        let known = known.into_iter().flat_map(|known| known.keys().map(String::as_str));
        let absent = known.filter(|known| node.get(known).is_none());
        let help = match did_you_mean(name, absent) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("leave `{name}` out, or add it to the schema"),
        };
        let message =
            format!("{} has `{name}`, which the schema doesn't allow", self.subject(path));
        Mismatch { span, message, help }
    }

    pub(super) fn mistyped(&self, path: &str, types: &[String]) -> Mismatch {
        let node = self.specimen.value.at(path);
        let wanted: Vec<String> = types
            .iter()
            .filter(|name| *name != "null" || types.len() == 1)
            .map(|name| match name.as_str() {
                "string" => "text".to_owned(),
                "array" => "a list".to_owned(),
                "object" => "a mapping".to_owned(),
                "integer" => "a whole number".to_owned(),
                "null" => "null".to_owned(),
                name => format!("a {name}"),
            })
            .collect();
        let is = match &node.kind {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "a mapping",
        };
        let wanted = wanted.join(" or ");
        let message = format!("{} is {is}, and has to be {wanted}", self.subject(path));
        let has = |name: &str| types.iter().any(|other| other == name);
        let help = match &node.kind {
            Value::Null if path.is_empty() => {
                "write a value, or leave it out; `nullable: true` in the schema allows `null`"
                    .to_owned()
            }
            Value::Null => "write a value, or add `nullable: true` to the schema".to_owned(),
            Value::String(text)
                if text.trim_start().starts_with(['{', '[']) && (has("object") || has("array")) =>
            {
                "write the value itself, not its text in quotes".to_owned()
            }
            Value::String(text)
                if has("boolean") && matches!(text.as_str(), "true" | "false")
                    || (has("integer") && text.parse::<i64>().is_ok())
                    || (has("number") && text.parse::<f64>().is_ok()) =>
            {
                format!("leave the quotes out: `{text}`")
            }
            Value::Bool(_) | Value::Number(_) if has("string") => {
                format!("quote it: `\"{}\"`", (self.written)(node.span))
            }
            _ if has("array") => "write a list, even of one item".to_owned(),
            _ => format!("write {wanted}"),
        };
        Mismatch { span: self.span(path), message, help }
    }

    pub(super) fn limit(
        &self,
        kind: &Wrong,
        node: &Node,
        error: &ValidationError<'_>,
    ) -> (String, String) {
        let raise = |what: &str, bound: &str| {
            (what.to_owned(), format!("change it, or the schema's `{bound}`"))
        };
        match kind {
            Wrong::Enum { options } => {
                self.not_listed(node, options.as_array().map_or(&[][..], Vec::as_slice))
            }
            Wrong::Format { format }
                if node.as_str().is_some_and(|text| {
                    text.len() > 2 && text.starts_with('"') && text.ends_with('"')
                }) =>
            {
                let help = "leave the inner quotes out: they are a part of the text";
                (format!("is no `{format}`"), help.to_owned())
            }
            Wrong::Format { format } => (format!("is no `{format}`"), written_as(format)),
            Wrong::Pattern { pattern } => {
                let at = error.schema_path().as_str().strip_suffix("/pattern");
                let schema = at.and_then(|at| self.schemas.pointer(at));
                let pattern = schema.and_then(|it| it[WRITTEN].as_str()).unwrap_or(pattern);
                let help = "change it, or the schema's `pattern`";
                (format!("doesn't match the pattern `{pattern}`"), help.to_owned())
            }
            Wrong::Minimum { limit } | Wrong::Maximum { limit } if is_width(limit) => (
                format!("doesn't fit `{}`", if is_narrow(limit) { "int32" } else { "int64" }),
                "write a smaller number, or a wider `format`".to_owned(),
            ),
            Wrong::Minimum { limit } => {
                raise(&format!("is below the minimum of {limit}"), "minimum")
            }
            Wrong::Maximum { limit } => {
                raise(&format!("is above the maximum of {limit}"), "maximum")
            }
            Wrong::ExclusiveMinimum { limit } => {
                raise(&format!("has to be above {limit}"), "minimum")
            }
            Wrong::ExclusiveMaximum { limit } => {
                raise(&format!("has to be below {limit}"), "maximum")
            }
            Wrong::MinLength { limit } => {
                raise(&format!("is shorter than {limit} characters"), "minLength")
            }
            Wrong::MaxLength { limit } => {
                raise(&format!("is longer than {limit} characters"), "maxLength")
            }
            Wrong::MinItems { limit } => {
                raise(&format!("has fewer than {limit} items"), "minItems")
            }
            Wrong::MaxItems { limit } => raise(&format!("has more than {limit} items"), "maxItems"),
            Wrong::MinProperties { limit } => {
                raise(&format!("has fewer than {limit} properties"), "minProperties")
            }
            Wrong::MaxProperties { limit } => {
                raise(&format!("has more than {limit} properties"), "maxProperties")
            }
            Wrong::MultipleOf { multiple_of } => {
                raise(&format!("is no multiple of {multiple_of}"), "multipleOf")
            }
            Wrong::UniqueItems => {
                ("has the same item twice".to_owned(), "leave one of them out".to_owned())
            }
            Wrong::OneOfMultipleValid { .. } => (
                "fits more than one schema of `oneOf`".to_owned(),
                "write `anyOf`, or give each schema a required property of its own".to_owned(),
            ),
            Wrong::Not { .. } => {
                ("fits the schema of `not`".to_owned(), "write a value that doesn't".to_owned())
            }
            _ => (
                format!("doesn't fit its schema: {}", error.masked()),
                "change it, or the schema".to_owned(),
            ),
        }
    }

    pub(super) fn not_listed(&self, node: &Node, options: &[Json]) -> (String, String) {
        let written = match &node.kind {
            Value::String(text) => text.to_string(),
            Value::Array(_) | Value::Object(_) => "this".to_owned(),
            _ => (self.written)(node.span),
        };
        let texts = options.iter().filter_map(Json::as_str);
        let help = if let Some(near) = did_you_mean(&written, texts) {
            format!("did you mean `{near}`?")
        } else {
            let shown = options.iter().take(8).map(|value| match value {
                Json::String(text) => format!("`{text}`"),
                other => format!("`{other}`"),
            });
            let more = (options.len() > 8).then(|| "...".to_owned());
            let names: Vec<String> = shown.chain(more).collect();
            format!("write one of {}", names.join(", "))
        };
        (format!("is `{written}`, which `enum` doesn't list"), help)
    }
}

fn is_narrow(limit: &Json) -> bool {
    [i64::from(i32::MIN), i64::from(i32::MAX)].iter().any(|bound| limit.as_i64() == Some(*bound))
}

fn is_width(limit: &Json) -> bool {
    is_narrow(limit) || [i64::MIN, i64::MAX].iter().any(|bound| limit.as_i64() == Some(*bound))
}

fn written_as(format: &str) -> String {
    let like = match format {
        "date-time" => "2024-01-31T12:30:00Z",
        "date" => "2024-01-31",
        "time" => "12:30:00Z",
        "duration" => "P1DT12H",
        "uuid" => "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "email" => "someone@example.com",
        "uri" => "https://example.com/path",
        "hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" => "aGVsbG8=",
        _ => return format!("write one, or leave `format: {format}` out of the schema"),
    };
    format!("write it like `{like}`")
}

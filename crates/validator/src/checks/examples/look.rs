//! A look at a value before its schema is compiled, which costs far more than to use it. Nearly all values
//! fit; about the others the validator is asked, which also says what is wrong with them.
//!
//! A look is never wrong, and sometimes undecided: about what is unclear in a schema, and about numbers that
//! aren't whole.

use std::cmp::Ordering;
use std::mem;

use foldhash::HashMap;
use jsonschema::Validator;
use letterhead_document::{Kind as Value, Node};
use serde_json::{Number, Value as Json, json};

use super::unclear::Unclear;
use crate::checks::schemas::{is_nullable, patterns};
use crate::model::Model;

/// Whether a value fits; none where that is left to the validator.
type Fits = Option<bool>;

/// Knows the schemas of a document.
pub(super) struct Look<'a, 'd> {
    model: &'a Model<'d>,
    unclear: &'a Unclear,
    /// How the validator is built.
    build: &'a dyn Fn(&Json) -> Option<Validator>,
    /// The validators of formats and of patterns; none for those that it doesn't take.
    texts: HashMap<(&'static str, &'d str), Option<Validator>>,
    /// The targets of references on the way here, as far as no part of the value was entered.
    within: Vec<*const Node>,
}

impl<'a, 'd> Look<'a, 'd> {
    pub(super) fn new(
        model: &'a Model<'d>,
        unclear: &'a Unclear,
        build: &'a dyn Fn(&Json) -> Option<Validator>,
    ) -> Self {
        Self { model, unclear, build, texts: HashMap::default(), within: Vec::new() }
    }

    /// Whether a value fits a schema but for one of its keywords.
    pub(super) fn fits(&mut self, schema: &'d Node, but: &str, value: &Node) -> Fits {
        if let Some(target) = schema.get("$ref") {
            return self.reference(schema, target, value);
        }
        if but.is_empty() && schema.takes_only_null() {
            return Some(matches!(value.kind, Value::Null));
        }
        if self.unclear.is_in(schema) {
            return None;
        }
        let keywords = schema.members().filter(|(key, _)| key.text != but);
        all(keywords.map(|(key, said)| self.keyword(schema, &key.text, said, value)))
    }

    fn reference(&mut self, holder: &'d Node, target: &Node, value: &Node) -> Fits {
        let found = target.as_str().and_then(|reference| self.model.target(reference));
        // What leads to no end allows anything.
        let Some(found) = found.filter(|_| self.model.resolve(holder).is_some()) else {
            return Some(true);
        };
        if self.within.contains(&std::ptr::from_ref(found)) {
            return None;
        }
        self.within.push(found);
        let fits = self.fits(found, "", value);
        self.within.pop();
        fits
    }

    fn keyword(&mut self, schema: &'d Node, key: &str, said: &'d Node, value: &Node) -> Fits {
        match (key, &said.kind, &value.kind) {
            ("type", Value::String(_), Value::Null) if is_nullable(schema) => Some(true),
            ("type", Value::String(name), _) => is_of_type(value, name),
            ("enum", Value::Array(values), _) if !values.is_empty() => {
                any(values.iter().map(|known| same(known, value)))
            }
            ("pattern", Value::String(pattern), Value::String(text)) => {
                Some(self.text("pattern", pattern, text))
            }
            ("format", Value::String(format), Value::String(text)) => {
                Some(self.text("format", format, text))
            }
            ("format", Value::String(format), Value::Number(number)) => {
                in_range(schema, format, number)
            }
            ("minimum", Value::Number(bound), Value::Number(number)) => {
                Some(is_beyond(schema, "exclusiveMinimum", compared(number, bound)?))
            }
            ("maximum", Value::Number(bound), Value::Number(number)) => {
                Some(is_beyond(schema, "exclusiveMaximum", compared(bound, number)?))
            }
            ("multipleOf", Value::Number(step), Value::Number(number)) => {
                Some(number.as_i64()?.checked_rem(step.as_i64().filter(|step| *step > 0)?)? == 0)
            }
            ("minLength", Value::Number(limit), Value::String(text)) => {
                Some(limit.as_u64().is_none_or(|limit| limit <= characters(text)))
            }
            ("maxLength", Value::Number(limit), Value::String(text)) => {
                Some(limit.as_u64().is_none_or(|limit| characters(text) <= limit))
            }
            ("minItems", Value::Number(limit), Value::Array(_))
            | ("minProperties", Value::Number(limit), Value::Object(_)) => {
                Some(limit.as_u64().is_none_or(|limit| limit <= size(value)))
            }
            ("maxItems", Value::Number(limit), Value::Array(_))
            | ("maxProperties", Value::Number(limit), Value::Object(_)) => {
                Some(limit.as_u64().is_none_or(|limit| size(value) <= limit))
            }
            ("uniqueItems", Value::Bool(true), Value::Array(items)) => all(items
                .iter()
                .enumerate()
                .flat_map(|(at, item)| items[..at].iter().map(move |other| same(item, other)))
                .map(|is_same| is_same.map(|is_same| !is_same))),
            ("required", Value::Array(names), Value::Object(_)) => {
                let mut names = names.iter().filter_map(Node::as_str);
                Some(names.all(|name| value.get(name).is_some()))
            }
            ("properties", Value::Object(schemas), Value::Object(_)) => all(schemas
                .iter()
                .filter_map(|(name, schema)| Some(self.part(schema, value.get(&name.text)?)))),
            ("additionalProperties", Value::Bool(false), Value::Object(members)) => {
                Some(members.iter().all(|(name, _)| is_named(schema, &name.text)))
            }
            ("additionalProperties", Value::Object(_), Value::Object(members)) => {
                let others = members.iter().filter(|(name, _)| !is_named(schema, &name.text));
                all(others.map(|(_, member)| self.part(said, member)))
            }
            ("items", Value::Object(_), Value::Array(items)) => {
                all(items.iter().map(|item| self.part(said, item)))
            }
            ("allOf", Value::Array(parts), _) => {
                all(parts.iter().map(|part| self.fits(part, "", value)))
            }
            ("anyOf", Value::Array(parts), _) if !parts.is_empty() => {
                any(parts.iter().map(|part| self.fits(part, "", value)))
            }
            ("oneOf", Value::Array(parts), _) if !parts.is_empty() => {
                let fitting = parts.iter().map(|part| self.fits(part, "", value));
                let fitting: Option<Vec<bool>> = fitting.collect();
                Some(fitting?.into_iter().filter(|fits| *fits).count() == 1)
            }
            ("not", Value::Object(_), _) => self.fits(said, "", value).map(|fits| !fits),
            _ => Some(true),
        }
    }

    /// Whether a part of a value fits.
    fn part(&mut self, schema: &'d Node, value: &Node) -> Fits {
        let within = mem::take(&mut self.within);
        let fits = self.fits(schema, "", value);
        self.within = within;
        fits
    }

    fn text(&mut self, keyword: &'static str, said: &'d str, text: &str) -> bool {
        let build = self.build;
        let validator = self.texts.entry((keyword, said)).or_insert_with(|| match keyword {
            "pattern" if !patterns::is_buildable(said) => None,
            "pattern" => build(&json!({ "pattern": patterns::portable(said) })),
            _ => build(&json!({ "format": said })),
        });
        validator.as_ref().is_none_or(|validator| validator.is_valid(&text.into()))
    }
}

/// Whether all of them fit.
fn all(parts: impl Iterator<Item = Fits>) -> Fits {
    let mut all = Some(true);
    for fits in parts {
        match fits {
            Some(false) => return Some(false),
            Some(true) => {}
            None => all = None,
        }
    }
    all
}

/// Whether one of them fits.
fn any(parts: impl Iterator<Item = Fits>) -> Fits {
    all(parts.map(|fits| fits.map(|fits| !fits))).map(|none| !none)
}

fn is_of_type(value: &Node, name: &str) -> Fits {
    Some(match (name, &value.kind) {
        ("integer", Value::Number(number)) if number.is_f64() => {
            return number.as_f64().filter(|number| number.fract() != 0.0).map(|_| false);
        }
        ("integer" | "number", kind) => matches!(kind, Value::Number(_)),
        ("string", kind) => matches!(kind, Value::String(_)),
        ("boolean", kind) => matches!(kind, Value::Bool(_)),
        ("array", kind) => matches!(kind, Value::Array(_)),
        ("object", kind) => matches!(kind, Value::Object(_)),
        _ => true,
    })
}

fn same(one: &Node, other: &Node) -> Fits {
    match (&one.kind, &other.kind) {
        (Value::Null, Value::Null) => Some(true),
        (Value::Bool(one), Value::Bool(other)) => Some(one == other),
        (Value::String(one), Value::String(other)) => Some(one == other),
        (Value::Number(one), Value::Number(other)) => Some(compared(one, other)?.is_eq()),
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            all(one.iter().zip(other).map(|(one, other)| same(one, other)))
        }
        (Value::Object(members), Value::Object(others)) if members.len() == others.len() => {
            all(members.iter().map(|(key, member)| match other.get(&key.text) {
                Some(other) => same(member, other),
                None => Some(false),
            }))
        }
        _ => Some(false),
    }
}

/// How whole numbers compare.
fn compared(one: &Number, other: &Number) -> Option<Ordering> {
    Some(one.as_i128()?.cmp(&other.as_i128()?))
}

/// Whether a number is as far from a bound as it has to be.
fn is_beyond(schema: &Node, flag: &str, distance: Ordering) -> bool {
    let is_exclusive = schema.get(flag).is_some_and(Node::is_true);
    if is_exclusive { distance.is_gt() } else { distance.is_ge() }
}

/// Whether an integer is in the range of its format, which the schema's own bounds replace.
fn in_range(schema: &Node, format: &str, number: &Number) -> Fits {
    let is_in_range = match format {
        "int32" => i32::try_from(number.as_i128()?).is_ok(),
        "int64" => number.is_i64(),
        _ => true,
    };
    (is_in_range || schema.text("type") != Some("integer")).then_some(true)
}

fn is_named(schema: &Node, name: &str) -> bool {
    schema.get("properties").is_some_and(|properties| properties.get(name).is_some())
}

fn characters(text: &str) -> u64 {
    text.chars().count() as u64
}

fn size(value: &Node) -> u64 {
    (value.items().len() + value.members().count()) as u64
}

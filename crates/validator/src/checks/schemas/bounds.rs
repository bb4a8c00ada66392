//! Bounds that leave no value.

use letterhead_document::{Kind as Value, Node};

use super::{is_nullable, number, type_of};
use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::schemas;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.all(Kind::Schema) {
        let schema = object.node;
        let before = findings.list.len();
        negative(schema, findings);
        multiple_of(schema, findings);
        exclusive(schema, findings);
        if findings.list.len() == before {
            order(schema, findings);
        }
        if findings.list.len() == before {
            of_format(schema, findings);
            lengths(schema, findings);
        }
    }
}

const LIMITS: [(&str, &str); 3] =
    [("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties")];

fn negative(schema: &Node, findings: &mut Findings) {
    for keyword in LIMITS.into_iter().flat_map(|(low, high)| [low, high]) {
        let Some(node) = schema.get(keyword) else {
            continue;
        };
        if number(node).is_some_and(|limit| limit < 0.0) {
            let message = format!("`{keyword}` counts, and can't be negative");
            let help = "write 0 or more, or leave it out";
            findings.add(&schemas::NEGATIVE_LIMIT, node.span, message, help);
        }
    }
}

fn multiple_of(schema: &Node, findings: &mut Findings) {
    let Some(node) = schema.get("multipleOf") else {
        return;
    };
    if number(node).is_some_and(|step| step <= 0.0) {
        let help = "write a number above 0, or leave it out";
        findings.add(&schemas::MULTIPLE_OF, node.span, "`multipleOf` has to be above 0", help);
    }
}

fn exclusive(schema: &Node, findings: &mut Findings) {
    for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let Some((key, value)) = schema.entry(flag) else {
            continue;
        };
        if matches!(value.kind, Value::Bool(_)) && schema.get(bound).is_none() {
            let message = format!("`{flag}` says nothing without `{bound}`");
            let help = format!("add `{bound}`, or leave `{flag}` out");
            findings.add(&schemas::EXCLUSIVE_WITHOUT_BOUND, key.span, message, help);
        }
    }
}

/// The second bound, where the first one excludes it.
fn order(schema: &Node, findings: &mut Findings) {
    for (low, high) in [("minimum", "maximum")].into_iter().chain(LIMITS) {
        let (Some(low_node), Some(high_node)) = (schema.get(low), schema.get(high)) else {
            continue;
        };
        let (Some(min), Some(max)) = (number(low_node), number(high_node)) else {
            continue;
        };
        if min > max {
            let message = format!("no value is at least {min} and at most {max}");
            let help = format!("swap them, or raise `{high}`");
            findings
                .add(&schemas::IMPOSSIBLE_BOUNDS, high_node.span, message, help)
                .and(low_node.span, format!("`{low}` is here"));
        } else if low == "minimum" && !has_room(schema, min, max) {
            let message =
                format!("no {} lies between these bounds", type_of(schema).unwrap_or("number"));
            let help = "widen them, or leave `exclusiveMinimum` and `exclusiveMaximum` out";
            findings
                .add(&schemas::IMPOSSIBLE_BOUNDS, high_node.span, message, help)
                .and(low_node.span, "from here".to_owned());
        }
    }
    counts(schema, findings);
}

/// Bounds that no number of the format reaches.
fn of_format(schema: &Node, findings: &mut Findings) {
    let format = schema.text("format").unwrap_or_default();
    let Some((_, least, most)) = RANGES.iter().find(|(name, ..)| *name == format) else {
        return;
    };
    let bound = |name: &str| schema.get(name).and_then(|node| Some((node, whole(node)?)));
    let (low, high) = (bound("minimum"), bound("maximum"));
    let beyond = [low.filter(|(_, min)| min > most), high.filter(|(_, max)| max < least)];
    if let Some((node, _)) = beyond.into_iter().flatten().next() {
        let message = format!("no `{format}` is beyond {least} to {most}");
        let help = "write a wider `format`, or another bound";
        findings.add(&schemas::IMPOSSIBLE_BOUNDS, node.span, message, help);
        return;
    }
    let wide = [low.filter(|(_, min)| min < least), high.filter(|(_, max)| max > most)];
    for (node, _) in wide.into_iter().flatten() {
        let message = format!("`{format}` ends at {least} and {most}, before this bound");
        let help = "write a wider `format`, or leave the bound out";
        findings.add(&schemas::BOUNDS_BEYOND_FORMAT, node.span, message, help);
    }
}

/// The least and the greatest number of each format of whole numbers.
const RANGES: [(&str, i128, i128); 8] = [
    ("int8", i8::MIN as i128, i8::MAX as i128),
    ("int16", i16::MIN as i128, i16::MAX as i128),
    ("int32", i32::MIN as i128, i32::MAX as i128),
    ("int64", i64::MIN as i128, i64::MAX as i128),
    ("uint8", 0, u8::MAX as i128),
    ("uint16", 0, u16::MAX as i128),
    ("uint32", 0, u32::MAX as i128),
    ("uint64", 0, u64::MAX as i128),
];

/// The least and the greatest length of texts of a format.
const LENGTHS: [(&str, f64, f64); 3] =
    [("date", 10.0, 10.0), ("date-time", 20.0, f64::INFINITY), ("uuid", 36.0, 36.0)];

/// A length that no text of the format has.
fn lengths(schema: &Node, findings: &mut Findings) {
    let format = schema.text("format").unwrap_or_default();
    let Some((_, least, most)) = LENGTHS.iter().find(|(name, ..)| *name == format) else {
        return;
    };
    let short = limit(schema, "maxLength").filter(|(_, length)| length < least);
    let long = limit(schema, "minLength").filter(|(_, length)| length > most);
    if let Some((node, _)) = short.or(long) {
        let sizes = if least.total_cmp(most).is_eq() { "has" } else { "has at least" };
        let message = format!("a `{format}` {sizes} {least} characters");
        let help = "leave the length out, or write another `format`";
        findings.add(&schemas::BOUNDS_BEYOND_FORMAT, node.span, message, help);
    }
}

/// A bound as a whole number, towards zero.
#[expect(clippy::cast_possible_truncation, reason = "what is beyond the range is at its end")]
fn whole(node: &Node) -> Option<i128> {
    let Value::Number(number) = &node.kind else { return None };
    let exactly = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    exactly.or_else(|| number.as_f64().map(|number| number as i128))
}

fn has_room(schema: &Node, min: f64, max: f64) -> bool {
    let open_low = schema.get("exclusiveMinimum").is_some_and(Node::is_true);
    let open_high = schema.get("exclusiveMaximum").is_some_and(Node::is_true);
    let (mut first, mut last) = (min, max);
    if type_of(schema) == Some("integer") {
        first = if open_low { min.floor() + 1.0 } else { min.ceil() };
        last = if open_high { max.ceil() - 1.0 } else { max.floor() };
    } else if (open_low || open_high) && min >= max {
        return false;
    }
    // The first multiple, with room for what binary fractions are off by.
    let step = schema.get("multipleOf").and_then(number).filter(|step| *step > 0.0);
    let first = step.map_or(first, |step| ((first / step - 1e-9).ceil() - 1e-9) * step);
    first <= last
}

/// A limit that is a number, with its place.
fn limit<'d>(schema: &'d Node, keyword: &str) -> Option<(&'d Node, f64)> {
    let node = schema.get(keyword)?;
    Some((node, number(node)?))
}

/// Limits that what stands beside them makes impossible.
fn counts(schema: &Node, findings: &mut Findings) {
    let count = |list: usize| u32::try_from(list).map_or(f64::INFINITY, f64::from);
    let required = schema.get("required").map_or(&[][..], Node::items);
    if let Some((node, max)) = limit(schema, "maxProperties")
        && max < count(required.len())
    {
        let message = format!("{} properties are required, and {max} allowed", required.len());
        let help = "raise `maxProperties`, or require fewer";
        findings.add(&schemas::IMPOSSIBLE_BOUNDS, node.span, message, help);
    }
    let is_closed = schema
        .get("additionalProperties")
        .is_some_and(|more| matches!(more.kind, Value::Bool(false)));
    let names = || schema.map("properties").map(|(name, _)| name.text.as_str());
    // A part that has the properties is reported itself, and so are patterns, which came with 3.1.
    let others = ["allOf", "anyOf", "oneOf", "patternProperties"];
    let is_alone = others.iter().all(|other| schema.get(other).is_none());
    let refuses =
        is_closed && is_alone && !is_nullable(schema) && type_of(schema) == Some("object");
    let is_known = |name: &str| names().any(|own| own == name);
    let unknown = required.iter().filter_map(|node| Some((node, node.as_str()?)));
    for (node, name) in unknown.filter(|(_, name)| refuses && !is_known(name)) {
        let message = format!("`{name}` is required, and only the properties are allowed");
        let help = match did_you_mean(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add `{name}` to `properties`, or leave it out of `required`"),
        };
        findings.add(&schemas::IMPOSSIBLE_BOUNDS, node.span, message, help);
    }
    let properties = names().count();
    if let Some((node, min)) = limit(schema, "minProperties")
        && is_closed
        && min > count(properties)
    {
        let message = format!("{min} properties are demanded, and there are {properties}");
        let help = "lower `minProperties`, or allow additional properties";
        findings.add(&schemas::IMPOSSIBLE_BOUNDS, node.span, message, help);
    }
    let items = schema.get("items");
    let is_boolean = items.is_some_and(|it| type_of(it) == Some("boolean") && !is_nullable(it));
    let values = items.and_then(|items| items.get("enum")).map(|values| values.items().len());
    let values = values.or(is_boolean.then_some(2));
    if let (Some((node, min)), Some(values)) = (limit(schema, "minItems"), values)
        && schema.get("uniqueItems").is_some_and(Node::is_true)
        && min > count(values)
    {
        let message = format!("{min} different items are demanded, and there are {values}");
        let help = "lower `minItems`, or leave `uniqueItems` out";
        findings.add(&schemas::IMPOSSIBLE_BOUNDS, node.span, message, help);
    }
}

//! Single schemas: enums, members of objects, and keywords without a type.

use std::collections::{HashMap, HashSet};

use letterhead_codegen::rust_name;
use letterhead_document::{Key, Kind as Value, Node, Span};

use super::{generated, pascal, text_of};
use crate::finding::Findings;
use crate::model::{Model, Object};
use crate::rules::{generator, schemas};
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    let generated = generated(model);
    for (object, generated) in model.objects.iter().zip(generated) {
        if object.kind == Kind::Schema && generated {
            if !is_or_null(model, object) {
                enumeration(object.node, findings);
            }
            members(model, object.node, findings);
            keywords(object.node, findings);
        }
    }
}

/// Whether it is the null of a choice between one schema and null, which is the type of that one.
fn is_or_null<'d>(model: &Model<'d>, object: &Object<'d>) -> bool {
    let whole = model.parent(object).filter(|parent| parent.kind == Kind::Schema);
    let choices =
        whole.into_iter().flat_map(|whole| ["anyOf", "oneOf"].map(|key| whole.node.list(key)));
    object.node.takes_only_null()
        && choices.into_iter().any(|parts| match parts {
            [one, other] => one.takes_only_null() != other.takes_only_null(),
            _ => false,
        })
}

fn enumeration(schema: &Node, findings: &mut Findings) {
    let Some((key, values)) = schema.entry("enum") else {
        return;
    };
    let limits = ["type", "allOf", "anyOf", "oneOf", "not", "$ref"];
    if let Some((nullable, _)) = schema.entry("nullable").filter(|(_, value)| value.is_true())
        && limits.iter().all(|limit| schema.get(limit).is_none())
    {
        let message =
            "`nullable` has no effect without `type`, and the generator refuses this `enum`";
        let help = "write the `type` of its values beside it";
        findings.add(&schemas::NULLABLE_ENUM, nullable.span, message, help);
        return;
    }
    let kind = text_of(schema, "type");
    let values = values.items();
    let is_text = |value: &Node| value.as_str().is_some();
    let is_flag = |value: &Node| matches!(value.kind, Value::Bool(_));
    let is_missing_type =
        kind.is_none() && !values.iter().all(is_text) && !values.iter().all(is_flag);
    if is_missing_type || matches!(kind, Some("object" | "array")) {
        let message = match kind {
            Some(kind) => format!("an enum of type `{kind}` has no form in Rust"),
            None => "an enum without `type` has to list text only".to_owned(),
        };
        let help = match kind {
            Some(_) => "leave `enum` out, and say in `description` which values there are",
            None => "write the `type` of the values, with `nullable: true` for null",
        };
        findings.add(&generator::ENUM_WITHOUT_TYPE, key.span, message, help);
        return;
    }
    if !matches!(kind, None | Some("string")) {
        return;
    }
    let mut seen: HashMap<String, (&str, &Node)> = HashMap::new();
    for value in values {
        let Some(text) = value.as_str() else { continue };
        let rust = pascal(text);
        if rust == "Unlisted" {
            let message =
                format!("`{text}` is the name that values have which the enum doesn't list");
            let help = "leave it out: a value that isn't listed is kept all the same";
            findings.add(&generator::ENUM_VALUE_COLLISION, value.span, message, help);
            continue;
        }
        // Equal values are the schema's own fault, and symbols without letters get names by position.
        let Some((other, first)) = seen.insert(rust.clone(), (text, value)) else {
            continue;
        };
        if other != text && !told_apart(values) {
            let message = format!("`{other}` and `{text}` are both `{rust}` in Rust");
            let help = "leave one of them out: a value that isn't listed is kept all the same";
            findings
                .add(&generator::ENUM_VALUE_COLLISION, value.span, message, help)
                .and(first.span, "the first one");
            return;
        }
    }
}

/// Whether the generator's second try, with an `X` for every other character, distinguishes the values.
fn told_apart(values: &[Node]) -> bool {
    let mut seen: HashMap<String, &str> = HashMap::new();
    values.iter().filter_map(Node::as_str).all(|value| {
        let second: String =
            value.chars().map(|c| if c.is_alphanumeric() { c } else { 'X' }).collect();
        seen.insert(pascal(&second), value).is_none_or(|before| before == value)
    })
}

fn members<'d>(model: &Model<'d>, schema: &'d Node, findings: &mut Findings) {
    let mut seen: HashMap<String, &'d Key> = HashMap::new();
    let properties = schema.get("properties");
    // Those of its parts first: of two names, its own one is shown.
    if schema.get("allOf").is_some() {
        let mut looked_at = HashSet::new();
        inherited(model, schema, 0, &mut looked_at, &mut seen, findings);
    }
    for (key, _) in properties.into_iter().flat_map(Node::members) {
        let rust = rust_name(&key.text);
        if rust == "extra" {
            let message =
                format!("`{}` is the name of the field that keeps unknown members", key.text);
            let help = "leave it out: it is kept among the unknown members all the same";
            findings.add(&generator::RESERVED_MEMBER, key.span, message, help);
            continue;
        }
        let first = seen.insert(rust.clone(), key);
        if let Some(first) = first.filter(|first| first.text != key.text) {
            collide(&rust, first, key, findings);
        }
    }
    if let Some((key, rest)) = schema.entry("additionalProperties")
        && properties.is_some_and(|members| members.members().next().is_some())
        && is_typed(rest)
    {
        let message =
            "members of one type beside named ones: the type made of that doesn't compile";
        let help = "leave `additionalProperties` out: members of any type are kept";
        findings.add(&generator::TYPED_EXTRA_MEMBERS, key.span, message, help);
    }
}

/// The members that the parts of `allOf` add.
fn inherited<'d>(
    model: &Model<'d>,
    schema: &'d Node,
    depth: usize,
    looked_at: &mut HashSet<Span>,
    seen: &mut HashMap<String, &'d Key>,
    findings: &mut Findings,
) {
    // Nobody inherits further, and every schema starts anew.
    const DEEPEST: usize = 16;
    if depth > DEEPEST {
        return;
    }
    for part in schema.get("allOf").into_iter().flat_map(Node::items) {
        let Some(part) = model.resolve(part).filter(|part| looked_at.insert(part.span)) else {
            continue;
        };
        inherited(model, part, depth + 1, looked_at, seen, findings);
        for (key, _) in part.get("properties").into_iter().flat_map(Node::members) {
            let rust = rust_name(&key.text);
            let first = seen.insert(rust.clone(), key);
            let is_reported = |first: &Key| {
                let mut list = findings.list.iter();
                list.any(|finding| finding.span == key.span || finding.span == first.span)
            };
            if let Some(first) = first
                && first.text != key.text
                && !is_reported(first)
            {
                collide(&rust, first, key, findings);
            }
        }
    }
}

fn collide(rust: &str, first: &Key, second: &Key, findings: &mut Findings) {
    let message = format!("`{}` and `{}` are both `{rust}` in Rust", first.text, second.text);
    let help = "leave one of them out: a member that isn't listed is kept all the same";
    findings
        .add(&generator::MEMBER_COLLISION, second.span, message, help)
        .and(first.span, "the first one");
}

fn is_typed(schema: &Node) -> bool {
    let keys = ["$ref", "type", "allOf", "anyOf", "oneOf", "enum", "properties", "items"];
    keys.iter().any(|key| schema.get(key).is_some())
}

fn keywords(schema: &Node, findings: &mut Findings) {
    if let Some((key, _)) = schema.entry("x-rust-type") {
        let message =
            "`x-rust-type` is the generator's own, and ignored without a word if it doesn't fit";
        let help = "leave it out: `format: password` and the body of a PATCH get their types by themselves";
        findings.add(&generator::RUST_TYPE, key.span, message, help);
    }
    let has = |key: &str| schema.get(key).is_some();
    let is_open = !["allOf", "anyOf", "oneOf", "enum", "not", "properties", "items"]
        .iter()
        .any(|key| has(key));
    // A pattern becomes a type that checks it wherever it stands without `type`.
    let of_type: &[(&str, &str)] = match (has("type"), is_open) {
        (true, _) => &[],
        (false, true) => &[
            ("minimum", "number"),
            ("maximum", "number"),
            ("multipleOf", "number"),
            ("pattern", "string"),
            ("format", "string"),
        ],
        (false, false) => &[("pattern", "string")],
    };
    let found = of_type.iter().find_map(|(name, kind)| Some((schema.entry(name)?.0, kind)));
    if let Some((key, kind)) = found {
        let message = format!("`{}` without `type`, which the generator gives up over", key.text);
        let help = format!("add `type: {kind}`");
        findings.add(&generator::KEYWORD_WITHOUT_TYPE, key.span, message, help);
    }
}

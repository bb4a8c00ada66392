//! Samples against schemas.

use std::collections::HashMap;

use jsonschema::error::ValidationErrorKind as Wrong;
use letterhead_document::pointer::escaped;
use letterhead_document::{Response, Schema, Span};
use serde_json::{Map, Value as Json};

use super::context::Context;
use super::envelopes::{entry, enveloped, known};
use super::finding::Id;
use super::schemas::{is_open, member_of_any_case};
use crate::fact::Side;
use crate::json::{Node, Sample};
use crate::rules;
use crate::spec::Operation;

/// The response that a document declares for a status; for none the success.
pub(super) fn response<'d>(operation: &Operation<'d>, status: Option<u16>) -> Option<Response<'d>> {
    let Some(status) = status else {
        return success(operation);
    };
    let exact = status.to_string();
    let range = format!("{}XX", &exact[..1]);
    [exact.as_str(), range.as_str(), "default"].into_iter().find_map(|wanted| {
        let mut responses = operation.responses.iter().copied();
        responses.find(|response| response.status.text == wanted)
    })
}

/// The success, the one with a body where there are several.
pub(super) fn success<'d>(operation: &Operation<'d>) -> Option<Response<'d>> {
    let all = || {
        let responses = operation.responses.iter().copied();
        responses.filter(|response| response.status.text.starts_with('2'))
    };
    all().find(|response| response.schema().is_some()).or_else(|| all().next())
}

/// The schema that a sample should fit, where there is one; and where it is.
pub(super) fn declared<'d>(
    operation: &Operation<'d>,
    side: Side,
    status: Option<u16>,
) -> Option<(Option<Schema<'d>>, Span)> {
    match side {
        Side::Request => Some((operation.request.and_then(|body| body.schema()), operation.span)),
        Side::Response => {
            let response = response(operation, status)?;
            Some((response.schema(), response.status.span))
        }
    }
}

/// Whether a sample has anything in common with what an operation takes or sends.
pub(super) fn is_of(
    context: &Context<'_>,
    side: Side,
    status: Option<u16>,
    sample: &Node,
    id: Id,
) -> bool {
    let Some((Some(schema), _)) = declared(context.operation(id), side, status) else {
        return true;
    };
    let Sample::Object { members, .. } = &sample.value else {
        return true;
    };
    known(schema, sample) > 0
        || members.is_empty()
        || entry(schema, sample).1
        || enveloped(schema, sample).is_some()
        || is_open(schema)
}

pub(super) fn check(
    context: &mut Context<'_>,
    side: Side,
    status: Option<u16>,
    sample: &Node,
    id: Id,
) {
    let operation = context.operation(id);
    let Some((declared, at)) = declared(operation, side, status) else {
        return;
    };
    let Some(declared) = declared else {
        let called = context.called(id);
        context.add(
            &rules::BODY_DIFFERS,
            format!("body: {called} {}", side.name()),
            sample.span,
            (id, at, "no body here"),
            (
                format!(
                    "the page shows a {} body of `{called}`, the document has none",
                    side.name()
                ),
                "add the body to the document, or settle it in a decision of the operation",
            ),
        );
        return;
    };
    let at = (id, declared.resolve().span());
    if let Some((list, entries)) = enveloped(declared, sample) {
        let has = format!("an envelope around `{list}`, the document has none");
        shape(context, side, sample, (at.0, at.1, "no envelope"), &has);
        for entry in entries {
            fits(context, side, at, declared, entry);
        }
        return;
    }
    let (schema, is_entry) = entry(declared, sample);
    if is_entry {
        let has = "no envelope, the document has one";
        shape(context, side, sample, (at.0, at.1, "an envelope with a list"), has);
    }
    fits(context, side, at, schema, sample);
}

/// Compares a sample with the schema that it should fit.
fn fits(context: &mut Context<'_>, side: Side, at: (Id, Span), schema: Schema<'_>, sample: &Node) {
    let mut fitting = Fitting { places: HashMap::new(), unknown: Vec::new(), cased: Vec::new() };
    let json = fitting.value(sample, Some(schema), "", "");
    unknown(context, side, at, &fitting);
    misfits(context, side, at, schema, &json, &fitting);
}

/// A sample on its way to the validator: names in the schema's case, nothing that is unknown.
struct Fitting {
    /// Where the value at a pointer stands, how it is called, and whether its type is unknown.
    places: HashMap<String, (Span, String, bool)>,
    unknown: Vec<(String, Span)>,
    cased: Vec<(String, Span)>,
}

impl Fitting {
    fn value(
        &mut self,
        node: &Node,
        schema: Option<Schema<'_>>,
        pointer: &str,
        path: &str,
    ) -> Json {
        let is_open = matches!(node.value, Sample::Open);
        let partial = matches!(node.value, Sample::Object { partial: true, .. });
        self.places.insert(pointer.to_owned(), (node.span, path.to_owned(), is_open || partial));
        match &node.value {
            Sample::Array(items) => {
                let inner = schema.and_then(|schema| schema.items().next());
                let items = items.iter().enumerate();
                items
                    .map(|(at, item)| {
                        self.value(item, inner, &format!("{pointer}/{at}"), &format!("{path}[]"))
                    })
                    .collect()
            }
            Sample::Object { members, .. } => {
                let mut object = Map::new();
                for (name, span, value) in members {
                    let dot = if path.is_empty() { "" } else { "." };
                    let below = format!("{path}{dot}{name}");
                    if let Some((name, schema)) = self.member(schema, name, &below, *span) {
                        let part = escaped(&name);
                        let json = self.value(value, schema, &format!("{pointer}/{part}"), &below);
                        object.insert(name, json);
                    }
                }
                object.into()
            }
            _ => node.to_json(),
        }
    }

    /// The name and the schema of a member; nothing where the schema doesn't know it.
    fn member<'d>(
        &mut self,
        schema: Option<Schema<'d>>,
        name: &str,
        path: &str,
        span: Span,
    ) -> Option<(String, Option<Schema<'d>>)> {
        let Some(schema) = schema else {
            return Some((name.to_owned(), None));
        };
        if let Some(member) = schema.property(name).next() {
            return Some((name.to_owned(), Some(member)));
        }
        if let Some((own, member)) = member_of_any_case(schema, name) {
            self.cased.push((path.to_owned(), span));
            return Some((own.to_owned(), Some(member)));
        }
        if is_open(schema) {
            return Some((name.to_owned(), None));
        }
        self.unknown.push((path.to_owned(), span));
        None
    }
}

fn shape(context: &mut Context<'_>, side: Side, sample: &Node, at: (Id, Span, &str), has: &str) {
    let called = context.called(at.0);
    context.add(
        &rules::SAMPLE_SHAPE,
        format!("shape: {called} {}", side.name()),
        sample.span,
        at,
        (
            format!("the {} sample of `{called}` has {has}", side.name()),
            "change the schema, or settle it in a decision of the operation",
        ),
    );
}

fn unknown(context: &mut Context<'_>, side: Side, (id, at): (Id, Span), fitting: &Fitting) {
    let called = context.called(id);
    for (path, span) in &fitting.unknown {
        context.add(
            &rules::MEMBER_NOT_IN_DOCUMENT,
            format!("member: {called} {}.{path}", side.name()),
            *span,
            (id, at, "the schema"),
            (
                format!(
                    "the {} sample has a member `{path}` that the schema doesn't know",
                    side.name()
                ),
                "add the member to the schema, or settle it in a decision of the operation",
            ),
        );
    }
    if let Some((path, span)) = fitting.cased.first() {
        let more = match fitting.cased.len() {
            1 => String::new(),
            number => format!(" and {} more", number - 1),
        };
        context.add(
            &rules::MEMBER_CASE,
            format!("case: {called} {}", side.name()),
            *span,
            (id, at, "the schema"),
            (
                format!(
                    "the {} sample writes `{path}`{more} in another case than the schema",
                    side.name()
                ),
                "change the schema, or settle it in a decision of the operation",
            ),
        );
    }
}

fn misfits(
    context: &mut Context<'_>,
    side: Side,
    (id, at): (Id, Span),
    schema: Schema<'_>,
    json: &Json,
    fitting: &Fitting,
) {
    // Null in a sample is as good as nothing, and hides what is wrong beside it.
    let schema = schema.to_json_schema_without_null();
    let Ok(validator) = jsonschema::validator_for(&schema) else {
        return;
    };
    let called = context.called(id);
    for error in validator.iter_errors(json) {
        let pointer = error.instance_path().as_str();
        let Some((span, path, is_open)) = fitting.places.get(pointer) else {
            continue;
        };
        let missing = match error.kind() {
            Wrong::Required { property } => property.as_str(),
            _ => None,
        };
        // A response is often shown in part; and a missing member may be there under another name, which is
        // a finding of its own.
        let renamed = || fitting.unknown.iter().any(|(other, _)| parent(other) == path);
        if *is_open || missing.is_some() && renamed() {
            continue;
        }
        let dot = if path.is_empty() { "" } else { "." };
        let (rule, key, message) = match (error.kind(), missing) {
            (_, Some(name)) => (
                &rules::MEMBER_NOT_IN_SAMPLE,
                format!("required: {called} {}{dot}{path}.{name}", side.name()),
                format!("the {} sample lacks `{name}`, which the schema requires", side.name()),
            ),
            (Wrong::Enum { .. }, _) => {
                let value = error
                    .instance()
                    .as_str()
                    .map_or_else(|| error.instance().to_string(), str::to_owned);
                (
                    &rules::VALUE_NOT_IN_DOCUMENT,
                    format!("enum: {called} {}{dot}{path} {value}", side.name()),
                    format!(
                        "`{path}` is `{value}` in the {} sample, which the schema doesn't list",
                        side.name()
                    ),
                )
            }
            _ => (
                &rules::SAMPLE_MISMATCH,
                format!("type: {called} {}{dot}{path}", side.name()),
                format!("`{path}` of the {} sample doesn't fit the schema: {error}", side.name()),
            ),
        };
        context.add(
            rule,
            key,
            *span,
            (id, at, "the schema"),
            (message, "change the schema, or settle it in a decision of the operation"),
        );
    }
}

/// The path of the object that a member belongs to.
fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

//! Samples against schemas.

use std::collections::HashMap;

use jsonschema::error::ValidationErrorKind as Wrong;
use letterhead_document::{Span, json_schema};
use serde_json::{Map, Value as Json};

use super::context::Context;
use super::finding::Id;
use super::schemas::Schemas;
use crate::fact::Side;
use crate::json::{Node, Sample};
use crate::rules;
use crate::spec::{Body, Operation, Response, without_null};

/// The response that a document declares for a status; for none the success.
pub(super) fn response(operation: &Operation, status: Option<u16>) -> Option<&Response> {
    let Some(status) = status else {
        return success(operation);
    };
    let exact = status.to_string();
    let range = format!("{}XX", &exact[..1]);
    [exact.as_str(), range.as_str(), "default"]
        .into_iter()
        .find_map(|wanted| {
            operation
                .responses
                .iter()
                .find(|response| response.status == wanted)
        })
}

/// The success, the one with a body where there are several.
pub(super) fn success(operation: &Operation) -> Option<&Response> {
    let all = || {
        operation
            .responses
            .iter()
            .filter(|response| response.status.starts_with('2'))
    };
    all()
        .find(|response| response.body.is_some())
        .or_else(|| all().next())
}

pub(super) fn check(
    context: &mut Context<'_>,
    side: Side,
    status: Option<u16>,
    sample: &Node,
    id: Id,
) {
    let operation = context.operation(id);
    let (body, at) = match side {
        Side::Request => (operation.request.as_ref(), operation.span),
        Side::Response => match response(operation, status) {
            Some(response) => (response.body.as_ref(), response.span),
            None => return,
        },
    };
    let Some(body) = body else {
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
    let mut fitting = Fitting {
        schemas: Schemas(&context.documents.0[id.0].json),
        places: HashMap::new(),
        unknown: Vec::new(),
        cased: Vec::new(),
    };
    let (schema, is_entry) = fitting.entry(&body.schema, sample);
    let json = fitting.value(sample, Some(schema), "", "");
    if is_entry {
        shape(context, side, sample, id, body);
    }
    unknown(context, side, id, body, &fitting);
    misfits(context, side, id, body, schema, &json, &fitting);
}

/// A sample on its way to the validator: names in the schema's case, nothing that is unknown.
struct Fitting<'a> {
    schemas: Schemas<'a>,
    /// Where the value at a pointer stands, how it is called, and whether its type is unknown.
    places: HashMap<String, (Span, String, bool)>,
    unknown: Vec<(String, Span)>,
    cased: Vec<(String, Span)>,
}

impl<'a> Fitting<'a> {
    /// The schema of an entry, where the sample is one and the schema is an envelope around many.
    fn entry(&self, schema: &'a Json, sample: &Node) -> (&'a Json, bool) {
        let schemas = self.schemas;
        let known = |schema: &'a Json| match &sample.value {
            Sample::Object { members, .. } => {
                let is_known = |name: &str| schemas.member_of_any_case(schema, name).is_some();
                members.iter().filter(|(name, ..)| is_known(name)).count()
            }
            _ => 0,
        };
        let lists = schemas.members(schema).into_iter();
        let lists = lists.filter_map(|(_, member)| schemas.items(schemas.resolved(member)));
        match &sample.value {
            // One page of the vendor's shows the entries without their envelope.
            Sample::Array(_) if schemas.items(schema).is_none() => {
                let mut wrapped = schemas
                    .members(schema)
                    .into_iter()
                    .map(|(_, member)| member);
                match wrapped.find(|member| schemas.items(member).is_some()) {
                    Some(list) => (list, true),
                    None => (schema, false),
                }
            }
            Sample::Object { members, .. } if !members.is_empty() => {
                let best = lists.max_by_key(|entry| known(entry));
                match best.filter(|entry| known(schema) == 0 && known(entry) * 2 > members.len()) {
                    Some(entry) => (entry, true),
                    None => (schema, false),
                }
            }
            _ => (schema, false),
        }
    }

    fn value(&mut self, node: &Node, schema: Option<&'a Json>, pointer: &str, path: &str) -> Json {
        let is_open = matches!(node.value, Sample::Open);
        let partial = matches!(node.value, Sample::Object { partial: true, .. });
        self.places.insert(
            pointer.to_owned(),
            (node.span, path.to_owned(), is_open || partial),
        );
        match &node.value {
            Sample::Array(items) => {
                let inner = schema.and_then(|schema| self.schemas.items(schema));
                let items = items.iter().enumerate();
                items
                    .map(|(at, item)| {
                        self.value(
                            item,
                            inner,
                            &format!("{pointer}/{at}"),
                            &format!("{path}[]"),
                        )
                    })
                    .collect()
            }
            Sample::Object { members, .. } => {
                let mut object = Map::new();
                for (name, span, value) in members {
                    let dot = if path.is_empty() { "" } else { "." };
                    let below = format!("{path}{dot}{name}");
                    if let Some((name, schema)) = self.member(schema, name, &below, *span) {
                        let part = name.replace('~', "~0").replace('/', "~1");
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
    fn member(
        &mut self,
        schema: Option<&'a Json>,
        name: &str,
        path: &str,
        span: Span,
    ) -> Option<(String, Option<&'a Json>)> {
        let Some(schema) = schema else {
            return Some((name.to_owned(), None));
        };
        if let Some(member) = self.schemas.member(schema, name) {
            return Some((name.to_owned(), Some(member)));
        }
        if let Some((own, member)) = self.schemas.member_of_any_case(schema, name) {
            self.cased.push((path.to_owned(), span));
            return Some((own.to_owned(), Some(member)));
        }
        if self.schemas.is_open(schema) {
            return Some((name.to_owned(), None));
        }
        self.unknown.push((path.to_owned(), span));
        None
    }
}

fn shape(context: &mut Context<'_>, side: Side, sample: &Node, id: Id, body: &Body) {
    let called = context.called(id);
    context.add(
        &rules::SAMPLE_SHAPE,
        format!("shape: {called} {}", side.name()),
        sample.span,
        (id, body.schema_at, "an envelope with a list"),
        (
            format!(
                "the {} sample of `{called}` has no envelope, the document has one",
                side.name()
            ),
            "change the schema, or settle it in a decision of the operation",
        ),
    );
}

fn unknown(context: &mut Context<'_>, side: Side, id: Id, body: &Body, fitting: &Fitting<'_>) {
    let called = context.called(id);
    for (path, span) in &fitting.unknown {
        context.add(
            &rules::MEMBER_NOT_IN_DOCUMENT,
            format!("member: {called} {}.{path}", side.name()),
            *span,
            (id, body.schema_at, "the schema"),
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
            (id, body.schema_at, "the schema"),
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
    id: Id,
    body: &Body,
    schema: &Json,
    json: &Json,
    fitting: &Fitting<'_>,
) {
    // Null in a sample is as good as nothing, and hides what is wrong beside it.
    let mut schema = schema.clone();
    without_null(&mut schema);
    let document = &context.documents.0[id.0].strict;
    let Ok(validator) = jsonschema::validator_for(&json_schema(document, &schema)) else {
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
        let renamed = || {
            fitting
                .unknown
                .iter()
                .any(|(other, _)| parent(other) == path)
        };
        if *is_open || missing.is_some() && (side == Side::Response || renamed()) {
            continue;
        }
        let dot = if path.is_empty() { "" } else { "." };
        let (rule, key, message) = match (error.kind(), missing) {
            (_, Some(name)) => (
                &rules::MEMBER_NOT_IN_SAMPLE,
                format!("required: {called} {}{dot}{path}.{name}", side.name()),
                format!(
                    "the {} sample lacks `{name}`, which the schema requires",
                    side.name()
                ),
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
                format!(
                    "`{path}` of the {} sample doesn't fit the schema: {error}",
                    side.name()
                ),
            ),
        };
        context.add(
            rule,
            key,
            *span,
            (id, body.schema_at, "the schema"),
            (
                message,
                "change the schema, or settle it in a decision of the operation",
            ),
        );
    }
}

/// The path of the object that a member belongs to.
fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

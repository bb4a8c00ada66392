//! Request and response bodies: a method takes one type and returns one type, both JSON.

use std::collections::HashSet;

use letterhead_document::{Key, Kind as Value, Node};

use super::{is_success, successes};
use crate::checks::operations::misspells;
use crate::finding::Findings;
use crate::model::{Model, Operation};
use crate::rule::Rule;
use crate::rules::generator;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for operation in &model.operations {
        if matches!(operation.method.text.as_str(), "options" | "trace") {
            let method = &operation.method.text;
            findings.add(
                &generator::METHOD_NOT_GENERATED,
                operation.method.span,
                format!("`{method}` is a method that the layer doesn't send"),
                "leave the operation out: browsers and proxies ask this, not callers",
            );
            continue;
        }
        statuses(operation, findings);
        responses(operation, &mut seen, findings);
        // Another rule reports that a GET has a body.
        let may_have_body = !matches!(operation.method.text.as_str(), "get" | "head");
        if let Some(body) = operation.request_body().filter(|_| may_have_body)
            && seen.insert(body.node.span)
        {
            request(body.node, findings);
        }
    }
}

/// What a method returns is what its success returns.
fn statuses(operation: &Operation<'_>, findings: &mut Findings) {
    let Some((key, responses)) = operation.node.entry("responses") else {
        return;
    };
    let is_there = responses.members().any(|(status, _)| is_success(&status.text));
    // Others report that there are none, or that one of them isn't a status.
    let is_status = |key: &Key| key.text == "default" || key.text.len() == 3;
    let named = || responses.members().filter(|(key, _)| !key.text.starts_with("x-"));
    if !is_there && named().next().is_some() && named().all(|(key, _)| is_status(key)) {
        let message = format!("`{}` has no status of a success to return", operation.name());
        let help = "add the one that it has, such as `'200'` with its `content`, or `'204'`";
        findings.add(&generator::SUCCESS_STATUS, key.span, message, help);
    }
}

type Seen = HashSet<letterhead_document::Span>;

fn responses(operation: &Operation<'_>, seen: &mut Seen, findings: &mut Findings) {
    let mut first: Option<(&Key, &Node)> = None;
    for (status, response) in successes(operation) {
        let Some(content) = response.get("content") else {
            continue;
        };
        let mut all = content.members();
        let json = all.find(|(key, _)| essence(&key.text) == "application/json");
        let Some((key, media)) = json else {
            if let Some((key, _)) = content.members().next()
                && seen.insert(key.span)
            {
                not_json(key, &generator::SUCCESS_NOT_JSON, "a success", findings);
            }
            continue;
        };
        let Some(schema) = media.get("schema") else {
            if seen.insert(key.span) {
                without_schema(key, media, findings);
            }
            continue;
        };
        let Some((before, known)) = first else {
            first = Some((status, schema));
            continue;
        };
        if known.to_json() != schema.to_json() {
            let message = format!(
                "`{}` has another body than `{}`, and a method returns one type",
                status.text, before.text
            );
            let help = "give both one schema, or describe only the status that the vendor sends";
            findings
                .add(&generator::SEVERAL_SUCCESS_BODIES, status.span, message, help)
                .and(before.span, "the first one");
            return;
        }
    }
}

fn request(body: &Node, findings: &mut Findings) {
    if let Some(required) = body.get("required")
        && matches!(required.kind, Value::Bool(false))
    {
        findings.add(
            &generator::OPTIONAL_REQUEST_BODY,
            required.span,
            "the generated method insists on a body that may be left out",
            "write `required: true`, or describe the call without a body as an operation of its own",
        );
    }
    let Some(content) = body.get("content") else {
        return;
    };
    let mut media = content.members();
    let Some((key, only)) = media.next() else {
        return;
    };
    if let Some((second, _)) = media.next() {
        let message = format!(
            "a request body of `{}` or `{}`: a method takes one type",
            key.text, second.text
        );
        let help = "leave all but `application/json` out";
        findings
            .add(&generator::SEVERAL_REQUEST_BODIES, second.span, message, help)
            .and(key.span, "the first one");
    } else if essence(&key.text) != "application/json" {
        not_json(key, &generator::REQUEST_NOT_JSON, "a request body", findings);
    } else if only.get("schema").is_none() {
        without_schema(key, only, findings);
    }
}

fn not_json(key: &Key, rule: &'static Rule, what: &str, findings: &mut Findings) {
    // Another rule reports a key that is no media type.
    if !key.text.contains('/') {
        return;
    }
    let message =
        format!("{what} of `{}`, and the layer sends and reads `application/json` only", key.text);
    let is_json = essence(&key.text).to_lowercase().ends_with("json");
    let help = if is_json {
        "write `application/json`: only the body counts, and it is JSON"
    } else {
        "describe the JSON that the vendor has too, or leave the operation out"
    };
    findings.add(rule, key.span, message, help);
}

fn without_schema(key: &Key, media: &Node, findings: &mut Findings) {
    if misspells(media, "schema") {
        return;
    }
    findings.add(
        &generator::MEDIA_TYPE_WITHOUT_SCHEMA,
        key.span,
        format!("`{}` has no `schema` to make a type from", key.text),
        "add `schema`; `schema: {}` takes any JSON",
    );
}

/// A media type without its parameters.
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

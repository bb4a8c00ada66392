//! Request and response bodies: a method takes one type and returns one type, both JSON.

use std::collections::HashSet;

use letterhead_document::{Key, Kind as Value, Node};

use super::{rule, successes};
use crate::diagnostic::{Findings, Severity};
use crate::model::{Model, Operation};
use crate::rule::{Check, Rule, Sample};
use crate::rules::operations::misspells;

pub(crate) static CHECK: Check = Check {
    rules: RULES,
    run: |model, findings| {
        let mut seen = HashSet::new();
        for operation in &model.operations {
            if matches!(operation.method.text.as_str(), "options" | "trace") {
                let method = &operation.method.text;
                findings.add(
                    "method-not-generated",
                    operation.method.span,
                    format!("`{method}` is a method that the layer doesn't send"),
                    "leave the operation out: browsers and proxies ask this, not callers",
                );
                continue;
            }
            responses(model, operation, &mut seen, findings);
            // That a GET has a body at all is told already.
            let may_have_body = !matches!(operation.method.text.as_str(), "get" | "head");
            if let Some(body) = operation.node.get("requestBody").filter(|_| may_have_body)
                && let Some(body) = model.resolve(body)
                && seen.insert(body.span)
            {
                request(body, findings);
            }
        }
    },
};

type Seen = HashSet<letterhead_document::Span>;

fn responses<'d>(
    model: &Model<'d>,
    operation: &Operation<'d>,
    seen: &mut Seen,
    findings: &mut Findings,
) {
    let mut first: Option<(&Key, &Node)> = None;
    for (status, response) in successes(model, operation) {
        let Some(content) = response.get("content") else {
            continue;
        };
        let mut all = content.members();
        let json = all.find(|(key, _)| essence(&key.text) == "application/json");
        let Some((key, media)) = json else {
            if let Some((key, _)) = content.members().next()
                && seen.insert(key.span)
            {
                not_json(key, "success-not-json", "a success", findings);
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
                "`{}` answers with another body than `{}`, and a method returns one type",
                status.text, before.text
            );
            let help = "give both one schema, or describe only the status that the vendor sends";
            findings
                .add("several-success-bodies", status.span, message, help)
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
            "optional-request-body",
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
            .add("several-request-bodies", second.span, message, help)
            .and(key.span, "the first one");
    } else if essence(&key.text) != "application/json" {
        not_json(key, "request-not-json", "a request body", findings);
    } else if only.get("schema").is_none() {
        without_schema(key, only, findings);
    } else if let Some((encoding, _)) = only.entry("encoding") {
        findings.add(
            "json-encoding",
            encoding.span,
            "`encoding` says nothing about JSON, and the generator gives up over it",
            "leave it out: it is for forms",
        );
    }
}

fn not_json(key: &Key, code: &'static str, what: &str, findings: &mut Findings) {
    // What isn't a media type at all has a rule of its own.
    if !key.text.contains('/') {
        return;
    }
    let message = format!(
        "{what} of `{}`, and the layer speaks `application/json` only",
        key.text
    );
    let is_json = essence(&key.text).to_lowercase().ends_with("json");
    let help = if is_json {
        "write `application/json`: only the body counts, and it is JSON"
    } else {
        "describe the JSON that the vendor has too, or leave the operation out"
    };
    findings.add(code, key.span, message, help);
}

fn without_schema(key: &Key, media: &Node, findings: &mut Findings) {
    if misspells(media, "schema") {
        return;
    }
    findings.add(
        "media-type-without-schema",
        key.span,
        format!("`{}` has no `schema` to make a type from", key.text),
        "add `schema`; `schema: {}` takes any JSON",
    );
}

/// A media type without its parameters.
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

const TWO_SCHEMAS: &str =
    "'200': {description: Done., content: {application/json: {schema: {type: string}}}}
'202': {description: Begun., content: {application/json: {schema: {type: integer}}}}
'404': {description: Not found.}";
const ONE_SCHEMA: &str =
    "'200': {description: Done., content: {application/json: {schema: {type: string}}}}
'202': {description: Begun., content: {application/json: {schema: {type: string}}}}
'404': {description: Not found.}";

static RULES: &[Rule] = &[
    rule(
        "several-success-bodies",
        Severity::Error,
        "All success responses of an operation have the same body, or none.",
        "A Rust method returns one type; the generator gives up over two. A body beside no body is \
         fine: it becomes an `Option`.",
        Sample::Responses(TWO_SCHEMAS),
        Sample::Responses(ONE_SCHEMA),
    ),
    rule(
        "success-not-json",
        Severity::Error,
        "A success response is `application/json`, or has no content.",
        "The generator makes a stream of bytes of anything else, `+json` included, which the layer \
         has no call for.",
        Sample::Responses(
            "'200': {description: A list., content: {text/csv: {schema: {type: string}}}}\n'404': {description: Not found.}",
        ),
        Sample::Responses(
            "'200': {description: A list., content: {application/json: {schema: {type: string}}}}\n'404': {description: Not found.}",
        ),
    ),
    rule(
        "several-request-bodies",
        Severity::Error,
        "A request body has one media type.",
        "The generated method takes one type; the generator gives up over two.",
        Sample::Paths(concat!(
            "/pets:\n  post:\n    operationId: addPet\n    requestBody:\n      required: true\n      content:\n        application/json: {schema: {type: string}}\n        text/plain: {schema: {type: string}}\n",
            "    responses: {'204': {description: Added.}, '400': {description: Refused.}}"
        )),
        Sample::Paths(concat!(
            "/pets:\n  post:\n    operationId: addPet\n    requestBody:\n      required: true\n      content:\n        application/json: {schema: {type: string}}\n",
            "    responses: {'204': {description: Added.}, '400': {description: Refused.}}"
        )),
    ),
    rule(
        "request-not-json",
        Severity::Error,
        "A request body is `application/json`.",
        "The generator refuses forms, XML, merge patches and the like, or makes a call of them that \
         the layer doesn't have.",
        Sample::Paths(
            "/pets:\n  post:\n    operationId: addPet\n    requestBody: {required: true, content: {application/xml: {schema: {type: string}}}}\n    responses: {'204': {description: Added.}, '400': {description: Refused.}}",
        ),
        Sample::Paths(
            "/pets:\n  post:\n    operationId: addPet\n    requestBody: {required: true, content: {application/json: {schema: {type: string}}}}\n    responses: {'204': {description: Added.}, '400': {description: Refused.}}",
        ),
    ),
    rule(
        "media-type-without-schema",
        Severity::Error,
        "A media type that is generated has a `schema`.",
        "The generator gives up without one.",
        Sample::Responses(
            "'200': {description: A pet., content: {application/json: {}}}\n'404': {description: Not found.}",
        ),
        Sample::Responses(
            "'200': {description: A pet., content: {application/json: {schema: {}}}}\n'404': {description: Not found.}",
        ),
    ),
    rule(
        "json-encoding",
        Severity::Error,
        "A JSON body has no `encoding`.",
        "OpenAPI gives it a meaning for forms only, and the generator gives up over it.",
        Sample::Paths(
            "/pets:\n  post:\n    operationId: addPet\n    requestBody: {required: true, content: {application/json: {schema: {type: object}, encoding: {photo: {contentType: image/png}}}}}\n    responses: {'204': {description: Added.}, '400': {description: Refused.}}",
        ),
        Sample::Paths(
            "/pets:\n  post:\n    operationId: addPet\n    requestBody: {required: true, content: {application/json: {schema: {type: object}}}}\n    responses: {'204': {description: Added.}, '400': {description: Refused.}}",
        ),
    ),
    rule(
        "optional-request-body",
        Severity::Warning,
        "A request body isn't declared optional.",
        "The generated method can't be called without it.",
        Sample::Paths(
            "/pets:\n  post:\n    operationId: addPet\n    requestBody: {required: false, content: {application/json: {schema: {type: object}}}}\n    responses: {'204': {description: Added.}, '400': {description: Refused.}}",
        ),
        Sample::Paths(
            "/pets:\n  post:\n    operationId: addPet\n    requestBody: {required: true, content: {application/json: {schema: {type: object}}}}\n    responses: {'204': {description: Added.}, '400': {description: Refused.}}",
        ),
    ),
    rule(
        "method-not-generated",
        Severity::Error,
        "An operation's method is one that the layer sends.",
        "There is no call for OPTIONS and TRACE, so the document can't be generated.",
        Sample::Paths(
            "/pets:\n  options:\n    operationId: askPets\n    responses: {'204': {description: Allowed.}, '400': {description: Refused.}}",
        ),
        Sample::Paths(
            "/pets:\n  head:\n    operationId: askPets\n    responses: {'204': {description: Allowed.}, '400': {description: Refused.}}",
        ),
    ),
];

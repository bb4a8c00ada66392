//! What a page says of an operation, fact by fact.

use letterhead_document::Span;

use super::Id;
use super::context::Context;
use super::members::Members;
use super::samples;
use super::schemas::same_type;
use crate::fact::{Cloud, Fact, Kind, Place, Side};
use crate::spec::Parameter;
use crate::target::loose;

/// Headers of HTTP itself, which no document declares.
const REQUEST: [&str; 17] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "expect",
    "host",
    "origin",
    "pragma",
    "referer",
    "transfer-encoding",
    "user-agent",
];
const RESPONSE: [&str; 24] = [
    "access-control-allow-origin",
    "age",
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "etag",
    "expires",
    "keep-alive",
    "last-modified",
    "location",
    "pragma",
    "server",
    "set-cookie",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "via",
    "x-content-type-options",
    "x-powered-by",
];

/// Compares all facts of a page with the operations that they are about.
pub(super) fn check(context: &mut Context<'_>, own: &[Id]) {
    let page = context.page;
    let mut members = Members::default();
    let mut status = None;
    for fact in &page.facts {
        let Some(ids) = context.groups.get(&fact.group).cloned() else {
            continue;
        };
        let id = ids[0];
        match &fact.kind {
            Kind::Parameter { .. } => parameter(context, fact, &ids),
            Kind::Header { side, name } => match side {
                Side::Request => request_header(context, fact.span, name, id),
                Side::Response => response_header(context, fact.span, name, id, status),
            },
            Kind::Status { status: shown } => {
                status = Some(*shown);
                self::status(context, fact.span, *shown, id);
            }
            Kind::Operation { .. } => status = None,
            Kind::Member { .. } | Kind::EnumValue { .. } => members.check(context, fact, id),
            Kind::NoBody { .. } => no_body(context, fact.span, id),
            Kind::Sample { side, status, json } => {
                samples::check(context, *side, *status, json, id);
            }
            Kind::Unreadable { side, reason } => unreadable(context, fact.span, *side, reason, id),
            _ => {}
        }
    }
    for id in own
        .iter()
        .copied()
        .filter(|id| context.mentioned().any(|other| other == *id))
        .collect::<Vec<_>>()
    {
        clouds(context, id);
        security(context, id);
        required(context, id);
    }
}

fn parameter(context: &mut Context<'_>, fact: &Fact, ids: &[Id]) {
    let Kind::Parameter {
        place,
        name,
        of_type,
        required,
    } = &fact.kind
    else {
        return;
    };
    let id = ids[0];
    let all = ids.iter().flat_map(|id| &context.operation(*id).parameters);
    let found = all
        .clone()
        .find(|parameter| match parameter.place.as_str() {
            "query" => *place != Place::Path && parameter.name == *name,
            "path" => *place != Place::Query && loose(&parameter.name) == loose(name),
            "header" => *place == Place::Unknown && parameter.name.eq_ignore_ascii_case(name),
            _ => false,
        });
    let called = context.called(id);
    let Some(parameter) = found else {
        // In the path the names don't travel; whether the path fits was found out before.
        if *place != Place::Path {
            let near = all
                .clone()
                .find(|parameter| loose(&parameter.name) == loose(name));
            let span = near.map_or(context.operation(id).span, |parameter| parameter.span);
            let message = match near {
                Some(near) => format!(
                    "the page calls a parameter `{name}` that is `{}` in the document",
                    near.name
                ),
                None => format!("the document has no parameter `{name}` of `{called}`"),
            };
            context.add(
                "parameter-not-in-document",
                format!("parameter: {called} {name}"),
                fact.span,
                (id, span, "what the document says"),
                (
                    message,
                    "add the parameter, or settle it in a decision of the operation",
                ),
            );
        }
        return;
    };
    differences(
        context,
        fact.span,
        parameter,
        of_type.as_deref(),
        *required,
        id,
    );
}

fn differences(
    context: &mut Context<'_>,
    span: Span,
    parameter: &Parameter,
    of_type: Option<&str>,
    required: Option<bool>,
    id: Id,
) {
    let (called, name) = (context.called(id), &parameter.name);
    if let (Some(word), Some(own)) = (of_type, &parameter.of_type)
        && !same_type(word, own)
        && parameter.values.is_empty()
    {
        context.add(
            "type-differs",
            format!("type: {called} {name} {word}"),
            span,
            (id, parameter.span, "the parameter"),
            (
                format!("the page calls `{name}` a {word}, the document a {own}"),
                "change the document, or settle it in a decision of the operation",
            ),
        );
    }
    if let Some(required) = required
        && required != parameter.required
        && parameter.place != "path"
    {
        let (page, own) = if required {
            ("required", "optional")
        } else {
            ("optional", "required")
        };
        context.add(
            "required-differs",
            format!("required: {called} {name}"),
            span,
            (id, parameter.span, "the parameter"),
            (
                format!("`{name}` is {page} on the page and {own} in the document"),
                "change the document, or settle it in a decision of the operation",
            ),
        );
    }
}

fn request_header(context: &mut Context<'_>, span: Span, name: &str, id: Id) {
    let operation = context.operation(id);
    let declared = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.place == "header");
    let mut known = declared
        .map(|parameter| &parameter.name)
        .chain(operation.security.iter().flatten());
    let is_common = REQUEST.contains(&name.to_ascii_lowercase().as_str());
    if is_common || known.any(|known| known.eq_ignore_ascii_case(name)) {
        return;
    }
    let called = context.called(id);
    context.add(
        "header-not-in-document",
        format!("header: {called} {name}"),
        span,
        (id, operation.span, "the operation"),
        (
            format!("the page sends `{name}` with `{called}`, the document doesn't know it"),
            "add a header parameter, or settle it in a decision of the operation",
        ),
    );
}

fn response_header(context: &mut Context<'_>, span: Span, name: &str, id: Id, status: Option<u16>) {
    let operation = context.operation(id);
    let Some(response) = samples::response(operation, status) else {
        return;
    };
    let is_common = RESPONSE.contains(&name.to_ascii_lowercase().as_str());
    if is_common
        || response
            .headers
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    {
        return;
    }
    let called = context.called(id);
    context.add(
        "header-not-in-document",
        format!("header: {called} {} {name}", response.status),
        span,
        (id, response.span, "the response"),
        (
            format!("the answer to `{called}` comes with `{name}`, the document doesn't know it"),
            "add the header to the response, or settle it in a decision of the operation",
        ),
    );
}

fn status(context: &mut Context<'_>, span: Span, status: u16, id: Id) {
    let operation = context.operation(id);
    if samples::response(operation, Some(status)).is_some() {
        return;
    }
    let called = context.called(id);
    context.add(
        "status-not-in-document",
        format!("status: {called} {status}"),
        span,
        (id, operation.span, "the operation"),
        (
            format!("the page answers `{called}` with {status}, the document doesn't declare it"),
            "declare the response, or settle it in a decision of the operation",
        ),
    );
}

fn no_body(context: &mut Context<'_>, span: Span, id: Id) {
    let operation = context.operation(id);
    let Some(body) = operation.request.as_ref().filter(|body| body.required) else {
        return;
    };
    let called = context.called(id);
    context.add(
        "body-differs",
        format!("body: {called} none"),
        span,
        (id, body.span, "the body"),
        (
            format!("the page names no body for `{called}`, the document requires one"),
            "take the body out of the document, or settle it in a decision of the operation",
        ),
    );
}

fn unreadable(context: &mut Context<'_>, span: Span, side: Side, reason: &str, id: Id) {
    let called = context.called(id);
    let at = context.operation(id).span;
    context.add(
        "sample-unreadable",
        format!("sample: {called} {}", side.name()),
        span,
        (id, at, "the operation that could not be held against it"),
        (
            format!(
                "the {} sample of `{called}` can't be read: {reason}",
                side.name()
            ),
            "settle it in a decision of the operation if the page stays as it is",
        ),
    );
}

/// Where the page offers an operation, and where the document does.
fn clouds(context: &mut Context<'_>, id: Id) {
    let Some((clouds, at)) = &context.operation(id).clouds else {
        return;
    };
    let page = context.page;
    let shown: Vec<(Cloud, Span)> = page
        .facts
        .iter()
        .filter_map(|fact| match fact.kind {
            Kind::Cloud { cloud } => Some((cloud, fact.span)),
            _ => None,
        })
        .collect();
    let Some((_, first)) = shown.first() else {
        return;
    };
    let called = context.called(id);
    let help = "change `x-clouds`, or settle it in a decision of the operation";
    for (cloud, span) in &shown {
        if !clouds.iter().any(|name| name == cloud.name()) {
            context.add(
                "cloud-differs",
                format!("cloud: {called} {}", cloud.name()),
                *span,
                (id, *at, "not offered there"),
                (
                    format!(
                        "the page offers `{called}` in {}, the document doesn't",
                        cloud.place()
                    ),
                    help,
                ),
            );
        }
    }
    let all = [
        Cloud::Global,
        Cloud::China,
        Cloud::Germany,
        Cloud::UsGovernment,
    ];
    for cloud in all {
        if clouds.iter().any(|name| name == cloud.name())
            && shown.iter().all(|(other, _)| *other != cloud)
        {
            context.add(
                "cloud-differs",
                format!("cloud: {called} no {}", cloud.name()),
                *first,
                (id, *at, "offered there"),
                (
                    format!(
                        "the document offers `{called}` in {}, the page doesn't",
                        cloud.place()
                    ),
                    help,
                ),
            );
        }
    }
}

/// The request headers that the page shows for an operation.
fn request_headers<'p>(context: &Context<'p>, id: Id) -> Vec<(&'p str, Span)> {
    let page = context.page;
    let own = page.facts.iter().filter(|fact| {
        context
            .groups
            .get(&fact.group)
            .is_some_and(|ids| ids.contains(&id))
    });
    own.filter_map(|fact| match &fact.kind {
        Kind::Header {
            side: Side::Request,
            name,
        } => Some((name.as_str(), fact.span)),
        _ => None,
    })
    .collect()
}

/// Whether the samples sign in with headers that the document asks for.
fn security(context: &mut Context<'_>, id: Id) {
    let operation = context.operation(id);
    let headers = request_headers(context, id);
    let shows = |name: &String| {
        headers
            .iter()
            .any(|(shown, _)| shown.eq_ignore_ascii_case(name))
    };
    let is_shown = operation
        .security
        .iter()
        .any(|together| together.iter().all(shows));
    let Some((_, span)) = headers
        .first()
        .filter(|_| !is_shown && !operation.security.is_empty())
    else {
        return;
    };
    let called = context.called(id);
    // A credential under another name has been reported as a header.
    let reported =
        |finding: &super::Finding| finding.key.starts_with(&format!("header: {called} "));
    if context.findings.iter().any(reported) {
        return;
    }
    let wanted: Vec<String> = operation
        .security
        .iter()
        .map(|together| together.join(" and "))
        .collect();
    let wanted = wanted.join(", or ");
    context.add(
        "security-differs",
        format!("security: {called}"),
        *span,
        (id, operation.span, "the operation"),
        (
            format!("the page calls `{called}` without {wanted}"),
            "change the security of the document, or settle it in a decision of the operation",
        ),
    );
}

/// Parameters that the document requires and the page doesn't know.
fn required(context: &mut Context<'_>, id: Id) {
    let operation = context.operation(id);
    let headers = request_headers(context, id);
    let page = context.page;
    let shown: Vec<&str> = page
        .facts
        .iter()
        .filter_map(|fact| match &fact.kind {
            Kind::Parameter { name, .. } => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let start = page
        .operations()
        .map(|(.., fact)| fact.span)
        .next()
        .unwrap_or_default();
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
    {
        let is_shown = match parameter.place.as_str() {
            "query" => shown.contains(&parameter.name.as_str()),
            "header" => {
                headers.is_empty()
                    || headers
                        .iter()
                        .any(|(name, _)| name.eq_ignore_ascii_case(&parameter.name))
            }
            _ => true,
        };
        let called = context.called(id);
        // Under another name it has been reported already.
        let reported =
            |finding: &super::Finding| finding.key.starts_with(&format!("parameter: {called} "));
        if !is_shown && !context.findings.iter().any(reported) {
            let name = &parameter.name;
            context.add(
                "parameter-not-on-page",
                format!("parameter: {called} no {name}"),
                start,
                (id, parameter.span, "required here"),
                (
                    format!(
                        "the document requires `{name}` for `{called}`, the page doesn't know it"
                    ),
                    "change the document, or settle it in a decision of the operation",
                ),
            );
        }
    }
}

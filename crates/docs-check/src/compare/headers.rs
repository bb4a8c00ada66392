//! The headers of requests and responses, and the credentials among them.

use letterhead_document::{Parameter, Span};

use super::context::Context;
use super::finding::{Finding, Id};
use super::samples;
use crate::fact::{Kind, Shown, Side};
use crate::rules;

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

pub(super) fn request(context: &mut Context<'_>, span: Span, name: &str, id: Id) {
    let operation = context.operation(id);
    let declared = operation.parameters.iter().filter(|parameter| parameter.place() == "header");
    let mut known =
        declared.map(Parameter::name).chain(operation.security.iter().flatten().copied());
    let is_common = REQUEST.contains(&name.to_ascii_lowercase().as_str());
    if is_common || known.any(|known| known.eq_ignore_ascii_case(name)) {
        return;
    }
    let called = context.called(id);
    context.add(
        &rules::HEADER_NOT_IN_DOCUMENT,
        format!("header: {called} {name}"),
        span,
        (id, operation.span, "the operation"),
        (
            format!("the page sends `{name}` with `{called}`, the document doesn't know it"),
            "add a header parameter, or settle it in a decision of the operation",
        ),
    );
}

pub(super) fn response(
    context: &mut Context<'_>,
    span: Span,
    name: &str,
    id: Id,
    status: Option<u16>,
) {
    let operation = context.operation(id);
    let Some(response) = samples::response(operation, status) else {
        return;
    };
    let is_common = RESPONSE.contains(&name.to_ascii_lowercase().as_str());
    if is_common || response.headers().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
        return;
    }
    let called = context.called(id);
    context.add(
        &rules::HEADER_NOT_IN_DOCUMENT,
        format!("header: {called} {} {name}", response.status.text),
        span,
        (id, response.status.span, "the response"),
        (
            format!(
                "the response of `{called}` has a header `{name}`, the document doesn't have it"
            ),
            "add the header to the response, or settle it in a decision of the operation",
        ),
    );
}

/// The request headers that the page shows for an operation.
pub(super) fn shown<'p>(context: &Context<'p>, id: Id) -> Vec<(&'p str, Span)> {
    let page = context.page;
    let own = page
        .facts
        .iter()
        .filter(|fact| context.groups.get(&fact.group).is_some_and(|ids| ids.contains(&id)));
    own.filter_map(|fact| match &fact.kind {
        Kind::Header { side: Side::Request, name } => Some((name.as_str(), fact.span)),
        _ => None,
    })
    .collect()
}

/// Whether the samples sign in with headers that the document asks for.
pub(super) fn security(context: &mut Context<'_>, id: Id) {
    let operation = context.operation(id);
    let headers = shown(context, id);
    let shows = |name: &&str| headers.iter().any(|(shown, _)| shown.eq_ignore_ascii_case(name));
    let is_shown = operation.security.iter().any(|together| together.iter().all(shows));
    if is_shown || operation.security.is_empty() {
        return;
    }
    // A request without any header shows no more than its line; a command is complete.
    let bare = || command(context, id);
    let Some(span) = headers.first().map(|(_, span)| *span).or_else(bare) else {
        return;
    };
    let called = context.called(id);
    // A credential under another name has been reported as a header.
    let reported = |finding: &Finding| finding.key.starts_with(&format!("header: {called} "));
    if context.findings.iter().any(reported) {
        return;
    }
    let wanted: Vec<String> =
        operation.security.iter().map(|together| together.join(" and ")).collect();
    let wanted = wanted.join(", or ");
    context.add(
        &rules::SECURITY_DIFFERS,
        format!("security: {called}"),
        span,
        (id, operation.span, "the operation"),
        (
            format!("the page calls `{called}` without {wanted}"),
            "change the security of the document, or settle it in a decision of the operation",
        ),
    );
}

/// The `curl` command that shows an operation.
fn command(context: &Context<'_>, id: Id) -> Option<Span> {
    let mut own = context.page.facts.iter().filter(|fact| {
        let ids = context.groups.get(&fact.group);
        ids.is_some_and(|ids| ids.contains(&id))
    });
    own.find_map(|fact| match &fact.kind {
        Kind::Operation { shown: Shown::Curl, .. } => Some(fact.span),
        _ => None,
    })
}

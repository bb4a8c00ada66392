//! Compares the facts of a page with an operation, one by one.

use std::collections::HashSet;

use letterhead_document::{RequestBody, Span};

use super::context::Context;
use super::finding::Id;
use super::members::Members;
use super::{clouds, credentials, headers, parameters, samples};
use crate::fact::{Kind, Side};
use crate::rules;

/// Compares all facts of a page with the operations that they are about.
pub(super) fn check(context: &mut Context<'_>, own: &[Id]) {
    let page = context.page;
    let mut members = Members::default();
    let mut status = None;
    let shown: HashSet<usize> = page.operations().map(|(.., fact)| fact.group).collect();
    for fact in &page.facts {
        let Some(ids) = context.groups.get(&fact.group).cloned() else {
            // What shows no operation at all may be one that names this page.
            if let (Kind::Unreadable { side: None, reason }, [id, ..]) = (&fact.kind, own)
                && !shown.contains(&fact.group)
            {
                unreadable(context, fact.span, None, reason, *id);
            }
            continue;
        };
        let id = ids[0];
        match &fact.kind {
            Kind::Parameter { .. } => parameters::check(context, fact, &ids),
            Kind::Header { side, name } => match side {
                Side::Request => headers::request(context, fact.span, name, id),
                Side::Response => headers::response(context, fact.span, name, id, status),
            },
            Kind::Status { status: shown } => {
                status = Some(*shown);
                self::status(context, fact.span, *shown, id);
            }
            Kind::Operation { .. } => status = None,
            Kind::Member { .. } | Kind::EnumValue { .. } => members.check(context, fact, id),
            Kind::NoBody { .. } => no_body(context, fact.span, id),
            Kind::QueryValue { name, key, value } => {
                let value = (name.as_str(), key.as_deref(), value.as_deref());
                parameters::value(context, fact.span, value, &ids);
            }
            // The body of an error has no schema of the operation where its status isn't shown.
            Kind::Sample { side, status, error, json } if !error || status.is_some() => {
                samples::check(context, *side, *status, json, id);
            }
            Kind::Misplaced { side } => misplaced(context, fact.span, *side, id),
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
        clouds::check(context, id);
        credentials::check(context, id);
        headers::security(context, id);
        parameters::required(context, id);
    }
}

fn status(context: &mut Context<'_>, span: Span, status: u16, id: Id) {
    let operation = context.operation(id);
    if samples::response(operation, Some(status)).is_some() {
        return;
    }
    let called = context.called(id);
    context.add(
        &rules::STATUS_NOT_IN_DOCUMENT,
        format!("status: {called} {status}"),
        span,
        (id, operation.span, "the operation"),
        (
            format!(
                "the page shows the status {status} of `{called}`, the document doesn't declare it"
            ),
            "declare the response, or settle it in a decision of the operation",
        ),
    );
}

fn no_body(context: &mut Context<'_>, span: Span, id: Id) {
    let operation = context.operation(id);
    let Some(body) = operation.request.filter(RequestBody::is_required) else {
        return;
    };
    let called = context.called(id);
    context.add(
        &rules::BODY_DIFFERS,
        format!("body: {called} none"),
        span,
        (id, body.key.span, "the body"),
        (
            format!("the page names no body for `{called}`, the document requires one"),
            "take the body out of the document, or settle it in a decision of the operation",
        ),
    );
}

fn misplaced(context: &mut Context<'_>, span: Span, side: Side, id: Id) {
    let called = context.called(id);
    let at = context.operation(id).span;
    let promised = match side {
        Side::Request => Side::Response,
        Side::Response => Side::Request,
    };
    context.add(
        &rules::SAMPLE_MISPLACED,
        format!("misplaced: {called} {}", side.name()),
        span,
        (id, at, "the operation"),
        (
            format!("the page shows a {} of `{called}` as its {}", side.name(), promised.name()),
            "settle it in a decision of the operation if the page stays as it is",
        ),
    );
}

fn unreadable(context: &mut Context<'_>, span: Span, side: Option<Side>, reason: &str, id: Id) {
    let called = context.called(id);
    let at = context.operation(id).span;
    let (rule, key, what) = match side {
        Some(side) => {
            let key = format!("sample: {called} {}", side.name());
            (&rules::SAMPLE_UNREADABLE, key, format!("the {} sample", side.name()))
        }
        None => (&rules::TABLE_UNREADABLE, format!("table: {called}"), "a part".to_owned()),
    };
    context.add(
        rule,
        key,
        span,
        (id, at, "the operation that could not be held against it"),
        (
            format!("{what} of `{called}` can't be read: {reason}"),
            "settle it in a decision of the operation if the page stays as it is",
        ),
    );
}

//! Findings about the address of an operation: its method, its path, and what stands before it.

use super::context::Context;
use super::finding::Id;
use super::seen::{Seen, based};
use crate::rules;
use crate::target::{same_path, stable_path};

pub(super) fn server(context: &mut Context<'_>, seen: &Seen<'_>, id: Id, server: &str) {
    let called = context.called(id);
    let span = context.operation(id).span;
    context.add(
        &rules::SERVER_DIFFERS,
        format!("server: {called} {server}"),
        seen.span,
        (id, span, "the operation"),
        (
            format!("the page calls `{called}` at `{server}`, which is no server of the document"),
            "add the server to the document, or settle it in a decision",
        ),
    );
}

pub(super) fn base(context: &mut Context<'_>, seen: &Seen<'_>, id: Id, base: &str) {
    let called = context.called(id);
    let span = context.operation(id).span;
    context.add(
        &rules::BASE_DIFFERS,
        format!("base: {called} {base}"),
        seen.span,
        (id, span, "the operation"),
        (
            format!("the page shows `{called}` below `{base}`"),
            "change the path of the document, or settle it in a decision",
        ),
    );
}

pub(super) fn contradiction(context: &mut Context<'_>, seen: &Seen<'_>, other: &Seen<'_>, id: Id) {
    let what = if seen.method == other.method { "path" } else { "method" };
    let span = context.operation(id).span;
    context
        .add(
            &rules::PAGE_CONTRADICTS_ITSELF,
            format!("{what}: {}", seen.called()),
            seen.span,
            (id, span, "what the document says"),
            (
                format!(
                    "the page says `{}` here and `{}` elsewhere",
                    seen.called(),
                    other.called()
                ),
                "find out which one works, and settle it in a decision of the operation",
            ),
        )
        .also = Some((other.span, "and here".to_owned()));
}

pub(super) fn difference(context: &mut Context<'_>, seen: &Seen<'_>, id: Id) {
    let operation = context.operation(id);
    if let Some((name, _)) = context.specs[id.0].rebased(seen.path) {
        base(context, seen, id, name);
    }
    let path = based(context, seen, id);
    let (rule, what) = if same_path(operation.path, &path) {
        (&rules::METHOD_DIFFERS, "method")
    } else {
        (&rules::PATH_DIFFERS, "path")
    };
    let called = format!("{} {}", seen.method, stable_path(&path));
    let message = format!("the page says `{called}`, the document `{}`", context.called(id));
    context.add(
        rule,
        format!("{what}: {called}"),
        seen.span,
        (id, operation.span, "the operation of this page"),
        (message, "change the document, or settle it in a decision of the operation"),
    );
}

pub(super) fn missing(context: &mut Context<'_>, seen: &Seen<'_>, id: Id) {
    let span = context.operation(id).span;
    context.add(
        &rules::OPERATION_NOT_IN_DOCUMENT,
        format!("operation: {}", seen.called()),
        seen.span,
        (id, span, "an operation of the same page"),
        (
            format!("`{}` isn't in the document", seen.called()),
            "add the operation, or settle it in a decision",
        ),
    );
}

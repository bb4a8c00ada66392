//! The parameters that a page names, and those that it should.

use letterhead_document::{Parameter, Schema, Span};

use super::context::Context;
use super::finding::{Finding, Id};
use super::headers;
use super::schemas::same_type;
use crate::fact::{Fact, Kind, Place};
use crate::rules;
use crate::spec::{start_of, values_of};
use crate::target::loose;

pub(super) fn check(context: &mut Context<'_>, fact: &Fact, ids: &[Id]) {
    let Kind::Parameter { place, name, of_type, required } = &fact.kind else {
        return;
    };
    let id = ids[0];
    let all = ids.iter().flat_map(|id| &context.operation(*id).parameters);
    let found = all.clone().find(|parameter| match parameter.place() {
        "query" => *place != Place::Path && parameter.name() == name,
        "path" => *place != Place::Query && loose(parameter.name()) == loose(name),
        "header" => *place == Place::Unknown && parameter.name().eq_ignore_ascii_case(name),
        _ => false,
    });
    let called = context.called(id);
    let Some(parameter) = found else {
        // In the path the names don't travel; whether the path fits was found out before.
        // A name that a machine translated doesn't either.
        let is_certain = !context.page.is_translated || context.sent.contains(&fact.group);
        if *place != Place::Path && is_certain {
            let near = all.clone().find(|parameter| loose(parameter.name()) == loose(name));
            let span = near.map_or(context.operation(id).span, start_of);
            let message = match near {
                Some(near) => format!(
                    "the page calls a parameter `{name}` that is `{}` in the document",
                    near.name()
                ),
                None => format!("the document has no parameter `{name}` of `{called}`"),
            };
            context.add(
                &rules::PARAMETER_NOT_IN_DOCUMENT,
                format!("parameter: {called} {name}"),
                fact.span,
                (id, span, "what the document says"),
                (message, "add the parameter, or settle it in a decision of the operation"),
            );
        }
        return;
    };
    differences(context, fact.span, parameter, of_type.as_deref(), *required, id);
}

/// A value that the page sends in the query: whole, or inside of a value that is JSON.
pub(super) fn value(
    context: &mut Context<'_>,
    span: Span,
    (name, key, value): (&str, Option<&str>, Option<&str>),
    ids: &[Id],
) {
    let id = ids[0];
    let mut all = ids.iter().flat_map(|id| &context.operation(*id).parameters);
    let of_query = |one: &&Parameter<'_>| one.place() == "query" && one.name() == name;
    let Some(parameter) = all.find(of_query) else {
        return;
    };
    let called = context.called(id);
    let listed = values_of(parameter);
    let (subject, unknown) = match (key, value) {
        (None, Some(value)) if !listed.is_empty() && !listed.contains(&value) => {
            (format!("{name} {value}"), value)
        }
        (Some(key), value) => match unknown(parameter, key, value) {
            Some(unknown) if unknown == key => (format!("{name}.{key}"), key),
            Some(unknown) => (format!("{name}.{key} {unknown}"), unknown),
            None => return,
        },
        _ => return,
    };
    context.add(
        &rules::VALUE_NOT_IN_DOCUMENT,
        format!("enum: {called} {subject}"),
        span,
        (id, start_of(parameter), "the parameter"),
        (
            format!(
                "the page sends `{unknown}` in `{name}` of `{called}`, the document doesn't name it"
            ),
            "name it in the document, or settle it in a decision of the operation",
        ),
    );
}

/// The key or the value that a parameter whose value is JSON doesn't name. Its example has the keys; where the
/// description lists the example's value of a key, it lists them all.
fn unknown<'p>(parameter: &Parameter<'_>, key: &'p str, value: Option<&'p str>) -> Option<&'p str> {
    let example = parameter.node.text("example")?;
    let example: serde_json::Value = serde_json::from_str(example).ok()?;
    let Some(own) = example.as_object()?.get(key) else {
        return Some(key);
    };
    let description = parameter.node.text("description").unwrap_or_default();
    let is_listed = |value: &str| description.contains(&format!("`{value}`"));
    value.filter(|value| own.as_str().is_some_and(is_listed) && !is_listed(value))
}

fn differences(
    context: &mut Context<'_>,
    span: Span,
    parameter: &Parameter<'_>,
    of_type: Option<&str>,
    required: Option<bool>,
    id: Id,
) {
    let (called, name) = (context.called(id), parameter.name());
    let schema = parameter.schema().map(Schema::resolve);
    if let (Some(word), Some(own)) = (of_type, schema.and_then(|it| it.node.text("type")))
        && !same_type(word, own)
        && values_of(parameter).is_empty()
    {
        context.add(
            &rules::TYPE_DIFFERS,
            format!("type: {called} {name} {word}"),
            span,
            (id, start_of(parameter), "the parameter"),
            (
                format!("the page calls `{name}` a {word}, the document a {own}"),
                "change the document, or settle it in a decision of the operation",
            ),
        );
    }
    if let Some(required) = required
        && required != parameter.is_required()
        && parameter.place() != "path"
    {
        let (page, own) =
            if required { ("required", "optional") } else { ("optional", "required") };
        context.add(
            &rules::REQUIRED_DIFFERS,
            format!("required: {called} {name}"),
            span,
            (id, start_of(parameter), "the parameter"),
            (
                format!("`{name}` is {page} on the page and {own} in the document"),
                "change the document, or settle it in a decision of the operation",
            ),
        );
    }
}

/// Parameters that the document requires and the page doesn't know.
pub(super) fn required(context: &mut Context<'_>, id: Id) {
    let operation = context.operation(id);
    let headers = headers::shown(context, id);
    let page = context.page;
    let own = page.facts.iter().filter(|fact| context.is_about(fact, id));
    let shown: Vec<&str> = own
        .filter_map(|fact| match &fact.kind {
            Kind::Parameter { name, .. } => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let start = page.operations().map(|(.., fact)| fact.span).next().unwrap_or_default();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.is_required()) {
        let name = parameter.name();
        let is_shown = match parameter.place() {
            "query" => shown.contains(&name),
            "header" => {
                headers.is_empty()
                    || headers.iter().any(|(shown, _)| shown.eq_ignore_ascii_case(name))
            }
            _ => true,
        };
        let called = context.called(id);
        // Under another name it has been reported already.
        let reported =
            |finding: &Finding| finding.key.starts_with(&format!("parameter: {called} "));
        if !is_shown && !context.findings.iter().any(reported) {
            context.add(
                &rules::PARAMETER_NOT_ON_PAGE,
                format!("parameter: {called} no {name}"),
                start,
                (id, start_of(parameter), "required here"),
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

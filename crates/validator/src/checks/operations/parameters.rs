//! Parameters and headers: where they are, what they hold, and that each is there once.

use std::collections::HashMap;

use letterhead_document::{Kind as Value, Node, Span};

use super::{place_of, text};
use crate::checks::schemas::{TYPES, a};
use crate::finding::{Findings, did_you_mean};
use crate::model::{Model, Object};
use crate::rules::operations;
use crate::shape::Kind;

const LOCATIONS: [&str; 4] = ["query", "header", "path", "cookie"];

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in &model.objects {
        match object.kind {
            Kind::Parameter => {
                location(object, findings);
                ignored_parameter(object, findings);
                content(object, "parameter", findings);
                style(object, text(object.node, "in"), findings);
                style_of_type(model, object.node, object.node.get("schema"), findings);
            }
            Kind::Header => {
                ignored_header(model, object, findings);
                content(object, "header", findings);
                style(object, Some("header"), findings);
            }
            Kind::Encoding => {
                style(object, Some("encoding"), findings);
                let media_type = model.parent(object).map(|media_type| media_type.node);
                let schema = media_type.and_then(|it| model.resolve(it.get("schema")?));
                let part = object.key.and_then(|key| schema?.get("properties")?.get(&key.text));
                style_of_type(model, object.node, part, findings);
            }
            Kind::PathItem | Kind::Operation => duplicates(model, object.node, findings),
            _ => {}
        }
        if let (Some((key, _)), Some((first, _))) =
            (object.node.entry("examples"), object.node.entry("example"))
            && matches!(object.kind, Kind::Parameter | Kind::Header | Kind::MediaType)
        {
            let message = "there is an `example` beside these `examples`";
            let help = "keep one of the two; move the one example to the others";
            findings
                .add(&operations::EXAMPLE_AND_EXAMPLES, key.span, message, help)
                .and(first.span, "the other one");
        }
    }
}

fn location(object: &Object<'_>, findings: &mut Findings) {
    let Some(place) = object.node.get("in") else {
        return;
    };
    let Some(text) = place.as_str() else { return };
    if LOCATIONS.contains(&text) {
        return;
    }
    let message = format!("`{text}` is no place for a parameter");
    let help = match (text, did_you_mean(text, LOCATIONS)) {
        ("body", _) => "write a `requestBody` with a `content`; `in: body` was Swagger 2".to_owned(),
        ("formData" | "form", _) => {
            "write a `requestBody` with `application/x-www-form-urlencoded`; `in: formData` was Swagger 2"
                .to_owned()
        }
        (_, Some(near)) => format!("did you mean `{near}`?"),
        _ => "write `query`, `header`, `path` or `cookie`".to_owned(),
    };
    findings.add(&operations::PARAMETER_LOCATION, place.span, message, help);
}

fn ignored_parameter(object: &Object<'_>, findings: &mut Findings) {
    if text(object.node, "in") != Some("header") {
        return;
    }
    let Some(name) = object.node.get("name") else {
        return;
    };
    let Some(text) = name.as_str() else { return };
    let help = match text.to_ascii_lowercase().as_str() {
        "accept" => "leave it out; the keys of a response's `content` say it",
        "content-type" => "leave it out; the keys of a request body's `content` say it",
        "authorization" => "leave it out, and describe it under `security`",
        _ => return,
    };
    let message = format!("OpenAPI ignores a header parameter `{text}`");
    findings.add(&operations::IGNORED_HEADER, name.span, message, help);
}

fn ignored_header<'d>(model: &Model<'d>, object: &Object<'d>, findings: &mut Findings) {
    let parent = model.parent(object).map(|parent| parent.kind);
    if let Some(key) = object.key
        && key.text.eq_ignore_ascii_case("content-type")
        && parent != Some(Kind::Components)
    {
        let message = format!("OpenAPI ignores a header `{}` here", key.text);
        let help = match parent {
            Some(Kind::Encoding) => "leave it out, and write `contentType`",
            _ => "leave it out; the keys of `content` say it",
        };
        findings.add(&operations::IGNORED_HEADER, key.span, message, help);
    }
}

/// A parameter has a schema, or a content with one media type.
fn content(object: &Object<'_>, what: &str, findings: &mut Findings) {
    let node = object.node;
    match (node.entry("schema"), node.entry("content")) {
        (Some((first, _)), Some((key, _))) => {
            let message = format!("a {what} has a `schema` or a `content`, not both");
            let help = "leave `content` out";
            findings
                .add(&operations::SCHEMA_OR_CONTENT, key.span, message, help)
                .and(first.span, "the other one");
        }
        (None, None) => {
            // A member of Swagger 2 in its place, or a misspelt one, has a rule of its own.
            let known = object.kind.object().members;
            let has_unknown = node.members().any(|(key, _)| {
                !key.text.starts_with("x-") && known.iter().all(|member| key.text != member.name)
            });
            if !has_unknown {
                let message = match text(node, "name").or(object.key.map(|key| key.text.as_str())) {
                    Some(name) => format!("the {what} `{name}` doesn't say what it holds"),
                    None => format!("the {what} doesn't say what it holds"),
                };
                let help = "add a `schema`, such as `schema: {type: string}`";
                findings.add(&operations::SCHEMA_OR_CONTENT, place_of(object), message, help);
            }
        }
        (None, Some((key, value))) => {
            if let Value::Object(members) = &value.kind
                && members.len() != 1
            {
                let span = members.get(1).map_or(key.span, |(second, _)| second.span);
                let count = members.len();
                let message = format!("the `content` of a {what} has one media type, not {count}");
                let help = if count == 0 {
                    "write a `schema` in place of the `content`"
                } else {
                    "keep one of them"
                };
                findings.add(&operations::CONTENT_ENTRIES, span, message, help);
            }
        }
        (Some(_), None) => {}
    }
}

fn style(object: &Object<'_>, location: Option<&str>, findings: &mut Findings) {
    let allowed: &[&str] = match location {
        Some("path") => &["simple", "label", "matrix"],
        Some("query" | "encoding") => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        Some("header") => &["simple"],
        Some("cookie") => &["form"],
        _ => return,
    };
    let Some(style) = object.node.get("style") else {
        return;
    };
    let Some(text) = style.as_str() else { return };
    if allowed.contains(&text) {
        return;
    }
    let place = match location {
        Some("encoding") => "a part of a body".to_owned(),
        Some(location) => format!("`in: {location}`"),
        None => return,
    };
    let help = match (did_you_mean(text, allowed.iter().copied()), allowed) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, [one]) => format!("leave it out; it is `{one}`"),
        (None, all) => format!("write one of `{}`", all.join("`, `")),
    };
    let message = format!("`{text}` is no style for {place}");
    findings.add(&operations::UNKNOWN_STYLE, style.span, message, help);
}

/// A style that is for values of other types.
fn style_of_type<'d>(
    model: &Model<'d>,
    holder: &'d Node,
    schema: Option<&'d Node>,
    findings: &mut Findings,
) {
    let Some(style) = holder.get("style") else {
        return;
    };
    let fits: &[&str] = match style.as_str() {
        Some("deepObject") => &["object"],
        Some("spaceDelimited" | "pipeDelimited") => &["array", "object"],
        _ => return,
    };
    let resolved = schema.and_then(|schema| model.resolve(schema));
    let Some(declared) = resolved.and_then(|schema| text(schema, "type")) else {
        return;
    };
    if fits.contains(&declared) || !TYPES.contains(&declared) {
        return;
    }
    let written = style.as_str().unwrap_or_default();
    let message = format!("`{written}` is a style of {}, and this is {}", a(fits[0]), a(declared));
    let help = match (declared, fits[0]) {
        ("array", _) => "leave it out: a list is sent as a parameter for each item",
        (_, "array") => "leave it out, or write `type: array`",
        _ => "leave it out, or write `type: object`",
    };
    findings.add(&operations::STYLE_NOT_FOR_TYPE, style.span, message, help);
}

/// The same parameter twice in one list.
fn duplicates<'d>(model: &Model<'d>, holder: &'d Node, findings: &mut Findings) {
    let list = holder.get("parameters").map(Node::items).unwrap_or_default();
    let mut seen: HashMap<(&str, String), Span> = HashMap::new();
    for written in list {
        let Some(parameter) = model.resolve(written) else {
            continue;
        };
        let (Some(name), Some(place)) = (parameter.get("name"), text(parameter, "in")) else {
            continue;
        };
        let Some(text) = name.as_str() else { continue };
        let span = written.get("$ref").map_or(name.span, |target| target.span);
        let key = match place {
            "header" => text.to_ascii_lowercase(),
            _ => text.to_owned(),
        };
        if let Some(first) = seen.get(&(place, key.clone())) {
            let message = format!("the parameter `{text}` in {place} stands twice");
            findings
                .add(&operations::DUPLICATE_PARAMETER, span, message, "leave one of the two out")
                .and(*first, "it stands here first");
        } else {
            seen.insert((place, key), span);
        }
    }
}

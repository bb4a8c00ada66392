//! Parameters that the generator refuses, or that are sent in another form than the document describes.

use std::collections::{HashMap, HashSet};

use letterhead_codegen::{RESERVED_ARGUMENTS, rust_name};
use letterhead_document::{Kind as Value, Node, Span};

use super::{is_supplied, text_of};
use crate::checks::operations::stray::is_token;
use crate::finding::Findings;
use crate::model::Model;
use crate::rules::generator;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    let mut seen = HashSet::new();
    let mut collided = HashSet::new();
    for operation in &model.operations {
        let arguments: Vec<&Node> = operation
            .parameters()
            .iter()
            .map(|parameter| parameter.node)
            .filter(|parameter| !is_supplied(parameter))
            .collect();
        for parameter in &arguments {
            if seen.insert(parameter.span) {
                one(model, parameter, findings);
            }
        }
        let has_body = operation.node.get("requestBody").is_some();
        names(&arguments, has_body, &mut collided, findings);
    }
}

fn one<'d>(model: &Model<'d>, parameter: &'d Node, findings: &mut Findings) {
    let name = text_of(parameter, "name").unwrap_or_default();
    let place = text_of(parameter, "in").unwrap_or_default();
    if place == "cookie" {
        let help = "take the operation's cookie out, or describe it as a header parameter `Cookie`";
        let message = format!("`{name}` is a cookie, which the generator refuses");
        let span = parameter.get("in").unwrap_or(parameter).span;
        findings.add(&generator::COOKIE_PARAMETER, span, message, help);
        return;
    }
    if place == "header"
        && let Some(written) = parameter.get("name")
        && !is_token(name)
    {
        let message = format!("`{name}` can't be the name of a header");
        let help = "a header's name has letters, digits and hyphens: `X-Request-Id`";
        findings.add(&generator::HEADER_NAME, written.span, message, help);
        return;
    }
    if let Some((key, _)) = parameter.entry("content") {
        let message = format!("`{name}` is described by `content`, which the generator refuses");
        let help = "write `schema: {type: string}`, and say in `description` what the text holds";
        findings.add(&generator::PARAMETER_CONTENT, key.span, message, help);
        return;
    }
    let Some((key, schema)) = parameter.entry("schema") else {
        return;
    };
    if !style(model, parameter, name, place, schema, findings) {
        return;
    }
    if place == "query"
        && let Some(reserved) = parameter.get("allowReserved").filter(|node| node.is_true())
    {
        let message = format!("`{name}` is percent-encoded all the same");
        let help = "leave `allowReserved` out: every service decodes what is encoded";
        findings.add(&generator::ALLOW_RESERVED, reserved.span, message, help);
    }
    if place == "path" && is_list(model, schema) {
        let message = format!("`{name}` is a list, whose items would run together in the path");
        let help = "write `type: string`, and say in `description` what separates the items";
        findings.add(&generator::PATH_LIST, key.span, message, help);
    } else if let Err((what, help)) = carried(model, schema, false) {
        let message = format!("`{name}` is {what}, which has no form as text");
        findings.add(&generator::PARAMETER_TYPE, key.span, message, help);
    }
}

/// Whether the parameter is sent in the form that the document describes.
fn style<'d>(
    model: &Model<'d>,
    parameter: &Node,
    name: &str,
    place: &str,
    schema: &'d Node,
    findings: &mut Findings,
) -> bool {
    if let Some(written) = parameter.get("style")
        && let Some(style) = written.as_str()
        && matches!(
            (place, style),
            ("query", "spaceDelimited" | "pipeDelimited" | "deepObject")
                | ("path", "matrix" | "label")
        )
    {
        let help = match style {
            "deepObject" => {
                format!("write a parameter for each member, with names such as `{name}[member]`")
            }
            "spaceDelimited" | "pipeDelimited" => {
                "write `type: string`, and say in `description` what separates the items".to_owned()
            }
            _ => "write the prefix into the path, and leave `style` out".to_owned(),
        };
        let message = format!("`{name}` has the style `{style}`, which the generator refuses");
        findings.add(&generator::PARAMETER_STYLE, written.span, message, help);
        return false;
    }
    if place == "query"
        && let Some(explode) = parameter.get("explode")
        && matches!(explode.kind, Value::Bool(false))
        && is_list(model, schema)
    {
        let message = format!("`{name}` is a list in one piece, and goes out once for each item");
        let help = "write `type: string` for the joined list, or leave `explode` out";
        findings.add(&generator::PARAMETER_STYLE, explode.span, message, help);
        return false;
    }
    true
}

fn is_list<'d>(model: &Model<'d>, schema: &'d Node) -> bool {
    let schema = model.resolve(schema);
    schema.is_some_and(|schema| text_of(schema, "type") == Some("array"))
}

/// Whether the layer has a text for a value of this schema: what it is instead, and what to write.
fn carried<'d>(
    model: &Model<'d>,
    schema: &'d Node,
    is_item: bool,
) -> Result<(), (&'static str, String)> {
    // Another rule reports a value that is no schema.
    if !matches!(schema.kind, Value::Object(_)) {
        return Ok(());
    }
    let Some(schema) = model.resolve(schema) else {
        return Ok(());
    };
    for key in ["allOf", "anyOf", "oneOf"] {
        match schema.get(key).map(Node::items) {
            Some([only]) => return carried(model, only, is_item),
            Some([_, ..]) => {
                return Err(("a choice or a sum of schemas", "write `type: string`".to_owned()));
            }
            _ => {}
        }
    }
    let instead = "write `type: string`, and say in `description` what the text holds".to_owned();
    match text_of(schema, "type") {
        Some("string") if text_of(schema, "format") == Some("password") => Err((
            "a secret",
            "leave `format: password` out, or describe it under `security`".to_owned(),
        )),
        Some("object") => Err(("an object", instead)),
        Some("array") if is_item => Err(("a list of lists", instead)),
        Some("array") => schema.get("items").map_or(Ok(()), |items| carried(model, items, true)),
        None if schema.get("properties").is_some() => Err(("an object", instead)),
        None if schema.get("enum").is_none() => {
            Err(("of any type", "write the `type`, `type: string` if unsure".to_owned()))
        }
        _ => Ok(()),
    }
}

fn names(
    arguments: &[&Node],
    has_body: bool,
    collided: &mut HashSet<Span>,
    findings: &mut Findings,
) {
    let mut seen: HashMap<String, &Node> = HashMap::new();
    for parameter in arguments {
        let Some(written) = parameter.get("name") else {
            continue;
        };
        let name = written.as_str().unwrap_or_default();
        let rust = rust_name(name);
        if RESERVED_ARGUMENTS.contains(&rust.as_str()) || rust == "body" && has_body {
            if collided.insert(written.span) {
                let message = format!("`{name}` is a method that the generated builder has itself");
                let help = "the name on the wire can't change, so leave the parameter out, or ask for \
                            it in the layer";
                findings.add(&generator::RESERVED_ARGUMENT, written.span, message, help);
            }
            continue;
        }
        let Some(first) = seen.insert(rust.clone(), parameter) else {
            continue;
        };
        let same = |key: &str| text_of(first, key) == text_of(parameter, key);
        // The same name at the same place replaces the path's parameter, or is a duplicate, which has
        // a rule of its own.
        if same("name") && same("in") || !collided.insert(written.span) {
            continue;
        }
        let other = first.get("name").unwrap_or(first);
        let message = format!(
            "`{name}` and `{}` are both `{rust}` in Rust, and one of them would be lost",
            other.as_str().unwrap_or_default()
        );
        let help = "leave one of them out: the names on the wire can't change";
        findings
            .add(&generator::ARGUMENT_COLLISION, written.span, message, help)
            .and(other.span, "the first one");
    }
}

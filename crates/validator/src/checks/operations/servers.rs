//! Servers: their URLs and the variables in them.

use letterhead_document::{Kind as Value, Node};

use super::paths::{part, template};
use super::urls;
use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::operations;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.all(Kind::Server) {
        server(model, object.node, findings);
    }
    for object in model.all(Kind::ServerVariable) {
        variable(object.node, findings);
    }
}

fn server(model: &Model<'_>, node: &Node, findings: &mut Findings) {
    let Some(url) = node.get("url") else { return };
    let Some(written) = url.as_str() else { return };
    if urls::is_empty(written, url, findings) {
        return;
    }
    let template = match template(written) {
        Ok(template) => template,
        Err(broken) => {
            let span = part(model.document, url.span, written, broken.at, broken.length);
            findings.add(&operations::SERVER_URL, span, broken.message, broken.help);
            return;
        }
    };
    let declared: Vec<_> = node.get("variables").into_iter().flat_map(Node::members).collect();
    let has = |name: &str| template.variables.iter().any(|(variable, _)| *variable == name);
    let mut unused: Vec<_> = declared.iter().filter(|(key, _)| !has(&key.text)).collect();
    let mut complete = true;
    for (name, at) in &template.variables {
        if declared.iter().any(|(key, _)| key.text == *name) {
            continue;
        }
        complete = false;
        let near = did_you_mean(name, unused.iter().map(|(key, _)| key.text.as_str()));
        let meant = unused
            .iter()
            .position(|(key, _)| Some(key.text.as_str()) == near)
            .or((unused.len() == 1).then_some(0));
        let span = part(model.document, url.span, written, *at, name.len() + 2);
        let message = format!("the server has no variable `{name}`");
        if let Some(index) = meant {
            let (key, _) = unused.remove(index);
            let help = format!("did you mean `{{{}}}`?", key.text);
            findings
                .add(&operations::UNDEFINED_SERVER_VARIABLE, span, message, help)
                .and(key.span, "this one is not in the URL");
        } else if !super::misspells(node, "variables") {
            let help = format!("add `{name}: {{default: ...}}` to the server's `variables`");
            findings.add(&operations::UNDEFINED_SERVER_VARIABLE, span, message, help);
        }
    }
    for (key, _) in unused {
        let message = format!("the URL has no `{{{}}}`", key.text);
        let help = format!("write `{{{}}}` where it belongs, or leave the variable out", key.text);
        findings
            .add(&operations::UNUSED_SERVER_VARIABLE, key.span, message, help)
            .and(url.span, "the URL");
    }
    if !complete {
        return;
    }
    let mut filled = written.to_owned();
    for (key, variable) in &declared {
        // A port without quotes is a number, and braces are none of a URL: other rules report them at the default.
        let value = variable.get("default").map(|value| match &value.kind {
            Value::String(text) if !has_braces(text) => text.to_string(),
            _ => "1".to_owned(),
        });
        let value = value.unwrap_or_else(|| "1".to_owned());
        filled = filled.replace(&format!("{{{}}}", key.text), &value);
    }
    if let Some((reason, help)) = urls::fault(&filled, true) {
        let message = format!("`{written}` can't be the URL of a server: {reason}");
        let finding = findings.add(&operations::SERVER_URL, url.span, message, help);
        finding.severity = urls::severity(reason);
    } else if let Some(at) = filled.find(['?', '#']) {
        let what = if filled[at..].starts_with('?') { "query" } else { "fragment" };
        let message = format!("the URL of a server has no {what}, since paths are put behind it");
        let help = format!("write `{}`", &filled[..at]);
        findings.add(&operations::SERVER_URL, url.span, message, help);
    } else if written.len() > 1 && written.ends_with('/') {
        let message = format!("`{written}` ends with `/`, and every path starts with one");
        let help = format!("write `{}`", written.trim_end_matches('/'));
        findings.add(&operations::SERVER_TRAILING_SLASH, url.span, message, help);
    }
}

fn has_braces(text: &str) -> bool {
    text.contains(['{', '}'])
}

fn variable(node: &Node, findings: &mut Findings) {
    let default = node.get("default").and_then(|default| Some((default, default.as_str()?)));
    if let Some((default, value)) = default.filter(|(_, value)| has_braces(value)) {
        let message = format!("`{value}` has braces, and stands in a URL as it is");
        let help = "write a value that a server has, such as `example`";
        findings.add(&operations::SERVER_VARIABLE_DEFAULT, default.span, message, help);
        return;
    }
    let Some((key, list)) = node.entry("enum") else {
        return;
    };
    let Value::Array(values) = &list.kind else {
        return;
    };
    if values.is_empty() {
        let message = "the variable has no values to choose from";
        let help = "write them, or leave `enum` out";
        findings.add(&operations::SERVER_VARIABLE_DEFAULT, key.span, message, help);
        return;
    }
    let Some((default, value)) = default else {
        return;
    };
    let known: Vec<&str> = values.iter().filter_map(Node::as_str).collect();
    if known.len() == values.len() && !known.contains(&value) {
        let help = match did_you_mean(value, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of `{}`", known.join("`, `")),
        };
        let message = format!("`{value}` is not one of the variable's values");
        findings
            .add(&operations::SERVER_VARIABLE_DEFAULT, default.span, message, help)
            .and(key.span, "the values");
    }
}

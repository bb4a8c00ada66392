//! The variables of a path and its parameters, which have to be the same.

use letterhead_document::{Key, Kind as Value, Node, Span};

use super::paths::{part, paths, template};
use super::{misspells, place_of, text};
use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::operations;
use crate::shape::Kind;

/// A list of parameters, as far as paths go.
#[derive(Default)]
struct Declared<'d> {
    /// The parameters in the path: the name, and where it stands.
    in_path: Vec<(&'d str, Span)>,
    /// The others: the name, and the text of `in`.
    elsewhere: Vec<(&'d str, &'d Node)>,
    /// Whether one of them can't be read, so that any may be missing.
    is_uncertain: bool,
}

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for (key, item) in paths(model) {
        if let Ok(template) = template(&key.text)
            && item.get("$ref").is_none()
        {
            agree(model, key, item, &template.variables, findings);
        }
    }
    for object in model.all(Kind::Parameter) {
        let required = object.node.get("required");
        let is_word = required.is_none_or(|required| matches!(required.kind, Value::Bool(false)));
        if text(object.node, "in") == Some("path") && is_word && !misspells(object.node, "required")
        {
            let span = required.map_or_else(|| place_of(object), |required| required.span);
            let name = text(object.node, "name").unwrap_or("?");
            let message = format!("`{name}` is in the path, and not `required: true`");
            let help = match required {
                Some(_) => "write `true`: without it there is no such path",
                None => "add `required: true`",
            };
            findings.add(&operations::OPTIONAL_PATH_PARAMETER, span, message, help);
        }
    }
}

fn declared<'d>(model: &Model<'d>, holder: &'d Node) -> Declared<'d> {
    let mut declared =
        Declared { is_uncertain: misspells(holder, "parameters"), ..Declared::default() };
    let Some(list) = holder.get("parameters") else {
        return declared;
    };
    declared.is_uncertain |= !matches!(list.kind, Value::Array(_));
    for written in list.items() {
        let parameter = model.resolve(written);
        let name = parameter.and_then(|parameter| parameter.get("name"));
        let place = parameter.and_then(|parameter| parameter.get("in"));
        let (Some(name), Some(place)) = (name, place) else {
            declared.is_uncertain = true;
            continue;
        };
        let (Some(text), Some(location)) = (name.as_str(), place.as_str()) else {
            declared.is_uncertain = true;
            continue;
        };
        let span = written.get("$ref").map_or(name.span, |target| target.span);
        if location == "path" {
            declared.in_path.push((text, span));
        } else {
            declared.elsewhere.push((text, place));
        }
    }
    declared
}

/// A variable that an operation has no parameter for, or a parameter that the path has no room for.
struct Gaps<'d> {
    method: &'d Key,
    missing: Vec<&'d str>,
    extra: Vec<(&'d str, Span)>,
    elsewhere: Vec<(&'d str, &'d Node)>,
}

fn agree<'d>(
    model: &Model<'d>,
    path: &'d Key,
    item: &'d Node,
    variables: &[(&'d str, usize)],
    findings: &mut Findings,
) {
    let has = |name: &str| variables.iter().any(|(variable, _)| *variable == name);
    let shared = declared(model, item);
    let operations = item.members().filter(|(key, _)| crate::model::is_method(&key.text));
    let mut all: Vec<Gaps<'_>> = operations
        .map(|(method, operation)| {
            let own = declared(model, operation);
            let is_there = |name: &str| {
                let mut known = own.in_path.iter().chain(&shared.in_path);
                known.any(|(declared, _)| *declared == name)
            };
            let names = variables.iter().map(|(name, _)| *name);
            let missing = if own.is_uncertain || shared.is_uncertain {
                Vec::new()
            } else {
                names.filter(|name| !is_there(name)).collect()
            };
            let extra = own.in_path.iter().filter(|(name, _)| !has(name));
            Gaps { method, missing, extra: extra.copied().collect(), elsewhere: own.elsewhere }
        })
        .collect();
    let mut extra: Vec<(&str, Span)> = shared.in_path;
    extra.retain(|(name, _)| !has(name));
    // What no operation has is a fault of the path, or of the parameters they share.
    for (name, at) in variables {
        if all.is_empty() || !all.iter().all(|gaps| gaps.missing.contains(name)) {
            continue;
        }
        for gaps in &mut all {
            gaps.missing.retain(|missing| missing != name);
        }
        let span = part(model.document, path.span, &path.text, *at, name.len() + 2);
        let candidates = extra.iter().chain(all.iter().flat_map(|gaps| &gaps.extra));
        let candidates: Vec<(&str, Span)> = candidates.copied().collect();
        if let Some((meant, place)) = meant(name, &candidates) {
            let keep = |(other, _): &(&str, Span)| *other != meant;
            extra.retain(keep);
            for gaps in &mut all {
                gaps.extra.retain(keep);
            }
            // The name that another path has as well is the right one.
            if is_elsewhere(model, path, name) && !is_elsewhere(model, path, meant) {
                misnamed(path, (meant, place), name, findings);
                continue;
            }
            let message = format!("`{{{name}}}` in the path has no parameter of that name");
            let help = format!("did you mean `{{{meant}}}`?");
            findings
                .add(&operations::UNDECLARED_PATH_PARAMETER, span, message, help)
                .and(place, "this one is not in the path");
            continue;
        }
        let places = shared.elsewhere.iter().chain(all.iter().flat_map(|gaps| &gaps.elsewhere));
        let places: Vec<(&str, &Node)> = places.copied().collect();
        undeclared(model, name, span, &places, findings);
    }
    for mut gaps in all {
        for name in std::mem::take(&mut gaps.missing) {
            let found = meant(name, &gaps.extra);
            if let Some((meant, place)) = found {
                gaps.extra.retain(|(other, _)| *other != meant);
                misnamed(path, (meant, place), name, findings);
            } else {
                undeclared(model, name, gaps.method.span, &gaps.elsewhere, findings);
            }
        }
        extra.append(&mut gaps.extra);
    }
    for (name, span) in extra {
        let other = [format!(":{name}"), format!("<{name}>"), format!("${name}")];
        let written = other.iter().find(|other| path.text.contains(other.as_str()));
        let help = match written {
            Some(written) => format!("write `{{{name}}}` for `{written}` in the path"),
            None => {
                format!("add `{{{name}}}` to the path, or say where it is instead: `in: query`")
            }
        };
        let message = format!("the path `{}` has no `{{{name}}}`", path.text);
        findings
            .add(&operations::UNUSED_PATH_PARAMETER, span, message, help)
            .and(path.span, "the path");
    }
}

/// Whether another path has a variable.
fn is_elsewhere(model: &Model<'_>, path: &Key, name: &str) -> bool {
    let variable = format!("{{{name}}}");
    paths(model).any(|(other, _)| other.span != path.span && other.text.contains(&variable))
}

/// Reports a parameter that means a variable of another name.
fn misnamed(path: &Key, (written, place): (&str, Span), name: &str, findings: &mut Findings) {
    let message = format!("`{written}` is not in the path `{}`", path.text);
    let help = format!("did you mean `{name}`?");
    findings
        .add(&operations::UNDECLARED_PATH_PARAMETER, place, message, help)
        .and(path.span, "the path");
}

/// The parameter that a variable means: one of a similar name, or the only one.
fn meant<'d>(variable: &str, extra: &[(&'d str, Span)]) -> Option<(&'d str, Span)> {
    let near = did_you_mean(variable, extra.iter().map(|(name, _)| *name));
    let is_one = extra.iter().all(|(name, _)| *name == extra[0].0);
    let found = match near {
        Some(near) => extra.iter().find(|(name, _)| *name == near),
        None if is_one => extra.first(),
        None => {
            let variable = variable.to_lowercase();
            extra.iter().find(|(name, _)| {
                let name = name.to_lowercase();
                name.contains(&variable) || variable.contains(&name)
            })
        }
    };
    found.copied()
}

fn undeclared(
    model: &Model<'_>,
    name: &str,
    span: Span,
    elsewhere: &[(&str, &Node)],
    findings: &mut Findings,
) {
    let found = elsewhere.iter().find(|(other, _)| *other == name);
    let Some((_, place)) = found else {
        let message = format!("`{{{name}}}` in the path has no parameter");
        let help = match component(model, name) {
            Some(key) => format!("add `- $ref: '#/components/parameters/{key}'` to `parameters`"),
            None => format!(
                "add `- {{name: {name}, in: path, required: true, schema: {{type: string}}}}` to `parameters`"
            ),
        };
        findings.add(&operations::UNDECLARED_PATH_PARAMETER, span, message, help);
        return;
    };
    let location = place.as_str().unwrap_or_default();
    // Another rule reports a word that is none of the four.
    if matches!(location, "query" | "header" | "cookie") {
        let message =
            format!("`{{{name}}}` is in the path, and its parameter says `in: {location}`");
        findings
            .add(&operations::UNDECLARED_PATH_PARAMETER, place.span, message, "write `in: path`")
            .and(span, "the path needs it");
    }
}

/// The component that describes a variable of a path.
fn component<'d>(model: &Model<'d>, name: &str) -> Option<&'d str> {
    let parameters = model.document.root().get("components")?.get("parameters")?;
    let mut parameters = parameters.members();
    let found = parameters.find(|(_, written)| {
        let parameter = model.resolve(written);
        parameter.is_some_and(|it| text(it, "in") == Some("path") && text(it, "name") == Some(name))
    });
    found.map(|(key, _)| key.text.as_str())
}

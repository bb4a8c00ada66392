//! The paths themselves: how they are written, and that each is another one.

use std::collections::HashMap;

use letterhead_diagnostics::Severity;
use letterhead_document::{Document, Key, Node, Span};

use crate::finding::Findings;
use crate::model::Model;
use crate::rules::operations;
use crate::shape::Kind;

/// A path whose braces make sense.
pub(super) struct Template<'d> {
    /// The names in braces, each with where it stands first in the path, braces included.
    pub(super) variables: Vec<(&'d str, usize)>,
    /// The first one that stands there again, and where.
    twice: Option<(&'d str, usize)>,
}

/// What is wrong with the braces of a path: where, how long, what, and what to do.
pub(super) struct Broken {
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) message: String,
    pub(super) help: String,
}

/// Takes a path, or the URL of a server, apart.
pub(super) fn template(path: &str) -> Result<Template<'_>, Broken> {
    let broken = |at: usize, length: usize, message: String, help: String| {
        Err(Broken { at, length, message, help })
    };
    let mut variables: Vec<(&str, usize)> = Vec::new();
    let mut twice = None;
    let mut open: Option<usize> = None;
    for (at, c) in path.char_indices() {
        match (c, open) {
            ('{', None) => open = Some(at),
            ('{', Some(first)) => {
                let name = &path[first + 1..at];
                let message = format!("a second `{{` before the first one is closed, in `{path}`");
                let help = if name.is_empty() {
                    "write one pair of braces".to_owned()
                } else {
                    format!("write `{{{}}}`", name.trim_end_matches('/'))
                };
                return broken(at, 1, message, help);
            }
            ('}', None) => {
                let start = path[..at].rfind('/').map_or(0, |slash| slash + 1);
                let message = format!("a `}}` without its `{{`, in `{path}`");
                let name = &path[start..at];
                let help = if name.is_empty() || name.contains('}') {
                    "take it out".to_owned()
                } else {
                    format!("write `{{{name}}}`")
                };
                return broken(at, 1, message, help);
            }
            ('}', Some(first)) => {
                open = None;
                let name = &path[first + 1..at];
                if name.trim().is_empty() {
                    let message = format!("braces without a name, in `{path}`");
                    let help = "write the name of a parameter between them".to_owned();
                    return broken(first, at + 1 - first, message, help);
                }
                let plain = plain(name);
                if plain != name {
                    let message = format!("`{{{name}}}` is more than the name of a parameter");
                    return broken(first, at + 1 - first, message, format!("write `{{{plain}}}`"));
                }
                if variables.iter().any(|(known, _)| *known == name) {
                    twice = twice.or(Some((name, first)));
                } else {
                    variables.push((name, first));
                }
            }
            _ => {}
        }
    }
    match open {
        Some(first) => {
            let name = path[first + 1..].split('/').next().unwrap_or_default();
            let message = format!("a `{{` that is not closed, in `{path}`");
            let help = format!("write `{{{name}}}`");
            broken(first, 1 + name.len(), message, help)
        }
        None => Ok(Template { variables, twice }),
    }
}

/// The name without what other template languages put beside it.
fn plain(name: &str) -> &str {
    let name = name.trim_start_matches(['+', '#', '?', '&', '*', ';', '.', '/', ' ']);
    let end = name.find(['/', ':', '=', '*', '?', ' ']).unwrap_or(name.len());
    &name[..end]
}

/// The bytes of a part of a key or of a text; the whole where it is written with escapes.
pub(super) fn part(document: &Document, whole: Span, text: &str, at: usize, length: usize) -> Span {
    let Some(offset) = document.slice(whole).find(text) else {
        return whole;
    };
    let byte = |at: usize| u32::try_from(offset + at).unwrap_or(u32::MAX);
    let start = whole.start.saturating_add(byte(at));
    let end = whole.start.saturating_add(byte(at + length));
    Span { start, end: end.min(whole.end) }
}

/// The paths of the document, extensions left out.
pub(super) fn paths<'d>(model: &Model<'d>) -> impl Iterator<Item = (&'d Key, &'d Node)> {
    let paths = model.document.root().get("paths");
    let members = paths.into_iter().flat_map(Node::members);
    members.filter(|(key, _)| !key.text.starts_with("x-"))
}

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    let mut by_shape: HashMap<String, &Key> = HashMap::new();
    let mut by_sense: HashMap<String, &Key> = HashMap::new();
    for (key, _) in paths(model) {
        let path = key.text.as_str();
        let template = template(path);
        if let Err(broken) = &template {
            let span = part(model.document, key.span, path, broken.at, broken.length);
            findings.add(
                &operations::PATH_TEMPLATE,
                span,
                broken.message.as_str(),
                broken.help.as_str(),
            );
        }
        if !path.starts_with('/') {
            let (message, help) = if path.contains("://") {
                (
                    format!("`{path}` is a whole URL"),
                    "write its start as a server, and here what follows, from its first `/`"
                        .to_owned(),
                )
            } else {
                (format!("the path `{path}` doesn't start with `/`"), format!("write `/{path}`"))
            };
            findings.add(&operations::PATH_WITHOUT_SLASH, key.span, message, help);
            continue;
        }
        let Ok(template) = template else { continue };
        if let Some((name, at)) = template.twice {
            let span = part(model.document, key.span, path, at, name.len() + 2);
            let message = format!("`{{{name}}}` stands twice in `{path}`");
            let help =
                "give the second one a name and a parameter of its own: many tools refuse it";
            // OpenAPI 3.0 allows it; 3.2 doesn't.
            findings.add(&operations::PATH_TEMPLATE, span, message, help).severity =
                Severity::Warning;
        }
        characters(model, key, findings);
        let shape = shape(path);
        let sense = shape.trim_end_matches('/').to_lowercase();
        let sense: Vec<&str> = sense.split('/').filter(|part| !part.is_empty()).collect();
        let sense = sense.join("/");
        if let Some(first) = by_shape.get(&shape) {
            let message = format!("`{path}` and `{}` are the same path", first.text);
            let help = "move the operations of both under one of the two";
            findings
                .add(&operations::AMBIGUOUS_PATHS, key.span, message, help)
                .and(first.span, "it stands here first");
        } else if let Some(first) = by_sense.get(&sense) {
            let message = format!("`{path}` is nearly the path `{}`", first.text);
            let help = "many servers take them for the same; keep one of the two";
            findings
                .add(&operations::NEARLY_EQUAL_PATHS, key.span, message, help)
                .and(first.span, "this one");
        } else if let Some(at) = path.find("//") {
            let span = part(model.document, key.span, path, at, 2);
            let message = format!("there is nothing between two slashes of `{path}`");
            let mut right = path.to_owned();
            while right.contains("//") {
                right = right.replace("//", "/");
            }
            findings.add(
                &operations::EMPTY_PATH_SEGMENT,
                span,
                message,
                format!("write `{right}`"),
            );
        }
        by_shape.entry(shape).or_insert(key);
        by_sense.entry(sense).or_insert(key);
    }
    for object in model.all(Kind::PathItem) {
        let only_notes = |key: &Key| {
            matches!(key.text.as_str(), "summary" | "description" | "parameters" | "servers")
        };
        if let Some(key) = object.key
            && object
                .node
                .members()
                .all(|(member, _)| only_notes(member) || member.text.starts_with("x-"))
        {
            let message = format!("`{}` has no operation", key.text);
            findings.add(
                &operations::EMPTY_PATH,
                key.span,
                message,
                "add one, or leave the path out",
            );
        }
    }
}

/// What belongs into the query, into the fragment or nowhere.
fn characters(model: &Model<'_>, key: &Key, findings: &mut Findings) {
    let path = key.text.as_str();
    let is_byte = |at: usize| {
        let digits = path.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let is_odd = |at: usize, c: char| match c {
        '%' => !is_byte(at),
        _ => matches!(c, '?' | '#' | '\\') || c.is_whitespace(),
    };
    let Some((at, c)) = path.char_indices().find(|(at, c)| is_odd(*at, *c)) else {
        return;
    };
    let (what, help) = match c {
        '?' => (
            "a query",
            "leave it out here, and declare each of its members as a parameter with `in: query`",
        ),
        '#' => ("a fragment", "leave it out; a fragment is never sent to a server"),
        '\\' => ("a backslash", "write `/`"),
        '%' => ("a `%` without two digits behind it", "write `%25` for the sign itself"),
        _ => ("a blank", "leave it out, or write `%20` if it is meant"),
    };
    let rest = if matches!(c, '?' | '#') { path.len() - at } else { c.len_utf8() };
    let span = part(model.document, key.span, path, at, rest);
    let message = format!("the path `{path}` has {what} in it");
    findings.add(&operations::PATH_CHARACTERS, span, message, help);
}

/// The path without the names of its variables.
fn shape(path: &str) -> String {
    let mut shape = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        shape.push(c);
    }
    shape
}

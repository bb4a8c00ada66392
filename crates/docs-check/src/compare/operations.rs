//! Which operation of the documents a page means, and whether the page means it throughout.

use std::collections::HashSet;

use letterhead_document::Span;

use super::context::{Context, with};
use super::finding::Id;
use crate::fact::{Kind, Shown};
use crate::rules;
use crate::spec::Operation;
use crate::target::{same_path, same_path_in_prose, stable_path};

/// An operation as a page shows it.
#[derive(Clone)]
struct Seen<'p> {
    method: &'p str,
    path: &'p str,
    server: Option<&'p str>,
    shown: Shown,
    group: usize,
    span: Span,
}

impl Seen<'_> {
    /// Whether it declares the operation, and is no mere example.
    fn declares(&self) -> bool {
        matches!(self.shown, Shown::Table | Shown::Heading)
    }

    fn called(&self) -> String {
        format!("{} {}", self.method, stable_path(self.path))
    }
}

/// Finds the operation of the documents that each group of facts is about; returns how many operations are
/// outside the documents and not to be expected in them.
pub(super) fn pair(context: &mut Context<'_>, own: &[Id], named: &[Id]) -> usize {
    let seen: Vec<Seen<'_>> = context
        .page
        .facts
        .iter()
        .filter_map(|fact| match &fact.kind {
            Kind::Operation { method, path, server, shown } => Some(Seen {
                method,
                path,
                server: server.as_deref(),
                shown: *shown,
                group: fact.group,
                span: fact.span,
            }),
            _ => None,
        })
        .collect();
    let candidates: Vec<Id> = own.iter().chain(named).copied().collect();
    let mut unmatched: Vec<Seen<'_>> = Vec::new();
    let mut matched: Vec<(Seen<'_>, Id)> = Vec::new();
    for seen in seen {
        let exact = candidates.iter().copied().find(|id| {
            let operation = context.operation(*id);
            let same = if seen.shown == Shown::Table { same_path_in_prose } else { same_path };
            operation.method == seen.method && same(operation.path, seen.path)
        });
        let elsewhere = || {
            own.iter().copied().find_map(|id| {
                let operation = context.operation(id);
                let base = before(operation.path, seen.path)
                    .filter(|_| operation.method == seen.method)?;
                Some((id, format!("{}{base}", seen.server?)))
            })
        };
        if let Some((id, base)) =
            exact.map(|id| (id, seen.server.unwrap_or_default().to_owned())).or_else(elsewhere)
        {
            context.pair(seen.group, id);
            server(context, &seen, id, &base);
            matched.push((seen, id));
        } else if seen.shown != Shown::Text {
            unmatched.push(seen);
        }
    }
    if own.is_empty() {
        let known = |seen: &&Seen<'_>| seen.server.is_none();
        return unmatched.iter().filter(known).map(Seen::called).collect::<HashSet<_>>().len();
    }
    let mut outside = HashSet::new();
    let declared = matched.iter().any(|(seen, _)| seen.declares());
    // Declarations come first: examples are compared with them.
    unmatched.sort_by_key(|seen| (!seen.declares(), seen.span.start));
    let mut meant: Vec<(Seen<'_>, Id)> = Vec::new();
    for seen in unmatched {
        // Another host, another service; and what the documents have elsewhere isn't missing.
        let known = |operation: &Operation<'_>| {
            operation.method == seen.method && same_path(operation.path, seen.path)
        };
        if seen.server.is_some() || !with(context.specs, known).is_empty() {
            outside.insert(seen.called());
            continue;
        }
        let of_declared = meant
            .iter()
            .find(|(other, _)| other.method == seen.method && same_path(other.path, seen.path))
            .map(|(_, id)| *id);
        if let Some(id) = of_declared {
            context.pair(seen.group, id);
        } else if let Some((other, id)) = contradicts(context, &seen, &matched, own) {
            contradiction(context, &seen, &other, id);
            context.pair(seen.group, id);
            meant.push((seen, id));
        } else if let Some(id) = differs(context, &seen, own, &matched, &meant) {
            difference(context, &seen, id);
            context.pair(seen.group, id);
            meant.push((seen, id));
        } else if seen.declares() || declared || alike(context, &seen, own) {
            missing(context, &seen, own[0]);
        } else {
            outside.insert(seen.called());
        }
    }
    outside.len()
}

/// The operation that the page shows otherwise in another place, where either has to be wrong.
fn contradicts<'p>(
    context: &Context<'_>,
    seen: &Seen<'p>,
    matched: &[(Seen<'p>, Id)],
    own: &[Id],
) -> Option<(Seen<'p>, Id)> {
    let is_alone = |id: Id| {
        let mut others = matched
            .iter()
            .filter(|(other, found)| *found == id && is_sample(other) != is_sample(seen));
        let same_kind = matched
            .iter()
            .any(|(other, found)| *found == id && is_sample(other) == is_sample(seen));
        (!same_kind).then(|| others.next().map(|(other, _)| other.clone())).flatten()
    };
    let similar = |id: &Id| {
        let operation = context.operation(*id);
        operation.method == seen.method || likeness(operation.path, seen.path) >= ALIKE
    };
    if seen.declares() {
        own.iter().copied().filter(similar).find_map(|id| Some((is_alone(id)?, id)))
    } else {
        // An example belongs to the declaration above it.
        let above = matched
            .iter()
            .filter(|(other, _)| other.declares() && other.span.start < seen.span.start)
            .max_by_key(|(other, _)| other.span.start)?;
        is_alone(above.1)
            .filter(|_| similar(&above.1) && own.contains(&above.1))
            .map(|other| (other, above.1))
    }
}

fn is_sample(seen: &Seen<'_>) -> bool {
    matches!(seen.shown, Shown::Request | Shown::Curl)
}

/// The operation that is shown nowhere, and that the page most likely means here.
fn differs(
    context: &Context<'_>,
    seen: &Seen<'_>,
    own: &[Id],
    matched: &[(Seen<'_>, Id)],
    meant: &[(Seen<'_>, Id)],
) -> Option<Id> {
    let is_free = |id: &Id| matched.iter().chain(meant).all(|(_, other)| other != id);
    let free: Vec<Id> = own.iter().copied().filter(is_free).collect();
    let same_path_as = free.iter().find(|id| same_path(context.operation(**id).path, seen.path));
    let same_method = free.iter().filter(|id| context.operation(**id).method == seen.method);
    let nearest = same_method
        .map(|id| (likeness(context.operation(*id).path, seen.path), id))
        .max_by_key(|(likeness, _)| *likeness)
        // An example of something else is no other way to write an operation; a declaration is meant.
        .filter(|(likeness, _)| seen.declares() || *likeness >= ALIKE)
        .map(|(_, id)| id);
    // Method and path may have changed together.
    let alike = || {
        let all = free.iter().map(|id| (likeness(context.operation(*id).path, seen.path), id));
        let best = all.max_by_key(|(likeness, _)| *likeness);
        best.filter(|(likeness, _)| *likeness >= ALIKE).map(|(_, id)| id)
    };
    same_path_as.or(nearest).or_else(alike).copied()
}

/// Whether an example is of something near the page's operations.
fn alike(context: &Context<'_>, seen: &Seen<'_>, own: &[Id]) -> bool {
    own.iter().any(|id| likeness(context.operation(*id).path, seen.path) >= ALIKE)
}

/// How many percent of their segments two paths have to share to be taken for one another.
const ALIKE: usize = 30;

/// What stands before an operation's path in the path of an address at another server.
fn before<'p>(template: &str, shown: &'p str) -> Option<&'p str> {
    let starts = shown.match_indices('/').map(|(at, _)| at);
    let start = starts.skip(1).find(|at| same_path(template, &shown[*at..]))?;
    Some(&shown[..start])
}

/// How many segments two paths share, in percent.
fn likeness(left: &str, right: &str) -> usize {
    let parts = |path| -> Vec<String> {
        let stable = stable_path(path);
        stable.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (left, mut right) = (parts(left), parts(right));
    let all = left.len() + right.len();
    let shared = left.iter().filter(|part| {
        let found = right.iter().position(|other| other == *part);
        found.map(|at| right.remove(at)).is_some()
    });
    let shared = shared.count();
    shared * 100 / (all - shared).max(1)
}

fn server(context: &mut Context<'_>, seen: &Seen<'_>, id: Id, server: &str) {
    if server.is_empty() {
        return;
    }
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

fn contradiction(context: &mut Context<'_>, seen: &Seen<'_>, other: &Seen<'_>, id: Id) {
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

fn difference(context: &mut Context<'_>, seen: &Seen<'_>, id: Id) {
    let operation = context.operation(id);
    let (rule, what) = if same_path(operation.path, seen.path) {
        (&rules::METHOD_DIFFERS, "method")
    } else {
        (&rules::PATH_DIFFERS, "path")
    };
    let message =
        format!("the page says `{}`, the document `{}`", seen.called(), context.called(id));
    context.add(
        rule,
        format!("{what}: {}", seen.called()),
        seen.span,
        (id, operation.span, "the operation of this page"),
        (message, "change the document, or settle it in a decision of the operation"),
    );
}

fn missing(context: &mut Context<'_>, seen: &Seen<'_>, id: Id) {
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

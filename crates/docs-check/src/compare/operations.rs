//! Which operation of the documents a page means, and whether the page means it throughout.

use std::collections::{HashMap, HashSet};

use letterhead_document::Parameter;

use super::addresses::{base, contradiction, difference, missing, server};
use super::context::{Context, with};
use super::finding::Id;
use super::samples;
use super::schemas::is_anywhere;
use super::seen::{Seen, based, seen};
use crate::evidence::{ALIKE, Fit, fit, is_form_of, is_instance_of, likeness};
use crate::fact::{Kind, Shown};
use crate::spec::{Operation, values_of};
use crate::target::{is_placeholder, is_value, same_path};

/// Finds the operation of the documents that each group of facts is about; returns how many operations are
/// outside the documents and not to be expected in them.
///
/// What pairs them is evidence: the method and the whole path first, then the fixed segments from the end.
/// What nothing speaks for stays unpaired.
pub(super) fn pair(context: &mut Context<'_>, own: &[Id], named: &[Id]) -> usize {
    let mut unmatched: Vec<Seen<'_>> = Vec::new();
    let mut matched = Shows::default();
    let near: Vec<Id> = own.iter().chain(named).copied().collect();
    let all = reach(context, &near);
    for seen in seen(context) {
        if let Some(found) = whole(context, &seen, &near).or_else(|| whole(context, &seen, &all)) {
            context.pair(seen.group, found.id);
            found.report(context, &seen);
            matched.add(seen, found.id);
        } else if seen.shown != Shown::Text {
            unmatched.push(seen);
        }
    }
    if own.is_empty() {
        let known = |seen: &&Seen<'_>| seen.server.is_none();
        return unmatched.iter().filter(known).map(Seen::called).collect::<HashSet<_>>().len();
    }
    let declared = matched.0.iter().any(|(id, ways)| ways.is_declared && own.contains(id));
    // Declarations come first: examples are compared with them.
    unmatched.sort_by_key(|seen| (!seen.declares(), seen.span.start));
    let mut outside = HashSet::new();
    // What was paired though it differs: by what it is called, and all of them.
    let (mut meant, mut taken) = (HashMap::<String, Id>::new(), HashSet::<Id>::new());
    for seen in unmatched {
        let is_form =
            |id: &Id| is_form_of(context.operation(*id).path, &based(context, &seen, *id));
        // Another host is another service; and the form of many operations is none of them.
        if seen.server.is_some() || all.iter().any(is_form) {
            outside.insert(seen.called());
            continue;
        }
        if let Some(id) = meant.get(&seen.called()).copied() {
            context.pair(seen.group, id);
        } else if let Some(id) = instance(context, &seen, &matched) {
            context.pair(seen.group, id);
        } else if let Some((other, id)) = contradicts(context, &seen, &matched, own) {
            contradiction(context, &seen, &other, id);
            context.pair(seen.group, id);
            meant.entry(seen.called()).or_insert(id);
            taken.insert(id);
        } else if let Some(id) =
            differs(context, &seen, own, &matched, &taken).or_else(|| slashes(context, &seen, &all))
        {
            difference(context, &seen, id);
            context.pair(seen.group, id);
            meant.entry(seen.called()).or_insert(id);
            taken.insert(id);
        } else if seen.declares() || declared || alike(context, &seen, own) {
            missing(context, &seen, own[0]);
        } else {
            outside.insert(seen.called());
        }
    }
    outside.len()
}

/// The operations that a page may show: those of the documents that name it, else all.
fn reach(context: &Context<'_>, near: &[Id]) -> Vec<Id> {
    let all = with(context.specs, |_| true);
    let in_reach = |id: &Id| near.is_empty() || near.iter().any(|(spec, _)| *spec == id.0);
    all.into_iter().filter(in_reach).collect()
}

/// An operation whose method and path are what the page shows.
struct Found {
    id: Id,
    /// What the page has before the path, where the document has something else: a server, a base path.
    server: Option<String>,
    base: Option<String>,
}

fn whole(context: &Context<'_>, seen: &Seen<'_>, ids: &[Id]) -> Option<Found> {
    let same = |id: &Id| {
        let operation = context.operation(*id);
        let is_same = |path: &str| {
            fit(operation.path, path, seen.in_prose()) == Some(Fit::Whole)
                || is_example_of(operation, path)
        };
        if operation.method != seen.method {
            return None;
        }
        let server = seen.server.map(str::to_owned);
        if is_same(seen.path) {
            return Some(Found { id: *id, server, base: None });
        }
        let (base, path) = context.specs[id.0].rebased(seen.path)?;
        is_same(&path).then(|| Found { id: *id, server, base: Some(base.to_owned()) })
    };
    let elsewhere = |id: &Id| {
        let operation = context.operation(*id);
        let base = before(operation.path, seen.path).filter(|_| operation.method == seen.method)?;
        let server = Some(format!("{}{base}", seen.server?));
        Some(Found { id: *id, server, base: None })
    };
    let found = ids.iter().find_map(same);
    found.or_else(|| ids.iter().find_map(elsewhere))
}

/// Whether a path has the document's own examples in the place of what varies.
fn is_example_of(operation: &Operation<'_>, shown: &str) -> bool {
    let depth = |path: &str| path.split('/').count();
    is_instance_of(operation.path, shown)
        && depth(operation.path) == depth(shown)
        && operation.path.split('/').zip(shown.split('/')).all(|(part, word)| {
            let Some(name) = is_placeholder(part).filter(|_| is_placeholder(word).is_none()) else {
                return true;
            };
            let own = |one: &&Parameter<'_>| one.place() == "path" && one.name() == name;
            let parameter = operation.parameters.iter().find(own);
            is_value(word)
                || parameter.is_some_and(|parameter| {
                    parameter.node.text("example") == Some(word)
                        || values_of(parameter).contains(&word)
                })
        })
}

impl Found {
    fn report(&self, context: &mut Context<'_>, seen: &Seen<'_>) {
        if let Some(name) = &self.server {
            server(context, seen, self.id, name);
        }
        if let Some(name) = &self.base {
            base(context, seen, self.id, name);
        }
    }
}

/// How much speaks for an operation, though its method or its path is another one.
fn evidence(context: &Context<'_>, seen: &Seen<'_>, id: Id) -> Option<(Fit, bool)> {
    let operation = context.operation(id);
    let fit = fit(operation.path, &based(context, seen, id), seen.in_prose())?;
    let same_method = operation.method == seen.method;
    let is_likely = fit > Fit::ButOne || has_body_of(context, seen, id);
    (is_likely && (same_method || fit >= Fit::Slashes)).then_some((fit, same_method))
}

/// Whether the bodies that stand with an operation, in samples and lists of members, are another one's.
fn has_body_of(context: &Context<'_>, seen: &Seen<'_>, id: Id) -> bool {
    let mut facts = context.bodies.get(&seen.group).into_iter().flatten();
    facts.any(|fact| match &fact.kind {
        Kind::Sample { side, status, json, .. } => {
            samples::is_of(context, *side, *status, json, id)
        }
        Kind::Member { side, name, .. } => samples::declared(context.operation(id), *side, None)
            .and_then(|(schema, _)| schema)
            .is_some_and(|schema| is_anywhere(schema, name)),
        _ => false,
    })
}

/// The one operation that most speaks for; none where two are alike.
fn best(context: &Context<'_>, seen: &Seen<'_>, ids: &[Id]) -> Option<Id> {
    let all = ids.iter().filter_map(|id| Some((evidence(context, seen, *id)?, *id)));
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|(evidence, _)| std::cmp::Reverse(*evidence));
    match all.as_slice() {
        [(first, _), (second, _), ..] if first == second => None,
        [(_, id), ..] => Some(*id),
        [] => None,
    }
}

/// The operation that the page shows otherwise in another place, where either has to be wrong.
fn contradicts<'p>(
    context: &Context<'_>,
    seen: &Seen<'p>,
    matched: &Shows<'p>,
    own: &[Id],
) -> Option<(Seen<'p>, Id)> {
    // Shown in the other way alone: in a table and in no sample, or the other way round.
    let other_way = |id: Id| {
        let ways = matched.ways(id)?;
        let is_other = if is_sample(seen) { !ways.is_sampled } else { !ways.is_stated };
        is_other.then(|| ways.first.clone())
    };
    let candidates: Vec<Id> = own.iter().copied().filter(|id| other_way(*id).is_some()).collect();
    let id = best(context, seen, &candidates)
        .or_else(|| only(context, seen, own).filter(|id| candidates.contains(id)))?;
    Some((other_way(id)?, id))
}

fn is_sample(seen: &Seen<'_>) -> bool {
    matches!(seen.shown, Shown::Request | Shown::Curl)
}

/// How a page shows the operations that it shows as the documents have them.
#[derive(Default)]
struct Shows<'p>(Vec<(Id, Ways<'p>)>);

struct Ways<'p> {
    /// Where it does first.
    first: Seen<'p>,
    is_sampled: bool,
    /// In any other way than in a sample.
    is_stated: bool,
    is_declared: bool,
}

impl<'p> Shows<'p> {
    fn add(&mut self, seen: Seen<'p>, id: Id) {
        let (sample, declares) = (is_sample(&seen), seen.declares());
        let at = self.0.iter().position(|(other, _)| *other == id).unwrap_or_else(|| {
            let ways =
                Ways { first: seen, is_sampled: false, is_stated: false, is_declared: false };
            self.0.push((id, ways));
            self.0.len() - 1
        });
        let ways = &mut self.0[at].1;
        ways.is_sampled |= sample;
        ways.is_stated |= !sample;
        ways.is_declared |= declares;
    }

    fn ways(&self, id: Id) -> Option<&Ways<'p>> {
        self.0.iter().find(|(other, _)| *other == id).map(|(_, ways)| ways)
    }
}

/// The operation that the page declares with a placeholder, and shows here with a word in its place.
fn instance(context: &Context<'_>, seen: &Seen<'_>, matched: &Shows<'_>) -> Option<Id> {
    let is_instance = |id: Id| {
        let operation = context.operation(id);
        operation.method == seen.method && is_instance_of(operation.path, &based(context, seen, id))
    };
    let mut declared = matched.0.iter().filter(|(_, ways)| ways.is_declared && is_sample(seen));
    declared.find(|(id, _)| is_instance(*id)).map(|(id, _)| *id)
}

/// The operation that differs in slashes alone.
fn slashes(context: &Context<'_>, seen: &Seen<'_>, ids: &[Id]) -> Option<Id> {
    let fits = |id: &Id| evidence(context, seen, *id) == Some((Fit::Slashes, true));
    ids.iter().copied().find(fits)
}

/// The operation that is shown nowhere, and that the page means here.
fn differs(
    context: &Context<'_>,
    seen: &Seen<'_>,
    own: &[Id],
    matched: &Shows<'_>,
    meant: &HashSet<Id>,
) -> Option<Id> {
    let is_free = |id: &Id| matched.ways(*id).is_none() && !meant.contains(id);
    let free: Vec<Id> = own.iter().copied().filter(is_free).collect();
    best(context, seen, &free).or_else(|| only(context, seen, own).filter(|id| free.contains(id)))
}

/// The operation of a page that describes one alone: what it declares is that one.
fn only(context: &Context<'_>, seen: &Seen<'_>, own: &[Id]) -> Option<Id> {
    let [id] = own else {
        return None;
    };
    let operation = context.operation(*id);
    let is_alike = likeness(operation.path, seen.path) >= ALIKE;
    let declared = seen.declares() && operation.method == seen.method;
    (declared || is_alike).then_some(*id)
}

/// Whether an example is of something near the page's operations.
fn alike(context: &Context<'_>, seen: &Seen<'_>, own: &[Id]) -> bool {
    let is_near =
        |id: &Id| likeness(context.operation(*id).path, &based(context, seen, *id)) >= ALIKE;
    own.iter().any(is_near)
}

/// What stands before an operation's path in the path of an address at another server.
fn before<'p>(template: &str, shown: &'p str) -> Option<&'p str> {
    let starts = shown.match_indices('/').map(|(at, _)| at);
    let start = starts.skip(1).find(|at| same_path(template, &shown[*at..]))?;
    Some(&shown[..start])
}

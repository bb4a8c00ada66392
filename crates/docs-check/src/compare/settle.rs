//! What decisions have settled, and which of them nothing speaks for any more.

use std::collections::HashSet;

use letterhead_document::Span;

use super::finding::{Finding, Outcome, Quiet};
use super::scope::Scope;
use crate::fact::{Kind, Page};
use crate::rules;
use crate::spec::Settled;

/// Keeps each finding once for its page, and sets aside what was decided.
pub(super) fn sort_out(all: Vec<Finding>, scope: &Scope<'_>, outcome: &mut Outcome) {
    let mut seen = HashSet::new();
    let mut shown: HashSet<(usize, &str)> = HashSet::new();
    for finding in all {
        let page = finding.page.map(|(page, _)| page);
        if !seen.insert((page, finding.key.clone())) {
            continue;
        }
        let specs = scope.specs.iter().enumerate();
        let own = specs
            .filter(|(index, _)| finding.document.as_ref().is_none_or(|(own, ..)| own == index));
        let settled =
            own.flat_map(|(index, spec)| spec.settled.iter().map(move |one| (index, one)));
        let mut found: Vec<_> = settled.filter(|(_, one)| one.is(&finding.key)).collect();
        shown.extend(found.iter().map(|(index, one)| (*index, one.key)));
        // What is settled for one operation says more than what is for all.
        found.sort_by_key(|(_, one)| one.is_pattern());
        match found.first() {
            Some((_, settled)) => {
                let (decision, settles) = (settled.decision.to_owned(), settled.key.to_owned());
                outcome.settled.push(Quiet { decision, settles, finding });
            }
            None => outcome.findings.push(finding),
        }
    }
    let mut stale = Vec::new();
    for (index, spec) in scope.specs.iter().enumerate() {
        let quiet = |settled: &&Settled<'_>| !shown.contains(&(index, settled.key));
        let quiet = spec.settled.iter().filter(quiet);
        stale.extend(quiet.filter_map(|settled| self::stale(scope, outcome, index, settled)));
    }
    outcome.findings.append(&mut stale);
    outcome.findings.sort_by_key(|finding| {
        let document = finding.document.as_ref().map(|(spec, span, _)| (*spec, *span));
        (finding.rule.code, finding.page, document)
    });
}

/// A finding about what was settled where its page is there and doesn't show it. What was settled for all
/// operations has no page of its own.
fn stale(
    scope: &Scope<'_>,
    outcome: &Outcome,
    index: usize,
    settled: &Settled<'_>,
) -> Option<Finding> {
    let operations = scope.specs[index].operations.iter();
    let about = || operations.clone().filter(|one| is_about(settled.key, &one.called()));
    if settled.page.is_none() && about().next().is_none() {
        return scope.is_complete(index).then(|| unshown(index, settled, None));
    }
    let is_of = |path: &str| match &settled.page {
        Some(name) => name.is(path),
        None => about().any(|one| one.pages.iter().any(|link| link.name.is(path))),
    };
    let page = outcome.compared.iter().copied().find(|page| {
        let page = &scope.folder.pages[*page];
        is_of(&page.path) && !is_silent(page, settled.key)
    })?;
    // Where the page has another fact now, that fact is the finding.
    let mut others =
        outcome.findings.iter().filter(|other| other.page.is_some_and(|(at, _)| at == page));
    let is_replaced = others.any(|other| subject(&other.key) == subject(settled.key));
    (!is_replaced).then(|| unshown(index, settled, Some(page)))
}

/// Whether a key names an operation: `header: GET /pets X-Odd` names `GET /pets`.
fn is_about(key: &str, called: &str) -> bool {
    let rest = key.split_once(": ").and_then(|(_, rest)| rest.strip_prefix(called));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn unshown(index: usize, settled: &Settled<'_>, page: Option<usize>) -> Finding {
    Finding {
        rule: &rules::STALE_DECISION,
        key: format!("stale: {} {}", settled.decision, settled.key),
        operation: None,
        message: format!("no page shows `{}`", settled.key),
        help: format!(
            "take the key out of `settles`, and look whether decision `{}` is still needed",
            settled.decision
        ),
        page: page.map(|page| (page, Span::default())),
        also: None,
        document: Some((index, settled.span, "settled here".to_owned())),
    }
}

/// Whether a page can't show any more, or not show yet, what a key is about.
fn is_silent(page: &Page, key: &str) -> bool {
    // A page that names no cloud is about none of them.
    let names_clouds = || page.facts.iter().any(|fact| matches!(fact.kind, Kind::Cloud { .. }));
    // A page states in words that there is no body.
    key.starts_with("cloud: ") && !names_clouds() || key.ends_with(" none") && page.is_translated
}

/// The subject of a key. The method, the path and the server of an operation are one subject.
fn subject(key: &str) -> &str {
    match key.split(':').next().unwrap_or_default() {
        "path" | "method" | "operation" | "unmentioned" | "server" | "base" => "operation",
        kind => kind,
    }
}

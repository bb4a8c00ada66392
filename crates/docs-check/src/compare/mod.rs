//! Pages against documents.

mod clouds;
mod context;
mod evidence;
mod facts;
mod finding;
mod headers;
mod members;
mod operations;
mod parameters;
mod samples;
mod schemas;

use std::collections::{HashMap, HashSet};

use letterhead_document::Span;

use crate::fact::{Fact, Kind, Page, Shown};
use crate::files::Folder;
use crate::name::{Name, stem};
use crate::rules;
use crate::spec::{Documents, Operation, Spec};
use crate::target::same_path;

use context::{Context, with};
use finding::Id;

pub use finding::{Coverage, Finding, Outcome, Quiet};

/// Holds all pages against the documents.
#[must_use]
pub fn check(folder: &Folder, documents: &Documents) -> Outcome {
    let specs = documents.specs();
    let mut outcome = Outcome::default();
    let mut all = Vec::new();
    let mut shown: HashMap<Id, Vec<usize>> = HashMap::new();
    for (index, page) in folder.pages.iter().enumerate() {
        let is_of = |name: &Name| name.is(&page.path);
        let own = with(&specs, |operation| operation.pages.iter().any(is_of));
        let named = with(&specs, |operation| operation.named.iter().any(is_of));
        let mut context = Context::new(&specs, index, page);
        let outside = operations::pair(&mut context, &own, &named);
        if own.is_empty() {
            outcome.coverage.extend(coverage(index, page, &specs));
            // A name as common as `headers` is no evidence.
            if context.groups.is_empty() {
                continue;
            }
        } else if outside > 0 {
            outcome.coverage.push(Coverage { page: index, outside, inside: 0 });
        }
        outcome.compared.push(index);
        for id in context.mentioned() {
            shown.entry(id).or_default().push(index);
        }
        facts::check(&mut context, &own);
        all.append(&mut context.findings);
    }
    all.extend(unmentioned(folder, &specs, &shown));
    sort_out(all, folder, &specs, &mut outcome);
    outcome
}

/// The operations of a page that the documents don't name.
fn coverage(index: usize, page: &Page, specs: &[Spec<'_>]) -> Option<Coverage> {
    let mut seen = HashSet::new();
    let (mut inside, mut outside) = (0, 0);
    for (method, path, fact) in page.operations() {
        if is_shown(fact) && seen.insert((method, crate::target::stable_path(path))) {
            let known = |operation: &Operation<'_>| {
                operation.method == method && same_path(operation.path, path)
            };
            if with(specs, known).is_empty() {
                outside += 1;
            } else {
                inside += 1;
            }
        }
    }
    (inside + outside > 0).then_some(Coverage { page: index, outside, inside })
}

/// Whether an operation is more than mentioned.
fn is_shown(fact: &Fact) -> bool {
    !matches!(fact.kind, Kind::Operation { shown: Shown::Text, .. })
}

/// Operations whose page is there and doesn't show them.
fn unmentioned(
    folder: &Folder,
    specs: &[Spec<'_>],
    shown: &HashMap<Id, Vec<usize>>,
) -> Vec<Finding> {
    // A page without a word on any call is a guide that happens to have the name.
    let about = |page: &Page| {
        page.facts.iter().any(|fact| fact.group > 0 || matches!(fact.kind, Kind::Cloud { .. }))
    };
    let mut findings = Vec::new();
    for id in with(specs, |_| true) {
        let operation = &specs[id.0].operations[id.1];
        let elsewhere = shown.get(&id).map(Vec::as_slice).unwrap_or_default();
        for (index, name) in operation.pages.iter().enumerate() {
            let is_own = |page: &usize| {
                let page = &folder.pages[*page];
                name.is(&page.path) && about(page)
            };
            let mut own = (0..folder.pages.len()).filter(is_own).peekable();
            let Some(first) = own.peek().copied() else {
                continue;
            };
            if own.any(|page| elsewhere.contains(&page)) {
                continue;
            }
            let called = format!("{} {}", operation.method, operation.path);
            // A further page has its name in the key.
            let further = if index == 0 { "" } else { stem(&folder.pages[first].path) };
            let but = match elsewhere.first() {
                Some(page) => format!("; `{}` does", folder.pages[*page].path),
                None => String::new(),
            };
            findings.push(Finding {
                rule: &rules::OPERATION_NOT_ON_PAGE,
                key: format!("unmentioned: {called} {further}").trim_end().to_owned(),
                message: format!("the page of `{called}` doesn't show it{but}"),
                help: "if the vendor took it back, take it out of the document; if it has another page now, \
                       change `externalDocs`"
                    .to_owned(),
                page: Some((first, Span::default())),
                also: None,
                document: Some((id.0, operation.span, "the operation".to_owned())),
            });
        }
    }
    findings
}

/// Keeps each finding once for its page, and sets aside what was decided.
fn sort_out(all: Vec<Finding>, folder: &Folder, specs: &[Spec<'_>], outcome: &mut Outcome) {
    let mut seen = HashSet::new();
    let mut shown: HashSet<(usize, &str)> = HashSet::new();
    for finding in all {
        let page = finding.page.map(|(page, _)| page);
        if !seen.insert((page, finding.key.clone())) {
            continue;
        }
        let all = specs.iter().enumerate();
        let found = all
            .filter(|(index, _)| finding.document.as_ref().is_none_or(|(own, ..)| own == index))
            .find_map(|(index, spec)| {
                let settled = spec.settled.iter().find(|settled| settled.key == finding.key)?;
                Some((index, settled))
            });
        match found {
            Some((index, settled)) => {
                shown.insert((index, settled.key));
                outcome.settled.push(Quiet { decision: settled.decision.to_owned(), finding });
            }
            None => outcome.findings.push(finding),
        }
    }
    for (index, spec) in specs.iter().enumerate() {
        for settled in &spec.settled {
            let is_there = |page: &usize| {
                let path = &folder.pages[*page].path;
                settled.page.as_ref().is_some_and(|name| name.is(path))
            };
            let is_silent = |page: &usize| is_silent(&folder.pages[*page], settled.key);
            let mut pages = outcome.compared.iter().copied().filter(is_there);
            let page = pages.find(|page| !is_silent(page));
            // Where the page has another fact now, that fact is the finding.
            let replaced = |page: usize| {
                let mut others = outcome.findings.iter();
                others.any(|other| {
                    other.page.is_some_and(|(at, _)| at == page)
                        && subject(&other.key) == subject(settled.key)
                })
            };
            let is_quiet = shown.contains(&(index, settled.key));
            if let Some(page) = page.filter(|page| !is_quiet && !replaced(*page)) {
                outcome.findings.push(Finding {
                    rule: &rules::STALE_DECISION,
                    key: format!("stale: {} {}", settled.decision, settled.key),
                    message: format!("no page shows `{}` any more", settled.key),
                    help: format!(
                        "take the key out of `settles`, and look whether decision `{}` is still needed",
                        settled.decision
                    ),
                    page: Some((page, Span::default())),
                    also: None,
                    document: Some((index, settled.span, "settled here".to_owned())),
                });
            }
        }
    }
    outcome.findings.sort_by_key(|finding| {
        (finding.page, finding.document.as_ref().map(|(spec, span, _)| (*spec, *span)))
    });
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
        "path" | "method" | "operation" | "unmentioned" | "server" => "operation",
        kind => kind,
    }
}

//! Which operations the pages are about, and which they should be.

use std::collections::{HashMap, HashSet};

use letterhead_document::Span;

use super::context::with;
use super::finding::{Coverage, Finding, Id, Pair, Unread};
use crate::fact::{Fact, Kind, Page, Shown};
use crate::files::Folder;
use crate::name::{Name, stem};
use crate::rules;
use crate::spec::{Operation, PageLink, Spec};
use crate::target::{same_path, stable_path};

/// The pages of a folder, and what they show.
pub(super) struct Scope<'a> {
    pub(super) folder: &'a Folder,
    pub(super) specs: &'a [Spec<'a>],
    /// The pages that show an operation, by their indices.
    shown: HashMap<Id, Vec<usize>>,
    /// How many pages of a folder name which document's operations.
    documents: HashMap<&'a str, HashMap<usize, usize>>,
    /// Whether the folder has most of the pages that a document names, so that the rest is missed.
    is_complete: Vec<bool>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(folder: &'a Folder, specs: &'a [Spec<'a>], own: &[Vec<Id>]) -> Self {
        let mut documents: HashMap<&str, HashMap<usize, usize>> = HashMap::new();
        for (page, own) in folder.pages.iter().zip(own) {
            for (spec, _) in own {
                let counts = documents.entry(folder_of(&page.path)).or_default();
                *counts.entry(*spec).or_default() += 1;
            }
        }
        let is_complete = |spec: &Spec<'_>| {
            let mut names: Vec<&Name> = Vec::new();
            for link in spec.operations.iter().filter_map(|operation| operation.pages.first()) {
                if !names.contains(&&link.name) {
                    names.push(&link.name);
                }
            }
            let is_there = |name: &&&Name| pages_of(folder, name).next().is_some();
            names.iter().filter(is_there).count() * 2 > names.len()
        };
        let is_complete = specs.iter().map(is_complete).collect();
        Self { folder, specs, shown: HashMap::new(), documents, is_complete }
    }

    /// Notes which operations a page shows.
    pub(super) fn shows(&mut self, page: usize, operations: impl Iterator<Item = Id>) {
        for id in operations {
            let pages = self.shown.entry(id).or_default();
            if !pages.contains(&page) {
                pages.push(page);
            }
        }
    }

    /// Which page shows which operation.
    pub(super) fn pairs(&self) -> Vec<Pair> {
        let all = self.operations().flat_map(|(id, operation)| {
            let pages = self.shown_on(id).iter();
            pages.map(move |page| Pair {
                document: id.0,
                operation: operation.called(),
                page: *page,
            })
        });
        all.collect()
    }

    /// Whether all pages of a document are here, as far as one can tell.
    pub(super) fn is_complete(&self, spec: usize) -> bool {
        self.is_complete[spec]
    }

    /// The document that most pages of the same folder are about.
    pub(super) fn document_of(&self, page: usize) -> Option<usize> {
        let counts = self.documents.get(folder_of(&self.folder.pages[page].path))?;
        let most = counts.iter().max_by_key(|(_, count)| **count);
        most.map(|(spec, _)| *spec)
    }

    /// Operations whose page is there and doesn't show them.
    pub(super) fn unmentioned(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (id, operation) in self.operations() {
            for (index, link) in operation.pages.iter().enumerate() {
                let mut own = pages_of(self.folder, &link.name).peekable();
                let Some(first) = own.peek().copied() else {
                    continue;
                };
                let elsewhere = self.shown_on(id);
                if own.any(|page| elsewhere.contains(&page)) {
                    continue;
                }
                let called = operation.called();
                // A further page has its name in the key.
                let further = if index == 0 { "" } else { stem(&self.folder.pages[first].path) };
                findings.push(Finding {
                    rule: &rules::OPERATION_NOT_ON_PAGE,
                    key: format!("unmentioned: {called} {further}").trim_end().to_owned(),
                    operation: Some(called.clone()),
                    message: format!(
                        "the page of `{called}` doesn't show it{}",
                        self.but_shown(id, "does")
                    ),
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

    /// Operations without a page, though most pages of the document are here.
    pub(super) fn without_page(&self) -> Vec<Finding> {
        let all = self.lost().filter(|(id, ..)| self.is_complete(id.0));
        let findings = all.map(|(id, operation, link)| {
            let called = operation.called();
            let (span, label, says) = match link {
                Some(link) => (
                    link.span,
                    "named here",
                    format!("no page here is called `{}`, as", link.last()),
                ),
                None => (operation.span, "the operation", "no page is named for".to_owned()),
            };
            let names = if link.is_some() { " names its page" } else { "" };
            Finding {
                rule: &rules::PAGE_NOT_FOUND,
                key: format!("page: {called}"),
                operation: Some(called.clone()),
                message: format!("{says} `{called}`{names}{}", self.but_shown(id, "shows it")),
                help: "change `externalDocs`, or settle it in a decision of the operation"
                    .to_owned(),
                page: None,
                also: None,
                document: Some((id.0, span, label.to_owned())),
            }
        });
        findings.collect()
    }

    /// Operations that no page of the folder is about, where that is no surprise.
    pub(super) fn unread(&self) -> Vec<Unread> {
        let all = self.lost().filter(|(id, ..)| !self.is_complete(id.0));
        let unread =
            all.map(|(id, operation, _)| Unread { document: id.0, operation: operation.called() });
        unread.collect()
    }

    fn operations(&self) -> impl Iterator<Item = (Id, &'a Operation<'a>)> {
        let specs = self.specs;
        with(specs, |_| true).into_iter().map(|id| (id, &specs[id.0].operations[id.1]))
    }

    /// The operations whose page isn't here.
    fn lost(&self) -> impl Iterator<Item = (Id, &'a Operation<'a>, Option<&'a PageLink<'a>>)> {
        self.operations().filter_map(|(id, operation)| {
            let link = operation.pages.first();
            let is_there =
                link.is_some_and(|link| pages_of(self.folder, &link.name).next().is_some());
            (!is_there).then_some((id, operation, link))
        })
    }

    fn shown_on(&self, id: Id) -> &[usize] {
        self.shown.get(&id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The page that shows an operation though another one should.
    fn but_shown(&self, id: Id, verb: &str) -> String {
        match self.shown_on(id) {
            [first, ..] => format!("; `{}` {verb}", self.folder.pages[*first].path),
            [] => String::new(),
        }
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The pages of a name. One without a word on any call is a guide that happens to have it.
fn pages_of(folder: &Folder, name: &Name) -> impl Iterator<Item = usize> {
    let about = |page: &Page| {
        page.facts.iter().any(|fact| fact.group > 0 || matches!(fact.kind, Kind::Cloud { .. }))
    };
    let pages = folder.pages.iter().enumerate();
    let own = pages.filter(move |(_, page)| name.is(&page.path) && about(page));
    own.map(|(index, _)| index)
}

/// The operations of a page that the documents don't name.
pub(super) fn coverage(index: usize, page: &Page, specs: &[Spec<'_>]) -> Option<Coverage> {
    let mut seen = HashSet::new();
    let (mut inside, mut outside) = (0, 0);
    for (method, path, fact) in page.operations() {
        if is_shown(fact) && seen.insert((method, stable_path(path))) {
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

//! What changed on the pages since they were locked.

mod page;
mod silence;
mod swaps;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use letterhead_document::Span;

use crate::fact::Page;
use crate::lock::{Entry, Lock, Locked};
use crate::name::{Name, stem};
use crate::spec::{Documents, Operation, Spec};

use page::Comparison;

/// What changed on the pages since they were locked.
#[derive(Debug, Default)]
pub struct Changes {
    /// Facts that changed.
    pub facts: Vec<Change>,
    /// Pages whose wording alone changed: their paths.
    pub wording: Vec<String>,
    /// Pages that lie elsewhere now: from where, to where.
    pub moved: Vec<(String, String)>,
    /// Pages that the documents name and the lock doesn't have.
    pub new: Vec<String>,
    /// Pages of a vendor that has no page in these folders.
    pub absent: Vec<String>,
}

/// A fact that changed.
#[derive(Clone, Debug)]
pub struct Change {
    /// What changed, in words.
    pub message: String,
    /// The page, by its index, and the place in it; none where the page is gone.
    pub page: Option<(usize, Span)>,
    /// The page's path.
    pub path: String,
    /// The line of the lock, where the fact was there before.
    pub locked: Option<usize>,
    /// The document, by its index, and the place in it.
    pub document: Option<(usize, Span)>,
}

/// Compares pages with what was locked.
#[must_use]
pub fn diff(lock: &Lock, pages: &[Page], documents: &Documents) -> Changes {
    let specs = documents.specs();
    let mut changes = Changes::default();
    let index: BTreeMap<&str, usize> =
        pages.iter().enumerate().map(|(at, page)| (page.path.as_str(), at)).collect();
    let taken: BTreeSet<usize> =
        lock.pages.keys().filter_map(|path| index.get(path.as_str()).copied()).collect();
    // Only pages that the lock doesn't have can be where a locked one went.
    let gone = lock.pages.keys().any(|path| !index.contains_key(path.as_str()));
    let mut free: BTreeMap<usize, Locked> = BTreeMap::new();
    if gone {
        let others = pages.iter().enumerate().filter(|(at, _)| !taken.contains(at));
        free.extend(others.map(|(at, page)| (at, Locked::of(page))));
    }
    let mut missing: Vec<(&str, &Locked)> = Vec::new();
    let mut there: BTreeSet<usize> = BTreeSet::new();
    for (path, locked) in &lock.pages {
        let found = index.get(path.as_str()).copied().or_else(|| {
            let at = follow(path, locked, &free, pages)?;
            free.remove(&at);
            changes.moved.push((path.clone(), pages[at].path.clone()));
            Some(at)
        });
        match found {
            Some(at) => {
                there.extend(own(&specs, path).iter().map(|(spec, _)| *spec));
                compare(at, &pages[at], locked, &specs, &mut changes);
            }
            None => missing.push((path, locked)),
        }
    }
    for (path, locked) in missing {
        let written = own(&specs, path).first().copied();
        // In the folders that the lock was written from, nothing may be missing; in one vendor's own, the
        // pages of the others are.
        let is_elsewhere = written.is_some_and(|(spec, _)| !there.contains(&spec));
        if taken.is_empty() && is_elsewhere {
            changes.absent.push(path.to_owned());
            continue;
        }
        changes.facts.push(Change {
            message: format!("{}: the page is gone", stem(path)),
            page: None,
            path: path.to_owned(),
            locked: locked.entries.values().map(|value| value.line).min(),
            document: written.map(|(spec, operation)| (spec, operation.span)),
        });
    }
    let known: BTreeSet<&str> = lock.pages.keys().map(String::as_str).collect();
    let moved: BTreeSet<&str> = changes.moved.iter().map(|(_, to)| to.as_str()).collect();
    let is_new = |page: &&Page| {
        !known.contains(page.path.as_str())
            && !moved.contains(page.path.as_str())
            && !own(&specs, &page.path).is_empty()
    };
    changes.new = pages.iter().filter(is_new).map(|page| page.path.clone()).collect();
    changes
}

/// Where a locked page went: the one with the same content, the same name, or mostly the same facts.
fn follow(
    path: &str,
    locked: &Locked,
    free: &BTreeMap<usize, Locked>,
    pages: &[Page],
) -> Option<usize> {
    let same = free.iter().find(|(_, page)| page.content == locked.content);
    let name = Name::of_page(stem(path));
    let named = || free.iter().find(|(at, _)| name.is(&pages[**at].path));
    let entries: BTreeSet<&Entry> = locked.entries.keys().collect();
    let telling = distinctive(locked);
    let similar = || {
        let all = free.iter().map(|(at, page)| {
            let facts = likeness(&entries, &page.entries.keys().collect());
            // A page whose path changed with its name still has its members.
            let members = likeness(&telling, &self::distinctive(page));
            let enough = telling.len() > 3 && members >= 80;
            (facts.max(if enough { members } else { 0 }), at, page)
        });
        let best = all.max_by_key(|(likeness, ..)| *likeness);
        best.filter(|(likeness, ..)| *likeness >= 60 && locked.entries.len() > 3)
            .map(|(_, at, page)| (at, page))
    };
    same.or_else(named).or_else(similar).map(|(at, _)| *at)
}

/// How much two sets have in common, in percent.
fn likeness<T: Ord>(left: &BTreeSet<T>, right: &BTreeSet<T>) -> usize {
    let shared = left.intersection(right).count();
    shared * 100 / (left.len() + right.len() - shared).max(1)
}

/// The subjects that few pages share: members and parameters of any operation.
fn distinctive(page: &Locked) -> BTreeSet<&str> {
    let subjects = page.entries.keys().map(|entry| entry.subject.as_str());
    let is_distinctive = |subject: &&str| {
        [" sample ", " member ", " parameter "].iter().any(|word| subject.contains(word))
    };
    subjects.filter(is_distinctive).collect()
}

/// The operations that were written from a page, each with the index of its document.
fn own<'d>(specs: &'d [Spec<'d>], path: &str) -> Vec<(usize, &'d Operation<'d>)> {
    let specs = specs.iter().enumerate();
    let all = specs
        .flat_map(|(index, spec)| spec.operations.iter().map(move |operation| (index, operation)));
    all.filter(|(_, operation)| operation.pages.iter().any(|link| link.name.is(path))).collect()
}

fn compare(at: usize, page: &Page, locked: &Locked, specs: &[Spec<'_>], changes: &mut Changes) {
    let now = Locked::of(page);
    if now.content == locked.content {
        return;
    }
    let mut facts = Comparison::new(at, page, own(specs, &page.path), &now).with(locked);
    if facts.is_empty() {
        changes.wording.push(page.path.clone());
    }
    changes.facts.append(&mut facts);
}

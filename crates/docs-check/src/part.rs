//! The part of a lock that is about the folders at hand, however far up they begin.

use std::collections::{BTreeMap, BTreeSet};

use crate::files::Folder;
use crate::lock::Lock;
use crate::name::Name;
use crate::spec::{Documents, Spec};

/// The part of a lock that folders are about.
#[derive(Debug, Default)]
pub struct Part {
    /// Its pages, with the paths that they have in the folders.
    pub lock: Lock,
    /// What the lock has before these paths.
    prefix: String,
    /// The pages that lie elsewhere.
    rest: Lock,
}

impl Part {
    /// The part of a lock that is about folders.
    #[must_use]
    pub fn of(lock: Lock, folder: &Folder) -> Self {
        let prefix = prefix(&lock, folder);
        let mut part = Self { prefix, ..Self::default() };
        for (path, page) in lock.pages {
            let below = path.strip_prefix(&part.prefix).filter(|below| folder.covers(below));
            match below.map(str::to_owned) {
                Some(below) => part.lock.pages.insert(below, page),
                None => part.rest.pages.insert(path, page),
            };
        }
        part
    }

    /// The pages of the lock that lie elsewhere.
    pub fn elsewhere(&self) -> impl Iterator<Item = &str> {
        self.rest.paths()
    }

    /// The lock with the facts that the folders have now, and what became of the pages that they don't have.
    /// Pages that lie elsewhere stay as they were, and so do those of a vendor that the folders have no page
    /// of.
    #[must_use]
    pub fn renewed(self, folder: &Folder, documents: &Documents) -> Renewed {
        let now = Lock::of(&folder.pages);
        let specs = documents.specs();
        let vendor = |path: &str| vendor(&specs, path);
        let present: BTreeSet<usize> = now.paths().filter_map(vendor).collect();
        let mut renewed = Renewed { lock: self.rest, kept: 0, gone: Vec::new() };
        // A page that says nothing about an operation belongs to the vendor of its folder.
        let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
        for path in self.lock.paths() {
            if let Some(spec) = vendor(path) {
                folders.insert(folder_of(path), spec);
            }
        }
        let is_absent = |path: &str| {
            let spec = vendor(path).or_else(|| folders.get(folder_of(path)).copied());
            spec.is_some_and(|spec| !present.contains(&spec))
        };
        let missing = self.lock.paths().filter(|path| !now.pages.contains_key(*path));
        let (kept, gone): (Vec<&str>, Vec<&str>) = missing.partition(|path| is_absent(path));
        let kept: BTreeSet<String> = kept.into_iter().map(str::to_owned).collect();
        renewed.gone = gone.into_iter().map(str::to_owned).collect();
        let old = self.lock.pages.into_iter().filter(|(path, _)| kept.contains(path));
        renewed.lock.pages.extend(old);
        renewed.kept = renewed.lock.pages.len();
        let prefixed =
            now.pages.into_iter().map(|(path, page)| (format!("{}{path}", self.prefix), page));
        renewed.lock.pages.extend(prefixed);
        renewed
    }
}

/// A lock that was brought up to date.
#[derive(Debug)]
pub struct Renewed {
    /// The lock.
    pub lock: Lock,
    /// How many pages it has that the folders don't have.
    pub kept: usize,
    /// The pages that it no longer has.
    pub gone: Vec<String>,
}

/// What the paths of a lock begin with, where the folders begin below.
fn prefix(lock: &Lock, folder: &Folder) -> String {
    let paths = || folder.pages.iter().map(|page| page.path.as_str());
    if paths().any(|path| lock.pages.contains_key(path)) {
        return String::new();
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let here: BTreeSet<&str> = paths().collect();
    for path in lock.paths() {
        for (at, _) in path.match_indices('/') {
            if here.contains(&path[at + 1..]) {
                *counts.entry(&path[..=at]).or_default() += 1;
            }
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(prefix, _)| prefix.to_owned()).unwrap_or_default()
}

/// The document that names a page.
fn vendor(specs: &[Spec<'_>], path: &str) -> Option<usize> {
    let is_of = |name: &Name| name.is(path);
    specs.iter().position(|spec| {
        spec.operations.iter().any(|operation| operation.pages.iter().any(|link| is_of(&link.name)))
    })
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

//! One fact in the place of another: one message for both.

use std::collections::{BTreeMap, BTreeSet};

use super::page::Moved;
use super::words::{parts, swapped};
use crate::lock::{Entry, Locked, PAGE};

/// Takes out of the facts that came and went those that each came alone in the place of another one: of one
/// operation, one kind and one side.
pub(super) fn swaps<'a>(
    came: &mut Vec<Moved<'a>>,
    went: &mut Vec<Moved<'a>>,
) -> Vec<(String, Moved<'a>)> {
    let mut counts: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for moved in came.iter() {
        if let Some(key) = key(moved.entry) {
            counts.entry(key).or_default().0 += 1;
        }
    }
    for moved in went.iter() {
        if let Some(key) = key(moved.entry) {
            counts.entry(key).or_default().1 += 1;
        }
    }
    let is_swap =
        |moved: &Moved<'a>| key(moved.entry).is_some_and(|key| counts.get(&key) == Some(&(1, 1)));
    let new: Vec<Moved<'a>> = came.extract_if(.., |moved| is_swap(moved)).collect();
    let old: Vec<Moved<'a>> = went.extract_if(.., |moved| is_swap(moved)).collect();
    let old: BTreeMap<_, _> = old.into_iter().map(|moved| (key(moved.entry), moved)).collect();
    let pairs = new.into_iter().filter_map(|new| {
        let old = old.get(&key(new.entry))?;
        Some((swapped(new.entry, old.entry)?, Moved { line: old.line, ..new }))
    });
    pairs.collect()
}

/// What two facts have in common that may stand in each other's place.
fn key(entry: &Entry) -> Option<(&str, &str)> {
    Some((entry.scope.as_str(), parts(entry)?.0))
}

/// The operations whose only status is another one now, with the old one and the new one.
pub(super) fn statuses(
    before: &Locked,
    now: &Locked,
    renamed: impl Fn(&str) -> String,
) -> BTreeMap<String, (String, String)> {
    let (old, new) = (of(before, renamed), of(now, str::to_owned));
    let pairs = old.into_iter().filter_map(|(scope, old)| {
        let new = new.get(&scope)?;
        let gone: Vec<&String> = old.difference(new).collect();
        let fresh: Vec<&String> = new.difference(&old).collect();
        match (gone.as_slice(), fresh.as_slice()) {
            ([gone], [fresh]) => Some((scope, ((*gone).clone(), (*fresh).clone()))),
            _ => None,
        }
    });
    pairs.collect()
}

/// The statuses of each operation.
fn of(page: &Locked, scope: impl Fn(&str) -> String) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in page.entries.keys().filter(|entry| entry.scope != PAGE) {
        if let Some(status) = entry.subject.strip_prefix("status ") {
            all.entry(scope(&entry.scope)).or_default().insert(status.to_owned());
        }
    }
    all
}

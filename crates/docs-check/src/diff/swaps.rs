//! One fact in the place of another: one message for both.

use std::collections::{BTreeMap, BTreeSet};

use super::page::Moved;
use super::words::{moved, parts, swapped};
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

/// Takes out of the facts that came and went the members that an object or a list has under another name, or that
/// have an envelope more or less.
pub(super) fn moves<'a>(
    came: &mut Vec<Moved<'a>>,
    went: &mut Vec<Moved<'a>>,
) -> Vec<(String, Moved<'a>)> {
    let (new, old) = (members(came), members(went));
    let mut messages = Vec::new();
    let mut taken: [BTreeSet<Entry>; 2] = Default::default();
    for (key, new) in &new {
        let Some(old) = old.get(key) else {
            continue;
        };
        let (to, from) = (outer(new.keys().copied()), outer(old.keys().copied()));
        let inner = |path: &str, outer: &str| {
            path.strip_prefix(outer).map(|rest| rest.trim_start_matches('.').to_owned())
        };
        let places: BTreeMap<String, usize> =
            old.iter().filter_map(|(path, at)| Some((inner(path, &from)?, *at))).collect();
        let both =
            new.iter().filter_map(|(path, at)| Some((*at, *places.get(&inner(path, &to)?)?)));
        let both: Vec<(usize, usize)> = both.collect();
        // One member alone may be there by chance.
        if from == to || both.len() < 2 || both.len() * 2 < new.len().min(old.len()) {
            continue;
        }
        let (first, line) = (&came[both[0].0], went[both[0].1].line);
        let message = moved(first.entry, &from, &to);
        messages.push((message, Moved { entry: first.entry, place: first.place, line }));
        for (new, old) in both {
            taken[0].insert(came[new].entry.clone());
            taken[1].insert(went[old].entry.clone());
        }
    }
    came.retain(|moved| !taken[0].contains(moved.entry));
    went.retain(|moved| !taken[1].contains(moved.entry));
    messages
}

/// The members by their operation and kind, with their indices.
fn members<'m>(all: &'m [Moved<'_>]) -> BTreeMap<(&'m str, &'m str), BTreeMap<&'m str, usize>> {
    let mut members: BTreeMap<_, BTreeMap<&str, usize>> = BTreeMap::new();
    for (at, moved) in all.iter().enumerate() {
        if let Some((whole, path)) = parts(moved.entry)
            && (whole.ends_with(" sample") || whole.ends_with(" member"))
        {
            members.entry((moved.entry.scope.as_str(), whole)).or_default().insert(path, at);
        }
    }
    members
}

/// The object that all of some members are in.
fn outer<'p>(paths: impl Iterator<Item = &'p str>) -> String {
    let parents = paths.map(|path| {
        let mut parts: Vec<&str> = path.split('.').collect();
        parts.pop();
        parts
    });
    let common = parents.reduce(|common, parts| {
        let same = common.iter().zip(&parts).take_while(|(left, right)| left == right).count();
        common[..same].to_vec()
    });
    common.unwrap_or_default().join(".")
}

/// Leaves out the values of a member or a parameter that itself came, or went.
pub(super) fn without_values_of(all: &mut Vec<Moved<'_>>, names: &BTreeSet<(String, String)>) {
    all.retain(|moved| {
        let value = moved.entry.subject.strip_prefix("value ");
        let name = value.and_then(|value| value.rsplit_once(" of ")).map(|(_, name)| name);
        name.is_none_or(|name| !names.contains(&(moved.entry.scope.clone(), name.to_owned())))
    });
}

/// The members and parameters among some facts, by operation and name.
pub(super) fn names_of(all: &[Moved<'_>]) -> BTreeSet<(String, String)> {
    let named = all.iter().filter_map(|moved| {
        let (_, path) = parts(moved.entry)?;
        let name = path.rsplit('.').next().unwrap_or(path);
        Some((moved.entry.scope.clone(), name.to_owned()))
    });
    named.collect()
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

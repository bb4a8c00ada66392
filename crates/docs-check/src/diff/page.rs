//! What changed on one page.

use std::collections::{BTreeMap, BTreeSet};

use letterhead_document::Span;

use super::Change;
use super::silence::silences;
use super::words::{gained, lost, named};
use crate::evidence::{Fit, fit};
use crate::fact::Page;
use crate::lock::{Entry, Locked, PAGE, Value};
use crate::spec::Operation;
use crate::target::{loose, same_path};

/// A page as it was and as it is.
pub(super) struct Comparison<'a> {
    at: usize,
    page: &'a Page,
    /// The operations that were written from it, each with the index of its document.
    own: Vec<(usize, &'a Operation<'a>)>,
    now: &'a Locked,
    changes: Vec<Change>,
}

/// What became of the operations of a page: their methods and paths.
#[derive(Default)]
struct Scopes {
    /// Those that are called otherwise now.
    renamed: BTreeMap<String, String>,
    gone: BTreeSet<String>,
    fresh: BTreeSet<String>,
}

/// A fact that came or went.
pub(super) struct Moved<'a> {
    pub(super) entry: &'a Entry,
    /// Where it is now, or the operation that had it.
    pub(super) place: Span,
    /// The line of the lock.
    pub(super) line: Option<usize>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(
        at: usize,
        page: &'a Page,
        own: Vec<(usize, &'a Operation<'a>)>,
        now: &'a Locked,
    ) -> Self {
        Self { at, page, own, now, changes: Vec::new() }
    }

    /// What changed since it was locked.
    pub(super) fn with(mut self, locked: &Locked) -> Vec<Change> {
        let scopes = self.scopes(locked);
        let renamed = |entry: &Entry| Entry {
            scope: scopes.renamed.get(&entry.scope).unwrap_or(&entry.scope).clone(),
            subject: entry.subject.clone(),
        };
        let before: BTreeMap<Entry, (Entry, &Value)> = locked
            .entries
            .iter()
            .map(|(entry, value)| (renamed(entry), value))
            .map(|(entry, value)| (same(&entry), (entry, value)))
            .collect();
        let now = self.now;
        let now: BTreeMap<Entry, (&Entry, &Value)> =
            now.entries.iter().map(|(entry, value)| (same(entry), (entry, value))).collect();
        // A fact that moved to another operation of the page is reported with the operation.
        let with_gone: BTreeSet<&str> = subjects(before.keys(), &scopes.gone);
        let with_fresh: BTreeSet<&str> = subjects(now.keys(), &scopes.fresh);
        let (mut came, mut went) = (Vec::new(), Vec::new());
        for (key, (entry, value)) in &now {
            match before.get(key) {
                Some((_, old)) if differ(&old.detail, &value.detail) => {
                    let message =
                        format!("{} is `{}` now, was `{}`", named(entry), value.detail, old.detail);
                    self.add(&message, &entry.scope, value.place, Some(old.line));
                }
                None if !scopes.fresh.contains(&entry.scope)
                    && !with_gone.contains(key.subject.as_str()) =>
                {
                    came.push(Moved { entry, place: value.place, line: None });
                }
                _ => {}
            }
        }
        for (key, (entry, value)) in &before {
            let is_reported = scopes.gone.contains(&entry.scope)
                || now.contains_key(key)
                || with_fresh.contains(key.subject.as_str());
            if !is_reported {
                let place = self.place_of(&entry.scope);
                went.push(Moved { entry, place, line: Some(value.line) });
            }
        }
        let is_now = |scope: &str, class: &str| {
            let mut own = now.keys().filter(|entry| entry.scope == scope);
            own.any(|entry| entry.subject.starts_with(class))
        };
        let was = |scope: &str, class: &str| {
            let mut own = before.keys().filter(|entry| entry.scope == scope);
            own.any(|entry| entry.subject.starts_with(class))
        };
        for (message, moved) in silences(&mut came, &mut went, is_now, was) {
            self.add(&message, &moved.entry.scope, moved.place, moved.line);
        }
        for moved in came {
            self.add(&gained(moved.entry), &moved.entry.scope, moved.place, moved.line);
        }
        for moved in went {
            self.add(&lost(moved.entry), &moved.entry.scope, moved.place, moved.line);
        }
        self.changes.sort_by_key(|change| change.page);
        self.changes
    }

    /// What became of the operations that the page shows.
    fn scopes(&mut self, locked: &Locked) -> Scopes {
        let of = |page: &Locked| -> BTreeSet<String> {
            let scopes = page.entries.keys().map(|entry| entry.scope.clone());
            scopes.filter(|scope| scope != PAGE).collect()
        };
        let (old, new) = (of(locked), of(self.now));
        let mut scopes =
            Scopes { fresh: new.difference(&old).cloned().collect(), ..Scopes::default() };
        for scope in old.difference(&new) {
            let own = || locked.entries.iter().filter(|(entry, _)| entry.scope == *scope);
            let line = own().next().map(|(_, value)| value.line);
            let shared = |other: &str| {
                let there = |entry: &Entry| {
                    let entry = Entry { scope: other.to_owned(), subject: entry.subject.clone() };
                    self.now.entries.contains_key(&entry)
                };
                // How it is shown, and headers that all operations have, tell none from another.
                let telling = own().filter(|(entry, _)| {
                    !entry.subject.starts_with("shown as") && !entry.subject.contains(" header ")
                });
                telling.filter(|(entry, _)| there(entry)).count()
            };
            let alike = scopes.fresh.iter().filter_map(|other| {
                let evidence = (evidence(scope, other), shared(other));
                (evidence.0.is_some() || evidence.1 > 0).then_some((evidence, other))
            });
            let best = alike.max_by_key(|(evidence, _)| *evidence).map(|(_, other)| other.clone());
            if let Some(best) = best {
                let place = self.place_of(&best);
                self.add(&format!("`{scope}` is `{best}` now"), &best, place, line);
                scopes.fresh.remove(&best);
                scopes.renamed.insert(scope.clone(), best);
            } else {
                self.add(&format!("no longer shows `{scope}`"), scope, Span::default(), line);
                scopes.gone.insert(scope.clone());
            }
        }
        for scope in &scopes.fresh {
            let place = self.place_of(scope);
            self.add(&format!("now shows `{scope}`"), scope, place, None);
        }
        scopes
    }

    fn place_of(&self, scope: &str) -> Span {
        let own = self.now.entries.iter().filter(|(entry, _)| entry.scope == scope);
        own.map(|(_, value)| value.place).min().unwrap_or_default()
    }

    fn add(&mut self, message: &str, scope: &str, place: Span, locked: Option<usize>) {
        let called = scope.split_once(' ');
        let meant = self.own.iter().find(|(_, operation)| {
            called.is_some_and(|(method, path)| {
                method == operation.method && same_path(operation.path, &path.replace("{}", "{x}"))
            })
        });
        let is_about_clouds =
            ["available in", "names the clouds"].iter().any(|words| message.contains(words));
        let document = meant.or(self.own.first()).map(|(spec, operation)| {
            let clouds = operation.clouds.as_ref().filter(|_| is_about_clouds);
            (*spec, clouds.map_or(operation.span, |(_, span)| *span))
        });
        self.changes.push(Change {
            message: format!("{}: {message}", crate::name::stem(&self.page.path)),
            page: Some((self.at, place)),
            path: self.page.path.clone(),
            locked,
            document,
        });
    }
}

/// A fact as it is compared: without what spellings of the same fact differ in.
fn same(entry: &Entry) -> Entry {
    let subject = &entry.subject;
    let subject = if subject.contains(" header ") {
        // Their names are the same in any case.
        subject.to_lowercase()
    } else if let Some(name) = subject.strip_prefix("path parameter ") {
        // Their names don't travel.
        format!("path parameter {}", loose(name))
    } else {
        subject.clone()
    };
    Entry { scope: entry.scope.clone(), subject }
}

/// The subjects of some operations.
fn subjects<'e>(
    entries: impl Iterator<Item = &'e Entry>,
    scopes: &BTreeSet<String>,
) -> BTreeSet<&'e str> {
    let own = entries.filter(|entry| scopes.contains(&entry.scope));
    own.map(|entry| entry.subject.as_str()).collect()
}

/// How much speaks for an operation being another one now: the fit of their paths, and the same method.
fn evidence(old: &str, new: &str) -> Option<(Fit, bool)> {
    let ((old_method, old), (new_method, new)) = (old.split_once(' ')?, new.split_once(' ')?);
    let named = |path: &str| path.replace("{}", "{x}");
    let fit = fit(&named(old), &named(new), false)?;
    let same_method = old_method == new_method;
    (same_method || fit >= Fit::Slashes).then_some((fit, same_method))
}

/// A type that wasn't known before, or isn't any more, is no change; nor is one in another case.
fn differ(old: &str, new: &str) -> bool {
    !old.is_empty() && !new.is_empty() && !old.eq_ignore_ascii_case(new)
}

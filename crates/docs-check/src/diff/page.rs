//! What changed on one page.

use std::collections::{BTreeMap, BTreeSet};

use letterhead_document::Span;

use super::Change;
use super::silence::silences;
use super::swaps::{moves, names_of, statuses, swaps, without_values_of};
use super::words::{gained, lost, named, status};
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
        let scope = |old: &str| scopes.renamed.get(old).map_or(old, String::as_str).to_owned();
        let statuses = statuses(locked, self.now, scope);
        for (scope, (old, new)) in &statuses {
            let line = locked.line(scope, &format!("status {old}"));
            self.add(&status(scope, old, new), scope, self.place_of(scope), line);
        }
        let renamed = |entry: &Entry| {
            let scope = scope(&entry.scope);
            let subject = match statuses.get(&scope) {
                Some((old, new)) => with_status(&entry.subject, old, new),
                None => entry.subject.clone(),
            };
            Entry { scope, subject }
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
                Some((_, old)) if differ(&entry.subject, &old.detail, &value.detail) => {
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
        for all in [&mut came, &mut went] {
            let names = names_of(all);
            without_values_of(all, &names);
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
        let mut others = moves(&mut came, &mut went);
        others.extend(swaps(&mut came, &mut went));
        for (message, moved) in others {
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

/// A subject with another status.
fn with_status(subject: &str, old: &str, new: &str) -> String {
    if subject == format!("status {old}") {
        return format!("status {new}");
    }
    match subject.strip_prefix(&format!("response {old} ")) {
        Some(rest) => format!("response {new} {rest}"),
        None => subject.to_owned(),
    }
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

/// A detail that wasn't known before, or isn't any more, is no change; nor is one in another case. Type and duty are
/// details of their own.
fn differ(subject: &str, old: &str, new: &str) -> bool {
    let has_note = [" parameter ", " member "].iter().any(|kind| subject.contains(kind))
        || subject.starts_with("property ");
    if !has_note {
        return !old.is_empty() && !new.is_empty() && !old.eq_ignore_ascii_case(new);
    }
    let (old, new) = (Note::read(old), Note::read(new));
    let other =
        |old: &str, new: &str| !old.is_empty() && !new.is_empty() && !old.eq_ignore_ascii_case(new);
    other(old.of_type, new.of_type)
        || other(old.duty, new.duty)
        || old.is_read_only != new.is_read_only
}

/// What the lock notes of a member or a parameter.
struct Note<'t> {
    of_type: &'t str,
    duty: &'t str,
    is_read_only: bool,
}

impl<'t> Note<'t> {
    fn read(detail: &'t str) -> Self {
        let (rest, read_only) = last(detail, &["read-only"]);
        let (of_type, duty) = last(rest, &["required", "optional"]);
        Self { of_type, duty, is_read_only: !read_only.is_empty() }
    }
}

/// A detail without its last word, where that is one of these, and the word.
fn last<'t>(detail: &'t str, words: &[&str]) -> (&'t str, &'t str) {
    let (rest, word) = detail.rsplit_once(", ").unwrap_or(("", detail));
    if words.contains(&word) { (rest, word) } else { (detail, "") }
}

#[cfg(test)]
mod tests {
    use super::differ;

    #[test]
    fn types_and_duties_are_compared_apart() {
        for (old, new, is_change) in [
            ("int, required", "int, optional", true),
            ("int, required", "string, required", true),
            ("int, required", "int", false),
            ("required", "int, required", false),
            ("required", "int, optional", true),
            ("int", "int, required", false),
            ("", "int, required", false),
            ("INT, required", "int, required", false),
            ("object { a, b }, optional", "object { a, c }, optional", true),
            ("string, read-only", "string, required", true),
        ] {
            assert_eq!(differ("request member a", old, new), is_change, "{old} {new}");
        }
        assert!(differ("cloud china", "offered", "not offered"));
    }
}

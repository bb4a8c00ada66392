//! Changes in words.

use crate::lock::{Entry, PAGE};

fn cloud(subject: &str) -> Option<&str> {
    subject.strip_prefix("cloud ")
}

/// The operation that an entry is about, to stand behind what it says.
fn of(entry: &Entry) -> String {
    if entry.scope == PAGE { String::new() } else { format!(" of `{}`", entry.scope) }
}

/// Splits `request sample a.b` into the whole and the part.
pub(super) fn parts(entry: &Entry) -> Option<(&str, &str)> {
    for whole in ["query value ", "property "] {
        if let Some(part) = entry.subject.strip_prefix(whole) {
            return Some((whole.trim_end(), part));
        }
    }
    [" sample ", " member ", " header ", " parameter ", " repair "].into_iter().find_map(|word| {
        let at = entry.subject.find(word)?;
        Some((&entry.subject[..at + word.len() - 1], &entry.subject[at + word.len()..]))
    })
}

pub(super) fn gained(entry: &Entry) -> String {
    if let Some(cloud) = cloud(&entry.subject) {
        return format!("now available in the cloud `{cloud}`");
    }
    match parts(entry) {
        Some((whole, part)) if whole.ends_with(" sample") => {
            format!("{whole}{} gained `{part}`", of(entry))
        }
        Some((whole, part)) => format!("new {whole} `{part}`{}", of(entry)),
        None => format!("new: {}{}", entry.subject, of(entry)),
    }
}

pub(super) fn lost(entry: &Entry) -> String {
    if let Some(cloud) = cloud(&entry.subject) {
        return format!("no longer available in the cloud `{cloud}`");
    }
    match parts(entry) {
        Some((whole, part)) if whole.ends_with(" sample") => {
            format!("{whole}{} lost `{part}`", of(entry))
        }
        Some((whole, part)) => format!("no {whole} `{part}` any more{}", of(entry)),
        None => format!("no longer: {}{}", entry.subject, of(entry)),
    }
}

/// One fact in the place of another of its kind.
pub(super) fn swapped(new: &Entry, old: &Entry) -> Option<String> {
    let ((whole, new_part), (_, old_part)) = (parts(new)?, parts(old)?);
    let of = of(new);
    Some(if whole.ends_with(" sample") {
        format!("{whole}{of} gained `{new_part}` and lost `{old_part}`")
    } else {
        format!("{whole} `{new_part}`{of} in the place of `{old_part}`")
    })
}

/// Members that another object has now.
pub(super) fn moved(new: &Entry, from: &str, to: &str) -> String {
    let whole = parts(new).map_or("", |(whole, _)| whole);
    let place = |path: &str| {
        if path.is_empty() { "at its top".to_owned() } else { format!("in `{path}`") }
    };
    format!("{whole}{} has {} what was {}", of(new), place(to), place(from))
}

/// Another status of the only response.
pub(super) fn status(scope: &str, old: &str, new: &str) -> String {
    format!("the status of `{scope}` is `{new}` now, was `{old}`")
}

pub(super) fn named(entry: &Entry) -> String {
    match parts(entry) {
        Some((whole, part)) => format!("`{part}` ({whole}{})", of(entry)),
        None => format!("{}{}", entry.subject, of(entry)),
    }
}

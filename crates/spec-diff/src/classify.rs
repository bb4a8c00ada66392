//! How much a change on the wire matters.

use crate::flatten::{Entry, Flat};
use crate::{Change, Class, Side};

/// Members that only people read.
const WORDS: [&str; 9] = [
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "info",
    "summary",
    "tags",
    "title",
];

/// Extensions that say what the vendor does.
const MEANT: [&str; 3] = ["x-clouds", "x-credentials", "x-repeatable"];

/// What takes more as it grows.
const CEILINGS: [&str; 4] = ["maxItems", "maxLength", "maxProperties", "maximum"];
/// What takes less as it grows.
const FLOORS: [&str; 4] = ["minItems", "minLength", "minProperties", "minimum"];
/// What takes less by being there.
const LIMITS: [&str; 4] = ["format", "multipleOf", "pattern", "uniqueItems"];

pub(crate) fn added(path: &[String], entry: &Entry, flat: &Flat) -> Change {
    let class = if is_wording(path) { Class::Wording } else { class_of_added(path, entry, flat) };
    Change { class, subject: subject(path), old: None, new: Some(side(entry)) }
}

pub(crate) fn removed(path: &[String], entry: &Entry) -> Change {
    let class = if is_wording(path) { Class::Wording } else { class_of_removed(path, entry) };
    Change { class, subject: subject(path), old: Some(side(entry)), new: None }
}

pub(crate) fn changed(path: &[String], old: &Entry, new: &Entry) -> Change {
    let class = if is_wording(path) { Class::Wording } else { class_of_changed(path, old, new) };
    Change { class, subject: subject(path), old: Some(side(old)), new: Some(side(new)) }
}

fn class_of_added(path: &[String], entry: &Entry, flat: &Flat) -> Class {
    let (last, around) = ends(path);
    if around == "properties" {
        return Class::Additive;
    }
    // Members that a request needs now, and members that it may not have any more.
    let tightens_requests = entry.is_sent
        && (around == "required"
            || matches!(last, "enum" | "required")
            || narrows(last)
            || last == "additionalProperties" && entry.value == "false"
            || is_part(path) && is_required(path, flat));
    let loosens_responses = entry.is_received && last == "nullable" && entry.value == "true";
    // A list of clouds, or of credentials, where there was none leaves some out.
    let leaves_out = matches!(last, "security" | "x-clouds" | "x-credentials");
    if tightens_requests || loosens_responses || leaves_out { Class::Wire } else { Class::Additive }
}

fn class_of_removed(path: &[String], entry: &Entry) -> Class {
    let (last, around) = ends(path);
    if around == "properties" {
        return Class::Wire;
    }
    let loosens_requests = !entry.is_received
        && (around == "required" || matches!(last, "enum" | "required") || narrows(last));
    let tightens_responses = !entry.is_sent && last == "nullable";
    let was_a_failure = around == "responses" && !last.starts_with('2');
    let left_out = matches!(last, "default" | "security" | "x-clouds" | "x-credentials");
    if loosens_requests || tightens_responses || was_a_failure || left_out {
        Class::Additive
    } else {
        Class::Wire
    }
}

fn class_of_changed(path: &[String], old: &Entry, new: &Entry) -> Class {
    let (last, _) = ends(path);
    let grows = match (old.value.parse::<f64>(), new.value.parse::<f64>()) {
        (Ok(old), Ok(new)) => new > old,
        _ => new.value == "true",
    };
    // Whether more is taken, or may come, than before.
    let widens = match last {
        limit if CEILINGS.contains(&limit) => grows,
        limit if FLOORS.contains(&limit) => !grows,
        "nullable" | "additionalProperties" => grows,
        "required" => !grows,
        "default" => return Class::Additive,
        "x-repeatable" => {
            return if new.value == "always" { Class::Additive } else { Class::Wire };
        }
        _ => return Class::Wire,
    };
    if widens && new.is_received || !widens && new.is_sent { Class::Wire } else { Class::Additive }
}

fn narrows(keyword: &str) -> bool {
    CEILINGS.contains(&keyword) || FLOORS.contains(&keyword) || LIMITS.contains(&keyword)
}

/// Whether a place is a parameter or a body.
fn is_part(path: &[String]) -> bool {
    path.len() == 2 && (path[1] == "requestBody" || path[1].contains(" parameter "))
}

fn is_required(path: &[String], flat: &Flat) -> bool {
    let mut way = path.to_vec();
    way.push("required".to_owned());
    flat.entries.get(&way).is_some_and(|entry| entry.value == "true")
}

/// Whether a place, or what it stands in, is for people; a property may have any name.
fn is_wording(path: &[String]) -> bool {
    let mut around = "";
    for (depth, name) in path.iter().enumerate() {
        let is_word = WORDS.contains(&name.as_str())
            && (depth > 0 || name == "info" || name == "tags")
            || name == "externalDocs"
            || name.starts_with("x-") && !MEANT.contains(&name.as_str());
        if is_word && !["properties", "enum", "required"].contains(&around) {
            return true;
        }
        around = name;
    }
    false
}

fn ends(path: &[String]) -> (&str, &str) {
    let last = path.last().map_or("", String::as_str);
    let around = path.len().checked_sub(2).map_or("", |at| path[at].as_str());
    (last, around)
}

/// The way to a place, for people.
fn subject(path: &[String]) -> String {
    let names = path.iter().filter(|name| !["properties", "schema"].contains(&name.as_str()));
    names.map(String::as_str).collect::<Vec<_>>().join(" > ")
}

fn side(entry: &Entry) -> Side {
    Side { value: entry.value.clone(), span: Some(entry.span) }
}

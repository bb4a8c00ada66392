//! Where a page says nothing any more, or nothing was said before: one message in place of one for each
//! fact. Silence is no statement, so nothing is called gone that only isn't mentioned.

use std::collections::BTreeMap;

use super::page::Moved;

/// Classes of facts that a page may fall silent about: how their subjects begin, and what they are called.
const CLASSES: [(&str, &str); 16] = [
    ("cloud ", "the clouds that it applies to"),
    ("credential", "rule about credentials"),
    ("path parameter ", "path parameters"),
    ("query parameter ", "query parameters"),
    ("unknown parameter ", "parameters"),
    ("query value ", "values in the query"),
    ("value ", "values"),
    ("request header ", "request headers"),
    ("response header ", "response headers"),
    ("request member ", "members of the request"),
    ("response member ", "members of the response"),
    ("property ", "members of types"),
    ("request sample ", "request sample"),
    ("response sample ", "response sample"),
    ("status ", "status"),
    ("server ", "server"),
];

/// How many facts a message names.
const NAMED: usize = 5;

/// Takes out of the facts that came and went those that a message each says together.
pub(super) fn silences<'a>(
    came: &mut Vec<Moved<'a>>,
    went: &mut Vec<Moved<'a>>,
    is_now: impl Fn(&str, &str) -> bool,
    was: impl Fn(&str, &str) -> bool,
) -> Vec<(String, Moved<'a>)> {
    let mut messages = Vec::new();
    // How an operation is shown is no fact about it.
    came.retain(|moved| !moved.entry.subject.starts_with("shown as"));
    went.retain(|moved| !moved.entry.subject.starts_with("shown as"));
    for side in ["request", "response"] {
        let unreadable = format!("{side} unreadable");
        let sample = |subject: &str| {
            class(subject).0.starts_with(side) && class(subject).0.contains("sample")
        };
        let is_it = |moved: &Moved<'_>| moved.entry.subject == unreadable;
        while let Some(at) = went.iter().position(is_it) {
            let readable = went.remove(at);
            let scope = &readable.entry.scope;
            let said =
                take(came, |moved| moved.entry.scope == *scope && sample(&moved.entry.subject));
            let (news, of) = (names(&said), of(scope));
            let news = if news.is_empty() { news } else { format!(", and newly says {news}") };
            let place = said.first().map_or(readable.place, |first| first.place);
            let message = format!("the {side} sample{of} can be read now{news}");
            messages.push((message, Moved { place, ..readable }));
        }
        while let Some(at) = came.iter().position(is_it) {
            let unreadable = came.remove(at);
            let scope = &unreadable.entry.scope;
            let said =
                take(went, |moved| moved.entry.scope == *scope && sample(&moved.entry.subject));
            let line = said.first().and_then(|first| first.line);
            let message = format!("the {side} sample{} can't be read any more", of(scope));
            messages.push((message, Moved { line, ..unreadable }));
        }
    }
    for (classes, there, verb) in
        [(went, &is_now as &dyn Fn(&str, &str) -> bool, "no longer"), (came, &was, "now")]
    {
        let mut groups: BTreeMap<(String, String, String), Vec<Moved<'a>>> = BTreeMap::new();
        let is_silent = |moved: &Moved<'_>| {
            let (class, noun) = class(&moved.entry.subject);
            !noun.is_empty() && !there(&moved.entry.scope, &class)
        };
        for moved in take(classes, is_silent) {
            let (class, noun) = class(&moved.entry.subject);
            groups.entry((moved.entry.scope.clone(), class, noun)).or_default().push(moved);
        }
        for ((scope, _, noun), mut group) in groups {
            let names = names(&group);
            let was = if verb == "now" { "" } else { "was " };
            let listed = if names.is_empty() { names } else { format!(" ({was}{names})") };
            // A sample is one thing, and so is a rule; of all else there are several.
            let what = match noun.as_str() {
                noun if noun.ends_with("sample") => format!("shows a {noun}"),
                noun if listed.is_empty() => format!("says a {noun}"),
                noun => format!("names {noun}"),
            };
            let message = format!("{verb} {what}{}{listed}", of(&scope));
            messages.push((message, group.swap_remove(0)));
        }
    }
    messages
}

fn take<'a>(all: &mut Vec<Moved<'a>>, is: impl Fn(&Moved<'a>) -> bool) -> Vec<Moved<'a>> {
    all.extract_if(.., |moved| is(moved)).collect()
}

/// The class of a subject: how all of its kind begin, and what they are called. Samples of each status are a
/// class of their own.
fn class(subject: &str) -> (String, String) {
    let known = CLASSES.iter().find(|(start, _)| subject.starts_with(start));
    if let Some((start, noun)) = known {
        return ((*start).to_owned(), (*noun).to_owned());
    }
    match subject.split_once(" sample ") {
        Some((whole, _)) if whole.starts_with("response ") => {
            (format!("{whole} sample "), format!("{whole} sample"))
        }
        _ => (subject.to_owned(), String::new()),
    }
}

fn of(scope: &str) -> String {
    if scope == crate::lock::PAGE { String::new() } else { format!(" of `{scope}`") }
}

/// What a class has, without what all of it have in common.
fn names(group: &[Moved<'_>]) -> String {
    let name = |moved: &Moved<'_>| {
        let subject = &moved.entry.subject;
        let (start, _) = class(subject);
        let name = subject.strip_prefix(start.as_str()).unwrap_or_default().trim();
        (!name.is_empty()).then(|| format!("`{name}`"))
    };
    let names: Vec<String> = group.iter().filter_map(name).collect();
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    names[..names.len().min(NAMED)].join(", ") + &more
}

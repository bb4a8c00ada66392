//! `pattern`: an expression of ECMA 262 that means the same to everyone.

use std::collections::HashMap;

use crate::finding::Findings;
use crate::model::Model;
use crate::rule::Rule;
use crate::rules::schemas;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    // The same few patterns stand everywhere in a document.
    let mut known: HashMap<&str, Option<Fault>> = HashMap::new();
    for object in model.all(Kind::Schema) {
        let Some(node) = object.node.get("pattern") else {
            continue;
        };
        if let Some(pattern) = node.as_str()
            && let Some((rule, message, help)) =
                known.entry(pattern).or_insert_with(|| fault(pattern))
        {
            findings.add(rule, node.span, message.as_str(), help.as_str());
        }
    }
}

/// The rule that a pattern breaks, the message and the help.
type Fault = (&'static Rule, String, String);

fn fault(pattern: &str) -> Option<Fault> {
    // The dialect explains most patterns that don't compile, so it comes first.
    if let Some((what, help)) = of_another_dialect(pattern) {
        return Some((&schemas::PATTERN_DIALECT, what, help));
    }
    if let Err(error) = regress::Regex::new(pattern) {
        let message = format!("this pattern doesn't compile: {error}");
        let help = "write an expression of ECMA 262 (JavaScript), without slashes around it";
        return Some((&schemas::INVALID_PATTERN, message, help.to_owned()));
    }
    if parts(pattern).into_iter().any(is_property) {
        let message =
            "`\\p{...}` needs a flag in ECMA 262, which some tools set: to others it is just text";
        let help = "write out the ranges that are meant, as in `[A-Za-z]`";
        return Some((&schemas::PATTERN_PROPERTY, message.to_owned(), help.to_owned()));
    }
    let range = parts(pattern).into_iter().find_map(|part| match part {
        Part::Range(from, to) if is_odd(from, to) => Some(format!("{from}-{to}")),
        _ => None,
    });
    if let Some(range) = range {
        let message = format!("the range `{range}` holds more than letters");
        let help = "write `A-Za-z`; `[`, `\\`, `]`, `^` and `_` stand between `Z` and `a`";
        return Some((&schemas::PATTERN_RANGE, message, help.to_owned()));
    }
    if let Some(what) = parts(pattern).into_iter().find_map(not_everywhere) {
        let message = format!("{what}, which `regex` of Rust and RE2 of Go don't have");
        let help = "write the pattern without it, or check that part elsewhere";
        return Some((&schemas::PATTERN_NOT_PORTABLE, message, help.to_owned()));
    }
    if !is_buildable(pattern) {
        let message = "no example is held against this pattern, which can't be built here";
        let help = "write it in a simpler way, or check that part elsewhere";
        return Some((&schemas::UNCHECKED_PATTERN, message.to_owned(), help.to_owned()));
    }
    None
}

/// Whether the validator of examples takes a pattern.
pub(crate) fn is_buildable(pattern: &str) -> bool {
    let schema = serde_json::json!({ "pattern": portable(pattern) });
    regress::Regex::new(pattern).is_ok() && jsonschema::options().build(&schema).is_ok()
}

/// A pattern without what only JavaScript has: `[^]` for any character, and `[]` for none.
pub(crate) fn portable(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    let mut in_class = false;
    while let Some(c) = rest.chars().next() {
        let (taken, written) = match c {
            '\\' => {
                let length = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                (length, &rest[..length])
            }
            '[' if !in_class && rest.starts_with("[^]") => (3, r"[\s\S]"),
            '[' if !in_class && rest.starts_with("[]") => (2, r"[^\s\S]"),
            _ => {
                in_class = c == '[' || in_class && c != ']';
                (c.len_utf8(), &rest[..c.len_utf8()])
            }
        };
        out.push_str(written);
        rest = &rest[taken..];
    }
    out
}

/// `\p{L}`.
fn is_property(part: Part<'_>) -> bool {
    matches!(part, Part::Escape { of: 'p' | 'P', rest, .. } if rest.starts_with('{'))
}

fn is_odd(from: char, to: char) -> bool {
    from.is_ascii_uppercase() && to.is_ascii_lowercase()
}

/// A piece of an expression, as far as the rules distinguish them.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part<'p> {
    /// `\` and a character, outside and inside of brackets.
    Escape { of: char, in_class: bool, rest: &'p str },
    /// `(?` and what follows.
    Group(&'p str),
    /// `a-z` in brackets.
    Range(char, char),
    /// `[:alpha:]` in brackets.
    Posix,
    /// `++`, `*+` or `?+`.
    Possessive,
    /// `{,2}`.
    UpTo(&'p str),
}

fn parts(pattern: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let mut in_class = false;
    let mut before = None;
    let mut chars = pattern.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let rest = &pattern[at + c.len_utf8()..];
        match c {
            '\\' => {
                if let Some((next, of)) = chars.next() {
                    let rest = &pattern[next + of.len_utf8()..];
                    found.push(Part::Escape { of, in_class, rest });
                }
                before = None;
                continue;
            }
            '[' if in_class && rest.starts_with(':') && rest.contains(":]") => {
                found.push(Part::Posix);
            }
            '[' if !in_class => in_class = true,
            ']' => in_class = false,
            '-' if in_class => {
                let next = rest.chars().next().filter(|next| !matches!(next, ']' | '\\'));
                if let (Some(from), Some(to)) = (before, next) {
                    found.push(Part::Range(from, to));
                    chars.next();
                    before = None;
                    continue;
                }
            }
            '(' if !in_class && rest.starts_with('?') => {
                found.push(Part::Group(&rest[1..]));
                before = None;
                chars.next();
                continue;
            }
            '{' if !in_class && rest.starts_with(',') => {
                let digits = rest[1..].split('}').next().unwrap_or_default();
                if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    found.push(Part::UpTo(digits));
                }
            }
            '+' if !in_class && matches!(before, Some('+' | '*' | '?')) => {
                found.push(Part::Possessive);
            }
            _ => {}
        }
        before = Some(c);
    }
    found
}

/// What other dialects have and ECMA 262 reads as something else, or not at all.
fn of_another_dialect(pattern: &str) -> Option<(String, String)> {
    let say = |what: &str, help: &str| Some((what.to_owned(), help.to_owned()));
    if pattern.len() > 2 && pattern.starts_with('/') {
        let (body, flags) = pattern[1..].rsplit_once('/')?;
        if flags.chars().all(|flag| "dgimsuvy".contains(flag))
            && body.starts_with('^')
            && body.ends_with('$')
        {
            return say(
                "the slashes around this pattern are a part of it, and so are flags",
                &format!("write `{body}`"),
            );
        }
    }
    if pattern.contains('\u{8}') {
        return say(
            "YAML turned `\\b` in double quotes into a backspace",
            "put the pattern in single quotes",
        );
    }
    parts(pattern).into_iter().find_map(|part| match part {
        Part::Escape { of, in_class: false, .. } if matches!(of, 'A' | 'Z' | 'z' | 'G') => {
            let anchor = if of == 'A' || of == 'G' { '^' } else { '$' };
            Some((
                format!("`\\{of}` is just the letter `{of}` in ECMA 262"),
                format!("write `{anchor}`"),
            ))
        }
        Part::Escape { of, .. }
            if matches!(of, 'h' | 'H' | 'R' | 'X' | 'Q' | 'E' | 'K' | 'a' | 'e' | 'N') =>
        {
            Some((
                format!("`\\{of}` is just the letter `{of}` in ECMA 262"),
                "write out the characters that are meant".to_owned(),
            ))
        }
        Part::Escape { of: 'x', rest, .. } if rest.starts_with('{') => {
            say("`\\x{...}` is not of ECMA 262", "write `\\u` and four digits")
        }
        Part::Posix => say(
            "`[:...:]` is a class of POSIX, and just these characters in ECMA 262",
            "write out the ranges that are meant, as in `[A-Za-z]`",
        ),
        Part::Possessive => {
            say("possessive quantifiers are not of ECMA 262", "leave the second `+` out")
        }
        Part::UpTo(digits) => Some((
            format!("`{{,{digits}}}` is just these characters in ECMA 262"),
            format!("write `{{0,{digits}}}`"),
        )),
        Part::Group(rest) => group(rest),
        _ => None,
    })
}

fn group(rest: &str) -> Option<(String, String)> {
    let say = |what: &str, help: &str| Some((what.to_owned(), help.to_owned()));
    let flags = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '-');
    if rest.starts_with("P<") || rest.starts_with("P=") || rest.starts_with("P>") {
        say("`(?P` is of Python, not of ECMA 262", "write `(?<name>...)`, or no name")
    } else if rest.starts_with('>') {
        say("atomic groups are not of ECMA 262", "write `(?:...)`")
    } else if rest.starts_with('#') {
        say("comments are not of ECMA 262", "leave it out, and write it into `description`")
    } else if flags.len() < rest.len() && flags.starts_with([')', ':']) {
        let help = "spell both cases out, as in `[Aa]`, or leave the flags out";
        say("flags inside of a pattern are not of ECMA 262", help)
    } else {
        None
    }
}

fn not_everywhere(part: Part<'_>) -> Option<&'static str> {
    match part {
        Part::Group(rest) if rest.starts_with(['=', '!']) => Some("this pattern looks ahead"),
        Part::Group(rest) if rest.starts_with("<=") || rest.starts_with("<!") => {
            Some("this pattern looks behind")
        }
        Part::Escape { of: '1'..='9', in_class: false, .. }
        | Part::Escape { of: 'k', in_class: false, .. } => {
            Some("this pattern refers back to a group")
        }
        _ => None,
    }
}

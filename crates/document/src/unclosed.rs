//! Quotes and brackets that nothing closes: a YAML parser reads on to the next ones and stumbles there.

use crate::indentation::{Line, lines};

/// A quote or a bracket that was to be closed on its line.
#[derive(Debug, PartialEq)]
pub(crate) struct Unclosed {
    /// The byte that it stands at.
    pub(crate) at: usize,
    /// What is missing.
    pub(crate) close: char,
}

/// The first one above the line in which an error is reported, or in it.
pub(crate) fn unclosed(text: &str, error: usize) -> Option<Unclosed> {
    // Unlike YAML, JSON says nothing with its indentation.
    if text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let all = lines(text);
    let mut rest = all.as_slice();
    while let Some((line, following)) = rest.split_first()
        && line.start <= error
    {
        rest = following;
        let Some((offset, close)) = open_end(line.text) else { continue };
        let found = Unclosed { at: line.start + line.indent + offset, close };
        // What goes on in the next lines is indented deeper than what it belongs to.
        // A key ends on its line.
        if offset == 0 && line.text.ends_with(':') && matches!(close, '"' | '\'') {
            return Some(found);
        }
        let is_left =
            |next: &&Line<'_>| next.indent <= line.indent && !next.text.starts_with([']', '}']);
        if !matches!(close, '"' | '\'') {
            if following.first().is_none_or(|next| is_left(&next)) {
                return Some(found);
            }
            continue;
        }
        let end = following.iter().position(|next| next.text.contains(close));
        let inside = end.map_or(following, |end| &following[..=end]);
        if end.is_none() || inside.iter().any(|next| is_left(&next)) {
            return Some(found);
        }
        rest = &following[inside.len()..];
    }
    None
}

/// The place of the outermost quote or bracket that a line leaves open, and what would close it.
fn open_end(line: &str) -> Option<(usize, char)> {
    let bytes = line.as_bytes();
    let mut brackets: Vec<(usize, char)> = Vec::new();
    // A quote or a bracket means something where a value may start.
    let mut may_start = true;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let is_last = bytes.get(at + 1).is_none_or(|next| *next == b' ');
        match byte {
            b' ' => {}
            b'#' if at == 0 || bytes[at - 1] == b' ' => break,
            b'"' | b'\'' if may_start => {
                let Some(length) = quoted(&bytes[at..]) else {
                    return brackets.first().copied().or(Some((at, char::from(*byte))));
                };
                at += length;
                may_start = false;
            }
            b'[' | b'{' if may_start => {
                brackets.push((at, if *byte == b'[' { ']' } else { '}' }));
            }
            b']' | b'}' if !brackets.is_empty() => {
                brackets.pop();
                may_start = false;
            }
            b',' if !brackets.is_empty() => may_start = true,
            b':' if is_last => may_start = true,
            b'-' if may_start && is_last => {}
            _ => may_start = false,
        }
        at += 1;
    }
    brackets.first().copied()
}

/// How many bytes stand between the quote at the start and the one that closes it, with the first one.
fn quoted(bytes: &[u8]) -> Option<usize> {
    let quote = bytes[0];
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 1,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 1,
            byte if *byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nothing_closes_is_found_where_it_opens() {
        for (text, found) in [
            ("a:\n  b: \"c\n  d: e\n  f: \"g\"\n", Some((2, '"'))),
            ("a:\n  b: 'c\n  d: e\n", Some((2, '\''))),
            ("a:\n  - \"c\n  - d\n", Some((2, '"'))),
            ("a:\n  \"b:\n    c: \"d\"\n", Some((2, '"'))),
            ("a: {b: c\nd: e\n", Some((1, '}'))),
            ("a: [b, {c: d}\ne: f\n", Some((1, ']'))),
            ("a: \"b\n  c: d\"\ne: f\n", None),
            ("a: {\n  b: [c,\n    d],\n}\ne: f: g\n", None),
            ("a: it's, \"so\nb: c # \"\nd: |\n  \"e\n", None),
            ("a: 'it''s'\nb: \"c\\\"\"\n", None),
            ("{\n\"a\": [1,\n2]}\n", None),
        ] {
            let unclosed = unclosed(text, text.len());
            let line = |at: usize| text[..at].matches('\n').count() + 1;
            assert_eq!(unclosed.map(|it| (line(it.at), it.close)), found, "{text}");
        }
    }
}

//! The line whose indentation a YAML parser stumbles over, which is often an earlier one than the line it
//! reports.

/// A line that says something: where it starts, how many blanks are in front of it, and its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'t> {
    pub(crate) start: usize,
    pub(crate) indent: usize,
    pub(crate) text: &'t str,
}

impl Line<'_> {
    /// Whether an item of a list starts in it.
    fn is_item(&self) -> bool {
        self.text.starts_with("- ") || self.text == "-"
    }
}

/// The byte at which the line starts, behind its blanks, that is out of line, for an error that is reported
/// in the line at `error`.
pub(crate) fn culprit(text: &str, error: usize) -> Option<usize> {
    let all = lines(text);
    let reached = all.partition_point(|line| line.start <= error);
    let lines = &all[..reached];
    let (last, before) = lines.split_last()?;
    let first = first(last, before);
    let step = step(&all)?;
    let is_lone = |first: &&Line<'_>| {
        let level = before.iter().rev().take_while(|line| line.indent >= last.indent);
        level.filter(|line| line.indent == first.indent).count() == 1
    };
    let is_value = |line: &&Line<'_>| !line.is_item() && !line.text.ends_with(':');
    let found = odd(lines, step)
        .or_else(|| head(&all, reached))
        .or_else(|| first.filter(is_value).filter(is_lone).filter(|_| last.is_item()))
        .or_else(|| outdented(last, before).filter(|line| !is_at_home(line, last, &all, step)))
        .or_else(|| first.filter(|first| first.indent > last.indent))
        .unwrap_or(last);
    Some(found.start + found.indent)
}

/// The byte at which the first line starts, behind its blanks, where it is deeper than the line of an error, and all
/// that stands before it.
pub(crate) fn deeper_start(text: &str, error: usize) -> Option<usize> {
    let all = lines(text);
    let reached = all.partition_point(|line| line.start <= error);
    let [first, last] = &all[..reached] else { return None };
    (first.indent > last.indent).then_some(first.start + first.indent)
}

/// What a line lacks to be a key or an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// The colon behind its only word.
    End,
    /// The colon behind its first word.
    Colon,
    /// The blank behind its colon.
    BlankBehindColon,
    /// The blank behind its dash.
    BlankBehindDash,
}

/// A line that lacks something: where it starts, behind its blanks, how long its key is, and what it lacks. The
/// error is in it, or in the line below.
pub(crate) fn lacking(text: &str, error: usize) -> Option<(usize, usize, Lack)> {
    let all = lines(text);
    let reached = all.partition_point(|line| line.start <= error);
    let (last, before) = all[..reached].split_last()?;
    if is_glued(last.text) && last.text.starts_with(['"', '\'']) {
        return Some((last.start + last.indent, key(last.text).len(), Lack::BlankBehindColon));
    }
    let (line, above) = before.split_last()?;
    let content = line.text.strip_prefix("- ").unwrap_or(line.text);
    let indent = line.indent + line.text.len() - content.len();
    let found = |lack| Some((line.start + indent, key(content).len(), lack));
    if line.text.strip_prefix('-').is_some_and(is_key) {
        return found(Lack::BlankBehindDash).filter(|_| last.indent == line.indent + 2);
    }
    if indent == last.indent && is_glued(content) {
        return found(Lack::BlankBehindColon);
    }
    if content.contains(':') {
        return None;
    }
    let is_deeper = above.last().is_none_or(|above| indent > above.indent);
    let opens = above.last().is_none_or(|above| above.text.ends_with(':')) || indent > line.indent;
    if content.contains(' ') {
        // A word that is a key elsewhere is no text.
        let is_known = ["openapi", "title", "operationId"].contains(&key(content)) || {
            let mut others =
                all.iter().map(|line| line.text.strip_prefix("- ").unwrap_or(line.text));
            others.any(|other| is_key(other) && key(other) == key(content))
        };
        return found(Lack::Colon)
            .filter(|_| is_known && is_deeper && opens && indent == last.indent);
    }
    // Text may go on in deeper lines.
    let is_text = is_deeper && !opens;
    found(Lack::End).filter(|_| !is_text && line.indent < last.indent)
}

/// What stands before the first colon or blank of a line.
fn key(line: &str) -> &str {
    line.split([':', ' ']).next().unwrap_or_default()
}

/// Whether a line starts with a key of one word.
fn is_key(line: &str) -> bool {
    let key = key(line);
    let is_word = |c: char| c.is_alphanumeric() || "_-$".contains(c);
    !key.is_empty() && key.chars().all(is_word) && line[key.len()..].starts_with(':')
}

/// Whether a line has its only colon right before the value, which makes it text: `title:Pets`.
fn is_glued(line: &str) -> bool {
    let key = key(line);
    let plain = key.trim_matches(['"', '\'']);
    let value = line[key.len()..].strip_prefix(':').unwrap_or_default();
    is_key(&format!("{plain}:"))
        && !value.is_empty()
        && !value.starts_with([' ', '/', ':'])
        && (key != plain || !value.contains(": ") && !value.ends_with(':'))
}

/// The lines without blank ones, comments and the inside of block scalars.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut start = 0;
    // What is indented deeper than this belongs to a block scalar.
    let mut scalar = None;
    for line in text.split_inclusive('\n') {
        // Other blanks than these indent nothing, and belong to the text, which starts behind the indentation.
        let shown = line.trim_start_matches(' ').trim_end();
        let indent = line.len() - line.trim_start_matches(' ').len();
        let is_inside = scalar.is_some_and(|outer| indent > outer);
        if !shown.is_empty() && !is_inside {
            scalar = None;
            if !shown.starts_with('#') {
                lines.push(Line { start, indent, text: shown });
                let header = shown.rsplit(' ').next().unwrap_or_default();
                scalar = header.starts_with(['|', '>']).then_some(indent);
            }
        }
        start += line.len();
    }
    lines
}

/// The first line of a list's item or of a mapping, where several of its neighbours go on otherwise: a dash as deep as
/// they are, or a line that none of them belongs to.
fn head<'l, 't>(all: &'l [Line<'t>], reached: usize) -> Option<&'l Line<'t>> {
    let [.., above, head, last] = &all[..reached] else { return None };
    let is_first = above.text.ends_with(':') && above.indent <= head.indent;
    let level = all[reached..].iter().take_while(|line| line.indent >= last.indent);
    let goes_on = level.into_iter().any(|line| line.indent == last.indent);
    // What belongs to the last line isn't as deep as it is, unless it has been moved.
    let is_moved = last.text.ends_with(':')
        && all.get(reached).is_some_and(|below| below.indent <= last.indent);
    let is_value = !head.text.ends_with(':');
    let is_odd = if head.is_item() {
        head.indent == last.indent && !last.is_item()
    } else {
        head.indent < last.indent && is_value
    };
    (is_first && goes_on && is_odd && !is_moved).then_some(head)
}

/// The last line whose indentation is no multiple of the usual step, where nearly all others are one.
fn odd<'l, 't>(lines: &'l [Line<'t>], step: usize) -> Option<&'l Line<'t>> {
    let is_odd = |line: &&Line<'_>| !line.indent.is_multiple_of(step);
    let count = lines.iter().filter(is_odd).count();
    let is_regular = count * 10 <= lines.len().max(10);
    let last = lines.iter().rposition(|line| is_odd(&line)).filter(|_| is_regular)?;
    let first = lines[..last].iter().rposition(|line| !is_odd(&line)).map_or(0, |at| at + 1);
    Some(&lines[first])
}

/// By how many blanks most lines are indented deeper than the one before.
fn step(lines: &[Line<'_>]) -> Option<usize> {
    let deeper = |pair: &[Line<'_>]| pair[1].indent.checked_sub(pair[0].indent);
    let steps: Vec<usize> = lines.windows(2).filter_map(deeper).filter(|it| *it > 0).collect();
    let count = |step: usize| steps.iter().filter(|it| **it == step).count();
    (2..=8).max_by_key(|step| (count(*step), 8 - step)).filter(|step| count(*step) > 0)
}

/// The line that closed the level which the last line goes on with, where it is the only one of its own.
fn outdented<'l, 't>(last: &Line<'t>, before: &'l [Line<'t>]) -> Option<&'l Line<'t>> {
    let level = last.indent;
    let at = before.iter().rposition(|line| line.indent < level)?;
    // Only what is indented deeper than the level itself may stand between them.
    let was_open = before[..at].last().is_some_and(|line| line.indent >= level)
        && before[..at]
            .iter()
            .rev()
            .take_while(|it| it.indent >= level)
            .any(|it| it.indent == level && it.is_item() == last.is_item());
    // The first one of a level stands right below what the level belongs to.
    let moved = before[at].indent;
    let is_first =
        before[..at].last().is_some_and(|it| it.indent >= moved && it.text.ends_with(':'));
    let is_key = before[at].text.contains(':');
    let follower = before.get(at + 1);
    // What belongs to it stands right below it, unless it has been moved.
    let is_moved = follower.is_none_or(|line| line.indent > level);
    ((was_open || is_first) && is_key && is_moved).then(|| &before[at])
}

/// Whether not a line was moved to the left, but the only one below it to the right: where either of them stands
/// elsewhere says it.
fn is_at_home(line: &Line<'_>, last: &Line<'_>, all: &[Line<'_>], step: usize) -> bool {
    let is_section = line.indent == 0 && ROOT.contains(&key(line.text))
        || line.indent == step && SECTIONS.contains(&key(line.text));
    if is_section {
        return true;
    }
    let mut below = all.iter().filter(|it| it.start > line.start && it.start < last.start);
    let Some(moved) = below.next() else { return false };
    if below.any(|other| other.indent == moved.indent) {
        return false;
    }
    let stands = |it: &Line<'_>, indent: usize| {
        let mut others = all.iter().filter(|other| other.start != it.start);
        others.any(|other| other.indent == indent && key(other.text) == key(it.text))
    };
    !stands(line, last.indent) && (stands(line, line.indent) || stands(moved, last.indent))
}

/// Members of a document.
const ROOT: [&str; 4] = ["info", "servers", "paths", "components"];

/// Members of its components.
const SECTIONS: [&str; 5] =
    ["schemas", "responses", "parameters", "requestBodies", "securitySchemes"];

/// The first line below what the last one belongs to.
fn first<'l, 't>(last: &Line<'t>, before: &'l [Line<'t>]) -> Option<&'l Line<'t>> {
    let outer = before.iter().rposition(|line| line.indent < last.indent)?;
    before.get(outer + 1).filter(|_| before[outer].text.ends_with(':'))
}

#[cfg(test)]
mod tests {
    use super::{Lack, culprit, lacking};

    /// The number of the line that is out of line, where the parser reports `line`.
    fn found(text: &str, line: usize) -> usize {
        let error: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let at = culprit(text, error).unwrap();
        text[..at].matches('\n').count() + 1
    }

    #[test]
    fn where_keys_stand_elsewhere_tells_what_was_moved() {
        let key_too_deep = "a:\n  b:\n    c: 1\n    d: 2\n  e:\n      c: 1\n    d: 2\n";
        assert_eq!(found(key_too_deep, 7), 6);
        let key_too_far_out = "a:\n  b:\n    c: 1\n    d: 2\n  e:\n      f: 1\n    d: 2\n";
        assert_eq!(found(key_too_far_out, 7), 5);
        let schema_too_deep = "paths:\n  b: 1\ncomponents:\n    schemas: 1\n  examples: 2\n";
        assert_eq!(found(schema_too_deep, 5), 4);
        let dash_too_deep = "a:\n    - b: 1\n    c: 2\n    d: 3\n";
        assert_eq!(found(dash_too_deep, 3), 2);
        let key_behind_a_list = "a:\n  - b: 1\n  c:\n  d: 3\n";
        assert_eq!(found(key_behind_a_list, 3), 3);
        let item_too_far_out = "a:\n  b: 1\n  c:\n    - d\n  - e\n  f: 1\n";
        assert_eq!(found(item_too_far_out, 5), 5);
    }

    #[test]
    fn what_a_line_lacks_to_be_a_key() {
        let lack = |text: &str, line: usize| {
            let error: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
            let found = lacking(text, error);
            found.map(|(at, _, lack)| (text[..at].matches('\n').count() + 1, lack))
        };
        for (text, line, expected) in [
            ("info:\n  title:Pets\n  version: 1\n", 3, Some((2, Lack::BlankBehindColon))),
            ("info:\n  title Pets\n  version: 1\n", 3, Some((2, Lack::Colon))),
            ("info:\n  Pets and\n  version: 1\n", 3, None),
            ("a:\n  - title:Pets\n    b: 1\n", 3, Some((2, Lack::BlankBehindColon))),
            ("a:\n  -title: Pets\n    b: 1\n", 3, Some((2, Lack::BlankBehindDash))),
            ("a:\n  \"b\":{c: 1}\n", 2, Some((2, Lack::BlankBehindColon))),
            ("a:\n  b\n    c: 1\n", 3, Some((2, Lack::End))),
            ("a:\n  https://b\n  c: 1\n", 3, None),
        ] {
            assert_eq!(lack(text, line), expected, "{text}");
        }
    }

    #[test]
    fn the_line_out_of_line_is_found_from_where_the_parser_stops() {
        let one_too_deep = "a:\n   b: 1\n  c: 2\n  d:\n    e: 3\n";
        assert_eq!(found(one_too_deep, 3), 2);
        let one_too_far_out = "a:\n  b:\n    c: 1\n   d: 2\n    e: 3\n";
        assert_eq!(found(one_too_far_out, 5), 4);
        let a_level_too_far_out = "a:\n  b:\n    c: 1\n  d: 2\n    e: 3\n";
        assert_eq!(found(a_level_too_far_out, 5), 4);
        let with_its_members = "a:\n  b:\n    c: 1\n  d:\n      x: 1\n      y: 2\n    e: 3\n";
        assert_eq!(found(with_its_members, 7), 4);
        let the_first_of_a_level = "a:\n  b:\n  c:\n      x: 1\n    d: 2\n";
        assert_eq!(found(the_first_of_a_level, 5), 3);
        let the_first_too_deep = "a:\n  b:\n      c:\n      d: 1\n    e: 2\n";
        assert_eq!(found(the_first_too_deep, 5), 3);
        let the_first_no_item = "a:\n  b:\n    -c: 1\n    - d: 2\n";
        assert_eq!(found(the_first_no_item, 4), 3);
        let behind_a_list = "a:\n  b:\n    - c\n  d:\n      e: 1\n    f: 2\n";
        assert_eq!(found(behind_a_list, 6), 5);
        let itself = "a:\n  b: 1\n  c: 2\n    d: 3\n";
        assert_eq!(found(itself, 4), 4);
        let in_a_scalar = "a:\n  b: |\n     text: 1\n  c: 2\n    d: 3\n";
        assert_eq!(found(in_a_scalar, 5), 5);
    }
}

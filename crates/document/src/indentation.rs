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
    let found = odd(lines, step(&all)?)
        .or_else(|| first.filter(|first| last.is_item() && !first.is_item()))
        .or_else(|| outdented(last, before))
        .or_else(|| first.filter(|first| first.indent > last.indent))
        .unwrap_or(last);
    Some(found.start + found.indent)
}

/// The byte at which the word starts that stands above deeper lines, and has no colon, for an error in the first
/// of these.
pub(crate) fn colonless(text: &str, error: usize) -> Option<usize> {
    let all = lines(text);
    let reached = all.partition_point(|line| line.start <= error);
    let [.., above, word, last] = &all[..reached] else { return None };
    let is_word = !word.text.contains([':', ' ']) && word.indent < last.indent;
    // Text may go on in deeper lines.
    let is_text = word.indent > above.indent && !above.text.ends_with(':');
    (is_word && !is_text).then_some(word.start + word.indent)
}

/// The byte of the colon in the line above an error that has no blank behind it, where that line is a key with a
/// value all the same: `title:Pets`.
pub(crate) fn glued(text: &str, error: usize) -> Option<usize> {
    let all = lines(text);
    let reached = all.partition_point(|line| line.start <= error);
    let [.., above, last] = &all[..reached] else { return None };
    let (key, value) = above.text.split_once(':')?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-$".contains(c));
    let is_value = !value.is_empty() && !value.starts_with([' ', '/', ':']);
    let is_other = above.text.contains(": ") || above.text.ends_with(':');
    (is_key && is_value && !is_other && above.indent == last.indent)
        .then_some(above.start + above.indent + key.len())
}

/// The lines without blank ones, comments and the inside of block scalars.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut start = 0;
    // What is indented deeper than this belongs to a block scalar.
    let mut scalar = None;
    for line in text.split_inclusive('\n') {
        let shown = line.trim();
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

/// The first line below what the last one belongs to.
fn first<'l, 't>(last: &Line<'t>, before: &'l [Line<'t>]) -> Option<&'l Line<'t>> {
    let outer = before.iter().rposition(|line| line.indent < last.indent)?;
    before.get(outer + 1).filter(|_| before[outer].text.ends_with(':'))
}

#[cfg(test)]
mod tests {
    use super::culprit;

    /// The number of the line that is out of line, where the parser reports `line`.
    fn found(text: &str, line: usize) -> usize {
        let error: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let at = culprit(text, error).unwrap();
        text[..at].matches('\n').count() + 1
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

//! Tables of rows with bars, read as leniently as the vendors' sites show them: the line of dashes may be short, a
//! bar may stand in code, an empty line or the mark of a quotation may have slipped in.

use std::ops::Range;

use crate::inline::Inline;

/// No table has more columns.
const MOST_CELLS: usize = 64;

/// The lines of a table between two bytes of a page, each as its cells.
pub(crate) fn rows(source: &str, range: Range<usize>) -> Vec<Vec<Inline>> {
    // The end of a zone of the vendor's site may stand right below.
    let is_row = |line: &str| !is_delimiter(line) && !line.starts_with(":::");
    let lines = lines(source, range).filter(|(line, _)| is_row(line));
    lines.map(|(line, start)| cells(line, start)).filter(|row| !row.is_empty()).collect()
}

/// Where a table starts in the lines of a paragraph: at the line above the one of dashes.
pub(crate) fn start(source: &str, range: Range<usize>) -> Option<usize> {
    let mut before: Option<(&str, usize)> = None;
    for (line, start) in lines(source, range) {
        if let Some((head, at)) = before
            && is_delimiter(line)
            && head.contains('|')
        {
            return Some(at);
        }
        before = Some((line, start));
    }
    None
}

/// Whether all lines are rows, with a bar at their start.
pub(crate) fn are_rows(source: &str, range: Range<usize>) -> bool {
    let mut lines = lines(source, range).filter(|(line, _)| !line.is_empty()).peekable();
    lines.peek().is_some() && lines.all(|(line, _)| line.starts_with('|') && line.len() > 1)
}

/// Whether the first line is the one of dashes.
pub(crate) fn starts_with_delimiter(source: &str, range: Range<usize>) -> bool {
    lines(source, range).next().is_some_and(|(line, _)| line.contains('|') && is_delimiter(line))
}

/// The lines without the marks of a quotation before them, and where they start.
fn lines(source: &str, range: Range<usize>) -> impl Iterator<Item = (&str, usize)> {
    let mut at = range.start;
    source[range].split_inclusive('\n').map(move |whole| {
        let line = whole.trim_start_matches([' ', '\t', '>']);
        let start = at + whole.len() - line.len();
        at += whole.len();
        (line.trim_end(), start)
    })
}

fn is_delimiter(line: &str) -> bool {
    let line = line.trim_end_matches('>');
    line.contains('-')
        && (line.contains('|') || line.contains("---"))
        && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t' | '+' | '='))
}

/// Splits a line at its bars, but for those in code and those with a backslash.
fn cells(line: &str, start: usize) -> Vec<Inline> {
    let bytes = line.as_bytes();
    let mut bars = Vec::new();
    let mut at = 0;
    while at < bytes.len() && bars.len() <= MOST_CELLS {
        match bytes[at] {
            b'\\' => at += 1,
            b'|' => bars.push(at),
            b'`' => {
                let width = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
                at = code_end(bytes, at + width, width).unwrap_or(at + width) - 1;
            }
            _ => {}
        }
        at += 1;
    }
    let first = bars.first().is_none_or(|bar| *bar > 0).then_some(0);
    let starts = first.into_iter().chain(bars.iter().map(|bar| bar + 1));
    let ends = bars.iter().copied().filter(|bar| *bar > 0).chain([line.len()]);
    let mut cells: Vec<(usize, usize)> = starts.zip(ends).collect();
    // Nothing stands behind the last bar, or the mark of a quotation.
    if cells.last().is_some_and(|(from, to)| line[*from..*to].trim_matches([' ', '>']).is_empty())
        && cells.len() > 1
    {
        cells.pop();
    }
    let cells = cells.into_iter().map(|(from, to)| {
        let cell = &line[from..to];
        let from = from + cell.len() - cell.trim_start().len();
        let mut inline = Inline::read(cell.trim(), start + from);
        inline.span = crate::located::span(start + from, start + from + cell.trim().len());
        inline
    });
    cells.collect()
}

/// The byte behind the backticks that close code; none where it isn't closed in its line.
fn code_end(bytes: &[u8], from: usize, width: usize) -> Option<usize> {
    let mut at = from;
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
        if run == width {
            return Some(at + run);
        }
        at += run.max(1);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let rows = rows(text, 0..text.len());
        let row = |row: &Vec<Inline>| row.iter().map(Inline::text).collect::<Vec<_>>().join(" / ");
        rows.iter().map(row).collect()
    }

    #[test]
    fn rows_become_cells() {
        assert_eq!(
            shown(
                "| A | B |\n|---|\n| **a** | [b](c) \\| d |\n> | `x|y` | <id> |>\n c | d\n| | e |\n"
            ),
            ["A / B", "a / b | d", "x|y / <id>", "c / d", " / e"]
        );
        assert_eq!(shown("| `a | b |\n|a||b|\n"), ["`a / b", "a /  / b"]);
    }

    #[test]
    fn a_table_starts_above_its_dashes() {
        let text = "A sentence.\n| A | B |\n|---|\n| a | b |\n";
        assert_eq!(start(text, 0..text.len()), Some(12));
        assert_eq!(start("a | b\nc | d\n", 0..12), None);
        assert!(are_rows("| a |\n> | b |\n", 0..14) && !are_rows("| a |\nb\n", 0..8));
        assert!(starts_with_delimiter("|--|\n| a |", 0..10));
    }
}

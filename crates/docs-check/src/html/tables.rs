//! Tables that are written in HTML, however their tags are closed.

use std::ops::Range;

use super::{decode, tag_name, visible};
use crate::inline::Inline;
use crate::located::span;

/// The tables that are written in HTML, outside of code and comments, with the bytes they take.
pub(crate) fn tables(text: &str) -> Vec<(Range<usize>, Vec<Vec<Inline>>)> {
    let mut tables = Vec::new();
    if !text.contains("<table") {
        return tables;
    }
    let last = text.rfind("</table>").unwrap_or_default();
    let mut fence: Option<&str> = None;
    let (mut at, mut end) = (0, 0);
    while at < text.len() {
        if at >= end {
            end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
        }
        // Behind a table or a comment no line starts.
        let is_start = text[..at].is_empty() || text[..at].ends_with('\n');
        let line = text[at..end].trim_start_matches([' ', '\t', '>', '-', '*']);
        let mark = ["```", "~~~"].into_iter().find(|mark| is_start && line.starts_with(mark));
        match (fence, mark) {
            (None, Some(_)) if !line[3..].contains('`') => fence = mark,
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, _) => {
                if let Some((start, behind)) = next_in_line(text, at..end, last) {
                    if text[start..].starts_with("<table") {
                        tables.push((start..behind, rows(text, start..behind)));
                    }
                    at = behind;
                    continue;
                }
            }
            _ => {}
        }
        at = end;
    }
    tables
}

/// The first table or comment that starts in a line outside of code, and where it ends.
fn next_in_line(text: &str, line: Range<usize>, last: usize) -> Option<(usize, usize)> {
    let mut at = line.start;
    while let Some(found) = text[at..line.end].find(['<', '`']) {
        let start = at + found;
        let rest = &text[start..];
        if rest.starts_with("<!--") {
            return Some((start, rest.find("-->").map_or(text.len(), |end| start + end + 3)));
        }
        if rest.starts_with("<table") && tag_name(rest) == "table" {
            // A table that is never closed goes on to the next heading.
            let close = || rest.find("</table>").map(|length| start + length + "</table>".len());
            let heading = || rest.find("\n#").map_or(text.len(), |length| start + length);
            let end = if start < last { close() } else { None };
            return Some((start, end.unwrap_or_else(heading)));
        }
        let width = rest.bytes().take_while(|byte| *byte == b'`').count();
        at = start + width.max(1);
        // Code ends at as many backticks.
        if width > 0
            && let Some(end) = text[at..line.end].find(&rest[..width])
        {
            at += end + width;
        }
    }
    None
}

fn rows(text: &str, table: Range<usize>) -> Vec<Vec<Inline>> {
    let mut rows: Vec<Vec<Inline>> = Vec::new();
    // How many rows each cell takes.
    let mut heights: Vec<Vec<usize>> = Vec::new();
    let mut cell: Option<Inline> = None;
    // A cell may be left open.
    let close = |rows: &mut Vec<Vec<Inline>>, cell: &mut Option<Inline>, end: usize| {
        if let (Some(row), Some(mut cell)) = (rows.last_mut(), cell.take()) {
            cell.span.end = span(end, end).end;
            row.push(trimmed(cell));
        }
    };
    // The cells of a head may stand without a row around them.
    let mut is_open = false;
    let mut at = table.start;
    while at < table.end {
        let next = text[at..table.end].find('<').map_or(table.end, |next| at + next);
        if let Some(cell) = &mut cell {
            cell.located.push(&decode(&text[at..next]), at);
        }
        if text[next..table.end].starts_with("<!--") {
            let end = text[next..table.end].find("-->");
            at = end.map_or(table.end, |end| next + end + 3);
            continue;
        }
        let end = text[next..table.end].find('>').map_or(table.end, |end| next + end + 1);
        let tag = &text[next..end];
        let is_end = tag.starts_with("</");
        match tag_name(tag).to_ascii_lowercase().as_str() {
            "tr" | "thead" | "tbody" => {
                close(&mut rows, &mut cell, next);
                is_open = false;
            }
            "td" | "th" if is_end => close(&mut rows, &mut cell, end),
            "td" | "th" => {
                close(&mut rows, &mut cell, next);
                if !is_open {
                    rows.push(Vec::new());
                    heights.push(Vec::new());
                }
                is_open = true;
                heights.last_mut().into_iter().for_each(|row| row.push(height(tag)));
                cell = Some(Inline::at(&(next..end)));
            }
            "table" => close(&mut rows, &mut cell, next),
            name => {
                if let Some(cell) = &mut cell {
                    mark(cell, name, is_end);
                    cell.located.push(visible(tag), next);
                }
            }
        }
        at = end.max(next + 1);
    }
    close(&mut rows, &mut cell, table.end);
    spread(&mut rows, &mut heights);
    rows
}

/// No cell takes more rows.
const HIGHEST: usize = 50;

/// How many rows a cell takes.
fn height(tag: &str) -> usize {
    let lower = tag.to_ascii_lowercase();
    let value = lower
        .split_once("rowspan")
        .map(|(_, value)| value.trim_start_matches([' ', '=', '"', '\'']));
    let digits = value.and_then(|value| value.split(|c: char| !c.is_ascii_digit()).next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(1).clamp(1, HIGHEST)
}

/// Copies what takes several rows into each of them.
fn spread(rows: &mut [Vec<Inline>], heights: &mut [Vec<usize>]) {
    for at in 0..rows.len() {
        for column in 0..rows[at].len() {
            let height = heights[at].get(column).copied().unwrap_or(1);
            let below = at + 1..(at + height).min(rows.len());
            for row in below.filter(|_| height > 1) {
                if column <= rows[row].len() {
                    let cell = rows[at][column].clone();
                    rows[row].insert(column, cell);
                    heights[row].insert(column.min(heights[row].len()), 1);
                }
            }
        }
    }
}

/// Notes what is bold.
fn mark(cell: &mut Inline, name: &str, is_end: bool) {
    if !matches!(name, "strong" | "b") {
        return;
    }
    let at = cell.text().len();
    match cell.strong.last_mut() {
        Some(last) if is_end => last.end = at,
        None if is_end => {}
        _ => cell.strong.push(at..at),
    }
}

/// Without the line breaks and the indentation around a cell's text.
fn trimmed(mut cell: Inline) -> Inline {
    let start = cell.text().len() - cell.text().trim_start().len();
    let end = cell.text().trim_end().len().max(start);
    cell.located = cell.located.part(start, end);
    cell.strong = cell
        .strong
        .into_iter()
        .map(|range| {
            let inside = |byte: usize| byte.clamp(start, end) - start;
            inside(range.start)..inside(range.end)
        })
        .collect();
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_however_they_are_closed() {
        let shown = |text: &str| {
            let tables = tables(text).into_iter().map(|(_, rows)| {
                let row = |row: &Vec<Inline>| {
                    let cells = row
                        .iter()
                        .map(|cell| cell.text().split_whitespace().collect::<Vec<_>>().join(" "));
                    cells.collect::<Vec<_>>().join(" / ")
                };
                rows.iter().map(row).collect::<Vec<_>>().join(" ; ")
            });
            tables.collect::<Vec<_>>()
        };
        let expected = ["M / U ; PUT / a b"];
        for text in [
            "<table><tr><th>M</th><th>U</th></tr><tr><td>PUT</td><td>a b</td></tr></table>",
            "<table><tr><th>M<th>U<tr><td>PUT<td>a b</table>",
            "<table>\n<tr><th>M<th>U</tr>\n<tr><td>PUT<td>a b\n</table>",
            "<table><tr><th>M</th><th>U</th></tr><tr><td><u>PUT</u></td><td><p>a</p><p>b</p></td></tr></table>",
            "<table><tr><th>M</th><th>U</th></tr><tr><td>PUT</td><td><ul><li>a<li>b</ul></td></tr></table>",
            "<table><tr><th>M</th><th>U</th></tr><!-- <tr><td>x</td></tr> --><tr><td>PUT</td><td>a <track>b</td></tr></table>",
            "<table><tr><th rowspan=\"1\">M<th>U<tr><td ROWSPAN='1'>PUT<td>a b</table>",
            "A `<table>` is:\n<table><tr><th>M</th><th>U</th></tr><tr><td>PUT</td><td>a b</td></tr></table>",
        ] {
            assert_eq!(
                shown(text).into_iter().map(|it| it.replace("<track>", "")).collect::<Vec<_>>(),
                expected,
                "{text}"
            );
        }
        assert_eq!(
            shown(
                "<table><tr><td rowspan=\"2\">PUT</td><td>a</td></tr><tr><td>b</td></tr><tr><td>GET<td>c</table>"
            ),
            ["PUT / a ; PUT / b ; GET / c"]
        );
        for none in [
            "<!-- <table><tr><td>a</td></tr></table> -->",
            "Write `<table>` here.\n\n<tr>",
            "```html\n<table><tr><td>a</td></tr></table>\n```\n",
            "<tablet>",
        ] {
            assert!(shown(none).is_empty(), "{none}");
        }
    }
}

//! The HTML in Markdown: tables, tags that only decorate, placeholders that look like tags, entities.

use std::borrow::Cow;
use std::ops::Range;

use crate::inline::Inline;
use crate::located::span;

/// The visible text of a piece of inline HTML: of a placeholder itself, of a break a blank.
pub(crate) fn visible(html: &str) -> &str {
    let name = html.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric());
    let tag = &name[..end.unwrap_or(name.len())];
    if tag.eq_ignore_ascii_case("br") {
        return " ";
    }
    let rest = name[tag.len()..].trim_end();
    // No attributes, and no tag of HTML: `<id>`, `<customer-tenant-id>`, `<ORGANIZATION>`.
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let is_placeholder = html.starts_with('<')
        && rest.ends_with('>')
        && rest[..rest.len() - 1].chars().all(is_word)
        && !(rest == ">" && is_tag(tag));
    if is_placeholder { html } else { "" }
}

fn is_tag(word: &str) -> bool {
    const TAGS: [&str; 40] = [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "center",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ];
    TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(word)) || word.is_empty()
}

/// The name in `<a name="request-syntax">`.
pub(crate) fn anchor(html: &str) -> Option<String> {
    let rest = html.strip_prefix("<a name=\"")?;
    Some(rest[..rest.find('"')?].to_owned())
}

/// The text with its entities decoded, no-break spaces as plain ones.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    match html_escape::decode_html_entities(text) {
        Cow::Owned(decoded) => Cow::Owned(decoded.replace('\u{a0}', " ")),
        as_it_is @ Cow::Borrowed(_) => as_it_is,
    }
}

/// A line of text without tags and entities.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        let Some(end) = tag.find('>') else {
            out.push('<');
            rest = tag;
            continue;
        };
        out.push_str(visible(&rest[before.len()..=before.len() + end + 1]));
        rest = &tag[end + 1..];
    }
    out.push_str(rest);
    decode(&out).trim().to_owned()
}

/// The tables that are written in HTML, outside of code, with the bytes they take.
pub(crate) fn tables(text: &str) -> Vec<(Range<usize>, Vec<Vec<Inline>>)> {
    let mut tables = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("<table").map(|at| from + at) {
        // A table that is never closed goes on to the next heading.
        let end = match text[start..].find("</table>") {
            Some(length) => start + length + "</table>".len(),
            None => text[start..].find("\n#").map_or(text.len(), |length| start + length),
        };
        let code = text[from..start].matches("\n```").count();
        if code.is_multiple_of(2) {
            tables.push((start..end, rows(text, start..end)));
        }
        from = end;
    }
    tables
}

fn rows(text: &str, table: Range<usize>) -> Vec<Vec<Inline>> {
    let mut rows: Vec<Vec<Inline>> = Vec::new();
    let mut cell: Option<Inline> = None;
    // The cells of a head may stand without a row around them.
    let mut is_open = false;
    let mut at = table.start;
    while at < table.end {
        let next = text[at..table.end].find('<').map_or(table.end, |next| at + next);
        if let Some(cell) = &mut cell {
            cell.located.push(&decode(&text[at..next]), at);
        }
        let close = text[next..table.end].find('>').map_or(table.end, |end| next + end + 1);
        let tag = &text[next..close];
        let lower = tag.to_ascii_lowercase();
        if ["<tr", "</tr", "<thead", "</thead"].iter().any(|tag| lower.starts_with(tag)) {
            is_open = false;
        } else if lower.starts_with("<td") || lower.starts_with("<th") {
            if !is_open {
                rows.push(Vec::new());
            }
            is_open = true;
            cell = Some(Inline::at(&(next..close)));
        } else if lower.starts_with("</td") || lower.starts_with("</th>") {
            if let (Some(row), Some(mut cell)) = (rows.last_mut(), cell.take()) {
                cell.span.end = span(close, close).end;
                row.push(trimmed(cell));
            }
        } else if let Some(cell) = &mut cell {
            if lower == "<strong>" || lower == "<b>" {
                let at = cell.text().len();
                cell.strong.push(at..at);
            } else if (lower == "</strong>" || lower == "</b>") && !cell.strong.is_empty() {
                let end = cell.text().len();
                if let Some(last) = cell.strong.last_mut() {
                    last.end = end;
                }
            } else {
                cell.located.push(visible(tag), next);
            }
        }
        at = close.max(next + 1);
    }
    rows
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
    fn tags_vanish_and_placeholders_stay() {
        assert_eq!(visible("<customer-tenant-id>"), "<customer-tenant-id>");
        assert_eq!(visible("<id>"), "<id>");
        assert_eq!(visible("<ORGANIZATION>"), "<ORGANIZATION>");
        assert_eq!(visible("<span class=\"notranslate\">"), "");
        assert_eq!(visible("</span>"), "");
        assert_eq!(visible("<b>"), "");
        assert_eq!(visible("<br/>"), " ");
        assert_eq!(decode("&lt;id&gt; &amp;&amp;"), "<id> &&");
    }
}

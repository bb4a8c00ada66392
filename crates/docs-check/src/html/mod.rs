//! The HTML in Markdown: tables, tags that only decorate, placeholders that look like tags, entities.

mod tables;

use std::borrow::Cow;

pub(crate) use tables::tables;

/// The visible text of a tag: of a placeholder itself, of a tag that starts a line a blank.
pub(crate) fn visible(html: &str) -> &str {
    let tag = tag_name(html);
    if starts_line(tag) {
        return " ";
    }
    let name = html.trim_start_matches(['<', '/']);
    let rest = name[tag.len()..].trim_end();
    // No attributes, and no tag of HTML: `<id>`, `<customer-tenant-id>`, `<ORGANIZATION>`.
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let is_placeholder = html.starts_with('<')
        && !html.starts_with("</")
        && rest.ends_with('>')
        && rest[..rest.len() - 1].chars().all(is_word)
        && !(rest == ">" && is_tag(tag));
    if is_placeholder { html } else { "" }
}

/// The name of a tag that a text starts with.
fn tag_name(html: &str) -> &str {
    let name = html.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric());
    &name[..end.unwrap_or(name.len())]
}

/// Whether a tag parts what is before it from what is behind it.
fn starts_line(tag: &str) -> bool {
    const TAGS: [&str; 23] = [
        "blockquote",
        "br",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "summary",
        "ul",
    ];
    TAGS.iter().any(|own| own.eq_ignore_ascii_case(tag))
}

fn is_tag(word: &str) -> bool {
    const TAGS: [&str; 42] = [
        "a", "abbr", "article", "aside", "b", "bdi", "bdo", "big", "caption", "cite", "code",
        "col", "colgroup", "del", "dfn", "em", "font", "i", "img", "ins", "kbd", "mark", "nav",
        "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td",
        "tfoot", "th", "thead", "tr", "tt", "u", "var", "wbr",
    ];
    let is_own = TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(word));
    is_own || starts_line(word) || word.is_empty()
}

/// The visible text of HTML, each piece with its first byte.
pub(crate) fn texts(html: &str) -> impl Iterator<Item = (Cow<'_, str>, usize)> {
    // Without it no `<` starts a tag, and none is searched for its end in vain.
    let last = html.rfind('>').unwrap_or_default();
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = html.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        if rest.starts_with("<!--") {
            at += rest.find("-->").map_or(rest.len(), |end| end + 3);
            return Some((Cow::Borrowed(""), start));
        }
        if rest.starts_with('<')
            && start < last
            && let Some(end) = rest.find('>')
        {
            at += end + 1;
            return Some((Cow::Borrowed(visible(&rest[..=end])), start));
        }
        let end = rest.char_indices().skip(1).find(|(_, c)| *c == '<');
        let end = end.map_or(rest.len(), |(end, _)| end);
        at += end;
        Some((decode(&rest[..end]), start))
    })
}

/// Whether a comment starts in HTML and doesn't end there.
pub(crate) fn leaves_comment_open(html: &str) -> bool {
    html.rfind("<!--").is_some_and(|start| !html[start..].contains("-->"))
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
    texts(text).map(|(text, _)| text).collect::<String>().trim().to_owned()
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
        for tag in ["<u>", "</u>", "<var>", "<mark>", "<sup>"] {
            assert_eq!(visible(tag), "", "{tag}");
        }
        for tag in ["<h4>", "<p>", "</li>", "<div class=\"a\">"] {
            assert_eq!(visible(tag), " ", "{tag}");
        }
        assert_eq!(decode("&lt;id&gt; &amp;&amp;"), "<id> &&");
    }
}

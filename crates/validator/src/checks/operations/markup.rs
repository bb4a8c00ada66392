//! Descriptions, which pages render as Markdown, and HTML with it.

use html5gum::{StartTag, Token, Tokenizer};
use letterhead_document::{Document, Node};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::paths::part;
use crate::finding::Findings;
use crate::model::Model;
use crate::rules::operations;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in &model.objects {
        for member in ["description", "summary", "title"] {
            if let Some(node) = object.node.get(member)
                && let Some(text) = node.as_str()
                && let Some(active) = active(text)
            {
                report(model.document, node, &active, findings);
            }
        }
    }
}

fn report(document: &Document, node: &Node, active: &Active, findings: &mut Findings) {
    let message = format!("{} runs in the page of whoever renders this text", active.what);
    let help = "leave it out, or put it in backticks if it is meant to be read";
    // A text may have many lines.
    let written = document.slice(node.span);
    let lower = written.to_ascii_lowercase();
    let mut found = lower.match_indices(&active.word).map(|(at, _)| at);
    let at = found.find(|at| !lower[..*at].ends_with('`')).filter(|_| lower.contains('\n'));
    let word = |at| part(document, node.span, &written, at, active.word.len());
    let span = at.map_or(node.span, word);
    findings.add(&operations::SCRIPT_IN_TEXT, span, message, help);
}

/// What would run of a text.
struct Active {
    what: String,
    /// A word of it, in lower case.
    word: String,
}

impl Active {
    fn new(what: impl Into<String>, word: &str) -> Self {
        Self { what: what.into(), word: word.to_owned() }
    }
}

/// What would run of a text, which doesn't within code.
fn active(text: &str) -> Option<Active> {
    // Most texts have neither an element nor a link.
    if !text.contains('<') && !text.contains("](") && !text.contains("]:") {
        return None;
    }
    let mut html = String::new();
    let mut in_block = false;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_block = true,
            Event::End(TagEnd::CodeBlock) => in_block = false,
            Event::Start(Tag::Link { dest_url, .. }) if is_script(&dest_url) => {
                return Some(Active::new("a link to a script", "script:"));
            }
            // Some pages are laxer than Markdown about what an element is.
            Event::Html(_) | Event::InlineHtml(_) | Event::Text(_) if !in_block => {
                let is_escaped = text[..range.start].ends_with('\\');
                html.push_str(if is_escaped { " " } else { &text[range] });
            }
            _ => {}
        }
    }
    let has_end = html.to_ascii_lowercase().contains("</script");
    let tags = Tokenizer::new(&html).flatten().filter_map(|token| match token {
        Token::StartTag(tag) => Some(tag),
        _ => None,
    });
    tags.into_iter().find_map(|tag| runs(&tag, has_end))
}

/// What an element runs.
fn runs(tag: &StartTag<()>, has_end: bool) -> Option<Active> {
    let name = String::from_utf8_lossy(&tag.name);
    let attributes =
        || tag.attributes.iter().map(|(key, value)| (String::from_utf8_lossy(key), value));
    // A word in angle brackets, as in `List<Object>`, is no element that does anything.
    let is_active = match &*name {
        "script" => has_end || attributes().any(|(key, _)| key == "src"),
        "iframe" | "object" | "embed" => !tag.attributes.is_empty(),
        _ => false,
    };
    if is_active {
        return Some(Active::new(format!("a `<{name}>`"), &format!("<{name}")));
    }
    attributes().find_map(|(key, value)| {
        let is_event = key.len() > 3
            && key.starts_with("on")
            && key.bytes().all(|byte| byte.is_ascii_lowercase())
            && !value.is_empty();
        let is_link = ["action", "formaction", "href", "src", "xlink:href"].contains(&&*key);
        if is_event {
            Some(Active::new(format!("`{key}` of a `<{name}>`"), &key))
        } else if is_link && is_script(&String::from_utf8_lossy(value)) {
            Some(Active::new("a link to a script", "script:"))
        } else {
            None
        }
    })
}

/// Whether a browser runs what a URL says.
fn is_script(url: &str) -> bool {
    // Browsers pass over blanks and control characters.
    let written: String = url.chars().filter(|c| *c > ' ').take(20).collect();
    let lower = written.to_ascii_lowercase();
    ["javascript:", "vbscript:", "data:text/html"].iter().any(|start| lower.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::active;

    #[test]
    fn what_runs_is_active_and_what_is_shown_is_not() {
        for text in [
            "Hi <script>alert(1)</script>",
            "<SCRIPT src='x'>",
            "<img src=x onerror=alert(1)>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "[x](javascript:alert(1))",
            "<iframe src='https://example.com'></iframe>",
            "<svg/onload=alert(1)>",
            "<img src='x' ONERROR = 'alert(1)'>",
            "<a title=\"a > b\" onclick=\"alert(1)\">x</a>",
            "<a href=\"java&#115;cript:alert(1)\">x</a>",
            "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
            "<b>x</b> [x]( JavaScript:alert(1) )",
            "[x]\n\n[x]: javascript:alert(1)",
        ] {
            assert!(active(text).is_some(), "{text}");
        }
        for text in [
            "Write `<script>` into the page.",
            "```html\n<script>alert(1)</script>\n```",
            "a < b, on = 1 > c",
            "<b>bold</b> <a href=\"https://example.com/on?one=1\">x</a>",
            "<scripting>",
            "List<Script>",
            "<p class=\"onload=x\">",
            "\\<script>alert(1)\\</script>",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "So:\n\n    <script>alert(1)</script>",
            "[onclick=x](https://example.com/?javascript:)",
            "Map<Object, Embed>",
        ] {
            assert!(active(text).is_none(), "{text}");
        }
    }
}

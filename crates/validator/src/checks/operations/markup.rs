//! Descriptions, which pages render as Markdown, and HTML with it.

use letterhead_document::Node;

use crate::finding::Findings;
use crate::model::Model;
use crate::rules::operations;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in &model.objects {
        for member in ["description", "summary", "title"] {
            if let Some(node) = object.node.get(member)
                && let Some(text) = node.as_str()
                && text.contains(['<', '('])
                && let Some(what) = active(text)
            {
                report(node, &what, findings);
            }
        }
    }
}

fn report(node: &Node, what: &str, findings: &mut Findings) {
    let message = format!("{what} runs in the page of whoever renders this text");
    let help = "leave it out, or put it in backticks if it is meant to be read";
    findings.add(&operations::SCRIPT_IN_TEXT, node.span, message, help);
}

/// What would run of a text, which doesn't within code.
fn active(text: &str) -> Option<String> {
    let text = without_code(text).to_ascii_lowercase();
    if text.contains("](javascript:") {
        return Some("a link to a script".to_owned());
    }
    let tags =
        text.split('<').skip(1).filter(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic()));
    for tag in tags {
        let inside = tag.split('>').next().unwrap_or_default();
        let name: String = inside.chars().take_while(char::is_ascii_alphanumeric).collect();
        // A word in angle brackets, as in `List<Object>`, is no element that does anything.
        let runs = match name.as_str() {
            "script" => text.contains("</script") || inside.contains("src"),
            "iframe" | "object" | "embed" => inside.contains('='),
            _ => false,
        };
        if runs {
            return Some(format!("a `<{name}>`"));
        }
        // Attributes stand behind a blank or a slash.
        let attributes = inside.split(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\''));
        for attribute in attributes.skip(1) {
            let event = attribute.split('=').next().unwrap_or_default();
            let is_event = event.len() > 3
                && event.starts_with("on")
                && event.bytes().all(|byte| byte.is_ascii_lowercase());
            if is_event && inside.contains(&format!("{event}=")) {
                return Some(format!("`{event}` of a `<{name}>`"));
            }
        }
        if inside.contains("javascript:") {
            return Some("a link to a script".to_owned());
        }
    }
    None
}

/// A Markdown text without blocks and spans of code.
fn without_code(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        kept.push_str(&rest[..start]);
        let fence = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        let after = &rest[start + fence..];
        let Some(end) = after.find(&rest[start..start + fence]) else {
            rest = after;
            continue;
        };
        rest = after[end..].trim_start_matches('`');
    }
    kept + rest
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
            "Map<Object, Embed>",
        ] {
            assert!(active(text).is_none(), "{text}");
        }
    }
}

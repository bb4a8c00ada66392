//! Texts of vendors as they are shown: on one line, without power over the terminal or the page.

use letterhead_document::pointer::unescaped;
use serde_json::Value;

use crate::json::escaped;

/// A value as JSON, on one line, in which every character is seen.
pub(crate) fn value(value: &Value) -> String {
    if value.is_null() { "nothing".to_owned() } else { visible(&value.to_string()) }
}

/// A text on one line, in which every character is seen: none moves the cursor, turns the writing around or hides.
pub(crate) fn visible(text: &str) -> String {
    escaped(text).replace('\n', "\\n")
}

/// A JSON pointer as people write it: `/business_address/line1` is `business_address.line1`.
pub(crate) fn path(pointer: &str) -> String {
    visible(&unescaped(&pointer.trim_start_matches('/').replace('/', ".")))
}

/// A text as HTML.
pub(crate) fn html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

/// A text as code in a cell of a Markdown table, which no renderer takes for markup.
pub(crate) fn markdown(text: &str) -> String {
    format!("<code>{}</code>", html(text).replace('|', "&#124;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_has_power_over_the_terminal_or_the_page() {
        let hostile = "\u{1b}[2J\u{9b}31m\u{202e}<script>alert('x')</script>|`\r\n";
        let shown = visible(hostile);
        assert!(shown.starts_with("\\u001b[2J\\u009b31m\\u202e<script>"), "{shown}");
        assert!(shown.ends_with("|`\\u000d\\n"), "{shown}");
        assert!(html(hostile).contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
        assert!(!markdown(hostile).contains('|'));
        assert_eq!(path("/a/b~1c/d.e"), "a.b/c.d.e");
    }
}

//! Pages whose whole text is on one line: the line breaks come back where only they make sense.

use std::borrow::Cow;

/// Puts line breaks in place of blanks, so that every byte keeps its place.
///
/// A page is on one line when a line that starts as a heading goes on with further headings.
pub(crate) fn unfold(text: &str) -> Cow<'_, str> {
    let folded = |line: &str| {
        let is_heading = line.trim_start_matches('\u{feff}').starts_with('#');
        is_heading && (line.contains(" ## ") || line.contains(" ### "))
    };
    if !text.lines().any(folded) {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut in_fence = false;
    for at in 0..bytes.len() {
        if bytes[at] != b' ' || !text.is_char_boundary(at + 1) {
            continue;
        }
        let rest = &text[at + 1..];
        if rest.starts_with("```") {
            out[at] = b'\n';
            in_fence = !in_fence;
            // What stands behind the fence is its language and then the code, or the next block.
            if let Some(end) = rest.find(' ') {
                out[at + 1 + end] = b'\n';
            }
        } else if !in_fence && starts_block(rest) {
            out[at] = b'\n';
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn starts_block(rest: &str) -> bool {
    let heading = rest.trim_start_matches('#');
    let level = rest.len() - heading.len();
    if (1..=6).contains(&level) && heading.starts_with(' ') {
        return true;
    }
    if let Some(item) = rest.strip_prefix("- ") {
        return item.starts_with('`');
    }
    let Some(word) = rest.strip_prefix("**") else {
        return false;
    };
    let end = word.bytes().take_while(u8::is_ascii_alphabetic).count();
    word[end..].starts_with("** `") && crate::target::method(&word[..end]).is_some()
}

#[cfg(test)]
mod tests {
    use super::unfold;

    #[test]
    fn a_folded_page_gets_its_lines_back_and_every_byte_keeps_its_place() {
        let page = "# Pets ## Get **get** `/pets/{id}` Text - with a dash. ### Returns - `a: string` \
                    ```http curl https://x/y \\ -H \"a ## b\" ``` #### Response ```json { \"a\": 1 } ``` ## End";
        let unfolded = unfold(page);
        assert_eq!(
            unfolded,
            "# Pets\n## Get\n**get** `/pets/{id}` Text - with a dash.\n### Returns\n- `a: string`\n\
             ```http\ncurl https://x/y \\ -H \"a ## b\"\n```\n#### Response\n```json\n{ \"a\": 1 }\n```\n## End"
        );
        assert_eq!(unfolded.len(), page.len());
        assert_eq!(unfold("\u{feff}# Pets ## Get"), "\u{feff}# Pets\n## Get");
        assert_eq!(unfold("# Pets\n\n## Get\n"), "# Pets\n\n## Get\n");
    }
}

//! Text from outside, fit for one line of a log.

use crate::invisible::is_invisible;

/// The most of a vendor's message that is shown, in characters.
pub(super) const SHOWN_MESSAGE: usize = 500;

/// Without line breaks and control characters, which forge log lines, without characters that nobody sees,
/// which turn a line around or make one text look like another, and not too long.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let text: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let mut words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let mut line = String::new();
    for word in words.by_ref().filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if let Some((end, _)) = line.char_indices().nth(limit) {
        line.truncate(end);
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendors_message_is_one_line_and_bounded() {
        assert_eq!(one_line("a\r\n\u{1b}[31m b\t c", 99), "a [31m b c");
        assert_eq!(one_line("ééééé", 3), "ééé…");
        assert_eq!(one_line("a\u{202e}b\u{200b}c \u{feff} d\u{2028}e", 99), "abc d e");
    }
}

//! What stands between values: blanks, comments, dots and commas, as pages have them.

use super::node::Repair;
use super::read::{Read, Reader};

impl Reader<'_> {
    /// Skips what means nothing: blanks, comments, dots; true where dots stood for something.
    pub(super) fn blank(&mut self) -> Read<bool> {
        let mut dots = false;
        loop {
            let start = self.at;
            let left = self.left();
            match left.chars().next() {
                Some('\u{feff}') => {
                    self.at += 3;
                    self.repaired(Repair::ByteOrderMark, start);
                }
                Some(c) if c.is_whitespace() => self.at += c.len_utf8(),
                Some('\u{200b}') => self.at += 3,
                Some('/') if left.starts_with("//") => {
                    self.at += left.find('\n').unwrap_or(left.len());
                    self.repaired(Repair::Comment, start);
                }
                Some('/') if left.starts_with("/*") => match left.find("*/") {
                    Some(end) => {
                        self.at += end + 2;
                        self.repaired(Repair::Comment, start);
                    }
                    None => return self.refuse("a comment isn't closed"),
                },
                Some('#') => {
                    self.at += left.find('\n').unwrap_or(left.len());
                    self.repaired(Repair::Comment, start);
                }
                Some('<') if left.starts_with("<!--") => {
                    self.at += left.find("-->").map_or(left.len(), |end| end + 3);
                    self.repaired(Repair::Comment, start);
                }
                Some('.' | '…') if left.starts_with("...") || left.starts_with('…') => {
                    self.at += left.len() - left.trim_start_matches(['.', '…']).len();
                    self.repaired(Repair::Ellipsis, start);
                    dots = true;
                }
                _ => return Ok(dots),
            }
        }
    }

    /// The comma between two values, or none before `close`; true where dots stood there.
    pub(super) fn separator(&mut self, close: char) -> Read<bool> {
        let behind = self.at;
        let mut dots = self.blank()?;
        // A quote of the command around the sample.
        let quote = self.left().strip_prefix('\'').map(str::trim_start);
        if quote.is_some_and(|rest| rest.starts_with([',', '}', ']'])) {
            self.at += 1;
            self.repaired(Repair::StrayCharacter, self.at - 1);
            dots |= self.blank()?;
        }
        let mut commas = 0;
        while self.peek() == Some(',') {
            let comma = self.at;
            self.at += 1;
            commas += 1;
            if commas > 1 {
                self.repaired(Repair::ExtraComma, comma);
            }
            let more = self.blank()?;
            dots |= more;
            if self.peek() == Some(close) && !more {
                self.repairs.push((Repair::TrailingComma, self.text.span(comma, comma + 1)));
            }
        }
        let done = self.peek().is_none_or(|next| matches!(next, ']' | '}'));
        if commas == 0 && !done && !dots {
            // Certain only where the next value has a line of its own.
            if !self.text.text[behind..self.at].contains('\n') {
                return self.refuse("a comma is missing here");
            }
            self.repaired(Repair::MissingComma, behind.saturating_sub(1));
        }
        Ok(dots)
    }
}

//! Texts, numbers, words and placeholders.

use serde_json::Number;

use super::node::{Repair, Sample};
use super::read::{Read, Reader};

impl Reader<'_> {
    pub(super) fn string(&mut self) -> Read<String> {
        let start = self.at;
        let open = self.peek().unwrap_or('"');
        self.at += open.len_utf8();
        let closes: &[char] = match open {
            '"' => &['"'],
            '\'' => &['\''],
            '‘' | '’' => &['‘', '’'],
            // One typographic quote is often closed by a plain one.
            _ => &['“', '”', '„', '"'],
        };
        let mut text = String::new();
        let mut broken = false;
        let mut characters = self.left().char_indices();
        let end = loop {
            let Some((at, c)) = characters.next() else {
                self.at = start;
                return self.refuse("a text isn't closed");
            };
            match c {
                _ if closes.contains(&c) => break at + c.len_utf8(),
                // A plain quote may be closed by a typographic one before a comma or a colon.
                '”' if open == '"' && ends_text(characters.as_str()) => {
                    break at + c.len_utf8();
                }
                '\\' => match characters.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, 'r')) => text.push('\r'),
                    Some((_, 'u')) => {
                        let hex: String = characters.by_ref().take(4).map(|(_, c)| c).collect();
                        let code = u32::from_str_radix(&hex, 16).ok();
                        text.push(code.and_then(char::from_u32).unwrap_or('\u{fffd}'));
                    }
                    Some((_, c)) => text.push(c),
                    None => {}
                },
                _ => {
                    broken |= c == '\n';
                    text.push(c);
                }
            }
        };
        self.at += end;
        if broken {
            self.repaired(Repair::LineBreakInText, start);
        }
        match open {
            '"' => {}
            '\'' => self.repaired(Repair::SingleQuotes, start),
            _ => self.repaired(Repair::SmartQuotes, start),
        }
        Ok(text)
    }

    pub(super) fn number_or_word(&mut self) -> Read<Sample> {
        let start = self.at;
        let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '+' | '.' | '_' | ':');
        let end = self.left().find(|c| !part(c)).unwrap_or(self.left().len());
        let word = self.left()[..end].trim_end_matches(':').to_owned();
        self.at += word.len();
        if let Ok(number) = word.parse::<Number>() {
            return Ok(Sample::Number(number));
        }
        let digits = word.trim_start_matches('0');
        let digits = if digits.is_empty() { "0" } else { digits };
        if let Ok(number) = digits.parse::<Number>() {
            self.repaired(Repair::LeadingZero, start);
            return Ok(Sample::Number(number));
        }
        if word == "-" {
            self.at = start;
            return self.refuse("no value starts here");
        }
        // A GUID or a date without quotes.
        self.repaired(Repair::UnquotedText, start);
        Ok(Sample::Open)
    }

    pub(super) fn word(&mut self) -> Sample {
        let start = self.at;
        let end = self.left().find([',', '\n', '\r', '}', ']']).unwrap_or(self.left().len());
        let word = self.left()[..end].trim_end().to_owned();
        self.at += word.len();
        let repair = match word.as_str() {
            "true" => return Sample::Bool(true),
            "false" => return Sample::Bool(false),
            "null" => return Sample::Open,
            _ => Repair::UnquotedText,
        };
        self.repaired(repair, start);
        match word.to_ascii_lowercase().as_str() {
            "true" => Sample::Bool(true),
            "false" => Sample::Bool(false),
            _ => Sample::Open,
        }
    }

    /// Whether a bracket opens a placeholder: `{id}`, `[id]`.
    pub(super) fn is_placeholder(&self) -> bool {
        let left = self.left();
        let close = if left.starts_with('{') { '}' } else { ']' };
        let Some(end) = left.find(close) else {
            return false;
        };
        let name = &left[1..end];
        let word = |c: char| c.is_alphabetic() || matches!(c, '_' | '-' | ' ');
        let literal = matches!(name.trim(), "true" | "false" | "null" | "");
        !literal && name.trim() == name && name.chars().all(word)
    }

    pub(super) fn placeholder(&mut self) {
        let left = self.left();
        let close = match left.chars().next() {
            Some('<') => '>',
            Some('{') => '}',
            Some('[') => ']',
            _ => '\0',
        };
        let line = left.find(['\n', '\r']).unwrap_or(left.len());
        self.at += match left[..line].find(close) {
            Some(end) => end + 1,
            None => left[..line].find([',', '}']).unwrap_or(line).max(1),
        };
    }
}

/// Whether what follows a quote is what follows the end of a text.
fn ends_text(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with([',', ':', '}', ']'])
}

//! Requests as `curl` commands, also those that would not run as printed.

use crate::http::{Message, Start, header};
use crate::located::Located;
use crate::target::method;

/// Whether a block is a command, whatever its address is.
pub(crate) fn starts(text: &str) -> bool {
    let text = text.trim_start();
    ["curl ", "$ curl ", "-X "].iter().any(|start| text.starts_with(start))
}

/// Reads all commands of a block; none where there is none.
pub(crate) fn read(code: &Located) -> Vec<Message> {
    let text = code.text.as_str();
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    // An empty line ends a command.
    let mut goes_on = false;
    for line in text.split_inclusive('\n') {
        let word = line.trim_start();
        let word = word.strip_prefix("$ ").unwrap_or(word);
        if word.starts_with("curl ") || word.starts_with("-X ") && !goes_on {
            starts.push(at + line.len() - word.len());
            goes_on = true;
        }
        goes_on &= !word.is_empty();
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let commands = starts.iter().zip(ends);
    commands.filter_map(|(start, end)| command(&code.part(*start, end))).collect()
}

fn command(code: &Located) -> Option<Message> {
    let mut words = Words { code, at: 0 };
    let mut verb = None;
    let mut address: Option<(String, usize)> = None;
    let mut headers = Vec::new();
    let mut data: Vec<(usize, usize)> = Vec::new();
    let mut is_query = false;
    while let Some((start, end)) = words.next() {
        let word = unquoted(&code.text[start..end]);
        match word {
            "-X" | "--request" => {
                let (start, end) = words.next()?;
                verb = method(unquoted(&code.text[start..end]));
            }
            "-H" | "--header" => {
                let (start, end) = words.next()?;
                let text = unquoted(&code.text[start..end]);
                if let Some((name, value)) = header(text) {
                    let from = start + code.text[start..end].find(name).unwrap_or_default();
                    let span = code.span(from, from + name.len());
                    headers.push((name.to_owned(), value.to_owned(), span));
                }
            }
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-urlencode" | "--json" => {
                data.extend(words.data());
            }
            "-G" | "--get" => is_query = true,
            "-u" | "--user" | "-o" | "--output" | "-A" | "-F" | "--form" => {
                words.next()?;
            }
            // `<TRIGGER_URL>` stands for a whole address.
            _ if address.is_none()
                && !word.starts_with('-')
                && (word.contains('/') || word.starts_with('<') && word.ends_with('>')) =>
            {
                // The backslash that joins the next line may stand right behind it.
                address = Some((word.trim_end_matches('\\').to_owned(), start));
            }
            _ => {
                if let Some(glued) = word.strip_prefix("-X").and_then(method) {
                    verb = Some(glued);
                }
            }
        }
    }
    let (mut address, at) = address?;
    let span = code.span(at, at + address.len());
    if is_query {
        for (start, end) in data.drain(..) {
            address.push(if address.contains('?') { '&' } else { '?' });
            address.push_str(&code.text[start..end]);
        }
    }
    // Some bodies stand below the command.
    if data.is_empty() && verb.is_some_and(|verb| matches!(verb, "POST" | "PUT" | "PATCH")) {
        let start = code.text.len() - words.left().trim_start().len();
        let is_body = code.text[start..].starts_with(['{', '[']);
        data.extend(is_body.then_some((start, code.text.len())));
    }
    let mut body = Located::default();
    let mut pieces = data.len() > 1;
    for (start, end) in &data {
        if !body.text.is_empty() {
            body.push("\n", code.origin(*start));
        }
        // One quotation may go on over lines that each have a `-d` of their own.
        let mut at = *start;
        for (index, line) in code.text[*start..*end].split_inclusive('\n').enumerate() {
            let own = line.trim_start().strip_prefix("-d").filter(|_| index > 0);
            pieces |= own.is_some();
            let own = own.unwrap_or(line);
            let from = at + line.len() - own.len();
            let part = code.part(from, at + line.len());
            body.push(&part.text, part.origin(0));
            at += line.len();
        }
    }
    let method = verb.unwrap_or(if data.is_empty() { "GET" } else { "POST" });
    Some(Message {
        span,
        start: Start::Request { method, address },
        headers,
        body: (!body.text.trim().is_empty()).then_some(body),
        pieces,
    })
}

/// The words of a command, by their bytes.
struct Words<'t> {
    code: &'t Located,
    at: usize,
}

impl Words<'_> {
    fn left(&self) -> &str {
        &self.code.text[self.at..]
    }

    /// Skips blanks, and backslashes that join lines; false at the end of the command.
    fn blank(&mut self) -> bool {
        loop {
            let left = self.left();
            let blanks = left.len() - left.trim_start().len();
            // An empty line ends a command.
            if left[..blanks].matches('\n').count() > 1 {
                return false;
            }
            self.at += blanks;
            let left = self.left();
            let joins = left
                .strip_prefix('\\')
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
            if !joins {
                return !left.is_empty();
            }
            self.at += 1;
        }
    }

    /// What a `-d` sends: a word in quotes, or the rest of the line where the quotes are missing.
    fn data(&mut self) -> Option<(usize, usize)> {
        if !self.blank() {
            return None;
        }
        let start = self.at;
        if let Some(quote) = self.left().chars().next().filter(|c| matches!(c, '\'' | '"'))
            && let Some(end) = self.closing(quote)
        {
            let behind = &self.left()[end..];
            if behind.is_empty()
                || behind.starts_with(char::is_whitespace)
                || behind.starts_with('\\')
            {
                self.at += end;
                return Some((start + 1, self.at - 1));
            }
        }
        let line = self.left().find('\n').unwrap_or(self.left().len());
        let text = self.left()[..line].trim_end().trim_end_matches('\\').trim_end();
        // The quote that was opened nowhere.
        let odd = !text.matches('\'').count().is_multiple_of(2);
        let end = text.strip_suffix('\'').filter(|_| odd).unwrap_or(text).trim_end().len();
        // The one that is closed too early.
        let first = usize::from(text.starts_with('\'') && end > 0);
        self.at += line;
        Some((start + first.min(end), start + end))
    }

    /// The byte behind the quote that closes the one at the start.
    fn closing(&self, quote: char) -> Option<usize> {
        let left = self.left();
        let mut escaped = false;
        for (at, c) in left.char_indices().skip(1) {
            if c == quote && !escaped {
                return Some(at + 1);
            }
            escaped = quote == '"' && c == '\\' && !escaped;
        }
        None
    }
}

impl Iterator for Words<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        if !self.blank() {
            return None;
        }
        let start = self.at;
        let first = self.left().chars().next();
        if let Some(quote) = first.filter(|c| matches!(c, '\'' | '"'))
            && let Some(end) = self.closing(quote)
        {
            self.at += end;
        } else {
            let left = self.left();
            self.at += left.find(char::is_whitespace).unwrap_or(left.len());
        }
        Some((start, self.at))
    }
}

fn unquoted(word: &str) -> &str {
    let inside = |quote| word.strip_prefix(quote).and_then(|word| word.strip_suffix(quote));
    inside('\'').or_else(|| inside('"')).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let mut code = Located::default();
        code.push(text, 0);
        let shown = read(&code).into_iter().map(|message| {
            let names: Vec<_> = message.headers.iter().map(|(name, ..)| name.as_str()).collect();
            let body = message.body.map(|body| body.text.replace('\n', "|"));
            let Start::Request { method, address } = message.start else {
                unreachable!("curl sends requests")
            };
            let pieces = if message.pieces { " in pieces" } else { "" };
            format!("{method} {address} [{}] {}{pieces}", names.join(","), body.unwrap_or_default())
        });
        shown.collect()
    }

    #[test]
    fn commands_are_read_also_when_they_would_not_run() {
        assert_eq!(
            shown(
                "curl https://a.example/x/$ID \\\n    -X PUT \\\n    -H 'A: b' \\\n    -H \"C: $D\" \\\n    -d '{\n  \"a\": 1\n}'\n"
            ),
            ["PUT https://a.example/x/$ID [A,C] {|  \"a\": 1|}"]
        );
        assert_eq!(
            shown("curl https://a.example/x \\ -X PUT \\ -H 'A: b' \\ -d '{ \"a\": 1 }'"),
            ["PUT https://a.example/x [A] { \"a\": 1 }"]
        );
        assert_eq!(
            shown(
                "-X PATCH https://a.example/<O>/x/<K> \\\n-H 'A: b'\n-i\n-d {\n-d \"u\":{\n-d    \"K\":\"<K>\"\n-d  }\n-d }\n"
            ),
            ["PATCH https://a.example/<O>/x/<K> [A] {|\"u\":{|\"K\":\"<K>\"|}|} in pieces"]
        );
        assert_eq!(
            shown(
                "curl -G https://a.example/x -d a=1 \\\n  --data-urlencode 'b=c d' -H 'A: b'\n\n\
                 curl https://a.example/x --data-urlencode 'b=c'\n"
            ),
            ["GET https://a.example/x?a=1&b=c d [A] ", "POST https://a.example/x [] b=c"]
        );
        assert_eq!(
            shown("curl -XDELETE 'https://a.example/x'\n\ncurl --data '{}' https://a.example/y"),
            ["DELETE https://a.example/x [] ", "POST https://a.example/y [] {}"]
        );
        assert_eq!(
            shown(
                "-X POST https://a.example/x \\\n-i\n-d '{\n-d \"u\":{\n-d   \"K\":\"v\"}\n-d  }'\n"
            ),
            ["POST https://a.example/x [] {| \"u\":{|   \"K\":\"v\"}|  } in pieces"]
        );
        assert_eq!(
            shown("curl -X PATCH https://a.example/x -d '{\"a\":\"b\"',\"c\":\"d\"}'\n"),
            ["PATCH https://a.example/x [] {\"a\":\"b\"',\"c\":\"d\"}"]
        );
        assert!(shown("var curl = 1;").is_empty());
    }
}

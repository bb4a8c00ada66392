use std::collections::HashSet;

use super::node::{Node, Repair, Sample};
use crate::located::Located;
use letterhead_document::Span;

/// How deep a sample may be nested.
const DEEPEST: usize = 100;

/// What had to be repaired, and where.
pub(crate) type Repairs = Vec<(Repair, Span)>;

/// A sample as far as it can be read.
pub(crate) struct Parsed {
    /// The value; what could not be read is left out.
    pub(crate) node: Option<Node>,
    pub(crate) repairs: Repairs,
    /// The first place that can't be read, and why.
    pub(crate) broken: Option<(Span, String)>,
}

/// How many places of a sample may be left out.
const MOST_GAPS: usize = 20;

/// Reads a sample as far as it makes sense.
pub(crate) fn read(text: &Located) -> Parsed {
    let mut reader = Reader { text, at: 0, repairs: Vec::new(), broken: None, gaps: 0 };
    let node = reader.whole().map_err(|error| reader.broken.get_or_insert(error).clone()).ok();
    let Reader { mut repairs, broken, .. } = reader;
    if broken.is_some() {
        // Behind a gap nothing is certain.
        repairs.clear();
    }
    Parsed { node, repairs, broken }
}

/// Whether a text is members without the braces around them.
pub(crate) fn is_fragment(text: &str) -> bool {
    let text = text.trim_start_matches(['.', '…', ',', ' ', '\n', '\r', '\t']);
    let line = text.lines().next().unwrap_or_default();
    let behind = line.strip_prefix('"').and_then(|line| line.split_once('"'));
    behind.is_some_and(|(name, rest)| !name.is_empty() && rest.trim_start().starts_with(':'))
}

pub(super) struct Reader<'t> {
    pub(super) text: &'t Located,
    pub(super) at: usize,
    pub(super) repairs: Repairs,
    broken: Option<(Span, String)>,
    gaps: usize,
}

pub(super) type Read<T> = Result<T, (Span, String)>;

impl Reader<'_> {
    fn whole(&mut self) -> Read<Node> {
        if is_fragment(&self.text.text) {
            let value = self.object(0, false)?;
            self.repaired(Repair::MissingBraces, 0);
            return Ok(Node { span: self.text.span(0, self.at), value });
        }
        self.blank()?;
        let first = self.value(0)?;
        self.rest(first)
    }

    /// Goes on behind the line that can't be read.
    fn leave_out(&mut self, error: (Span, String)) {
        self.broken.get_or_insert(error);
        self.gaps += 1;
        let left = self.left();
        let line = left.find('\n').map_or(left.len(), |end| end + 1);
        self.at += if self.gaps > MOST_GAPS { left.len() } else { line };
    }

    pub(super) fn left(&self) -> &str {
        &self.text.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.left().chars().next()
    }

    pub(super) fn repaired(&mut self, repair: Repair, start: usize) {
        let span = self.text.span(start, self.at.max(start + 1).min(self.text.text.len()));
        self.repairs.push((repair, span));
    }

    pub(super) fn refuse<T>(&self, reason: &str) -> Read<T> {
        let end = self.at + self.peek().map_or(0, char::len_utf8);
        Err((self.text.span(self.at, end), reason.to_owned()))
    }

    fn value(&mut self, depth: usize) -> Read<Node> {
        if depth > DEEPEST {
            return self.refuse("values are nested too deep");
        }
        let start = self.at;
        let value = match self.peek() {
            Some('{') if !self.is_placeholder() => {
                self.at += 1;
                self.object(depth, true)?
            }
            Some('[') if !self.is_placeholder() => self.array(depth)?,
            Some('"' | '\'' | '“' | '”' | '‘' | '’' | '„') => {
                Sample::String(self.string()?)
            }
            Some('-' | '0'..='9') => self.number_or_word()?,
            Some('<' | '{' | '[' | '$') => {
                self.placeholder();
                self.repaired(Repair::UnquotedPlaceholder, start);
                Sample::Open
            }
            Some(c) if c.is_alphabetic() || c == '_' => self.word(),
            None => return self.refuse("the sample ends where a value should be"),
            _ => return self.refuse("no value starts here"),
        };
        Ok(Node { span: self.text.span(start, self.at), value })
    }

    /// The members behind an opening brace, or of a fragment without one.
    fn object(&mut self, depth: usize, braces: bool) -> Read<Sample> {
        let mut members: Vec<(String, Span, Node)> = Vec::new();
        let mut names: HashSet<String> = HashSet::new();
        let mut partial = !braces;
        loop {
            partial |= self.blank()?;
            match self.peek() {
                Some('}') if braces => {
                    self.at += 1;
                    return Ok(Sample::Object { members, partial });
                }
                // The brackets of what a fragment was cut out of.
                Some('}' | ']' | ',') if !braces => {
                    self.at += 1;
                    continue;
                }
                None | Some(']') => {
                    if braces {
                        self.repaired(Repair::MissingClose, self.at.saturating_sub(1));
                    }
                    return Ok(Sample::Object { members, partial });
                }
                _ => {}
            }
            match self.member(depth, &mut partial) {
                Ok((name, key, value)) => {
                    if names.insert(name.clone()) {
                        members.push((name, key, value));
                    } else {
                        self.repairs.push((Repair::DuplicateKey, key));
                    }
                    match self.separator('}') {
                        Ok(dots) => partial |= dots,
                        Err(error) => {
                            self.leave_out(error);
                            partial = true;
                        }
                    }
                }
                Err(error) => {
                    self.leave_out(error);
                    partial = true;
                }
            }
        }
    }

    fn member(&mut self, depth: usize, partial: &mut bool) -> Read<(String, Span, Node)> {
        let start = self.at;
        let name = self.key()?;
        let key = self.text.span(start, self.at);
        self.blank()?;
        if self.peek() != Some(':') {
            return self.refuse("a colon is missing here");
        }
        self.at += 1;
        *partial |= self.blank()?;
        // `"a": ...` and `"a": ,` say nothing about the value.
        let value = match self.peek() {
            None | Some(',' | '}') => Node { span: key, value: Sample::Open },
            _ => self.value(depth + 1)?,
        };
        Ok((name, key, value))
    }

    fn array(&mut self, depth: usize) -> Read<Sample> {
        self.at += 1;
        let mut items: Vec<Node> = Vec::new();
        // Behind the last item.
        let mut end = (self.at, self.repairs.len());
        loop {
            self.blank()?;
            match self.peek() {
                Some(']') => {
                    self.at += 1;
                    return Ok(Sample::Array(items));
                }
                None | Some('}') => {
                    self.repaired(Repair::MissingClose, self.at.saturating_sub(1));
                    return Ok(Sample::Array(items));
                }
                _ => match self.value(depth + 1) {
                    Ok(item) => items.push(item),
                    Err(error) => {
                        self.leave_out(error);
                        continue;
                    }
                },
            }
            // A name stands in no list: the object around it goes on.
            if depth > 0 && items.len() > 1 && self.is_name(items.last()) {
                items.pop();
                self.at = end.0;
                self.repairs.truncate(end.1);
                self.repaired(Repair::MissingClose, end.0 - 1);
                return Ok(Sample::Array(items));
            }
            end = (self.at, self.repairs.len());
            if let Err(error) = self.separator(']') {
                self.leave_out(error);
            }
        }
    }

    /// Whether a text that was read is the name of a member.
    fn is_name(&self, item: Option<&Node>) -> bool {
        let is_text = item.is_some_and(|item| matches!(item.value, Sample::String(_)));
        is_text && self.left().trim_start_matches([' ', '\t']).starts_with(':')
    }

    fn key(&mut self) -> Read<String> {
        let start = self.at;
        match self.peek() {
            Some('"' | '\'' | '“' | '”' | '‘' | '’' | '„') => self.string(),
            Some(c) if c.is_alphanumeric() || matches!(c, '_' | '@' | '$') => {
                let word =
                    |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | '.' | '$');
                let end = self.left().find(|c| !word(c)).unwrap_or(self.left().len());
                let key = self.left()[..end].to_owned();
                self.at += end;
                // Only the first of the quotes may be missing.
                if matches!(self.peek(), Some('"' | '”')) {
                    self.at += self.peek().map_or(0, char::len_utf8);
                }
                self.repaired(Repair::UnquotedKey, start);
                Ok(key)
            }
            _ => self.refuse("no name of a member starts here"),
        }
    }

    /// What stands behind the first value: nothing, a comma, or further values of a list.
    fn rest(&mut self, first: Node) -> Read<Node> {
        let mut all = vec![first];
        loop {
            self.blank()?;
            let comma = self.at;
            while self.peek() == Some(',') {
                self.at += 1;
                self.blank()?;
            }
            match self.peek() {
                None => {
                    if self.at > comma {
                        self.repairs
                            .push((Repair::TrailingComma, self.text.span(comma, comma + 1)));
                    }
                    break;
                }
                Some('{') if self.at > comma => all.push(self.value(1)?),
                _ => {
                    let behind = self.refuse::<()>("something stands behind the end of the sample");
                    self.broken = self.broken.take().or(behind.err());
                    break;
                }
            }
        }
        if all.len() == 1 {
            return Ok(all.remove(0));
        }
        let span = Span { start: all[0].span.start, end: all[all.len() - 1].span.end };
        self.repairs.push((Repair::MissingBrackets, span));
        Ok(Node { span, value: Sample::Array(all) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut located = Located::default();
        located.push(text, 0);
        let Parsed { node, repairs, broken } = read(&located);
        let names: Vec<_> = repairs.iter().map(|(repair, _)| repair.name()).collect();
        let json = node.map(|node| node.to_json().to_string()).unwrap_or_default();
        let broken = broken.map(|(span, reason)| format!("{}: {reason}", span.start));
        format!("{json} {}{}", names.join(" "), broken.unwrap_or_default()).trim().to_owned()
    }

    #[test]
    fn every_repair_has_a_name() {
        for (text, expected) in [
            (r#"{"a": 1}"#, r#"{"a":1}"#),
            (
                r#"{"a":<id>, "b": {id}, "c": [id], "d": $ID}"#,
                r#"{"a":null,"b":null,"c":null,"d":null} unquoted-placeholder unquoted-placeholder unquoted-placeholder unquoted-placeholder"#,
            ),
            ("{a: 'x'}", r#"{"a":"x"} unquoted-key single-quotes"#),
            ("{“a”: “x”}", r#"{"a":"x"} smart-quotes smart-quotes"#),
            (r#"{"a": [1, 2,], }"#, r#"{"a":[1,2]} trailing-comma trailing-comma"#),
            (r#"{"a": 1},"#, r#"{"a":1} trailing-comma"#),
            ("{\"a\": 1\n \"b\": 2}", r#"{"a":1,"b":2} missing-comma"#),
            ("{\"a\": 1, ... }", r#"{"a":1} ellipsis"#),
            ("{\"a\": [ {\"b\":1}, ... ]}", r#"{"a":[{"b":1}]} ellipsis"#),
            ("{\"a\": 04 // four\n}", r#"{"a":4} leading-zero comment"#),
            ("{\"a\": 1,, \"b\": 2}", r#"{"a":1,"b":2} extra-comma"#),
            ("{\"a\": \"x\ny\"}", "{\"a\":\"x\\ny\"} line-break-in-text"),
            ("{\"a\": guid, \"b\": True}", r#"{"a":null,"b":true} unquoted-text unquoted-text"#),
            ("{\"a\": 4b10bf41-ab11}", r#"{"a":null} unquoted-text"#),
            ("\u{feff}{\"a\": {\"b\": 1}", r#"{"a":{"b":1}} byte-order-mark missing-close"#),
            ("{\"a\":1},\n{\"a\":2}", r#"[{"a":1},{"a":2}] missing-brackets"#),
            ("{\"a\": [{\"b\": 1}, ...\n}", r#"{"a":[{"b":1}]} ellipsis missing-close"#),
            ("{status\": 1}", r#"{"status":1} unquoted-key"#),
            ("[{\"b\": 1]", r#"[{"b":1}] missing-close"#),
            (
                "{\"a\": [{\"b\": 1}, \"c\": {\"d\": [\"e\"]}}",
                r#"{"a":[{"b":1}],"c":{"d":["e"]}} missing-close"#,
            ),
            ("{\"a\": [\"b\"\n], \"c\": 1}", r#"{"a":["b"],"c":1}"#),
            ("[\"a\": 1]", "[\"a\"] 4: a comma is missing here"),
            ("{\"a\":1, \"a\":2}", r#"{"a":1} duplicate-key"#),
            ("{\"a\": {}, \"b\": [], \"c\": null}", r#"{"a":{},"b":[],"c":null}"#),
            ("{\"a\": \"x\\u0041\\\"\"}", r#"{"a":"xA\""}"#),
            ("{\"a\": \"x\"',\"b\": 1}", r#"{"a":"x","b":1} stray-character"#),
            ("{\"a\" 1}", "{} 5: a colon is missing here"),
            ("{\"a\": 1 \"b\": 2}", "{\"a\":1} 8: a comma is missing here"),
            ("{\"a\": \"x}", "{} 6: a text isn't closed"),
            (
                "{\"a\": 1,\n\"b: \"x\",\n\"c\": [{\"d\" 1\n}],\n\"e\": 2}",
                "{\"a\":1,\"c\":[{}],\"e\":2} 14: a colon is missing here",
            ),
            ("{\"a\": 1} trailing", "{\"a\":1} 9: something stands behind the end of the sample"),
            ("...\n\"a\": {\"b\": 1}\n}", r#"{"a":{"b":1}} ellipsis missing-braces"#),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "[".repeat(100_000);
        assert!(shown(&deep).ends_with("values are nested too deep"));
    }
}

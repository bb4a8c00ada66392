//! JSON, which allows characters that YAML doesn't, and is read several times as fast by its own rules.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::RandomState;
use serde_json::Number;

use crate::blocks::{Blocks, place};
use crate::brackets::{self, Odd};
use crate::read::{Contents, duplicate};
use crate::remark::{Remark, RemarkKind};
use crate::text::{Text, Texts};
use crate::tree::{DEEPEST, Items, Key, Kind, Members, Node, Span};
use crate::window::Window;

/// The byte order mark.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Keys of so few members are compared one by one.
const FEW: usize = 16;

/// Whether a text starts as JSON does.
pub(crate) fn is_likely(blocks: &Blocks) -> bool {
    let mut window = Window::of(blocks);
    window.take_all(MARK);
    window.skip(is_blank);
    let starts = window.take(b'{');
    window.skip(is_blank);
    starts && matches!(window.peek(), Some(b'"' | b'}'))
}

/// The tree, and the keys that stand twice.
///
/// # Errors
/// The first place that isn't JSON.
pub(crate) fn read(blocks: &Blocks) -> Result<Contents, Remark> {
    let mut reader = Reader {
        blocks,
        window: Window::of(blocks),
        items: Vec::new(),
        members: Vec::new(),
        texts: Texts::default(),
        remarks: Vec::new(),
    };
    reader.window.take_all(MARK);
    let root = reader.value(0).and_then(|root| {
        reader.blanks();
        match reader.window.peek() {
            None => Ok(root),
            Some(_) => Err(reader.fault("something follows the value")),
        }
    });
    let root = root.map_err(|fault| of_bracket(&blocks.text(), &fault).unwrap_or(fault))?;
    Ok((Some(root), reader.remarks))
}

/// The bracket that is the reason of a fault behind it.
fn of_bracket(text: &str, fault: &Remark) -> Option<Remark> {
    let (at, odd) = brackets::odd(text).filter(|_| fault.kind == RemarkKind::JsonSyntax)?;
    let here = span(at, at + 1);
    if here.start > fault.span.start {
        return None;
    }
    let (message, help) = match odd {
        Odd::Missing(bracket) => {
            (format!("a `{bracket}` is missing"), format!("write `{bracket}` behind this"))
        }
        Odd::Needless(bracket) => {
            (format!("this `{bracket}` is one too many"), "leave it out".to_owned())
        }
    };
    let message = format!("this is not JSON: {message}");
    let remark = Remark::error(RemarkKind::JsonSyntax, here, message, help);
    Some(remark.and(fault.span, "the parser stops here"))
}

struct Reader<'t> {
    blocks: &'t Blocks,
    window: Window<'t>,
    /// The items of all open arrays, outer ones first.
    items: Vec<Node>,
    /// The members of all open objects, outer ones first.
    members: Vec<(Key, Node)>,
    texts: Texts,
    remarks: Vec<Remark>,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Node, Remark> {
        self.blanks();
        self.window.forget();
        let start = self.window.place();
        if depth > DEEPEST {
            return Err(Remark::too_deep(span(start, (start + 1).min(self.blocks.len()))));
        }
        let kind = match self.window.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Kind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(b't') => self.word("true", Kind::Bool(true))?,
            Some(b'f') => self.word("false", Kind::Bool(false))?,
            Some(b'n') => self.word("null", Kind::Null)?,
            None if depth == 0 => return Err(self.fault("the file is empty")),
            _ => return Err(self.fault("a value is missing")),
        };
        Ok(Node { span: span(start, self.window.place()), kind })
    }

    fn object(&mut self, depth: usize) -> Result<Kind, Remark> {
        let from = self.members.len();
        self.window.advance(1);
        self.blanks();
        if self.window.take(b'}') {
            return Ok(Kind::Object(Members::new()));
        }
        loop {
            self.blanks();
            let start = self.window.place();
            if self.window.peek() != Some(b'"') {
                return Err(self.fault("a key in double quotes is missing"));
            }
            let text = self.string()?;
            let key = Key { span: span(start, self.window.place()), text };
            self.blanks();
            if !self.window.take(b':') {
                return Err(self.fault("a `:` is missing"));
            }
            let value = self.value(depth + 1)?;
            self.members.push((key, value));
            if !self.goes_on(b'}', "a `,` or a `}` is missing")? {
                self.drop_duplicates(from);
                return Ok(Kind::Object(self.members.drain(from..).collect()));
            }
        }
    }

    /// Keeps the first of the members from `from` on that have one key.
    fn drop_duplicates(&mut self, from: usize) {
        let members = &self.members[from..];
        let is_new = |(at, (key, _)): (usize, &(Key, Node))| {
            members[..at].iter().all(|(other, _)| !other.text.is(&key.text))
        };
        if members.len() <= FEW && members.iter().enumerate().all(is_new) {
            return;
        }
        let mut seen: HashMap<Text, Span, RandomState> = HashMap::default();
        for (key, value) in self.members.split_off(from) {
            match seen.entry(key.text.clone()) {
                Entry::Occupied(first) => self.remarks.push(duplicate(&key, *first.get())),
                Entry::Vacant(vacant) => {
                    vacant.insert(key.span);
                    self.members.push((key, value));
                }
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Kind, Remark> {
        let from = self.items.len();
        self.window.advance(1);
        self.blanks();
        if self.window.take(b']') {
            return Ok(Kind::Array(Items::new()));
        }
        loop {
            let item = self.value(depth + 1)?;
            self.items.push(item);
            if !self.goes_on(b']', "a `,` or a `]` is missing")? {
                return Ok(Kind::Array(self.items.drain(from..).collect()));
            }
        }
    }

    /// Whether another member follows after a comma.
    fn goes_on(&mut self, end: u8, missing: &str) -> Result<bool, Remark> {
        let behind = self.window.place();
        self.blanks();
        if self.window.take(end) {
            return Ok(false);
        }
        let comma = self.window.place();
        if !self.window.take(b',') {
            let mut fault = self.fault(missing);
            // Where the next one starts, the comma is missing behind the one before.
            if matches!(
                self.window.peek(),
                Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
            ) {
                fault.span = span(behind - 1, behind);
                fault.help = "write `,` behind this".into();
            }
            return Err(fault);
        }
        self.blanks();
        if self.window.peek() == Some(end) {
            self.window.back_to(comma);
            return Err(self.fault("this comma is one too many"));
        }
        Ok(true)
    }

    fn string(&mut self) -> Result<Text, Remark> {
        self.window.advance(1);
        let start = self.window.place();
        let mut decoded = String::new();
        let mut from = start;
        loop {
            match self.window.peek() {
                Some(b'"') => {
                    let rest = self.window.since(from);
                    let text = if from == start {
                        self.texts.text(rest)
                    } else {
                        decoded.push_str(rest);
                        self.texts.text(&decoded)
                    };
                    self.window.advance(1);
                    return Ok(text);
                }
                Some(b'\\') => {
                    decoded.push_str(self.window.since(from));
                    decoded.push(self.escape()?);
                    from = self.window.place();
                }
                Some(0..=0x1F) => {
                    return Err(self.fault("a control character stands in a text"));
                }
                Some(_) => self.window.skip(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1F)),
                None => return Err(self.fault("a text has no end")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Remark> {
        self.window.advance(1);
        let escaped = match self.window.peek() {
            Some(it @ (b'"' | b'\\' | b'/')) => char::from(it),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.fault("there is no such escape")),
        };
        self.window.advance(1);
        Ok(escaped)
    }

    /// `\u` and four digits, or two of them; half of a pair stands for nothing.
    fn unicode(&mut self) -> Result<char, Remark> {
        let first = self.digits()?;
        let before = self.window.place();
        if (0xD800..0xDC00).contains(&first) && self.window.take_all(b"\\u") {
            self.window.back_to(before + 1);
            let second = self.digits()?;
            if (0xDC00..0xE000).contains(&second) {
                let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.window.back_to(before);
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// The number behind `u`.
    fn digits(&mut self) -> Result<u32, Remark> {
        let digit = |at| char::from(self.window.peek_at(at)?).to_digit(16);
        let number = (1..5).map(digit).try_fold(0, |number, digit| Some(number * 16 + digit?));
        let Some(number) = number else {
            return Err(self.fault("`\\u` wants four hexadecimal digits"));
        };
        self.window.advance(5);
        Ok(number)
    }

    fn number(&mut self) -> Result<Number, Remark> {
        let start = self.window.place();
        self.window.take(b'-');
        let starts_with_zero = self.window.peek() == Some(b'0');
        let whole = self.run_of_digits();
        let mut is_good = whole > 0 && !(starts_with_zero && whole > 1);
        if self.window.take(b'.') {
            is_good &= self.run_of_digits() > 0;
        }
        if self.window.take(b'e') || self.window.take(b'E') {
            let _ = self.window.take(b'+') || self.window.take(b'-');
            is_good &= self.run_of_digits() > 0;
        }
        if !is_good {
            self.window.back_to(start);
            return Err(self.fault("this is no number"));
        }
        Ok(number(self.window.since(start)))
    }

    fn run_of_digits(&mut self) -> usize {
        let start = self.window.place();
        self.window.skip(|byte| byte.is_ascii_digit());
        self.window.place() - start
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<Kind, Remark> {
        let behind = self.window.peek_at(word.len());
        let ends = behind.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        if ends && self.window.take_all(word.as_bytes()) {
            return Ok(kind);
        }
        Err(self.fault("a value is missing"))
    }

    fn blanks(&mut self) {
        self.window.skip(is_blank);
    }

    fn fault(&mut self, reason: &str) -> Remark {
        // The rest is missing behind what there is, whatever blanks follow.
        let (text, here) = (self.blocks.text(), self.window.place());
        let at = here.min(text.trim_end_matches([' ', '\t', '\n', '\r']).len());
        let help = match self.window.peek() {
            Some(b',') => "leave the comma out",
            Some(b'/' | b'#') => "leave the comment out: JSON has none",
            Some(b'\'') => "write double quotes",
            Some(0..=0x1F) => "write an escape, such as `\\n`",
            None => "write the rest of the document",
            _ => "write JSON, or call the file `.yaml`",
        };
        let end = text[at..].chars().next().filter(|_| at == here);
        let end = end.map_or(at, |c| at + c.len_utf8());
        let message = format!("this is not JSON: {reason}");
        Remark::error(RemarkKind::JsonSyntax, span(at, end), message, help)
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// A number by the grammar of JSON. One that no machine holds is as large as one may be.
pub(crate) fn number(text: &str) -> Number {
    let whole = text.parse::<i64>().map(Number::from);
    if let Ok(number) = whole.or_else(|_| text.parse::<u64>().map(Number::from)) {
        return number;
    }
    let value: f64 = text.parse().unwrap_or_default();
    let finite = value.clamp(f64::MIN, f64::MAX);
    Number::from_f64(finite).unwrap_or_else(|| Number::from(0))
}

fn span(start: usize, end: usize) -> Span {
    Span { start: place(start), end: place(end) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::blocks::BLOCK;

    fn read(text: &str) -> Result<Contents, Remark> {
        super::read(&Blocks::read(text.as_bytes()).unwrap().0)
    }

    fn parsed(text: &str) -> serde_json::Value {
        read(text).unwrap().0.unwrap().to_json()
    }

    #[test]
    fn what_json_allows_is_read() {
        let text = "\u{feff} {\"a\": [1, -2.5e3, true, null, {}, []], \"b\": \"x\\u0041\\ud83d\\ude00\\/\"}\n";
        assert_eq!(
            parsed(text),
            json!({"a": [1, -2500.0, true, null, {}, []], "b": "xA\u{1F600}/"})
        );
        for c in ["\u{80}", "\u{92}", "\u{7f}", "\u{fffe}"] {
            assert_eq!(parsed(&format!("\"{c}\"")), json!(c));
        }
        assert_eq!(parsed("\"\\ud800 \\udc00\""), json!("\u{fffd} \u{fffd}"));
        assert_eq!(parsed("[1e400, -1e400]"), json!([f64::MAX, f64::MIN]));
        assert_eq!(parsed("18446744073709551615"), json!(u64::MAX));
    }

    #[test]
    fn what_stands_over_the_end_of_a_block_is_read_as_elsewhere() {
        for text in [
            "{\"a\\u00e9\\ud83d\\ude00\": [-1.5e3, true, \"é𝄞\", null], \"b\": \"c\"}",
            "{\"a\": [1, 2,], \"b\": 3, \"c\": 4}",
            "{\"a\": [1, truth], \"b\": \"\\u12\"}",
            "{\"a\": 1, \"b\": 2 \"c\": 3}",
        ] {
            let alone = read(text);
            for length in BLOCK - text.len()..=BLOCK {
                let moved = read(&format!("{}{text}", " ".repeat(length)));
                match (&alone, &moved) {
                    (Ok((one, _)), Ok((other, _))) => {
                        let (one, other) = (one.as_ref().unwrap(), other.as_ref().unwrap());
                        assert_eq!(one.to_json(), other.to_json());
                        let (one, other) = (one.at("/b").span, other.at("/b").span);
                        let by = place(length);
                        assert_eq!((one.start + by, one.end + by), (other.start, other.end));
                    }
                    (Err(one), Err(other)) => {
                        assert_eq!(one.span.start + place(length), other.span.start);
                        assert_eq!((&one.message, &one.help), (&other.message, &other.help));
                    }
                    _ => panic!("{text} {length}: {alone:?}, {moved:?}"),
                }
            }
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_remarked() {
        let (_, remarks) = read("{\"a\": 1, \"\\u0061\": 2}").unwrap();
        let [remark] = remarks.as_slice() else { panic!("{remarks:?}") };
        assert_eq!((remark.kind, remark.span), (RemarkKind::DuplicateKey, span(9, 17)));
    }

    #[test]
    fn what_json_does_not_allow_is_refused_at_its_place() {
        for (text, at, help) in [
            ("{\"a\": [1, 2,]}", 11, "leave the comma out"),
            ("\u{feff}{\"a\": 1,\n}", 10, "leave the comma out"),
            ("{\"a\": 1 # one\n}", 8, "leave the comment out: JSON has none"),
            ("{'a': 1}", 1, "write double quotes"),
            ("{\"a\": yet}", 6, "write JSON, or call the file `.yaml`"),
            ("{\"a\": nulls}", 6, "write JSON, or call the file `.yaml`"),
            ("{\"a\": 01}", 6, "write JSON, or call the file `.yaml`"),
            ("{\"a\": 1.}", 6, "write JSON, or call the file `.yaml`"),
            ("{\"a\": \"\n\"}", 7, "write an escape, such as `\\n`"),
            ("{\"a\": \"\\x\"}", 8, "write JSON, or call the file `.yaml`"),
            ("{\"a\": \"\\u12\"}", 8, "write JSON, or call the file `.yaml`"),
            ("{\"a\": 1", 7, "write the rest of the document"),
            ("{\n  \"a\": 1 \n", 10, "write the rest of the document"),
            ("", 0, "write the rest of the document"),
            ("{} {}", 3, "write JSON, or call the file `.yaml`"),
        ] {
            let fault = read(text).unwrap_err();
            assert_eq!((fault.span.start, fault.help.as_str()), (at, help), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(read(&deep).unwrap_err().kind, RemarkKind::TooDeep);
    }
}

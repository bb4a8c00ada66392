//! Texts as they are without their escapes, and where each byte of them came from.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::invisible::is_invisible;

/// The entities of Latin-1, from U+00A0 on.
const LATIN_1: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr \
    deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest \
    Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml \
    ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig \
    agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml \
    eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

/// The entities of ASCII.
const ASCII: [(&str, char); 34] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("Hat", '^'),
    ("lowbar", '_'),
    ("grave", '`'),
    ("lcub", '{'),
    ("verbar", '|'),
    ("rcub", '}'),
];

static NAMED: LazyLock<HashMap<&str, char>> = LazyLock::new(|| {
    let latin_1 = LATIN_1.split(' ').zip('\u{a0}'..='\u{ff}');
    latin_1.chain(ASCII).collect()
});

/// What escapes begin with.
const SIGNS: [u8; 3] = *b"%&\\";

/// How many layers of escapes are taken off.
const DEPTH: usize = 9;

/// The longest entity that is read, in bytes.
const LONGEST_ENTITY: usize = 14;

/// A text, and which bytes of what came each of its bytes stands for.
pub(super) struct View<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// None where nothing was decoded.
    sources: Option<Vec<Range<usize>>>,
}

impl<'a> View<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.into(), sources: None }
    }

    /// What came where these bytes now are.
    pub(super) fn source(&self, bytes: Range<usize>) -> Range<usize> {
        match &self.sources {
            Some(sources) => sources[bytes.start].start..sources[bytes.end - 1].end,
            None => bytes,
        }
    }

    /// Shows what the text is without one layer of escapes after the other, and at last without what may
    /// be squeezed out; whether there were escapes of several kinds.
    ///
    /// A layer has escapes of one kind: of several at once, those of an inner layer would be mixed up with
    /// what comes out of an outer one.
    pub(super) fn peel(&self, order: Order, mut show: impl FnMut(&View<'_>)) -> bool {
        let mut last: Option<View<'_>> = None;
        let mut taken = Vec::with_capacity(DEPTH);
        while taken.len() < DEPTH {
            let view = last.as_ref().unwrap_or(self);
            let first = match order {
                Order::BackslashesLast => 0,
                Order::InTurn => taken.last().unwrap_or(&1) + 1,
            };
            let mut kinds = (first..first + SIGNS.len()).map(|kind| kind % SIGNS.len());
            let Some((layer, kind)) =
                kinds.find_map(|kind| Some((view.decoded(SIGNS[kind])?, kind)))
            else {
                break;
            };
            show(&layer);
            last = Some(layer);
            taken.push(kind);
        }
        if let Some(squeezed) = last.as_ref().unwrap_or(self).squeezed() {
            show(&squeezed);
        }
        taken.windows(2).any(|kinds| kinds[0] != kinds[1])
    }

    /// The text with each escape that begins with `sign` replaced once; none where there is none.
    fn decoded(&self, sign: u8) -> Option<View<'static>> {
        if !self.bytes.contains(&sign) {
            return None;
        }
        let mut is_changed = false;
        let view = self.rewritten(|bytes, at| {
            let escape = (bytes[at] == sign).then(|| escape(&bytes[at..])).flatten();
            is_changed |= escape.is_some();
            let (length, decoded) = escape.unwrap_or((1, Decoded::Byte(bytes[at])));
            (length, Some(decoded))
        });
        is_changed.then_some(view)
    }

    /// The text without what writers of logs and forms put in, take out or replace: blanks and the
    /// plus that stands for one, line breaks, backslashes, what can't be seen. None where there is nothing
    /// of it.
    pub(super) fn squeezed(&self) -> Option<View<'static>> {
        let is_dense = |byte: &u8| byte.is_ascii_graphic() && !b"+\\".contains(byte);
        if self.bytes.iter().all(is_dense) {
            return None;
        }
        Some(self.rewritten(|bytes, at| {
            let byte = bytes[at];
            if byte.is_ascii() {
                return (1, is_dense(&byte).then_some(Decoded::Byte(byte)));
            }
            match first_char(&bytes[at..]) {
                Some(c) if is_invisible(c) || c.is_whitespace() || c.is_control() => {
                    (c.len_utf8(), None)
                }
                _ => (1, Some(Decoded::Byte(byte))),
            }
        }))
    }

    /// Goes through the text: `next` says how many bytes are one, and what they become.
    fn rewritten(
        &self,
        mut next: impl FnMut(&[u8], usize) -> (usize, Option<Decoded>),
    ) -> View<'static> {
        let mut bytes = Vec::with_capacity(self.bytes.len());
        let mut sources = Vec::with_capacity(self.bytes.len());
        let mut at = 0;
        while at < self.bytes.len() {
            let (length, decoded) = next(&self.bytes, at);
            match decoded {
                Some(Decoded::Byte(byte)) => bytes.push(byte),
                Some(Decoded::Char(c)) => {
                    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                None => {}
            }
            sources.resize(bytes.len(), self.source(at..at + length));
            at += length;
        }
        View { bytes: bytes.into(), sources: Some(sources) }
    }
}

/// Which kind of escapes is taken off first, where there are several.
#[derive(Clone, Copy)]
pub(super) enum Order {
    /// With backslashes alone does an escape depend on what is before it.
    BackslashesLast,
    /// Backslashes first, and the same kind only where there is no other.
    InTurn,
}

enum Decoded {
    Byte(u8),
    Char(char),
}

/// How long the escape at the start of `bytes` is, and what it stands for.
fn escape(bytes: &[u8]) -> Option<(usize, Decoded)> {
    match bytes {
        [b'%', b'u' | b'U', ..] | [b'\\', b'u', ..] => code_units(bytes),
        [b'%', ..] => {
            let byte = u8::try_from(hex(bytes.get(1..3)?)?).ok()?;
            Some((3, Decoded::Byte(byte)))
        }
        [b'\\', b'x', ..] => {
            let c = char::from_u32(hex(bytes.get(2..4)?)?)?;
            Some((4, Decoded::Char(c)))
        }
        // `\n` and the like stay: whether a letter or a control is meant depends on how often it is escaped.
        [b'\\', escaped @ (b'"' | b'\\' | b'/' | b'\''), ..] => Some((2, Decoded::Byte(*escaped))),
        [b'&', b'#', ..] => numeric_entity(bytes),
        [b'&', ..] => entity(bytes),
        _ => None,
    }
}

/// `\u007e`, `%u007e`, a pair of surrogates, `\u{7e}`.
fn code_units(bytes: &[u8]) -> Option<(usize, Decoded)> {
    if bytes.get(2) == Some(&b'{') {
        let digits = bytes.iter().take(10).skip(3);
        let count = digits.take_while(|byte| **byte != b'}').count();
        (bytes.get(3 + count) == Some(&b'}')).then_some(())?;
        let c = char::from_u32(hex(&bytes[3..3 + count])?)?;
        return Some((count + 4, Decoded::Char(c)));
    }
    let unit = |at: usize| {
        let escape = bytes.get(at..at + 6)?;
        (escape[..2] == bytes[..2]).then_some(())?;
        u16::try_from(hex(&escape[2..])?).ok()
    };
    let first = unit(0)?;
    let units = [first, unit(6).unwrap_or_default()];
    let count = if char::from_u32(first.into()).is_some() { 1 } else { 2 };
    let c = char::decode_utf16(units).next()?.ok()?;
    Some((count * 6, Decoded::Char(c)))
}

/// `&#126;`, `&#x7E;`, also without the semicolon.
fn numeric_entity(bytes: &[u8]) -> Option<(usize, Decoded)> {
    let is_hex = matches!(bytes.get(2)?, b'x' | b'X');
    let start = if is_hex { 3 } else { 2 };
    let digits = bytes[start..].iter().take(LONGEST_ENTITY);
    let is_digit = |byte: &&u8| byte.is_ascii_digit() || (is_hex && byte.is_ascii_hexdigit());
    let end = start + digits.take_while(is_digit).count();
    let digits = std::str::from_utf8(&bytes[start..end]).ok()?;
    let code = u32::from_str_radix(digits, if is_hex { 16 } else { 10 }).ok()?;
    let length = match bytes.get(end) {
        Some(b';') => end + 1,
        // Its other digits may be escaped.
        Some(b'%' | b'\\' | b'&') => return None,
        _ => end,
    };
    Some((length, Decoded::Char(char::from_u32(code)?)))
}

/// `&amp;`.
fn entity(bytes: &[u8]) -> Option<(usize, Decoded)> {
    let seen = &bytes[..bytes.len().min(LONGEST_ENTITY)];
    let end = seen.iter().position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(&seen[1..end]).ok()?;
    let c = *NAMED.get(name)?;
    Some((end + 1, Decoded::Char(c)))
}

/// Hexadecimal digits in either case, and nothing else.
fn hex(digits: &[u8]) -> Option<u32> {
    let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
    let digits = std::str::from_utf8(digits).ok().filter(|_| is_hex)?;
    u32::from_str_radix(digits, 16).ok()
}

fn first_char(bytes: &[u8]) -> Option<char> {
    let seen = &bytes[..bytes.len().min(4)];
    seen.utf8_chunks().next()?.valid().chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_kind_of_escape_is_replaced_once() {
        for (text, expected) in [
            ("%7e%7E%2525%", "~~%25%"),
            ("%u007e %u007 %zz", "~ %u007 %zz"),
            ("%C3%A9%5C%26", "é\\&"),
            (r#"\u007e\u007E\/\"\\u0041%41"#, r#"~~/"\u0041%41"#),
            (r"\ud83d\ude00 \ud83d \ude00", r"😀 \ud83d \ude00"),
            (r"\x7e\u{7e}\u{}\q\n", r"~~\u{}\q\n"),
            ("&#126;&#x7E;&#0126 &tilde;&amp;amp;", "~~~ &tilde;&amp;"),
            ("&nbsp;&eacute;&yuml;&#1&#5%35;", "\u{a0}éÿ&#1&#5%35;"),
        ] {
            let sign = text.as_bytes()[0];
            let view = View::of(text.as_bytes()).decoded(sign).unwrap();
            assert_eq!(String::from_utf8_lossy(&view.bytes), expected, "{text}");
        }
        for sign in SIGNS {
            assert!(View::of(br"100% & \more").decoded(sign).is_none());
        }
    }

    #[test]
    fn a_byte_knows_where_it_came_from() {
        let mut layers = Vec::new();
        let is_mixed = View::of(b"a%5Cu00e9 b").peel(Order::InTurn, |layer| {
            let length = layer.bytes.len();
            let text = String::from_utf8_lossy(&layer.bytes).into_owned();
            layers.push((text, layer.source(1..length - 1), layer.source(0..length)));
        });
        assert!(is_mixed);
        let expected = [(r"a\u00e9 b", 1..10, 0..11), ("aé b", 1..10, 0..11), ("aéb", 1..9, 0..11)];
        assert_eq!(layers, expected.map(|(text, inner, all)| (text.to_owned(), inner, all)));
        View::of(b"dense").peel(Order::InTurn, |_| panic!("there is nothing to take off"));
    }
}

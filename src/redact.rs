//! Takes secrets out of what a vendor sent back, however the vendor spelt them.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use crate::Secret;
use crate::error::Failure;

const REDACTED: &str = "[redacted]";

/// The secrets of one call.
pub(crate) struct Redactor<'a>(pub(crate) Vec<&'a Secret>);

impl Redactor<'_> {
    /// The first `limit` bytes of `body` without secrets. What is kept doesn't hold the rest alive.
    pub(crate) fn body(&self, body: &[u8], limit: usize) -> Bytes {
        // A secret that straddles the limit has to be seen whole: six bytes for each of its own.
        let longest = self.0.iter().map(|secret| secret.expose().len() * 6).max();
        let seen = body.len().min(limit + longest.unwrap_or_default());
        match self.without(&body[..seen]) {
            Some(mut clean) => {
                clean.truncate(limit);
                clean.into()
            }
            None => Bytes::copy_from_slice(&body[..seen.min(limit)]),
        }
    }

    /// `text` without secrets.
    pub(crate) fn text(&self, text: String) -> String {
        match self.without(text.as_bytes()) {
            Some(clean) => String::from_utf8_lossy(&clean).into_owned(),
            None => text,
        }
    }

    /// Takes secrets out of what a vendor's error body says.
    pub(crate) fn failure(&self, failure: Failure) -> Failure {
        let clean = |text| self.text(text);
        Failure {
            codes: failure.codes.into_iter().map(clean).collect(),
            message: failure.message.map(clean),
            ..failure
        }
    }

    /// Takes secrets out of header values.
    pub(crate) fn headers(&self, headers: &mut HeaderMap) {
        for value in headers.values_mut() {
            if let Some(clean) = self.without(value.as_bytes()) {
                *value =
                    HeaderValue::from_bytes(&clean).unwrap_or(HeaderValue::from_static(REDACTED));
            }
        }
    }

    /// The bytes without secrets; none where there was no secret in them.
    fn without(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut clean: Option<Vec<u8>> = None;
        let mut at = 0;
        while at < bytes.len() {
            let found = self
                .0
                .iter()
                .filter_map(|secret| spelt(&bytes[at..], secret.expose()));
            if let Some(length) = found.max() {
                let clean = clean.get_or_insert_with(|| bytes[..at].to_vec());
                clean.extend_from_slice(REDACTED.as_bytes());
                at += length;
            } else {
                if let Some(clean) = &mut clean {
                    clean.push(bytes[at]);
                }
                at += 1;
            }
        }
        clean
    }
}

/// How many bytes spell `secret` at the start of `bytes`: as it is, escaped as in JSON or HTML, or a
/// mixture.
fn spelt(bytes: &[u8], secret: &str) -> Option<usize> {
    let mut length = 0;
    for c in secret.chars() {
        length += character(&bytes[length..], c)?;
    }
    (length > 0).then_some(length)
}

/// How many bytes spell `c` at the start of `bytes`.
fn character(bytes: &[u8], c: char) -> Option<usize> {
    let mut buffer = [0; 4];
    let plain = c.encode_utf8(&mut buffer).as_bytes();
    // A backslash that starts an escape is not itself.
    if c != '\\' && bytes.starts_with(plain) && !(c == '&' && entity(bytes, c).is_some()) {
        return Some(plain.len());
    }
    match bytes.first()? {
        b'\\' => escape(bytes, c),
        b'&' => entity(bytes, c),
        byte => (u32::from(*byte) == u32::from(c)).then_some(1),
    }
}

/// `\u0027`, `\/`, `\"`.
fn escape(bytes: &[u8], c: char) -> Option<usize> {
    if bytes.get(1) == Some(&b'u') {
        let mut buffer = [0; 2];
        let mut length = 0;
        for unit in c.encode_utf16(&mut buffer) {
            let digits = bytes.get(length..length + 6)?.strip_prefix(b"\\u")?;
            let value = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
            if value != *unit {
                return None;
            }
            length += 6;
        }
        return Some(length);
    }
    let next = char::from(*bytes.get(1)?);
    match c {
        '"' | '\\' | '/' | '\'' if next == c => Some(2),
        '\\' => Some(1),
        _ => None,
    }
}

/// `&#39;`, `&#x27;`, `&amp;`.
fn entity(bytes: &[u8], c: char) -> Option<usize> {
    let end = bytes.iter().take(10).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(bytes.get(1..end)?).ok()?;
    let value = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => digits.parse(),
            };
            char::from_u32(code.ok()?)
        }
    };
    (value == Some(c)).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str, secret: &str) -> String {
        let secret = Secret::from(secret);
        Redactor(vec![&secret]).text(text.to_owned())
    }

    #[test]
    fn a_secret_is_found_however_it_is_spelt() {
        for (text, secret) in [
            ("a hunter2 b", "hunter2"),
            (r"a it\u0027s\u002B5\u0026 b", "it's+5&"),
            (r"a a\/b-c b", "a/b-c"),
            (r#"a x\"y\\z b"#, r#"x"y\z"#),
            ("a it&#39;s &amp; &#x3C; b", "it's & <"),
            (r"a \ud83d\ude00 b", "😀"),
            (r"a p\x b", r"p\x"),
            ("a caf\u{e9} b", "caf\u{e9}"),
        ] {
            assert_eq!(redacted(text, secret), "a [redacted] b", "{text}");
        }
        assert_eq!(redacted("hunter", "hunter2"), "hunter");
        assert_eq!(redacted("any", ""), "any");
    }

    #[test]
    fn bodies_that_are_no_utf_8_and_cut_secrets_are_covered() {
        let (secret, other) = (Secret::from("hunter2"), Secret::from("caf\u{e9}"));
        let redactor = Redactor(vec![&secret, &other]);
        assert_eq!(&redactor.body(b"\xff hunter2", 100)[..], b"\xff [redacted]");
        assert_eq!(&redactor.body(b"caf\xe9 x", 100)[..], b"[redacted] x");
        assert_eq!(&redactor.body(b"ab hunter2", 5)[..], b"ab [r");
        assert_eq!(&redactor.body(b"abcdef", 3)[..], b"abc");
    }

    #[test]
    fn headers_are_covered() {
        let secret = Secret::from("hunter2");
        let mut headers = HeaderMap::new();
        headers.insert("ms-cv", HeaderValue::from_static("x hunter2"));
        Redactor(vec![&secret]).headers(&mut headers);
        assert_eq!(headers["ms-cv"], "x [redacted]");
    }
}

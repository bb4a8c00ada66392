//! Takes secrets out of what a vendor sent back, however the vendor spelt them.
//!
//! ```text
//! text ─▶ View ─▶ View without escapes ─▶ … ─▶ View without blanks
//!           └──────────┴── Spellings::find ────────┘ ─▶ places of the text ─▶ [redacted]
//! ```
//!
//! A text is read some twenty times at most, whatever it holds and however many secrets there are.

mod decode;
mod spellings;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{ErrorBody, KEPT_BODY, KEPT_CODES};
pub(crate) use spellings::Spellings;

const REDACTED: &str = "[redacted]";

/// How many bytes one byte of a secret may be spelt with where the text is cut: `%5Cu007e` is eight.
const LONGEST_SPELLING: usize = 16;

/// The secrets of one call.
pub(crate) struct Redactor(pub(crate) Vec<Arc<Spellings>>);

impl Redactor {
    /// The first `limit` bytes of `body` without secrets. What is kept doesn't hold the rest alive.
    pub(crate) fn body(&self, body: &[u8], limit: usize) -> Bytes {
        match self.without(body, limit) {
            Some(mut clean) => {
                clean.truncate(limit);
                clean.into()
            }
            None => Bytes::copy_from_slice(&body[..body.len().min(limit)]),
        }
    }

    /// `text` without secrets, and no more of it than is kept of a body.
    pub(crate) fn text(&self, mut text: String) -> String {
        if let Some(clean) = self.without(text.as_bytes(), KEPT_BODY) {
            return String::from_utf8_lossy(&clean).into_owned();
        }
        let mut ends = (0..=KEPT_BODY.min(text.len())).rev();
        let end = ends.find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or_default());
        text
    }

    /// All of `text` without secrets.
    pub(crate) fn whole(&self, text: &str) -> String {
        match self.without(text.as_bytes(), usize::MAX) {
            Some(clean) => String::from_utf8_lossy(&clean).into_owned(),
            None => text.to_owned(),
        }
    }

    /// Takes secrets out of what a vendor's error body says.
    pub(crate) fn error_body(&self, error_body: ErrorBody) -> ErrorBody {
        let clean = |text| self.text(text);
        let codes = error_body.codes.into_iter().take(KEPT_CODES);
        ErrorBody {
            codes: codes.map(clean).collect(),
            message: error_body.message.map(clean),
            ..error_body
        }
    }

    /// Takes secrets out of header values, and drops headers with one in their names.
    pub(crate) fn headers(&self, headers: &mut HeaderMap) {
        let is_leak =
            |name: &&HeaderName| self.without(name.as_str().as_bytes(), usize::MAX).is_some();
        let leaks: Vec<_> = headers.keys().filter(is_leak).cloned().collect();
        for name in leaks {
            headers.remove(name);
        }
        for value in headers.values_mut() {
            if let Some(clean) = self.header(value) {
                *value = clean;
            }
        }
    }

    /// The header without secrets; none where there was no secret in it.
    pub(crate) fn header(&self, value: &HeaderValue) -> Option<HeaderValue> {
        let clean = self.without(value.as_bytes(), usize::MAX)?;
        Some(HeaderValue::from_bytes(&clean).unwrap_or(HeaderValue::from_static(REDACTED)))
    }

    /// The first `limit` of the bytes without secrets; none where there was no secret in them.
    fn without(&self, bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
        // A secret that straddles the limit has to be seen whole.
        let longest = self.0.iter().map(|spellings| spellings.longest()).max()?;
        let seen = limit.saturating_add(longest.saturating_mul(LONGEST_SPELLING));
        let seen = &bytes[..bytes.len().min(seen)];
        let mut found = Vec::new();
        for spellings in &self.0 {
            spellings.find(seen, &mut found);
        }
        found.sort_unstable_by_key(|place| place.start);
        let mut clean = Vec::new();
        let mut at = 0;
        for place in found {
            if place.start >= limit {
                break;
            }
            if place.start > at || at == 0 {
                clean.extend_from_slice(&bytes[at..place.start]);
                clean.extend_from_slice(REDACTED.as_bytes());
            }
            at = at.max(place.end);
        }
        (at > 0).then(|| {
            clean.extend_from_slice(&bytes[at.min(limit)..bytes.len().min(limit)]);
            clean
        })
    }
}

#[cfg(test)]
mod tests;

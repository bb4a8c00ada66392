//! What the headers of an incoming request say about its correlation id.

use http::{HeaderMap, HeaderName};
use uuid::Uuid;

use crate::CorrelationId;
use crate::error::one_line;

/// Source: <https://www.w3.org/TR/trace-context/#traceparent-header>.
pub(super) static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The most of an original id that is kept, in characters.
const LONGEST_ORIGINAL: usize = 128;

/// The correlation id that a request came with, where that is no UUID; in the request's extensions.
///
/// It is what to search the sender's logs for. It is one line of at most 128 characters, without
/// characters that nobody sees; a longer one ends in `…`. The id was made of all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginalCorrelationId(String);

impl OriginalCorrelationId {
    /// The text, fit for a log.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The id of a request that came with one, and what stood there if that is no UUID.
pub(super) fn incoming(
    headers: &HeaderMap,
    names: &[HeaderName],
) -> Option<(CorrelationId, Option<OriginalCorrelationId>)> {
    names.iter().find_map(|name| {
        let mut values = headers.get_all(name).iter();
        if name == TRACEPARENT {
            let (value, None) = (values.next()?, values.next()) else { return None };
            return Some((trace_id(value.as_bytes())?.into(), None));
        }
        values.find_map(|value| id(value.as_bytes().trim_ascii()))
    })
}

fn id(value: &[u8]) -> Option<(CorrelationId, Option<OriginalCorrelationId>)> {
    if value.is_empty() {
        return None;
    }
    if let Ok(id) = Uuid::try_parse_ascii(value) {
        return (!id.is_nil()).then(|| (id.into(), None));
    }
    let original = one_line(&String::from_utf8_lossy(value), LONGEST_ORIGINAL);
    Some((CorrelationId::from_name(value), Some(OriginalCorrelationId(original))))
}

/// The trace id of a `traceparent`: `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`. A version to
/// come may have more parts.
fn trace_id(value: &[u8]) -> Option<Uuid> {
    let text = str::from_utf8(value).ok()?;
    let mut parts = text.trim_ascii().split('-');
    let mut next = |digits: usize| {
        let is_digit = |c: u8| c.is_ascii_digit() || matches!(c, b'a'..=b'f');
        parts.next().filter(|part| part.len() == digits && part.bytes().all(is_digit))
    };
    let (version, trace, parent, _flags) = (next(2)?, next(32)?, next(16)?, next(2)?);
    let is_complete = parts.next().is_none();
    let is_known = version != "ff" && (is_complete || version != "00");
    let is_set = parent.bytes().any(|digit| digit != b'0');
    let id = Uuid::try_parse(trace).ok()?;
    (is_known && is_set && !id.is_nil()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceparent_has_a_trace_id_or_counts_as_none() {
        let trace = "0af7651916cd43dd8448eb211c80319c";
        let parent = "b7ad6b7169203331";
        for (value, is_valid) in [
            (format!("00-{trace}-{parent}-01"), true),
            (format!(" 00-{trace}-{parent}-00\t"), true),
            (format!("cc-{trace}-{parent}-01-what-comes-later"), true),
            (format!("00-{trace}-{parent}-01-more"), false),
            (format!("ff-{trace}-{parent}-01"), false),
            (format!("00-{}-{parent}-01", "0".repeat(32)), false),
            (format!("00-{trace}-{}-01", "0".repeat(16)), false),
            (format!("00-{}-{parent}-01", trace.to_uppercase()), false),
            (format!("00-{trace}-{parent}"), false),
            (format!("00-{trace}0-{parent}-01"), false),
            (format!("0-{trace}-{parent}-01"), false),
            (format!("00-{trace}-{parent}-é"), false),
            (trace.to_owned(), false),
            (String::new(), false),
        ] {
            let expected = is_valid.then(|| trace.parse().unwrap());
            assert_eq!(trace_id(value.as_bytes()), expected, "{value}");
        }
        assert_eq!(trace_id(b"00-\xff"), None);
    }

    #[test]
    fn the_id_of_a_name_never_changes() {
        // Python: uuid.uuid5(uuid.UUID("464addd4-700f-4339-a640-2aca3fa451db"), "order-4711")
        let expected = "4274af01-97f6-549d-8a2f-d64616390139";
        assert_eq!(CorrelationId::from_name("order-4711").to_string(), expected);
    }
}

//! Reads the body of a response, up to a limit.

use bytes::{Bytes, BytesMut};
use serde::de::DeserializeOwned;

/// What Partner Center puts before its JSON.
const BOM: &[u8] = b"\xef\xbb\xbf";

pub(crate) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(BOM).unwrap_or(body)
}

/// The value that a body without a BOM is the JSON of, if it is.
///
/// Whether it is UTF-8 is asked once for the whole, and not for each text in it. What ignores a text
/// that isn't UTF-8 is for a slower decoder.
pub(crate) fn decode<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    let text = str::from_utf8(json).ok()?;
    serde_json::from_str(text).ok()
}

/// Why a body didn't come whole.
pub(crate) enum Broken {
    TooLarge,
    Cut(reqwest::Error),
}

/// The body as far as it came, without a copy where it came in one piece.
pub(crate) async fn read(
    response: &mut reqwest::Response,
    limit: usize,
) -> (Bytes, Option<Broken>) {
    let cut = |error: reqwest::Error| Some(Broken::Cut(error.without_url()));
    let first = match response.chunk().await {
        Ok(Some(first)) if first.len() > limit => return (first, Some(Broken::TooLarge)),
        Ok(Some(first)) => first,
        Ok(None) => return (Bytes::new(), None),
        Err(error) => return (Bytes::new(), cut(error)),
    };
    let mut next = match response.chunk().await {
        Ok(Some(next)) => next,
        Ok(None) => return (first, None),
        Err(error) => return (first, cut(error)),
    };
    let mut whole = BytesMut::from(first);
    loop {
        if whole.len() + next.len() > limit {
            return (whole.freeze(), Some(Broken::TooLarge));
        }
        whole.extend_from_slice(&next);
        next = match response.chunk().await {
            Ok(Some(next)) => next,
            Ok(None) => return (whole.freeze(), None),
            Err(error) => return (whole.freeze(), cut(error)),
        };
    }
}

//! A response that holds a list: it has to prove that it does, and one bad item doesn't lose the rest.

use std::collections::BTreeMap;

use bytes::Bytes;
use reqwest::Url;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::link_header;
use super::mark::Mark;
use super::response::Response;
use crate::body::{self, without_bom};
use crate::error::{DecodeError, ErrorBody, ErrorKind, end_of};
use crate::redact::Redactor;
use crate::reply::Meta;
use crate::wire::Lenient;
use crate::{Error, Reply};

/// A page with more items than this that can't be decoded is one that can't: each of them is kept.
const MOST_UNDECODED: usize = 1000;

/// Where a `T` has its list.
pub(crate) struct List<T, I> {
    /// The member's name on the wire; none where the list is all of the body.
    pub(super) name: Option<&'static str>,
    pub(super) items: fn(&mut T) -> &mut Vec<I>,
    /// Whether items that can't be decoded come beside the others, instead of in place of them all.
    pub(super) past_undecodable: bool,
    /// Where it says how it goes on, where that is asked for.
    pub(super) mark: Option<&'static Mark>,
}

impl Response<'_> {
    pub(super) fn decode_list<T: DeserializeOwned, I: DeserializeOwned>(
        self,
        list: &List<T, I>,
    ) -> Result<Reply<T>, Error> {
        let body = self.body.clone();
        let json = without_bom(&body);
        match body::decode::<T>(json) {
            Some(mut value) => {
                // Whatever came may lack the list, and still be a value without items.
                if (list.items)(&mut value).is_empty()
                    && let Some(Err(fault)) = raw_list(json, list.name)
                {
                    return Err(self.mismatch(fault));
                }
                Ok(Reply::new(value, self.into_page_meta(json, list.mark)))
            }
            None => self.decode_in_pieces(&body, list),
        }
    }

    /// Decodes each item by itself, and the rest with texts and numbers in place of each other.
    fn decode_in_pieces<T: DeserializeOwned, I: DeserializeOwned>(
        self,
        body: &Bytes,
        list: &List<T, I>,
    ) -> Result<Reply<T>, Error> {
        let json = without_bom(body);
        let raw = match raw_list(json, list.name) {
            None => return self.decode_slowly(),
            Some(Err(fault)) => return Err(self.mismatch(fault)),
            Some(Ok(raw)) => raw,
        };
        let rest = without_items(json, &raw);
        let redactor = self.context.redactor();
        let mut value = match DecodeError::or_value(&rest, |path| redactor.text(path)) {
            Ok(Lenient(value)) => value,
            Err(fault) => return Err(self.mismatch(fault)),
        };
        let mut undecoded = Vec::new();
        // What is behind is counted once, however many items can't be decoded.
        let (mut at, mut place) = (0, (0, 0));
        for (index, raw) in raw.items.into_iter().enumerate() {
            let item = serde_json::from_str(raw.get()).or_else(|_| {
                DecodeError::or_numbers(raw.get().as_bytes(), |path| redactor.text(path))
            });
            let fault = match item {
                Ok(item) => {
                    (list.items)(&mut value).push(item);
                    continue;
                }
                Err(fault) => fault,
            };
            let start = offset(json, raw);
            let (lines, columns) = end_of(&json[at..start]);
            place = (place.0 + lines, if lines > 0 { columns } else { place.1 + columns });
            at = start;
            let path = format!("{}[{index}]", list.name.unwrap_or_default());
            let fault = fault.inside(&path, place);
            if !list.past_undecodable || undecoded.len() == MOST_UNDECODED {
                return Err(self.mismatch(fault));
            }
            undecoded.push((index, self.undecoded(index, raw, fault, &redactor)));
        }
        let mut meta = self.into_page_meta(json, list.mark);
        meta.undecoded = undecoded;
        Ok(Reply::new(value, meta))
    }

    fn into_page_meta(self, json: &[u8], mark: Option<&Mark>) -> Meta {
        let (url, credential) = (self.context.url, self.context.credential);
        // The next request has the credential's pairs by itself.
        let clean = |link: Url| Box::new(credential.without_own_queries(&link).into_owned());
        let found = mark.map_or(Ok(None), |mark| mark.read(json, &self.head.headers));
        if mark.is_some_and(|mark| mark.is_link) {
            let join = |link: Box<str>| {
                let joined = url.join(&link).map(clean);
                joined.map_err(|_| "the link to the next page can't be read")
            };
            let next_link = found.and_then(|link| link.map(join).transpose());
            return Meta { next_link, ..self.into_meta() };
        }
        let next_link = link_header::next(&self.head.headers, url);
        let next_link = next_link.map(|url| url.map(clean));
        Meta { next_link, mark: found, ..self.into_meta() }
    }

    fn undecoded(
        &self,
        index: usize,
        raw: &RawValue,
        fault: DecodeError,
        redactor: &Redactor,
    ) -> Error {
        let (vendor, status) = (self.context.vendor.name, self.head.status);
        let reason = format!(
            "{vendor} responded with {status} and an item that isn't what the document promises: {fault}"
        );
        let error = Error::new(ErrorKind::Decode, reason).with_source(fault);
        let json = redactor.whole(raw.get());
        let error_body = ErrorBody::unread(status);
        self.context
            .with_response(error, self.head.clone(), error_body, json.as_bytes())
            .without_effect()
            .with_item(index, json)
    }
}

/// A list as it came.
struct RawList<'a> {
    whole: &'a RawValue,
    items: Vec<&'a RawValue>,
}

/// The list in the member `name` of an object, or why it has none; none where the JSON isn't an object.
/// Without a name it is the JSON itself; none where that isn't a list.
fn raw_list<'a>(json: &'a [u8], name: Option<&str>) -> Option<Result<RawList<'a>, DecodeError>> {
    let Some(name) = name else {
        let whole: &RawValue = serde_json::from_slice(json).ok()?;
        let items = serde_json::from_str(whole.get()).ok()?;
        return Some(Ok(RawList { whole, items }));
    };
    let members: BTreeMap<String, &RawValue> = serde_json::from_slice(json).ok()?;
    let Some(&whole) = members.get(name) else {
        let fault = format!("missing field `{name}`");
        return Some(Err(DecodeError::new(name, &fault, json.trim_ascii_end())));
    };
    if let Ok(items) = serde_json::from_str(whole.get()) {
        return Some(Ok(RawList { whole, items }));
    }
    let kind = match whole.get().as_bytes().first() {
        Some(b'n') => "null",
        Some(b'{') => "map",
        Some(b'"') => "string",
        Some(b't' | b'f') => "boolean",
        _ => "number",
    };
    let fault = format!("invalid type: {kind}, expected a sequence");
    let end = offset(json, whole) + whole.get().len();
    Some(Err(DecodeError::new(name, &fault, &json[..end])))
}

/// The JSON with an empty list, and all else at the place where it was.
fn without_items(json: &[u8], list: &RawList<'_>) -> Vec<u8> {
    let mut rest = json.to_vec();
    let start = offset(json, list.whole);
    let inside = start + 1..start + list.whole.get().len() - 1;
    for byte in &mut rest[inside] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
    rest
}

/// Where a value stands in the JSON that it was borrowed from.
fn offset(json: &[u8], value: &RawValue) -> usize {
    value.get().as_ptr().addr() - json.as_ptr().addr()
}

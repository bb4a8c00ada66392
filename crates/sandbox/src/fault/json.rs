//! The JSON of a response, behind its byte order mark if it has one.

use serde_json::Value;

use crate::response::Response;

/// What Partner Center's JSON begins with.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The JSON of a response, if it is JSON.
pub(super) fn json_of(response: &Response) -> Option<Value> {
    let body = response.sent();
    let json = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&body);
    serde_json::from_slice(json).ok()
}

/// The response with other JSON.
pub(super) fn with_json(response: &Response, json: &Value) -> Response {
    let body = response.sent();
    let mark = body.starts_with(BYTE_ORDER_MARK).then_some(BYTE_ORDER_MARK);
    let body = [mark.unwrap_or_default(), json.to_string().as_bytes()].concat();
    response.clone().body(body)
}

//! A service's response, with a fault in it.

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::cursor::Cursor;
use super::json::{json_of, with_json};
use super::kind::Fault;
use crate::destination::VENDORS;
use crate::response::Response;
use crate::store::segments;
use crate::vendor::Vendor;

/// Statuses from which nothing follows.
const UNCLEAR: [u16; 5] = [303, 499, 600, 799, 999];

/// The response with a fault in it; `None` where it can't have that fault. A fault that happens to it on its
/// way leaves it as it is. Faults of several shapes have the one whose `turn` it is.
pub(super) fn spoiled(
    fault: Fault,
    head: &Parts,
    response: &Response,
    turn: u64,
) -> Option<Response> {
    let body = response.sent();
    if fault.is_in_body() && body.is_empty() {
        return None;
    }
    let is_read = head.method == Method::GET && response.status == StatusCode::OK;
    if fault.is_of_reads() && !is_read {
        return None;
    }
    match fault {
        Fault::Html502AfterApplied => Some(page(502, "Bad Gateway")),
        Fault::TruncatedJson => Some(response.clone().body(body.slice(..body.len() / 2))),
        Fault::CorruptedJson => Some(response.clone().body(corrupted(&body))),
        Fault::UndecodableSuccess => response.status.is_success().then(|| undecodable(turn)),
        Fault::UnclearStatusAfterApplied => {
            let status = shape(&UNCLEAR, turn);
            Some(page(status, "See elsewhere").header("location", "/elsewhere"))
        }
        Fault::NotTheResource => {
            let is_list = list_in(head, &json_of(response)?).is_some();
            (!is_list).then(|| nothing(head, response, turn))
        }
        Fault::EtagMissing => without_etag(response, turn),
        Fault::PageWithoutList => without_list(head, response, turn),
        Fault::PageTwice => Cursor::of(head).once_again(response, turn.is_multiple_of(2)),
        Fault::EndlessPages => Cursor::of(head).without_end(response),
        _ => Some(response.clone()),
    }
}

/// A page of HTML.
pub(super) fn page(status: u16, title: &str) -> Response {
    let text = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body><h1>{title}</h1></body>\r\n</html>"
    );
    Response::new(status).html(&text)
}

fn shape<T: Clone>(shapes: &[T], turn: u64) -> T {
    let count = shapes.len() as u64;
    let at = usize::try_from(turn % count).unwrap_or_default();
    shapes[at].clone()
}

/// A body with a byte in its middle that stands nowhere in JSON, not even in a string.
fn corrupted(body: &Bytes) -> Bytes {
    let mut body = BytesMut::from(&body[..]);
    let middle = body.len() / 2;
    body[middle] = 0;
    body.freeze()
}

/// Success, as whoever stands before a service has it.
fn undecodable(turn: u64) -> Response {
    match turn % 6 {
        0 => page(200, "Welcome"),
        1 => page(201, "Created"),
        2 => Response::new(200).header(CONTENT_TYPE.as_str(), "text/plain").body("OK\n"),
        3 => Response::new(200),
        4 => Response::new(201),
        _ => Response::new(202).header(CONTENT_TYPE.as_str(), "text/xml").body("<ok/>"),
    }
}

/// An error with status 200, or nothing, instead of a resource.
fn nothing(head: &Parts, response: &Response, turn: u64) -> Response {
    let success = json!({"success": true, "errors": [], "messages": []});
    let with_result = |result: Value| {
        let mut envelope = success.clone();
        envelope["result"] = result;
        envelope
    };
    let shapes = match vendor(head) {
        Some(Vendor::Cloudflare) => vec![
            with_result(Value::Null),
            json!({}),
            with_result(json!({})),
            json!({"error": "down", "success": null}),
            success,
            Value::Null,
        ],
        _ => vec![error(head), json!({}), json!({"error": {"code": "down"}}), Value::Null],
    };
    with_json(response, &shape(&shapes, turn))
}

/// A service's error, but for its status.
fn error(head: &Parts) -> Value {
    let text = "The service is down.";
    match vendor(head) {
        Some(Vendor::Cloudflare) => json!({
            "success": false,
            "errors": [{"code": 10_000, "message": text}],
            "messages": [],
            "result": null,
        }),
        Some(Vendor::PartnerCenter) => json!({"statusCode": 503, "message": text}),
        _ => json!({"error_code": "503000", "message": text}),
    }
}

fn without_etag(response: &Response, turn: u64) -> Option<Response> {
    let mut json = json_of(response)?;
    let attributes = json.pointer_mut("/attributes")?.as_object_mut()?;
    let etag = attributes.get_mut("etag").filter(|etag| etag.is_string())?;
    match turn % 4 {
        0 => drop(attributes.remove("etag")),
        1 => *etag = Value::Null,
        2 => *etag = "".into(),
        _ => *etag = " ".into(),
    }
    Some(with_json(response, &json))
}

fn without_list(head: &Parts, response: &Response, turn: u64) -> Option<Response> {
    let mut json = json_of(response)?;
    let name = list_in(head, &json)?;
    match turn % 5 {
        0 => json[name] = Value::Null,
        1 => json = json!({}),
        2 => drop(json.as_object_mut()?.remove(name)),
        3 => json = error(head),
        _ => json = Value::Null,
    }
    Some(with_json(response, &json))
}

/// The member of a page that has the items.
fn list_in(head: &Parts, json: &Value) -> Option<&'static str> {
    let name = vendor(head)?.row().items;
    json[name].is_array().then_some(name)
}

fn vendor(head: &Parts) -> Option<Vendor> {
    let path = segments(head.uri.path());
    let owner = VENDORS.iter().find(|vendor| vendor.owns(&path))?;
    Some(owner.vendor())
}

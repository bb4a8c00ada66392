//! Successes and errors, in Cloudflare's envelope.

use serde_json::{Value, json};

use crate::request::Request;
use crate::response::Response;

pub(super) fn not_found(request: &Request) -> Response {
    let path = request.target.strip_prefix("/client/v4").unwrap_or_default();
    failure(404, &error(7003, &format!("No route for {path}")))
}

pub(super) fn success(result: &Value) -> Response {
    Response::new(200).json(&envelope(result))
}

pub(super) fn envelope(result: &Value) -> Value {
    json!({"success": true, "errors": [], "messages": [], "result": result})
}

/// What is asked for can't be; the code is a stand-in, since none is published.
pub(super) fn invalid(message: &str) -> Response {
    failure(400, &error(1004, message))
}

pub(super) fn malformed(cause: &str) -> Response {
    let mut entry = error(6003, "Invalid request headers");
    entry["error_chain"] = json!([error(6111, cause)]);
    failure(400, &entry)
}

pub(super) fn error(code: u32, message: &str) -> Value {
    json!({"code": code, "message": message})
}

pub(super) fn failure(status: u16, entry: &Value) -> Response {
    with_errors(status, &json!([entry]))
}

pub(super) fn with_errors(status: u16, errors: &Value) -> Response {
    Response::new(status).json(&json!({
        "success": false,
        "errors": errors,
        "messages": [],
        "result": null,
    }))
}

//! Successes and errors, as Partner Center writes them.

use http::StatusCode;
use serde_json::{Value, json};

use crate::response::Response;

const BOM: &str = "\u{feff}";
pub(super) const JSON: &str = "application/json; charset=utf-8";

/// A success, with the byte order mark that the service puts before the JSON.
pub(super) fn success(value: &Value) -> Response {
    Response::with_status(StatusCode::OK).typed(JSON, format!("{BOM}{value}"))
}

pub(super) fn created(value: &Value) -> Response {
    Response::with_status(StatusCode::CREATED).typed(JSON, format!("{BOM}{value}"))
}

pub(super) fn error(status: StatusCode, code: u32, description: &str) -> Response {
    error_with(status, code, description, &json!([]))
}

pub(super) fn error_with(
    status: StatusCode,
    code: u32,
    description: &str,
    data: &Value,
) -> Response {
    let body = json!({
        "code": code,
        "description": description,
        "data": data,
        "source": "PartnerFD",
    });
    Response::with_status(status).typed(JSON, body.to_string())
}

/// No code is published for this.
pub(super) fn conflict(description: &str, member: &str) -> Response {
    let body = json!({"description": description, "data": [member], "source": "PartnerFD"});
    Response::with_status(StatusCode::CONFLICT).typed(JSON, body.to_string())
}

pub(super) fn invalid(description: &str) -> Response {
    error(StatusCode::BAD_REQUEST, 800_002, description)
}

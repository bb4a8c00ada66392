//! Errors of the gateway and of the application behind it.

use http::StatusCode;
use serde_json::json;

use crate::refusal::Refusal;
use crate::request::Request;
use crate::response::Response;

const BACKEND: &str = "RST-360011 An error has occurred - please contact your administrator.";

/// The response to a request that no handler sees.
pub(super) fn refusal(request: &Request, refusal: &Refusal) -> Response {
    match refusal {
        // What the gateway says about every address that it cannot make sense of.
        Refusal::UnknownRoute => Response::new(500).json(&json!({
            "code": 500,
            "message": "Oops. Something went wrong. Check your URI and try again.",
        })),
        Refusal::WrongMethod(_) | Refusal::BodyTooLarge | Refusal::NotDeclaredAsJson => {
            let code = format!("{}000", refusal.status().as_u16());
            gateway(&code, &refusal.message(request))
        }
        Refusal::NotJson(_) | Refusal::MissingParameter(_) | Refusal::Invalid(_) => {
            backend(&format!("XTK-170006 {}", refusal.message(request)))
        }
    }
}

/// An error of the gateway, whose code begins with the status.
pub(super) fn gateway(code: &str, message: &str) -> Response {
    let status = code.get(..3).and_then(|status| status.parse().ok());
    Response::with_status(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        .json(&json!({"error_code": code, "message": message}))
}

/// An error of the application behind the gateway, which has 500 for most mistakes of a caller.
pub(super) fn backend(detail: &str) -> Response {
    Response::new(500).json(&json!({
        "title": "Internal error",
        "message": format!("{BACKEND} {detail}"),
    }))
}

pub(super) fn not_found() -> Response {
    Response::new(404).json(&json!({
        "error_code": "404",
        "title": "Not found",
        "message": format!("{BACKEND} There is no document with this key."),
    }))
}

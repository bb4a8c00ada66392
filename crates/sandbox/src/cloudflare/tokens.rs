//! Whether a token holds.

use serde_json::json;

use crate::cloudflare::credentials::{CLOUDFLARE_ACCOUNT_TOKEN, CLOUDFLARE_API_TOKEN};
use crate::cloudflare::responses::{envelope, error, failure, malformed};
use crate::cloudflare::seed::CLOUDFLARE_ACCOUNT_ID;
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

pub(super) fn verify_of_user(_: &mut Store, request: &Request) -> Result<Response, Response> {
    let id = "90b3a5d7c1e84f62b8d04a9e7f15c236";
    verify(request, CLOUDFLARE_API_TOKEN, id)
}

pub(super) fn verify_of_account(_: &mut Store, request: &Request) -> Result<Response, Response> {
    if request.path[3] != CLOUDFLARE_ACCOUNT_ID {
        return Err(not_allowed());
    }
    let id = "e2f6074d9b8c4135a70e1c52d3b96f48";
    verify(request, CLOUDFLARE_ACCOUNT_TOKEN, id)
}

fn verify(request: &Request, token: &str, id: &str) -> Result<Response, Response> {
    match request.bearer() {
        Some(shown) if shown == token => {
            let mut body = envelope(&json!({"id": id, "status": "active"}));
            let message = error(10000, "This API Token is valid and active");
            body["messages"] = json!([message]);
            Ok(Response::new(200).json(&body))
        }
        Some(_) => Err(not_allowed()),
        None => Err(malformed("Invalid format for Authorization header")),
    }
}

fn not_allowed() -> Response {
    let text = "Unauthorized to access requested resource";
    failure(403, &error(9109, text))
}

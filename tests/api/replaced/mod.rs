//! Resources that are replaced whole, against servers that do what they shouldn't: what an update builds on,
//! what it takes for written, what it sends once more, and a model of all of it.

mod creations;
mod model;
mod reads;
mod resends;
mod server;
mod service;
mod time;
mod writes;

use letterhead::partner_center::types::NewCustomerUser;
use serde_json::json;
use server::{Response, Server};

const ID: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// A body of a success that is no profile of Partner Center's.
const NO_PROFILE: [&str; 14] = [
    r#"{"statusCode":503,"message":"Try again later."}"#,
    r#"{"code":2055,"description":"The etag is out of date."}"#,
    r#"{"error":{"code":"ServiceUnavailable","message":"Try again later."}}"#,
    r#"{"attributes":{"etag":"1","objectType":"OrganizationProfile"},"links":{}}"#,
    r#"{"attributes":{"etag":"1"},"profileType":"OrganizationProfile"}"#,
    r#"{"attributes":{"etag":"1"},"tier":"gold"}"#,
    r#"{"attributes":{"etag":"1"},"companyName":null,"email":null,"address":null}"#,
    r#"{"attributes":{"etag":"1"},"companyName":7,"email":7}"#,
    r#"[{"companyName":"Fabrikam"}]"#,
    "{}",
    "[]",
    "null",
    "\"down\"",
    "",
];

/// Responds with `body` to whatever is asked.
async fn always(body: &str) -> Server {
    let body = body.to_owned();
    Server::start(move |_| Response::text(200, "application/json", &body)).await
}

/// A new user of Partner Center's that has all that a POST has to have.
fn user() -> NewCustomerUser {
    serde_json::from_value(json!({
        "displayName": "Ada Byron", "usageLocation": "NL",
        "userPrincipalName": "ada@contoso.example", "passwordProfile": {"password": "changed later"},
    }))
    .unwrap()
}

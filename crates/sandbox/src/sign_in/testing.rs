//! What the tests of signing in share.

use crate::Sandbox;
use crate::credentials::{
    PARTNER_CENTER_CLIENT_ID, PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_REFRESH_TOKEN,
};
use crate::seed::PARTNER_TENANT_ID;
use crate::testing::Received;

const AUDIENCE: &str = "https://api.partnercenter.microsoft.com/.default";

pub(super) const APP: [(&str, &str); 4] = [
    ("grant_type", "client_credentials"),
    ("client_id", PARTNER_CENTER_CLIENT_ID),
    ("client_secret", PARTNER_CENTER_CLIENT_SECRET),
    ("scope", AUDIENCE),
];
pub(super) const USER: [(&str, &str); 5] = [
    ("grant_type", "refresh_token"),
    ("client_id", PARTNER_CENTER_CLIENT_ID),
    ("client_secret", PARTNER_CENTER_CLIENT_SECRET),
    ("scope", AUDIENCE),
    ("refresh_token", PARTNER_CENTER_REFRESH_TOKEN),
];

/// A form with other values for some of its members; an empty one takes the member away.
pub(super) fn with<'a>(
    form: &[(&'a str, &'a str)],
    changes: &[(&str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let change_of = |name| changes.iter().find(|(key, _)| *key == name);
    form.iter()
        .map(|(name, value)| (*name, change_of(*name).map_or(*value, |(_, value)| *value)))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

pub(super) async fn sign_in(sandbox: &Sandbox, form: &[(&str, &str)]) -> Received {
    let target = format!("/{PARTNER_TENANT_ID}/oauth2/v2.0/token");
    sandbox.post_form(&target, form).await
}

pub(super) async fn get(sandbox: &Sandbox, target: &str, token: &str) -> Received {
    let headers = [("authorization", format!("Bearer {token}"))];
    sandbox.send("GET", target, &headers, None).await
}

pub(super) fn access_token(received: &Received) -> String {
    let body = received.json();
    body["access_token"].as_str().expect("a token").to_owned()
}

//! What Campaign Standard and its token endpoint accept.

use crate::setup::{HeaderLine, bearer};

/// The access token that Campaign Standard accepts, beside [`CAMPAIGN_API_KEY`].
pub const CAMPAIGN_ACCESS_TOKEN: &str =
    "sandbox-campaign-standard-access-token-c83e5f1970ab4d62915cd7e80f4b263a";
/// The API key that Campaign Standard accepts, beside [`CAMPAIGN_ACCESS_TOKEN`].
pub const CAMPAIGN_API_KEY: &str =
    "sandbox-campaign-standard-api-key-5d9e07b2c4f84a13a86b1f3d72c0e945";
/// The client id at IMS, which Campaign Standard takes for its API key.
pub const CAMPAIGN_CLIENT_ID: &str = CAMPAIGN_API_KEY;
/// The secret of [`CAMPAIGN_CLIENT_ID`].
pub const CAMPAIGN_CLIENT_SECRET: &str =
    "sandbox-campaign-standard-client-secret-92ce4d70a1f84b5e8d361b0f7ea5c248";

/// The header lines that let a request in.
pub(super) fn header_lines() -> Vec<HeaderLine> {
    let key = ("x-api-key", CAMPAIGN_API_KEY.to_owned());
    vec![bearer(CAMPAIGN_ACCESS_TOKEN), key]
}

//! What the service accepts.

/// The access token that Campaign Standard accepts, beside [`CAMPAIGN_API_KEY`].
pub const CAMPAIGN_ACCESS_TOKEN: &str =
    "sandbox-campaign-standard-access-token-c83e5f1970ab4d62915cd7e80f4b263a";
/// The API key that Campaign Standard accepts, beside [`CAMPAIGN_ACCESS_TOKEN`].
pub const CAMPAIGN_API_KEY: &str =
    "sandbox-campaign-standard-api-key-5d9e07b2c4f84a13a86b1f3d72c0e945";

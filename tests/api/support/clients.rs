use letterhead::{ClientBuilder, campaign_standard, cloudflare, partner_center};
use letterhead_sandbox::{credentials, seed};

/// A client with the sandbox's token.
pub(crate) fn partner_at(url: impl Into<String>) -> ClientBuilder<partner_center::Client> {
    let token = partner_center::Credential::bearer(credentials::PARTNER_CENTER_TOKEN);
    let client = partner_center::Client::builder().base_url(url);
    client.credential(token.unwrap())
}

/// A client with the sandbox's email and key.
pub(crate) fn cloudflare_at(url: impl Into<String>) -> ClientBuilder<cloudflare::Client> {
    let (email, key) = (credentials::CLOUDFLARE_EMAIL, credentials::CLOUDFLARE_API_KEY);
    let client = cloudflare::Client::builder().base_url(url);
    client.credential(cloudflare::Credential::api_key(email, key).unwrap())
}

/// A client of the sandbox's organization, with its token and key.
pub(crate) fn campaign_at(url: impl Into<String>) -> ClientBuilder<campaign_standard::Client> {
    let (token, key) = (credentials::CAMPAIGN_ACCESS_TOKEN, credentials::CAMPAIGN_API_KEY);
    let client = campaign_standard::Client::builder(seed::CAMPAIGN_ORGANIZATION).base_url(url);
    client.credential(campaign_standard::Credential::new(token, key).unwrap())
}

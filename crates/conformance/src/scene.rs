//! Our own clients of the vendors that have one too.

use letterhead::{RetryPolicy, campaign_standard, cloudflare};
use letterhead_sandbox::{Sandbox, credentials, seed};

/// Clients that send each call once.
pub(crate) struct Clients {
    pub(crate) cloudflare: cloudflare::Client,
    pub(crate) campaign: campaign_standard::Client,
}

impl Clients {
    pub(crate) fn of(sandbox: &Sandbox) -> anyhow::Result<Self> {
        let retry = RetryPolicy::never();
        let token = cloudflare::Credential::api_token(credentials::CLOUDFLARE_API_TOKEN)?;
        let key = campaign_standard::Credential::new(
            credentials::CAMPAIGN_ACCESS_TOKEN,
            credentials::CAMPAIGN_API_KEY,
        )?;
        Ok(Self {
            cloudflare: cloudflare::Client::builder()
                .base_url(sandbox.cloudflare_url())
                .credential(token)
                .retry(retry)
                .build()?,
            campaign: campaign_standard::Client::builder(seed::CAMPAIGN_ORGANIZATION)
                .base_url(sandbox.campaign_standard_url())
                .credential(key)
                .retry(retry)
                .build()?,
        })
    }
}

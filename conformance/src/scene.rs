//! A sandbox, and our own client of each vendor for it.

use letterhead::{RetryPolicy, campaign_standard, cloudflare, partner_center};
use letterhead_sandbox::{Sandbox, credentials, seed};

/// The path that the document of a vendor continues at the sandbox.
pub(crate) const CLOUDFLARE_BASE: &str = "/client/v4";
pub(crate) const CAMPAIGN_BASE: &str = "/fabrikam/campaign";

/// Clients that send each call once.
pub(crate) struct Clients {
    pub(crate) partner: partner_center::Client,
    pub(crate) cloudflare: cloudflare::Client,
    /// With a token of an account, not of a user.
    pub(crate) account: cloudflare::Client,
    pub(crate) campaign: campaign_standard::Client,
}

impl Clients {
    pub(crate) fn of(sandbox: &Sandbox) -> anyhow::Result<Self> {
        Self::at(
            &sandbox.partner_center_url(),
            &sandbox.cloudflare_url(),
            &sandbox.campaign_standard_url(),
        )
    }

    pub(crate) fn at(partner: &str, cloudflare: &str, campaign: &str) -> anyhow::Result<Self> {
        let retry = RetryPolicy::never();
        let with_token = |token| {
            let credential = cloudflare::Credential::api_token(token)?;
            let client = cloudflare::Client::builder().base_url(cloudflare);
            client.credential(credential).retry(retry).build()
        };
        Ok(Self {
            partner: partner_center::Client::builder()
                .base_url(partner)
                .credential(partner_center::Credential::bearer(
                    credentials::PARTNER_CENTER_TOKEN,
                )?)
                .retry(retry)
                .build()?,
            cloudflare: with_token(credentials::CLOUDFLARE_API_TOKEN)?,
            account: with_token(credentials::CLOUDFLARE_ACCOUNT_TOKEN)?,
            campaign: campaign_standard::Client::builder(seed::CAMPAIGN_ORGANIZATION)
                .base_url(campaign)
                .credential(campaign_standard::Credential::new(
                    credentials::CAMPAIGN_ACCESS_TOKEN,
                    credentials::CAMPAIGN_API_KEY,
                )?)
                .retry(retry)
                .build()?,
        })
    }
}

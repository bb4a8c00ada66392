//! The three clients, and how patient they are.

use std::time::Duration;

use anyhow::anyhow;
use letterhead::{ClientBuilder, MemoryStore, RetryPolicy, VendorClient};
use letterhead::{campaign_standard, cloudflare, partner_center};
use letterhead_sandbox::{Sandbox, credentials, seed};

/// The longest that an attempt takes.
const ATTEMPT: Duration = Duration::from_secs(10);
/// The longest that a call takes, with its retries and waits, and an update with all its calls. Whoever waits
/// for this service has a time limit as well.
pub(crate) const CALL: Duration = Duration::from_secs(20);
/// The longest that a call waits for what a vendor asks for. Longer waits are the caller's: a request that
/// sleeps holds memory and a connection.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// One client for each vendor. Clones share connections, tokens and limits.
#[derive(Clone)]
pub(crate) struct Clients {
    pub(crate) partner: partner_center::Client,
    pub(crate) cloudflare: cloudflare::Client,
    pub(crate) campaign: campaign_standard::Client,
    /// The organization at Cloudflare whose profile the company is.
    pub(crate) organization: String,
}

impl Clients {
    /// The clients that the environment asks for; `docs/service.md` lists the variables.
    pub(crate) fn from_env() -> anyhow::Result<Self> {
        let organization = "CLOUDFLARE_ORGANIZATION_ID";
        let organization = std::env::var(organization)
            .map_err(|error| anyhow!("the environment variable `{organization}`: {error}"))?;
        Self::new(
            partner_center::Client::builder_from_env(partner_center::Cloud::Global)?,
            cloudflare::Client::builder_from_env()?,
            campaign_standard::Client::builder_from_env()?,
            organization,
        )
    }

    /// Clients of a sandbox. They sign in, as those of the vendors do.
    pub(crate) fn of_sandbox(sandbox: &Sandbox) -> anyhow::Result<Self> {
        let app = partner_center::EntraApp::new(
            seed::PARTNER_TENANT_ID,
            credentials::PARTNER_CENTER_CLIENT_ID,
            credentials::PARTNER_CENTER_CLIENT_SECRET,
        );
        // Profiles are a person's to change.
        let person = MemoryStore::new(credentials::PARTNER_CENTER_REFRESH_TOKEN);
        let adobe = campaign_standard::ServerToServer::new(
            credentials::CAMPAIGN_CLIENT_ID,
            credentials::CAMPAIGN_CLIENT_SECRET,
        );
        let token = cloudflare::Credential::api_token(credentials::CLOUDFLARE_API_TOKEN)?;
        Self::new(
            partner_center::Client::builder()
                .base_url(sandbox.partner_center_url())
                .credential(app.authority(sandbox.entra_url()).app_and_user(person)?),
            cloudflare::Client::builder().base_url(sandbox.cloudflare_url()).credential(token),
            campaign_standard::Client::builder(seed::CAMPAIGN_ORGANIZATION)
                .base_url(sandbox.campaign_standard_url())
                .credential(adobe.authority(sandbox.ims_url()).credential()?),
            seed::CLOUDFLARE_ORGANIZATION_ID.to_owned(),
        )
    }

    fn new(
        partner: ClientBuilder<partner_center::Client>,
        cloudflare: ClientBuilder<cloudflare::Client>,
        campaign: ClientBuilder<campaign_standard::Client>,
        organization: String,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            partner: patient(partner).build()?,
            cloudflare: patient(cloudflare).rate_limit(cloudflare::QUOTA).build()?,
            campaign: patient(campaign).build()?,
            organization,
        })
    }
}

fn patient<C: VendorClient>(builder: ClientBuilder<C>) -> ClientBuilder<C> {
    builder
        .attempt_timeout(ATTEMPT)
        .timeout(CALL)
        .retry(RetryPolicy::default().longest_wait(LONGEST_WAIT))
}

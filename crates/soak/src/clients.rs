//! The clients, set up as a service would do it.

use std::sync::Arc;
use std::time::Duration;

use letterhead::campaign_standard::{self, ServerToServer};
use letterhead::partner_center::{self, EntraApp};
use letterhead::{
    ClientBuilder, Error, Limiter, MemoryStore, RetryPolicy, cloudflare, http_client_builder,
    reqwest,
};
use letterhead_sandbox::{credentials, seed};
use serde::{Deserialize, Serialize};

/// Where the services and the token endpoints are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Addresses {
    pub(crate) services: String,
    pub(crate) entra: String,
    pub(crate) ims: String,
}

/// What a process may share with others.
pub(crate) struct Means {
    pub(crate) partner: partner_center::Credential,
    pub(crate) campaign: campaign_standard::Credential,
    pub(crate) limiters: Option<Limiters>,
}

/// The limiters of the vendors that have a quota.
pub(crate) struct Limiters {
    pub(crate) cloudflare: Arc<dyn Limiter>,
    pub(crate) campaign: Arc<dyn Limiter>,
}

/// One client for each vendor, and a second one for Cloudflare's other kind of credential.
#[derive(Clone)]
pub(crate) struct Clients {
    pub(crate) partner: partner_center::Client,
    pub(crate) cloudflare: [cloudflare::Client; 2],
    pub(crate) campaign: campaign_standard::Client,
    addresses: Addresses,
    /// For callers who set up a client for each call.
    http: reqwest::Client,
}

impl Addresses {
    pub(crate) fn entra(&self) -> EntraApp {
        let app = EntraApp::new(
            seed::PARTNER_TENANT_ID,
            credentials::PARTNER_CENTER_CLIENT_ID,
            credentials::PARTNER_CENTER_CLIENT_SECRET,
        );
        app.authority(&self.entra)
    }

    pub(crate) fn ims(&self) -> ServerToServer {
        let app = ServerToServer::new(
            credentials::CAMPAIGN_CLIENT_ID,
            credentials::CAMPAIGN_CLIENT_SECRET,
        );
        app.authority(&self.ims)
    }

    fn person(&self) -> Result<partner_center::Credential, Error> {
        self.entra().app_and_user(MemoryStore::new(credentials::PARTNER_CENTER_REFRESH_TOKEN))
    }
}

impl Means {
    /// Those of a process that shares nothing.
    pub(crate) fn own(addresses: &Addresses) -> Result<Self, Error> {
        Ok(Self {
            partner: addresses.person()?,
            campaign: addresses.ims().credential()?,
            limiters: None,
        })
    }
}

impl Clients {
    pub(crate) fn new(addresses: Addresses, means: Means) -> anyhow::Result<Self> {
        let url = &addresses.services;
        let Means { partner, campaign, limiters } = means;
        let cloudflare = [
            cloudflare::Credential::api_key(
                credentials::CLOUDFLARE_EMAIL,
                credentials::CLOUDFLARE_API_KEY,
            )?,
            cloudflare::Credential::api_token(credentials::CLOUDFLARE_API_TOKEN)?,
        ];
        let [by_key, by_token] = cloudflare.map(|credential| {
            let mut builder = cloudflare::Client::builder()
                .base_url(format!("{url}/client/v4"))
                .credential(credential)
                .retry(time_limit());
            if let Some(limiters) = &limiters {
                builder = builder.limiter(Arc::clone(&limiters.cloudflare));
            }
            builder.build()
        });
        let mut campaign = campaign_standard::Client::builder(seed::CAMPAIGN_ORGANIZATION)
            .base_url(url)
            .credential(campaign)
            .retry(time_limit());
        if let Some(limiters) = &limiters {
            campaign = campaign.limiter(Arc::clone(&limiters.campaign));
        }
        Ok(Self {
            partner: builder(url, partner).build()?,
            cloudflare: [by_key?, by_token?],
            campaign: campaign.build()?,
            http: http_client_builder()?.no_proxy().build()?,
            addresses,
        })
    }

    /// A client for Partner Center that shares nothing but connections.
    pub(crate) fn another_partner(&self) -> Result<partner_center::Client, Error> {
        let builder = builder(&self.addresses.services, self.addresses.person()?);
        builder.http_client(self.http.clone()).build()
    }
}

fn builder(
    url: &str,
    credential: partner_center::Credential,
) -> ClientBuilder<partner_center::Client> {
    partner_center::Client::builder().base_url(url).credential(credential).retry(time_limit())
}

/// As patient as by default, but quicker.
fn time_limit() -> RetryPolicy {
    RetryPolicy::default()
        .attempts(5)
        .backoff(Duration::from_millis(20), Duration::from_millis(200))
        .longest_wait(Duration::from_secs(2))
}

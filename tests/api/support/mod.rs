//! A sandbox and a client of each vendor for it.

mod child;
mod clients;
mod clock;
mod faulty;
mod log;
mod raw;
mod script;
pub(crate) mod server;
mod sign_in;

pub(crate) use child::{child, succeeds};
pub(crate) use clients::{campaign_at, cloudflare_at, partner_at};
pub(crate) use clock::ManualClock;
pub(crate) use faulty::{Faulty, nobody, without_backoff};
use letterhead::{RetryPolicy, campaign_standard, cloudflare, partner_center};
use letterhead_sandbox::{RecordedRequest, Sandbox, credentials};
pub(crate) use log::{Log, assert_hidden, capture, last_spans, said, shown, spans};
pub(crate) use raw::{head, serve};
pub(crate) use script::{Script, drop_after, framed, json, soon};
pub(crate) use sign_in::{entra, entra_endpoint, form_member, ims};

/// Lets other tasks go on until something is so.
pub(crate) async fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while !is_so() {
        assert!(tokio::time::Instant::now() < until, "never: {what}");
        tokio::task::yield_now().await;
    }
}

/// A profile of Cloudflare's that has all that a PUT has to have.
pub(crate) fn whole_profile() -> cloudflare::types::OrganizationProfile {
    serde_json::from_value(serde_json::json!({
        "business_address": "", "business_email": "office@fabrikam.example",
        "business_name": "Fabrikam", "business_phone": "", "external_metadata": "{}",
    }))
    .unwrap()
}

pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) partner: partner_center::Client,
    pub(crate) cloudflare: cloudflare::Client,
    pub(crate) campaign: campaign_standard::Client,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(RetryPolicy::default()).await
    }

    /// Clients that send each call once.
    pub(crate) async fn without_retries() -> Self {
        Self::with(RetryPolicy::never()).await
    }

    async fn with(retry: RetryPolicy) -> Self {
        let sandbox = Sandbox::start().await.expect("loopback has a free port");
        let partner = partner_at(sandbox.partner_center_url()).retry(retry);
        let cloudflare = cloudflare_at(sandbox.cloudflare_url()).retry(retry);
        let campaign = campaign_at(sandbox.campaign_standard_url()).retry(retry);
        Self {
            sandbox,
            partner: partner.build().unwrap(),
            cloudflare: cloudflare.build().unwrap(),
            campaign: campaign.build().unwrap(),
        }
    }

    /// The only request since this was last asked.
    pub(crate) fn request(&self) -> RecordedRequest {
        let mut requests = self.sandbox.take_requests();
        assert_eq!(requests.len(), 1, "{requests:#?}");
        requests.remove(0)
    }
}

/// Every credential value that a test may find nowhere.
pub(crate) fn secrets() -> Vec<&'static str> {
    vec![
        credentials::PARTNER_CENTER_TOKEN,
        credentials::CLOUDFLARE_API_TOKEN,
        credentials::CLOUDFLARE_API_KEY,
        credentials::CAMPAIGN_ACCESS_TOKEN,
        credentials::CAMPAIGN_API_KEY,
    ]
}

//! The services, and what stands before them.

use std::time::Duration;

use letterhead_sandbox::{Fault, Faults, FaultyProxy, Sandbox, TokenGrant, seed};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::clients::Addresses;
use crate::door::Door;
use crate::kind::Kind;
use crate::plan::Plan;

/// How long slow responses take.
pub(crate) const DELAY: Duration = Duration::from_millis(500);
/// The time limit of most updates, and a short one of a few. A slow response, or one with `Retry-After`,
/// comes too late for the short one.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);
pub(crate) const SHORT_LIMIT: Duration = Duration::from_millis(400);

/// The path of the organization profile at Partner Center.
pub(crate) const ORGANIZATION_PROFILE: &str = "/v1/profiles/organization";
/// The organizations that Cloudflare has from the start.
const SEEDED_ORGANIZATIONS: [&str; 3] = [
    seed::CLOUDFLARE_ORGANIZATION_ID,
    seed::CLOUDFLARE_BARE_ORGANIZATION_ID,
    seed::CLOUDFLARE_SUB_ORGANIZATION_ID,
];

/// The services and the ways to them.
pub(crate) struct Scene {
    pub(crate) sandbox: Sandbox,
    pub(crate) door: Door,
    /// Behind the door, before the services.
    pub(crate) services: FaultyProxy,
    /// Before the token endpoints: each alone, so that its faults can be counted.
    pub(crate) entra: FaultyProxy,
    pub(crate) ims: FaultyProxy,
    pub(crate) lists: Lists,
    /// The profiles that are replaced.
    pub(crate) profiles: Vec<String>,
    token_life: Duration,
}

/// The ids in the lists that are read, in order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Lists {
    pub(crate) customers: Vec<String>,
    pub(crate) organizations: Vec<String>,
}

impl Scene {
    pub(crate) async fn start(plan: &Plan) -> anyhow::Result<Self> {
        let sandbox = Sandbox::start().await?;
        sandbox.set_access_token_lifetime(plan.token_life);
        let callers = (0..plan.callers).filter(|it| Kind::of_caller(*it) == Kind::Cloudflare);
        let mut organizations: Vec<_> = callers.map(organization).collect();
        for id in &organizations {
            found_organization(&sandbox, id);
        }
        let profiles = organizations.iter().map(|id| profile_of(id));
        let profiles = profiles.chain([ORGANIZATION_PROFILE.to_owned()]).collect();
        organizations.extend(SEEDED_ORGANIZATIONS.map(str::to_owned));
        organizations.sort();
        let mut customers = seed::CUSTOMER_TENANT_IDS.map(str::to_owned).to_vec();
        customers.sort();
        let faults = |salt: u64| {
            // Revocations strike everyone, and a sick connection all that follow on it: as often as the
            // others they would keep all tokens from growing old, and use up the retry budgets of the clients.
            let kinds = plan.faults.iter().flat_map(|kind| match kind {
                Fault::TokensRevoked | Fault::SickConnection => vec![*kind],
                _ => vec![*kind; 4],
            });
            let is_sign_in = salt != 0;
            let share = if is_sign_in && !plan.faults_at_sign_in { 0.0 } else { plan.share };
            Faults::random(plan.seed.wrapping_add(salt), share)
                .only(kinds)
                .delay(DELAY)
                .retry_after(plan.retry_after)
        };
        let services = FaultyProxy::start(&sandbox, faults(0)).await?;
        let inside = services.url().trim_start_matches("http://").parse()?;
        Ok(Self {
            door: Door::start(inside)?,
            services,
            entra: FaultyProxy::start(&sandbox, faults(1)).await?,
            ims: FaultyProxy::start(&sandbox, faults(2)).await?,
            sandbox,
            lists: Lists { customers, organizations },
            profiles,
            token_life: plan.token_life,
        })
    }

    pub(crate) fn addresses(&self) -> Addresses {
        Addresses {
            services: self.door.url(),
            entra: self.entra.entra_url(),
            ims: self.ims.ims_url(),
        }
    }

    /// How often a kind of fault struck anywhere.
    pub(crate) fn count(&self, fault: Fault) -> u64 {
        [&self.services, &self.entra, &self.ims]
            .iter()
            .filter_map(|proxy| proxy.fault_counts().get(&fault).copied())
            .sum()
    }

    /// The access tokens that a token endpoint has issued, and how many one client may need at most.
    pub(crate) fn tokens(&self, grant: TokenGrant, elapsed: Duration) -> (u64, u64) {
        let endpoint = match grant {
            TokenGrant::ImsClientCredentials => &self.ims,
            _ => &self.entra,
        };
        // These leave a token at the endpoint that no client got, or got twice.
        let lost = [
            Fault::ResetAfterApplied,
            Fault::ResetMidBody,
            Fault::CloseMidBody,
            Fault::TruncatedJson,
            Fault::CorruptedJson,
            Fault::Html502AfterApplied,
            Fault::UndecodableSuccess,
            Fault::UnclearStatusAfterApplied,
            Fault::DuplicateDelivery,
        ];
        let counts = endpoint.fault_counts();
        let lost: u64 = lost.iter().filter_map(|kind| counts.get(kind)).sum();
        // A token that isn't revoked is replaced when four fifths of its life are over, or later.
        let ended = elapsed.as_millis() / (self.token_life * 4 / 5).as_millis();
        let ended = u64::try_from(ended).unwrap_or(u64::MAX);
        let bound = 1 + self.count(Fault::TokensRevoked) + ended + lost;
        (self.sandbox.tokens_issued(grant), bound)
    }
}

/// The organization of a caller at Cloudflare, where a profile has no ETag and so one writer.
pub(crate) fn organization(caller: u32) -> String {
    format!("{caller:032x}")
}

fn profile_of(organization: &str) -> String {
    format!("/client/v4/organizations/{organization}/profile")
}

fn found_organization(sandbox: &Sandbox, id: &str) {
    let path = format!("/client/v4/organizations/{id}");
    sandbox.put_resource(&path, json!({"id": id, "name": "Fabrikam", "meta": {}}));
    let profile = json!({
        "business_name": "Fabrikam Instruments",
        "business_email": "office@fabrikam.example",
        "business_phone": "+1 425 555 0142",
        "business_address": "14 Calibration Way, Redmond",
        "external_metadata": "{}",
    });
    sandbox.put_resource(&profile_of(id), profile);
}

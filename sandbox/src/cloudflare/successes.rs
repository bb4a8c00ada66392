//! A request that succeeds for each operation.

use serde_json::{Value, json};

use crate::Sandbox;
use crate::seed::{CLOUDFLARE_BARE_ORGANIZATION_ID, CLOUDFLARE_ORGANIZATION_ID};

/// Operation, target and body.
pub(crate) fn successes(sandbox: &Sandbox) -> Vec<(&'static str, String, Option<Value>)> {
    let base = "/client/v4";
    let organizations = format!("{base}/organizations");
    let organization = format!("{organizations}/{CLOUDFLARE_ORGANIZATION_ID}");
    let empty = format!("{organizations}/{CLOUDFLARE_BARE_ORGANIZATION_ID}");
    let profile = format!("{organization}/profile");
    let stored = sandbox.resource(&profile);
    let child = json!({
        "name": "Fabrikam Iberia",
        "parent": {"id": CLOUDFLARE_ORGANIZATION_ID},
        "profile": stored,
    });
    let renamed = json!({"name": "Fabrikam Worldwide"});
    vec![
        ("listOrganizations", organizations.clone(), None),
        ("createOrganization", organizations, Some(child)),
        ("getOrganization", organization.clone(), None),
        ("modifyOrganization", organization, Some(renamed)),
        ("deleteOrganization", empty, None),
        ("getOrganizationProfile", profile.clone(), None),
        ("modifyOrganizationProfile", profile, stored),
    ]
}

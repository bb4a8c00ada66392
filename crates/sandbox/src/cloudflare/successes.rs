//! A request that succeeds for each operation.

use serde_json::json;

use crate::Sandbox;
use crate::seed::{
    CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_ACCOUNT_IDS, CLOUDFLARE_AUDIT_LOG_ID,
    CLOUDFLARE_BARE_ORGANIZATION_ID, CLOUDFLARE_MEMBER_ID, CLOUDFLARE_ORGANIZATION_ID,
    CLOUDFLARE_SUB_ORGANIZATION_ID,
};
use crate::setup::SuccessfulRequest;
#[cfg(test)]
use crate::testing::Expected;

#[cfg(test)]
pub(crate) const EXPECTED: Expected = Expected {
    left_out: &[
        ("getOrganization", "/result/meta/tenant_flags", NOT_SET),
        ("getOrganizationProfile", "/messages/*", NOT_SET),
        (
            "listOrganizationAuditLogs",
            "/result/*/resource/request/business_phone",
            "the example made it up",
        ),
        ("verifyAccountToken", "/result/expires_on", NOT_SET),
        ("verifyAccountToken", "/result/not_before", NOT_SET),
    ],
    once: &[
        ("deleteOrganization", 404),
        ("createOrganizationMember", 400),
        ("batchCreateOrganizationMembers", 400),
        ("deleteOrganizationMember", 404),
    ],
    unauthorized: 400,
    invalid: 400,
    unknown: |id, _| {
        if id == "verifyAccountToken" { 403 } else { 404 }
    },
};
#[cfg(test)]
const NOT_SET: &str = "it is there only when it is set";

pub(crate) fn successes(sandbox: &Sandbox) -> Vec<SuccessfulRequest> {
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
    let members = format!("{organization}/members");
    let member = format!("{members}/{CLOUDFLARE_MEMBER_ID}");
    let new = json!({"user": {"email": "grace@fabrikam.example"}});
    let newer = json!({"user": {"email": "alan@fabrikam.example"}, "status": "active"});
    let log = format!("{organization}/logs/audit");
    let times = "action_time=2026-10-04T16:20:11Z&since=2026-10-01&before=2026-11-01";
    let accounts = format!("{base}/accounts");
    let account = format!("{accounts}/{CLOUDFLARE_ACCOUNT_ID}");
    let account_profile = format!("{account}/profile");
    let destination = json!({"destination_organization_id": CLOUDFLARE_SUB_ORGANIZATION_ID});
    let mut moves = destination.clone();
    moves["account_ids"] = json!([CLOUDFLARE_ACCOUNT_IDS[1], "nobody"]);
    vec![
        ("listOrganizations", organizations.clone(), None),
        ("createOrganization", organizations, Some(child)),
        ("getOrganization", organization.clone(), None),
        ("modifyOrganization", organization.clone(), Some(renamed)),
        ("deleteOrganization", empty, None),
        ("getOrganizationProfile", profile.clone(), None),
        ("modifyOrganizationProfile", profile, stored.clone()),
        ("listOrganizationAccounts", format!("{organization}/accounts"), None),
        ("listOrganizationMembers", members.clone(), None),
        ("createOrganizationMember", members.clone(), Some(json!({"member": new}))),
        (
            "batchCreateOrganizationMembers",
            format!("{members}:batchCreate"),
            Some(json!({"members": [newer]})),
        ),
        ("getOrganizationMember", format!("{members}/73e5a90c1d8b4f26be04d17c5f39a682"), None),
        ("deleteOrganizationMember", member, None),
        ("listOrganizationAuditLogs", format!("{log}?since=2026-10-01&before=2026-11-01"), None),
        (
            "listOrganizationAuditLogHistory",
            format!("{log}/{CLOUDFLARE_AUDIT_LOG_ID}/history?{times}"),
            None,
        ),
        ("getOrganizationBillableUsage", format!("{organization}/billable/usage"), None),
        ("listOrganizationShares", format!("{organization}/shares"), None),
        ("getAccountProfile", account_profile.clone(), None),
        ("modifyAccountProfile", account_profile, stored),
        ("listAccountOrganizations", format!("{account}/organizations"), None),
        ("moveAccount", format!("{account}/move"), Some(destination)),
        ("moveAccounts", format!("{accounts}/move"), Some(moves)),
        ("verifyAccountToken", format!("{account}/tokens/verify"), None),
        ("verifyUserToken", format!("{base}/user/tokens/verify"), None),
    ]
}

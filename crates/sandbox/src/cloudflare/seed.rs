//! The resources that Cloudflare has at the start.

use serde_json::{Value, json};

use crate::cloudflare::organizations::path;
use crate::store::{Store, segments};

/// An organization with a profile.
pub const CLOUDFLARE_ORGANIZATION_ID: &str = "3f9c1e0b7a5d4c2886e1d0f4b2a97c65";
/// An organization whose profile was never written, and which holds nothing else either.
pub const CLOUDFLARE_BARE_ORGANIZATION_ID: &str = "9b27d4f05c8e41a3b6f2e7d18c03a59e";
/// An organization below [`CLOUDFLARE_ORGANIZATION_ID`].
pub const CLOUDFLARE_SUB_ORGANIZATION_ID: &str = "c81a5e97d2f04b63b5e90a7f36d148c2";
/// An account of [`CLOUDFLARE_ORGANIZATION_ID`], with a profile.
pub const CLOUDFLARE_ACCOUNT_ID: &str = CLOUDFLARE_ACCOUNT_IDS[0];
/// All accounts of [`CLOUDFLARE_ORGANIZATION_ID`], and one of [`CLOUDFLARE_SUB_ORGANIZATION_ID`].
pub const CLOUDFLARE_ACCOUNT_IDS: [&str; 3] = [
    "5d20c4e8917b4fa6a3c1be70f92d8465",
    "18f3b6c0a9d24e57b04c7d91e65a2f83",
    "e6947b1d03fa4c58912e5bd0c7a8f364",
];
/// A member of [`CLOUDFLARE_ORGANIZATION_ID`].
pub const CLOUDFLARE_MEMBER_ID: &str = "0be7d1f4a35c4e6296f8d0c7b12a5e94";
/// An entry of the audit log of [`CLOUDFLARE_ORGANIZATION_ID`], about an update of its profile.
pub const CLOUDFLARE_AUDIT_LOG_ID: &str = "6f1d0c52-3a7b-4e19-8c40-b25d9e07a3f1";
/// The user behind [`CLOUDFLARE_MEMBER_ID`].
pub const CLOUDFLARE_USER_ID: &str = "64e7f1a05b3c4d98a2770cf51e8b9d36";

pub(super) fn fill(store: &mut Store) {
    organizations(store);
    profiles(store);
    accounts(store);
    members(store);
    audit_log(store);
    usage(store);
    shares(store);
}

/// Stores something of [`CLOUDFLARE_ORGANIZATION_ID`].
fn put(store: &mut Store, place: &str, value: Value) {
    let organization = format!("/client/v4/organizations/{CLOUDFLARE_ORGANIZATION_ID}");
    store.put(&segments(&format!("{organization}/{place}")), value);
}

fn organizations(store: &mut Store) {
    for (id, name) in
        [(CLOUDFLARE_ORGANIZATION_ID, "Fabrikam"), (CLOUDFLARE_BARE_ORGANIZATION_ID, "Northwind")]
    {
        store.put(
            &path(id),
            json!({
                "id": id,
                "name": name,
                "create_time": "2026-02-11T09:30:00Z",
                "meta": {"hierarchy_tags": [id], "managed_by": "customer"},
            }),
        );
    }
    store.put(
        &path(CLOUDFLARE_SUB_ORGANIZATION_ID),
        json!({
            "id": CLOUDFLARE_SUB_ORGANIZATION_ID,
            "name": "Fabrikam Europe",
            "create_time": "2026-03-02T14:05:00Z",
            "parent": {"id": CLOUDFLARE_ORGANIZATION_ID, "name": "Fabrikam"},
            "meta": {
                "hierarchy_tags": [CLOUDFLARE_ORGANIZATION_ID, CLOUDFLARE_SUB_ORGANIZATION_ID],
                "tenant_flags": {"sub_org_creation": "enabled"},
            },
        }),
    );
}

fn profiles(store: &mut Store) {
    for (holder, name, address) in [
        (
            format!("organizations/{CLOUDFLARE_ORGANIZATION_ID}"),
            "Fabrikam Instruments",
            r#"{"line1":"14 Calibration Way","city":"Redmond","country":"US"}"#,
        ),
        (
            format!("accounts/{CLOUDFLARE_ACCOUNT_ID}"),
            "Fabrikam Hosting",
            "14 Calibration Way, Redmond",
        ),
    ] {
        store.put(
            &segments(&format!("/client/v4/{holder}/profile")),
            json!({
                "business_name": name,
                "business_email": "office@fabrikam.example",
                "business_phone": "+1 425 555 0142",
                "business_address": address,
                "external_metadata": r#"{"department":"metrology"}"#,
            }),
        );
    }
}

fn accounts(store: &mut Store) {
    let [production, staging, europe] = CLOUDFLARE_ACCOUNT_IDS;
    for (organization, id, name, kind) in [
        (CLOUDFLARE_ORGANIZATION_ID, production, "Fabrikam Production", "enterprise"),
        (CLOUDFLARE_ORGANIZATION_ID, staging, "Fabrikam Staging", "standard"),
        (CLOUDFLARE_SUB_ORGANIZATION_ID, europe, "Fabrikam Europe", "standard"),
    ] {
        let account = json!({
            "id": id,
            "name": name,
            "type": kind,
            "created_on": "2024-08-19T11:20:00Z",
            "settings": {
                "abuse_contact_email": null,
                "access_approval_expiry": null,
                "api_access_enabled": true,
                "default_nameservers": "cloudflare.standard",
                "enforce_twofactor": false,
                "use_account_custom_ns_by_default": false,
            },
        });
        let place = ["accounts".to_owned(), id.to_owned()];
        store.put(&[path(organization), place.to_vec()].concat(), account);
    }
}

fn members(store: &mut Store) {
    for (id, user, email, name, status) in [
        (CLOUDFLARE_MEMBER_ID, CLOUDFLARE_USER_ID, "ada@fabrikam.example", "Ada Nwosu", "active"),
        (
            "73e5a90c1d8b4f26be04d17c5f39a682",
            "b1c47d05e9f34a68820d6e5a3f7c91b4",
            "Lin@contoso.example",
            "Lin Osei",
            "pending",
        ),
    ] {
        let member = json!({
            "id": id,
            "status": status,
            "user": {
                "id": user,
                "email": email,
                "name": name,
                "two_factor_authentication_enabled": status == "active",
            },
            "meta": {},
            "create_time": "2026-02-11T09:31:00Z",
            "update_time": "2026-02-12T08:00:00Z",
        });
        put(store, &format!("members/{id}"), member);
    }
}

fn audit_log(store: &mut Store) {
    let of_profile = ["update", "PUT", CLOUDFLARE_ORGANIZATION_ID, "profile"];
    let of_member = ["create", "POST", CLOUDFLARE_MEMBER_ID, "member"];
    for (id, time, what, result, status, context) in [
        (CLOUDFLARE_AUDIT_LOG_ID, "2026-10-04T16:20:11Z", of_profile, "success", 204, "api_key"),
        (
            "0b94e7d3-61fa-4c28-9d05-7ae3c81f2b60",
            "2026-10-03T08:00:00Z",
            of_profile,
            "failure",
            400,
            "api_token",
        ),
        (
            "a27c5f18-d046-4be3-8e91-30b6f9d4c752",
            "2026-10-02T12:45:30Z",
            of_member,
            "success",
            200,
            "dash",
        ),
    ] {
        let [action, method, resource, kind] = what;
        let token = (context == "api_token").then_some("90b3a5d7c1e84f62b8d04a9e7f15c236");
        let entry = json!({
            "id": id,
            "action": {"description": action, "result": result, "time": time, "type": action},
            "actor": {
                "id": CLOUDFLARE_USER_ID,
                "context": context,
                "email": "ada@fabrikam.example",
                "ip_address": "192.0.2.14",
                "token_id": token,
                "token_name": token.map(|_| "nightly sync"),
                "type": "user",
            },
            "organization": {"id": CLOUDFLARE_ORGANIZATION_ID},
            "raw": {
                "cf_ray_id": format!("8f2b6c1d9e4a7{status}"),
                "method": method,
                "status_code": status,
                "uri": format!("/client/v4/organizations/{CLOUDFLARE_ORGANIZATION_ID}/{kind}"),
                "user_agent": "letterhead",
            },
            "resource": {
                "id": resource,
                "product": "organizations",
                "request": {},
                "scope": "organizations",
                "type": kind,
            },
        });
        put(store, &format!("logs/audit/{id}"), entry);
    }
}

fn usage(store: &mut Store) {
    for (day, quantity) in [(1, 120_450.0), (2, 98_213.5), (3, 0.0)] {
        let row = json!({
            "BillingAccountId": CLOUDFLARE_ACCOUNT_ID,
            "BillingAccountName": "Fabrikam Production",
            "ChargeCategory": "Usage",
            "ChargeDescription": "Workers requests",
            "ChargeFrequency": "Usage-Based",
            "ChargePeriodStart": format!("2026-10-{day:02}T00:00:00Z"),
            "ChargePeriodEnd": format!("2026-10-{:02}T00:00:00Z", day + 1),
            "ConsumedQuantity": quantity,
            "ConsumedUnit": "Requests",
            "HostProviderName": "Cloudflare",
            "InvoiceIssuerName": "Cloudflare",
            "ServiceProviderName": "Cloudflare",
            "SubAccountId": CLOUDFLARE_ACCOUNT_ID,
            "SubAccountName": "Fabrikam Production",
            "x_BillableMetricId": "workers_requests",
            "x_BillableMetricName": "Workers Requests",
            "BilledCost": null,
        });
        put(store, &format!("billable/usage/{day}"), row);
    }
}

fn shares(store: &mut Store) {
    for (id, name, status, created) in [
        ("1", "Baseline rules", "active", "2026-04-02T09:00:00Z"),
        ("2", "Allowed addresses", "active", "2026-05-17T09:00:00Z"),
        ("3", "Former rules", "deleted", "2026-03-01T09:00:00Z"),
    ] {
        let share = json!({
            "name": name,
            "status": status,
            "kind": "sent",
            "target_type": "organization",
            "resource_type": "custom-ruleset",
            "created": created,
        });
        put(store, &format!("shares/{id}"), share);
    }
}

//! What is there from the start.

use serde_json::json;

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
/// The user behind [`CLOUDFLARE_MEMBER_ID`].
pub const CLOUDFLARE_USER_ID: &str = "64e7f1a05b3c4d98a2770cf51e8b9d36";

pub(super) fn fill(store: &mut Store) {
    organizations(store);
    profiles(store);
    accounts(store);
    members(store);
}

fn organizations(store: &mut Store) {
    for (id, name) in [
        (CLOUDFLARE_ORGANIZATION_ID, "Fabrikam"),
        (CLOUDFLARE_BARE_ORGANIZATION_ID, "Northwind"),
    ] {
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
        (
            CLOUDFLARE_ORGANIZATION_ID,
            production,
            "Fabrikam Production",
            "enterprise",
        ),
        (
            CLOUDFLARE_ORGANIZATION_ID,
            staging,
            "Fabrikam Staging",
            "standard",
        ),
        (
            CLOUDFLARE_SUB_ORGANIZATION_ID,
            europe,
            "Fabrikam Europe",
            "standard",
        ),
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
        (
            CLOUDFLARE_MEMBER_ID,
            CLOUDFLARE_USER_ID,
            "ada@fabrikam.example",
            "Ada Nwosu",
            "active",
        ),
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
        let place = ["members".to_owned(), id.to_owned()];
        store.put(
            &[path(CLOUDFLARE_ORGANIZATION_ID), place.to_vec()].concat(),
            member,
        );
    }
}

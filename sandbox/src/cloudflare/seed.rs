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

pub(super) fn fill(store: &mut Store) {
    organizations(store);
    profiles(store);
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
    store.put(
        &segments(&format!(
            "/client/v4/organizations/{CLOUDFLARE_ORGANIZATION_ID}/profile"
        )),
        json!({
            "business_name": "Fabrikam Instruments",
            "business_email": "office@fabrikam.example",
            "business_phone": "+1 425 555 0142",
            "business_address":
                r#"{"line1":"14 Calibration Way","city":"Redmond","country":"US"}"#,
            "external_metadata": r#"{"department":"metrology"}"#,
        }),
    );
}

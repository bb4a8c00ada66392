//! The resources that Partner Center has at the start.

use serde_json::json;

use crate::ids;
use crate::partner_center::list::link;
use crate::store::{Store, segments};

/// The tenant of the partner.
pub const PARTNER_TENANT_ID: &str = "2f5e8c1a-64b7-4d09-9e3f-b1a7c05d8e42";
/// The domain of the partner, by which Entra knows the tenant as well.
pub const PARTNER_DOMAIN: &str = "fabrikam.onmicrosoft.example";
/// The tenant of the first customer, the one with users; its domain is `contoso.onmicrosoft.example`.
pub const CUSTOMER_TENANT_ID: &str = CUSTOMER_TENANT_IDS[0];
/// The tenants of all customers, in the order of the list.
pub const CUSTOMER_TENANT_IDS: [&str; 4] = [
    "0a4c7e19-52d3-4b86-8f01-6c9d2e7b3a51",
    "3b8d1f60-7e25-49ca-a3b4-05f7c81e9d62",
    "6c92e5a7-1b48-4fd3-b7e6-94a0d35c1f73",
    "9d03f7b8-c6a1-4e52-8c19-2be84f60a784",
];
/// The first user of the first customer.
pub const USER_ID: &str = USER_IDS[0];
/// The active users of the first customer, in the order of the list.
pub const USER_IDS: [&str; 5] = [
    "11b6f0c4-3e87-4a92-b5d1-70c8e2f94a16",
    "22c7a1d5-4f98-4ba3-86e2-81d9f3a05b27",
    "33d8b2e6-50a9-4cb4-97f3-92ea04b16c38",
    "44e9c3f7-61ba-4dc5-a804-a3fb15c27d49",
    "55fad408-72cb-4ed6-b915-b40c26d38e5a",
];
/// A deleted user of the first customer, who can still be restored.
pub const INACTIVE_USER_ID: &str = "66abe519-83dc-4fe7-8a26-c51d37e49f6b";

/// A product of the first customer with many seats.
pub const SKU_ID: &str = "84f3c1b9-7e26-4a50-93dd-b06c2f5e1a87";
/// A product of the first customer with one seat left.
pub const LAST_SEAT_SKU_ID: &str = "95a4d2ca-8f37-4b61-84ee-c17d306f2b98";
/// A product of the first customer in the second licence group.
pub const GROUP_2_SKU_ID: &str = "a6b5e3db-9048-4c72-95ff-d28e41703ca9";
/// A directory role of the first customer; the fourth of its users has it.
pub const ROLE_ID: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";

/// The partner in Microsoft's partner network.
pub const MPN_ID: &str = "5183920";
/// Another partner there.
pub const OTHER_MPN_ID: &str = "6294031";

/// Stores it all.
pub(super) fn seed(store: &mut Store) {
    seed_profiles(store);
    seed_business_profiles(store);
    seed_customers(store);
    seed_users(store);
    seed_skus(store);
    seed_roles(store);
}

fn seed_profiles(store: &mut Store) {
    store.put(
        &segments("/v1/profiles/organization"),
        json!({
            "id": PARTNER_TENANT_ID,
            "companyName": "Fabrikam Partner Services",
            "defaultAddress": {
                "country": "US",
                "city": "Redmond",
                "state": "WA",
                "addressLine1": "14 Calibration Way",
                "addressLine2": "",
                "postalCode": "98052",
                "firstName": "Mira",
                "lastName": "Okafor",
                "phoneNumber": "4255550142",
            },
            "tenantId": PARTNER_TENANT_ID,
            "domain": PARTNER_DOMAIN,
            "email": "partners@fabrikam.example",
            "language": "en",
            "culture": "en-US",
            "profileType": "OrganizationProfile",
            "links": {"self": link("/profiles/organization", &json!([]))},
            "attributes": {"etag": ids::etag(), "objectType": "OrganizationProfile"},
        }),
    );
    store.put(
        &segments("/v1/profiles/support"),
        json!({
            "email": "help@fabrikam.example",
            "telephone": "4255550100",
            "website": "www.fabrikam.example",
            "profileType": "SupportProfile",
            "links": {"self": link("/profiles/support", &json!([]))},
            "attributes": {"objectType": "SupportProfile"},
        }),
    );
}

fn seed_business_profiles(store: &mut Store) {
    let address = json!({
        "country": "US",
        "city": "Redmond",
        "state": "WA",
        "addressLine1": "14 Calibration Way",
        "postalCode": "98052",
        "phoneNumber": "4255550142",
    });
    let contact = json!({
        "firstName": "Mira",
        "lastName": "Okafor",
        "email": "mira@fabrikam.example",
        "phoneNumber": "4255550142",
    });
    let mut approver = address.clone();
    approver["firstName"] = "Jonas".into();
    approver["lastName"] = "Weir".into();
    let legal = json!({
        "companyName": "Fabrikam Partner Services",
        "address": address,
        "primaryContact": contact,
        "companyApproverAddress": approver,
        "companyApproverEmail": "jonas@fabrikam.example",
        "vettingStatus": "authorized",
        "vettingSubStatus": "none",
        "profileType": "LegalBusinessProfile",
        "links": {"self": link("/profiles/legalbusiness", &json!([]))},
        "attributes": {"objectType": "LegalBusinessProfile"},
    });
    let path = segments("/v1/profiles/legalbusiness");
    store.put(&[&path[..], &["finalized".to_owned()]].concat(), legal.clone());
    store.put(&path, legal);
    store.put(
        &segments("/v1/profiles/billing"),
        json!({
            "companyName": "Fabrikam Partner Services",
            "address": address,
            "primaryContact": contact,
            "purchaseOrderNumber": "1183",
            "taxId": "40-7261",
            "billingCurrency": "USD",
            "profileType": "BillingProfile",
            "links": {"self": link("/profiles/billing", &json!([]))},
            "attributes": {"etag": ids::etag(), "objectType": "BillingProfile"},
        }),
    );
    for (id, name) in [(MPN_ID, "Fabrikam Partner Services"), (OTHER_MPN_ID, "Wide World Desks")] {
        store.put(
            &segments(&format!("/v1/profiles/mpn/{id}")),
            json!({
                "mpnId": id,
                "partnerName": name,
                "profileType": "MpnProfile",
                "links": {"self": link(&format!("/profiles/mpn?mpnId={id}"), &json!([]))},
                "attributes": {"objectType": "MpnProfile"},
            }),
        );
    }
}

fn seed_customers(store: &mut Store) {
    let names = ["Contoso", "Contoso Retail", "Northwind Lantern", "Tailspin Orchards"];
    for (id, name) in CUSTOMER_TENANT_IDS.into_iter().zip(names) {
        let domain = name.to_lowercase().replace(' ', "-");
        store.put(
            &segments(&format!("/v1/customers/{id}")),
            json!({
                "id": id,
                "companyProfile": {
                    "tenantId": id,
                    "domain": format!("{domain}.onmicrosoft.example"),
                    "companyName": name,
                    "links": {"self": link(&format!("/customers/{id}/profiles/company"), &json!([]))},
                    "attributes": {"objectType": "CustomerCompanyProfile"},
                },
                "relationshipToPartner": "reseller",
                "links": {"self": link(&format!("/customers/{id}"), &json!([]))},
                "attributes": {"objectType": "Customer"},
            }),
        );
        let billing = format!("/customers/{id}/profiles/billing");
        store.put(
            &segments(&format!("/v1{billing}")),
            json!({
                "id": ids::guid(4),
                "firstName": "Ilse",
                "lastName": "Falk",
                "email": format!("billing@{domain}.example"),
                "culture": "en-US",
                "language": "en",
                "companyName": name,
                "defaultAddress": {
                    "country": "US",
                    "city": "Redmond",
                    "state": "WA",
                    "addressLine1": "9 Wick Street",
                    "postalCode": "98052",
                    "firstName": "Ilse",
                    "lastName": "Falk",
                    "phoneNumber": "4255550164",
                },
                "links": {"self": link(&billing, &json!([]))},
                "attributes": {"etag": ids::etag(), "objectType": "CustomerBillingProfile"},
            }),
        );
    }
}

fn seed_users(store: &mut Store) {
    let names = [
        ("Ada", "Lindqvist"),
        ("Bruno", "Marchetti"),
        ("Chiara", "Novak"),
        ("Dario", "Oyelaran"),
        ("Edda", "Pohl"),
        ("Finn", "Quist"),
    ];
    let ids = USER_IDS.into_iter().chain([INACTIVE_USER_ID]);
    for (id, (first, last)) in ids.zip(names) {
        let path = format!("/customers/{CUSTOMER_TENANT_ID}/users/{id}");
        let mut user = json!({
            "usageLocation": "US",
            "id": id,
            "userPrincipalName": format!("{}@contoso.onmicrosoft.example", first.to_lowercase()),
            "firstName": first,
            "lastName": last,
            "displayName": format!("{first} {last}"),
            "userDomainType": "none",
            "state": "active",
            "links": {"self": link(&path, &json!([]))},
            "attributes": {"objectType": "CustomerUser"},
        });
        if id == INACTIVE_USER_ID {
            user["state"] = "inactive".into();
            user["softDeletionTime"] = "2026-09-20T00:33:34Z".into();
        }
        store.put(&segments(&format!("/v1{path}")), user);
    }
}

fn seed_skus(store: &mut Store) {
    for (id, name, group, consumed, total) in [
        (SKU_ID, "Desk Essentials", "group1", 5, 25),
        (LAST_SEAT_SKU_ID, "Desk Insights", "group1", 2, 3),
        (GROUP_2_SKU_ID, "Block Academy", "group2", 0, 10),
    ] {
        let part = name.to_uppercase().replace(' ', "_");
        let plan = json!({
            "id": ids::guid(4),
            "displayName": name,
            "serviceName": part,
            "capabilityStatus": "Enabled",
            "targetType": "User",
        });
        store.put(
            &segments(&format!("/v1/customers/{CUSTOMER_TENANT_ID}/subscribedskus/{id}")),
            json!({
                "availableUnits": total - consumed,
                "activeUnits": total,
                "consumedUnits": consumed,
                "suspendedUnits": 0,
                "totalUnits": total,
                "warningUnits": 0,
                "productSku": {
                    "id": id,
                    "name": name,
                    "skuPartNumber": part,
                    "targetType": "User",
                    "licenseGroupId": group,
                },
                "servicePlans": [plan],
                "capabilityStatus": "Enabled",
                "attributes": {"objectType": "SubscribedSku"},
            }),
        );
    }
}

fn seed_roles(store: &mut Store) {
    let roles = format!("/v1/customers/{CUSTOMER_TENANT_ID}/directoryroles");
    for (id, name) in [
        ("62e90394-69f5-4237-9190-012177145e10", "Company Administrator"),
        (ROLE_ID, "Helpdesk Administrator"),
    ] {
        let role = json!({"id": id, "name": name, "attributes": {"objectType": "DirectoryRole"}});
        store.put(&segments(&format!("{roles}/{id}")), role);
    }
    let id = USER_IDS[3];
    store.put(
        &segments(&format!("{roles}/{ROLE_ID}/usermembers/{id}")),
        json!({
            "id": id,
            "displayName": "Dario Oyelaran",
            "userPrincipalName": "dario@contoso.onmicrosoft.example",
            "roleId": ROLE_ID,
            "attributes": {"objectType": "UserMember"},
        }),
    );
}

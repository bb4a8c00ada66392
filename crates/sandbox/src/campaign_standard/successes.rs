//! A request that succeeds for each operation.

use serde_json::json;

use crate::Sandbox;
use crate::setup::SuccessfulRequest;
use crate::store::segments;
#[cfg(test)]
use crate::testing::Expected;

use super::seed::{
    CAMPAIGN_AUDIENCE_PKEY, CAMPAIGN_DELIVERY_PKEY, CAMPAIGN_GEO_UNIT_PKEY,
    CAMPAIGN_LOOSE_PROFILE_PKEY, CAMPAIGN_OTHER_UNIT_PKEY, CAMPAIGN_PROFILE_PKEY,
    CAMPAIGN_SERVICE_PKEY, CAMPAIGN_UNIT_PKEY,
};

const BASE: &str = "/fabrikam/campaign/profileAndServicesExt";

#[cfg(test)]
pub(crate) const EXPECTED: Expected = Expected {
    left_out: &[
        ("listResources", "/cusPurchase", "the example made it up"),
        ("listProfilesByEmail", "/count/value", "lists are counted at the link"),
        ("getResourceMetadata", "/content/email/dataPolicy", UNUSED),
        ("getResourceMetadata", "/pkgStatus", UNUSED),
        ("getResourceMetadata", "/schema", UNUSED),
    ],
    once: &[
        ("createService", 500),
        ("deleteService", 404),
        ("subscribeProfile", 500),
        ("addSubscriber", 500),
        ("unsubscribe", 404),
        ("deleteProfile", 404),
    ],
    unauthorized: 401,
    invalid: 500,
    // Where it is the tenant, it is unknown to the gateway.
    unknown: |_, identifiers| if identifiers == 1 { 403 } else { 404 },
};
#[cfg(test)]
const UNUSED: &str = "nothing here goes by it";

pub(crate) fn successes(sandbox: &Sandbox) -> Vec<SuccessfulRequest> {
    plant(sandbox);
    [services(), units(), profiles()].concat()
}

fn services() -> Vec<SuccessfulRequest> {
    let profiles = format!("{BASE}/profile");
    let services = format!("{BASE}/service");
    let service = format!("{services}/{CAMPAIGN_SERVICE_PKEY}");
    let subscriptions = format!("{service}/subscriptions/");
    let to_service = json!({"service": {"PKey": CAMPAIGN_SERVICE_PKEY}});
    let subscriber = json!({"subscriber": {"PKey": CAMPAIGN_PROFILE_PKEY}});
    let renamed = Some(json!({"label": "Iberia and Azores"}));
    vec![
        ("getResourceMetadata", format!("{BASE}/resourceType/profile"), None),
        ("listResources", BASE.to_owned(), None),
        ("listServices", services.clone(), None),
        ("createService", services.clone(), Some(json!({"name": "harbour"}))),
        ("listServicesByChannel", format!("{services}/byChannel?channel=email"), None),
        ("listServicesByText", format!("{services}/byText?text=Con"), None),
        (
            "listServicesByPlanning",
            format!("{services}/byPlanning?startDate=2026-03-01&endDate=2026-03-31"),
            None,
        ),
        (
            "listServicesByTargetResource",
            format!("{services}/byTargetResource?targetResource=profile"),
            None,
        ),
        ("getService", service.clone(), None),
        ("updateService", service, renamed.clone()),
        ("deleteService", format!("{services}/@old"), None),
        ("addSubscriber", subscriptions.clone(), Some(subscriber)),
        ("listServiceSubscriptions", subscriptions, None),
        ("unsubscribe", format!("{services}/@other/subscriptions/@one"), None),
        (
            "listProfileSubscriptions",
            format!("{profiles}/{CAMPAIGN_PROFILE_PKEY}/subscriptions"),
            None,
        ),
        ("subscribeProfile", format!("{profiles}/@subscriber/subscriptions"), Some(to_service)),
    ]
}

fn units() -> Vec<SuccessfulRequest> {
    let units = format!("{BASE}/orgUnitBase/");
    let geo_units = format!("{BASE}/geoUnitBase/");
    let geo_unit = format!("{geo_units}{CAMPAIGN_GEO_UNIT_PKEY}");
    let renamed = Some(json!({"label": "Iberia and Azores"}));
    vec![
        ("getOrganizationalUnit", format!("{units}{CAMPAIGN_UNIT_PKEY}"), None),
        ("updateOrganizationalUnit", format!("{units}{CAMPAIGN_OTHER_UNIT_PKEY}"), renamed.clone()),
        ("listOrganizationalUnits", units, None),
        ("listGeographicalUnits", geo_units, None),
        ("getGeographicalUnit", geo_unit.clone(), None),
        ("updateGeographicalUnit", geo_unit, renamed),
    ]
}

fn profiles() -> Vec<SuccessfulRequest> {
    let profiles = format!("{BASE}/profile");
    let profile = format!("{profiles}/{CAMPAIGN_PROFILE_PKEY}");
    let delivery = format!("delivery={CAMPAIGN_DELIVERY_PKEY}");
    let email = "email=nadia.osei%40contoso.example";
    let change = json!({"orgUnit": {"PKey": CAMPAIGN_UNIT_PKEY}});
    vec![
        ("listProfiles", format!("{profiles}?_lineCount=1"), None),
        ("createProfile", profiles.clone(), Some(change.clone())),
        ("listProfileEmails", format!("{profiles}/email"), None),
        ("listProfilesByEmail", format!("{profiles}/byEmail?{email}"), None),
        ("listProfilesByText", format!("{profiles}/byText?text=Nad"), None),
        ("listProfilesByKeys", format!("{profiles}/byKeysProfile?{email}"), None),
        (
            "listProfilesByStaticAudience",
            format!("{profiles}/byStaticAudience?audience={CAMPAIGN_AUDIENCE_PKEY}"),
            None,
        ),
        (
            "listProfilesThatReceivedDelivery",
            format!("{profiles}/hasReceivedDelivery?{delivery}"),
            None,
        ),
        (
            "listProfilesThatOpenedDelivery",
            format!("{profiles}/hasOpenedDelivery?{delivery}"),
            None,
        ),
        (
            "listProfilesThatClickedDelivery",
            format!("{profiles}/hasClickedDelivery?{delivery}"),
            None,
        ),
        (
            "listSubscribers",
            format!("{profiles}/subscribers?service={CAMPAIGN_SERVICE_PKEY}"),
            None,
        ),
        ("getProfile", profile.clone(), None),
        ("updateProfile", profile, Some(change)),
        ("deleteProfile", format!("{profiles}/{CAMPAIGN_LOOSE_PROFILE_PKEY}"), None),
    ]
}

/// Stores what is there to be deleted, ended and subscribed, as if the service had made it.
fn plant(sandbox: &Sandbox) {
    let store = &mut sandbox.shared.lock().store;
    let service = format!("{BASE}/service/{CAMPAIGN_SERVICE_PKEY}");
    let profile = format!("{BASE}/profile/{CAMPAIGN_LOOSE_PROFILE_PKEY}");
    for (original, key) in [(&service, "@old"), (&service, "@other"), (&profile, "@subscriber")] {
        let mut path = segments(original);
        let mut copy = store.get(&path).cloned().expect("a record");
        copy["PKey"] = key.into();
        path.truncate(4);
        path.push(key.to_owned());
        store.put(&path, copy);
    }
    let subscription = segments(&format!("{BASE}/service/@other/subscriptions/@one"));
    store.put(&subscription, json!({"PKey": "@one"}));
}

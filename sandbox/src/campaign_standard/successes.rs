//! A request that succeeds for each operation.

use serde_json::{Value, json};

use crate::Sandbox;

use super::{
    CAMPAIGN_GEO_UNIT_PKEY, CAMPAIGN_LOOSE_PROFILE_PKEY, CAMPAIGN_OTHER_UNIT_PKEY,
    CAMPAIGN_PROFILE_PKEY, CAMPAIGN_SERVICE_PKEY, CAMPAIGN_UNIT_PKEY,
};

/// Operation, target and body.
pub(crate) fn successes(sandbox: &Sandbox) -> Vec<(&'static str, String, Option<Value>)> {
    let base = "/fabrikam/campaign/profileAndServicesExt";
    let units = format!("{base}/orgUnitBase/");
    let geo_units = format!("{base}/geoUnitBase/");
    let geo_unit = format!("{geo_units}{CAMPAIGN_GEO_UNIT_PKEY}");
    let renamed = Some(json!({"label": "Iberia and Azores"}));
    let profiles = format!("{base}/profile");
    let profile = format!("{profiles}/{CAMPAIGN_PROFILE_PKEY}");
    let email = "email=nadia.osei%40contoso.example";
    let change = json!({"orgUnit": {"PKey": CAMPAIGN_UNIT_PKEY}});
    let services = format!("{base}/service");
    let service = format!("{services}/{CAMPAIGN_SERVICE_PKEY}");
    let subscriptions = format!("{service}/subscriptions/");
    let to_service = json!({"service": {"PKey": CAMPAIGN_SERVICE_PKEY}});
    let subscriber = json!({"subscriber": {"PKey": CAMPAIGN_PROFILE_PKEY}});
    plant(sandbox, base);
    vec![
        (
            "getResourceMetadata",
            format!("{base}/resourceType/profile"),
            None,
        ),
        ("listServices", services.clone(), None),
        (
            "createService",
            services.clone(),
            Some(json!({"name": "harbour"})),
        ),
        (
            "listServicesByChannel",
            format!("{services}/byChannel?channel=email"),
            None,
        ),
        (
            "listServicesByText",
            format!("{services}/byText?text=Con"),
            None,
        ),
        ("getService", service.clone(), None),
        ("updateService", service, renamed.clone()),
        ("deleteService", format!("{services}/@old"), None),
        ("listServiceSubscriptions", subscriptions.clone(), None),
        ("addSubscriber", subscriptions, Some(subscriber)),
        (
            "unsubscribe",
            format!("{services}/@other/subscriptions/@one"),
            None,
        ),
        (
            "listProfileSubscriptions",
            format!("{profile}/subscriptions"),
            None,
        ),
        (
            "subscribeProfile",
            format!("{profiles}/@subscriber/subscriptions"),
            Some(to_service),
        ),
        (
            "getOrganizationalUnit",
            format!("{units}{CAMPAIGN_UNIT_PKEY}"),
            None,
        ),
        (
            "updateOrganizationalUnit",
            format!("{units}{CAMPAIGN_OTHER_UNIT_PKEY}"),
            renamed.clone(),
        ),
        ("listOrganizationalUnits", units, None),
        ("listGeographicalUnits", geo_units, None),
        ("getGeographicalUnit", geo_unit.clone(), None),
        ("updateGeographicalUnit", geo_unit, renamed),
        ("listProfiles", format!("{profiles}?_lineCount=1"), None),
        ("createProfile", profiles.clone(), Some(change.clone())),
        ("listProfileEmails", format!("{profiles}/email"), None),
        (
            "listProfilesByEmail",
            format!("{profiles}/byEmail?{email}"),
            None,
        ),
        (
            "listProfilesByText",
            format!("{profiles}/byText?text=Nad"),
            None,
        ),
        (
            "listProfilesByKeys",
            format!("{profiles}/byKeysProfile?{email}"),
            None,
        ),
        ("getProfile", profile.clone(), None),
        ("updateProfile", profile, Some(change)),
        (
            "deleteProfile",
            format!("{profiles}/{CAMPAIGN_LOOSE_PROFILE_PKEY}"),
            None,
        ),
    ]
}

/// Stores what is there to be deleted, ended and subscribed.
fn plant(sandbox: &Sandbox, base: &str) {
    for (path, record) in [
        (format!("{base}/service/@old"), json!({"PKey": "@old"})),
        (
            format!("{base}/profile/@subscriber"),
            json!({"PKey": "@subscriber", "email": ""}),
        ),
        (
            format!("{base}/service/@other/subscriptions/@one"),
            json!({"PKey": "@one"}),
        ),
    ] {
        sandbox.put_resource(&path, record);
    }
}

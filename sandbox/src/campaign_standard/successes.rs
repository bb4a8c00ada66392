//! A request that succeeds for each operation.

use serde_json::{Value, json};

use super::{
    CAMPAIGN_GEO_UNIT_PKEY, CAMPAIGN_LOOSE_PROFILE_PKEY, CAMPAIGN_OTHER_UNIT_PKEY,
    CAMPAIGN_PROFILE_PKEY, CAMPAIGN_UNIT_PKEY,
};

/// Operation, target and body.
pub(crate) fn successes() -> Vec<(&'static str, String, Option<Value>)> {
    let base = "/fabrikam/campaign/profileAndServicesExt";
    let units = format!("{base}/orgUnitBase/");
    let geo_units = format!("{base}/geoUnitBase/");
    let geo_unit = format!("{geo_units}{CAMPAIGN_GEO_UNIT_PKEY}");
    let renamed = Some(json!({"label": "Iberia and Azores"}));
    let profiles = format!("{base}/profile");
    let profile = format!("{profiles}/{CAMPAIGN_PROFILE_PKEY}");
    let email = "email=nadia.osei%40contoso.example";
    let change = json!({"orgUnit": {"PKey": CAMPAIGN_UNIT_PKEY}});
    vec![
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

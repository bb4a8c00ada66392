//! A request that succeeds for each operation.

use serde_json::{Value, json};

use super::{CAMPAIGN_LOOSE_PROFILE_PKEY, CAMPAIGN_PROFILE_PKEY, CAMPAIGN_UNIT_PKEY};

/// Operation, target and body.
pub(crate) fn successes() -> Vec<(&'static str, String, Option<Value>)> {
    let base = "/fabrikam/campaign/profileAndServicesExt";
    let units = format!("{base}/orgUnitBase/");
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
        ("listOrganizationalUnits", units, None),
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

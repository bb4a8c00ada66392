//! A request that succeeds for each operation.

use serde_json::json;

use crate::Sandbox;
use crate::seed::{CUSTOMER_TENANT_ID, ROLE_ID, SKU_ID, USER_IDS};
use crate::setup::SuccessfulRequest;
#[cfg(test)]
use crate::testing::Expected;

#[cfg(test)]
pub(crate) const EXPECTED: Expected = Expected {
    left_out: &[
        ("getCustomer", "/allowDelegatedAccess", DELEGATED),
        ("getCustomer", "/commerceId", "it belongs to orders"),
        ("getCustomerCompanyProfile", "/address", DELEGATED),
        ("getCustomerCompanyProfile", "/email", DELEGATED),
        ("createCustomerUser", "/lastDirectorySyncTime", NOT_SET),
        ("createCustomerUser", "/softDeletionTime", NOT_SET),
        ("getCustomerUser", "/immutableId", NOT_SET),
        ("getCustomerUser", "/lastDirectorySyncTime", NOT_SET),
        ("getCustomerUser", "/phoneNumber", NOT_SET),
        ("updateCustomerUserLicenses", "/licenseWarnings", NOT_SET),
    ],
    once: &[
        ("createCustomerUser", 409),
        ("deleteCustomerUser", 404),
        ("addRoleMember", 409),
        ("removeRoleMember", 404),
        ("updateOrganizationProfile", 400),
        ("updateBillingProfile", 400),
        ("updateCustomerBillingProfile", 400),
    ],
    unauthorized: 401,
    invalid: 400,
    unknown: |_, _| 404,
};
#[cfg(test)]
const DELEGATED: &str = "delegated administration is another matter";
#[cfg(test)]
const NOT_SET: &str = "it is there only when it is set";

pub(crate) fn successes(sandbox: &Sandbox) -> Vec<SuccessfulRequest> {
    let organization = "/v1/profiles/organization".to_owned();
    let support = "/v1/profiles/support".to_owned();
    let legal = "/v1/profiles/legalbusiness".to_owned();
    let own_billing = "/v1/profiles/billing".to_owned();
    let customer = format!("/v1/customers/{CUSTOMER_TENANT_ID}");
    let company = format!("{customer}/profiles/company");
    let billing = format!("{customer}/profiles/billing");
    let users = format!("{customer}/users");
    let user = format!("{users}/{}", USER_IDS[0]);
    let deleted = format!("{users}/{}", USER_IDS[1]);
    let roles = format!("{customer}/directoryroles");
    let members = format!("{roles}/{ROLE_ID}/usermembers");
    let member = format!("{members}/{}", USER_IDS[3]);
    let helper = format!("{users}/{}", USER_IDS[3]);
    let password = json!({
        "passwordProfile": {"password": "Copper-Kettle-41", "forceChangePassword": true},
    });
    let new_user = json!({
        "usageLocation": "DE",
        "userPrincipalName": "gita@contoso.onmicrosoft.example",
        "firstName": "Gita",
        "lastName": "Rao",
        "displayName": "Gita Rao",
        "immutableId": "Z2l0YQ==",
        "passwordProfile": password["passwordProfile"],
    });
    let new_member = json!({
        "id": USER_IDS[4],
        "displayName": "Edda Pohl",
        "userPrincipalName": "edda@contoso.onmicrosoft.example",
        "attributes": {"objectType": "UserMember"},
    });
    let change = json!({"usageLocation": "DE", "phoneNumber": null});
    let licences = json!({
        "licensesToAssign": [{"skuId": SKU_ID, "excludedPlans": null}],
        "licensesToRemove": [],
        "attributes": {"objectType": "LicenseUpdate"},
    });
    let get = |id, target: &str| (id, target.to_owned(), None);
    let put = |id, target: &str| (id, target.to_owned(), sandbox.resource(target));
    vec![
        get("getOrganizationProfile", &organization),
        put("updateOrganizationProfile", &organization),
        get("getSupportProfile", &support),
        put("updateSupportProfile", &support),
        get("getLegalBusinessProfile", &legal),
        put("updateLegalBusinessProfile", &legal),
        get("getBillingProfile", &own_billing),
        put("updateBillingProfile", &own_billing),
        get("getMpnProfile", "/v1/profiles/mpn?verifyAdvisor=true"),
        get("getPartnerNetworkProfile", "/v1/profiles/partnernetworkprofile"),
        get("listCustomers", "/v1/customers?size=2"),
        get("getCustomer", &customer),
        get("getCustomerCompanyProfile", &company),
        get("getCustomerBillingProfile", &billing),
        put("updateCustomerBillingProfile", &billing),
        get("listCustomerUsers", &users),
        ("createCustomerUser", users.clone(), Some(new_user)),
        get("getCustomerUser", &user),
        ("updateCustomerUser", user.clone(), Some(change)),
        get("deleteCustomerUser", &deleted),
        ("resetCustomerUserPassword", format!("{user}/resetpassword"), Some(password)),
        get("listSubscribedSkus", &format!("{customer}/subscribedskus")),
        ("updateCustomerUserLicenses", format!("{user}/licenseupdates"), Some(licences)),
        get("listCustomerUserLicenses", &format!("{user}/licenses")),
        get("listCustomerUserRoles", &format!("{helper}/directoryroles")),
        get("listDirectoryRoles", &roles),
        get("listRoleMembers", &members),
        ("addRoleMember", members.clone(), Some(new_member)),
        get("removeRoleMember", &member),
    ]
}

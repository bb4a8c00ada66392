//! Partner Center: the partner's own profiles, its customers, and their users, licences and roles.

pub(crate) mod credentials;
mod customers;
mod licences;
mod list;
mod profiles;
mod responses;
mod roles;
pub(crate) mod seed;
pub(crate) mod successes;
mod users;

use http::StatusCode;

use responses::error;

use crate::ids;
use crate::refusal::Refusal;
use crate::request::Request;
use crate::response::Response;
use crate::service::{Handler, Service};
use crate::setup::{HeaderLine, Setup, Variable};
use crate::sign_in::{Access, MfaRefusal, Tokens};
use crate::store::Store;
use crate::vendor::Vendor;

#[cfg(test)]
pub(crate) use successes::EXPECTED;

/// The operations that a token without a user is good for.
const FOR_APPS: [&str; 5] = [
    "getLegalBusinessProfile",
    "listCustomers",
    "getCustomer",
    "getCustomerBillingProfile",
    "updateCustomerBillingProfile",
];
/// The operations that refuse such a token in words of their own.
const OF_LICENCES: [&str; 3] =
    ["listSubscribedSkus", "listCustomerUserLicenses", "updateCustomerUserLicenses"];
pub(crate) struct PartnerCenter;

impl Service for PartnerCenter {
    fn vendor(&self) -> Vendor {
        Vendor::PartnerCenter
    }

    fn setup(&self) -> Setup {
        Setup { client: &[], credentials: &[(0, &[credentials::PARTNER_CENTER_TOKEN])] }
    }

    fn variables(&self, origin: &str) -> Vec<Variable> {
        vec![
            Variable::text("AZURE_AUTHORITY_HOST", origin),
            Variable::text("AZURE_TENANT_ID", seed::PARTNER_TENANT_ID),
            Variable::text("AZURE_CLIENT_ID", credentials::PARTNER_CENTER_CLIENT_ID),
            Variable::text("AZURE_CLIENT_SECRET", credentials::PARTNER_CENTER_CLIENT_SECRET),
            Variable::file(
                "PARTNER_CENTER_REFRESH_TOKEN_FILE",
                credentials::PARTNER_CENTER_REFRESH_TOKEN,
            ),
        ]
    }

    fn ids(&self) -> &'static [(&'static str, &'static str)] {
        &[("a customer", seed::CUSTOMER_TENANT_ID)]
    }

    fn credentials(&self, _: &str) -> Vec<HeaderLine> {
        credentials::header_lines()
    }

    fn handlers(&self) -> &'static [(&'static str, Handler)] {
        &[
            ("getOrganizationProfile", profiles::get_profile),
            ("updateOrganizationProfile", profiles::update_organization_profile),
            ("getSupportProfile", profiles::get_profile),
            ("updateSupportProfile", profiles::update_support_profile),
            ("getLegalBusinessProfile", profiles::get_legal_profile),
            ("updateLegalBusinessProfile", profiles::update_legal_profile),
            ("getBillingProfile", profiles::get_profile),
            ("updateBillingProfile", profiles::update_billing_profile),
            ("getMpnProfile", profiles::get_mpn_profile),
            ("getPartnerNetworkProfile", profiles::get_mpn_profile),
            ("listCustomers", customers::list_customers),
            ("getCustomer", customers::get_customer),
            ("getCustomerCompanyProfile", customers::get_company_profile),
            ("getCustomerBillingProfile", customers::get_billing_profile),
            ("updateCustomerBillingProfile", customers::update_billing_profile),
            ("listCustomerUsers", users::list_customer_users),
            ("createCustomerUser", users::create_customer_user),
            ("getCustomerUser", users::get_customer_user),
            ("updateCustomerUser", users::update_customer_user),
            ("deleteCustomerUser", users::delete_customer_user),
            ("resetCustomerUserPassword", users::reset_customer_user_password),
            ("listSubscribedSkus", licences::list_subscribed_skus),
            ("listCustomerUserLicenses", licences::list_user_licenses),
            ("updateCustomerUserLicenses", licences::update_user_licenses),
            ("listCustomerUserRoles", roles::list_user_roles),
            ("listDirectoryRoles", roles::list_directory_roles),
            ("listRoleMembers", roles::list_role_members),
            ("addRoleMember", roles::add_role_member),
            ("removeRoleMember", roles::remove_role_member),
        ]
    }

    fn owns(&self, path: &[String]) -> bool {
        path.first().is_some_and(|first| first == "v1")
    }

    fn seed(&self, store: &mut Store, _origin: &str) {
        seed::seed(store);
    }

    fn authorize(
        &self,
        request: &Request,
        operation: &str,
        tokens: &Tokens,
    ) -> Result<(), Response> {
        let refused = |code, text| {
            Err(error(StatusCode::UNAUTHORIZED, code, text).header("www-authenticate", "Bearer"))
        };
        match request.bearer().and_then(|token| tokens.access(token)) {
            Some(Access::PartnerCenterUser) => match tokens.mfa {
                None => Ok(()),
                Some(MfaRefusal::EmptyBody) => Err(Response::with_status(StatusCode::UNAUTHORIZED)
                    .header("www-authenticate", r#"Bearer error="invalid_token""#)),
                Some(MfaRefusal::Code) => {
                    refused(900_421, "The user signed in without a second factor.")
                }
            },
            Some(Access::PartnerCenterApp) if FOR_APPS.contains(&operation) => Ok(()),
            Some(Access::PartnerCenterApp) if OF_LICENCES.contains(&operation) => {
                let text = "Licences take a user's access token.";
                Err(error(StatusCode::BAD_REQUEST, 900_316, text))
            }
            Some(Access::PartnerCenterApp) => {
                let text = "Application credentials cannot reach this resource.";
                Err(error(StatusCode::FORBIDDEN, 900_329, text))
            }
            Some(Access::OtherApi) => refused(900_420, "The token is for another audience."),
            Some(Access::CampaignStandard) | None => match request.header("authorization") {
                None => refused(800_001, "The partner token is missing."),
                Some(_) => refused(400, "Access denied."),
            },
        }
    }

    fn request_id<'a>(&self, request: &'a Request) -> Option<&'a str> {
        request.header("ms-requestid").filter(|id| !id.is_empty())
    }

    fn refuse(&self, request: &Request, refusal: &Refusal) -> Response {
        let code = match refusal {
            Refusal::UnknownRoute => 1000,
            Refusal::Invalid(_) | Refusal::MissingParameter(_) => 3000,
            _ => 800_002,
        };
        error(refusal.status(), code, &refusal.message(request))
    }

    fn finish(&self, request: &Request, response: Response) -> Response {
        let echoed = |name| request.header(name).map_or_else(|| ids::guid(4), str::to_owned);
        response
            .echo("ms-requestid", &echoed("ms-requestid"))
            .echo("ms-correlationid", &echoed("ms-correlationid"))
            .header("ms-cv", &format!("{:016x}.0", ids::number()))
            .header("ms-serverid", "020014806")
            .header("request-context", "appId=cid-v1:6f2d9a1c-80b4-4c57-93ee-d1a5077c42b8")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::responses::JSON;
    use crate::Sandbox;
    use crate::partner_center::customers::is_guid;
    use crate::seed::{CUSTOMER_TENANT_ID, PARTNER_TENANT_ID, USER_ID};
    use crate::testing::credentials;

    const ORGANIZATION: &str = "/v1/profiles/organization";

    fn user_path(id: &str) -> String {
        format!("/v1/customers/{CUSTOMER_TENANT_ID}/users/{id}")
    }

    #[tokio::test]
    async fn success_has_a_byte_order_mark_and_failure_has_none() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let received = sandbox.call("GET", ORGANIZATION, None).await;
        assert!(received.body.starts_with(b"\xef\xbb\xbf{"));
        assert_eq!(received.header("content-type"), Some(JSON));
        let received = sandbox.send("GET", ORGANIZATION, &[], None).await;
        assert_eq!(received.status, 401);
        let expected = json!({
            "code": 800_001,
            "description": "The partner token is missing.",
            "data": [],
            "source": "PartnerFD",
        });
        assert_eq!(received.body, expected.to_string().as_bytes());
    }

    #[tokio::test]
    async fn ids_are_echoed_or_made() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let id = "9c1f0b7e-52d4-4e3a-8f6b-1a7d90c2e845".to_owned();
        let mut headers = credentials(ORGANIZATION);
        headers.push(("MS-RequestId", id.clone()));
        let received = sandbox.send("GET", ORGANIZATION, &headers, None).await;
        assert_eq!(received.header("ms-requestid"), Some(id.as_str()));
        assert!(received.header("ms-correlationid").is_some_and(is_guid));
        assert!(received.header("ms-cv").is_some());
    }

    #[tokio::test]
    async fn mistakes_have_their_codes() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let nobody = PARTNER_TENANT_ID;
        for (method, target, status, code) in [
            ("GET", format!("/v1/customers/{nobody}/users"), 404, 60003),
            ("GET", "/v1/customers/nobody/users".to_owned(), 400, 900_118),
            ("GET", user_path(nobody), 404, 60002),
            ("GET", "/v1/profiles/supportprofile".to_owned(), 404, 1000),
            ("DELETE", ORGANIZATION.to_owned(), 405, 800_002),
            ("GET", "/v1/customers?seekOperation=Next".to_owned(), 400, 800_002),
            ("GET", "/v1/customers?size=501".to_owned(), 400, 3000),
            ("GET", "/v1/profiles/legalbusiness?vettingVersion=None".to_owned(), 400, 3000),
            ("GET", format!("{}/licenses?licenseGroupIds=Group3", user_path(USER_ID)), 400, 3000),
        ] {
            let received = sandbox.call(method, &target, None).await;
            assert_eq!(received.status, status, "{target}");
            assert_eq!(received.json()["code"], code, "{target}");
        }
        let headers = credentials("/v1");
        let path = user_path(USER_ID);
        let received = sandbox.send("PATCH", &path, &headers, Some("{oops")).await;
        assert_eq!((received.status, received.json()["code"] == 800_002), (400, true));
    }
}

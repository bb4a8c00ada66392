//! Cloudflare: organizations, and what belongs to them.

mod accounts;
mod audit;
pub(crate) mod credentials;
mod list;
mod members;
mod organizations;
mod profiles;
mod responses;
pub(crate) mod seed;
mod shares;
pub(crate) mod successes;
mod tokens;
mod usage;

use http::Method;
use serde_json::json;

use credentials::{
    CLOUDFLARE_ACCOUNT_TOKEN, CLOUDFLARE_API_KEY, CLOUDFLARE_API_TOKEN, CLOUDFLARE_EMAIL,
};
use responses::{error, failure, malformed, with_errors};

use crate::ids;
use crate::refusal::Refusal;
use crate::request::Request;
use crate::response::Response;
use crate::service::{Handler, Service};
use crate::setup::{HeaderLine, Setup, Variable};
use crate::sign_in::Tokens;
use crate::store::Store;
use crate::vendor::Vendor;

#[cfg(test)]
pub(crate) use successes::EXPECTED;

pub(crate) struct Cloudflare;

impl Service for Cloudflare {
    fn vendor(&self) -> Vendor {
        Vendor::Cloudflare
    }

    fn setup(&self) -> Setup {
        Setup {
            client: &[],
            credentials: &[
                (0, &[CLOUDFLARE_API_TOKEN]),
                (0, &[CLOUDFLARE_ACCOUNT_TOKEN]),
                (1, &[CLOUDFLARE_EMAIL, CLOUDFLARE_API_KEY]),
            ],
        }
    }

    fn variables(&self, _: &str) -> Vec<Variable> {
        vec![
            Variable::text("CLOUDFLARE_EMAIL", CLOUDFLARE_EMAIL),
            Variable::text("CLOUDFLARE_API_KEY", CLOUDFLARE_API_KEY),
        ]
    }

    fn ids(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("an organization", seed::CLOUDFLARE_ORGANIZATION_ID),
            ("an account", seed::CLOUDFLARE_ACCOUNT_ID),
        ]
    }

    fn credentials(&self, target: &str) -> Vec<HeaderLine> {
        credentials::header_lines(target)
    }

    fn handlers(&self) -> &'static [(&'static str, Handler)] {
        &[
            ("listOrganizations", organizations::list),
            ("createOrganization", organizations::create),
            ("getOrganization", organizations::get),
            ("modifyOrganization", organizations::modify),
            ("deleteOrganization", organizations::delete),
            ("getOrganizationProfile", profiles::get),
            ("modifyOrganizationProfile", profiles::modify),
            ("listOrganizationAccounts", accounts::list),
            ("listOrganizationMembers", members::list),
            ("createOrganizationMember", members::create),
            ("batchCreateOrganizationMembers", members::create_many),
            ("getOrganizationMember", members::get),
            ("deleteOrganizationMember", members::delete),
            ("listOrganizationAuditLogs", audit::list),
            ("listOrganizationAuditLogHistory", audit::history),
            ("getOrganizationBillableUsage", usage::get),
            ("listOrganizationShares", shares::list),
            ("getAccountProfile", profiles::get_of_account),
            ("modifyAccountProfile", profiles::modify_of_account),
            ("listAccountOrganizations", accounts::organizations),
            ("moveAccount", accounts::move_one),
            ("moveAccounts", accounts::move_many),
            ("verifyAccountToken", tokens::verify_of_account),
            ("verifyUserToken", tokens::verify_of_user),
        ]
    }

    fn owns(&self, path: &[String]) -> bool {
        path.starts_with(&["client".to_owned(), "v4".to_owned()])
    }

    fn seed(&self, store: &mut Store, _origin: &str) {
        seed::fill(store);
    }

    fn authorize(&self, request: &Request, _: &str, _: &Tokens) -> Result<(), Response> {
        let authorization = request.header("authorization");
        let email = request.header("x-auth-email");
        let key = request.header("x-auth-key");
        match (authorization, email, key) {
            (Some(_), None, None) => match request.bearer() {
                Some(CLOUDFLARE_API_TOKEN | CLOUDFLARE_ACCOUNT_TOKEN) => Ok(()),
                Some(_) => Err(failure(403, &error(10000, "Authentication error"))),
                None => Err(malformed("Invalid format for Authorization header")),
            },
            (Some(_), _, _) => Err(malformed("Authorization excludes X-Auth-Email and X-Auth-Key")),
            (None, Some(CLOUDFLARE_EMAIL), Some(CLOUDFLARE_API_KEY)) => Ok(()),
            (None, Some(_), Some(_)) => {
                Err(failure(403, &error(9103, "Unknown X-Auth-Key or X-Auth-Email")))
            }
            (None, _, _) => Err(failure(
                400,
                &error(9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers"),
            )),
        }
    }

    fn refuse(&self, request: &Request, refusal: &Refusal) -> Response {
        let code = match refusal {
            Refusal::UnknownRoute => 7000,
            Refusal::WrongMethod(_) => 7001,
            Refusal::BodyTooLarge => 10413,
            Refusal::NotDeclaredAsJson => 10415,
            Refusal::NotJson(_) => 6007,
            Refusal::MissingParameter(_) | Refusal::Invalid(_) => 1004,
        };
        let errors = match refusal {
            Refusal::Invalid(flaws) => flaws
                .iter()
                .map(|flaw| {
                    let source = json!({"pointer": flaw.pointer});
                    json!({"code": code, "message": flaw.reason, "source": source})
                })
                .collect(),
            _ => json!([error(code, &refusal.message(request))]),
        };
        with_errors(refusal.status().as_u16(), &errors)
    }

    fn finish(&self, request: &Request, response: Response) -> Response {
        let ray = format!("{:016x}-FRA", ids::number());
        let response = response
            .header("cf-ray", &ray)
            .header("ratelimit", r#""default";r=1187;t=143"#)
            .header("ratelimit-policy", r#""default";q=1200;w=300"#)
            .header("api-version", "2026-08-18.epoch")
            .header("server", "cloudflare");
        // Only a write leaves an entry in the audit log.
        if request.method != Method::GET && response.status.is_success() {
            return response.header("cf-auditlog-id", &ids::guid(7));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sandbox;
    use crate::seed::CLOUDFLARE_ORGANIZATION_ID;

    fn profile_of(organization: &str) -> String {
        format!("/client/v4/organizations/{organization}/profile")
    }

    #[tokio::test]
    async fn either_kind_of_credential_is_accepted_but_not_both() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let bearer = ("authorization", format!("Bearer {CLOUDFLARE_API_TOKEN}"));
        let stranger = ("authorization", "Bearer cfut_stranger".to_owned());
        let basic = ("authorization", "Basic b3BlcmF0b3I6".to_owned());
        let email = ("x-auth-email", CLOUDFLARE_EMAIL.to_owned());
        let key = ("x-auth-key", CLOUDFLARE_API_KEY.to_owned());
        let old_key = ("x-auth-key", "cfk_stranger".to_owned());
        for (headers, status, code) in [
            (vec![bearer.clone()], 200, None),
            (vec![email.clone(), key.clone()], 200, None),
            (vec![bearer, email.clone(), key.clone()], 400, Some(6003)),
            (vec![basic], 400, Some(6003)),
            (vec![], 400, Some(9106)),
            (vec![key], 400, Some(9106)),
            (vec![email, old_key], 403, Some(9103)),
            (vec![stranger], 403, Some(10000)),
        ] {
            let target = profile_of(CLOUDFLARE_ORGANIZATION_ID);
            let received = sandbox.send("GET", &target, &headers, None).await;
            let body = received.json();
            assert_eq!(received.status, status, "{body}");
            assert_eq!(body["success"], status == 200);
            assert_eq!(body["errors"][0]["code"].as_u64(), code);
            assert_eq!(body["result"].is_null(), status != 200);
        }
    }

    #[tokio::test]
    async fn a_request_to_nowhere_gets_an_envelope() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let profile = profile_of(CLOUDFLARE_ORGANIZATION_ID);
        for (method, target, status, code) in [
            ("GET", profile_of("nobody"), 404, 7003),
            ("GET", "/client/v4/zones".to_owned(), 404, 7000),
            ("DELETE", profile.clone(), 405, 7001),
        ] {
            let received = sandbox.call(method, &target, None).await;
            assert_eq!(received.status, status);
            assert_eq!(received.json()["errors"][0]["code"], code);
        }
        let received = sandbox.call("HEAD", &profile, None).await;
        assert_eq!((received.status, received.body.len()), (405, 0));
        assert_eq!(received.header("allow"), Some("GET, PUT"));
    }
}

//! The token endpoint of Adobe IMS: OAuth from server to server.

use std::time::Duration;

use http::Method;
use serde_json::json;

use super::tokens::{Access, TokenGrant, Tokens};
use crate::campaign_standard::credentials::{CAMPAIGN_CLIENT_ID, CAMPAIGN_CLIENT_SECRET};
use crate::form::Form;
use crate::request::Request;
use crate::response::Response;

const LIFE: Duration = Duration::from_secs(86_399);
/// What the credential may ask for.
const SCOPES: [&str; 11] = [
    "openid",
    "AdobeID",
    "campaign_sdk",
    "additional_info.projectedProductContext",
    "campaign_config_server_general",
    "deliverability_service_general",
    "read_organizations",
    "additional_info.roles",
    "adobeio_api",
    "read_client_secret",
    "manage_client_secrets",
];

pub(super) fn respond(tokens: &mut Tokens, request: &Request) -> Response {
    if request.method != Method::POST {
        return Response::new(405).header("allow", "POST");
    }
    match check(tokens, request) {
        Ok(()) => {
            let life = tokens.life.unwrap_or(LIFE);
            let grant = TokenGrant::ImsClientCredentials;
            Response::new(200).json(&json!({
                "access_token": tokens.issue(grant, Access::CampaignStandard, life),
                "token_type": "bearer",
                "expires_in": life.as_secs(),
            }))
        }
        Err((status, error, description)) => Response::new(status).json(&json!({
            "error": error,
            "error_description": description,
        })),
    }
}

type Refusal = (u16, &'static str, String);

fn check(tokens: &Tokens, request: &Request) -> Result<(), Refusal> {
    let refuse = |status, error, text: &str| Err((status, error, text.to_owned()));
    let missing = |name| (400, "invalid_request", format!("missing {name} parameter"));
    let form = Form::of(request).ok_or_else(|| missing("grant_type"))?;
    let member = |name| form.get(name).ok_or_else(|| missing(name));
    if member("grant_type")? != "client_credentials" {
        return refuse(400, "unsupported_grant_type", "unsupported grant_type");
    }
    if member("client_id")? != CAMPAIGN_CLIENT_ID {
        return refuse(400, "invalid_client", "invalid client_id parameter");
    }
    match member("client_secret")? {
        CAMPAIGN_CLIENT_SECRET if tokens.secrets_expired => {
            return refuse(401, "invalid_client", "the client_secret has expired");
        }
        CAMPAIGN_CLIENT_SECRET => {}
        _ => return refuse(401, "invalid_client", "invalid client_secret parameter"),
    }
    // Commas in Adobe's own samples, spaces in the standard.
    let unknown = member("scope")?
        .split([',', ' '])
        .find(|scope| !scope.is_empty() && !SCOPES.contains(scope));
    match unknown {
        Some(scope) => refuse(400, "invalid_scope", &format!("invalid scope: {scope}")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sandbox;
    use crate::credentials::CAMPAIGN_API_KEY;
    use crate::sign_in::testing::{access_token, get, with};

    const FORM: [(&str, &str); 4] = [
        ("grant_type", "client_credentials"),
        ("client_id", CAMPAIGN_CLIENT_ID),
        ("client_secret", CAMPAIGN_CLIENT_SECRET),
        ("scope", "openid,AdobeID,campaign_sdk"),
    ];
    const TARGET: &str = "/ims/token/v3";

    #[tokio::test]
    async fn a_token_opens_campaign_standard_and_nothing_else() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let received = sandbox.post_form(TARGET, &FORM).await;
        let body = received.json();
        assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("bearer"), &json!(86_399)));
        let token = access_token(&received);
        let units = "/fabrikam/campaign/profileAndServicesExt/orgUnitBase/";
        let headers = [
            ("authorization", format!("Bearer {token}")),
            ("x-api-key", CAMPAIGN_API_KEY.to_owned()),
        ];
        assert_eq!(sandbox.send("GET", units, &headers, None).await.status, 200);
        assert_eq!(get(&sandbox, "/v1/customers", &token).await.json()["code"], 400);
        assert_eq!(sandbox.tokens_issued(TokenGrant::ImsClientCredentials), 1);

        sandbox.revoke_access_tokens();
        let refused = sandbox.send("GET", units, &headers, None).await;
        assert_eq!((refused.status, refused.json()["error_code"].as_str()), (401, Some("401013")));
    }

    #[tokio::test]
    async fn mistakes_are_named() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        for (change, status, error) in [
            (("grant_type", ""), 400, "invalid_request"),
            (("grant_type", "jwt"), 400, "unsupported_grant_type"),
            (("client_id", "c"), 400, "invalid_client"),
            (("client_secret", "s"), 401, "invalid_client"),
            (("scope", ""), 400, "invalid_request"),
            (("scope", "openid,campaign_sdks"), 400, "invalid_scope"),
        ] {
            let received = sandbox.post_form(TARGET, &with(&FORM, &[change])).await;
            assert_eq!(received.status, status, "{change:?}");
            assert_eq!(received.json()["error"], error, "{change:?}");
        }
        assert_eq!(sandbox.send("GET", TARGET, &[], None).await.status, 405);
        sandbox.expire_client_secrets();
        let expired = sandbox.post_form(TARGET, &FORM).await;
        assert_eq!(expired.json()["error_description"], "the client_secret has expired");
    }
}

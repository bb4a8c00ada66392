//! Entra's token endpoint: app only, and App+User through a refresh token or a consent.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::entra_refusal::{JSON, Refusal, since_1970};
use super::tokens::{Access, Refresh, TokenGrant, Tokens};
use crate::form::Form;
use crate::partner_center::credentials::{PARTNER_CENTER_CLIENT_ID, PARTNER_CENTER_CLIENT_SECRET};
use crate::partner_center::seed::{PARTNER_DOMAIN, PARTNER_TENANT_ID};
use crate::request::Request;
use crate::response::Response;

const LIFE: Duration = Duration::from_secs(3599);
/// The resources for which Partner Center lets a token in, in either cloud.
const PARTNER_CENTER: [&str; 3] = [
    "https://api.partnercenter.microsoft.com",
    "https://partner.partnercenterapi.microsoftonline.cn",
    "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
];
/// Resources that exist, but are none of Partner Center's.
const OTHER_APIS: [&str; 3] =
    ["https://graph.windows.net", "https://graph.chinacloudapi.cn", "https://graph.microsoft.com"];

pub(super) fn respond(tokens: &mut Tokens, tenant: &str, request: &Request) -> Response {
    match grant(tokens, tenant, request) {
        Ok(body) => Response::new(200).typed(JSON, body.to_string()),
        Err(refusal) => refusal.response(request),
    }
}

fn grant(tokens: &mut Tokens, tenant: &str, request: &Request) -> Result<Value, Refusal> {
    if request.method != Method::POST {
        return Err(Refusal::new(900_561, "The endpoint only accepts POST."));
    }
    if ![PARTNER_TENANT_ID, PARTNER_DOMAIN].contains(&tenant) {
        let text = format!("Tenant '{tenant}' was not found in this cloud.");
        return Err(Refusal::new(90_002, &text));
    }
    let form = Form::of(request).ok_or_else(|| missing("grant_type"))?;
    let member = |name| form.get(name).ok_or_else(|| missing(name));
    let grant = match member("grant_type")? {
        "client_credentials" => TokenGrant::EntraClientCredentials,
        "refresh_token" => TokenGrant::EntraRefreshToken,
        "authorization_code" => TokenGrant::EntraAuthorizationCode,
        "urn:ietf:params:oauth:grant-type:device_code" => TokenGrant::EntraDeviceCode,
        other => {
            let text = format!("The grant type '{other}' is not supported.");
            return Err(Refusal::new(70_003, &text));
        }
    };
    check_client(tokens, &form)?;
    let scope = Scope::parse(member("scope")?)?;
    let access = scope.access(grant)?;
    let replaced = match grant {
        TokenGrant::EntraRefreshToken => {
            let token = member("refresh_token")?;
            check_refresh(tokens, token)?;
            Some(tokens.replace_refresh(token))
        }
        TokenGrant::EntraAuthorizationCode => {
            tokens.consents.redeem_code(&form)?;
            Some(tokens.issue_refresh())
        }
        TokenGrant::EntraDeviceCode => {
            tokens.consents.redeem_device(&form)?;
            Some(tokens.issue_refresh())
        }
        _ => None,
    };

    let life = tokens.life.unwrap_or(LIFE);
    let mut body = json!({
        "token_type": "Bearer",
        "expires_in": life.as_secs(),
        "ext_expires_in": life.as_secs(),
        "access_token": tokens.issue(grant, access, life),
    });
    if let Some(token) = replaced {
        body["scope"] = format!("{}/user_impersonation", scope.resource).into();
        body["refresh_token"] = token.into();
        if scope.wants_id {
            body["id_token"] = "eyJhbGciOiJub25lIn0.eyJhbXIiOlsibWZhIl19.".into();
        }
    }
    if tokens.numbers_as_text {
        write_as_first_version(&mut body, scope.resource);
    }
    Ok(body)
}

fn check_client(tokens: &Tokens, form: &Form) -> Result<(), Refusal> {
    let client = form.get("client_id").ok_or_else(|| missing("client_id"))?;
    if client != PARTNER_CENTER_CLIENT_ID {
        let text = format!("Application '{client}' was not found in the directory.");
        return Err(Refusal::new(700_016, &text));
    }
    let (aadsts, text) = match form.get("client_secret") {
        None => (7_000_218, "The form must contain 'client_secret'."),
        Some(PARTNER_CENTER_CLIENT_SECRET) if !tokens.secrets_expired => return Ok(()),
        Some(PARTNER_CENTER_CLIENT_SECRET) => (7_000_222, "The client secret has expired."),
        Some(_) => (7_000_215, "The client secret is not the right one."),
    };
    Err(Refusal::new(aadsts, text))
}

fn check_refresh(tokens: &Tokens, token: &str) -> Result<(), Refusal> {
    let (aadsts, text) = match tokens.refresh(token) {
        Some(Refresh::Valid) => return Ok(()),
        Some(Refresh::Revoked(aadsts @ (50_076 | 50_078 | 50_079))) => {
            (*aadsts, "The user must sign in with a second factor.")
        }
        Some(Refresh::Revoked(aadsts)) => (*aadsts, "The refresh token has expired or is revoked."),
        None => (70_000, "The refresh token is not valid."),
    };
    Err(Refusal::new(aadsts, text))
}

/// What is asked for: one resource, with or without what belongs to `OpenID`.
struct Scope<'a> {
    resource: &'a str,
    permission: &'a str,
    wants_id: bool,
}

impl<'a> Scope<'a> {
    fn parse(text: &'a str) -> Result<Self, Refusal> {
        let (open_id, of_resource): (Vec<&str>, Vec<&str>) = text
            .split_whitespace()
            .partition(|scope| ["offline_access", "openid", "profile", "email"].contains(scope));
        match of_resource.as_slice() {
            [scope] => scope.rsplit_once('/').map(|(resource, permission)| Self {
                resource,
                permission,
                wants_id: open_id.contains(&"openid"),
            }),
            _ => None,
        }
        .ok_or_else(|| bad_scope(text))
    }

    fn access(&self, grant: TokenGrant) -> Result<Access, Refusal> {
        let is_app = grant == TokenGrant::EntraClientCredentials;
        let access = match self.resource {
            other if OTHER_APIS.contains(&other) => Access::OtherApi,
            own if !PARTNER_CENTER.contains(&own) => {
                let text = format!("The resource '{own}' was not found in the tenant.");
                return Err(Refusal::new(500_011, &text));
            }
            _ if is_app => Access::PartnerCenterApp,
            _ => Access::PartnerCenterUser,
        };
        match self.permission {
            ".default" => Ok(access),
            "user_impersonation" if !is_app => Ok(access),
            _ => Err(bad_scope(&format!("{}/{}", self.resource, self.permission))),
        }
    }
}

fn bad_scope(scope: &str) -> Refusal {
    let text = format!("The scope '{scope}' is not valid for this grant.");
    Refusal::new(70_011, &text)
}

fn missing(name: &str) -> Refusal {
    let text = format!("The form must contain the parameter '{name}'.");
    Refusal::new(900_144, &text)
}

/// Entra's first version has text for numbers, and a few members more.
fn write_as_first_version(body: &mut Value, resource: &str) {
    let now = since_1970();
    let life = body["expires_in"].as_u64().unwrap_or_default();
    for (name, number) in [
        ("expires_in", life),
        ("ext_expires_in", life),
        ("expires_on", now + life),
        ("not_before", now),
    ] {
        body[name] = number.to_string().into();
    }
    body["resource"] = resource.into();
    if body.get("scope").is_some() {
        body["scope"] = "user_impersonation".into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sandbox;
    use crate::credentials::PARTNER_CENTER_REFRESH_TOKEN;
    use crate::seed::CUSTOMER_TENANT_ID;
    use crate::sign_in::testing::{APP, USER, access_token, get, sign_in, with};

    #[tokio::test]
    async fn an_app_may_list_customers_and_a_user_may_everything() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let app = access_token(&sign_in(&sandbox, &APP).await);
        let user = access_token(&sign_in(&sandbox, &USER).await);
        let organization = "/v1/profiles/organization";
        let products = format!("/v1/customers/{CUSTOMER_TENANT_ID}/subscribedskus");
        for (token, target, status, code) in [
            (&app, "/v1/customers", 200, None),
            (&app, organization, 403, Some(900_329)),
            (&app, &products, 400, Some(900_316)),
            (&user, "/v1/customers", 200, None),
            (&user, organization, 200, None),
        ] {
            let received = get(&sandbox, target, token).await;
            assert_eq!(received.status, status, "{target}");
            assert_eq!(received.json()["code"].as_u64(), code, "{target}");
        }
        let own = "/fabrikam/campaign/profileAndServicesExt/orgUnitBase/";
        assert_eq!(get(&sandbox, own, &user).await.json()["error_code"], "401013");
    }

    #[tokio::test]
    async fn every_audience_and_scope_has_its_token() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        for (resource, status, code) in [
            (PARTNER_CENTER[0], 200, None),
            (PARTNER_CENTER[1], 200, None),
            (PARTNER_CENTER[2], 200, None),
            (OTHER_APIS[0], 401, Some(900_420)),
        ] {
            let delegated = format!("openid {resource}/user_impersonation offline_access");
            let default = format!("{resource}/.default");
            for (form, scope) in [(&APP[..], &default), (&USER, &default), (&USER, &delegated)] {
                let signed_in = sign_in(&sandbox, &with(form, &[("scope", scope)])).await;
                let body = signed_in.json();
                assert_eq!(body["expires_in"], 3599, "{scope}");
                assert_eq!(body["refresh_token"].is_string(), form.len() > 4);
                assert_eq!(body["id_token"].is_string(), scope.contains("openid"));
                let token = access_token(&signed_in);
                let received = get(&sandbox, "/v1/customers", &token).await;
                assert_eq!(received.status, status, "{scope}");
                assert_eq!(received.json()["code"].as_u64(), code, "{scope}");
            }
        }
    }

    #[tokio::test]
    async fn mistakes_have_their_numbers_and_ids() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let delegated = "https://api.partnercenter.microsoft.com/user_impersonation";
        for (form, status, error, aadsts) in [
            (with(&APP, &[("client_id", "c")]), 400, "unauthorized_client", 700_016),
            (with(&APP, &[("client_secret", "s")]), 401, "invalid_client", 7_000_215),
            (with(&USER, &[("client_secret", "")]), 401, "invalid_client", 7_000_218),
            (
                with(&APP, &[("scope", "https://a.example/.default")]),
                400,
                "invalid_resource",
                500_011,
            ),
            (with(&APP, &[("scope", delegated)]), 400, "invalid_scope", 70_011),
            (with(&APP, &[("scope", "openid")]), 400, "invalid_scope", 70_011),
            (with(&APP, &[("scope", "")]), 400, "invalid_request", 900_144),
            (with(&APP, &[("grant_type", "password")]), 400, "unsupported_grant_type", 70_003),
            (with(&USER, &[("refresh_token", "r")]), 400, "invalid_grant", 70_000),
            (vec![], 400, "invalid_request", 900_144),
        ] {
            let received = sign_in(&sandbox, &form).await;
            let body = received.json();
            assert_eq!((received.status, &body["error"]), (status, &json!(error)), "{body}");
            assert_eq!(body["error_codes"], json!([aadsts]));
            let description = body["error_description"].as_str().expect("text");
            let lines: Vec<_> = description.split("\r\n").collect();
            assert!(lines[0].starts_with(&format!("AADSTS{aadsts}: ")), "{description}");
            for (line, label, member) in [
                (lines[1], "Trace ID", "trace_id"),
                (lines[2], "Correlation ID", "correlation_id"),
                (lines[3], "Timestamp", "timestamp"),
            ] {
                assert_eq!(line, format!("{label}: {}", body[member].as_str().expect("text")));
            }
            for secret in [PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_REFRESH_TOKEN] {
                assert!(!description.contains(secret));
            }
        }
        let elsewhere = sandbox.post_form("/contoso/oauth2/v2.0/token", &APP).await;
        assert_eq!(elsewhere.json()["error_codes"], json!([90_002]));
        let by_domain = format!("/{PARTNER_DOMAIN}/oauth2/v2.0/token");
        assert_eq!(sandbox.post_form(&by_domain, &APP).await.status, 200);
        let read = sandbox.send("GET", &by_domain, &[], None).await;
        assert_eq!(read.json()["error_codes"], json!([900_561]));
        let as_json = sandbox.send("POST", &by_domain, &[], Some("{}")).await;
        assert_eq!(as_json.json()["error_codes"], json!([900_144]));
    }
}

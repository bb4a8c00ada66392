//! Cloudflare: organizations and their profiles.

use http::StatusCode;
use serde_json::{Value, json};

use crate::ids;
use crate::journal::Service;
use crate::reply::Reply;
use crate::sign_in::Tokens;
use crate::store::{Store, segments};
use crate::vendor::{Handler, Refusal, Request, Vendor};

/// The API token that Cloudflare accepts as a bearer.
pub const CLOUDFLARE_API_TOKEN: &str =
    "cfut_sandbox-cloudflare-api-token-1f0e7c52d94b4a6f8d3be19a60c27f85";
/// The e-mail address that goes with [`CLOUDFLARE_API_KEY`].
pub const CLOUDFLARE_EMAIL: &str = "operator@fabrikam.example";
/// The global API key that goes with [`CLOUDFLARE_EMAIL`].
pub const CLOUDFLARE_API_KEY: &str =
    "cfk_sandbox-cloudflare-global-api-key-b6a1309d5e7f4c288c41fd05e2937a6b";

/// An organization with a profile.
pub const CLOUDFLARE_ORGANIZATION_ID: &str = "3f9c1e0b7a5d4c2886e1d0f4b2a97c65";
/// An organization whose profile was never written.
pub const CLOUDFLARE_BARE_ORGANIZATION_ID: &str = "9b27d4f05c8e41a3b6f2e7d18c03a59e";

pub(crate) struct Cloudflare;

impl Vendor for Cloudflare {
    fn document(&self) -> (&'static str, &'static str) {
        (
            "cloudflare.yaml",
            include_str!("../../spec/cloudflare.yaml"),
        )
    }

    fn service(&self) -> Service {
        Service::Cloudflare
    }

    fn handlers(&self) -> &'static [(&'static str, Handler)] {
        &[
            ("getOrganizationProfile", get_profile),
            ("modifyOrganizationProfile", modify_profile),
        ]
    }

    fn owns(&self, path: &[String]) -> bool {
        path.starts_with(&["client".to_owned(), "v4".to_owned()])
    }

    fn seed(&self, store: &mut Store, _origin: &str) {
        for (id, name) in [
            (CLOUDFLARE_ORGANIZATION_ID, "Fabrikam"),
            (CLOUDFLARE_BARE_ORGANIZATION_ID, "Northwind"),
        ] {
            store.put(
                &segments(&format!("/client/v4/organizations/{id}")),
                json!({"id": id, "name": name, "create_time": "2026-02-11T09:30:00Z", "meta": {}}),
            );
        }
        store.put(
            &segments(&format!(
                "/client/v4/organizations/{CLOUDFLARE_ORGANIZATION_ID}/profile"
            )),
            json!({
                "business_name": "Fabrikam Instruments",
                "business_email": "office@fabrikam.example",
                "business_phone": "+1 425 555 0142",
                "business_address":
                    r#"{"line1":"14 Calibration Way","city":"Redmond","country":"US"}"#,
                "external_metadata": r#"{"department":"metrology"}"#,
            }),
        );
    }

    fn authorize(&self, request: &Request, _: &str, _: &Tokens) -> Result<(), Reply> {
        let authorization = request.header("authorization");
        let email = request.header("x-auth-email");
        let key = request.header("x-auth-key");
        match (authorization, email, key) {
            (Some(_), None, None) => match request.bearer() {
                Some(CLOUDFLARE_API_TOKEN) => Ok(()),
                Some(_) => Err(failure(403, &error(10000, "Authentication error"))),
                None => Err(malformed("Invalid format for Authorization header")),
            },
            (Some(_), _, _) => Err(malformed(
                "Authorization excludes X-Auth-Email and X-Auth-Key",
            )),
            (None, Some(CLOUDFLARE_EMAIL), Some(CLOUDFLARE_API_KEY)) => Ok(()),
            (None, Some(_), Some(_)) => Err(failure(
                403,
                &error(9103, "Unknown X-Auth-Key or X-Auth-Email"),
            )),
            (None, _, _) => Err(failure(
                400,
                &error(
                    9106,
                    "Missing X-Auth-Key, X-Auth-Email or Authorization headers",
                ),
            )),
        }
    }

    fn refuse(&self, request: &Request, refusal: &Refusal) -> Reply {
        let code = match refusal {
            Refusal::UnknownRoute => 7000,
            Refusal::WrongMethod(_) => 7001,
            Refusal::BodyTooLarge => 10413,
            Refusal::NotDeclaredAsJson => 10415,
            Refusal::NotJson(_) => 6007,
            Refusal::MissingQuery(_) | Refusal::Invalid(_) => 1004,
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

    fn finish(&self, _request: &Request, reply: Reply) -> Reply {
        let ray = format!("{:016x}-FRA", ids::number());
        let reply = reply
            .header("cf-ray", &ray)
            .header("ratelimit", r#""default";r=1187;t=143"#)
            .header("ratelimit-policy", r#""default";q=1200;w=300"#)
            .header("api-version", "2026-08-18.epoch")
            .header("server", "cloudflare");
        match reply.status {
            // Only a write ends like this, and only a write leaves an entry in the audit log.
            StatusCode::NO_CONTENT => reply.header("cf-auditlog-id", &ids::guid(7)),
            _ => reply,
        }
    }
}

fn get_profile(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    organization(store, request)?;
    let profile = store
        .get(&request.path)
        .ok_or_else(|| failure(404, &error(1000, "Organization profile not found")))?;
    Ok(Reply::new(200).json(&json!({
        "success": true,
        "errors": [],
        "messages": [],
        "result": profile,
    })))
}

fn modify_profile(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    organization(store, request)?;
    store.put(&request.path, request.json.clone());
    Ok(Reply::new(204))
}

/// Refuses a path whose organization does not exist.
fn organization(store: &Store, request: &Request) -> Result<(), Reply> {
    if store.get(request.ancestor(1)).is_some() {
        return Ok(());
    }
    let path = request
        .target
        .strip_prefix("/client/v4")
        .unwrap_or_default();
    Err(failure(404, &error(7003, &format!("No route for {path}"))))
}

fn malformed(cause: &str) -> Reply {
    let mut entry = error(6003, "Invalid request headers");
    entry["error_chain"] = json!([error(6111, cause)]);
    failure(400, &entry)
}

fn error(code: u32, message: &str) -> Value {
    json!({"code": code, "message": message})
}

fn failure(status: u16, entry: &Value) -> Reply {
    with_errors(status, &json!([entry]))
}

fn with_errors(status: u16, errors: &Value) -> Reply {
    Reply::new(status).json(&json!({
        "success": false,
        "errors": errors,
        "messages": [],
        "result": null,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sandbox;

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
    async fn a_put_stores_the_whole_profile_and_says_nothing() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let target = profile_of(CLOUDFLARE_BARE_ORGANIZATION_ID);
        let missing = sandbox.call("GET", &target, None).await;
        assert_eq!(
            (missing.status, missing.json()["success"] == false),
            (404, true)
        );
        let profile = json!({
            "business_address": "",
            "business_email": "",
            "business_name": "Northwind",
            "business_phone": "",
            "external_metadata": "{}",
        });
        let stored = sandbox.call("PUT", &target, Some(&profile)).await;
        assert_eq!((stored.status, stored.body.len()), (204, 0));
        for name in ["cf-ray", "ratelimit", "ratelimit-policy", "cf-auditlog-id"] {
            assert!(stored.header(name).is_some(), "{name}");
        }
        let received = sandbox.call("GET", &target, None).await;
        assert_eq!(received.header("cf-auditlog-id"), None);
        let expected = json!({"success": true, "errors": [], "messages": [], "result": profile});
        assert_eq!(received.json(), expected);
    }

    #[tokio::test]
    async fn a_missing_member_is_pointed_at() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let target = profile_of(CLOUDFLARE_ORGANIZATION_ID);
        let mut profile = sandbox.resource(&target).expect("a profile");
        profile["business_phone"] = Value::Null;
        let members = profile.as_object_mut().expect("an object");
        members.remove("business_email");
        let received = sandbox.call("PUT", &target, Some(&profile)).await;
        assert_eq!(received.status, 400);
        let body = received.json();
        let mut pointers: Vec<_> = body["errors"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|entry| entry["source"]["pointer"].as_str())
            .collect();
        pointers.sort_unstable();
        assert_eq!(pointers, [Some("/business_email"), Some("/business_phone")]);
    }

    #[tokio::test]
    async fn what_leads_nowhere_is_answered_in_the_envelope() {
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

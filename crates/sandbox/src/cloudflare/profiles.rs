//! Business profiles of organizations and accounts.

use crate::cloudflare::accounts::holder;
use crate::cloudflare::organizations;
use crate::cloudflare::responses::{error, failure, not_found, success};
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

pub(super) fn get(store: &mut Store, request: &Request) -> Result<Response, Response> {
    organizations::existing(store, request)?;
    stored(store, request)
}

pub(super) fn modify(store: &mut Store, request: &Request) -> Result<Response, Response> {
    organizations::existing(store, request)?;
    store.put(&request.path, request.json.clone());
    Ok(Response::new(204))
}

pub(super) fn get_of_account(store: &mut Store, request: &Request) -> Result<Response, Response> {
    holder(store, &request.path[3]).ok_or_else(|| not_found(request))?;
    stored(store, request)
}

pub(super) fn modify_of_account(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    holder(store, &request.path[3]).ok_or_else(|| not_found(request))?;
    store.put(&request.path, request.json.clone());
    Ok(Response::new(204))
}

fn stored(store: &Store, request: &Request) -> Result<Response, Response> {
    let profile = store.get(&request.path);
    let profile = profile.ok_or_else(|| failure(404, &error(1000, "Profile not found")))?;
    Ok(success(profile))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::Sandbox;
    use crate::seed::{CLOUDFLARE_BARE_ORGANIZATION_ID, CLOUDFLARE_ORGANIZATION_ID};

    fn profile_of(organization: &str) -> String {
        format!("/client/v4/organizations/{organization}/profile")
    }

    #[tokio::test]
    async fn a_put_stores_the_whole_profile_and_says_nothing() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let target = profile_of(CLOUDFLARE_BARE_ORGANIZATION_ID);
        let missing = sandbox.call("GET", &target, None).await;
        assert_eq!((missing.status, missing.json()["success"] == false), (404, true));
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
}

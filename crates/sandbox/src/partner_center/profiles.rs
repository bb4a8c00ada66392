//! The partner's own profiles.

use http::StatusCode;
use serde_json::{Value, json};

use crate::ids;
use crate::partner_center::responses::{error, success};
use crate::partner_center::seed::MPN_ID;
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

pub(super) fn get_profile(store: &mut Store, request: &Request) -> Result<Response, Response> {
    Ok(success(existing(store, request)?))
}

pub(super) fn update_organization_profile(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    update_versioned_profile(store, request, "OrganizationProfile")
}

/// Replaces a profile that has an etag.
pub(super) fn update_versioned_profile(
    store: &mut Store,
    request: &Request,
    kind: &str,
) -> Result<Response, Response> {
    let current = existing(store, request)?;
    let etag = current["attributes"]["etag"].as_str();
    let sent = match &request.json["attributes"]["etag"] {
        Value::Null => None,
        sent => Some(sent.as_str().unwrap_or_default()),
    };
    let quoted = request.header("if-match");
    let is_stale = sent.is_some_and(|sent| Some(sent) != etag)
        || quoted.is_some_and(|quoted| Some(quoted) != etag.map(quote).as_deref());
    if is_stale {
        let text = "The resource has changed since it was read; read it again.";
        return Err(error(StatusCode::BAD_REQUEST, 2055, text));
    }
    let etag = Some(ids::etag());
    let profile = replaced(current, request, kind, etag);
    store.put(&request.path, profile.clone());
    Ok(success(&profile))
}

pub(super) fn update_billing_profile(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    update_versioned_profile(store, request, "BillingProfile")
}

pub(super) fn update_support_profile(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    update_plain_profile(store, request, "SupportProfile")
}

pub(super) fn update_legal_profile(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    update_plain_profile(store, request, "LegalBusinessProfile")
}

/// What the vetting finished last is what the service knew from the start.
pub(super) fn get_legal_profile(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    if request.query("vettingVersion") != Some("LastFinalized") {
        return get_profile(store, request);
    }
    let path = [&request.path[..], &["finalized".to_owned()]].concat();
    Ok(success(store.get(&path).unwrap_or(&Value::Null)))
}

/// The partner's own, or that of the partner asked for, by either of its paths.
pub(super) fn get_mpn_profile(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let asked = request.query("mpnId").unwrap_or(MPN_ID);
    let path = [request.ancestor(1), &["mpn".to_owned(), asked.to_owned()]].concat();
    let profile = store.get(&path).ok_or_else(|| {
        let text = "Nobody has this partner network id.";
        error(StatusCode::NOT_FOUND, 3000, text)
    })?;
    Ok(success(profile))
}

/// Replaces a profile that has no etag.
fn update_plain_profile(
    store: &mut Store,
    request: &Request,
    kind: &str,
) -> Result<Response, Response> {
    let profile = replaced(existing(store, request)?, request, kind, None);
    store.put(&request.path, profile.clone());
    Ok(success(&profile))
}

fn existing<'a>(store: &'a Store, request: &Request) -> Result<&'a Value, Response> {
    let text = "There is no such profile.";
    let missing = || error(StatusCode::NOT_FOUND, 1000, text);
    store.get(&request.path).ok_or_else(missing)
}

/// The body of a PUT with what the service adds to it.
fn replaced(current: &Value, request: &Request, kind: &str, etag: Option<String>) -> Value {
    let mut profile = request.json.clone();
    // A customer's profile has no type.
    for name in ["profileType", "links"] {
        if let Some(own) = current.get(name) {
            profile[name] = own.clone();
        }
    }
    if !profile["attributes"].is_object() {
        profile["attributes"] = json!({"objectType": kind});
    }
    if let Some(etag) = etag {
        profile["attributes"]["etag"] = etag.into();
    }
    profile
}

fn quote(etag: &str) -> String {
    format!("\"{etag}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sandbox;
    use crate::seed::CUSTOMER_TENANT_ID;
    use crate::testing::credentials;

    const ORGANIZATION: &str = "/v1/profiles/organization";

    #[tokio::test]
    async fn a_stale_etag_is_refused_in_body_and_header() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let first = sandbox.resource(ORGANIZATION).expect("a profile");
        let mut change = first.clone();
        change["email"] = "new@fabrikam.example".into();
        change["tier"] = json!({"name": "gold"});
        let second = sandbox.call("PUT", ORGANIZATION, Some(&change)).await.json();
        assert_eq!(second["tier"]["name"], "gold");
        assert_ne!(second["attributes"]["etag"], first["attributes"]["etag"]);

        let received = sandbox.call("PUT", ORGANIZATION, Some(&change)).await;
        assert_eq!((received.status, received.json()["code"] == 2055), (400, true));
        let etag = |profile: &Value| quote(profile["attributes"]["etag"].as_str().expect("text"));
        for (quoted, status) in [(etag(&first), 400), (etag(&second), 200)] {
            let mut headers = credentials(ORGANIZATION);
            headers.push(("if-match", quoted));
            let body = second.to_string();
            let received = sandbox.send("PUT", ORGANIZATION, &headers, Some(&body)).await;
            assert_eq!(received.status, status);
        }
    }

    #[tokio::test]
    async fn a_put_needs_the_whole_resource() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let of_customer = format!("/v1/customers/{CUSTOMER_TENANT_ID}/profiles/billing");
        for (path, member) in [
            (ORGANIZATION, "defaultAddress"),
            ("/v1/profiles/support", "website"),
            ("/v1/profiles/legalbusiness", "companyApproverEmail"),
            ("/v1/profiles/billing", "billingCurrency"),
            (&of_customer, "culture"),
        ] {
            let mut body = sandbox.resource(path).expect("a profile");
            body[member] = Value::Null;
            let received = sandbox.call("PUT", path, Some(&body)).await;
            assert_eq!((received.status, received.json()["code"] == 3000), (400, true));
        }
    }
}

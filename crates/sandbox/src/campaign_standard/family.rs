//! The two families of resources. `profileAndServices` has what comes with the product;
//! `profileAndServicesExt`, which the document describes, also has the units and what an instance has added.
//! Both have the same records.

use serde_json::Value;

use super::errors::backend;
use crate::request::Request;
use crate::response::Response;

const PRODUCT: &str = "profileAndServices";
const EXTENDED: &str = "profileAndServicesExt";
pub(super) const UNITS: [&str; 2] = ["orgUnitBase", "geoUnitBase"];

/// Leads a request for the product's family to the same resource of the extended one.
pub(super) fn resolve(request: &mut Request) {
    let resource = match request.path.get(3..).unwrap_or_default() {
        [kind, name, ..] if kind == "resourceType" => name,
        [name, ..] => name,
        [] => return,
    };
    if is_product(request) && !UNITS.contains(&resource.as_str()) {
        EXTENDED.clone_into(&mut request.path[2]);
    }
}

pub(super) fn is_product(request: &Request) -> bool {
    request.raw_path().split('/').nth(3) == Some(PRODUCT)
}

/// Where the request would have gone in the extended family, which stored links lead to.
pub(super) fn address(request: &Request) -> String {
    let path = request.raw_path();
    let extended = path.replacen(&format!("/{PRODUCT}/"), &format!("/{EXTENDED}/"), 1);
    format!("{}{extended}", request.origin())
}

/// Refuses members that the request's family doesn't know.
pub(super) fn admit(request: &Request) -> Result<(), Response> {
    let mut members = request.json.as_object().into_iter().flatten();
    match members.find(|(name, _)| is_product(request) && is_added(name)) {
        Some((name, _)) => Err(backend(&format!("XTK-170006 The attribute {name} is not known."))),
        None => Ok(()),
    }
}

/// A response of the product's family: without what was added, and with links into the family.
pub(super) fn narrowed(response: Response) -> Response {
    let Ok(mut body) = serde_json::from_slice(&response.sent()) else {
        return response;
    };
    take_added(&mut body);
    let text = body.to_string().replace(EXTENDED, PRODUCT);
    response.body(text)
}

fn take_added(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !is_added(name));
            members.values_mut().for_each(take_added);
        }
        Value::Array(items) => items.iter_mut().for_each(take_added),
        _ => {}
    }
}

/// The unit links, and the fields of an instance: `cus` and a capital letter.
fn is_added(name: &str) -> bool {
    let own = name.strip_prefix("cus");
    matches!(name, "orgUnit" | "geoUnit")
        || own.is_some_and(|own| own.starts_with(|c: char| c.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Sandbox;
    use crate::seed::{CAMPAIGN_PROFILE_PKEY, CAMPAIGN_UNIT_PKEY};

    const PRODUCT: &str = "/fabrikam/campaign/profileAndServices";

    #[tokio::test]
    async fn the_products_family_shows_the_same_records_without_what_was_added() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let profile = format!("{PRODUCT}/profile/{CAMPAIGN_PROFILE_PKEY}");
        let extended = profile.replace("Services", "ServicesExt");
        let added = json!({"cusColour": "teal", "customary": true});
        sandbox.call("PATCH", &extended, Some(&added)).await;
        let shown = sandbox.call("GET", &profile, None).await.json();
        let mut expected = sandbox.call("GET", &extended, None).await.json();
        let members = expected.as_object_mut().expect("a profile");
        for name in ["orgUnit", "geoUnit", "cusColour"] {
            assert!(members.remove(name).is_some(), "{name}");
        }
        let text = expected.to_string().replace("ServicesExt", "Services");
        assert_eq!(shown.to_string(), text);

        let unit = json!({"orgUnit": {"PKey": CAMPAIGN_UNIT_PKEY}});
        let refused = sandbox.call("PATCH", &profile, Some(&unit)).await;
        assert_eq!(refused.status, 500);
        for nowhere in ["", "/orgUnitBase/", "/resourceType/orgUnitBase"] {
            let target = format!("{PRODUCT}{nowhere}");
            let lost = sandbox.call("GET", &target, None).await;
            assert_eq!((lost.status, &lost.json()["code"]), (500, &json!(500)));
        }
    }

    #[tokio::test]
    async fn a_slash_behind_profiles_and_services_does_no_harm() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        for resource in ["profile", "service"] {
            let target = format!("{PRODUCT}/{resource}/");
            let created = sandbox.call("POST", &target, Some(&json!({}))).await;
            assert_eq!(created.status, 201, "{resource}");
            let address = format!("{}{target}@", sandbox.url());
            let href = created.json()["href"].as_str().map(str::to_owned);
            assert!(href.is_some_and(|href| href.starts_with(&address)));
            let page = sandbox.call("GET", &target, None).await.json();
            let count = page["count"]["href"].as_str().expect("a link");
            let count = count.strip_prefix(&sandbox.url()).expect("the origin");
            let count = sandbox.call("GET", count, None).await.json();
            let all = page["content"].as_array().map(Vec::len);
            assert_eq!(count["count"], json!(all));
        }
    }

    #[tokio::test]
    async fn json_needs_no_declaration() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let target = format!("{PRODUCT}/profile/");
        for (content_type, status) in [("text/plain;charset=UTF-8", 201), ("text/xml", 400)] {
            let mut headers = crate::testing::credentials("/fabrikam/campaign");
            headers.push(("content-type", content_type.to_owned()));
            let received = sandbox.send("POST", &target, &headers, Some("{}")).await;
            assert_eq!(received.status, status, "{content_type}");
        }
    }
}

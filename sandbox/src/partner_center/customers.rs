//! The partner's customers and their users.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::partner_center::list::{Filter, list, unsupported_filter};
use crate::partner_center::{error, invalid, success};
use crate::reply::Reply;
use crate::store::Store;
use crate::vendor::Request;

pub(super) fn list_customers(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let member = |field: &str| match field {
        "CompanyName" => Some("companyName"),
        "Domain" => Some("domain"),
        _ => None,
    };
    let filter = match Filter::of(request)? {
        Some(filter) => match (filter.operator.as_str(), member(&filter.field)) {
            ("starts_with", Some(member)) => Some((member, filter.value.to_lowercase())),
            _ => return Err(unsupported_filter()),
        },
        None => None,
    };
    let matches = |customer: &Value| match &filter {
        Some((member, start)) => customer["companyProfile"][member]
            .as_str()
            .is_some_and(|text| text.to_lowercase().starts_with(start)),
        None => true,
    };
    list(store, request, matches)
}

pub(super) fn list_customer_users(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    existing_customer(store, request.ancestor(1))?;
    let deleted = match Filter::of(request)? {
        Some(filter) => match (
            filter.field.as_str(),
            filter.operator.as_str(),
            filter.value.as_str(),
        ) {
            ("UserState", "equals", "Inactive") => true,
            _ => return Err(unsupported_filter()),
        },
        None => false,
    };
    list(store, request, |user| {
        (user["state"] == "inactive") == deleted
    })
}

pub(super) fn get_customer_user(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    Ok(success(existing_user(store, request)?))
}

pub(super) fn update_customer_user(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let mut user = existing_user(store, request)?.clone();
    let (Some(members), Some(changes)) = (user.as_object_mut(), request.json.as_object()) else {
        return Err(invalid("The body must be an object."));
    };
    if changes.get("state").is_some_and(|state| state == "active") {
        // Restoring a deleted user takes no more than this member.
        members.remove("softDeletionTime");
    }
    for (name, value) in changes {
        match name.as_str() {
            // These identify the user, whatever the body says.
            "id" | "links" => {}
            "passwordProfile" => merge_password_profile(members, value),
            _ if value.is_null() => {}
            _ => drop(members.insert(name.clone(), value.clone())),
        }
    }
    store.put(&request.path, user.clone());
    Ok(success(&user))
}

/// Keeps everything but the password itself.
fn merge_password_profile(user: &mut Map<String, Value>, value: &Value) {
    if let Some(profile) = value.as_object() {
        let mut profile = profile.clone();
        profile.remove("password");
        user.insert("passwordProfile".to_owned(), profile.into());
    }
}

fn existing_customer<'a>(store: &'a Store, path: &[String]) -> Result<&'a Value, Reply> {
    if !path.last().is_some_and(|id| is_guid(id)) {
        let text = "The customer id is not a GUID.";
        return Err(error(StatusCode::BAD_REQUEST, 900_118, text));
    }
    store.get(path).ok_or_else(|| {
        let text = "The tenant was not found among the customers.";
        error(StatusCode::NOT_FOUND, 60003, text)
    })
}

fn existing_user<'a>(store: &'a Store, request: &Request) -> Result<&'a Value, Reply> {
    existing_customer(store, request.ancestor(2))?;
    store.get(&request.path).ok_or_else(|| {
        let text = "The user was not found in the customer's tenant.";
        error(StatusCode::NOT_FOUND, 60002, text)
    })
}

pub(super) fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use serde_json::json;

    use crate::Sandbox;
    use crate::seed::{CUSTOMER_TENANT_ID, CUSTOMER_TENANT_IDS, INACTIVE_USER_ID, USER_ID};

    fn user_path(id: &str) -> String {
        format!("/v1/customers/{CUSTOMER_TENANT_ID}/users/{id}")
    }

    #[tokio::test]
    async fn filters_choose_and_unknown_ones_are_refused() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let filtered = async |path: &str, field: &str, value: &str, operator: &str| {
            let filter = json!({"Field": field, "Value": value, "Operator": operator}).to_string();
            let filter = utf8_percent_encode(&filter, NON_ALPHANUMERIC);
            let target = format!("{path}?size=0&filter={filter}");
            sandbox.call("GET", &target, None).await.json()
        };
        let customers = "/v1/customers";
        let found = filtered(customers, "CompanyName", "cont", "starts_with").await;
        assert_eq!(found["totalCount"], 2);
        let found = filtered(customers, "Domain", "Tailspin", "starts_with").await;
        assert_eq!(found["items"][0]["id"], CUSTOMER_TENANT_IDS[3]);
        let refused = filtered(customers, "CompanyName", "cont", "substring").await;
        assert_eq!(refused["code"], 2000);
        let users = format!("{customers}/{CUSTOMER_TENANT_ID}/users");
        let found = filtered(&users, "UserState", "Inactive", "equals").await;
        assert_eq!(found["items"][0]["id"], INACTIVE_USER_ID);
        assert_eq!(found["totalCount"], 1);
    }

    #[tokio::test]
    async fn a_patch_merges_and_keeps_the_password_to_itself() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let change = json!({
            "usageLocation": "DE",
            "displayName": null,
            "badge": 7,
            "passwordProfile": {"password": "Copper-Kettle-41", "forceChangePassword": true},
        });
        let user = sandbox
            .call("PATCH", &user_path(USER_ID), Some(&change))
            .await;
        assert!(!String::from_utf8_lossy(&user.body).contains("Copper-Kettle-41"));
        let user = user.json();
        assert_eq!(user["usageLocation"], "DE");
        assert_eq!(user["displayName"], "Ada Lindqvist");
        assert_eq!(user["badge"], 7);
        assert_eq!(
            user["passwordProfile"],
            json!({"forceChangePassword": true})
        );
        assert_eq!(sandbox.resource(&user_path(USER_ID)), Some(user));

        let restored = json!({"state": "active"});
        let path = user_path(INACTIVE_USER_ID);
        let user = sandbox.call("PATCH", &path, Some(&restored)).await.json();
        assert_eq!(
            (user["state"] == "active", user.get("softDeletionTime")),
            (true, None)
        );
    }
}

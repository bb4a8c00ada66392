//! The users of a customer, from their creation to their return.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::ids;
use crate::partner_center::customers::existing_customer;
use crate::partner_center::list::{Filter, link, list, unsupported_filter};
use crate::partner_center::{conflict, created, error, invalid, success};
use crate::reply::Reply;
use crate::store::Store;
use crate::vendor::Request;

/// When users are deleted: the sandbox's calendar stands still, and nobody is gone for good.
pub(super) const DELETED_AT: &str = "2026-03-20T00:33:34Z";

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
    Ok(success(existing_user(store, &request.path)?))
}

pub(super) fn create_customer_user(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    existing_customer(store, request.ancestor(1))?;
    let name = &request.json["userPrincipalName"];
    let is_taken = store
        .below(&request.path)
        .any(|(_, user)| user["userPrincipalName"] == *name);
    if is_taken {
        let text = "Another account has this user principal name.";
        return Err(conflict(text, "userPrincipalName"));
    }
    let id = ids::guid(4);
    let mut path = request.path.clone();
    path.push(id.clone());
    let mut user = request.json.clone();
    user["id"] = id.into();
    user["userDomainType"] = "none".into();
    user["state"] = "active".into();
    user["links"] = json!({"self": link(&format!("/{}", path[1..].join("/")), &json!([]))});
    user["attributes"] = json!({"objectType": "CustomerUser"});
    // The answer repeats the password; what is kept doesn't have it.
    let reply = created(&user);
    if let Some(members) = user.as_object_mut() {
        merge_password_profile(members, &request.json["passwordProfile"]);
    }
    store.put(&path, user);
    Ok(reply)
}

pub(super) fn update_customer_user(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let mut user = existing_user(store, &request.path)?.clone();
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

pub(super) fn reset_customer_user_password(
    store: &mut Store,
    request: &Request,
) -> Result<Reply, Reply> {
    let path = request.ancestor(1);
    let mut user = existing_user(store, path)?.clone();
    if let Some(members) = user.as_object_mut() {
        merge_password_profile(members, &request.json["passwordProfile"]);
    }
    store.put(path, user.clone());
    user["passwordProfile"] = request.json["passwordProfile"].clone();
    Ok(success(&user))
}

pub(super) fn delete_customer_user(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let mut user = existing_user(store, &request.path)?.clone();
    if user["state"] == "inactive" {
        return Err(no_user());
    }
    user["state"] = "inactive".into();
    user["softDeletionTime"] = DELETED_AT.into();
    store.put(&request.path, user);
    Ok(Reply::with_status(StatusCode::NO_CONTENT))
}

/// Keeps everything but the password itself.
fn merge_password_profile(user: &mut Map<String, Value>, value: &Value) {
    if let Some(profile) = value.as_object() {
        let mut profile = profile.clone();
        profile.remove("password");
        user.insert("passwordProfile".to_owned(), profile.into());
    }
}

pub(super) fn existing_user<'a>(store: &'a Store, path: &[String]) -> Result<&'a Value, Reply> {
    existing_customer(store, &path[..path.len().saturating_sub(2)])?;
    store.get(path).ok_or_else(no_user)
}

fn no_user() -> Reply {
    let text = "The user was not found in the customer's tenant.";
    error(StatusCode::NOT_FOUND, 60002, text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Sandbox;
    use crate::seed::{CUSTOMER_TENANT_ID, INACTIVE_USER_ID, USER_ID};

    fn user_path(id: &str) -> String {
        format!("/v1/customers/{CUSTOMER_TENANT_ID}/users/{id}")
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

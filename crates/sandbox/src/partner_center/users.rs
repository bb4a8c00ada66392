//! The users of a customer, from their creation to their return.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::calendar;
use crate::ids;
use crate::partner_center::customers::existing_customer;
use crate::partner_center::list::{Filter, link, list, unsupported_filter};
use crate::partner_center::responses::{conflict, created, error, invalid, success};
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

pub(super) fn list_customer_users(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    existing_customer(store, request.ancestor(1))?;
    let deleted = match Filter::of(request)? {
        Some(filter) => {
            match (filter.field.as_str(), filter.operator.as_str(), filter.value.as_str()) {
                ("UserState", "equals", "Inactive") => true,
                _ => return Err(unsupported_filter()),
            }
        }
        None => false,
    };
    list(store, request, |user| is_deleted(user) == deleted)
}

pub(super) fn get_customer_user(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    Ok(success(existing_user(store, &request.path)?))
}

pub(super) fn create_customer_user(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    existing_customer(store, request.ancestor(1))?;
    let id = ids::guid(4);
    admit_name(store, request, &request.path, &id)?;
    let mut path = request.path.clone();
    path.push(id.clone());
    let mut user = request.json.clone();
    user["id"] = id.into();
    user["userDomainType"] = "none".into();
    user["state"] = "active".into();
    user["links"] = json!({"self": link(&format!("/{}", path[1..].join("/")), &json!([]))});
    user["attributes"] = json!({"objectType": "CustomerUser"});
    // The response shows the password; what is stored doesn't have it.
    let response = created(&user);
    if let Some(members) = user.as_object_mut() {
        merge_password_profile(members, &request.json["passwordProfile"]);
    }
    store.put(&path, user);
    Ok(response)
}

pub(super) fn update_customer_user(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    let mut user = existing_user(store, &request.path)?.clone();
    let id = request.path.last().map(String::as_str);
    admit_name(store, request, request.ancestor(1), id.unwrap_or_default())?;
    let (Some(members), Some(changes)) = (user.as_object_mut(), request.json.as_object()) else {
        return Err(invalid("The body must be an object."));
    };
    match changes.get("state").and_then(Value::as_str) {
        // Restoring a deleted user takes no more than this member.
        Some("active") => drop(members.remove("softDeletionTime")),
        Some("inactive") => soft_delete(members),
        _ => {}
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
) -> Result<Response, Response> {
    let path = request.ancestor(1);
    let mut user = active_user(store, path)?.clone();
    if let Some(members) = user.as_object_mut() {
        merge_password_profile(members, &request.json["passwordProfile"]);
    }
    store.put(path, user.clone());
    user["passwordProfile"] = request.json["passwordProfile"].clone();
    Ok(success(&user))
}

pub(super) fn delete_customer_user(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    let mut user = active_user(store, &request.path)?.clone();
    if let Some(members) = user.as_object_mut() {
        soft_delete(members);
    }
    store.put(&request.path, user);
    Ok(Response::with_status(StatusCode::NO_CONTENT))
}

/// Keeps everything but the password itself.
fn merge_password_profile(user: &mut Map<String, Value>, value: &Value) {
    if let Some(profile) = value.as_object() {
        let mut profile = profile.clone();
        profile.remove("password");
        user.insert("passwordProfile".to_owned(), profile.into());
    }
}

pub(super) fn existing_user<'a>(store: &'a Store, path: &[String]) -> Result<&'a Value, Response> {
    existing_customer(store, &path[..path.len().saturating_sub(2)])?;
    store.get(path).ok_or_else(no_user)
}

/// A user who isn't deleted.
pub(super) fn active_user<'a>(store: &'a Store, path: &[String]) -> Result<&'a Value, Response> {
    let user = existing_user(store, path)?;
    if is_deleted(user) {
        return Err(no_user());
    }
    Ok(user)
}

pub(super) fn is_deleted(user: &Value) -> bool {
    user["state"] == "inactive"
}

/// Whether a sign-in name is the user's; letters are the same in either case.
pub(super) fn has_name(user: &Value, name: &str) -> bool {
    let own = user["userPrincipalName"].as_str();
    own.is_some_and(|own| own.to_lowercase() == name.to_lowercase())
}

/// Refuses a sign-in name that another one of `users` has.
fn admit_name(
    store: &Store,
    request: &Request,
    users: &[String],
    id: &str,
) -> Result<(), Response> {
    let Some(name) = request.json["userPrincipalName"].as_str() else {
        return Ok(());
    };
    let mut others = store.below(users).filter(|(other, _)| *other != id);
    if others.any(|(_, user)| has_name(user, name)) {
        let text = "Another account has this user principal name.";
        return Err(conflict(text, "userPrincipalName"));
    }
    Ok(())
}

fn soft_delete(user: &mut Map<String, Value>) {
    user.insert("state".to_owned(), "inactive".into());
    user.insert("softDeletionTime".to_owned(), calendar::NOW.into());
}

fn no_user() -> Response {
    let text = "The user was not found in the customer's tenant.";
    error(StatusCode::NOT_FOUND, 60002, text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Sandbox;
    use crate::calendar;
    use crate::seed::{CUSTOMER_TENANT_ID, INACTIVE_USER_ID, ROLE_ID, SKU_ID, USER_ID, USER_IDS};

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
        let user = sandbox.call("PATCH", &user_path(USER_ID), Some(&change)).await;
        assert!(!String::from_utf8_lossy(&user.body).contains("Copper-Kettle-41"));
        let user = user.json();
        assert_eq!(user["usageLocation"], "DE");
        assert_eq!(user["displayName"], "Ada Lindqvist");
        assert_eq!(user["badge"], 7);
        assert_eq!(user["passwordProfile"], json!({"forceChangePassword": true}));
        assert_eq!(sandbox.resource(&user_path(USER_ID)), Some(user));

        let restored = json!({"state": "active"});
        let path = user_path(INACTIVE_USER_ID);
        let user = sandbox.call("PATCH", &path, Some(&restored)).await.json();
        assert_eq!((user["state"] == "active", user.get("softDeletionTime")), (true, None));
    }

    #[tokio::test]
    async fn a_name_is_taken_in_any_case_but_ones_own() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        for (name, status) in [
            ("BRUNO@contoso.onmicrosoft.example", 409),
            ("ADA@contoso.onmicrosoft.example", 200),
            ("ada.lindqvist@contoso.onmicrosoft.example", 200),
        ] {
            let change = json!({"userPrincipalName": name});
            let path = user_path(USER_ID);
            let received = sandbox.call("PATCH", &path, Some(&change)).await;
            assert_eq!(received.status, status, "{name}");
        }
    }

    #[tokio::test]
    async fn a_deleted_user_can_only_be_read_and_restored() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let path = user_path(USER_IDS[3]);
        let inactive = json!({"state": "inactive"});
        let user = sandbox.call("PATCH", &path, Some(&inactive)).await.json();
        assert_eq!(user["softDeletionTime"], calendar::NOW);

        let members =
            format!("/v1/customers/{CUSTOMER_TENANT_ID}/directoryroles/{ROLE_ID}/usermembers");
        let count = async || sandbox.call("GET", &members, None).await.json()["totalCount"].clone();
        assert_eq!(count().await, 0);
        let member = json!({
            "id": USER_IDS[3],
            "displayName": user["displayName"],
            "userPrincipalName": user["userPrincipalName"],
            "attributes": {"objectType": "UserMember"},
        });
        let password = json!({"passwordProfile": {"password": "Copper-Kettle-41"}});
        let licences = json!({"licensesToAssign": [{"skuId": SKU_ID}]});
        for (method, target, body) in [
            ("POST", members.clone(), Some(&member)),
            ("DELETE", format!("{members}/{}", USER_IDS[3]), None),
            ("GET", format!("{path}/directoryroles"), None),
            ("GET", format!("{path}/licenses"), None),
            ("POST", format!("{path}/licenseupdates"), Some(&licences)),
            ("PATCH", format!("{path}/resetpassword"), Some(&password)),
        ] {
            let received = sandbox.call(method, &target, body).await;
            assert_eq!(received.status, 404, "{method} {target}");
            assert_eq!(received.json()["code"], 60002, "{method} {target}");
        }

        let active = json!({"state": "active"});
        sandbox.call("PATCH", &path, Some(&active)).await;
        assert_eq!(count().await, 1);
    }
}

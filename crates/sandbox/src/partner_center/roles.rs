//! The directory roles of a customer, and who has them.

use http::StatusCode;
use serde_json::{Value, json};

use crate::partner_center::customers::existing_customer;
use crate::partner_center::list::{collection, list};
use crate::partner_center::responses::{conflict, created, error, success};
use crate::partner_center::users::{active_user, is_deleted};
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

pub(super) fn list_directory_roles(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    existing_customer(store, request.ancestor(1))?;
    let roles: Vec<_> = store.below(&request.path).map(|(_, role)| role).collect();
    Ok(success(&collection(&roles)))
}

pub(super) fn list_user_roles(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let user = active_user(store, request.ancestor(1))?;
    let roles = [request.ancestor(3), &["directoryroles".to_owned()]].concat();
    let id = user["id"].as_str().unwrap_or_default();
    let has = |role: &str| {
        let member = [role, "usermembers", id].map(str::to_owned);
        store.get(&[&roles[..], &member].concat()).is_some()
    };
    let had: Vec<_> =
        store.below(&roles).filter(|(role, _)| has(role)).map(|(_, role)| role).collect();
    Ok(success(&collection(&had)))
}

pub(super) fn list_role_members(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    existing_role(store, request.ancestor(1))?;
    let customer = request.ancestor(3);
    let id = |member: &Value| member["id"].as_str().unwrap_or_default().to_owned();
    list(store, request, |member| is_shown(store, customer, &id(member)))
}

pub(super) fn add_role_member(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let role = existing_role(store, request.ancestor(1))?["id"].clone();
    let id = request.json["id"].as_str().unwrap_or_default().to_owned();
    let user = ["users".to_owned(), id.clone()];
    active_user(store, &[request.ancestor(3), &user].concat())?;
    let path = [&request.path[..], &[id]].concat();
    if store.get(&path).is_some() {
        return Err(conflict("The user has this role.", "id"));
    }
    let mut member = request.json.clone();
    member["roleId"] = role;
    member["attributes"] = json!({"objectType": "UserMember"});
    store.put(&path, member.clone());
    Ok(created(&member))
}

pub(super) fn remove_role_member(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    existing_role(store, request.ancestor(2))?;
    let id = request.path.last().map_or("", String::as_str);
    if is_shown(store, request.ancestor(4), id) && store.remove(&request.path).is_some() {
        Ok(Response::with_status(StatusCode::NO_CONTENT))
    } else {
        let text = "The user has not got this role.";
        Err(error(StatusCode::NOT_FOUND, 60002, text))
    }
}

fn existing_role<'a>(store: &'a Store, path: &[String]) -> Result<&'a Value, Response> {
    existing_customer(store, &path[..path.len() - 2])?;
    store.get(path).ok_or_else(|| error(StatusCode::NOT_FOUND, 1000, "There is no such role."))
}

/// Whether a role shows this member: not while the user is deleted.
fn is_shown(store: &Store, customer: &[String], id: &str) -> bool {
    let user = ["users", id].map(str::to_owned);
    let user = store.get(&[customer, &user].concat());
    user.is_none_or(|user| !is_deleted(user))
}

//! Members of an organization.

use serde_json::{Value, json};

use crate::calendar;
use crate::cloudflare::list::{by_token, fits, is_among};
use crate::cloudflare::organizations;
use crate::cloudflare::responses::{invalid, not_found, success};
use crate::ids;
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

pub(super) fn list(store: &mut Store, request: &Request) -> Result<Response, Response> {
    organizations::existing(store, request)?;
    let items = store
        .below(&request.path)
        .map(|(_, member)| member)
        .filter(|member| {
            is_among(request, "status", &member["status"])
                && fits(request, "user.email", &member["user"]["email"])
        })
        .collect();
    by_token(request, items)
}

pub(super) fn create(store: &mut Store, request: &Request) -> Result<Response, Response> {
    organizations::existing(store, request)?;
    let created = add(store, &request.path, &[&request.json["member"]])?;
    Ok(success(&created[0]))
}

pub(super) fn create_many(store: &mut Store, request: &Request) -> Result<Response, Response> {
    organizations::existing(store, request)?;
    let list = [request.ancestor(1), &["members".to_owned()]].concat();
    let members = request.json["members"].as_array();
    let members: Vec<_> = members.into_iter().flatten().collect();
    Ok(success(&add(store, &list, &members)?.into()))
}

pub(super) fn get(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let member = store.get(&request.path).ok_or_else(|| not_found(request))?;
    Ok(success(member))
}

pub(super) fn delete(store: &mut Store, request: &Request) -> Result<Response, Response> {
    if store.get(&request.path).is_none() {
        return Err(not_found(request));
    }
    store.remove(&request.path);
    Ok(Response::new(204))
}

/// Adds all of them or none.
fn add(store: &mut Store, list: &[String], members: &[&Value]) -> Result<Vec<Value>, Response> {
    let email = |member: &Value| member["user"]["email"].clone();
    let mut known: Vec<_> = store.below(list).map(|(_, known)| email(known)).collect();
    let is_new = members.iter().all(|member| {
        let email = email(member);
        let is_new = !known.contains(&email);
        known.push(email);
        is_new
    });
    if !is_new {
        return Err(invalid("The user is a member already."));
    }
    Ok(members
        .iter()
        .map(|member| {
            let id = ids::hex();
            let created = json!({
                "id": id,
                "status": member.get("status").unwrap_or(&json!("pending")),
                "user": {
                    "id": ids::hex(),
                    "email": member["user"]["email"],
                    "name": "",
                    "two_factor_authentication_enabled": false,
                },
                "meta": {},
                "create_time": calendar::NOW,
                "update_time": calendar::NOW,
            });
            store.put(&[list, &[id]].concat(), created.clone());
            created
        })
        .collect())
}

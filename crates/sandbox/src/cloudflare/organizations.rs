//! Organizations and their tree.

use serde_json::{Value, json};

use crate::calendar;
use crate::cloudflare::list::{by_token, fits, is_among};
use crate::cloudflare::responses::{invalid, not_found, success};
use crate::ids;
use crate::request::Request;
use crate::response::Response;
use crate::store::{Segments, Store, segments};

pub(super) fn list(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let store = &*store;
    let items = store
        .below(&request.path)
        .filter(|(id, organization)| {
            is_among(request, "id", &organization["id"])
                && fits(request, "name", &organization["name"])
                && is_child(request, organization)
                && contains(store, request, id)
        })
        .map(|(_, organization)| organization)
        .collect();
    by_token(request, items)
}

pub(super) fn create(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let id = ids::hex();
    let mut tags = Vec::new();
    let mut created = json!({
        "id": id,
        "name": request.json["name"],
        "create_time": calendar::NOW,
    });
    if let Some(parent_id) = request.json["parent"]["id"].as_str() {
        let parent = store.get(&path(parent_id));
        let parent = parent.ok_or_else(|| invalid("There is no such parent."))?;
        created["parent"] = json!({"id": parent_id, "name": parent["name"]});
        tags.extend(lineage(parent));
    }
    tags.push(id.clone());
    created["meta"] = json!({"hierarchy_tags": tags});
    let path = path(&id);
    store.put(&path, created.clone());
    if let Some(profile) = request.json.get("profile") {
        store.put(&profile_path(&path), profile.clone());
        created["profile"] = profile.clone();
    }
    Ok(success(&created))
}

pub(super) fn get(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let mut found = existing(store, request)?.clone();
    if let Some(profile) = store.get(&profile_path(&request.path)) {
        found["profile"] = profile.clone();
    }
    Ok(success(&found))
}

/// Changes the name, which is all that may be changed, here and in the children.
pub(super) fn modify(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let mut changed = existing(store, request)?.clone();
    let name = &request.json["name"];
    changed["name"] = name.clone();
    for mut child in children(store, &changed["id"]) {
        child["parent"]["name"] = name.clone();
        store.put(&path(child["id"].as_str().unwrap_or_default()), child);
    }
    store.put(&request.path, changed.clone());
    Ok(success(&changed))
}

pub(super) fn delete(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let id = &existing(store, request)?["id"];
    let holds = |kind: &str| {
        let list = [request.path.as_slice(), &[kind.to_owned()]].concat();
        store.below(&list).next().is_some()
    };
    if !children(store, id).is_empty() || holds("accounts") || holds("members") {
        return Err(invalid("The organization still has organizations, accounts or members."));
    }
    let response = success(&json!({"id": id}));
    store.remove(&request.path);
    Ok(response)
}

/// The organization whose path this one is or continues.
pub(super) fn existing<'a>(store: &'a Store, request: &Request) -> Result<&'a Value, Response> {
    let own = request.path.get(..4).and_then(|path| store.get(path));
    own.ok_or_else(|| not_found(request))
}

/// The path of an organization; a slash in the identifier doesn't lead further down.
pub(super) fn path(id: &str) -> Segments {
    let mut path = segments("/client/v4/organizations");
    path.push(id.to_owned());
    path
}

/// The identifiers from the root down to the organization.
pub(super) fn lineage(organization: &Value) -> impl Iterator<Item = String> {
    let tags = organization["meta"]["hierarchy_tags"].as_array();
    tags.into_iter().flatten().filter_map(|tag| tag.as_str().map(str::to_owned))
}

fn profile_path(organization: &[String]) -> Segments {
    [organization, &["profile".to_owned()]].concat()
}

fn children(store: &Store, id: &Value) -> Vec<Value> {
    store
        .below(&segments("/client/v4/organizations"))
        .map(|(_, organization)| organization)
        .filter(|organization| organization["parent"]["id"] == *id)
        .cloned()
        .collect()
}

/// Whether `parent.id` asks for the organization.
fn is_child(request: &Request, organization: &Value) -> bool {
    match request.query("parent.id") {
        None => true,
        Some("null") => organization["parent"].is_null(),
        Some(id) => organization["parent"]["id"] == id,
    }
}

/// Whether the organization, or one below it, holds what the `containing` parameters name.
fn contains(store: &Store, request: &Request, id: &str) -> bool {
    let holds = |name: &str, is_held: &dyn Fn(&str, &str) -> bool| {
        request.query(name).is_none_or(|wanted| {
            store
                .below(&request.path)
                .filter(|(_, below)| lineage(below).any(|tag| tag == id))
                .any(|(below, _)| is_held(below, wanted))
        })
    };
    holds("containing.organization", &|below, wanted| below != id && below == wanted)
        && holds("containing.account", &|below, wanted| {
            let accounts = [path(below), vec!["accounts".to_owned(), wanted.to_owned()]].concat();
            store.get(&accounts).is_some()
        })
        && holds("containing.user", &|below, wanted| {
            let members = [path(below), vec!["members".to_owned()]].concat();
            store.below(&members).any(|(_, member)| member["user"]["id"] == wanted)
        })
}

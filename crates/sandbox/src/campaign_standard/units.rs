//! Organizational and geographical units.

use serde_json::{Value, json};

use super::errors::backend;
use super::lists::list;
use super::records::{changed, existing};
use super::writes::{title, written};
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

/// How the key of a unit ends that a profile's link has.
const LINKED: &str = "-Qz7Lk";

pub(super) fn list_all(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let units = store.below(&request.path).map(|(_, unit)| unit).collect();
    list(store, request, units)
}

pub(super) fn update(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let mut unit = existing(store, &request.path)?.clone();
    if unit["parentTitle"] == "" {
        return Err(backend("The unit All (all) is read-only."));
    }
    if request.json == json!({}) {
        return Ok(Response::new(204));
    }
    for (name, value) in written(request, &unit)? {
        unit[name] = value.clone();
    }
    unit["title"] = title(&unit);
    store.put(&request.path, unit);
    Ok(changed(request))
}

/// What a profile shows of its unit, which has another key there than in the list of units: keys are neither kept
/// nor compared.
pub(super) fn link(unit: &Value) -> Value {
    let linked = |member: &str| format!("{}{LINKED}", unit[member].as_str().unwrap_or_default());
    json!({"PKey": linked("PKey"), "href": linked("href"), "title": unit["title"]})
}

/// The key that the list of units has, of either key.
pub(super) fn listed(key: &str) -> &str {
    key.strip_suffix(LINKED).unwrap_or(key)
}

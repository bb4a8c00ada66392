//! Organizational and geographical units.

use serde_json::{Value, json};

use super::errors::backend;
use super::lists::list;
use super::records::{changed, existing};
use super::writes::{title, written};
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

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

/// What a profile shows of its unit.
pub(super) fn link(unit: &Value) -> Value {
    json!({"PKey": unit["PKey"], "href": unit["href"], "title": unit["title"]})
}

//! A record, by its key.

use serde_json::{Value, json};

use super::errors::{backend, not_found};
use super::family;
use crate::request::Request;
use crate::response::Response;
use crate::store::{Segments, Store};

pub(super) fn get(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let record = existing(store, &request.path)?;
    Ok(Response::new(200).json(record))
}

/// Key and address of the record that was changed, and none of its members.
pub(super) fn changed(request: &Request) -> Response {
    let key = request.path.last().map(String::as_str).unwrap_or_default();
    let href = family::address(request);
    Response::new(200).json(&json!({"PKey": key, "href": href}))
}

/// The path of a record in the family that the request is for.
pub(super) fn record(request: &Request, resource: &str, key: &str) -> Segments {
    let family = request.path.iter().take(3).cloned();
    family.chain([resource.to_owned(), key.to_owned()]).collect()
}

/// The address of a new record in the list that the request is for.
pub(super) fn address_of(request: &Request, key: &str) -> String {
    let list = family::address(request);
    format!("{}/{key}", list.trim_end_matches('/'))
}

/// The record whose key ends `path`.
pub(super) fn existing<'a>(store: &'a Store, path: &[String]) -> Result<&'a Value, Response> {
    found(store, path)?.ok_or_else(not_found)
}

/// The record whose key ends `path`, if there is one.
pub(super) fn found<'a>(store: &'a Store, path: &[String]) -> Result<Option<&'a Value>, Response> {
    let key = path.last().map(String::as_str).unwrap_or_default();
    if !key.starts_with('@') {
        let text = format!("XTK-170036 Unable to parse: '{key}' is not a valid constant.");
        return Err(backend(&text));
    }
    Ok(store.get(path))
}

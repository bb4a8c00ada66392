//! Lists in pages, and the number of their entries.

use serde_json::{Value, json};

use super::errors::backend;
use super::family;
use crate::page::page;
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

/// Behind a list, this asks how many entries it has.
pub(super) const COUNT: &str = "_count";
const LINE_COUNT: usize = 25;

/// One page of `records`, or the list that a test has put at the request's path.
pub(super) fn list(
    store: &Store,
    request: &Request,
    mut records: Vec<&Value>,
) -> Result<Response, Response> {
    if request.is_followed {
        return Ok(Response::new(200).json(&json!({"count": records.len()})));
    }
    if let Some(stored) = store.get(&request.path) {
        return Ok(Response::new(200).json(stored));
    }
    if let Some(order) = request.query("_order") {
        let (field, direction) = order.split_once(' ').unwrap_or((order, "asc"));
        // Of a list of values each is its own field.
        records.sort_by_key(|record| record.get(field).unwrap_or(record).as_str());
        if direction == "desc" {
            records.reverse();
        }
    }
    let size = match request.query("_lineCount").map(str::parse) {
        None => LINE_COUNT,
        Some(Ok(size @ 1..)) => size,
        Some(_) => return Err(backend("XTK-170036 The value of _lineCount is not valid.")),
    };
    // A cursor belongs to the list with all its parameters, paging apart.
    let others: Vec<_> = request
        .query
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "_lineCount" | "_lineStart"))
        .collect();
    let name = format!("{:?}{others:?}", request.path);
    let cursor = request.query("_lineStart");
    let bare = cursor.map(|cursor| cursor.strip_prefix('@').unwrap_or_default());
    let page = page(&name, records, bare, size)
        .ok_or_else(|| backend("XTK-170036 The value of _lineStart is not valid."))?;

    let address = family::address(request);
    let query = request.raw_query_without("_lineStart");
    let start = cursor.unwrap_or("@");
    let mut body = json!({
        "content": page.items,
        "count": {"href": format!("{address}/{COUNT}?{query}_lineStart={start}")},
        "serverSidePagination": true,
    });
    if let Some(next) = page.next {
        body["next"] = json!({"href": format!("{address}?{query}_lineStart=@{next}")});
    }
    Ok(Response::new(200).json(&body))
}

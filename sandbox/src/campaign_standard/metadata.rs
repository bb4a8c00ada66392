//! What the resources look like.

use serde_json::{Map, Value, json};

use super::not_found;
use crate::reply::Reply;
use crate::store::Store;
use crate::vendor::Request;

/// Describes a resource by its first record.
pub(super) fn describe(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let mut path = request.ancestor(2).to_vec();
    let name = request.path.last().cloned().unwrap_or_default();
    path.push(name.clone());
    let (_, record) = store.below(&path).next().ok_or_else(not_found)?;
    let fields: Map<String, Value> = record
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let kind = match value {
                Value::Bool(_) => "boolean",
                Value::Number(_) => "number",
                Value::Object(_) | Value::Null => "link",
                _ => "string",
            };
            (name.clone(), json!({"apiName": name, "type": kind}))
        })
        .collect();
    let address = format!("{}{}", request.origin(), request.raw_path());
    Ok(Reply::new(200).json(&json!({
        "content": fields,
        "data": format!("/profileAndServicesExt/{name}/"),
        "filters": {"href": format!("{address}/filters")},
        "href": address,
        "label": name,
        "mandatory": false,
        "name": name,
        "readOnly": false,
        "type": "item",
    })))
}

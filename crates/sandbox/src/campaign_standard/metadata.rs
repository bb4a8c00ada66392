//! What the resources look like, and which filters they have.

use serde_json::{Map, Value, json};

use super::errors::not_found;
use super::family;
use crate::ids;
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

/// Behind a description, this asks for the filters.
pub(super) const FILTERS: &str = "filters";
const RESOURCES: [&str; 4] = ["geoUnitBase", "orgUnitBase", "profile", "service"];
/// It is described, while nothing here has a history.
const HISTORY: &str = "history";
/// Resource, filter, how its query is written, and label.
const KNOWN_FILTERS: [(&str, &str, &str, &str); 12] = [
    ("profile", "byEmail", "email=$value", "By email"),
    ("profile", "byKeysProfile", "email=$value", "By keys"),
    ("profile", "byStaticAudience", "audience=$value", "By static audience"),
    ("profile", "byText", "text=$value", "By name or email"),
    ("profile", "hasClickedDelivery", "delivery=$value", "Clicked"),
    ("profile", "hasOpenedDelivery", "delivery=$value", "Opened"),
    ("profile", "hasReceivedDelivery", "delivery=$value", "Received"),
    ("profile", "subscribers", "service=$value", "Subscribers"),
    ("service", "byChannel", "channel=$value", "By channel"),
    (
        "service",
        "byPlanning",
        "startDate=$value&endDate=$value",
        "Available during the given period",
    ),
    ("service", "byTargetResource", "targetResource=$value", "By targeting resource"),
    ("service", "byText", "text=$value", "By name or label"),
];

/// Describes a resource by its first record, or its filters.
pub(super) fn describe(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let name = request.path.last().map_or("", String::as_str);
    let family = request.ancestor(2);
    if !RESOURCES.contains(&name) && name != HISTORY {
        return Err(not_found());
    }
    if request.is_followed {
        return Ok(Response::new(200).json(&Value::Object(filters(name))));
    }
    let address = family::address(request);
    Ok(Response::new(200).json(&json!({
        "content": fields(store, family, name),
        "data": format!("/profileAndServicesExt/{name}/"),
        "filters": {"href": format!("{address}/{FILTERS}/")},
        "help": name,
        "href": address,
        "label": name,
        "mandatory": false,
        "name": name,
        "readOnly": false,
        "type": "item",
    })))
}

/// Describes all resources of the extended family.
#[expect(clippy::unnecessary_wraps, reason = "all handlers can fail")]
pub(super) fn list_all(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let address = family::address(request);
    let mut listing = Map::new();
    listing.insert("apiName".to_owned(), "resourceType".into());
    for name in RESOURCES {
        let resource = json!({
            "content": fields(store, &request.path, name),
            "data": format!("/profileAndServicesExt/{name}/"),
            "help": name,
            "href": format!("{address}/{name}/metadata"),
            "name": name,
            "type": "collection",
        });
        listing.insert(name.to_owned(), resource);
    }
    Ok(Response::new(200).json(&Value::Object(listing)))
}

/// The fields of the first record of a resource.
fn fields(store: &Store, family: &[String], resource: &str) -> Map<String, Value> {
    let path = [family, &[resource.to_owned()]].concat();
    let first = store.below(&path).next();
    first
        .and_then(|(_, record)| record.as_object())
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
        .collect()
}

fn filters(resource: &str) -> Map<String, Value> {
    KNOWN_FILTERS
        .into_iter()
        .filter(|(of, ..)| *of == resource)
        .map(|(_, name, query, label)| {
            let filter = json!({
                "PKey": ids::pkey(),
                "category": "99_none",
                "data": format!("/profileAndServicesExt/{resource}/{name}?{query}"),
                "formType": "none",
                "fragmentName": "",
                "label": label,
            });
            (name.to_owned(), filter)
        })
        .collect()
}

//! Which profile is subscribed to which service. Subscriptions are kept below their service.

use serde_json::{Value, json};

use super::lists::list;
use super::records::{existing, record};
use super::writes::duplicate;
use crate::calendar;
use crate::ids;
use crate::request::Request;
use crate::response::Response;
use crate::store::{Segments, Store};

pub(super) fn list_of_service(store: &mut Store, request: &Request) -> Result<Response, Response> {
    existing(store, request.ancestor(2))?;
    let subscriptions = store.below(&request.path).map(|(_, subscription)| subscription);
    list(store, request, subscriptions.collect())
}

pub(super) fn list_of_profile(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let profile = existing(store, request.ancestor(1))?;
    let subscriptions = store
        .below(&record(request, "service", ""))
        .flat_map(|(key, _)| of_service(store, request, key))
        .filter(|(_, subscription)| subscription["subscriber"]["PKey"] == profile["PKey"])
        .map(|(_, subscription)| subscription)
        .collect();
    list(store, request, subscriptions)
}

pub(super) fn subscribe_profile(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    let service = request.json["service"]["PKey"].as_str().unwrap_or_default();
    subscribe(store, request, service, &request.path[4])
}

pub(super) fn add_subscriber(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let profile = request.json["subscriber"]["PKey"].as_str().unwrap_or_default();
    subscribe(store, request, &request.path[4], profile)
}

pub(super) fn end(store: &mut Store, request: &Request) -> Result<Response, Response> {
    existing(store, &request.path)?;
    store.remove(&request.path);
    Ok(Response::new(204))
}

/// Ends all subscriptions of the profile that the request deletes.
pub(super) fn end_all(store: &mut Store, request: &Request) {
    let profile = request.path.last().map(String::as_str);
    let ended: Vec<Segments> = store
        .below(&record(request, "service", ""))
        .flat_map(|(key, _)| of_service(store, request, key))
        .filter(|(_, subscription)| subscription["subscriber"]["PKey"].as_str() == profile)
        .map(|(path, _)| path)
        .collect();
    for path in ended {
        store.remove(&path);
    }
}

/// The keys of the profiles that are subscribed to a service.
pub(super) fn subscribers<'a>(store: &'a Store, request: &Request, key: &str) -> Vec<&'a Value> {
    of_service(store, request, key)
        .into_iter()
        .map(|(_, subscription)| &subscription["subscriber"]["PKey"])
        .collect()
}

fn subscribe(
    store: &mut Store,
    request: &Request,
    service_key: &str,
    profile_key: &str,
) -> Result<Response, Response> {
    let service = existing(store, &record(request, "service", service_key))?;
    let profile = existing(store, &record(request, "profile", profile_key))?;
    if of_service(store, request, service_key)
        .iter()
        .any(|(_, subscription)| subscription["subscriber"]["PKey"] == profile_key)
    {
        return Err(duplicate());
    }
    let key = ids::pkey();
    let list = service["subscriptions"]["href"].as_str().unwrap_or_default();
    let subscription = json!({
        "PKey": key,
        "created": calendar::NOW_IN_CAMPAIGN,
        "email": "",
        "expirationDate": "",
        "href": format!("{list}{key}"),
        "metadata": "subscriptionRcp",
        "service": part(service, &["PKey", "href", "label", "name", "title"]),
        "serviceName": service["name"],
        "subscriber": part(profile, &["PKey", "href", "email", "firstName", "lastName"]),
    });
    let mut path = record(request, "service", service_key);
    path.extend(["subscriptions".to_owned(), key]);
    store.put(&path, subscription.clone());
    Ok(Response::new(201).json(&subscription))
}

fn of_service<'a>(store: &'a Store, request: &Request, key: &str) -> Vec<(Segments, &'a Value)> {
    let mut list = record(request, "service", key);
    list.push("subscriptions".to_owned());
    let path = |key: &str| [list.as_slice(), &[key.to_owned()]].concat();
    store.below(&list).map(|(key, subscription)| (path(key), subscription)).collect()
}

fn part(record: &Value, names: &[&str]) -> Value {
    names.iter().map(|name| (*name, record[name].clone())).collect()
}

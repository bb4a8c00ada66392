//! Profiles: found, made, changed and deleted.

use serde_json::{Map, Value, json};

use super::lists::list;
use super::records::{address_of, changed, existing, found, record};
use super::writes::{unique, written};
use super::{subscriptions, units};
use crate::calendar;
use crate::ids;
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

pub(super) fn list_all(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let profiles = store.below(&request.path).map(|(_, profile)| profile);
    list(store, request, profiles.collect())
}

pub(super) fn list_emails(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let profiles = store.below(request.ancestor(1));
    let emails = profiles.map(|(_, profile)| &profile["email"]).collect();
    list(store, request, emails)
}

pub(super) fn list_by_email(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let email = request.query("email");
    let profiles = store
        .below(request.ancestor(1))
        .map(|(_, profile)| profile)
        .filter(|profile| profile["email"].as_str() == email)
        .collect();
    list(store, request, profiles)
}

pub(super) fn list_by_text(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let text = request.query("text").unwrap_or_default();
    let fields = match request.query("filterType") {
        Some(field) => vec![field],
        None => vec!["email", "firstName", "lastName"],
    };
    let begins = |value: &Value| value.as_str().is_some_and(|value| value.starts_with(text));
    let profiles = store
        .below(request.ancestor(1))
        .map(|(_, profile)| profile)
        .filter(|profile| fields.iter().any(|field| begins(&profile[field])))
        .collect();
    list(store, request, profiles)
}

pub(super) fn list_by_audience(store: &mut Store, request: &Request) -> Result<Response, Response> {
    list_named_by(store, request, "audience", "profiles")
}

pub(super) fn list_received(store: &mut Store, request: &Request) -> Result<Response, Response> {
    list_named_by(store, request, "delivery", "received")
}

pub(super) fn list_opened(store: &mut Store, request: &Request) -> Result<Response, Response> {
    list_named_by(store, request, "delivery", "opened")
}

pub(super) fn list_clicked(store: &mut Store, request: &Request) -> Result<Response, Response> {
    list_named_by(store, request, "delivery", "clicked")
}

pub(super) fn list_subscribers(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let service = request.query("service").unwrap_or_default();
    found(store, &record(request, "service", service))?;
    let subscribers = subscriptions::subscribers(store, request, service);
    let profiles = store
        .below(request.ancestor(1))
        .map(|(_, profile)| profile)
        .filter(|profile| subscribers.contains(&&profile["PKey"]))
        .collect();
    list(store, request, profiles)
}

pub(super) fn create(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let others = store.below(&request.path).map(|(_, profile)| profile);
    unique(others, request, "email")?;
    let key = ids::pkey();
    let href = address_of(request, &key);
    let mut profile = json!({
        "PKey": key,
        "href": href,
        "firstName": "",
        "lastName": "",
        "email": "",
        "birthDate": "",
        "created": calendar::NOW_IN_CAMPAIGN,
        "lastModified": calendar::NOW_IN_CAMPAIGN,
        "orgUnit": null,
        "geoUnit": null,
        "subscriptions": {"href": format!("{href}/subscriptions/")},
    });
    change(store, request, &mut profile)?;
    let mut path = request.path.clone();
    path.push(key);
    store.put(&path, profile.clone());
    Ok(Response::new(201).json(&profile))
}

pub(super) fn update(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let mut profile = existing(store, &request.path)?.clone();
    if request.json.as_object().is_some_and(Map::is_empty) {
        return Ok(Response::new(204));
    }
    change(store, request, &mut profile)?;
    store.put(&request.path, profile);
    Ok(changed(request))
}

pub(super) fn delete(store: &mut Store, request: &Request) -> Result<Response, Response> {
    existing(store, &request.path)?;
    subscriptions::end_all(store, request);
    store.remove(&request.path);
    Ok(Response::new(200))
}

/// The profiles whose keys stand in a member of the record that the query has the key of.
fn list_named_by(
    store: &Store,
    request: &Request,
    resource: &str,
    member: &str,
) -> Result<Response, Response> {
    let key = request.query(resource).unwrap_or_default();
    let named = found(store, &record(request, resource, key))?.map(|record| &record[member]);
    let named = named.and_then(Value::as_array);
    let profiles = store
        .below(request.ancestor(1))
        .map(|(_, profile)| profile)
        .filter(|profile| named.is_some_and(|named| named.contains(&profile["PKey"])))
        .collect();
    list(store, request, profiles)
}

/// Puts what the request sends into a profile.
fn change(store: &Store, request: &Request, profile: &mut Value) -> Result<(), Response> {
    for (name, value) in written(request, profile)? {
        profile[name] = match name.as_str() {
            "orgUnit" | "geoUnit" if !value.is_null() => linked_unit(store, request, name, value)?,
            _ => value.clone(),
        };
    }
    Ok(())
}

/// The link to the unit whose key `value` holds; the kind is that of the profile's member.
fn linked_unit(
    store: &Store,
    request: &Request,
    kind: &str,
    value: &Value,
) -> Result<Value, Response> {
    let key = units::listed(value["PKey"].as_str().unwrap_or_default());
    let path = record(request, &format!("{kind}Base"), key);
    existing(store, &path).map(units::link)
}

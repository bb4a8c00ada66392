//! Services that profiles subscribe to.

use serde_json::{Value, json};

use super::lists::list;
use super::records::{address_of, changed, existing};
use super::writes::{title, unique, written};
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;
use crate::{calendar, ids};

pub(super) fn list_all(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let services = store.below(&request.path).map(|(_, service)| service);
    list(store, request, services.collect())
}

pub(super) fn list_by_channel(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let channel = request.query("channel");
    let services = store
        .below(request.ancestor(1))
        .map(|(_, service)| service)
        .filter(|service| service["messageType"].as_str() == channel)
        .collect();
    list(store, request, services)
}

/// A start or an end that isn't set leaves a service open on that side.
pub(super) fn list_by_planning(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let first = request.query("startDate").unwrap_or_default();
    let last = request.query("endDate").unwrap_or_default();
    let day = |value: &Value| value.as_str().unwrap_or_default().get(..10).map(str::to_owned);
    let services = store
        .below(request.ancestor(1))
        .map(|(_, service)| service)
        .filter(|service| day(&service["start"]).is_none_or(|start| start.as_str() <= last))
        .filter(|service| day(&service["end"]).is_none_or(|end| end.as_str() >= first))
        .collect();
    list(store, request, services)
}

pub(super) fn list_by_target(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let target = request.query("targetResource");
    let services = store
        .below(request.ancestor(1))
        .map(|(_, service)| service)
        .filter(|service| service["targetResource"].as_str() == target)
        .collect();
    list(store, request, services)
}

pub(super) fn list_by_text(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let text = request.query("text").unwrap_or_default();
    let begins = |value: &Value| value.as_str().is_some_and(|value| value.starts_with(text));
    let services = store
        .below(request.ancestor(1))
        .map(|(_, service)| service)
        .filter(|service| begins(&service["label"]) || begins(&service["name"]))
        .collect();
    list(store, request, services)
}

pub(super) fn create(store: &mut Store, request: &Request) -> Result<Response, Response> {
    written(request, &Value::Null)?;
    let others = store.below(&request.path).map(|(_, service)| service);
    unique(others, request, "name")?;
    let key = ids::pkey();
    let mut service = service(&key, &address_of(request, &key), &request.json);
    for time in ["created", "lastModified"] {
        service[time] = calendar::NOW_IN_CAMPAIGN.into();
    }
    let mut path = request.path.clone();
    path.push(key);
    store.put(&path, service.clone());
    Ok(Response::new(201).json(&service))
}

pub(super) fn update(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let mut service = existing(store, &request.path)?.clone();
    if request.json == json!({}) {
        return Ok(Response::new(204));
    }
    for (name, value) in written(request, &service)? {
        service[name] = value.clone();
    }
    service["title"] = title(&service);
    store.put(&request.path, service);
    Ok(changed(request))
}

pub(super) fn delete(store: &mut Store, request: &Request) -> Result<Response, Response> {
    existing(store, &request.path)?;
    store.remove(&request.path);
    Ok(Response::new(200))
}

/// A service of `members`, with default values for the others.
pub(super) fn service(key: &str, href: &str, members: &Value) -> Value {
    let text = |name: &str, default: &str| members[name].as_str().unwrap_or(default).to_owned();
    let (label, name) = (text("label", "Service"), text("name", &format!("SVC{}", &key[1..5])));
    let mut service = json!({
        "PKey": key,
        "builtIn": false,
        "created": "2026-02-11 07:45:12.318Z",
        "desc": "",
        "end": "",
        "href": href,
        "label": label,
        "lastModified": "2026-02-11 07:45:12.318Z",
        "messageType": "email",
        "mode": "newsletter",
        "name": name,
        "start": "",
        "subscriptions": {"href": format!("{href}/subscriptions/")},
        "targetResource": "profile",
        "title": format!("{label} ({name})"),
    });
    if let (Some(service), Some(members)) = (service.as_object_mut(), members.as_object()) {
        service.extend(members.clone());
    }
    service
}

//! Profiles: found, made, changed and deleted.

use serde_json::{Map, Value, json};

use super::{backend, changed, existing, list, subscriptions, units};
use crate::ids;
use crate::reply::Reply;
use crate::store::Store;
use crate::vendor::Request;

/// Members of a profile that are the service's own to set.
const READ_ONLY: [&str; 7] = [
    "age",
    "created",
    "createdBy",
    "cryptedId",
    "lastModified",
    "modifiedBy",
    "title",
];

pub(super) fn list_all(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let profiles = store.below(&request.path).map(|(_, profile)| profile);
    list(store, request, profiles.collect())
}

pub(super) fn list_emails(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let profiles = store.below(request.ancestor(1));
    let emails = profiles.map(|(_, profile)| &profile["email"]).collect();
    list(store, request, emails)
}

pub(super) fn list_by_email(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let email = request.query("email");
    let profiles = store
        .below(request.ancestor(1))
        .map(|(_, profile)| profile)
        .filter(|profile| profile["email"].as_str() == email)
        .collect();
    list(store, request, profiles)
}

pub(super) fn list_by_text(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
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

pub(super) fn create(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let key = ids::pkey();
    let href = format!("{}{}/{key}", request.origin(), request.raw_path());
    let mut profile = json!({
        "PKey": key,
        "href": href,
        "firstName": "",
        "lastName": "",
        "email": "",
        "birthDate": "",
        "created": "2026-03-02 09:15:00.000Z",
        "lastModified": "2026-03-02 09:15:00.000Z",
        "orgUnit": null,
        "subscriptions": {"href": format!("{href}/subscriptions/")},
    });
    if let Some(members) = profile.as_object_mut() {
        change(store, request, members)?;
    }
    let mut path = request.path.clone();
    path.push(key);
    store.put(&path, profile.clone());
    Ok(Reply::new(201).json(&profile))
}

pub(super) fn update(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let mut profile = existing(store, &request.path)?.clone();
    if request.json.as_object().is_some_and(Map::is_empty) {
        return Ok(Reply::new(204));
    }
    if let Some(members) = profile.as_object_mut() {
        change(store, request, members)?;
    }
    store.put(&request.path, profile);
    Ok(changed(request))
}

pub(super) fn delete(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    existing(store, &request.path)?;
    subscriptions::end_all(store, request);
    store.remove(&request.path);
    Ok(Reply::new(200))
}

/// Puts what the request sends into a profile.
fn change(store: &Store, request: &Request, members: &mut Map<String, Value>) -> Result<(), Reply> {
    for (name, value) in request.json.as_object().into_iter().flatten() {
        let value = match name.as_str() {
            name if READ_ONLY.contains(&name) => {
                let text = format!("The attribute {name} is read-only and not valid for profile.");
                return Err(backend(&text));
            }
            "PKey" | "href" if members.get(name) == Some(value) => continue,
            "PKey" | "href" => {
                return Err(backend(
                    "RST-360012 The key of the resource cannot be changed.",
                ));
            }
            "orgUnit" | "geoUnit" if !value.is_null() => linked_unit(store, request, name, value)?,
            _ => value.clone(),
        };
        members.insert(name.clone(), value);
    }
    Ok(())
}

/// The link to the unit whose key `value` holds; the kind is that of the profile's member.
fn linked_unit(
    store: &Store,
    request: &Request,
    kind: &str,
    value: &Value,
) -> Result<Value, Reply> {
    let key = value["PKey"].as_str().unwrap_or_default();
    let family = request.path.iter().take(3).cloned();
    let path: Vec<_> = family
        .chain([format!("{kind}Base"), key.to_owned()])
        .collect();
    existing(store, &path).map(units::link)
}

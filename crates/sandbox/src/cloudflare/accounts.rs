//! Accounts, stored under the organization that holds them.

use serde_json::{Value, json};

use crate::cloudflare::list::{by_token, fits};
use crate::cloudflare::organizations::{self, lineage, path};
use crate::cloudflare::responses::{invalid, not_found, success};
use crate::request::Request;
use crate::response::Response;
use crate::store::{Segments, Store, segments};

pub(super) fn list(store: &mut Store, request: &Request) -> Result<Response, Response> {
    organizations::existing(store, request)?;
    let mut items: Vec<_> = store
        .below(&request.path)
        .map(|(_, account)| account)
        .filter(|account| {
            fits(request, "name", &account["name"])
                && fits(request, "account_pubname", &account["name"])
        })
        .collect();
    if request.query("order_by") == Some("account_name") {
        items.sort_by_key(|account| account["name"].as_str());
    }
    if request.query("direction") == Some("desc") {
        items.reverse();
    }
    by_token(request, items)
}

pub(super) fn organizations(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let holder = holder(store, &request.path[3]).ok_or_else(|| not_found(request))?;
    let above: Vec<_> = store
        .get(&holder)
        .into_iter()
        .flat_map(lineage)
        .filter_map(|id| store.get(&path(&id)))
        .collect();
    Ok(success(&json!(above)))
}

pub(super) fn move_one(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let account = &request.path[3];
    let source = holder(store, account).ok_or_else(|| not_found(request))?;
    let destination = destination(store, request)?;
    relocate(store, account, &source, &destination);
    Ok(success(&json!({
        "account_id": account,
        "destination_organization_id": destination.last(),
        "source_organization_id": source.last(),
    })))
}

pub(super) fn move_many(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let destination = destination(store, request)?;
    let accounts = request.json["account_ids"].as_array();
    let statuses: Vec<_> = accounts
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|account| match holder(store, account) {
            Some(source) => {
                relocate(store, account, &source, &destination);
                json!({"tag": account, "moved": true})
            }
            None => json!({"tag": account, "moved": false, "message": "There is no such account."}),
        })
        .collect();
    Ok(success(&json!({"statuses": statuses})))
}

/// The path of the organization that holds an account.
pub(super) fn holder(store: &Store, account: &str) -> Option<Segments> {
    store
        .below(&segments("/client/v4/organizations"))
        .map(|(id, _)| path(id))
        .find(|organization| store.get(&account_path(organization, account)).is_some())
}

fn destination(store: &Store, request: &Request) -> Result<Segments, Response> {
    let id = request.json["destination_organization_id"].as_str();
    let path = path(id.unwrap_or_default());
    match store.get(&path) {
        Some(_) => Ok(path),
        None => Err(invalid("There is no such destination.")),
    }
}

fn relocate(store: &mut Store, account: &str, source: &[String], destination: &[String]) {
    if let Some(value) = store.remove(&account_path(source, account)) {
        store.put(&account_path(destination, account), value);
    }
}

fn account_path(organization: &[String], account: &str) -> Segments {
    [organization, &["accounts".to_owned(), account.to_owned()]].concat()
}

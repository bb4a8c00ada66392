//! The audit log.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::cloudflare::organizations;
use crate::cloudflare::responses::{envelope, invalid, not_found};
use crate::page::page;
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

const DEFAULT_LIMIT: usize = 100;
const LARGEST_LIMIT: usize = 1000;

/// The filters with what they look at; each has a twin that ends in `.not`.
const FILTERS: [(&str, &str); 18] = [
    ("id", "/id"),
    ("action_result", "/action/result"),
    ("action_type", "/action/type"),
    ("actor_context", "/actor/context"),
    ("actor_email", "/actor/email"),
    ("actor_id", "/actor/id"),
    ("actor_ip_address", "/actor/ip_address"),
    ("actor_token_id", "/actor/token_id"),
    ("actor_token_name", "/actor/token_name"),
    ("actor_type", "/actor/type"),
    ("raw_cf_ray_id", "/raw/cf_ray_id"),
    ("raw_method", "/raw/method"),
    ("raw_status_code", "/raw/status_code"),
    ("raw_uri", "/raw/uri"),
    ("resource_id", "/resource/id"),
    ("resource_product", "/resource/product"),
    ("resource_scope", "/resource/scope"),
    ("resource_type", "/resource/type"),
];

pub(super) fn list(store: &mut Store, request: &Request) -> Result<Response, Response> {
    organizations::existing(store, request)?;
    let is_asked_for = |entry: &&Value| {
        FILTERS.iter().all(|(name, pointer)| {
            let value = entry.pointer(pointer).map(text).unwrap_or_default();
            let not = format!("{name}.not");
            let mut wanted = request.queries(name).peekable();
            (wanted.peek().is_none() || wanted.any(|wanted| wanted == value))
                && request.queries(&not).all(|unwanted| unwanted != value)
        })
    };
    let entries = store.below(&request.path).map(|(_, entry)| entry);
    let (entries, info) = cut(request, entries.filter(is_asked_for).collect())?;
    Ok(response(&entries, info))
}

/// The updates of the resource that the entry is about.
pub(super) fn history(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let entry = store.get(request.ancestor(1));
    let entry = entry.ok_or_else(|| not_found(request))?;
    let entries = store
        .below(request.ancestor(2))
        .map(|(_, other)| other)
        .filter(|other| other["resource"]["id"] == entry["resource"]["id"])
        .filter(|other| other["action"]["type"] == "update")
        .collect();
    let (entries, mut info) = cut(request, entries)?;
    info["history_status"] = "exact".into();
    Ok(response(&entries, info))
}

/// The entries between two times, in order, on the page that is asked for.
fn cut<'a>(
    request: &Request,
    mut entries: Vec<&'a Value>,
) -> Result<(Vec<&'a Value>, Value), Response> {
    let bound = |name: &str| {
        let time = request.query(name).and_then(time);
        time.ok_or_else(|| invalid(&format!("{name} must be a time or a day.")))
    };
    let asked_for = bound("since")?..bound("before")?;
    let time = |entry: &Value| entry["action"]["time"].as_str().and_then(time);
    entries.retain(|entry| time(entry).is_some_and(|time| asked_for.contains(&time)));
    entries.sort_by_key(|entry| time(entry));
    if request.query("direction") != Some("asc") {
        entries.reverse();
    }
    let limit = match request.query("limit").map(str::parse) {
        None => DEFAULT_LIMIT,
        Some(Ok(limit @ 1..=LARGEST_LIMIT)) => limit,
        _ => return Err(invalid("limit must be a number from 1 to 1000.")),
    };
    let list = format!("{}?{}", request.raw_path(), request.raw_query_without("cursor"));
    let page = page(&list, entries, request.query("cursor"), limit)
        .ok_or_else(|| invalid("cursor does not belong to this list."))?;
    let mut info = json!({"count": page.items.len().to_string()});
    if let Some(cursor) = page.next {
        info["cursor"] = cursor.into();
    }
    Ok((page.items, info))
}

/// A time with its offset, or the beginning of a day.
fn time(text: &str) -> Option<Timestamp> {
    let midnight = || text.parse::<Date>().ok()?.to_zoned_datetime(TimeZone::UTC).ok();
    let time = text.parse().ok();
    time.or_else(|| midnight().map(|day| day.timestamp()))
}

/// The log's envelope has no messages.
fn response(entries: &[&Value], info: Value) -> Response {
    let mut body = envelope(&json!(entries));
    body["result_info"] = info;
    if let Some(members) = body.as_object_mut() {
        members.remove("messages");
    }
    Response::new(200).json(&body)
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        _ => value.to_string(),
    }
}

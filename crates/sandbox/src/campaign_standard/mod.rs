//! Campaign Standard: organizational units, and the profiles that belong to them.

pub(crate) mod credentials;
mod errors;
mod family;
mod lists;
mod metadata;
mod profiles;
pub(crate) mod seed;
mod services;
mod subscriptions;
mod successes;
#[cfg(test)]
mod tests;
mod units;
mod writes;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use serde_json::{Value, json};

use errors::{backend, gateway, not_found};
use lists::COUNT;
use metadata::FILTERS;

use crate::Sandbox;
use crate::ids;
use crate::journal::Service;
use crate::reply::Reply;
use crate::requests::{HeaderLine, Setup, SuccessfulRequest};
use crate::sign_in::{Access, Tokens};
use crate::store::{Segments, Store};
use crate::vendor::{Handler, Refusal, Request, Vendor};

pub(crate) use credentials::*;
pub(crate) use seed::*;
#[cfg(test)]
pub(crate) use successes::EXPECTED;

/// The lists that are there with and without a slash behind them.
const SLASHED: [&str; 2] = ["profile", "service"];

pub(crate) struct CampaignStandard;

impl Vendor for CampaignStandard {
    fn service(&self) -> Service {
        Service::CampaignStandard
    }

    fn setup(&self) -> Setup {
        Setup::new(
            &[CAMPAIGN_ORGANIZATION],
            &[(0, &[CAMPAIGN_ACCESS_TOKEN, CAMPAIGN_API_KEY])],
        )
    }

    fn requests(&self, sandbox: &Sandbox) -> Vec<SuccessfulRequest> {
        successes::successes(sandbox)
    }

    fn credentials(&self, _: &str) -> Vec<HeaderLine> {
        successes::credentials()
    }

    fn handlers(&self) -> &'static [(&'static str, Handler)] {
        &[
            ("listOrganizationalUnits", units::list_all),
            ("getOrganizationalUnit", get_record),
            ("updateOrganizationalUnit", units::update),
            ("listGeographicalUnits", units::list_all),
            ("getGeographicalUnit", get_record),
            ("updateGeographicalUnit", units::update),
            ("getResourceMetadata", metadata::describe),
            ("listResources", metadata::list_all),
            ("listProfiles", profiles::list_all),
            ("createProfile", profiles::create),
            ("listProfileEmails", profiles::list_emails),
            ("listProfilesByEmail", profiles::list_by_email),
            ("listProfilesByText", profiles::list_by_text),
            ("listProfilesByKeys", profiles::list_by_email),
            ("listProfilesByStaticAudience", profiles::list_by_audience),
            ("listProfilesThatReceivedDelivery", profiles::list_received),
            ("listProfilesThatOpenedDelivery", profiles::list_opened),
            ("listProfilesThatClickedDelivery", profiles::list_clicked),
            ("listSubscribers", profiles::list_subscribers),
            ("getProfile", get_record),
            ("updateProfile", profiles::update),
            ("deleteProfile", profiles::delete),
            ("listProfileSubscriptions", subscriptions::list_of_profile),
            ("subscribeProfile", subscriptions::subscribe_profile),
            ("listServices", services::list_all),
            ("createService", services::create),
            ("listServicesByChannel", services::list_by_channel),
            ("listServicesByPlanning", services::list_by_planning),
            ("listServicesByTargetResource", services::list_by_target),
            ("listServicesByText", services::list_by_text),
            ("getService", get_record),
            ("updateService", services::update),
            ("deleteService", services::delete),
            ("listServiceSubscriptions", subscriptions::list_of_service),
            ("addSubscriber", subscriptions::add_subscriber),
            ("unsubscribe", subscriptions::end),
        ]
    }

    fn owns(&self, path: &[String]) -> bool {
        path.get(1).is_some_and(|second| second == "campaign")
    }

    fn resolve(&self, request: &mut Request) {
        declare_json(request);
        let path = &mut request.path;
        let followed = match path.get(3..).unwrap_or_default() {
            _ if request.method != Method::GET => 0,
            [kind, _, last, end] if kind == "resourceType" && last == FILTERS && end.is_empty() => {
                2
            }
            [kind, ..] if kind == "resourceType" => 0,
            // A list has a number of entries; a record, whose key begins with `@`, has none.
            [.., counted, end] if end == COUNT && !counted.starts_with('@') => 1,
            _ => 0,
        };
        path.truncate(path.len() - followed);
        request.is_followed = followed > 0;
        match path.get(3..).unwrap_or_default() {
            // Adobe's own library ends these lists with a slash, to read and to create. Its tests against
            // the service expect 200 and 201; the 404 of an early version must have had another reason.
            [list, end] if end.is_empty() && SLASHED.contains(&list.as_str()) => path.truncate(4),
            _ => {}
        }
        family::resolve(request);
    }

    fn seed(&self, store: &mut Store, origin: &str) {
        seed::seed(store, origin);
    }

    fn authorize(&self, request: &Request, _: &str, tokens: &Tokens) -> Result<(), Reply> {
        let refused = |code, text| Err(gateway(code, text));
        let access = request.bearer().and_then(|token| tokens.access(token));
        match (request.header("authorization"), access) {
            (_, Some(Access::CampaignStandard)) => {}
            (None, _) => return refused("401010", "OAuth token is missing"),
            (Some(_), _) => return refused("401013", "OAuth token is not valid"),
        }
        match request.header("x-api-key") {
            Some(CAMPAIGN_API_KEY) => {}
            None => return refused("403000", "Api Key is required"),
            Some(_) => return refused("403003", "Api Key is invalid"),
        }
        match request.path.first().map(String::as_str) {
            Some(CAMPAIGN_ORGANIZATION) => Ok(()),
            _ => refused("403023", "Profile is not valid"),
        }
    }

    fn refuse(&self, request: &Request, refusal: &Refusal) -> Reply {
        errors::refusal(request, refusal)
    }

    fn finish(&self, request: &Request, reply: Reply) -> Reply {
        let reply = if family::is_product(request) {
            family::narrowed(reply)
        } else {
            reply
        };
        reply.header("x-request-id", &ids::guid(4))
    }
}

fn get_record(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let record = existing(store, &request.path)?;
    Ok(Reply::new(200).json(record))
}

/// Key and address of the record that was changed, and none of its members.
fn changed(request: &Request) -> Reply {
    let key = request.path.last().map(String::as_str).unwrap_or_default();
    let href = family::address(request);
    Reply::new(200).json(&json!({"PKey": key, "href": href}))
}

/// Adobe's own library sends JSON as `text/plain`. Its tests against the service have profiles created and
/// updated this way.
fn declare_json(request: &mut Request) {
    let declared = request.header("content-type");
    if declared.is_some_and(|declared| declared.starts_with("text/plain")) {
        let json = HeaderValue::from_static("application/json");
        request.headers.insert(CONTENT_TYPE, json);
    }
}

/// The path of a record in the family that the request is for.
fn record(request: &Request, resource: &str, key: &str) -> Segments {
    let family = request.path.iter().take(3).cloned();
    family
        .chain([resource.to_owned(), key.to_owned()])
        .collect()
}

/// The address of a new record in the list that the request is for.
fn address_of(request: &Request, key: &str) -> String {
    let list = family::address(request);
    format!("{}/{key}", list.trim_end_matches('/'))
}

/// The record whose key ends `path`.
fn existing<'a>(store: &'a Store, path: &[String]) -> Result<&'a Value, Reply> {
    found(store, path)?.ok_or_else(not_found)
}

/// The record whose key ends `path`, if there is one.
fn found<'a>(store: &'a Store, path: &[String]) -> Result<Option<&'a Value>, Reply> {
    let key = path.last().map(String::as_str).unwrap_or_default();
    if !key.starts_with('@') {
        let text = format!("XTK-170036 Unable to parse: '{key}' is not a valid constant.");
        return Err(backend(&text));
    }
    Ok(store.get(path))
}

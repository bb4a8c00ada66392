//! Every operation of every document: that it succeeds, what its answer shows, and how mistakes are
//! refused. Each answer is held against its document besides, or ends the test.

use std::collections::{BTreeMap, BTreeSet};

use letterhead_document::Document;
use serde_json::Value;

use crate::Sandbox;
use crate::contract::resolve;
use crate::destination::{ROUTERS, VENDORS};
use crate::route::{Route, Segment};
use crate::testing::{Received, credentials};

/// A request that succeeds for an operation.
struct Success {
    route: &'static Route,
    target: String,
    body: Option<Value>,
}

impl Success {
    /// One for each operation of a vendor.
    fn all(vendor: usize, sandbox: &Sandbox) -> Vec<Self> {
        let known = match vendor {
            0 => crate::partner_center::successes(sandbox),
            1 => crate::cloudflare::successes(sandbox),
            _ => crate::campaign_standard::successes(sandbox),
        };
        let routes = &ROUTERS[vendor].routes;
        let is_known = |route: &&Route| known.iter().any(|(id, ..)| *id == route.operation);
        let missing = routes.iter().filter(|route| !is_known(route));
        let missing: Vec<_> = missing.map(|route| &route.operation).collect();
        assert!(missing.is_empty(), "no request for {missing:?}");
        let request = |(id, target, body): (&str, String, Option<Value>)| {
            let route = routes.iter().find(|route| route.operation == id);
            Self {
                route: route.expect("an operation"),
                target,
                body,
            }
        };
        assert!(!sandbox.shared.lock().planted, "answers aren't judged");
        known.into_iter().map(request).collect()
    }

    async fn send(&self, sandbox: &Sandbox) -> Received {
        let method = self.route.method.as_str();
        sandbox.call(method, &self.target, self.body.as_ref()).await
    }
}

/// The document of a vendor.
fn document(vendor: usize) -> Value {
    let (name, text) = VENDORS[vendor].document();
    Document::parse(name, text).expect("a document").to_json()
}

/// An operation of a document.
fn operation<'a>(document: &'a Value, id: &str) -> &'a Value {
    let items = document["paths"].as_object().expect("paths").values();
    items
        .flat_map(|item| item.as_object().expect("a path item").values())
        .find(|operation| operation["operationId"] == id)
        .expect("an operation")
}

/// What values have in common: the members that all objects at one place have. The entries of a list
/// share a place.
#[derive(Default)]
struct Shape {
    members: BTreeMap<String, BTreeSet<String>>,
    lists: BTreeSet<String>,
}

impl Shape {
    fn add(&mut self, place: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                let names = || members.keys().cloned().collect();
                let common = self.members.entry(place.to_owned()).or_insert_with(names);
                common.retain(|name| members.contains_key(name));
                for (name, value) in members {
                    self.add(&format!("{place}/{name}"), value);
                }
            }
            Value::Array(items) => {
                let place = format!("{place}/*");
                for item in items {
                    self.add(&place, item);
                }
                self.lists.insert(place);
            }
            _ => {}
        }
    }

    /// What it has and the other one hasn't: members of objects, and the objects of lists.
    fn missing_from(&self, other: &Self) -> BTreeSet<String> {
        let mut missing = BTreeSet::new();
        for (place, names) in &self.members {
            match other.members.get(place) {
                Some(own) => {
                    missing.extend(names.difference(own).map(|name| format!("{place}/{name}")));
                }
                None if other.lists.contains(place) => drop(missing.insert(place.clone())),
                None => {}
            }
        }
        missing
    }
}

/// What the examples of a success always have.
fn exemplary(document: &Value, success: &Success, status: u16) -> Shape {
    let operation = operation(document, &success.route.operation);
    let answer = resolve(document, &operation["responses"][status.to_string()]);
    let content = &answer["content"]["application/json"];
    let examples = content["examples"].as_object().into_iter().flatten();
    let mut shape = Shape::default();
    for example in examples.map(|(_, example)| resolve(document, example)) {
        shape.add("", &example["value"]);
    }
    if let Some(example) = content.get("example") {
        shape.add("", example);
    }
    shape
}

/// What examples have and the sandbox doesn't, by vendor: operation, place and reason.
const LEFT_OUT: [&[(&str, &str, &str)]; 3] = [
    &[
        ("getCustomer", "/allowDelegatedAccess", DELEGATED),
        ("getCustomer", "/commerceId", "it belongs to orders"),
        ("getCustomerCompanyProfile", "/address", DELEGATED),
        ("getCustomerCompanyProfile", "/email", DELEGATED),
        ("createCustomerUser", "/lastDirectorySyncTime", NOT_SET),
        ("createCustomerUser", "/softDeletionTime", NOT_SET),
        ("getCustomerUser", "/immutableId", NOT_SET),
        ("getCustomerUser", "/lastDirectorySyncTime", NOT_SET),
        ("getCustomerUser", "/phoneNumber", NOT_SET),
        ("updateCustomerUserLicenses", "/licenseWarnings", NOT_SET),
    ],
    &[
        ("getOrganization", "/result/meta/tenant_flags", NOT_SET),
        ("getOrganizationProfile", "/messages/*", NOT_SET),
        (
            "listOrganizationAuditLogs",
            "/result/*/resource/request/business_phone",
            FREE,
        ),
        ("verifyAccountToken", "/result/expires_on", NOT_SET),
        ("verifyAccountToken", "/result/not_before", NOT_SET),
    ],
    &[
        ("listResources", "/cusPurchase", FREE),
        (
            "listProfilesByEmail",
            "/count/value",
            "lists are counted at the link",
        ),
        ("getResourceMetadata", "/content/email/dataPolicy", UNUSED),
        ("getResourceMetadata", "/pkgStatus", UNUSED),
        ("getResourceMetadata", "/schema", UNUSED),
    ],
];
const UNUSED: &str = "nothing here goes by it";
const DELEGATED: &str = "delegated administration is another matter";
const NOT_SET: &str = "it is there only when it is set";
const FREE: &str = "the example made it up";

#[tokio::test]
async fn every_operation_succeeds_and_shows_what_its_examples_show() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for (vendor, left_out) in LEFT_OUT.into_iter().enumerate() {
        let document = document(vendor);
        for success in Success::all(vendor, &sandbox) {
            let id = success.route.operation.as_str();
            let received = success.send(&sandbox).await;
            assert!((200..300).contains(&received.status), "{id}: {received:?}");
            let mut shown = Shape::default();
            if !received.body.is_empty() {
                shown.add("", &received.json());
            }
            let expected = exemplary(&document, &success, received.status);
            let missing = expected.missing_from(&shown);
            let left_out = left_out.iter().filter(|(operation, ..)| *operation == id);
            let left_out: BTreeSet<_> = left_out.map(|(_, place, _)| (*place).to_owned()).collect();
            assert_eq!(missing, left_out, "{id}");
        }
    }
}

/// The target of a request with the last identifier in its path replaced by one that nothing has.
fn with_unknown_identifier(success: &Success) -> Option<String> {
    let template = &success.route.template;
    let last = template.iter().rposition(|it| *it == Segment::Parameter)?;
    let (path, query) = success
        .target
        .split_once('?')
        .unwrap_or((&success.target, ""));
    let mut segments: Vec<_> = path
        .trim_start_matches('/')
        .split('/')
        .map(str::to_owned)
        .collect();
    segments[last] = segments[last].replace(|it: char| it.is_ascii_alphanumeric(), "0");
    Some(format!("/{}?{query}", segments.join("/")))
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for vendor in 0..VENDORS.len() {
        for success in Success::all(vendor, &sandbox) {
            let id = success.route.operation.as_str();
            let Some(target) = with_unknown_identifier(&success) else {
                continue;
            };
            let body = success.body.as_ref();
            let received = sandbox
                .call(success.route.method.as_str(), &target, body)
                .await;
            let in_organization_only = success
                .route
                .template
                .iter()
                .filter(|it| **it == Segment::Parameter)
                .count()
                == 1;
            let status = match vendor {
                // The tenant is unknown to the gateway.
                2 if in_organization_only => 403,
                _ if id == "verifyAccountToken" => 403,
                _ => 404,
            };
            assert_eq!(received.status, status, "{id} {target}");
        }
    }
}

#[tokio::test]
async fn nobody_gets_in_without_a_credential() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for (vendor, status) in [401, 400, 401].into_iter().enumerate() {
        for success in Success::all(vendor, &sandbox) {
            let method = success.route.method.as_str();
            let received = sandbox.send(method, &success.target, &[], None).await;
            assert_eq!(received.status, status, "{}", success.target);
        }
    }
}

#[tokio::test]
async fn a_body_that_is_not_what_the_document_says_is_refused() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for (vendor, status) in [400, 400, 500].into_iter().enumerate() {
        for success in Success::all(vendor, &sandbox) {
            if success.body.is_none() {
                continue;
            }
            let (method, target) = (success.route.method.as_str(), &success.target);
            for body in ["", "{oops", "[]"] {
                let headers = credentials(target);
                let received = sandbox.send(method, target, &headers, Some(body)).await;
                assert_eq!(received.status, status, "{method} {target} {body}");
            }
            let mut headers = credentials(target);
            headers.push(("content-type", "text/xml".to_owned()));
            let received = sandbox.send(method, target, &headers, Some("{}")).await;
            assert_eq!(received.status, 400, "{method} {target}");
        }
    }
}

#[tokio::test]
async fn a_parameter_that_the_document_requires_is_missed() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let mut missed = 0;
    for (vendor, status) in [400, 400, 500].into_iter().enumerate() {
        let document = document(vendor);
        for success in Success::all(vendor, &sandbox) {
            let operation = operation(&document, &success.route.operation);
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let is_required = parameters
                .map(|parameter| resolve(&document, parameter))
                .any(|parameter| parameter["in"] == "query" && parameter["required"] == true);
            if is_required {
                let (path, _) = success.target.split_once('?').expect("a query");
                let received = sandbox.call("GET", path, None).await;
                assert_eq!(received.status, status, "{path}");
                missed += 1;
            }
        }
    }
    assert!(missed > 10, "{missed}");
}

/// The writes that can't be made twice, with the status that the second one gets.
const ONCE: [(&str, u16); 17] = [
    ("createCustomerUser", 409),
    ("deleteCustomerUser", 404),
    ("addRoleMember", 409),
    ("removeRoleMember", 404),
    ("updateOrganizationProfile", 400),
    ("updateBillingProfile", 400),
    ("updateCustomerBillingProfile", 400),
    ("deleteOrganization", 404),
    ("createOrganizationMember", 400),
    ("batchCreateOrganizationMembers", 400),
    ("deleteOrganizationMember", 404),
    ("createService", 500),
    ("deleteService", 404),
    ("subscribeProfile", 500),
    ("addSubscriber", 500),
    ("unsubscribe", 404),
    ("deleteProfile", 404),
];

#[tokio::test]
async fn some_writes_cannot_be_made_twice() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for vendor in 0..VENDORS.len() {
        for success in Success::all(vendor, &sandbox) {
            let id = success.route.operation.as_str();
            let first = success.send(&sandbox).await.status;
            let second = success.send(&sandbox).await.status;
            let refused = ONCE.iter().find(|(operation, _)| *operation == id);
            assert_eq!(second, refused.map_or(first, |(_, status)| *status), "{id}");
        }
    }
}

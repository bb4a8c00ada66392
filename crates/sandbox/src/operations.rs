//! Every operation of every document: that it succeeds, what its response shows, and how mistakes are
//! refused. Each response is checked against its document as well.

use std::collections::{BTreeMap, BTreeSet};

use letterhead_document::Parameter;
use serde_json::Value;

use crate::Sandbox;
use crate::destination::ROUTERS;
use crate::route::{Route, Segment};
use crate::testing::{EXPECTED, Expected, Received, credentials};
use crate::vendor::Vendor;

/// A request that succeeds for an operation.
struct Success {
    route: &'static Route,
    target: String,
    body: Option<Value>,
}

impl Success {
    /// One for each operation of a vendor.
    fn all(vendor: usize, sandbox: &Sandbox) -> Vec<Self> {
        let known = Vendor::ALL[vendor].successful_requests(sandbox);
        let routes = &ROUTERS[vendor].routes;
        let is_known = |route: &&Route| known.iter().any(|(id, ..)| *id == route.id());
        let missing = routes.iter().filter(|route| !is_known(route));
        let missing: Vec<_> = missing.map(Route::id).collect();
        assert!(missing.is_empty(), "no request for {missing:?}");
        let request = |(id, target, body): (&str, String, Option<Value>)| {
            let route = routes.iter().find(|route| route.id() == id);
            Self { route: route.expect("an operation"), target, body }
        };
        assert!(!sandbox.shared.lock().planted, "responses aren't checked");
        known.into_iter().map(request).collect()
    }

    async fn send(&self, sandbox: &Sandbox) -> Received {
        let method = self.route.method.as_str();
        sandbox.call(method, &self.target, self.body.as_ref()).await
    }
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
fn exemplary(success: &Success, status: u16) -> Shape {
    let mut responses = success.route.operation.responses();
    let response = responses.find(|response| response.status.text == status.to_string().as_str());
    let examples = response.into_iter().flat_map(|response| response.examples());
    let mut shape = Shape::default();
    for example in examples {
        shape.add("", &example.to_json());
    }
    shape
}

#[tokio::test]
async fn every_operation_succeeds_and_shows_what_its_examples_show() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for (vendor, expected_of) in EXPECTED.iter().enumerate() {
        for success in Success::all(vendor, &sandbox) {
            let id = success.route.id();
            let received = success.send(&sandbox).await;
            assert!((200..300).contains(&received.status), "{id}: {received:?}");
            let mut shown = Shape::default();
            if !received.body.is_empty() {
                shown.add("", &received.json());
            }
            let expected = exemplary(&success, received.status);
            let missing = expected.missing_from(&shown);
            let left_out = expected_of.left_out.iter();
            let left_out = left_out.filter(|(operation, ..)| *operation == id);
            let left_out: BTreeSet<_> = left_out.map(|(_, place, _)| (*place).to_owned()).collect();
            assert_eq!(missing, left_out, "{id}");
        }
    }
}

/// The target of a request with the last identifier in its path replaced by one that nothing has.
fn with_unknown_identifier(success: &Success) -> Option<String> {
    let template = &success.route.template;
    let last = template.iter().rposition(|it| *it == Segment::Parameter)?;
    let (path, query) = success.target.split_once('?').unwrap_or((&success.target, ""));
    let mut segments: Vec<_> = path.trim_start_matches('/').split('/').map(str::to_owned).collect();
    segments[last] = segments[last].replace(|it: char| it.is_ascii_alphanumeric(), "0");
    Some(format!("/{}?{query}", segments.join("/")))
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for (vendor, expected) in EXPECTED.iter().enumerate() {
        for success in Success::all(vendor, &sandbox) {
            let id = success.route.id();
            let Some(target) = with_unknown_identifier(&success) else {
                continue;
            };
            let body = success.body.as_ref();
            let received = sandbox.call(success.route.method.as_str(), &target, body).await;
            let template = success.route.template.iter();
            let identifiers = template.filter(|it| **it == Segment::Parameter).count();
            let status = (expected.unknown)(id, identifiers);
            assert_eq!(received.status, status, "{id} {target}");
        }
    }
}

#[tokio::test]
async fn nobody_gets_in_without_a_credential() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for (vendor, expected) in EXPECTED.iter().enumerate() {
        for success in Success::all(vendor, &sandbox) {
            let method = success.route.method.as_str();
            let received = sandbox.send(method, &success.target, &[], None).await;
            assert_eq!(received.status, expected.unauthorized, "{}", success.target);
        }
    }
}

#[tokio::test]
async fn a_body_that_is_not_what_the_document_says_is_refused() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for (vendor, Expected { invalid, .. }) in EXPECTED.iter().enumerate() {
        for success in Success::all(vendor, &sandbox) {
            if success.body.is_none() {
                continue;
            }
            let (method, target) = (success.route.method.as_str(), &success.target);
            for body in ["", "{oops", "[]"] {
                let headers = credentials(target);
                let received = sandbox.send(method, target, &headers, Some(body)).await;
                assert_eq!(received.status, *invalid, "{method} {target} {body}");
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
    for (vendor, Expected { invalid, .. }) in EXPECTED.iter().enumerate() {
        for success in Success::all(vendor, &sandbox) {
            let parameters = success.route.operation.parameters();
            let is_required = |it: &Parameter<'_>| it.place() == "query" && it.is_required();
            if parameters.iter().any(is_required) {
                let (path, _) = success.target.split_once('?').expect("a query");
                let received = sandbox.call("GET", path, None).await;
                assert_eq!(received.status, *invalid, "{path}");
                missed += 1;
            }
        }
    }
    assert!(missed > 10, "{missed}");
}

#[tokio::test]
async fn some_writes_cannot_be_made_twice() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    for (vendor, expected) in EXPECTED.iter().enumerate() {
        for success in Success::all(vendor, &sandbox) {
            let id = success.route.id();
            let first = success.send(&sandbox).await.status;
            let second = success.send(&sandbox).await.status;
            let refused = expected.once.iter().find(|(operation, _)| *operation == id);
            assert_eq!(second, refused.map_or(first, |(_, status)| *status), "{id}");
        }
    }
}

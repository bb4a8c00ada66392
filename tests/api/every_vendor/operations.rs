//! Every operation of every document, called with a request that the service accepts.

use std::collections::BTreeSet;

use letterhead_sandbox::{RecordedRequest, Sandbox};
use serde_json::Value;

use super::arguments::{Arguments, decode, pairs};
use super::credentials::assert_headers;
use super::{Tested, document, of_operation};

pub(crate) async fn every_operation_is_called<V: Tested>() {
    let sandbox = Sandbox::start().await.unwrap();
    let row = V::VENDOR.row();
    let setup = V::VENDOR.setup();
    let document = document::<V>();
    let mut called = BTreeSet::new();
    for (operation, target, body) in V::VENDOR.successful_requests(&sandbox) {
        let _ = sandbox.take_requests();
        let call = of_operation(V::CALLS, operation);
        let mut errors = Vec::new();
        // Some operations take one kind of credential alone.
        for (kind, values) in setup.credentials {
            let client = V::client(*kind, values, sandbox.vendor_url(V::VENDOR)).unwrap();
            let arguments = Arguments::of(&document, operation, &target, body.as_ref());
            match call(&client, arguments).await {
                Err(error) => errors.push(error.to_string()),
                Ok(reply) => {
                    let sent = sandbox.take_requests().pop().unwrap();
                    assert_eq!(sent.operation, Some(operation));
                    assert_sent(&sent, &target, body.as_ref());
                    assert_headers(row, *kind, &sent);
                    let header = |name: &str| sent.header(name);
                    let (request_id, correlation_id) =
                        (reply.request_id().to_string(), reply.correlation_id().to_string());
                    for (name, id) in
                        [(row.request_id, request_id), (row.correlation_id, correlation_id)]
                    {
                        assert_eq!(name.map(header), name.map(|_| Some(&*id)), "{operation}");
                    }
                    let trace_id = sent.response.headers()[row.trace_id].to_str();
                    assert_eq!(reply.trace_id(), trace_id.ok(), "{operation}");
                    called.insert(operation.to_owned());
                    break;
                }
            }
        }
        assert!(called.contains(operation), "{operation}: {errors:#?}");
    }
    let operations = document.operations();
    let ids: BTreeSet<_> = operations.map(|it| it.id().unwrap().to_owned()).collect();
    assert_eq!(called, ids);
}

/// The target, whatever the order of its query, and the body are those of a request.
fn assert_sent(sent: &RecordedRequest, target: &str, body: Option<&Value>) {
    let parts = |target: &str| {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut pairs = pairs(query);
        pairs.sort();
        (decode(path), pairs)
    };
    assert_eq!(parts(&sent.target), parts(target));
    assert_eq!(sent.json().as_ref(), body, "{target}");
    // progenitor's own, which no vendor asks for.
    assert_eq!(sent.header("api-version"), None);
    let sends_json = sent.header("content-type") == Some("application/json");
    assert_eq!(sends_json, !sent.body.is_empty());
}

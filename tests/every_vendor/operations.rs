//! Every operation of every document, called with a request that the service accepts.

use std::collections::BTreeSet;

use letterhead_document::{Document, Node};
use letterhead_sandbox::{Exchange, Sandbox};
use serde_json::Value;

use crate::arguments::{Arguments, decode, pairs};
use crate::credentials::assert_headers;
use crate::{Vendor, plain};

pub(crate) async fn every_operation_is_called<V: Vendor>() {
    let sandbox = Sandbox::start().await.unwrap();
    let row = V::SERVICE.row();
    let setup = V::SERVICE.setup();
    let mut called = BTreeSet::new();
    for (operation, target, body) in sandbox.requests(V::SERVICE) {
        let _ = sandbox.take_exchanges();
        let mut calls = V::CALLS.iter();
        let call = calls.find(|(name, _)| plain(name) == plain(operation));
        let (_, call) = call.unwrap_or_else(|| panic!("{operation} is not generated"));
        let mut errors = Vec::new();
        // Some operations take one kind of credential alone.
        for (kind, values) in setup.credentials {
            let client = V::client(*kind, values, sandbox.service_url(V::SERVICE)).unwrap();
            let arguments = Arguments::of(row, operation, &target, body.as_ref());
            match call(&client, arguments).await {
                Err(error) => errors.push(error.to_string()),
                Ok(reply) => {
                    let exchange = sandbox.take_exchanges().pop().unwrap();
                    assert_eq!(exchange.operation, Some(operation));
                    assert_sent(&exchange, &target, body.as_ref());
                    assert_headers(row, *kind, &exchange);
                    let header = |name: &str| exchange.request_header(name);
                    let (request_id, correlation_id) = (
                        reply.request_id().to_string(),
                        reply.correlation_id().to_string(),
                    );
                    for (name, id) in [
                        (row.request_id, request_id),
                        (row.correlation_id, correlation_id),
                    ] {
                        assert_eq!(name.map(header), name.map(|_| Some(&*id)), "{operation}");
                    }
                    let trace_id = exchange.response_headers[row.trace_id].to_str();
                    assert_eq!(reply.trace_id(), trace_id.ok(), "{operation}");
                    called.insert(operation.to_owned());
                    break;
                }
            }
        }
        assert!(called.contains(operation), "{operation}: {errors:#?}");
    }
    let document = Document::parse(row.file, row.document()).unwrap();
    let operations = document.operations();
    let ids = operations.map(|(_, _, node)| node.get("operationId").and_then(Node::as_str));
    let ids: BTreeSet<_> = ids.map(|id| id.unwrap().to_owned()).collect();
    assert_eq!(called, ids);
}

/// The target, whatever the order of its query, and the body are those of a request.
fn assert_sent(exchange: &Exchange, target: &str, body: Option<&Value>) {
    let parts = |target: &str| {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut pairs = pairs(query);
        pairs.sort();
        (decode(path), pairs)
    };
    assert_eq!(parts(&exchange.target), parts(target));
    assert_eq!(exchange.request_json().as_ref(), body, "{target}");
    // progenitor's own, which no vendor asks for.
    assert_eq!(exchange.request_header("api-version"), None);
    let sends_json = exchange.request_header("content-type") == Some("application/json");
    assert_eq!(sends_json, !exchange.request_body.is_empty());
}

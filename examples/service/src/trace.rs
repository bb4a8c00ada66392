//! One request through the service to three vendors, and the trace that it leaves.

use std::time::Duration;

use anyhow::Context as _;
use letterhead_sandbox::{Response, Sandbox, seed};
use letterhead_telemetry::Collector;
use serde_json::json;
use tokio::net::TcpListener;

use crate::clients::Clients;
use crate::serve::Server;
use crate::telemetry::Telemetry;
use crate::trace_tree;

/// What the request calls itself. It is no UUID, and becomes one.
const ORIGINAL_ID: &str = "order-4711";

pub(crate) async fn run() -> anyhow::Result<()> {
    let collector = Collector::start()?;
    let telemetry = Telemetry::start(Some(&collector.endpoint), "off")?;
    let sandbox = Sandbox::start().await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/company/phone", listener.local_addr()?);
    let clients = Clients::of_sandbox(&sandbox)?;
    let server = Server::start(listener, clients, telemetry.metrics.clone());

    // One vendor is busy for a moment, so that there is a retry to see.
    let path = format!("/client/v4/organizations/{}/profile", seed::CLOUDFLARE_ORGANIZATION_ID);
    let busy = Response::new(429).header("retry-after", "0");
    sandbox.respond_next_to(&path, busy.json(&json!({"success": false, "errors": []})));

    let http = letterhead::http_client_builder()?.no_proxy().build()?;
    let request = http
        .put(&url)
        .header("content-type", "application/json")
        .header("x-correlation-id", ORIGINAL_ID)
        .body(json!({"phoneNumber": "4255550188"}).to_string());
    let response = request.send().await?;
    let id = response.headers().get("x-correlation-id");
    let id = id.context("the response has a correlation id")?.to_str()?.to_owned();
    println!("PUT {url}\nx-correlation-id: {ORIGINAL_ID}\n");
    println!("{}\nx-correlation-id: {id}", response.status());
    let body: serde_json::Value = serde_json::from_str(&response.text().await?)?;
    println!("{body:#}\n");

    server.stop(Duration::ZERO).await?;
    telemetry.end().await;
    let spans: Vec<_> = collector.spans().into_iter().map(|(_, span)| span).collect();
    println!("The trace, as a collector receives it:\n");
    for line in trace_tree::lines(&spans) {
        println!("{line}");
    }
    println!("\nWhat the vendors received:\n");
    for request in sandbox.requests() {
        let shown = ["ms-correlationid", "traceparent"]
            .into_iter()
            .filter_map(|name| Some(format!("\n    {name}: {}", request.header(name)?)));
        println!("{} {}{}", request.method, request.path(), shown.collect::<String>());
    }
    Ok(())
}

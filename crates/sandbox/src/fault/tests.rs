//! The proxy as clients see it.

mod connections;
mod plans;
mod reads;
mod responses;

use std::io;
use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::*;
use crate::seed::{CUSTOMER_TENANT_ID, USER_ID};
use crate::testing::{Received, credentials, request_id, send};

const ORGANIZATION: &str = "/v1/profiles/organization";
const FOREVER: Duration = Duration::from_secs(3600);

struct World {
    sandbox: Sandbox,
    proxy: FaultyProxy,
}

impl World {
    async fn with(faults: Faults) -> Self {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let proxy = FaultyProxy::start(&sandbox, faults).await;
        let proxy = proxy.expect("a proxy");
        Self { sandbox, proxy }
    }

    async fn one(fault: Fault) -> Self {
        Self::with(Faults::script([Some(fault)])).await
    }

    /// A write with a request id of its own, by way of the proxy.
    async fn patch(&self, target: &str, id: &str) -> io::Result<Received> {
        let mut headers = credentials(target);
        headers.push(("ms-requestid", id.to_owned()));
        let body = json!({"firstName": id}).to_string();
        send(&self.proxy.url(), "PATCH", target, &headers, Some(&body)).await
    }

    async fn get(&self, target: &str) -> Received {
        self.get_with(target, &[]).await
    }

    async fn get_with(&self, target: &str, more: &[(&'static str, String)]) -> Received {
        let headers = [credentials(target), more.to_vec()].concat();
        let received = send(&self.proxy.url(), "GET", target, &headers, None).await;
        received.expect("a response")
    }

    /// A write without more to it, and how often it was applied.
    async fn patch_user(&self) -> (io::Result<Received>, usize) {
        let received = self.patch(&user_path(), &request_id(1)).await;
        (received, self.sandbox.take_applied_writes().len())
    }

    async fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.proxy.address).await;
        stream.expect("a connection")
    }
}

fn user_path() -> String {
    format!("/v1/customers/{CUSTOMER_TENANT_ID}/users/{USER_ID}")
}

/// The head of a request with the right credentials.
fn get(target: &str) -> String {
    let mut lines = vec![format!("GET {target} HTTP/1.1"), "host: sandbox".to_owned()];
    for (name, value) in credentials(target) {
        lines.push(format!("{name}: {value}"));
    }
    lines.join("\r\n") + "\r\n\r\n"
}

/// Reads until `end` has arrived.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if text.contains(end) {
            return text.into_owned();
        }
        let read = stream.read_buf(&mut bytes).await.expect("a response");
        assert_ne!(read, 0, "the connection ended early");
    }
}

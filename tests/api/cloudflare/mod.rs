//! Cloudflare's operations against the sandbox: what went over the wire, and what came back.

mod accounts;
mod activity;
mod members;
mod organizations;
mod profiles;

use crate::support::World;
use letterhead::cloudflare::Client;
use letterhead_sandbox::{RecordedRequest, credentials, seed};
use serde_json::Value;

const ORGANIZATION: &str = seed::CLOUDFLARE_ORGANIZATION_ID;
const SUB_ORGANIZATION: &str = seed::CLOUDFLARE_SUB_ORGANIZATION_ID;
const BARE_ORGANIZATION: &str = seed::CLOUDFLARE_BARE_ORGANIZATION_ID;
const ACCOUNT: &str = seed::CLOUDFLARE_ACCOUNT_IDS[0];
const STAGING: &str = seed::CLOUDFLARE_ACCOUNT_IDS[1];
const EUROPE: &str = seed::CLOUDFLARE_ACCOUNT_IDS[2];

struct Cloudflare {
    world: World,
}

impl Cloudflare {
    async fn start() -> Self {
        Self { world: World::start().await }
    }

    fn client(&self) -> &Client {
        &self.world.cloudflare
    }

    /// The requests since this was last asked, each of which is with an operation of the document.
    fn requests(&self) -> Vec<RecordedRequest> {
        let requests = self.world.sandbox.take_requests();
        for request in &requests {
            assert!(request.operation.is_some(), "{request:?}");
            assert_eq!(request.header("x-auth-key"), Some(credentials::CLOUDFLARE_API_KEY));
        }
        requests
    }

    /// The only request since then: method and path, and the body that was sent.
    fn sent(&self) -> (String, Option<Value>) {
        let requests = self.requests();
        let [request] = requests.as_slice() else {
            panic!("one request: {requests:#?}");
        };
        let target = request.target.strip_prefix("/client/v4").unwrap();
        (format!("{} {target}", request.method), request.json())
    }
}

fn nothing_sent(line: impl Into<String>) -> (String, Option<Value>) {
    (line.into(), None)
}

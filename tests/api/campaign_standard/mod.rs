//! Campaign Standard's operations against the sandbox: what went over the wire, and what came back.

mod links;
mod metadata;
mod profiles;
mod services;
mod times;
mod units;

use crate::support::World;
use letterhead::campaign_standard::Client;
use letterhead_sandbox::{RecordedRequest, Response, credentials, seed};
use serde_json::Value;

const PROFILE: &str = seed::CAMPAIGN_PROFILE_PKEY;
const LOOSE_PROFILE: &str = seed::CAMPAIGN_LOOSE_PROFILE_PKEY;
const SERVICE: &str = seed::CAMPAIGN_SERVICE_PKEY;
const UNIT: &str = seed::CAMPAIGN_UNIT_PKEY;
const OTHER_UNIT: &str = seed::CAMPAIGN_OTHER_UNIT_PKEY;

const BASE: &str = "/fabrikam/campaign";

struct Campaign {
    world: World,
}

impl Campaign {
    async fn start() -> Self {
        Self { world: World::start().await }
    }

    fn client(&self) -> &Client {
        &self.world.campaign
    }

    /// The address of a path of the instance.
    fn address(&self, path: &str) -> String {
        format!("{}{BASE}{path}", self.world.sandbox.url())
    }

    /// Responds to the next call with this JSON.
    fn respond_next(&self, json: &Value) {
        self.world.sandbox.respond_next(Response::new(200).json(json));
    }

    /// The requests since this was last asked, each of which is with an operation of the document and has
    /// both credentials.
    fn requests(&self) -> Vec<RecordedRequest> {
        let requests = self.followed();
        for request in &requests {
            assert!(request.operation.is_some(), "{request:?}");
        }
        requests
    }

    /// The requests since then, which the document need not have: links are followed as they come.
    fn followed(&self) -> Vec<RecordedRequest> {
        let requests = self.world.sandbox.take_requests();
        let bearer = format!("Bearer {}", credentials::CAMPAIGN_ACCESS_TOKEN);
        for request in &requests {
            assert_eq!(request.header("authorization"), Some(&*bearer));
            assert_eq!(request.header("x-api-key"), Some(credentials::CAMPAIGN_API_KEY));
        }
        requests
    }

    /// The only request since then: method and path below the family, and the body that was sent.
    fn sent(&self) -> (String, Option<Value>) {
        let requests = self.requests();
        let [request] = requests.as_slice() else {
            panic!("one request: {requests:#?}");
        };
        let family = format!("{BASE}/profileAndServicesExt");
        let target = request.target.strip_prefix(&family).unwrap();
        (format!("{} {target}", request.method), request.json())
    }
}

fn nothing_sent(line: impl Into<String>) -> (String, Option<Value>) {
    (line.into(), None)
}

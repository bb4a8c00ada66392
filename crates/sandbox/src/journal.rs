//! What was written, once for each time that it took effect.

use std::collections::{HashMap, VecDeque};
use std::fmt;

use http::Method;
use serde_json::Value;

use crate::recorded_request::without_credentials;
use crate::request::Request;
use crate::response::Response;
use crate::store::Segments;
use crate::vendor::Vendor;

/// A write that a service applied.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct AppliedWrite {
    /// The service.
    pub vendor: Vendor,
    /// The method of the request.
    pub method: Method,
    /// Path and query exactly as they stood on the request line.
    pub target: String,
    /// What the service recognizes retries by, if it does and the request had it: Partner Center's
    /// `MS-RequestId`.
    pub request_id: Option<String>,
    /// The body of the request.
    pub body: Value,
}

/// The body is left out, because it may hold a password and failed assertions print writes.
impl fmt::Debug for AppliedWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppliedWrite")
            .field("vendor", &self.vendor)
            .field("method", &self.method)
            .field("target", &without_credentials(&self.target))
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

/// How many responses are kept for retries: more than can be under way at once, but not so many
/// that a long run is felt.
const RESPONSES: usize = 4096;

/// The writes, and the responses to those that may be retried.
#[derive(Default)]
pub(crate) struct Journal {
    pub(crate) writes: Vec<AppliedWrite>,
    responses: HashMap<Identity, Response>,
    oldest_first: VecDeque<Identity>,
}

/// What a request and its retry have in common.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Identity {
    request_id: String,
    method: Method,
    path: Segments,
}

impl Identity {
    fn of(request: &Request, request_id: &str) -> Self {
        Self {
            request_id: request_id.to_owned(),
            method: request.method.clone(),
            path: request.path.clone(),
        }
    }
}

impl Journal {
    /// The response to the write that this request retries, if it does.
    pub(crate) fn response_to(
        &self,
        request: &Request,
        request_id: Option<&str>,
    ) -> Option<Response> {
        let identity = Identity::of(request, request_id?);
        self.responses.get(&identity).cloned()
    }

    /// Enters a write that was applied just now.
    pub(crate) fn enter(
        &mut self,
        vendor: Vendor,
        request: &Request,
        request_id: Option<&str>,
        response: &Response,
    ) {
        self.writes.push(AppliedWrite {
            vendor,
            method: request.method.clone(),
            target: request.target.clone(),
            request_id: request_id.map(str::to_owned),
            body: request.json.clone(),
        });
        let Some(request_id) = request_id else {
            return;
        };
        if self.oldest_first.len() == RESPONSES
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.responses.remove(&oldest);
        }
        let identity = Identity::of(request, request_id);
        self.oldest_first.push_back(identity.clone());
        self.responses.insert(identity, response.clone());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tokio::task::JoinSet;

    use super::*;
    use crate::Sandbox;
    use crate::seed::{
        CAMPAIGN_PROFILE_PKEY, CLOUDFLARE_ORGANIZATION_ID, CUSTOMER_TENANT_ID, USER_ID, USER_IDS,
    };
    use crate::testing::{Received, credentials, request_id};

    const ORGANIZATION: &str = "/v1/profiles/organization";

    fn user_path(id: &str) -> String {
        format!("/v1/customers/{CUSTOMER_TENANT_ID}/users/{id}")
    }

    async fn write(
        sandbox: &Sandbox,
        method: &str,
        target: &str,
        id: u64,
        body: &Value,
    ) -> Received {
        let mut headers = credentials(target);
        headers.push(("ms-requestid", request_id(id)));
        let body = body.to_string();
        sandbox.send(method, target, &headers, Some(&body)).await
    }

    #[tokio::test]
    async fn a_retried_request_id_gets_the_first_response_and_changes_nothing() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let mut profile = sandbox.resource(ORGANIZATION).expect("a profile");
        profile["email"] = "first@fabrikam.example".into();
        let first = write(&sandbox, "PUT", ORGANIZATION, 1, &profile).await;
        // The etag is stale by now, so that another request would be refused.
        let again = write(&sandbox, "PUT", ORGANIZATION, 1, &profile).await;
        assert_eq!((again.status, &again.body), (200, &first.body));
        assert_eq!(again.header("ms-requestid"), Some(request_id(1).as_str()));
        let other = write(&sandbox, "PUT", ORGANIZATION, 2, &profile).await;
        assert_eq!(other.json()["code"], 2055);
        let journal = sandbox.applied_writes();
        assert_eq!(journal.len(), 1, "{journal:?}");
        assert_eq!(journal[0].request_id, Some(request_id(1)));
    }

    #[tokio::test]
    async fn an_id_stands_for_one_method_and_path_and_for_what_was_applied() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let (ada, bruno) = (user_path(USER_ID), user_path(USER_IDS[1]));
        let change = json!({"usageLocation": "DE"});
        for path in [&ada, &bruno] {
            let received = write(&sandbox, "PATCH", path, 1, &change).await;
            assert_eq!(received.json()["usageLocation"], "DE");
        }
        let read = write(&sandbox, "GET", &ada, 1, &change).await;
        assert_eq!(read.status, 200);
        let unauthorized = sandbox.send("PATCH", &ada, &[], None).await;
        assert_eq!(unauthorized.status, 401);

        let support = "/v1/profiles/support";
        let whole = sandbox.resource(support).expect("a profile");
        let refused = write(&sandbox, "PUT", support, 2, &json!({})).await;
        assert_eq!(refused.status, 400);
        let accepted = write(&sandbox, "PUT", support, 2, &whole).await;
        assert_eq!(accepted.status, 200);
        let targets: Vec<_> =
            sandbox.applied_writes().into_iter().map(|entry| entry.target).collect();
        assert_eq!(targets, [ada.as_str(), &bruno, support]);
    }

    #[tokio::test]
    async fn the_journal_has_what_every_service_applied_in_order() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let cloudflare = format!("/client/v4/organizations/{CLOUDFLARE_ORGANIZATION_ID}/profile");
        let profiles = "/fabrikam/campaign/profileAndServicesExt/profile";
        let campaign = format!("{profiles}/{CAMPAIGN_PROFILE_PKEY}");
        let user = user_path(USER_ID);
        let secret = json!({"passwordProfile": {"password": "Copper-Kettle-41"}});
        let replaced = sandbox.resource(&cloudflare).expect("a profile");
        let change = json!({"firstName": "Nadja"});
        for (method, target, body) in [
            ("PATCH", &user, &secret),
            ("PUT", &cloudflare, &replaced),
            ("PATCH", &campaign, &json!({})),
            ("PATCH", &campaign, &change),
            ("PATCH", &campaign, &change),
        ] {
            let received = sandbox.call(method, target, Some(body)).await;
            assert!(received.status < 300, "{received:?}");
        }
        let journal = sandbox.take_applied_writes();
        let entries: Vec<_> =
            journal.iter().map(|entry| (entry.vendor, &entry.target, &entry.body)).collect();
        let expected = [
            (Vendor::PartnerCenter, &user, &secret),
            (Vendor::Cloudflare, &cloudflare, &replaced),
            (Vendor::CampaignStandard, &campaign, &change),
            (Vendor::CampaignStandard, &campaign, &change),
        ];
        assert_eq!(entries, expected);
        assert!(sandbox.applied_writes().is_empty());
        assert!(!format!("{journal:?}").contains("Copper-Kettle-41"));
    }

    #[tokio::test]
    async fn writers_at_once_lose_nothing_where_there_is_an_etag() {
        let sandbox = std::sync::Arc::new(Sandbox::start().await.expect("a sandbox"));
        let stale = sandbox.resource(ORGANIZATION).expect("a profile");
        let mut writers = JoinSet::new();
        for writer in 0..8 {
            let (sandbox, mut profile) = (sandbox.clone(), stale.clone());
            writers.spawn(async move {
                let member = format!("writer{writer}");
                for conflicts in 0.. {
                    profile[&member] = true.into();
                    let received = sandbox.call("PUT", ORGANIZATION, Some(&profile)).await;
                    if received.status == 200 {
                        return conflicts;
                    }
                    assert_eq!(received.json()["code"], 2055);
                    profile = sandbox.call("GET", ORGANIZATION, None).await.json();
                }
                unreachable!("the loop has no end");
            });
        }
        let conflicts: u32 = writers.join_all().await.into_iter().sum();
        assert!(conflicts >= 7, "all but one began with a stale etag");
        let profile = sandbox.resource(ORGANIZATION).expect("a profile");
        for writer in 0..8 {
            assert_eq!(profile[format!("writer{writer}")], true);
        }
        assert_eq!(sandbox.applied_writes().len(), 8);
    }

    #[test]
    fn responses_are_forgotten_in_the_end() {
        let mut journal = Journal::default();
        let request = Request::default();
        for number in 0..=RESPONSES {
            let id = number.to_string();
            let response = Response::new(200).body(id.clone());
            journal.enter(Vendor::PartnerCenter, &request, Some(&id), &response);
        }
        assert!(journal.response_to(&request, Some("0")).is_none());
        for id in ["1", &RESPONSES.to_string()] {
            let response = journal.response_to(&request, Some(id)).expect("a response");
            assert_eq!(response.sent(), id.as_bytes());
        }
        assert_eq!(journal.responses.len(), RESPONSES);
        assert_eq!(journal.writes.len(), RESPONSES + 1);
    }
}

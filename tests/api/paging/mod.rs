//! Lists over all their pages: they end, lose nothing and can be gone on with.

use std::collections::HashSet;

use crate::support::World;
use futures_util::TryStreamExt;
use letterhead::{CorrelationId, RequestId};
use letterhead_sandbox::{Response, seed};
use serde_json::{Value, json};

/// A page of customers with these ids and perhaps a token for the next one.
fn page(ids: &[&str], token: Option<&str>) -> Response {
    let items: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    Response::new(200).json(&json!({"items": items, "continuationToken": token}))
}

/// Does the same with a list of each way to page: continuation token, page token, cursor, page number,
/// link.
macro_rules! each_way {
    ($world:ident, $size:expr, |$list:ident| $check:expr) => {
        let organization = seed::CLOUDFLARE_ORGANIZATION_ID;
        let (partner, campaign) = (&$world.partner, &$world.campaign);
        let cloudflare = &$world.cloudflare;
        let $list = || partner.list_customers().size($size);
        $check;
        let $list = || cloudflare.list_organizations().page_size($size);
        $check;
        let $list = || {
            let logs = cloudflare.list_organization_audit_logs().since("2026-10-01");
            logs.before("2026-11-01").organization_id(organization).limit($size)
        };
        $check;
        let $list = || {
            let shares = cloudflare.list_organization_shares();
            shares.organization_id(organization).per_page($size)
        };
        $check;
        let $list = || campaign.list_organizational_units().line_count($size);
        $check;
    };
}

mod cancelled;
mod endless;
mod ends;
mod json;
mod moved;
mod positions;
mod texts;
mod undecoded;
mod without_list;

fn value(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[tokio::test]
async fn a_cap_fetches_no_page_that_it_does_not_need() {
    let world = World::start().await;
    for (cap, fetched) in [(0, 0), (1, 1), (2, 1), (3, 2)] {
        each_way!(world, 2, |list| {
            let items: Vec<_> = list().items().at_most(cap).try_collect().await.unwrap();
            assert_eq!(items.len(), cap);
            assert_eq!(world.sandbox.take_requests().len(), fetched);
            let _: Vec<_> = list().pages().at_most(fetched).try_collect().await.unwrap();
            assert_eq!(world.sandbox.take_requests().len(), fetched);
        });
    }
}

#[tokio::test]
async fn pages_are_calls_of_one_operation() {
    let world = World::start().await;
    let id = RequestId::from(letterhead::uuid::Uuid::from_u128(7));
    each_way!(world, 1, |list| {
        let pages: Vec<_> = list().request_id(id).pages().try_collect().await.unwrap();
        let requests: HashSet<_> = pages.iter().map(letterhead::Reply::request_id).collect();
        let operations: HashSet<_> = pages.iter().map(letterhead::Reply::correlation_id).collect();
        // An id that is sent again would make another page a retry.
        assert_eq!((requests.len(), operations.len()), (pages.len(), 1));
        assert_eq!(pages[0].request_id(), id);
    });
    let job = CorrelationId::new();
    let mut pages = world.partner.list_customers().size(1).pages();
    let first = job.scope(pages.next()).await.unwrap().unwrap();
    let second = pages.next().await.unwrap().unwrap();
    assert_eq!([first.correlation_id(), second.correlation_id()], [job; 2]);
}

#[tokio::test]
async fn all_pages_are_one_stream() {
    let world = World::start().await;
    let all: Vec<_> = world.partner.list_customers().size(2).items().try_collect().await.unwrap();
    let ids: Vec<_> = all.iter().filter_map(|customer| customer.id.as_deref()).collect();
    assert_eq!(ids, seed::CUSTOMER_TENANT_IDS);
    let requests = world.sandbox.take_requests();
    assert_eq!(requests.len(), seed::CUSTOMER_TENANT_IDS.len().div_ceil(2));
    assert!(requests.iter().all(|request| request.target.contains("size=2")));

    let units = world.campaign.list_organizational_units().line_count(1).items();
    let units: Vec<_> = units.try_collect().await.unwrap();
    let requests = world.sandbox.take_requests();
    assert_eq!(units.len(), requests.len());
    assert!(units.len() > 1);
    // Without it a large table would end after its first page.
    for request in requests {
        assert!(request.target.contains("_forcePagination=true"));
    }
}

#[tokio::test]
async fn a_token_may_be_in_the_link_to_the_next_page_only() {
    let world = World::start().await;
    let header = json!({"key": "ms-continuationtoken", "value": "t1"});
    let next = json!({"uri": "/customers?seekOperation=Next", "headers": [header]});
    let first = json!({"items": [{"id": "a"}], "links": {"next": next}});
    world.sandbox.respond_next(Response::new(200).json(&first));
    world.sandbox.respond_next(page(&["b"], Some("")));
    let all = world.partner.list_customers().items();
    let all: Vec<_> = all.try_collect().await.unwrap();
    assert_eq!(all.len(), 2);
    let requests = world.sandbox.take_requests();
    assert_eq!(requests.len(), 2, "an empty token is none");
    let second = &requests[1];
    assert_eq!(second.target, "/v1/customers?seekOperation=Next");
    assert_eq!(second.header("ms-continuationtoken"), Some("t1"));
}

#[tokio::test]
async fn pages_can_be_taken_one_by_one() {
    let world = World::start().await;
    let mut pages = world.partner.list_customers().size(2).pages();
    let mut count = 0;
    while let Some(page) = pages.next().await {
        count += page.unwrap().items.len();
    }
    assert_eq!(count, seed::CUSTOMER_TENANT_IDS.len());
    assert_eq!(pages.position(), None);
    assert!(pages.next().await.is_none(), "an end is an end");
}

#[tokio::test]
async fn what_is_looked_for_by_name_is_found_on_any_page() {
    let world = World::start().await;
    let units = |units: &Value| {
        let base = world.sandbox.campaign_standard_url();
        let next = json!({"href": format!("{base}/fabrikam/campaign/x?_lineStart=@2")});
        for response in [
            json!({"content": [{"name": "a", "PKey": "@a"}], "next": next}),
            json!({ "content": units }),
        ] {
            world.sandbox.respond_next(Response::new(200).json(&response));
        }
    };
    units(&json!([{"name": "b", "PKey": "@b"}]));
    let found = world.campaign.find_organizational_unit("b").await.unwrap();
    assert_eq!(found.into_inner().unwrap().p_key.as_deref(), Some("@b"));
    let profile = seed::CAMPAIGN_PROFILE_PKEY;
    let job = CorrelationId::new();
    for (content, reason, is_not_found) in [
        (json!([]), "assign_profile: no organizational unit has the name \"b\"", true),
        (json!([{"name": "b"}]), "\"b\" came without a key", false),
    ] {
        units(&content);
        let error = job.scope(world.campaign.assign_profile(profile, "b")).await;
        let error = error.unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(error.is_not_found(), is_not_found, "{error}");
        assert_eq!(error.operation(), Some("assign_profile"));
        assert_eq!(error.correlation_id(), Some(job));
        assert!(error.request_id().is_some());
    }
    let _ = world.sandbox.take_requests();

    let customer = |domain: &str| json!({"id": domain, "companyProfile": {"domain": domain}});
    for (token, domain) in [(Some("t"), "fabrikam.example.org"), (None, "Fabrikam.example")] {
        let page = json!({"items": [customer(domain)], "continuationToken": token});
        world.sandbox.respond_next(Response::new(200).json(&page));
    }
    let found = world.partner.find_customer_by_domain("fabrikam.EXAMPLE").await;
    assert_eq!(found.unwrap().into_inner().unwrap().id.as_deref(), Some("Fabrikam.example"));
    let requests = world.sandbox.take_requests();
    let id = |at: usize| requests[at].header("ms-correlationid");
    assert!(requests.len() == 2 && id(0) == id(1));
}

//! What was done in an organization, what it used and what it shares.

use futures_util::TryStreamExt;
use letterhead::cloudflare::types::{
    self, AuditActionType, AuditActorContext, AuditActorType, AuditResult,
};
use letterhead::cloudflare::{Client, builder};
use letterhead_sandbox::{RecordedRequest, Response, seed};
use serde_json::{Value, json};

use super::{Cloudflare, ORGANIZATION, nothing_sent};

const AUDIT: [&str; 3] = [
    seed::CLOUDFLARE_AUDIT_LOG_ID,
    "0b94e7d3-61fa-4c28-9d05-7ae3c81f2b60",
    "a27c5f18-d046-4be3-8e91-30b6f9d4c752",
];

fn audit(client: &Client) -> builder::ListOrganizationAuditLogs {
    let list = client.list_organization_audit_logs();
    list.organization_id(ORGANIZATION).since("2026-10-01").before("2026-11-01")
}

fn ids(entries: &[types::AuditLog]) -> Vec<&str> {
    entries.iter().filter_map(|entry| entry.id.as_deref()).collect()
}

#[tokio::test]
async fn the_audit_log_is_listed_by_cursor() {
    let cloudflare = Cloudflare::start().await;
    let all: Vec<_> = audit(cloudflare.client()).limit(2).items().try_collect().await.unwrap();
    assert_eq!(ids(&all), AUDIT);
    let action = all[1].action.as_ref().unwrap();
    assert_eq!(action.result, Some(AuditResult::Failure));
    let requests = cloudflare.requests();
    assert_eq!(requests.len(), 2);
    let path = format!("/client/v4/organizations/{ORGANIZATION}/logs/audit");
    assert_eq!(requests[0].path(), path);
    assert!(requests[1].query().unwrap().contains("cursor=AAE"));

    let early = audit(cloudflare.client()).before("2026-10-04");
    let early = early.direction(types::SortDirection::Asc).send().await;
    assert_eq!(ids(&early.unwrap().result), [AUDIT[2], AUDIT[1]]);
    let late = audit(cloudflare.client()).since("2026-10-04T18:20:11+02:00");
    assert_eq!(ids(&late.send().await.unwrap().result), [AUDIT[0]]);
    let error = audit(cloudflare.client()).since("yesterday").send().await;
    assert_eq!(error.unwrap_err().status().unwrap().as_u16(), 400);
    cloudflare.requests();
}

#[tokio::test]
async fn a_cursor_is_found_in_either_place() {
    let cloudflare = Cloudflare::start().await;
    for info in [
        json!({"count": "1", "cursor": "next"}),
        json!({"count": 1, "cursors": {"after": "next"}}),
        json!({"cursor": "", "cursors": {"after": "next", "before": "first"}}),
    ] {
        let last = json!({"cursor": "", "cursors": {"after": null}});
        for (id, info) in [("a", info), ("b", last)] {
            let page = json!({"success": true, "result": [{"id": id}], "result_info": info});
            cloudflare.world.sandbox.respond_next(Response::new(200).json(&page));
        }
        let all: Vec<_> = audit(cloudflare.client()).items().try_collect().await.unwrap();
        assert_eq!(all.len(), 2);
        let requests = cloudflare.requests();
        assert!(requests[1].query().unwrap().contains("cursor=next"));
    }
}

#[tokio::test]
async fn every_filter_of_the_audit_log_has_its_opposite() {
    let cloudflare = Cloudflare::start().await;
    let list = || audit(cloudflare.client());
    let text = |text: &str| vec![text.to_owned()];
    let token = "90b3a5d7c1e84f62b8d04a9e7f15c236";
    let uri = format!("/client/v4/organizations/{ORGANIZATION}/member");
    /// A call with a filter, another one with its twin, and what the first one finds.
    macro_rules! filters {
        ($($filter:ident, $not:ident: $value:expr => $found:expr;)*) => {
            vec![$((stringify!($filter), list().$filter($value), list().$not($value), $found.to_vec())),*]
        };
    }
    let filters = filters! {
        id, id_not: text(AUDIT[1]) => [1];
        action_result, action_result_not: vec![AuditResult::Success] => [0, 2];
        action_type, action_type_not: vec![AuditActionType::Create] => [2];
        actor_context, actor_context_not: vec![AuditActorContext::Dash, AuditActorContext::ApiKey] => [0, 2];
        actor_email, actor_email_not: text("ada@fabrikam.example") => [0, 1, 2];
        actor_id, actor_id_not: text("nobody") => [];
        actor_ip_address, actor_ip_address_not: text("192.0.2.14") => [0, 1, 2];
        actor_token_id, actor_token_id_not: text(token) => [1];
        actor_token_name, actor_token_name_not: text("nightly sync") => [1];
        actor_type, actor_type_not: vec![AuditActorType::System] => [];
        raw_cf_ray_id, raw_cf_ray_id_not: text("8f2b6c1d9e4a7204") => [0];
        raw_method, raw_method_not: text("PUT") => [0, 1];
        raw_status_code, raw_status_code_not: vec![204, 400] => [0, 1];
        raw_uri, raw_uri_not: text(&uri) => [2];
        resource_id, resource_id_not: text(ORGANIZATION) => [0, 1];
        resource_product, resource_product_not: text("organizations") => [0, 1, 2];
        resource_scope, resource_scope_not: text("organizations") => [0, 1, 2];
        resource_type, resource_type_not: text("member") => [2];
    };
    for (name, with, without, found) in filters {
        let found: Vec<_> = found.into_iter().map(|at: usize| AUDIT[at]).collect();
        let with = with.send().await.unwrap();
        assert_eq!(ids(&with.result), found, "{name}");
        let without = without.send().await.unwrap();
        let others = AUDIT.into_iter().filter(|id| !found.contains(id));
        assert_eq!(ids(&without.result), others.collect::<Vec<_>>(), "{name}.not");
        let requests = cloudflare.requests();
        let query = requests[1].query().unwrap();
        assert!(query.contains(&format!("{name}.not=")), "{query}");
    }
}

#[tokio::test]
async fn a_history_has_the_updates_of_one_resource() {
    let cloudflare = Cloudflare::start().await;
    let call = |entry: &str| {
        let list = cloudflare.client().list_organization_audit_log_history();
        list.organization_id(ORGANIZATION)
            .id(entry)
            .action_time("2026-10-04T16:20:11Z")
            .since("2026-10-01")
            .before("2026-11-01")
    };
    let page = call(AUDIT[0]).send().await.unwrap();
    assert_eq!(ids(&page.result), [AUDIT[0], AUDIT[1]]);
    let info = page.result_info.as_ref().unwrap();
    assert_eq!(info.history_status, Some(types::HistoryStatus::Exact));
    let (line, _) = cloudflare.sent();
    let times = "action_time=2026-10-04T16%3A20%3A11Z&before=2026-11-01&since=2026-10-01";
    let path = format!("GET /organizations/{ORGANIZATION}/logs/audit/{}/history", AUDIT[0]);
    assert_eq!(line, format!("{path}?{times}"));
    let all: Vec<_> = call(AUDIT[0]).limit(1).items().try_collect().await.unwrap();
    assert_eq!(ids(&all), [AUDIT[0], AUDIT[1]]);
    assert!(call("nothing").send().await.unwrap_err().is_not_found());
    cloudflare.requests();
}

#[tokio::test]
async fn usage_comes_in_rows() {
    let cloudflare = Cloudflare::start().await;
    let call = || {
        let call = cloudflare.client().get_organization_billable_usage();
        call.organization_id(ORGANIZATION)
    };
    let usage = call().send().await.unwrap();
    let path = format!("GET /organizations/{ORGANIZATION}/billable/usage");
    assert_eq!(cloudflare.sent(), nothing_sent(path));
    assert_eq!(usage.result.len(), 3);
    let row = &usage.result[1];
    assert_eq!(row.consumed_quantity, Some(98_213.5));
    let metric = row.x_billable_metric_name.as_deref();
    assert_eq!((metric, row.billed_cost), (Some("Workers Requests"), None));
    let usage = call().from("2026-10-02").to("2026-10-31").send().await.unwrap();
    assert_eq!(usage.result.len(), 2);
    for refused in [
        call().from("2026-10-01"),
        call().from("2026-01-01").to("2026-10-01"),
        call().from("2026-10-02").to("2026-10-01"),
        call().from("2026-09-31").to("2026-10-01"),
    ] {
        let error = refused.send().await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 400);
    }
    cloudflare.requests();
}

#[tokio::test]
async fn shares_are_listed_by_page_number() {
    let cloudflare = Cloudflare::start().await;
    let list = || cloudflare.client().list_organization_shares().organization_id(ORGANIZATION);
    let call = list().order(types::ShareOrder::Created).per_page(1);
    let all: Vec<_> = call.items().try_collect().await.unwrap();
    let names: Vec<_> =
        all.iter().map(|share| share.get::<String>("name").unwrap().unwrap()).collect();
    assert_eq!(names, ["Former rules", "Baseline rules", "Allowed addresses"]);
    let requests = cloudflare.requests();
    let queries: Vec<_> = requests.iter().filter_map(RecordedRequest::query).collect();
    let numbers = ["", "&page=2", "&page=3"];
    let expected = numbers.map(|number| format!("order=created{number}&per_page=1"));
    assert_eq!(queries, expected);

    for (call, count) in [
        (list().status("deleted"), 1),
        (list().kind("sent").target_type("organization"), 3),
        (list().resource_types(["a", "custom-ruleset"]), 3),
        (list().resource_types(vec!["a".to_owned()]), 0),
        (list().direction(types::SortDirection::Desc).page(2), 0),
    ] {
        assert_eq!(call.send().await.unwrap().result.len(), count);
        cloudflare.requests();
    }
}

#[tokio::test]
async fn numbered_pages_end_whatever_they_say_of_the_total() {
    let cloudflare = Cloudflare::start().await;
    let page = |info: Value| {
        Response::new(200).json(&json!({"success": true, "result": [{}], "result_info": info}))
    };
    for (first, second) in [
        (
            json!({"page": 1, "per_page": 1, "total_count": 2}),
            json!({"page": 2, "per_page": 1, "total_count": 2}),
        ),
        (
            json!({"page": 1, "per_page": 1, "count": 1}),
            json!({"page": 2, "per_page": 2, "count": 1}),
        ),
        (json!({"page": 1, "per_page": 1, "total_pages": 2}), json!(null)),
        (json!({"page": 1, "total_pages": 2}), json!({"page": 2, "total_pages": 2})),
        (
            json!({"page": 1, "count": 1, "total_count": 2}),
            json!({"page": 2, "count": 1, "total_count": 2}),
        ),
        // Totals that contradict one another: the larger one holds.
        (
            json!({"page": 1, "per_page": 1, "total_pages": 1, "total_count": 2}),
            json!({"page": 2, "per_page": 1, "total_pages": 1, "total_count": 2}),
        ),
    ] {
        cloudflare.world.sandbox.respond_next(page(first));
        cloudflare.world.sandbox.respond_next(page(second));
        let list = cloudflare.client().list_organization_shares();
        let all: Vec<_> = list.organization_id(ORGANIZATION).items().try_collect().await.unwrap();
        assert_eq!(all.len(), 2);
    }
    // A server that knows no pages sends the first one for ever.
    for _ in 0..2 {
        let first = json!({"page": 1, "per_page": 1, "total_pages": 9});
        cloudflare.world.sandbox.respond_next(page(first));
    }
    let list = cloudflare.client().list_organization_shares();
    let mut items = list.organization_id(ORGANIZATION).items();
    assert!(items.next().await.unwrap().is_ok());
    let error = items.next().await.unwrap().unwrap_err().to_string();
    assert!(error.contains("page 2 of the list was asked for, and page 1 came"), "{error}");
    assert!(items.next().await.is_none());
    // Without a number there is no telling whether it is the same one again.
    for info in [json!({"per_page": 1, "total_pages": 2}), json!({"per_page": 1, "count": 1})] {
        cloudflare.world.sandbox.respond_next(page(info));
        let list = cloudflare.client().list_organization_shares();
        let mut items = list.organization_id(ORGANIZATION).items();
        assert!(items.next().await.unwrap().is_ok());
        let error = items.next().await.unwrap().unwrap_err().to_string();
        assert!(error.contains("doesn't say which one it is"), "{error}");
    }
    cloudflare.requests();
}

//! Tokens, cursors and totals in another type than the document has.

use futures_util::TryStreamExt;
use letterhead_sandbox::{Response, seed};
use serde_json::json;

use crate::support::World;

fn raw(body: impl Into<String>) -> Response {
    Response::new(200).header("content-type", "application/json").body(body.into())
}

#[tokio::test]
async fn every_way_reads_them_as_text_or_number() {
    let world = World::start().await;
    let base = world.sandbox.campaign_standard_url();
    for (token, total, second) in
        [("7", r#""2""#, r#""2""#), ("12345678901234567890123", "2.0", "2.0")]
    {
        each_way!(world, 1, |list| {
            world.sandbox.respond_next(raw(format!(
                r#"{{"items": [{{}}], "content": [{{}}], "result": [{{}}],
                    "totalCount": {total}, "continuationToken": {token},
                    "next": {{"href": "{base}/fabrikam/campaign/x?{token}"}},
                    "result_info": {{
                        "next_page_token": {token}, "total_size": {total}, "cursor": {token},
                        "page": "1", "per_page": "1", "count": 1.0, "total_count": {total},
                        "total_pages": {total}
                    }}}}"#
            )));
            world.sandbox.respond_next(raw(format!(
                r#"{{"items": [{{}}], "content": [{{}}], "result": [{{}}],
                    "result_info": {{"page": {second}, "total_pages": {second}}}}}"#
            )));
            let all: Vec<_> = list().items().try_collect().await.unwrap();
            assert_eq!(all.len(), 2, "{token}");
            let requests = world.sandbox.take_requests();
            let asked = requests[1].header("ms-continuationtoken");
            let is_asked_for = asked.map_or_else(
                || requests[1].target.contains(token) || requests[1].target.contains("page=2"),
                |asked| asked == token,
            );
            assert!(is_asked_for, "{requests:?}");
        });
    }
}

#[tokio::test]
async fn a_call_by_itself_reads_them_as_well() {
    let world = World::start().await;
    world.sandbox.respond_next(raw(
        r#"{"items": [{"id": "a"}], "totalCount": "1.0", "continuationToken": 5}"#,
    ));
    let page = world.partner.list_customers().send().await.unwrap();
    assert_eq!((page.total_count, page.continuation_token.as_deref()), (Some(1), Some("5")));
    let header = json!({"key": "MS-ContinuationToken", "value": 9});
    let next = json!({"uri": "/customers?seekOperation=Next", "headers": [header]});
    let first = json!({"items": [{}], "links": {"next": next}});
    world.sandbox.respond_next(Response::new(200).json(&first));
    world.sandbox.respond_next(raw(r#"{"items": [{}]}"#));
    let all: Vec<_> = world.partner.list_customers().items().try_collect().await.unwrap();
    assert_eq!(all.len(), 2);

    let nested =
        json!({"success": true, "result": [{}], "result_info": {"cursors": {"after": 50}}});
    world.sandbox.respond_next(Response::new(200).json(&nested));
    world.sandbox.respond_next(Response::new(200).json(&json!({"success": true, "result": []})));
    let _ = world.sandbox.take_requests();
    let logs = world.cloudflare.list_organization_audit_logs();
    let logs = logs.organization_id(seed::CLOUDFLARE_ORGANIZATION_ID);
    let logs = logs.since("2026-10-01").before("2026-11-01").items();
    assert_eq!(logs.try_collect::<Vec<_>>().await.unwrap().len(), 1);
    assert!(world.sandbox.take_requests()[1].target.contains("cursor=50"));

    let count = json!({"href": format!("{}/fabrikam/campaign/_count", world.sandbox.campaign_standard_url())});
    world.sandbox.respond_next(Response::new(200).json(&json!({"content": [], "count": count})));
    let page = world.campaign.list_profiles().send().await.unwrap();
    for count in [json!("26"), json!(26.0), json!(26)] {
        world.sandbox.respond_next(Response::new(200).json(&json!({ "count": count })));
        let count = world.campaign.count(&page).await.unwrap().unwrap();
        assert_eq!(count.count, 26);
    }
}

#[tokio::test]
async fn what_is_neither_is_a_fault_with_its_place() {
    let world = World::start().await;
    for (member, path) in [
        (r#""continuationToken": true"#, "continuationToken: "),
        (r#""continuationToken": {}"#, "continuationToken: "),
        (r#""totalCount": "two""#, "totalCount: "),
        (r#""totalCount": 2.5"#, "totalCount: "),
        (r#""totalCount": [2]"#, "totalCount: "),
    ] {
        world.sandbox.respond_next(raw(format!("{{\"items\": [{{}}],\n {member}}}")));
        let error = world.partner.list_customers().send().await.unwrap_err();
        assert!(error.is_decode(), "{error}");
        let text = error.to_string();
        assert!(text.contains(path) && text.contains(" at line 2 column "), "{text}");
    }
    // An item is not read so: what it holds is to be written back as it came.
    world.sandbox.respond_next(raw(r#"{"items": [{"id": 7}], "totalCount": "1"}"#));
    let error = world.partner.list_customers().send().await.unwrap_err();
    assert!(error.to_string().contains("items[0].id: "), "{error}");
}

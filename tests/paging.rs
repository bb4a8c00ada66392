//! Lists over all their pages: they end, lose nothing and can be gone on with.

mod common;

use common::World;
use futures_util::TryStreamExt;
use letterhead::{Position, RetryPolicy};
use letterhead_sandbox::{Reply, seed};
use serde_json::{Value, json};

/// A page of customers with these ids and perhaps a token for the next one.
fn page(ids: &[&str], token: Option<&str>) -> Reply {
    let items: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    Reply::new(200).json(&json!({"items": items, "continuationToken": token}))
}

#[tokio::test]
async fn all_pages_are_one_stream() {
    let world = World::start().await;
    let all: Vec<_> = world
        .partner
        .list_customers()
        .size(2)
        .items()
        .try_collect()
        .await
        .unwrap();
    let ids: Vec<_> = all
        .iter()
        .filter_map(|customer| customer.id.as_deref())
        .collect();
    assert_eq!(ids, seed::CUSTOMER_TENANT_IDS);
    let exchanges = world.sandbox.take_exchanges();
    assert_eq!(exchanges.len(), seed::CUSTOMER_TENANT_IDS.len().div_ceil(2));
    assert!(
        exchanges
            .iter()
            .all(|exchange| exchange.target.contains("size=2"))
    );

    let units = world
        .campaign
        .list_organizational_units()
        .line_count(1)
        .items();
    let units: Vec<_> = units.try_collect().await.unwrap();
    assert_eq!(units.len(), world.sandbox.take_exchanges().len());
    assert!(units.len() > 1);
}

#[tokio::test]
async fn a_token_may_be_in_the_link_to_the_next_page_only() {
    let world = World::start().await;
    let header = json!({"key": "ms-continuationtoken", "value": "t1"});
    let next = json!({"uri": "/customers?seekOperation=Next", "headers": [header]});
    let first = json!({"items": [{"id": "a"}], "links": {"next": next}});
    world.sandbox.reply_next(Reply::new(200).json(&first));
    world.sandbox.reply_next(page(&["b"], Some("")));
    let all = world.partner.list_customers().items();
    let all: Vec<_> = all.try_collect().await.unwrap();
    assert_eq!(all.len(), 2);
    let exchanges = world.sandbox.take_exchanges();
    assert_eq!(exchanges.len(), 2, "an empty token is none");
    let second = &exchanges[1];
    assert_eq!(second.target, "/v1/customers?seekOperation=Next");
    assert_eq!(second.request_header("ms-continuationtoken"), Some("t1"));
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
async fn a_token_that_comes_again_is_an_error_after_the_items() {
    let world = World::start().await;
    world.sandbox.reply_next(page(&["a"], Some("t1")));
    world.sandbox.reply_next(page(&["b"], Some("t2")));
    world.sandbox.reply_next(page(&["c"], Some("t1")));
    let mut customers = world.partner.list_customers().items();
    let mut ids = Vec::new();
    let error = loop {
        match customers.next().await.expect("an error before the end") {
            Ok(customer) => ids.extend(customer.id),
            Err(error) => break error,
        }
    };
    assert_eq!(ids, ["a", "b", "c"]);
    assert!(error.to_string().contains("a second time"), "{error}");
    assert!(customers.next().await.is_none());
    assert_eq!(world.sandbox.exchanges().len(), 3);
}

#[tokio::test]
async fn an_empty_page_ends_a_list() {
    let world = World::start().await;
    world.sandbox.reply_next(page(&["a"], Some("t1")));
    world.sandbox.reply_next(page(&[], Some("t2")));
    let all: Vec<_> = world
        .partner
        .list_customers()
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!((all.len(), world.sandbox.exchanges().len()), (1, 2));
}

#[tokio::test]
async fn after_a_failure_a_list_goes_on_where_it_was() {
    let world = World::start().await;
    let list = || world.partner.list_customers().retry(RetryPolicy::never());
    world.sandbox.reply_next(page(&["a", "b"], Some("t1")));
    world.sandbox.reply_next(Reply::new(503));
    let mut customers = list().items();
    for expected in ["a", "b"] {
        let customer = customers.next().await.unwrap().unwrap();
        assert_eq!(customer.id.as_deref(), Some(expected));
    }
    assert!(
        customers
            .next()
            .await
            .unwrap()
            .unwrap_err()
            .is_server_error()
    );
    assert!(customers.next().await.is_none());

    // Through a file, say, and into another process.
    let saved = serde_json::to_string(&customers.position().unwrap()).unwrap();
    let position: Position = serde_json::from_str(&saved).unwrap();
    let _ = world.sandbox.take_exchanges();
    world.sandbox.reply_next(page(&["c"], None));
    let rest: Vec<_> = list().items_from(position).try_collect().await.unwrap();
    assert_eq!(rest[0].id.as_deref(), Some("c"));
    let sent = world.sandbox.exchanges();
    assert_eq!(sent[0].request_header("ms-continuationtoken"), Some("t1"));
}

#[tokio::test]
async fn a_position_within_a_page_skips_what_was_taken() {
    let world = World::start().await;
    world.sandbox.reply_next(page(&["a", "b", "c"], None));
    let mut customers = world.partner.list_customers().items();
    customers.next().await.unwrap().unwrap();
    let position = customers.position().unwrap();
    world.sandbox.reply_next(page(&["a", "b", "c"], None));
    let rest = world.partner.list_customers().items_from(position);
    let rest: Vec<_> = rest.try_collect().await.unwrap();
    let ids: Vec<_> = rest
        .iter()
        .filter_map(|customer| customer.id.as_deref())
        .collect();
    assert_eq!(ids, ["b", "c"]);
}

#[tokio::test]
async fn a_link_to_another_origin_is_not_followed() {
    let world = World::start().await;
    let unit = json!({"name": "a", "PKey": "@a"});
    let next = json!({"href": "https://attacker.example/fabrikam/campaign/x"});
    let answer = json!({"content": [unit], "next": next});
    world.sandbox.reply_next(Reply::new(200).json(&answer));
    let mut units = world.campaign.list_organizational_units().items();
    assert!(units.next().await.unwrap().is_ok());
    let error = units.next().await.unwrap().unwrap_err().to_string();
    assert!(
        error.contains("attacker.example") && error.contains("not followed"),
        "{error}"
    );
    assert_eq!(world.sandbox.exchanges().len(), 1);
}

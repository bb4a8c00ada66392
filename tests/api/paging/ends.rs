//! Where lists end, and where they don't go.

use futures_util::StreamExt;
use letterhead_sandbox::{Response, seed};
use serde_json::json;

use super::page;
use crate::support::World;

#[tokio::test]
async fn every_way_ends_where_nothing_leads_on() {
    let world = World::without_retries().await;
    // What the pages hold with where each says that the next one is; and what comes of them.
    for (script, taken, is_error) in [
        (vec![(1, None)], 1, false),
        (vec![(0, None)], 0, false),
        (vec![(2, Some(""))], 2, false),
        (vec![(2, Some("2")), (0, Some("3")), (1, None)], 3, false),
        (vec![(1, Some("2")), (1, Some("2"))], 2, true),
        (vec![(1, Some("2")), (1, Some("3")), (1, Some("2"))], 3, true),
        (vec![(1, Some("2")), (1, Some("3")), (1, Some("4")), (2, Some("2"))], 5, true),
    ] {
        each_way!(world, 1, |list| {
            for (count, next) in &script {
                let items = vec![json!({}); *count];
                // Where a page has a number, it says its own.
                let number = next.and_then(|next| next.parse::<i64>().ok());
                let href = next.map(|next| match next {
                    "" => String::new(),
                    next => format!(
                        "{}/fabrikam/campaign/x?{next}",
                        world.sandbox.campaign_standard_url()
                    ),
                });
                world.sandbox.respond_next(Response::new(200).json(&json!({
                    "success": true, "unknown": [1], "items": items, "content": items, "result": items,
                    "continuationToken": next, "next": {"href": href},
                    "result_info": {
                        "next_page_token": next, "cursor": next, "page": number.map(|next| next - 1),
                        "total_pages": number.map(|_| 99),
                    },
                })));
            }
            let mut items = list().items();
            let (mut count, mut failure) = (0, None);
            while let Some(item) = items.next().await {
                match item {
                    Ok(_) => count += 1,
                    Err(error) => failure = Some(error),
                }
            }
            assert_eq!(failure.is_some(), is_error, "{script:?} {items:?}");
            // One that isn't the page asked for isn't handed out, and can be asked for again.
            let is_other = failure.as_ref().is_some_and(|error| {
                assert!(error.request_id().is_some() && !error.may_have_taken_effect());
                let text = error.to_string();
                let is_other = text.contains("was asked for");
                assert!(is_other || text.contains("a second time"), "{text}");
                is_other
            });
            let (last, _) = script.last().unwrap();
            assert_eq!(count, taken - if is_other { *last } else { 0 }, "{script:?}");
            assert_eq!(items.position().is_some(), is_error);
            assert_eq!(world.sandbox.take_requests().len(), script.len());
        });
    }
}

#[tokio::test]
async fn a_token_that_comes_again_is_an_error_after_the_items() {
    let world = World::start().await;
    world.sandbox.respond_next(page(&["a"], Some("t1")));
    world.sandbox.respond_next(page(&["b"], Some("t2")));
    world.sandbox.respond_next(page(&["c"], Some("t1")));
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
    assert_eq!(world.sandbox.requests().len(), 3);
}

#[tokio::test]
async fn a_link_out_of_the_instance_is_not_followed() {
    let world = World::start().await;
    let base = world.sandbox.campaign_standard_url();
    let (_, host) = base.split_once("://").unwrap();
    let (name, port) = host.split_once(':').unwrap();
    let path = "fabrikam/campaign/x";
    for (href, reason) in [
        (format!("https://attacker.example/{path}"), "not followed"),
        (format!("//attacker.example/{path}"), "not followed"),
        (format!("\\\\attacker.example/{path}"), "not followed"),
        (format!("http://{host}@attacker.example/{path}"), "not followed"),
        (format!("http://{name}.attacker.example:{port}/{path}"), "not followed"),
        (format!("https://{host}/{path}"), "not followed"),
        (format!("http://{name}/{path}"), "not followed"),
        (format!("http://{name}:1/{path}"), "not followed"),
        (format!("http://localhost:{port}/{path}"), "not followed"),
        ("file:///fabrikam/campaign/x".to_owned(), "not followed"),
        ("http://[::1".to_owned(), "can't be read"),
        (format!("{base}/other/campaign/x"), "another instance"),
        (format!("{base}/fabrikam2/campaign/x"), "another instance"),
        (format!("{base}/fabrikam/%2e%2e/other/campaign/x"), "another instance"),
    ] {
        let response = json!({"content": [{"name": "a"}], "next": {"href": href}});
        world.sandbox.respond_next(Response::new(200).json(&response));
        let mut units = world.campaign.list_organizational_units().items();
        assert!(units.next().await.unwrap().is_ok());
        let error = units.next().await.unwrap().unwrap_err();
        assert!(error.to_string().contains(reason), "{href}: {error}");
        assert!(!error.may_have_been_sent());
        assert_eq!(world.sandbox.take_requests().len(), 1, "{href}");
    }
    for href in [
        base.replace("http", "HTTP") + "/fabrikam/campaign/x",
        base.clone() + "/fabrikam/x?a=%40b#c",
        "/fabrikam/campaign//x".to_owned(),
    ] {
        let first = json!({"content": [{"name": "a"}], "next": {"href": href}});
        for response in [first, json!({"content": [{"name": "b"}]})] {
            world.sandbox.respond_next(Response::new(200).json(&response));
        }
        let units = world.campaign.list_organizational_units().items();
        assert_eq!(units.count().await, 2, "{href}");
        let _ = world.sandbox.take_requests();
    }
}

#[tokio::test]
async fn a_link_to_a_page_that_has_no_token_is_an_error_after_the_items() {
    let world = World::start().await;
    let next = json!({"uri": "/customers?seekOperation=Next", "headers": []});
    let first = json!({"items": [{"id": "a"}], "links": {"next": next}});
    world.sandbox.respond_next(Response::new(200).json(&first));
    let mut customers = world.partner.list_customers().items();
    assert!(customers.next().await.unwrap().is_ok());
    let position = customers.position().unwrap();
    let error = customers.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("no token"), "{error}");
    assert!(customers.next().await.is_none());
    assert_eq!(customers.position().unwrap(), position);

    // Later there may be a token; what was handed out doesn't come again.
    world.sandbox.respond_next(page(&["a"], Some("t1")));
    world.sandbox.respond_next(page(&["b"], None));
    let rest = world.partner.list_customers().items_from(position);
    let rest: Vec<_> = rest.map(|customer| customer.unwrap().id.unwrap()).collect().await;
    assert_eq!(rest, ["b"]);
}

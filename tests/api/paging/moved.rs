//! Lists that change between two reads, and positions that have died.

use futures_util::{StreamExt, TryStreamExt};
use letterhead::{Position, RetryPolicy};
use letterhead_sandbox::Response;
use serde_json::json;

use super::page;
use crate::support::World;

/// The ids from a position on, of which the pages are queued.
async fn rest(world: &World, position: Position) -> Vec<String> {
    let items = world.partner.list_customers().items_from(position);
    let items = items.map_ok(|customer| customer.id.unwrap_or_default());
    let ids = items.try_collect().await.unwrap();
    let _ = world.sandbox.take_requests();
    ids
}

#[tokio::test]
async fn nothing_is_left_out_where_an_item_before_the_position_is_gone() {
    let world = World::start().await;
    for (then, expected) in [
        (&["a", "b", "c", "d"][..], &["c", "d"][..]),
        (&["b", "c", "d"], &["c", "d"]),
        (&["x", "a", "b", "c"], &["c"]),
        // The last one that was taken is gone itself: it may come a second time, and none is left out.
        (&["a", "c", "d"], &["a", "c", "d"]),
        (&["c"], &["c"]),
        (&["a", "b"], &[]),
        (&[], &[]),
    ] {
        world.sandbox.respond_next(page(&["a", "b", "c", "d"], None));
        let mut items = world.partner.list_customers().items().at_most(2);
        let _: Vec<_> = items.by_ref().try_collect().await.unwrap();
        let position = serde_json::to_string(&items.position().unwrap()).unwrap();
        let position = serde_json::from_str(&position).unwrap();
        world.sandbox.respond_next(page(then, None));
        assert_eq!(rest(&world, position).await, expected, "{then:?}");
    }
}

#[tokio::test]
async fn a_position_of_an_older_version_counts() {
    let world = World::start().await;
    let old = json!({"list": "list_customers", "of": [], "cursor": "t1", "taken": 1});
    let old: Position = serde_json::from_value(old).unwrap();
    world.sandbox.respond_next(page(&["a", "b"], None));
    assert_eq!(rest(&world, old).await, ["b"]);
}

#[tokio::test]
async fn items_of_the_page_before_do_not_come_a_second_time() {
    let world = World::start().await;
    let pages = || {
        world.sandbox.respond_next(page(&["a", "b", "c"], Some("t1")));
        world.sandbox.respond_next(page(&["b", "c", "d", "d"], Some("t2")));
        world.sandbox.respond_next(page(&["e", "d", "a"], None));
    };
    pages();
    let all = rest(&world, Position::default()).await;
    // What comes twice on one page is the vendor's to say.
    assert_eq!(all, ["a", "b", "c", "d", "d", "e", "a"]);
    pages();
    let counts = world.partner.list_customers().pages();
    let counts: Vec<usize> = counts.map_ok(|page| page.items.len()).try_collect().await.unwrap();
    assert_eq!(counts, [3, 2, 2]);
}

#[tokio::test]
async fn a_last_page_equal_to_the_one_before_ends_the_list() {
    let world = World::start().await;
    world.sandbox.respond_next(page(&["a", "b"], Some("t1")));
    world.sandbox.respond_next(page(&["a", "b"], None));
    assert_eq!(rest(&world, Position::default()).await, ["a", "b"]);
}

#[tokio::test]
async fn a_position_that_the_vendor_refuses_is_given_up() {
    let world = World::start().await;
    let list = || world.partner.list_customers().retry(RetryPolicy::never());
    for (status, is_dead) in [
        (400, true),
        (404, true),
        (410, true),
        (401, false),
        (403, false),
        (409, false),
        (429, false),
        (500, false),
        (503, false),
    ] {
        for is_saved in [true, false] {
            world.sandbox.respond_next(page(&["a"], Some("t1")));
            world
                .sandbox
                .respond_next(Response::new(status).json(&json!({"code": 1, "description": "no"})));
            let mut items = list().items();
            items.next().await.unwrap().unwrap();
            if is_saved {
                items = list().items_from(items.position().unwrap());
            }
            let error = items.next().await.unwrap().unwrap_err();
            assert_eq!(error.status().unwrap(), status);
            let text = error.to_string();
            assert_eq!(text.contains("from its start"), is_dead, "{text}");
            let position = serde_json::to_value(items.position().unwrap()).unwrap();
            // A token that has just come may be tried once more.
            let is_given_up = is_dead && is_saved;
            let cursor = if is_given_up { json!(null) } else { json!("t1") };
            assert_eq!(position["cursor"], cursor, "{status}");
            assert!(items.next().await.is_none());
            // The start is no position of another list.
            world.sandbox.respond_next(page(&["b"], None));
            let again: Vec<_> =
                list().items_from(items.position().unwrap()).try_collect().await.unwrap();
            assert_eq!(again.len(), 1);
            let _ = world.sandbox.take_requests();
        }
    }
    // Campaign says so with a 500.
    let more =
        format!("{}/fabrikam/campaign/x?_lineStart=@a", world.sandbox.campaign_standard_url());
    let first = json!({"content": [{"name": "a"}], "next": {"href": more}});
    world.sandbox.respond_next(Response::new(200).json(&first));
    let wrong =
        "RST-360011 An error has occurred. XTK-170036 The value of _lineStart is not valid.";
    world
        .sandbox
        .respond_next(Response::new(500).json(&json!({"error_code": "500", "message": wrong})));
    let mut units = world.campaign.list_organizational_units().items();
    units.next().await.unwrap().unwrap();
    let error = units.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("from its start"), "{error}");
    // The first page has no token that could be dead.
    world.sandbox.respond_next(Response::new(400));
    let error = list().items().next().await.unwrap().unwrap_err();
    assert!(!error.to_string().contains("from its start"), "{error}");
}

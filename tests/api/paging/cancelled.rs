//! Streams whose calls are dropped at every point where they wait.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use letterhead_sandbox::Response;
use serde_json::json;

use super::page;
use crate::support::World;

/// What one poll of a future comes to.
async fn poll<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}

#[tokio::test]
async fn nothing_is_lost_however_often_it_is_dropped() {
    let world = World::start().await;
    for polls in 1..6 {
        world.sandbox.respond_next(page(&["a", "b"], Some("t1")));
        world.sandbox.respond_next(Response::new(200).json(&json!({
            "items": [7, {"id": "c"}], "continuationToken": "t2",
        })));
        world.sandbox.respond_next(page(&["d"], None));
        let mut items = world.partner.list_customers().items();
        let mut taken = Vec::new();
        let (mut dropped, mut position) = (0, items.position());
        loop {
            let mut come = None;
            {
                let mut next = pin!(items.next());
                for _ in 0..polls {
                    if let Poll::Ready(item) = poll(next.as_mut()).await {
                        come = Some(item);
                        break;
                    }
                    tokio::task::yield_now().await;
                }
            }
            match come {
                Some(Some(Ok(customer))) => taken.extend(customer.id),
                Some(Some(Err(error))) => taken.push(error.item().unwrap().json().to_owned()),
                Some(None) => break,
                None => {
                    dropped += 1;
                    continue;
                }
            }
            assert_ne!(items.position(), position);
            position = items.position();
        }
        assert_eq!(taken, ["a", "b", "7", "c", "d"]);
        assert!(dropped > 0 || polls > 1);
        assert_eq!(world.sandbox.take_requests().len(), 3, "no page is asked for twice");
    }
}

#[tokio::test]
async fn pages_are_not_lost_either() {
    let world = World::start().await;
    world.sandbox.respond_next(Response::new(200).json(&json!({
        "items": [7, {"id": "a"}, 8], "continuationToken": "t1",
    })));
    world.sandbox.respond_next(page(&["b"], None));
    let mut pages = world.partner.list_customers().pages();
    let (mut taken, mut errors) = (Vec::new(), 0);
    loop {
        let come = {
            let next = pin!(pages.next());
            poll(next).await
        };
        match come {
            Poll::Ready(Some(Ok(page))) => taken.extend(page.items[0].id.clone()),
            Poll::Ready(Some(Err(error))) => errors += usize::from(error.item().is_some()),
            Poll::Ready(None) => break,
            Poll::Pending => tokio::task::yield_now().await,
        }
    }
    assert_eq!((taken, errors), (vec!["a".to_owned(), "b".to_owned()], 2));
    assert_eq!(world.sandbox.take_requests().len(), 2);
}

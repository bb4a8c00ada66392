//! In which order hooks run, and which of them when one ends the attempt.

use letterhead::HookResult;
use letterhead::http::Response;
use letterhead_sandbox::Response as Scripted;

use super::{Noted, Notes, take};
use crate::support::{ManualClock, World, partner_at, without_backoff};

#[tokio::test]
async fn the_first_hook_is_the_outermost_on_every_attempt() {
    let world = World::start().await;
    let notes = Notes::default();
    let partner = partner_at(world.sandbox.partner_center_url())
        .hook(Noted::new("a", &notes, |_| Ok(None)))
        .hook(Noted::new("b", &notes, |_| Ok(None)))
        .clock(ManualClock::new())
        .retry(without_backoff())
        .build()
        .unwrap();
    world.sandbox.respond_next(Scripted::new(503));
    partner.get_support_profile().send().await.unwrap();
    let expected =
        ["a > 1", "b > 1", "b < 1 503", "a < 1 503", "a > 2", "b > 2", "b < 2 200", "a < 2 200"];
    assert_eq!(take(&notes), expected);
}

#[tokio::test]
async fn a_hook_that_ends_the_attempt_hides_it_from_those_inside() {
    let world = World::start().await;
    let notes = Notes::default();
    for (ends, last) in [
        ((|| Ok(Some(Response::new("{}".into())))) as fn() -> HookResult, "a < 1 200 by a hook"),
        (|| Err("no".into()), "a < 1 hook by a hook"),
    ] {
        let partner = partner_at(world.sandbox.partner_center_url())
            .hook(Noted::new("a", &notes, |_| Ok(None)))
            .hook(Noted::new("b", &notes, move |_| ends()))
            .hook(Noted::new("c", &notes, |_| Ok(None)))
            .build()
            .unwrap();
        let _ = partner.get_support_profile().send().await;
        assert_eq!(take(&notes), ["a > 1", "b > 1", last]);
    }
    assert!(world.sandbox.take_requests().is_empty());
}

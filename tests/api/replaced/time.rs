//! Writes for which nearly no time is left.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use letterhead::ErrorKind;
use serde_json::json;

use super::server::{Response, Server};
use crate::support::ManualClock;

#[tokio::test]
async fn a_write_is_not_started_with_nearly_no_time_left() {
    for (limit, passed, is_sent) in [
        (600_000, 599_995, false),
        (600_000, 599_100, false),
        (600_000, 598_900, true),
        (2_000, 1_600, false),
        (2_000, 1_400, true),
        (100, 99, false),
    ] {
        let clock = Arc::new(Mutex::new(None::<ManualClock>));
        let hand = Arc::clone(&clock);
        let server = Server::start(move |request| {
            if request.method() == "GET" {
                let clock = hand.lock().unwrap();
                clock.as_ref().unwrap().advance(Duration::from_millis(passed));
                return Response::json(200, &json!({"email": "old", "attributes": {"etag": "1"}}));
            }
            Response::json(200, &request.json())
        })
        .await;
        *clock.lock().unwrap() = Some(server.clock.clone());
        let partner = server.partner().timeout(Duration::from_secs(10_000)).build().unwrap();
        let profile = partner.organization_profile().timeout(Duration::from_millis(limit));
        let updated = profile.update(|profile| profile.email = Some("new".into())).await;
        let methods = server.take_methods();
        assert_eq!(methods.len(), if is_sent { 2 } else { 1 }, "{limit} {passed}");
        assert_eq!(updated.is_ok(), is_sent, "{updated:?}");
        if let Err(error) = updated {
            assert_eq!(error.kind(), ErrorKind::Timeout);
            assert!(!error.may_have_been_sent(), "{error}");
        }
    }
}

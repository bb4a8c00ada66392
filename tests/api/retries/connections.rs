//! A connection that failed, or that the server may have closed, isn't used again.

use letterhead::{Error, RetryPolicy};

use super::{patch_user, replace_support};
use crate::support::server::{Request, Step, raw};
use crate::support::{Script, framed, json};

#[tokio::test]
async fn a_connection_with_5xx_responses_is_left() {
    // The first connection is well once, and then sick for ever.
    let script = Script::respond(|at| {
        raw(match at.connection {
            0 if at.number > 0 => framed("503 Service Unavailable", ""),
            _ => json("200 OK", "{}"),
        })
    })
    .await;
    let partner = script.partner().build().unwrap();
    for _ in 0..12 {
        partner.get_support_profile().send().await.unwrap();
    }
    assert_eq!(script.requests(), 13, "one of them was sent twice");
}

#[tokio::test]
async fn a_call_that_is_not_retried_leaves_the_sick_connection_as_well() {
    let script = Script::respond(|at| {
        raw(match at.connection {
            0 => framed("502 Bad Gateway", "<html>"),
            _ => json("200 OK", "{}"),
        })
    })
    .await;
    let partner = script.partner().build().unwrap();
    assert!(patch_user(&partner).await.unwrap_err().is_server_error());
    patch_user(&partner).await.unwrap();
    assert_eq!(script.requests(), 2);
}

#[tokio::test]
async fn a_failed_attempt_is_retried_over_a_new_connection() {
    // Several idle connections lead to a host that has gone: none of them is tried again.
    let script = Script::respond(|at| {
        raw(match (at.number, at.connection) {
            (0..=3, _) => json("200 OK", "{}"),
            (_, 0..=3) => framed("503 Service Unavailable", ""),
            _ => json("200 OK", "{}"),
        })
    })
    .await;
    let partner = script.partner().build().unwrap();
    let read = || partner.get_support_profile().send();
    let (a, b, c, d) = tokio::join!(read(), read(), read(), read());
    for outcome in [a, b, c, d] {
        outcome.unwrap();
    }
    replace_support(&partner).await.unwrap();
    assert!(script.requests() <= 6, "{}", script.requests());
}

#[tokio::test]
async fn what_may_not_be_sent_twice_is_not_lost_on_a_stale_connection() {
    let script = Script::respond(|_| vec![Step::Send(json("200 OK", "{}")), Step::Stale]).await;
    let cloudflare = script.cloudflare().build().unwrap();
    let create = || async {
        let create = cloudflare.create_organization();
        create.body_map(|new| new.name("Once")).send().await.map(drop)
    };
    let read = cloudflare.get_organization_profile().organization_id("o");
    read.send().await.unwrap();
    create().await.unwrap();
    create().await.unwrap();
    assert_eq!(script.requests(), 3, "each came in, and once");
}

#[tokio::test]
async fn connections_are_kept_where_nothing_fails() {
    let connections = |at: &Request| {
        assert_eq!(at.connection, 0);
        raw(match at.number {
            1 => framed("404 Not Found", ""),
            2 => framed("429 Too Many Requests\r\nretry-after: 0", ""),
            _ => json("200 OK", "{}"),
        })
    };
    let script = Script::respond(connections).await;
    let partner = script.partner().build().unwrap();
    let outcomes: [Result<_, Error>; 4] = [
        partner.get_support_profile().send().await,
        partner.get_support_profile().send().await,
        partner.get_support_profile().send().await,
        replace_support(&partner).await,
    ];
    assert_eq!(outcomes.map(|it| it.is_ok()), [true, false, true, true]);
}

#[tokio::test]
async fn a_client_of_ones_own_starts_from_the_builder_and_needs_no_crypto_provider() {
    let script = Script::of([json("200 OK", "{}")]).await;
    let http = letterhead::http_client_builder().unwrap().build().unwrap();
    let client = script.partner().retry(RetryPolicy::never());
    let partner = client.http_client(http).build().unwrap();
    partner.get_support_profile().send().await.unwrap();
}

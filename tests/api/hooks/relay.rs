//! A hook that sends the request by another road, as a `tower::Service` or another client would.

use std::error::Error as _;

use letterhead::bytes::Bytes;
use letterhead::http::{self, Response};
use letterhead::partner_center::types::SupportProfile;
use letterhead::{Attempt, BoxFuture, Error, ErrorKind, Hook, HookResult, reqwest};

use crate::support::{World, nobody, partner_at, without_backoff};

/// Sends each attempt through `send`.
struct Through<F>(F);

impl<F, S, E> Hook for Through<F>
where
    F: Fn(http::Request<Bytes>) -> S + Send + Sync + 'static,
    S: Future<Output = Result<Response<Bytes>, E>> + Send,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        Box::pin(async move {
            let response = (self.0)(attempt.to_http_request()?).await;
            let lost = |error| Error::builder(ErrorKind::Transport).source(error).build();
            Ok(Some(response.map_err(lost)?))
        })
    }
}

/// A client of the caller's, for types of the `http` crate.
async fn relay(
    client: reqwest::Client,
    request: http::Request<Bytes>,
) -> Result<Response<Bytes>, reqwest::Error> {
    let response = client.execute(request.try_into()?).await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let mut received = Response::new(response.bytes().await?);
    *received.status_mut() = status;
    *received.headers_mut() = headers;
    Ok(received)
}

#[tokio::test]
async fn a_request_takes_another_road_and_is_the_same() {
    let world = World::start().await;
    let client = letterhead::http_client_builder().unwrap().build().unwrap();
    let through = Through(move |request| relay(client.clone(), request));
    let partner = partner_at(world.sandbox.partner_center_url()).hook(through).build().unwrap();
    let profile = partner.organization_profile();
    let update = profile.update(|profile| profile.email = Some("o@example.org".into()));
    let updated = update.await.unwrap();
    assert!(updated.is_written());
    let sent = world.sandbox.take_requests();
    let methods: Vec<_> = sent.iter().map(|request| request.method.as_str()).collect();
    assert_eq!(methods, ["GET", "PUT"]);
    assert_eq!(sent[1].header("ms-requestid"), Some(&*updated.request_id().to_string()));
    assert_eq!(sent[1].json().unwrap()["email"], "o@example.org");
}

#[tokio::test]
async fn a_road_that_fails_says_what_may_have_happened() {
    let client = letterhead::http_client_builder().unwrap().build().unwrap();
    let through = Through(move |request| relay(client.clone(), request));
    let partner = partner_at(nobody()).hook(through).retry(without_backoff()).build().unwrap();
    let call = partner.update_support_profile().body(SupportProfile::default());
    let error = call.send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 4));
    assert!(error.may_have_taken_effect());
    assert!(error.source().unwrap().downcast_ref::<reqwest::Error>().unwrap().is_connect());
}

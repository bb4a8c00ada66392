//! What becomes of everything that isn't a plain success.

mod bodies;
mod connections;
mod made;
mod refusals;

use crate::support::{World, whole_profile};
use letterhead::Error;
use letterhead_sandbox::Response;

/// The error of reading the organization profile when the vendor responses with `response`.
async fn error_of(response: Response) -> (World, Error) {
    let world = World::without_retries().await;
    world.sandbox.respond_next(response);
    let error = world.partner.get_organization_profile().send().await.unwrap_err();
    (world, error)
}

/// Cloudflare's PUT, whose success has no body.
async fn modify(world: &World) -> Result<(), Error> {
    let call = world.cloudflare.modify_organization_profile().organization_id("o");
    call.body(whole_profile()).send().await.map(drop)
}

/// Ids and operation stand in every error of a call, and its text is one line.
fn assert_traceable(error: &Error, operation: &str) {
    assert_eq!(error.operation(), Some(operation));
    let text = error.to_string();
    assert!(text.contains(&error.request_id().unwrap().to_string()), "{text}");
    assert!(text.contains(&error.correlation_id().unwrap().to_string()), "{text}");
    assert!(!text.contains('\n'), "{text}");
}

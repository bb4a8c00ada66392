//! What ends for want of time.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use crate::error::ErrorKind;
use crate::{Clock, Error};

/// What `future` comes to, unless the time runs out first. What is ready at once costs no timer, and isn't
/// asked for its `limit`.
pub(super) async fn within<F: Future>(
    clock: &dyn Clock,
    limit: impl FnOnce() -> Duration,
    future: F,
) -> Option<F::Output> {
    let mut future = pin!(future);
    let first = std::future::poll_fn(|context| {
        Poll::Ready(match future.as_mut().poll(context) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        })
    });
    if let Some(output) = first.await {
        return Some(output);
    }
    tokio::select! {
        biased;
        output = future => Some(output),
        () = clock.sleep(limit()) => None,
    }
}

/// Nothing was sent, for want of time.
pub(super) fn late(when: &str) -> Error {
    let reason = format!("the time limit ran out {when}, so nothing was sent");
    Error::new(ErrorKind::Timeout, reason).unsent()
}

//! A call in a task of its own.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use tokio::task::JoinSet;

use crate::BoxFuture;
use crate::propagation::carried;

/// What `call` comes to in a task of its own, which ends when the caller gives up; none where the runtime
/// is shut down.
///
/// A caller may stop polling a call without dropping it: in a `select!`, or between two items of a stream.
/// What it holds or waits in line for must not wait for that caller, or all others wait as well.
pub(super) async fn apart<T: Send + 'static>(
    call: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let call = Apart(Arc::new(Mutex::new(Some(Box::pin(carried(call))))));
    let polled = Arc::clone(&call.0);
    let mut tasks = JoinSet::new();
    tasks.spawn(poll_fn(move |context| {
        let mut call = polled.lock().unwrap_or_else(PoisonError::into_inner);
        // Without a call the task is about to be aborted.
        call.as_mut().map_or(Poll::Pending, |call| call.as_mut().poll(context))
    }));
    match tasks.join_next().await? {
        Ok(outcome) => Some(outcome),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => None,
        },
    }
}

/// A call that is dropped with this. A task that is aborted ends when its runtime runs next, which may be never: what
/// the call holds has to be given back at once.
struct Apart<T>(Arc<Mutex<Option<BoxFuture<'static, T>>>>);

impl<T> Drop for Apart<T> {
    fn drop(&mut self) {
        // Where it is locked the runtime runs, and ends the task by itself.
        let call = self.0.try_lock().ok().and_then(|mut call| call.take());
        drop(call);
    }
}

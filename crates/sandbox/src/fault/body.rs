//! A body that does not simply arrive.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::{Sleep, sleep};

/// The bytes of a response, and what happens in their middle.
pub(super) struct PacedBody {
    first: Bytes,
    rest: Bytes,
    middle: Middle,
}

enum Middle {
    Nothing,
    Wait(Pin<Box<Sleep>>),
    /// The connection resets itself, once it has sent what came before.
    Reset {
        connection: Arc<Notify>,
        sent: bool,
    },
    /// The connection ends, once it has sent what came before.
    End {
        sent: bool,
    },
}

impl PacedBody {
    /// A body without incident.
    pub(super) fn whole(body: Bytes) -> Self {
        Self { first: body, rest: Bytes::new(), middle: Middle::Nothing }
    }

    /// A body whose second half takes its time.
    pub(super) fn slow(body: Bytes, delay: Duration) -> Self {
        Self::halves(body, Middle::Wait(Box::pin(sleep(delay))))
    }

    /// A body in whose middle the connection is reset.
    pub(super) fn reset(body: Bytes, connection: Arc<Notify>) -> Self {
        let sent = false;
        Self::halves(body, Middle::Reset { connection, sent })
    }

    /// A body in whose middle the connection is closed.
    pub(super) fn cut(body: Bytes) -> Self {
        Self::halves(body, Middle::End { sent: false })
    }

    fn halves(mut first: Bytes, middle: Middle) -> Self {
        let rest = first.split_off(first.len() / 2);
        Self { first, rest, middle }
    }
}

impl Body for PacedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let first = std::mem::take(&mut self.first);
        if !first.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        match &mut self.middle {
            Middle::Nothing => {}
            Middle::Wait(delay) => match delay.as_mut().poll(context) {
                Poll::Ready(()) => self.middle = Middle::Nothing,
                Poll::Pending => return Poll::Pending,
            },
            // A body that makes it wait has the connection write out what it has.
            Middle::Reset { sent, .. } | Middle::End { sent } if !*sent => {
                *sent = true;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Middle::Reset { connection, .. } => {
                connection.notify_one();
                return Poll::Pending;
            }
            Middle::End { .. } => {
                return Poll::Ready(Some(Err(io::Error::other("cut on request"))));
            }
        }
        let rest = std::mem::take(&mut self.rest);
        Poll::Ready((!rest.is_empty()).then(|| Ok(Frame::data(rest))))
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_empty() && self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact((self.first.len() + self.rest.len()) as u64)
    }
}

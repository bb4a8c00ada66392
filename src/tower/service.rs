//! The service that the layer puts around another.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{HeaderName, HeaderValue, Request, Response};
use pin_project_lite::pin_project;
use tokio::task::futures::TaskLocalFuture;
use tower_service::Service;
use tracing::{Span, field};

use super::CorrelationLayer;
use super::incoming::incoming;
use crate::CorrelationId;

/// A service in which every request has a correlation id; see [`CorrelationLayer`].
#[derive(Clone, Debug)]
pub struct CorrelationService<S> {
    pub(super) inner: S,
    pub(super) layer: CorrelationLayer,
}

impl<S, B, R> Service<Request<B>> for CorrelationService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = CorrelationFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let incoming = incoming(request.headers(), &self.layer.request_headers);
        let (id, original) = incoming.unwrap_or_else(|| (CorrelationId::new(), None));
        let span = Span::current();
        span.record("letterhead.correlation_id", field::display(id));
        request.extensions_mut().insert(id);
        if let Some(original) = original {
            span.record("letterhead.correlation_id.original", original.as_str());
            tracing::debug!(
                letterhead.correlation_id = %id,
                letterhead.correlation_id.original = original.as_str(),
                "the request's correlation id is no UUID, and has one of its own",
            );
            request.extensions_mut().insert(original);
        }
        let header = self.layer.response_header.clone();
        CorrelationFuture {
            inner: id.scope_of(|| self.inner.call(request)),
            header: header.map(|name| (name, id.to_header_value())),
        }
    }
}

pin_project! {
    /// The handler's future, in the scope of its correlation id.
    #[derive(Debug)]
    pub struct CorrelationFuture<F> {
        #[pin]
        inner: TaskLocalFuture<CorrelationId, F>,
        header: Option<(HeaderName, HeaderValue)>,
    }
}

impl<F, R, E> Future for CorrelationFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.inner.poll(context))?;
        if let Some((name, value)) = this.header.take() {
            response.headers_mut().entry(name).or_insert(value);
        }
        Poll::Ready(Ok(response))
    }
}

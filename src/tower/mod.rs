//! The correlation id of incoming requests, for services on tower: axum, tonic and hyper.
//!
//! ```
//! use letterhead::tower::CorrelationLayer;
//! # use letterhead::CorrelationId;
//! # use tower_layer::Layer;
//! # use tower_service::Service;
//! # #[derive(Clone)]
//! # struct Handler;
//! # impl Service<http::Request<()>> for Handler {
//! #     type Response = http::Response<String>;
//! #     type Error = std::convert::Infallible;
//! #     type Future = std::future::Ready<Result<Self::Response, Self::Error>>;
//! #     fn poll_ready(
//! #         &mut self,
//! #         _: &mut std::task::Context<'_>,
//! #     ) -> std::task::Poll<Result<(), Self::Error>> {
//! #         std::task::Poll::Ready(Ok(()))
//! #     }
//! #     fn call(&mut self, _: http::Request<()>) -> Self::Future {
//! #         let id = CorrelationId::current().unwrap();
//! #         std::future::ready(Ok(http::Response::new(id.to_string())))
//! #     }
//! # }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! # let handler = Handler;
//! # let request = http::Request::builder()
//! #     .header("x-correlation-id", "baa72cab-bfbc-464b-8091-70b810aa445d")
//! #     .body(())
//! #     .unwrap();
//! // With axum: `Router::new().route(…).layer(CorrelationLayer::new())`.
//! let mut service = CorrelationLayer::new().layer(handler);
//!
//! let response = service.call(request).await.unwrap();
//! assert_eq!(response.headers()["x-correlation-id"], "baa72cab-bfbc-464b-8091-70b810aa445d");
//! // Every call of letterhead's in the handler carries the id as well.
//! assert_eq!(response.body(), "baa72cab-bfbc-464b-8091-70b810aa445d");
//! # }
//! ```

mod incoming;
mod service;

use std::sync::Arc;

use http::HeaderName;
use tower_layer::Layer;
use uuid::Uuid;

pub use incoming::OriginalCorrelationId;
pub use service::{CorrelationFuture, CorrelationService};

use crate::CorrelationId;
use incoming::TRACEPARENT;

/// The header that most services use for a correlation id.
static X_CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");

/// Takes the correlation id of each request, opens its scope around the handler, and puts it on the response.
///
/// # Which id a request has
///
/// The first header of [`request_headers`](Self::request_headers) that has an id; a new id where none has.
///
/// - A UUID is the id, however it is written. The one of zeros alone counts as none.
/// - Any other text becomes the id [`CorrelationId::from_name`] of its bytes: every replica and every service
///   gives it the same one. The text stays as [`OriginalCorrelationId`].
/// - `traceparent` of W3C gives its trace id, which has 128 bits as a UUID has. One that is malformed, is
///   all zeros, or stands there twice counts as none, as W3C says.
/// - Of several values, the first one that isn't empty counts. A value isn't parted at commas.
///
/// No header makes a request fail. Whoever sends a request chooses its id: at the edge to strangers, take
/// no header.
///
/// # Where the id goes
///
/// - [`CorrelationId::current`] in the handler, and so every call of letterhead's. The scope ends with
///   the handler's future: a spawned task, or a body that is streamed after the handler has returned, opens
///   the scope again with the id.
/// - The request's extensions, as [`CorrelationId`].
/// - The response's header, unless the handler has set it. It is the UUID, which stands in the logs and at
///   the vendor.
/// - The current span's fields `letterhead.correlation_id` and `letterhead.correlation_id.original`, where the
///   span has them: give the layer a place inside of the one that opens the span.
#[derive(Clone, Debug)]
#[must_use]
pub struct CorrelationLayer {
    request_headers: Arc<[HeaderName]>,
    response_header: Option<HeaderName>,
}

impl CorrelationLayer {
    /// Reads `x-correlation-id`, `ms-correlationid`, `traceparent` and `x-request-id`, and writes
    /// `x-correlation-id`.
    pub fn new() -> Self {
        let request_headers = [
            X_CORRELATION_ID.clone(),
            HeaderName::from_static("ms-correlationid"),
            TRACEPARENT.clone(),
            // Last: it names a request, and a job may take several.
            HeaderName::from_static("x-request-id"),
        ];
        Self {
            request_headers: request_headers.into(),
            response_header: Some(X_CORRELATION_ID.clone()),
        }
    }

    /// The headers that may have the id, the best one first. None: every request has a new id.
    pub fn request_headers(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        self.request_headers = names.into_iter().collect();
        self
    }

    /// The response's header for the id, or none.
    pub fn response_header(mut self, name: impl Into<Option<HeaderName>>) -> Self {
        self.response_header = name.into();
        self
    }
}

impl Default for CorrelationLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for CorrelationLayer {
    type Service = CorrelationService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CorrelationService { inner, layer: self.clone() }
    }
}

impl CorrelationId {
    /// The id of a name that is no UUID, such as `order-4711`: the same name has the same id everywhere.
    ///
    /// It is the UUID of version 5 (RFC 9562) in the namespace `464addd4-700f-4339-a640-2aca3fa451db`.
    #[must_use]
    pub fn from_name(name: impl AsRef<[u8]>) -> Self {
        const NAMESPACE: Uuid = Uuid::from_u128(0x464a_ddd4_700f_4339_a640_2aca_3fa4_51db);
        Uuid::new_v5(&NAMESPACE, name.as_ref()).into()
    }
}

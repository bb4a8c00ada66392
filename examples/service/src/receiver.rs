//! What an OpenTelemetry collector does first: it receives spans by OTLP, as protobuf over HTTP.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tokio::net::TcpListener;

/// A receiver on a free port of the loopback interface, until the process ends.
pub(crate) struct Receiver {
    /// Where spans are sent.
    pub(crate) url: String,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Receiver {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/v1/traces", listener.local_addr()?);
        let spans = Arc::default();
        let router =
            Router::new().route("/v1/traces", post(receive)).with_state(Arc::clone(&spans));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, spans })
    }

    pub(crate) fn take(&self) -> Vec<Span> {
        std::mem::take(&mut *self.spans.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn receive(State(spans): State<Arc<Mutex<Vec<Span>>>>, body: Bytes) -> impl IntoResponse {
    let Ok(request) = ExportTraceServiceRequest::decode(body) else {
        return (StatusCode::BAD_REQUEST, [(CONTENT_TYPE, "text/plain")], Vec::new());
    };
    let scopes = request.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
    let received = scopes.flat_map(|scope| scope.spans);
    spans.lock().unwrap_or_else(PoisonError::into_inner).extend(received);
    let response = ExportTraceServiceResponse::default().encode_to_vec();
    (StatusCode::OK, [(CONTENT_TYPE, "application/x-protobuf")], response)
}

//! Which request goes where, and what stands around every handler.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, put};
use axum::{Router, middleware};
use letterhead::tower::CorrelationLayer;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::task::TaskTracker;

use crate::clients::Clients;
use crate::problem::Problem;
use crate::{company, observe};

/// The largest body that a request may have, in bytes.
const LARGEST_BODY: usize = 16 * 1024;

/// What handlers share.
pub(crate) struct Service {
    pub(crate) clients: Clients,
    /// Jobs that go on without whoever asked for them.
    pub(crate) jobs: TaskTracker,
    /// Whether a load balancer is to send requests.
    pub(crate) is_ready: AtomicBool,
    pub(crate) metrics: PrometheusHandle,
}

pub(crate) fn router(service: Arc<Service>) -> Router {
    let api = Router::new()
        .route("/company/phone", put(company::set_phone))
        .route("/customers", get(company::customers))
        .route("/organizations/{id}", get(company::organization))
        .fallback(|| async { Problem::new(StatusCode::NOT_FOUND, "There is no such route.") })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "The route has other methods.")
        })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        // Inside of the span, which it records the id in.
        .layer(CorrelationLayer::new())
        .layer(middleware::from_fn(observe::request));
    // Without spans: they come every few seconds, and say nothing.
    let probes = Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(prometheus));
    api.merge(probes).with_state(service)
}

/// Whether this replica takes requests. It asks no vendor: an outage of one would take all replicas out of
/// service, those routes included that need another vendor.
async fn readyz(State(service): State<Arc<Service>>) -> (StatusCode, &'static str) {
    if service.is_ready.load(Ordering::Relaxed) {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    }
}

async fn prometheus(State(service): State<Arc<Service>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], service.metrics.render())
}

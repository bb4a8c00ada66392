//! Where logs, spans and metrics go.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use metrics::Unit;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::observe;

/// The bounds of durations, in seconds: those that OpenTelemetry advises.
const BOUNDS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// How often histograms are compacted, whether or not somebody reads them.
const UPKEEP: Duration = Duration::from_secs(5);

/// The process's telemetry, until it is ended.
pub(crate) struct Telemetry {
    pub(crate) metrics: PrometheusHandle,
    spans: SdkTracerProvider,
}

impl Telemetry {
    /// Logs go to the standard error, at `level` unless `RUST_LOG` says otherwise. Spans go to `collector`, or
    /// to the one that the environment names (`OTEL_EXPORTER_OTLP_ENDPOINT`), by OTLP over HTTP.
    pub(crate) fn start(collector: Option<&str>, level: &str) -> anyhow::Result<Self> {
        let spans = provider(collector)?;
        // What comes in names the trace that it belongs to, and so does what goes out. Not the baggage: what
        // callers put there isn't for vendors.
        opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
        let layer = tracing_opentelemetry::layer().with_tracer(spans.tracer("letterhead"));
        // Where in the source a span was opened is the same for every one of its kind.
        let layer = layer.with_location(false).with_threads(false).with_tracked_inactivity(false);
        let layer =
            layer.with_filter(EnvFilter::new("off,letterhead=info,letterhead_service=info"));
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
        let log = tracing_subscriber::fmt::layer().with_writer(io::stderr);
        let log =
            if io::stderr().is_terminal() { log.compact().boxed() } else { log.json().boxed() };
        tracing_subscriber::registry().with(layer).with(log.with_filter(filter)).try_init()?;

        let metrics = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("duration".into()), &BOUNDS)?
            .with_recommended_naming(true)
            .install_recorder()?;
        metrics::describe_histogram!(
            observe::DURATION,
            Unit::Seconds,
            "How long requests of this service took."
        );
        let handle = metrics.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(UPKEEP).await;
                handle.run_upkeep();
            }
        });
        Ok(Self { metrics, spans })
    }

    /// Sends the spans that are still here.
    pub(crate) async fn end(self) {
        // The exporter blocks.
        let ended = tokio::task::spawn_blocking(move || self.spans.shutdown()).await;
        if let Ok(Err(error)) = ended {
            tracing::warn!(%error, "the last spans could not be sent");
        }
    }
}

/// Without a collector no span is exported; the trace of a request goes on to the vendors all the same.
fn provider(collector: Option<&str>) -> anyhow::Result<SdkTracerProvider> {
    // `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` count where they are set.
    let mut resource = Resource::builder();
    if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name(env!("CARGO_PKG_NAME"));
    }
    let mut provider = SdkTracerProvider::builder().with_resource(resource.build());
    let variables = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
    let is_named = variables.into_iter().any(|name| std::env::var_os(name).is_some());
    if collector.is_some() || is_named {
        let mut exporter = SpanExporter::builder().with_http();
        if let Some(url) = collector {
            exporter = exporter.with_endpoint(url);
        }
        provider = provider.with_batch_exporter(exporter.build()?);
    }
    Ok(provider.build())
}

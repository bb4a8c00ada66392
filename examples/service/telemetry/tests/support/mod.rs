use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::future::Future;
use std::sync::LazyLock;
use std::time::Duration;
use std::{process, thread};

use letterhead_sandbox::RecordedRequest;
use letterhead_telemetry::{Collector, Span, Value, attributes, is_client};
use opentelemetry::propagation::{TextMapCompositePropagator, TextMapPropagator};
use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use opentelemetry_sdk::trace::SdkTracerProvider;
use opentelemetry_semantic_conventions::attribute as names;
use tracing::Instrument as _;
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::layer::SubscriberExt as _;

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../../../../../tests/api/support/clock.rs"]
mod clock;

pub(crate) use clock::ManualClock;

/// What the service is called.
const SERVICE: &str = "a-service";

/// What a service sets up once.
struct Telemetry {
    collector: Collector,
    provider: SdkTracerProvider,
}

static TELEMETRY: LazyLock<Telemetry> = LazyLock::new(|| {
    // In a thread without a runtime, which the exporter's client doesn't like.
    let telemetry = thread::spawn(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let collector = Collector::start().unwrap();
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(&collector.endpoint)
            .with_protocol(Protocol::HttpBinary)
            .build()
            .unwrap();
        let resource = Resource::builder_empty()
            .with_service_name(SERVICE)
            .with_attribute(KeyValue::new(names::PROCESS_PID, i64::from(process::id())));
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        Telemetry { collector, provider }
    });
    let telemetry = telemetry.join().unwrap();
    let layer = tracing_opentelemetry::layer()
        .with_tracer(telemetry.provider.tracer(SERVICE))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false);
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer)).unwrap();
    opentelemetry::global::set_text_map_propagator(propagator());
    telemetry
});

pub(crate) fn propagator() -> TextMapCompositePropagator {
    TextMapCompositePropagator::new(vec![
        Box::new(TraceContextPropagator::new()) as Box<dyn TextMapPropagator + Send + Sync>,
        Box::new(BaggagePropagator::new()),
    ])
}

/// For as long as the guard lives this thread's spans go nowhere.
pub(crate) fn without_layer() -> DefaultGuard {
    LazyLock::force(&TELEMETRY);
    tracing::subscriber::set_default(NoSubscriber::default())
}

/// A span of the application, with a trace of its own.
pub(crate) struct Job {
    span: RefCell<tracing::Span>,
    trace_id: Vec<u8>,
}

impl Job {
    pub(crate) fn start() -> Self {
        Self::below(Context::new())
    }

    /// A span with the context that came from elsewhere.
    pub(crate) fn below(context: Context) -> Self {
        LazyLock::force(&TELEMETRY);
        let span = tracing::info_span!("a job");
        span.set_parent(context).unwrap();
        let trace_id = span.context().span().span_context().trace_id().to_bytes().to_vec();
        Self { span: RefCell::new(span), trace_id }
    }

    pub(crate) async fn run<F: Future>(&self, future: F) -> F::Output {
        let span = self.span.borrow().clone();
        future.instrument(span).await
    }

    /// Ends the span, and waits until the trace has so many spans.
    pub(crate) async fn end(&self, count: usize) -> Vec<Span> {
        self.span.replace(tracing::Span::none());
        received(count, || self.spans()).await
    }

    /// The spans that came so far, in the order of their start.
    pub(crate) fn spans(&self) -> Vec<Span> {
        spans(|span| span.trace_id == self.trace_id)
    }

    /// The ids of the trace and of each request's span, in their order.
    pub(crate) fn clients(&self) -> Vec<[String; 2]> {
        let clients = self.spans().into_iter().filter(is_client);
        clients.map(|span| [hex(&span.trace_id), hex(&span.span_id)]).collect()
    }

    /// The trace of so many spans that has one which is linked to a span of this.
    pub(crate) async fn linked_to(&self, span_id: &[u8], count: usize) -> Vec<Span> {
        let is_linked = |span: &Span| span.links.iter().any(|link| link.span_id == span_id);
        let linked = || {
            let trace = spans(is_linked).pop().map(|span| span.trace_id);
            trace.map_or(Vec::new(), |trace_id| spans(|span| span.trace_id == trace_id))
        };
        received(count, linked).await
    }
}

/// The trace id and the parent id that each request had.
pub(crate) fn parents(requests: &[RecordedRequest]) -> Vec<[String; 2]> {
    let parents = requests.iter().map(|request| {
        let parent = request.header("traceparent").expect("each request has a parent");
        let parts: Vec<_> = parent.split('-').collect();
        assert_eq!((parts.len(), parts[0], parts[3]), (4, "00", "01"), "{parent}");
        [parts[1].to_owned(), parts[2].to_owned()]
    });
    parents.collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Waits until there are so many spans.
async fn received(count: usize, spans: impl Fn() -> Vec<Span>) -> Vec<Span> {
    let until = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        // What ends in a task of its own ends a little later.
        tokio::task::yield_now().await;
        TELEMETRY.provider.force_flush().unwrap();
        let spans = spans();
        if spans.len() >= count {
            assert_eq!(spans.len(), count, "{spans:#?}");
            return spans;
        }
        assert!(tokio::time::Instant::now() < until, "{count} spans never came: {spans:#?}");
    }
}

/// What came so far, in the order of its start.
fn spans(is_wanted: impl Fn(&Span) -> bool) -> Vec<Span> {
    let mut wanted = Vec::new();
    for (resource, span) in TELEMETRY.collector.spans() {
        if !is_wanted(&span) {
            continue;
        }
        let of_service = resource.attributes.iter().map(|attribute| {
            let value = attribute.value.as_ref().and_then(|value| value.value.clone());
            (attribute.key.as_str(), value.expect("a value"))
        });
        let of_service: BTreeMap<_, _> = of_service.collect();
        let name = Value::StringValue(SERVICE.to_owned());
        let process = Value::IntValue(process::id().into());
        let expected = BTreeMap::from([("service.name", name), (names::PROCESS_PID, process)]);
        assert_eq!(of_service, expected);
        check(&span);
        wanted.push(span);
    }
    wanted.sort_by_key(|span| span.start_time_unix_nano);
    wanted
}

/// Names and types of the conventions, and none that they don't know but letterhead's own.
fn check(span: &Span) {
    let (mut required, mut numbers) = (Vec::new(), vec![names::HTTP_RESPONSE_STATUS_CODE]);
    let mut texts = vec![names::ERROR_TYPE];
    if is_client(span) {
        numbers.extend([names::SERVER_PORT, names::HTTP_REQUEST_RESEND_COUNT]);
        texts.extend([names::HTTP_REQUEST_METHOD, names::SERVER_ADDRESS, names::URL_TEMPLATE]);
        required = [&texts[1..], &numbers[1..2]].concat();
        texts.extend([names::NETWORK_PROTOCOL_VERSION, names::HTTP_REQUEST_METHOD_ORIGINAL]);
    }
    let attributes = attributes(span);
    for (name, value) in &attributes {
        let is_right = match value {
            Value::IntValue(_) => numbers.contains(name),
            Value::StringValue(_) => texts.contains(name) || name.starts_with("letterhead."),
            _ => false,
        };
        assert!(is_right, "{name}: {span:#?}");
    }
    for name in required {
        assert!(attributes.contains_key(name), "{name}: {span:#?}");
    }
    if is_client(span) {
        let text = |name: &str| match attributes[name] {
            Value::StringValue(text) => text,
            other => panic!("{name} is {other:?}"),
        };
        let [method, template] = [names::HTTP_REQUEST_METHOD, names::URL_TEMPLATE].map(text);
        let method = if method == "_OTHER" { "HTTP" } else { method };
        assert_eq!(span.name, format!("{method} {template}"));
    }
    let is_error = span.status.as_ref().is_some_and(|status| status.code == 2);
    assert_eq!(attributes.contains_key(names::ERROR_TYPE), is_error, "{span:#?}");
}

use std::collections::BTreeMap;
use std::fmt::Write as _;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;

/// The attributes of a span, by their names.
///
/// # Panics
/// If a name stands twice, or without a value.
#[must_use]
pub fn attributes(span: &Span) -> BTreeMap<&str, &Value> {
    let pairs = span.attributes.iter().map(|attribute| {
        let value = attribute.value.as_ref().and_then(|value| value.value.as_ref());
        (attribute.key.as_str(), value.expect("an attribute has a value"))
    });
    let attributes: BTreeMap<_, _> = pairs.collect();
    assert_eq!(attributes.len(), span.attributes.len(), "{span:#?}");
    attributes
}

/// Whether the span is that of a request that was sent.
#[must_use]
pub fn is_client(span: &Span) -> bool {
    span.kind() == SpanKind::Client
}

/// Whether the span has the status of an error.
#[must_use]
pub fn is_error(span: &Span) -> bool {
    span.status.as_ref().is_some_and(|status| status.code() == StatusCode::Error)
}

/// The spans below those whose parents aren't among them, one a line, in the order of their start: the name,
/// the kind where it isn't internal, what may differ from call to call, and an error status.
///
/// # Panics
/// If a span has another status than an error or none, or ends before it starts.
#[must_use]
pub fn tree(spans: &[Span]) -> String {
    let mut spans: Vec<_> = spans.iter().collect();
    spans.sort_by_key(|span| span.start_time_unix_nano);
    let is_known = |id: &[u8]| spans.iter().any(|span| span.span_id == id);
    let mut text = String::new();
    for root in spans.iter().filter(|span| !is_known(&span.parent_span_id)) {
        write(root, &spans, 0, &mut text);
    }
    text
}

fn write(span: &Span, all: &[&Span], depth: usize, text: &mut String) {
    assert!(span.start_time_unix_nano <= span.end_time_unix_nano, "{span:#?}");
    let _ = write!(text, "{:1$}{2}", "", 2 * depth, span.name);
    if span.kind() != SpanKind::Internal {
        let kind = span.kind().as_str_name().trim_start_matches("SPAN_KIND_").to_lowercase();
        let _ = write!(text, " ({kind})");
    }
    let attributes = attributes(span);
    for (name, short) in [
        ("http.response.status_code", "status"),
        ("http.request.resend_count", "resent"),
        ("letterhead.retry_reason", "reason"),
        ("error.type", "error"),
    ] {
        let _ = match attributes.get(name) {
            Some(Value::StringValue(value)) => write!(text, " {short}={value:?}"),
            Some(Value::IntValue(value)) => write!(text, " {short}={value}"),
            Some(value) => write!(text, " {short}={value:?}"),
            None => Ok(()),
        };
    }
    if let Some(status) = span.status.as_ref().filter(|status| status.code() != StatusCode::Unset) {
        assert_eq!(status.code(), StatusCode::Error, "{span:#?}");
        let _ = write!(text, " ERROR {:?}", status.message);
    }
    for link in &span.links {
        let linked = all.iter().find(|other| other.span_id == link.span_id);
        let _ = write!(text, " -> {}", linked.map_or("another trace", |span| &span.name));
    }
    text.push('\n');
    for child in all.iter().filter(|other| other.parent_span_id == span.span_id) {
        write(child, all, depth + 1, text);
    }
}

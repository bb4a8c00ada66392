//! A trace as lines of text.

use letterhead_telemetry::{Span, Value, attributes, is_error};

/// The widest that names are, with the branches before them.
const NAMES: usize = 58;

/// The spans as a tree in the order of their starts: name, the beginning of the id, when it started and how long
/// it took in milliseconds, how it ended.
pub(crate) fn lines(spans: &[Span]) -> Vec<String> {
    let mut roots: Vec<&Span> = spans.iter().filter(|span| parent(spans, span).is_none()).collect();
    roots.sort_by_key(|span| span.start_time_unix_nano);
    let mut lines = Vec::new();
    for root in roots {
        let head = format!("trace {}", hex(&root.trace_id));
        lines.push(format!("{head:NAMES$} {:8} {:>7} {:>7}  end", "span", "start", "took"));
        branch(spans, root, root.start_time_unix_nano, "", "", &mut lines);
    }
    lines
}

fn branch(
    spans: &[Span],
    span: &Span,
    start: u64,
    before: &str,
    below: &str,
    lines: &mut Vec<String>,
) {
    lines.push(line(span, start, before));
    let mut children: Vec<&Span> =
        spans.iter().filter(|child| child.parent_span_id == span.span_id).collect();
    children.sort_by_key(|child| child.start_time_unix_nano);
    let last = children.len().saturating_sub(1);
    for (at, child) in children.into_iter().enumerate() {
        let (corner, bar) = if at == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        branch(spans, child, start, &format!("{below}{corner}"), &format!("{below}{bar}"), lines);
    }
}

fn line(span: &Span, start: u64, before: &str) -> String {
    let name = match attribute(span, "letterhead.vendor") {
        Some(vendor) => format!("{vendor}: {}", span.name),
        None => span.name.clone(),
    };
    let name: String = format!("{before}{name}").chars().take(NAMES).collect();
    let id = &hex(&span.span_id)[..8];
    let ends = [
        is_error(span).then(|| "ERROR".to_owned()),
        attribute(span, "http.response.status_code"),
        attribute(span, "error.type")
            .filter(|name| !name.starts_with(|c: char| c.is_ascii_digit())),
        attribute(span, "http.request.resend_count").map(|count| format!("retry {count}")),
        attribute(span, "letterhead.retry_reason").map(|reason| format!("after {reason}")),
    ];
    let end = ends.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let (from, took) = (
        milliseconds(span.start_time_unix_nano.saturating_sub(start)),
        milliseconds(span.end_time_unix_nano.saturating_sub(span.start_time_unix_nano)),
    );
    format!("{name:NAMES$} {id} {from:>7} {took:>7}  {end}").trim_end().to_owned()
}

fn milliseconds(nanoseconds: u64) -> String {
    let micros = nanoseconds / 1000;
    format!("{}.{}", micros / 1000, micros % 1000 / 100)
}

fn parent<'a>(spans: &'a [Span], child: &Span) -> Option<&'a Span> {
    spans.iter().find(|span| span.span_id == child.parent_span_id)
}

fn attribute(span: &Span, name: &str) -> Option<String> {
    match attributes(span).get(name)? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

use std::error::Error as _;
use std::fmt::Debug;
use std::io::{self, Write};
use std::sync::{Arc, LazyLock, Mutex};

use letterhead::Error;
use letterhead::http::HeaderMap;
use serde_json::Value;
use tracing::Dispatch;
use tracing::subscriber::NoSubscriber;
use tracing_subscriber::fmt::format::FmtSpan;

/// Collects what subscribers write.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// While there are fewer than two subscribers, tracing asks that of the thread that first comes to a span
/// whether anybody wants it, and remembers a *no* for all threads. So there always are two more.
static BESIDE: LazyLock<[Dispatch; 2]> =
    LazyLock::new(|| [(); 2].map(|()| Dispatch::new(NoSubscriber::default())));

/// Everything at every level that this thread does, with spans and their fields when they close.
pub(crate) fn capture() -> (Log, tracing::subscriber::DefaultGuard) {
    LazyLock::force(&BESIDE);
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    (log, guard)
}

/// The spans that were closed so far, in order, without the time they took.
pub(crate) fn spans(log: &Log) -> Vec<Value> {
    let text = log.text();
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let closed = lines.filter(|line| line["fields"]["message"] == "close");
    closed.map(|line| line["span"].clone()).collect()
}

/// The last attempt and the call that it was of.
pub(crate) fn last_spans(log: &Log) -> [Value; 2] {
    let spans = spans(log);
    let last = spans.last_chunk().expect("a call closes two spans");
    last.clone()
}

/// Everything that `Debug` shows, in both its forms.
pub(crate) fn shown(thing: &dyn Debug) -> String {
    format!("{thing:?}\n{thing:#?}\n")
}

/// Everything that an error says, sources and body included.
pub(crate) fn said(error: &Error) -> String {
    let mut all = vec![error.to_string(), shown(error)];
    let mut source = error.source();
    while let Some(inner) = source {
        all.extend([inner.to_string(), shown(&inner)]);
        source = inner.source();
    }
    all.push(String::from_utf8_lossy(error.body().unwrap_or_default()).into_owned());
    all.extend(error.headers().map(shown_headers));
    all.join("\n")
}

fn shown_headers(headers: &HeaderMap) -> String {
    let values = headers.values().map(|value| String::from_utf8_lossy(value.as_bytes()));
    values.collect::<Vec<_>>().join("\n")
}

pub(crate) fn assert_hidden<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>) {
    for secret in secrets {
        let escaped = Value::from(secret).to_string();
        for form in [secret, escaped.trim_matches('"')] {
            if let Some(at) = text.find(form) {
                let before = &text.as_bytes()[at.saturating_sub(500)..at];
                panic!("{secret} was shown after {}", before.escape_ascii());
            }
        }
    }
}

//! Stoplight Prism between our clients and the services: every request of the test run and every response
//! is checked against our documents by a program that we didn't write.
//!
//! Prism rewrites responses, and loses what the tests look for: the byte order mark, the digits of numbers,
//! the place where a body is cut off. So the test run doesn't go through Prism. What was recorded in it is
//! sent through Prism afterwards.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_LENGTH, HOST, HeaderMap, TRANSFER_ENCODING};
use hyper::{Response, StatusCode};
use letterhead::{http_client_builder, reqwest};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::Child;

use crate::documents::{Described, documents, target};
use crate::judge::Verdict;
use crate::loopback::{Loopback, without_mark};
use crate::program::{PRISM, Programs};
use crate::test_run::{Entry, Source};

/// How long it may take to listen.
const START: Duration = Duration::from_secs(60);
/// How long one response may take: a body that isn't the JSON it says it is has none at all.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);
/// The header with the number of the entry that is sent. The response has it as well.
const NUMBER: &str = "x-entry";
/// Where Prism writes what it has found.
const VIOLATIONS: &str = "sl-violations";

const EXCLUSIONS: [&str; 6] = [
    "Responses that a test made up. The requests that got them are judged like all others.",
    "Requests that the service refused for not being what the document says: some tests send what is wrong \
     on purpose. All others are judged, whatever the response was.",
    "Addresses that clients only follow, such as the count of a list. They are in no document.",
    "Parameters that the document calls deprecated.",
    "That an identifier with a comma be text. The client leaves the comma as RFC 3986 allows, and Prism \
     takes it for a list.",
    "Refusals without a body. Partner Center says so that a second factor is missing, and OpenAPI can't \
     declare that a response may have a body.",
];

/// Checks the entries of each service against its document.
pub(crate) async fn judge(
    programs: &Programs,
    entries: Vec<Entry>,
) -> anyhow::Result<Vec<Verdict>> {
    let mut verdicts = Vec::new();
    let mut rest = entries;
    for document in documents() {
        let (own, others) = rest.into_iter().partition(|it| it.vendor == document.0.id);
        rest = others;
        let verdict = judge_one(programs, document, own, verdicts.is_empty()).await;
        verdicts.push(verdict.with_context(|| format!("Prism and {}", document.name()))?);
    }
    ensure!(rest.is_empty(), "entries of a service without a document");
    Ok(verdicts)
}

async fn judge_one(
    programs: &Programs,
    document: Described,
    entries: Vec<Entry>,
    is_first: bool,
) -> anyhow::Result<Verdict> {
    let described = |it: &Entry| it.operation.is_some();
    let entries: Arc<Vec<_>> = Arc::new(entries.into_iter().filter(described).collect());
    let recorded = Arc::clone(&entries);
    let services = Loopback::serve(move |request| {
        let response = response(&recorded, request.headers());
        async { response }
    })
    .await?;
    let prism = Prism::start(programs, document.path(), &services.url()).await?;
    let http = http_client_builder()?.no_proxy().build()?;
    let base = document.base()?;
    let mut findings = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        let violations = prism.play(&http, number, &base, entry).await?;
        let objections = violations.iter().filter(|violation| violation.is_objection(entry));
        findings.extend(objections.map(|violation| violation.about(entry)));
    }
    Ok(Verdict {
        judge: "@stoplight/prism-cli",
        version: PRISM,
        about: format!("{}, all of the test run", document.name()),
        count: entries.len(),
        findings,
        exclusions: if is_first { &EXCLUSIONS } else { &[] },
    })
}

/// The recorded response to the request with this number; an empty one where a test made it up.
fn response(recorded: &[Entry], headers: &HeaderMap) -> anyhow::Result<Response<Full<Bytes>>> {
    let number: usize = headers.get(NUMBER).context("no number")?.to_str()?.parse()?;
    let entry = recorded.get(number).context("no such entry")?;
    let mut response = Response::default();
    if entry.source == Source::Service {
        *response.status_mut() = StatusCode::from_u16(entry.response.status)?;
        *response.headers_mut() = entry.response.headers()?;
        response.headers_mut().remove(CONTENT_LENGTH);
        let text = &entry.response.content.text;
        *response.body_mut() = Full::from(without_mark(text.clone().into()));
    } else {
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    response.headers_mut().insert(NUMBER, number.into());
    Ok(response)
}

/// One thing that Prism has found.
#[derive(Deserialize)]
struct Violation {
    /// Begins with `request` or `response`.
    location: Vec<String>,
    message: String,
}

impl Violation {
    /// Whether it is more than the list of exclusions allows. Prism itself only warns of a path that the
    /// document doesn't have, and of a status unless it is a success.
    fn is_objection(&self, entry: &Entry) -> bool {
        if self.message.ends_with(" is deprecated") || self.is_about_a_comma(entry) {
            return false;
        }
        let response = &entry.response;
        match self.location.first().map(String::as_str) {
            Some("request") => !entry.refused,
            _ => {
                entry.source == Source::Service
                    && !(response.status >= 400 && response.content.text.is_empty())
            }
        }
    }

    fn is_about_a_comma(&self, entry: &Entry) -> bool {
        let is_of_path = self.location.starts_with(&["request".into(), "path".into()]);
        let path = entry.request.url.split('?').next();
        is_of_path
            && self.message.ends_with(" must be string")
            && path.is_some_and(|path| path.contains(','))
    }

    fn about(&self, entry: &Entry) -> String {
        format!(
            "{} {} -> {}\n  {}: {}",
            entry.request.method,
            entry.request.url,
            entry.response.status,
            self.location.join("."),
            self.message
        )
    }
}

/// A running Prism, which ends with this.
struct Prism {
    url: String,
    _process: Child,
}

impl Prism {
    async fn start(programs: &Programs, document: PathBuf, upstream: &str) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
        let mut process = programs
            .npm_program("prism")
            .args(["proxy", "--port", &port.to_string()])
            .arg(document)
            .arg(upstream)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("it can't be started")?;
        let output = process.stdout.take().context("it has no output")?;
        let mut lines = BufReader::new(output).lines();
        let listens = async {
            while let Some(line) = lines.next_line().await? {
                if line.contains("is listening") {
                    return Ok(());
                }
            }
            bail!("it ended before it listened")
        };
        tokio::time::timeout(START, listens).await.context("it doesn't listen")??;
        // It would stop where nobody reads what it says.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { url: format!("http://127.0.0.1:{port}"), _process: process })
    }

    /// Sends a recorded request once more, and has its recorded response come back.
    async fn play(
        &self,
        http: &reqwest::Client,
        number: usize,
        base: &str,
        entry: &Entry,
    ) -> anyhow::Result<Vec<Violation>> {
        let request = &entry.request;
        let mut headers = request.headers()?;
        for of_the_connection in [HOST, CONTENT_LENGTH, TRANSFER_ENCODING] {
            headers.remove(of_the_connection);
        }
        let target = target(base, &request.url);
        let body = request.post_data.as_ref().map(|body| body.text.clone());
        let response = http
            .request(request.method.parse()?, format!("{}{target}", self.url))
            .headers(headers)
            .header(NUMBER, number)
            .body(body.unwrap_or_default())
            .timeout(RESPONSE_TIMEOUT)
            .send()
            .await
            .with_context(|| format!("{} {}", request.method, request.url))?;
        let status = response.status();
        // A failure of Prism's own is no judgement, and may have the status of the recorded response.
        let is_ours = response.headers().get(NUMBER) == Some(&number.into());
        let violations = match response.headers().get(VIOLATIONS) {
            Some(text) => serde_json::from_slice(text.as_bytes())?,
            None => Vec::new(),
        };
        let is_changed = entry.source == Source::Service && status != entry.response.status;
        if !is_ours || is_changed {
            let said = response.text().await?;
            bail!("{} {}: {status} {said}", request.method, request.url);
        }
        Ok(violations)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_prism_only_warns_of_is_an_objection() {
        let entry = |source: &str, status: u16, text: &str| -> Entry {
            let request = json!({"method": "GET", "url": "http://host/v1/x", "headers": []});
            let response = json!({"status": status, "headers": [], "content": {"text": text}});
            serde_json::from_value(json!({
                "request": request, "response": response, "_vendor": "partner-center",
                "_operation": "x", "_source": source, "_refused": status == 400,
            }))
            .unwrap()
        };
        let (path, status) = ("Selected route not found", "Unable to match the status");
        for (location, message, entry, expected) in [
            ("request", path, entry("service", 200, "{}"), true),
            ("request", path, entry("test", 503, ""), true),
            ("request", path, entry("service", 400, "{}"), false),
            // Refused for another reason than the request's form, which is judged then.
            ("request", path, entry("service", 404, "{}"), true),
            ("request", path, entry("service", 412, "{}"), true),
            ("request", path, entry("test-resource", 404, "{}"), true),
            ("response", status, entry("service", 418, "{}"), true),
            ("response", status, entry("service", 400, "{}"), true),
            ("response", status, entry("service", 401, ""), false),
            ("response", status, entry("test-resource", 418, "{}"), false),
            ("request", "a is deprecated", entry("service", 200, "{}"), false),
        ] {
            let violation =
                json!({"location": [location], "severity": "Warning", "message": message});
            let violation: Violation = serde_json::from_value(violation).unwrap();
            assert_eq!(violation.is_objection(&entry), expected, "{location}: {message}");
        }
    }

    #[test]
    fn only_a_comma_in_a_path_makes_text_a_list() {
        for (location, path, message, expected) in [
            ("path", "/v1/a,b", "id must be string", false),
            ("path", "/v1/a", "id must be string", true),
            ("path", "/v1/a?b=c,d", "id must be string", true),
            ("path", "/v1/a,b", "id must be longer", true),
            ("query", "/v1/a,b", "id must be string", true),
        ] {
            let url = format!("http://host{path}");
            let entry: Entry = serde_json::from_value(json!({
                "request": {"method": "GET", "url": url, "headers": []},
                "response": {"status": 404, "headers": [], "content": {"text": "{}"}},
                "_vendor": "partner-center", "_operation": "x",
                "_source": "service", "_refused": false,
            }))
            .unwrap();
            let violation = json!({"location": ["request", location, "id"], "message": message});
            let violation: Violation = serde_json::from_value(violation).unwrap();
            assert_eq!(violation.is_objection(&entry), expected, "{path}: {message}");
        }
    }
}

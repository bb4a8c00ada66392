//! Stoplight Prism between our clients and the services: every request of the test run and every answer
//! is held against our documents by a program that we didn't write.
//!
//! Prism writes an answer anew, without what the tests are there to see: its byte order mark, the digits
//! of its numbers, where it broke off. So it stands between what the clients sent and what the services
//! answered, as both were recorded.

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
use crate::test_run::{Exchange, Source};

/// How long it may take to listen.
const START: Duration = Duration::from_secs(60);
/// How long one answer may take: a body that isn't the JSON it says it is has none at all.
const ANSWER: Duration = Duration::from_secs(30);
/// The header that says which exchange is played. The answer has it as well.
const NUMBER: &str = "x-exchange";
/// Where Prism writes what it has found.
const VIOLATIONS: &str = "sl-violations";

const EXCLUSIONS: [&str; 6] = [
    "Answers that a test made up. The requests that got them are judged like all others.",
    "Requests that the service refused for not being what the document says: some tests send what is wrong \
     on purpose. All others are judged, whatever the answer was.",
    "Addresses that clients only follow, such as the count of a list. They are in no document.",
    "Parameters that the document calls deprecated.",
    "That an identifier with a comma be text. The client leaves the comma as RFC 3986 allows, and Prism \
     takes it for a list.",
    "Refusals without a body. Partner Center says so that a second factor is missing, and OpenAPI can't \
     declare that an answer may have a body.",
];

/// Holds the exchanges with each service against its document.
pub(crate) async fn judge(
    programs: &Programs,
    exchanges: Vec<Exchange>,
) -> anyhow::Result<Vec<Verdict>> {
    let mut verdicts = Vec::new();
    let mut rest = exchanges;
    for document in documents() {
        let (own, others) = rest.into_iter().partition(|it| it.service == document.0.id);
        rest = others;
        let verdict = judge_one(programs, document, own, verdicts.is_empty()).await;
        verdicts.push(verdict.with_context(|| format!("Prism and {}", document.name()))?);
    }
    ensure!(rest.is_empty(), "exchanges with a service of no document");
    Ok(verdicts)
}

async fn judge_one(
    programs: &Programs,
    document: Described,
    exchanges: Vec<Exchange>,
    is_first: bool,
) -> anyhow::Result<Verdict> {
    let described = |it: &Exchange| it.operation.is_some();
    let exchanges: Arc<Vec<_>> = Arc::new(exchanges.into_iter().filter(described).collect());
    let recorded = Arc::clone(&exchanges);
    let services = Loopback::serve(move |request| {
        let answer = answer(&recorded, request.headers());
        async { answer }
    })
    .await?;
    let prism = Prism::start(programs, document.path(), &services.url()).await?;
    let http = http_client_builder()?.no_proxy().build()?;
    let base = document.base()?;
    let mut findings = Vec::new();
    for (number, exchange) in exchanges.iter().enumerate() {
        let violations = prism.play(&http, number, &base, exchange).await?;
        let objections = violations
            .iter()
            .filter(|violation| violation.is_objection(exchange));
        findings.extend(objections.map(|violation| violation.about(exchange)));
    }
    Ok(Verdict {
        judge: "@stoplight/prism-cli",
        version: PRISM,
        about: format!("{}, all of the test run", document.name()),
        count: exchanges.len(),
        findings,
        exclusions: if is_first { &EXCLUSIONS } else { &[] },
    })
}

/// The recorded answer to the request with this number, or none to speak of where a test made it up.
fn answer(recorded: &[Exchange], headers: &HeaderMap) -> anyhow::Result<Response<Full<Bytes>>> {
    let number: usize = headers
        .get(NUMBER)
        .context("no number")?
        .to_str()?
        .parse()?;
    let exchange = recorded.get(number).context("no such exchange")?;
    let mut answer = Response::default();
    if exchange.source == Source::Service {
        *answer.status_mut() = StatusCode::from_u16(exchange.response.status)?;
        *answer.headers_mut() = exchange.response.headers()?;
        answer.headers_mut().remove(CONTENT_LENGTH);
        let text = &exchange.response.content.text;
        *answer.body_mut() = Full::from(without_mark(text.clone().into()));
    } else {
        *answer.status_mut() = StatusCode::NO_CONTENT;
    }
    answer.headers_mut().insert(NUMBER, number.into());
    Ok(answer)
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
    fn is_objection(&self, exchange: &Exchange) -> bool {
        if self.message.ends_with(" is deprecated") || self.is_about_a_comma(exchange) {
            return false;
        }
        let answer = &exchange.response;
        match self.location.first().map(String::as_str) {
            Some("request") => !exchange.refused,
            _ => {
                exchange.source == Source::Service
                    && !(answer.status >= 400 && answer.content.text.is_empty())
            }
        }
    }

    fn is_about_a_comma(&self, exchange: &Exchange) -> bool {
        let is_of_path = self
            .location
            .starts_with(&["request".into(), "path".into()]);
        let path = exchange.request.url.split('?').next();
        is_of_path
            && self.message.ends_with(" must be string")
            && path.is_some_and(|path| path.contains(','))
    }

    fn about(&self, exchange: &Exchange) -> String {
        format!(
            "{} {} -> {}\n  {}: {}",
            exchange.request.method,
            exchange.request.url,
            exchange.response.status,
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
        tokio::time::timeout(START, listens)
            .await
            .context("it doesn't listen")??;
        // It would stop where nobody reads what it says.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self {
            url: format!("http://127.0.0.1:{port}"),
            _process: process,
        })
    }

    /// Sends a recorded request once more, and has its recorded answer come back.
    async fn play(
        &self,
        http: &reqwest::Client,
        number: usize,
        base: &str,
        exchange: &Exchange,
    ) -> anyhow::Result<Vec<Violation>> {
        let request = &exchange.request;
        let mut headers = request.headers()?;
        for of_the_connection in [HOST, CONTENT_LENGTH, TRANSFER_ENCODING] {
            headers.remove(of_the_connection);
        }
        let target = target(base, &request.url);
        let body = request.post_data.as_ref().map(|body| body.text.clone());
        let answer = http
            .request(request.method.parse()?, format!("{}{target}", self.url))
            .headers(headers)
            .header(NUMBER, number)
            .body(body.unwrap_or_default())
            .timeout(ANSWER)
            .send()
            .await
            .with_context(|| format!("{} {}", request.method, request.url))?;
        let status = answer.status();
        // A failure of Prism's own is no judgement, and may have the status of the recorded answer.
        let is_ours = answer.headers().get(NUMBER) == Some(&number.into());
        let violations = match answer.headers().get(VIOLATIONS) {
            Some(text) => serde_json::from_slice(text.as_bytes())?,
            None => Vec::new(),
        };
        let is_changed = exchange.source == Source::Service && status != exchange.response.status;
        if !is_ours || is_changed {
            let said = answer.text().await?;
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
        let exchange = |source: &str, status: u16, text: &str| -> Exchange {
            let request = json!({"method": "GET", "url": "http://host/v1/x", "headers": []});
            let response = json!({"status": status, "headers": [], "content": {"text": text}});
            serde_json::from_value(json!({
                "request": request, "response": response, "_service": "partner-center",
                "_operation": "x", "_source": source, "_refused": status == 400,
            }))
            .unwrap()
        };
        let (path, status) = ("Selected route not found", "Unable to match the status");
        for (location, message, exchange, expected) in [
            ("request", path, exchange("service", 200, "{}"), true),
            ("request", path, exchange("canned", 503, ""), true),
            ("request", path, exchange("service", 400, "{}"), false),
            // Refused for another reason than the request's form, which is judged then.
            ("request", path, exchange("service", 404, "{}"), true),
            ("request", path, exchange("service", 412, "{}"), true),
            ("request", path, exchange("planted", 404, "{}"), true),
            ("response", status, exchange("service", 418, "{}"), true),
            ("response", status, exchange("service", 400, "{}"), true),
            ("response", status, exchange("service", 401, ""), false),
            ("response", status, exchange("planted", 418, "{}"), false),
            (
                "request",
                "a is deprecated",
                exchange("service", 200, "{}"),
                false,
            ),
        ] {
            let violation =
                json!({"location": [location], "severity": "Warning", "message": message});
            let violation: Violation = serde_json::from_value(violation).unwrap();
            assert_eq!(
                violation.is_objection(&exchange),
                expected,
                "{location}: {message}"
            );
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
            let exchange: Exchange = serde_json::from_value(json!({
                "request": {"method": "GET", "url": url, "headers": []},
                "response": {"status": 404, "headers": [], "content": {"text": "{}"}},
                "_service": "partner-center", "_operation": "x",
                "_source": "service", "_refused": false,
            }))
            .unwrap();
            let violation = json!({"location": ["request", location, "id"], "message": message});
            let violation: Violation = serde_json::from_value(violation).unwrap();
            assert_eq!(
                violation.is_objection(&exchange),
                expected,
                "{path}: {message}"
            );
        }
    }
}

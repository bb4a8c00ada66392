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

use crate::documents::{DOCUMENTS, Described};
use crate::judge::Verdict;
use crate::loopback::{Loopback, without_mark};
use crate::program::{PRISM, Programs};
use crate::test_run::{Exchange, Source};

/// How long it may take to listen.
const START: Duration = Duration::from_secs(60);
/// The request header that says which exchange is played.
const NUMBER: &str = "x-exchange";
/// Where Prism writes what it has found.
const VIOLATIONS: &str = "sl-violations";

const EXCLUSIONS: [&str; 4] = [
    "Answers that a test made up. The requests that got them are judged like all others.",
    "Requests that the service refused as well: some tests send what is wrong on purpose.",
    "Addresses that clients only follow, such as the count of a list. They are in no document.",
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
    for document in &DOCUMENTS {
        let (own, others) = rest.into_iter().partition(|it| it.service == document.name);
        rest = others;
        let verdict = judge_one(programs, document, own, verdicts.is_empty()).await;
        verdicts.push(verdict.with_context(|| format!("Prism and {}", document.name))?);
    }
    ensure!(rest.is_empty(), "exchanges with a service of no document");
    Ok(verdicts)
}

async fn judge_one(
    programs: &Programs,
    document: &Described,
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
    let mut findings = Vec::new();
    for (number, exchange) in exchanges.iter().enumerate() {
        let violations = prism.play(&http, number, document, exchange).await?;
        let objections = violations
            .iter()
            .filter(|violation| violation.is_objection(exchange));
        findings.extend(objections.map(|violation| violation.about(exchange)));
    }
    Ok(Verdict {
        judge: "@stoplight/prism-cli",
        version: PRISM,
        about: document.test_run,
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
    if exchange.source != Source::Service {
        *answer.status_mut() = StatusCode::NO_CONTENT;
        return Ok(answer);
    }
    *answer.status_mut() = StatusCode::from_u16(exchange.response.status)?;
    *answer.headers_mut() = exchange.response.headers()?;
    answer.headers_mut().remove(CONTENT_LENGTH);
    let text = &exchange.response.content.text;
    *answer.body_mut() = Full::from(without_mark(text.clone().into()));
    Ok(answer)
}

/// One thing that Prism has found.
#[derive(Deserialize)]
struct Violation {
    /// Begins with `request` or `response`.
    location: Vec<String>,
    severity: String,
    message: String,
}

impl Violation {
    /// Whether it is more than the list of exclusions allows, and more than a remark.
    fn is_objection(&self, exchange: &Exchange) -> bool {
        let is_refusal = exchange.source == Source::Service && exchange.response.status >= 400;
        self.severity == "Error"
            && match self.location.first().map(String::as_str) {
                Some("request") => !is_refusal,
                _ => {
                    exchange.source == Source::Service
                        && !(is_refusal && exchange.response.content.text.is_empty())
                }
            }
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
        document: &Described,
        exchange: &Exchange,
    ) -> anyhow::Result<Vec<Violation>> {
        let request = &exchange.request;
        let mut headers = request.headers()?;
        for of_the_connection in [HOST, CONTENT_LENGTH, TRANSFER_ENCODING] {
            headers.remove(of_the_connection);
        }
        let target = document.target(&request.url);
        let body = request.post_data.as_ref().map(|body| body.text.clone());
        let answer = http
            .request(request.method.parse()?, format!("{}{target}", self.url))
            .headers(headers)
            .header(NUMBER, number)
            .body(body.unwrap_or_default())
            .send()
            .await
            .with_context(|| format!("{} {}", request.method, request.url))?;
        let status = answer.status();
        let violations = match answer.headers().get(VIOLATIONS) {
            Some(text) => serde_json::from_slice(text.as_bytes())?,
            None => Vec::new(),
        };
        if exchange.source == Source::Service && status != exchange.response.status {
            let said = answer.text().await?;
            bail!("{} {}: {status} {said}", request.method, request.url);
        }
        Ok(violations)
    }
}

//! Redocly's `drift`: every request of the test run and its response, as an HTTP Archive, beside the document.

use anyhow::{Context, ensure};
use hyper::header::{CONTENT_TYPE, HeaderMap};
use serde::Deserialize;
use serde_json::{Value, json};

use super::redocly;
use crate::documents::{Described, documents, target};
use crate::judge::Verdict;
use crate::loopback::without_mark;
use crate::program::{Programs, REDOCLY, run};
use crate::test_run::{Entry, Source};

/// Where the requests went, as far as the archive says: each test has a service of its own.
const SERVER: &str = "http://127.0.0.1";

/// What it only notes are headers: those of credentials, which are in security schemes, and those of tests.
const LEAST: &str = "warning";

const EXCLUSIONS: [&str; 5] = [
    "Responses that a test made up. The requests that got them are judged like all others.",
    "Requests that the service refused for not being what the document says: some tests send what is wrong \
     on purpose.",
    "Addresses that clients only follow, such as the count of a list. They are in no document.",
    "Headers of requests that aren't in the document. Security schemes declare those of credentials, which it \
     doesn't read, and tests send some of their own.",
    "Statuses, headers and members of responses that aren't in the document. It says nothing of them; the \
     sandbox does.",
];

/// Checks the entries of each service against its document.
pub(crate) async fn judge(programs: &Programs, entries: &[Entry]) -> anyhow::Result<Vec<Verdict>> {
    let mut verdicts = Vec::new();
    for document in documents() {
        let own = entries.iter().filter(|it| it.vendor == document.0.id);
        let judged = own.filter(|it| it.operation.is_some() && !it.refused);
        let base = document.base()?;
        let judged: Vec<Value> =
            judged.map(|it| written(&base, it)).collect::<anyhow::Result<_>>()?;
        let about = || format!("drift and {}", document.name());
        let problems = problems_of(programs, document, &judged).await.with_context(about)?;
        // A judge that catches nothing would agree as well.
        let planted: Vec<Value> = judged.iter().filter_map(drifted).collect();
        let caught = problems_of(programs, document, &planted).await.with_context(about)?;
        ensure!(!caught.is_empty(), "{}: it lets a list pass for an object", about());
        verdicts.push(Verdict {
            judge: "@redocly/cli drift",
            version: REDOCLY,
            about: format!("{}, all of the test run", document.name()),
            count: judged.len(),
            findings: problems.iter().map(Problem::about).collect(),
            exclusions: if verdicts.is_empty() { &EXCLUSIONS } else { &[] },
        });
    }
    Ok(verdicts)
}

async fn problems_of(
    programs: &Programs,
    document: Described,
    entries: &[Value],
) -> anyhow::Result<Vec<Problem>> {
    let count = entries.len();
    let creator = json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")});
    let archive = json!({"log": {"version": "1.2", "creator": creator, "entries": entries}});
    let archive = programs.file(&format!("{}.har", document.0.id), &archive.to_string())?;
    let mut command = redocly(programs);
    command.arg("drift").arg(archive).arg("--api").arg(document.path());
    command.args(["--traffic-format", "har", "--format", "json", "--server", SERVER]);
    command.args(["--min-severity", LEAST]);
    let output = run(&mut command).await?;
    let report = serde_json::from_slice(&output.stdout);
    let Report { run, problems } = report.with_context(|| {
        let said = String::from_utf8_lossy(&output.stderr);
        format!("it doesn't report in JSON: {}", said.trim())
    })?;
    let judged = run.documented + run.undocumented;
    ensure!(judged == count, "it judges {judged} of {count} requests");
    Ok(problems)
}

/// A request and its response for the archive; an empty response where a test made it up.
fn written(base: &str, entry: &Entry) -> anyhow::Result<Value> {
    let request = &entry.request;
    let url = format!("{SERVER}{}", target(base, &request.url));
    let mut sent = json!({
        "method": request.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&request.headers()?),
        // It reads the query of the address.
        "queryString": [],
        "headersSize": -1,
        "bodySize": -1,
    });
    if let Some(body) = &request.post_data {
        sent["postData"] = content(&request.headers()?, &body.text);
    }
    let response = &entry.response;
    let is_judged = entry.source == Source::Service;
    let status = if is_judged { response.status } else { 204 };
    let (of_response, text) = if is_judged {
        (response.headers()?, response.content.text.as_str())
    } else {
        (HeaderMap::new(), "")
    };
    Ok(json!({
        "startedDateTime": "2000-01-01T00:00:00Z",
        "time": 0,
        "request": sent,
        "response": {
            "status": status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers(&of_response),
            "content": content(&of_response, text),
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    }))
}

/// The entry with a list in place of the object that came back; none where no object did.
fn drifted(entry: &Value) -> Option<Value> {
    let content = &entry["response"]["content"];
    let text = content["text"].as_str().filter(|text| text.starts_with('{'))?;
    let is_success = entry["response"]["status"].as_u64()? / 100 == 2;
    let mut entry = entry.clone();
    entry["response"]["content"]["text"] = format!("[{text}]").into();
    is_success.then_some(entry)
}

fn content(headers: &HeaderMap, text: &str) -> Value {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let text = without_mark(text.to_owned().into());
    json!({
        "mimeType": content_type.unwrap_or_default(),
        "size": text.len(),
        "text": String::from_utf8_lossy(&text),
    })
}

fn headers(headers: &HeaderMap) -> Vec<Value> {
    let pairs = headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        json!({"name": name.as_str(), "value": value})
    });
    pairs.collect()
}

#[derive(Deserialize)]
struct Report {
    run: Run,
    problems: Vec<Problem>,
}

#[derive(Deserialize)]
struct Run {
    #[serde(rename = "documentedExchanges")]
    documented: usize,
    #[serde(rename = "undocumentedExchanges")]
    undocumented: usize,
}

#[derive(Deserialize)]
struct Problem {
    severity: String,
    message: String,
    method: String,
    url: String,
    status: u16,
}

impl Problem {
    fn about(&self) -> String {
        let Self { severity, message, method, url, status } = self;
        format!("{method} {url} -> {status}\n  {severity}: {message}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_that_a_test_made_up_is_not_in_the_archive() {
        let entry = |source: &str| -> Entry {
            let headers = json!([{"name": "content-type", "value": "application/json"}]);
            serde_json::from_value(json!({
                "request": {
                    "method": "PUT", "url": "http://127.0.0.1:9/acme/campaign/x?y=1",
                    "headers": headers, "postData": {"text": "{\"a\":1}"},
                },
                "response": {"status": 418, "headers": headers, "content": {"text": "\u{feff}{}"}},
                "_vendor": "campaign-standard", "_operation": "x", "_source": source,
                "_refused": false,
            }))
            .unwrap()
        };
        for (source, status, text) in [("service", 418, "{}"), ("test", 204, "")] {
            let written = written("/fabrikam/campaign", &entry(source)).unwrap();
            assert_eq!(written["request"]["url"], "http://127.0.0.1/x?y=1");
            assert_eq!(written["request"]["postData"]["text"], "{\"a\":1}");
            assert_eq!(written["request"]["postData"]["mimeType"], "application/json");
            assert_eq!(written["response"]["status"], status);
            assert_eq!(written["response"]["content"]["text"], text);
            // An error isn't what the document says of a success.
            assert_eq!(drifted(&written), None);
        }
    }

    #[test]
    fn a_drift_is_a_list_in_place_of_an_object() {
        let entry = |text: &str| json!({"response": {"status": 200, "content": {"text": text}}});
        assert_eq!(drifted(&entry("{\"a\":1}")), Some(entry("[{\"a\":1}]")));
        assert_eq!(drifted(&entry("")), None);
    }
}

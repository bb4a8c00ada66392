//! The library's own tests, and the requests and responses in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use tokio::process::Command;

use crate::documents::{Described, documents};
use crate::judge::Verdict;
use crate::program::succeed;

/// How long the tests may take, which are built first.
const LIMIT: Duration = Duration::from_secs(1200);

/// One request of a test and its response, from an HTTP Archive of the sandbox.
#[derive(Deserialize)]
pub(crate) struct Entry {
    pub(crate) request: Request,
    pub(crate) response: Response,
    #[serde(rename = "_vendor")]
    pub(crate) vendor: String,
    #[serde(rename = "_operation")]
    pub(crate) operation: Option<String>,
    #[serde(rename = "_source")]
    pub(crate) source: Source,
    /// Whether the service refused the request because it isn't what the document says.
    #[serde(rename = "_refused")]
    pub(crate) refused: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    headers: Vec<Header>,
    pub(crate) post_data: Option<Content>,
}

#[derive(Deserialize)]
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: Vec<Header>,
    pub(crate) content: Content,
}

impl Request {
    pub(crate) fn headers(&self) -> anyhow::Result<HeaderMap> {
        map_of(&self.headers)
    }
}

impl Response {
    pub(crate) fn headers(&self) -> anyhow::Result<HeaderMap> {
        map_of(&self.headers)
    }
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Deserialize)]
pub(crate) struct Content {
    pub(crate) text: String,
}

/// Who made a response: the service from its own resources, the service from a test's resources, or a test.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Source {
    Service,
    TestResource,
    Test,
}

#[derive(Deserialize)]
struct Archive {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

/// Runs the tests, with archives that go to `folder`.
pub(crate) async fn run(folder: &Path) -> anyhow::Result<Vec<Entry>> {
    let mut tests = Command::from(letterhead_command::cargo());
    // Those of other crates with this name send nothing. To name the package would have all that it stands on built
    // again.
    tests
        .args(["test", "--quiet", "--test", "api"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .env("LETTERHEAD_SANDBOX_HAR", folder);
    succeed(&mut tests, LIMIT).await?;

    let mut entries = Vec::new();
    for file in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = file?.path();
        let text = fs::read_to_string(&path)?;
        let archive: Archive =
            serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        entries.extend(archive.log.entries);
    }
    ensure!(!entries.is_empty(), "the tests recorded no request");
    Ok(entries)
}

/// Which operations of the documents no test used successfully.
pub(crate) fn coverage(entries: &[Entry]) -> anyhow::Result<Vec<Verdict>> {
    let verdicts = documents().map(|document| {
        let done = carried_out(document, entries);
        let parsed = document.document()?;
        let operations: Vec<_> = parsed.operations().map(|it| it.name()).collect();
        let missing = operations.iter().filter(|id| !done.contains(id.as_str()));
        Ok(Verdict {
            judge: "letterhead's own tests",
            version: env!("CARGO_PKG_VERSION"),
            about: format!("{}, every operation", document.name()),
            count: operations.len(),
            findings: missing
                .map(|id| format!("{id}: no test has the service carry it out"))
                .collect(),
            exclusions: &[],
        })
    });
    verdicts.collect()
}

/// The operations that the service has carried out. A response that a test has set proves nothing; nor does
/// one of a service after a test has stored what no document has.
fn carried_out(document: Described, entries: &[Entry]) -> BTreeSet<&str> {
    entries
        .iter()
        .filter(|it| it.vendor == document.0.id && it.source == Source::Service)
        .filter(|it| (200..300).contains(&it.response.status))
        .filter_map(|it| it.operation.as_deref())
        .collect()
}

fn map_of(headers: &[Header]) -> anyhow::Result<HeaderMap> {
    let pairs = headers.iter().map(|Header { name, value }| {
        anyhow::Ok((HeaderName::try_from(name)?, HeaderValue::try_from(value)?))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_the_service_did_was_carried_out() {
        let entry = |service: &str, operation: &str, source: &str, status: u16| -> Entry {
            serde_json::from_value(json!({
                "request": {"method": "GET", "url": "http://host/v1/x", "headers": []},
                "response": {"status": status, "headers": [], "content": {"text": ""}},
                "_vendor": service, "_operation": operation, "_source": source, "_refused": false,
            }))
            .unwrap()
        };
        let entries = [
            entry("partner-center", "getCustomer", "service", 200),
            entry("partner-center", "listCustomers", "test", 200),
            entry("partner-center", "getMpnProfile", "test-resource", 200),
            entry("partner-center", "getSupportProfile", "service", 404),
            entry("cloudflare", "getOrganizationProfile", "service", 200),
        ];
        let done: Vec<_> = carried_out(Described(&letterhead_spec::PARTNER_CENTER), &entries)
            .into_iter()
            .collect();
        assert_eq!(done, ["getCustomer"]);
    }
}

//! The requests to a sandbox as an HTTP Archive (HAR 1.2), which browsers and other programs read.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::form;
use crate::recorded_request::{RecordedRequest, is_secret, without_credentials};

/// The environment variable with the folder that archives go to.
const FOLDER: &str = "LETTERHEAD_SANDBOX_HAR";

/// Where a response comes from. Documents say nothing about those of a test.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    Service,
    /// The service, whose resources a test has put there.
    TestResource,
    /// A test.
    Test,
}

/// What ends the file, whatever stands before it.
const END: &str = "]}}";

/// One file, which is whole after each request.
pub(crate) struct Archive {
    file: File,
    is_empty: bool,
}

impl Archive {
    /// An archive, if the environment asks for one.
    pub(crate) fn wanted() -> Option<io::Result<Self>> {
        let folder = std::env::var_os(FOLDER).filter(|folder| !folder.is_empty())?;
        Some(Self::create(Path::new(&folder)))
    }

    fn create(folder: &Path) -> io::Result<Self> {
        /// Tells the archives of one process apart.
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        std::fs::create_dir_all(folder)?;
        let mut file = loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("{}-{number}.har", process::id()));
            match File::create_new(path) {
                // Containers that share the folder have processes with the same id.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                file => break file?,
            }
        };
        let creator = json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")});
        write!(file, r#"{{"log":{{"version":"1.2","creator":{creator},"entries":[{END}"#)?;
        let is_empty = true;
        Ok(Self { file, is_empty })
    }

    /// Adds a request to a service, which began at a time; one to a token endpoint is left out. `is_refused`
    /// says that the request isn't what the document says: other refusals have the same status.
    pub(crate) fn enter(
        &mut self,
        recorded: &RecordedRequest,
        source: Source,
        is_refused: bool,
        began: Timestamp,
    ) -> io::Result<()> {
        let Some(vendor) = recorded.vendor else {
            return Ok(());
        };
        let milliseconds = began.duration_until(Timestamp::now()).as_secs_f64() * 1e3;
        let entry = json!({
            "startedDateTime": began.to_string(),
            "time": milliseconds,
            "request": request(recorded),
            "response": response(&recorded.response),
            "cache": {},
            "timings": {"send": 0, "wait": milliseconds, "receive": 0},
            "_vendor": vendor.row().id,
            "_operation": recorded.operation,
            "_source": match source {
                Source::Service => "service",
                Source::TestResource => "test-resource",
                Source::Test => "test",
            },
            "_refused": is_refused,
        });
        let comma = if self.is_empty { "" } else { "," };
        self.is_empty = false;
        // In place of the end, so that the file is JSON even if this process doesn't live to end it.
        self.file.seek(SeekFrom::End(-3))?;
        self.file.write_all(format!("{comma}\n{entry}{END}").as_bytes())
    }
}

fn request(recorded: &RecordedRequest) -> Value {
    let host = recorded.header("host").unwrap_or("127.0.0.1");
    let target = without_credentials(&recorded.target);
    let query = form::decode(target.split_once('?').map_or("", |(_, query)| query));
    let pairs = query.into_iter().map(|(name, value)| json!({"name": name, "value": value}));
    let mut request = json!({
        "method": recorded.method.as_str(),
        "url": format!("http://{host}{target}"),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&recorded.headers),
        "queryString": pairs.collect::<Vec<_>>(),
        "headersSize": -1,
        "bodySize": recorded.body.len(),
    });
    if !recorded.body.is_empty() {
        request["postData"] = json!({
            "mimeType": content_type(&recorded.headers),
            "params": [],
            "text": String::from_utf8_lossy(&recorded.body),
        });
    }
    request
}

fn response(response: &http::Response<Bytes>) -> Value {
    json!({
        "status": response.status().as_u16(),
        "statusText": response.status().canonical_reason().unwrap_or_default(),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(response.headers()),
        "content": {
            "size": response.body().len(),
            "mimeType": content_type(response.headers()),
            "text": String::from_utf8_lossy(response.body()),
        },
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": response.body().len(),
    })
}

fn content_type(headers: &HeaderMap) -> String {
    let text = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    String::from_utf8_lossy(text.unwrap_or_default()).into_owned()
}

/// The headers with the scheme of a credential and nothing else of it.
fn headers(headers: &HeaderMap) -> Vec<Value> {
    let shown = |name: &HeaderName, text: &str| match text.split_once(' ') {
        _ if !is_secret(name) => text.to_owned(),
        Some((scheme, _)) if name == AUTHORIZATION => format!("{scheme} [redacted]"),
        _ => "[redacted]".to_owned(),
    };
    let pairs = headers.iter().map(|(name, value)| {
        let text = String::from_utf8_lossy(value.as_bytes());
        json!({"name": name.as_str(), "value": shown(name, &text)})
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::PARTNER_CENTER_TOKEN;
    use crate::{Response, Sandbox};

    const SUPPORT: &str = "/v1/profiles/support";

    async fn send_requests(folder: &Path) {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        sandbox.shared.lock().archive = Some(Archive::create(folder).expect("a file"));
        let profile = sandbox.resource(SUPPORT);
        let target = format!("{SUPPORT}?note=a%20b");
        sandbox.call("PUT", &target, profile.as_ref()).await;
        sandbox.call("PUT", SUPPORT, Some(&json!({}))).await;
        sandbox.call("GET", "/v1/customers/nobody", None).await;
        sandbox.respond_next(Response::new(503).html("<p>busy</p>"));
        sandbox.call("GET", SUPPORT, None).await;
        sandbox.put_resource(SUPPORT, json!({"email": null}));
        sandbox.call("GET", SUPPORT, None).await;
        sandbox.call("GET", "/v1/nothing", None).await;
        let odd = [("x-auth-key", "hush hush".to_owned())];
        sandbox.send("GET", "/client/v4/organizations", &odd, None).await;
        sandbox.post_form("/ims/token/v3", &[("client_secret", "hush")]).await;
    }

    #[tokio::test]
    async fn an_archive_has_what_went_over_the_wire_and_no_credential() {
        let folder = std::env::temp_dir().join(format!("letterhead-{}", process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let of_others = [1, 2].map(|number| folder.join(format!("{}-{number}.har", process::id())));
        for path in &of_others {
            std::fs::write(path, "of another machine").expect("a file");
        }
        send_requests(&folder).await;
        for path in &of_others {
            let text = std::fs::read_to_string(path).expect("it is still there");
            assert_eq!(text, "of another machine");
        }
        let files = std::fs::read_dir(&folder).expect("a folder");
        let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        paths.retain(|path| !of_others.contains(path));
        assert_eq!(paths.len(), 1);
        let text = std::fs::read_to_string(&paths[0]).expect("text");
        std::fs::remove_dir_all(&folder).expect("it goes");

        assert!(!text.contains(PARTNER_CENTER_TOKEN) && !text.contains("hush"));
        let archive: Value = serde_json::from_str(&text).expect("JSON");
        let entries = archive["log"]["entries"].as_array().expect("entries");
        let about: Vec<_> = entries
            .iter()
            .map(|entry| {
                (
                    &entry["_operation"],
                    &entry["_source"],
                    &entry["_refused"],
                    &entry["response"]["status"],
                )
            })
            .collect();
        let (service, test_resource, no) = (json!("service"), json!("test-resource"), json!(false));
        let (update, get) = (json!("updateSupportProfile"), json!("getSupportProfile"));
        assert_eq!(
            about,
            [
                (&update, &service, &no, &json!(200)),
                (&update, &service, &json!(true), &json!(400)),
                (&json!("getCustomer"), &service, &no, &json!(400)),
                (&get, &json!("test"), &no, &json!(503)),
                (&get, &test_resource, &no, &json!(200)),
                (&Value::Null, &test_resource, &no, &json!(404)),
                (&json!("listOrganizations"), &test_resource, &no, &json!(400)),
            ]
        );
        let first = &entries[0]["request"];
        assert_eq!(first["queryString"], json!([{"name": "note", "value": "a b"}]));
        let credential = json!({"name": "authorization", "value": "Bearer [redacted]"});
        let headers = first["headers"].as_array().expect("headers");
        assert!(headers.contains(&credential), "{headers:?}");
        let sent = first["postData"]["text"].as_str().expect("a body");
        assert!(sent.contains("telephone"), "{sent}");
    }
}

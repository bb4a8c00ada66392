//! What an update does beside other writers, and that it loses nothing on the way.

use std::sync::{Arc, Mutex};

use super::calls::{ENDLESS, cloudflare, partner};
use super::table::Table;
use crate::support::ManualClock;
use crate::support::server::{RawServer, Request, Response, Step, cut, json, typed};

const LOSSLESS: &str = "an update writes back what it doesn't know exactly as it came";
const NEIGHBOUR: &str = "an update whose response was lost doesn't overwrite a later writer";
const OWN: &str =
    "an update finds its own write where the response was lost, and doesn't write twice";
const OTHER: &str = "writers with an ETag never overwrite each other";

#[tokio::test]
async fn nothing_unknown_is_lost() {
    let mut table = Table::new("writes");
    for text in [
        "1.0",
        "1e2",
        "-0.0",
        "0.10",
        "123456789012345678901234567890",
        "1.000000000000000000000000000001",
        "18446744073709551617",
        "1e400",
        "null",
        "[]",
        "{}",
        "[null,[],{\"a\":1.50}]",
        r#""\ud800""#,
        r#""\u0000""#,
        r#"{"":1e0}"#,
    ] {
        let row = async move {
            let member = format!("\"unknown\":{text}");
            let profile = format!(
                r#"{{"email":"old","companyName":"F","attributes":{{"etag":"e1"}},{member}}}"#
            );
            let server = RawServer::start(move |_| json(200, &profile)).await;
            let client = partner(&server.url, &ManualClock::new()).build().unwrap();
            let resource = client.organization_profile().timeout(ENDLESS);
            resource.update(|it| it.email = Some("new".into())).await.unwrap();
            let put = server.requests()[1].text();
            assert!(put.contains(&member), "{put}");
        };
        table.row(LOSSLESS, format!("Partner Center: {text}"), row).await;
        let row = async move {
            let member = format!("\"unknown\":{text}");
            let profile = format!(
                r#"{{"success":true,"result":{{"business_name":"F","business_email":"o",{member}}}}}"#
            );
            let server = RawServer::start(move |request| match request.method() {
                "GET" => json(200, &profile),
                _ => typed(204, "", ""),
            })
            .await;
            let client = cloudflare(&server.url, &ManualClock::new()).build().unwrap();
            let resource = client.organization_profile("o").timeout(ENDLESS);
            resource.update(|it| it.business_email = Some("new".into())).await.unwrap();
            let put = server.requests()[1].text();
            assert!(put.contains(&member), "{put}");
        };
        table.row(LOSSLESS, format!("Cloudflare: {text}"), row).await;
    }
    for member in [r#""website":null"#, r#""domain":null"#, r#""defaultAddress":{"city":null}"#] {
        let row = async move {
            let profile = format!(r#"{{"email":"old","attributes":{{"etag":"e1"}},{member}}}"#);
            let server = RawServer::start(move |_| json(200, &profile)).await;
            let client = partner(&server.url, &ManualClock::new()).build().unwrap();
            let resource = client.organization_profile().timeout(ENDLESS);
            resource.update(|it| it.email = Some("new".into())).await.unwrap();
            let put = server.requests()[1].text();
            assert!(put.contains(member), "{put}");
        };
        table.row(LOSSLESS, member, row).await;
    }
    table.end();
}

/// A profile with an email, which updates change, and a telephone, which somebody else changes.
#[derive(Debug)]
struct Stored {
    email: String,
    telephone: String,
    version: usize,
    has_etag: bool,
    /// How many writes were applied.
    applied: usize,
}

type Shared = Arc<Mutex<Stored>>;

impl Stored {
    fn new(has_etag: bool) -> Shared {
        Arc::new(Mutex::new(Self {
            email: "old".into(),
            telephone: "1".into(),
            version: 1,
            has_etag,
            applied: 0,
        }))
    }

    /// Somebody else writes.
    fn telephone(&mut self, number: &str) {
        self.telephone = number.into();
        self.version += 1;
    }

    fn read(&self) -> String {
        let (email, telephone, version) = (&self.email, &self.telephone, self.version);
        let etag = if self.has_etag {
            format!(r#","attributes":{{"etag":"e{version}"}}"#)
        } else {
            String::new()
        };
        format!(r#"{{"email":"{email}","telephone":"{telephone}"{etag}}}"#)
    }

    fn respond(&mut self, request: &Request) -> Response {
        if request.method() == "GET" {
            return json(200, self.read());
        }
        let put: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        if self.has_etag && put["attributes"]["etag"] != format!("e{}", self.version) {
            return json(400, r#"{"code":2055,"description":"stale"}"#);
        }
        self.email = put["email"].as_str().unwrap_or_default().into();
        self.telephone = put["telephone"].as_str().unwrap_or_default().into();
        self.version += 1;
        self.applied += 1;
        json(200, self.read())
    }
}

/// Updates the email, with or without an ETag, and gives what came of it.
async fn update(server: &RawServer, has_etag: bool) -> Result<bool, letterhead::Error> {
    let client = partner(&server.url, &ManualClock::new()).build().unwrap();
    if has_etag {
        let resource = client.organization_profile().timeout(ENDLESS);
        let updated = resource.update(|it| it.email = Some("new".into())).await;
        updated.map(|it| it.is_written())
    } else {
        let resource = client.support_profile().timeout(ENDLESS);
        let updated = resource.update(|it| it.email = Some("new".into())).await;
        updated.map(|it| it.is_written())
    }
}

/// How a response to the first PUT is lost.
fn lost() -> [(&'static str, Response); 4] {
    [
        ("closed", vec![Step::Close]),
        ("reset", vec![Step::Reset]),
        ("half a body", cut("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"email\":")),
        ("503", json(503, "{}")),
    ]
}

#[tokio::test]
async fn a_lost_response_overwrites_nobody() {
    let mut table = Table::new("writes");
    for (name, how) in lost() {
        for (has_etag, is_applied) in [(true, true), (true, false), (false, true), (false, false)] {
            let how = how.clone();
            let row = async move {
                let stored = Stored::new(has_etag);
                let (state, mut writes) = (Arc::clone(&stored), 0);
                let server = RawServer::start(move |request| {
                    let mut stored = state.lock().unwrap();
                    writes += usize::from(request.method() == "PUT");
                    if writes == 1 && request.method() == "PUT" {
                        if is_applied {
                            stored.respond(request);
                        }
                        // Somebody else is faster than whatever comes next.
                        stored.telephone("2");
                        return how.clone();
                    }
                    stored.respond(request)
                })
                .await;
                let outcome = update(&server, has_etag).await;
                let stored = stored.lock().unwrap();
                assert_eq!(stored.telephone, "2", "lost, and it came to {outcome:?}");
                match outcome {
                    Ok(_) => assert_eq!(stored.email, "new", "a success that isn't one"),
                    Err(error) => assert!(error.may_have_taken_effect(), "{error}"),
                }
            };
            let etag = if has_etag { "an ETag" } else { "no ETag" };
            let applied = if is_applied { "applied" } else { "not applied" };
            table.row(NEIGHBOUR, format!("{name}, {etag}, {applied}"), row).await;
        }
        let row = async move {
            let stored = Stored::new(true);
            let (state, mut writes) = (Arc::clone(&stored), 0);
            let server = RawServer::start(move |request| {
                let response = state.lock().unwrap().respond(request);
                writes += usize::from(request.method() == "PUT");
                if writes == 1 && request.method() == "PUT" {
                    return how.clone();
                }
                response
            })
            .await;
            assert!(update(&server, true).await.unwrap());
            assert_eq!(stored.lock().unwrap().applied, 1);
        };
        table.row(OWN, name, row).await;
    }
    table.end();
}

#[tokio::test]
async fn writers_with_an_etag_make_progress() {
    let mut table = Table::new("writes");
    for conflicts in [1, 3, 9, 10, 30] {
        let row = async move {
            let stored = Stored::new(true);
            let (state, mut writes) = (Arc::clone(&stored), 0);
            let server = RawServer::start(move |request| {
                let mut stored = state.lock().unwrap();
                if request.method() == "PUT" {
                    writes += 1;
                    if writes <= conflicts {
                        stored.telephone(&writes.to_string());
                    }
                }
                stored.respond(request)
            })
            .await;
            let outcome = update(&server, true).await;
            let stored = stored.lock().unwrap();
            assert_eq!(stored.telephone, conflicts.min(10).to_string());
            assert_eq!(stored.applied, usize::from(conflicts < 10));
            match outcome {
                Ok(_) => assert_eq!(stored.email, "new"),
                Err(error) => {
                    assert!(conflicts >= 10 && error.is_conflict(), "{error}");
                    assert!(!error.may_have_taken_effect(), "{error}");
                }
            }
        };
        table.row(OTHER, format!("{conflicts} conflicts"), row).await;
    }
    table.end();
}

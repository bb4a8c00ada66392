//! What is shown of credentials, and what is never shown.

use std::fmt;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use crate::support::{Got, NOTHING, Request, json, respond, run, served};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use letterhead::c92_credentials::{Client, Credential};
use letterhead::{
    Attempt, BoxFuture, ClientCredentials, Error, Hook, HookResult, http, serde_json,
};
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use tracing::field::{Field, Visit};
use tracing::span;

/// The URL of a server that responds as `respond` says to each request and its number, and what it got.
fn server(respond: impl Fn(&Request, usize) -> String + Send + 'static) -> (String, Got) {
    served(|url| Ok(url.to_owned()), respond)
}

fn client(url: &str, credential: Credential) -> Client {
    Client::builder(url).credential(credential).build().unwrap()
}

/// Everything that is logged, at every level, of every crate.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.lock().unwrap().push_str(&format!("{field}={value:?}\n"));
    }
}

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        self.0.lock().unwrap().push_str(attributes.metadata().name());
        attributes.record(&mut self.clone());
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

impl Recorder for Log {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.0.lock().unwrap().push_str(&format!("{key:?}\n"));
        Counter::noop()
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.0.lock().unwrap().push_str(&format!("{key:?}\n"));
        Histogram::noop()
    }
}

/// Keeps the URLs that hooks see.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Hook for Seen {
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        Box::pin(async move {
            self.0.lock().unwrap().push(attempt.url().to_string());
            Ok(None)
        })
    }
}

const KEY: &str = "hunter/2+of&hush";
const ENCODED: &str = "hunter%2F2%2Bof%26hush";

fn assert_hidden(what: &str, text: &str) {
    let base64 = BASE64_STANDARD.encode(KEY);
    for spelling in [KEY, ENCODED, base64.as_str()] {
        assert!(!text.contains(spelling), "{what} shows it: {text}");
    }
}

#[test]
fn a_key_in_the_query_is_sent_once_and_shown_nowhere() {
    let (url, got) = server(|request, count| {
        let page = |id: &str, next: &str| {
            json(&format!("{{\"things\":[{{\"id\":\"{id}\"}}],\"next\":{next}}}"))
        };
        let target = request.line.split(' ').nth(1).unwrap();
        match (target.split('?').next().unwrap(), count) {
            ("/things", 1) => respond(503, "retry-after: 0\r\n", KEY),
            ("/things", 2) => page("a", &format!("\"/things?page=2&key={ENCODED}&size=1\"")),
            ("/things", _) => page("b", "null"),
            _ => respond(
                400,
                "",
                &format!(
                    "{{\"message\":\"{KEY} {ENCODED} {} {target}\"}}",
                    BASE64_STANDARD.encode(KEY)
                ),
            ),
        }
    });
    let (log, seen) = (Log::default(), Seen::default());
    let client = Client::builder(&url).credential(Credential::query(KEY)).hook(seen.clone());
    let client = client.build().unwrap();
    assert_hidden("the client", &format!("{client:?}"));
    assert!(format!("{client:?}").contains("?key"), "{client:?}");
    // With one subscriber alone, tracing would ask that of the test that comes to a place first, which has none.
    let _others =
        [(); 2].map(|()| tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default()));
    metrics::with_local_recorder(&log, || {
        tracing::subscriber::with_default(log.clone(), || {
            run(async {
                let mut items = client.list_things().items();
                assert_eq!(items.next().await.unwrap().unwrap().id.as_deref(), Some("a"));
                let position = serde_json::to_string(&items.position()).unwrap();
                assert_hidden("the position", &position);
                assert_eq!(items.next().await.unwrap().unwrap().id.as_deref(), Some("b"));
                assert!(items.next().await.is_none());
                // From where the first page ended.
                let position =
                    serde_json::from_str(&position.replace("\"taken\":1", "\"taken\":0")).unwrap();
                let mut items = client.list_things().items_from(position);
                assert!(items.next().await.unwrap().is_ok());

                let reply = client.list_things().send().await.unwrap();
                assert_hidden("the reply", &format!("{reply:?}"));
                let call = client.get_as_it_is().q("1").extra_header("x-note", "n");
                assert_hidden("the call", &format!("{call:?}"));
                let error = call.send().await.unwrap_err();
                let body = String::from_utf8_lossy(error.body().unwrap()).into_owned();
                assert_hidden(
                    "the error",
                    &format!("{error:?} {error} {body} {:?}", error.headers()),
                );
                let mut source = std::error::Error::source(&error);
                while let Some(cause) = source {
                    assert_hidden("a cause", &format!("{cause:?} {cause}"));
                    source = cause.source();
                }
            });
        });
    });
    let written = log.0.lock().unwrap().clone();
    assert!(
        written.contains("letterhead.attempt") && written.contains("http.client.request.duration"),
        "{written}"
    );
    assert_hidden("the log", &written);
    for url in seen.0.lock().unwrap().iter() {
        assert_hidden("a hook", url);
    }
    let lines = got.lines();
    let expected = ["/things?", "/things?", "/things?page=2&size=1&"]
        .map(|it| format!("GET {it}key={ENCODED}"));
    assert_eq!(lines[..3], expected);
    assert_eq!(*lines.last().unwrap(), format!("GET /as-it-is?q=1&key={ENCODED}"));
    assert!(lines.iter().all(|line| line.matches("key=").count() == 1), "{lines:?}");
}

#[test]
fn no_connection_shows_the_key() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = client(&url, Credential::query(KEY));
    let call = client.get_as_it_is().retry(letterhead::RetryPolicy::never());
    let error = run(call.send()).unwrap_err();
    let mut said = format!("{error:?} {error}");
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        said.push_str(&format!("{cause:?} {cause}"));
        source = cause.source();
    }
    assert_hidden("the error", &said);
}

#[test]
fn each_credential_is_shown_where_the_operation_takes_it() {
    let (url, got) = server(|_, _| NOTHING.to_owned());
    run(client(&url, Credential::token("t1")).get_either().send()).unwrap();
    run(client(&url, Credential::query("k1")).get_either().send()).unwrap();
    // Of both, the first that the document names.
    let both = Credential::query("k1").and(Credential::token("t1"));
    let both = client(&url, both);
    run(both.get_either().send()).unwrap();
    run(both.get_both().send()).unwrap();
    run(both.get_optional().send()).unwrap();
    let mixed =
        Credential::cookie("s1").and(Credential::basic("dTpw")).and(Credential::token("t1"));
    run(client(&url, mixed.clone()).get_mixed().send()).unwrap();
    run(client(&url, mixed.clone().and(Credential::header("h1"))).get_mixed().send()).unwrap();
    run(client(&url, mixed).get_optional().send()).unwrap();
    let expected = [
        "/either",
        "/either?key=k1",
        "/either",
        "/both?key=k1",
        "/optional",
        "/mixed",
        "/mixed",
        "/optional",
    ];
    assert_eq!(got.lines(), expected.map(|target| format!("GET {target}")));
    let authorization = got.headers("authorization");
    let text = |text: &str| Some(text.to_owned());
    let expected = [
        text("Bearer t1"),
        None,
        text("Bearer t1"),
        text("Bearer t1"),
        None,
        text("Basic dTpw"),
        None,
        None,
    ];
    assert_eq!(authorization, expected);
    let expected = [None, None, None, None, None, text("sid=s1"), None, text("sid=s1")];
    assert_eq!(got.headers("cookie"), expected);
    let expected = [None, None, None, None, None, None, text("h1"), None];
    assert_eq!(got.headers("x-key"), expected);
}

fn refused(error: &Error, expected: &str) {
    assert!(error.is_invalid_request() && !error.may_have_been_sent(), "{error}");
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn what_an_operation_does_not_take_is_refused_before_it_is_sent() {
    let (url, got) = server(|_, _| NOTHING.to_owned());
    let token = client(&url, Credential::token("t1"));
    let error = run(token.get_both().send()).unwrap_err();
    refused(
        &error,
        "it takes a key in the query `key` and a bearer token, and the client's credential is a bearer token",
    );
    let error = run(token.get_mixed().send()).unwrap_err();
    refused(
        &error,
        "it takes a key in the header `x-key`, or a key in the cookie `sid` and a user and a password",
    );
    let query = client(&url, Credential::query("k1"));
    refused(
        &run(query.get_both().send()).unwrap_err(),
        "the client's credential is a key in the query `key`",
    );
    let error = run(query
        .request(http::Method::GET, "/as-it-is")
        .query("key", "mine")
        .send::<letterhead::Json>());
    refused(&error.unwrap_err(), "the query parameter `key` is the credential's");
    let header = client(&url, Credential::header("h1"));
    let error = run(header.get_open().extra_header("X-Key", "mine").send()).unwrap_err();
    refused(&error, "the header `x-key` is letterhead's own");
    assert!(got.all().is_empty());
}

/// Sets a header in each attempt.
struct Sets(&'static str);

impl Hook for Sets {
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        Box::pin(async move {
            attempt.insert_header(self.0, "mine")?;
            Ok(None)
        })
    }
}

#[test]
fn a_hook_sets_no_header_of_the_credential() {
    let (url, got) = server(|_, _| NOTHING.to_owned());
    let client = |header, credential| {
        Client::builder(&url).credential(credential).hook(Sets(header)).build().unwrap()
    };
    // Whether the operation takes it or not.
    let key = client("X-Key", Credential::header("h1"));
    for error in [run(key.get_mixed().send()), run(key.get_open().send())] {
        refused(&error.unwrap_err(), "the header `x-key` is letterhead's own");
    }
    assert!(got.all().is_empty());
    // It is a header as others where the client has no key in it.
    run(client("X-Key", Credential::token("t1")).get_open().send()).unwrap();
    assert_eq!(got.headers("x-key"), [Some("mine".to_owned())]);
}

/// A server of tokens, `t1`, `t2` and so on.
fn token_server() -> (String, Got) {
    server(|_, count| {
        json(&format!(
            "{{\"access_token\":\"t{count}\",\"token_type\":\"bearer\",\"expires_in\":3600}}"
        ))
    })
}

fn application(url: &str) -> ClientCredentials {
    ClientCredentials::new(&format!("{url}/token"), "id:1", "hush 2").unwrap().scopes(["a", "b"])
}

#[test]
fn an_open_operation_is_shown_nothing_and_asks_for_no_token() {
    let (url, got) = server(|request, _| match request.line.contains("/open") {
        true => respond(401, "", "{}"),
        false => NOTHING.to_owned(),
    });
    let (sign_in, asked) = token_server();
    let client =
        client(&url, Credential::tokens(application(&sign_in)).and(Credential::cookie("s1")));
    let error = run(client.get_open().send()).unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
    assert_eq!(got.all().len(), 1);
    assert_eq!((got.headers("authorization"), got.headers("cookie")), (vec![None], vec![None]));
    assert!(asked.all().is_empty());
    run(client.get_optional().send()).unwrap();
    assert!(asked.all().is_empty());
    assert_eq!(got.headers("cookie")[1].as_deref(), Some("sid=s1"));
}

#[test]
fn an_application_signs_in_once_for_many_calls() {
    let (url, got) = server(|_, _| NOTHING.to_owned());
    let (sign_in, asked) = token_server();
    let client = client(&url, Credential::tokens(application(&sign_in)));
    run(async {
        let calls: Vec<_> = (0..64)
            .map(|_| {
                let call = client.get_signed_in();
                tokio::spawn(async move { call.send().await })
            })
            .collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
    });
    assert_eq!(got.all().len(), 64);
    assert!(got.headers("authorization").iter().all(|it| it.as_deref() == Some("Bearer t1")));
    let asked = asked.all();
    assert_eq!(asked.len(), 1);
    assert_eq!((asked[0].line.as_str(), asked[0].header("authorization")), ("POST /token", None));
    assert_eq!(
        asked[0].body,
        "grant_type=client_credentials&client_id=id%3A1&client_secret=hush+2&scope=a+b"
    );
}

#[test]
fn a_refused_token_is_renewed_once() {
    let (url, got) = server(|request, _| {
        let is_new = request.header("authorization") == Some("Bearer t2");
        match is_new || request.header("x-first").is_some() {
            true => NOTHING.to_owned(),
            false => respond(401, "", "{}"),
        }
    });
    let (sign_in, asked) = token_server();
    let source = application(&sign_in).in_header();
    assert!(!format!("{source:?}").contains("hush"), "{source:?}");
    // With a key beside it, which stays.
    let client = client(&url, Credential::header("h1").and(Credential::tokens(source)));
    run(async {
        // A token that was accepted is replaced at once.
        client.get_signed_in().extra_header("x-first", "first").send().await.unwrap();
        client.get_signed_in().send().await.unwrap();
    });
    let expected = ["Bearer t1", "Bearer t1", "Bearer t2"].map(|it| Some(it.to_owned()));
    assert_eq!(got.headers("authorization"), expected);
    // The operation takes no key.
    assert_eq!(got.headers("x-key"), [None, None, None]);
    let asked = asked.all();
    assert_eq!(asked.len(), 2);
    let basic = format!("Basic {}", BASE64_STANDARD.encode("id%3A1:hush%202"));
    assert_eq!(asked[1].header("authorization"), Some(basic.as_str()));
    assert_eq!(asked[1].body, "grant_type=client_credentials&scope=a+b");
}

#[test]
fn a_sign_in_that_is_refused_shows_no_secret() {
    let (url, _) = server(|_, _| NOTHING.to_owned());
    let (sign_in, _) = server(|request, _| {
        let echo =
            [request.body.as_str(), request.header("authorization").unwrap_or_default()].join(" ");
        respond(
            401,
            "",
            &format!("{{\"error\":\"invalid_client\",\"error_description\":\"hush 2 {echo}\"}}"),
        )
    });
    for source in [application(&sign_in), application(&sign_in).in_header()] {
        let error =
            run(client(&url, Credential::tokens(source)).get_signed_in().send()).unwrap_err();
        assert!(error.is_unauthorized(), "{error}");
        let said = format!("{error:?} {error}");
        let basic = BASE64_STANDARD.encode("id%3A1:hush%202");
        assert!(!said.contains("hush") && !said.contains(&basic), "{said}");
    }
}

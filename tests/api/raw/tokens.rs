//! Access and refresh tokens against identity providers that fail, lie and hang.

use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use letterhead::partner_center::{Client, Credential, EntraApp};
use letterhead::{
    AccessToken, BoxFuture, FileStore, MemoryStore, Secret, TokenSource, campaign_standard, reqwest,
};

use super::calls::{Call, partner};
use super::table::Table;
use crate::support::server::{RawServer, Request, Response, Step, cut, json, typed};
use crate::support::{ManualClock, said};

type BoxError = Box<dyn StdError + Send + Sync>;

const CHURN: &str = "a path that is always refused with 401 doesn't use up tokens";
const CONSENT: &str = "what only a person can mend isn't tried over and over";
const LIFE: &str = "a life that makes no sense neither fails a call nor asks for a token each time";
const NOTHING: &str = "without a token nothing is sent to the vendor";

/// A source that counts how often it is asked, and hangs for as many times.
#[derive(Debug)]
pub(crate) struct Counting(pub(crate) Arc<AtomicUsize>, pub(crate) usize);

impl TokenSource for Counting {
    fn fetch<'a>(&'a self, _: &'a reqwest::Client) -> BoxFuture<'a, Result<AccessToken, BoxError>> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        let is_hanging = number < self.1;
        Box::pin(async move {
            if is_hanging {
                std::future::pending::<()>().await;
            }
            let token = Secret::from(format!("token-{number}"));
            Ok(AccessToken::new(token, Some(Duration::from_secs(3600))))
        })
    }
}

pub(crate) fn is_sign_in(request: &Request) -> bool {
    request.target().contains("/token")
}

pub(crate) fn granted(number: usize) -> Response {
    let token = format!(r#""access_token":"at-{number}","refresh_token":"rt-{number}""#);
    json(200, format!(r#"{{"token_type":"Bearer","expires_in":3599,{token}}}"#))
}

pub(crate) fn app(server: &RawServer) -> EntraApp {
    EntraApp::new("contoso.example", "client", "s3cret~").authority(&*server.url)
}

pub(crate) fn client(server: &RawServer, clock: &ManualClock, credential: Credential) -> Client {
    partner(&server.url, clock).credential(credential).build().unwrap()
}

fn signed_in(server: &RawServer, clock: &ManualClock) -> Client {
    let store = MemoryStore::new("rt-first");
    client(server, clock, app(server).app_and_user(store).unwrap())
}

pub(crate) async fn read(client: &Client) -> Result<String, letterhead::Error> {
    Call::PartnerRead.partner(client).await
}

pub(crate) fn sign_ins(server: &RawServer) -> usize {
    server.requests().iter().filter(|it| is_sign_in(it)).count()
}

#[tokio::test]
async fn tokens_are_not_used_up() {
    let mut table = Table::new("tokens");
    for calls in [1, 2, 10] {
        let row = async move {
            let asked = Arc::new(AtomicUsize::default());
            let server = RawServer::each(vec![json(401, "{}")]).await;
            let clock = ManualClock::new();
            let source = Credential::from_tokens(Counting(Arc::clone(&asked), 0));
            let client = client(&server, &clock, source);
            for _ in 0..calls {
                assert!(read(&client).await.unwrap_err().is_unauthorized());
            }
            let (asked, sent) = (asked.load(Ordering::SeqCst), server.requests().len());
            assert!(asked <= 2, "{asked} tokens for {calls} calls at one moment");
            assert!(sent <= 2 * calls, "{sent} requests");
        };
        table.row(CHURN, format!("a source, {calls} calls"), row).await;
        let row = async move {
            let server = RawServer::start(|request| match is_sign_in(request) {
                true => granted(request.number),
                false => json(401, "{}"),
            })
            .await;
            let client = signed_in(&server, &ManualClock::new());
            for _ in 0..calls {
                read(&client).await.unwrap_err();
            }
            let redeemed = sign_ins(&server);
            assert!(redeemed <= 2, "{redeemed} refresh tokens for {calls} calls at one moment");
        };
        table.row(CHURN, format!("App+User, {calls} calls"), row).await;
    }
    let row = async {
        let server = RawServer::start(|request| match request.target() {
            target if target.contains("/token") => granted(request.number),
            target if target.ends_with("/organization") => json(401, "{}"),
            _ => json(200, r#"{"email":"a"}"#),
        })
        .await;
        let client = signed_in(&server, &ManualClock::new());
        for _ in 0..5 {
            client.get_organization_profile().send().await.unwrap_err();
            read(&client).await.unwrap();
        }
        let redeemed = sign_ins(&server);
        assert!(redeemed <= 2, "{redeemed} refresh tokens, though the token is good elsewhere");
    };
    table.row(CHURN, "one path of two", row).await;
    let row = async {
        let server = RawServer::start(|request| match request.header("authorization") {
            None => granted(request.number),
            Some("Bearer at-0") => json(401, "{}"),
            Some(_) => json(200, r#"{"email":"a"}"#),
        })
        .await;
        let (clock, mut outcomes) = (ManualClock::new(), Vec::new());
        let client = signed_in(&server, &clock);
        clock.advance(Duration::from_secs(60));
        outcomes.push(read(&client).await.is_ok());
        clock.advance(Duration::from_secs(60));
        outcomes.push(read(&client).await.is_ok());
        assert!(outcomes[1], "{outcomes:?}");
        assert_eq!(sign_ins(&server), 2);
    };
    table.row("a token that was refused is replaced", "once", row).await;
    table.end();
}

#[tokio::test]
async fn what_only_a_person_can_mend_is_left_to_one() {
    let mut table = Table::new("tokens");
    let row = async {
        let server = RawServer::start(|request| match is_sign_in(request) {
            true => granted(request.number),
            false => json(401, r#"{"code":900421,"description":"MFA"}"#),
        })
        .await;
        let client = signed_in(&server, &ManualClock::new());
        for _ in 0..3 {
            assert!(read(&client).await.unwrap_err().needs_consent());
        }
        assert_eq!(sign_ins(&server), 1);
        assert_eq!(server.requests().len() - 1, 3, "none is sent again");
    };
    table.row(CONSENT, "the vendor wants MFA", row).await;
    for (error, codes) in [
        ("invalid_grant", "[700082]"),
        ("invalid_grant", "[50173]"),
        ("interaction_required", "[50076]"),
        ("invalid_grant", "[]"),
    ] {
        let row = async move {
            let body = format!(r#"{{"error":"{error}","error_codes":{codes}}}"#);
            let server = RawServer::start(move |_| json(400, &body)).await;
            let clock = ManualClock::new();
            let client = signed_in(&server, &clock);
            for _ in 0..60 {
                let failure = read(&client).await.unwrap_err();
                assert!(failure.needs_consent() && !failure.may_have_been_sent());
                clock.advance(Duration::from_secs(2));
            }
            let redeemed = server.requests().len();
            assert!(redeemed <= 10, "a dead token was redeemed {redeemed} times in two minutes");
        };
        table.row(CONSENT, format!("{error} {codes}"), row).await;
    }
    let row = async {
        let folder = std::env::temp_dir().join("letterhead-raw-no-such-folder");
        let server = RawServer::each(vec![json(500, "")]).await;
        let store = FileStore::new(folder.join("token"));
        let client =
            client(&server, &ManualClock::new(), app(&server).app_and_user(store).unwrap());
        let error = read(&client).await.unwrap_err();
        assert!(said(&error).contains("person"), "{}", said(&error));
        assert!(error.needs_consent(), "{error}");
        assert_eq!(server.requests().len(), 0);
    };
    table.row("a missing file says that a person must consent", "FileStore", row).await;
    table.end();
}

#[tokio::test]
async fn a_life_that_makes_no_sense_does_no_harm() {
    let mut table = Table::new("tokens");
    for life in [
        "0",
        "-1",
        "-3600",
        "3599.0",
        "3599.5",
        "1e3",
        "1e400",
        "null",
        "true",
        "\"3599\"",
        "\"0\"",
        "\"-5\"",
        "\"soon\"",
        "\"\"",
        "[]",
        "{}",
        "86399000",
        "18446744073709551615",
        "123456789012345678901234567890",
    ] {
        let row = async move {
            let server = RawServer::start(move |request| match is_sign_in(request) {
                true => {
                    let number = request.number;
                    json(200, format!(r#"{{"access_token":"at-{number}","expires_in":{life}}}"#))
                }
                false => json(200, r#"{"email":"a","PKey":"@k"}"#),
            })
            .await;
            let clock = ManualClock::new();
            let partner_client = client(&server, &clock, app(&server).app_only().unwrap());
            for _ in 0..5 {
                read(&partner_client).await.unwrap();
            }
            let asked = sign_ins(&server);
            assert!(asked <= 2, "{asked} tokens for five calls at one moment");
            let ims =
                campaign_standard::ServerToServer::new("id", "secret").authority(&*server.url);
            let builder = super::calls::campaign(&server.url, &clock);
            let campaign = builder.credential(ims.credential().unwrap()).build().unwrap();
            Call::CampaignRead.campaign(&campaign).await.unwrap();
            // A day is 86,399 seconds: nobody's token holds for a thousand.
            clock.advance(Duration::from_secs(2 * 86_400));
            let before = sign_ins(&server);
            Call::CampaignRead.campaign(&campaign).await.unwrap();
            assert!(life != "86399000" || sign_ins(&server) > before, "a token of two days");
        };
        table.row(LIFE, life, row).await;
    }
    table.end();
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let mut table = Table::new("tokens");
    for (name, response) in [
        ("HTML", typed(200, "content-type: text/html\r\n", "<html>")),
        ("no body", json(200, "")),
        ("no token", json(200, "{}")),
        ("a null token", json(200, r#"{"access_token":null}"#)),
        ("an empty token", json(200, r#"{"access_token":""}"#)),
        ("a token with a line break", json(200, r#"{"access_token":"a\nb","expires_in":9}"#)),
        ("a body that breaks off", cut("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"acc")),
        ("no response", vec![Step::Close]),
        ("a redirect", typed(307, "location: https://attacker.example/\r\n", "")),
        ("429", typed(429, "retry-after: 999999999999\r\n", "")),
        ("500", json(500, r#"{"error":"server_error"}"#)),
    ] {
        let row = async move {
            let server = RawServer::start(move |_| response.clone()).await;
            let client = signed_in(&server, &ManualClock::new());
            let error = read(&client).await.unwrap_err();
            assert!(!error.may_have_been_sent() && !error.may_have_taken_effect(), "{error}");
            let requests = server.requests();
            assert!(requests.iter().all(is_sign_in) && requests.len() <= 3, "{requests:?}");
        };
        table.row(NOTHING, name, row).await;
    }
    table.end();
}

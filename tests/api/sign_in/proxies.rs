//! What the environment's proxies get. The environment is a process's, so that a test runs this binary once
//! more.

use std::error::Error as StdError;

use letterhead::partner_center::{Client, Credential};
use letterhead::{AccessToken, BoxFuture, RetryPolicy, TokenSource, http_client_builder, reqwest};
use letterhead_sandbox::{TokenGrant, credentials};

use super::{consented, read};
use crate::support::{Faulty, Script, child, entra, framed, succeeds};

/// Where a child finds a server on loopback that isn't to be asked through a proxy.
const LOOPBACK: &str = "LETTERHEAD_TEST_LOOPBACK";

#[tokio::test]
async fn proxies_get_what_is_encrypted_or_leaves_the_machine() {
    let proxy = Script::of([framed("502 Bad Gateway", "")]).await;
    let loopback = Script::of([framed("200 OK", "{}")]).await;
    let with_user = proxy.url.replace("http://", "http://me:p%40ss@");
    let mut child = child(module_path!(), "behind_a_proxy");
    child
        .env_remove("REQUEST_METHOD")
        .env_remove("no_proxy")
        .env("NO_PROXY", "direct.invalid")
        .env("ALL_PROXY", with_user)
        .env(LOOPBACK, &loopback.url);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] {
        child.env_remove(name);
    }
    succeeds(child).await;
    let mut targets = Vec::new();
    for request in proxy.take_requests() {
        // "me:p@ss".
        let user = "proxy-authorization: Basic bWU6cEBzcw==\r\n";
        assert!(request.to_lowercase().contains(&user.to_lowercase()));
        assert!(!request.contains(credentials::PARTNER_CENTER_CLIENT_SECRET));
        targets.push(request.lines().next().unwrap().to_owned());
    }
    targets.sort();
    let expected = [
        "CONNECT api.invalid:443 HTTP/1.1",
        "CONNECT api.invalid:443 HTTP/1.1",
        "CONNECT login.invalid:443 HTTP/1.1",
        "GET http://vault.invalid/ HTTP/1.1",
    ];
    targets.dedup_by(|a, b| a == b && !a.contains("api.invalid"));
    assert_eq!(targets, expected);
    assert_eq!(loopback.requests(), 3);
}

/// Asks a vault for a token, over whatever it is given.
#[derive(Debug)]
struct Vault(String);

impl TokenSource for Vault {
    fn fetch<'a>(
        &'a self,
        http: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async {
            let status = http.get(&self.0).send().await?.status();
            Err(format!("the vault is sealed: {status}").into())
        })
    }
}

async fn ask(base_url: &str, credential: Credential, http: Option<reqwest::Client>) {
    let client =
        Client::builder().base_url(base_url).credential(credential).retry(RetryPolicy::never());
    let client = match http {
        Some(http) => client.http_client(http),
        None => client,
    };
    read(&client.build().unwrap()).await.unwrap_err();
}

#[tokio::test]
#[ignore = "is run by another test, in a process of its own"]
async fn behind_a_proxy() {
    let faulty = Faulty::start().await;
    let built = || Some(http_client_builder().unwrap().build().unwrap());
    // Only the token endpoint is on loopback, whoever made the HTTP client.
    for http in [None, built()] {
        let app = entra(&faulty.sandbox.entra_url()).app_and_user(consented());
        ask("https://api.invalid", app.unwrap(), http).await;
    }
    let issued = faulty.sandbox.tokens_issued(TokenGrant::EntraRefreshToken);
    assert_eq!(issued, 2);
    // Only the API is.
    let partner = faulty.sandbox.partner_center_url();
    let app = entra("https://login.invalid").app_only().unwrap();
    ask(&partner, app, None).await;
    let fixed = || Credential::bearer(credentials::PARTNER_CENTER_TOKEN).unwrap();
    let client = Client::builder().base_url(partner).credential(fixed());
    read(&client.http_client(built().unwrap()).build().unwrap()).await.unwrap();
    ask("https://direct.invalid", fixed(), None).await;
    // A source of the caller's own.
    let loopback = std::env::var(LOOPBACK).unwrap();
    let by_name = loopback.replace("127.0.0.1", "localhost");
    for vault in [&*loopback, &by_name, "http://vault.invalid/"] {
        let credential = Credential::from_tokens(Vault(vault.to_owned()));
        ask("https://api.invalid", credential, None).await;
    }
    let credential = Credential::from_tokens(Vault(loopback));
    ask("https://api.invalid", credential, built()).await;
}

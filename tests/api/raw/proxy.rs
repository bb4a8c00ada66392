//! The environment's proxy gets nothing that is meant for loopback. The environment is a process's, so
//! that each row runs this binary once more.

use letterhead::partner_center::{Client, Credential, EntraApp};
use letterhead::{AccessToken, MemoryStore, RetryPolicy, Secret, campaign_standard};

use super::table::Table;
use crate::support::server::{RawServer, json};

const HOME: &str = "what is sent to loopback over plain http never goes through a proxy";

/// Where the child's token endpoint is.
const TOKENS: &str = "LETTERHEAD_RAW_TOKENS";

#[tokio::test]
async fn nothing_for_loopback_goes_to_a_proxy() {
    let mut table = Table::new("proxy");
    for variable in ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"] {
        for child in ["child_of_entra", "child_of_ims", "child_of_a_source"] {
            let row = async move {
                let proxy = RawServer::each(vec![json(502, "{}")]).await;
                let tokens = RawServer::each(vec![json(
                    200,
                    r#"{"access_token":"t","expires_in":3599,"refresh_token":"r"}"#,
                )])
                .await;
                let mut command = crate::support::child(module_path!(), child);
                command
                    .env_remove("NO_PROXY")
                    .env_remove("no_proxy")
                    .env_remove("REQUEST_METHOD")
                    .env(variable, &proxy.url)
                    .env(TOKENS, &tokens.url);
                crate::support::succeeds(command).await;
                // A tunnel to the vendor, which is reached over TLS, shows nothing.
                let mut seen = proxy.requests();
                seen.retain(|request| !request.head.starts_with("CONNECT "));
                assert!(seen.is_empty(), "the proxy saw {:?}", seen[0].head);
                assert_eq!(tokens.requests().len(), usize::from(child != "child_of_a_source"));
            };
            table.row(HOME, format!("{variable}, {child}"), row).await;
        }
    }
    table.end();
}

/// An address of the vendor's that needs TLS, where nobody is.
fn nowhere() -> String {
    crate::support::nobody().replace("http:", "https:")
}

async fn read(credential: Credential) {
    let builder = Client::builder().base_url(nowhere()).credential(credential);
    let client = builder.retry(RetryPolicy::never()).build().unwrap();
    drop(client.get_support_profile().send().await);
}

#[tokio::test]
#[ignore = "runs in a child with a proxy in its environment"]
async fn child_of_entra() {
    let app = EntraApp::new("contoso.example", "client", "s3cret");
    let app = app.authority(std::env::var(TOKENS).unwrap());
    read(app.app_and_user(MemoryStore::new("refresh")).unwrap()).await;
}

#[tokio::test]
#[ignore = "runs in a child with a proxy in its environment"]
async fn child_of_ims() {
    let app = campaign_standard::ServerToServer::new("id", "s3cret");
    let credential = app.authority(std::env::var(TOKENS).unwrap()).credential();
    let client = campaign_standard::Client::builder("fabrikam")
        .base_url(nowhere())
        .credential(credential.unwrap())
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    drop(client.get_profile().profile_pkey("@k").send().await);
}

#[derive(Debug)]
struct Fixed;

impl letterhead::TokenSource for Fixed {
    fn fetch<'a>(
        &'a self,
        _: &'a letterhead::reqwest::Client,
    ) -> letterhead::BoxFuture<'a, Result<AccessToken, Box<dyn std::error::Error + Send + Sync>>>
    {
        Box::pin(async { Ok(AccessToken::new(Secret::from("t"), None)) })
    }
}

/// The vendor itself on loopback.
#[tokio::test]
#[ignore = "runs in a child with a proxy in its environment"]
async fn child_of_a_source() {
    let client = Client::builder()
        .base_url(crate::support::nobody())
        .credential(Credential::from_tokens(Fixed))
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    assert!(client.get_support_profile().send().await.unwrap_err().is_connect());
}

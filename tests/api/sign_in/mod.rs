//! Signing in at Microsoft Entra and at Adobe's identity service, and what goes wrong there.

mod cancelled;
mod churn;
mod consent;
mod mistakes;
mod proxies;
mod refresh_tokens;
mod responses;
mod stores;

use std::time::Duration;

use crate::support::{Faulty, entra, entra_endpoint, form_member, ims};
use letterhead::partner_center::{Client, Cloud, Credential, EntraApp};
use letterhead::{Error, ErrorKind, MemoryStore, campaign_standard};
use letterhead_sandbox::{RecordedRequest, Response, credentials, seed};

const IMS_ENDPOINT: &str = "/ims/token/v3";

fn consented() -> MemoryStore {
    MemoryStore::new(credentials::PARTNER_CENTER_REFRESH_TOKEN)
}

fn client(faulty: &Faulty, credential: Result<Credential, Error>) -> Client {
    faulty.partner().credential(credential.unwrap()).build().unwrap()
}

async fn read(client: &Client) -> Result<(), Error> {
    client.get_support_profile().send().await.map(drop)
}

/// The requests with Entra since the requests were last taken.
fn sign_ins(faulty: &Faulty) -> Vec<RecordedRequest> {
    let mut requests = faulty.sandbox.take_requests();
    requests.retain(|sent| sent.target.ends_with("/oauth2/v2.0/token"));
    requests
}

/// The error of a first call, which has sent nothing.
async fn refused(faulty: &Faulty, credential: Result<Credential, Error>) -> Error {
    let error = read(&client(faulty, credential)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SignIn, "{error}");
    assert!(!error.may_have_been_sent() && !error.may_have_taken_effect(), "{error}");
    let others = |sent: &RecordedRequest| sent.target != entra_endpoint();
    assert!(!faulty.sandbox.requests().iter().any(others), "{error}");
    error
}

#[tokio::test]
async fn each_cloud_has_its_authority_and_its_audience() {
    for (cloud, authority, audience) in [
        (
            Cloud::Global,
            "https://login.microsoftonline.com",
            "https://api.partnercenter.microsoft.com",
        ),
        (
            Cloud::UsGovernment,
            "https://login.microsoftonline.us",
            "https://api.partnercenter.microsoft.com",
        ),
        (
            Cloud::China,
            "https://login.partner.microsoftonline.cn",
            "https://partner.partnercenterapi.microsoftonline.cn",
        ),
    ] {
        let app = EntraApp::new("contoso.example", "id", "hush").cloud(cloud);
        let shown = format!("{:?}", app.app_only().unwrap());
        let endpoint = format!("\"{authority}/contoso.example/oauth2/v2.0/token\"");
        assert!(shown.contains(&endpoint), "{shown}");

        let faulty = Faulty::start().await;
        let app = entra(&faulty.sandbox.entra_url()).cloud(cloud);
        for (credential, scope) in [
            (app.clone().app_only(), format!("{audience}/.default")),
            (app.app_and_user(consented()), format!("{audience}/.default offline_access openid")),
        ] {
            let builder = faulty.partner().cloud(cloud);
            let builder = builder.base_url(faulty.sandbox.partner_center_url());
            let client = builder.credential(credential.unwrap()).build().unwrap();
            client.list_customers().send().await.unwrap();
            let sent = sign_ins(&faulty).pop().unwrap();
            assert_eq!(form_member(&sent, "scope"), Some(scope));
        }
    }
}

#[tokio::test]
async fn an_application_reads_customers_and_learns_why_not_the_rest() {
    let faulty = Faulty::start().await;
    let client = client(&faulty, entra(&faulty.sandbox.entra_url()).app_only());
    client.list_customers().send().await.unwrap();
    let licences = client.list_customer_user_licenses();
    let licences = licences.customer_tenant_id(seed::CUSTOMER_TENANT_ID);
    let licences = licences.user_id(seed::USER_ID).send().await;
    for (error, code) in
        [(read(&client).await.unwrap_err(), "900329"), (licences.unwrap_err(), "900316")]
    {
        assert!(error.is_forbidden() && error.has_code(code), "{error}");
        assert!(error.to_string().contains("sign in as App+User"), "{error}");
    }
}

#[tokio::test]
async fn numbers_may_be_text() {
    let faulty = Faulty::start().await;
    faulty.sandbox.set_token_numbers_as_text(true);
    let client = client(&faulty, entra(&faulty.sandbox.entra_url()).app_and_user(consented()));
    read(&client).await.unwrap();
    faulty.clock.advance(Duration::from_secs(3200));
    read(&client).await.unwrap();
    assert_eq!(sign_ins(&faulty).len(), 1, "the token's life was understood");
}

#[tokio::test]
async fn adobes_token_goes_with_the_api_key() {
    let faulty = Faulty::start().await;
    let credential = ims(&faulty.sandbox.ims_url()).credential().unwrap();
    let client = faulty.campaign().credential(credential).build().unwrap();
    client.list_organizational_units().send().await.unwrap();
    faulty.sandbox.revoke_access_tokens();
    client.list_organizational_units().send().await.unwrap();
    let requests = faulty.sandbox.take_requests();
    let responses: Vec<_> = requests.iter().map(|sent| sent.response.status().as_u16()).collect();
    assert_eq!(responses, [200, 200, 401, 200, 200]);
    let key = requests[1].header("x-api-key");
    assert_eq!(key, Some(credentials::CAMPAIGN_CLIENT_ID));
    let scopes = form_member(&requests[0], "scope").unwrap();
    assert!(scopes.starts_with("openid,AdobeID,campaign_sdk,"), "{scopes}");

    let url = faulty.sandbox.ims_url();
    let app = |id, secret| campaign_standard::ServerToServer::new(id, secret).authority(&url);
    let (id, secret) = (credentials::CAMPAIGN_CLIENT_ID, credentials::CAMPAIGN_CLIENT_SECRET);
    for (app, expected) in [
        (app("c", secret), "look at the client id and the secret"),
        (app(id, "hush"), "look at the client id and the secret"),
        (app(id, secret).scopes(["campaign_sdks"]), "look at the scopes"),
    ] {
        let client = faulty.campaign().credential(app.credential().unwrap());
        let call = client.build().unwrap();
        let error = call.list_organizational_units().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SignIn);
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!error.may_have_been_sent());
    }
    faulty.sandbox.respond_next_to(IMS_ENDPOINT, Response::new(200).html("<html>"));
    let client = faulty.campaign().credential(ims(&url).credential().unwrap());
    let call = client.build().unwrap();
    let error = call.list_organizational_units().send().await.unwrap_err();
    assert!(
        error.to_string().contains("Adobe IMS responded with 200 OK and something else"),
        "{error}"
    );
}

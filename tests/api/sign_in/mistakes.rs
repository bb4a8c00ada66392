//! What is wrong with a credential or at a token endpoint, and how it is said.

use std::time::Duration;

use letterhead::partner_center::{Client, Cloud, EntraApp};
use letterhead::{ErrorKind, campaign_standard, partner_center};
use letterhead_sandbox::{Fault, Response, credentials, seed};

use super::{client, read, refused, sign_ins};
use crate::support::{Faulty, entra, entra_endpoint, nobody};

#[tokio::test]
async fn a_mistake_is_named_with_the_way_out() {
    type Change = fn(EntraApp) -> EntraApp;
    let id = || credentials::PARTNER_CENTER_CLIENT_ID;
    let secret = || credentials::PARTNER_CENTER_CLIENT_SECRET;
    let faulty = Faulty::start().await;
    let url = faulty.sandbox.entra_url();
    let none: Change = |app| app;
    for (app, change, expected) in [
        (EntraApp::new("fabrikam.invalid", id(), secret()), none, "look at the tenant"),
        (EntraApp::new(seed::PARTNER_DOMAIN, "c", secret()), none, "look at the client id"),
        (
            EntraApp::new(seed::PARTNER_DOMAIN, id(), "hush"),
            none,
            "its value is wanted, not its id",
        ),
        (
            EntraApp::new(seed::PARTNER_DOMAIN, id(), secret()),
            (|app| app.audience("https://partner.invalid")) as Change,
            "look at the audience",
        ),
    ] {
        let client = client(&faulty, change(app).authority(&url).app_only());
        let error = read(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SignIn);
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.is_unauthorized() || error.is_invalid_request(), "{error}");
        assert!(error.trace_id().is_some());
    }
    faulty.sandbox.expire_client_secrets();
    let _ = faulty.sandbox.take_requests();
    let error = refused(&faulty, entra(&url).app_only()).await;
    assert!(error.to_string().contains("the client secret has expired; add a new one"), "{error}");

    let faulty = Faulty::start().await;
    let app = entra(&faulty.sandbox.entra_url()).audience("https://graph.windows.net/");
    let error = read(&client(&faulty, app.app_only())).await.unwrap_err();
    assert!(error.is_unauthorized() && error.codes() == ["900420"]);
    assert!(error.to_string().contains("for another audience"), "{error}");
}

#[tokio::test]
async fn something_else_at_the_token_endpoint_is_reported() {
    let endpoint = entra_endpoint();
    for (reply, expected) in [
        (Response::new(200).html("<html>Sign in</html>"), "look at the authority and at proxies"),
        (
            Response::new(200).body("{\"access_token\": 3}"),
            "responded with 200 OK and something else",
        ),
        (Response::new(200).body(vec![b' '; 300_000]), "and more than 262144 bytes"),
        (Response::new(404).html("<html>"), "look at the authority and at proxies"),
        (Response::new(302).header("location", "https://login.invalid/"), "302 Found"),
    ] {
        let faulty = Faulty::start().await;
        faulty.sandbox.respond_next_to(&endpoint, reply);
        let error = refused(&faulty, entra(&faulty.sandbox.entra_url()).app_only()).await;
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(sign_ins(&faulty).len(), 1, "{error}");
    }
    // What may pass is asked for three times.
    for reply in [
        Response::new(500).html("<html>"),
        Response::new(503),
        Response::new(200).body("{\"access_token\": \"hush\"}").truncate(9),
    ] {
        let faulty = Faulty::start().await;
        for _ in 0..3 {
            faulty.sandbox.respond_next_to(&endpoint, reply.clone());
        }
        let error = refused(&faulty, entra(&faulty.sandbox.entra_url()).app_only()).await;
        assert!(error.to_string().contains("no access token"), "{error}");
        assert_eq!(sign_ins(&faulty).len(), 3, "{error}");
    }
    for fault in [Fault::TokenEndpointReset, Fault::TokenEndpointError, Fault::SickConnection] {
        let faulty = Faulty::start().await;
        for _ in 0..3 {
            faulty.proxy.fault_next_to(&endpoint, fault);
        }
        let app = entra(&faulty.proxy.entra_url());
        let error = refused(&faulty, app.clone().app_only()).await;
        assert!(error.to_string().contains("no access token"), "{error}");
        assert_eq!(faulty.proxy.request_count(), 3);
        faulty.proxy.fault_next_to(&endpoint, fault);
        let client = client(&faulty, app.app_only());
        client.list_customers().send().await.unwrap();
    }
    let faulty = Faulty::start().await;
    let error = refused(&faulty, entra(&nobody()).app_only()).await;
    assert!(error.to_string().contains("Microsoft Entra can't be reached"), "{error}");
}

#[tokio::test]
async fn a_redirect_of_a_token_endpoint_takes_no_secret_along() {
    let faulty = Faulty::start().await;
    let elsewhere = Response::new(307).header("location", "/elsewhere");
    faulty.sandbox.respond_next_to(&entra_endpoint(), elsewhere.clone());
    refused(&faulty, entra(&faulty.sandbox.entra_url()).app_only()).await;
    assert_eq!(faulty.sandbox.take_requests().len(), 1);

    let http = letterhead::http_client_builder().unwrap();
    let http = http.redirect(letterhead::reqwest::redirect::Policy::default());
    let credential = entra(&faulty.sandbox.entra_url()).app_only().unwrap();
    let client = faulty.partner().http_client(http.build().unwrap());
    let client = client.credential(credential).build().unwrap();
    faulty.sandbox.respond_next_to(&entra_endpoint(), elsewhere);
    let error = read(&client).await.unwrap_err();
    assert!(error.to_string().contains("followed a redirect of Microsoft Entra"), "{error}");
    assert!(!error.may_have_been_sent());
}

#[tokio::test]
async fn what_does_not_fit_together_is_refused_at_once() {
    let app = || EntraApp::new("contoso.example", "id", "hush");
    let credential = app().cloud(Cloud::UsGovernment).app_only().unwrap();
    for builder in [Client::builder(), Client::builder().cloud(Cloud::China)] {
        let error = builder.credential(credential.clone()).build().unwrap_err();
        assert!(error.to_string().contains("`us-government`"), "{error}");
        assert!(error.to_string().contains("give both the same"), "{error}");
    }
    let builder = Client::builder().cloud(Cloud::UsGovernment);
    builder.credential(credential).build().unwrap();

    for (authority, expected) in [
        ("http://login.contoso.example", "secrets are sent over `https` only"),
        ("login.contoso.example", "it looks like `https://login.example.com`"),
        ("https://me:hush@login.contoso.example", "has a user, a password"),
        ("https://login.contoso.example/?key=hush", "leave it out"),
        ("mailto:a@b.example", "another scheme than `https`"),
        ("hush:a@login.contoso.example", "another scheme than `https`"),
    ] {
        let shown = format!("{:?}", app().authority(authority));
        let error = app().authority(authority).app_only().unwrap_err();
        let other = campaign_standard::ServerToServer::new("id", "hush").authority(authority);
        let shown =
            format!("{shown}{other:?}{error}{error:?}{}", other.clone().credential().unwrap_err());
        assert!(!shown.contains("hush"), "{shown}");
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
}

#[tokio::test]
async fn a_clock_that_is_far_off_is_named_where_a_token_is_refused() {
    let faulty = Faulty::start().await;
    let client = faulty.partner().credential(partner_center::Credential::bearer("old").unwrap());
    let client = client.build().unwrap();
    let error = read(&client).await.unwrap_err();
    assert!(!error.to_string().contains("clock"), "{error}");
    faulty.clock.advance(Duration::from_secs(3630));
    let error = read(&client).await.unwrap_err();
    assert!(error.to_string().contains("this machine's clock is 60 minutes off"), "{error}");
}

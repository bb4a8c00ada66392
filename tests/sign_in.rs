//! Signing in at Microsoft Entra and at Adobe's identity service, and what goes wrong there.

mod common;

use std::error::Error as StdError;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Faulty, entra, entra_endpoint, form_member, ims};
use letterhead::partner_center::{Client, Cloud, Credential, EntraApp};
use letterhead::{
    BoxFuture, Error, ErrorKind, FileStore, MemoryStore, RefreshTokenStore, Secret,
    campaign_standard, partner_center,
};
use letterhead_sandbox::{Exchange, Fault, MfaRefusal, Reply, credentials, seed};

const IMS_ENDPOINT: &str = "/ims/token/v3";

fn consented() -> MemoryStore {
    MemoryStore::new(credentials::PARTNER_CENTER_REFRESH_TOKEN)
}

fn client(faulty: &Faulty, credential: Result<Credential, Error>) -> Client {
    faulty
        .partner()
        .credential(credential.unwrap())
        .build()
        .unwrap()
}

async fn read(client: &Client) -> Result<(), Error> {
    client.get_support_profile().send().await.map(drop)
}

/// The exchanges with Entra since the exchanges were last taken.
fn sign_ins(faulty: &Faulty) -> Vec<Exchange> {
    let mut exchanges = faulty.sandbox.take_exchanges();
    exchanges.retain(|sent| sent.target.ends_with("/oauth2/v2.0/token"));
    exchanges
}

/// The error of a first call, which has sent nothing.
async fn refused(faulty: &Faulty, credential: Result<Credential, Error>) -> Error {
    let error = read(&client(faulty, credential)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SignIn, "{error}");
    assert!(
        !error.may_have_been_sent() && !error.may_have_taken_effect(),
        "{error}"
    );
    let others = |sent: &Exchange| sent.target != entra_endpoint();
    assert!(!faulty.sandbox.exchanges().iter().any(others), "{error}");
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
            (
                app.app_and_user(consented()),
                format!("{audience}/.default offline_access openid"),
            ),
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
async fn an_application_reads_customers_and_is_told_why_not_the_rest() {
    let faulty = Faulty::start().await;
    let client = client(&faulty, entra(&faulty.sandbox.entra_url()).app_only());
    client.list_customers().send().await.unwrap();
    let error = read(&client).await.unwrap_err();
    assert!(error.is_forbidden() && error.codes() == ["900329"]);
    assert!(error.to_string().contains("sign in as App+User"), "{error}");
}

#[tokio::test]
async fn the_replacement_of_a_refresh_token_goes_into_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("refresh-token");
    std::fs::write(&path, credentials::PARTNER_CENTER_REFRESH_TOKEN).unwrap();
    let faulty = Faulty::start().await;
    faulty.sandbox.set_refresh_tokens_single_use(true);
    let app = entra(&faulty.sandbox.entra_url());
    for credential in [app.clone().app_and_user(FileStore::new(&path)), {
        app.app_and_user(MemoryStore::new(faulty.sandbox.consent()))
    }] {
        let client = client(&faulty, credential);
        for _ in 0..3 {
            read(&client).await.unwrap();
            faulty.clock.advance(Duration::from_secs(3599));
        }
        let redeemed: Vec<_> = sign_ins(&faulty)
            .iter()
            .map(|sent| form_member(sent, "refresh_token").unwrap())
            .collect();
        assert_eq!(redeemed.len(), 3);
        assert!(redeemed[0] != redeemed[1] && redeemed[1] != redeemed[2]);
    }
    // A process that starts later goes on with what the file holds now.
    let later = entra(&faulty.sandbox.entra_url()).app_and_user(FileStore::new(&path));
    read(&client(&faulty, later)).await.unwrap();
}

#[tokio::test]
async fn numbers_may_be_text() {
    let faulty = Faulty::start().await;
    faulty.sandbox.set_token_numbers_as_text(true);
    let client = client(
        &faulty,
        entra(&faulty.sandbox.entra_url()).app_and_user(consented()),
    );
    read(&client).await.unwrap();
    faulty.clock.advance(Duration::from_secs(3200));
    read(&client).await.unwrap();
    assert_eq!(
        sign_ins(&faulty).len(),
        1,
        "the token's life was understood"
    );
}

/// A store that can be read, but is told when it may be written.
#[derive(Clone, Debug)]
struct ReadOnly(Arc<Mutex<Secret>>);

impl RefreshTokenStore for ReadOnly {
    fn load(&self) -> BoxFuture<'_, Result<Secret, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async { Ok(self.0.lock().unwrap().clone()) })
    }

    fn save(&self, _: Secret) -> BoxFuture<'_, Result<(), Box<dyn StdError + Send + Sync>>> {
        Box::pin(async { Err("the disk is full".into()) })
    }
}

#[tokio::test]
async fn a_replacement_that_cannot_be_saved_is_kept_until_a_person_consents_again() {
    let faulty = Faulty::start().await;
    faulty.sandbox.set_refresh_tokens_single_use(true);
    let store = ReadOnly(Arc::new(Mutex::new(
        credentials::PARTNER_CENTER_REFRESH_TOKEN.into(),
    )));
    let app = entra(&faulty.sandbox.entra_url());
    let client = client(&faulty, app.app_and_user(store.clone()));
    for _ in 0..3 {
        read(&client).await.unwrap();
        faulty.clock.advance(Duration::from_secs(3599));
    }
    faulty.sandbox.revoke_refresh_tokens(50_173);
    assert!(read(&client).await.unwrap_err().needs_consent());
    *store.0.lock().unwrap() = faulty.sandbox.consent().into();
    faulty.clock.advance(Duration::from_secs(2));
    read(&client).await.unwrap();
}

#[tokio::test]
async fn a_token_file_that_is_no_good_is_told_before_anything_is_sent() {
    let faulty = Faulty::start().await;
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    std::fs::write(&empty, "").unwrap();
    let mut files = vec![
        (folder.path().join("none"), "a person has to sign in"),
        (empty, "is empty"),
        (folder.path().to_owned(), "can't be read"),
    ];
    if cfg!(target_os = "linux") {
        // Readable, in a folder that not even root can write to.
        files.push((
            "/proc/self/comm".into(),
            "the folder `/proc/self` can't be written",
        ));
    }
    for (path, expected) in files {
        let app = entra(&faulty.sandbox.entra_url());
        let error = refused(&faulty, app.app_and_user(FileStore::new(path))).await;
        let source = error.source().unwrap().to_string();
        assert!(source.contains(expected), "{source}");
        assert!(
            error.to_string().contains("no refresh token to redeem"),
            "{error}"
        );
    }
    assert!(faulty.sandbox.exchanges().is_empty());
}

#[tokio::test]
async fn what_only_a_person_can_mend_is_said() {
    for aadsts in [
        50_076, 50_078, 50_079, 50_173, 65_001, 70_000, 70_008, 70_043, 700_082,
    ] {
        let faulty = Faulty::start().await;
        faulty.sandbox.revoke_refresh_tokens(aadsts);
        let app = entra(&faulty.sandbox.entra_url());
        let error = refused(&faulty, app.app_and_user(consented())).await;
        assert!(error.needs_consent() && error.is_unauthorized(), "{error}");
        let answer = sign_ins(&faulty).pop().unwrap().response_body;
        let answer: letterhead::serde_json::Value =
            letterhead::serde_json::from_slice(&answer).unwrap();
        assert_eq!(error.trace_id(), answer["correlation_id"].as_str());
        assert_eq!(
            error.codes()[..2],
            ["invalid_grant".to_owned(), aadsts.to_string()]
        );
        let text = error.to_string();
        assert!(text.contains("; a person must consent again"), "{text}");
        assert!(!text.contains(".;"), "{text}");
        assert!(text.contains(error.trace_id().unwrap()), "{text}");
        assert!(!text.contains('\n'), "{text}");
    }
}

#[tokio::test]
async fn a_missing_second_factor_is_recognized_in_both_forms() {
    for refusal in [MfaRefusal::EmptyBody, MfaRefusal::Code] {
        let faulty = Faulty::start().await;
        faulty.sandbox.demand_mfa(Some(refusal));
        let app = entra(&faulty.sandbox.entra_url());
        let user = client(&faulty, app.app_and_user(consented()));
        for client in [user, faulty.partner().build().unwrap()] {
            let error = read(&client).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Refused);
            assert!(
                error.needs_consent() && error.is_unauthorized(),
                "{refusal:?}"
            );
            assert!(error.to_string().contains("multi-factor"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_mistake_is_named_with_the_way_out() {
    type Change = fn(EntraApp) -> EntraApp;
    let id = || credentials::PARTNER_CENTER_CLIENT_ID;
    let secret = || credentials::PARTNER_CENTER_CLIENT_SECRET;
    let faulty = Faulty::start().await;
    let url = faulty.sandbox.entra_url();
    let none: Change = |app| app;
    for (app, change, expected) in [
        (
            EntraApp::new("fabrikam.invalid", id(), secret()),
            none,
            "look at the tenant",
        ),
        (
            EntraApp::new(seed::PARTNER_DOMAIN, "c", secret()),
            none,
            "look at the client id",
        ),
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
        assert!(
            error.is_unauthorized() || error.is_invalid_request(),
            "{error}"
        );
        assert!(error.trace_id().is_some());
    }
    faulty.sandbox.expire_client_secrets();
    let _ = faulty.sandbox.take_exchanges();
    let error = refused(&faulty, entra(&url).app_only()).await;
    assert!(
        error
            .to_string()
            .contains("the client secret has expired; add a new one"),
        "{error}"
    );

    let faulty = Faulty::start().await;
    let app = entra(&faulty.sandbox.entra_url()).audience("https://graph.windows.net/");
    let error = read(&client(&faulty, app.app_only())).await.unwrap_err();
    assert!(error.is_unauthorized() && error.codes() == ["900420"]);
    assert!(
        error.to_string().contains("for another audience"),
        "{error}"
    );
}

#[tokio::test]
async fn something_else_at_the_token_endpoint_is_told() {
    let endpoint = entra_endpoint();
    for (reply, expected) in [
        (
            Reply::new(200).html("<html>Sign in</html>"),
            "look at the authority and at proxies",
        ),
        (
            Reply::new(200).body("{\"access_token\": 3}"),
            "answered 200 OK with something else",
        ),
        (
            Reply::new(200).body(vec![b' '; 300_000]),
            "with more than 262144 bytes",
        ),
        (
            Reply::new(404).html("<html>"),
            "look at the authority and at proxies",
        ),
        (
            Reply::new(302).header("location", "https://login.invalid/"),
            "302 Found",
        ),
    ] {
        let faulty = Faulty::start().await;
        faulty.sandbox.reply_next_to(&endpoint, reply);
        let error = refused(&faulty, entra(&faulty.sandbox.entra_url()).app_only()).await;
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(sign_ins(&faulty).len(), 1, "{error}");
    }
    // What may pass is asked for three times.
    for reply in [
        Reply::new(500).html("<html>"),
        Reply::new(503),
        Reply::new(200)
            .body("{\"access_token\": \"hush\"}")
            .truncate(9),
    ] {
        let faulty = Faulty::start().await;
        for _ in 0..3 {
            faulty.sandbox.reply_next_to(&endpoint, reply.clone());
        }
        let error = refused(&faulty, entra(&faulty.sandbox.entra_url()).app_only()).await;
        assert!(error.to_string().contains("no access token"), "{error}");
        assert_eq!(sign_ins(&faulty).len(), 3, "{error}");
    }
    for fault in [Fault::TokenEndpointReset, Fault::TokenEndpointError] {
        let faulty = Faulty::start().await;
        for _ in 0..3 {
            faulty.proxy.fault_next_to(&endpoint, fault);
        }
        let app = entra(&faulty.proxy.entra_url());
        let error = refused(&faulty, app.clone().app_only()).await;
        assert!(error.to_string().contains("no access token"), "{error}");
        assert_eq!(faulty.proxy.exchanges(), 3);
        faulty.proxy.fault_next_to(&endpoint, fault);
        let client = client(&faulty, app.app_only());
        client.list_customers().send().await.unwrap();
    }
    let faulty = Faulty::start().await;
    let error = refused(&faulty, entra(&common::nobody()).app_only()).await;
    assert!(
        error
            .to_string()
            .contains("Microsoft Entra can't be reached"),
        "{error}"
    );
}

#[tokio::test]
async fn a_redirect_of_a_token_endpoint_takes_no_secret_along() {
    let faulty = Faulty::start().await;
    let elsewhere = Reply::new(307).header("location", "/elsewhere");
    faulty
        .sandbox
        .reply_next_to(&entra_endpoint(), elsewhere.clone());
    refused(&faulty, entra(&faulty.sandbox.entra_url()).app_only()).await;
    assert_eq!(faulty.sandbox.take_exchanges().len(), 1);

    let http = letterhead::http_client_builder().unwrap();
    let http = http.redirect(letterhead::reqwest::redirect::Policy::default());
    let credential = entra(&faulty.sandbox.entra_url()).app_only().unwrap();
    let client = faulty.partner().http_client(http.build().unwrap());
    let client = client.credential(credential).build().unwrap();
    faulty.sandbox.reply_next_to(&entra_endpoint(), elsewhere);
    let error = read(&client).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("followed a redirect of Microsoft Entra"),
        "{error}"
    );
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
        (
            "http://login.contoso.example",
            "secrets are sent over `https` only",
        ),
        (
            "login.contoso.example",
            "it looks like `https://login.example.com`",
        ),
        (
            "https://me:hush@login.contoso.example",
            "has a user, a password",
        ),
        ("https://login.contoso.example/?key=hush", "leave it out"),
        ("mailto:a@b.example", "the scheme `mailto`"),
    ] {
        let shown = format!("{:?}", app().authority(authority));
        let error = app().authority(authority).app_only().unwrap_err();
        let other = campaign_standard::ServerToServer::new("id", "hush").authority(authority);
        let shown = format!(
            "{shown}{other:?}{error}{error:?}{}",
            other.clone().credential().unwrap_err()
        );
        assert!(!shown.contains("hush"), "{shown}");
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
}

#[tokio::test]
async fn adobes_token_goes_with_the_api_key() {
    let faulty = Faulty::start().await;
    let credential = ims(&faulty.sandbox.ims_url()).credential().unwrap();
    let client = faulty.campaign().credential(credential).build().unwrap();
    client.list_organizational_units().send().await.unwrap();
    faulty.sandbox.revoke_access_tokens();
    client.list_organizational_units().send().await.unwrap();
    let exchanges = faulty.sandbox.take_exchanges();
    let answers: Vec<_> = exchanges.iter().map(|sent| sent.status.as_u16()).collect();
    assert_eq!(answers, [200, 200, 401, 200, 200]);
    let key = exchanges[1].request_header("x-api-key");
    assert_eq!(key, Some(credentials::CAMPAIGN_CLIENT_ID));
    let scopes = form_member(&exchanges[0], "scope").unwrap();
    assert!(
        scopes.starts_with("openid,AdobeID,campaign_sdk,"),
        "{scopes}"
    );

    let url = faulty.sandbox.ims_url();
    let app = |id, secret| campaign_standard::ServerToServer::new(id, secret).authority(&url);
    let (id, secret) = (
        credentials::CAMPAIGN_CLIENT_ID,
        credentials::CAMPAIGN_CLIENT_SECRET,
    );
    for (app, expected) in [
        (app("c", secret), "look at the client id and the secret"),
        (app(id, "hush"), "look at the client id and the secret"),
        (
            app(id, secret).scopes(["campaign_sdks"]),
            "look at the scopes",
        ),
    ] {
        let client = faulty.campaign().credential(app.credential().unwrap());
        let call = client.build().unwrap();
        let error = call.list_organizational_units().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SignIn);
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!error.may_have_been_sent());
    }
    faulty
        .sandbox
        .reply_next_to(IMS_ENDPOINT, Reply::new(200).html("<html>"));
    let client = faulty
        .campaign()
        .credential(ims(&url).credential().unwrap());
    let call = client.build().unwrap();
    let error = call.list_organizational_units().send().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("Adobe IMS answered 200 OK with something else"),
        "{error}"
    );
}

#[tokio::test]
async fn a_clock_that_is_far_off_is_named_where_a_token_is_refused() {
    let faulty = Faulty::start().await;
    let client = faulty
        .partner()
        .credential(partner_center::Credential::bearer("old").unwrap());
    let client = client.build().unwrap();
    let error = read(&client).await.unwrap_err();
    assert!(!error.to_string().contains("clock"), "{error}");
    faulty.clock.advance(Duration::from_secs(3630));
    let error = read(&client).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("this machine's clock is 60 minutes off"),
        "{error}"
    );
}

//! A person's consent, in a browser that comes back and with a code on another machine.

use letterhead::partner_center::Client;
use letterhead::{MemoryStore, Secret, http_client_builder, reqwest};
use letterhead_sandbox::{Response, Sandbox, TokenGrant};
use serde_json::json;

use crate::support::{assert_hidden, entra, entra_endpoint, shown};

const REDIRECT: &str = "http://localhost:8400/";

/// What a person sees, or where it leads.
async fn look(url: &str) -> (u16, String) {
    let browser = http_client_builder().unwrap().no_proxy().build().unwrap();
    let response: reqwest::Response = browser.get(url).send().await.unwrap();
    let location = response.headers().get("location");
    let location = location.map(|value| value.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    (status, location.unwrap_or(response.text().await.unwrap()))
}

/// The query that a browser comes back with.
async fn query(url: &str, decision: &str) -> String {
    let (status, location) = look(&format!("{url}&decision={decision}")).await;
    assert_eq!(status, 302, "{location}");
    location.strip_prefix(REDIRECT).unwrap().strip_prefix('?').unwrap().to_owned()
}

async fn use_it(sandbox: &Sandbox, token: Secret) {
    let credential = entra(&sandbox.entra_url()).app_and_user(MemoryStore::new(token)).unwrap();
    let partner = Client::builder().base_url(sandbox.partner_center_url()).credential(credential);
    partner.build().unwrap().get_organization_profile().send().await.unwrap();
}

#[tokio::test]
async fn a_browser_comes_back_with_a_code() {
    let sandbox = Sandbox::start().await.unwrap();
    let app = entra(&sandbox.entra_url());
    let consent = app.consent(REDIRECT).unwrap();
    assert!(look(consent.url()).await.1.contains("Sign in"));
    let came = query(consent.url(), "accept").await;
    let token = consent.redeem(&came).await.unwrap();
    assert_eq!(sandbox.tokens_issued(TokenGrant::EntraAuthorizationCode), 1);
    use_it(&sandbox, token).await;
}

#[tokio::test]
async fn a_code_of_another_sign_in_is_not_redeemed() {
    let sandbox = Sandbox::start().await.unwrap();
    let app = entra(&sandbox.entra_url());
    let begin = || app.consent(REDIRECT).unwrap();

    let (mine, other) = (begin(), begin());
    let came = query(other.url(), "accept").await;
    let error = mine.redeem(&came).await.unwrap_err();
    assert!(error.to_string().contains("another sign-in"), "{error}");

    // Who steals the code has neither the state nor the verifier.
    let stolen = came.split('&').find(|pair| pair.starts_with("code=")).unwrap();
    let mine = begin();
    let state = query(mine.url(), "decline").await;
    let state = state.split('&').find(|pair| pair.starts_with("state=")).unwrap();
    let error = mine.redeem(&format!("{stolen}&{state}")).await.unwrap_err();
    assert!(error.has_code("501481") && error.needs_consent(), "{error}");
    let code = stolen.strip_prefix("code=").unwrap();
    assert_hidden(&format!("{error} {error:?}"), [code]);
    assert_eq!(sandbox.tokens_issued(TokenGrant::EntraAuthorizationCode), 0);

    let mine = begin();
    assert_hidden(&shown(&mine), [state.strip_prefix("state=").unwrap()]);
    let came = query(mine.url(), "decline").await;
    let error = mine.redeem(&came).await.unwrap_err().to_string();
    assert!(error.contains("access_denied") && error.contains("declined"), "{error}");
}

#[tokio::test]
async fn a_code_is_entered_on_any_machine() {
    let sandbox = Sandbox::start().await.unwrap();
    let app = entra(&sandbox.entra_url());
    let code = app.device_code().await.unwrap();
    let page = format!("{}?user_code={}", code.verification_url(), code.user_code());
    let user_code = code.user_code().to_owned();
    assert_hidden(&shown(&code), [&*user_code]);
    assert_eq!(look(&page).await.0, 200);
    look(&format!("{page}&decision=accept")).await;
    // The first time Entra is asked, it has not heard of it.
    let pending = Response::new(400).json(&json!({"error": "authorization_pending"}));
    sandbox.respond_next_to(&entra_endpoint(), pending);
    use_it(&sandbox, code.redeem().await.unwrap()).await;
    assert_eq!(sandbox.tokens_issued(TokenGrant::EntraDeviceCode), 1);

    let code = app.device_code().await.unwrap();
    let page = format!("{}?user_code={}", code.verification_url(), code.user_code());
    look(&format!("{page}&decision=decline")).await;
    let error = code.redeem().await.unwrap_err();
    assert!(error.needs_consent() && error.to_string().contains("declined"), "{error}");
}

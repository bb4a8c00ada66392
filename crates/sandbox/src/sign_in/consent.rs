//! Where a person consents at Entra: the page that sends a browser back with a code, and the page that takes the
//! code of a device.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::entra_refusal::{JSON, Refusal};
use super::tokens::Tokens;
use crate::form::Form;
use crate::ids;
use crate::partner_center::credentials::PARTNER_CENTER_CLIENT_ID;
use crate::request::Request;
use crate::response::Response;

/// How long a device's code lives, in seconds, and how often it may be asked for.
const LIFE: u64 = 900;
const INTERVAL: u64 = 1;

/// The consents that are under way.
#[derive(Default)]
pub(crate) struct Consents {
    /// By the code that the browser went back with.
    codes: HashMap<String, Code>,
    /// By the device's code.
    devices: HashMap<String, Device>,
}

struct Code {
    redirect_uri: String,
    /// Of the proof key, where there was one.
    challenge: Option<String>,
}

struct Device {
    user_code: String,
    /// What the person decided, once they did.
    is_granted: Option<bool>,
}

impl Consents {
    /// Takes a code that a browser went back with.
    pub(super) fn redeem_code(&mut self, form: &Form) -> Result<(), Refusal> {
        let code = form.get("code").and_then(|code| self.codes.remove(code));
        let Some(code) = code else {
            return Err(Refusal::new(70_008, "The code has expired or was redeemed before."));
        };
        if form.get("redirect_uri") != Some(&code.redirect_uri) {
            return Err(Refusal::new(500_112, "The reply address isn't the one of the code."));
        }
        let verifier = form.get("code_verifier").unwrap_or_default();
        let shown = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        if code.challenge.is_some_and(|challenge| challenge != shown) {
            return Err(Refusal::new(501_481, "The code verifier doesn't match the challenge."));
        }
        Ok(())
    }

    /// Takes a device's code, once a person has entered its other half.
    pub(super) fn redeem_device(&mut self, form: &Form) -> Result<(), Refusal> {
        let code = form.get("device_code").unwrap_or_default();
        match self.devices.get(code).map(|device| device.is_granted) {
            None => Err(Refusal::new(70_019, "The device code is not valid.")),
            Some(None) => Err(Refusal::new(70_016, "The person hasn't entered the code yet.")),
            Some(Some(is_granted)) => {
                self.devices.remove(code);
                let refusal = || Refusal::new(70_018, "The person declined.");
                is_granted.then_some(()).ok_or_else(refusal)
            }
        }
    }
}

/// The page that a browser is sent to. Its links are what a person may do there.
pub(super) fn authorize(tokens: &mut Tokens, request: &Request) -> Response {
    let member = |name| request.query(name).unwrap_or_default();
    let fault = |text: &str| Response::new(400).html(&format!("<p>AADSTS{text}</p>\n"));
    if member("client_id") != PARTNER_CENTER_CLIENT_ID {
        return fault("700016: the application was not found.");
    }
    let redirect_uri = member("redirect_uri");
    // Registered for every port, and for no other host.
    if !redirect_uri.starts_with("http://localhost:") {
        return fault("50011: the reply address isn't registered.");
    }
    let decided: [(&str, &str); 2] = match (member("response_type"), member("decision")) {
        ("code", "accept") => {
            let code = format!("sandbox-issued-code-{}", ids::hex());
            let challenge = request.query("code_challenge").map(str::to_owned);
            let begun = Code { redirect_uri: redirect_uri.to_owned(), challenge };
            tokens.consents.codes.insert(code.clone(), begun);
            return back(redirect_uri, &[("code", &code)], member("state"));
        }
        ("code", "decline") => {
            [("error", "access_denied"), ("error_description", "AADSTS65004: the user declined.")]
        }
        ("code", _) => return page("Sign in", &request.target),
        _ => [
            ("error", "unsupported_response_type"),
            ("error_description", "AADSTS700054: a code is all that can be had."),
        ],
    };
    back(redirect_uri, &decided, member("state"))
}

fn back(redirect_uri: &str, members: &[(&str, &str)], state: &str) -> Response {
    let mut query = String::new();
    for (name, value) in members.iter().chain(&[("state", state)]) {
        let begin = if query.is_empty() { '?' } else { '&' };
        query.push(begin);
        query.extend([name, "="]);
        query.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
    }
    Response::new(302).header("location", &format!("{redirect_uri}{query}"))
}

fn page(title: &str, target: &str) -> Response {
    let target = target.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let links = ["accept", "decline"]
        .map(|decision| format!("<a href=\"{target}&amp;decision={decision}\">{decision}</a>\n"));
    Response::new(200)
        .html(&format!("<title>{title}</title>\n<h1>{title}</h1>\n{}", links.concat()))
}

/// Gives a device its code.
pub(super) fn device_code(tokens: &mut Tokens, request: &Request) -> Response {
    let begun = Form::of(request).ok_or("grant_type").and_then(|form| {
        form.get("scope").ok_or("scope")?;
        form.get("client_id").ok_or("client_id").map(str::to_owned)
    });
    let refusal = match begun.as_deref() {
        Ok(PARTNER_CENTER_CLIENT_ID) => {
            return Response::new(200).typed(JSON, begin(tokens, request).to_string());
        }
        Ok(_) => Refusal::new(700_016, "The application was not found in the directory."),
        Err(name) => Refusal::new(900_144, &format!("The form must contain '{name}'.")),
    };
    refusal.response(request)
}

fn begin(tokens: &mut Tokens, request: &Request) -> Value {
    let user_code = ids::hex()[..8].to_uppercase();
    let device_code = format!("sandbox-issued-device-code-{}", ids::hex());
    let url = format!("{}/common/oauth2/deviceauth", request.origin());
    let text = format!("To sign in, open the page {url} and enter the code {user_code}.");
    let body = json!({
        "user_code": user_code,
        "device_code": device_code,
        "verification_uri": url,
        "expires_in": LIFE,
        "interval": INTERVAL,
        "message": text,
    });
    tokens.consents.devices.insert(device_code, Device { user_code, is_granted: None });
    body
}

/// The page that takes a device's code, as `user_code`.
pub(super) fn device_page(tokens: &mut Tokens, request: &Request) -> Response {
    let Some(user_code) = request.query("user_code").filter(|_| request.method == Method::GET)
    else {
        let form =
            "<form><input name=\"user_code\" placeholder=\"code\"><button>next</button></form>\n";
        return Response::new(200).html(form);
    };
    let is_it = |device: &&mut Device| device.user_code.eq_ignore_ascii_case(user_code);
    let Some(device) = tokens.consents.devices.values_mut().find(is_it) else {
        return Response::new(404).html("<p>That code isn't known.</p>\n");
    };
    match request.query("decision") {
        Some(decision) => device.is_granted = Some(decision == "accept"),
        None => return page("Sign in", &request.target),
    }
    Response::new(200).html("<p>You may close this page.</p>\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sandbox;
    use crate::sign_in::testing::{APP, access_token, get, sign_in, with};
    use crate::testing::Received;

    const REDIRECT: &str = "http://localhost:7/";

    async fn open(sandbox: &Sandbox, target: &str) -> Received {
        sandbox.send("GET", target, &[], None).await
    }

    /// What the address of a browser ends with that was sent to the page with these members.
    async fn decided(sandbox: &Sandbox, members: &str) -> String {
        let target = format!(
            "/common/oauth2/v2.0/authorize?client_id={PARTNER_CENTER_CLIENT_ID}&redirect_uri={REDIRECT}&state=s{members}"
        );
        let received = open(sandbox, &target).await;
        assert_eq!(received.status, 302, "{members}");
        let location = received.header("location").expect("a location").to_owned();
        location.strip_prefix(&format!("{REDIRECT}?")).expect("the same address").to_owned()
    }

    #[tokio::test]
    async fn a_code_is_good_once_and_for_whoever_asked_for_it() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let query = decided(&sandbox, "&response_type=code&decision=accept&code_challenge=x").await;
        assert!(query.ends_with("&state=s"), "{query}");
        let code = |query: &str| {
            let code = query.strip_prefix("code=").and_then(|rest| rest.split('&').next());
            code.expect("a code").replace("%2D", "-")
        };
        let form = |code: &str, address: &str, verifier: &str| {
            let mut form = with(&APP, &[("grant_type", "authorization_code")]);
            let more = [("code", code), ("redirect_uri", address), ("code_verifier", verifier)];
            form.extend(more);
            form.into_iter().map(|(name, value)| (name, value.to_owned())).collect::<Vec<_>>()
        };
        let redeem = async |code: &str, address: &str| {
            let form = form(code, address, "v");
            let form: Vec<_> = form.iter().map(|(name, value)| (*name, &**value)).collect();
            sign_in(&sandbox, &form).await
        };
        let aadsts = |received: &Received| received.json()["error_codes"][0].clone();
        let of_another = redeem(&code(&query), REDIRECT).await;
        assert_eq!((of_another.status, aadsts(&of_another)), (400, 501_481.into()));
        assert_eq!(aadsts(&redeem(&code(&query), REDIRECT).await), 70_008);

        let query = decided(&sandbox, "&response_type=code&decision=accept").await;
        assert_eq!(aadsts(&redeem(&code(&query), "http://localhost:8/").await), 500_112);
        let query = decided(&sandbox, "&response_type=code&decision=accept").await;
        let token = access_token(&redeem(&code(&query), REDIRECT).await);
        assert_eq!(get(&sandbox, "/v1/profiles/organization", &token).await.status, 200);
        assert!(decided(&sandbox, "&response_type=code&decision=decline").await.contains("65004"));
        assert!(decided(&sandbox, "&response_type=token").await.contains("unsupported"));
    }

    #[tokio::test]
    async fn the_page_of_a_device_knows_its_codes() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let target = "/common/oauth2/v2.0/devicecode";
        let begun = sandbox.post_form(target, &APP).await.json();
        let page = "/common/oauth2/deviceauth";
        assert_eq!(open(&sandbox, page).await.status, 200);
        assert_eq!(open(&sandbox, &format!("{page}?user_code=x")).await.status, 404);
        let code = begun["device_code"].as_str().expect("a code");
        let grant = [("grant_type", "urn:ietf:params:oauth:grant-type:device_code")];
        let mut form = with(&APP, &grant);
        form.push(("device_code", code));
        let error = async || sign_in(&sandbox, &form).await.json()["error"].clone();
        assert_eq!(error().await, "authorization_pending");
        let entered = format!("{page}?user_code={}", begun["user_code"].as_str().expect("a code"));
        assert_eq!(open(&sandbox, &entered).await.status, 200);
        assert_eq!(error().await, "authorization_pending");
        open(&sandbox, &format!("{entered}&decision=decline")).await;
        assert_eq!(error().await, "authorization_declined");
        assert_eq!(error().await, "bad_verification_code");
        for form in [with(&APP, &[("client_id", "c")]), with(&APP, &[("scope", "")])] {
            assert_eq!(sandbox.post_form(target, &form).await.status, 400);
        }
    }
}

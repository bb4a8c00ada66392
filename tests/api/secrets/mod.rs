//! What a run leaves in logs, spans, `Debug` and errors holds no secret.

mod arguments;
mod invisible;
mod spellings;

use std::error::Error as StdError;
use std::fmt::Debug;
use std::path::Path;
use std::time::Duration;

use crate::support::{
    Faulty, World, assert_hidden, capture, entra, entra_endpoint, form_member, ims, said, secrets,
    shown,
};
use letterhead::partner_center::types::PasswordProfile;
use letterhead::{
    AccessToken, BoxFuture, Error, FileStore, MemoryStore, TokenSource, campaign_standard,
    cloudflare, partner_center, reqwest,
};
use letterhead_sandbox::{Fault, RecordedRequest, Response, credentials, seed};
use serde_json::{Value, json};

const PASSWORD: &str = "Winter-2031!-\"quoted\"";

fn change_password(
    partner: &partner_center::Client,
) -> partner_center::builder::UpdateCustomerUser {
    let password = PasswordProfile::builder().password(PASSWORD);
    let call = partner.update_customer_user();
    call.customer_tenant_id(seed::CUSTOMER_TENANT_ID)
        .user_id(seed::USER_ID)
        .body_map(|user| user.password_profile(password))
}

#[tokio::test]
async fn no_secret_is_in_logs_or_debug() {
    let (log, _guard) = capture();
    let world = World::start().await;
    let credential = partner_center::Credential::bearer(secrets()[0]).unwrap();
    let id = seed::CLOUDFLARE_ORGANIZATION_ID;
    let read = world.cloudflare.get_organization_profile().organization_id(id);
    let all = [
        shown(&(&world.partner, &world.cloudflare, &world.campaign)),
        shown(&credential),
        shown(&partner_center::Client::builder().credential(credential)),
        shown(&change_password(&world.partner)),
        shown(&change_password(&world.partner).send().await.unwrap()),
        shown(&world.partner.get_organization_profile().send().await.unwrap()),
        shown(&read.send().await.unwrap()),
        shown(&world.campaign.list_organizational_units().send().await.unwrap()),
        shown(&world.sandbox.take_requests()),
        log.text(),
    ];
    assert!(all.last().unwrap().contains("update_customer_user"), "the log was captured");
    assert_hidden(&all.join("\n"), secrets().into_iter().chain([PASSWORD]));
}

#[tokio::test]
async fn a_secret_that_a_vendor_sends_back_is_not_shown() {
    let (log, _guard) = capture();
    let world = World::without_retries().await;
    let echo = format!("{} {PASSWORD}", secrets().join(" "));
    let latin1 = [b"caf\xe9 ".as_slice(), echo.as_bytes()].concat();
    let json_echo = json!({
        "code": 1, "description": echo, "message": echo, "success": false,
        "errors": [{"code": 1, "message": echo}],
    });
    for reply in [
        Response::new(400).json(&json_echo),
        Response::new(400).body(echo.clone()),
        Response::new(400)
            .header("ms-cv", secrets()[0])
            .header("cf-ray", secrets()[2])
            .header("x-request-id", secrets()[3]),
        Response::new(200).header("content-type", &secrets().join(";")).body("<"),
        Response::new(400).body(latin1),
        Response::new(500).body(format!("RST-360011 {echo}")),
        Response::new(401).html(&echo),
        Response::new(200).json(&json!(echo)),
        Response::new(200).json(&json!({"id": {"a": echo}, "success": echo, "content": echo})),
        Response::new(200).body(echo.clone()),
        Response::new(200).body(echo.clone()).truncate(20),
        Response::new(200).body(format!("{{{}: [", json!(echo))),
        Response::new(200).body(format!("{{\"success\": true, {}: [", json!(echo))),
    ] {
        for _ in 0..3 {
            world.sandbox.respond_next(reply.clone());
        }
        // Each vendor can only repeat what it was sent.
        let error = change_password(&world.partner).send().await.unwrap_err();
        assert_hidden(&said(&error), [secrets()[0], PASSWORD]);
        let read = world.cloudflare.get_organization_profile().organization_id("o");
        assert_hidden(&said(&read.send().await.unwrap_err()), [secrets()[2]]);
        let list = world.campaign.list_organizational_units();
        assert_hidden(&said(&list.send().await.unwrap_err()), [secrets()[3], secrets()[4]]);
    }
    assert_hidden(&log.text(), secrets().into_iter().chain([PASSWORD]));
}

/// A source of the caller's own.
#[derive(Debug)]
struct Vault;

impl TokenSource for Vault {
    fn fetch<'a>(
        &'a self,
        _: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        let token = credentials::PARTNER_CENTER_TOKEN.into();
        Box::pin(async { Ok(AccessToken::new(token, None)) })
    }
}

/// What a call came to: everything that it shows, whichever it is.
fn outcome_text<T: Debug>(outcome: Result<letterhead::Reply<T>, Error>) -> String {
    outcome.map_or_else(|error| said(&error), |reply| shown(&reply))
}

/// Every secret that went over the wire.
fn sent_secrets(requests: &[RecordedRequest]) -> Vec<String> {
    let mut found = Vec::new();
    for request in requests {
        let forms = ["client_secret", "refresh_token"];
        found.extend(forms.iter().filter_map(|name| form_member(request, name)));
        let header = request.header("authorization");
        found.extend(header.map(|header| header.replacen("Bearer ", "", 1)));
        let response: Value = serde_json::from_slice(request.response.body()).unwrap_or_default();
        let tokens = ["access_token", "refresh_token", "id_token"];
        let tokens = tokens.iter().filter_map(|name| response[*name].as_str());
        found.extend(tokens.map(str::to_owned));
    }
    found
}

/// Clients with every kind of credential, and all that was shown so far.
struct Everyone {
    partners: Vec<partner_center::Client>,
    cloudflares: Vec<cloudflare::Client>,
    campaigns: Vec<campaign_standard::Client>,
    all: Vec<String>,
}

impl Everyone {
    fn with(faulty: &Faulty, file: &Path) -> Self {
        let app = entra(&faulty.proxy.entra_url());
        let ims = ims(&faulty.proxy.ims_url());
        let memory = MemoryStore::new(credentials::PARTNER_CENTER_REFRESH_TOKEN);
        let mut all = vec![shown(&(&app, &ims, &memory, FileStore::new(file), Vault))];
        let mut show = |thing: &dyn Debug| all.push(shown(thing));
        let partners = [
            partner_center::Credential::bearer(credentials::PARTNER_CENTER_TOKEN),
            app.clone().app_only(),
            app.clone().app_and_user(memory),
            app.app_and_user(FileStore::new(file)),
            Ok(partner_center::Credential::from_tokens(Vault)),
        ]
        .map(|credential| {
            let builder = faulty.partner().credential(credential.unwrap());
            show(&builder);
            builder.build().unwrap()
        });
        let cloudflares = [
            cloudflare::Credential::api_token(credentials::CLOUDFLARE_API_TOKEN),
            cloudflare::Credential::api_key(
                credentials::CLOUDFLARE_EMAIL,
                credentials::CLOUDFLARE_API_KEY,
            ),
        ]
        .map(|credential| {
            let builder = faulty.cloudflare().credential(credential.unwrap());
            show(&builder);
            builder.build().unwrap()
        });
        let campaigns = [
            campaign_standard::Credential::new(
                credentials::CAMPAIGN_ACCESS_TOKEN,
                credentials::CAMPAIGN_API_KEY,
            ),
            ims.credential(),
        ]
        .map(|credential| {
            let builder = faulty.campaign().credential(credential.unwrap());
            show(&builder);
            builder.build().unwrap()
        });
        show(&(&partners, &cloudflares, &campaigns));
        Self {
            partners: partners.into(),
            cloudflares: cloudflares.into(),
            campaigns: campaigns.into(),
            all,
        }
    }

    /// Makes a call of each kind with each credential; the first request of each call goes wrong.
    async fn call(&mut self, faulty: &Faulty, fault: Option<Fault>) {
        let lay = || {
            if let Some(fault) = fault {
                faulty.proxy.fault_next(fault);
            }
        };
        for partner in &self.partners {
            lay();
            self.all.push(outcome_text(partner.list_customers().send().await));
            let call = change_password(partner);
            self.all.push(shown(&call));
            lay();
            self.all.push(outcome_text(call.send().await));
        }
        for cloudflare in &self.cloudflares {
            lay();
            let call = cloudflare.get_organization_profile();
            let outcome = call.organization_id("none").send().await;
            self.all.push(outcome_text(outcome));
        }
        for campaign in &self.campaigns {
            lay();
            let call = campaign.list_profiles_by_email();
            // The response holds the address as a value; logs and errors must not.
            if let Err(error) = call.email(seed::CAMPAIGN_PROFILE_EMAIL).send().await {
                self.all.push(said(&error));
            }
        }
    }

    /// Has sign-ins refused by an identity provider that repeats all it was sent.
    async fn be_refused(&mut self, faulty: &Faulty, file: &Path) {
        faulty.sandbox.revoke_access_tokens();
        let client_secret = credentials::PARTNER_CENTER_CLIENT_SECRET;
        let both = format!("{client_secret} {}", std::fs::read_to_string(file).unwrap());
        for (partner, echo) in [(1, client_secret), (3, &both)] {
            let body = json!({
                "error": echo, "error_description": echo, "error_codes": [echo], "suberror": echo,
                "correlation_id": echo,
            });
            let reply = Response::new(400).header("x-echo", echo).json(&body);
            faulty.sandbox.respond_next_to(&entra_endpoint(), reply);
            let error = self.partners[partner].list_customers().send().await;
            self.all.push(said(&error.unwrap_err()));
        }
        faulty.sandbox.revoke_refresh_tokens(700_082);
        faulty.clock.advance(Duration::from_secs(2));
        for partner in &self.partners[2..4] {
            let error = partner.list_customers().send().await.unwrap_err();
            assert!(error.needs_consent(), "{error}");
            self.all.push(said(&error));
        }
    }
}

#[tokio::test]
async fn no_kind_of_credential_is_shown_whatever_happens() {
    let (log, _guard) = capture();
    let faulty = Faulty::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("refresh-token");
    std::fs::write(&file, credentials::PARTNER_CENTER_REFRESH_TOKEN).unwrap();
    let mut everyone = Everyone::with(&faulty, &file);
    for fault in [
        None,
        Some(Fault::ThrottledForSeconds),
        Some(Fault::ResetAfterApplied),
        Some(Fault::TruncatedJson),
        Some(Fault::CorruptedJson),
        Some(Fault::TokensRevoked),
        Some(Fault::Html502),
    ] {
        everyone.call(&faulty, fault).await;
    }
    everyone.all.push(shown(&faulty.sandbox.requests()));
    everyone.be_refused(&faulty, &file).await;

    let found = sent_secrets(&faulty.sandbox.take_requests());
    for kind in ["access", "refresh"] {
        let issued = format!("sandbox-issued-{kind}-token");
        assert!(found.iter().any(|secret| secret.starts_with(&issued)));
    }
    // The API key is the client id as well, and as such no secret.
    let mut hidden: Vec<_> = found.iter().map(String::as_str).chain(secrets()).collect();
    hidden.retain(|secret| *secret != credentials::CAMPAIGN_API_KEY);
    hidden.extend([PASSWORD, credentials::PARTNER_CENTER_REFRESH_TOKEN]);
    assert_hidden(&everyone.all.join("\n"), hidden.iter().copied());
    let log = log.text();
    assert!(log.contains("list_profiles_by_email") && log.contains("letterhead.sign_in"));
    let encoded = seed::CAMPAIGN_PROFILE_EMAIL.replace('@', "%40");
    hidden.extend([seed::CAMPAIGN_PROFILE_EMAIL, &encoded]);
    assert_hidden(&log, hidden);
}

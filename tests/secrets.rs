//! What a run leaves in logs, spans, `Debug` and errors holds no secret.

mod common;

use std::error::Error as StdError;

use common::{
    Faulty, World, assert_hidden, capture, entra, entra_endpoint, form_member, ims, said, secrets,
    shown,
};
use letterhead::partner_center::types::PasswordProfile;
use letterhead::{
    AccessToken, BoxFuture, Error, FileStore, MemoryStore, Secret, TokenSource, campaign_standard,
    cloudflare, partner_center, reqwest,
};
use letterhead_sandbox::{Exchange, Fault, Reply, credentials, seed};
use serde_json::{Value, json};

const PASSWORD: &str = "Winter-2031!-\"quoted\"";

fn change_password(world: &World) -> partner_center::builder::UpdateCustomerUser<'_> {
    let password: PasswordProfile = PasswordProfile::builder()
        .password(Secret::from(PASSWORD))
        .try_into()
        .unwrap();
    let call = world.partner.update_customer_user();
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
    let read = world
        .cloudflare
        .get_organization_profile()
        .organization_id(id);
    let all = [
        shown(&(&world.partner, &world.cloudflare, &world.campaign)),
        shown(&credential),
        shown(&partner_center::Client::builder().credential(credential)),
        shown(&change_password(&world)),
        shown(&change_password(&world).send().await.unwrap()),
        shown(
            &world
                .partner
                .get_organization_profile()
                .send()
                .await
                .unwrap(),
        ),
        shown(&read.send().await.unwrap()),
        shown(
            &world
                .campaign
                .list_organizational_units()
                .send()
                .await
                .unwrap(),
        ),
        shown(&world.sandbox.take_exchanges()),
        log.text(),
    ];
    assert!(
        all.last().unwrap().contains("update_customer_user"),
        "the log was captured"
    );
    assert_hidden(&all.join("\n"), secrets().into_iter().chain([PASSWORD]));
}

#[tokio::test]
async fn a_vendor_that_repeats_a_secret_is_not_repeated() {
    let (log, _guard) = capture();
    let world = World::without_retries().await;
    let echo = format!("{} {PASSWORD}", secrets().join(" "));
    let latin1 = [b"caf\xe9 ".as_slice(), echo.as_bytes()].concat();
    let json_echo = json!({
        "code": 1, "description": echo, "message": echo, "success": false,
        "errors": [{"code": 1, "message": echo}],
    });
    for reply in [
        Reply::new(400).json(&json_echo),
        Reply::new(400).body(echo.clone()),
        Reply::new(400)
            .header("ms-cv", secrets()[0])
            .header("cf-ray", secrets()[2])
            .header("x-request-id", secrets()[3]),
        Reply::new(200)
            .header("content-type", &secrets().join(";"))
            .body("<"),
        Reply::new(400).body(latin1),
        Reply::new(500).body(format!("RST-360011 {echo}")),
        Reply::new(401).html(&echo),
        Reply::new(200).json(&json!(echo)),
        Reply::new(200).json(&json!({"id": {"a": echo}, "success": echo, "content": echo})),
        Reply::new(200).body(echo.clone()),
        Reply::new(200).body(echo.clone()).truncate(20),
    ] {
        for _ in 0..3 {
            world.sandbox.reply_next(reply.clone());
        }
        // Each vendor can only repeat what it was sent.
        let error = change_password(&world).send().await.unwrap_err();
        assert_hidden(&said(&error), [secrets()[0], PASSWORD]);
        let read = world
            .cloudflare
            .get_organization_profile()
            .organization_id("o");
        assert_hidden(&said(&read.send().await.unwrap_err()), [secrets()[2]]);
        let list = world.campaign.list_organizational_units();
        assert_hidden(
            &said(&list.send().await.unwrap_err()),
            [secrets()[3], secrets()[4]],
        );
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
fn told<T: std::fmt::Debug>(outcome: Result<letterhead::Reply<T>, Error>) -> String {
    outcome.map_or_else(|error| said(&error), |reply| shown(&reply))
}

/// Every secret that went over the wire.
fn sent_secrets(exchanges: &[Exchange]) -> Vec<String> {
    let mut found = Vec::new();
    for exchange in exchanges {
        let forms = ["client_secret", "refresh_token"];
        found.extend(forms.iter().filter_map(|name| form_member(exchange, name)));
        let header = exchange.request_header("authorization");
        found.extend(header.map(|header| header.replacen("Bearer ", "", 1)));
        let answer: Value = serde_json::from_slice(&exchange.response_body).unwrap_or_default();
        let tokens = ["access_token", "refresh_token", "id_token"];
        let tokens = tokens.iter().filter_map(|name| answer[*name].as_str());
        found.extend(tokens.map(str::to_owned));
    }
    found
}

#[tokio::test]
async fn no_kind_of_credential_is_shown_whatever_happens() {
    let (log, _guard) = capture();
    let faulty = Faulty::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("refresh-token");
    std::fs::write(&file, credentials::PARTNER_CENTER_REFRESH_TOKEN).unwrap();
    let (entra, ims) = (
        entra(&faulty.proxy.entra_url()),
        ims(&faulty.proxy.ims_url()),
    );
    let stores = (
        MemoryStore::new(credentials::PARTNER_CENTER_REFRESH_TOKEN),
        FileStore::new(&file),
    );
    let mut all = vec![shown(&(&entra, &ims)), shown(&stores), shown(&Vault)];

    let mut partners = Vec::new();
    for credential in [
        partner_center::Credential::bearer(credentials::PARTNER_CENTER_TOKEN).unwrap(),
        entra.clone().app_only().unwrap(),
        entra.clone().app_and_user(stores.0).unwrap(),
        entra.app_and_user(stores.1).unwrap(),
        partner_center::Credential::from_tokens(Vault),
    ] {
        all.push(shown(&credential));
        let builder = faulty.partner().credential(credential);
        all.push(shown(&builder));
        partners.push(builder.build().unwrap());
    }
    let cloudflares = [
        cloudflare::Credential::api_token(credentials::CLOUDFLARE_API_TOKEN),
        cloudflare::Credential::api_key(
            credentials::CLOUDFLARE_EMAIL,
            credentials::CLOUDFLARE_API_KEY,
        ),
    ]
    .map(|credential| {
        let builder = faulty.cloudflare().credential(credential.unwrap());
        all.push(shown(&builder));
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
        all.push(shown(&builder));
        builder.build().unwrap()
    });
    all.push(shown(&(&partners, &cloudflares, &campaigns)));

    // A success, then each way to fail and be repeated, then a refusal for good.
    let faults = [
        None,
        Some(Fault::ThrottledForSeconds),
        Some(Fault::ResetAfterApplied),
        Some(Fault::TruncatedJson),
        Some(Fault::CorruptedJson),
        Some(Fault::TokensRevoked),
        Some(Fault::Html502),
    ];
    for fault in faults {
        let lay = || {
            fault
                .into_iter()
                .for_each(|fault| faulty.proxy.fault_next(fault))
        };
        for partner in &partners {
            lay();
            all.push(told(partner.list_customers().send().await));
            let call = partner.update_customer_user();
            let password: PasswordProfile = PasswordProfile::builder()
                .password(Secret::from(PASSWORD))
                .try_into()
                .unwrap();
            let call = call
                .customer_tenant_id(seed::CUSTOMER_TENANT_ID)
                .user_id(seed::USER_ID)
                .body_map(|user| user.password_profile(password));
            all.push(shown(&call));
            lay();
            all.push(told(call.send().await));
        }
        for cloudflare in &cloudflares {
            lay();
            let call = cloudflare.get_organization_profile();
            all.push(told(call.organization_id("none").send().await));
        }
        for campaign in &campaigns {
            lay();
            let call = campaign.list_profiles_by_email();
            let call = call.email(seed::CAMPAIGN_PROFILE_EMAIL);
            // The call and its answer hold the address as a value; logs and errors must not.
            if let Err(error) = call.send().await {
                all.push(said(&error));
            }
        }
    }

    // Refusals of identity providers that repeat what they were sent.
    let mut exchanges = faulty.sandbox.exchanges();
    all.push(shown(&exchanges));
    faulty.sandbox.revoke_access_tokens();
    // An identity provider can only repeat what it is sent.
    let client_secret = credentials::PARTNER_CENTER_CLIENT_SECRET;
    let echo = format!(
        "{client_secret} {}",
        std::fs::read_to_string(&file).unwrap()
    );
    for (partner, echo) in [(&partners[1], client_secret), (&partners[3], &echo)] {
        let body = json!({
            "error": echo, "error_description": echo, "error_codes": [echo], "suberror": echo,
            "correlation_id": echo,
        });
        let reply = Reply::new(400).header("x-echo", echo).json(&body);
        faulty.sandbox.reply_next_to(&entra_endpoint(), reply);
        all.push(told(partner.list_customers().send().await));
    }
    faulty.sandbox.revoke_refresh_tokens(700_082);
    faulty.clock.advance(std::time::Duration::from_secs(2));
    for partner in &partners[2..4] {
        all.push(told(partner.list_customers().send().await));
    }

    exchanges.extend(faulty.sandbox.take_exchanges());
    let found = sent_secrets(&exchanges);
    assert!(
        found
            .iter()
            .any(|secret| secret.starts_with("sandbox-issued-access-token"))
    );
    assert!(
        found
            .iter()
            .any(|secret| secret.starts_with("sandbox-issued-refresh-token"))
    );
    let known = [
        PASSWORD,
        credentials::PARTNER_CENTER_CLIENT_SECRET,
        credentials::PARTNER_CENTER_REFRESH_TOKEN,
        credentials::CAMPAIGN_CLIENT_SECRET,
    ];
    // The API key is the client id as well, and as such no secret.
    let hidden = |secret: &&str| *secret != credentials::CAMPAIGN_API_KEY;
    let found = found
        .iter()
        .map(String::as_str)
        .chain(secrets())
        .chain(known);
    let found: Vec<_> = found.filter(hidden).collect();
    assert_hidden(&all.join("\n"), found.iter().copied());
    let log = log.text();
    assert!(log.contains("list_profiles_by_email") && log.contains("letterhead.sign_in"));
    let addresses = [
        seed::CAMPAIGN_PROFILE_EMAIL,
        &seed::CAMPAIGN_PROFILE_EMAIL.replace('@', "%40"),
    ];
    assert_hidden(&log, found.into_iter().chain(addresses));
}

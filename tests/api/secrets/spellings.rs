//! A vendor may spell the secret that it repeats in any way that HTTP, JSON and HTML have.

use letterhead::partner_center::types::PasswordProfile;
use letterhead::{Reply, RetryPolicy, partner_center};
use letterhead_sandbox::{Response, credentials, seed};
use serde_json::json;

use crate::support::{Faulty, World, assert_hidden, capture, entra, entra_endpoint, said, shown};

const TOKEN: &str = "Q8~tok+en/with_all.kinds=";
const PASSWORD: &str = "Winter ~2031\"\\&<é";
const KEY: &str = "gateway~key/42+";

fn percent(text: &str) -> String {
    let escapes: Vec<_> = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
    escapes.concat()
}

fn form(text: &str) -> String {
    let pairs = letterhead::reqwest::Url::parse_with_params("http://a.example/", [("a", text)]);
    pairs.unwrap().query().unwrap()[2..].to_owned()
}

fn escaped(text: &str) -> String {
    let units = text.encode_utf16();
    let escapes: Vec<_> = units.map(|unit| format!("\\u{unit:04X}")).collect();
    escapes.concat()
}

fn as_json(text: &str) -> String {
    let text = json!(text).to_string();
    text[1..text.len() - 1].to_owned()
}

fn entities(text: &str) -> String {
    let codes = text.chars().map(u32::from);
    let escapes: Vec<_> = codes.map(|code| format!("&#{code};")).collect();
    escapes.concat()
}

/// `text` behind up to two other bytes, in base64.
fn base64(before: usize, text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes = [&b"id:"[..before], text.as_bytes()].concat();
    let groups = bytes.chunks(3).flat_map(|chunk| {
        let byte = |at: usize| u32::from(*chunk.get(at).unwrap_or(&0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let digit = move |at: usize| char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize]);
        let count = chunk.len() + 1;
        (0..4).map(move |at| if at < count { digit(at) } else { '=' })
    });
    groups.collect()
}

/// How a secret may be spelt.
fn spellings(secret: &str) -> Vec<String> {
    let url_safe = |text: String| text.replace('+', "-").replace('/', "_");
    let mixed = secret.char_indices().map(|(at, c)| match at % 4 {
        0 => percent(&c.to_string()),
        1 => escaped(&c.to_string()),
        2 => entities(&c.to_string()),
        _ => as_json(&c.to_string()),
    });
    let mut all = vec![
        secret.to_owned(),
        percent(secret),
        percent(secret).to_uppercase(),
        form(secret),
        escaped(secret),
        as_json(&as_json(secret)),
        percent(&as_json(secret)),
        as_json(&escaped(secret)),
        form(&form(secret)),
        entities(secret),
        entities(&escaped(secret)),
        mixed.collect(),
    ];
    for before in 0..3 {
        all.extend([
            base64(before, secret),
            url_safe(base64(before, secret)),
            form(&base64(before, secret)),
            base64(before, &form(secret)),
        ]);
    }
    all
}

/// What must stand nowhere: the secret, and what of each spelling has no edges in it.
fn hidden(secret: &str) -> Vec<String> {
    let core = |spelling: &String| spelling[4..spelling.len() - 8].to_owned();
    let mut all: Vec<_> = spellings(secret).iter().map(core).collect();
    all.push(secret.to_owned());
    all
}

fn assert_nowhere(text: &str, secrets: &[&str]) {
    for secret in secrets {
        assert_hidden(text, hidden(secret).iter().map(String::as_str));
    }
}

fn partner(world: &World) -> partner_center::Client {
    partner_center::Client::builder()
        .base_url(world.sandbox.partner_center_url())
        .credential(partner_center::Credential::bearer(TOKEN).unwrap())
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

fn call(partner: &partner_center::Client) -> partner_center::builder::UpdateCustomerUser {
    let password = PasswordProfile::builder().password(PASSWORD);
    partner
        .update_customer_user()
        .customer_tenant_id(seed::CUSTOMER_TENANT_ID)
        .user_id(seed::USER_ID)
        .body_map(|user| user.password_profile(password))
        .extra_header("x-gateway-auth", format!("Token {KEY}"))
}

#[tokio::test]
async fn no_spelling_of_a_secret_is_shown() {
    let (log, _guard) = capture();
    let world = World::without_retries().await;
    let partner = partner(&world);
    for secret in [TOKEN, PASSWORD, KEY] {
        for spelling in spellings(secret) {
            let header = Response::new(400).header("x-echo", &spelling);
            for reply in [
                Response::new(400).json(&json!({"code": spelling, "description": spelling})),
                // As a part of the JSON itself, with its escapes.
                Response::new(400).body(format!(r#"{{"code": 1, "description": "{spelling}"}}"#)),
                Response::new(503).html(&format!("<p>{spelling}</p>")),
                Response::new(200).body(format!("{{\"{spelling}\": [")),
                Response::new(200).header("content-type", &spelling).body("<"),
                header.clone().header("ms-cv", &spelling),
                header,
            ] {
                // A header holds ASCII alone.
                world.sandbox.respond_next(reply);
                let error = call(&partner).send().await.unwrap_err();
                assert_nowhere(&said(&error), &[secret]);
            }
        }
    }
    assert_nowhere(&log.text(), &[TOKEN, PASSWORD, KEY]);
}

#[tokio::test]
async fn the_trace_id_of_a_success_is_no_secret() {
    let (log, _guard) = capture();
    let world = World::without_retries().await;
    let partner = partner(&world);
    let read = |reply: &Reply<_>| {
        let _: &letterhead::partner_center::types::SupportProfile = reply;
        format!("{} {:?}", shown(reply), reply.trace_id())
    };
    for secret in [TOKEN, KEY] {
        for spelling in spellings(secret) {
            let reply = Response::new(200).header("ms-cv", &spelling).json(&json!({}));
            world.sandbox.respond_next(reply);
            let call = partner.get_support_profile();
            let call = call.extra_header("x-gateway-auth", KEY);
            assert_nowhere(&read(&call.send().await.unwrap()), &[secret]);
        }
    }
    assert_nowhere(&log.text(), &[TOKEN, KEY]);
    let reply = Response::new(200).header("ms-cv", "8e3f+1/x.0").json(&json!({}));
    world.sandbox.respond_next(reply);
    let reply = partner.get_support_profile().send().await.unwrap();
    assert_eq!(reply.trace_id(), Some("8e3f+1/x.0"));
}

#[tokio::test]
async fn what_a_token_endpoint_sends_back_is_not_shown() {
    let (log, _guard) = capture();
    let faulty = Faulty::start().await;
    let secret = credentials::PARTNER_CENTER_CLIENT_SECRET;
    let granted = "granted~all/the+same";
    for spelling in spellings(secret).into_iter().chain(spellings(granted)) {
        let body = json!({
            "error": spelling, "error_description": spelling, "correlation_id": spelling,
            "access_token": granted,
        });
        let reply = Response::new(400).header("x-echo", &spelling).json(&body);
        faulty.sandbox.respond_next_to(&entra_endpoint(), reply);
        let credential = entra(&faulty.sandbox.entra_url()).app_only().unwrap();
        let partner = faulty.partner().credential(credential).build().unwrap();
        let error = partner.list_customers().send().await.unwrap_err();
        assert_nowhere(&said(&error), &[secret, granted]);
    }
    assert!(log.text().contains("no new access token"));
    assert_nowhere(&log.text(), &[secret, granted]);
}
